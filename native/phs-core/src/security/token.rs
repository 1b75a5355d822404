//! The SIDs that speak for an account, with a fast answer to "is this one of them?".

use super::bytes::u32_at;
use super::sid::{Sid, SidRef};

/// How a SID counts in a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Membership {
    /// It matches allow and deny ACEs.
    Enabled,
    /// It matches deny ACEs only (MS-DTYP 2.5.2, `SE_GROUP_USE_FOR_DENY_ONLY`).
    DenyOnly,
}

/// The set of SIDs an access check compares ACEs with.
#[derive(Clone, Debug)]
pub struct Token {
    entries: Vec<(Sid, Membership)>,
    // Open addressing with linear probing; a slot holds an index into `entries` plus one, zero is free. At most a quarter is taken.
    slots: Vec<u32>,
}

impl Token {
    /// A token of these SIDs, all enabled.
    pub fn new(sids: impl IntoIterator<Item = Sid>) -> Self {
        Self::with_memberships(sids.into_iter().map(|sid| (sid, Membership::Enabled)))
    }

    /// A token of these SIDs. A SID that is named twice is deny-only only if it is so both times.
    pub fn with_memberships(sids: impl IntoIterator<Item = (Sid, Membership)>) -> Self {
        let mut entries: Vec<_> = sids.into_iter().collect();
        entries.sort_by_key(|(sid, membership)| (*sid, *membership == Membership::DenyOnly));
        entries.dedup_by_key(|(sid, _)| *sid);
        let mut slots = vec![0; (entries.len() * 4).next_power_of_two().max(8)];
        for ((sid, _), number) in entries.iter().zip(1..) {
            let mut at = slot(sid.as_view(), slots.len());
            while slots[at] != 0 {
                at = (at + 1) % slots.len();
            }
            slots[at] = number;
        }
        Self { entries, slots }
    }

    /// How `sid` counts, if it is in the token.
    pub fn membership(&self, sid: SidRef<'_>) -> Option<Membership> {
        let mask = self.slots.len() - 1;
        let mut at = slot(sid, self.slots.len());
        loop {
            let number = usize::try_from(self.slots[at]).ok()?.checked_sub(1)?;
            let (entry, membership) = &self.entries[number];
            if entry.as_view() == sid {
                return Some(*membership);
            }
            at = (at + 1) & mask;
        }
    }

    /// Whether `sid` is in the token and enabled.
    pub fn is_enabled(&self, sid: SidRef<'_>) -> bool {
        self.membership(sid) == Some(Membership::Enabled)
    }

    /// The SIDs, sorted.
    pub fn sids(&self) -> impl ExactSizeIterator<Item = (&Sid, Membership)> {
        self.entries
            .iter()
            .map(|(sid, membership)| (sid, *membership))
    }
}

impl FromIterator<Sid> for Token {
    fn from_iter<I: IntoIterator<Item = Sid>>(sids: I) -> Self {
        Self::new(sids)
    }
}

/// The first slot to look at. `slots` is a power of two.
fn slot(sid: SidRef<'_>, slots: usize) -> usize {
    let bytes = sid.as_bytes();
    let mixed = (0..bytes.len()).step_by(4).fold(0_u64, |hash, at| {
        let word = u64::from(u32_at(bytes, at).unwrap_or_default());
        (hash.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    // The upper half is the better mixed one; a table never has 2^32 slots.
    usize::try_from(mixed >> 32).unwrap_or_default() & (slots - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sid(text: &str) -> Sid {
        text.parse().unwrap()
    }

    #[test]
    fn an_empty_token_holds_nothing() {
        assert_eq!(Token::new([]).membership(sid("S-1-1-0").as_view()), None);
    }

    #[test]
    fn enabled_wins_over_deny_only() {
        let everyone = sid("S-1-1-0");
        for order in [
            [Membership::Enabled, Membership::DenyOnly],
            [Membership::DenyOnly, Membership::Enabled],
        ] {
            let token = Token::with_memberships(order.map(|membership| (everyone, membership)));
            assert!(token.is_enabled(everyone.as_view()));
            assert_eq!(token.sids().len(), 1);
        }
        let token = Token::with_memberships([(everyone, Membership::DenyOnly)]);
        assert_eq!(
            token.membership(everyone.as_view()),
            Some(Membership::DenyOnly)
        );
        assert!(!token.is_enabled(everyone.as_view()));
    }

    proptest! {
        #[test]
        fn membership_is_that_of_a_set(held in prop::collection::vec((0u32..40, 0u32..4), 0..60), asked in prop::collection::vec((0u32..40, 0u32..4), 60)) {
            let make = |(rid, domain): &(u32, u32)| Sid::new(5, &[21, *domain, 2, 3, *rid]).unwrap();
            let token: Token = held.iter().map(make).collect();
            for pair in &asked {
                prop_assert_eq!(token.is_enabled(make(pair).as_view()), held.contains(pair));
            }
        }
    }
}
