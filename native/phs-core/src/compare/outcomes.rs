//! Checks whose evidence is not compared value by value: their answers are.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Area, Difference, Kind, Side, Sink};
use crate::check::{self, Check, Severity, Status, Step};
use crate::evidence::Evidence;
use crate::finding::{Finding, Outcome, SkipReason};
use crate::guide::{self, Policy};
use crate::text;

/// Checks whose evidence is compared value by value, so that their answer would tell the same twice.
const BY_VALUE: [&str; 8] = [
    "PHS101", "PHS201", "PHS203", "PHS204", "PHS205", "PHS401", "PHS402", "PHS806",
];

/// Compares the answers of all checks that both sides have evidence for.
pub(super) fn compare(
    reference: &Evidence,
    difference: &Evidence,
    today: Timestamp,
    sink: &mut Sink<'_>,
) {
    let checks: Vec<&'static Check> = check::ALL
        .iter()
        .copied()
        .filter(|check| check.status == Status::Stable && check.step != Step::Tool)
        .filter(|check| !BY_VALUE.contains(&check.id))
        .filter(|check| {
            check
                .needs
                .iter()
                .all(|&need| reference.has(need) && difference.has(need))
        })
        .collect();
    let mut steps: Vec<Step> = checks.iter().map(|check| check.step).collect();
    steps.dedup();
    for step in steps {
        let was = answers(step, reference, today, &checks);
        let mut is = answers(step, difference, today, &checks);
        for (key, before) in &was {
            match is.remove(key) {
                Some(after) => both(before, &after, sink),
                None => only(before, Side::Reference, sink),
            }
        }
        for after in is.values() {
            only(after, Side::Difference, sink);
        }
    }
}

/// The worst answer of each check about each target.
fn answers(
    step: Step,
    evidence: &Evidence,
    today: Timestamp,
    checks: &[&'static Check],
) -> BTreeMap<(&'static str, String), Finding> {
    let context = guide::Context {
        today,
        users_named: evidence.users.is_some(),
        policy: Policy::default(),
    };
    let mut found: BTreeMap<(&'static str, String), Finding> = BTreeMap::new();
    guide::judge(step, evidence, &context, &mut |finding| {
        if !checks.iter().any(|check| check.id == finding.check.id) {
            return;
        }
        let key = (finding.check.id, finding.target.canonical.clone());
        match found.get(&key) {
            Some(other) if rank(other.outcome) >= rank(finding.outcome) => {}
            _ => {
                found.insert(key, finding);
            }
        }
    });
    found
}

fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Skipped(_) => 0,
        Outcome::Passed => 1,
        Outcome::Warning => 2,
        Outcome::Failed => 3,
        Outcome::Error => 4,
    }
}

/// Whether the check was answered; that it does not apply is an answer too.
fn is_answered(outcome: Outcome) -> bool {
    !matches!(
        outcome,
        Outcome::Error
            | Outcome::Skipped(
                SkipReason::EvidenceMissing
                    | SkipReason::NotPermitted
                    | SkipReason::NotSupported
                    | SkipReason::Excluded
                    | SkipReason::DependencyFailed
            )
    )
}

fn both(before: &Finding, after: &Finding, sink: &mut Sink<'_>) {
    let (was, is) = (before.outcome, after.outcome);
    if was == is || !is_answered(was) && !is_answered(is) {
        return;
    }
    let comparable = is_answered(was) && is_answered(is);
    let severity = match (comparable, is) {
        (false, _) => Severity::Warning,
        (true, Outcome::Failed | Outcome::Warning) => after.severity(),
        (true, _) => Severity::Information,
    };
    let kind = if comparable {
        Kind::Changed
    } else {
        Kind::NotComparable
    };
    let message = text!(
        "compare-outcome",
        check = after.check.id,
        target = &after.target.display,
        before = was.name(),
        after = is.name(),
        message = if rank(is) >= rank(was) { after } else { before }
            .message
            .clone()
    );
    sink(
        Difference::new(
            Area::Outcome,
            kind,
            severity,
            after.target.clone(),
            after.check.name,
            message,
        )
        .check(after.check)
        .values(Some(was.name().to_owned()), Some(is.name().to_owned())),
    );
}

/// An answer about something that the other side does not know.
fn only(finding: &Finding, side: Side, sink: &mut Sink<'_>) {
    if !is_answered(finding.outcome)
        || finding.outcome == Outcome::Skipped(SkipReason::NotApplicable)
    {
        return;
    }
    let severity = match (side, finding.outcome) {
        (Side::Difference, Outcome::Failed | Outcome::Warning) => finding.severity(),
        (Side::Reference, Outcome::Failed | Outcome::Warning) => Severity::Warning,
        _ => Severity::Information,
    };
    let word = Some(finding.outcome.name().to_owned());
    let (before, after) = match side {
        Side::Reference => (word, None),
        Side::Difference => (None, word),
    };
    sink(
        Difference::new(
            Area::Outcome,
            Kind::NotComparable,
            severity,
            finding.target.clone(),
            finding.check.name,
            text!(
                "compare-outcome-only",
                check = finding.check.id,
                target = &finding.target.display,
                side = side.text(),
                outcome = finding.outcome.name(),
                message = finding.message.clone()
            ),
        )
        .check(finding.check)
        .values(before, after),
    );
}
