//! Comparing text without case: Unicode simple case folding, one character to one character.
//!
//! Source: Unicode `CaseFolding.txt`, statuses C and S. Folding is done through the standard library's mappings, so the
//! representative of a class may differ from the file's (Cherokee), never the classes themselves.

use std::cmp::Ordering;

/// Folds one character. Characters that fold to several (`ß`, `ŉ`) or only in Turkic languages (`İ`, `ı`) stay themselves.
pub fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    match c {
        'ı' | 'İ' => c,
        '\u{fb05}' => '\u{fb06}',
        '\u{1fd3}' => '\u{390}',
        '\u{1fe3}' => '\u{3b0}',
        _ => single(single(c, char::to_uppercase), char::to_lowercase),
    }
}

fn single<I: Iterator<Item = char>>(c: char, map: impl Fn(char) -> I) -> char {
    let mut mapped = map(c);
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// Whether two texts are equal without case.
pub fn eq(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    a.chars().map(fold).eq(b.chars().map(fold))
}

/// Orders two texts without case.
pub fn cmp(a: &str, b: &str) -> Ordering {
    a.chars().map(fold).cmp(b.chars().map(fold))
}

/// The text, folded.
pub fn folded(text: &str) -> String {
    text.chars().map(fold).collect()
}

/// Whether `text` starts with `folded_prefix`, which is already folded.
pub fn starts_with_folded(text: &str, folded_prefix: &str) -> bool {
    let mut chars = text.chars().map(fold);
    folded_prefix
        .chars()
        .all(|wanted| chars.next() == Some(wanted))
}

/// Whether `text` ends with `folded_suffix`, which is already folded.
pub fn ends_with_folded(text: &str, folded_suffix: &str) -> bool {
    let mut chars = text.chars().rev().map(fold);
    folded_suffix
        .chars()
        .rev()
        .all(|wanted| chars.next() == Some(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_as_the_unicode_file_says() {
        for (a, b) in [
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("K", "\u{212a}"),
            ("ẞ", "ß"),
            ("Å", "\u{212b}"),
            ("𐐀", "𐐨"),
            ("ſ", "S"),
        ] {
            assert!(eq(a, b), "{a} {b}");
        }
        for (a, b) in [("ß", "ss"), ("ı", "i"), ("İ", "i"), ("é", "e"), ("a", "ab")] {
            assert!(!eq(a, b), "{a} {b}");
        }
    }

    #[test]
    fn folding_is_idempotent_for_every_character() {
        for c in (0..=0x10_ffff_u32).filter_map(char::from_u32) {
            assert_eq!(fold(fold(c)), fold(c), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn prefix_and_suffix_are_whole_characters() {
        assert!(starts_with_folded("ÆRLIG", "ær"));
        assert!(!starts_with_folded("Æ", "ær"));
        assert!(ends_with_folded("SmørÅS", "ås"));
        assert!(starts_with_folded("x", ""));
    }
}
