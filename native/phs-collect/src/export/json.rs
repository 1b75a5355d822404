//! JSON of a policy file: decoded, parsed, and looked up without regard to the letter case of keys, which differs between
//! the versions of the wizard.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::error::ExportError;
use crate::evidence_file::duplicate_key;
use crate::xml::Place;

/// Largest policy file that is read, in bytes. Real ones stay under 1 MiB.
pub(super) const MAX_POLICY: u64 = 16 << 20;

/// Parses the text of a file. A byte order mark of UTF-8 or UTF-16 is honoured.
pub(super) fn parse(bytes: &[u8], file: &str) -> Result<Value, ExportError> {
    let text = decode(bytes).ok_or_else(|| ExportError::Encoding {
        place: Place {
            file: file.to_owned(),
            line: 1,
            offset: 0,
        },
    })?;
    if text.trim().is_empty() {
        return Err(ExportError::Empty {
            path: file.to_owned(),
        });
    }
    let place = |line: usize, column: usize| Place {
        file: file.to_owned(),
        line: line as u64,
        offset: offset_of(&text, line, column),
    };
    if let Some((key, line, column)) = duplicate_key(&text) {
        return Err(ExportError::NotJson {
            place: place(line, column),
            detail: format!("the key {key} stands twice in one object"),
        });
    }
    serde_json::from_str(&text).map_err(|error| {
        let place = place(error.line(), error.column());
        if error.is_eof() {
            ExportError::Truncated { place }
        } else {
            ExportError::NotJson {
                place,
                detail: said(&error),
            }
        }
    })
}

/// What the parser said, without the place, which is told apart.
fn said(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ")
        .map_or(text.clone(), |(said, _)| said.to_owned())
}

fn offset_of(text: &str, line: usize, column: usize) -> u64 {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    (start + column.saturating_sub(1)) as u64
}

/// Text of a file that a Windows tool wrote: UTF-8, or UTF-16 with a byte order mark; none where it is neither.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, odd) = rest.as_chunks::<2>();
        if !odd.is_empty() {
            return None;
        }
        char::decode_utf16(pairs.iter().map(|&pair| unit(pair)))
            .collect::<Result<String, _>>()
            .ok()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).ok().map(str::to_owned),
        _ => std::str::from_utf8(bytes).ok().map(str::to_owned),
    }
}

/// A member by its name, in any letter case; `null` counts as not there.
pub(super) fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object
        .get(name)
        .or_else(|| {
            object
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value)
        })
        .filter(|value| !value.is_null())
}

/// A text, trimmed; none where it is empty or no text.
pub(super) fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    member(object, name)
        .and_then(Value::as_str)
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

/// A GUID, with or without braces.
pub(super) fn guid(object: &Map<String, Value>, name: &str) -> Option<Uuid> {
    Uuid::parse_str(text(object, name)?).ok()
}

/// A whole number, as number or as text.
pub(super) fn number(object: &Map<String, Value>, name: &str) -> Option<i64> {
    match member(object, name)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A flag, as boolean, number or text.
pub(super) fn flag(object: &Map<String, Value>, name: &str) -> Option<bool> {
    match member(object, name)? {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => phs_core::evidence::server::parse_flag(&number.to_string()),
        Value::String(text) => phs_core::evidence::server::parse_flag(text),
        _ => None,
    }
}

/// The objects of a list; a single object counts as a list of one, as PowerShell writes it.
pub(super) fn objects<'a>(
    object: &'a Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = &'a Map<String, Value>> {
    let values = match member(object, name) {
        Some(Value::Array(values)) => values.as_slice(),
        Some(single) => std::slice::from_ref(single),
        None => &[],
    };
    values.iter().filter_map(Value::as_object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_of_windows_tools_is_read() {
        let wide = |text: &str, unit: fn(u16) -> [u8; 2], mark: [u8; 2]| {
            let mut bytes = mark.to_vec();
            bytes.extend(text.encode_utf16().flat_map(unit));
            bytes
        };
        let text = "{\"a\": \"\u{e6}\u{1f600}\"}";
        let mut marked = vec![0xef, 0xbb, 0xbf];
        marked.extend(text.as_bytes());
        for bytes in [
            text.as_bytes().to_vec(),
            marked,
            wide(text, u16::to_le_bytes, [0xff, 0xfe]),
            wide(text, u16::to_be_bytes, [0xfe, 0xff]),
        ] {
            assert_eq!(parse(&bytes, "f").unwrap()["a"], "\u{e6}\u{1f600}");
        }
        for bytes in [&[0xff, 0xfe, 0x00][..], &[0xff, 0xfe, 0x00, 0xd8], &[0x80]] {
            assert!(matches!(
                parse(bytes, "f"),
                Err(ExportError::Encoding { .. })
            ));
        }
    }

    #[test]
    fn an_error_names_its_place() {
        let error = parse(b"{\n  \"a\": oops\n}", "f").unwrap_err();
        let ExportError::NotJson { place, detail } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(place.line, 2);
        assert!(!detail.contains("line"), "{detail}");
        assert!(matches!(
            parse(b"{\"a\": [", "f"),
            Err(ExportError::Truncated { .. })
        ));
        assert!(matches!(parse(b"  ", "f"), Err(ExportError::Empty { .. })));
        let deep = "[".repeat(100_000);
        assert!(parse(deep.as_bytes(), "f").is_err());
    }
}
