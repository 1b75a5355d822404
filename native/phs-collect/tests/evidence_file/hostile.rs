//! Hostile and damaged files: each its own error, which names file and place; what is sound still loads.

use std::io::{Cursor, Write as _};
use std::ops::ControlFlow;

use phs_collect::evidence_file::{EvidenceFileError, Fault};
use phs_core::check::Need;
use phs_core::text::{Catalog, DEFAULT_CULTURE};
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::{archive, file, manifest, open};

const SERVER: &[u8] = br#"{"source":"export","name":{"known":"SYNC1"}}"#;

/// The error of opening, in its words as well: file and remedy are in them.
fn refused(bytes: Vec<u8>) -> EvidenceFileError {
    told(open(bytes).unwrap_err())
}

fn told(error: EvidenceFileError) -> EvidenceFileError {
    let problem = error
        .problem()
        .render(&Catalog::for_culture(DEFAULT_CULTURE));
    assert!(problem.message.contains("contoso.phs"), "{problem:?}");
    assert!(!problem.message.contains("[evidence-file"), "{problem:?}");
    assert!(problem.recommended_action.is_some(), "{problem:?}");
    assert_eq!(problem.target, "contoso.phs");
    error
}

/// The only error of loading parts.
fn broken(parts: &[(&str, &[u8])]) -> EvidenceFileError {
    let mut file = open(file(&manifest(parts), parts)).unwrap();
    let mut problems = file.load().problems;
    assert_eq!(problems.len(), 1, "{problems:?}");
    told(problems.remove(0))
}

#[test]
fn what_is_no_archive_is_not_taken_for_one() {
    let zeros = vec![0; 100_000];
    for bytes in [&b""[..], b"PK", b"<xml/>", &zeros] {
        assert_eq!(refused(bytes.to_vec()).id(), "Phs.Evidence.NotEvidence");
    }
    let zip = archive(&[("word/document.xml", b"<xml/>")]);
    assert_eq!(refused(zip).id(), "Phs.Evidence.NotEvidence");
}

#[test]
fn a_file_that_is_cut_off_says_so_wherever_it_is_cut() {
    let parts: &[(&str, &[u8])] = &[("server.json", SERVER)];
    let whole = file(&manifest(parts), parts);
    for length in 4..whole.len() {
        let error = refused(whole[..length].to_vec());
        assert_eq!(error.id(), "Phs.Evidence.Truncated", "{length}: {error}");
    }
    assert!(open(whole).is_ok());
}

#[test]
fn no_changed_byte_goes_unseen() {
    let parts: &[(&str, &[u8])] = &[("server.json", SERVER)];
    let whole = file(&manifest(parts), parts);
    let sound = open(whole.clone()).unwrap().load();
    assert_eq!(sound.problems, []);
    for place in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x41;
        let Ok(mut file) = open(bytes) else { continue };
        let loaded = file.load();
        // A byte of a time or flag in a header says nothing of the content; the content itself is the same then.
        if loaded.problems.is_empty() {
            assert_eq!(loaded.evidence.server, sound.evidence.server, "{place}");
        }
    }
}

#[test]
fn names_that_lead_out_are_refused() {
    let parts: &[(&str, &[u8])] = &[("server.json", SERVER)];
    for name in [
        "../server.json",
        "/etc/cron.d/phs",
        "a/../../b",
        "..\\b",
        "C:\\b",
        "\\\\host\\b",
        "a\0b",
    ] {
        let manifest = serde_json::to_vec(&manifest(parts)).unwrap();
        let bytes = archive(&[
            ("server.json", SERVER),
            ("manifest.json", &manifest),
            (name, b"x"),
        ]);
        let error = refused(bytes);
        assert_eq!(error.kind, Fault::UnsafeName { name: name.into() });
    }
}

