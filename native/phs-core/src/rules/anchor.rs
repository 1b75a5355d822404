//! The source anchor: the octets of `mS-DS-ConsistencyGuid` or `objectGUID`, the immutable identifier they give, and the
//! name of the object in the connector space of Microsoft Entra.

use uuid::Uuid;

pub(crate) use super::expression::base64;
use super::expression::{unbase64, utf8_hex};

/// The immutable identifier (`onPremisesImmutableId`, `sourceAnchor`) of octets as the directory stores them.
pub fn immutable_id(octets: &[u8]) -> String {
    base64(octets)
}

/// The octets of an immutable identifier; none when it is not base64.
pub fn immutable_id_octets(immutable_id: &str) -> Option<Vec<u8>> {
    unbase64(immutable_id)
}

/// The GUID of an immutable identifier; none when it does not stand for 16 octets (an anchor may be any attribute).
pub fn immutable_id_guid(immutable_id: &str) -> Option<Uuid> {
    unbase64(immutable_id)?
        .try_into()
        .ok()
        .map(Uuid::from_bytes_le)
}

/// The distinguished name in the Entra connector space: `CN={<hexadecimal of the UTF-8 octets>}`.
pub fn entra_dn(immutable_id: &str) -> String {
    format!("CN={{{}}}", utf8_hex(immutable_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_example_holds_in_every_direction() {
        let guid = Uuid::parse_str("30475e40-e7ae-4af3-af75-8b143c81daf5").unwrap();
        let id = immutable_id(&guid.to_bytes_le());
        assert_eq!(id, "QF5HMK7n80qvdYsUPIHa9Q==");
        assert_eq!(immutable_id_guid(&id), Some(guid));
        assert_eq!(
            entra_dn(&id),
            "CN={514635484D4B376E38307176645973555049486139513D3D}"
        );
        assert_eq!(immutable_id_guid("QQ=="), None);
        assert_eq!(immutable_id_octets("QQ=="), Some(vec![0x41]));
        assert_eq!(immutable_id_octets("not base64"), None);
    }
}
