//! Access control entries (MS-DTYP 2.4.4): types, flags, and the view over bytes.

use uuid::Uuid;

use super::bytes::{u16_at, u32_at};
use super::error::{DescriptorError, Part};
use super::guid::{self, GUID_LEN};
use super::mask::AccessMask;
use super::sid::SidRef;

/// Bytes of the ACE header: type, flags, size.
pub(super) const ACE_HEADER: usize = 4;
/// Where the SID begins in the layout mask, SID; in the other layout the object flags.
const BASIC_SID: usize = 8;
/// Where the first GUID begins in the layout mask, object flags, GUIDs, SID.
const OBJECT_GUIDS: usize = 12;

/// What an ACE type does when it applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AceEffect {
    /// Grants.
    Allow,
    /// Denies.
    Deny,
}

/// How the bytes after the ACE header are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Basic,
    Object,
    Opaque,
}

impl Shape {
    fn of(code: u8) -> Self {
        match code {
            0x05..=0x08 | 0x0B | 0x0C | 0x0F | 0x10 => Self::Object,
            0x00..=0x03 | 0x09 | 0x0A | 0x0D | 0x0E | 0x11..=0x15 => Self::Basic,
            _ => Self::Opaque,
        }
    }
}

/// The ACE type (MS-DTYP 2.4.4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AceType {
    /// 0x00
    Allow,
    /// 0x01
    Deny,
    /// 0x02
    Audit,
    /// 0x03
    Alarm,
    /// 0x05
    AllowObject,
    /// 0x06
    DenyObject,
    /// 0x07
    AuditObject,
    /// 0x08
    AlarmObject,
    /// 0x09
    AllowCallback,
    /// 0x0A
    DenyCallback,
    /// 0x0B
    AllowCallbackObject,
    /// 0x0C
    DenyCallbackObject,
    /// 0x0D
    AuditCallback,
    /// 0x0E
    AlarmCallback,
    /// 0x0F
    AuditCallbackObject,
    /// 0x10
    AlarmCallbackObject,
    /// 0x11
    MandatoryLabel,
    /// 0x12
    ResourceAttribute,
    /// 0x13
    ScopedPolicy,
    /// 0x14
    ProcessTrustLabel,
    /// 0x15
    AccessFilter,
    /// Any other type, 0x04 (compound) among them: kept as raw bytes, never part of a decision.
    Unknown(u8),
}

impl AceType {
    const KNOWN: [(u8, Self); 21] = [
        (0x00, Self::Allow),
        (0x01, Self::Deny),
        (0x02, Self::Audit),
        (0x03, Self::Alarm),
        (0x05, Self::AllowObject),
        (0x06, Self::DenyObject),
        (0x07, Self::AuditObject),
        (0x08, Self::AlarmObject),
        (0x09, Self::AllowCallback),
        (0x0A, Self::DenyCallback),
        (0x0B, Self::AllowCallbackObject),
        (0x0C, Self::DenyCallbackObject),
        (0x0D, Self::AuditCallback),
        (0x0E, Self::AlarmCallback),
        (0x0F, Self::AuditCallbackObject),
        (0x10, Self::AlarmCallbackObject),
        (0x11, Self::MandatoryLabel),
        (0x12, Self::ResourceAttribute),
        (0x13, Self::ScopedPolicy),
        (0x14, Self::ProcessTrustLabel),
        (0x15, Self::AccessFilter),
    ];

    /// The type with this number.
    pub fn from_code(code: u8) -> Self {
        match code {
            0..=3 => Self::KNOWN[usize::from(code)].1,
            5..=0x15 => Self::KNOWN[usize::from(code) - 1].1,
            _ => Self::Unknown(code),
        }
    }

    /// The number of this type.
    pub fn code(self) -> u8 {
        if let Self::Unknown(code) = self {
            return code;
        }
        Self::KNOWN
            .iter()
            .find(|(_, known)| *known == self)
            .map_or(u8::MAX, |(code, _)| *code)
    }

    /// What the ACE does to an access request; `None` for audits, labels and unknown types.
    pub fn effect(self) -> Option<AceEffect> {
        match self {
            Self::Allow | Self::AllowObject | Self::AllowCallback | Self::AllowCallbackObject => {
                Some(AceEffect::Allow)
            }
            Self::Deny | Self::DenyObject | Self::DenyCallback | Self::DenyCallbackObject => {
                Some(AceEffect::Deny)
            }
            _ => None,
        }
    }

    /// Whether application data decide if the ACE applies (a conditional ACE).
    pub fn is_callback(self) -> bool {
        matches!(
            self,
            Self::AllowCallback
                | Self::DenyCallback
                | Self::AllowCallbackObject
                | Self::DenyCallbackObject
                | Self::AuditCallback
                | Self::AlarmCallback
                | Self::AuditCallbackObject
                | Self::AlarmCallbackObject
        )
    }

