//! SDDL read into the owned forms.

use uuid::Uuid;

use super::tokens::{AclControl, DACL, FLAGS, NULL_ACL, OTHER_RIGHTS, RIGHTS, SACL, TYPES};
use crate::security::ace::{AceFlags, AceType, ObjectFlags};
use crate::security::acl::AclState;
use crate::security::descriptor::Control;
use crate::security::mask::AccessMask;
use crate::security::owned::{Acl, SecurityDescriptor};
use crate::security::owned_ace::{Ace, OwnedAceBody};
use crate::security::sid::{Sid, SidError};
use crate::security::well_known::WellKnown;

/// What the aliases of domain groups (`DA`, `EA` ...) refer to.
#[derive(Clone, Copy, Debug, Default)]
pub struct SddlContext {
    /// SID of the domain.
    pub domain: Option<Sid>,
    /// SID of the root domain of the forest.
    pub forest_root: Option<Sid>,
}

/// Where and why a text is not SDDL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("SDDL is malformed at character {offset}: {fault}")]
pub struct SddlError {
    /// Byte offset in the text.
    pub offset: usize,
    /// What is wrong there.
    pub fault: SddlFault,
}

/// What is wrong in an SDDL text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SddlFault {
    /// Something else should stand here.
    #[error("{0} is expected")]
    Expected(&'static str),
    /// A part is there twice.
    #[error("{0}: stands there twice")]
    Twice(char),
    /// The letters are no ACE type.
    #[error("unknown ACE type '{0}'")]
    AceType(String),
    /// The letters are no ACE flag.
    #[error("unknown ACE flag '{0}'")]
    AceFlag(String),
    /// The letters are no right.
    #[error("unknown right '{0}'")]
    Right(String),
    /// The number does not fit.
    #[error("'{0}' is not a number that fits")]
    Number(String),
    /// The text is no GUID.
    #[error("'{0}' is not a GUID")]
    Guid(String),
    /// The letters are no SID alias.
    #[error("unknown SID alias '{0}'")]
    SidAlias(String),
    /// The alias needs a domain that the context does not name.
    #[error("SID alias '{0}' needs the SID of its domain")]
    DomainNotGiven(String),
    /// The text is no SID.
    #[error(transparent)]
    Sid(#[from] SidError),
    /// The type has no place for this field.
    #[error("this ACE type has no {0}")]
    FieldNotAllowed(&'static str),
    /// A condition in words; only `(#hex)` is read.
    #[error("a condition in words is not supported, only its bytes as (#hex)")]
    Condition,
}

/// Reads a whole security descriptor. White space is allowed between parts and ACEs.
pub fn parse(text: &str, context: &SddlContext) -> Result<SecurityDescriptor, SddlError> {
    let mut reader = Reader {
        text,
        at: 0,
        context,
    };
    let mut descriptor = SecurityDescriptor::new();
    let mut seen = String::new();
    loop {
        reader.skip_space();
        let start = reader.at;
        let Some(letter) = reader.take_char() else {
            return Ok(descriptor);
        };
        if !"OGDS".contains(letter) || reader.take_char() != Some(':') {
            return Err(fail(start, SddlFault::Expected("O:, G:, D: or S:")));
        }
        if seen.contains(letter) {
            return Err(fail(start, SddlFault::Twice(letter)));
        }
        seen.push(letter);
        match letter {
            'O' => descriptor.owner = Some(reader.leading_sid()?),
            'G' => descriptor.group = Some(reader.leading_sid()?),
            'D' => descriptor.dacl = reader.acl(&DACL, &mut descriptor.control)?,
            _ => descriptor.sacl = reader.acl(&SACL, &mut descriptor.control)?,
        }
    }
}

/// Reads one ACE, parentheses included.
pub fn parse_ace(text: &str, context: &SddlContext) -> Result<Ace, SddlError> {
    let mut reader = Reader {
        text,
        at: 0,
        context,
    };
    let ace = reader.ace()?;
    if reader.at == text.len() {
        Ok(ace)
    } else {
        Err(fail(reader.at, SddlFault::Expected("the end of the text")))
    }
}

/// Reads rights: two-letter tokens, or one number (hexadecimal after `0x`, octal after `0`, else decimal).
pub fn parse_rights(text: &str) -> Result<AccessMask, SddlError> {
    rights(text, 0)
}

fn fail(offset: usize, fault: SddlFault) -> SddlError {
    SddlError { offset, fault }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    context: &'a SddlContext,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn take_char(&mut self) -> Option<char> {
        let next = self.rest().chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// The SID after `O:` or `G:`, which ends where the next part begins.
    fn leading_sid(&mut self) -> Result<Sid, SddlError> {
        self.skip_space();
        let rest = self.rest();
        let len = if rest.starts_with("S-") || rest.starts_with("s-") {
            let body = &rest[2..];
            let end = body.find(|c: char| !(c.is_ascii_hexdigit() || "-xX".contains(c)));
            // A part that follows begins with a letter and a colon; of those, D: could be taken for a digit.
            let end = 2 + end.unwrap_or(body.len());
            if rest[end..].starts_with(':') {
                end - 1
            } else {
                end
            }
        } else {
            rest.char_indices().nth(2).map_or(rest.len(), |(at, _)| at)
        };
        let sid = self.sid(&rest[..len], self.at)?;
        self.at += len;
        Ok(sid)
    }

    fn sid(&self, text: &str, offset: usize) -> Result<Sid, SddlError> {
        if text.starts_with("S-") || text.starts_with("s-") {
            return text.parse().map_err(|source| match source {
                SidError::Text {
                    offset: inner,
                    reason,
                } => fail(
                    offset + inner,
                    SddlFault::Sid(SidError::Text {
                        offset: inner,
                        reason,
                    }),
                ),
                source => fail(offset, source.into()),
            });
        }
        let entry = WellKnown::by_alias(text)
            .ok_or_else(|| fail(offset, SddlFault::SidAlias(text.to_owned())))?;
        entry
            .sid(self.context.domain, self.context.forest_root)
            .ok_or_else(|| fail(offset, SddlFault::DomainNotGiven(text.to_owned())))
    }

    fn acl(
        &mut self,
        kind: &AclControl,
        control: &mut Control,
    ) -> Result<AclState<Acl>, SddlError> {
        self.skip_space();
        loop {
            if self.take(NULL_ACL) {
                return Ok(AclState::Null);
            }
            let Some((_, bit)) = kind.flags.iter().find(|(letters, _)| self.take(letters)) else {
                break;
            };
            *control |= *bit;
        }
        let mut aces = Vec::new();
        loop {
            self.skip_space();
            if !self.rest().starts_with('(') {
                break;
            }
            aces.push(self.ace()?);
        }
        let mut acl = Acl::new(aces);
        if !acl.aces.iter().any(|ace| ace.ace_type.is_object()) {
            acl.revision = 2;
        }
        Ok(AclState::Present(acl))
    }

    fn ace(&mut self) -> Result<Ace, SddlError> {
        if !self.take("(") {
            return Err(fail(self.at, SddlFault::Expected("(")));
        }
        let (text, offset) = self.field(";")?;
        let ace_type = ace_type(text, offset)?;
        let (text, offset) = self.field(";")?;
        let flags = flags(text, offset)?;
        if let AceType::Unknown(_) = ace_type {
            if !self.take("#") {
                return Err(fail(
                    self.at,
                    SddlFault::Expected("# and the bytes of an unknown ACE type"),
                ));
            }
            let body = OwnedAceBody::Opaque(self.hex()?);
            return Ok(Ace {
                ace_type,
                flags,
                body,
            });
        }
        let (text, offset) = self.field(";")?;
        let mask = rights(text, offset)?;
        let object_type = self.guid()?;
        let inherited_object_type = self.guid()?;
        let (text, offset) = self.field(";)")?;
        let trustee = self.sid(text.trim(), offset)?;
        let mut application_data = Vec::new();
        if self.text.as_bytes().get(self.at - 1) == Some(&b';') {
            if !self.take("(#") {
                return Err(fail(self.at, SddlFault::Condition));
            }
            application_data = self.hex()?;
            if !self.take(")") {
                return Err(fail(self.at, SddlFault::Expected(")")));
            }
        }
        let body = if ace_type.is_object() {
            OwnedAceBody::Object {
                mask,
                object_flags: ObjectFlags::empty(),
                object_type,
                inherited_object_type,
                trustee,
                application_data,
            }
        } else if object_type.is_some() || inherited_object_type.is_some() {
            return Err(fail(offset, SddlFault::FieldNotAllowed("object GUID")));
        } else {
            OwnedAceBody::Basic {
                mask,
                trustee,
                application_data,
            }
        };
        Ok(Ace {
            ace_type,
            flags,
            body,
        })
    }

    /// The text up to one of `ends`, which is skipped, and where it began.
    fn field(&mut self, ends: &'static str) -> Result<(&'a str, usize), SddlError> {
        let start = self.at;
        let rest = self.rest();
        match rest.find([';', ')', '(']) {
            Some(len) if rest[len..].starts_with(|c| ends.contains(c)) => {
                self.at += len + 1;
                Ok((&rest[..len], start))
            }
            Some(len) => Err(fail(start + len, SddlFault::Expected(ends))),
            None => Err(fail(self.text.len(), SddlFault::Expected(ends))),
        }
    }

    fn guid(&mut self) -> Result<Option<Uuid>, SddlError> {
        let (text, offset) = self.field(";")?;
        if text.is_empty() {
            return Ok(None);
        }
        // Only the dashed form: the parser also takes braces, URNs and bare digits.
        let guid = Uuid::try_parse(text).ok().filter(|_| text.len() == 36);
        guid.map(Some)
            .ok_or_else(|| fail(offset, SddlFault::Guid(text.to_owned())))
    }

    /// Pairs of hexadecimal digits up to `)`, which is skipped.
    fn hex(&mut self) -> Result<Vec<u8>, SddlError> {
        let start = self.at;
        let (digits, _) = self.field(")")?;
        pairs(digits)
            .map(|(at, pair)| {
                let digit = |place: usize| {
                    pair.as_bytes()
                        .get(place)
                        .and_then(|byte| char::from(*byte).to_digit(16))
                };
                match (digit(0), digit(1), pair.len()) {
                    (Some(high), Some(low), 2) => u8::try_from(high << 4 | low).ok(),
                    _ => None,
                }
                .ok_or_else(|| fail(start + at, SddlFault::Number(pair.to_owned())))
            })
            .collect()
    }
}

fn ace_type(text: &str, offset: usize) -> Result<AceType, SddlError> {
    let letters = text.trim();
    if letters.starts_with("0x") {
        let code = number(letters).and_then(|code| u8::try_from(code).ok());
        return code
            .map(AceType::from_code)
            .ok_or_else(|| fail(offset, SddlFault::Number(letters.to_owned())));
    }
    let found = TYPES.iter().find(|(known, _)| *known == letters);
    found
        .map(|(_, ace_type)| *ace_type)
        .ok_or_else(|| fail(offset, SddlFault::AceType(letters.to_owned())))
}

fn flags(text: &str, offset: usize) -> Result<AceFlags, SddlError> {
    if text.starts_with("0x") {
        let bits = number(text).and_then(|bits| u8::try_from(bits).ok());
        return bits
            .map(AceFlags::from_bits_retain)
            .ok_or_else(|| fail(offset, SddlFault::Number(text.to_owned())));
    }
    pairs(text).try_fold(AceFlags::empty(), |all, (at, letters)| {
        let found = FLAGS.iter().find(|(known, _)| *known == letters);
        found
            .map(|(_, flag)| all | *flag)
            .ok_or_else(|| fail(offset + at, SddlFault::AceFlag(letters.to_owned())))
    })
}

fn rights(text: &str, offset: usize) -> Result<AccessMask, SddlError> {
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        return number(text)
            .map(AccessMask::from_bits_retain)
            .ok_or_else(|| fail(offset, SddlFault::Number(text.to_owned())));
    }
    pairs(text).try_fold(AccessMask::empty(), |all, (at, letters)| {
        let named = RIGHTS.iter().map(|(known, right)| (*known, right.bits()));
        named
            .chain(OTHER_RIGHTS)
            .find(|(known, _)| *known == letters)
            .map(|(_, bits)| all | AccessMask::from_bits_retain(bits))
            .ok_or_else(|| fail(offset + at, SddlFault::Right(letters.to_owned())))
    })
}

/// The text in tokens of two characters with their offsets; the last may be one character short.
fn pairs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let at = text.len() - rest.len();
        let len = rest.char_indices().nth(2).map_or(rest.len(), |(at, _)| at);
        let (pair, tail) = rest
            .split_at_checked(len)
            .filter(|(pair, _)| !pair.is_empty())?;
        rest = tail;
        Some((at, pair))
    })
}

fn number(text: &str) -> Option<u32> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => (hex, 16),
        None if text.len() > 1 && text.starts_with('0') => (&text[1..], 8),
        None => (text, 10),
    };
    let valid = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    valid
        .then(|| u32::from_str_radix(digits, radix).ok())
        .flatten()
}
