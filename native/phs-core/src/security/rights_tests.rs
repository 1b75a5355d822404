use proptest::prelude::*;

use super::*;
use crate::security::ace::{AceFlags, AceType};
use crate::security::guid::ControlAccessRight;
use crate::security::owned::SecurityDescriptor;
use crate::security::sid::Sid;
use crate::security::testing::{
    DOMAIN, any_descriptor, any_sid, any_token, fixture, from_sddl, rid, sid,
};

const GET: Uuid = ControlAccessRight::GET_CHANGES.guid;
const ALL: Uuid = ControlAccessRight::GET_CHANGES_ALL.guid;
const ACCOUNT: u32 = 1104;
const GROUP: u32 = 1120;

const NO_MATCH: Verdict = Verdict::Denied {
    by: Denial::NoMatchingAce,
};

fn granted(ace: usize) -> Verdict {
    Verdict::Granted { ace }
}

fn denied(ace: usize) -> Verdict {
    Verdict::Denied {
        by: Denial::DenyingAce { ace },
    }
}

fn open(ace: usize) -> Verdict {
    Verdict::Undetermined { ace }
}

/// The account, a group of it, Everyone and Authenticated Users.
fn token() -> Token {
    Token::new([rid(ACCOUNT), rid(GROUP), sid("S-1-1-0"), sid("S-1-5-11")])
}

/// The verdicts on both rights for a DACL given as SDDL, where `{get}`, `{all}`, `{me}`, `{group}` and `{other}` stand for GUIDs and SIDs.
fn judge(dacl: &str) -> [Verdict; 2] {
    let text = dacl
        .replace("{get}", &GET.to_string())
        .replace("{all}", &ALL.to_string())
        .replace("{me}", &rid(ACCOUNT).to_string())
        .replace("{group}", &rid(GROUP).to_string())
        .replace("{other}", &rid(9999).to_string());
    let bytes = from_sddl(&text);
    let domain = sid(DOMAIN);
    effective_rights(
        &DescriptorRef::parse(&bytes).unwrap(),
        &token(),
        [GET, ALL],
        Some(domain.as_view()),
    )
}

// Trap 36: rights come in many forms, not only as an object ACE for the account itself.
#[test]
fn forms_that_grant() {
    let both = [granted(0), granted(0)];
    for (dacl, expected) in [
        ("D:(OA;;CR;{get};;{me})", [granted(0), NO_MATCH]),
        (
            "D:(OA;;CR;{all};;{me})(OA;;CR;{get};;{me})",
            [granted(1), granted(0)],
        ),
        (
            "D:(OA;;CR;{get};;{group})(OA;;CR;{all};;WD)",
            [granted(0), granted(1)],
        ),
        ("D:(A;;CR;;;{me})", both),
        ("D:(A;;0x100;;;AU)", both),
        ("D:(A;;0xf01ff;;;{me})", both),
        ("D:(A;;GA;;;{group})", both),
        ("D:(OA;;GA;;;{group})", both),
        ("D:(OA;;CR;;;{me})", both),
        ("D:(OA;;RPCR;{get};;{me})", [granted(0), NO_MATCH]),
    ] {
        assert_eq!(judge(dacl), expected, "{dacl}");
    }
}

// Trap 36, the other side: what looks near is no grant.
#[test]
fn forms_that_do_not_grant() {
    for dacl in [
        "D:(OA;;CR;{get};;{other})(OA;;CR;{all};;{other})",
        "D:(OA;;RPWP;{get};;{me})(OA;;RPWP;{all};;{me})",
        "D:(A;;RPWPCCDCLCLORCWOWDSDDTSW;;;{me})",
        "D:(A;;GRGWGX;;;{me})",
        "D:(OA;;CR;89e95b76-444d-4c62-991a-0facbeda640c;;{me})",
        "D:(OA;;CR;19195a5b-6da0-11d0-afd3-00c04fd930c9;;{me})",
        "O:{me}D:(A;;WD;;;{me})",
        "O:{me}D:(A;;CR;;;OW)",
        "D:(AU;SA;CR;;;{me})(OU;SA;CR;{get};;{me})",
    ] {
        assert_eq!(judge(dacl), [NO_MATCH, NO_MATCH], "{dacl}");
    }
}

