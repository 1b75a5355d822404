//! What the tests of this folder share: fixtures, short forms, generators.

use proptest::prelude::*;
use uuid::Uuid;

use super::ace::{AceFlags, AceType, ObjectFlags};
use super::acl::AclState;
use super::descriptor::Control;
use super::guid::{CLASS_DOMAIN_DNS, ControlAccessRight};
use super::mask::AccessMask;
use super::owned::{Acl, SecurityDescriptor};
use super::owned_ace::{Ace, OwnedAceBody};
use super::sddl::{self, SddlContext};
use super::sid::Sid;
use super::token::{Membership, Token};

macro_rules! fixtures {
    ($($name:literal),*) => {
        /// Name, bytes and SDDL of every descriptor in `tests/fixtures/security`, all made by Samba.
        pub(super) fn fixtures() -> impl Iterator<Item = (&'static str, &'static [u8], &'static str)> {
            [$((
                $name,
                include_bytes!(concat!("../../../../tests/fixtures/security/", $name, ".bin")).as_slice(),
                include_str!(concat!("../../../../tests/fixtures/security/", $name, ".sddl")).trim_end(),
            )),*].into_iter()
        }
    };
}

fixtures!(
    "domain-head",
    "domain-head-connector",
    "domain-head-denied",
    "configuration-head",
    "schema-head",
    "users-container",
    "dacl-absent",
    "dacl-empty"
);

/// Bytes and SDDL of one fixture.
pub(super) fn fixture(name: &str) -> (&'static [u8], &'static str) {
    let (_, bytes, text) = fixtures().find(|(found, ..)| *found == name).unwrap();
    (bytes, text)
}

/// The invented domain of the fixtures.
pub(super) const DOMAIN: &str = "S-1-5-21-1004336348-1177238915-682003330";

pub(super) fn sid(text: &str) -> Sid {
    text.parse().unwrap()
}

/// A SID of the fixtures' domain.
pub(super) fn rid(rid: u32) -> Sid {
    sid(DOMAIN).with_rid(rid).unwrap()
}

pub(super) fn context() -> SddlContext {
    SddlContext {
        domain: Some(sid(DOMAIN)),
        forest_root: Some(sid(DOMAIN)),
    }
}

/// The bytes of a descriptor given as SDDL in the fixtures' domain.
pub(super) fn from_sddl(text: &str) -> Vec<u8> {
    sddl::parse(text, &context()).unwrap().to_bytes().unwrap()
}

/// Few SIDs, so that ACEs and tokens meet.
pub(super) fn any_sid() -> impl Strategy<Value = Sid> {
    prop_oneof![
        4 => (1000u32..1004).prop_map(rid),
        1 => Just(sid("S-1-5-10")),
        1 => Just(sid("S-1-3-4")),
        1 => Just(sid("S-1-1-0")),
    ]
}

/// The two rights of password hash sync, another, the class of the head, none.
fn any_object_type() -> impl Strategy<Value = Option<Uuid>> {
    prop::sample::select(vec![
        None,
        Some(ControlAccessRight::GET_CHANGES.guid),
        Some(ControlAccessRight::GET_CHANGES_ALL.guid),
        Some(ControlAccessRight::SYNCHRONIZE.guid),
        Some(CLASS_DOMAIN_DNS),
    ])
}

fn any_mask() -> impl Strategy<Value = AccessMask> {
    prop_oneof![
        6 => Just(0x100),
        1 => prop::sample::select(vec![0x000F_01FF, 0x1000_0000, 0x4000_0000, 0x8000_0000, 0xC0000, 0x10]),
        2 => any::<u32>(),
    ]
    .prop_map(AccessMask::from_bits_retain)
}

fn any_flags() -> impl Strategy<Value = AceFlags> {
    prop_oneof![3 => Just(0), 1 => any::<u8>()].prop_map(AceFlags::from_bits_retain)
}

pub(super) fn any_ace() -> impl Strategy<Value = Ace> {
    let code = prop_oneof![
        6 => prop::sample::select(vec![0_u8, 1, 5, 6]),
        2 => 9_u8..=12,
        1 => any::<u8>(),
    ];
    let data = prop::collection::vec(any::<u8>(), 0..12);
    let guids = (any_object_type(), any_object_type());
    (code, any_flags(), any_mask(), guids, any_sid(), data).prop_map(
        |(code, flags, mask, guids, trustee, data)| {
            let ace_type = AceType::from_code(code);
            let body = if ace_type.is_object() {
                OwnedAceBody::Object {
                    mask,
                    object_flags: ObjectFlags::empty(),
                    object_type: guids.0,
                    inherited_object_type: guids.1,
                    trustee,
                    application_data: data,
                }
            } else if let AceType::Unknown(_) = ace_type {
                OwnedAceBody::Opaque(data)
            } else {
                OwnedAceBody::Basic {
                    mask,
                    trustee,
                    application_data: data,
                }
            };
            Ace {
                ace_type,
                flags,
                body,
            }
        },
    )
}

fn any_acl() -> impl Strategy<Value = AclState<Acl>> {
    prop_oneof![
        1 => Just(AclState::Absent),
        1 => Just(AclState::Null),
        8 => prop::collection::vec(any_ace(), 0..8).prop_map(|aces| AclState::Present(Acl::new(aces))),
    ]
}

pub(super) fn any_descriptor() -> impl Strategy<Value = SecurityDescriptor> {
    let sids = (prop::option::of(any_sid()), prop::option::of(any_sid()));
    (sids, any_acl(), any_acl(), any::<u16>(), any::<u8>()).prop_map(
        |(sids, sacl, dacl, control, rm_control)| {
            let mut descriptor = SecurityDescriptor::new();
            (descriptor.owner, descriptor.group) = sids;
            (descriptor.sacl, descriptor.dacl) = (sacl, dacl);
            descriptor.control = Control::from_bits_retain(control);
            descriptor.rm_control = rm_control;
            descriptor
        },
    )
}

pub(super) fn any_token() -> impl Strategy<Value = Token> {
    let membership = prop_oneof![3 => Just(Membership::Enabled), 1 => Just(Membership::DenyOnly)];
    prop::collection::vec((any_sid(), membership), 0..5).prop_map(Token::with_memberships)
}
