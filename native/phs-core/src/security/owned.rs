//! Security descriptors that own their parts: for building, changing and writing them.

use uuid::Uuid;

use super::ace::{ACE_HEADER, AceBody, AceFlags, AceRef, AceType, ObjectFlags};
use super::acl::{ACL_HEADER, AclRef, AclState};
use super::descriptor::{Control, DescriptorRef, HEADER, REVISION};
use super::error::{DescriptorError, EncodeError, Part};
use super::guid;
use super::mask::AccessMask;
use super::sid::Sid;

/// Revision of an ACL that may hold object ACEs.
const ACL_REVISION_DS: u8 = 4;

/// An ACE that owns its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ace {
    /// The type.
    pub ace_type: AceType,
    /// The flags.
    pub flags: AceFlags,
    /// What follows the header.
    pub body: OwnedAceBody,
}

/// The part of an owned ACE after its header; see [`AceBody`] for the fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnedAceBody {
    /// Mask and SID.
    Basic {
        /// The access mask.
        mask: AccessMask,
        /// Whom the ACE is about.
        trustee: Sid,
        /// Condition, claim or slack.
        application_data: Vec<u8>,
    },
    /// Mask, GUIDs and SID.
    Object {
        /// The access mask.
        mask: AccessMask,
        /// Flag bits beyond those that the two GUIDs set.
        object_flags: ObjectFlags,
        /// The `ObjectType`.
        object_type: Option<Uuid>,
        /// The `InheritedObjectType`.
        inherited_object_type: Option<Uuid>,
        /// Whom the ACE is about.
        trustee: Sid,
        /// Condition or slack.
        application_data: Vec<u8>,
    },
    /// The bytes of an unknown type.
    Opaque(Vec<u8>),
}

impl Ace {
    /// A plain ACE that allows `mask` on the object and everything of it.
    pub fn allow(mask: AccessMask, trustee: Sid) -> Self {
        Self::basic(AceType::Allow, mask, trustee)
    }

    /// A plain ACE that denies `mask` on the object and everything of it.
    pub fn deny(mask: AccessMask, trustee: Sid) -> Self {
        Self::basic(AceType::Deny, mask, trustee)
    }

    /// An ACE that allows one control access right, or all of them without `right`.
    pub fn allow_control(right: Option<Uuid>, trustee: Sid) -> Self {
        Self::object(
            AceType::AllowObject,
            AccessMask::CONTROL_ACCESS,
            right,
            trustee,
        )
    }

    /// An ACE that denies one control access right, or all of them without `right`.
    pub fn deny_control(right: Option<Uuid>, trustee: Sid) -> Self {
        Self::object(
            AceType::DenyObject,
            AccessMask::CONTROL_ACCESS,
            right,
            trustee,
        )
    }

    /// An ACE of the layout mask, SID.
    pub fn basic(ace_type: AceType, mask: AccessMask, trustee: Sid) -> Self {
        Self {
            ace_type,
            flags: AceFlags::empty(),
            body: OwnedAceBody::Basic {
                mask,
                trustee,
                application_data: Vec::new(),
            },
        }
    }

    /// An ACE of the layout mask, GUIDs, SID.
    pub fn object(
        ace_type: AceType,
        mask: AccessMask,
        object_type: Option<Uuid>,
        trustee: Sid,
    ) -> Self {
        Self {
            ace_type,
            flags: AceFlags::empty(),
            body: OwnedAceBody::Object {
                mask,
                object_flags: ObjectFlags::empty(),
                object_type,
                inherited_object_type: None,
                trustee,
                application_data: Vec::new(),
            },
        }
    }

    /// The same ACE with these flags.
    #[must_use]
    pub fn with_flags(mut self, flags: AceFlags) -> Self {
        self.flags = flags;
        self
    }

    /// The same ACE with this condition, padded to a multiple of four bytes as the size of an ACE must be.
    #[must_use]
    pub fn with_condition(mut self, condition: &[u8]) -> Self {
        if let OwnedAceBody::Basic {
            application_data, ..
        }
        | OwnedAceBody::Object {
            application_data, ..
        } = &mut self.body
        {
            application_data.clear();
            application_data.extend_from_slice(condition);
            application_data.resize(condition.len().next_multiple_of(4), 0);
        }
        self
    }

