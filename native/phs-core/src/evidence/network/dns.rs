//! What DNS said.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// What DNS said about one domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DomainDiscovery {
    /// DNS name of the domain.
    pub domain: String,
    /// The preferred domain controllers that the connector's partition names, if any.
    #[serde(default)]
    pub preferred: Vec<String>,
    /// `true` if Connect may use only the preferred ones (`dc-failover` = 0).
    #[serde(default)]
    pub preferred_only: bool,
    /// The domain controller that Connect used last, where the partition says so.
    #[serde(default)]
    pub last_used: Option<String>,
    /// `false` if the domain controllers were named by the caller, so that no lookup of the domain was made.
    pub asked_dns: bool,
    /// The lookups made, in the order of their names.
    pub lookups: Vec<DnsLookup>,
}

/// One DNS question and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DnsLookup {
    /// The name asked for.
    pub name: String,
    /// `SRV`, `A` or `AAAA`.
    pub record: RecordKind,
    /// What was answered.
    pub answer: DnsAnswer,
    /// Milliseconds until the answer or until giving up.
    pub elapsed_ms: u32,
}

/// Types of DNS record that discovery asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum RecordKind {
    /// Service location, RFC 2782.
    Srv,
    /// IPv4 address.
    A,
    /// IPv6 address.
    Aaaa,
}

/// The answers that a DNS lookup tells apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all_fields = "camelCase")]
pub enum DnsAnswer {
    /// At least one record of the type asked for.
    Records(Vec<DnsRecord>),
    /// The name does not exist (RCODE 3).
    NameError,
    /// The name exists, without a record of this type.
    NoData,
    /// The server failed (RCODE 2): it could not reach the zone.
    ServerFailure,
    /// The server refused to answer (RCODE 5), or nothing listens on its port 53.
    Refused,
    /// No server answered in time.
    TimedOut,
    /// Any other failure, in the resolver's words.
    Error(String),
}

impl DnsAnswer {
    /// The records, or none.
    pub fn records(&self) -> &[DnsRecord] {
        match self {
            Self::Records(records) => records,
            _ => &[],
        }
    }
}

/// One record of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all_fields = "camelCase")]
pub enum DnsRecord {
    /// A service location.
    Service {
        /// Host that offers the service, without the final dot.
        target: String,
        /// Port.
        port: u16,
        /// Lower is tried first.
        priority: u16,
        /// Share among equals.
        weight: u16,
    },
    /// An address.
    Address(IpAddr),
    /// The name is an alias of this one.
    Alias(String),
}
