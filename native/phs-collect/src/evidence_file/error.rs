//! What can be wrong with an evidence file, each with a stable id.

use phs_core::text;
use phs_core::text::Text;

use crate::problem::{Category, Problem};

/// What is wrong with an evidence file. `file` is its path; `place` names the entry in it, with line and column where known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} ({file})")]
pub struct EvidenceFileError {
    /// The file.
    pub file: String,
    /// What is wrong.
    pub kind: Fault,
}

/// Kinds of faults.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The file does not exist.
    #[error("the file does not exist")]
    NotFound,
    /// The file may not be read.
    #[error("the file may not be read")]
    NotPermitted,
    /// The system could not read the file.
    #[error("the file could not be read: {detail}")]
    Unreadable {
        /// What the system said.
        detail: String,
    },
    /// The file is no evidence file.
    #[error("no evidence file: {detail}")]
    NotEvidence {
        /// Why.
        detail: String,
    },
    /// The archive or a part of it ends too early.
    #[error("{place} is cut off: {detail}")]
    Truncated {
        /// Where.
        place: String,
        /// What the reader said.
        detail: String,
    },
    /// An entry's name points out of the archive.
    #[error("the entry `{name}` points out of the archive")]
    UnsafeName {
        /// The name.
        name: String,
    },
    /// An entry that no evidence file has.
    #[error("unknown entry `{name}`")]
    UnknownEntry {
        /// The name.
        name: String,
    },
    /// More entries than are read.
    #[error("{count} entries, more than {limit}")]
    TooManyEntries {
        /// How many there are.
        count: usize,
        /// How many are read.
        limit: usize,
    },
    /// Entries share bytes of the archive, or a part unpacks to far more than its packed length.
    #[error("{place} is built to unpack without end")]
    Bomb {
        /// Where.
        place: String,
    },
    /// A part is longer than is read.
    #[error("{place} is longer than {limit} bytes")]
    TooLarge {
        /// Where.
        place: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// A part holds more values than are read, or nests them too deep.
    #[error("{place} holds more than {limit} objects and lists")]
    TooComplex {
        /// Where.
        place: String,
        /// The limit.
        limit: usize,
    },
    /// A part of the manifest is not in the archive.
    #[error("{place} is missing")]
    PartMissing {
        /// The entry.
        place: String,
    },
    /// A part is not the one that the manifest tells of.
    #[error("{place} has another hash than the manifest says")]
    WrongHash {
        /// The entry.
        place: String,
    },
    /// A part is packed or encrypted in a way that is not read.
    #[error("{place}: {detail}")]
    Unsupported {
        /// The entry.
        place: String,
        /// What the reader said.
        detail: String,
    },
    /// A part is no JSON.
    #[error("not JSON at {place}: {detail}")]
    NotJson {
        /// Where.
        place: String,
        /// What the parser said.
        detail: String,
    },
    /// A value is missing or of the wrong kind.
    #[error("{detail} at {place}")]
    Invalid {
        /// Where.
        place: String,
        /// What is wrong.
        detail: String,
    },
    /// A key stands twice in one object.
    #[error("a key stands twice at {place}: {detail}")]
    DuplicateKey {
        /// Where.
        place: String,
        /// Which.
        detail: String,
    },
    /// A field that this version of the schema does not have.
    #[error("unknown field at {place}: {path}")]
    UnknownField {
        /// The entry.
        place: String,
        /// Path of the field.
        path: String,
    },
    /// A newer schema.
    #[error("schema {found}, newer than {known}")]
    NewerSchema {
        /// Schema of the file.
        found: u64,
        /// Newest schema that is read.
        known: u32,
        /// Version of the tool that wrote the file.
        tool: String,
    },
    /// The file to write is there already.
    #[error("the file is there already")]
    Exists,
    /// The file could not be written; nothing is left under its name.
    #[error("the file could not be written: {detail}")]
    NotWritten {
        /// What the system said.
        detail: String,
    },
}

impl EvidenceFileError {
    pub(super) fn new(file: impl Into<String>, kind: Fault) -> Self {
        Self {
            file: file.into(),
            kind,
        }
    }

    /// The system's error about the file as a whole.
    pub(super) fn from_io(file: impl Into<String>, error: &std::io::Error) -> Self {
        let kind = match error.kind() {
            std::io::ErrorKind::NotFound => Fault::NotFound,
            std::io::ErrorKind::PermissionDenied => Fault::NotPermitted,
            _ => Fault::Unreadable {
                detail: error.to_string(),
            },
        };
        Self::new(file, kind)
    }