    /// Whether the body has object flags and may have an `ObjectType`.
    pub fn is_object(self) -> bool {
        Shape::of(self.code()) == Shape::Object
    }
}

bitflags::bitflags! {
    /// ACE flags (MS-DTYP 2.4.4.1). Bits without a name are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct AceFlags: u8 {
        /// Inherited by objects that are no containers.
        const OBJECT_INHERIT = 0x01;
        /// Inherited by containers.
        const CONTAINER_INHERIT = 0x02;
        /// Inherited by children only, not further down.
        const NO_PROPAGATE_INHERIT = 0x04;
        /// Not in force on this object.
        const INHERIT_ONLY = 0x08;
        /// Came from a parent.
        const INHERITED = 0x10;
        /// Audit success.
        const SUCCESSFUL_ACCESS = 0x40;
        /// Audit failure.
        const FAILED_ACCESS = 0x80;
        const _ = !0;
    }
}

bitflags::bitflags! {
    /// Which GUIDs an object ACE carries (MS-DTYP 2.4.4.3). Bits without a name are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct ObjectFlags: u32 {
        /// `ObjectType` is there.
        const OBJECT_TYPE = 0x1;
        /// `InheritedObjectType` is there.
        const INHERITED_OBJECT_TYPE = 0x2;
        const _ = !0;
    }
}

/// One ACE inside a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AceRef<'a> {
    /// The type.
    pub ace_type: AceType,
    /// The flags.
    pub flags: AceFlags,
    /// What follows the header.
    pub body: AceBody<'a>,
}

/// The part of an ACE after its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AceBody<'a> {
    /// Mask and SID (MS-DTYP 2.4.4.2 and those of the same layout).
    Basic {
        /// The access mask as stored, generic bits unmapped.
        mask: AccessMask,
        /// Whom the ACE is about.
        trustee: SidRef<'a>,
        /// The condition of a callback ACE or the claim of a resource attribute; slack in every other type.
        application_data: &'a [u8],
    },
    /// Mask, up to two GUIDs and SID (MS-DTYP 2.4.4.3).
    Object {
        /// The access mask as stored, generic bits unmapped.
        mask: AccessMask,
        /// The object flags as stored.
        object_flags: ObjectFlags,
        /// The right, property, property set or class the ACE is limited to.
        object_type: Option<Uuid>,
        /// The class that inherits the ACE.
        inherited_object_type: Option<Uuid>,
        /// Whom the ACE is about.
        trustee: SidRef<'a>,
        /// The condition of a callback ACE; slack in every other type.
        application_data: &'a [u8],
    },
    /// The bytes of a type whose layout is not known.
    Opaque(&'a [u8]),
}

impl<'a> AceRef<'a> {
    /// Reads the ACE at the start of `bytes`, which reach to the end of the ACL; also returns the size of the ACE.
    ///
    /// `offset` is where `bytes` begin in the descriptor, for errors only.
    pub(super) fn parse(bytes: &'a [u8], offset: usize) -> Result<(Self, usize), DescriptorError> {
        Frame::parse(bytes, offset).map(|frame| (frame.decode(), frame.size()))
    }

    /// Checks the ACE at the start of `bytes` as [`Self::parse`] does and returns its size alone, in half the time.
    pub(super) fn check(bytes: &[u8], offset: usize) -> Result<usize, DescriptorError> {
        Frame::parse(bytes, offset).map(|frame| frame.size())
    }

    /// Whether the bytes of an ACE can be about any right of `rights` on the object itself. A quick no; a yes says nothing of the type.
    pub(super) fn may_concern(ace: &[u8], rights: AccessMask) -> bool {
        let in_force = ace.get(1).is_some_and(|flags| {
            !AceFlags::from_bits_retain(*flags).contains(AceFlags::INHERIT_ONLY)
        });
        in_force && u32_at(ace, ACE_HEADER).is_some_and(|mask| mask & rights.bits() != 0)
    }

    /// The access mask as stored; `None` for an unknown type.
    pub fn mask(&self) -> Option<AccessMask> {
        match self.body {
            AceBody::Basic { mask, .. } | AceBody::Object { mask, .. } => Some(mask),
            AceBody::Opaque(_) => None,
        }
    }

