//! Security identifiers (MS-DTYP 2.4.2): a view over bytes, an owned value, and the text form `S-1-5-21-...`.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::bytes;

/// The most sub-authorities a SID can have.
pub const MAX_SUB_AUTHORITIES: usize = 15;
const HEADER: usize = 8;
/// Bytes of the longest SID.
pub const MAX_SID_LEN: usize = HEADER + 4 * MAX_SUB_AUTHORITIES;
const REVISION: u8 = 1;
/// Authority of Windows itself, `S-1-5`.
const NT_AUTHORITY: u64 = 5;
/// First sub-authority of every SID that a domain or a computer issues.
const DOMAIN_SUB_AUTHORITY: u32 = 21;

/// Why bytes or a text are not a SID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SidError {
    /// Fewer bytes than the header, or than the count of sub-authorities asks for.
    #[error("SID needs {needed} bytes, {available} are there")]
    Truncated {
        /// Bytes the SID needs.
        needed: usize,
        /// Bytes there are.
        available: usize,
    },
    /// Only revision 1 exists.
    #[error("SID has revision {0}, only revision 1 is known")]
    Revision(u8),
    /// More than [`MAX_SUB_AUTHORITIES`].
    #[error("SID has {0} sub-authorities, at most 15 are allowed")]
    TooManySubAuthorities(usize),
    /// Bytes after the SID where it should have filled the value.
    #[error("SID is followed by {0} unexpected bytes")]
    TrailingBytes(usize),
    /// The text is not `S-1-authority-sub-authority-...`.
    #[error("text is not a SID at character {offset}: {reason}")]
    Text {
        /// Byte offset in the text.
        offset: usize,
        /// What was expected there.
        reason: &'static str,
    },
}

/// A SID inside a buffer; valid by construction.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SidRef<'a>(&'a [u8]);

impl<'a> SidRef<'a> {
    /// Reads a SID that fills `bytes`, as an LDAP `objectSid` value does.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, SidError> {
        let (sid, rest) = Self::parse_prefix(bytes)?;
        if rest.is_empty() {
            Ok(sid)
        } else {
            Err(SidError::TrailingBytes(rest.len()))
        }
    }

    /// Reads the SID at the start of `bytes`; also returns what follows it.
    pub fn parse_prefix(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), SidError> {
        let [revision, count, ..] = *bytes else {
            return Err(SidError::Truncated {
                needed: HEADER,
                available: bytes.len(),
            });
        };
        if revision != REVISION {
            return Err(SidError::Revision(revision));
        }
        let count = usize::from(count);
        if count > MAX_SUB_AUTHORITIES {
            return Err(SidError::TooManySubAuthorities(count));
        }
        let needed = HEADER + 4 * count;
        match bytes.split_at_checked(needed) {
            Some((sid, rest)) => Ok((Self(sid), rest)),
            None => Err(SidError::Truncated {
                needed,
                available: bytes.len(),
            }),
        }
    }

    /// The bytes of the SID as they stand on the wire.
    pub fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// The 48-bit identifier authority, 5 for Windows.
    pub fn authority(self) -> u64 {
        self.0[2..HEADER]
            .iter()
            .fold(0, |authority, byte| authority << 8 | u64::from(*byte))
    }

    /// The sub-authorities in order.
    pub fn sub_authorities(
        self,
    ) -> impl ExactSizeIterator<Item = u32> + DoubleEndedIterator + use<'a> {
        self.0[HEADER..]
            .chunks_exact(4)
            .map(|chunk| bytes::u32_at(chunk, 0).unwrap_or_default())
    }

    /// The last sub-authority: in a domain's SID space the relative identifier (RID).
    pub fn rid(self) -> Option<u32> {
        self.sub_authorities().next_back()
    }

    /// Whether the SID has the form `S-1-5-21-a-b-c`: a domain or a stand-alone computer.
    pub fn is_domain(self) -> bool {
        self.is_issued_by_domain(4)
    }

    /// The SID of the issuing domain and the RID, when this has the form `S-1-5-21-a-b-c-rid`.
    pub fn split_domain(self) -> Option<(Sid, u32)> {
        if !self.is_issued_by_domain(5) {
            return None;
        }
        let mut domain = self.to_owned();
        domain.bytes[1] = 4;
        domain.bytes[HEADER + 16..HEADER + 20].fill(0);
        Some((domain, self.rid()?))
    }

    fn is_issued_by_domain(self, sub_authorities: usize) -> bool {
        let mut subs = self.sub_authorities();
        subs.len() == sub_authorities
            && subs.next() == Some(DOMAIN_SUB_AUTHORITY)
            && self.authority() == NT_AUTHORITY
    }

    /// A copy that owns its bytes.
    pub fn to_owned(self) -> Sid {
        let mut sid = [0; MAX_SID_LEN];
        sid[..self.0.len()].copy_from_slice(self.0);
        Sid { bytes: sid }
    }
}

impl Ord for SidRef<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.authority()
            .cmp(&other.authority())
            .then_with(|| self.sub_authorities().cmp(other.sub_authorities()))
    }
}

