//! Events that the caller read from a live log, as `Get-WinEvent` gives them.

use jiff::Timestamp;
use phs_core::evidence::events::{EventLog, SyncEvent};
use phs_core::evidence::{Fact, UnknownReason};
use serde::Deserialize;

use super::{is_ours, record};

/// A live log, as far as it was read: `evidence.events` of a request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LiveLog {
    /// The server and its log.
    pub source: String,
    /// When it was read.
    pub observed_at: Option<Timestamp>,
    /// Time of the oldest record of the whole log, whatever its provider.
    pub oldest_record: Option<Timestamp>,
    /// How far back events were asked for: what is older was not read, though the log may hold it.
    pub read_since: Option<Timestamp>,
    /// The events, in any order.
    pub records: Vec<LiveEvent>,
}

/// One event of a live log.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LiveEvent {
    /// Event id.
    pub id: u32,
    /// Provider.
    pub provider: String,
    /// When it was written.
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
    /// Its text.
    #[serde(default)]
    pub message: String,
}

impl LiveLog {
    /// The events of the two providers, oldest first, with their texts understood.
    pub fn events(&self) -> Vec<SyncEvent> {
        let mut events: Vec<_> = self
            .records
            .iter()
            .filter(|it| is_ours(&it.provider))
            .map(|it| {
                record::event(
                    it.id,
                    it.provider.clone(),
                    it.time,
                    it.record_id,
                    it.level,
                    it.computer.clone(),
                    &it.message,
                )
            })
            .collect();
        events.sort_by_key(|event| (event.time, event.record_id));
        events
    }

    /// The log for judging. What was not asked for makes it younger, as if it had been overwritten.
    pub fn log(&self) -> EventLog {
        let oldest = match (self.oldest_record, self.read_since) {
            (Some(oldest), Some(since)) => Some(oldest.max(since)),
            (oldest, None) => oldest,
            // How old the log is could not be read, so how much of the window it holds is not known.
            (None, Some(_)) => None,
        };
        let events = self.events();
        let newest = events.last().map(|event| event.time).or(self.oldest_record);
        let fact = |time: Option<Timestamp>| match time {
            Some(time) => Fact::Known(time),
            None => Fact::unknown(UnknownReason::NotCollected),
        };
        EventLog {
            source: self.source.clone(),
            observed_at: self.observed_at.or(newest),
            oldest_record: fact(oldest),
            newest_record: fact(newest),
            agent_only: self.observed_at.is_none(),
            events,
            damaged: Vec::new(),
        }
    }
}