    /// Whom the ACE is about; `None` for an unknown type.
    pub fn trustee(&self) -> Option<SidRef<'a>> {
        match self.body {
            AceBody::Basic { trustee, .. } | AceBody::Object { trustee, .. } => Some(trustee),
            AceBody::Opaque(_) => None,
        }
    }

    /// The `ObjectType`, if the ACE is limited to one.
    pub fn object_type(&self) -> Option<Uuid> {
        match self.body {
            AceBody::Object { object_type, .. } => object_type,
            _ => None,
        }
    }

    /// Whether the ACE came from a parent.
    pub fn is_inherited(&self) -> bool {
        self.flags.contains(AceFlags::INHERITED)
    }

    /// Whether the ACE is in force on the object that carries it.
    pub fn is_effective(&self) -> bool {
        !self.flags.contains(AceFlags::INHERIT_ONLY)
    }
}

/// Where the fields of an ACE are. Having one means that they all lie inside it.
struct Frame<'a> {
    bytes: &'a [u8],
    fields: Fields<'a>,
}

enum Fields<'a> {
    Opaque,
    Basic(SidRef<'a>, &'a [u8]),
    Object(ObjectFlags, SidRef<'a>, &'a [u8]),
}

impl<'a> Frame<'a> {
    #[inline]
    fn parse(bytes: &'a [u8], offset: usize) -> Result<Self, DescriptorError> {
        let truncated = |offset, needed, available| DescriptorError::Truncated {
            part: Part::Ace,
            offset,
            needed,
            available,
        };
        let (Some(code), Some(size)) = (bytes.first(), u16_at(bytes, 2)) else {
            return Err(truncated(offset, ACE_HEADER, bytes.len()));
        };
        let size = usize::from(size);
        if size < ACE_HEADER {
            return Err(DescriptorError::AceSize { offset, size });
        }
        let Some(ace) = bytes.get(..size) else {
            return Err(truncated(offset, size, bytes.len()));
        };
        let needs = |len: usize| {
            if size < len {
                Err(truncated(
                    offset + ACE_HEADER,
                    len - ACE_HEADER,
                    size - ACE_HEADER,
                ))
            } else {
                Ok(())
            }
        };
        let trustee = |at: usize| {
            SidRef::parse_prefix(ace.get(at..).unwrap_or_default()).map_err(|source| {
                DescriptorError::Sid {
                    part: Part::Ace,
                    offset: offset + at,
                    source,
                }
            })
        };
        let fields = match Shape::of(*code) {
            Shape::Opaque => Fields::Opaque,
            Shape::Basic => {
                needs(BASIC_SID)?;
                let (trustee, application_data) = trustee(BASIC_SID)?;
                Fields::Basic(trustee, application_data)
            }
            Shape::Object => {
                needs(OBJECT_GUIDS)?;
                let flags =
                    ObjectFlags::from_bits_retain(u32_at(ace, BASIC_SID).unwrap_or_default());
                let at = inherited_at(flags) + guid_len(flags, ObjectFlags::INHERITED_OBJECT_TYPE);
                needs(at)?;
                let (trustee, application_data) = trustee(at)?;
                Fields::Object(flags, trustee, application_data)
            }
        };
        Ok(Self { bytes: ace, fields })
    }

    fn size(&self) -> usize {
        self.bytes.len()
    }

    #[inline]
    fn decode(&self) -> AceRef<'a> {
        let mask = AccessMask::from_bits_retain(u32_at(self.bytes, ACE_HEADER).unwrap_or_default());
        let guid = |object_flags: ObjectFlags, flag, at| {
            let bytes = object_flags.contains(flag).then(|| self.bytes.get(at..));
            bytes.flatten().and_then(guid::read)
        };
        let body = match self.fields {
            Fields::Opaque => AceBody::Opaque(&self.bytes[ACE_HEADER..]),
            Fields::Basic(trustee, application_data) => AceBody::Basic {
                mask,
                trustee,
                application_data,
            },
            Fields::Object(object_flags, trustee, application_data) => AceBody::Object {
                mask,
                object_flags,
                object_type: guid(object_flags, ObjectFlags::OBJECT_TYPE, OBJECT_GUIDS),
                inherited_object_type: guid(
                    object_flags,
                    ObjectFlags::INHERITED_OBJECT_TYPE,
                    inherited_at(object_flags),
                ),
                trustee,
                application_data,
            },
        };
        AceRef {
            ace_type: AceType::from_code(self.bytes[0]),
            flags: AceFlags::from_bits_retain(self.bytes[1]),
            body,
        }
    }
}

/// Where the `InheritedObjectType` begins, if it is there.
fn inherited_at(flags: ObjectFlags) -> usize {
    OBJECT_GUIDS + guid_len(flags, ObjectFlags::OBJECT_TYPE)
}

fn guid_len(flags: ObjectFlags, flag: ObjectFlags) -> usize {
    if flags.contains(flag) { GUID_LEN } else { 0 }
}

#[cfg(test)]
#[path = "ace_tests.rs"]
mod tests;
