//! Events of the password hash sync agent: log `Application`, source `Directory Synchronization` (domain 1.7).
//!
//! Numbers, GUIDs, codes and names of exceptions decide; words of a message never do, since they change between builds and
//! are translated.

mod message;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Fact;
pub use message::{
    EventDetail, Failure, MAX_MESSAGE, PasswordRequest, PasswordResult, read_message,
};

/// Provider of the agent's events.
pub const PROVIDER: &str = "Directory Synchronization";

/// Provider of the engine's events (6100, 6329, 6803 ...).
pub const ENGINE_PROVIDER: &str = "ADSync";

/// Ids from here on come from diagnostic tools that write under the agent's name; they are no activity of the agent.
pub const FIRST_TOOL_ID: u32 = 2000;

/// Ids that tell that the agent did something: passwords on their way to the cloud, or its heartbeat.
pub const ACTIVITY_IDS: [u32; 8] = [601, 650, 651, 653, 654, 656, 657, 663];

/// One log, as far as it was read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EventLog {
    /// The file or server that it was read from.
    pub source: String,
    /// When it was read: for a file the time of its newest record.
    pub observed_at: Option<Timestamp>,
    /// Time of the oldest record of the whole log, whatever its source: a log that is younger than a window cannot
    /// answer for that window.
    pub oldest_record: Fact<Timestamp>,
    /// Time of the newest record of the whole log.
    pub newest_record: Fact<Timestamp>,
    /// Whether every record is of the two providers, as in a log that was filtered when it was saved. How long after its
    /// newest record it was saved is then not known: the silence after that record is not in it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub agent_only: bool,
    /// Events of the two providers, oldest first.
    pub events: Vec<SyncEvent>,
    /// Parts that exist and could not be read.
    pub damaged: Vec<DamagedPart>,
}

/// A part of a log that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DamagedPart {
    /// Offset in the file, in bytes.
    pub offset: u64,
    /// What the reader said.
    pub detail: String,
    /// Time of the record before it, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Time of the record after it, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SyncEvent {
    /// Event id.
    pub id: u32,
    /// Provider.
    pub provider: String,
    /// When it was written (UTC).
    pub time: Timestamp,
    /// Record number in its log.
    #[serde(default)]
    pub record_id: Option<u64>,
    /// Level: 1 critical, 2 error, 3 warning, 4 information.
    #[serde(default)]
    pub level: Option<u8>,
    /// The computer that wrote it.
    #[serde(default)]
    pub computer: Option<String>,
    /// Its text: the message where it was rendered, else its data strings.
    pub message: String,
    /// What the text holds.
    #[serde(default)]
    pub detail: EventDetail,
}

impl SyncEvent {
    /// Whether it shows the agent at work.
    pub fn is_activity(&self) -> bool {
        self.provider.eq_ignore_ascii_case(PROVIDER) && ACTIVITY_IDS.contains(&self.id)
    }

    /// Whether it names this connector, in any letter case, with or without braces.
    pub fn names_connector(&self, connector: Uuid) -> bool {
        self.detail.connectors.contains(&connector)
    }
}