// Trap 37: inherit-only never counts, inherited counts like any other; InheritedObjectType is for heirs only.
#[test]
fn inheritance_flags() {
    for (dacl, expected) in [
        (
            "D:(OA;CIIO;CR;{get};;{me})(A;OIIO;CR;;;{me})",
            [NO_MATCH, NO_MATCH],
        ),
        (
            "D:(OD;CIIO;CR;;;{me})(A;;CR;;;{me})",
            [granted(1), granted(1)],
        ),
        (
            "D:(OA;CIID;CR;{get};;{me})(A;ID;CR;;;{group})",
            [granted(0), granted(1)],
        ),
        (
            "D:(OD;ID;CR;{all};;{me})(A;;CR;;;{me})",
            [granted(1), denied(0)],
        ),
        (
            "D:(OA;CI;CR;{get};bf967aba-0de6-11d0-a285-00aa003049e2;{me})",
            [granted(0), NO_MATCH],
        ),
    ] {
        assert_eq!(judge(dacl), expected, "{dacl}");
    }
}

// Trap 38: the first match in stored order decides; a deny for something else is nothing.
#[test]
fn stored_order() {
    for (dacl, expected) in [
        ("D:(A;;CR;;;{me})(D;;CR;;;{me})", [granted(0), granted(0)]),
        ("D:(D;;CR;;;{group})(A;;CR;;;{me})", [denied(0), denied(0)]),
        (
            "D:(OD;;CR;{all};;{me})(A;;CR;;;{me})",
            [granted(1), denied(0)],
        ),
        (
            "D:(OD;;CR;89e95b76-444d-4c62-991a-0facbeda640c;;{me})(A;;CR;;;{me})",
            [granted(1), granted(1)],
        ),
        (
            "D:(D;;CR;;;{other})(A;;CR;;;{me})",
            [granted(1), granted(1)],
        ),
        (
            "D:(D;;RPWPWDWO;;;{me})(A;;CR;;;{me})",
            [granted(1), granted(1)],
        ),
        (
            "D:(OD;;RP;{get};;{me})(A;;CR;;;{me})",
            [granted(1), granted(1)],
        ),
        ("D:(D;;GA;;;{me})(A;;CR;;;{me})", [denied(0), denied(0)]),
        ("D:(D;;GRGW;;;{me})(A;;CR;;;{me})", [granted(1), granted(1)]),
        (
            "D:(OA;;CR;{get};;{me})(D;;CR;;;WD)(OA;;CR;{all};;{me})",
            [granted(0), denied(1)],
        ),
    ] {
        assert_eq!(judge(dacl), expected, "{dacl}");
    }
}

// Traps 40 and 41: each right stands alone; neither of the two stands in for the other, and the third for none.
#[test]
fn each_right_on_its_own() {
    assert_eq!(judge("D:(OA;;CR;{all};;{me})"), [NO_MATCH, granted(0)]);
    assert_eq!(judge("D:(OA;;CR;{get};;{me})"), [granted(0), NO_MATCH]);
    let rights = ControlAccessRight::ALL.map(|right| right.guid);
    let bytes = from_sddl(&format!(
        "D:(OA;;CR;{};;WD)",
        ControlAccessRight::GET_CHANGES_IN_FILTERED_SET.guid
    ));
    let verdicts = effective_rights(
        &DescriptorRef::parse(&bytes).unwrap(),
        &token(),
        rights,
        None,
    );
    for (right, verdict) in ControlAccessRight::ALL.iter().zip(verdicts) {
        assert_eq!(
            verdict.is_granted(),
            *right == ControlAccessRight::GET_CHANGES_IN_FILTERED_SET
        );
    }
}

// Trap 42: absent and null grant everything, empty grants nothing, and each says so.
#[test]
fn dacl_absent_null_empty() {
    let empty = Verdict::Denied {
        by: Denial::EmptyDacl,
    };
    assert_eq!(judge("O:BA"), [Verdict::GrantedNoDacl; 2]);
    assert_eq!(judge("D:NO_ACCESS_CONTROL"), [Verdict::GrantedNoDacl; 2]);
    assert_eq!(judge("D:"), [empty; 2]);
    assert_eq!(judge("D:P"), [empty; 2]);
}

