//! Hostile bytes as a synchronization policy file.
#![no_main]

use std::hint::black_box;

use libfuzzer_sys::fuzz_target;
use phs_collect::export::policy_from_bytes;

fuzz_target!(|data: &[u8]| {
    match policy_from_bytes(data, "policy.json") {
        Ok(server) => {
            // What a policy file does not hold must never look as if it were read.
            assert!(server.policy.is_some());
            assert!(server.settings.known().is_none());
            for connector in &server.connectors {
                assert!(connector.password_hash_sync.known().is_none());
            }
            black_box(server);
        }
        // Every error must have an id, a sentence and an action.
        Err(error) => {
            black_box((error.id(), error.to_string(), error.problem()));
        }
    }
});