impl PartialOrd for SidRef<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Writes the text form; an authority of 2^32 or more is hexadecimal (MS-DTYP 2.4.2.1).
impl fmt::Display for SidRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let authority = self.authority();
        if authority > u64::from(u32::MAX) {
            write!(f, "S-1-0x{authority:012x}")?;
        } else {
            write!(f, "S-1-{authority}")?;
        }
        self.sub_authorities()
            .try_for_each(|sub| write!(f, "-{sub}"))
    }
}

impl fmt::Debug for SidRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A SID that owns its bytes, without an allocation.
#[derive(Clone, Copy)]
pub struct Sid {
    // Bytes past the SID are zero, so the value of a SID has one representation.
    bytes: [u8; MAX_SID_LEN],
}

impl Sid {
    /// Builds a SID from its numbers. `authority` has 48 bits.
    pub fn new(authority: u64, sub_authorities: &[u32]) -> Result<Self, SidError> {
        if sub_authorities.len() > MAX_SUB_AUTHORITIES {
            return Err(SidError::TooManySubAuthorities(sub_authorities.len()));
        }
        let [0, 0, authority @ ..] = authority.to_be_bytes() else {
            return Err(SidError::Text {
                offset: 4,
                reason: "the authority has more than 48 bits",
            });
        };
        let mut bytes = [0; MAX_SID_LEN];
        bytes[0] = REVISION;
        bytes[1] = u8::try_from(sub_authorities.len()).unwrap_or_default();
        bytes[2..HEADER].copy_from_slice(&authority);
        for (slot, sub) in bytes[HEADER..].chunks_exact_mut(4).zip(sub_authorities) {
            slot.copy_from_slice(&sub.to_le_bytes());
        }
        Ok(Self { bytes })
    }

    /// Reads a SID that fills `bytes`.
    pub fn parse(bytes: &[u8]) -> Result<Self, SidError> {
        SidRef::parse(bytes).map(SidRef::to_owned)
    }

    /// The view of this SID.
    pub fn as_view(&self) -> SidRef<'_> {
        SidRef(&self.bytes[..HEADER + 4 * usize::from(self.bytes[1])])
    }

    /// The bytes of the SID as they stand on the wire.
    pub fn as_bytes(&self) -> &[u8] {
        self.as_view().as_bytes()
    }

    /// This domain's SID with `rid` appended.
    pub fn with_rid(&self, rid: u32) -> Result<Self, SidError> {
        let count = self.bytes[1];
        if usize::from(count) == MAX_SUB_AUTHORITIES {
            return Err(SidError::TooManySubAuthorities(MAX_SUB_AUTHORITIES + 1));
        }
        let mut sid = *self;
        let at = HEADER + 4 * usize::from(count);
        sid.bytes[1] = count + 1;
        sid.bytes[at..at + 4].copy_from_slice(&rid.to_le_bytes());
        Ok(sid)
    }
}

impl PartialEq for Sid {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Sid {}

impl Hash for Sid {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_view().hash(state);
    }
}

impl Ord for Sid {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_view().cmp(&other.as_view())
    }
}

impl PartialOrd for Sid {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.as_view(), f)
    }
}

impl fmt::Debug for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads `S-1-authority-sub-...`; the authority is decimal, or hexadecimal after `0x`.
impl FromStr for Sid {
    type Err = SidError;

    fn from_str(text: &str) -> Result<Self, SidError> {
        let fail = |offset, reason| SidError::Text { offset, reason };
        let mut parts = text.split('-');
        if !matches!(parts.next(), Some("S" | "s")) {
            return Err(fail(0, "must begin with S-"));
        }
        if parts.next() != Some("1") {
            return Err(fail(2, "the revision must be 1"));
        }
        let mut offset = 4;
        let part = parts
            .next()
            .ok_or(fail(text.len(), "the authority is missing"))?;
        let authority =
            parse_authority(part).ok_or(fail(offset, "the authority is not a 48-bit number"))?;
        let mut subs = [0; MAX_SUB_AUTHORITIES];
        let mut count = 0;
        offset += part.len() + 1;
        for part in parts {
            let sub = decimal(part)
                .and_then(|sub| u32::try_from(sub).ok())
                .ok_or(fail(offset, "a sub-authority is not a 32-bit number"))?;
            *subs
                .get_mut(count)
                .ok_or(SidError::TooManySubAuthorities(MAX_SUB_AUTHORITIES + 1))? = sub;
            count += 1;
            offset += part.len() + 1;
        }
        Self::new(authority, &subs[..count])
    }
}

fn parse_authority(part: &str) -> Option<u64> {
    let authority = match part.strip_prefix("0x").or_else(|| part.strip_prefix("0X")) {
        Some(hex) if !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            u64::from_str_radix(hex, 16).ok()?
        }
        Some(_) => return None,
        None => decimal(part)?,
    };
    (authority < 1 << 48).then_some(authority)
}

/// A number of digits only: the parser of the standard library would also take a sign.
fn decimal(part: &str) -> Option<u64> {
    if part.bytes().all(|byte| byte.is_ascii_digit()) {
        part.parse().ok()
    } else {
        None
    }
}

impl Serialize for Sid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Sid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
#[path = "sid_tests.rs"]
mod tests;
