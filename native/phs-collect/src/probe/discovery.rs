//! Finding domain controllers: SRV records, then the addresses behind them.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::system_conf::read_system_conf;
use phs_core::evidence::network::{DnsAnswer, DnsLookup, DnsRecord, ProbeOutcome, RecordKind};

use super::gate::millis;
use super::tcp::{self, outcome_of};

/// Records of one answer that are kept.
const MAX_RECORDS: usize = 2048;
/// Port of a DNS server.
const DNS_PORT: u16 = 53;
/// A refusal comes at once or not at all.
const REFUSAL_LIMIT: Duration = Duration::from_millis(500);

/// Asks DNS questions and tells the kinds of failure apart.
#[derive(Clone)]
pub struct Dns {
    resolver: TokioResolver,
    servers: Vec<SocketAddr>,
    limit: Duration,
}

impl std::fmt::Debug for Dns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dns")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

/// Why there is no resolver.
#[derive(Debug, thiserror::Error)]
#[error("the system's DNS configuration cannot be read: {0}")]
pub struct NoResolver(String);

impl Dns {
    /// A resolver that asks `servers`, or those of the system if none are given. One try gets `timeout`.
    pub fn new(servers: &[SocketAddr], timeout: Duration) -> Result<Self, NoResolver> {
        let (config, mut options) = if servers.is_empty() {
            read_system_conf().map_err(|error| NoResolver(error.to_string()))?
        } else {
            let servers = servers.iter().map(name_server).collect();
            (
                ResolverConfig::from_parts(None, Vec::new(), servers),
                ResolverOpts::default(),
            )
        };
        let asked = config
            .name_servers()
            .iter()
            .map(|server| {
                let port = server.connections.first().map_or(DNS_PORT, |one| one.port);
                SocketAddr::new(server.ip, port)
            })
            .collect();
        options.timeout = timeout;
        options.attempts = 1;
        // A second question in one run must see what the first saw, but never an older run's answer.
        options.cache_size = 256;
        let resolver = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
            .with_options(options)
            .build()
            .map_err(|error| NoResolver(error.to_string()))?;
        Ok(Self {
            resolver,
            servers: asked,
            // Servers are asked one after another: a dead first one must not hide a living second.
            limit: timeout * 2,
        })
    }

    /// Service records of `name`.
    pub async fn services(&self, name: &str) -> DnsLookup {
        self.lookup(name, RecordKind::Srv).await
    }

    /// Addresses of `host`: IPv4 and IPv6, asked at once.
    pub async fn addresses(&self, host: &str) -> [DnsLookup; 2] {
        let (v4, v6) = tokio::join!(
            self.lookup(host, RecordKind::A),
            self.lookup(host, RecordKind::Aaaa)
        );
        [v4, v6]
    }

    async fn lookup(&self, name: &str, record: RecordKind) -> DnsLookup {
        let started = Instant::now();
        let answer = match tokio::time::timeout(self.limit, self.ask(name, record)).await {
            Ok(answer) => answer,
            Err(_) => DnsAnswer::TimedOut,
        };
        // The resolver hears nothing of ICMP and goes on waiting.
        let answer = match answer {
            DnsAnswer::TimedOut if self.all_refuse().await => DnsAnswer::Refused,
            answer => answer,
        };
        DnsLookup {
            name: name.to_owned(),
            record,
            answer,
            elapsed_ms: millis(started.elapsed()),
        }
    }

    /// Whether every server says at once that nothing listens on its port.
    async fn all_refuse(&self) -> bool {
        let outcomes = self
            .servers
            .iter()
            .map(|server| tcp::connect(*server, REFUSAL_LIMIT));
        let outcomes = futures_util::future::join_all(outcomes).await;
        !outcomes.is_empty()
            && outcomes
                .iter()
                .all(|outcome| matches!(outcome, Err(ProbeOutcome::Refused)))
    }

    async fn ask(&self, name: &str, record: RecordKind) -> DnsAnswer {
        let kind = match record {
            RecordKind::Srv => RecordType::SRV,
            RecordKind::A => RecordType::A,
            RecordKind::Aaaa => RecordType::AAAA,
        };
        let mut query = match Name::from_ascii(name) {
            Ok(query) => query,
            Err(error) => return DnsAnswer::Error(error.to_string()),
        };
        // A name with a dot is whole; the search list is only for short host names.
        if name.contains('.') {
            query.set_fqdn(true);
        }
        match self.resolver.lookup(query, kind).await {
            Ok(lookup) => {
                let records: Vec<DnsRecord> = lookup
                    .answers()
                    .iter()
                    .take(MAX_RECORDS)
                    .filter_map(|record| record_of(&record.data))
                    .collect();
                // An alias alone leads nowhere.
                if records
                    .iter()
                    .all(|record| matches!(record, DnsRecord::Alias(_)))
                {
                    return DnsAnswer::NoData;
                }
                DnsAnswer::Records(records)
            }
            Err(error) => failure(&error),
        }
    }
}

fn name_server(address: &SocketAddr) -> NameServerConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()]
        .into_iter()
        .map(|mut connection| {
            connection.port = address.port();
            connection
        })
        .collect();
    NameServerConfig::new(address.ip(), true, connections)
}

fn record_of(data: &RData) -> Option<DnsRecord> {
    match data {
        RData::A(address) => Some(DnsRecord::Address(IpAddr::V4(address.0))),
        RData::AAAA(address) => Some(DnsRecord::Address(IpAddr::V6(address.0))),
        RData::CNAME(name) => Some(DnsRecord::Alias(plain(&name.0))),
        RData::SRV(service) => Some(DnsRecord::Service {
            target: plain(&service.target),
            port: service.port,
            priority: service.priority,
            weight: service.weight,
        }),
        _ => None,
    }
}

fn plain(name: &Name) -> String {
    name.to_ascii().trim_end_matches('.').to_ascii_lowercase()
}

fn failure(error: &NetError) -> DnsAnswer {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
            ResponseCode::NXDomain => DnsAnswer::NameError,
            ResponseCode::ServFail => DnsAnswer::ServerFailure,
            ResponseCode::Refused => DnsAnswer::Refused,
            _ => DnsAnswer::NoData,
        },
        NetError::Dns(DnsError::ResponseCode(ResponseCode::ServFail)) => DnsAnswer::ServerFailure,
        NetError::Dns(DnsError::ResponseCode(ResponseCode::Refused)) => DnsAnswer::Refused,
        NetError::Timeout => DnsAnswer::TimedOut,
        NetError::Io(error) => match outcome_of(error) {
            ProbeOutcome::Refused => DnsAnswer::Refused,
            ProbeOutcome::Dropped => DnsAnswer::TimedOut,
            _ => DnsAnswer::Error(error.to_string()),
        },
        other => DnsAnswer::Error(other.to_string()),
    }
}
