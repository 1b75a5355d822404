//! What a probe of a port met.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// Transport of a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Transport {
    /// A connection.
    Tcp,
    /// A request of the service's own protocol.
    Udp,
}

/// The services that the guide asks for (Connect ports reference, table 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Service {
    /// Name resolution, 53.
    Dns,
    /// Authentication, 88.
    Kerberos,
    /// RPC endpoint mapper, 135.
    EndpointMapper,
    /// LDAP, 389.
    Ldap,
    /// File sharing protocol, 445.
    Smb,
    /// LDAP over TLS, 636.
    Ldaps,
    /// Global catalogue, 3268.
    GlobalCatalog,
    /// Remote management, 5985.
    WinRm,
    /// Active Directory Web Services, 9389.
    AdWebServices,
    /// Directory replication, on a port that the endpoint mapper hands out.
    Drs,
}

/// What a probe of one port met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all_fields = "camelCase")]
pub enum ProbeOutcome {
    /// The connection was made, or the request answered.
    Open,
    /// Answered with a reset or with ICMP port unreachable: nothing listens, or a firewall rejects.
    Refused,
    /// No answer within the time-out.
    Dropped,
    /// No route to the host or network, or ICMP says so.
    Unreachable,
    /// The operating system reported something else.
    Error {
        /// Its error number: errno, or a Winsock code.
        code: i32,
    },
    /// The run ended before the probe was made.
    NotTried,
}

/// One probe of one port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PortProbe {
    /// Address probed.
    pub address: IpAddr,
    /// Port probed.
    pub port: u16,
    /// Transport.
    pub transport: Transport,
    /// Service that the port is for.
    pub service: Service,
    /// What the probe met.
    pub outcome: ProbeOutcome,
    /// Milliseconds until the outcome was known.
    pub elapsed_ms: u32,
    /// What was odd about an answer, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}
