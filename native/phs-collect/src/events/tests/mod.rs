mod damage;

use std::io::Cursor;

use jiff::{SignedDuration, Timestamp};
use phs_core::evidence::events::{EventLog, SyncEvent};
use phs_testlog::evtx::{CHUNK, FILE_HEADER, Strings};
use phs_testlog::scenario::{AGENT, ENGINE, OTHER};
use phs_testlog::xml::Shape;
use phs_testlog::{Record, evtx, scenario, xml};

use super::keep::Newest;
use super::*;

fn end() -> Timestamp {
    "2026-03-01T12:00:00.1234567Z".parse().unwrap()
}

/// Everything that a log tells.
#[derive(Default)]
struct All(Vec<SyncEvent>);

impl Reader for All {
    fn event(&mut self, event: SyncEvent) -> bool {
        self.0.push(event);
        true
    }
}

fn try_scan(bytes: &[u8], filter: &Filter) -> Result<(Vec<SyncEvent>, Scan), EventError> {
    let mut all = All::default();
    let size = bytes.len() as u64;
    let source = Cursor::new(bytes.to_vec());
    let scan = scan_from(source, size, "test", filter, &mut all)?;
    Ok((all.0, scan))
}

fn scan_all(bytes: &[u8]) -> (Vec<SyncEvent>, Scan) {
    try_scan(bytes, &Filter::default()).unwrap()
}

fn error_of(bytes: &[u8]) -> EventError {
    try_scan(bytes, &Filter::default()).unwrap_err()
}

fn whole(bytes: &[u8]) -> EventLog {
    let mut kept = Newest::new(MAX_EVENTS, MAX_TEXT, |_| true);
    let source = Cursor::new(bytes.to_vec());
    let size = bytes.len() as u64;
    let scan = scan_from(source, size, "test", &Filter::default(), &mut kept).unwrap();
    log("test".to_owned(), scan, kept)
}

/// Id, provider, time, record number, level, text.
type Row = (u32, String, Timestamp, Option<u64>, Option<u8>, String);

/// The events that a reader must give for these records.
fn expected(records: &[Record]) -> Vec<Row> {
    records
        .iter()
        .filter(|record| [AGENT, ENGINE].contains(&record.provider.as_str()))
        .map(|record| {
            (
                u32::from(record.id),
                record.provider.clone(),
                record.time,
                Some(record.record_id),
                Some(record.level),
                record.strings.join("\n").replace("\r\n", "\n"),
            )
        })
        .collect()
}

fn got(events: &[SyncEvent]) -> Vec<Row> {
    events
        .iter()
        .map(|event| {
            assert_eq!(event.computer.as_deref(), Some(scenario::COMPUTER));
            (
                event.id,
                event.provider.clone(),
                event.time,
                event.record_id,
                event.level,
                event.message.clone(),
            )
        })
        .collect()
}

/// A time as a log can hold it: hundreds of nanoseconds.
fn records(count: usize) -> Vec<Record> {
    scenario::log(count, end())
}

#[test]
fn every_format_gives_the_same_events() {
    let records = records(700);
    let binary = evtx::write(&records, Strings::One).unwrap();
    assert!(binary.len() > FILE_HEADER + 3 * CHUNK, "several chunks");
    let array = evtx::write(&records, Strings::Array).unwrap();
    let wevtutil = xml::write(&records, Shape::Wevtutil);
    let rendered = xml::write(&records, Shape::Rendered);
    let viewer = xml::write(&records, Shape::EventViewer);
    let expected = expected(&records);
    for (name, bytes) in [
        ("evtx", binary),
        ("evtx with arrays", array),
        ("wevtutil", wevtutil.clone().into_bytes()),
        ("wevtutil /uni", xml::utf16(&wevtutil)),
        (
            "UTF-16 without a byte order mark",
            xml::utf16(&wevtutil)[2..].to_vec(),
        ),
        (
            "UTF-16 of the other order without a mark",
            wevtutil.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        ),
        ("rendered", rendered.into_bytes()),
        ("Event Viewer", viewer.clone().into_bytes()),
        (
            "with a byte order mark",
            [b"\xef\xbb\xbf", viewer.as_bytes()].concat(),
        ),
    ] {
        let (events, scan) = scan_all(&bytes);
        assert_eq!(got(&events), expected, "{name}");
        assert_eq!(scan.oldest, Some(records[0].time), "{name}");
        assert_eq!(scan.newest, Some(end()), "{name}");
        assert!(scan.foreign, "{name}");
        assert!(scan.problems("x").is_empty(), "{name}: {:?}", scan.damaged);
    }
}

