//! Findings: the answer of one check about one target (design, section 3).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::check::{Check, Severity};
use crate::text::Text;

/// Why a check was not answered. The list is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SkipReason {
    /// The question does not arise here.
    NotApplicable,
    /// The evidence was not collected or could not be read.
    EvidenceMissing,
    /// The evidence may not be read by whoever ran the tool.
    NotPermitted,
    /// This version cannot answer it.
    NotSupported,
    /// The user left it out.
    Excluded,
    /// Another step that it builds on did not succeed.
    DependencyFailed,
}

/// The outcome of a check. A missing answer is `Skipped`, never `Passed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The evidence shows that all is well.
    Passed,
    /// The evidence shows a fault.
    Failed,
    /// The evidence shows a risk, or something to judge by hand.
    Warning,
    /// Not answered.
    Skipped(SkipReason),
    /// The check itself broke.
    Error,
}

impl Outcome {
    /// The word used in findings.
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "Passed",
            Self::Failed => "Failed",
            Self::Warning => "Warning",
            Self::Skipped(_) => "Skipped",
            Self::Error => "Error",
        }
    }
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Target {
    /// What a person calls it: a connector's name, a domain's DNS name, a user's name.
    pub display: String,
    /// What identifies it on every machine: a GUID or SID where there is one, else a normalised name.
    pub canonical: String,
}

impl Target {
    /// A target that is known by its name only.
    pub fn named(name: impl Into<String>) -> Self {
        let display = name.into();
        let canonical = display.to_lowercase();
        Self { display, canonical }
    }

    /// A target with an identifier of its own (GUID, SID, or several joined by `|`).
    pub fn identified(display: impl Into<String>, canonical: impl std::fmt::Display) -> Self {
        Self {
            display: display.into(),
            canonical: canonical.to_string().to_lowercase(),
        }
    }
}

/// One observed value that a finding rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EvidenceRow {
    /// Where it was read: a file's name, a server, a log.
    pub source: String,
    /// The object that it was read from.
    pub object: String,
    /// The attribute, setting or element.
    pub attribute: String,
    /// The value as text. Secrets are redacted before they come here.
    pub value: String,
    /// When it was true, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<Timestamp>,
}

impl EvidenceRow {
    /// A row whose time of observation is that of its finding.
    pub fn new(
        source: impl Into<String>,
        object: impl Into<String>,
        attribute: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        Self {
            source: source.into(),
            object: object.into(),
            attribute: attribute.into(),
            value: value.into(),
            observed_at: None,
        }
    }

    /// The same row with its own time of observation.
    #[must_use]
    pub fn at(mut self, observed_at: Option<Timestamp>) -> Self {
        self.observed_at = observed_at;
        self
    }
}

/// The answer of one check about one target. Words are keys until a report renders them.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The check that answers.
    pub check: &'static Check,
    /// Its answer.
    pub outcome: Outcome,
    /// What it is about.
    pub target: Target,
    /// What is the case. The attributes `.why` and `.remedy`, `.remedy2` ... of its text, where they exist, say why it
    /// matters and what to do.
    pub message: Text,
    /// Remedies beyond those of the message's text, each a text of its own.
    pub remedies: Vec<Text>,
    /// What was observed.
    pub evidence: Vec<EvidenceRow>,
    /// When the evidence was true, if known.
    pub observed_at: Option<Timestamp>,
}

impl Finding {
    /// A finding with neither evidence nor time.
    pub fn new(check: &'static Check, outcome: Outcome, target: Target, message: Text) -> Self {
        Self {
            check,
            outcome,
            target,
            message,
            remedies: Vec::new(),
            evidence: Vec::new(),
            observed_at: None,
        }
    }

    /// The evidence shows that all is well.
    pub fn passed(check: &'static Check, target: Target, message: Text) -> Self {
        Self::new(check, Outcome::Passed, target, message)
    }

    /// The evidence shows a fault.
    pub fn failed(check: &'static Check, target: Target, message: Text) -> Self {
        Self::new(check, Outcome::Failed, target, message)
    }

    /// The evidence shows a risk.
    pub fn warning(check: &'static Check, target: Target, message: Text) -> Self {
        Self::new(check, Outcome::Warning, target, message)
    }

    /// The check was not answered.
    pub fn skipped(
        check: &'static Check,
        reason: SkipReason,
        target: Target,
        message: Text,
    ) -> Self {
        Self::new(check, Outcome::Skipped(reason), target, message)
    }

    /// The same finding with these rows added.
    #[must_use]
    pub fn with_evidence(mut self, rows: impl IntoIterator<Item = EvidenceRow>) -> Self {
        self.evidence.extend(rows);
        self
    }

    /// The same finding with one more remedy.
    #[must_use]
    pub fn with_remedy(mut self, remedy: Text) -> Self {
        self.remedies.push(remedy);
        self
    }

    /// The same finding, true at this time.
    #[must_use]
    pub fn observed(mut self, at: Option<Timestamp>) -> Self {
        self.observed_at = at;
        self
    }

    /// Severity of the finding: that of its check for a fault, lower for all else.
    pub fn severity(&self) -> Severity {
        match self.outcome {
            Outcome::Failed => self.check.severity,
            Outcome::Error => Severity::Error,
            Outcome::Warning => Severity::Warning,
            Outcome::Passed | Outcome::Skipped(_) => Severity::Information,
        }
    }

    /// SHA-256 over check id and canonical target, in lower-case hex. Independent of culture, time and machine.
    pub fn fingerprint(&self) -> String {
        use std::fmt::Write as _;
        let mut hasher = Sha256::new();
        hasher.update(self.check.id.as_bytes());
        hasher.update([0]);
        hasher.update(self.target.canonical.as_bytes());
        let mut text = String::with_capacity(64);
        for byte in hasher.finalize() {
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}
