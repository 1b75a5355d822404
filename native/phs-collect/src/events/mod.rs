//! Reads event logs: `.evtx` files and XML exports, into the agent's and the engine's events (domain 1.7).
//!
//! A log is read part by part, so that memory stays flat whatever its size. A damaged part is skipped with its offset named,
//! and what is around it is read.

mod error;
mod evtx;
mod keep;
mod live;
mod record;
#[cfg(test)]
mod tests;
mod xml;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use jiff::Timestamp;
use phs_core::evidence::events::{DamagedPart, ENGINE_PROVIDER, EventLog, PROVIDER, SyncEvent};
use phs_core::evidence::{Fact, UnknownReason};

pub use error::EventError;
use keep::Newest;
pub use live::{LiveEvent, LiveLog};

/// Largest file that is read, in bytes.
pub const MAX_FILE: u64 = 16 << 30;
/// Most events that [`read`] keeps; the oldest go first.
pub const MAX_EVENTS: usize = 100_000;
/// Most bytes of text that [`read`] keeps; the oldest go first.
pub const MAX_TEXT: usize = 256 << 20;
/// Most damaged parts that are listed one by one.
pub const MAX_DAMAGED: usize = 1000;

/// Which events are wanted. Times bound both ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these ids; none means all.
    pub ids: Vec<u32>,
    /// Not older.
    pub since: Option<Timestamp>,
    /// Not newer.
    pub until: Option<Timestamp>,
}

impl Filter {
    fn time(&self, time: Timestamp) -> bool {
        self.since.is_none_or(|since| time >= since) && self.until.is_none_or(|until| time <= until)
    }

    /// Whether this event is wanted.
    pub fn takes(&self, event: &SyncEvent) -> bool {
        self.id(event.id) && self.time(event.time)
    }

    fn id(&self, id: u32) -> bool {
        self.ids.is_empty() || self.ids.contains(&id)
    }
}

/// Takes what a log holds, as it is read. Either answer `false` ends the reading.
pub trait Reader {
    /// An event of the agent or the engine.
    fn event(&mut self, event: SyncEvent) -> bool;

    /// How far the reading is, in percent.
    fn progress(&mut self, percent: u8) -> bool {
        let _ = percent;
        true
    }
}

/// What was seen of a log beside its events.
#[derive(Debug, Default)]
pub struct Scan {
    /// Time of the oldest record of any provider.
    pub oldest: Option<Timestamp>,
    /// Time of the newest record of any provider.
    pub newest: Option<Timestamp>,
    /// Whether a record of another provider was seen.
    pub foreign: bool,
    /// Parts that could not be read, at most [`MAX_DAMAGED`].
    pub damaged: Vec<DamagedPart>,
    /// How many parts could not be read.
    pub damages: usize,
    /// What ended the reading before the end of the file.
    pub broken: Option<EventError>,
}

impl Scan {
    fn saw(&mut self, time: Timestamp) {
        self.oldest = Some(self.oldest.map_or(time, |oldest| oldest.min(time)));
        self.newest = Some(self.newest.map_or(time, |newest| newest.max(time)));
        for part in self.damaged.iter_mut().rev() {
            if part.to.is_some() {
                break;
            }
            part.to = Some(time);
        }
    }

    fn damage(&mut self, offset: u64, detail: impl Into<String>, after: Option<Timestamp>) {
        self.damages += 1;
        if self.damaged.len() < MAX_DAMAGED {
            self.damaged.push(DamagedPart {
                offset,
                detail: detail.into(),
                from: after,
                to: None,
            });
        }
    }

    /// Everything that went wrong and did not keep the rest from being read.
    pub fn problems(&self, path: &str) -> Vec<EventError> {
        let damage = self.damaged.first().map(|first| EventError::Damaged {
            path: path.to_owned(),
            count: self.damages,
            offset: first.offset,
            detail: first.detail.clone(),
        });
        // What ended the reading is a damaged part too; it has the better words.
        match &self.broken {
            Some(broken) if self.damages <= 1 => vec![broken.clone()],
            Some(broken) => damage.into_iter().chain([broken.clone()]).collect(),
            None => damage.into_iter().collect(),
        }
    }
}

