//! The cloud's endpoints over TLS 1.2 or later, on the way that the service itself would take.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

use phs_core::evidence::network::{
    Answer, CloudEvidence, DnsAnswer, DnsRecord, EndpointConnection, EndpointProbe, NotTriedReason,
    ProbeOutcome,
};
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use super::discovery::Dns;
use super::gate::{Gate, millis};
use super::proxy::Proxy;
use super::talk::{Talk, TalkError, answer};
use super::tls::{self, TrustJudge};
use super::{old_tls, tcp};

const TABLE: &str = include_str!("../../../phs-core/data/cloud-endpoints.json");

/// Largest response header of a proxy that is read.
const MAX_HEADER: usize = 8 * 1024;

/// The table of endpoints, one list per environment.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EndpointTable {
    /// When the table was last compared with its sources.
    pub as_of: String,
    /// Public pages that it restates.
    pub sources: Vec<String>,
    /// Organisation names that issue the certificates of these endpoints.
    pub expected_issuers: Vec<String>,
    /// The environments.
    pub environments: Vec<Environment>,
}

/// One environment of the cloud, by its name in Microsoft Graph PowerShell.
#[derive(Debug, Clone, Deserialize)]
pub struct Environment {
    /// `Global`, `USGov`, `USGovDoD`, `China`.
    pub name: String,
    /// Root of Microsoft Graph.
    pub graph: String,
    /// Its endpoints.
    pub endpoints: Vec<Endpoint>,
}

/// One endpoint.
#[derive(Debug, Clone, Deserialize)]
pub struct Endpoint {
    /// Host.
    pub host: String,
    /// Port; TLS on 443.
    pub port: u16,
    /// Password hash sync does not work without it.
    pub required: bool,
    /// What it is for.
    pub purpose: String,
}

impl EndpointTable {
    /// The table that this build holds.
    pub fn embedded() -> serde_json::Result<Self> {
        serde_json::from_str(TABLE)
    }

    /// The environment of this name, in any letter case.
    pub fn environment(&self, name: &str) -> Option<&Environment> {
        self.environments
            .iter()
            .find(|environment| environment.name.eq_ignore_ascii_case(name))
    }
}

/// Probes every endpoint of an environment at once.
pub async fn probe(
    gate: &Gate,
    dns: Option<&Dns>,
    table: &EndpointTable,
    environment: &Environment,
    proxy: Option<&Proxy>,
    judge: &TrustJudge,
) -> CloudEvidence {
    let endpoints = environment.endpoints.iter().map(|endpoint| async {
        let started = Instant::now();
        let by = proxy.filter(|proxy| !proxy.bypasses(&endpoint.host));
        let (connection, tls) = endpoint_probe(gate, dns, endpoint, by, judge).await;
        EndpointProbe {
            host: endpoint.host.clone(),
            port: endpoint.port,
            purpose: endpoint.purpose.clone(),
            required: endpoint.required,
            expected_issuers: table.expected_issuers.clone(),
            connection,
            tls,
            elapsed_ms: millis(started.elapsed()),
        }
    });
    CloudEvidence {
        cloud: environment.name.clone(),
        table_as_of: table.as_of.clone(),
        proxy: proxy.map(|proxy| format!("{}:{}", proxy.host, proxy.port)),
        proxy_source: proxy.map(|proxy| proxy.source.clone()),
        endpoints: futures_util::future::join_all(endpoints).await,
    }
}

async fn endpoint_probe(
    gate: &Gate,
    dns: Option<&Dns>,
    endpoint: &Endpoint,
    proxy: Option<&Proxy>,
    judge: &TrustJudge,
) -> (EndpointConnection, Answer<tls::TlsEvidence>) {
    let no_tls = || Answer::NotTried(NotTriedReason::DependencyFailed);
    let (host, port) = proxy.map_or((endpoint.host.as_str(), endpoint.port), |proxy| {
        (proxy.host.as_str(), proxy.port)
    });
    let addresses = match resolve(dns, host).await {
        Ok(addresses) => addresses,
        Err(answer) => return (EndpointConnection::NameFailed(answer), no_tls()),
    };
    let permit = gate.enter().await;
    let stream = match first(gate, &addresses, port).await {
        Ok(stream) => stream,
        Err(outcome) => {
            let connection = if proxy.is_some() {
                EndpointConnection::ProxyFailed(outcome)
            } else {
                EndpointConnection::Failed(outcome)
            };
            return (connection, no_tls());
        }
    };
    let way = Way {
        gate,
        endpoint,
        by_proxy: proxy.is_some(),
    };
    let (connection, tls) = way
        .converse(stream, |stream| tls::examine(stream, &endpoint.host, judge))
        .await;
    let tls = if old_tls::suspected(&tls)
        && let Ok(stream) = first(gate, &addresses, port).await
    {
        let (_, second) = way
            .converse(stream, |stream| old_tls::examine(stream, &endpoint.host))
            .await;
        old_tls::better(tls, second)
    } else {
        tls
    };
    drop(permit);
    (connection, tls)
}

/// The way to one endpoint.
#[derive(Debug, Clone, Copy)]
struct Way<'a> {
    gate: &'a Gate,
    endpoint: &'a Endpoint,
    by_proxy: bool,
}

