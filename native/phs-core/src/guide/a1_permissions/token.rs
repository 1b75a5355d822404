//! The SIDs that speak for an account on the domain controllers of one domain.

use crate::evidence::directory::{ConnectorAccount, Domain, Membership, Memberships, Trouble};
use crate::security::{
    AccessMask, AceEffect, AceRef, AclState, Denial, DescriptorRef, Sid, SidRef, Token, Verdict,
};
use uuid::Uuid;

/// SIDs that `tokenGroups` lacks and that everyone has who logs on over the network (domain controllers add them to every
/// such logon): Everyone, Network, Authenticated Users, This Organization.
const EVERYONE: [(u64, u32); 4] = [(1, 0), (5, 2), (5, 11), (5, 15)];

/// The token of an account in a domain, with what is known of each group in it.
pub(super) struct Speaker<'a> {
    pub(super) token: Token,
    pub(super) account: &'a ConnectorAccount,
    memberships: Option<&'a Memberships>,
}

impl<'a> Speaker<'a> {
    /// The token that a domain controller of `domain` would make for the account.
    pub(super) fn new(account: &'a ConnectorAccount, domain: &Domain) -> Self {
        let memberships = account
            .memberships
            .iter()
            .find(|memberships| memberships.domain == domain.distinguished_name);
        let everyone = EVERYONE
            .iter()
            .filter_map(|(authority, last)| Sid::new(*authority, &[*last]).ok());
        let own = std::iter::once(account.sid).chain(account.sid_history.iter().copied());
        let groups = memberships
            .into_iter()
            .flat_map(|memberships| &memberships.groups)
            .flat_map(|group| std::iter::once(group.sid).chain(group.sid_history.iter().copied()));
        Self {
            token: everyone.chain(own).chain(groups).collect(),
            account,
            memberships,
        }
    }

    /// Whether every group is known.
    pub(super) fn is_complete(&self) -> bool {
        self.memberships
            .is_some_and(|memberships| memberships.trouble.is_none())
    }

    /// What kept groups from being read, if it is known.
    pub(super) fn trouble(&self) -> Option<&'a Trouble> {
        self.memberships?.trouble.as_ref()
    }

    /// The group with this SID, or with this SID in its history.
    pub(super) fn group(&self, sid: SidRef<'_>) -> Option<&'a Membership> {
        self.memberships?
            .groups
            .iter()
            .find(|group| group.sid.as_view() == sid)
            .or_else(|| {
                self.memberships?.groups.iter().find(|group| {
                    group
                        .sid_history
                        .iter()
                        .any(|former| former.as_view() == sid)
                })
            })
    }

    /// Whether a group that is not known could change the verdict: an ACE of the opposite effect for somebody who is not in
    /// the token stands where it would decide.
    pub(super) fn could_change(
        &self,
        descriptor: &DescriptorRef<'_>,
        right: Uuid,
        verdict: Verdict,
    ) -> bool {
        if self.is_complete() {
            return false;
        }
        let (opposite, until) = match verdict {
            Verdict::Granted { ace } => (AceEffect::Deny, ace),
            Verdict::Denied {
                by: Denial::DenyingAce { ace },
            } => (AceEffect::Allow, ace),
            Verdict::Denied {
                by: Denial::NoMatchingAce,
            } => (AceEffect::Allow, usize::MAX),
            Verdict::GrantedNoDacl
            | Verdict::Denied {
                by: Denial::EmptyDacl,
            }
            | Verdict::Undetermined { .. } => return false,
        };
        let AclState::Present(dacl) = descriptor.dacl() else {
            return false;
        };
        dacl.aces().take(until).any(|ace| {
            ace.ace_type.effect() == Some(opposite)
                && speaks_of(&ace, right)
                && ace
                    .trustee()
                    .is_some_and(|trustee| self.token.membership(trustee).is_none())
        })
    }
}

/// Whether an ACE in force concerns the right.
pub(super) fn speaks_of(ace: &AceRef<'_>, right: Uuid) -> bool {
    ace.is_effective()
        && has_control_access(ace)
        && ace.object_type().is_none_or(|guid| guid == right)
}

/// Whether the mask holds the bit for control access rights.
pub(super) fn has_control_access(ace: &AceRef<'_>) -> bool {
    ace.mask()
        .is_some_and(|mask| mask.map_generic().contains(AccessMask::CONTROL_ACCESS))
}
