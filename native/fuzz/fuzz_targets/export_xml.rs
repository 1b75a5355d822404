//! Hostile bytes as each kind of file of a server configuration export.
#![no_main]

use std::hint::black_box;

use libfuzzer_sys::fuzz_target;
use phs_collect::export::read_part;
use phs_core::evidence::server::Part;

fuzz_target!(|data: &[u8]| {
    for part in [Part::GlobalSettings, Part::Connector, Part::Rule] {
        if let Err(error) = black_box(read_part(part, data.to_vec())) {
            // Every error must have an id, a sentence and an action.
            black_box((error.id(), error.to_string(), error.problem()));
        }
    }
});
