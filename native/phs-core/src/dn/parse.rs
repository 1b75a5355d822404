//! The reader of distinguished names: one pass over the bytes.

use super::{Assertion, DnError, DnErrorKind, Rdn, RdnValue};

/// Reads at most `count` RDNs from the left; what follows them is not looked at.
pub(super) fn parse(text: &str, count: usize) -> Result<Vec<Rdn>, DnError> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
    };
    let mut rdns = Vec::new();
    reader.skip_spaces();
    if reader.peek().is_none() || count == 0 {
        return Ok(rdns);
    }
    let mut assertions = Vec::new();
    loop {
        assertions.push(reader.assertion()?);
        match reader.peek() {
            Some(b'+') => reader.at += 1,
            Some(b',' | b';') => {
                reader.at += 1;
                rdns.push(Rdn::from_assertions(std::mem::take(&mut assertions)));
                if rdns.len() == count {
                    return Ok(rdns);
                }
            }
            Some(_) => return Err(reader.error(DnErrorKind::Separator)),
            None => {
                rdns.push(Rdn::from_assertions(assertions));
                return Ok(rdns);
            }
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn error(&self, kind: DnErrorKind) -> DnError {
        DnError {
            kind,
            offset: self.at,
        }
    }

    /// Spaces and the line breaks of a folded line.
    fn skip_spaces(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn assertion(&mut self) -> Result<Assertion, DnError> {
        self.skip_spaces();
        let start = self.at;
        while matches!(self.peek(), Some(b) if b.is_ascii_alphanumeric() || b == b'-' || b == b'.' || b == b'_')
        {
            self.at += 1;
        }
        let mut attribute = &self.text[start..self.at];
        if attribute.is_empty() {
            return Err(self.error(DnErrorKind::AttributeType));
        }
        // The prefix stands before a dotted number only (RFC 2253 4); anything else is a name that begins so.
        if let Some((prefix, number)) = attribute.split_at_checked(4)
            && prefix.eq_ignore_ascii_case("OID.")
            && number.starts_with(|c: char| c.is_ascii_digit())
        {
            attribute = number;
        }
        self.skip_spaces();
        if self.peek() != Some(b'=') {
            return Err(self.error(DnErrorKind::EqualsSign));
        }
        self.at += 1;
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
        let value = match self.peek() {
            Some(b'"') => RdnValue::Text(self.quoted()?),
            Some(b'#') => self.hexadecimal()?,
            _ => RdnValue::Text(self.plain()?),
        };
        Ok(Assertion {
            attribute: attribute.to_owned(),
            value,
        })
    }

    fn plain(&mut self) -> Result<String, DnError> {
        let start = self.at;
        let mut out = Vec::new();
        // Length up to the last byte that is not an unescaped trailing space.
        let mut kept = 0;
        while let Some(byte) = self.peek() {
            match byte {
                b',' | b';' | b'+' => break,
                b'\\' => {
                    out.push(self.escape()?);
                    kept = out.len();
                    continue;
                }
                b' ' => out.push(byte),
                _ => {
                    out.push(byte);
                    kept = out.len();
                }
            }
            self.at += 1;
        }
        out.truncate(kept);
        String::from_utf8(out).map_err(|_| DnError {
            kind: DnErrorKind::Utf8,
            offset: start,
        })
    }

    fn quoted(&mut self) -> Result<String, DnError> {
        let start = self.at;
        self.at += 1;
        let mut out = Vec::new();
        loop {
            match self.peek() {
                None => {
                    return Err(DnError {
                        kind: DnErrorKind::Quote,
                        offset: start,
                    });
                }
                Some(b'"') => break,
                Some(b'\\') => out.push(self.escape()?),
                Some(byte) => {
                    out.push(byte);
                    self.at += 1;
                }
            }
        }
        self.at += 1;
        self.skip_spaces();
        String::from_utf8(out).map_err(|_| DnError {
            kind: DnErrorKind::Utf8,
            offset: start,
        })
    }

    /// One escape: the octet it stands for. The slash is what ADSI paths escape.
    fn escape(&mut self) -> Result<u8, DnError> {
        let first = self.bytes.get(self.at + 1).copied();
        let second = self.bytes.get(self.at + 2).copied();
        if let (Some(high), Some(low)) = (first.and_then(hex), second.and_then(hex)) {
            self.at += 3;
            return Ok(high << 4 | low);
        }
        match first {
            Some(
                byte
                @ (b' ' | b'"' | b'#' | b'+' | b',' | b';' | b'<' | b'=' | b'>' | b'\\' | b'/'),
            ) => {
                self.at += 2;
                Ok(byte)
            }
            _ => Err(self.error(DnErrorKind::Escape)),
        }
    }

    fn hexadecimal(&mut self) -> Result<RdnValue, DnError> {
        self.at += 1;
        let mut octets = Vec::new();
        while let Some(high) = self.peek().and_then(hex) {
            let Some(low) = self.bytes.get(self.at + 1).copied().and_then(hex) else {
                return Err(self.error(DnErrorKind::Hexadecimal));
            };
            octets.push(high << 4 | low);
            self.at += 2;
        }
        if octets.is_empty() {
            return Err(self.error(DnErrorKind::Hexadecimal));
        }
        self.skip_spaces();
        Ok(ber_string(&octets).map_or(RdnValue::Binary(octets), RdnValue::Text))
    }
}

fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// The text of a BER `UTF8String`, `PrintableString`, `IA5String` or `OCTET STRING` that spans all octets.
fn ber_string(octets: &[u8]) -> Option<String> {
    let (&tag, rest) = octets.split_first()?;
    if !matches!(tag, 0x0c | 0x13 | 0x16 | 0x04) {
        return None;
    }
    let (&first, rest) = rest.split_first()?;
    let content = if first < 0x80 {
        (rest.len() == usize::from(first)).then_some(rest)?
    } else {
        let count = usize::from(first & 0x7f);
        if count == 0 || count > 4 {
            return None;
        }
        let (length, content) = rest.split_at_checked(count)?;
        let length = length
            .iter()
            .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        (content.len() as u64 == length).then_some(content)?
    };
    String::from_utf8(content.to_vec()).ok()
}
