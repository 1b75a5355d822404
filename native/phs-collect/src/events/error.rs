//! What can be wrong with the file of an event log, each with a stable id.

use phs_core::text;
use phs_core::text::Text;

use crate::problem::{Category, Problem};
use crate::xml::{MAX_DEPTH, Place, XmlError};

/// What is wrong with the file of an event log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// It does not exist.
    #[error("{path} does not exist")]
    NotFound {
        /// The file.
        path: String,
    },
    /// It may not be read.
    #[error("{path} may not be read")]
    NotPermitted {
        /// The file.
        path: String,
    },
    /// It could not be read.
    #[error("{path} could not be read: {detail}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        detail: String,
    },
    /// It holds nothing.
    #[error("{path} is empty")]
    Empty {
        /// The file.
        path: String,
    },
    /// It is larger than is read.
    #[error("{path} is {size} bytes long, more than {limit}")]
    TooLarge {
        /// The file.
        path: String,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// It is neither `.evtx` nor XML.
    #[error("{path} is neither an .evtx file nor XML")]
    NotALog {
        /// The file.
        path: String,
    },
    /// It is XML without a single event.
    #[error("{path} holds no event")]
    NoEvents {
        /// The file.
        path: String,
    },
    /// It is no XML.
    #[error("not well-formed XML at {place}: {detail}")]
    NotXml {
        /// Where.
        place: Place,
        /// What the parser said.
        detail: String,
    },
    /// It ends before its content does.
    #[error("the file ends too early at {place}")]
    Truncated {
        /// Where: file, and the place in it where that is known.
        place: String,
    },
    /// It has a document type definition.
    #[error("document type definition at {place}")]
    Dtd {
        /// Where.
        place: Place,
    },
    /// Its elements are nested too deep, or a text is too long.
    #[error("more at {place} than any event log has")]
    Excess {
        /// Where.
        place: Place,
    },
    /// Bytes are not of the encoding that the file declares.
    #[error("not UTF-8, nor UTF-16 with a byte order mark, at {place}")]
    Encoding {
        /// Where.
        place: Place,
    },
    /// Parts of it could not be read; the rest was.
    #[error("{count} parts of {path} could not be read, the first at offset {offset}: {detail}")]
    Damaged {
        /// The file.
        path: String,
        /// How many parts.
        count: usize,
        /// Offset of the first, in bytes.
        offset: u64,
        /// What is wrong with the first.
        detail: String,
    },
}

impl EventError {
    /// The error of the system about a file.
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
            Self::NotFound { .. } => "Phs.Event.NotFound",
            Self::NotPermitted { .. } => "Phs.Event.NotPermitted",
            Self::Unreadable { .. } => "Phs.Event.Unreadable",
            Self::Empty { .. } => "Phs.Event.Empty",
            Self::TooLarge { .. } => "Phs.Event.TooLarge",
            Self::NotALog { .. } => "Phs.Event.NotALog",
            Self::NoEvents { .. } => "Phs.Event.NoEvents",
            Self::NotXml { .. } => "Phs.Event.NotXml",
            Self::Truncated { .. } => "Phs.Event.Truncated",
            Self::Dtd { .. } => "Phs.Event.Dtd",
            Self::Excess { .. } => "Phs.Event.Excess",
            Self::Encoding { .. } => "Phs.Event.Encoding",
            Self::Damaged { .. } => "Phs.Event.Damaged",
        }
    }

    /// The error as the user sees it.
    pub fn problem(&self) -> Problem {
        Problem::new(self.id(), self.category(), self.target(), self.text())
    }

    fn category(&self) -> Category {
        match self {
            Self::NotFound { .. } => Category::ObjectNotFound,
            Self::NotPermitted { .. } => Category::PermissionDenied,
            Self::Unreadable { .. } => Category::ResourceUnavailable,
            Self::NotALog { .. } => Category::InvalidArgument,
            Self::TooLarge { .. } | Self::Excess { .. } => Category::LimitsExceeded,
            Self::Dtd { .. } => Category::SecurityError,
            Self::Empty { .. }
            | Self::NoEvents { .. }
            | Self::NotXml { .. }
            | Self::Truncated { .. }
            | Self::Encoding { .. }
            | Self::Damaged { .. } => Category::InvalidData,
        }
    }

    fn target(&self) -> &str {
        match self {
            Self::NotFound { path }
            | Self::NotPermitted { path }
            | Self::Unreadable { path, .. }
            | Self::Empty { path }
            | Self::TooLarge { path, .. }
            | Self::NotALog { path }
            | Self::NoEvents { path }
            | Self::Damaged { path, .. } => path,
            Self::Truncated { place } => place,
            Self::NotXml { place, .. }
            | Self::Dtd { place }
            | Self::Excess { place }
            | Self::Encoding { place } => &place.file,
        }
    }

    fn text(&self) -> Text {
        match self {
            Self::NotFound { path } => text!("event-not-found", path = path),
            Self::NotPermitted { path } => text!("event-not-permitted", path = path),
            Self::Unreadable { path, detail } => {
                text!("event-unreadable", path = path, detail = detail)
            }
            Self::Empty { path } => text!("event-empty", path = path),
            Self::TooLarge { path, size, limit } => text!(
                "event-too-large",
                path = path,
                size = gibibytes(*size),
                limit = gibibytes(*limit)
            ),
            Self::NotALog { path } => text!("event-not-a-log", path = path),
            Self::NoEvents { path } => text!("event-no-events", path = path),
            Self::NotXml { place, detail } => {
                text!("event-not-xml", place = place.to_string(), detail = detail)
            }
            Self::Truncated { place } => text!("event-truncated", place = place),
            Self::Dtd { place } => text!("event-dtd", place = place.to_string()),
            Self::Excess { place } => {
                text!("event-excess", place = place.to_string(), limit = MAX_DEPTH)
            }
            Self::Encoding { place } => text!("event-encoding", place = place.to_string()),
            Self::Damaged {
                path,
                count,
                offset,
                detail,
            } => text!(
                "event-damaged",
                path = path,
                count = *count,
                offset = offset.to_string(),
                detail = detail
            ),
        }
    }
}

impl From<XmlError> for EventError {
    fn from(error: XmlError) -> Self {
        match error {
            XmlError::Io { file, error } => Self::from_io(file, &error),
            XmlError::NotXml { place, detail } | XmlError::Invalid { place, detail } => {
                Self::NotXml { place, detail }
            }
            XmlError::Truncated { place } => Self::Truncated {
                place: place.to_string(),
            },
            XmlError::Dtd { place } => Self::Dtd { place },
            XmlError::TooDeep { place } | XmlError::TextTooLong { place } => Self::Excess { place },
            XmlError::Encoding { place } => Self::Encoding { place },
        }
    }
}

/// Whole gibibytes, rounded up.
fn gibibytes(bytes: u64) -> i64 {
    i64::try_from(bytes.div_ceil(1 << 30)).unwrap_or(i64::MAX)
}
