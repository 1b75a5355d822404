//! From a server's name to an encrypted connection.

use std::future::Future;
use std::io;
use std::sync::Arc;

use ldap3::{LdapConnAsync, LdapConnSettings, LdapError, StdStream};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_util::task::AbortOnDropHandle;

use crate::problem::Problem;
use crate::run::panic_text;
use crate::wire::ber;
use crate::wire::ldap as wire;

use super::connection::Connection;
use super::problems;
use super::stream::SearchStream;
use super::tls::Client;
use super::{Encryption, Endpoint, Settings, seal};

const LDAPS_PORTS: [u16; 2] = [636, 3269];
const LDAP_PORTS: [u16; 2] = [389, 3268];

/// Longest answer to a StartTLS request.
const LONGEST_ANSWER: usize = 64 * 1024;

/// How far an attempt came before it failed: decides whether another kind of encryption is worth a try.
pub(super) enum Failure {
    /// Nothing answers on the port.
    Closed(Problem),
    /// The port answers and speaks no TLS.
    NoTls(String),
    /// Anything else: final.
    Final(Problem),
}

/// What a TCP connection becomes once it is encrypted.
pub(super) trait Encrypted: Sized + Send {
    /// Makes the encrypted connection.
    fn encrypt(
        endpoint: &Endpoint,
        way: Way,
        settings: &Settings,
        stream: TcpStream,
    ) -> impl Future<Output = Result<Self, Failure>> + Send;
}

impl Connection {
    /// Connects and encrypts; nothing of the user's has been sent yet. Takes no longer than the time-out in all.
    ///
    /// # Errors
    /// `Phs.Ldap.*`; `Phs.Ldap.NoTls` where the server offers no TLS, `Phs.Ldap.ClearText` where none was asked for.
    pub async fn open(endpoint: &Endpoint, settings: &Settings) -> Result<Self, Problem> {
        open(endpoint, settings).await
    }
}

impl SearchStream {
    /// As [`Connection::open`].
    ///
    /// # Errors
    /// As [`Connection::open`].
    pub async fn open(endpoint: &Endpoint, settings: &Settings) -> Result<Self, Problem> {
        open(endpoint, settings).await
    }
}

async fn open<T: Encrypted>(endpoint: &Endpoint, settings: &Settings) -> Result<T, Problem> {
    let deadline = Instant::now() + settings.timeout;
    let (first, second) = attempts(endpoint, settings.encryption)?;
    // With a second way left, a port that drops packets may not use up all the time.
    let connect_by = match second {
        Some(_) => Instant::now() + settings.timeout / 2,
        None => deadline,
    };
    let failure = match attempt(endpoint, first, settings, connect_by, deadline).await {
        Ok(connection) => return Ok(connection),
        Err(failure) => failure,
    };
    let Some(second) = second else {
        return Err(match failure {
            Failure::Closed(problem) | Failure::Final(problem) => problem,
            Failure::NoTls(detail) => problems::no_tls(endpoint, &detail),
        });
    };
    let first_failure = match failure {
        Failure::Final(problem) => return Err(problem),
        other => other,
    };
    match attempt(endpoint, second, settings, deadline, deadline).await {
        Ok(connection) => Ok(connection),
        Err(Failure::Final(problem)) => Err(problem),
        Err(Failure::NoTls(detail)) => Err(problems::no_tls(endpoint, &detail)),
        Err(Failure::Closed(problem)) => Err(match first_failure {
            Failure::NoTls(detail) => problems::no_tls(endpoint, &detail),
            Failure::Closed(_) | Failure::Final(_) => problem,
        }),
    }
}

/// How encryption begins, and on which port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Ldaps(u16),
    StartTls(u16),
    SignAndSeal(u16),
}

impl Way {
    pub(super) fn port(self) -> u16 {
        match self {
            Self::Ldaps(port) | Self::StartTls(port) | Self::SignAndSeal(port) => port,
        }
    }
}

fn attempts(endpoint: &Endpoint, encryption: Encryption) -> Result<(Way, Option<Way>), Problem> {
    let port = endpoint.port();
    Ok(match encryption {
        Encryption::None => return Err(problems::clear_text(endpoint)),
        Encryption::SignAndSeal if !seal::AVAILABLE => {
            return Err(problems::seal_elsewhere(endpoint));
        }
        Encryption::SignAndSeal if matches!(endpoint.server_name(), ServerName::IpAddress(_)) => {
            return Err(problems::seal_address(endpoint));
        }
        Encryption::SignAndSeal => (Way::SignAndSeal(port.unwrap_or(389)), None),
        Encryption::Ldaps => (Way::Ldaps(port.unwrap_or(636)), None),
        Encryption::StartTls => (Way::StartTls(port.unwrap_or(389)), None),
        Encryption::Auto => match port {
            Some(port) if LDAPS_PORTS.contains(&port) => (Way::Ldaps(port), None),
            Some(port) if LDAP_PORTS.contains(&port) => (Way::StartTls(port), None),
            Some(port) => (Way::Ldaps(port), Some(Way::StartTls(port))),
            None => (Way::Ldaps(636), Some(Way::StartTls(389))),
        },
    })
}

