//! The two calls of the endpoint mapper, with their NDR written out (C706 appendix O, MS-RPCE 2.2.1.2).

use uuid::Uuid;

use super::super::{Cursor, WireError};
use super::{Syntax, Tower};

/// Operation number of `ept_lookup`.
pub const EPT_LOOKUP: u16 = 2;
/// Operation number of `ept_map`.
pub const EPT_MAP: u16 = 3;
/// Status: no (more) entries match.
pub const NOT_REGISTERED: u32 = 0x16c9_a0d6;

/// Towers asked for at a time.
const MAX_TOWERS: u32 = 64;
/// Entries of one `ept_lookup`: the most that the server may send (a busy domain controller has about 200 in all).
const MAX_ENTRIES: u32 = 500;
const MAX_TOWER: usize = 2048;
const MAX_ANNOTATION: u32 = 64;

/// A position in a listing that the server keeps for us.
pub type EntryHandle = [u8; 20];

/// Stub data of `ept_map` for `interface` over TCP.
pub fn map_request(interface: Syntax) -> Vec<u8> {
    let tower = Tower::template(interface);
    let mut stub = Vec::new();
    // Object: a full pointer to the nil UUID.
    stub.extend_from_slice(&1_u32.to_le_bytes());
    stub.extend_from_slice(Uuid::nil().as_bytes());
    // Tower: a full pointer to a conformant structure.
    stub.extend_from_slice(&2_u32.to_le_bytes());
    let length = u32::try_from(tower.len()).unwrap_or(u32::MAX);
    stub.extend_from_slice(&length.to_le_bytes());
    stub.extend_from_slice(&length.to_le_bytes());
    stub.extend_from_slice(&tower);
    while !stub.len().is_multiple_of(4) {
        stub.push(0);
    }
    stub.extend_from_slice(&EntryHandle::default());
    stub.extend_from_slice(&MAX_TOWERS.to_le_bytes());
    stub
}

/// Stub data of `ept_lookup` for every endpoint of every interface, from `handle` on.
pub fn lookup_request(handle: EntryHandle) -> Vec<u8> {
    let mut stub = Vec::new();
    // rpc_c_ep_all_elts; neither object nor interface; every version.
    stub.extend_from_slice(&0_u32.to_le_bytes());
    stub.extend_from_slice(&0_u32.to_le_bytes());
    stub.extend_from_slice(&0_u32.to_le_bytes());
    stub.extend_from_slice(&1_u32.to_le_bytes());
    stub.extend_from_slice(&handle);
    stub.extend_from_slice(&MAX_ENTRIES.to_le_bytes());
    stub
}

/// What a call returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Where to go on; all zero at the end.
    pub handle: EntryHandle,
    /// The towers that could be read. One that could not is left out, not the rest with it.
    pub towers: Vec<Tower>,
    /// Status of the call.
    pub status: u32,
}

/// Reads the answer to `ept_map`.
pub fn map_response(stub: &[u8]) -> Result<Listing, WireError> {
    let what = "ept_map answer";
    let mut cursor = Cursor::new(stub);
    let handle = cursor.array(what)?;
    let count = cursor.u32_le(what)?;
    let held = array_header(&mut cursor, MAX_TOWERS, what)?;
    if count > held {
        return Err(WireError::Invalid { what });
    }
    let pointers = (0..held)
        .map(|_| cursor.u32_le(what))
        .collect::<Result<Vec<u32>, _>>()?;
    let towers = towers(&mut cursor, &pointers)?;
    cursor.align(4, what)?;
    let status = cursor.u32_le(what)?;
    Ok(Listing {
        handle,
        towers,
        status,
    })
}

/// Reads the answer to `ept_lookup`.
pub fn lookup_response(stub: &[u8]) -> Result<Listing, WireError> {
    let what = "ept_lookup answer";
    let mut cursor = Cursor::new(stub);
    let handle = cursor.array(what)?;
    let count = cursor.u32_le(what)?;
    let held = array_header(&mut cursor, MAX_ENTRIES, what)?;
    if count > held {
        return Err(WireError::Invalid { what });
    }
    let mut pointers = Vec::new();
    for _ in 0..held {
        cursor.align(4, what)?;
        cursor.take(16, what)?;
        pointers.push(cursor.u32_le(what)?);
        let offset = cursor.u32_le(what)?;
        let length = cursor.u32_le(what)?;
        if offset != 0 || length > MAX_ANNOTATION {
            return Err(WireError::Invalid { what });
        }
        cursor.take(usize::try_from(length).unwrap_or(usize::MAX), what)?;
    }
    let towers = towers(&mut cursor, &pointers)?;
    cursor.align(4, what)?;
    let status = cursor.u32_le(what)?;
    Ok(Listing {
        handle,
        towers,
        status,
    })
}

/// Header of a conformant varying array; returns how many elements follow.
fn array_header(cursor: &mut Cursor<'_>, limit: u32, what: &'static str) -> Result<u32, WireError> {
    let _maximum = cursor.u32_le(what)?;
    let offset = cursor.u32_le(what)?;
    let held = cursor.u32_le(what)?;
    if offset != 0 {
        return Err(WireError::Invalid { what });
    }
    if held > limit {
        return Err(WireError::TooLarge {
            what,
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
        });
    }
    Ok(held)
}

