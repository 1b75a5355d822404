//! The certificate that a service shows, and whether anyone should believe it.
//!
//! The probe's own handshake accepts every certificate, since a bad one is what it must report; nothing but the
//! handshake is sent over it. A bind goes over [`connect_trusted`], which verifies.

use std::fmt;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
pub use phs_core::evidence::network::TlsEvidence;
use phs_core::evidence::network::{Answer, CertificateFacts, Trust};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};
use x509_parser::public_key::PublicKey;

use super::gate::Gate;
use super::ldap;
use super::talk::{Talk, TalkError, answer};
use super::{old_tls, tcp};

/// Certificates of one chain that are read.
const MAX_CHAIN: usize = 16;

/// OIDs of signature algorithms over MD2, MD5 or SHA-1 (RFC 3279, RFC 5758, OIW).
const WEAK_SIGNATURES: &[&str] = &[
    "1.2.840.113549.1.1.2",
    "1.2.840.113549.1.1.4",
    "1.2.840.113549.1.1.5",
    "1.2.840.10045.4.1",
    "1.2.840.10040.4.3",
    "1.3.14.3.2.29",
];

/// Judges chains by one set of roots.
#[derive(Clone)]
pub struct TrustJudge {
    verifier: Result<Arc<dyn ServerCertVerifier>, String>,
}

impl fmt::Debug for TrustJudge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrustJudge").finish_non_exhaustive()
    }
}

/// Why a file of certificates cannot serve as roots.
#[derive(Debug, thiserror::Error)]
pub enum RootsError {
    /// The text is not PEM.
    #[error("certificate {index} is not readable PEM: {reason}")]
    Pem {
        /// Which one, counted from 1.
        index: usize,
        /// What is wrong.
        reason: String,
    },
    /// A certificate is not fit to be a root.
    #[error("certificate {index} cannot serve as a root: {reason}")]
    Root {
        /// Which one, counted from 1.
        index: usize,
        /// What is wrong.
        reason: String,
    },
    /// No certificate in it.
    #[error("there is no certificate in it")]
    Empty,
}

impl TrustJudge {
    /// Judges by the platform's roots.
    pub fn platform() -> Self {
        let verifier = rustls_platform_verifier::Verifier::new(provider())
            .map(|verifier| Arc::new(verifier) as Arc<dyn ServerCertVerifier>)
            .map_err(|error| error.to_string());
        Self { verifier }
    }

