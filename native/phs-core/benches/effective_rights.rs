//! How many descriptors per second are read and judged on both replication rights, on domain heads that Samba made.
//!
//! One element is one descriptor; nothing is cached between two of them.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use phs_core::security::{
    ControlAccessRight, DescriptorRef, ExcessRights, GuardedObject, SecurityDescriptor, Sid, Token,
    effective_rights,
};
use uuid::Uuid;

/// No ACE of this head speaks of the account: the whole DACL is read, the longest way there is.
const HEAD: &[u8] = include_bytes!("../../../tests/fixtures/security/domain-head.bin");
const DENIED: &[u8] = include_bytes!("../../../tests/fixtures/security/domain-head-denied.bin");
const DOMAIN: [u32; 4] = [21, 1_004_336_348, 1_177_238_915, 682_003_330];
const RIGHTS: [Uuid; 2] = [
    ControlAccessRight::GET_CHANGES.guid,
    ControlAccessRight::GET_CHANGES_ALL.guid,
];

fn domain() -> Sid {
    Sid::new(5, &DOMAIN).unwrap_or_else(|error| unreachable!("{error}"))
}

/// The account in this many groups of its domain, with the SIDs that everyone has.
fn token(groups: u32) -> Token {
    let rids = std::iter::once(1104).chain(1120..1120 + groups);
    let everyone = [(1, 0), (5, 2), (5, 11), (5, 15)];
    rids.filter_map(|rid| domain().with_rid(rid).ok())
        .chain(
            everyone
                .iter()
                .filter_map(|(authority, sub)| Sid::new(*authority, &[*sub]).ok()),
        )
        .collect()
}

fn effective(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("effective_rights");
    group.throughput(Throughput::Elements(1));
    let domain = domain();
    for (name, bytes) in [("unmentioned", HEAD), ("denied", DENIED)] {
        for groups in [20, 1000] {
            let token = token(groups);
            group.bench_function(format!("{name}/{groups} groups"), |bencher| {
                bencher.iter(|| {
                    let descriptor = DescriptorRef::parse(black_box(bytes))?;
                    Ok::<_, phs_core::security::DescriptorError>(effective_rights(
                        &descriptor,
                        &token,
                        RIGHTS,
                        Some(domain.as_view()),
                    ))
                });
            });
        }
    }
    group.bench_function("parse alone", |bencher| {
        bencher.iter(|| DescriptorRef::parse(black_box(HEAD)));
    });
    let twenty = token(20);
    group.bench_function("excess rights", |bencher| {
        bencher.iter(|| {
            let descriptor = DescriptorRef::parse(black_box(HEAD))?;
            Ok::<_, phs_core::security::DescriptorError>(ExcessRights::of(
                &descriptor,
                &twenty,
                GuardedObject::default(),
            ))
        });
    });
    group.bench_function("read and write", |bencher| {
        bencher.iter_batched(
            || SecurityDescriptor::parse(HEAD),
            |read| read.map(|descriptor| descriptor.to_bytes()),
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, effective);
criterion_main!(benches);