#[test]
fn a_part_that_was_changed_is_not_used_and_the_others_are() {
    let events: &[u8] = br#"{"source":"x"}"#;
    let listed: &[(&str, &[u8])] = &[("server.json", SERVER), ("events.json", events)];
    let changed: &[(&str, &[u8])] = &[
        (
            "server.json",
            br#"{"source":"other","name":{"known":"SYNC1"}}"#,
        ),
        ("events.json", events),
    ];
    let mut file = open(file(&manifest(listed), changed)).unwrap();
    let loaded = file.load();
    assert_eq!(loaded.problems.len(), 1);
    assert_eq!(loaded.problems[0].id(), "Phs.Evidence.WrongHash");
    assert!(loaded.evidence.server.is_none());
    assert!(loaded.evidence.events.is_some());
    let why = loaded.evidence.why_missing(Need::Server).unwrap();
    assert_eq!(why.error_id.as_deref(), Some("Phs.Evidence.WrongHash"));
}

#[test]
fn a_listed_part_must_be_there() {
    let listed: &[(&str, &[u8])] = &[("server.json", SERVER)];
    let mut file = open(file(&manifest(listed), &[])).unwrap();
    assert_eq!(file.load().problems[0].id(), "Phs.Evidence.PartMissing");
}

#[test]
fn an_entry_that_no_evidence_file_has_is_told() {
    let parts: &[(&str, &[u8])] = &[("server.json", SERVER)];
    let with: &[(&str, &[u8])] = &[("server.json", SERVER), ("run.ps1", b"x")];
    let mut file = open(file(&manifest(parts), with)).unwrap();
    let loaded = file.load();
    assert_eq!(loaded.problems[0].id(), "Phs.Evidence.UnknownEntry");
    assert!(loaded.evidence.server.is_some());
}

#[test]
fn too_many_entries_are_refused() {
    let names: Vec<String> = (0..100).map(|number| format!("{number}.json")).collect();
    let entries: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), &b"1"[..]))
        .collect();
    assert_eq!(
        refused(archive(&entries)).id(),
        "Phs.Evidence.TooManyEntries"
    );
}

