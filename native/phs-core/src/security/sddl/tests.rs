use proptest::prelude::*;

use super::*;
use crate::security::acl::AclState;
use crate::security::descriptor::{Control, DescriptorRef};
use crate::security::owned::SecurityDescriptor;
use crate::security::testing::{
    any_ace, any_descriptor, context, fixture, fixtures, from_sddl, sid,
};

fn show(bytes: &[u8]) -> String {
    format!("{:#}", DescriptorSddl(DescriptorRef::parse(bytes).unwrap()))
}

fn fails(text: &str) -> (usize, SddlFault) {
    let error = parse(text, &SddlContext::default()).unwrap_err();
    (error.offset, error.fault)
}

// Samba prints the text and builds the bytes; reading the text must give what reading the bytes gives.
#[test]
fn samba_text_and_samba_bytes_say_the_same() {
    for (name, bytes, text) in fixtures() {
        let from_bytes = SecurityDescriptor::parse(bytes).unwrap();
        // Ours names domain groups in full, so it needs no context.
        for (text, context) in [
            (text.to_owned(), context()),
            (show(bytes), SddlContext::default()),
        ] {
            let mut from_text = parse(&text, &context).unwrap();
            // Samba gives every ACL the revision of object ACEs.
            for acl in [&mut from_text.dacl, &mut from_text.sacl] {
                if let AclState::Present(acl) = acl {
                    acl.revision = 4;
                }
            }
            assert_eq!(from_text, from_bytes, "{name}");
            assert_eq!(from_text.to_bytes().unwrap(), bytes, "{name}");
        }
    }
}

#[test]
fn written_in_one_order_with_full_domain_sids() {
    let (bytes, _) = fixture("domain-head-denied");
    let text = show(bytes);
    assert!(text.starts_with(
        "O:BAG:BAD:AI(OD;;CR;1131f6ad-9c07-11d1-f79f-00c04fc2dcd2;;S-1-5-21-1004336348-1177238915-682003330-1120)"
    ));
    assert!(
        text.contains("(A;;CCLCSWRPWPLOCRRCWDWO;;;S-1-5-21-1004336348-1177238915-682003330-512)")
    );
    assert!(text.contains("(A;;RPRC;;;RU)"));
    assert!(text.contains("S:AI(OU;CISA;WP;f30e3bbe-9ff0-11d1-b603-0000f80367c1;bf967aa5-0de6-11d0-a285-00aa003049e2;WD)"));
    for alias in [";DA)", ";EA)", ";DD)", ";RO)"] {
        assert!(!text.contains(alias), "{alias}");
    }
}

#[test]
fn aces() {
    for (text, shown) in [
        ("(A;;GA;;;WD)", "(A;;GA;;;WD)"),
        ("(A;OICIIO;GRGWGXSD;;;CO)", "(A;OICIIO;SDGXGWGR;;;CO)"),
        (
            "(D;ID;0xf01ff;;;S-1-5-32-544)",
            "(D;ID;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;BA)",
        ),
        ("(A;;0x100100;;;AU)", "(A;;0x100100;;;AU)"),
        ("(A;;FA;;;SY)", "(A;;0x1f01ff;;;SY)"),
        ("(A;;256;;;AU)", "(A;;CR;;;AU)"),
        ("(A;;0400;;;AU)", "(A;;CR;;;AU)"),
        ("(A;;;;;AU)", "(A;;0x0;;;AU)"),
        ("(A;0x2f;CR;;;AU)", "(A;0x2f;CR;;;AU)"),
        (
            "(OA;CIIO;RP;BF967ABA-0DE6-11D0-A285-00AA003049E2;;ps)",
            "(OA;CIIO;RP;bf967aba-0de6-11d0-a285-00aa003049e2;;PS)",
        ),
        ("(XA;;CR;;;AU;(#61727478))", "(XA;;CR;;;AU;(#61727478))"),
        ("(0x0c;;CR;;;AU;(#00))", "(0x0c;;CR;;;AU;(#00))"),
        ("(0x42;CI;#DEADBEEF)", "(0x42;CI;#deadbeef)"),
        ("(0x05;;CR;;;AU)", "(OA;;CR;;;AU)"),
    ] {
        let ace = parse_ace(text, &context()).unwrap();
        assert_eq!(AceSddl(ace.as_view()).to_string(), shown, "{text}");
    }
}

