//! Servers that our TLS library cannot agree with: what they offer instead.

use std::time::{SystemTime, UNIX_EPOCH};

use phs_core::evidence::network::{Answer, TlsEvidence, Trust};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::talk::{Talk, TalkError};
use crate::wire::tls::{self, RECORD_HEADER, Reply};

/// Whether a handshake ended as with a server that is too old: declined, or hung up on.
pub(super) fn suspected(answer: &Answer<TlsEvidence>) -> bool {
    matches!(answer, Answer::Declined(_) | Answer::Closed)
}

/// The answer of the second try where it says more than the first.
pub(super) fn better(
    first: Answer<TlsEvidence>,
    second: Answer<TlsEvidence>,
) -> Answer<TlsEvidence> {
    match second {
        Answer::Answered(_) | Answer::Declined(_) => second,
        _ => first,
    }
}

/// Says hello in a way that any server understands, and tells which version it goes on with. No handshake is made.
///
/// # Errors
/// `Declined` where the server speaks TLS 1.2, though not with a cipher suite that we take; others where nothing is learned.
pub(super) async fn examine<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    host: &str,
) -> Talk<TlsEvidence> {
    stream.write_all(&tls::client_hello(host, random())).await?;
    let mut header = [0; RECORD_HEADER];
    stream.read_exact(&mut header).await?;
    let mut content = vec![0; tls::record_length(header)?];
    stream.read_exact(&mut content).await?;
    match tls::decode(header, &content)? {
        Reply::Alert(alert) => Err(TalkError::Malformed(format!("TLS alert {alert}"))),
        Reply::Hello {
            version,
            cipher_suite,
        } if version >= tls::TLS_1_2 => Err(TalkError::Declined(format!(
            "TLS 1.2 with no better cipher suite than 0x{cipher_suite:04x}"
        ))),
        Reply::Hello { version, .. } => Ok(TlsEvidence {
            expected_name: host.to_owned(),
            protocol: name(version),
            chain: Vec::new(),
            trust: Trust::Unknown("no handshake was made".to_owned()),
            signature_valid: false,
        }),
    }
}

/// The name of an older version, as evidence has it.
fn name(version: u16) -> String {
    match version {
        0x0302 => "TLSv1_1".to_owned(),
        0x0301 => "TLSv1_0".to_owned(),
        0x0300 => "SSLv3".to_owned(),
        other => format!("0x{other:04x}"),
    }
}

/// The hello's random field. No key is ever made from it, so that it need only differ.
fn random() -> [u8; 32] {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos());
    let mut bytes = [0x5a; 32];
    bytes[..16].copy_from_slice(&now.to_be_bytes());
    bytes
}
