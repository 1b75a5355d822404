//! Logs that are damaged, cut off, or none.

use super::*;

#[test]
fn a_damaged_chunk_is_skipped_and_its_offset_named() {
    let records = records(900);
    let sound = evtx::write(&records, Strings::One).unwrap();
    let (all, _) = scan_all(&sound);
    let second = FILE_HEADER + CHUNK;
    for (what, at) in [
        ("records", second + 2000),
        ("header", second + 40),
        ("magic", second),
    ] {
        let mut bytes = sound.clone();
        bytes[at] ^= 0xff;
        let log = whole(&bytes);
        assert_eq!(log.damaged.len(), 1, "{what}");
        let part = &log.damaged[0];
        assert_eq!(part.offset, second as u64, "{what}");
        // The part is bounded by its neighbours.
        let (from, to) = (part.from.unwrap(), part.to.unwrap());
        assert!(records[0].time < from && from < to && to < end());
        assert!(
            log.events
                .iter()
                .all(|event| event.time <= from || event.time >= to)
        );
        let lost = all.len() - log.events.len();
        assert!(lost > 10 && lost < all.len() / 2, "{what}: {lost}");
        assert_eq!(log.oldest_record, Fact::Known(records[0].time));
    }
}

#[test]
fn damage_is_one_problem_with_the_first_offset() {
    let mut bytes = evtx::write(&records(900), Strings::One).unwrap();
    for chunk in [1, 2] {
        bytes[FILE_HEADER + chunk * CHUNK + 3000] ^= 1;
    }
    let (_, scan) = scan_all(&bytes);
    let problems = scan.problems("log.evtx");
    let [
        EventError::Damaged {
            path,
            count,
            offset,
            ..
        },
    ] = &problems[..]
    else {
        panic!("{problems:?}");
    };
    assert_eq!(
        (path.as_str(), *count, *offset),
        ("log.evtx", 2, (FILE_HEADER + CHUNK) as u64)
    );
}

#[test]
fn a_record_that_makes_no_sense_costs_only_itself() {
    let records = records(120);
    let mut bytes = evtx::write(&records, Strings::One).unwrap();
    // In a log that was being written to, checksums of the newest chunk are not kept up.
    bytes[120] = 1;
    let last = (bytes.len() - FILE_HEADER) / CHUNK - 1;
    bytes[16..24].copy_from_slice(&(last as u64).to_le_bytes());
    let start = FILE_HEADER + last * CHUNK;
    let at =
        memchr::memmem::find(&bytes[start + 20_000..], b"\x2a\x2a\0\0").unwrap() + start + 20_000;
    bytes[at + 24] = 0xee;
    let log = whole(&bytes);
    assert_eq!(log.damaged.len(), 1, "{:?}", log.damaged);
    assert_eq!(log.damaged[0].offset, at as u64);
    assert_eq!(log.damaged[0].from, log.damaged[0].to);
    let (all, _) = scan_all(&evtx::write(&records, Strings::One).unwrap());
    assert!(log.events.len() >= all.len() - 1);
}

#[test]
fn a_log_cut_off_at_any_place_gives_what_came_before() {
    let records = records(500);
    let sound = evtx::write(&records, Strings::One).unwrap();
    let (all, _) = scan_all(&sound);
    for length in (0..sound.len()).step_by(7919) {
        match try_scan(&sound[..length], &Filter::default()) {
            Ok((events, scan)) => {
                assert!(all.starts_with(&events), "{length}");
                let whole_chunks = (length - FILE_HEADER).is_multiple_of(CHUNK);
                assert_eq!(scan.damages == 0, whole_chunks, "{length}");
            }
            Err(error) => {
                assert!(length < FILE_HEADER, "{length}: {error}");
                assert!(["Phs.Event.Empty", "Phs.Event.Truncated"].contains(&error.id()));
            }
        }
    }
}

