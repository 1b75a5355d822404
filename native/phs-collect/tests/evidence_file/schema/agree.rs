//! Reader and schemas agree on changed entries: 29,000 changes of the entries of the frozen files.
//!
//! Where they do not, by design:
//!
//! The reader takes more than the schemas admit, which describe what is written:
//! - a list in place of an object, with the fields in their order: the JSON reader takes both for one;
//! - an object with one null (`{"absent": null}`) in place of a word;
//! - other spellings of times, UUIDs, SIDs and base64 (`spelling.rs`).
//!
//! JSON Schema cannot say it, and the reader refuses:
//! - a key that stands twice: schemas see what a parser made of the text;
//! - a whole number with a fraction of zero (`1.0`, `1e3`): to JSON Schema these are whole numbers;
//! - lengths and hashes in the manifest that are not those of the parts, and a part that is listed twice;
//! - limits of length, depth and number of values (docs/evidence.md).

use phs_collect::evidence_file::{EvidenceFileError, MANIFEST, USERS};
use phs_core::evidence::Evidence;
use phs_core::evidence::manifest::{Manifest, SCHEMA_VERSION};
use serde_json::{Value, json};

use super::mutate::{self, Change};
use super::{Schemas, frozen};
use crate::{archive, file, manifest, open};

/// What the reader makes of an entry.
#[derive(PartialEq)]
enum Read {
    Manifest(Manifest),
    Part(Box<Evidence>),
}

fn read(entry: &str, bytes: &[u8]) -> Result<Read, EvidenceFileError> {
    let parts: &[(&str, &[u8])] = &[(entry, bytes)];
    let archive = if entry == MANIFEST {
        archive(parts)
    } else {
        file(&manifest(parts), parts)
    };
    let mut file = open(archive)?;
    let loaded = file.load_with_users(10);
    let mut problems = loaded.problems.into_iter();
    // The manifest is alone in its archive.
    match problems.find(|problem| entry != MANIFEST || problem.id() != "Phs.Evidence.PartMissing") {
        Some(problem) => Err(problem),
        None if entry == MANIFEST => Ok(Read::Manifest(file.manifest().clone())),
        None => Ok(Read::Part(Box::new(loaded.evidence))),
    }
}

/// Whether a change put a list where an object was, or an object may be.
fn list_in_place_of_object(change: &Change<'_>) -> bool {
    let may_be_object = change.from.is_object() || change.from.is_null();
    change.to.is_array() && (may_be_object || *change.to == json!([[]]))
}

/// Whether a change put a text where a text was, and what this library writes for what it read is admitted: it was the same
/// kind of value, spelled in another way.
fn respelled(schemas: &Schemas, entry: &str, change: &Change<'_>, read: &Read) -> bool {
    if !change.from.is_string() || !change.to.is_string() {
        return false;
    }
    let again = match read {
        Read::Manifest(manifest) => serde_json::to_value(manifest).unwrap(),
        Read::Part(evidence) => {
            let mut whole = serde_json::to_value(evidence).unwrap();
            match entry {
                USERS => whole["users"]["list"][0].take(),
                "tenant.json" => whole["users"]["tenant"].take(),
                "findings.json" => whole["recorded"].take(),
                _ => whole[entry.trim_end_matches(".json")].take(),
            }
        }
    };
    schemas.admits(entry, &again)
}

/// Whether a change put a text in the manifest that is no hash: that is told when the part is read, and here there is none.
fn no_hash(change: &Change<'_>) -> bool {
    change.place == "/parts/*/sha256" && change.to.is_string()
}

/// Counts how often both took and both refused a change.
fn agree(entry: &str, original: &Value) -> (usize, usize) {
    let schemas = Schemas::of(SCHEMA_VERSION);
    assert_eq!(schemas.validate(entry, original), Ok(()));
    let (mut both_take, mut both_refuse) = (0, 0);
    let mut differ: Vec<String> = Vec::new();
    mutate::each(original, &mut |change| {
        let read = read(entry, &serde_json::to_vec(change.whole).unwrap());
        match (read, schemas.admits(entry, change.whole)) {
            (Ok(_), true) => both_take += 1,
            (Err(_), false) => both_refuse += 1,
            (Ok(_), false) if list_in_place_of_object(change) => {}
            (Ok(Read::Manifest(_)), false) if no_hash(change) => {}
            (Ok(read), false) if respelled(&schemas, entry, change, &read) => {}
            (read, _) => {
                let (place, to) = (change.place, change.to);
                let (read, invalid) = (read.err(), schemas.validate(entry, change.whole));
                differ.push(format!(
                    "{place} = {to}\n  reader: {read:?}\n  schema: {invalid:?}"
                ));
            }
        }
    });
    let count = differ.len();
    differ.truncate(20);
    assert!(count == 0, "{count} differ:\n{}", differ.join("\n"));
    (both_take, both_refuse)
}

