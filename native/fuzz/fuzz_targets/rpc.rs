//! Hostile bytes as DCE/RPC fragments and as answers of the endpoint mapper.
#![no_main]

use std::hint::black_box;

use libfuzzer_sys::fuzz_target;
use phs_collect::wire::rpc::{self, Pdu, Tower, epm};

fuzz_target!(|data: &[u8]| {
    // The call id is part of the fragment, so that a match is found.
    let call = data
        .get(12..16)
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(1, u32::from_le_bytes);
    if let Ok(Pdu::Response { stub, .. }) = rpc::decode(data, call) {
        assert!(stub.len() <= data.len());
        black_box(epm::map_response(&stub).ok());
        black_box(epm::lookup_response(&stub).ok());
    }
    black_box(Tower::decode(data).ok());
    for listing in [epm::map_response(data), epm::lookup_response(data)].into_iter().flatten() {
        // Every tower has a length and at least one floor behind it: memory is bounded by what came in.
        assert!(listing.towers.len() * 8 <= data.len());
    }
});
