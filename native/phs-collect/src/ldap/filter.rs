//! Search filters (RFC 4515) with their values escaped.

/// A value as it stands in a filter: every byte that the grammar reserves, or that is not ASCII text, as `\XX`.
pub fn escape(value: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(value.len());
    for &byte in value {
        match byte {
            b'*' | b'(' | b')' | b'\\' | 0 | 0x80.. => {
                let _ = write!(text, "\\{byte:02x}");
            }
            _ => text.push(char::from(byte)),
        }
    }
    text
}

/// A binary value: every byte as `\XX`.
pub fn escape_binary(value: &[u8]) -> String {
    use std::fmt::Write as _;
    value
        .iter()
        .fold(String::with_capacity(value.len() * 3), |mut text, byte| {
            let _ = write!(text, "\\{byte:02x}");
            text
        })
}

/// `(attribute=value)`.
pub fn equals(attribute: &str, value: &str) -> String {
    format!("({attribute}={})", escape(value.as_bytes()))
}

/// `(attribute=value)` for binary values.
pub fn equals_binary(attribute: &str, value: &[u8]) -> String {
    format!("({attribute}={})", escape_binary(value))
}

/// `(attribute=prefix*)`.
pub fn starts_with(attribute: &str, prefix: &str) -> String {
    format!("({attribute}={}*)", escape(prefix.as_bytes()))
}

/// All of these.
pub fn all(parts: &[String]) -> String {
    join('&', parts)
}

/// Any of these.
pub fn any(parts: &[String]) -> String {
    join('|', parts)
}

fn join(operator: char, parts: &[String]) -> String {
    match parts {
        [one] => one.clone(),
        _ => format!("({operator}{})", parts.concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_and_foreign_bytes_are_escaped() {
        assert_eq!(
            equals("cn", "a*(b)\\c\0 æ"),
            "(cn=a\\2a\\28b\\29\\5cc\\00 \\c3\\a6)"
        );
        assert_eq!(
            equals_binary("objectSid", &[1, 0x5c]),
            "(objectSid=\\01\\5c)"
        );
        assert_eq!(starts_with("name", "M*"), "(name=M\\2a*)");
    }

    #[test]
    fn every_filter_parses() {
        for value in ["", "*", "(|(a=b))", "\\2a", "Ærlig talt", "a\u{0}b"] {
            for text in [
                equals("cn", value),
                starts_with("cn", value),
                any(&[equals("cn", value), equals("sn", value)]),
                all(&[equals("cn", value)]),
            ] {
                assert!(ldap3::parse_filter(&text).is_ok(), "{text}");
            }
        }
    }
}
