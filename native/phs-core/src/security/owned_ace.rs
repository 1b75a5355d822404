//! ACEs that own their parts: for building, changing and writing them.

use uuid::Uuid;

use super::ace::{ACE_HEADER, AceBody, AceFlags, AceRef, AceType, ObjectFlags};
use super::error::{EncodeError, Part};
use super::guid;
use super::mask::AccessMask;
use super::sid::Sid;

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

    pub(super) fn is_inherited(&self) -> bool {
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

/// Fills in the size field at `start + 2`, where both ACE and ACL have it.
pub(super) fn set_size(out: &mut [u8], start: usize, part: Part) -> Result<(), EncodeError> {
    let size = out.len() - start;
    let field = u16::try_from(size).map_err(|_| EncodeError::TooLarge { part, size })?;
    out[start + 2..start + 4].copy_from_slice(&field.to_le_bytes());
    Ok(())
}
