//! Event logs, handed on event by event and read for judging.

use std::fs::File;
use std::io::{BufWriter, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use phs_collect::events::{self, Filter, MAX_EVENTS, Reader};
use phs_core::evidence::Fact;
use phs_core::evidence::events::SyncEvent;
use phs_testlog::evtx::{FILE_HEADER, Log, Strings};
use phs_testlog::scenario::{self, OTHER};
use phs_testlog::xml::{self, Shape};
use tempfile::TempDir;

use super::{assert_growth, length, peak};

/// The pieces of a log that are in memory at a time.
const MOST_GROWTH: u64 = 24 << 20;
/// What is kept for judging: of the longest of these texts, twice over, and beside it an event's other fields.
const MOST_KEPT: u64 = MAX_EVENTS as u64 * 2048;
/// So many records show how long one is.
const SAMPLE: usize = 5000;

fn end() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

/// How many records come to the length that is wanted, where a sample of them comes to this.
fn count(sample: usize) -> usize {
    usize::try_from(length()).unwrap() / (sample / SAMPLE)
}

/// What was written.
struct Written {
    /// Events of the agent and the engine.
    ours: usize,
    /// The time of the one from which on the last [`MAX_EVENTS`] are kept.
    kept_from: Option<Timestamp>,
}

/// Makes the records, hands each to `write`, and tells what they are.
fn make(count: usize, mut write: impl FnMut(&phs_testlog::Record)) -> Written {
    let is_ours = |record: &phs_testlog::Record| record.provider != OTHER;
    let ours = scenario::records(count, end()).filter(is_ours).count();
    let mut written = Written {
        ours: 0,
        kept_from: None,
    };
    for record in scenario::records(count, end()) {
        write(&record);
        if is_ours(&record) {
            if written.ours + MAX_EVENTS == ours {
                written.kept_from = Some(record.time);
            }
            written.ours += 1;
        }
    }
    written
}

fn write_evtx(path: &Path) -> Written {
    let sample = scenario::log(SAMPLE, end());
    let sample = phs_testlog::evtx::write(&sample, Strings::Array).unwrap();
    let mut out = BufWriter::new(File::create(path).unwrap());
    out.seek(SeekFrom::Start(FILE_HEADER as u64)).unwrap();
    let mut log = Log::new(Strings::Array);
    let written = make(count(sample.len()), |record| {
        out.write_all(&log.push(record).unwrap()).unwrap();
    });
    let (header, last) = log.finish();
    out.write_all(&last).unwrap();
    out.seek(SeekFrom::Start(0)).unwrap();
    out.write_all(&header).unwrap();
    out.flush().unwrap();
    written
}

fn write_xml(path: &Path) -> Written {
    let shape = Shape::EventViewer;
    let sample = xml::write(&scenario::log(SAMPLE, end()), shape);
    let mut out = BufWriter::new(File::create(path).unwrap());
    out.write_all(xml::begin(shape).as_bytes()).unwrap();
    let mut text = String::new();
    let written = make(count(sample.len()), |record| {
        text.clear();
        xml::event(&mut text, record, shape);
        out.write_all(text.as_bytes()).unwrap();
    });
    out.write_all(xml::end(shape).as_bytes()).unwrap();
    out.flush().unwrap();
    written
}

/// Counts what it is told and keeps none of it.
#[derive(Default)]
struct Count {
    events: usize,
    last: Option<Timestamp>,
    out_of_order: usize,
}

impl Reader for Count {
    fn event(&mut self, event: SyncEvent) -> bool {
        self.events += 1;
        self.out_of_order += usize::from(self.last > Some(event.time));
        self.last = Some(event.time);
        true
    }
}

/// A folder with a log in it, its path, and what was written.
fn log(write: impl FnOnce(&Path) -> Written) -> (TempDir, PathBuf, Written) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let written = write(&path);
    let size = std::fs::metadata(&path).unwrap().len();
    assert!(size > length() / 20 * 19, "{} MiB", size >> 20);
    (folder, path, written)
}

#[test]
fn an_event_log_is_handed_on_in_flat_memory() {
    let (_folder, path, written) = log(write_evtx);
    let before = peak();
    let mut told = Count::default();
    let scan = events::scan(&path, &Filter::default(), &mut told).unwrap();
    assert_eq!((told.events, told.out_of_order), (written.ours, 0));
    assert_eq!((scan.damages, scan.newest), (0, Some(end())));
    assert_growth(before, MOST_GROWTH);
}

#[test]
fn the_newest_events_of_an_event_log_are_kept_for_judging() {
    let (_folder, path, written) = log(write_xml);
    let before = peak();
    let (log, problems) = events::read(&path, |_| true).unwrap();
    assert_eq!(problems, []);
    assert_eq!(log.newest_record, Fact::Known(end()));
    assert_eq!(log.events.len(), written.ours.min(MAX_EVENTS));
    if let Some(kept_from) = written.kept_from {
        assert_eq!(log.events[0].time, kept_from);
        // What was left out makes the log younger than it is.
        assert!(matches!(log.oldest_record, Fact::Known(oldest) if oldest < kept_from));
    }
    assert_growth(before, MOST_KEPT);
}
