//! Self-relative security descriptors (MS-DTYP 2.4.6), read in place.

use super::acl::{AclRef, AclState};
use super::bytes::{index, u16_at, u32_at};
use super::error::{DescriptorError, Part};
use super::sid::SidRef;

/// Bytes of the fixed header.
pub(super) const HEADER: usize = 20;
pub(super) const REVISION: u8 = 1;

bitflags::bitflags! {
    /// The control word of a security descriptor (MS-DTYP 2.4.6). Bits without a name are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct Control: u16 {
        /// The owner came from a default.
        const OWNER_DEFAULTED = 0x0001;
        /// The group came from a default.
        const GROUP_DEFAULTED = 0x0002;
        /// There is a DACL, though it may be null.
        const DACL_PRESENT = 0x0004;
        /// The DACL came from a default.
        const DACL_DEFAULTED = 0x0008;
        /// There is a SACL, though it may be null.
        const SACL_PRESENT = 0x0010;
        /// The SACL came from a default.
        const SACL_DEFAULTED = 0x0020;
        /// The DACL is to be inherited.
        const DACL_AUTO_INHERIT_REQUIRED = 0x0100;
        /// The SACL is to be inherited.
        const SACL_AUTO_INHERIT_REQUIRED = 0x0200;
        /// The DACL was built by inheritance.
        const DACL_AUTO_INHERITED = 0x0400;
        /// The SACL was built by inheritance.
        const SACL_AUTO_INHERITED = 0x0800;
        /// The DACL takes nothing from the parent.
        const DACL_PROTECTED = 0x1000;
        /// The SACL takes nothing from the parent.
        const SACL_PROTECTED = 0x2000;
        /// The second byte of the descriptor has a meaning for its resource manager.
        const RM_CONTROL_VALID = 0x4000;
        /// Offsets, not addresses.
        const SELF_RELATIVE = 0x8000;
        const _ = !0;
    }
}

/// A security descriptor inside a buffer, checked from end to end: its parts can be read without an error.
///
/// Nothing is copied. Bytes after the last part are allowed, and so are parts that overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DescriptorRef<'a> {
    rm_control: u8,
    control: Control,
    owner: Option<SidRef<'a>>,
    group: Option<SidRef<'a>>,
    sacl: AclState<AclRef<'a>>,
    dacl: AclState<AclRef<'a>>,
    // Where each part begins, in the order owner, group, SACL, DACL; zero for none.
    offsets: [u32; 4],
}

impl<'a> DescriptorRef<'a> {
    /// Reads a self-relative security descriptor, the value of `nTSecurityDescriptor`.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, DescriptorError> {
        let Some(&[revision, rm_control, ..]) = bytes.first_chunk::<HEADER>() else {
            return Err(DescriptorError::Truncated {
                part: Part::Header,
                offset: 0,
                needed: HEADER,
                available: bytes.len(),
            });
        };
        if revision != REVISION {
            return Err(DescriptorError::Revision {
                part: Part::Header,
                offset: 0,
                revision,
            });
        }
        let control = Control::from_bits_retain(u16_at(bytes, 2).unwrap_or_default());
        if !control.contains(Control::SELF_RELATIVE) {
            return Err(DescriptorError::NotSelfRelative {
                control: control.bits(),
            });
        }
        let offsets = [4, 8, 12, 16].map(|at| u32_at(bytes, at).unwrap_or_default());
        let [owner, group, sacl, dacl] = offsets;
        Ok(Self {
            rm_control,
            control,
            owner: sid(bytes, owner, Part::Owner)?,
            group: sid(bytes, group, Part::Group)?,
            sacl: acl(
                bytes,
                sacl,
                Part::Sacl,
                control.contains(Control::SACL_PRESENT),
            )?,
            dacl: acl(
                bytes,
                dacl,
                Part::Dacl,
                control.contains(Control::DACL_PRESENT),
            )?,
            offsets,
        })
    }

    /// The control word.
    pub fn control(&self) -> Control {
        self.control
    }

    /// The byte for the resource manager, meaningful with `RM_CONTROL_VALID`.
    pub fn rm_control(&self) -> u8 {
        self.rm_control
    }

    /// The owner.
    pub fn owner(&self) -> Option<SidRef<'a>> {
        self.owner
    }

    /// The primary group.
    pub fn group(&self) -> Option<SidRef<'a>> {
        self.group
    }

    /// The system ACL.
    pub fn sacl(&self) -> AclState<AclRef<'a>> {
        self.sacl
    }

    /// The discretionary ACL.
    pub fn dacl(&self) -> AclState<AclRef<'a>> {
        self.dacl
    }

    pub(super) fn offsets(&self) -> [u32; 4] {
        self.offsets
    }
}

/// The start of a part that is there.
fn start(offset: u32, part: Part) -> Result<usize, DescriptorError> {
    let offset = index(offset);
    if offset < HEADER {
        return Err(DescriptorError::InsideHeader { part, offset });
    }
    Ok(offset)
}

fn sid(bytes: &[u8], offset: u32, part: Part) -> Result<Option<SidRef<'_>>, DescriptorError> {
    if offset == 0 {
        return Ok(None);
    }
    let offset = start(offset, part)?;
    match SidRef::parse_prefix(bytes.get(offset..).unwrap_or_default()) {
        Ok((sid, _)) => Ok(Some(sid)),
        Err(source) => Err(DescriptorError::Sid {
            part,
            offset,
            source,
        }),
    }
}

fn acl(
    bytes: &[u8],
    offset: u32,
    part: Part,
    present: bool,
) -> Result<AclState<AclRef<'_>>, DescriptorError> {
    if !present {
        return Ok(AclState::Absent);
    }
    if offset == 0 {
        return Ok(AclState::Null);
    }
    AclRef::parse(bytes, start(offset, part)?, part).map(AclState::Present)
}

#[cfg(test)]
#[path = "descriptor_tests.rs"]
mod tests;
