//! Connectors: which stand for the same, and what differs in them.

use std::collections::HashMap;

use uuid::Uuid;

use super::pairing::{Key, Pairs, pair};
use super::values::{Gaps, flag, is_secret, shown};
use super::{Area, Difference, Kind, Servers, Side, Sink, partitions, run_profiles};
use crate::casefold::folded;
use crate::check::{Check, PHS101, PHS201, PHS501, Severity};
use crate::evidence::Fact;
use crate::evidence::server::{Connector, ConnectorKind, Part, ServerConfiguration};
use crate::finding::Target;
use crate::text;

/// Parameters that repeat what a field of the connector states, or that change by themselves.
const REPEATED: [&str; 6] = [
    "forest-login-user",
    "forest-login-domain",
    "forest-name",
    "sign-and-seal",
    "ssl-bind",
    "UserName",
];

/// The parameter that limits a forest to the members of one group.
const GROUP_FILTER: &str = "Connector.GroupFilteringGroupDn";

/// Which connector of the difference stands for which of the reference.
#[derive(Debug, Default)]
pub(super) struct Connectors {
    reference_of: HashMap<Uuid, Uuid>,
    /// Connectors that only one side has.
    unmatched: Vec<Uuid>,
}

impl Connectors {
    /// The connector of the reference that a connector of the difference stands for; itself where none does.
    pub(super) fn in_reference(&self, difference: Uuid) -> Uuid {
        self.reference_of
            .get(&difference)
            .copied()
            .unwrap_or(difference)
    }

    /// Whether only one side has the connector, so that everything that belongs to it is a consequence.
    pub(super) fn is_unmatched(&self, connector: Uuid) -> bool {
        self.unmatched.contains(&connector)
    }
}

/// Compares the connectors.
pub(super) fn compare(servers: Servers<'_>, sink: &mut Sink<'_>) -> Connectors {
    let (left, right) = (
        &servers.reference.connectors,
        &servers.difference.connectors,
    );
    let Pairs {
        both,
        left: removed,
        right: added,
    } = pair_connectors(left, right);
    let mut connectors = Connectors {
        reference_of: both
            .iter()
            .map(|&(before, after)| (right[after].identifier, left[before].identifier))
            .collect(),
        ..Connectors::default()
    };
    for (side, indexes, list) in [
        (Side::Reference, removed, left),
        (Side::Difference, added, right),
    ] {
        for index in indexes {
            connectors.unmatched.push(list[index].identifier);
            sink(only(servers, &list[index], side));
        }
    }
    for (before, after) in both {
        let partial = servers.is_partial();
        fields(&left[before], &right[after], &connectors, partial, sink);
        if !partial {
            run_profiles::compare(&left[before], &right[after], sink);
        }
        partitions::compare(&left[before], &right[after], partial, sink);
    }
    connectors
}

/// By identifier, then by forest or tenant, then by name.
fn pair_connectors(left: &[Connector], right: &[Connector]) -> Pairs {
    let kind = |connector: &Connector| match &connector.kind {
        ConnectorKind::ActiveDirectory => "AD".to_owned(),
        ConnectorKind::Entra => "Entra".to_owned(),
        ConnectorKind::Other(category) => folded(category),
    };
    let identifier =
        |connector: &Connector| Some(format!("{}|{}", kind(connector), connector.identifier));
    let place = |connector: &Connector| match &connector.kind {
        ConnectorKind::Entra => Some("Entra".to_owned()),
        _ => connector
            .forest_name
            .known()
            .map(|forest| format!("{}|{}", kind(connector), folded(forest))),
    };
    let name =
        |connector: &Connector| Some(format!("{}|{}", kind(connector), folded(&connector.name)));
    pair(
        left,
        right,
        &[
            Key {
                left: &identifier,
                right: &identifier,
            },
            Key {
                left: &place,
                right: &place,
            },
            Key {
                left: &name,
                right: &name,
            },
        ],
    )
}