#[test]
fn every_id_of_both_wordings_is_understood() {
    let lines = scenario::every_id().len();
    let records = records(lines + lines / 9 + 1);
    let (events, _) = scan_all(&evtx::write(&records, Strings::One).unwrap());
    let of = |id: u32| {
        events
            .iter()
            .filter(move |event| event.id == id)
            .map(|event| &event.detail)
            .collect::<Vec<_>>()
    };
    for id in (601..=623).filter(|id| *id != 608).chain(650..=668) {
        assert!(!of(id).is_empty(), "{id}");
    }
    let domains: Vec<_> = of(611)
        .iter()
        .map(|detail| {
            let failure = detail.failure.as_ref().unwrap();
            (
                failure.domain.clone().unwrap(),
                failure.code,
                failure.in_bind,
            )
        })
        .collect();
    assert_eq!(
        domains[..2],
        [
            (scenario::DOMAIN.to_owned(), Some(8453), false),
            (scenario::DOMAIN.to_owned(), None, true)
        ]
    );
    for detail in of(656) {
        let names: Vec<_> = detail
            .requests
            .iter()
            .map(|it| it.distinguished_name.as_str())
            .collect();
        assert_eq!(
            names,
            [
                "CN=Berg\\, Kari,OU=Sales & \u{d8}st <1>,DC=fabrikam,DC=com",
                "CN=User \u{1f511} 2,DC=fabrikam,DC=com"
            ]
        );
    }
    let results: Vec<_> = of(657)
        .iter()
        .flat_map(|detail| {
            detail
                .results
                .iter()
                .map(|it| (it.result.as_str(), it.must_change))
        })
        .collect();
    assert_eq!(
        results[..4],
        [
            ("Success", Some(false)),
            ("FilteredByTarget", Some(true)),
            ("Success", None),
            ("Failed", None)
        ]
    );
    assert_eq!(of(652)[0].failure.as_ref().unwrap().service_code, Some(90));
    assert_eq!(
        of(655)[0].failure.as_ref().unwrap().sign_in_code,
        Some(50126)
    );
    assert!(of(667)[0].failure.as_ref().unwrap().fips);
    let connector: uuid::Uuid = scenario::CONNECTOR.parse().unwrap();
    for id in [653, 654, 657] {
        assert_eq!(of(id)[0].connectors, [connector], "{id}");
    }
}

#[test]
fn only_the_two_providers_are_read_and_all_records_tell_the_time() {
    let mut records = records(40);
    for record in &mut records {
        OTHER.clone_into(&mut record.provider);
    }
    for bytes in [
        evtx::write(&records, Strings::One).unwrap(),
        xml::write(&records, Shape::Wevtutil).into_bytes(),
    ] {
        let log = whole(&bytes);
        assert!(log.events.is_empty());
        assert_eq!(log.oldest_record, Fact::Known(records[0].time));
        assert_eq!(log.observed_at, Some(end()));
        assert!(!log.agent_only);
    }
    let mut ours = self::records(40);
    ours.retain(|record| record.provider != OTHER);
    for bytes in [
        evtx::write(&ours, Strings::One).unwrap(),
        xml::write(&ours, Shape::EventViewer).into_bytes(),
    ] {
        assert!(whole(&bytes).agent_only);
    }
}

#[test]
fn a_filter_leaves_the_whole_log_s_times() {
    let records = records(300);
    let filter = Filter {
        ids: vec![611, 654],
        since: Some(end() - SignedDuration::from_secs(150)),
        until: Some(end() - SignedDuration::from_secs(50)),
    };
    for bytes in [
        evtx::write(&records, Strings::One).unwrap(),
        xml::write(&records, Shape::Rendered).into_bytes(),
    ] {
        let (events, scan) = try_scan(&bytes, &filter).unwrap();
        assert!(events.len() > 2);
        for event in &events {
            assert!(filter.ids.contains(&event.id));
            assert!(Some(event.time) >= filter.since && Some(event.time) <= filter.until);
        }
        assert_eq!(scan.oldest, Some(records[0].time));
        assert_eq!(scan.newest, Some(end()));
    }
}

#[test]
fn a_log_that_was_written_around_comes_in_its_own_order() {
    let records = records(900);
    let sound = evtx::write(&records, Strings::One).unwrap();
    let (events, _) = scan_all(&sound);
    for by in 1..4 {
        let (turned, scan) = scan_all(&evtx::wrap(&sound, by));
        assert_eq!(turned, events, "{by}");
        assert!(scan.damaged.is_empty());
    }
}

#[test]
fn the_newest_events_are_kept_in_any_order() {
    let records = records(300);
    let mut reversed = records.clone();
    reversed.reverse();
    for records in [&records, &reversed] {
        let text = xml::write(records, Shape::Wevtutil);
        let mut kept = Newest::new(50, 1 << 20, |_| true);
        let size = text.len() as u64;
        let scan = scan_from(Cursor::new(text), size, "x", &Filter::default(), &mut kept).unwrap();
        let log = log("x".to_owned(), scan, kept);
        assert_eq!(log.events.len(), 50);
        assert!(log.events.is_sorted_by_key(|event| event.time));
        let newest = records
            .iter()
            .filter(|it| it.provider != OTHER)
            .map(|it| it.time)
            .max();
        assert_eq!(log.events.last().map(|event| event.time), newest);
        // The log is no older than what was kept of it.
        let oldest = *log.oldest_record.known().unwrap();
        assert!(oldest < log.events[0].time && oldest > end() - SignedDuration::from_secs(70));
    }
}

#[test]
fn reading_ends_when_it_is_told_to() {
    struct Few(usize);
    impl Reader for Few {
        fn event(&mut self, _event: SyncEvent) -> bool {
            self.0 -= 1;
            self.0 > 0
        }
    }
    let records = records(300);
    for bytes in [
        evtx::write(&records, Strings::One).unwrap(),
        xml::write(&records, Shape::EventViewer).into_bytes(),
        xml::write(&records, Shape::Wevtutil).into_bytes(),
    ] {
        let size = bytes.len() as u64;
        let mut few = Few(3);
        let scan = scan_from(Cursor::new(bytes), size, "x", &Filter::default(), &mut few).unwrap();
        assert_eq!(few.0, 0);
        assert!(scan.problems("x").is_empty());
    }
}

#[test]
fn times_are_utc_whatever_they_look_like() {
    let expected: Timestamp = "2026-03-01T11:59:58.5Z".parse().unwrap();
    for text in [
        "2026-03-01T11:59:58.5000000Z",
        "2026-03-01T12:59:58.500+01:00",
        "2026-03-01T11:59:58.500",
        " 2026-03-01 11:59:58.500 ",
        "2026-03-01 11:59:58.500000 UTC",
    ] {
        assert_eq!(record::time(text), Some(expected), "{text}");
    }
    assert_eq!(record::time("01.03.2026"), None);
}
