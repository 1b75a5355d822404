//! Spellings of times, UUIDs, SIDs, addresses and octets: what is written is admitted, what is admitted is read.

use phs_collect::evidence_file::EvidenceFileError;
use phs_core::evidence::manifest::SCHEMA_VERSION;
use phs_core::security::Sid;
use serde_json::{Value, json};

use super::Schemas;
use crate::{file, manifest, open};

/// Who takes a text: nobody, only the reader, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    Nobody,
    Reader,
    Both,
}

fn read(entry: &str, value: &Value) -> Option<EvidenceFileError> {
    let bytes = serde_json::to_vec(value).unwrap();
    let parts: &[(&str, &[u8])] = &[(entry, &bytes)];
    let mut file = open(file(&manifest(parts), parts)).unwrap();
    file.check().into_iter().next()
}

fn compare(entry: &str, with: fn(&str) -> Value, texts: &[(&str, Takes)]) {
    let schemas = Schemas::of(SCHEMA_VERSION);
    for (text, expected) in texts {
        let value = with(text);
        let reads = read(entry, &value).is_none();
        let admits = schemas.validate(entry, &value).is_ok();
        let takes = match (reads, admits) {
            (true, true) => Takes::Both,
            (true, false) => Takes::Reader,
            (false, false) => Takes::Nobody,
            (false, true) => panic!("{text:?} validates and is not read"),
        };
        assert_eq!(takes, *expected, "{text:?}");
    }
}

#[test]
fn times() {
    use Takes::{Both, Nobody, Reader};
    compare(
        "host.json",
        |text| json!({"observedAt": text}),
        &[
            ("2026-10-01T08:00:00Z", Both),
            ("2026-10-01T08:00:00.1Z", Both),
            ("2026-10-01T08:00:00.123456789Z", Both),
            ("2024-02-29T00:00:00Z", Both),
            ("0001-01-01T00:00:00Z", Both),
            ("2026-10-01T08:00:00+02:00", Reader),
            ("2026-10-01 08:00:00Z", Reader),
            ("20261001T080000Z", Reader),
            ("2026-10-01T08:00:60Z", Reader),
            ("-000001-10-01T08:00:00Z", Reader),
            ("2026-10-01T08:00:00", Nobody),
            ("2026-10-01T08:00:00.1234567890Z", Nobody),
            ("2026-10-01", Nobody),
            ("2026-13-01T08:00:00Z", Nobody),
            ("2026-10-32T08:00:00Z", Nobody),
            ("2025-02-29T00:00:00Z", Nobody),
            ("2026-10-01T24:00:00Z", Nobody),
            ("2026-10-01T08:00:00Z\n", Nobody),
            ("yesterday", Nobody),
            ("", Nobody),
        ],
    );
}

#[test]
fn uuids() {
    use Takes::{Both, Nobody, Reader};
    compare(
        "server.json",
        |text| json!({"passwordCycles": {"known": [{"connector": text}]}}),
        &[
            ("fab00000-0000-4001-8000-000000000000", Both),
            ("FAB00000-0000-4001-8000-000000000000", Both),
            ("00000000-0000-0000-0000-000000000000", Both),
            ("{fab00000-0000-4001-8000-000000000000}", Reader),
            ("urn:uuid:fab00000-0000-4001-8000-000000000000", Reader),
            ("fab00000000040018000000000000000", Reader),
            ("fab00000-0000-4001-8000-00000000000", Nobody),
            ("fab00000-0000-4001-8000-00000000000g", Nobody),
            (" fab00000-0000-4001-8000-000000000000", Nobody),
            ("", Nobody),
        ],
    );
}

#[test]
fn sids() {
    use Takes::{Both, Nobody, Reader};
    let fifteen = format!("S-1-5{}", "-1".repeat(15));
    let sixteen = format!("{fifteen}-1");
    compare(
        "directory.json",
        |text| json!({"domains": [{"sid": {"known": text}}]}),
        &[
            ("S-1-5-21-1004336348-1177238915-682003330-1104", Both),
            ("S-1-0", Both),
            ("S-1-5-32-4294967295", Both),
            ("S-1-4294967295-0", Both),
            ("S-1-0xffffffffffff-1", Both),
            (&fifteen, Both),
            ("s-1-5-18", Reader),
            ("S-1-5-018", Reader),
            ("S-1-0x5-18", Reader),
            ("S-1-4294967296-1", Reader),
            ("S-1-5-4294967296", Nobody),
            ("S-1-5-9999999999", Nobody),
            ("S-1-0x1000000000000-1", Nobody),
            ("S-2-5-18", Nobody),
            ("S-1-5-", Nobody),
            ("S-1", Nobody),
            ("BA", Nobody),
            (&sixteen, Nobody),
        ],
    );
}

#[test]
fn addresses() {
    use Takes::{Both, Nobody};
    compare(
        "events.json",
        |text| {
            json!({"events": [{
                "id": 611, "provider": "p", "time": "2026-10-01T08:00:00Z", "message": "",
                "detail": {"failure": {"address": text}},
            }]})
        },
        &[
            ("192.0.2.10", Both),
            ("255.255.255.255", Both),
            ("0.0.0.0", Both),
            ("2001:db8::10", Both),
            ("::", Both),
            ("::ffff:192.0.2.1", Both),
            ("192.0.2", Nobody),
            ("192.0.2.256", Nobody),
            ("192.0.2.01", Nobody),
            ("192.0.2.10.", Nobody),
            ("2001:db8::10::1", Nobody),
            ("fe80::1%eth0", Nobody),
            ("dc1.fabrikam.com", Nobody),
        ],
    );
}

#[test]
fn octets() {
    use Takes::{Both, Nobody, Reader};
    let common = [
        ("", Both),
        ("AAH/", Both),
        ("QQ==", Both),
        ("QUE=", Both),
        ("QQ=", Nobody),
        ("QQ", Nobody),
        ("====", Nobody),
        ("A===", Nobody),
        ("QUE=QUE=", Nobody),
        ("-_-_", Nobody),
    ];
    let descriptor = |text: &str| json!({"domains": [{"descriptor": {"known": text}}]});
    compare("directory.json", descriptor, &common);
    // Bits that stand for no octet.
    compare(
        "directory.json",
        descriptor,
        &[("QR==", Nobody), ("Q Q==", Nobody)],
    );
    let attribute = |text: &str| json!({"attributes": {"objectSid": {"binary": [text]}}});
    compare("users.ndjson", attribute, &common);
    compare(
        "users.ndjson",
        attribute,
        &[("QR==", Reader), ("Q Q==", Reader)],
    );
}

/// Every SID that can be written is admitted as it is written.
#[test]
fn sids_as_they_are_written() {
    let schemas = Schemas::of(SCHEMA_VERSION);
    for authority in [
        0,
        5,
        u64::from(u32::MAX),
        u64::from(u32::MAX) + 1,
        (1 << 48) - 1,
    ] {
        for power in 0..32 {
            for sub in [
                1_u32 << power,
                (1_u32 << power) - 1,
                u32::MAX - (1 << power),
            ] {
                let sid = Sid::new(authority, &[sub, 0, sub]).unwrap().to_string();
                let value = json!({"domains": [{"sid": {"known": sid}}]});
                assert_eq!(schemas.validate("directory.json", &value), Ok(()), "{sid}");
            }
        }
    }
}
