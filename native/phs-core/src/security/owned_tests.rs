use proptest::prelude::*;

use super::*;
use crate::security::ace::{AceFlags, AceType};
use crate::security::mask::AccessMask;
use crate::security::owned_ace::OwnedAceBody;
use crate::security::testing::{any_descriptor, fixture, fixtures, sid};

fn trustees(acl: &Acl) -> Vec<String> {
    let rids = acl
        .aces
        .iter()
        .map(|ace| ace.as_view().trustee().unwrap().rid().unwrap());
    rids.map(|rid| rid.to_string()).collect()
}

#[test]
fn samba_descriptors_come_back_byte_for_byte() {
    let mut seen = 0;
    for (name, bytes, _) in fixtures() {
        let read = SecurityDescriptor::parse(bytes).unwrap();
        assert_eq!(read.to_bytes().unwrap(), bytes, "{name}");
        seen += 1;
    }
    assert_eq!(seen, 8);
}

#[test]
fn canonical_places() {
    let mask = AccessMask::READ_PROPERTY;
    let inherited = |ace: Ace| ace.with_flags(AceFlags::INHERITED);
    let mut acl = Acl::new(vec![
        Ace::deny(mask, sid("S-1-5-1")),
        Ace::allow(mask, sid("S-1-5-2")),
        inherited(Ace::deny(mask, sid("S-1-5-3"))),
        inherited(Ace::allow(mask, sid("S-1-5-4"))),
    ]);
    acl.insert_canonical(Ace::allow(mask, sid("S-1-5-20")));
    acl.insert_canonical(Ace::deny_control(None, sid("S-1-5-10")));
    acl.insert_canonical(inherited(Ace::deny(mask, sid("S-1-5-40"))));
    assert_eq!(trustees(&acl), ["1", "10", "2", "20", "3", "4", "40"]);
    let mut empty = Acl::new(Vec::new());
    empty.insert_canonical(Ace::allow(mask, sid("S-1-5-1")));
    empty.insert_canonical(Ace::deny(mask, sid("S-1-5-2")));
    assert_eq!(trustees(&empty), ["2", "1"]);
}

#[test]
fn the_control_word_follows_the_parts() {
    let mut descriptor = SecurityDescriptor::with_dacl(Vec::new());
    descriptor.control = Control::SACL_PRESENT;
    let bytes = descriptor.to_bytes().unwrap();
    let read = DescriptorRef::parse(&bytes).unwrap();
    assert_eq!(
        read.control(),
        Control::SELF_RELATIVE | Control::DACL_PRESENT
    );
    descriptor.dacl = AclState::Null;
    let bytes = descriptor.to_bytes().unwrap();
    assert_eq!(DescriptorRef::parse(&bytes).unwrap().dacl(), AclState::Null);
}

#[test]
fn a_condition_is_padded_to_whole_words() {
    let ace = Ace::basic(
        AceType::AllowCallback,
        AccessMask::CONTROL_ACCESS,
        sid("S-1-1-0"),
    )
    .with_condition(b"artx\x01");
    let mut bytes = Vec::new();
    ace.as_view().write(&mut bytes).unwrap();
    assert_eq!(bytes.len() % 4, 0);
    assert!(bytes.ends_with(b"artx\x01\0\0\0"));
}

#[test]
fn what_does_not_fit_a_size_field_is_refused() {
    let huge = Ace::basic(AceType::AllowCallback, AccessMask::empty(), sid("S-1-1-0"))
        .with_condition(&vec![0; 65520]);
    let error = SecurityDescriptor::with_dacl(vec![huge])
        .to_bytes()
        .unwrap_err();
    assert!(
        matches!(
            error,
            EncodeError::TooLarge {
                part: Part::Ace,
                ..
            }
        ),
        "{error}"
    );
    let many = vec![Ace::allow(AccessMask::empty(), sid("S-1-1-0")); 4000];
    let error = SecurityDescriptor::with_dacl(many).to_bytes().unwrap_err();
    assert_eq!(
        error,
        EncodeError::TooLarge {
            part: Part::Dacl,
            size: 80_008
        }
    );
    let opaque = Ace {
        ace_type: AceType::Unknown(0x50),
        flags: AceFlags::empty(),
        body: OwnedAceBody::Opaque(Vec::new()),
    };
    let error = SecurityDescriptor::with_dacl(vec![opaque; 65_536])
        .to_bytes()
        .unwrap_err();
    assert_eq!(
        error,
        EncodeError::TooManyAces {
            part: Part::Dacl,
            count: 65_536
        }
    );
}

proptest! {
    #[test]
    fn generated_descriptors_round_trip(descriptor in any_descriptor()) {
        let bytes = descriptor.to_bytes().unwrap();
        let read = SecurityDescriptor::parse(&bytes).unwrap();
        prop_assert_eq!(&read, &descriptor);
        prop_assert_eq!(read.to_bytes().unwrap(), bytes);
    }

    #[test]
    fn arbitrary_bytes_never_panic_and_what_is_read_is_written(mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let [revision, _, _, control, ..] = bytes.as_mut_slice() {
            *revision = 1;
            *control |= 0x80;
        }
        if let Ok(read) = SecurityDescriptor::parse(&bytes) {
            prop_assert_eq!(SecurityDescriptor::parse(&read.to_bytes().unwrap()).unwrap(), read);
        }
    }

    #[test]
    fn damaged_heads_never_panic(changes in prop::collection::vec((0usize..2404, any::<u8>()), 1..12), len in 0usize..=2404) {
        let mut bytes = fixture("domain-head-connector").0.to_vec();
        for (at, value) in changes {
            bytes[at] = value;
        }
        bytes.truncate(len);
        if let Ok(read) = SecurityDescriptor::parse(&bytes) {
            prop_assert_eq!(SecurityDescriptor::parse(&read.to_bytes().unwrap()).unwrap(), read);
        }
    }
}
