//! Counts of verdicts and reasons.

use std::collections::BTreeMap;

use phs_core::check::Check;
use phs_core::guide::user::{Effect, UserJudgement, Verdict};
use phs_core::report::{AuditReason, AuditSummary};

/// What was judged so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) will_sync: u64,
    pub(crate) blocked: u64,
    pub(crate) unknown: u64,
    reasons: BTreeMap<(&'static str, &'static str), (&'static str, u64)>,
}

impl Tally {
    pub(crate) fn users(&self) -> u64 {
        self.will_sync + self.blocked + self.unknown
    }

    pub(crate) fn add(&mut self, judgement: &UserJudgement) {
        let deciding = match judgement.verdict {
            Verdict::WillSync => {
                self.will_sync += 1;
                return;
            }
            Verdict::Blocked => {
                self.blocked += 1;
                Effect::Blocks
            }
            Verdict::Unknown => {
                self.unknown += 1;
                Effect::Unknown
            }
        };
        let mut last: Option<&'static Check> = None;
        for reason in &judgement.reasons {
            let check = reason.finding.check;
            // One user counts once, however many findings a check has about it.
            if reason.effect != deciding || last.is_some_and(|last| last.id == check.id) {
                continue;
            }
            last = Some(check);
            self.reasons
                .entry((check.id, judgement.verdict.name()))
                .or_insert((check.name, 0))
                .1 += 1;
        }
    }

    pub(crate) fn summary(self) -> AuditSummary {
        let mut reasons: Vec<_> = self
            .reasons
            .iter()
            .map(|((id, verdict), (name, users))| AuditReason {
                check_id: (*id).to_owned(),
                name: (*name).to_owned(),
                verdict: (*verdict).to_owned(),
                users: *users,
            })
            .collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.users));
        AuditSummary {
            users: self.users(),
            will_sync: self.will_sync,
            blocked: self.blocked,
            unknown: self.unknown,
            reasons,
            ..AuditSummary::default()
        }
    }
}
