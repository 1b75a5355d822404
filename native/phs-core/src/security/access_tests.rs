use proptest::prelude::*;

use super::*;
use crate::security::ace::AceFlags;
use crate::security::guid::CLASS_DOMAIN_DNS;
use crate::security::owned::SecurityDescriptor;
use crate::security::sid::Sid;
use crate::security::testing::{any_descriptor, any_sid, any_token, fixture, from_sddl, rid, sid};
use crate::security::token::Membership;

const NONE: Holding = Holding::NotHeld;

fn by(ace: usize) -> Holding {
    Holding::Held {
        from: Source::Ace { ace },
    }
}

const OWNER: Holding = Holding::Held {
    from: Source::Owner,
};
const NO_DACL: Holding = Holding::Held {
    from: Source::NoDacl,
};

/// Full control, `WRITE_DAC` and `WRITE_OWNER` for RID 1104 in group 1120.
fn judge(text: &str) -> [Holding; 3] {
    let bytes = from_sddl(
        &text
            .replace("{me}", &rid(1104).to_string())
            .replace("{group}", &rid(1120).to_string()),
    );
    let token = Token::new([rid(1104), rid(1120), sid("S-1-1-0")]);
    let object = GuardedObject {
        sid: None,
        class: Some(CLASS_DOMAIN_DNS),
    };
    let excess = ExcessRights::of(&DescriptorRef::parse(&bytes).unwrap(), &token, object);
    let holdings = [excess.full_control, excess.write_dac, excess.write_owner];
    let any = holdings
        .iter()
        .any(|holding| matches!(holding, Holding::Held { .. }));
    assert_eq!(excess.any_held(), any);
    holdings
}

#[test]
fn excess_rights() {
    for (text, expected) in [
        ("D:(A;;RPWPCR;;;{me})", [NONE, NONE, NONE]),
        ("D:(A;;GA;;;{me})", [by(0), by(0), by(0)]),
        ("D:(A;;0xf01ff;;;{group})", [by(0), by(0), by(0)]),
        ("D:(A;;WD;;;{me})", [NONE, by(0), NONE]),
        ("D:(A;;WO;;;WD)", [NONE, NONE, by(0)]),
        ("D:(D;;WD;;;{me})(A;;GA;;;{me})", [NONE, NONE, by(1)]),
        ("D:(A;;GA;;;{me})(D;;WD;;;{me})", [by(0), by(0), by(0)]),
        ("D:(A;;WDWO;;;{me})(A;;GA;;;{group})", [by(1), by(0), by(0)]),
        ("D:(A;IO;GA;;;{me})", [NONE, NONE, NONE]),
        (
            "D:(OA;;GA;1131f6aa-9c07-11d1-f79f-00c04fc2dcd2;;{me})",
            [NONE, NONE, NONE],
        ),
        ("D:(OA;;GA;;;{me})", [by(0), by(0), by(0)]),
        (
            "D:(OA;;WD;19195a5b-6da0-11d0-afd3-00c04fd930c9;;{me})",
            [NONE, by(0), NONE],
        ),
        (
            "D:(OD;;WD;bf967aba-0de6-11d0-a285-00aa003049e2;;{me})(A;;WD;;;{me})",
            [NONE, by(1), NONE],
        ),
        ("O:{me}D:(A;;RP;;;WD)", [NONE, OWNER, NONE]),
        ("O:{group}D:", [NONE, OWNER, NONE]),
        // The owner's implied rights come before any ACE.
        ("O:{me}D:(D;;WD;;;{me})", [NONE, OWNER, NONE]),
        ("O:{me}D:(D;;WO;;;{me})(A;;GA;;;{me})", [NONE, OWNER, NONE]),
        ("O:{me}D:(A;;RC;;;OW)", [NONE, NONE, NONE]),
        ("O:{me}D:(A;;WDWO;;;OW)", [NONE, by(0), by(0)]),
        ("O:{me}D:(A;IO;RC;;;OW)", [NONE, OWNER, NONE]),
        ("O:BAD:(A;;WDWO;;;OW)", [NONE, NONE, NONE]),
        ("O:BAD:NO_ACCESS_CONTROL", [NO_DACL; 3]),
        ("O:BA", [NO_DACL; 3]),
        ("O:BAD:", [NONE; 3]),
    ] {
        assert_eq!(judge(text), expected, "{text}");
    }
}

#[test]
fn conditions() {
    let open = |ace| Holding::Undetermined { ace };
    for (text, expected) in [
        ("D:(XA;;WD;;;{me};(#61727478))", [NONE, open(0), NONE]),
        (
            "D:(XA;;GA;;;{me};(#61727478))(A;;WD;;;{me})",
            [open(0), by(1), open(0)],
        ),
        (
            "D:(XD;;WD;;;{me};(#61727478))(A;;GA;;;{me})",
            [open(0), open(0), by(1)],
        ),
        (
            "D:(XA;;WO;;;{me};(#61727478))(D;;WO;;;{me})",
            [NONE, NONE, open(0)],
        ),
        (
            "D:(XD;;WO;;;{me};(#61727478))(D;;WO;;;{me})",
            [NONE, NONE, NONE],
        ),
    ] {
        assert_eq!(judge(text), expected, "{text}");
    }
}

