//! A synchronization policy file: the JSON that the wizard of Connect writes (domain 10.4).
//!
//! It is written when the wizard changes something, and not when PowerShell or an editor does: what it says may be stale. It
//! holds no password hash sync channel, no global settings, no run profiles, and shipped rules by name only.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a policy file is, beside the connectors and rules that were read of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyFile {
    /// The file's name.
    pub file: String,
    /// How it came to be.
    pub origin: PolicyOrigin,
    /// Version of Connect that wrote it, where it says so.
    pub version: Option<String>,
    /// Rules that it names without their content.
    pub listed_rules: Vec<ListedRule>,
}

/// How a policy file came to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum PolicyOrigin {
    /// Written by the wizard after it changed something.
    Applied,
    /// Exported by someone in the wizard.
    Exported,
    /// Made by the migration script of another server.
    Migrated,
    /// Neither its name nor its content tells.
    #[default]
    Unknown,
}

/// A rule that a policy file names without its content, or without all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ListedRule {
    /// Identifier.
    #[serde(default)]
    pub identifier: Option<Uuid>,
    /// Connector that it belongs to.
    pub connector: Uuid,
    /// Display name.
    #[serde(default)]
    pub name: String,
    /// Tag of a shipped rule.
    #[serde(default)]
    pub immutable_tag: String,
    /// A lower number wins.
    #[serde(default)]
    pub precedence: Option<i64>,
}
