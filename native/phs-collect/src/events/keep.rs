//! Keeps the newest events of a log, whatever order they come in.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use jiff::Timestamp;
use phs_core::evidence::events::SyncEvent;

use super::Reader;

/// The newest events within bounds of number and text.
pub(super) struct Newest<P> {
    heap: BinaryHeap<Reverse<ByTime>>,
    max_events: usize,
    max_text: usize,
    text: usize,
    /// Time of the newest event that was dropped.
    dropped: Option<Timestamp>,
    progress: P,
}

impl<P: FnMut(u8) -> bool> Newest<P> {
    pub(super) fn new(max_events: usize, max_text: usize, progress: P) -> Self {
        Self {
            heap: BinaryHeap::new(),
            max_events,
            max_text,
            text: 0,
            dropped: None,
            progress,
        }
    }

    /// The events, oldest first, and the time up to which some are missing.
    pub(super) fn finish(self) -> (Vec<SyncEvent>, Option<Timestamp>) {
        let mut events: Vec<_> = self.heap.into_iter().map(|entry| entry.0.0).collect();
        events.sort_by_key(|event| (event.time, event.record_id));
        (events, self.dropped)
    }
}

impl<P: FnMut(u8) -> bool> Reader for Newest<P> {
    fn event(&mut self, event: SyncEvent) -> bool {
        self.text += event.message.len();
        self.heap.push(Reverse(ByTime(event)));
        while self.heap.len() > self.max_events || self.text > self.max_text {
            let Some(Reverse(ByTime(oldest))) = self.heap.pop() else {
                break;
            };
            self.text -= oldest.message.len();
            self.dropped = self.dropped.max(Some(oldest.time));
        }
        true
    }

    fn progress(&mut self, percent: u8) -> bool {
        (self.progress)(percent)
    }
}

/// An event ordered by its time.
struct ByTime(SyncEvent);

impl ByTime {
    fn key(&self) -> (Timestamp, Option<u64>) {
        (self.0.time, self.0.record_id)
    }
}

impl PartialEq for ByTime {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for ByTime {}

impl PartialOrd for ByTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ByTime {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}
