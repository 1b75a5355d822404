//! Cost of a diagnosis of a server configuration export: reading it, and judging what was read.
//!
//! `PHS_BENCH_EXPORT` names another export; without it the Contoso export beside the repository is taken, and the committed
//! sample where that is absent.

#![allow(missing_docs)]

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use phs_collect::export;
use phs_core::check::Step;
use phs_core::evidence::Evidence;
use phs_core::guide::{self, Context, Policy};
use phs_core::report::FindingRecord;
use phs_core::text::{Catalog, DEFAULT_CULTURE};

fn folder() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let contoso = root.join("../shared/data/aadconnect-contoso/Contoso/Production");
    match std::env::var_os("PHS_BENCH_EXPORT") {
        Some(path) => path.into(),
        None if contoso.is_dir() => contoso,
        None => root.join("samples/fabrikam"),
    }
}

fn evidence(folder: &Path) -> Evidence {
    Evidence {
        server: export::read(folder, |_, _| true).configuration,
        ..Evidence::default()
    }
}

fn diagnose(evidence: &Evidence, catalog: &Catalog) -> Vec<FindingRecord> {
    let context = Context {
        today: Timestamp::UNIX_EPOCH,
        users_named: false,
        policy: Policy::default(),
    };
    let mut records = Vec::new();
    for step in Step::ALL {
        guide::judge(step, evidence, &context, &mut |finding| {
            records.push(FindingRecord::render(&finding, catalog, false));
        });
    }
    records
}

fn bench(criterion: &mut Criterion) {
    let folder = folder();
    let read = evidence(&folder);
    let catalog = Catalog::for_culture(DEFAULT_CULTURE);
    let mut group = criterion.benchmark_group("export");
    group.bench_function("read", |bencher| {
        bencher.iter(|| black_box(evidence(&folder)));
    });
    group.bench_function("judge", |bencher| {
        bencher.iter(|| black_box(diagnose(&read, &catalog)));
    });
    group.bench_function("whole", |bencher| {
        bencher.iter(|| {
            let catalog = Catalog::for_culture(DEFAULT_CULTURE);
            black_box(diagnose(&evidence(&folder), &catalog))
        });
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
