//! What the network answered: discovery, ports, the DRS endpoint, certificates, clocks and cloud endpoints.
//!
//! Nothing here is judged. A probe that found no answer says which kind of silence it met, since refused, dropped
//! and unreachable are put right by different people.

mod cloud;
mod directory;
mod dns;
mod port;
mod rpc;
mod tls;

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use cloud::{CloudEvidence, EndpointConnection, EndpointProbe};
pub use directory::{BindResult, LdapPing, NtdsSettings, RootDse};
pub use dns::{DnsAnswer, DnsLookup, DnsRecord, DomainDiscovery, RecordKind};
pub use port::{PortProbe, ProbeOutcome, Service, Transport};
pub use rpc::{DrsEndpoints, RpcBind, RpcBindReply};
pub use tls::{CertificateFacts, TlsEvidence, Trust};

/// Everything that one connectivity run observed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NetworkEvidence {
    /// Name of the machine that probed: an outcome is true of the way from there.
    pub observer: String,
    /// When the run started.
    pub observed_at: Timestamp,
    /// Time-out of one probe, in milliseconds.
    pub probe_timeout_ms: u32,
    /// `false` when the overall time-out or a cancellation ended the run early.
    pub complete: bool,
    /// How many sockets the run may have open at once.
    pub sockets: SocketLimit,
    /// DNS names of the forest's domains, as its configuration naming context lists them; null if they were not to be asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forest_domains: Option<Answer<Vec<String>>>,
    /// DNS discovery, one entry per domain asked for.
    pub domains: Vec<DomainDiscovery>,
    /// One entry per domain controller that was found or named.
    pub controllers: Vec<ControllerEvidence>,
    /// Cloud endpoints; null when they were not asked for.
    pub cloud: Option<CloudEvidence>,
}

/// The bound on sockets in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SocketLimit {
    /// What the run would use.
    pub wanted: u32,
    /// What the process's limit on open files leaves (`RLIMIT_NOFILE`); at most `wanted`.
    pub allowed: u32,
}

/// Why a domain controller is probed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ControllerSource {
    /// Named by the caller.
    Named,
    /// In the connector's list of preferred domain controllers.
    Preferred,
    /// The one Connect used last.
    LastUsed,
    /// Found through DNS.
    Discovered,
}

/// What one domain controller answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ControllerEvidence {
    /// Host name, or the address it was named by.
    pub host: String,
    /// Domain whose discovery led here, if any.
    pub domain: Option<String>,
    /// Why it is probed.
    pub source: ControllerSource,
    /// Lookups of its addresses; empty for a host named by address.
    pub lookups: Vec<DnsLookup>,
    /// Addresses probed.
    pub addresses: Vec<IpAddr>,
    /// One row per address, port and transport.
    pub ports: Vec<PortProbe>,
    /// What the endpoint mapper on 135 said about the DRSUAPI interface.
    pub endpoint_mapper: Answer<DrsEndpoints>,
    /// The bind to the DRSUAPI interface on the port the endpoint mapper gave.
    pub drs_bind: Answer<RpcBind>,
    /// CLDAP netlogon ping.
    pub ping: Answer<LdapPing>,
    /// The rootDSE, read without authentication.
    pub root_dse: Answer<RootDse>,
    /// Certificate on 636.
    pub ldaps: Answer<TlsEvidence>,
    /// Certificate on 389 after StartTLS.
    pub start_tls: Answer<TlsEvidence>,
    /// The bind as the account given; `NotTried` without one.
    pub bind: Answer<BindResult>,
    /// The replication options of the domain controller's NTDS settings; needs a bind.
    pub ntds_settings: Answer<NtdsSettings>,
}

/// How a conversation with a service ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Answer_of_{T}"))]
#[serde(rename_all_fields = "camelCase")]
pub enum Answer<T> {
    /// The service answered.
    Answered(T),
    /// The connection could not be made.
    NotConnected(ProbeOutcome),
    /// Connected, then silence until the time-out.
    NoAnswer,
    /// Connected, then closed by the other side.
    Closed,
    /// The answer breaks the protocol.
    Malformed(String),
    /// The service understood and declined, in the protocol's terms.
    Declined(String),
    /// Not asked, for this reason.
    NotTried(NotTriedReason),
}

/// Why a question was not put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum NotTriedReason {
    /// The run ended first.
    RunEnded,
    /// What it builds on gave nothing.
    DependencyFailed,
    /// No credential was given.
    NoCredential,
    /// Neither LDAPS nor StartTLS is available, and a password is never sent in clear text.
    NoEncryption,
    /// The password is empty or no valid text.
    PasswordUnusable,
    /// Another domain controller refused the same password: it is not tried again, lest the account be locked.
    AfterRefusal,
    /// The endpoint does not speak TLS.
    NotEncrypted,
}

impl<T> Answer<T> {
    /// The value, if the service answered.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Answered(value) => Some(value),
            _ => None,
        }
    }

    /// Whether the question was put at all.
    pub fn tried(&self) -> bool {
        !matches!(
            self,
            Self::NotTried(_) | Self::NotConnected(ProbeOutcome::NotTried)
        )
    }
}
