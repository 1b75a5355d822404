//! A file of version 1 loads, and is judged as it was.

use phs_collect::evidence_file::{MANIFEST, PARTS};
use phs_core::evidence::Evidence;
use phs_core::evidence::manifest::SCHEMA_VERSION;
use serde_json::Value;

use super::{Schemas, frozen, repository};
use crate::redacted::findings;
use crate::{archive, open};

/// The entries of a frozen file, as they lie there.
fn entries(folder: &str) -> Vec<(&'static str, Vec<u8>)> {
    let root = repository().join("tests/fixtures/evidence/v1").join(folder);
    let names = PARTS.iter().copied().chain([MANIFEST]);
    names
        .filter(|name| root.join(name).is_file())
        .map(|name| (name, frozen(folder, name)))
        .collect()
}

pub(super) fn load(folder: &str) -> Evidence {
    let entries = entries(folder);
    let entries: Vec<(&str, &[u8])> = entries
        .iter()
        .map(|(name, bytes)| (*name, bytes.as_slice()))
        .collect();
    let mut file = open(archive(&entries)).unwrap();
    assert_eq!(file.manifest().schema_version, 1);
    let loaded = file.load_with_users(100);
    assert_eq!(loaded.problems, []);
    loaded.evidence
}

#[test]
fn a_whole_file_is_judged_as_it_was() {
    let evidence = load("whole");
    let users = evidence.users.as_ref().map(|users| users.list.len());
    assert_eq!(users, Some(4));
    let told: Vec<String> = findings(&evidence)
        .iter()
        .map(|finding| {
            let outcome = match &finding.skip_reason {
                Some(reason) => format!("{}({reason})", finding.outcome),
                None => finding.outcome.clone(),
            };
            format!("{} {outcome} {}", finding.check_id, finding.target)
        })
        .collect();
    let listed = repository().join("tests/fixtures/evidence/v1/findings.txt");
    let listed = std::fs::read_to_string(listed).unwrap();
    let listed: Vec<&str> = listed.lines().collect();
    assert_eq!(told, listed);
}

#[test]
fn a_redacted_file_tells_what_was_found() {
    let evidence = load("redacted");
    let recorded = evidence.recorded.unwrap();
    let checks: Vec<&str> = recorded.iter().map(|one| one.check_id.as_str()).collect();
    assert_eq!(checks, ["PHS201", "PHS301"]);
    assert_eq!(evidence.not_collected.len(), 7);
}

/// The schemas of version 1 stay as they were; those of the current version admit parts of version 1, or it is another version.
#[test]
fn the_schemas_of_version_1_admit_it() {
    let schemas = Schemas::of(1);
    let mut count = 0;
    for folder in ["whole", "redacted"] {
        for (name, bytes) in entries(folder) {
            assert_eq!(
                schemas.validate_bytes(name, &bytes),
                Ok(()),
                "{folder}/{name}"
            );
            count += 1;
        }
    }
    assert_eq!(count, 11);
}

#[test]
fn each_version_has_its_schemas() {
    for version in 1..=SCHEMA_VERSION {
        let schemas = Schemas::of(version);
        let mut manifest: Value = serde_json::from_slice(&frozen("whole", MANIFEST)).unwrap();
        for other in 0..=SCHEMA_VERSION + 1 {
            manifest["schemaVersion"] = other.into();
            let admitted = schemas.validate(MANIFEST, &manifest).is_ok();
            assert_eq!(admitted, other == version, "{version} {other}");
        }
    }
}