#[test]
fn faults_of_json_are_told_apart_with_their_place() {
    let twice = broken(&[("server.json", b"{\"source\":\"a\",\n\"source\":\"b\"}")]);
    assert_eq!(
        twice.kind,
        Fault::DuplicateKey {
            place: "server.json, line 2, column 9".into(),
            detail: "\"source\"".into()
        }
    );
    let inner = broken(&[(
        "server.json",
        br#"{"settings":{"known":{"A":"1","A":"2"}}}"#,
    )]);
    assert_eq!(inner.id(), "Phs.Evidence.DuplicateKey");
    let unknown = broken(&[(
        "server.json",
        br#"{"rules":[],"connectors":[{"source":"a","identifier":"ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d","name":"n","kind":"entra","nmae":1}]}"#,
    )]);
    assert_eq!(
        unknown.kind,
        Fault::UnknownField {
            place: "server.json".into(),
            path: "connectors.0.nmae".into()
        }
    );
    assert_eq!(
        broken(&[("server.json", b"{")]).id(),
        "Phs.Evidence.Truncated"
    );
    assert_eq!(
        broken(&[("server.json", b"[1 2]")]).id(),
        "Phs.Evidence.NotJson"
    );
    assert_eq!(
        broken(&[("server.json", b"{} {}")]).id(),
        "Phs.Evidence.NotJson"
    );
    assert_eq!(
        broken(&[("server.json", br#"{"connectors":1}"#)]).id(),
        "Phs.Evidence.Invalid"
    );
    let deep = "[".repeat(200_000);
    assert_eq!(
        broken(&[("server.json", deep.as_bytes())]).id(),
        "Phs.Evidence.TooComplex"
    );
    assert_eq!(
        broken(&[(
            "directory.json",
            br#"{"domains":[{"descriptor":{"known":"*"}}]}"#
        )])
        .id(),
        "Phs.Evidence.Invalid"
    );
}

#[test]
fn faults_of_users_name_the_line() {
    let lines = b"{\"identity\":\"a\"}\n\n{\"identity\":\"b\",\"identity\":\"c\"}\n";
    let parts: &[(&str, &[u8])] = &[("users.ndjson", lines)];
    let mut file = open(file(&manifest(parts), parts)).unwrap();
    assert_eq!(file.load().problems, []);
    let mut seen = Vec::new();
    let error = file
        .users(&mut |user| {
            seen.push(user.identity);
            ControlFlow::Continue(())
        })
        .unwrap_err();
    assert_eq!(seen, ["a"]);
    let Fault::DuplicateKey { place, .. } = told(error).kind else {
        panic!("another fault");
    };
    assert_eq!(place, "users.ndjson, line 3, column 26");
}

#[test]
fn manifests_of_other_versions() {
    let mut newer = manifest(&[]);
    newer["schemaVersion"] = json!(2);
    newer["toolVersion"] = json!("7.0.0");
    // A newer schema may have fields of its own: its version is told, not they.
    newer["signature"] = json!("x");
    assert_eq!(
        refused(file(&newer, &[])).kind,
        Fault::NewerSchema {
            found: 2,
            known: 1,
            tool: "7.0.0".into()
        }
    );
    for (wrong, id) in [
        (json!(0), "Phs.Evidence.Invalid"),
        (json!("1"), "Phs.Evidence.Invalid"),
        (json!(-1), "Phs.Evidence.Invalid"),
    ] {
        let mut manifest = manifest(&[]);
        manifest["schemaVersion"] = wrong;
        assert_eq!(refused(file(&manifest, &[])).id(), id);
    }
    let mut unknown = manifest(&[]);
    unknown["signature"] = json!("x");
    assert_eq!(
        refused(file(&unknown, &[])).id(),
        "Phs.Evidence.UnknownField"
    );
    let mut twice = manifest(&[("server.json", SERVER)]);
    let part = twice["parts"][0].clone();
    twice["parts"].as_array_mut().unwrap().push(part);
    assert_eq!(
        refused(file(&twice, &[("server.json", SERVER)])).id(),
        "Phs.Evidence.Invalid"
    );
}

#[test]
fn a_bomb_goes_off_in_no_memory() {
    // 8 MiB of spaces pack to 8 KiB.
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let piece = vec![b' '; 1 << 20];
    let mut hasher = <sha2::Sha256 as sha2::Digest>::new();
    zip.start_file("server.json", SimpleFileOptions::default())
        .unwrap();
    for _ in 0..8 {
        zip.write_all(&piece).unwrap();
        sha2::Digest::update(&mut hasher, &piece);
    }
    let mut listed = manifest(&[("server.json", b"")]);
    listed["parts"][0]["bytes"] = json!(8_u64 << 20);
    zip.start_file("manifest.json", SimpleFileOptions::default())
        .unwrap();
    zip.write_all(&serde_json::to_vec(&listed).unwrap())
        .unwrap();
    let mut file = open(zip.finish().unwrap().into_inner()).unwrap();
    let problems = file.load().problems;
    assert_eq!(problems[0].id(), "Phs.Evidence.Bomb", "{problems:?}");
}

#[test]
fn entries_that_share_their_bytes_are_refused() {
    let server = b"{}";
    let listed = serde_json::to_vec(&manifest(&[("server.json", server)])).unwrap();
    let mut bytes = archive(&[
        ("server.json", server),
        ("tenant.json", server),
        ("manifest.json", &listed),
    ]);
    // The central directory's second entry now points to the first one's bytes.
    let central: Vec<usize> = bytes
        .windows(4)
        .enumerate()
        .filter(|(_, four)| *four == b"PK\x01\x02")
        .map(|(place, _)| place)
        .collect();
    let first: [u8; 4] = bytes[central[0] + 42..central[0] + 46].try_into().unwrap();
    bytes[central[1] + 42..central[1] + 46].copy_from_slice(&first);
    let error = refused(bytes);
    assert!(
        matches!(error.kind, Fault::Bomb { .. } | Fault::Truncated { .. }),
        "{error}"
    );
}

#[test]
fn ways_of_packing_that_are_not_read_are_told() {
    let listed: &[(&str, &[u8])] = &[("server.json", SERVER)];
    let mut bytes = file(&manifest(listed), listed);
    let central = bytes
        .windows(4)
        .position(|four| four == b"PK\x01\x02")
        .unwrap();
    // Method 14 (LZMA) in both headers.
    bytes[central + 10] = 14;
    bytes[8] = 14;
    let mut file = open(bytes).unwrap();
    let problems = file.load().problems;
    assert_eq!(problems[0].id(), "Phs.Evidence.Unsupported", "{problems:?}");
}
