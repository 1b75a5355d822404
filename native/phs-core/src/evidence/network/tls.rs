//! What a TLS handshake showed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a TLS handshake showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TlsEvidence {
    /// Name that the certificate must carry: the one we connected to.
    pub expected_name: String,
    /// `TLSv1_2`, `TLSv1_3`; `TLSv1_1`, `TLSv1_0` or `SSLv3` for a server that offers nothing newer: no handshake was made
    /// with it then, so that its certificate is not known.
    pub protocol: String,
    /// Certificates as sent, leaf first.
    pub chain: Vec<CertificateFacts>,
    /// Whether the chain leads to a root that is trusted, validity dates and names aside.
    pub trust: Trust,
    /// `true` if the server's handshake signature fits its certificate.
    pub signature_valid: bool,
}

impl TlsEvidence {
    /// Whether the server offers nothing as new as TLS 1.2.
    pub fn is_outdated(&self) -> bool {
        !matches!(self.protocol.as_str(), "TLSv1_2" | "TLSv1_3")
    }

    /// The protocol as people write it, such as `TLS 1.0`.
    pub fn protocol_name(&self) -> String {
        match self.protocol.strip_prefix("TLSv") {
            Some(version) => format!("TLS {}", version.replace('_', ".")),
            None => self.protocol.clone(),
        }
    }
}

/// Whether a chain is trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all_fields = "camelCase")]
pub enum Trust {
    /// It leads to a trusted root.
    Trusted,
    /// It does not, in the verifier's words.
    Untrusted(String),
    /// There was no set of roots to judge by.
    Unknown(String),
}

/// The facts of one certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CertificateFacts {
    /// Subject, RFC 4514 order as sent.
    pub subject: String,
    /// Issuer.
    pub issuer: String,
    /// DNS names and addresses of the subject alternative name.
    pub names: Vec<String>,
    /// Start of validity.
    pub not_before: Timestamp,
    /// End of validity.
    pub not_after: Timestamp,
    /// `RSA`, `EC`, `Ed25519` or the OID.
    pub key_algorithm: String,
    /// Bits of the key, where known.
    pub key_bits: Option<u32>,
    /// OID of the signature algorithm.
    pub signature_algorithm: String,
    /// The signature uses MD5 or SHA-1.
    pub weak_signature: bool,
    /// Subject and issuer are the same.
    pub self_issued: bool,
    /// SHA-256 of the certificate, hexadecimal.
    pub sha256: String,
}
