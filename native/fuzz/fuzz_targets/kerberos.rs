//! Hostile datagrams as answers of a key distribution centre, and of a DNS server.
#![no_main]

use std::hint::black_box;

use libfuzzer_sys::fuzz_target;
use phs_collect::wire::{dns, kerberos};

fuzz_target!(|data: &[u8]| {
    black_box(kerberos::decode(data).ok());
    let id = data.get(..2).and_then(|bytes| bytes.try_into().ok()).map_or(1, u16::from_be_bytes);
    black_box(dns::decode(data, id).ok());
});
