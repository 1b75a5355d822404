//! Hostile bytes as an evidence file: opened, every part read, every user handed on.
#![no_main]

use std::hint::black_box;
use std::io::Cursor;
use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use phs_collect::evidence_file::EvidenceFile;

fuzz_target!(|data: &[u8]| {
    let mut file = match EvidenceFile::from_reader(Cursor::new(data), "fuzz.phs") {
        Ok(file) => file,
        Err(error) => {
            // Every error must have an id, a sentence and an action.
            black_box((error.id(), error.to_string(), error.problem()));
            return;
        }
    };
    let loaded = file.load();
    for error in &loaded.problems {
        black_box((error.id(), error.to_string(), error.problem()));
    }
    black_box(loaded.evidence);
    let _ = black_box(file.users(&mut |user| {
        black_box(user);
        ControlFlow::Continue(())
    }));
});
