//! The condition of a callback ACE in words (MS-DTYP 2.4.4.17 for the bytes, 2.5.1.1 for the text).

use std::fmt::Write as _;

use super::write::SidSddl;
use crate::security::bytes::{index, u32_at};
use crate::security::sid::SidRef;

const SIGNATURE: &[u8] = b"artx";
/// Longer expressions stay bytes: nobody reads them, and the text grows with the square of their depth.
const MAX_TOKENS: usize = 256;

const UNARY: [(u8, &str); 10] = [
    (0x87, "Exists"),
    (0x89, "Member_of"),
    (0x8A, "Device_Member_of"),
    (0x8B, "Member_of_Any"),
    (0x8C, "Device_Member_of_Any"),
    (0x8D, "Not_Exists"),
    (0x90, "Not_Member_of"),
    (0x91, "Not_Device_Member_of"),
    (0x92, "Not_Member_of_Any"),
    (0x93, "Not_Device_Member_of_Any"),
];

const BINARY: [(u8, &str); 10] = [
    (0x80, "=="),
    (0x81, "!="),
    (0x82, "<"),
    (0x83, "<="),
    (0x84, ">"),
    (0x85, ">="),
    (0x86, "Contains"),
    (0x88, "Any_of"),
    (0x8E, "Not_Contains"),
    (0x8F, "Not_Any_of"),
];

const LOGICAL: [(u8, &str); 2] = [(0xA0, "&&"), (0xA1, "||")];
const NOT: u8 = 0xA2;
const COMPOSITE: u8 = 0x50;

/// The condition in words, parentheses included; `None` if the bytes are no condition that SDDL can express.
pub(super) fn in_words(application_data: &[u8]) -> Option<String> {
    let mut reader = Reader(application_data.strip_prefix(SIGNATURE)?);
    let mut stack: Vec<String> = Vec::new();
    for _ in 0..MAX_TOKENS {
        let Some(code) = reader.byte() else {
            let condition = stack.pop().filter(|_| stack.is_empty())?;
            return Some(match condition.strip_prefix('(') {
                Some(_) => condition,
                None => format!("({condition})"),
            });
        };
        // Zeros pad the expression to a multiple of four bytes.
        if code == 0 {
            if reader.0.len() > 2 || reader.0.iter().any(|byte| *byte != 0) {
                return None;
            }
            reader.0 = &[];
            continue;
        }
        let name = |table: &[(u8, &'static str)]| {
            table
                .iter()
                .find(|(known, _)| *known == code)
                .map(|(_, name)| *name)
        };
        let expression = if let Some(operator) = name(&UNARY) {
            format!("({operator} {})", stack.pop()?)
        } else if let Some(operator) = name(&BINARY).or_else(|| name(&LOGICAL)) {
            let right = stack.pop()?;
            format!("({} {operator} {right})", stack.pop()?)
        } else if code == NOT {
            format!(
                "(!{})",
                stack.pop().filter(|operand| operand.starts_with('('))?
            )
        } else if code == COMPOSITE {
            reader.composite()?
        } else {
            reader.literal(code).or_else(|| reader.attribute(code))?
        };
        stack.push(expression);
    }
    None
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    /// A 32-bit length and as many bytes.
    fn counted(&mut self) -> Option<&'a [u8]> {
        let len = u32_at(self.take(4)?, 0)?;
        self.take(index(len))
    }

    fn composite(&mut self) -> Option<String> {
        let mut inner = Reader(self.counted()?);
        let mut literals = Vec::new();
        while let Some(code) = inner.byte() {
            literals.push(inner.literal(code)?);
        }
        Some(format!("{{{}}}", literals.join(", ")))
    }

    fn literal(&mut self, code: u8) -> Option<String> {
        match code {
            0x01..=0x04 => self.integer(),
            0x10 => {
                let text = utf16(self.counted()?)?;
                (!text.contains('"')).then(|| format!("\"{text}\""))
            }
            0x18 => {
                let mut text = String::from("#");
                self.counted()?
                    .iter()
                    .try_for_each(|byte| write!(text, "{byte:02x}"))
                    .ok()?;
                Some(text)
            }
            0x51 => {
                let sid = SidRef::parse(self.counted()?).ok()?;
                Some(format!("SID({})", SidSddl(sid)))
            }
            _ => None,
        }
    }

    /// Eight bytes of value, the sign as it was written, the base as it was written.
    fn integer(&mut self) -> Option<String> {
        let value = i64::from_le_bytes(*self.take(8)?.first_chunk()?);
        let sign = match self.byte()? {
            1 => "+",
            2 => "-",
            3 if value >= 0 => "",
            _ => return None,
        };
        let magnitude = value.unsigned_abs();
        Some(match self.byte()? {
            1 => format!("{sign}0{magnitude:o}"),
            2 => format!("{sign}{magnitude}"),
            3 => format!("{sign}0x{magnitude:x}"),
            _ => return None,
        })
    }

    fn attribute(&mut self, code: u8) -> Option<String> {
        let scope = match code {
            0xF8 => "",
            0xF9 => "@USER.",
            0xFA => "@RESOURCE.",
            0xFB => "@DEVICE.",
            _ => return None,
        };
        let name = utf16(self.counted()?).filter(|name| !name.is_empty())?;
        let mut text = String::from(scope);
        let mut units = [0; 2];
        for letter in name.chars() {
            if letter.is_alphanumeric() || ":./_".contains(letter) {
                text.push(letter);
            } else {
                // A character that would end the name is written as its UTF-16 units.
                let escaped = letter.encode_utf16(&mut units);
                escaped
                    .iter()
                    .try_for_each(|unit| write!(text, "%{unit:04x}"))
                    .ok()?;
            }
        }
        Some(text)
    }
}

fn utf16(bytes: &[u8]) -> Option<String> {
    let (units, rest) = bytes.as_chunks::<2>();
    let units = units.iter().map(|unit| u16::from_le_bytes(*unit));
    let text: String = char::decode_utf16(units).collect::<Result<_, _>>().ok()?;
    rest.is_empty().then_some(text)
}

#[cfg(test)]
#[path = "condition_tests.rs"]
mod tests;
