use proptest::prelude::*;

use super::*;

fn counted(code: u8, body: &[u8]) -> Vec<u8> {
    let len = u32::try_from(body.len()).unwrap().to_le_bytes();
    [&[code], &len[..], body].concat()
}

fn text(code: u8, text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    counted(code, &units)
}

fn number(value: i64, sign: u8, base: u8) -> Vec<u8> {
    [&[4], &value.to_le_bytes()[..], &[sign, base]].concat()
}

fn words(tokens: &[Vec<u8>]) -> Option<String> {
    let mut bytes = [SIGNATURE.to_vec(), tokens.concat()].concat();
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    in_words(&bytes)
}

// The example of MS-DTYP 2.5.1.2: a title and membership, in postfix order.
#[test]
fn comparisons_and_logic() {
    let title = [text(0xF8, "Title"), text(0x10, "VP"), vec![0x80]].concat();
    assert_eq!(
        words(std::slice::from_ref(&title)).as_deref(),
        Some("(Title == \"VP\")")
    );
    let level = [text(0xF9, "clearance level"), number(5, 3, 2), vec![0x85]].concat();
    let administrators = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0];
    let group = [counted(0x50, &counted(0x51, &administrators)), vec![0x89]].concat();
    let all = words(&[title, level, vec![0xA1], group, vec![0xA2], vec![0xA0]]);
    assert_eq!(
        all.as_deref(),
        Some(
            "(((Title == \"VP\") || (@USER.clearance%0020level >= 5)) && (!(Member_of {SID(BA)})))"
        )
    );
}

#[test]
fn literals() {
    let equals = |literal: Vec<u8>| words(&[text(0xFB, "x"), literal, vec![0x80]]);
    for (literal, expected) in [
        (number(-5, 2, 2), "-5"),
        (number(5, 1, 2), "+5"),
        (number(8, 3, 1), "010"),
        (number(255, 3, 3), "0xff"),
        (number(i64::MIN, 2, 2), "-9223372036854775808"),
        (counted(0x18, &[1, 0xab]), "#01ab"),
        (text(0x10, "æ 💡"), "\"æ 💡\""),
        (counted(0x50, &[]), "{}"),
        (
            counted(0x50, &[number(1, 3, 2), number(2, 3, 2)].concat()),
            "{1, 2}",
        ),
    ] {
        assert_eq!(equals(literal), Some(format!("(@DEVICE.x == {expected})")));
    }
}

#[test]
fn what_is_no_condition_stays_bytes() {
    let attribute = text(0xFA, "x");
    for tokens in [
        vec![],
        vec![vec![0x80]],
        vec![attribute.clone(), attribute.clone()],
        vec![attribute.clone(), vec![0xA2]],
        vec![attribute.clone(), text(0x10, "a\"b"), vec![0x80]],
        vec![attribute.clone(), number(-5, 3, 2), vec![0x80]],
        vec![attribute.clone(), number(5, 9, 2), vec![0x80]],
        vec![attribute.clone(), number(5, 3, 9), vec![0x80]],
        vec![attribute.clone(), counted(0x51, &[1]), vec![0x89]],
        vec![attribute.clone(), vec![0x77]],
        vec![text(0xF9, "")],
        vec![counted(0xF9, &[0, 0xD8])],
        vec![counted(0xF9, &[0x41])],
        vec![vec![0x10, 0xff, 0xff, 0xff, 0xff]],
        vec![attribute.clone(), vec![0; 4]],
    ] {
        assert_eq!(words(&tokens), None, "{tokens:?}");
    }
    assert_eq!(in_words(b"xtra"), None);
    let nested =
        |depth| words(&[vec![attribute.clone(), vec![0x87]], vec![vec![0xA2]; depth]].concat());
    assert!(nested(100).is_some());
    assert_eq!(nested(MAX_TOKENS), None);
}

proptest! {
    #[test]
    fn any_bytes(tokens in prop::collection::vec(prop_oneof![prop::sample::select(vec![0x87, 0x80, 0xA0, 0xA2, 0x50, 0xF9, 0, 4]), any::<u8>()], 0..60)) {
        if let Some(words) = in_words(&[SIGNATURE, &tokens].concat()) {
            prop_assert!(words.starts_with('(') && words.ends_with(')'), "{}", words);
        }
    }
}