pub(super) fn target(connector: &Connector) -> Target {
    Target::identified(&connector.name, connector.identifier)
}

/// A connector that one side does not have, or whose file there could not be read.
fn only(servers: Servers<'_>, connector: &Connector, side: Side) -> Difference {
    let other = servers.of(side.other());
    let hidden: Vec<String> = other
        .unreadable(Part::Connector)
        .map(|part| part.source.clone())
        .collect();
    let target = target(connector);
    let name = &connector.name;
    let difference = if hidden.is_empty() {
        let severity = match (side, &connector.kind) {
            (_, ConnectorKind::Other(_)) => Severity::Information,
            (Side::Reference, _) => Severity::Critical,
            (Side::Difference, _) => Severity::Warning,
        };
        let rules = rules_of(servers.of(side), connector.identifier);
        let message = match side {
            Side::Reference => text!("compare-connector-removed", connector = name, rules = rules),
            Side::Difference => text!("compare-connector-added", connector = name, rules = rules),
        };
        Difference::new(
            Area::Connector,
            side.only(),
            severity,
            target,
            "connector",
            message,
        )
    } else {
        Difference::new(
            Area::Connector,
            Kind::NotComparable,
            Severity::Warning,
            target,
            "connector",
            text!(
                "compare-connector-hidden",
                connector = name,
                side = side.text(),
                other = side.other().text(),
                files = hidden
            ),
        )
    };
    let difference = difference.check(&PHS201);
    match side {
        Side::Reference => difference.sources(&connector.source, ""),
        Side::Difference => difference.sources("", &connector.source),
    }
}

fn rules_of(server: &ServerConfiguration, connector: Uuid) -> usize {
    server
        .rules
        .iter()
        .filter(|sourced| sourced.rule.connector == connector)
        .count()
}

fn fields(
    before: &Connector,
    after: &Connector,
    connectors: &Connectors,
    partial: bool,
    sink: &mut Sink<'_>,
) {
    let mut gaps = Gaps::default();
    let target = target(after);
    let sources = (before.source.as_str(), after.source.as_str());
    let mut told = |one: Difference| sink(one.sources(sources.0, sources.1));
    let name = &after.name;
    let value = |property: &str,
                 severity: Severity,
                 check: Option<&'static Check>,
                 values: (&str, &str)| {
        Difference::new(
            Area::Connector,
            Kind::Changed,
            severity,
            target.clone(),
            property,
            text!(
                "compare-connector-value",
                property = property,
                connector = name,
                before = shown(values.0),
                after = shown(values.1)
            ),
        )
        .check(check)
        .values(Some(values.0.to_owned()), Some(values.1.to_owned()))
    };
    if before.name != after.name {
        told(value(
            "name",
            Severity::Information,
            None,
            (&before.name, &after.name),
        ));
    }
    if let Some((was, is)) = gaps.differing(
        "forest-name",
        &lower(&before.forest_name),
        &lower(&after.forest_name),
    ) {
        told(value(
            "forest-name",
            Severity::Error,
            Some(&PHS201),
            (was, is),
        ));
    }
    channel(before, after, connectors, &mut gaps, &mut told);
    account(before, after, &mut gaps, &mut told);
    for (property, was, is) in [
        ("sign-and-seal", &before.sign_and_seal, &after.sign_and_seal),
        ("ssl-bind", &before.ssl_bind, &after.ssl_bind),
    ] {
        if let Some((&was, &is)) = gaps.differing(property, was, is) {
            told(value(
                property,
                Severity::Information,
                None,
                (&flag(was), &flag(is)),
            ));
        }
    }
    for property in before
        .parameters
        .keys()
        .chain(
            after
                .parameters
                .keys()
                .filter(|key| !before.parameters.contains_key(*key)),
        )
        .filter(|key| !REPEATED.iter().any(|field| key.eq_ignore_ascii_case(field)))
    {
        let was = before.parameters.get(property).map_or("", String::as_str);
        let is = after.parameters.get(property).map_or("", String::as_str);
        if partial || was == is || is_secret(was) || is_secret(is) {
            continue;
        }
        let (severity, check) = if property.eq_ignore_ascii_case(GROUP_FILTER) {
            (Severity::Error, Some(&PHS501))
        } else {
            (Severity::Information, None)
        };
        told(value(property, severity, check, (was, is)));
    }
    gaps.tell(Area::Connector, target, sources, sink);
}

