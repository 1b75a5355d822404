//! What the checks answered about one user, most decisive first, and the verdict that follows.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Subject;
use crate::check::Check;
use crate::evidence::UnknownReason;
use crate::finding::{EvidenceRow, Finding, SkipReason, Target};
use crate::guide::skip_reason;
use crate::text;
use crate::text::Text;

/// Whether the password hash of a user will sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Verdict {
    /// Nothing stands in the way.
    WillSync,
    /// Something does.
    Blocked,
    /// What was read does not tell.
    Unknown,
}

impl Verdict {
    /// The word used in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::WillSync => "WillSync",
            Self::Blocked => "Blocked",
            Self::Unknown => "Unknown",
        }
    }
}

/// What a finding does to the verdict, in the order in which reasons are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It keeps the password from syncing.
    Blocks,
    /// It keeps the password from syncing because another reason does; mending that one mends it too.
    Consequence,
    /// It may keep the password from syncing; what was read does not tell.
    Unknown,
    /// It does not touch the verdict, but should be known.
    Hint,
    /// It does not touch the verdict.
    None,
}

/// One finding about a user and what it does to the verdict.
#[derive(Debug, Clone)]
pub struct Reason {
    /// The finding. Its check is what a summary counts.
    pub finding: Finding,
    /// Its effect.
    pub effect: Effect,
}

/// A judged user.
#[derive(Debug, Clone)]
pub struct UserJudgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Reasons, most decisive first. With [`super::Detail::Full`] also the findings that passed or were not answered.
    pub reasons: Vec<Reason>,
    /// Distinguished name.
    pub distinguished_name: String,
    /// `userPrincipalName`, where it was read.
    pub user_principal_name: Option<String>,
    /// `sAMAccountName`, where it was read.
    pub sam_account_name: Option<String>,
    /// When the password was last set; none for never, for a temporary password, and where it was not read.
    pub password_last_set: Option<Timestamp>,
}

impl UserJudgement {
    /// The reason that decides: the first that blocks, else the first that leaves the verdict open.
    pub fn decisive(&self) -> Option<&Reason> {
        self.reasons
            .iter()
            .find(|reason| matches!(reason.effect, Effect::Blocks | Effect::Unknown))
    }
}

/// Whether rules were read, for texts that must say 'under default rules' where they were not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::guide) enum Basis {
    /// The rules of the server.
    Rules,
    /// The rules as the product ships them.
    Default,
}

impl Basis {
    /// The argument of texts.
    pub(in crate::guide) fn word(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Default => "default",
        }
    }
}

/// Gathers the answers of the checks.
pub(in crate::guide) struct Answers {
    reasons: Vec<Reason>,
    full: bool,
    target: Option<Target>,
    observed_at: Option<Timestamp>,
}

impl Answers {
    pub(super) fn new(subject: &Subject<'_>) -> Self {
        Self {
            reasons: Vec::new(),
            full: subject.full(),
            target: None,
            observed_at: subject.facts.and_then(|facts| facts.observed_at),
        }
    }

    /// Whether passed and unanswered checks and evidence rows are wanted.
    pub(in crate::guide) fn full(&self) -> bool {
        self.full
    }

    /// Whether a check blocks the user by itself.
    pub(in crate::guide) fn blocks(&self, check: &Check) -> bool {
        self.reasons
            .iter()
            .any(|reason| reason.effect == Effect::Blocks && reason.finding.check.id == check.id)
    }

