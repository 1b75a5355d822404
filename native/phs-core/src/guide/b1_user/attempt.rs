//! PHS504: how the latest attempt to send the user's password hash ended (domain 1.7).

use jiff::SignedDuration;

use crate::check::{Check, PHS501, PHS502, PHS504, PHS601, PHS603, PHS701, PHS702, PHS704};
use crate::evidence::Fact;
use crate::evidence::user::PasswordAttempt;
use crate::finding::SkipReason;
use crate::guide::user::{Answers, Password, Subject};
use crate::guide::{reason_text, skip_reason};
use crate::text;
use crate::text::Text;

/// How long the service keeps attempts.
const RETENTION: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What makes an attempt fail by rule.
const CAUSES: [&Check; 7] = [
    &PHS701, &PHS501, &PHS704, &PHS702, &PHS603, &PHS601, &PHS502,
];

/// PHS504.
pub(in crate::guide) fn last_attempt(subject: &Subject<'_>, answers: &mut Answers) {
    let attempts = subject.facts.map(|facts| &facts.attempts);
    let attempts = match attempts {
        None => {
            answers.skipped(subject, &PHS504, SkipReason::EvidenceMissing, || {
                (text!("phs504-not-read"), Vec::new())
            });
            return;
        }
        Some(Fact::Unknown { reason, .. }) => {
            answers.skipped(subject, &PHS504, skip_reason(*reason), || {
                (
                    text!("phs504-log-not-read", reason = reason_text(*reason)),
                    Vec::new(),
                )
            });
            return;
        }
        Some(Fact::Known(attempts)) => attempts,
    };
    let Some(latest) = attempts.iter().max_by_key(|attempt| attempt.at) else {
        empty_log(subject, answers);
        return;
    };
    let rows = vec![
        subject
            .row("password attempt", latest.status.as_str())
            .at(Some(latest.at)),
    ];
    let at = latest.at.to_string();
    match Status::of(latest) {
        Status::Success => answers.passed(subject, &PHS504, || {
            (text!("phs504-success", at = at), rows)
        }),
        // Only Entra Domain Services lacks something then; the sign-in password itself was sent.
        Status::DomainServices(meaning) => answers.hint(
            subject,
            &PHS504,
            text!(
                "phs504-domain-services",
                at = at,
                status = &latest.status,
                meaning = meaning
            ),
            rows,
        ),
        Status::Failed(meaning) => answers.failed_after(
            subject,
            &PHS504,
            &CAUSES,
            text!(
                "phs504-failed",
                at = at,
                status = &latest.status,
                meaning = meaning
            ),
            rows,
        ),
    }
}

enum Status {
    Success,
    DomainServices(Text),
    Failed(Text),
}

impl Status {
    fn of(attempt: &PasswordAttempt) -> Self {
        let is = |status: &str| attempt.status.eq_ignore_ascii_case(status);
        if is("Success") {
            Self::Success
        } else if is("FilteredByTarget") {
            Self::Failed(text!("phs504-filtered-by-target"))
        } else if is("NoTargetConnection") {
            Self::Failed(text!("phs504-no-target-connection"))
        } else if is("SourceConnectorNotPresent") {
            Self::Failed(text!("phs504-source-connector-not-present"))
        } else if is("TargetNotExportedToDirectory") {
            Self::Failed(text!("phs504-target-not-exported"))
        } else if is("MigratedCheckDetailsForMoreInfo") {
            Self::Failed(text!("phs504-migrated"))
        } else if is("MissingAttribute") {
            Self::DomainServices(text!("phs504-missing-attribute"))
        } else if is("RetryRequestedByTarget") {
            Self::DomainServices(text!("phs504-retry-requested"))
        } else if is("Error") {
            Self::Failed(text!("phs504-error"))
        } else {
            Self::Failed(text!("phs504-unknown"))
        }
    }
}

/// No attempt in the log is normal for a password that did not change within its retention.
fn empty_log(subject: &Subject<'_>, answers: &mut Answers) {
    match subject.password() {
        Password::SetAt(time) if subject.now().duration_since(time) > RETENTION => {
            answers.passed(subject, &PHS504, || {
                (
                    text!("phs504-nothing-to-send", at = time.to_string()),
                    subject.rows(&["pwdLastSet"]),
                )
            });
        }
        Password::SetAt(time) => answers.hint(
            subject,
            &PHS504,
            text!("phs504-never-tried", at = time.to_string()),
            subject.rows(&["pwdLastSet"]),
        ),
        _ => answers.skipped(subject, &PHS504, SkipReason::EvidenceMissing, || {
            (text!("phs504-empty-log"), Vec::new())
        }),
    }
}
