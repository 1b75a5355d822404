//! What a run tells while it works, pulled one at a time through the C ABI.

use phs_core::report::{
    AccountRecord, AuditSummary, CapabilityRecord, CheckRecord, DifferenceRecord, EventRecord,
    EvidenceFileRecord, FindingRecord, UserVerdictRecord,
};
use serde::Serialize;

use crate::problem::ProblemRecord;

/// One event. `kind` names it; the payload stands under a name of its own, so that one typed reader serves all.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[non_exhaustive]
pub enum Event {
    /// How far the run is.
    Progress {
        /// The state.
        progress: Progress,
    },
    /// A line for the verbose, debug or warning stream.
    Log {
        /// The line.
        log: Log,
    },
    /// Something is wrong with a part; the run goes on.
    Error {
        /// The error.
        error: ProblemRecord,
    },
    /// Findings, in the order in which they were made.
    Finding {
        /// The findings.
        findings: Vec<FindingRecord>,
    },
    /// Judged users.
    Verdict {
        /// The users.
        verdicts: Vec<UserVerdictRecord>,
    },
    /// A whole domain was audited.
    Audit {
        /// What it came to.
        audit: AuditSummary,
    },
    /// Rows of the catalogue of checks.
    Check {
        /// The rows.
        checks: Vec<CheckRecord>,
    },
    /// Connector accounts.
    Account {
        /// The accounts.
        accounts: Vec<AccountRecord>,
    },
    /// An evidence file was written or read.
    Evidence {
        /// What it holds.
        evidence: EvidenceFileRecord,
    },
    /// Events of a log.
    Event {
        /// The events, in the order of the log.
        events: Vec<EventRecord>,
    },
    /// What works on this machine.
    Capability {
        /// The facilities.
        capabilities: Vec<CapabilityRecord>,
    },
    /// Everything that was given is answered; the run waits for more (`phs_run_feed`).
    Ready,
    /// What differs between two collections of evidence.
    Difference {
        /// The differences, what matters most first.
        differences: Vec<DifferenceRecord>,
    },
    /// Only the caller can ask the tenant about these users: the run waits for the answers (`phs_run_feed`).
    Question {
        /// The users.
        question: UserQuestion,
    },
    /// The run is over; nothing follows.
    Finished {
        /// What it came to.
        summary: Summary,
    },
}

impl Event {
    /// Every kind, as `kind` names it in the JSON.
    pub const KINDS: &[&str] = &[
        "progress",
        "log",
        "error",
        "finding",
        "verdict",
        "audit",
        "check",
        "account",
        "evidence",
        "event",
        "capability",
        "ready",
        "difference",
        "question",
        "finished",
    ];

    /// The name of its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Progress { .. } => "progress",
            Self::Log { .. } => "log",
            Self::Error { .. } => "error",
            Self::Finding { .. } => "finding",
            Self::Verdict { .. } => "verdict",
            Self::Audit { .. } => "audit",
            Self::Check { .. } => "check",
            Self::Account { .. } => "account",
            Self::Evidence { .. } => "evidence",
            Self::Event { .. } => "event",
            Self::Capability { .. } => "capability",
            Self::Ready => "ready",
            Self::Difference { .. } => "difference",
            Self::Question { .. } => "question",
            Self::Finished { .. } => "finished",
        }
    }
}

/// State of a run for a progress bar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// What is being done.
    pub activity: String,
    /// What exactly just now.
    pub status: String,
    /// 0 to 100, or -1 where the end is not known.
    pub percent: i32,
}

/// Users to ask the tenant about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserQuestion {
    /// The users, by what the tenant knows of them.
    pub users: Vec<AskedUser>,
}

/// One user to ask the tenant about; at least one of its names is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AskedUser {
    /// `onPremisesSecurityIdentifier`.
    pub security_identifier: Option<String>,
    /// `userPrincipalName`.
    pub user_principal_name: Option<String>,
}

/// Stream of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    /// For `-Debug`.
    Debug,
    /// For `-Verbose`.
    Verbose,
    /// For the warning stream.
    Warning,
}

/// One log line. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Log {
    /// Its stream.
    pub level: Level,
    /// Its text.
    pub message: String,
}

/// What a run came to. Counts are of unsuppressed findings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Findings `Passed`.
    pub passed: usize,
    /// Findings `Failed`.
    pub failed: usize,
    /// Findings `Warning`.
    pub warnings: usize,
    /// Findings `Skipped`.
    pub skipped: usize,
    /// Findings `Error`.
    pub errors: usize,
    /// Findings that the user suppressed.
    pub suppressed: usize,
    /// Requested steps without one `Passed` finding that do apply: their health is not known.
    pub unanswered_steps: Vec<String>,
    /// Whether the run was cancelled.
    pub cancelled: bool,
}

#[cfg(test)]
mod tests {
    use phs_core::evidence::manifest::Manifest;
    use phs_core::text::{Catalog, DEFAULT_CULTURE};

    use super::*;
    use crate::problem::Category;

    #[test]
    fn kind_is_what_the_json_says() {
        let error = ProblemRecord {
            id: "Phs.Check.Unknown".into(),
            category: Category::ObjectNotFound,
            message: String::new(),
            target: String::new(),
            recommended_action: None,
        };
        let progress = Progress {
            activity: String::new(),
            status: String::new(),
            percent: -1,
        };
        let log = Log {
            level: Level::Verbose,
            message: String::new(),
        };
        let catalog = Catalog::for_culture(DEFAULT_CULTURE);
        let every = [
            Event::Progress { progress },
            Event::Log { log },
            Event::Error { error },
            Event::Finding { findings: vec![] },
            Event::Verdict { verdicts: vec![] },
            Event::Audit {
                audit: AuditSummary::default(),
            },
            Event::Check { checks: vec![] },
            Event::Account { accounts: vec![] },
            Event::Evidence {
                evidence: EvidenceFileRecord::render("", 0, &Manifest::default(), &catalog),
            },
            Event::Event { events: vec![] },
            Event::Capability {
                capabilities: vec![],
            },
            Event::Ready,
            Event::Difference {
                differences: vec![],
            },
            Event::Question {
                question: UserQuestion { users: vec![] },
            },
            Event::Finished {
                summary: Summary::default(),
            },
        ];
        for event in &every {
            let json = serde_json::to_value(event).unwrap();
            assert_eq!(json["kind"], event.kind());
        }
        let kinds: Vec<_> = every.iter().map(Event::kind).collect();
        assert_eq!(kinds, Event::KINDS);
    }
}
