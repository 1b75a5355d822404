//! Protocol towers: how the endpoint mapper writes an interface and where it is served (C706 appendix L).

use uuid::Uuid;

use super::super::{Cursor, WireError};
use super::{NDR, Syntax};

const MAX_FLOORS: u16 = 16;
const FLOOR_UUID: u8 = 0x0d;
const FLOOR_CONNECTION_ORIENTED: u8 = 0x0b;
const FLOOR_TCP: u8 = 0x07;
const FLOOR_IP: u8 = 0x09;
const FLOOR_HTTP: u8 = 0x1f;
const FLOOR_PIPE: u8 = 0x0f;

/// Where a tower leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TowerEnd {
    /// A TCP port.
    Tcp(u16),
    /// RPC over HTTP on this port.
    Http(u16),
    /// A named pipe.
    Pipe,
    /// Local or another transport.
    Other,
}

/// A tower that has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tower {
    /// The interface; `minor` is 0 if the floor does not give it.
    pub interface: Syntax,
    /// Where it is served.
    pub end: TowerEnd,
}

impl Tower {
    /// The tower that asks for `interface` over TCP, with the port left open.
    pub(super) fn template(interface: Syntax) -> Vec<u8> {
        let mut out = vec![5, 0];
        for syntax in [interface, NDR] {
            out.extend_from_slice(&[19, 0, FLOOR_UUID]);
            out.extend_from_slice(&syntax.uuid.to_bytes_le());
            out.extend_from_slice(&syntax.major.to_le_bytes());
            out.extend_from_slice(&[2, 0]);
            out.extend_from_slice(&syntax.minor.to_le_bytes());
        }
        out.extend_from_slice(&[1, 0, FLOOR_CONNECTION_ORIENTED, 2, 0, 0, 0]);
        out.extend_from_slice(&[1, 0, FLOOR_TCP, 2, 0, 0, 0]);
        out.extend_from_slice(&[1, 0, FLOOR_IP, 4, 0, 0, 0, 0, 0]);
        out
    }

    /// Reads a tower.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let what = "protocol tower";
        let mut cursor = Cursor::new(bytes);
        let floors = cursor.u16_le(what)?;
        if floors == 0 || floors > MAX_FLOORS {
            return Err(WireError::Invalid { what });
        }
        let mut interface = None;
        let mut end = TowerEnd::Other;
        for floor in 0..floors {
            let left_length = usize::from(cursor.u16_le(what)?);
            let left = cursor.take(left_length, what)?;
            let right_length = usize::from(cursor.u16_le(what)?);
            let right = cursor.take(right_length, what)?;
            let mut left = Cursor::new(left);
            let protocol = left.u8(what)?;
            if floor == 0 {
                if protocol != FLOOR_UUID {
                    return Err(WireError::Invalid { what });
                }
                interface = Some(Syntax {
                    uuid: Uuid::from_bytes_le(left.array(what)?),
                    major: left.u16_le(what)?,
                    minor: Cursor::new(right).u16_le(what).unwrap_or(0),
                });
                continue;
            }
            // A port is written in network byte order, unlike everything around it.
            let port = || Cursor::new(right).array(what).map(u16::from_be_bytes);
            match protocol {
                FLOOR_TCP => end = TowerEnd::Tcp(port()?),
                FLOOR_HTTP => end = TowerEnd::Http(port()?),
                FLOOR_PIPE => end = TowerEnd::Pipe,
                _ => {}
            }
        }
        Ok(Self {
            interface: interface.ok_or(WireError::Invalid { what })?,
            end,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::DRSUAPI;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_template_is_75_bytes_and_reads_back() {
        let bytes = Tower::template(DRSUAPI);
        assert_eq!(bytes.len(), 75);
        let tower = Tower::decode(&bytes).unwrap();
        assert_eq!(tower.interface, DRSUAPI);
        assert_eq!(tower.end, TowerEnd::Tcp(0));
    }

    #[test]
    fn the_port_is_in_network_byte_order() {
        let mut bytes = Tower::template(DRSUAPI);
        let port = bytes.len() - 11;
        bytes[port..port + 2].copy_from_slice(&[0xc0, 0x03]);
        assert_eq!(Tower::decode(&bytes).unwrap().end, TowerEnd::Tcp(49155));
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Tower::decode(&bytes);
        }

        #[test]
        fn damage_never_panics(at in 0_usize..75, with: u8, cut in 0_usize..76) {
            let mut bytes = Tower::template(DRSUAPI);
            bytes[at] = with;
            bytes.truncate(cut);
            let _ = Tower::decode(&bytes);
        }
    }
}
