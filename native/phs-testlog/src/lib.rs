//! Event logs for tests, written by nobody's server.
//!
//! [`scenario`] makes events of every id that the agent writes, in both wordings; [`evtx`] and [`xml`] write them in the
//! formats in which an administrator would hand them over.

pub mod evtx;
pub mod scenario;
pub mod xml;

use jiff::Timestamp;
use serde::Serialize;

/// One record of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Record number in its log, from 1.
    pub record_id: u64,
    /// Event id.
    pub id: u16,
    /// Provider.
    pub provider: String,
    /// When it was written. A log holds hundreds of nanoseconds.
    pub time: Timestamp,
    /// Level: 2 error, 3 warning, 4 information.
    pub level: u8,
    /// The computer that wrote it.
    pub computer: String,
    /// Its strings; the agent writes its whole text as one.
    pub strings: Vec<String>,
}
