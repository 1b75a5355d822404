//! Records of what works on this machine.

use serde::{Deserialize, Serialize};

/// `PhsDiagnostics.Capability`: one facility and whether it can be used here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CapabilityRecord {
    /// Stable name, the same in every language.
    pub name: String,
    /// Whether it can be used.
    pub available: bool,
    /// What it is, or why it cannot be used.
    pub details: String,
    /// What to do about it, where something can be done.
    pub remedy: Option<String>,
}
