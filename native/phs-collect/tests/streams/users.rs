//! Users of an evidence file, written and read one by one.

use std::ops::ControlFlow;

use phs_collect::evidence_file::{EvidenceFile, EvidenceWriter};
use phs_core::evidence::manifest::Manifest;
use phs_core::evidence::user::{ObservedAttribute, UserEvidence};

use super::{assert_growth, length, peak};

/// Long enough that a handful of them in memory shows.
const NOTE: usize = 60_000;
/// One user in so many has such a note: half of the file's length is notes, the other half users as a directory has them.
const NOTE_EVERY: u64 = 64;
const MOST_GROWTH: u64 = 24 << 20;

/// A user as the rules want it.
fn user(number: u64) -> UserEvidence {
    let mut state = number;
    let mut noise = || {
        state = state
            .wrapping_add(1)
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state >> 32
    };
    let name = format!("{:08x}", noise());
    let mut user = UserEvidence {
        source: "dc1.fabrikam.com".into(),
        identity: format!("user{number}"),
        distinguished_name: format!("CN={name},OU=Sales,OU=Staff,DC=fabrikam,DC=com"),
        ..UserEvidence::default()
    };
    let mut text = |attribute: &str, value: String| {
        user.attributes
            .insert(attribute.into(), ObservedAttribute::Text(vec![value]));
    };
    text("sAMAccountName", name.clone());
    text("userPrincipalName", format!("{name}@fabrikam.com"));
    text("mail", format!("{name}@fabrikam.com"));
    text("displayName", format!("{name} {:08x}", noise()));
    text("pwdLastSet", format!("13340{:013}", noise()));
    text("userAccountControl", "512".into());
    text("cn", name);
    for attribute in ["objectGUID", "objectSid", "mS-DS-ConsistencyGuid"] {
        let octets = [noise().to_le_bytes(), noise().to_le_bytes()].concat();
        user.attributes
            .insert(attribute.into(), ObservedAttribute::Binary(vec![octets]));
    }
    for attribute in [
        "adminDescription",
        "isCriticalSystemObject",
        "msExchRecipientTypeDetails",
    ] {
        user.attributes
            .insert(attribute.into(), ObservedAttribute::Absent);
    }
    if number.is_multiple_of(NOTE_EVERY) {
        // Some noise, so that it packs as users do and not as a bomb does.
        let note = (0..NOTE)
            .map(|at| {
                if at % 16 == 0 {
                    char::from(b'a' + u8::try_from(noise() % 16).unwrap())
                } else {
                    '-'
                }
            })
            .collect();
        user.attributes
            .insert("info".into(), ObservedAttribute::Text(vec![note]));
    }
    user
}

#[test]
fn users_of_a_long_file_stream_in_flat_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.phs");
    let before = peak();
    let mut writer = EvidenceWriter::create(&path, false).unwrap();
    let mut users = 0;
    let mut bytes = 0;
    while bytes < length() {
        let user = user(users);
        bytes += serde_json::to_vec(&user).unwrap().len() as u64 + 1;
        writer.user(&user).unwrap();
        users += 1;
    }
    let written = writer.finish(Manifest::default()).unwrap();
    let part = &written.manifest.parts[0];
    assert_eq!((part.bytes, part.records), (bytes, Some(users)));

    let mut file = EvidenceFile::open(&path).unwrap();
    let mut next = 0;
    file.users(&mut |read| {
        assert_eq!(read.identity, format!("user{next}"));
        next += 1;
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(next, users);
    assert_growth(before, MOST_GROWTH);
}
