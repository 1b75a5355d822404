//! Connection-oriented DCE/RPC as far as a probe needs it (C706 chapter 12, MS-RPCE 2.2.2): bind, its three
//! answers, request, response and fault. The endpoint mapper's calls are in [`epm`].

pub mod epm;
mod tower;

pub use tower::{Tower, TowerEnd};

use uuid::{Uuid, uuid};

use super::{Cursor, WireError};

/// Directory replication, MS-DRSR 2.1.
pub const DRSUAPI: Syntax = Syntax {
    uuid: uuid!("e3514235-4b06-11d1-ab04-00c04fc2dcd2"),
    major: 4,
    minor: 0,
};

/// The endpoint mapper, C706 appendix O.
pub const ENDPOINT_MAPPER: Syntax = Syntax {
    uuid: uuid!("e1af8308-5d1f-11c9-91a4-08002b14a0fa"),
    major: 3,
    minor: 0,
};

/// NDR, the transfer syntax that every server has.
pub const NDR: Syntax = Syntax {
    uuid: uuid!("8a885d04-1ceb-11c9-9fe8-08002b104860"),
    major: 2,
    minor: 0,
};

/// Largest fragment we offer to receive; Windows' own choice.
pub const MAX_FRAGMENT: u16 = 5840;
/// Largest answer put together from fragments.
pub const MAX_RESPONSE: usize = 256 * 1024;
/// Bytes of the common header.
pub const HEADER: usize = 16;

const MAX_CONTEXTS: u8 = 16;
const FIRST_AND_LAST: u8 = 0x03;
const LAST: u8 = 0x02;

/// An interface or transfer syntax and its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Syntax {
    /// Identity.
    pub uuid: Uuid,
    /// Major version.
    pub major: u16,
    /// Minor version.
    pub minor: u16,
}

impl Syntax {
    fn write(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.uuid.to_bytes_le());
        out.extend_from_slice(&self.major.to_le_bytes());
        out.extend_from_slice(&self.minor.to_le_bytes());
    }
}

fn pdu(kind: u8, call: u32, body: &[u8]) -> Vec<u8> {
    let mut out = vec![5, 0, kind, FIRST_AND_LAST, 0x10, 0, 0, 0];
    let length = u16::try_from(HEADER + body.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out.extend_from_slice(&call.to_le_bytes());
    out.extend_from_slice(body);
    out
}

fn context(interface: Syntax) -> Vec<u8> {
    let mut body = Vec::new();
    body.extend_from_slice(&MAX_FRAGMENT.to_le_bytes());
    body.extend_from_slice(&MAX_FRAGMENT.to_le_bytes());
    // No association group yet; one context, id 0, with one transfer syntax.
    body.extend_from_slice(&[0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0]);
    interface.write(&mut body);
    NDR.write(&mut body);
    body
}

/// A bind to `interface` without authentication.
pub fn bind(call: u32, interface: Syntax) -> Vec<u8> {
    pdu(11, call, &context(interface))
}

/// A change of context on a connection that is already bound.
pub fn alter_context(call: u32, interface: Syntax) -> Vec<u8> {
    pdu(14, call, &context(interface))
}

/// A request on context 0.
pub fn request(call: u32, operation: u16, stub: &[u8]) -> Vec<u8> {
    let mut body = Vec::with_capacity(stub.len() + 8);
    body.extend_from_slice(&u32::try_from(stub.len()).unwrap_or(u32::MAX).to_le_bytes());
    body.extend_from_slice(&[0, 0]);
    body.extend_from_slice(&operation.to_le_bytes());
    body.extend_from_slice(stub);
    pdu(0, call, &body)
}

/// What a server sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pdu {
    /// Answer to a bind or to a change of context: one result per context.
    BindAck(Vec<ContextResult>),
    /// The bind was refused as a whole; reason of C706 12.6.3.1.
    BindNak(u16),
    /// A piece of an answer.
    Response {
        /// No piece follows.
        last: bool,
        /// The stub data.
        stub: Vec<u8>,
    },
    /// The call failed with this status.
    Fault(u32),
    /// Another type of PDU.
    Other(u8),
}

/// How the server took one context (C706 12.6.3.1, `p_result_t`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContextResult {
    /// 0 acceptance, 1 user rejection, 2 provider rejection.
    pub result: u16,
    /// 1: the interface is not served here; 2: the transfer syntax is not known.
    pub reason: u16,
}

/// Length of the fragment that starts with these header bytes.
pub fn fragment_length(header: &[u8]) -> Result<usize, WireError> {
    let mut cursor = Cursor::new(header);
    let version = cursor.array::<2>("RPC header")?;
    cursor.take(2, "RPC header")?;
    let representation = cursor.u8("RPC header")?;
    cursor.take(3, "RPC header")?;
    let length = usize::from(cursor.u16_le("RPC header")?);
    if version[0] != 5 || version[1] > 1 {
        return Err(WireError::Invalid {
            what: "RPC version",
        });
    }
    // Integers must be little-endian: no server that matters sends anything else.
    if representation & 0xf0 != 0x10 {
        return Err(WireError::Invalid {
            what: "RPC data representation",
        });
    }
    if length < HEADER {
        return Err(WireError::Invalid {
            what: "RPC fragment length",
        });
    }
    Ok(length)
}

