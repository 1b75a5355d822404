//! What goes in comes out.

use std::path::{Path, PathBuf};

use phs_collect::evidence_file::{EvidenceFile, EvidenceWriter};
use phs_core::check::Step;
use phs_core::evidence::Evidence;
use phs_core::evidence::manifest::Manifest;
use phs_core::evidence::user::Users;
use phs_core::guide::{self, Context, Policy};
use phs_core::report::FindingRecord;
use phs_core::text::{Catalog, DEFAULT_CULTURE};

fn checks() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/checks")
}

pub(crate) fn fixtures() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for check in std::fs::read_dir(checks()).unwrap() {
        for file in std::fs::read_dir(check.unwrap().path()).unwrap() {
            files.push(file.unwrap().path());
        }
    }
    files.sort();
    assert!(files.len() > 60, "{}", files.len());
    files
}

pub(crate) fn write(path: &Path, evidence: &Evidence) -> Manifest {
    let mut writer = EvidenceWriter::create(path, false).unwrap();
    writer.evidence(evidence).unwrap();
    let manifest = Manifest {
        tool_version: "0.1.0".into(),
        machine: "SYNC1".into(),
        platform: "windows x86_64".into(),
        collected_at: "2026-10-02T00:00:00Z".parse().unwrap(),
        evidence_at: evidence.collected_at,
        ..Manifest::default()
    };
    writer.finish(manifest).unwrap().manifest
}

fn read(path: &Path) -> Evidence {
    let mut file = EvidenceFile::open(path).unwrap();
    let loaded = file.load_with_users(1_000);
    assert_eq!(loaded.problems, []);
    loaded.evidence
}

fn findings(evidence: &Evidence) -> Vec<FindingRecord> {
    let context = Context {
        today: "2026-10-02T00:00:00Z".parse().unwrap(),
        users_named: true,
        policy: Policy::default(),
    };
    let catalog = Catalog::for_culture(DEFAULT_CULTURE);
    let mut records = Vec::new();
    for step in Step::ALL {
        guide::judge(step, evidence, &context, &mut |finding| {
            records.push(FindingRecord::render(&finding, &catalog, false));
        });
    }
    records
}

#[test]
fn every_kind_of_evidence_survives_and_is_judged_the_same() {
    let folder = tempfile::tempdir().unwrap();
    for fixture in fixtures() {
        let name = fixture.display();
        let evidence: Evidence = serde_json::from_slice(&std::fs::read(&fixture).unwrap()).unwrap();
        let path = folder.path().join("one.phs");
        write(&path, &evidence);
        let again = read(&path);
        std::fs::remove_file(&path).unwrap();
        let mut expected = evidence.clone();
        // A file without a time of its own has that of its collection.
        expected.collected_at = again.collected_at;
        if expected.users == Some(Users::default()) {
            expected.users = None;
        }
        assert_eq!(again, expected, "{name}");
        assert_eq!(findings(&again), findings(&evidence), "{name}");
    }
}

#[test]
fn the_manifest_tells_what_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.phs");
    let fixture = checks().join("PHS201/passed.json");
    let evidence: Evidence = serde_json::from_slice(&std::fs::read(fixture).unwrap()).unwrap();
    let written = write(&path, &evidence);
    let file = EvidenceFile::open(&path).unwrap();
    assert_eq!(*file.manifest(), written);
    let part = &written.parts[0];
    assert_eq!(part.name, "server.json");
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&path).unwrap()).unwrap();
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut zip.by_name("server.json").unwrap(), &mut bytes).unwrap();
    assert_eq!(part.bytes, bytes.len() as u64);
    assert_eq!(part.sha256, crate::sha256(&bytes));
}
