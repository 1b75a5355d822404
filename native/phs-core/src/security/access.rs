//! Effective rights that the access mask expresses, for the rights a connector account should not have.

use serde::Serialize;
use uuid::Uuid;

use super::ace::{AceEffect, AceRef};
use super::acl::{AclRef, AclState};
use super::bytes::index;
use super::descriptor::DescriptorRef;
use super::mask::AccessMask;
use super::rights::{Conditional, matches};
use super::sid::SidRef;
use super::token::Token;
use super::well_known;

/// The object that a descriptor guards, as far as an access check needs to know it.
#[derive(Clone, Copy, Debug, Default)]
pub struct GuardedObject<'a> {
    /// `objectSid`, which PRINCIPAL SELF stands for.
    pub sid: Option<SidRef<'a>>,
    /// `schemaIDGUID` of the most specific class. An object ACE limited to this class speaks of the whole object (MS-ADTS 5.1.3.3.1).
    pub class: Option<Uuid>,
}

/// What gives a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "source", rename_all = "camelCase")]
pub enum Source {
    /// The DACL is absent or null.
    NoDacl,
    /// The token holds the owner, and no OWNER RIGHTS ACE takes that away.
    Owner,
    /// An ACE, numbered from zero in stored order.
    Ace {
        /// The deciding ACE.
        ace: usize,
    },
}

/// Whether a right is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "holding", rename_all = "camelCase")]
pub enum Holding {
    /// Held. Of several sources, the last that was needed.
    Held {
        /// Where from.
        from: Source,
    },
    /// Not held.
    NotHeld,
    /// It hangs on the condition of this ACE.
    Undetermined {
        /// The first ACE whose condition changes the answer.
        ace: usize,
    },
}

const BITS: usize = 32;

/// The answer for every bit of the mask.
#[derive(Clone, Debug)]
pub struct EffectiveAccess {
    bits: [Holding; BITS],
}

impl EffectiveAccess {
    /// The answer for all bits of `mask` together. An empty mask is not held.
    pub fn holding(&self, mask: AccessMask) -> Holding {
        let mut all = Holding::NotHeld;
        for bit in positions(mask).map(|at| self.bits[at]) {
            all = match (all, bit) {
                (_, Holding::NotHeld) => return Holding::NotHeld,
                (Holding::Undetermined { ace }, Holding::Undetermined { ace: other }) => {
                    Holding::Undetermined {
                        ace: ace.min(other),
                    }
                }
                (Holding::Undetermined { ace }, _) | (_, Holding::Undetermined { ace }) => {
                    Holding::Undetermined { ace }
                }
                (Holding::Held { from }, Holding::Held { from: other }) => Holding::Held {
                    from: from.max(other),
                },
                (Holding::NotHeld, held) => held,
            };
        }
        all
    }

    /// The bits that are certainly held.
    pub fn granted(&self) -> AccessMask {
        let bits = self
            .bits
            .iter()
            .enumerate()
            .filter(|(_, bit)| matches!(bit, Holding::Held { .. }));
        bits.fold(AccessMask::empty(), |mask, (at, _)| {
            mask | AccessMask::from_bits_retain(1 << at)
        })
    }
}

