//! `PhsDiagnostics.EvidenceFile`: what an evidence file holds.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::evidence::UnknownReason;
use crate::evidence::manifest::Manifest;
use crate::guide::{kind_text, reason_text};
use crate::text;
use crate::text::{Catalog, one_line, printable};

/// `PhsDiagnostics.EvidenceFile`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceFileRecord {
    /// Path of the file.
    pub path: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// When it was collected (UTC): what judgements of it take for now.
    pub collected_at: Timestamp,
    /// Name of the machine that collected.
    pub machine: String,
    /// Its operating system and processor.
    pub platform: String,
    /// Version of the tool that wrote it.
    pub tool_version: String,
    /// Version of its shapes.
    pub schema_version: u32,
    /// Whether names were replaced by pseudonyms.
    pub redacted: bool,
    /// How many users it holds.
    pub users: u64,
    /// The parts.
    pub parts: Vec<EvidencePartRecord>,
    /// The kinds of evidence that it does not hold.
    pub missing: Vec<MissingEvidenceRecord>,
}

/// One part of an evidence file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EvidencePartRecord {
    /// Name of the entry.
    pub name: String,
    /// Length in bytes, unpacked.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// A kind of evidence that a file does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MissingEvidenceRecord {
    /// The kind: `Server`, `Directory`, `Network`, `Events`, `Cloud`, `User`, `Host`.
    pub kind: String,
    /// `NotCollected` where nobody asked for it, else what stood in the way.
    pub reason: String,
    /// Stable id of the error, where there was one.
    pub error_id: Option<String>,
    /// In words.
    pub detail: String,
}

impl EvidenceFileRecord {
    /// The manifest in the words of a catalogue.
    pub fn render(path: &str, bytes: u64, manifest: &Manifest, catalog: &Catalog) -> Self {
        Self {
            path: path.to_owned(),
            bytes,
            collected_at: manifest.collected_at,
            machine: one_line(&manifest.machine).into_owned(),
            platform: one_line(&manifest.platform).into_owned(),
            tool_version: one_line(&manifest.tool_version).into_owned(),
            schema_version: manifest.schema_version,
            redacted: manifest.redacted,
            users: manifest.parts.iter().filter_map(|part| part.records).sum(),
            parts: manifest
                .parts
                .iter()
                .map(|part| EvidencePartRecord {
                    name: one_line(&part.name).into_owned(),
                    bytes: part.bytes,
                    sha256: part.sha256.clone(),
                })
                .collect(),
            missing: manifest
                .not_collected
                .iter()
                .map(|missing| {
                    let why = match (&missing.detail, missing.reason) {
                        (Some(detail), _) => printable(detail).into_owned(),
                        (None, UnknownReason::NotCollected) => {
                            catalog.render(&text!("evidence-not-asked-for"))
                        }
                        (None, reason) => catalog.render(&reason_text(reason)),
                    };
                    MissingEvidenceRecord {
                        kind: format!("{:?}", missing.kind),
                        reason: format!("{:?}", missing.reason),
                        error_id: missing.error_id.clone(),
                        detail: catalog.render(&text!(
                            "evidence-missing-row",
                            kind = kind_text(missing.kind),
                            why = why
                        )),
                    }
                })
                .collect(),
        }
    }
}
