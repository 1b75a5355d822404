//! The text form of security descriptors (SDDL, MS-DTYP 2.5.1): written for people, read for fixtures and tools.

mod condition;
mod read;
mod tokens;
mod write;

pub use read::{SddlContext, SddlError, SddlFault, parse, parse_ace, parse_rights};
pub use write::{AceSddl, DescriptorSddl, SidSddl};

use std::fmt;

use super::mask::AccessMask;

/// Writes the rights in SDDL letters, as a hexadecimal number if a bit has none.
impl fmt::Display for AccessMask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write::write_rights(f, *self)
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
