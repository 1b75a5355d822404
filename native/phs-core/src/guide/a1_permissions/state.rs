//! PHS102: whether the connector account exists and can log on.

use jiff::Timestamp;

use super::{account_name, account_rows, source_of};
use crate::check::PHS102;
use crate::evidence::directory::{AccountKind, ConnectorAccount, DirectoryEvidence};
use crate::evidence::{Fact, UnknownReason};
use crate::finding::{EvidenceRow, Finding, SkipReason, Target};
use crate::text;
use crate::text::Text;

/// `UF_ACCOUNTDISABLE` (MS-ADTS 2.2.16).
const DISABLED: u32 = 0x2;
/// `UF_LOCKOUT`, in the computed attribute only.
const LOCKED: u32 = 0x10;
/// `UF_PASSWORD_EXPIRED`, in the computed attribute only.
const PASSWORD_EXPIRED: u32 = 0x80_0000;

/// How long before its end a password or an account is worth a warning.
const SOON_DAYS: i64 = 14;

const SECONDS_1601_TO_1970: i64 = 11_644_473_600;
const INTERVALS_A_SECOND: i64 = 10_000_000;

/// One finding for each name that led to no account.
pub(super) fn judge_missing(directory: &DirectoryEvidence, sink: &mut super::Sink<'_>) {
    for missing in &directory.not_found {
        let target = Target::named(&missing.name);
        let finding = if missing.unasked_domains.is_empty() {
            Finding::failed(
                &PHS102,
                target,
                text!(
                    "phs102-not-found",
                    account = &missing.name,
                    domains = domains(directory)
                ),
            )
        } else {
            Finding::skipped(
                &PHS102,
                SkipReason::EvidenceMissing,
                target,
                text!(
                    "phs102-maybe-not-found",
                    account = &missing.name,
                    domains = missing.unasked_domains.clone()
                ),
            )
        };
        sink(finding.observed(directory.observed_at));
    }
}

fn domains(directory: &DirectoryEvidence) -> Vec<String> {
    directory
        .domains
        .iter()
        .map(|domain| domain.display().to_owned())
        .collect()
}

/// Judges one account.
pub(super) fn judge(directory: &DirectoryEvidence, account: &ConnectorAccount) -> Finding {
    let name = account_name(directory, account);
    let target = Target::identified(name.clone(), account.sid);
    let now = directory.observed_at;
    let faults = faults(account, now);
    let finding = if !faults.is_empty() {
        let mut finding = Finding::failed(
            &PHS102,
            target,
            text!(
                "phs102-failed",
                account = name,
                reasons = and(faults.iter().map(|(fault, _)| fault.clone()))
            ),
        );
        finding.remedies = faults.into_iter().map(|(_, remedy)| remedy).collect();
        finding
    } else if let Some((reason, attribute)) = unknown(account) {
        Finding::skipped(
            &PHS102,
            reason,
            target,
            text!("phs102-unknown", account = name, attribute = attribute),
        )
    } else {
        let soon = ending_soon(account, now);
        if soon.is_empty() {
            Finding::passed(&PHS102, target, text!("phs102-passed", account = name))
        } else {
            Finding::warning(
                &PHS102,
                target,
                text!(
                    "phs102-ending",
                    account = name,
                    reasons = and(soon.into_iter())
                ),
            )
        }
    };
    finding
        .with_evidence(account_rows(directory, account))
        .with_evidence(rows(directory, account))
        .observed(directory.observed_at)
}

/// What keeps the account from logging on, each with its remedy.
fn faults(account: &ConnectorAccount, now: Option<Timestamp>) -> Vec<(Text, Text)> {
    let state = &account.state;
    let has = |fact: &Fact<u32>, bit: u32| fact.known().is_some_and(|value| value & bit != 0);
    let mut faults = Vec::new();
    if has(&state.user_account_control, DISABLED) {
        faults.push((text!("fault-disabled"), text!("remedy-enable")));
    }
    if has(&state.computed, LOCKED) {
        faults.push((text!("fault-locked"), text!("remedy-unlock")));
    }
    if let (Some(end), Some(now)) = (end(&state.account_expires), now)
        && end <= now
    {
        faults.push((
            text!("fault-expired", date = end.to_string()),
            text!("remedy-clear-expiry"),
        ));
    }
    if account.kind != AccountKind::User {
        // The directory changes the password of a managed account by itself.
        return faults;
    }
    if has(&state.computed, PASSWORD_EXPIRED) {
        if state.password_last_set.known() == Some(&0) {
            faults.push((
                text!("fault-must-change-password"),
                text!("remedy-set-password"),
            ));
        } else {
            faults.push((
                text!("fault-password-expired"),
                text!("remedy-set-password"),
            ));
        }
    }
    faults
}

