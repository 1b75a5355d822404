//! `PhsDiagnostics.UserVerdict`: a judged user, in the words of one culture.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::FindingRecord;
use crate::finding::Outcome;
use crate::guide::user::{Effect, Reason, UserJudgement};
use crate::text::{Catalog, dn_line, one_line};

/// `PhsDiagnostics.UserVerdict`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserVerdictRecord {
    /// The name under which the user was asked for; its own name where nobody asked by name.
    pub identity: String,
    /// Distinguished name.
    pub distinguished_name: String,
    /// `userPrincipalName`.
    pub user_principal_name: Option<String>,
    /// `sAMAccountName`.
    pub sam_account_name: Option<String>,
    /// `WillSync`, `Blocked` or `Unknown`.
    pub verdict: String,
    /// What stands in the way or leaves the verdict open, most decisive first, then hints.
    pub reasons: Vec<String>,
    /// The findings that did not pass, in the same order.
    pub findings: Vec<FindingRecord>,
    /// When the password was last set (UTC).
    pub password_last_set: Option<Timestamp>,
    /// When the user was read (UTC).
    pub observed_at: Option<Timestamp>,
}

impl UserVerdictRecord {
    /// Verdict and reasons alone, for audits of very many users: no findings.
    pub fn brief(
        judgement: &UserJudgement,
        identity: &str,
        observed_at: Option<Timestamp>,
        catalog: &Catalog,
    ) -> Self {
        Self {
            identity: one_line(identity).into_owned(),
            distinguished_name: dn_line(&judgement.distinguished_name).into_owned(),
            user_principal_name: judgement
                .user_principal_name
                .as_deref()
                .map(|name| one_line(name).into_owned()),
            sam_account_name: judgement
                .sam_account_name
                .as_deref()
                .map(|name| one_line(name).into_owned()),
            verdict: judgement.verdict.name().to_owned(),
            reasons: open(judgement)
                .filter(|reason| reason.effect != Effect::None)
                .map(|reason| catalog.render(&reason.finding.message))
                .collect(),
            findings: Vec::new(),
            password_last_set: judgement.password_last_set,
            observed_at,
        }
    }

    /// The judgement in the words of a catalogue. `record` makes a finding's record: it knows what is suppressed.
    pub fn render(
        judgement: &UserJudgement,
        identity: &str,
        observed_at: Option<Timestamp>,
        catalog: &Catalog,
        record: &mut dyn FnMut(&Reason) -> FindingRecord,
    ) -> Self {
        Self {
            findings: open(judgement).map(record).collect(),
            ..Self::brief(judgement, identity, observed_at, catalog)
        }
    }
}

/// The reasons whose checks did not pass.
fn open(judgement: &UserJudgement) -> impl Iterator<Item = &Reason> {
    judgement
        .reasons
        .iter()
        .filter(|reason| reason.finding.outcome != Outcome::Passed)
}