// Trap 43: a condition makes the answer undetermined only if it could change it.
#[test]
fn conditional_aces() {
    for (dacl, expected) in [
        ("D:(XA;;CR;;;{me};(#61727478))", [open(0), open(0)]),
        (
            "D:(XA;;CR;;;{me};(#61727478))(A;;CR;;;{group})",
            [granted(1), granted(1)],
        ),
        (
            "D:(XD;;CR;;;{me};(#61727478))(A;;CR;;;{me})",
            [open(0), open(0)],
        ),
        (
            "D:(XA;;CR;;;{me};(#61727478))(D;;CR;;;{me})",
            [open(0), open(0)],
        ),
        (
            "D:(XD;;CR;;;{me};(#61727478))(D;;CR;;;{me})",
            [denied(1), denied(1)],
        ),
        ("D:(XD;;CR;;;{me};(#61727478))", [NO_MATCH, NO_MATCH]),
        (
            "D:(A;;CR;;;{me})(XD;;CR;;;{me};(#61727478))",
            [granted(0), granted(0)],
        ),
        (
            "D:(D;;CR;;;{me})(XA;;CR;;;{me};(#61727478))",
            [denied(0), denied(0)],
        ),
        (
            "D:(XA;;CR;;;{other};(#61727478))(XA;;RP;;;{me};(#61727478))",
            [NO_MATCH, NO_MATCH],
        ),
        ("D:(XA;IO;CR;;;{me};(#61727478))", [NO_MATCH, NO_MATCH]),
        (
            "D:(ZA;;CR;{all};;{me};(#61727478))(OA;;CR;{get};;{me})",
            [granted(1), open(0)],
        ),
        (
            "D:(0x0c;;CR;{all};;{me};(#61727478))(A;;CR;;;{me})",
            [granted(1), open(0)],
        ),
        (
            "D:(XA;;CR;;;{me};(#61727478))(XD;;CR;;;{me};(#61727478))(A;;CR;;;{me})",
            [open(1), open(1)],
        ),
        (
            "D:(XD;;CR;;;{me};(#61727478))(XA;;CR;;;{me};(#61727478))",
            [open(1), open(1)],
        ),
    ] {
        assert_eq!(judge(dacl), expected, "{dacl}");
    }
}

// Trap 43: unknown types and resource attributes are no part of the decision.
#[test]
fn unknown_aces_decide_nothing() {
    let dacl =
        "D:(0x04;;#0001000001010000000000010000000000)(0x60;;#)(RA;;CR;;;{me};(#00))(A;;CR;;;{me})";
    assert_eq!(judge(dacl), [granted(3), granted(3)]);
}

#[test]
fn principal_self_is_the_object() {
    let bytes = from_sddl("D:(A;;CR;;;PS)");
    let descriptor = DescriptorRef::parse(&bytes).unwrap();
    let me = rid(ACCOUNT);
    let domain = sid(DOMAIN);
    let judge = |object| effective_rights(&descriptor, &token(), [GET], object)[0];
    assert_eq!(judge(Some(me.as_view())), granted(0));
    assert_eq!(judge(Some(domain.as_view())), NO_MATCH);
    assert_eq!(judge(None), NO_MATCH);
    // A token does not hold PRINCIPAL SELF, even if someone put it there.
    let confused = Token::new([sid("S-1-5-10")]);
    assert_eq!(
        effective_rights(&descriptor, &confused, [GET], None)[0],
        NO_MATCH
    );
}

#[test]
fn deny_only_sids_match_denials_only() {
    let token = Token::with_memberships([
        (rid(ACCOUNT), Membership::Enabled),
        (rid(GROUP), Membership::DenyOnly),
    ]);
    let judge = |dacl: &str| {
        let bytes = from_sddl(
            &dacl
                .replace("{group}", &rid(GROUP).to_string())
                .replace("{me}", &rid(ACCOUNT).to_string()),
        );
        effective_rights(&DescriptorRef::parse(&bytes).unwrap(), &token, [GET], None)[0]
    };
    assert_eq!(judge("D:(A;;CR;;;{group})"), NO_MATCH);
    assert_eq!(judge("D:(D;;CR;;;{group})(A;;CR;;;{me})"), denied(0));
    assert_eq!(judge("D:(A;;CR;;;{group})(A;;CR;;;{me})"), granted(1));
}

// The default holders of a domain head (domain head of Samba, which follows Windows).
#[test]
fn holders_on_a_real_head() {
    let (bytes, _) = fixture("domain-head");
    let descriptor = DescriptorRef::parse(bytes).unwrap();
    let holds = |member: Sid| {
        let token = Token::new([member, sid("S-1-1-0"), sid("S-1-5-11")]);
        effective_rights(&descriptor, &token, [GET, ALL], None).map(Verdict::is_granted)
    };
    assert_eq!(holds(rid(ACCOUNT)), [false, false]);
    assert_eq!(holds(sid("S-1-5-32-544")), [true, true]);
    assert_eq!(holds(sid("S-1-5-18")), [true, true]);
    assert_eq!(holds(rid(512)), [true, true]);
    assert_eq!(holds(rid(519)), [true, true]);
    assert_eq!(holds(rid(498)), [true, false]);
    assert_eq!(holds(rid(516)), [false, true]);
    assert_eq!(holds(sid("S-1-5-9")), [true, false]);
    assert_eq!(holds(sid("S-1-5-32-554")), [false, false]);
}