impl Way<'_> {
    /// Goes through the proxy, if there is one, and then talks TLS.
    async fn converse<F>(
        self,
        mut stream: TcpStream,
        talk: impl FnOnce(TcpStream) -> F,
    ) -> (EndpointConnection, Answer<tls::TlsEvidence>)
    where
        F: Future<Output = Talk<tls::TlsEvidence>>,
    {
        let Self {
            gate,
            endpoint,
            by_proxy,
        } = self;
        let encrypted = endpoint.port == 443;
        let not_encrypted = || Answer::NotTried(NotTriedReason::NotEncrypted);
        if by_proxy {
            let request = if encrypted {
                format!(
                    "CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n",
                    host = endpoint.host,
                    port = endpoint.port
                )
            } else {
                format!(
                    "HEAD http://{host}/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n",
                    host = endpoint.host
                )
            };
            let status = answer(gate.timeout(), ask_proxy(&mut stream, &request)).await;
            let no_tls = || Answer::NotTried(NotTriedReason::DependencyFailed);
            match status {
                Answer::Answered(200..=299) => {}
                // What the origin answers to a bare HEAD does not matter, as long as the proxy passed it on.
                Answer::Answered(status) if !encrypted && !matches!(status, 403 | 407 | 500..) => {}
                Answer::Answered(status) => {
                    return (EndpointConnection::ProxyStatus(status), no_tls());
                }
                Answer::NoAnswer => {
                    return (
                        EndpointConnection::ProxyFailed(ProbeOutcome::Dropped),
                        no_tls(),
                    );
                }
                Answer::NotConnected(outcome) => {
                    return (EndpointConnection::ProxyFailed(outcome), no_tls());
                }
                Answer::Malformed(reason) | Answer::Declined(reason) => {
                    return (EndpointConnection::ProxyMalformed(reason), no_tls());
                }
                Answer::Closed | Answer::NotTried(_) => {
                    return (
                        EndpointConnection::ProxyMalformed("connection closed".to_owned()),
                        no_tls(),
                    );
                }
            }
        }
        if !encrypted {
            return (EndpointConnection::Open, not_encrypted());
        }
        let tls = answer(gate.timeout(), talk(stream)).await;
        (EndpointConnection::Open, tls)
    }
}

/// Addresses of a host; the answer that explains why there are none.
async fn resolve(dns: Option<&Dns>, host: &str) -> Result<Vec<IpAddr>, DnsAnswer> {
    if let Ok(address) = host.parse() {
        return Ok(vec![address]);
    }
    let Some(dns) = dns else {
        return Err(DnsAnswer::Error("no resolver".to_owned()));
    };
    let lookups = dns.addresses(host).await;
    let addresses: Vec<IpAddr> = lookups
        .iter()
        .flat_map(|lookup| lookup.answer.records())
        .filter_map(|record| match record {
            DnsRecord::Address(address) => Some(*address),
            _ => None,
        })
        .collect();
    if addresses.is_empty() {
        let [v4, _] = lookups;
        return Err(v4.answer);
    }
    Ok(addresses)
}

/// The first connection to succeed, one address of each family tried at the same time; else the first outcome.
async fn first(gate: &Gate, addresses: &[IpAddr], port: u16) -> Result<TcpStream, ProbeOutcome> {
    let of = |v6: bool| addresses.iter().find(move |one| one.is_ipv6() == v6);
    let tries: Vec<_> = [of(false), of(true)]
        .into_iter()
        .flatten()
        .map(|address| {
            Box::pin(tcp::connect(
                SocketAddr::new(*address, port),
                gate.timeout(),
            ))
        })
        .collect();
    if tries.is_empty() {
        return Err(ProbeOutcome::Unreachable);
    }
    futures_util::future::select_ok(tries)
        .await
        .map(|(stream, _)| stream)
}

/// Sends a request to a proxy and reads the status of its answer, up to the end of the header.
async fn ask_proxy<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, request: &str) -> Talk<u16> {
    stream.write_all(request.as_bytes()).await?;
    let mut header = Vec::with_capacity(256);
    while !header.ends_with(b"\r\n\r\n") {
        if header.len() == MAX_HEADER {
            return Err(TalkError::Malformed("HTTP header too long".to_owned()));
        }
        // Byte by byte: what follows the header is the tunnel's.
        header.push(stream.read_u8().await?);
    }
    status(&header).ok_or_else(|| TalkError::Malformed("the proxy's answer is not HTTP".to_owned()))
}

/// Status of an HTTP/1 response header (RFC 9112 4).
pub fn status(header: &[u8]) -> Option<u16> {
    let line = header.split(|byte| *byte == b'\r').next()?;
    let line = std::str::from_utf8(line).ok()?;
    let rest = line.strip_prefix("HTTP/1.")?;
    let code = rest.split(' ').nth(1)?;
    (code.len() == 3)
        .then(|| code.parse().ok())
        .flatten()
        .filter(|code| (100..600).contains(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let table = EndpointTable::embedded().unwrap();
        for name in ["Global", "usgov", "USGovDoD", "CHINA"] {
            let cloud = table.environment(name).unwrap();
            assert!(cloud.endpoints.iter().any(|endpoint| endpoint.required));
        }
        assert!(table.environment("Mars").is_none());
        table.as_of.parse::<jiff::civil::Date>().unwrap();
    }

    #[test]
    fn a_status_line_is_read_strictly() {
        assert_eq!(
            status(b"HTTP/1.1 200 Connection established\r\n\r\n"),
            Some(200)
        );
        assert_eq!(status(b"HTTP/1.0 407\r\n\r\n"), Some(407));
        assert_eq!(status(b"SSH-2.0-x\r\n\r\n"), None);
        assert_eq!(status(b"HTTP/1.1 20\r\n\r\n"), None);
        assert_eq!(status(b"HTTP/1.1 +99\r\n\r\n"), None);
    }
}