/// What is not known and could still keep the account from logging on.
fn unknown(account: &ConnectorAccount) -> Option<(SkipReason, &'static str)> {
    let state = &account.state;
    let of = |reason: Option<UnknownReason>, attribute| {
        let reason = match reason? {
            UnknownReason::NotPermitted => SkipReason::NotPermitted,
            _ => SkipReason::EvidenceMissing,
        };
        Some((reason, attribute))
    };
    of(state.user_account_control.reason(), "userAccountControl")
        .or_else(|| {
            of(
                state.computed.reason(),
                "msDS-User-Account-Control-Computed",
            )
        })
        .or_else(|| match state.account_expires.reason() {
            // An account that never got one does not expire.
            Some(UnknownReason::Absent) => None,
            reason => of(reason, "accountExpires"),
        })
}

/// What will keep it from logging on within [`SOON_DAYS`].
fn ending_soon(account: &ConnectorAccount, now: Option<Timestamp>) -> Vec<Text> {
    let Some(now) = now else {
        return Vec::new();
    };
    let soon = |fact: &Fact<i64>| {
        end(fact).filter(|end| end.as_second() - now.as_second() <= SOON_DAYS * 86_400)
    };
    let mut reasons = Vec::new();
    if let Some(end) = soon(&account.state.account_expires) {
        reasons.push(text!("ending-account", date = end.to_string()));
    }
    if account.kind == AccountKind::User
        && let Some(end) = soon(&account.state.password_expires)
    {
        reasons.push(text!("ending-password", date = end.to_string()));
    }
    reasons
}

/// The time of a Windows file time; none for never (0 and the largest number, MS-ADTS 2.3.9) and for what is not known.
fn end(fact: &Fact<i64>) -> Option<Timestamp> {
    let value = *fact.known()?;
    if value <= 0 || value == i64::MAX {
        return None;
    }
    let seconds = value / INTERVALS_A_SECOND - SECONDS_1601_TO_1970;
    Timestamp::from_second(seconds).ok()
}

/// Texts as one: the first, then the rest.
pub(super) fn and(texts: impl Iterator<Item = Text>) -> Text {
    let mut texts: Vec<_> = texts.collect();
    let mut joined = texts.pop().unwrap_or_else(|| text!("nothing"));
    while let Some(text) = texts.pop() {
        joined = text!("and-also", first = text, rest = joined);
    }
    joined
}

fn rows(directory: &DirectoryEvidence, account: &ConnectorAccount) -> Vec<EvidenceRow> {
    let source = source_of(directory, &account.domain);
    let row = |attribute: &str, value: String| {
        EvidenceRow::new(
            source.clone(),
            account.distinguished_name.clone(),
            attribute,
            value,
        )
    };
    let number = |attribute: &str, fact: &Fact<i64>| {
        fact.known().map(|value| match end(fact) {
            Some(time) => row(attribute, format!("{value} ({time})")),
            None => row(attribute, value.to_string()),
        })
    };
    let bits = |attribute: &str, fact: &Fact<u32>| {
        fact.known()
            .map(|value| row(attribute, format!("{value:#x}")))
    };
    let state = &account.state;
    [
        bits("userAccountControl", &state.user_account_control),
        bits("msDS-User-Account-Control-Computed", &state.computed),
        number("accountExpires", &state.account_expires),
        number("pwdLastSet", &state.password_last_set),
        number(
            "msDS-UserPasswordExpiryTimeComputed",
            &state.password_expires,
        ),
        number("lockoutTime", &state.lockout_time),
    ]
    .into_iter()
    .flatten()
    .collect()
}