#[test]
fn a_granted_and_a_denied_connector_account() {
    let judge = |name| {
        let (bytes, _) = fixture(name);
        effective_rights(
            &DescriptorRef::parse(bytes).unwrap(),
            &token(),
            [GET, ALL],
            None,
        )
    };
    assert_eq!(judge("domain-head-connector"), [granted(0), granted(1)]);
    assert_eq!(judge("domain-head-denied"), [granted(1), denied(0)]);
    assert_eq!(judge("dacl-absent"), [Verdict::GrantedNoDacl; 2]);
    assert_eq!(
        judge("dacl-empty"),
        [Verdict::Denied {
            by: Denial::EmptyDacl
        }; 2]
    );
}

#[test]
fn a_verdict_reads_well_as_json() {
    let json = |verdict: Verdict| serde_json::to_string(&verdict).unwrap();
    assert_eq!(json(granted(3)), r#"{"verdict":"granted","ace":3}"#);
    assert_eq!(
        json(denied(2)),
        r#"{"verdict":"denied","by":{"reason":"denyingAce","ace":2}}"#
    );
    assert_eq!(
        json(NO_MATCH),
        r#"{"verdict":"denied","by":{"reason":"noMatchingAce"}}"#
    );
}

/// The algorithm of MS-ADTS 5.1.3.3.4 as it is written down, with the outcome of every condition given.
fn reference(
    descriptor: &SecurityDescriptor,
    token: &Token,
    right: Uuid,
    object: Sid,
    conditions: u32,
) -> Verdict {
    let AclState::Present(dacl) = &descriptor.dacl else {
        return Verdict::GrantedNoDacl;
    };
    if dacl.aces.is_empty() {
        return Verdict::Denied {
            by: Denial::EmptyDacl,
        };
    }
    for (index, ace) in dacl.aces.iter().enumerate() {
        let view = ace.as_view();
        if ace.flags.contains(AceFlags::INHERIT_ONLY) {
            continue;
        }
        let allows = match ace.ace_type {
            AceType::Allow
            | AceType::AllowObject
            | AceType::AllowCallback
            | AceType::AllowCallbackObject => true,
            AceType::Deny
            | AceType::DenyObject
            | AceType::DenyCallback
            | AceType::DenyCallbackObject => false,
            _ => continue,
        };
        let mut trustee = view.trustee().unwrap().to_owned();
        if trustee == sid("S-1-5-10") {
            trustee = object;
        }
        let in_token = token.sids().any(|(sid, membership)| {
            *sid == trustee && (membership == Membership::Enabled || !allows)
        });
        if !in_token || trustee == sid("S-1-3-4") {
            continue;
        }
        if view.mask().unwrap().map_generic().bits() & 0x100 == 0 {
            continue;
        }
        if view.object_type().is_some_and(|guid| guid != right) {
            continue;
        }
        if (0x09..=0x0c).contains(&ace.ace_type.code()) && conditions >> index & 1 == 0 {
            continue;
        }
        return if allows {
            granted(index)
        } else {
            denied(index)
        };
    }
    NO_MATCH
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    // Undetermined, by its meaning: some outcome of the conditions changes the answer; the ACE is the first that changes it alone.
    #[test]
    fn agrees_with_the_reference(descriptor in any_descriptor(), token in any_token(), object in any_sid()) {
        let count = descriptor.dacl.as_ref().present().map_or(0, |dacl| dacl.aces.len());
        let bytes = descriptor.to_bytes().unwrap();
        let view = DescriptorRef::parse(&bytes).unwrap();
        let rights = [GET, ALL, ControlAccessRight::SYNCHRONIZE.guid];
        let verdicts = effective_rights(&view, &token, rights, Some(object.as_view()));
        for (right, verdict) in rights.into_iter().zip(verdicts) {
            let judge = |conditions| reference(&descriptor, &token, right, object, conditions);
            let plain = judge(0);
            let changes = |conditions| judge(conditions).is_granted() != plain.is_granted();
            let expected = if (0..1 << count).any(changes) {
                open((0..count).find(|index| changes(1 << index)).unwrap())
            } else {
                plain
            };
            prop_assert_eq!(verdict, expected);
            // One at a time or all at once is the same.
            prop_assert_eq!(effective_rights(&view, &token, [right], Some(object.as_view())), [verdict]);
        }
    }
}
