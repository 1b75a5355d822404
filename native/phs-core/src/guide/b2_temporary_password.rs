//! Guide step B2: temporary passwords, passwords that never were, and account flags (PHS601 to PHS604).

use jiff::Timestamp;

use super::service::Build;
use super::user::{Answers, Password, Seen, Subject, file_time};
use crate::check::{PHS601, PHS602, PHS603, PHS604, PHS701};
use crate::evidence::{Fact, UnknownReason};
use crate::finding::{EvidenceRow, SkipReason};
use crate::guide::reason_text;
use crate::rules::PasswordRule;
use crate::text;

/// `userAccountControl`: account disabled (MS-ADTS 2.2.16).
const DISABLED: i64 = 0x2;
/// `userAccountControl`: no password required.
const NO_PASSWORD_REQUIRED: i64 = 0x20;
/// `userAccountControl`: a smart card is required for interactive logon.
const SMART_CARD_REQUIRED: i64 = 0x4_0000;
/// `msDS-User-Account-Control-Computed`: locked out now.
const LOCKED: i64 = 0x10;
/// `accountExpires` of an account that never does, beside 0.
const NEVER: i64 = i64::MAX;

/// First build that sends temporary passwords (domain 5.5).
const TEMPORARY_PASSWORDS: Build = Build([2, 0, 3, 0]);
/// First build that handles accounts with smart cards as intended (domain 5.1).
const SMART_CARDS: Build = Build([2, 4, 18, 0]);

/// A password older than the functional level of Windows Server 2003 may have no hash that can be used (KB2855271).
const OLD_PASSWORD: i64 = 1_051_142_400;

/// PHS603.
pub(super) fn disabled_or_expired(subject: &Subject<'_>, answers: &mut Answers) {
    let rows = || subject.rows(&["userAccountControl", "accountExpires"]);
    match subject.control(DISABLED) {
        Seen::Value(true) => {
            let carries = subject.evaluation.as_ref().is_some_and(|evaluation| {
                matches!(evaluation.password_inbound(), PasswordRule::Applies(_))
            });
            if carries {
                answers.hint(subject, &PHS603, text!("phs603-disabled-synced"), rows());
            } else {
                answers.failed(
                    subject,
                    &PHS603,
                    text!("phs603-disabled", basis = subject.basis().word()),
                    rows(),
                );
            }
            return;
        }
        Seen::NotRead(reason) => {
            // What has no account cannot be disabled; its object type says why it does not sync.
            if answers.blocks(&PHS701) {
                answers.skipped(subject, &PHS603, SkipReason::NotApplicable, || {
                    (text!("user-no-account"), Vec::new())
                });
            } else {
                answers.unknown(
                    subject,
                    &PHS603,
                    reason,
                    text!("phs603-not-read", reason = reason_text(reason)),
                    Vec::new(),
                );
            }
            return;
        }
        Seen::Value(false) | Seen::Absent => {}
    }
    let expires = subject
        .number("accountExpires")
        .value()
        .filter(|ticks| *ticks != NEVER)
        .and_then(file_time);
    if let Some(expired) = expires.filter(|time| *time < subject.now()) {
        answers.hint(
            subject,
            &PHS603,
            text!("phs603-expired", at = expired.to_string()),
            rows(),
        );
    } else if is_locked(subject) {
        answers.hint(
            subject,
            &PHS603,
            text!("phs603-locked"),
            subject.rows(&["lockoutTime", "msDS-User-Account-Control-Computed"]),
        );
    } else {
        answers.passed(subject, &PHS603, || (text!("phs603-enabled"), rows()));
    }
}

/// The computed flag tells whether the account is locked now; `lockoutTime` stays after the lock has ended.
fn is_locked(subject: &Subject<'_>) -> bool {
    match subject.number("msDS-User-Account-Control-Computed") {
        Seen::Value(flags) => flags & LOCKED != 0,
        Seen::Absent | Seen::NotRead(_) => false,
    }
}

