//! Every stable check with its committed fixtures: one passes, one fails or warns, one misses what the check needs.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use std::collections::BTreeSet;
use std::path::PathBuf;

use phs_core::check::{self, Check, Status, Step};
use phs_core::evidence::Evidence;
use phs_core::finding::{Finding, Outcome, SkipReason};
use phs_core::guide::{self, Context, Policy};
use phs_core::text::{Catalog, DEFAULT_CULTURE};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/checks")
}

/// Stable checks that are judged of evidence. PHS901 is judged of the tool itself.
fn checks() -> impl Iterator<Item = &'static Check> {
    check::ALL
        .iter()
        .copied()
        .filter(|check| check.status == Status::Stable && check.step != Step::Tool)
}

fn load(check: &Check, case: &str) -> Option<Evidence> {
    let path = folder().join(check.id).join(format!("{case}.json"));
    let json = std::fs::read(&path).ok()?;
    Some(
        serde_json::from_slice(&json).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
    )
}

fn judge(check: &Check, evidence: &Evidence) -> Vec<Finding> {
    let context = Context {
        today: "2026-10-02T00:00:00Z".parse().unwrap(),
        users_named: true,
        policy: Policy::default(),
    };
    let mut findings = Vec::new();
    guide::judge(check.step, evidence, &context, &mut |finding| {
        if finding.check.id == check.id {
            findings.push(finding);
        }
    });
    findings
}

fn outcomes(check: &Check, case: &str) -> Vec<Outcome> {
    let evidence = load(check, case);
    let evidence =
        evidence.unwrap_or_else(|| panic!("{} is stable and has no fixture {case}", check.id));
    let findings = judge(check, &evidence);
    assert!(!findings.is_empty(), "{}/{case} gives no finding", check.id);
    findings.iter().map(|finding| finding.outcome).collect()
}

#[test]
fn passed_fixtures_pass() {
    for check in checks() {
        for outcome in outcomes(check, "passed") {
            assert!(
                matches!(
                    outcome,
                    Outcome::Passed | Outcome::Skipped(SkipReason::NotApplicable)
                ),
                "{}: {outcome:?}",
                check.id
            );
        }
        if load(check, "passed").is_some() {
            assert!(
                outcomes(check, "passed").contains(&Outcome::Passed),
                "{} has no Passed",
                check.id
            );
        }
    }
}

#[test]
fn failed_fixtures_fail_or_warn() {
    for check in checks() {
        let outcomes = outcomes(check, "failed");
        assert!(
            outcomes
                .iter()
                .any(|outcome| matches!(outcome, Outcome::Failed | Outcome::Warning)),
            "{}: {outcomes:?}",
            check.id
        );
    }
}

#[test]
fn missing_evidence_is_skipped_and_never_passed() {
    for check in checks() {
        for outcome in outcomes(check, "missing") {
            assert!(
                matches!(outcome, Outcome::Skipped(_)),
                "{}: {outcome:?}",
                check.id
            );
        }
        let findings = judge(check, &Evidence::default());
        assert_eq!(findings.len(), 1, "{} without any evidence", check.id);
        assert_eq!(
            findings[0].outcome,
            Outcome::Skipped(SkipReason::EvidenceMissing),
            "{}",
            check.id
        );
    }
}

#[test]
fn a_fault_says_why_and_what_to_do() {
    let catalog = Catalog::for_culture(DEFAULT_CULTURE);
    for check in checks() {
        for case in ["passed", "failed", "missing"] {
            let Some(evidence) = load(check, case) else {
                continue;
            };
            for finding in judge(check, &evidence) {
                let words = catalog.render(&finding.message);
                assert!(!words.contains("{ $"), "{}: {words}", check.id);
                if matches!(finding.outcome, Outcome::Failed | Outcome::Warning) {
                    let why = catalog.why(&finding.message);
                    assert!(why.is_some_and(|why| !why.contains("{ $")), "{words}");
                    let remedies =
                        catalog.remedies(&finding.message).len() + finding.remedies.len();
                    assert!(remedies > 0, "{words}");
                }
            }
        }
    }
}

#[test]
fn every_fixture_belongs_to_a_stable_check() {
    let known: BTreeSet<&str> = checks().map(|check| check.id).collect();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(known.contains(name.as_str()), "{name}");
    }
}
