//! Whatever is written validates.

use std::io::Read as _;
use std::path::Path;

use phs_collect::evidence_file::{EvidenceWriter, Redactor};
use phs_collect::{events, export};
use phs_core::check::Need;
use phs_core::evidence::manifest::{Manifest, SCHEMA_VERSION};
use phs_core::evidence::{Evidence, NotCollected, UnknownReason};

use super::version_one::load;
use super::{Schemas, repository};
use crate::redacted;
use crate::round_trip::{fixtures, write};

/// Validates every entry of a file.
fn validate(schemas: &Schemas, path: &Path, name: &str) -> usize {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    for place in 0..zip.len() {
        let mut entry = zip.by_index(place).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        let part = entry.name().unwrap().into_owned();
        if let Err(error) = schemas.validate_bytes(&part, &bytes) {
            panic!("{name}: {part}: {error}");
        }
    }
    zip.len()
}

/// Writes the evidence as it is and without names, and validates both files.
fn validate_both(schemas: &Schemas, folder: &Path, evidence: &Evidence, name: &str) -> usize {
    let path = folder.join("whole.phs");
    write(&path, evidence);
    let entries = validate(schemas, &path, name);
    std::fs::remove_file(&path).unwrap();

    let mut redactor = Redactor::default();
    let found = redacted::findings(evidence);
    let without_names = redactor.evidence(evidence, &found).unwrap();
    let path = folder.join("redacted.phs");
    let mut writer = EvidenceWriter::create(&path, true).unwrap();
    writer.evidence(&without_names).unwrap();
    let manifest = redactor.manifest(&Manifest {
        machine: "SYNC1".into(),
        not_collected: Need::ALL
            .into_iter()
            .map(|kind| NotCollected {
                kind,
                reason: UnknownReason::NotPermitted,
                error_id: Some("Phs.Ldap.Timeout".into()),
                detail: Some("no answer".into()),
            })
            .collect(),
        ..Manifest::default()
    });
    writer.finish(manifest).unwrap();
    entries + validate(schemas, &path, &format!("{name}, redacted"))
}

#[test]
fn every_check_fixture_validates() {
    let schemas = Schemas::of(SCHEMA_VERSION);
    let folder = tempfile::tempdir().unwrap();
    let mut entries = 0;
    for fixture in fixtures() {
        let bytes = std::fs::read(&fixture).unwrap();
        let evidence: Evidence = serde_json::from_slice(&bytes).unwrap();
        let name = fixture.display().to_string();
        entries += validate_both(&schemas, folder.path(), &evidence, &name);
    }
    assert!(entries > 400, "{entries}");
}

#[test]
fn what_is_read_of_every_kind_of_source_validates() {
    let schemas = Schemas::of(SCHEMA_VERSION);
    let folder = tempfile::tempdir().unwrap();
    let root = repository();
    let contoso = root.join("../shared/data/aadconnect-contoso/Contoso/Production");
    let applied = "tests/fixtures/policy/Applied-SynchronizationPolicy-20261001-080000.JSON";
    let mut sources = vec![
        root.join("samples/healthy"),
        root.join("samples/fabrikam"),
        root.join("tests/lab/export"),
        root.join("tests/fixtures/bundle"),
        root.join(applied),
        root.join("tests/fixtures/policy/MigratedPolicy.json"),
    ];
    if contoso.is_dir() {
        sources.push(contoso);
    } else {
        eprintln!("SKIPPED: no Contoso export at {}", contoso.display());
    }
    for source in sources {
        let name = source.display().to_string();
        let export = export::read(&source, |_, _| true);
        let server = export.configuration;
        assert!(server.is_some(), "{name}: {:?}", export.problems);
        let evidence = Evidence {
            server,
            ..Evidence::default()
        };
        assert_eq!(validate_both(&schemas, folder.path(), &evidence, &name), 5);
    }
    // Nearly every field and word of the shapes.
    let entries = validate_both(&schemas, folder.path(), &load("whole"), "whole");
    assert_eq!(entries, 19);
    let (log, problems) = events::read(&root.join("samples/troubled.evtx"), |_| true).unwrap();
    assert!(problems.is_empty());
    assert!(!log.events.is_empty());
    let evidence = Evidence {
        events: Some(log),
        ..Evidence::default()
    };
    let entries = validate_both(&schemas, folder.path(), &evidence, "troubled.evtx");
    assert_eq!(entries, 5);
}
