//! GUIDs as they stand in ACEs, and the control access rights of directory replication.

use serde::Serialize;
use uuid::{Uuid, uuid};

/// Bytes of a GUID on the wire.
pub const GUID_LEN: usize = 16;

/// Reads a GUID in ACE byte order: the first three fields are little-endian, the last eight bytes stand as they are (MS-DTYP 2.3.4.2).
///
/// `objectGUID` in LDAP and the GUIDs of the metaverse use the same order; the text form does not.
pub fn from_wire(bytes: &[u8; GUID_LEN]) -> Uuid {
    Uuid::from_bytes_le(*bytes)
}

/// Writes a GUID in ACE byte order, the inverse of [`from_wire`].
pub fn to_wire(guid: Uuid) -> [u8; GUID_LEN] {
    guid.to_bytes_le()
}

/// The GUID at the start of `bytes`, in ACE byte order.
pub(super) fn read(bytes: &[u8]) -> Option<Uuid> {
    bytes.first_chunk().map(from_wire)
}

/// `schemaIDGUID` of the class domainDNS, the class of a domain head.
pub const CLASS_DOMAIN_DNS: Uuid = uuid!("19195a5b-6da0-11d0-afd3-00c04fd930c9");

/// A control access right: an operation that the directory guards by name, granted by the mask bit `CONTROL_ACCESS` and this GUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct ControlAccessRight {
    /// CN of the `controlAccessRight` object, the same in every language.
    pub name: &'static str,
    /// `rightsGuid`, the `ObjectType` of the ACE that grants this right alone.
    pub guid: Uuid,
}

impl ControlAccessRight {
    /// Read the changes of a naming context, secrets excepted. Password hash sync needs it.
    pub const GET_CHANGES: Self = Self {
        name: "DS-Replication-Get-Changes",
        guid: uuid!("1131f6aa-9c07-11d1-f79f-00c04fc2dcd2"),
    };
    /// Read secrets as well. Password hash sync needs it beside [`Self::GET_CHANGES`].
    pub const GET_CHANGES_ALL: Self = Self {
        name: "DS-Replication-Get-Changes-All",
        guid: uuid!("1131f6ad-9c07-11d1-f79f-00c04fc2dcd2"),
    };
    /// Read the attributes that read-only domain controllers do not hold. No substitute for either of the two.
    pub const GET_CHANGES_IN_FILTERED_SET: Self = Self {
        name: "DS-Replication-Get-Changes-In-Filtered-Set",
        guid: uuid!("89e95b76-444d-4c62-991a-0facbeda640c"),
    };
    /// Start a replication.
    pub const SYNCHRONIZE: Self = Self {
        name: "DS-Replication-Synchronize",
        guid: uuid!("1131f6ab-9c07-11d1-f79f-00c04fc2dcd2"),
    };
    /// Change who replicates with whom.
    pub const MANAGE_TOPOLOGY: Self = Self {
        name: "DS-Replication-Manage-Topology",
        guid: uuid!("1131f6ac-9c07-11d1-f79f-00c04fc2dcd2"),
    };
    /// Fetch the secrets that a read-only domain controller may cache.
    pub const READ_ONLY_SECRET_SYNCHRONIZATION: Self = Self {
        name: "Read-Only-Replication-Secret-Synchronization",
        guid: uuid!("1131f6ae-9c07-11d1-f79f-00c04fc2dcd2"),
    };
    /// Every right named here.
    pub const ALL: [Self; 6] = [
        Self::GET_CHANGES,
        Self::GET_CHANGES_ALL,
        Self::GET_CHANGES_IN_FILTERED_SET,
        Self::SYNCHRONIZE,
        Self::MANAGE_TOPOLOGY,
        Self::READ_ONLY_SECRET_SYNCHRONIZATION,
    ];

    /// The right with this `rightsGuid`, if it is one of [`Self::ALL`].
    pub fn from_guid(guid: Uuid) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.guid == guid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Trap 45: the first three fields are little-endian on the wire, the string form is not.
    #[test]
    fn wire_order_is_not_text_order() {
        let wire = [
            0xaa, 0xf6, 0x31, 0x11, 0x07, 0x9c, 0xd1, 0x11, 0xf7, 0x9f, 0x00, 0xc0, 0x4f, 0xc2,
            0xdc, 0xd2,
        ];
        assert_eq!(from_wire(&wire), ControlAccessRight::GET_CHANGES.guid);
        assert_eq!(to_wire(ControlAccessRight::GET_CHANGES.guid), wire);
        assert_ne!(*ControlAccessRight::GET_CHANGES.guid.as_bytes(), wire);
        let filtered = [
            0x76, 0x5b, 0xe9, 0x89, 0x4d, 0x44, 0x62, 0x4c, 0x99, 0x1a, 0x0f, 0xac, 0xbe, 0xda,
            0x64, 0x0c,
        ];
        assert_eq!(
            from_wire(&filtered),
            ControlAccessRight::GET_CHANGES_IN_FILTERED_SET.guid
        );
    }

    #[test]
    fn a_short_slice_holds_no_guid() {
        assert_eq!(read(&[0; 15]), None);
        assert_eq!(read(&[0; 17]), Some(Uuid::nil()));
    }

    #[test]
    fn rights_are_found_by_guid_and_are_distinct() {
        for right in ControlAccessRight::ALL {
            assert_eq!(ControlAccessRight::from_guid(right.guid), Some(right));
        }
        assert_eq!(ControlAccessRight::from_guid(CLASS_DOMAIN_DNS), None);
    }
}
