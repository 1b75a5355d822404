//! Access control lists (MS-DTYP 2.4.5).

use std::iter::FusedIterator;

use super::ace::AceRef;
use super::bytes::u16_at;
use super::error::{DescriptorError, Part};

/// Bytes of the ACL header: revision, reserved byte, size, count, reserved word.
pub(super) const ACL_HEADER: usize = 8;

/// Whether a descriptor has an ACL: three answers that lead to three different outcomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AclState<T> {
    /// The control word says that there is none (`SE_DACL_PRESENT` clear). A DACL absent grants everything.
    #[default]
    Absent,
    /// The control word says that there is one, its offset is zero. A null DACL grants everything.
    Null,
    /// There is one. A DACL without an ACE grants nothing.
    Present(T),
}

impl<T> AclState<T> {
    /// The ACL, if there is one.
    pub fn present(self) -> Option<T> {
        match self {
            Self::Present(acl) => Some(acl),
            Self::Absent | Self::Null => None,
        }
    }

    /// The same answer about a borrowed ACL.
    pub fn as_ref(&self) -> AclState<&T> {
        match self {
            Self::Absent => AclState::Absent,
            Self::Null => AclState::Null,
            Self::Present(acl) => AclState::Present(acl),
        }
    }

    /// The same answer about another form of the ACL.
    pub fn map<U>(self, form: impl FnOnce(T) -> U) -> AclState<U> {
        match self {
            Self::Absent => AclState::Absent,
            Self::Null => AclState::Null,
            Self::Present(acl) => AclState::Present(form(acl)),
        }
    }
}

/// An ACL inside a buffer. Every ACE of it has been read once, so iteration cannot fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AclRef<'a> {
    // Exactly the size that the header states.
    bytes: &'a [u8],
    // Where the slack after the last ACE begins.
    end: usize,
}

impl<'a> AclRef<'a> {
    /// Reads the ACL at `offset` of `descriptor`, together with all its ACEs.
    pub(super) fn parse(
        descriptor: &'a [u8],
        offset: usize,
        part: Part,
    ) -> Result<Self, DescriptorError> {
        let bytes = descriptor.get(offset..).unwrap_or_default();
        let truncated = |needed| DescriptorError::Truncated {
            part,
            offset,
            needed,
            available: bytes.len(),
        };
        let (Some(&[revision, ..]), Some(size), Some(count)) = (
            bytes.first_chunk::<ACL_HEADER>(),
            u16_at(bytes, 2),
            u16_at(bytes, 4),
        ) else {
            return Err(truncated(ACL_HEADER));
        };
        if !(2..=4).contains(&revision) {
            return Err(DescriptorError::Revision {
                part,
                offset,
                revision,
            });
        }
        let size = usize::from(size);
        if size < ACL_HEADER {
            return Err(DescriptorError::AclSize { part, offset, size });
        }
        let bytes = bytes.get(..size).ok_or(truncated(size))?;
        let mut end = ACL_HEADER;
        for _ in 0..count {
            let rest = bytes.get(end..).unwrap_or_default();
            end += AceRef::check(rest, offset + end)?;
        }
        Ok(Self { bytes, end })
    }

    /// The revision: 2, or 4 when object ACEs are in use.
    pub fn revision(&self) -> u8 {
        self.bytes[0]
    }

    /// The two reserved fields, kept for a byte-exact copy.
    pub(super) fn reserved(&self) -> (u8, u16) {
        (self.bytes[1], u16_at(self.bytes, 6).unwrap_or_default())
    }

    /// The number of ACEs.
    pub fn len(&self) -> usize {
        usize::from(u16_at(self.bytes, 4).unwrap_or_default())
    }

    /// Whether there is no ACE.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The ACEs in stored order.
    pub fn aces(&self) -> Aces<'a> {
        Aces {
            bytes: &self.bytes[ACL_HEADER..self.end],
            left: self.len(),
        }
    }

    /// The ACEs in stored order, undecoded: what the hot path looks at to tell which are worth decoding.
    pub(super) fn slices(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let mut rest = &self.bytes[ACL_HEADER..self.end];
        std::iter::from_fn(move || {
            let (ace, tail) = rest.split_at_checked(usize::from(u16_at(rest, 2)?))?;
            rest = tail;
            Some(ace)
        })
    }

    /// Bytes between the last ACE and the stated end of the ACL.
    pub fn slack(&self) -> &'a [u8] {
        &self.bytes[self.end..]
    }

    /// The bytes of the ACL.
    pub fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }
}

impl<'a> IntoIterator for AclRef<'a> {
    type Item = AceRef<'a>;
    type IntoIter = Aces<'a>;

    fn into_iter(self) -> Aces<'a> {
        self.aces()
    }
}

/// The ACEs of an ACL in stored order.
#[derive(Clone, Debug)]
pub struct Aces<'a> {
    bytes: &'a [u8],
    left: usize,
}

impl<'a> Iterator for Aces<'a> {
    type Item = AceRef<'a>;

    fn next(&mut self) -> Option<AceRef<'a>> {
        self.left = self.left.checked_sub(1)?;
        let (ace, size) = AceRef::parse(self.bytes, 0).ok()?;
        self.bytes = self.bytes.get(size..).unwrap_or_default();
        Some(ace)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Aces<'_> {}
impl FusedIterator for Aces<'_> {}