fn agree_on(folder: &str, entry: &str, least: (usize, usize)) {
    let bytes = frozen(folder, entry);
    let (mut take, mut refuse) = (0, 0);
    if entry == USERS {
        for line in bytes.split(|byte| *byte == b'\n') {
            if !line.is_empty() {
                let counts = agree(entry, &serde_json::from_slice(line).unwrap());
                take += counts.0;
                refuse += counts.1;
            }
        }
    } else {
        (take, refuse) = agree(entry, &serde_json::from_slice(&bytes).unwrap());
    }
    eprintln!("{entry}: {take} taken, {refuse} refused by both");
    assert!(take >= least.0 && refuse >= least.1, "{take} {refuse}");
}

macro_rules! agreements {
    ($($name:ident: $folder:literal $entry:literal $least:expr;)+) => {
        $(#[test]
        fn $name() {
            agree_on($folder, $entry, $least);
        })+
    };
}

agreements! {
    on_the_manifest: "whole" "manifest.json" (60, 300);
    on_another_manifest: "redacted" "manifest.json" (75, 350);
    on_the_server: "whole" "server.json" (950, 4400);
    on_the_directory: "whole" "directory.json" (480, 2600);
    on_the_network: "whole" "network.json" (1100, 5500);
    on_events: "whole" "events.json" (270, 1000);
    on_the_cloud: "whole" "cloud.json" (330, 1800);
    on_the_host: "whole" "host.json" (140, 580);
    on_the_tenant: "whole" "tenant.json" (15, 100);
    on_users: "whole" "users.ndjson" (800, 4000);
    on_findings: "redacted" "findings.json" (190, 550);
}

/// What the reader takes of an entry and what its schema admits.
fn judged(entry: &str, text: &str) -> (bool, bool) {
    let schemas = Schemas::of(SCHEMA_VERSION);
    let read = read(entry, text.as_bytes()).is_ok();
    let admitted = schemas.validate_bytes(entry, text.as_bytes()).is_ok();
    (read, admitted)
}

#[test]
fn where_the_reader_takes_more() {
    for (entry, text) in [
        ("tenant.json", "[]"),
        ("host.json", r#"{"fips":[{"known":true}]}"#),
        ("users.ndjson", r#"{"attributes":{"mail":{"absent":null}}}"#),
    ] {
        assert_eq!(judged(entry, text), (true, false), "{text}");
    }
}

#[test]
fn where_json_schema_cannot_say_it() {
    for (entry, text) in [
        (
            "tenant.json",
            r#"{"verifiedDomains":{"known":[]},"verifiedDomains":{"known":[]}}"#,
        ),
        ("host.json", r#"{"tls":[{"value":{"known":1.0}}]}"#),
        ("host.json", r#"{"tls":[{"value":{"known":1e3}}]}"#),
    ] {
        assert_eq!(judged(entry, text), (false, true), "{text}");
    }
    let parts: &[(&str, &[u8])] = &[("tenant.json", b"{}")];
    let changed = |change: fn(&mut Value)| {
        let mut manifest = manifest(parts);
        change(&mut manifest);
        let read = match open(file(&manifest, parts)) {
            Ok(mut file) => file.check().is_empty(),
            Err(_) => false,
        };
        (
            read,
            Schemas::of(SCHEMA_VERSION).admits(MANIFEST, &manifest),
        )
    };
    let hash = |manifest: &mut Value| manifest["parts"][0]["sha256"] = "0".repeat(64).into();
    assert_eq!(changed(|_| {}), (true, true));
    assert_eq!(changed(hash), (false, true));
    assert_eq!(
        changed(|manifest| manifest["parts"][0]["bytes"] = json!(3)),
        (false, true)
    );
    let twice = |manifest: &mut Value| {
        let part = manifest["parts"][0].clone();
        manifest["parts"].as_array_mut().unwrap().push(part);
    };
    assert_eq!(changed(twice), (false, true));
    // This much it can say.
    let short = |manifest: &mut Value| manifest["parts"][0]["sha256"] = "0".repeat(63).into();
    assert_eq!(changed(short), (false, false));
    let other = |manifest: &mut Value| manifest["parts"][0]["name"] = json!("other.json");
    assert_eq!(changed(other), (false, false));
}
