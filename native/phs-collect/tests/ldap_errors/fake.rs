//! An LDAP server that misbehaves on request.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use phs_collect::wire::ber;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// How a server behaves once a connection is made.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Plain {
    /// TLS at once.
    Tls,
    /// Answers StartTLS with this result code; 0 goes on with TLS.
    StartTls(u8),
    /// Says nothing.
    Silent,
    /// Talks nonsense.
    Garbage,
    /// Closes at the first byte.
    Closes,
    /// An LDAP answer to StartTLS with more bytes behind it.
    Injects,
}

/// How it behaves inside TLS.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Inside {
    /// Answers binds with this code and text, searches with this code.
    Answers(u8, &'static str, u8),
    Silent,
    Garbage,
    Truncated,
    /// A well-formed message of a kind that no client expects.
    Nonsense,
    Closes,
}

pub(crate) const GOOD: Inside = Inside::Answers(0, "", 0);

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Certificate {
    Good,
    Expired,
    NotYetValid,
    OtherName,
    OtherRoot,
}

/// A running fake and the file with the root to trust.
pub(crate) struct Fake {
    pub(crate) address: SocketAddr,
    pub(crate) root: PathBuf,
}

impl Drop for Fake {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.root);
    }
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

pub(crate) async fn fake(plain: Plain, inside: Inside, certificate: Certificate) -> Fake {
    let trusted = authority();
    let other = authority();
    let name = if certificate == Certificate::OtherName {
        "dc2.contoso.test"
    } else {
        "localhost"
    };
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    match certificate {
        Certificate::Expired => {
            params.not_before = rcgen::date_time_ymd(2019, 1, 1);
            params.not_after = rcgen::date_time_ymd(2020, 1, 1);
        }
        Certificate::NotYetValid => params.not_before = rcgen::date_time_ymd(2400, 1, 1),
        _ => {}
    }
    let key = KeyPair::generate().unwrap();
    let issuer = if certificate == Certificate::OtherRoot {
        &other
    } else {
        &trusted
    };
    let leaf = params.signed_by(&key, issuer).unwrap();
    let config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![leaf.der().clone()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let root = std::env::temp_dir().join(format!(
        "phs-ldap-{}-{}.pem",
        std::process::id(),
        address.port()
    ));
    std::fs::write(&root, trusted.pem()).unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, plain, inside, acceptor.clone()));
        }
    });
    Fake { address, root }
}

async fn serve(mut stream: TcpStream, plain: Plain, inside: Inside, acceptor: TlsAcceptor) {
    match plain {
        Plain::Tls => {}
        Plain::Silent => return hold(stream).await,
        Plain::Garbage => {
            let _ = stream.write_all(&[0xff; 512]).await;
            return hold(stream).await;
        }
        Plain::Closes => {
            let _ = stream.read(&mut [0; 64]).await;
            return;
        }
        Plain::StartTls(code) => {
            let Some(_) = request(&mut stream).await else {
                return;
            };
            let _ = stream.write_all(&answer(1, 0x78, code, "")).await;
            if code != 0 {
                return hold(stream).await;
            }
        }
        Plain::Injects => {
            let Some(_) = request(&mut stream).await else {
                return;
            };
            let mut bytes = answer(1, 0x78, 0, "");
            bytes.extend(answer(2, 0x61, 0, ""));
            let _ = stream.write_all(&bytes).await;
            return hold(stream).await;
        }
    }
    let Ok(mut stream) = acceptor.accept(stream).await else {
        return;
    };
    while let Some((id, operation)) = request(&mut stream).await {
        let bytes = match inside {
            Inside::Silent => return hold(stream).await,
            Inside::Closes => return,
            Inside::Garbage => vec![0x04, 0x02, 0x61, 0x61],
            // An element that says it goes on beyond its envelope: the library waits for more.
            Inside::Truncated => vec![0x30, 0x03, 0xff, 0xff, 0xff],
            Inside::Nonsense => answer(id, 0x7e, 0, ""),
            Inside::Answers(bind, text, search) => match operation {
                0x60 => answer(id, 0x61, bind, text),
                0x63 => answer(id, 0x65, search, ""),
                _ => return,
            },
        };
        if stream.write_all(&bytes).await.is_err() {
            return;
        }
    }
}

async fn hold<S: AsyncRead + Unpin>(mut stream: S) {
    let mut sink = [0; 256];
    while matches!(stream.read(&mut sink).await, Ok(read) if read > 0) {}
}

/// Message id and identifier of the next request.
pub(crate) async fn request<S: AsyncRead + Unpin>(stream: &mut S) -> Option<(u32, u8)> {
    let mut bytes = Vec::new();
    loop {
        if let Ok(Some(length)) = ber::total_length(&bytes, 1 << 20)
            && bytes.len() >= length
        {
            let (envelope, _) = ber::element(&bytes, "request").ok()?;
            let (id, rest) = ber::element(envelope.content, "id").ok()?;
            return Some((id.unsigned("id").ok()?, *rest.first()?));
        }
        let read = stream.read_buf(&mut bytes).await.ok()?;
        if read == 0 {
            return None;
        }
    }
}

/// An LDAP result.
fn answer(id: u32, operation: u8, code: u8, text: &str) -> Vec<u8> {
    let result = ber::encode_parts(
        operation,
        &[
            ber::encode(0x0a, &[code]),
            ber::encode(0x04, b""),
            ber::encode(0x04, text.as_bytes()),
        ],
    );
    ber::encode_parts(0x30, &[ber::encode_unsigned(0x02, id), result])
}
