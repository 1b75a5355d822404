//! The letters of SDDL (MS-DTYP 2.5.1.1).

use crate::security::ace::{AceFlags, AceType};
use crate::security::descriptor::Control;
use crate::security::mask::AccessMask;

/// ACE types that have letters. 0x0C, 0x0E, 0x0F and 0x10 have none.
pub(super) const TYPES: [(&str, AceType); 15] = [
    ("A", AceType::Allow),
    ("D", AceType::Deny),
    ("AU", AceType::Audit),
    ("AL", AceType::Alarm),
    ("OA", AceType::AllowObject),
    ("OD", AceType::DenyObject),
    ("OU", AceType::AuditObject),
    ("OL", AceType::AlarmObject),
    ("XA", AceType::AllowCallback),
    ("XD", AceType::DenyCallback),
    ("ZA", AceType::AllowCallbackObject),
    ("XU", AceType::AuditCallback),
    ("ML", AceType::MandatoryLabel),
    ("RA", AceType::ResourceAttribute),
    ("SP", AceType::ScopedPolicy),
];

/// ACE flags in the order in which they are written.
pub(super) const FLAGS: [(&str, AceFlags); 7] = [
    ("OI", AceFlags::OBJECT_INHERIT),
    ("CI", AceFlags::CONTAINER_INHERIT),
    ("NP", AceFlags::NO_PROPAGATE_INHERIT),
    ("IO", AceFlags::INHERIT_ONLY),
    ("ID", AceFlags::INHERITED),
    ("SA", AceFlags::SUCCESSFUL_ACCESS),
    ("FA", AceFlags::FAILED_ACCESS),
];

/// Rights of directory objects in the order in which they are written: by bit.
pub(super) const RIGHTS: [(&str, AccessMask); 17] = [
    ("CC", AccessMask::CREATE_CHILD),
    ("DC", AccessMask::DELETE_CHILD),
    ("LC", AccessMask::LIST_CHILDREN),
    ("SW", AccessMask::SELF_WRITE),
    ("RP", AccessMask::READ_PROPERTY),
    ("WP", AccessMask::WRITE_PROPERTY),
    ("DT", AccessMask::DELETE_TREE),
    ("LO", AccessMask::LIST_OBJECT),
    ("CR", AccessMask::CONTROL_ACCESS),
    ("SD", AccessMask::DELETE),
    ("RC", AccessMask::READ_CONTROL),
    ("WD", AccessMask::WRITE_DAC),
    ("WO", AccessMask::WRITE_OWNER),
    ("GA", AccessMask::GENERIC_ALL),
    ("GX", AccessMask::GENERIC_EXECUTE),
    ("GW", AccessMask::GENERIC_WRITE),
    ("GR", AccessMask::GENERIC_READ),
];

/// Tokens for whole masks of files, keys and labels: read, never written, for directory objects have other words.
pub(super) const OTHER_RIGHTS: [(&str, u32); 11] = [
    ("FA", 0x001F_01FF),
    ("FR", 0x0012_0089),
    ("FW", 0x0012_0116),
    ("FX", 0x0012_00A0),
    ("KA", 0x000F_003F),
    ("KR", 0x0002_0019),
    ("KW", 0x0002_0006),
    ("KX", 0x0002_0019),
    ("NW", 0x1),
    ("NR", 0x2),
    ("NX", 0x4),
];

/// Which control bits the flags of one ACL set.
pub(super) struct AclControl {
    pub(super) letter: char,
    pub(super) flags: [(&'static str, Control); 3],
}

pub(super) const DACL: AclControl = AclControl {
    letter: 'D',
    flags: [
        ("P", Control::DACL_PROTECTED),
        ("AR", Control::DACL_AUTO_INHERIT_REQUIRED),
        ("AI", Control::DACL_AUTO_INHERITED),
    ],
};

pub(super) const SACL: AclControl = AclControl {
    letter: 'S',
    flags: [
        ("P", Control::SACL_PROTECTED),
        ("AR", Control::SACL_AUTO_INHERIT_REQUIRED),
        ("AI", Control::SACL_AUTO_INHERITED),
    ],
};

/// Stands where a null ACL has no ACEs to write.
pub(super) const NULL_ACL: &str = "NO_ACCESS_CONTROL";
