//! Security descriptors and ACEs as SDDL.

use std::fmt::{self, Display, Formatter};

use super::condition::in_words;
use super::tokens::{AclControl, DACL, FLAGS, NULL_ACL, RIGHTS, SACL, TYPES};
use crate::security::ace::{AceBody, AceFlags, AceRef};
use crate::security::acl::{AclRef, AclState};
use crate::security::descriptor::DescriptorRef;
use crate::security::mask::AccessMask;
use crate::security::sid::SidRef;
use crate::security::well_known::{Place, WellKnown};

/// One ACE as SDDL, parentheses included.
///
/// A condition is written in words where it can be; other application data as `(#hex)`, types without letters as their number; an unknown
/// type has its bytes in place of all fields. The alternate form (`{:#}`) has every condition as `(#hex)`: [`super::parse_ace`] reads all of
/// that back.
pub struct AceSddl<'a>(pub AceRef<'a>);

impl Display for AceSddl<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let ace = &self.0;
        f.write_str("(")?;
        match TYPES.iter().find(|(_, known)| *known == ace.ace_type) {
            Some((letters, _)) => f.write_str(letters)?,
            None => write!(f, "{:#04x}", ace.ace_type.code())?,
        }
        f.write_str(";")?;
        write_flags(f, ace.flags)?;
        f.write_str(";")?;
        let (mask, guids, trustee, application_data) = match ace.body {
            AceBody::Basic {
                mask,
                trustee,
                application_data,
            } => (mask, [None; 2], trustee, application_data),
            AceBody::Object {
                mask,
                object_type,
                inherited_object_type,
                trustee,
                application_data,
                ..
            } => (
                mask,
                [object_type, inherited_object_type],
                trustee,
                application_data,
            ),
            AceBody::Opaque(bytes) => {
                f.write_str("#")?;
                write_hex(f, bytes)?;
                return f.write_str(")");
            }
        };
        write_rights(f, mask)?;
        for guid in guids {
            f.write_str(";")?;
            if let Some(guid) = guid {
                write!(f, "{guid}")?;
            }
        }
        write!(f, ";{}", SidSddl(trustee))?;
        let callback = ace.ace_type.is_callback() && !f.alternate();
        if let Some(words) = callback.then(|| in_words(application_data)).flatten() {
            write!(f, ";{words}")?;
        } else if !application_data.is_empty() {
            f.write_str(";(#")?;
            write_hex(f, application_data)?;
            f.write_str(")")?;
        }
        f.write_str(")")
    }
}

/// A SID as SDDL: two letters for those that mean the same in every domain, else `S-1-...`.
///
/// A domain's own groups are written in full, for the reader cannot see of which domain two letters speak.
pub struct SidSddl<'a>(pub SidRef<'a>);

impl Display for SidSddl<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let alias = WellKnown::of(self.0)
            .filter(|entry| matches!(entry.place, Place::Fixed { .. }))
            .and_then(|entry| entry.alias);
        match alias {
            Some(alias) => f.write_str(alias),
            None => Display::fmt(&self.0, f),
        }
    }
}

/// A whole security descriptor as SDDL; the alternate form as in [`AceSddl`].
pub struct DescriptorSddl<'a>(pub DescriptorRef<'a>);

impl Display for DescriptorSddl<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(owner) = self.0.owner() {
            write!(f, "O:{}", SidSddl(owner))?;
        }
        if let Some(group) = self.0.group() {
            write!(f, "G:{}", SidSddl(group))?;
        }
        self.write_acl(f, &DACL, self.0.dacl())?;
        self.write_acl(f, &SACL, self.0.sacl())
    }
}

impl DescriptorSddl<'_> {
    fn write_acl(
        &self,
        f: &mut Formatter<'_>,
        kind: &AclControl,
        acl: AclState<AclRef<'_>>,
    ) -> fmt::Result {
        if acl == AclState::Absent {
            return Ok(());
        }
        write!(f, "{}:", kind.letter)?;
        for (letters, bit) in kind.flags {
            if self.0.control().contains(bit) {
                f.write_str(letters)?;
            }
        }
        match acl {
            AclState::Present(acl) => acl
                .aces()
                .try_for_each(|ace| Display::fmt(&AceSddl(ace), f)),
            AclState::Absent | AclState::Null => f.write_str(NULL_ACL),
        }
    }
}

fn write_flags(f: &mut Formatter<'_>, flags: AceFlags) -> fmt::Result {
    let named = FLAGS
        .iter()
        .fold(AceFlags::empty(), |all, (_, flag)| all | *flag);
    if !named.contains(flags) {
        return write!(f, "{:#04x}", flags.bits());
    }
    let mut set = FLAGS.iter().filter(|(_, flag)| flags.contains(*flag));
    set.try_for_each(|(letters, _)| f.write_str(letters))
}

/// The rights as letters; as a number if a bit has no letters, or no bit is set.
pub(super) fn write_rights(f: &mut Formatter<'_>, mask: AccessMask) -> fmt::Result {
    let named = RIGHTS
        .iter()
        .fold(AccessMask::empty(), |all, (_, right)| all | *right);
    if mask.is_empty() || !named.contains(mask) {
        return write!(f, "{:#x}", mask.bits());
    }
    let mut set = RIGHTS.iter().filter(|(_, right)| mask.contains(*right));
    set.try_for_each(|(letters, _)| f.write_str(letters))
}

fn write_hex(f: &mut Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}