async fn attempt<T: Encrypted>(
    endpoint: &Endpoint,
    way: Way,
    settings: &Settings,
    connect_by: Instant,
    deadline: Instant,
) -> Result<T, Failure> {
    let mut stream = match timeout_at(connect_by, dial(endpoint, way.port())).await {
        Ok(stream) => stream?,
        Err(_) => return Err(Failure::Closed(problems::timeout(endpoint, way.port()))),
    };
    let late = |_| Failure::Final(problems::silent(endpoint, way.port()));
    if matches!(way, Way::StartTls(_)) {
        timeout_at(deadline, start_tls(endpoint, &mut stream))
            .await
            .map_err(late)??;
    }
    timeout_at(deadline, T::encrypt(endpoint, way, settings, stream))
        .await
        .map_err(late)?
}

async fn dial(endpoint: &Endpoint, port: u16) -> Result<TcpStream, Failure> {
    let addresses: Vec<_> = tokio::net::lookup_host((endpoint.host(), port))
        .await
        .map_err(|error| Failure::Final(problems::name_not_found(endpoint, &error.to_string())))?
        .collect();
    let mut last = None;
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                // Requests are small and each waits for its answer.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => last = Some(error),
        }
    }
    Err(match last {
        Some(error) => Failure::Closed(problems::not_connected(endpoint, port, &error)),
        None => Failure::Final(problems::name_not_found(endpoint, "no address")),
    })
}

/// Asks for TLS (RFC 4511 4.14). Read by our own decoder, since nothing is known of the server yet.
async fn start_tls(endpoint: &Endpoint, stream: &mut TcpStream) -> Result<(), Failure> {
    const ID: u32 = 1;
    let garbage = |detail: String| Failure::Final(problems::malformed(endpoint, &detail));
    let lost =
        |error: io::Error| Failure::Final(problems::connection_lost(endpoint, &error.to_string()));
    stream.write_all(&wire::start_tls(ID)).await.map_err(lost)?;
    let mut answer = Vec::with_capacity(64);
    let (id, reply) = loop {
        match ber::total_length(&answer, LONGEST_ANSWER) {
            Ok(Some(length)) if answer.len() >= length => {
                let (id, reply, used) =
                    wire::decode(&answer).map_err(|error| garbage(error.to_string()))?;
                // Bytes after the answer would be read as if they had come through TLS.
                if used != answer.len() {
                    return Err(garbage("data after the answer to StartTLS".to_owned()));
                }
                break (id, reply);
            }
            Ok(_) => {}
            Err(error) => return Err(garbage(error.to_string())),
        }
        if stream.read_buf(&mut answer).await.map_err(lost)? == 0 {
            return Err(Failure::Final(problems::connection_lost(
                endpoint,
                "closed during StartTLS",
            )));
        }
    };
    match reply {
        wire::Reply::Extended(result) if id == ID && result.code == 0 => Ok(()),
        // Unsolicited, or "unavailable", "protocolError" ...: whatever the code, there is no TLS here.
        wire::Reply::Extended(result) => Err(Failure::NoTls(format!(
            "StartTLS: {} {}",
            result.code,
            result.message.trim_end_matches('\0')
        ))),
        _ => Err(garbage("unexpected answer to StartTLS".to_owned())),
    }
}

/// Gives the TLS connection to the LDAP library.
impl Encrypted for Connection {
    async fn encrypt(
        endpoint: &Endpoint,
        way: Way,
        settings: &Settings,
        stream: TcpStream,
    ) -> Result<Self, Failure> {
        if matches!(way, Way::SignAndSeal(_)) {
            return seal::open(endpoint, way.port(), settings, stream).await;
        }
        let (name, client) = tls_client(endpoint, settings)?;
        let stream = stream.into_std().map_err(|error| {
            Failure::Final(problems::connection_lost(endpoint, &error.to_string()))
        })?;
        // The library wants a DNS name in the URL; the verifier knows the true one.
        let url = match name {
            ServerName::DnsName(name) => format!("ldaps://{}", name.as_ref()),
            _ => "ldaps://address.invalid".to_owned(),
        };
        let ldap_settings = LdapConnSettings::new()
            .set_config(client.config.clone())
            .set_std_stream(StdStream::Tcp(stream));
        let task = AbortOnDropHandle::new(tokio::spawn(async move {
            LdapConnAsync::with_settings(ldap_settings, &url).await
        }));
        let made = task.await.map_err(|error| {
            let detail = error
                .try_into_panic()
                .map_or_else(|_| "cancelled".to_owned(), |panic| panic_text(&*panic));
            Failure::Final(problems::malformed(endpoint, &detail))
        })?;
        match made {
            Ok((driver, ldap)) => Ok(Self::new(
                endpoint.clone(),
                way.port(),
                settings.timeout,
                ldap,
                driver,
            )),
            Err(LdapError::Io { source }) => {
                Err(handshake_failure(endpoint, way, &client, &source))
            }
            Err(error) => Err(match client.refusal() {
                Some(refusal) => Failure::Final(problems::certificate(endpoint, &refusal)),
                None => Failure::Final(problems::tls_failed(endpoint, &error.to_string())),
            }),
        }
    }
}