#[test]
fn a_condition_is_shown_in_words_and_as_bytes() {
    // @USER.x Exists, in postfix order.
    let bytes = "(XA;;CR;;;AU;(#61727478f90200000078008700))";
    let ace = parse_ace(bytes, &context()).unwrap();
    let view = AceSddl(ace.as_view());
    assert_eq!(format!("{view}"), "(XA;;CR;;;AU;(Exists @USER.x))");
    assert_eq!(format!("{view:#}"), bytes);
    // Slack of a plain ACE is no condition, whatever it looks like.
    let slack = bytes.replace("XA", "A");
    let ace = parse_ace(&slack, &context()).unwrap();
    assert_eq!(AceSddl(ace.as_view()).to_string(), slack);
}

// Trap 42: CR is a token at an even place, not two letters anywhere.
#[test]
fn rights_are_tokens_of_two() {
    for (text, holds) in [
        ("LCRP", false),
        ("RPLCRC", false),
        ("DCRC", false),
        ("RPCR", true),
        ("CR", true),
        ("0x100", true),
        ("0x20", false),
        ("RPWPCRCCDCLCLORCWOWDSDDTSW", true),
    ] {
        let mask = parse_rights(text).unwrap();
        assert_eq!(mask.contains(AccessMask::CONTROL_ACCESS), holds, "{text}");
        assert_eq!(parse_rights(&mask.to_string()), Ok(mask));
    }
}

#[test]
fn three_kinds_of_no_ace() {
    assert_eq!(show(&from_sddl("O:BA")), "O:BA");
    assert_eq!(
        show(&from_sddl("D:NO_ACCESS_CONTROL")),
        "D:NO_ACCESS_CONTROL"
    );
    assert_eq!(
        show(&from_sddl("D:PNO_ACCESS_CONTROL")),
        "D:PNO_ACCESS_CONTROL"
    );
    assert_eq!(show(&from_sddl("D:PARAIS:P")), "D:PARAIS:P");
    let flags = parse("D:PARAI", &context()).unwrap().control;
    let expected = Control::DACL_PROTECTED
        | Control::DACL_AUTO_INHERIT_REQUIRED
        | Control::DACL_AUTO_INHERITED;
    assert_eq!(flags, expected | Control::SELF_RELATIVE);
}

#[test]
fn sids_end_where_the_next_part_begins() {
    for text in [
        "O:S-1-5-32-544D:",
        "O:S-1-5-32-544G:S-1-5-11D:",
        "O:S-1-0xabcdef012345-1D:",
        " O: BA  G:SY\n D: (A;;CR;;;WD) (A;;RP;;;AU)",
    ] {
        let read = parse(text, &context()).unwrap();
        assert!(read.owner.is_some(), "{text}");
        assert_ne!(read.dacl, AclState::Absent, "{text}");
    }
    let read = parse("O:S-1-5-32-544G:S-1-5-11D:", &context()).unwrap();
    assert_eq!(
        (read.owner, read.group),
        (Some(sid("S-1-5-32-544")), Some(sid("S-1-5-11")))
    );
}

#[test]
fn aliases_take_the_domain_they_speak_of() {
    let context = SddlContext {
        domain: Some(sid("S-1-5-21-1-1-1")),
        forest_root: Some(sid("S-1-5-21-2-2-2")),
    };
    for (alias, expected) in [
        ("DA", "S-1-5-21-1-1-1-512"),
        ("DD", "S-1-5-21-1-1-1-516"),
        ("EA", "S-1-5-21-2-2-2-519"),
        ("RO", "S-1-5-21-2-2-2-498"),
        ("SA", "S-1-5-21-2-2-2-518"),
        ("RU", "S-1-5-32-554"),
        ("ED", "S-1-5-9"),
    ] {
        let read = parse(&format!("O:{alias}"), &context).unwrap();
        assert_eq!(read.owner, Some(sid(expected)), "{alias}");
    }
}

