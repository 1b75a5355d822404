//! What the cloud's endpoints answered.

use serde::{Deserialize, Serialize};

use super::{Answer, DnsAnswer, ProbeOutcome, TlsEvidence};

/// What the cloud endpoints answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CloudEvidence {
    /// Cloud: `Public`, `UsGovernment`, `China`.
    pub cloud: String,
    /// Date of the endpoint table.
    pub table_as_of: String,
    /// Proxy in use, as `host:port`; never with credentials.
    pub proxy: Option<String>,
    /// Where the proxy setting was read.
    pub proxy_source: Option<String>,
    /// One row per endpoint.
    pub endpoints: Vec<EndpointProbe>,
}

/// One cloud endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EndpointProbe {
    /// Host.
    pub host: String,
    /// Port.
    pub port: u16,
    /// What PHS needs it for.
    pub purpose: String,
    /// PHS does not work without it.
    pub required: bool,
    /// Issuers expected for a certificate that no proxy has replaced: organisation names.
    pub expected_issuers: Vec<String>,
    /// How the connection went; `detail` of a proxy answer included.
    pub connection: EndpointConnection,
    /// The handshake, for endpoints over TLS.
    pub tls: Answer<TlsEvidence>,
    /// Milliseconds in all.
    pub elapsed_ms: u32,
}

/// How a connection to a cloud endpoint went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all_fields = "camelCase")]
pub enum EndpointConnection {
    /// Connected.
    Open,
    /// The host name could not be resolved.
    NameFailed(DnsAnswer),
    /// The connection to the endpoint failed.
    Failed(ProbeOutcome),
    /// The connection to the proxy failed.
    ProxyFailed(ProbeOutcome),
    /// The proxy answered with this HTTP status; 407 asks for credentials.
    ProxyStatus(u16),
    /// The proxy answered with something that is not HTTP, or not at all.
    ProxyMalformed(String),
}