/// PHS601.
pub(super) fn must_change(subject: &Subject<'_>, answers: &mut Answers) {
    let rows = || subject.rows(&["pwdLastSet"]);
    match subject.password() {
        Password::MustChange => {}
        Password::NotRead(reason) => {
            if answers.blocks(&PHS701) {
                answers.skipped(subject, &PHS601, SkipReason::NotApplicable, || {
                    (text!("user-no-account"), Vec::new())
                });
            } else {
                answers.unknown(
                    subject,
                    &PHS601,
                    reason,
                    text!("phs601-not-read", reason = reason_text(reason)),
                    Vec::new(),
                );
            }
            return;
        }
        Password::Never => {
            answers.skipped(subject, &PHS601, SkipReason::NotApplicable, || {
                (text!("phs601-no-password"), Vec::new())
            });
            return;
        }
        Password::Set | Password::SetAt(_) => {
            answers.passed(subject, &PHS601, || (text!("phs601-permanent"), rows()));
            return;
        }
    }
    let build = subject.judge.build();
    match (
        &subject.judge.tenant().force_password_change_on_log_on,
        build,
    ) {
        (Fact::Unknown { reason, .. }, _) => answers.failed(
            subject,
            &PHS601,
            text!(
                "phs601-feature-not-read",
                basis = subject.basis().word(),
                reason = reason_text(*reason)
            ),
            rows(),
        ),
        (Fact::Known(false), _) => {
            answers.failed(subject, &PHS601, text!("phs601-feature-off"), rows());
        }
        (Fact::Known(true), Some((build, text))) if build < TEMPORARY_PASSWORDS => answers.failed(
            subject,
            &PHS601,
            text!("phs601-old-build", build = text),
            rows(),
        ),
        (Fact::Known(true), None) => answers.unknown(
            subject,
            &PHS601,
            UnknownReason::NotCollected,
            text!("phs601-build-not-read"),
            rows(),
        ),
        (Fact::Known(true), Some(_)) => {
            answers.hint(subject, &PHS601, text!("phs601-synced"), rows());
        }
    }
}

/// PHS602.
pub(super) fn never_set(subject: &Subject<'_>, answers: &mut Answers) {
    let cloud = subject
        .facts
        .and_then(|facts| facts.cloud.known()?.as_ref())
        .and_then(|cloud| cloud.last_password_change.known().copied());
    let rows = || {
        let mut rows = subject.rows(&["pwdLastSet", "userAccountControl"]);
        if let Some(cloud) = cloud.filter(|_| subject.full()) {
            rows.push(EvidenceRow::new(
                "tenant",
                subject.source.dn(),
                "lastPasswordChangeDateTime",
                cloud.to_string(),
            ));
        }
        rows
    };
    let not_required = subject.control(NO_PASSWORD_REQUIRED) == Seen::Value(true);
    let set_at = match subject.password() {
        Password::Never => {
            let message = text!("phs602-never");
            answers.failed_after(subject, &PHS602, &[&PHS701], message, rows());
            return;
        }
        Password::NotRead(reason) => {
            answers.skipped(subject, &PHS602, super::skip_reason(reason), || {
                (
                    text!("phs601-not-read", reason = reason_text(reason)),
                    Vec::new(),
                )
            });
            return;
        }
        Password::SetAt(time) => Some(time),
        Password::Set | Password::MustChange => None,
    };
    if subject.password() == Password::MustChange && not_required {
        answers.hint(subject, &PHS602, text!("phs602-maybe-never"), rows());
    } else if not_required {
        answers.hint(subject, &PHS602, text!("phs602-not-required"), rows());
    } else if let Some(time) = set_at.filter(|time| time.as_second() < OLD_PASSWORD) {
        answers.hint(
            subject,
            &PHS602,
            text!("phs602-old", at = time.to_string()),
            rows(),
        );
    } else if let Some((cloud, set)) = newer_in_the_cloud(cloud, set_at, subject.now()) {
        answers.hint(
            subject,
            &PHS602,
            text!(
                "phs602-cloud",
                cloud = cloud.to_string(),
                set = set.to_string()
            ),
            rows(),
        );
    } else if let Some((cloud, set)) = not_arrived(cloud, set_at, subject.now()) {
        answers.hint(
            subject,
            &PHS602,
            text!(
                "phs602-behind",
                cloud = cloud.to_string(),
                set = set.to_string()
            ),
            rows(),
        );
    } else {
        answers.passed(subject, &PHS602, || (text!("phs602-set"), rows()));
    }
}

