//! Trust: the roots to verify by, and a verifier that remembers what it saw and why it refused.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

use crate::problem::Problem;

use super::problems;

/// Larger than any file of roots.
const LARGEST_FILE: u64 = 8 * 1024 * 1024;

/// The roots that a domain controller's certificate must lead to.
pub struct TrustAnchors {
    provider: Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
}

impl fmt::Debug for TrustAnchors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TrustAnchors")
    }
}

impl TrustAnchors {
    /// The certificate store of this machine.
    ///
    /// # Errors
    /// `Phs.Ldap.TrustStore` where it cannot be used.
    pub fn platform() -> Result<Self, Problem> {
        let provider = Arc::new(ring::default_provider());
        let verifier = rustls_platform_verifier::Verifier::new(Arc::clone(&provider))
            .map_err(|error| problems::trust_store(&error.to_string()))?;
        Ok(Self {
            provider,
            verifier: Arc::new(verifier),
        })
    }

    /// The certificates of a PEM file, and no others.
    ///
    /// # Errors
    /// `Phs.Ldap.CaCertificate` where the file cannot be read or holds no certificate.
    pub fn from_file(path: &Path) -> Result<Self, Problem> {
        let fail = |detail: &str| problems::ca_certificate(&path.display().to_string(), detail);
        let length = std::fs::metadata(path)
            .map_err(|error| fail(&error.to_string()))?
            .len();
        if length > LARGEST_FILE {
            return Err(fail("larger than 8 MiB"));
        }
        let text = std::fs::read(path).map_err(|error| fail(&error.to_string()))?;
        Self::from_pem(&text).map_err(|detail| fail(&detail))
    }

    fn from_pem(text: &[u8]) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(text) {
            let certificate = certificate.map_err(|error| error.to_string())?;
            roots.add(certificate).map_err(|error| error.to_string())?;
        }
        if roots.is_empty() {
            return Err("no CERTIFICATE block".to_owned());
        }
        let provider = Arc::new(ring::default_provider());
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
                .build()
                .map_err(|error| error.to_string())?;
        Ok(Self { provider, verifier })
    }

    /// A configuration for one connection to the server of this name, and what its verifier will have to say.
    pub(super) fn client(&self, name: ServerName<'static>) -> Result<Client, Error> {
        let is_dns_name = matches!(name, ServerName::DnsName(_));
        let verdict = Arc::new(Mutex::new(None));
        let verifier = Remembering {
            inner: Arc::clone(&self.verifier),
            name,
            verdict: Arc::clone(&verdict),
        };
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        // An address has no place in the server name extension (RFC 6066 3).
        config.enable_sni = is_dns_name;
        Ok(Client {
            config: Arc::new(config),
            verdict,
        })
    }
}

type Verdict = Arc<Mutex<Option<Refusal>>>;

/// What one connection is made with.
pub(super) struct Client {
    pub(super) config: Arc<ClientConfig>,
    verdict: Verdict,
}

impl Client {
    /// Why the certificate was refused, if it was.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        self.verdict
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

/// Why a certificate was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) kind: RefusalKind,
    /// What was expected and found, for the error text.
    pub(super) detail: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RefusalKind {
    Untrusted,
    Expired,
    NotYetValid,
    WrongName,
}

/// Verifies by another verifier, always against the same name, and keeps the reason of a refusal.
#[derive(Debug)]
struct Remembering {
    inner: Arc<dyn ServerCertVerifier>,
    name: ServerName<'static>,
    verdict: Verdict,
}

impl ServerCertVerifier for Remembering {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _asked: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.inner
            .verify_server_cert(end_entity, intermediates, &self.name, ocsp_response, now)
            .inspect_err(|error| {
                let refusal = refusal(error, end_entity);
                *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some(refusal);
            })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

fn refusal(error: &Error, certificate: &CertificateDer<'_>) -> Refusal {
    let kind = match error {
        Error::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        ) => RefusalKind::Expired,
        Error::InvalidCertificate(
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
        ) => RefusalKind::NotYetValid,
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => RefusalKind::WrongName,
        _ => RefusalKind::Untrusted,
    };
    Refusal {
        kind,
        detail: facts(certificate, kind).unwrap_or_else(|| error.to_string()),
    }
}

/// The fact of the certificate that the refusal is about.
fn facts(certificate: &CertificateDer<'_>, kind: RefusalKind) -> Option<String> {
    let (_, certificate) = x509_parser::parse_x509_certificate(certificate).ok()?;
    let date = |time: x509_parser::time::ASN1Time| {
        jiff::Timestamp::from_second(time.timestamp())
            .map_or_else(|_| time.to_string(), |time| time.to_string())
    };
    Some(match kind {
        RefusalKind::Expired => date(certificate.validity().not_after),
        RefusalKind::NotYetValid => date(certificate.validity().not_before),
        RefusalKind::Untrusted => certificate.issuer().to_string(),
        RefusalKind::WrongName => certificate
            .subject_alternative_name()
            .ok()
            .flatten()
            .map(|names| {
                let names: Vec<_> = names.value.general_names.iter().map(general_name).collect();
                names.join(", ")
            })
            .filter(|names| !names.is_empty())
            .unwrap_or_else(|| certificate.subject().to_string()),
    })
}

fn general_name(name: &x509_parser::extensions::GeneralName<'_>) -> String {
    use x509_parser::extensions::GeneralName;
    match name {
        GeneralName::DNSName(name) => (*name).to_owned(),
        GeneralName::IPAddress(bytes) => match <[u8; 4]>::try_from(*bytes) {
            Ok(address) => std::net::IpAddr::from(address).to_string(),
            Err(_) => <[u8; 16]>::try_from(*bytes).map_or_else(
                |_| "?".to_owned(),
                |address| std::net::IpAddr::from(address).to_string(),
            ),
        },
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_certificate_is_refused() {
        let folder = std::env::temp_dir();
        let path = folder.join(format!("phs-ca-{}.pem", std::process::id()));
        for text in [
            "",
            "hello",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            std::fs::write(&path, text).unwrap();
            let problem = TrustAnchors::from_file(&path).unwrap_err();
            assert_eq!(problem.id, "Phs.Ldap.CaCertificate", "{text:?}");
            assert_eq!(problem.target, path.display().to_string());
        }
        std::fs::remove_file(&path).unwrap();
        let problem = TrustAnchors::from_file(&path).unwrap_err();
        assert_eq!(problem.id, "Phs.Ldap.CaCertificate");
    }
}
