//! Evidence comes from other machines: what is shown of it must not steer the reader's terminal (escape sequences, forged lines).

use std::borrow::Cow;
use std::fmt::Write as _;

/// Stands for a control character.
const CONTROL: char = char::REPLACEMENT_CHARACTER;

/// The text with its control characters replaced; ends of lines and tabs stay.
pub fn printable(text: &str) -> Cow<'_, str> {
    let is_kept = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    if text.chars().all(is_kept) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n");
    Cow::Owned(text.replace(|c| !is_kept(c), CONTROL.encode_utf8(&mut [0; 4])))
}

/// The text in one line with its control characters replaced: for what stands in a row of its own.
pub fn one_line(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_control) {
        Cow::Owned(text.replace(char::is_control, CONTROL.encode_utf8(&mut [0; 4])))
    } else {
        Cow::Borrowed(text)
    }
}

/// A distinguished name in one line, still the same name: control characters as hexadecimal pairs (RFC 4514 2.4).
pub fn dn_line(name: &str) -> Cow<'_, str> {
    if !name.chars().any(char::is_control) {
        return Cow::Borrowed(name);
    }
    let mut line = String::with_capacity(name.len() + 8);
    let mut escaped = false;
    for c in name.chars() {
        if c.is_control() {
            if escaped {
                // Its backslash begins the pair.
                line.pop();
            }
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a string cannot fail.
                let _ = write!(line, "\\{byte:02X}");
            }
            escaped = false;
        } else {
            line.push(c);
            escaped = c == '\\' && !escaped;
        }
    }
    Cow::Owned(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;
    use crate::finding::{EvidenceRow, Finding, SkipReason, Target};
    use crate::report::FindingRecord;
    use crate::text;
    use crate::text::{Catalog, DEFAULT_CULTURE};

    #[test]
    fn what_steers_a_terminal_is_replaced() {
        assert_eq!(printable("Kari Ø\t1\r\n2"), "Kari Ø\t1\n2");
        assert_eq!(
            printable("a\u{1b}[2Jb\u{7}\rc\u{9b}d"),
            "a\u{fffd}[2Jb\u{fffd}\u{fffd}c\u{fffd}d"
        );
        assert_eq!(one_line("a\nPassed"), "a\u{fffd}Passed");
        assert!(matches!(one_line("contoso.com"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_distinguished_name_stays_the_same_name() {
        for (name, line) in [
            ("CN=a\nCNF:1,DC=b", "CN=a\\0ACNF:1,DC=b"),
            ("CN=a\\\n,DC=b", "CN=a\\0A,DC=b"),
            ("CN=a\\\\\u{9b},DC=b", "CN=a\\\\\\C2\\9B,DC=b"),
        ] {
            assert_eq!(dn_line(name), line);
            let parsed = |text: &str| crate::dn::Dn::parse(text).ok();
            assert!(parsed(line).is_some());
            if !name.contains("\\\n") {
                assert_eq!(parsed(name), parsed(line));
            }
        }
        assert!(matches!(dn_line("CN=a\\0ACNF:1"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_finding_shows_no_control_character() {
        let finding = Finding::skipped(
            &check::PHS201,
            SkipReason::EvidenceMissing,
            Target::named("a\u{1b}b\nPassed"),
            text!("part-unreadable", file = "x\u{1b}y", error = "e"),
        )
        .with_evidence([EvidenceRow::new("s", "o\u{7}", "a", "v\u{9b}")]);
        let record = FindingRecord::render(&finding, &Catalog::for_culture(DEFAULT_CULTURE), false);
        for record in [record.shown(), record] {
            let shown = format!("{record:?}");
            assert!(
                !shown.contains("\\u{1b}")
                    && !shown.contains("\\u{7}")
                    && !shown.contains("\\u{9b}"),
                "{shown}"
            );
            assert!(!record.target.contains('\n'), "{shown}");
        }
    }
}