    /// Stable id.
    pub fn id(&self) -> &'static str {
        match &self.kind {
            Fault::NotFound => "Phs.Evidence.NotFound",
            Fault::NotPermitted => "Phs.Evidence.NotPermitted",
            Fault::Unreadable { .. } => "Phs.Evidence.Unreadable",
            Fault::NotEvidence { .. } => "Phs.Evidence.NotEvidence",
            Fault::Truncated { .. } => "Phs.Evidence.Truncated",
            Fault::UnsafeName { .. } => "Phs.Evidence.UnsafeName",
            Fault::UnknownEntry { .. } => "Phs.Evidence.UnknownEntry",
            Fault::TooManyEntries { .. } => "Phs.Evidence.TooManyEntries",
            Fault::Bomb { .. } => "Phs.Evidence.Bomb",
            Fault::TooLarge { .. } => "Phs.Evidence.TooLarge",
            Fault::TooComplex { .. } => "Phs.Evidence.TooComplex",
            Fault::PartMissing { .. } => "Phs.Evidence.PartMissing",
            Fault::WrongHash { .. } => "Phs.Evidence.WrongHash",
            Fault::Unsupported { .. } => "Phs.Evidence.Unsupported",
            Fault::NotJson { .. } => "Phs.Evidence.NotJson",
            Fault::Invalid { .. } => "Phs.Evidence.Invalid",
            Fault::DuplicateKey { .. } => "Phs.Evidence.DuplicateKey",
            Fault::UnknownField { .. } => "Phs.Evidence.UnknownField",
            Fault::NewerSchema { .. } => "Phs.Evidence.NewerSchema",
            Fault::Exists => "Phs.Evidence.Exists",
            Fault::NotWritten { .. } => "Phs.Evidence.NotWritten",
        }
    }

    fn category(&self) -> Category {
        match &self.kind {
            Fault::NotFound | Fault::PartMissing { .. } => Category::ObjectNotFound,
            Fault::NotPermitted => Category::PermissionDenied,
            Fault::Unreadable { .. } | Fault::Exists | Fault::NotWritten { .. } => {
                Category::ResourceUnavailable
            }
            Fault::UnsafeName { .. } | Fault::Bomb { .. } | Fault::WrongHash { .. } => {
                Category::SecurityError
            }
            Fault::TooManyEntries { .. } | Fault::TooLarge { .. } | Fault::TooComplex { .. } => {
                Category::LimitsExceeded
            }
            Fault::Unsupported { .. } | Fault::NewerSchema { .. } => Category::NotImplemented,
            Fault::NotEvidence { .. }
            | Fault::Truncated { .. }
            | Fault::UnknownEntry { .. }
            | Fault::NotJson { .. }
            | Fault::Invalid { .. }
            | Fault::DuplicateKey { .. }
            | Fault::UnknownField { .. } => Category::InvalidData,
        }
    }

    /// The error as the user sees it.
    pub fn problem(&self) -> Problem {
        Problem::new(self.id(), self.category(), &self.file, self.text())
    }

    fn text(&self) -> Text {
        let file = &self.file;
        match &self.kind {
            Fault::NotFound => text!("evidence-file-not-found", file = file),
            Fault::NotPermitted => text!("evidence-file-not-permitted", file = file),
            Fault::Unreadable { detail } => {
                text!("evidence-file-unreadable", file = file, detail = detail)
            }
            Fault::NotEvidence { detail } => {
                text!("evidence-file-not-evidence", file = file, detail = detail)
            }
            Fault::Truncated { place, detail } => text!(
                "evidence-file-truncated",
                file = file,
                place = place,
                detail = detail
            ),
            Fault::UnsafeName { name } => {
                text!("evidence-file-unsafe-name", file = file, name = name)
            }
            Fault::UnknownEntry { name } => {
                text!("evidence-file-unknown-entry", file = file, name = name)
            }
            Fault::TooManyEntries { count, limit } => text!(
                "evidence-file-too-many-entries",
                file = file,
                count = *count,
                limit = *limit
            ),
            Fault::Bomb { place } => text!("evidence-file-bomb", file = file, place = place),
            Fault::TooLarge { place, limit } => text!(
                "evidence-file-too-large",
                file = file,
                place = place,
                limit = i64::try_from(limit >> 20).unwrap_or(i64::MAX)
            ),
            Fault::TooComplex { place, limit } => text!(
                "evidence-file-too-complex",
                file = file,
                place = place,
                limit = *limit
            ),
            Fault::PartMissing { place } => {
                text!("evidence-file-part-missing", file = file, place = place)
            }
            Fault::WrongHash { place } => {
                text!("evidence-file-wrong-hash", file = file, place = place)
            }
            Fault::Unsupported { place, detail } => text!(
                "evidence-file-unsupported",
                file = file,
                place = place,
                detail = detail
            ),
            Fault::NotJson { place, detail } => text!(
                "evidence-file-not-json",
                file = file,
                place = place,
                detail = detail
            ),
            Fault::Invalid { place, detail } => text!(
                "evidence-file-invalid",
                file = file,
                place = place,
                detail = detail
            ),
            Fault::DuplicateKey { place, detail } => text!(
                "evidence-file-duplicate-key",
                file = file,
                place = place,
                key = detail
            ),
            Fault::UnknownField { place, path } => text!(
                "evidence-file-unknown-field",
                file = file,
                place = place,
                field = path
            ),
            Fault::NewerSchema { found, known, tool } => text!(
                "evidence-file-newer-schema",
                file = file,
                found = found.to_string(),
                known = known.to_string(),
                tool = tool
            ),
            Fault::Exists => text!("evidence-file-exists", file = file),
            Fault::NotWritten { detail } => {
                text!("evidence-file-not-written", file = file, detail = detail)
            }
        }
    }
}
