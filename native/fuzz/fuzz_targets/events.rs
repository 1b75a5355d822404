//! Hostile bytes as an event log, in either format, and as the text of an event of every kind.
#![no_main]

use std::hint::black_box;
use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use phs_collect::events::{Filter, Reader, scan_from};
use phs_core::evidence::events::{SyncEvent, read_message};

/// Takes everything and keeps nothing.
struct All;

impl Reader for All {
    fn event(&mut self, event: SyncEvent) -> bool {
        black_box(event);
        true
    }
}

fuzz_target!(|data: &[u8]| {
    let size = data.len() as u64;
    match scan_from(Cursor::new(data.to_vec()), size, "log", &Filter::default(), &mut All) {
        Ok(scan) => {
            for error in scan.problems("log") {
                black_box((error.id(), error.to_string(), error.problem()));
            }
        }
        // Every error must have an id, a sentence and an action.
        Err(error) => {
            black_box((error.id(), error.to_string(), error.problem()));
        }
    }
    if let Ok(text) = std::str::from_utf8(data) {
        for id in [611, 650, 652, 655, 656, 657, 667] {
            black_box(read_message(id, text));
        }
    }
});
