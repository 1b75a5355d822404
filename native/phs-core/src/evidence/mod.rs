//! Evidence: what was observed, with source and time; typed; never interpreted (design, section 3).
//!
//! One file per kind. A value that could not be read is [`Fact::Unknown`] with its reason, never false.

pub mod cloud;
pub mod directory;
pub mod events;
pub mod host;
pub mod manifest;
pub mod network;
pub mod policy;
pub mod server;
pub mod user;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::check::Need;
use crate::report::FindingRecord;

/// Everything that was observed in one collection.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// When the collection was made, by the clock of the evidence itself. An export's clock is its own export date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collected_at: Option<Timestamp>,
    /// Configuration of the Connect server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<server::ServerConfiguration>,
    /// Events of the password hash sync agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<events::EventLog>,
    /// Active Directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory: Option<directory::DirectoryEvidence>,
    /// What the network answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<network::NetworkEvidence>,
    /// The tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloud: Option<cloud::CloudEvidence>,
    /// The host of the Connect server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<host::HostEvidence>,
    /// Users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<user::Users>,
    /// Kinds of evidence that were sought and not had. A kind that is neither here nor above was not asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_collected: Vec<NotCollected>,
    /// What was found before names were replaced. Where it is there, nothing can be judged anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Vec<FindingRecord>>,
}

/// A kind of evidence that is not at hand, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NotCollected {
    /// The kind.
    pub kind: Need,
    /// Why: `NotCollected` where nobody asked for it.
    pub reason: UnknownReason,
    /// Stable id of the error that stood in the way, such as `Phs.Ldap.Timeout`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_id: Option<String>,
    /// That error in words; never a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Evidence {
    /// Why a kind of evidence that was sought is not at hand.
    pub fn why_missing(&self, need: Need) -> Option<&NotCollected> {
        self.not_collected
            .iter()
            .find(|missing| missing.kind == need && missing.reason != UnknownReason::NotCollected)
    }

    /// Whether evidence of this kind is at hand.
    pub fn has(&self, need: Need) -> bool {
        match need {
            Need::Server => self.server.is_some(),
            Need::Events => self.events.is_some(),
            Need::Network => self.network.is_some(),
            Need::Directory => self.directory.is_some(),
            Need::User => self.users.is_some(),
            Need::Cloud => self.cloud.is_some(),
            Need::Host => self.host.is_some(),
        }
    }
}

/// Why a value is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum UnknownReason {
    /// Nobody looked.
    NotCollected,
    /// The place was read and holds no such value.
    Absent,
    /// Access was refused.
    NotPermitted,
    /// It is there and could not be understood, or its container could not be read.
    Unreadable,
    /// This source never holds it.
    NotSupported,
}

/// A value, or why it is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Fact_of_{T}"))]
#[serde(rename_all = "camelCase")]
pub enum Fact<T> {
    /// It was read.
    Known(T),
    /// It was not, for this reason, with what is known of the circumstances (an error text, the raw value).
    Unknown {
        /// The reason.
        reason: UnknownReason,
        /// Circumstances, for the evidence row; never a secret.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
    },
}

impl<T> Default for Fact<T> {
    fn default() -> Self {
        Self::unknown(UnknownReason::NotCollected)
    }
}

impl<T> Fact<T> {
    /// Not known, without circumstances.
    pub fn unknown(reason: UnknownReason) -> Self {
        Self::Unknown {
            reason,
            detail: None,
        }
    }

    /// Not known, with circumstances.
    pub fn unknown_because(reason: UnknownReason, detail: impl Into<String>) -> Self {
        Self::Unknown {
            reason,
            detail: Some(detail.into()),
        }
    }

    /// The value, if known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown { .. } => None,
        }
    }

    /// Whether nobody looked, which a file need not say.
    pub(crate) fn is_not_collected(&self) -> bool {
        matches!(
            self,
            Self::Unknown {
                reason: UnknownReason::NotCollected,
                detail: None
            }
        )
    }

    /// The reason, if not known.
    pub fn reason(&self) -> Option<UnknownReason> {
        match self {
            Self::Known(_) => None,
            Self::Unknown { reason, .. } => Some(*reason),
        }
    }
}

impl<T> From<T> for Fact<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}