/// Keeps the TLS connection for itself.
impl Encrypted for SearchStream {
    async fn encrypt(
        endpoint: &Endpoint,
        way: Way,
        settings: &Settings,
        stream: TcpStream,
    ) -> Result<Self, Failure> {
        if matches!(way, Way::SignAndSeal(_)) {
            return Err(Failure::Final(problems::seal_stream(endpoint)));
        }
        let (name, client) = tls_client(endpoint, settings)?;
        let connector = TlsConnector::from(Arc::clone(&client.config));
        match connector.connect(name, stream).await {
            Ok(tls) => Ok(Self::new(
                endpoint.clone(),
                way.port(),
                settings.timeout,
                tls,
            )),
            Err(error) => Err(handshake_failure(endpoint, way, &client, &error)),
        }
    }
}

/// What shakes hands with this server, and the name that its certificate must carry.
fn tls_client(
    endpoint: &Endpoint,
    settings: &Settings,
) -> Result<(ServerName<'static>, Client), Failure> {
    let name = endpoint.server_name();
    let client = settings
        .anchors
        .client(name.clone())
        .map_err(|error| Failure::Final(problems::tls_failed(endpoint, &error.to_string())))?;
    Ok((name, client))
}

/// A handshake that failed: for the certificate, if one was seen. A server without a certificate closes the connection.
fn handshake_failure(
    endpoint: &Endpoint,
    way: Way,
    client: &Client,
    source: &io::Error,
) -> Failure {
    if let Some(refusal) = client.refusal() {
        return Failure::Final(problems::certificate(endpoint, &refusal));
    }
    let tls = source
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let closed = matches!(
        source.kind(),
        io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
    );
    let not_tls = matches!(tls, Some(rustls::Error::InvalidMessage(_)));
    if closed || not_tls {
        return Failure::NoTls(match way {
            Way::Ldaps(port) => format!("port {port}: {source}"),
            Way::StartTls(_) => format!("after StartTLS: {source}"),
            Way::SignAndSeal(_) => source.to_string(),
        });
    }
    Failure::Final(problems::tls_failed(endpoint, &source.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_decides_what_auto_means() {
        let ways = |text: &str, encryption| {
            attempts(&Endpoint::parse(text).unwrap(), encryption).map_err(|problem| problem.id)
        };
        assert_eq!(
            ways("dc1", Encryption::Auto),
            Ok((Way::Ldaps(636), Some(Way::StartTls(389))))
        );
        assert_eq!(
            ways("dc1:636", Encryption::Auto),
            Ok((Way::Ldaps(636), None))
        );
        assert_eq!(
            ways("dc1:389", Encryption::Auto),
            Ok((Way::StartTls(389), None))
        );
        assert_eq!(
            ways("dc1:1389", Encryption::Auto),
            Ok((Way::Ldaps(1389), Some(Way::StartTls(1389))))
        );
        assert_eq!(
            ways("dc1:1389", Encryption::Ldaps),
            Ok((Way::Ldaps(1389), None))
        );
        assert_eq!(
            ways("dc1", Encryption::StartTls),
            Ok((Way::StartTls(389), None))
        );
        assert_eq!(ways("dc1", Encryption::None), Err("Phs.Ldap.ClearText"));
    }

    #[test]
    fn signing_and_sealing_needs_windows_and_a_name() {
        let ways = |text: &str| {
            attempts(&Endpoint::parse(text).unwrap(), Encryption::SignAndSeal)
                .map_err(|problem| problem.id)
        };
        if seal::AVAILABLE {
            assert_eq!(ways("dc1"), Ok((Way::SignAndSeal(389), None)));
            assert_eq!(ways("dc1:3268"), Ok((Way::SignAndSeal(3268), None)));
            assert_eq!(ways("192.0.2.1"), Err("Phs.Ldap.SignAndSealAddress"));
        } else {
            assert_eq!(ways("dc1"), Err("Phs.Ldap.SignAndSealElsewhere"));
        }
    }
}