/// Reads one whole fragment that answers call `call`.
pub fn decode(fragment: &[u8], call: u32) -> Result<Pdu, WireError> {
    let length = fragment_length(fragment)?;
    let fragment = fragment.get(..length).ok_or(WireError::Truncated {
        what: "RPC fragment",
    })?;
    let mut cursor = Cursor::new(fragment);
    let header = cursor.array::<4>("RPC header")?;
    cursor.take(6, "RPC header")?;
    let auth_length = usize::from(cursor.u16_le("RPC header")?);
    if cursor.u32_le("RPC header")? != call {
        return Err(WireError::Invalid {
            what: "RPC call id",
        });
    }
    match header[2] {
        12 | 15 => bind_ack(&mut cursor).map(Pdu::BindAck),
        13 => Ok(Pdu::BindNak(cursor.u16_le("bind_nak")?)),
        2 => {
            cursor.take(8, "RPC response")?;
            // A security trailer follows the stub and starts with its own header of eight bytes.
            let trailer = if auth_length == 0 { 0 } else { auth_length + 8 };
            let stub = cursor
                .remaining()
                .checked_sub(trailer)
                .ok_or(WireError::Truncated {
                    what: "RPC response",
                })?;
            Ok(Pdu::Response {
                last: header[3] & LAST != 0,
                stub: cursor.take(stub, "RPC response")?.to_vec(),
            })
        }
        3 => {
            cursor.take(8, "RPC fault")?;
            Ok(Pdu::Fault(cursor.u32_le("RPC fault")?))
        }
        other => Ok(Pdu::Other(other)),
    }
}

fn bind_ack(cursor: &mut Cursor<'_>) -> Result<Vec<ContextResult>, WireError> {
    let what = "bind_ack";
    cursor.take(8, what)?;
    let address = usize::from(cursor.u16_le(what)?);
    cursor.take(address, what)?;
    cursor.align(4, what)?;
    let count = cursor.u8(what)?;
    if count == 0 || count > MAX_CONTEXTS {
        return Err(WireError::Invalid { what });
    }
    cursor.take(3, what)?;
    (0..count)
        .map(|_| {
            let result = cursor.u16_le(what)?;
            let reason = cursor.u16_le(what)?;
            cursor.take(20, what)?;
            Ok(ContextResult { result, reason })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `bind_ack` of a domain controller on 135: secondary address "135", acceptance, NDR.
    pub(super) fn ack(result: u16, reason: u16) -> Vec<u8> {
        let mut body = vec![0xd0, 0x16, 0xd0, 0x16, 0x39, 0x30, 0, 0, 4, 0];
        body.extend_from_slice(b"135\0");
        body.extend_from_slice(&[0, 0, 1, 0, 0, 0]);
        body.extend_from_slice(&result.to_le_bytes());
        body.extend_from_slice(&reason.to_le_bytes());
        NDR.write(&mut body);
        pdu(12, 1, &body)
    }

    #[test]
    fn a_bind_is_72_bytes_with_the_guid_in_mixed_order() {
        let bytes = bind(1, DRSUAPI);
        assert_eq!(bytes.len(), 72);
        assert_eq!(
            &bytes[32..48],
            [
                0x35, 0x42, 0x51, 0xe3, 0x06, 0x4b, 0xd1, 0x11, 0xab, 0x04, 0x00, 0xc0, 0x4f, 0xc2,
                0xdc, 0xd2
            ]
        );
        assert_eq!(fragment_length(&bytes).unwrap(), 72);
    }

    #[test]
    fn acceptance_and_rejection_are_told_apart() {
        assert_eq!(
            decode(&ack(0, 0), 1).unwrap(),
            Pdu::BindAck(vec![ContextResult {
                result: 0,
                reason: 0
            }])
        );
        assert_eq!(
            decode(&ack(2, 1), 1).unwrap(),
            Pdu::BindAck(vec![ContextResult {
                result: 2,
                reason: 1
            }])
        );
        assert!(decode(&ack(0, 0), 2).is_err());
    }

    #[test]
    fn faults_and_naks_carry_their_number() {
        let nak = pdu(13, 3, &[4, 0, 0]);
        assert_eq!(decode(&nak, 3).unwrap(), Pdu::BindNak(4));
        let fault = pdu(3, 3, &[0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(decode(&fault, 3).unwrap(), Pdu::Fault(5));
    }

    #[test]
    fn other_protocols_are_not_rpc() {
        assert!(fragment_length(b"HTTP/1.1 400 Bad").is_err());
        assert!(fragment_length(&[5, 0, 12, 3, 0x10, 0, 0, 0, 4, 0]).is_err());
        assert!(fragment_length(&[5, 0, 12, 3, 0x00, 0, 0, 0, 64, 0]).is_err());
    }

    #[test]
    fn every_cut_is_an_error_not_a_panic() {
        let bytes = ack(0, 0);
        for end in 0..bytes.len() {
            assert!(decode(&bytes[..end], 1).is_err(), "cut at {end}");
        }
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode(&bytes, 1);
        }

        #[test]
        fn damage_never_panics(at in 0_usize..70, with: u8) {
            let mut bytes = ack(0, 0);
            if let Some(byte) = bytes.get_mut(at) {
                *byte = with;
            }
            let _ = decode(&bytes, 1);
        }
    }
}
