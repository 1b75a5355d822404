//! An event log of 50,000 records of every kind, from its bytes to findings.

#![allow(missing_docs)]
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot set up has nothing to measure"
)]

use std::hint::black_box;
use std::io::Write as _;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;
use phs_collect::events;
use phs_testlog::evtx::{self, Strings};
use phs_testlog::scenario;
use phs_testlog::xml::{self, Shape};

const RECORDS: usize = 50_000;

fn read(criterion: &mut Criterion) {
    let records = scenario::log(RECORDS, Timestamp::from_second(1_772_366_400).unwrap());
    let binary = evtx::write(&records, Strings::Array).unwrap();
    let text = xml::write(&records, Shape::Rendered).into_bytes();
    let mut group = criterion.benchmark_group("events");
    group.sample_size(10);
    for (name, bytes) in [
        ("50000 records, evtx", binary),
        ("50000 records, XML", text),
    ] {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&bytes).unwrap();
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let (log, problems) = events::read(file.path(), |_| true).unwrap();
                assert!(problems.is_empty());
                black_box(log)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, read);
criterion_main!(benches);
