use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

fn dn(text: &str) -> Dn {
    Dn::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn the_same_name_in_many_spellings_is_one_name() {
    let spellings = [
        r"CN=Hansen\, Kari,OU=Sales,DC=contoso,DC=com",
        r"cn=hansen\2C kari,ou=SALES,dc=Contoso,dc=COM",
        r#"CN = "Hansen, Kari" , OU=Sales;DC=contoso,DC=com"#,
        r"CN=Hansen\, Kari,2.5.4.11=Sales,OID.0.9.2342.19200300.100.1.25=contoso,domainComponent=com",
        "CN=#0C0C48616E73656E2C204B617269 ,OU=Sales,DC=contoso,DC=com",
    ];
    let set: HashSet<Dn> = spellings.iter().map(|text| dn(text)).collect();
    assert_eq!(set.len(), 1);
    for text in spellings {
        assert_eq!(
            dn(text).to_string().to_lowercase(),
            r"cn=hansen\, kari,ou=sales,dc=contoso,dc=com"
        );
    }
}

#[test]
fn case_is_folded_beyond_the_basic_plane_and_nothing_else_is() {
    assert_eq!(dn("CN=\u{10400}"), dn("CN=\u{10428}"));
    assert_eq!(dn("OU=ÆRLIG"), dn("OU=ærlig"));
    assert_ne!(dn("OU=é"), dn("OU=e"));
    assert_ne!(dn("OU=Sales"), dn("CN=Sales"));
}

#[test]
fn an_ou_is_no_prefix_of_another() {
    let sales = dn("OU=Sales,DC=contoso,DC=com");
    assert!(!dn("CN=x,OU=Presales,DC=contoso,DC=com").is_descendant_of(&sales));
    assert!(!dn(r"CN=x\,OU=Sales,DC=contoso,DC=com").is_descendant_of(&sales));
    assert!(dn("CN=x,OU=Inner,ou=sales, dc=CONTOSO, dc=com").is_descendant_of(&sales));
    assert!(!sales.is_descendant_of(&sales));
    assert!(sales.is_at_or_below(&sales));
    assert!(sales.is_descendant_of(&Dn::default()));
    assert!(!Dn::default().is_descendant_of(&sales));
}

#[test]
fn parts_of_a_name() {
    let name = dn("CN=Kari,OU=Sales,DC=eu,DC=contoso,DC=com");
    assert_eq!(name.rdn().and_then(Rdn::value), Some("Kari"));
    assert_eq!(name.rdn().map(Rdn::attribute), Some("CN"));
    assert_eq!(name.parent(), Some(dn("OU=Sales,DC=eu,DC=contoso,DC=com")));
    assert_eq!(name.domain_name().as_deref(), Some("eu.contoso.com"));
    assert_eq!(name.domain_head(), Some(dn("DC=eu,DC=contoso,DC=com")));
    assert_eq!(name.depth(), 5);
    assert_eq!(dn("  ").parent(), None);
    assert_eq!(dn("CN={5146}").domain_name(), None);
    // A DC in the middle is a container of its own, not part of the domain.
    assert_eq!(
        dn("DC=x,CN=y,DC=contoso,DC=com").domain_name().as_deref(),
        Some("contoso.com")
    );
}

#[test]
fn conflict_objects_are_seen_escaped_and_raw() {
    let guid = "CNF:1b1d6a5c-0000-4000-8000-000000000001";
    assert!(
        dn(&format!(r"CN=Kari\0A{guid},DC=contoso,DC=com"))
            .rdn()
            .unwrap()
            .is_conflict()
    );
    assert!(
        dn(&format!("CN=Kari\n{guid},DC=contoso,DC=com"))
            .rdn()
            .unwrap()
            .is_conflict()
    );
    assert!(
        !dn(r"CN=Kari 0ACNF:x,DC=contoso,DC=com")
            .rdn()
            .unwrap()
            .is_conflict()
    );
    assert_eq!(
        dn(&format!("CN=Kari\n{guid}")).to_string(),
        format!(r"CN=Kari\0A{guid}")
    );
}

#[test]
fn values_keep_escaped_spaces_and_lose_the_others() {
    assert_eq!(
        dn(r"CN=\ a \ ,DC=x").rdn().and_then(Rdn::value),
        Some(" a  ")
    );
    assert_eq!(
        dn("CN=  a b  ,DC=x").rdn().and_then(Rdn::value),
        Some("a b")
    );
    assert_eq!(dn("CN=").rdn().and_then(Rdn::value), Some(""));
    assert_eq!(
        dn(r"CN=a\C3\A6,DC=x").rdn().and_then(Rdn::value),
        Some("aæ")
    );
    assert_eq!(dn(r"CN=a\/b").rdn().and_then(Rdn::value), Some("a/b"));
    assert_eq!(dn("CN=a=b").to_string(), r"CN=a\=b");
    assert_eq!(dn(r"CN=\#1").to_string(), r"CN=\#1");
}

#[test]
fn several_assertions_are_compared_in_any_order() {
    assert_eq!(dn("CN=a+UID=b,DC=x"), dn("uid=B + cn=A,DC=x"));
    assert_ne!(dn("CN=a+UID=b,DC=x"), dn("CN=a,DC=x"));
    assert_eq!(dn("UID=b+CN=a").to_string(), "CN=a+UID=b");
}

#[test]
fn binary_values_are_kept() {
    let name = dn("1.2.3=#04024869,DC=x");
    assert_eq!(name.rdn().and_then(Rdn::value), Some("Hi"));
    let name = dn("1.2.3=#3003020101,DC=x");
    assert_eq!(name.to_string(), "1.2.3=#3003020101,DC=x");
    assert_eq!(name.rdn().and_then(Rdn::value), None);
}

#[test]
fn errors_name_the_place() {
    for (text, kind, offset) in [
        ("CN=a,,DC=x", DnErrorKind::AttributeType, 5),
        ("CN=a,", DnErrorKind::AttributeType, 5),
        ("CN", DnErrorKind::EqualsSign, 2),
        ("Hansen Kari", DnErrorKind::EqualsSign, 7),
        (r"CN=a\x", DnErrorKind::Escape, 4),
        (r"CN=a\", DnErrorKind::Escape, 4),
        (r#"CN="a"#, DnErrorKind::Quote, 3),
        (r#"CN="a"b"#, DnErrorKind::Separator, 6),
        ("CN=#0", DnErrorKind::Hexadecimal, 4),
        ("CN=#", DnErrorKind::Hexadecimal, 4),
        (r"CN=\FF", DnErrorKind::Utf8, 3),
    ] {
        assert_eq!(Dn::parse(text), Err(DnError { kind, offset }), "{text}");
    }
    let shown = Dn::parse("CN").unwrap_err().to_string();
    assert_eq!(
        shown,
        "not a distinguished name: '=' expected after the attribute type at byte 2"
    );
}

#[test]
fn a_very_long_name_is_no_harm() {
    let text = "OU=a,".repeat(100_000) + "DC=x";
    assert_eq!(dn(&text).depth(), 100_001);
    let text = "CN=a+".repeat(100_000) + "CN=x";
    assert_eq!(dn(&text).depth(), 1);
}

#[test]
fn an_oid_prefix_is_dropped_once_and_only_before_a_number() {
    assert_eq!(dn("oid.2.5.4.3=a"), dn("CN=a"));
    for text in ["OID.OID.1=a", "OID.a=b", "OID.=a"] {
        assert_eq!(dn(text).to_string(), text);
    }
}

#[test]
fn leading_components_are_read_alone() {
    let text = r"CN=a\, b,OU=c,DC=x,no name";
    assert_eq!(Dn::parse_leading(text, 1).unwrap(), dn(r"CN=a\, b"));
    assert_eq!(Dn::parse_leading(text, 2).unwrap(), dn(r"CN=a\, b,OU=c"));
    assert_eq!(Dn::parse_leading(text, 0).unwrap(), Dn::default());
    assert_eq!(Dn::parse_leading("CN=a", 9).unwrap(), dn("CN=a"));
    assert!(Dn::parse_leading(text, 4).is_err());
}

#[test]
fn serde_uses_the_text() {
    let name: Dn = serde_json::from_str("\"cn=a, dc=x\"").unwrap();
    assert_eq!(serde_json::to_string(&name).unwrap(), "\"CN=a,DC=x\"");
    assert!(serde_json::from_str::<Dn>("\"x\"").is_err());
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        if let Err(error) = Dn::parse(&text) {
            prop_assert!(error.offset <= text.len());
        }
    }

    #[test]
    fn any_value_survives_printing(values in proptest::collection::vec(any::<String>(), 1..5)) {
        let text = values.iter().map(|value| format!("CN={}", escape_value(value))).collect::<Vec<_>>().join(" , ");
        let name = dn(&text);
        let read: Vec<&str> = name.rdns().iter().filter_map(Rdn::value).collect();
        prop_assert_eq!(read, values.iter().map(String::as_str).collect::<Vec<_>>());
        prop_assert_eq!(dn(&name.to_string()), name);
    }

    #[test]
    fn what_is_read_prints_and_reads_back_equal(text in r"(CN|ou|1\.2)=[ -~\\\n]{0,12}(,|;|\+)?(DC= ?x)?") {
        if let Ok(name) = Dn::parse(&text) {
            let printed = name.to_string();
            let again = dn(&printed);
            prop_assert_eq!(&again, &name);
            prop_assert_eq!(again.to_string(), printed);
        }
    }
}