/// The cloud writes the time at which a password arrived, so only a much later change was made there. A change after `now`
/// says nothing: where a file is judged with what the tenant says today, the directory may have a later password as well.
fn newer_in_the_cloud(
    cloud: Option<Timestamp>,
    set: Option<Timestamp>,
    now: Timestamp,
) -> Option<(Timestamp, Timestamp)> {
    let (cloud, set) = (cloud?, set?);
    let day = jiff::SignedDuration::from_hours(24);
    (cloud <= now && cloud.duration_since(set) > day).then_some((cloud, set))
}

/// A password arrives with the time at which it was set, within minutes; what is still missing after an hour is late.
fn not_arrived(
    cloud: Option<Timestamp>,
    set: Option<Timestamp>,
    now: Timestamp,
) -> Option<(Timestamp, Timestamp)> {
    let (cloud, set) = (cloud?, set?);
    let hour = jiff::SignedDuration::from_hours(1);
    (set.duration_since(cloud) > hour && now.duration_since(set) > hour).then_some((cloud, set))
}

/// PHS604.
pub(super) fn smart_card(subject: &Subject<'_>, answers: &mut Answers) {
    match subject.control(SMART_CARD_REQUIRED) {
        Seen::Value(true) => {
            let message = match subject.judge.build() {
                Some((build, text)) if build < SMART_CARDS => {
                    text!("phs604-old-build", build = text)
                }
                Some(_) => text!("phs604-required"),
                None => text!("phs604-required-any-build"),
            };
            answers.hint(
                subject,
                &PHS604,
                message,
                subject.rows(&["userAccountControl"]),
            );
        }
        Seen::Value(false) | Seen::Absent => answers.passed(subject, &PHS604, || {
            (
                text!("phs604-not-required"),
                subject.rows(&["userAccountControl"]),
            )
        }),
        Seen::NotRead(reason) => {
            answers.skipped(subject, &PHS604, super::skip_reason(reason), || {
                (
                    text!("phs603-not-read", reason = reason_text(reason)),
                    Vec::new(),
                )
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_means_before_windows_server_2003() {
        let day = Timestamp::from_second(OLD_PASSWORD).unwrap();
        assert_eq!(day.to_string(), "2003-04-24T00:00:00Z");
    }

    #[test]
    fn only_a_much_later_change_was_made_in_the_cloud() {
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let set = at("2026-01-01T00:00:00Z");
        let now = at("2026-03-01T00:00:00Z").unwrap();
        assert!(newer_in_the_cloud(at("2026-01-01T00:02:00Z"), set, now).is_none());
        assert!(newer_in_the_cloud(at("2026-02-01T00:00:00Z"), set, now).is_some());
        assert!(newer_in_the_cloud(at("2026-03-01T00:00:01Z"), set, now).is_none());
        assert!(newer_in_the_cloud(None, set, now).is_none());
    }

    #[test]
    fn a_password_is_late_an_hour_after_it_was_set() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let set = Some(at("2026-03-01T12:00:00Z"));
        let cloud = Some(at("2026-01-01T00:00:00Z"));
        let now = at("2026-03-01T13:01:00Z");
        assert!(not_arrived(cloud, set, now).is_some());
        assert!(not_arrived(cloud, set, at("2026-03-01T12:30:00Z")).is_none());
        // The clocks of both sides are not one.
        assert!(not_arrived(Some(at("2026-03-01T11:58:00Z")), set, now).is_none());
        assert!(not_arrived(Some(at("2026-03-01T12:02:00Z")), set, now).is_none());
        assert!(not_arrived(None, set, now).is_none());
        assert!(not_arrived(cloud, None, now).is_none());
    }
}
