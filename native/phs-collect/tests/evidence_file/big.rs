//! Users beyond all memory, made on the fly, streamed in flat memory: 64 MiB in every run, 500 MiB in the long one,
//! `PHS_EVIDENCE_MIB` where it is set.

use std::ops::ControlFlow;

use phs_collect::evidence_file::{EvidenceFile, EvidenceWriter};
use phs_core::evidence::manifest::Manifest;
use phs_core::evidence::user::{ObservedAttribute, UserEvidence};

const MIB: u64 = 64;
const LONG_MIB: u64 = 500;
/// Long enough that a handful of them in memory shows, short enough for a debug build.
const NOTE: usize = 60_000;
const MOST_GROWTH: u64 = 24 << 20;

/// The most memory that this process has had resident, in bytes.
#[cfg(target_os = "linux")]
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes << 10)
}

#[cfg(not(target_os = "linux"))]
fn peak() -> Option<u64> {
    None
}

fn user(number: u64, note: &mut [u8]) -> UserEvidence {
    // Some noise, so that it packs as users do and not as a bomb does.
    let mut state = number.wrapping_add(1);
    for byte in note.iter_mut().step_by(16) {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        *byte = b'a' + u8::try_from(state >> 60).unwrap_or(0);
    }
    let note = String::from_utf8_lossy(note).into_owned();
    let mut user = UserEvidence {
        identity: format!("user{number}"),
        ..UserEvidence::default()
    };
    user.attributes
        .insert("info".into(), ObservedAttribute::Text(vec![note]));
    user
}

#[test]
fn users_stream_in_flat_memory() {
    stream(MIB);
}

#[test]
#[ignore = "minutes in a debug build"]
fn many_users_stream_in_flat_memory() {
    let asked = std::env::var("PHS_EVIDENCE_MIB").ok();
    stream(asked.map_or(LONG_MIB, |text| text.parse().unwrap()));
}

fn stream(mebibytes: u64) {
    let bytes = mebibytes << 20;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("big.phs");
    let mut note = vec![b'-'; NOTE];
    let before = peak();
    let mut writer = EvidenceWriter::create(&path, false).unwrap();
    let users = bytes / NOTE as u64;
    for number in 0..users {
        writer.user(&user(number, &mut note)).unwrap();
    }
    let written = writer.finish(Manifest::default()).unwrap();
    let part = &written.manifest.parts[0];
    assert!(part.bytes >= bytes - (1 << 20), "{}", part.bytes);
    assert_eq!(part.records, Some(users));

    let mut file = EvidenceFile::open(&path).unwrap();
    let mut next = 0;
    file.users(&mut |user| {
        assert_eq!(user.identity, format!("user{next}"));
        next += 1;
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(next, users);
    if let (Some(before), Some(after)) = (before, peak()) {
        let growth = after - before;
        assert!(growth < MOST_GROWTH, "{} MiB", growth >> 20);
    }
}