/// The access that the token has to the whole object, each bit decided by the first ACE in stored order that speaks of it
/// (MS-DTYP 2.5.3.2 with every right asked for).
///
/// The owner holds `READ_CONTROL` and `WRITE_DAC` before any ACE, unless an OWNER RIGHTS ACE is in force: then those ACEs are the owner's.
pub fn effective_access(
    descriptor: &DescriptorRef<'_>,
    token: &Token,
    object: GuardedObject<'_>,
) -> EffectiveAccess {
    let AclState::Present(dacl) = descriptor.dacl() else {
        let from = Source::NoDacl;
        return EffectiveAccess {
            bits: [Holding::Held { from }; BITS],
        };
    };
    let owner = descriptor
        .owner()
        .is_some_and(|owner| token.is_enabled(owner));
    let mut bits = [Holding::NotHeld; BITS];
    let mut conditional = [Conditional::default(); BITS];
    let mut undecided = AccessMask::all();
    if owner && !has_owner_rights_ace(dacl) {
        let implied = AccessMask::READ_CONTROL | AccessMask::WRITE_DAC;
        positions(implied).for_each(|at| {
            bits[at] = Holding::Held {
                from: Source::Owner,
            }
        });
        undecided -= implied;
    }
    for (index, ace) in dacl.aces().enumerate() {
        let (Some(effect), Some(mask), true) =
            (ace.ace_type.effect(), ace.mask(), ace.is_effective())
        else {
            continue;
        };
        let concerned = mask.map_generic() & undecided;
        let whole_object = ace
            .object_type()
            .is_none_or(|guid| Some(guid) == object.class);
        if concerned.is_empty() || !whole_object {
            continue;
        }
        let speaks_to_token =
            matches(&ace, effect, token, object.sid) || (owner && is_owner_rights(&ace));
        if !speaks_to_token {
            continue;
        }
        if ace.ace_type.is_callback() {
            positions(concerned).for_each(|at| conditional[at].note(effect, index));
            continue;
        }
        let plain = match effect {
            AceEffect::Allow => Holding::Held {
                from: Source::Ace { ace: index },
            },
            AceEffect::Deny => Holding::NotHeld,
        };
        for at in positions(concerned) {
            let changed_by = conditional[at].opposite(effect == AceEffect::Allow);
            bits[at] = changed_by.map_or(plain, |ace| Holding::Undetermined { ace });
        }
        undecided -= concerned;
    }
    for at in positions(undecided) {
        if let Some(ace) = conditional[at].opposite(false) {
            bits[at] = Holding::Undetermined { ace };
        }
    }
    EffectiveAccess { bits }
}

fn is_owner_rights(ace: &AceRef<'_>) -> bool {
    ace.trustee().is_some_and(well_known::is_owner_rights)
}

/// Whether an ACE in force speaks of the owner, which takes the implied rights away.
fn has_owner_rights_ace(dacl: AclRef<'_>) -> bool {
    let mut aces = dacl.aces();
    aces.any(|ace| ace.is_effective() && ace.ace_type.effect().is_some() && is_owner_rights(&ace))
}

/// The positions of the bits that are set, lowest first.
fn positions(mask: AccessMask) -> impl Iterator<Item = usize> {
    let mut bits = mask.bits();
    std::iter::from_fn(move || {
        let at = (bits != 0).then(|| index(bits.trailing_zeros()))?;
        bits &= bits - 1;
        Some(at)
    })
}

/// The rights on a domain head that a connector account needs for nothing and that give the domain away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExcessRights {
    /// Everything: what `GENERIC_ALL` means on a directory object.
    pub full_control: Holding,
    /// Change the DACL: grant oneself the rest.
    pub write_dac: Holding,
    /// Take ownership: the same by one step more.
    pub write_owner: Holding,
}

impl ExcessRights {
    /// What the token holds of them on the object of the descriptor.
    pub fn of(descriptor: &DescriptorRef<'_>, token: &Token, object: GuardedObject<'_>) -> Self {
        let access = effective_access(descriptor, token, object);
        Self {
            full_control: access.holding(AccessMask::FULL_CONTROL),
            write_dac: access.holding(AccessMask::WRITE_DAC),
            write_owner: access.holding(AccessMask::WRITE_OWNER),
        }
    }

    /// Whether one of them is certainly held.
    pub fn any_held(&self) -> bool {
        [self.full_control, self.write_dac, self.write_owner]
            .iter()
            .any(|holding| matches!(holding, Holding::Held { .. }))
    }
}

#[cfg(test)]
#[path = "access_tests.rs"]
mod tests;
