//! Files beyond what memory should hold: they are made on the fly and read in flat memory. 500 MiB each, or as many MiB as
//! `PHS_STREAM_MIB` says.
//!
//! Each test wants a process of its own, since the most memory that a process ever had cannot be taken back: `cargo nextest`
//! gives it one.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot write or read its file has failed"
)]

mod events;
mod users;

/// How long the files are, in bytes.
fn length() -> u64 {
    const MIB: u64 = 500;
    let asked = std::env::var("PHS_STREAM_MIB").ok();
    asked.map_or(MIB, |text| text.parse().unwrap()) << 20
}

/// The most memory that this process has had resident, in bytes; none where the system does not tell.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kibibytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kibibytes << 10)
}

/// Demands that no more than this was had since `before`.
fn assert_growth(before: Option<u64>, most: u64) {
    if let (Some(before), Some(after)) = (before, peak()) {
        let growth = after - before;
        assert!(growth < most, "{} MiB", growth >> 20);
    }
}
