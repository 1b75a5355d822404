//! The part of BER that LDAP and Kerberos use: definite lengths (RFC 4511 5.1, RFC 4120 5).
//!
//! Headers are parsed by `asn1-rs`; this module adds the refusal of indefinite lengths and a writer.

use asn1_rs::{Class, FromBer, Header, Length};

use super::WireError;

/// Deepest nesting that an answer of ours needs, with room to spare.
const MAX_ELEMENTS: usize = 4096;

/// One element: its tag and its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    /// Tag class.
    pub class: Class,
    /// Tag number.
    pub tag: u32,
    /// The content is made of elements.
    pub constructed: bool,
    /// The content.
    pub content: &'a [u8],
}

impl<'a> Element<'a> {
    /// Whether the element has this class and number.
    pub fn is(&self, class: Class, tag: u32) -> bool {
        self.class == class && self.tag == tag
    }

    /// The elements inside.
    pub fn children(&self, what: &'static str) -> Result<Vec<Element<'a>>, WireError> {
        if !self.constructed {
            return Err(WireError::Invalid { what });
        }
        elements(self.content, what)
    }

    /// The content as a non-negative number of at most 32 bits.
    pub fn unsigned(&self, what: &'static str) -> Result<u32, WireError> {
        let value = self.signed(what)?;
        u32::try_from(value).map_err(|_| WireError::Invalid { what })
    }

    /// The content as a two's complement number of at most 64 bits.
    pub fn signed(&self, what: &'static str) -> Result<i64, WireError> {
        let (first, rest) = self
            .content
            .split_first()
            .ok_or(WireError::Truncated { what })?;
        if rest.len() > 7 {
            return Err(WireError::TooLarge { what, limit: 8 });
        }
        let start = i64::from(i8::from_ne_bytes([*first]));
        Ok(rest
            .iter()
            .fold(start, |value, byte| (value << 8) | i64::from(*byte)))
    }

    /// The content as text; bytes that are not UTF-8 are replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(self.content).into_owned()
    }
}

/// Reads one element from the start of `bytes` and returns it with what follows.
pub fn element<'a>(
    bytes: &'a [u8],
    what: &'static str,
) -> Result<(Element<'a>, &'a [u8]), WireError> {
    let (rest, header) = Header::from_ber(bytes).map_err(|error| match error {
        asn1_rs::Err::Incomplete(_) => WireError::Truncated { what },
        asn1_rs::Err::Error(_) | asn1_rs::Err::Failure(_) => WireError::Invalid { what },
    })?;
    let Length::Definite(length) = header.length() else {
        return Err(WireError::Invalid { what });
    };
    let (content, rest) = rest
        .split_at_checked(length)
        .ok_or(WireError::Truncated { what })?;
    let element = Element {
        class: header.class(),
        tag: header.tag().0,
        constructed: header.is_constructed(),
        content,
    };
    Ok((element, rest))
}

/// Reads elements until `bytes` is used up.
pub fn elements<'a>(
    mut bytes: &'a [u8],
    what: &'static str,
) -> Result<Vec<Element<'a>>, WireError> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        if found.len() == MAX_ELEMENTS {
            return Err(WireError::TooLarge {
                what,
                limit: MAX_ELEMENTS,
            });
        }
        let (next, rest) = element(bytes, what)?;
        found.push(next);
        bytes = rest;
    }
    Ok(found)
}

/// How long the element at the start of `bytes` is, header included; `None` while too little has arrived to tell.
pub fn total_length(bytes: &[u8], limit: usize) -> Result<Option<usize>, WireError> {
    let what = "message length";
    match Header::from_ber(bytes) {
        Ok((rest, header)) => {
            let Length::Definite(length) = header.length() else {
                return Err(WireError::Invalid { what });
            };
            let total = (bytes.len() - rest.len()).saturating_add(length);
            if total > limit {
                return Err(WireError::TooLarge { what, limit });
            }
            Ok(Some(total))
        }
        // A header is at most two tag bytes and nine of length for anything we accept.
        Err(_) if bytes.len() < 11 => Ok(None),
        Err(_) => Err(WireError::Invalid { what }),
    }
}

/// Writes an element with the identifier byte `identifier`.
pub fn write(out: &mut Vec<u8>, identifier: u8, content: &[u8]) {
    out.push(identifier);
    let length = content.len();
    if length < 0x80 {
        out.push(length.to_le_bytes()[0]);
    } else {
        let bytes = length.to_be_bytes();
        let skip = bytes.iter().take_while(|byte| **byte == 0).count();
        out.push(0x80 | (bytes.len() - skip).to_le_bytes()[0]);
        out.extend_from_slice(&bytes[skip..]);
    }
    out.extend_from_slice(content);
}

/// One element as bytes.
pub fn encode(identifier: u8, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + 4);
    write(&mut out, identifier, content);
    out
}

/// A constructed element of the given parts.
pub fn encode_parts(identifier: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    encode(identifier, &parts.concat())
}

/// A non-negative number, as INTEGER or under another identifier.
pub fn encode_unsigned(identifier: u8, value: u32) -> Vec<u8> {
    let bytes = u64::from(value).to_be_bytes();
    // One leading zero byte stays where the next has its top bit set, or the number would read as negative.
    let mut start = bytes.iter().take_while(|byte| **byte == 0).count().min(7);
    if bytes[start] & 0x80 != 0 {
        start -= 1;
    }
    encode(identifier, &bytes[start..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn indefinite_length_is_refused() {
        assert!(element(&[0x30, 0x80, 0x02, 0x01, 0x01, 0, 0], "x").is_err());
    }

    #[test]
    fn a_length_beyond_the_end_is_refused() {
        assert_eq!(
            element(&[0x04, 0x84, 0xff, 0xff, 0xff, 0xff, 1], "x"),
            Err(WireError::Truncated { what: "x" })
        );
    }

    #[test]
    fn the_length_is_known_as_soon_as_the_header_is() {
        assert_eq!(total_length(&[], 100).unwrap(), None);
        assert_eq!(total_length(&[0x30], 100).unwrap(), None);
        assert_eq!(total_length(&[0x30, 0x82, 0x00], 100).unwrap(), None);
        assert_eq!(total_length(&[0x30, 0x05], 100).unwrap(), Some(7));
        assert!(total_length(&[0x30, 0x84, 0x7f, 0, 0, 0], 100).is_err());
    }

    proptest! {
        #[test]
        fn numbers_survive(value: u32) {
            let bytes = encode_unsigned(0x02, value);
            let (read, rest) = element(&bytes, "n").unwrap();
            prop_assert_eq!(read.unsigned("n").unwrap(), value);
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn content_survives(content in proptest::collection::vec(any::<u8>(), 0..3_000)) {
            let bytes = encode(0x04, &content);
            let (read, rest) = element(&bytes, "s").unwrap();
            prop_assert_eq!(read.content, &content[..]);
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = elements(&bytes, "x");
            let _ = total_length(&bytes, 1 << 16);
        }
    }
}
