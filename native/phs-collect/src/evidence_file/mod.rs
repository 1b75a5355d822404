//! Evidence files: one collection in one ZIP archive, to be judged later and elsewhere.
//!
//! `manifest.json` says what the file holds; every other entry is one kind of evidence as JSON, users one a line. Files come from
//! other machines, so reading trusts nothing: every length is bounded, every part is compared with its hash before it is
//! used, keys that stand twice or are not known are refused, and no entry is ever unpacked to disk. A broken part is told, and the
//! others load.

mod error;
mod latch;
mod meter;
mod read;
mod redact;
mod strict;
mod write;

pub use error::{EvidenceFileError, Fault};
pub use read::{EvidenceFile, Loaded};
pub use redact::Redactor;
pub(crate) use strict::duplicate_key;
pub use write::{EvidenceWriter, Written};

/// Entry with the manifest.
pub const MANIFEST: &str = "manifest.json";
/// Users, one a line.
pub const USERS: &str = "users.ndjson";
/// Facts of the tenant that decide about users.
pub const TENANT: &str = "tenant.json";
/// Findings made before names were replaced.
pub const FINDINGS: &str = "findings.json";
/// Configuration of the Connect server.
pub const SERVER: &str = "server.json";
/// Active Directory.
pub const DIRECTORY: &str = "directory.json";
/// Event log.
pub const EVENTS: &str = "events.json";
/// Probes of the network.
pub const NETWORK: &str = "network.json";
/// The tenant.
pub const CLOUD: &str = "cloud.json";
/// The host of the Connect server.
pub const HOST: &str = "host.json";

/// Entries that a file may hold beside the manifest.
pub const PARTS: &[&str] = &[
    SERVER, DIRECTORY, EVENTS, NETWORK, CLOUD, HOST, TENANT, USERS, FINDINGS,
];

/// Most entries of the archive.
pub const MAX_ENTRIES: usize = 64;
/// Longest manifest, in bytes.
pub const MAX_MANIFEST: u64 = 1 << 20;
/// Longest part that is read as a whole, in bytes.
pub const MAX_PART: u64 = 256 << 20;
/// Longest part that is read line by line, in bytes.
pub const MAX_LINES: u64 = 64 << 30;
/// Longest line, in bytes.
pub const MAX_LINE: usize = 8 << 20;
/// Most objects and lists of a part that is read as a whole, and of a line.
pub const MAX_VALUES: usize = 4_000_000;
/// From this length on, in bytes, a part must not be more than [`MAX_RATIO`] times as long as it is packed.
pub const RATIO_FROM: u64 = 4 << 20;
/// See [`RATIO_FROM`]. Users of a large domain come to about 20; the densest archive to 1,032.
pub const MAX_RATIO: u64 = 400;