    /// Judges by the certificates of a PEM file, and by no others.
    pub fn given(pem: &[u8]) -> Result<Self, RootsError> {
        let mut roots = RootCertStore::empty();
        for (at, certificate) in CertificateDer::pem_slice_iter(pem).enumerate() {
            let index = at + 1;
            let certificate = certificate.map_err(|error| RootsError::Pem {
                index,
                reason: error.to_string(),
            })?;
            roots.add(certificate).map_err(|error| RootsError::Root {
                index,
                reason: error.to_string(),
            })?;
        }
        if roots.is_empty() {
            return Err(RootsError::Empty);
        }
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider())
            .build()
            .map(|verifier| verifier as Arc<dyn ServerCertVerifier>)
            .map_err(|error| error.to_string());
        Ok(Self { verifier })
    }

    /// Whether the chain leads to one of the roots, whatever the clock and the name say: those are judged apart.
    fn judge(&self, chain: &[CertificateDer<'static>], name: &ServerName<'_>) -> Trust {
        let verifier = match &self.verifier {
            Ok(verifier) => verifier,
            Err(reason) => return Trust::Unknown(reason.clone()),
        };
        let Some((leaf, intermediates)) = chain.split_first() else {
            return Trust::Untrusted("no certificate was sent".to_owned());
        };
        let verdict =
            verifier.verify_server_cert(leaf, intermediates, name, &[], time_within(leaf));
        match verdict {
            Ok(_)
            | Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Trust::Trusted,
            Err(error) => Trust::Untrusted(error.to_string()),
        }
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// A time at which the certificate is valid: now, or the nearer end of its validity.
fn time_within(leaf: &CertificateDer<'_>) -> UnixTime {
    let now = UnixTime::now().as_secs();
    let seconds = X509Certificate::from_der(leaf).map_or(now, |(_, certificate)| {
        let validity = certificate.validity();
        let start = u64::try_from(validity.not_before.timestamp()).unwrap_or(0);
        let end = u64::try_from(validity.not_after.timestamp()).unwrap_or(u64::MAX);
        now.max(start).min(end)
    });
    UnixTime::since_unix_epoch(Duration::from_secs(seconds))
}

/// Accepts every certificate and keeps what it saw.
#[derive(Debug)]
struct Recorder {
    provider: Arc<CryptoProvider>,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default, Clone)]
struct Seen {
    chain: Vec<CertificateDer<'static>>,
    signature_valid: bool,
}

impl Recorder {
    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, verified: &Result<HandshakeSignatureValid, rustls::Error>) {
        self.seen().signature_valid = verified.is_ok();
    }
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.seen().chain = std::iter::once(end_entity)
            .chain(intermediates)
            .take(MAX_CHAIN)
            .map(|certificate| certificate.clone().into_owned())
            .collect();
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.note(&rustls::crypto::verify_tls12_signature(
            message,
            cert,
            dss,
            &self.provider.signature_verification_algorithms,
        ));
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.note(&rustls::crypto::verify_tls13_signature(
            message,
            cert,
            dss,
            &self.provider.signature_verification_algorithms,
        ));
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// The certificate on a port that speaks TLS from the first byte.
pub async fn direct(
    gate: &Gate,
    address: IpAddr,
    port: u16,
    host: &str,
    judge: &TrustJudge,
) -> Answer<TlsEvidence> {
    probe(gate, address, port, host, judge, false).await
}

/// The certificate on an LDAP port after StartTLS.
pub async fn after_start_tls(
    gate: &Gate,
    address: IpAddr,
    port: u16,
    host: &str,
    judge: &TrustJudge,
) -> Answer<TlsEvidence> {
    probe(gate, address, port, host, judge, true).await
}

async fn probe(
    gate: &Gate,
    address: IpAddr,
    port: u16,
    host: &str,
    judge: &TrustJudge,
    ask_first: bool,
) -> Answer<TlsEvidence> {
    let to = SocketAddr::new(address, port);
    let permit = gate.enter().await;
    let seen = after_connecting(gate, to, ask_first, |stream| examine(stream, host, judge)).await;
    let seen = if old_tls::suspected(&seen) {
        let hello = |stream| old_tls::examine(stream, host);
        old_tls::better(seen, after_connecting(gate, to, ask_first, hello).await)
    } else {
        seen
    };
    drop(permit);
    seen
}

async fn after_connecting<F>(
    gate: &Gate,
    to: SocketAddr,
    ask_first: bool,
    talk: impl FnOnce(TcpStream) -> F,
) -> Answer<TlsEvidence>
where
    F: Future<Output = Talk<TlsEvidence>>,
{
    match tcp::connect(to, gate.timeout()).await {
        Err(outcome) => Answer::NotConnected(outcome),
        Ok(mut stream) => {
            answer(gate.timeout(), async {
                if ask_first {
                    ldap::request_start_tls(&mut stream).await?;
                }
                talk(stream).await
            })
            .await
        }
    }
}

/// Shakes hands on `stream` and tells what was seen.
pub(super) async fn examine<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    host: &str,
    judge: &TrustJudge,
) -> Talk<TlsEvidence> {
    let name = server_name(host)?;
    let recorder = Arc::new(Recorder {
        provider: provider(),
        seen: Mutex::default(),
    });
    let config = config(Arc::clone(&recorder) as Arc<dyn ServerCertVerifier>)?;
    let stream = shake(stream, config, name.clone()).await?;
    let protocol = stream
        .get_ref()
        .1
        .protocol_version()
        .and_then(|version| version.as_str())
        .unwrap_or("unknown")
        .to_owned();
    let Seen {
        chain,
        signature_valid,
    } = recorder.seen().clone();
    let facts = chain
        .iter()
        .map(|certificate| facts(certificate))
        .collect::<Talk<Vec<_>>>()?;
    Ok(TlsEvidence {
        expected_name: host.to_owned(),
        protocol,
        trust: judge.judge(&chain, &name),
        chain: facts,
        signature_valid,
    })
}

