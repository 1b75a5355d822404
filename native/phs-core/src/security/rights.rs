//! Effective control access rights: MS-ADTS 5.1.3.3.4 over the access check of MS-DTYP 2.5.3.2.

use serde::Serialize;
use uuid::Uuid;

use super::ace::{AceEffect, AceRef};
use super::acl::AclState;
use super::descriptor::DescriptorRef;
use super::mask::AccessMask;
use super::sid::SidRef;
use super::token::{Membership, Token};
use super::well_known;

/// The answer for one right. ACE numbers count from zero in stored order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "verdict", rename_all = "camelCase")]
pub enum Verdict {
    /// An ACE allows it.
    Granted {
        /// The deciding ACE.
        ace: usize,
    },
    /// The DACL is absent or null: everyone holds every right.
    GrantedNoDacl,
    /// It is not held.
    Denied {
        /// What decided.
        by: Denial,
    },
    /// The answer hangs on the condition of an ACE, which only the domain controller can evaluate.
    Undetermined {
        /// The first ACE whose condition changes the answer.
        ace: usize,
    },
}

impl Verdict {
    /// Whether the right is certainly held.
    pub fn is_granted(self) -> bool {
        matches!(self, Self::Granted { .. } | Self::GrantedNoDacl)
    }

    /// The ACE that decides, if one does.
    pub fn deciding_ace(self) -> Option<usize> {
        match self {
            Self::Granted { ace }
            | Self::Undetermined { ace }
            | Self::Denied {
                by: Denial::DenyingAce { ace },
            } => Some(ace),
            Self::GrantedNoDacl | Self::Denied { .. } => None,
        }
    }
}

/// Why a right is not held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "reason", rename_all = "camelCase")]
pub enum Denial {
    /// An ACE denies it before any other allows it.
    DenyingAce {
        /// The deciding ACE.
        ace: usize,
    },
    /// No ACE speaks of this right to this token.
    NoMatchingAce,
    /// The DACL has no ACE at all.
    EmptyDacl,
}

/// The bits that concern control access rights: `GENERIC_ALL` is the only generic one that maps to `CONTROL_ACCESS`.
const CONTROL: AccessMask = AccessMask::CONTROL_ACCESS.union(AccessMask::GENERIC_ALL);

/// What conditions leave open about one right: the first conditional ACE of each effect.
#[derive(Clone, Copy, Default)]
pub(super) struct Conditional {
    allow: Option<usize>,
    deny: Option<usize>,
}

impl Conditional {
    /// Notes a conditional ACE that speaks of the right.
    pub(super) fn note(&mut self, effect: AceEffect, ace: usize) {
        match effect {
            AceEffect::Allow => self.allow.get_or_insert(ace),
            AceEffect::Deny => self.deny.get_or_insert(ace),
        };
    }

    /// The ACE that can change an answer which is `granted` or not without any of the conditions: only one that says the opposite can.
    pub(super) fn opposite(self, granted: bool) -> Option<usize> {
        if granted { self.deny } else { self.allow }
    }

    fn settle(self, otherwise: Verdict) -> Verdict {
        self.opposite(otherwise.is_granted())
            .map_or(otherwise, |ace| Verdict::Undetermined { ace })
    }
}

/// Which control access rights the token holds on the object of the descriptor, each on its own, in one pass over the DACL.
///
/// `object_sid` is the `objectSid` of the object, which PRINCIPAL SELF (`S-1-5-10`) stands for; on a domain head that is the SID of the domain.
/// Ownership plays no part: owner and OWNER RIGHTS (`S-1-3-4`) concern the descriptor, never a control access right.
pub fn effective_rights<const N: usize>(
    descriptor: &DescriptorRef<'_>,
    token: &Token,
    rights: [Uuid; N],
    object_sid: Option<SidRef<'_>>,
) -> [Verdict; N] {
    let dacl = match descriptor.dacl() {
        AclState::Absent | AclState::Null => return [Verdict::GrantedNoDacl; N],
        AclState::Present(dacl) if dacl.is_empty() => {
            return [Verdict::Denied {
                by: Denial::EmptyDacl,
            }; N];
        }
        AclState::Present(dacl) => dacl,
    };
    let mut verdicts = [None; N];
    let mut conditional = [Conditional::default(); N];
    let mut left = N;
    for (index, bytes) in dacl.slices().enumerate() {
        if !AceRef::may_concern(bytes, CONTROL) {
            continue;
        }
        let Ok((ace, _)) = AceRef::parse(bytes, 0) else {
            continue;
        };
        let Some(effect) = ace.ace_type.effect() else {
            continue;
        };
        let object_type = ace.object_type();
        let concerns = |at: usize| object_type.is_none_or(|guid| guid == rights[at]);
        if !(0..N).any(|at| verdicts[at].is_none() && concerns(at))
            || !matches(&ace, effect, token, object_sid)
        {
            continue;
        }
        for at in 0..N {
            if verdicts[at].is_some() || !concerns(at) {
                continue;
            }
            if ace.ace_type.is_callback() {
                conditional[at].note(effect, index);
                continue;
            }
            let plain = match effect {
                AceEffect::Allow => Verdict::Granted { ace: index },
                AceEffect::Deny => Verdict::Denied {
                    by: Denial::DenyingAce { ace: index },
                },
            };
            verdicts[at] = Some(conditional[at].settle(plain));
            left -= 1;
        }
        if left == 0 {
            break;
        }
    }
    std::array::from_fn(|at| {
        verdicts[at].unwrap_or_else(|| {
            conditional[at].settle(Verdict::Denied {
                by: Denial::NoMatchingAce,
            })
        })
    })
}

/// Whether the trustee of the ACE is the token's, after PRINCIPAL SELF has been replaced.
pub(super) fn matches(
    ace: &AceRef<'_>,
    effect: AceEffect,
    token: &Token,
    object_sid: Option<SidRef<'_>>,
) -> bool {
    let Some(mut trustee) = ace.trustee() else {
        return false;
    };
    if well_known::is_principal_self(trustee) {
        match object_sid {
            Some(object) => trustee = object,
            None => return false,
        }
    }
    match token.membership(trustee) {
        Some(Membership::Enabled) => !well_known::is_owner_rights(trustee),
        Some(Membership::DenyOnly) => {
            effect == AceEffect::Deny && !well_known::is_owner_rights(trustee)
        }
        None => false,
    }
}

#[cfg(test)]
#[path = "rights_tests.rs"]
mod tests;
