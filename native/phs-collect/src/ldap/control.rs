//! Request controls of Active Directory.

use ldap3::controls::RawControl;

use crate::wire::ber;

/// `LDAP_SERVER_SD_FLAGS_OID` (MS-ADTS 3.1.1.3.4.1.11).
const SD_FLAGS: &str = "1.2.840.113556.1.4.801";

/// Which parts of a security descriptor to return. Without this control a reader who may not read the SACL gets no
/// `nTSecurityDescriptor` at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecurityInformation {
    /// Owner, group and DACL (7).
    OwnerGroupDacl,
    /// The DACL alone (4).
    Dacl,
}

impl SecurityInformation {
    /// The control: `SEQUENCE { INTEGER flags }`, critical, so that a server that does not know it says so.
    pub(super) fn control(self) -> RawControl {
        let flags = match self {
            Self::OwnerGroupDacl => 7,
            Self::Dacl => 4,
        };
        RawControl {
            ctype: SD_FLAGS.to_owned(),
            crit: true,
            val: Some(ber::encode_parts(
                0x30,
                &[ber::encode_unsigned(0x02, flags)],
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_control_has_the_bytes_of_the_standard() {
        let control = SecurityInformation::OwnerGroupDacl.control();
        assert_eq!(control.val.as_deref(), Some(&[0x30, 3, 2, 1, 7][..]));
        assert!(control.crit);
        assert_eq!(
            SecurityInformation::Dacl.control().val.as_deref(),
            Some(&[0x30, 3, 2, 1, 4][..])
        );
    }
}
