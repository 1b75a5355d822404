//! LDAP to domain controllers: over TLS, or signed and sealed by Kerberos.
//!
//! The protocol is `ldap3`'s. What it leaves open is closed here: connecting and StartTLS are ours, so that each way of
//! failing has its own error; certificates are verified by a verifier that remembers why it refused; every call runs in
//! a task of its own with a time-out, and a panic in it is an error like any other. A [`Connection`] exists only once
//! it is encrypted, so a password cannot be sent in clear text.

mod connect;
mod connection;
mod control;
mod endpoint;
mod entry;
pub mod filter;
mod problems;
mod seal;
mod stream;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

use crate::problem::Problem;
use crate::wire::WireError;

pub use connection::{Connection, Search};
pub use control::SecurityInformation;
pub use endpoint::Endpoint;
pub use entry::Entry;
pub use ldap3::Scope;
pub(crate) use problems::CONNECTION_LOST;
pub(crate) use seal::AVAILABLE as SIGN_AND_SEAL;
pub use stream::{PagedSearch, SearchStream};
pub use tls::TrustAnchors;

/// How a connection gets its encryption.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum Encryption {
    /// LDAPS, then StartTLS.
    #[default]
    Auto,
    /// TLS from the first byte, port 636.
    Ldaps,
    /// StartTLS on port 389 (RFC 4511 4.14).
    StartTls,
    /// Signed and sealed as the user who is signed in, port 389 (MS-ADTS 5.1.1.1.2, GSSAPI). Windows only.
    SignAndSeal,
    /// Clear text: refused before anything is sent.
    None,
}

/// How to connect, whatever the server.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Encryption.
    pub encryption: Encryption,
    /// Roots that certificates must lead to.
    pub anchors: Arc<TrustAnchors>,
    /// Longest wait for connecting as a whole, and after that for each answer.
    pub timeout: Duration,
}

/// The error for bytes that are no LDAP.
pub(crate) fn malformed(endpoint: &Endpoint, error: &WireError) -> Problem {
    problems::malformed(endpoint, &error.to_string())
}
