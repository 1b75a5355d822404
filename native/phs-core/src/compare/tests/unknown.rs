//! What cannot be compared is told, never taken for the same.

use super::*;
use crate::evidence::server::{Part, UnreadablePart};
use crate::evidence::{Fact, UnknownReason};

#[test]
fn a_value_that_one_side_does_not_know() {
    let found = one(|server| {
        ad(server).password_hash_sync = Fact::unknown(UnknownReason::NotPermitted);
        ad(server).ssl_bind = Fact::unknown(UnknownReason::NotCollected);
    });
    assert_eq!(found.kind, Kind::NotComparable);
    assert_eq!(
        found.property,
        "password-hash-sync-config/enabled, ssl-bind"
    );
    assert!(
        said(&found).contains("in the difference: access to it was refused"),
        "{}",
        said(&found)
    );
}

#[test]
fn a_value_that_neither_side_holds_is_silent_and_one_that_neither_could_read_is_not() {
    for (reason, count) in [
        (UnknownReason::Absent, 0),
        (UnknownReason::NotCollected, 0),
        (UnknownReason::Unreadable, 1),
        (UnknownReason::NotPermitted, 1),
    ] {
        let mut evidence = healthy();
        ad(evidence.server.as_mut().unwrap()).password_hash_sync = Fact::unknown(reason);
        assert_eq!(differences(&evidence, &evidence).len(), count, "{reason:?}");
    }
}

fn broken(part: Part, source: &str) -> UnreadablePart {
    UnreadablePart {
        part,
        source: source.to_owned(),
        error_id: "Phs.Export.NotXml".to_owned(),
        reason: UnknownReason::Unreadable,
        detail: "not well-formed".to_owned(),
    }
}

#[test]
fn a_rule_that_may_stand_in_an_unreadable_file_is_not_removed() {
    let found = edited(|server| {
        let gone = server.rules.remove(0);
        server.unreadable.push(broken(Part::Rule, &gone.source));
    });
    assert!(
        found.iter().all(|one| one.kind == Kind::NotComparable),
        "{:#?}",
        words(&found)
    );
    assert_eq!(found.len(), 2);
}

#[test]
fn a_connector_that_may_stand_in_an_unreadable_file_is_not_removed() {
    let found = edited(|server| {
        let gone = ad(server).identifier;
        server
            .connectors
            .retain(|connector| connector.identifier != gone);
        server
            .unreadable
            .push(broken(Part::Connector, "Connectors/x.xml"));
    });
    assert!(
        found.iter().all(|one| one.kind == Kind::NotComparable),
        "{:#?}",
        words(&found)
    );
}

#[test]
fn a_kind_of_evidence_that_one_side_lacks_is_told_once() {
    let before = fixture("PHS101/passed");
    let mut after = before.clone();
    after.directory = None;
    let found = differences(&before, &after);
    assert_eq!(found.len(), 1, "{:#?}", words(&found));
    assert_eq!(
        (found[0].area, found[0].kind),
        (Area::Evidence, Kind::NotComparable)
    );
    assert_eq!(
        said(&found[0]),
        "The difference holds no directory evidence, so it was not compared."
    );
}

#[test]
fn settings_that_could_not_be_read() {
    let found = one(|server| server.settings = Fact::unknown(UnknownReason::Unreadable));
    assert_eq!(
        (found.area, found.kind),
        (Area::Server, Kind::NotComparable)
    );
}

#[test]
fn a_descriptor_that_could_not_be_read() {
    let before = fixture("PHS101/passed");
    let mut after = before.clone();
    for domain in &mut after.directory.as_mut().unwrap().domains {
        domain.descriptor = Fact::unknown(UnknownReason::NotPermitted);
    }
    let found = differences(&before, &after);
    assert!(!found.is_empty());
    for one in found.iter().filter(|one| one.area == Area::Directory) {
        assert_eq!(
            (one.kind, one.after.as_deref()),
            (Kind::NotComparable, Some("unknown"))
        );
    }
}

#[test]
fn pseudonyms_are_not_compared() {
    let before = healthy();
    let mut after = before.clone();
    after.recorded = Some(Vec::new());
    let found = differences(&before, &after);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].kind, found[0].property.as_str()),
        (Kind::NotComparable, "redacted")
    );
    assert!(differences(&after, &after).is_empty());
}

#[test]
fn secrets_are_neither_compared_nor_shown() {
    let found = edited(|server| {
        ad(server)
            .parameters
            .insert("password".to_owned(), "[redacted]".to_owned());
    });
    assert!(found.is_empty());
}