    /// The view of this ACE.
    pub fn as_view(&self) -> AceRef<'_> {
        let body = match &self.body {
            OwnedAceBody::Basic {
                mask,
                trustee,
                application_data,
            } => AceBody::Basic {
                mask: *mask,
                trustee: trustee.as_view(),
                application_data,
            },
            OwnedAceBody::Object {
                mask,
                object_flags,
                object_type,
                inherited_object_type,
                trustee,
                application_data,
            } => AceBody::Object {
                mask: *mask,
                object_flags: object_flags_for(*object_flags, *object_type, *inherited_object_type),
                object_type: *object_type,
                inherited_object_type: *inherited_object_type,
                trustee: trustee.as_view(),
                application_data,
            },
            OwnedAceBody::Opaque(bytes) => AceBody::Opaque(bytes),
        };
        AceRef {
            ace_type: self.ace_type,
            flags: self.flags,
            body,
        }
    }

    fn is_inherited(&self) -> bool {
        self.flags.contains(AceFlags::INHERITED)
    }
}

impl From<AceRef<'_>> for Ace {
    fn from(ace: AceRef<'_>) -> Self {
        let body = match ace.body {
            AceBody::Basic {
                mask,
                trustee,
                application_data,
            } => OwnedAceBody::Basic {
                mask,
                trustee: trustee.to_owned(),
                application_data: application_data.to_vec(),
            },
            AceBody::Object {
                mask,
                object_flags,
                object_type,
                inherited_object_type,
                trustee,
                application_data,
            } => OwnedAceBody::Object {
                mask,
                object_flags: object_flags
                    .difference(ObjectFlags::OBJECT_TYPE | ObjectFlags::INHERITED_OBJECT_TYPE),
                object_type,
                inherited_object_type,
                trustee: trustee.to_owned(),
                application_data: application_data.to_vec(),
            },
            AceBody::Opaque(bytes) => OwnedAceBody::Opaque(bytes.to_vec()),
        };
        Self {
            ace_type: ace.ace_type,
            flags: ace.flags,
            body,
        }
    }
}

/// `flags` with the two bits that say which GUIDs are there.
fn object_flags_for(
    mut flags: ObjectFlags,
    object_type: Option<Uuid>,
    inherited: Option<Uuid>,
) -> ObjectFlags {
    flags.set(ObjectFlags::OBJECT_TYPE, object_type.is_some());
    flags.set(ObjectFlags::INHERITED_OBJECT_TYPE, inherited.is_some());
    flags
}

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
        let denies = |ace: &Ace| ace.ace_type.effect() == Some(super::ace::AceEffect::Deny);
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

/// Fills in the size field at `start + 2`, where both ACE and ACL have it.
fn set_size(out: &mut [u8], start: usize, part: Part) -> Result<(), EncodeError> {
    let size = out.len() - start;
    let field = u16::try_from(size).map_err(|_| EncodeError::TooLarge { part, size })?;
    out[start + 2..start + 4].copy_from_slice(&field.to_le_bytes());
    Ok(())
}

impl AceRef<'_> {
    /// Appends the bytes of the ACE.
    pub fn write(&self, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let start = out.len();
        out.extend([self.ace_type.code(), self.flags.bits(), 0, 0]);
        debug_assert_eq!(out.len() - start, ACE_HEADER);
        match self.body {
            AceBody::Basic {
                mask,
                trustee,
                application_data,
            } => {
                out.extend(mask.bits().to_le_bytes());
                out.extend(trustee.as_bytes());
                out.extend(application_data);
            }
            AceBody::Object {
                mask,
                object_flags,
                object_type,
                inherited_object_type,
                trustee,
                application_data,
            } => {
                let flags = object_flags_for(object_flags, object_type, inherited_object_type);
                out.extend(mask.bits().to_le_bytes());
                out.extend(flags.bits().to_le_bytes());
                for guid in [object_type, inherited_object_type].into_iter().flatten() {
                    out.extend(guid::to_wire(guid));
                }
                out.extend(trustee.as_bytes());
                out.extend(application_data);
            }
            AceBody::Opaque(bytes) => out.extend(bytes),
        }
        set_size(out, start, Part::Ace)
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
            owner: descriptor.owner().map(super::sid::SidRef::to_owned),
            group: descriptor.group().map(super::sid::SidRef::to_owned),
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