/// The towers behind the pointers that are not null.
fn towers(cursor: &mut Cursor<'_>, pointers: &[u32]) -> Result<Vec<Tower>, WireError> {
    let what = "protocol tower";
    let mut towers = Vec::new();
    for pointer in pointers {
        if *pointer == 0 {
            continue;
        }
        cursor.align(4, what)?;
        let maximum = cursor.u32_le(what)?;
        let length = cursor.u32_le(what)?;
        if length != maximum {
            return Err(WireError::Invalid { what });
        }
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length > MAX_TOWER {
            return Err(WireError::TooLarge {
                what,
                limit: MAX_TOWER,
            });
        }
        if let Ok(tower) = Tower::decode(cursor.take(length, what)?) {
            towers.push(tower);
        }
    }
    Ok(towers)
}

#[cfg(test)]
mod tests {
    use super::super::{DRSUAPI, TowerEnd};
    use super::*;
    use proptest::prelude::*;

    fn tower_on(port: u16) -> Vec<u8> {
        let mut bytes = Tower::template(DRSUAPI);
        let at = bytes.len() - 11;
        bytes[at..at + 2].copy_from_slice(&port.to_be_bytes());
        bytes
    }

    fn mapped(ports: &[u16], status: u32) -> Vec<u8> {
        let mut stub = vec![0; 20];
        let count = u32::try_from(ports.len()).unwrap();
        for number in [count, MAX_TOWERS, 0, count] {
            stub.extend_from_slice(&number.to_le_bytes());
        }
        for index in 0..count {
            stub.extend_from_slice(&(index + 3).to_le_bytes());
        }
        for port in ports {
            let tower = tower_on(*port);
            let length = u32::try_from(tower.len()).unwrap();
            stub.extend_from_slice(&length.to_le_bytes());
            stub.extend_from_slice(&length.to_le_bytes());
            stub.extend_from_slice(&tower);
            while !stub.len().is_multiple_of(4) {
                stub.push(0);
            }
        }
        stub.extend_from_slice(&status.to_le_bytes());
        stub
    }

    fn looked_up() -> Vec<u8> {
        let mut stub = vec![7; 20];
        for number in [2, MAX_ENTRIES, 0, 2] {
            stub.extend_from_slice(&u32::to_le_bytes(number));
        }
        for (pointer, annotation) in [(3_u32, "MS NT Directory DRS Interface\0"), (4, "\0")] {
            while !stub.len().is_multiple_of(4) {
                stub.push(0);
            }
            stub.extend_from_slice(&[0; 16]);
            stub.extend_from_slice(&pointer.to_le_bytes());
            stub.extend_from_slice(&0_u32.to_le_bytes());
            stub.extend_from_slice(&u32::try_from(annotation.len()).unwrap().to_le_bytes());
            stub.extend_from_slice(annotation.as_bytes());
        }
        for port in [49152, 49153] {
            while !stub.len().is_multiple_of(4) {
                stub.push(0);
            }
            let tower = tower_on(port);
            let length = u32::try_from(tower.len()).unwrap();
            stub.extend_from_slice(&length.to_le_bytes());
            stub.extend_from_slice(&length.to_le_bytes());
            stub.extend_from_slice(&tower);
        }
        while !stub.len().is_multiple_of(4) {
            stub.push(0);
        }
        stub.extend_from_slice(&0_u32.to_le_bytes());
        stub
    }

    #[test]
    fn mapped_ports_are_read_in_order() {
        let listing = map_response(&mapped(&[49152, 50000], 0)).unwrap();
        let ports: Vec<_> = listing.towers.iter().map(|tower| tower.end).collect();
        assert_eq!(ports, [TowerEnd::Tcp(49152), TowerEnd::Tcp(50000)]);
        assert_eq!(listing.status, 0);
    }

    #[test]
    fn nothing_registered_is_an_empty_listing() {
        let listing = map_response(&mapped(&[], NOT_REGISTERED)).unwrap();
        assert!(listing.towers.is_empty());
        assert_eq!(listing.status, NOT_REGISTERED);
    }

    #[test]
    fn a_lookup_reads_annotations_of_any_length() {
        let listing = lookup_response(&looked_up()).unwrap();
        assert_eq!(listing.towers.len(), 2);
        assert_eq!(listing.towers[1].end, TowerEnd::Tcp(49153));
        assert_eq!(listing.handle, [7; 20]);
    }

    #[test]
    fn a_count_that_the_bytes_do_not_bear_is_refused() {
        let mut stub = mapped(&[49152], 0);
        stub[32..36].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(map_response(&stub).is_err());
    }

    #[test]
    fn the_request_is_aligned() {
        let stub = map_request(DRSUAPI);
        assert_eq!(stub.len() % 4, 0);
        assert_eq!(stub.len(), 4 + 16 + 4 + 8 + 76 + 20 + 4);
        assert_eq!(lookup_request([0; 20]).len(), 40);
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..500)) {
            let _ = map_response(&bytes);
            let _ = lookup_response(&bytes);
        }

        #[test]
        fn damage_never_panics(at in 0_usize..400, with: u8, cut in 0_usize..400) {
            let mut bytes = looked_up();
            if let Some(byte) = bytes.get_mut(at) {
                *byte = with;
            }
            bytes.truncate(cut);
            let _ = lookup_response(&bytes);
        }
    }
}