#[test]
fn errors_name_the_place() {
    for (text, offset, fault) in [
        ("X:", 0, SddlFault::Expected("O:, G:, D: or S:")),
        ("D:D:", 2, SddlFault::Twice('D')),
        ("D:(Q;;CR;;;WD)", 3, SddlFault::AceType("Q".into())),
        ("D:(A;CIXX;CR;;;WD)", 7, SddlFault::AceFlag("XX".into())),
        ("D:(A;;RPC;;;WD)", 8, SddlFault::Right("C".into())),
        (
            "D:(A;;0x1ffffffff;;;WD)",
            6,
            SddlFault::Number("0x1ffffffff".into()),
        ),
        ("D:(A;;+1;;;WD)", 6, SddlFault::Right("+1".into())),
        (
            "D:(OA;;CR;nonsense;;WD)",
            10,
            SddlFault::Guid("nonsense".into()),
        ),
        (
            "D:(A;;CR;bf967aba-0de6-11d0-a285-00aa003049e2;;WD)",
            47,
            SddlFault::FieldNotAllowed("object GUID"),
        ),
        ("D:(A;;CR;;;QQ)", 11, SddlFault::SidAlias("QQ".into())),
        ("D:(A;;CR;;;)", 11, SddlFault::SidAlias(String::new())),
        ("D:(A;;CR;;;DA)", 11, SddlFault::DomainNotGiven("DA".into())),
        ("D:(A;;CR;;;WD", 13, SddlFault::Expected(";)")),
        ("D:(A;;CR)", 8, SddlFault::Expected(";")),
        ("D:(XA;;CR;;;WD;(@USER.x == 1))", 15, SddlFault::Condition),
        ("D:(XA;;CR;;;WD;(#6))", 17, SddlFault::Number("6".into())),
        (
            "O:S-1-5-x",
            2 + 6,
            SddlFault::Sid(crate::security::sid::SidError::Text {
                offset: 6,
                reason: "a sub-authority is not a 32-bit number",
            }),
        ),
        ("O:æø", 2, SddlFault::SidAlias("æø".into())),
    ] {
        assert_eq!(fails(text), (offset, fault), "{text}");
    }
    assert_eq!(
        parse_ace("(A;;CR;;;WD)x", &context()).unwrap_err().offset,
        12
    );
    let message = parse("D:(A;;CR;;;QQ)", &context()).unwrap_err().to_string();
    assert_eq!(
        message,
        "SDDL is malformed at character 11: unknown SID alias 'QQ'"
    );
}

proptest! {
    #[test]
    fn an_ace_comes_back(mut ace in any_ace()) {
        // Padding and reserved object flags are not part of the text.
        if let crate::security::owned_ace::OwnedAceBody::Object { object_flags, .. } = &mut ace.body {
            *object_flags = crate::security::ace::ObjectFlags::empty();
        }
        let text = format!("{:#}", AceSddl(ace.as_view()));
        prop_assert_eq!(parse_ace(&text, &SddlContext::default()), Ok(ace), "{}", text);
    }

    #[test]
    fn a_descriptor_comes_back(descriptor in any_descriptor()) {
        let bytes = descriptor.to_bytes().unwrap();
        let text = show(&bytes);
        let read = parse(&text, &SddlContext::default()).unwrap();
        prop_assert_eq!(show(&read.to_bytes().unwrap()), text);
        prop_assert_eq!(read.dacl.map(|acl| acl.aces), descriptor.dacl.map(|acl| acl.aces));
        prop_assert_eq!(read.sacl.map(|acl| acl.aces), descriptor.sacl.map(|acl| acl.aces));
    }

    #[test]
    fn any_text(text in "\\PC{0,40}", letters in "[OGDSAX:;()#0-9a-fx-]{0,60}") {
        for text in [text, letters] {
            let _ = (parse(&text, &context()), parse_ace(&text, &context()), parse_rights(&text));
        }
    }
}
