//! `PhsDiagnostics.AuditSummary`: what the audit of a domain came to.

use serde::{Deserialize, Serialize};

/// `PhsDiagnostics.AuditSummary`. There is one only for a search that ran to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditSummary {
    /// Domain controller that was asked.
    pub server: String,
    /// Distinguished name below which was searched.
    pub search_base: String,
    /// Users that were judged.
    pub users: u64,
    /// Users whose password will sync.
    pub will_sync: u64,
    /// Users whose password cannot sync.
    pub blocked: u64,
    /// Users of whom what was read does not tell.
    pub unknown: u64,
    /// Users by the check that blocks them or leaves them open, most first. A user may stand in several rows.
    pub reasons: Vec<AuditReason>,
    /// Whether the rules of a server were read; without them only facts that block under the default rules decide.
    pub with_rules: bool,
    /// Whether the connection broke once and the search was started again.
    pub restarted: bool,
    /// Milliseconds that it took.
    pub elapsed_milliseconds: u64,
}

/// How many users one check keeps from syncing, or leaves open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditReason {
    /// Id of the check.
    pub check_id: String,
    /// Name of the check.
    pub name: String,
    /// `Blocked`, or `Unknown` where the check could not be answered.
    pub verdict: String,
    /// Users.
    pub users: u64,
}
