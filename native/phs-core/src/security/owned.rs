//! ACLs and security descriptors that own their parts: for building, changing and writing them.

use super::ace::AceEffect;
use super::acl::{ACL_HEADER, AclRef, AclState};
use super::descriptor::{Control, DescriptorRef, HEADER, REVISION};
use super::error::{DescriptorError, EncodeError, Part};
use super::owned_ace::{Ace, set_size};
use super::sid::{Sid, SidRef};

/// Revision of an ACL that may hold object ACEs.
const ACL_REVISION_DS: u8 = 4;

/// An ACL that owns its ACEs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acl {
    /// The revision.
    pub revision: u8,
    /// The ACEs in stored order.
    pub aces: Vec<Ace>,
    reserved: (u8, u16),
    slack: Vec<u8>,
}

impl Acl {
    /// An ACL of these ACEs, of the revision that directory objects use.
    pub fn new(aces: Vec<Ace>) -> Self {
        Self {
            revision: ACL_REVISION_DS,
            aces,
            reserved: (0, 0),
            slack: Vec::new(),
        }
    }

    /// Puts an ACE where the canonical order wants it: explicit deny, explicit allow, inherited as they are
    /// (Win32 "Order of ACEs in a DACL"). ACEs that are already there keep their order.
    pub fn insert_canonical(&mut self, ace: Ace) {
        let denies = |ace: &Ace| ace.ace_type.effect() == Some(AceEffect::Deny);
        let at = if ace.is_inherited() {
            self.aces.len()
        } else {
            let ace_denies = denies(&ace);
            self.aces
                .iter()
                .position(|other| other.is_inherited() || (ace_denies && !denies(other)))
                .unwrap_or(self.aces.len())
        };
        self.aces.insert(at, ace);
    }

    fn write(&self, part: Part, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let start = out.len();
        let count = u16::try_from(self.aces.len()).map_err(|_| EncodeError::TooManyAces {
            part,
            count: self.aces.len(),
        })?;
        out.extend([self.revision, self.reserved.0, 0, 0]);
        out.extend(count.to_le_bytes());
        out.extend(self.reserved.1.to_le_bytes());
        debug_assert_eq!(out.len() - start, ACL_HEADER);
        for ace in &self.aces {
            ace.as_view().write(out)?;
        }
        out.extend(&self.slack);
        set_size(out, start, part)
    }
}

impl From<AclRef<'_>> for Acl {
    fn from(acl: AclRef<'_>) -> Self {
        Self {
            revision: acl.revision(),
            aces: acl.aces().map(Ace::from).collect(),
            reserved: acl.reserved(),
            slack: acl.slack().to_vec(),
        }
    }
}

/// A part that has a place of its own behind the header.
const PARTS: [Part; 4] = [Part::Owner, Part::Group, Part::Sacl, Part::Dacl];

/// A security descriptor that owns its parts.
///
/// Equality is about what it says: the order in which the parts are laid out does not count.
#[derive(Clone, Debug)]
pub struct SecurityDescriptor {
    /// The owner.
    pub owner: Option<Sid>,
    /// The primary group.
    pub group: Option<Sid>,
    /// The system ACL.
    pub sacl: AclState<Acl>,
    /// The discretionary ACL.
    pub dacl: AclState<Acl>,
    /// The control word. The bits for what is present, and for being self-relative, follow the parts when it is written.
    pub control: Control,
    /// The byte for the resource manager.
    pub rm_control: u8,
    layout: [Part; 4],
}

impl SecurityDescriptor {
    /// A descriptor without owner, group and ACLs.
    pub fn new() -> Self {
        Self {
            owner: None,
            group: None,
            sacl: AclState::Absent,
            dacl: AclState::Absent,
            control: Control::SELF_RELATIVE,
            rm_control: 0,
            layout: PARTS,
        }
    }

    /// A descriptor with a DACL of these ACEs.
    pub fn with_dacl(aces: Vec<Ace>) -> Self {
        Self {
            dacl: AclState::Present(Acl::new(aces)),
            ..Self::new()
        }
    }

    /// Reads a self-relative descriptor.
    pub fn parse(bytes: &[u8]) -> Result<Self, DescriptorError> {
        DescriptorRef::parse(bytes).map(|descriptor| Self::from(&descriptor))
    }

    /// The self-relative form. The parts keep the order in which they were read, without gaps, so every descriptor that has none comes back byte for byte.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EncodeError> {
        let mut out = vec![0; HEADER];
        out[0] = REVISION;
        out[1] = self.rm_control;
        out[2..4].copy_from_slice(&self.written_control().bits().to_le_bytes());
        for part in self.layout {
            let start = out.len();
            let slot = match part {
                Part::Owner => {
                    out.extend(self.owner.iter().flat_map(Sid::as_bytes));
                    4
                }
                Part::Group => {
                    out.extend(self.group.iter().flat_map(Sid::as_bytes));
                    8
                }
                Part::Sacl => {
                    self.sacl.write(part, &mut out)?;
                    12
                }
                _ => {
                    self.dacl.write(part, &mut out)?;
                    16
                }
            };
            if out.len() > start {
                let offset = u32::try_from(start)
                    .map_err(|_| EncodeError::TooLarge { part, size: start })?;
                out[slot..slot + 4].copy_from_slice(&offset.to_le_bytes());
            }
        }
        Ok(out)
    }

    fn written_control(&self) -> Control {
        let mut control = self.control | Control::SELF_RELATIVE;
        control.set(Control::DACL_PRESENT, self.dacl != AclState::Absent);
        control.set(Control::SACL_PRESENT, self.sacl != AclState::Absent);
        control
    }
}

impl AclState<Acl> {
    fn write(&self, part: Part, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        match self {
            Self::Absent | Self::Null => Ok(()),
            Self::Present(acl) => acl.write(part, out),
        }
    }
}

impl Default for SecurityDescriptor {
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for SecurityDescriptor {
    fn eq(&self, other: &Self) -> bool {
        self.written_control() == other.written_control()
            && self.rm_control == other.rm_control
            && self.owner == other.owner
            && self.group == other.group
            && self.sacl == other.sacl
            && self.dacl == other.dacl
    }
}

impl Eq for SecurityDescriptor {}

impl From<&DescriptorRef<'_>> for SecurityDescriptor {
    fn from(descriptor: &DescriptorRef<'_>) -> Self {
        let mut layout = PARTS;
        let offsets = descriptor.offsets();
        // A part without a place sorts last; its place does not matter.
        layout.sort_by_key(|part| {
            let at = PARTS
                .iter()
                .position(|other| other == part)
                .unwrap_or_default();
            offsets[at].wrapping_sub(1)
        });
        Self {
            owner: descriptor.owner().map(SidRef::to_owned),
            group: descriptor.group().map(SidRef::to_owned),
            sacl: descriptor.sacl().map(Acl::from),
            dacl: descriptor.dacl().map(Acl::from),
            control: descriptor.control(),
            rm_control: descriptor.rm_control(),
            layout,
        }
    }
}

#[cfg(test)]
#[path = "owned_tests.rs"]
mod tests;