fn lower(fact: &Fact<String>) -> Fact<String> {
    match fact {
        Fact::Known(name) => Fact::Known(folded(name)),
        other @ Fact::Unknown { .. } => other.clone(),
    }
}

/// The password hash sync channel.
fn channel(
    before: &Connector,
    after: &Connector,
    connectors: &Connectors,
    gaps: &mut Gaps,
    told: &mut dyn FnMut(Difference),
) {
    const ENABLED: &str = "password-hash-sync-config/enabled";
    const TARGET: &str = "password-hash-sync-config/target";
    let Some((was, is)) = gaps.differing(
        ENABLED,
        &before.password_hash_sync,
        &after.password_hash_sync,
    ) else {
        return;
    };
    let one = |severity, property, message| {
        Difference::new(
            Area::Connector,
            Kind::Changed,
            severity,
            target(after),
            property,
            message,
        )
        .check(&PHS201)
    };
    if was.enabled != is.enabled {
        let (severity, message) = if is.enabled {
            (
                Severity::Warning,
                text!("compare-channel-on", connector = &after.name),
            )
        } else {
            (
                Severity::Critical,
                text!("compare-channel-off", connector = &after.name),
            )
        };
        told(
            one(severity, ENABLED, message).values(Some(flag(was.enabled)), Some(flag(is.enabled))),
        );
    }
    let mapped = is.target.map(|target| connectors.in_reference(target));
    if was.target != mapped {
        let words = |target: Option<Uuid>| target.map(|id| id.to_string());
        told(
            one(
                Severity::Warning,
                TARGET,
                text!(
                    "compare-channel-target",
                    connector = &after.name,
                    before = shown(&words(was.target).unwrap_or_default()),
                    after = shown(&words(is.target).unwrap_or_default())
                ),
            )
            .values(words(was.target), words(is.target)),
        );
    }
}

/// The account that the connector logs on with. Two servers have one each, by design.
fn account(
    before: &Connector,
    after: &Connector,
    gaps: &mut Gaps,
    told: &mut dyn FnMut(Difference),
) {
    let names = |connector: &Connector| match &connector.login_user {
        Fact::Known(user) => Fact::Known(match connector.login_domain.known() {
            Some(domain) if !user.contains(['\\', '@']) => format!(
                "{}\\{user}",
                connector.netbios_name(domain).unwrap_or(domain)
            ),
            _ => user.clone(),
        }),
        Fact::Unknown { reason, detail } => Fact::Unknown {
            reason: *reason,
            detail: detail.clone(),
        },
    };
    let (was, is) = (names(before), names(after));
    let Some((was, is)) = gaps.differing("forest-login-user", &was, &is) else {
        return;
    };
    if folded(was) == folded(is) {
        return;
    }
    let (severity, check, message) = if after.kind == ConnectorKind::ActiveDirectory {
        (
            Severity::Warning,
            Some(&PHS101),
            text!(
                "compare-account",
                connector = &after.name,
                before = was,
                after = is
            ),
        )
    } else {
        (
            Severity::Information,
            None,
            text!(
                "compare-tenant-account",
                connector = &after.name,
                before = was,
                after = is
            ),
        )
    };
    told(
        Difference::new(
            Area::Connector,
            Kind::Changed,
            severity,
            target(after),
            "forest-login-user",
            message,
        )
        .check(check)
        .values(Some(was.clone()), Some(is.clone())),
    );
}
