//! Hostile bytes as a certificate, as a PEM file of roots, as a proxy's answer, as a hello and as a `machine.config`.
#![no_main]

use std::hint::black_box;

use libfuzzer_sys::fuzz_target;
use phs_collect::probe::tls::{self, TrustJudge};
use phs_collect::probe::{cloud, proxy};
use phs_collect::wire::tls as hello;

fuzz_target!(|data: &[u8]| {
    black_box(tls::facts(data).ok());
    black_box(TrustJudge::given(data).ok());
    black_box(cloud::status(data));
    if let Some((header, content)) = data.split_first_chunk() {
        black_box(hello::record_length(*header).ok());
        black_box(hello::decode(*header, content).ok());
    }
    if let Ok(text) = std::str::from_utf8(data) {
        black_box(proxy::of_machine_config(text));
        black_box(proxy::of_environment(|_| Some(text.to_owned())));
    }
});
