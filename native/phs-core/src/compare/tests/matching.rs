//! An active and a staging server: every identifier differs, and nothing else does.

use uuid::Uuid;

use super::*;
use crate::evidence::Fact;

/// The same configuration as another server would have it.
fn elsewhere() -> Evidence {
    let mut evidence = healthy();
    let server = evidence.server.as_mut().unwrap();
    let other = |id: Uuid| {
        if id == crate::evidence::server::ENTRA_CONNECTOR {
            id
        } else {
            Uuid::from_u128(id.as_u128() ^ 0xffff_ffff)
        }
    };
    server.source = "elsewhere".to_owned();
    server.name = Fact::Known("SYNC02".to_owned());
    for connector in &mut server.connectors {
        connector.identifier = other(connector.identifier);
        connector.source = format!("Connectors/Connector_{{{}}}.xml", connector.identifier);
        if let Fact::Known(channel) = &mut connector.password_hash_sync {
            channel.target = channel.target.map(other);
        }
        for partition in &mut connector.partitions {
            partition.identifier = other(partition.identifier);
            partition.last_dc = Fact::Known("dc9.fabrikam.com".to_owned());
        }
        for step in connector
            .run_profiles
            .iter_mut()
            .flat_map(|profile| &mut profile.steps)
        {
            step.partition = step.partition.map(other);
        }
    }
    for sourced in &mut server.rules {
        let rule = &mut sourced.rule;
        rule.identifier = other(rule.identifier);
        rule.connector = other(rule.connector);
        rule.internal_id = rule.internal_id.map(other);
    }
    server.connectors.reverse();
    server.rules.reverse();
    evidence
}

#[test]
fn other_identifiers_are_no_difference() {
    let found = differences(&healthy(), &elsewhere());
    assert!(found.is_empty(), "{:#?}", words(&found));
}

#[test]
fn an_edit_on_the_other_server_is_found_alone() {
    let mut after = elsewhere();
    let server = after.server.as_mut().unwrap();
    rule(server, "In from AD - User AccountEnabled")
        .rule
        .disabled = true;
    let found = differences(&healthy(), &after);
    assert_eq!(found.len(), 1, "{:#?}", words(&found));
    assert_eq!(found[0].property, "disabled");
}

#[test]
fn a_shipped_rule_of_another_build_is_the_same_rule() {
    let mut after = elsewhere();
    let server = after.server.as_mut().unwrap();
    let shipped = server
        .rules
        .iter_mut()
        .find(|sourced| sourced.rule.is_standard())
        .unwrap();
    shipped.rule.immutable_tag = format!("{}.099", shipped.rule.tag_without_version());
    shipped.rule.name = "Renamed".to_owned();
    let found = differences(&healthy(), &after);
    let properties: Vec<_> = found.iter().map(|one| one.property.as_str()).collect();
    assert_eq!(properties, ["name", "immutable-tag"]);
}

#[test]
fn two_forests_keep_their_rules_apart() {
    let before = fixture("PHS201/failed");
    let mut after = before.clone();
    let server = after.server.as_mut().unwrap();
    for sourced in &mut server.rules {
        sourced.rule.identifier = Uuid::from_u128(sourced.rule.identifier.as_u128() ^ 0xff);
    }
    server.rules.reverse();
    let found = differences(&before, &after);
    assert!(found.is_empty(), "{:#?}", words(&found));
}
