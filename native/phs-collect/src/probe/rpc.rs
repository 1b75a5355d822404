//! The way to directory replication: the endpoint mapper on 135, then a bind on the port it gives.
//!
//! An open 135 proves nothing about the dynamic range, and an open port nothing about the interface behind it.

use std::net::{IpAddr, SocketAddr};

use phs_core::evidence::network::{Answer, DrsEndpoints, RpcBind, RpcBindReply};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::gate::Gate;
use super::talk::{Talk, TalkError, answer};
use super::tcp;
use crate::wire::WireError;
use crate::wire::rpc::{self, Pdu, TowerEnd, epm};

/// Port of the endpoint mapper.
pub const ENDPOINT_MAPPER_PORT: u16 = 135;

/// `nca_s_fault_access_denied` and Win32 `ERROR_ACCESS_DENIED`, both seen as fault status.
const ACCESS_DENIED: [u32; 2] = [0x1c01_0003, 5];
/// Rounds of `ept_lookup`, each of up to 500 entries.
const MAX_LOOKUPS: usize = 8;
/// `bind_nak` reasons: authentication type not recognised, and invalid checksum (MS-RPCE 2.2.2.5).
const NAK_AUTHENTICATION: [u16; 2] = [8, 9];

/// Asks the endpoint mapper where DRSUAPI is served; what it has registered in all, if DRSUAPI is not among it.
pub async fn drs_endpoints(gate: &Gate, address: IpAddr, port: u16) -> Answer<DrsEndpoints> {
    let permit = gate.enter().await;
    let found = match tcp::connect(SocketAddr::new(address, port), gate.timeout()).await {
        Err(outcome) => Answer::NotConnected(outcome),
        Ok(mut stream) => answer(gate.timeout(), ask(&mut stream)).await,
    };
    drop(permit);
    found
}

async fn ask<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> Talk<DrsEndpoints> {
    match bind(stream, 1, rpc::ENDPOINT_MAPPER).await? {
        RpcBindReply::Accepted => {}
        reply => {
            return Err(TalkError::Declined(format!(
                "endpoint mapper bind: {reply:?}"
            )));
        }
    }
    let stub = call(stream, 2, epm::EPT_MAP, &epm::map_request(rpc::DRSUAPI)).await?;
    let listing = epm::map_response(&stub)?;
    let mut ports: Vec<u16> = listing
        .towers
        .iter()
        .filter(|tower| tower.interface.uuid == rpc::DRSUAPI.uuid)
        .filter_map(|tower| match tower.end {
            TowerEnd::Tcp(port) if port != 0 => Some(port),
            _ => None,
        })
        .collect();
    ports.sort_unstable();
    ports.dedup();
    let registered = if ports.is_empty() {
        Some(count(stream).await?)
    } else {
        None
    };
    Ok(DrsEndpoints { ports, registered })
}

/// How many entries the endpoint mapper has.
async fn count<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> Talk<u32> {
    let mut handle = epm::EntryHandle::default();
    let mut entries = 0_u32;
    for round in 0..MAX_LOOKUPS {
        let id = u32::try_from(round).unwrap_or(0) + 3;
        let stub = call(stream, id, epm::EPT_LOOKUP, &epm::lookup_request(handle)).await?;
        let listing = epm::lookup_response(&stub)?;
        entries = entries.saturating_add(u32::try_from(listing.towers.len()).unwrap_or(u32::MAX));
        if listing.status != 0 || listing.handle == epm::EntryHandle::default() {
            break;
        }
        handle = listing.handle;
    }
    Ok(entries)
}

/// Binds to DRSUAPI on `port`, without authentication: any answer to that interface proves that the way is open.
pub async fn drs_bind(gate: &Gate, address: IpAddr, port: u16) -> Answer<RpcBind> {
    let permit = gate.enter().await;
    let bound = match tcp::connect(SocketAddr::new(address, port), gate.timeout()).await {
        Err(outcome) => Answer::NotConnected(outcome),
        Ok(mut stream) => {
            answer(gate.timeout(), async {
                let reply = bind(&mut stream, 1, rpc::DRSUAPI).await?;
                Ok(RpcBind {
                    address,
                    port,
                    reply,
                })
            })
            .await
        }
    };
    drop(permit);
    bound
}

async fn bind<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    id: u32,
    interface: rpc::Syntax,
) -> Talk<RpcBindReply> {
    stream.write_all(&rpc::bind(id, interface)).await?;
    let reply = match read(stream, id).await? {
        Pdu::BindAck(results) => match results.first() {
            Some(result) if result.result == 0 => RpcBindReply::Accepted,
            Some(result) if result.result == 2 && result.reason == 1 => {
                RpcBindReply::InterfaceUnknown
            }
            Some(result) => RpcBindReply::Rejected {
                code: u32::from(result.reason),
            },
            None => return Err(WireError::Invalid { what: "bind_ack" }.into()),
        },
        Pdu::BindNak(reason) if NAK_AUTHENTICATION.contains(&reason) => {
            RpcBindReply::AuthenticationRequired
        }
        Pdu::BindNak(reason) => RpcBindReply::Rejected {
            code: u32::from(reason),
        },
        Pdu::Fault(status) if ACCESS_DENIED.contains(&status) => {
            RpcBindReply::AuthenticationRequired
        }
        Pdu::Fault(code) => RpcBindReply::Rejected { code },
        Pdu::Response { .. } | Pdu::Other(_) => {
            return Err(WireError::Invalid {
                what: "answer to an RPC bind",
            }
            .into());
        }
    };
    Ok(reply)
}

async fn call<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    id: u32,
    operation: u16,
    stub: &[u8],
) -> Talk<Vec<u8>> {
    stream.write_all(&rpc::request(id, operation, stub)).await?;
    let mut whole = Vec::new();
    loop {
        match read(stream, id).await? {
            Pdu::Response { last, stub } => {
                whole.extend_from_slice(&stub);
                if whole.len() > rpc::MAX_RESPONSE {
                    return Err(WireError::TooLarge {
                        what: "RPC answer",
                        limit: rpc::MAX_RESPONSE,
                    }
                    .into());
                }
                if last {
                    return Ok(whole);
                }
            }
            Pdu::Fault(status) => {
                return Err(TalkError::Declined(format!("RPC fault 0x{status:08x}")));
            }
            _ => {
                return Err(WireError::Invalid {
                    what: "answer to an RPC request",
                }
                .into());
            }
        }
    }
}

async fn read<S: AsyncRead + Unpin>(stream: &mut S, id: u32) -> Talk<Pdu> {
    let mut fragment = vec![0; rpc::HEADER];
    stream.read_exact(&mut fragment).await?;
    let length = rpc::fragment_length(&fragment)?;
    fragment.resize(length, 0);
    stream.read_exact(&mut fragment[rpc::HEADER..]).await?;
    Ok(rpc::decode(&fragment, id)?)
}
