use proptest::prelude::*;

use super::*;

const ADMINISTRATORS: [u8; 16] = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0];

#[test]
fn bytes_and_text_of_administrators() {
    let sid = Sid::parse(&ADMINISTRATORS).unwrap();
    assert_eq!(sid.to_string(), "S-1-5-32-544");
    assert_eq!("S-1-5-32-544".parse(), Ok(sid));
    assert_eq!("s-1-5-32-544".parse(), Ok(sid));
    assert_eq!(sid.as_bytes(), ADMINISTRATORS);
    assert_eq!(sid.as_view().authority(), 5);
    assert_eq!(
        sid.as_view().sub_authorities().collect::<Vec<_>>(),
        [32, 544]
    );
}

#[test]
fn every_shorter_prefix_is_truncated() {
    for len in 0..ADMINISTRATORS.len() {
        let error = SidRef::parse(&ADMINISTRATORS[..len]).unwrap_err();
        assert!(
            matches!(error, SidError::Truncated { available, .. } if available == len),
            "{error}"
        );
    }
}

#[test]
fn malformed_bytes_are_told_apart() {
    let mut revision = ADMINISTRATORS;
    revision[0] = 2;
    assert_eq!(SidRef::parse(&revision), Err(SidError::Revision(2)));
    let mut count = [0; 72];
    count[..2].copy_from_slice(&[1, 16]);
    assert_eq!(
        SidRef::parse(&count),
        Err(SidError::TooManySubAuthorities(16))
    );
    count[1] = 15;
    assert_eq!(SidRef::parse(&count), Err(SidError::TrailingBytes(4)));
    let (sid, rest) = SidRef::parse_prefix(&count).unwrap();
    assert_eq!((sid.as_bytes().len(), rest.len()), (MAX_SID_LEN, 4));
}

#[test]
fn authority_above_32_bits_is_hexadecimal() {
    let at_limit = Sid::new(u64::from(u32::MAX), &[7]).unwrap();
    assert_eq!(at_limit.to_string(), "S-1-4294967295-7");
    let above = Sid::new(1 << 32, &[7]).unwrap();
    assert_eq!(above.to_string(), "S-1-0x000100000000-7");
    for sid in [at_limit, above] {
        assert_eq!(sid.to_string().parse(), Ok(sid));
    }
    assert!(Sid::new(1 << 48, &[]).is_err());
    assert!("S-1-281474976710656-1".parse::<Sid>().is_err());
    assert_eq!("S-1-0xFFFFFFFFFFFF".parse(), Sid::new((1 << 48) - 1, &[]));
}

#[test]
fn malformed_text_names_the_place() {
    for (text, offset) in [
        ("", 0),
        ("X-1-5", 0),
        ("S-2-5", 2),
        ("S-1", 3),
        ("S-1-", 4),
        ("S-1-0x", 4),
        ("S-1-0x+5-1", 4),
        ("S-1-5-", 6),
        ("S-1-5-+1", 6),
        ("S-1-5-32-4294967296", 9),
        ("S-1-5-32-544 ", 9),
    ] {
        match text.parse::<Sid>() {
            Err(SidError::Text { offset: found, .. }) => assert_eq!(found, offset, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    let sixteen = format!("S-1-5{}", "-1".repeat(16));
    assert_eq!(
        sixteen.parse::<Sid>(),
        Err(SidError::TooManySubAuthorities(16))
    );
}

#[test]
fn domain_and_rid() {
    let domain: Sid = "S-1-5-21-10-20-30".parse().unwrap();
    let user = domain.with_rid(1104).unwrap();
    assert_eq!(user.to_string(), "S-1-5-21-10-20-30-1104");
    assert_eq!(user.as_view().split_domain(), Some((domain, 1104)));
    assert!(domain.as_view().is_domain());
    assert!(!user.as_view().is_domain());
    assert_eq!(domain.as_view().split_domain(), None);
    // BUILTIN is no account domain, and neither is a service SID.
    for other in ["S-1-5-32-544", "S-1-5-80-1-2-3-4", "S-1-12-21-1-2-3-4"] {
        assert_eq!(other.parse::<Sid>().unwrap().as_view().split_domain(), None);
    }
    let full = Sid::new(5, &[1; 15]).unwrap();
    assert_eq!(full.with_rid(1), Err(SidError::TooManySubAuthorities(16)));
}

#[test]
fn order_is_numeric() {
    let mut sids: Vec<Sid> = [
        "S-1-5-32-256",
        "S-1-5-32-3",
        "S-1-5-32",
        "S-1-1-0",
        "S-1-5-21-9",
    ]
    .iter()
    .map(|text| text.parse().unwrap())
    .collect();
    sids.sort();
    let texts: Vec<String> = sids.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "S-1-1-0",
            "S-1-5-21-9",
            "S-1-5-32",
            "S-1-5-32-3",
            "S-1-5-32-256"
        ]
    );
}

#[test]
fn json_is_the_text_form() {
    let sid: Sid = "S-1-5-11".parse().unwrap();
    assert_eq!(serde_json::to_string(&sid).unwrap(), "\"S-1-5-11\"");
    assert_eq!(serde_json::from_str::<Sid>("\"S-1-5-11\"").unwrap(), sid);
    assert!(serde_json::from_str::<Sid>("\"Everyone\"").is_err());
}

proptest! {
    #[test]
    fn numbers_text_and_bytes_agree(authority in 0u64..1 << 48, subs in prop::collection::vec(any::<u32>(), 0..=15)) {
        let sid = Sid::new(authority, &subs).unwrap();
        prop_assert_eq!(sid.as_view().authority(), authority);
        prop_assert_eq!(sid.as_view().sub_authorities().collect::<Vec<_>>(), subs);
        prop_assert_eq!(sid.to_string().parse(), Ok(sid));
        prop_assert_eq!(Sid::parse(sid.as_bytes()), Ok(sid));
    }

    #[test]
    fn any_bytes_and_any_text(bytes in prop::collection::vec(any::<u8>(), 0..80), text in "[Ss]?-?1?-?[0-9x+-]{0,30}") {
        if let Ok((sid, rest)) = SidRef::parse_prefix(&bytes) {
            prop_assert_eq!([sid.as_bytes(), rest].concat(), bytes);
        }
        if let Ok(sid) = text.parse::<Sid>() {
            prop_assert_eq!(sid.to_string().parse(), Ok(sid));
        }
    }
}
