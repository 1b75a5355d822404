//! Evidence files: what goes in comes out, and nothing hostile gets further than its error.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

mod hostile;
mod redacted;
mod round_trip;
mod schema;
mod written;

use std::io::{Cursor, Write as _};

use phs_collect::evidence_file::{EvidenceFile, EvidenceFileError};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// SHA-256 in hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
}

/// A manifest that lists these parts rightly.
fn manifest(parts: &[(&str, &[u8])]) -> Value {
    let parts: Vec<Value> = parts
        .iter()
        .map(|(name, bytes)| json!({"name": name, "bytes": bytes.len(), "sha256": sha256(bytes)}))
        .collect();
    json!({
        "schemaVersion": 1,
        "toolVersion": "0.1.0",
        "machine": "SYNC1",
        "platform": "windows x86_64",
        "collectedAt": "2026-10-01T08:00:00Z",
        "parts": parts,
    })
}

/// A ZIP archive of these entries.
fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// An evidence file of these parts, with this manifest.
fn file(manifest: &Value, parts: &[(&str, &[u8])]) -> Vec<u8> {
    let manifest = serde_json::to_vec(manifest).unwrap();
    let mut entries = parts.to_vec();
    entries.push(("manifest.json", &manifest));
    archive(&entries)
}

fn open(bytes: Vec<u8>) -> Result<EvidenceFile<Cursor<Vec<u8>>>, EvidenceFileError> {
    EvidenceFile::from_reader(Cursor::new(bytes), "contoso.phs")
}