/// Reads a log from its file, telling its events to `reader`: from `.evtx` in the order of the log, from XML in the order
/// of the file.
///
/// # Errors
/// What is wrong with the file as a whole. Damage inside it stands in the [`Scan`].
pub fn scan(path: &Path, filter: &Filter, reader: &mut dyn Reader) -> Result<Scan, EventError> {
    let name = path.display().to_string();
    let failed = |error: std::io::Error| EventError::from_io(&name, &error);
    // The kind is asked before the file is opened: opening a pipe would wait for its writer.
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(EventError::Unreadable {
            path: name,
            detail: "it is no regular file".to_owned(),
        });
    }
    let size = metadata.len();
    if size > MAX_FILE {
        return Err(EventError::TooLarge {
            path: name,
            size,
            limit: MAX_FILE,
        });
    }
    let file = File::open(path).map_err(failed)?;
    scan_from(file, size, &name, filter, reader)
}

/// Reads a log of `size` bytes from any source.
///
/// # Errors
/// As [`scan`].
pub fn scan_from(
    mut source: impl Read + Seek + Send + 'static,
    size: u64,
    name: &str,
    filter: &Filter,
    reader: &mut dyn Reader,
) -> Result<Scan, EventError> {
    if size == 0 {
        return Err(EventError::Empty {
            path: name.to_owned(),
        });
    }
    let failed = |error: std::io::Error| EventError::from_io(name, &error);
    let mut start = Vec::new();
    source
        .by_ref()
        .take(64)
        .read_to_end(&mut start)
        .map_err(failed)?;
    source.seek(SeekFrom::Start(0)).map_err(failed)?;
    let looking = Looking {
        name,
        filter,
        reader,
        scan: Scan::default(),
    };
    if start.starts_with(evtx::MAGIC) {
        return evtx::scan(&mut source, size, looking);
    }
    let text = start.trim_ascii_start();
    let marks: [&[u8]; 5] = [b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0<"];
    if marks.iter().any(|mark| text.starts_with(mark)) {
        // Without a byte order mark UTF-16 shows by its first character; the reader of XML needs the mark.
        let mark: &'static [u8] = if start.starts_with(b"<\0") {
            b"\xff\xfe"
        } else if start.starts_with(b"\0<") {
            b"\xfe\xff"
        } else {
            b""
        };
        return xml::scan(Box::new(mark.chain(source.take(size))), size, looking);
    }
    Err(EventError::NotALog {
        path: name.to_owned(),
    })
}

/// A reading under way.
struct Looking<'a> {
    name: &'a str,
    filter: &'a Filter,
    reader: &'a mut dyn Reader,
    scan: Scan,
}

impl Looking<'_> {
    /// Hands a record on, if it is of the two providers and wanted. False ends the reading.
    fn record(&mut self, record: record::Record) -> bool {
        let wanted = self.filter.time(record.time) && self.filter.id(record.id);
        !wanted || self.reader.event(record.into_event())
    }
}

/// Whether this provider's events are read.
fn is_ours(provider: &str) -> bool {
    provider.eq_ignore_ascii_case(PROVIDER) || provider.eq_ignore_ascii_case(ENGINE_PROVIDER)
}

/// A whole log for judging, oldest event first, and what went wrong in it. `progress` may end the reading.
///
/// # Errors
/// As [`scan`].
pub fn read(
    path: &Path,
    progress: impl FnMut(u8) -> bool,
) -> Result<(EventLog, Vec<EventError>), EventError> {
    let mut kept = Newest::new(MAX_EVENTS, MAX_TEXT, progress);
    let scan = scan(path, &Filter::default(), &mut kept)?;
    let source = path.display().to_string();
    let problems = scan.problems(&source);
    Ok((log(source, scan, kept), problems))
}

fn log<P: FnMut(u8) -> bool>(source: String, scan: Scan, kept: Newest<P>) -> EventLog {
    let (events, dropped_until) = kept.finish();
    // What was left out makes the log younger: the time before its oldest event that was kept is not known.
    let oldest = match dropped_until {
        Some(dropped) => Some(dropped),
        None => scan.oldest,
    };
    let fact = |time: Option<Timestamp>| match time {
        Some(time) => Fact::Known(time),
        None => Fact::unknown(UnknownReason::Absent),
    };
    EventLog {
        source,
        observed_at: scan.newest,
        oldest_record: fact(oldest),
        newest_record: fact(scan.newest),
        agent_only: scan.newest.is_some() && !scan.foreign,
        events,
        damaged: scan.damaged,
    }
}
