//! Errors as the user sees them: a stable id, a category, a sentence, a target and a recommended action.

use phs_core::text::{Catalog, Text, one_line};
use serde::{Deserialize, Serialize};

/// Category of an error, by the names of PowerShell's `ErrorCategory`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Category {
    /// An argument is wrong.
    InvalidArgument,
    /// Data could be read and makes no sense.
    InvalidData,
    /// The thing is not there.
    ObjectNotFound,
    /// The thing may not be read.
    PermissionDenied,
    /// The credential was refused.
    AuthenticationError,
    /// A server or network is not reachable.
    ConnectionError,
    /// Time ran out.
    OperationTimeout,
    /// A limit was reached.
    LimitsExceeded,
    /// It cannot be done here.
    NotImplemented,
    /// Someone or something interfered with the security of the connection.
    SecurityError,
    /// The resource cannot be used now.
    ResourceUnavailable,
    /// A fault of the tool.
    InvalidResult,
}

/// One error. `id` is `Phs.<Area>.<What>` and never changes; the text carries `.action`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{id} ({target})")]
pub struct Problem {
    /// Stable id.
    pub id: &'static str,
    /// Category.
    pub category: Category,
    /// Sentence and recommended action.
    pub text: Text,
    /// What it is about: a file, a server, a parameter.
    pub target: String,
}

impl Problem {
    /// A problem about a target.
    pub fn new(
        id: &'static str,
        category: Category,
        target: impl Into<String>,
        text: Text,
    ) -> Self {
        Self {
            id,
            category,
            text,
            target: target.into(),
        }
    }

    /// The problem in the words of a catalogue.
    pub fn render(&self, catalog: &Catalog) -> ProblemRecord {
        ProblemRecord {
            id: self.id.to_owned(),
            category: self.category,
            message: catalog.render(&self.text),
            target: one_line(&self.target).into_owned(),
            recommended_action: catalog.action(&self.text),
        }
    }
}

/// An error in words: the JSON of an ABI error buffer and of an `error` event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProblemRecord {
    /// Stable id.
    pub id: String,
    /// Category.
    pub category: Category,
    /// What happened.
    pub message: String,
    /// What it is about.
    pub target: String,
    /// What to do.
    pub recommended_action: Option<String>,
}