    /// The first of these checks that blocks the user by itself.
    pub(in crate::guide) fn cause(&self, of: &[&'static Check]) -> Option<&'static Check> {
        of.iter().copied().find(|check| self.blocks(check))
    }

    /// The check passed.
    pub(in crate::guide) fn passed(
        &mut self,
        subject: &Subject<'_>,
        check: &'static Check,
        message: impl FnOnce() -> (Text, Vec<EvidenceRow>),
    ) {
        if self.full {
            let (message, rows) = message();
            let finding = Finding::passed(check, self.target(subject), message).with_evidence(rows);
            self.push(finding, Effect::None);
        }
    }

    /// The check was not answered and that leaves the verdict as it is.
    pub(in crate::guide) fn skipped(
        &mut self,
        subject: &Subject<'_>,
        check: &'static Check,
        reason: SkipReason,
        message: impl FnOnce() -> (Text, Vec<EvidenceRow>),
    ) {
        if self.full {
            let (message, rows) = message();
            let finding =
                Finding::skipped(check, reason, self.target(subject), message).with_evidence(rows);
            self.push(finding, Effect::None);
        }
    }

    /// The check was not answered, so the verdict is open.
    pub(in crate::guide) fn unknown(
        &mut self,
        subject: &Subject<'_>,
        check: &'static Check,
        reason: UnknownReason,
        message: Text,
        rows: Vec<EvidenceRow>,
    ) {
        let finding = Finding::skipped(check, skip_reason(reason), self.target(subject), message)
            .with_evidence(rows);
        self.push(finding, Effect::Unknown);
    }

    /// The check found what keeps the password from syncing.
    pub(in crate::guide) fn failed(
        &mut self,
        subject: &Subject<'_>,
        check: &'static Check,
        message: Text,
        rows: Vec<EvidenceRow>,
    ) {
        let finding = Finding::failed(check, self.target(subject), message).with_evidence(rows);
        self.push(finding, Effect::Blocks);
    }

    /// As [`Self::failed`], unless one of `causes` blocks the user already: then it is told as a consequence of that one.
    pub(in crate::guide) fn failed_after(
        &mut self,
        subject: &Subject<'_>,
        check: &'static Check,
        causes: &[&'static Check],
        message: Text,
        rows: Vec<EvidenceRow>,
    ) {
        match self.cause(causes) {
            None => self.failed(subject, check, message, rows),
            Some(cause) => {
                let message = text!(
                    "user-consequence",
                    cause = cause.id,
                    name = text_of(cause),
                    finding = message
                );
                let finding =
                    Finding::failed(check, self.target(subject), message).with_evidence(rows);
                self.push(finding, Effect::Consequence);
            }
        }
    }

    /// The check found something that should be known and changes nothing.
    pub(in crate::guide) fn hint(
        &mut self,
        subject: &Subject<'_>,
        check: &'static Check,
        message: Text,
        rows: Vec<EvidenceRow>,
    ) {
        let finding = Finding::warning(check, self.target(subject), message).with_evidence(rows);
        self.push(finding, Effect::Hint);
    }

    fn push(&mut self, finding: Finding, effect: Effect) {
        let finding = finding.observed(self.observed_at);
        self.reasons.push(Reason { finding, effect });
    }

    fn target(&mut self, subject: &Subject<'_>) -> Target {
        self.target.get_or_insert_with(|| subject.target()).clone()
    }

    pub(super) fn finish(mut self, subject: &Subject<'_>) -> UserJudgement {
        // Stable: within one effect the order in which the checks were asked is the order of decisiveness.
        self.reasons.sort_by_key(|reason| reason.effect);
        let has = |effect| self.reasons.iter().any(|reason| reason.effect == effect);
        let verdict = if has(Effect::Blocks) {
            Verdict::Blocked
        } else if has(Effect::Unknown) {
            Verdict::Unknown
        } else {
            Verdict::WillSync
        };
        UserJudgement {
            verdict,
            reasons: self.reasons,
            distinguished_name: subject.source.dn().to_owned(),
            user_principal_name: subject.text("userPrincipalName").map(str::to_owned),
            sam_account_name: subject.text("sAMAccountName").map(str::to_owned),
            password_last_set: subject.password_set_at(),
        }
    }
}

/// The title of a check as a text of its own.
fn text_of(check: &Check) -> Text {
    match check.id {
        "PHS501" => text!("phs501"),
        "PHS603" => text!("phs603"),
        "PHS701" => text!("phs701"),
        "PHS702" => text!("phs702"),
        "PHS703" => text!("phs703"),
        "PHS704" => text!("phs704"),
        _ => text!("phs503"),
    }
}