#[test]
fn xml_cut_off_at_any_place_gives_what_came_before() {
    let text = xml::write(&records(60), Shape::EventViewer);
    let (all, _) = scan_all(text.as_bytes());
    for length in (1..text.len()).step_by(211) {
        let Some(part) = text.get(..length) else {
            continue;
        };
        match try_scan(part.as_bytes(), &Filter::default()) {
            Ok((events, scan)) => {
                assert!(all.starts_with(&events), "{length}");
                assert_eq!(scan.damages, 1, "{length}");
                assert_eq!(scan.damaged[0].to, None, "{length}");
                let problems = scan.problems("x");
                assert_eq!(
                    problems[0].id(),
                    "Phs.Event.Truncated",
                    "{length} {problems:?}"
                );
            }
            Err(error) => {
                assert!(all.is_empty() || length < 3000, "{length}: {error}");
            }
        }
    }
}

#[test]
fn an_event_without_what_it_needs_costs_only_itself() {
    let text = xml::write(&records(30), Shape::Wevtutil);
    let (all, _) = scan_all(text.as_bytes());
    for (from, to) in [
        (">654</EventID>", ">x</EventID>"),
        ("SystemTime='", "SystemTime='in the morning "),
    ] {
        let broken = text.replacen(from, to, 1);
        let broken = if broken == text {
            text.replacen(">611</EventID>", ">x</EventID>", 1)
        } else {
            broken
        };
        let (events, scan) = scan_all(broken.as_bytes());
        assert_eq!(events.len(), all.len() - 1, "{to}");
        assert_eq!(scan.damages, 1, "{to}");
        assert_eq!(scan.problems("x")[0].id(), "Phs.Event.Damaged");
    }
}

#[test]
fn what_is_no_log_has_a_name() {
    let event = xml::write(&records(1), Shape::Wevtutil);
    for (id, bytes) in [
        ("Phs.Event.Empty", Vec::new()),
        (
            "Phs.Event.NotALog",
            b"Level,Date and Time,Source\r\n".to_vec(),
        ),
        ("Phs.Event.NotALog", b"\x30\0\0\0LfLe\x01\0\0\0".to_vec()),
        ("Phs.Event.Truncated", b"ElfFile\0".to_vec()),
        ("Phs.Event.NoEvents", b"<html><body/></html>".to_vec()),
        ("Phs.Event.NotXml", b"<Events><Event></Events>".to_vec()),
        (
            "Phs.Event.Dtd",
            b"<!DOCTYPE x [<!ENTITY a \"b\">]><Events/>".to_vec(),
        ),
        (
            "Phs.Event.Excess",
            format!("<Events>{}", "<a>".repeat(100)).into_bytes(),
        ),
        (
            "Phs.Event.Encoding",
            [
                b"<Events>".to_vec(),
                vec![b'x', 0xe5, b'x'],
                event.into_bytes(),
            ]
            .concat(),
        ),
    ] {
        let error = error_of(&bytes);
        assert_eq!(error.id(), id, "{error}");
        assert_eq!(error.problem().id, id);
        let text = phs_core::text::Catalog::for_culture("en-US");
        let record = error.problem().render(&text);
        assert!(record.message.contains("test"), "{}", record.message);
        assert!(record.recommended_action.is_some());
    }
    let missing = read(Path::new("/nowhere/at.all"), |_| true).unwrap_err();
    assert_eq!(missing.id(), "Phs.Event.NotFound");
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(
        read(folder.path(), |_| true).unwrap_err().id(),
        "Phs.Event.Unreadable"
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    /// Whatever bytes are changed, the reader gives events or names the damage; it never breaks.
    #[test]
    fn no_change_breaks_the_reader(changes in proptest::collection::vec((0usize..140_000, 0u8..=255), 1..40), excuse in proptest::bool::ANY) {
        let mut bytes = evtx::write(&records(160), Strings::One).unwrap();
        if excuse {
            // Reads on past wrong checksums.
            bytes[120] = 1;
        }
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        let _ = try_scan(&bytes, &Filter::default());
    }
}