/// Connects over TLS to a server whose certificate the judge trusts, for this name and now.
pub(super) async fn connect_trusted<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    host: &str,
    judge: &TrustJudge,
) -> Talk<TlsStream<S>> {
    let verifier = judge
        .verifier
        .clone()
        .map_err(|reason| TalkError::Declined(format!("no trusted roots: {reason}")))?;
    shake(stream, config(verifier)?, server_name(host)?).await
}

fn server_name(host: &str) -> Talk<ServerName<'static>> {
    ServerName::try_from(host.trim_end_matches('.').to_owned())
        .map_err(|_| TalkError::Malformed(format!("'{host}' is neither a DNS name nor an address")))
}

fn config(verifier: Arc<dyn ServerCertVerifier>) -> Talk<ClientConfig> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|error| TalkError::Malformed(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(config)
}

async fn shake<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    config: ClientConfig,
    name: ServerName<'static>,
) -> Talk<TlsStream<S>> {
    TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .map_err(|error| {
            let reason = error
                .get_ref()
                .and_then(|inner| inner.downcast_ref::<rustls::Error>())
                .cloned();
            match reason {
                Some(
                    reason @ (rustls::Error::AlertReceived(_)
                    | rustls::Error::PeerIncompatible(_)
                    | rustls::Error::InvalidCertificate(_)),
                ) => TalkError::Declined(reason.to_string()),
                Some(reason) => TalkError::Malformed(reason.to_string()),
                None => TalkError::Io(error),
            }
        })
}

/// The facts of one certificate.
pub fn facts(der: &[u8]) -> Talk<CertificateFacts> {
    let malformed = |what: &str| TalkError::Malformed(format!("certificate: {what}"));
    let (_, certificate) =
        X509Certificate::from_der(der).map_err(|error| malformed(&error.to_string()))?;
    let time = |seconds: i64| {
        Timestamp::from_second(seconds).map_err(|_| malformed("validity out of range"))
    };
    let names = match certificate.subject_alternative_name() {
        Ok(Some(extension)) => extension
            .value
            .general_names
            .iter()
            .filter_map(name_of)
            .collect(),
        Ok(None) => Vec::new(),
        Err(error) => return Err(malformed(&error.to_string())),
    };
    let (key_algorithm, key_bits) = key_of(&certificate);
    let signature_algorithm = certificate.signature_algorithm.algorithm.to_id_string();
    Ok(CertificateFacts {
        subject: certificate.subject().to_string(),
        issuer: certificate.issuer().to_string(),
        names,
        not_before: time(certificate.validity().not_before.timestamp())?,
        not_after: time(certificate.validity().not_after.timestamp())?,
        key_algorithm,
        key_bits,
        weak_signature: WEAK_SIGNATURES.contains(&signature_algorithm.as_str()),
        signature_algorithm,
        self_issued: certificate.subject().as_raw() == certificate.issuer().as_raw(),
        sha256: hex(&Sha256::digest(der)),
    })
}

fn name_of(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes)
                .ok()
                .map(|octets| IpAddr::from(octets).to_string()),
            16 => <[u8; 16]>::try_from(*bytes)
                .ok()
                .map(|octets| IpAddr::from(octets).to_string()),
            _ => None,
        },
        _ => None,
    }
}

fn key_of(certificate: &X509Certificate<'_>) -> (String, Option<u32>) {
    let key = certificate.public_key();
    let oid = key.algorithm.algorithm.to_id_string();
    match key.parsed() {
        Ok(PublicKey::RSA(rsa)) => ("RSA".to_owned(), u32::try_from(rsa.key_size()).ok()),
        Ok(PublicKey::EC(point)) => ("EC".to_owned(), u32::try_from(point.key_size()).ok()),
        _ if oid == "1.3.101.112" => ("Ed25519".to_owned(), Some(256)),
        _ => (oid, None),
    }
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
