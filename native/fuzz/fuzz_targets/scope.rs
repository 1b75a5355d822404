//! Scope filters: one clause a line, an empty line between groups, against an object whose values are the input itself.
#![no_main]

mod object;

use libfuzzer_sys::fuzz_target;
use object::{Object, Slots};
use phs_core::rules::scope::Scope;
use phs_core::rules::{ScopeClause, ScopeGroup, Truth};

fn clause(line: &str) -> ScopeClause {
    let mut parts = line.splitn(3, ' ');
    let mut part = || parts.next().unwrap_or_default().to_owned();
    ScopeClause {
        attribute: part(),
        operator: part().into(),
        value: part(),
    }
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (text, object) = text.split_once('\0').unwrap_or((text, "CN=a,DC=b"));
    let groups: Vec<ScopeGroup> = text
        .split("\n\n")
        .map(|group| ScopeGroup {
            clauses: group.lines().map(clause).collect(),
        })
        .collect();
    let scope = Scope::new(&groups, &mut Slots);
    let object = Object(object);
    let decided = scope.decide(&object);
    let reports = scope.explain(&object);
    // What is out of scope has a reason in every group.
    if decided == Truth::False {
        for group in 1..=groups.len() {
            assert!(
                reports
                    .iter()
                    .any(|report| report.group == group && report.truth == Truth::False)
            );
        }
    }
});
