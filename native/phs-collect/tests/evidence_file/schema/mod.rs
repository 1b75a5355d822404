//! The committed JSON Schemas (`docs/evidence`) against what is written and what is read.
//!
//! Two promises: what is written validates, and what validates is read. Where the reader takes more than the schemas admit, or
//! JSON Schema cannot say what the reader refuses, `agree.rs` names it.

mod agree;
mod mutate;
mod spelling;
mod version_one;
mod written;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use boon::{Compiler, SchemaIndex};
use phs_collect::evidence_file::{MANIFEST, PARTS, USERS};
use serde_json::Value;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The schemas of one version.
struct Schemas {
    compiled: boon::Schemas,
    entries: BTreeMap<&'static str, SchemaIndex>,
}

impl Schemas {
    fn of(version: u32) -> Self {
        let folder = repository().join(format!("docs/evidence/v{version}"));
        let mut schemas = boon::Schemas::new();
        let mut compiler = Compiler::new();
        compiler.enable_format_assertions();
        let mut entries = BTreeMap::new();
        for entry in PARTS.iter().copied().chain([MANIFEST]) {
            let stem = entry.split_once('.').unwrap().0;
            let text = std::fs::read(folder.join(format!("{stem}.schema.json"))).unwrap();
            let schema: Value = serde_json::from_slice(&text).unwrap();
            let id = schema["$id"].as_str().unwrap().to_owned();
            compiler.add_resource(&id, schema).unwrap();
            let index = compiler.compile(&id, &mut schemas).unwrap();
            entries.insert(entry, index);
        }
        Self {
            compiled: schemas,
            entries,
        }
    }

    /// Whether an entry is valid; of the users one line.
    fn admits(&self, entry: &str, value: &Value) -> bool {
        self.compiled.validate(value, self.entries[entry]).is_ok()
    }

    /// What is wrong with an entry; of the users one line.
    fn validate(&self, entry: &str, value: &Value) -> Result<(), String> {
        self.compiled
            .validate(value, self.entries[entry])
            .map_err(|error| error.to_string())
    }

    /// What is wrong with an entry as it lies in the archive.
    fn validate_bytes(&self, entry: &str, bytes: &[u8]) -> Result<(), String> {
        let read = |text: &[u8]| serde_json::from_slice(text).map_err(|error| error.to_string());
        if entry != USERS {
            return self.validate(entry, &read(bytes)?);
        }
        for line in bytes.split(|byte| *byte == b'\n') {
            if !line.is_empty() {
                self.validate(entry, &read(line)?)?;
            }
        }
        Ok(())
    }
}

/// A frozen entry of version 1.
fn frozen(folder: &str, entry: &str) -> Vec<u8> {
    let folder = repository().join("tests/fixtures/evidence/v1").join(folder);
    std::fs::read(folder.join(entry)).unwrap()
}
