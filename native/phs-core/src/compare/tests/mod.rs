//! One edit at a time against the healthy fixture: each gives exactly its difference, in words.

mod cloud;
mod matching;
mod rules;
mod servers;
mod unknown;

use std::path::Path;

use super::{Area, Difference, Kind, compare};
use crate::evidence::Evidence;
use crate::evidence::server::{Connector, ServerConfiguration, SourcedRule};
use crate::text::{Catalog, DEFAULT_CULTURE};

/// A fixture of a check.
fn fixture(name: &str) -> Evidence {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures/checks")
        .join(format!("{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// One forest of two domains, nothing wrong.
fn healthy() -> Evidence {
    fixture("PHS204/passed")
}

/// What differs after an edit of the healthy server.
fn edited(edit: impl FnOnce(&mut ServerConfiguration)) -> Vec<Difference> {
    let before = healthy();
    let mut after = before.clone();
    edit(after.server.as_mut().unwrap());
    differences(&before, &after)
}

fn differences(before: &Evidence, after: &Evidence) -> Vec<Difference> {
    compare(before, after, "2026-11-24T00:00:00Z".parse().unwrap())
}

/// The only difference, which this edit must make.
fn one(edit: impl FnOnce(&mut ServerConfiguration)) -> Difference {
    let found = edited(edit);
    assert_eq!(found.len(), 1, "{:#?}", words(&found));
    found.into_iter().next().unwrap()
}

fn words(differences: &[Difference]) -> Vec<String> {
    let catalog = Catalog::for_culture(DEFAULT_CULTURE);
    differences
        .iter()
        .map(|one| {
            let said = catalog.render(&one.message);
            assert!(
                !said.contains(['[', '\u{2068}']) || said.contains("IIF"),
                "{said}"
            );
            format!("{:?} {:?} {:?}: {said}", one.severity, one.area, one.kind)
        })
        .collect()
}

fn said(one: &Difference) -> String {
    Catalog::for_culture(DEFAULT_CULTURE).render(&one.message)
}

fn ad(server: &mut ServerConfiguration) -> &mut Connector {
    server
        .connectors
        .iter_mut()
        .find(|connector| connector.name == "fabrikam.com")
        .unwrap()
}

fn rule<'a>(server: &'a mut ServerConfiguration, name: &str) -> &'a mut SourcedRule {
    server
        .rules
        .iter_mut()
        .find(|sourced| sourced.rule.name == name)
        .unwrap()
}

fn check_id(one: &Difference) -> &str {
    one.check.map_or("", |check| check.id)
}

#[test]
fn the_same_evidence_has_no_difference() {
    for name in [
        "PHS204/passed",
        "PHS101/passed",
        "PHS101/failed",
        "PHS201/failed",
        "PHS302/failed",
        "PHS802/failed",
        "PHS503/failed",
    ] {
        let evidence = fixture(name);
        let found = differences(&evidence, &evidence);
        assert!(found.is_empty(), "{name}: {:#?}", words(&found));
    }
}

#[test]
fn what_matters_most_comes_first() {
    let found = edited(|server| {
        ad(server).partitions[0].selected = crate::evidence::Fact::Known(false);
        rule(server, "Out to AAD - User Join").rule.description = "mine".to_owned();
        ad(server).name = "Fabrikam".to_owned();
    });
    let areas: Vec<Area> = found.iter().map(|one| one.area).collect();
    assert_eq!(areas, [Area::Partition, Area::Connector, Area::Rule]);
    assert_eq!(found[0].kind, Kind::Changed);
    assert!(found.is_sorted_by_key(|one| one.severity));
}
