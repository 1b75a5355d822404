//! The way to directory replication: endpoint mapper and DRSUAPI.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// Where the endpoint mapper says DRSUAPI is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DrsEndpoints {
    /// TCP ports, ascending, without repeats. Empty: the interface is not registered.
    pub ports: Vec<u16>,
    /// How many interfaces the endpoint mapper has registered in all, if it was asked.
    pub registered: Option<u32>,
}

/// Answer to an RPC bind of the DRSUAPI interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RpcBind {
    /// Address it was sent to.
    pub address: IpAddr,
    /// Port it was sent to.
    pub port: u16,
    /// How the server answered.
    pub reply: RpcBindReply,
}

/// Answers to a DCE/RPC bind (C706 12.6.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all_fields = "camelCase")]
pub enum RpcBindReply {
    /// The interface is served here.
    Accepted,
    /// The server is there but wants authentication first, which proves the way is open.
    AuthenticationRequired,
    /// The server does not serve this interface on this port.
    InterfaceUnknown,
    /// Rejected for another reason.
    Rejected {
        /// Reason or fault status.
        code: u32,
    },
}
