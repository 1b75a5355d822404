//! What can be wrong with an export, each with a stable id.

use phs_core::evidence::UnknownReason;
use phs_core::text;
use phs_core::text::Text;

use crate::problem::{Category, Problem};
use crate::xml::{MAX_DEPTH, MAX_TEXT, Place, XmlError};

/// What is wrong with an export or one of its files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// The folder does not exist.
    #[error("{path} does not exist")]
    NotFound {
        /// The folder.
        path: String,
    },
    /// A folder or file may not be read.
    #[error("{path} may not be read")]
    NotPermitted {
        /// The folder or file.
        path: String,
    },
    /// A folder or file could not be read.
    #[error("{path} could not be read: {detail}")]
    Unreadable {
        /// The folder or file.
        path: String,
        /// What the system said.
        detail: String,
    },
    /// A folder or file holds nothing.
    #[error("{path} is empty")]
    Empty {
        /// The folder or file.
        path: String,
    },
    /// The folder is no export.
    #[error("{path} is not a server configuration export")]
    NotAnExport {
        /// The folder.
        path: String,
    },
    /// The folder holds several exports.
    #[error("{path} holds several exports: {}", exports.join(", "))]
    Ambiguous {
        /// The folder.
        path: String,
        /// The exports in it.
        exports: Vec<String>,
    },
    /// A file is no JSON.
    #[error("not JSON at {place}: {detail}")]
    NotJson {
        /// Where.
        place: Place,
        /// What the parser said.
        detail: String,
    },
    /// JSON of another kind.
    #[error("{path} is not a synchronization policy: {detail}")]
    NotAPolicy {
        /// The file.
        path: String,
        /// What is missing or wrong.
        detail: String,
    },
    /// A part of the export is missing.
    #[error("{part} is missing")]
    PartMissing {
        /// The file or folder inside the export.
        part: String,
    },
    /// A folder holds more files than are read.
    #[error("{path} holds {count} files, more than {limit}")]
    TooManyFiles {
        /// The folder inside the export.
        path: String,
        /// How many it holds.
        count: usize,
        /// How many are read.
        limit: usize,
    },
    /// A file is larger than is read.
    #[error("{file} is {size} bytes long, more than {limit}")]
    TooLarge {
        /// The file inside the export.
        file: String,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// A file is no XML.
    #[error("not well-formed XML at {place}: {detail}")]
    NotXml {
        /// Where.
        place: Place,
        /// What the parser said.
        detail: String,
    },
    /// A file ends before its root element does.
    #[error("the file ends too early at {place}")]
    Truncated {
        /// Where.
        place: Place,
    },
    /// A file has a document type definition.
    #[error("document type definition at {place}")]
    Dtd {
        /// Where.
        place: Place,
    },
    /// Elements are nested too deep.
    #[error("elements nested more than {limit} deep at {place}")]
    TooDeep {
        /// Where.
        place: Place,
        /// The limit.
        limit: usize,
    },
    /// A text is too long.
    #[error("text longer than {limit} bytes at {place}")]
    TextTooLong {
        /// Where.
        place: Place,
        /// The limit in bytes.
        limit: usize,
    },
    /// Bytes are not of the encoding that the file declares.
    #[error("not UTF-8, nor UTF-16 with a byte order mark, at {place}")]
    Encoding {
        /// Where.
        place: Place,
    },
    /// XML of another kind, or a value that is needed and missing or wrong.
    #[error("{detail} at {place}")]
    Invalid {
        /// Where.
        place: Place,
        /// What is wrong.
        detail: String,
    },
}

impl ExportError {
    /// The error of the system about a folder or file.
    pub(super) fn from_io(path: impl Into<String>, error: &std::io::Error) -> Self {
        let path = path.into();
        match error.kind() {
            std::io::ErrorKind::NotFound => Self::NotFound { path },
            std::io::ErrorKind::PermissionDenied => Self::NotPermitted { path },
            _ => Self::Unreadable {
                path,
                detail: error.to_string(),
            },
        }
    }

