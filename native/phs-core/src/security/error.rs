//! What can be wrong with the bytes of a security descriptor.

use std::fmt;

use super::sid::SidError;

/// A part of a security descriptor, for errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The fixed header.
    Header,
    /// The owner SID.
    Owner,
    /// The group SID.
    Group,
    /// The system ACL.
    Sacl,
    /// The discretionary ACL.
    Dacl,
    /// An entry of an ACL.
    Ace,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header => "header",
            Self::Owner => "owner",
            Self::Group => "group",
            Self::Sacl => "SACL",
            Self::Dacl => "DACL",
            Self::Ace => "ACE",
        })
    }
}

/// Why bytes are not a self-relative security descriptor. Offsets count from the start of the descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DescriptorError {
    /// A part reaches past the end of what holds it.
    #[error("{part} at offset {offset} needs {needed} bytes, {available} are there")]
    Truncated {
        /// The part.
        part: Part,
        /// Where it begins.
        offset: usize,
        /// Bytes it needs.
        needed: usize,
        /// Bytes there are.
        available: usize,
    },
    /// The revision is none that MS-DTYP knows: 1 for a descriptor, 2 to 4 for an ACL.
    #[error("{part} at offset {offset} has the unknown revision {revision}")]
    Revision {
        /// The part.
        part: Part,
        /// Where it begins.
        offset: usize,
        /// The revision found.
        revision: u8,
    },
    /// The control word lacks `SE_SELF_RELATIVE`: what follows are addresses of another process, not offsets.
    #[error("security descriptor is not self-relative: its control word is {control:#06x}")]
    NotSelfRelative {
        /// The control word.
        control: u16,
    },
    /// A part would begin inside the header.
    #[error("{part} is said to begin at offset {offset}, inside the header")]
    InsideHeader {
        /// The part.
        part: Part,
        /// Where it is said to begin.
        offset: usize,
    },
    /// The SID of an owner, a group or a trustee is malformed.
    #[error("{part} at offset {offset}: {source}")]
    Sid {
        /// Whose SID.
        part: Part,
        /// Where the SID begins.
        offset: usize,
        /// What is wrong with it.
        source: SidError,
    },
    /// The size field of an ACE is smaller than its header.
    #[error("ACE at offset {offset} has the impossible size {size}")]
    AceSize {
        /// Where the ACE begins.
        offset: usize,
        /// The size found.
        size: usize,
    },
    /// The size field of an ACL is smaller than its header.
    #[error("{part} at offset {offset} has the impossible size {size}")]
    AclSize {
        /// Which ACL.
        part: Part,
        /// Where it begins.
        offset: usize,
        /// The size found.
        size: usize,
    },
}

/// Why a descriptor that was built in memory has no wire form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// Sizes of ACEs and ACLs are 16-bit numbers.
    #[error("{part} would take {size} bytes, at most 65535 are allowed")]
    TooLarge {
        /// The part.
        part: Part,
        /// Its size in bytes.
        size: usize,
    },
    /// The number of ACEs is a 16-bit number.
    #[error("{part} has {count} ACEs, at most 65535 are allowed")]
    TooManyAces {
        /// Which ACL.
        part: Part,
        /// The number of ACEs.
        count: usize,
    },
}