#[test]
fn nobody_in_particular_has_excess_rights_on_a_real_head() {
    let (bytes, _) = fixture("domain-head-connector");
    let descriptor = DescriptorRef::parse(bytes).unwrap();
    let excess = |member| {
        let token = Token::new([member, sid("S-1-1-0"), sid("S-1-5-11")]);
        ExcessRights::of(&descriptor, &token, GuardedObject::default())
    };
    assert!(!excess(rid(1104)).any_held());
    assert!(excess(rid(519)).any_held());
    assert!(matches!(
        excess(rid(519)).full_control,
        Holding::Held { .. }
    ));
    // Domain Admins lack some bits of full control, but may change the DACL.
    assert_eq!(excess(rid(512)).full_control, NONE);
    assert!(matches!(excess(rid(512)).write_dac, Holding::Held { .. }));
    assert!(matches!(
        excess(sid("S-1-5-32-544")).write_owner,
        Holding::Held { .. }
    ));
}

#[test]
fn an_empty_mask_is_not_held() {
    let bytes = from_sddl("D:(A;;GA;;;WD)");
    let token = Token::new([sid("S-1-1-0")]);
    let access = effective_access(
        &DescriptorRef::parse(&bytes).unwrap(),
        &token,
        GuardedObject::default(),
    );
    assert_eq!(access.holding(AccessMask::empty()), NONE);
    assert_eq!(access.granted(), AccessMask::FULL_CONTROL);
}

/// The access check for one bit as it is written down (MS-DTYP 2.5.3.2), with the outcome of every condition given.
fn reference(
    descriptor: &SecurityDescriptor,
    token: &Token,
    bit: u32,
    object: Sid,
    conditions: u32,
) -> bool {
    let AclState::Present(dacl) = &descriptor.dacl else {
        return true;
    };
    let holds = |wanted: Sid, allows: bool| {
        let mut sids = token.sids();
        sids.any(|(sid, membership)| {
            *sid == wanted && (membership == Membership::Enabled || !allows)
        })
    };
    let owner_rights = sid("S-1-3-4");
    let is_owner = descriptor.owner.is_some_and(|owner| holds(owner, true));
    let in_force = dacl.aces.iter().enumerate().filter(|(_, ace)| {
        !ace.flags.contains(AceFlags::INHERIT_ONLY) && ace.ace_type.effect().is_some()
    });
    let speaks_of_owner = in_force
        .clone()
        .any(|(_, ace)| ace.as_view().trustee().unwrap() == owner_rights.as_view());
    if is_owner && !speaks_of_owner && (bit == 0x2_0000 || bit == 0x4_0000) {
        return true;
    }
    for (index, ace) in in_force {
        let view = ace.as_view();
        let allows = ace.ace_type.effect() == Some(AceEffect::Allow);
        let trustee = view.trustee().unwrap().to_owned();
        let matches = match trustee {
            sid if sid == owner_rights => is_owner,
            sid if sid == self::sid("S-1-5-10") => object != owner_rights && holds(object, allows),
            sid => holds(sid, allows),
        };
        let concerns = view
            .object_type()
            .is_none_or(|guid| guid == CLASS_DOMAIN_DNS);
        let applies = !ace.ace_type.is_callback() || conditions >> index & 1 == 1;
        if matches && concerns && applies && view.mask().unwrap().map_generic().bits() & bit != 0 {
            return allows;
        }
    }
    false
}

proptest! {
    #[test]
    fn agrees_with_the_reference(descriptor in any_descriptor(), token in any_token(), object in any_sid()) {
        let count = descriptor.dacl.as_ref().present().map_or(0, |dacl| dacl.aces.len());
        let bytes = descriptor.to_bytes().unwrap();
        let guarded = GuardedObject { sid: Some(object.as_view()), class: Some(CLASS_DOMAIN_DNS) };
        let access = effective_access(&DescriptorRef::parse(&bytes).unwrap(), &token, guarded);
        for at in [0, 4, 8, 16, 17, 18, 19, 20, 24, 28, 31] {
            let bit = 1 << at;
            let judge = |conditions| reference(&descriptor, &token, bit, object, conditions);
            let plain = judge(0);
            let open = (0..1 << count).any(|conditions| judge(conditions) != plain);
            match access.holding(AccessMask::from_bits_retain(bit)) {
                Holding::Held { .. } => prop_assert!(plain && !open),
                Holding::NotHeld => prop_assert!(!plain && !open),
                Holding::Undetermined { ace } => prop_assert!(judge(1 << ace) != plain),
            }
        }
    }
}
