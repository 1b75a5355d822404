//! `docs/abi.md` says what is so.

use std::collections::BTreeSet;

use phs_collect::event::Event;
use phs_collect::problem::ProblemRecord;
use serde_json::Value;

const PAGE: &str = include_str!("../../../docs/abi.md");
const HEADER: &str = include_str!("../include/phs.h");

/// The page's JSON examples.
fn examples() -> Vec<Value> {
    PAGE.split("```json\n")
        .skip(1)
        .map(|rest| {
            let text = rest.split("```").next().unwrap();
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
        })
        .collect()
}

#[test]
fn every_status_has_a_row_with_its_number() {
    let mut statuses = 0;
    for line in HEADER.lines() {
        let Some(rest) = line.strip_prefix("#define PHS_") else {
            continue;
        };
        let Some((name, number)) = rest.split_once(' ') else {
            continue;
        };
        if name == "H" || name == "VERSION" || name == "ABI_VERSION" {
            continue;
        }
        assert!(
            PAGE.contains(&format!("| {number} | `PHS_{name}` |")),
            "{name}"
        );
        statuses += 1;
    }
    let rows = PAGE
        .lines()
        .filter(|line| line.starts_with('|') && line.contains("| `PHS_"))
        .count();
    assert_eq!(statuses, rows);
}

#[test]
fn every_event_kind_has_one_example() {
    let shown: Vec<_> = examples()
        .iter()
        .filter_map(|example| example["kind"].as_str().map(str::to_owned))
        .collect();
    let kinds: BTreeSet<_> = Event::KINDS.iter().map(|&kind| kind.to_owned()).collect();
    assert_eq!(shown.len(), kinds.len());
    assert_eq!(shown.into_iter().collect::<BTreeSet<_>>(), kinds);
}

#[test]
fn the_error_example_is_one() {
    let error = examples()
        .into_iter()
        .find(|example| example["id"] == "Phs.Abi.NullArgument")
        .unwrap();
    let record: ProblemRecord = serde_json::from_value(error).unwrap();
    assert!(record.recommended_action.is_some());
}

#[test]
fn every_diagnostic_is_declared_in_the_order_of_the_list() {
    let places: Vec<_> = crate::diagnostics::FUNCTIONS
        .iter()
        .map(|function| {
            HEADER
                .find(&format!("int32_t {function}("))
                .unwrap_or_else(|| panic!("{function} is not in the header"))
        })
        .collect();
    assert!(places.is_sorted());
    let declared = HEADER.matches("(const uint8_t *request,").count();
    assert_eq!(declared, places.len());
}