    /// Stable id.
    pub fn id(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "Phs.Export.NotFound",
            Self::NotPermitted { .. } => "Phs.Export.NotPermitted",
            Self::Unreadable { .. } => "Phs.Export.Unreadable",
            Self::Empty { .. } => "Phs.Export.Empty",
            Self::NotAnExport { .. } => "Phs.Export.NotAnExport",
            Self::Ambiguous { .. } => "Phs.Export.Ambiguous",
            Self::NotJson { .. } => "Phs.Policy.NotJson",
            Self::NotAPolicy { .. } => "Phs.Policy.NotAPolicy",
            Self::PartMissing { .. } => "Phs.Export.PartMissing",
            Self::TooManyFiles { .. } => "Phs.Export.TooManyFiles",
            Self::TooLarge { .. } => "Phs.Export.TooLarge",
            Self::NotXml { .. } => "Phs.Export.NotXml",
            Self::Truncated { .. } => "Phs.Export.Truncated",
            Self::Dtd { .. } => "Phs.Export.Dtd",
            Self::TooDeep { .. } => "Phs.Export.TooDeep",
            Self::TextTooLong { .. } => "Phs.Export.TextTooLong",
            Self::Encoding { .. } => "Phs.Export.Encoding",
            Self::Invalid { .. } => "Phs.Export.Invalid",
        }
    }

    /// Why what it stands for is not known.
    pub(super) fn reason(&self) -> UnknownReason {
        match self {
            Self::NotPermitted { .. } => UnknownReason::NotPermitted,
            Self::NotFound { .. } | Self::PartMissing { .. } | Self::Empty { .. } => {
                UnknownReason::Absent
            }
            _ => UnknownReason::Unreadable,
        }
    }

    /// The error as the user sees it.
    pub fn problem(&self) -> Problem {
        Problem::new(self.id(), self.category(), self.target(), self.text())
    }

    fn category(&self) -> Category {
        match self {
            Self::NotFound { .. } | Self::PartMissing { .. } => Category::ObjectNotFound,
            Self::NotPermitted { .. } => Category::PermissionDenied,
            Self::Unreadable { .. } => Category::ResourceUnavailable,
            Self::NotAnExport { .. } | Self::Ambiguous { .. } | Self::NotAPolicy { .. } => {
                Category::InvalidArgument
            }
            Self::TooManyFiles { .. }
            | Self::TooLarge { .. }
            | Self::TooDeep { .. }
            | Self::TextTooLong { .. } => Category::LimitsExceeded,
            Self::Dtd { .. } => Category::SecurityError,
            Self::Empty { .. }
            | Self::NotXml { .. }
            | Self::NotJson { .. }
            | Self::Truncated { .. }
            | Self::Encoding { .. }
            | Self::Invalid { .. } => Category::InvalidData,
        }
    }

    fn target(&self) -> &str {
        match self {
            Self::NotFound { path }
            | Self::NotPermitted { path }
            | Self::Unreadable { path, .. }
            | Self::Empty { path }
            | Self::NotAnExport { path }
            | Self::Ambiguous { path, .. }
            | Self::NotAPolicy { path, .. }
            | Self::TooManyFiles { path, .. } => path,
            Self::PartMissing { part } => part,
            Self::TooLarge { file, .. } => file,
            Self::NotXml { place, .. }
            | Self::NotJson { place, .. }
            | Self::Truncated { place }
            | Self::Dtd { place }
            | Self::TooDeep { place, .. }
            | Self::TextTooLong { place, .. }
            | Self::Encoding { place }
            | Self::Invalid { place, .. } => &place.file,
        }
    }

    fn text(&self) -> Text {
        match self {
            Self::NotFound { path } => text!("export-not-found", path = path),
            Self::NotPermitted { path } => text!("export-not-permitted", path = path),
            Self::Unreadable { path, detail } => {
                text!("export-unreadable", path = path, detail = detail)
            }
            Self::Empty { path } => text!("export-empty", path = path),
            Self::NotAnExport { path } => text!("export-not-an-export", path = path),
            Self::Ambiguous { path, exports } => {
                text!("export-ambiguous", path = path, exports = exports.clone())
            }
            Self::NotJson { place, detail } => {
                text!(
                    "policy-not-json",
                    place = place_text(place),
                    detail = detail
                )
            }
            Self::NotAPolicy { path, detail } => {
                text!("policy-not-a-policy", path = path, detail = detail)
            }
            Self::PartMissing { part } => text!("export-part-missing", part = part),
            Self::TooManyFiles { path, count, limit } => text!(
                "export-too-many-files",
                path = path,
                count = *count,
                limit = *limit
            ),
            Self::TooLarge { file, size, limit } => text!(
                "export-too-large",
                file = file,
                size = mebibytes(*size),
                limit = mebibytes(*limit)
            ),
            Self::NotXml { place, detail } => {
                text!("export-not-xml", place = place_text(place), detail = detail)
            }
            Self::Truncated { place } => text!("export-truncated", place = place_text(place)),
            Self::Dtd { place } => text!("export-dtd", place = place_text(place)),
            Self::TooDeep { place, limit } => {
                text!("export-too-deep", place = place_text(place), limit = *limit)
            }
            Self::TextTooLong { place, limit } => text!(
                "export-text-too-long",
                place = place_text(place),
                limit = *limit
            ),
            Self::Encoding { place } => text!("export-encoding", place = place_text(place)),
            Self::Invalid { place, detail } => {
                text!("export-invalid", place = place_text(place), detail = detail)
            }
        }
    }
}

impl From<XmlError> for ExportError {
    fn from(error: XmlError) -> Self {
        match error {
            XmlError::Io { file, error } => Self::from_io(file, &error),
            XmlError::NotXml { place, detail } => Self::NotXml { place, detail },
            XmlError::Truncated { place } => Self::Truncated { place },
            XmlError::Dtd { place } => Self::Dtd { place },
            XmlError::TooDeep { place } => Self::TooDeep {
                place,
                limit: MAX_DEPTH,
            },
            XmlError::TextTooLong { place } => Self::TextTooLong {
                place,
                limit: MAX_TEXT,
            },
            XmlError::Encoding { place } => Self::Encoding { place },
            XmlError::Invalid { place, detail } => Self::Invalid { place, detail },
        }
    }
}

fn place_text(place: &Place) -> Text {
    text!(
        "export-place",
        file = &place.file,
        line = place.line.to_string(),
        offset = place.offset.to_string()
    )
}

/// Whole mebibytes, rounded up.
fn mebibytes(bytes: u64) -> i64 {
    i64::try_from(bytes.div_ceil(1 << 20)).unwrap_or(i64::MAX)
}
