//! The manifest of an evidence file: what the file holds, when and where it was collected, and what it does not hold.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::NotCollected;

/// Version of the shapes that this library writes. It grows with a release in which a shape changed, by a new field too:
/// a reader that does not know the field refuses it. Older files load, newer ones are refused.
pub const SCHEMA_VERSION: u32 = 1;

/// `manifest.json` of an evidence file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// Version of the shapes of all parts.
    pub schema_version: u32,
    /// Version of the tool that wrote the file.
    pub tool_version: String,
    /// Name of the machine that collected.
    pub machine: String,
    /// Its operating system and processor, such as `windows x86_64`.
    pub platform: String,
    /// When it was collected, by the clock of that machine (UTC). Judgements of the file take it for now.
    pub collected_at: Timestamp,
    /// When the evidence was true, where that is another time: an export tells its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence_at: Option<Timestamp>,
    /// Whether names were replaced by pseudonyms. Such a file cannot be judged anew; it holds what was found before.
    #[serde(default)]
    pub redacted: bool,
    /// The parts.
    pub parts: Vec<PartEntry>,
    /// The kinds of evidence that the file does not hold, and why.
    #[serde(default)]
    pub not_collected: Vec<NotCollected>,
}

/// One part of an evidence file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PartEntry {
    /// Name of the entry in the ZIP archive.
    pub name: String,
    /// Length in bytes, unpacked.
    pub bytes: u64,
    /// SHA-256 of these bytes, in lower-case hexadecimal.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[0-9a-fA-F]{64}$")))]
    pub sha256: String,
    /// How many records it holds, for parts that hold one a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<u64>,
    /// How many of the records come first because they were asked for by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<u64>,
}
