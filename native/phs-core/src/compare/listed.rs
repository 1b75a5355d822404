//! Rules that a policy file names without their content: whether they are there, and their precedence.

use std::collections::HashSet;

use uuid::Uuid;

use super::connectors::Connectors;
use super::pairing::{Key, pair};
use super::{Area, Difference, Kind, Servers, Side, Sink, rules};
use crate::casefold::folded;
use crate::check::Severity;
use crate::evidence::server::{Part, ServerConfiguration};
use crate::finding::Target;
use crate::text;
use crate::text::Text;

/// A rule of either side, as far as a list tells it.
struct Named {
    /// Place among the full rules; none for a listed one.
    full: Option<usize>,
    identifier: Option<Uuid>,
    connector: Uuid,
    name: String,
    tag: String,
    precedence: Option<i64>,
}

/// Full rules of each side that the other side lists: nothing more can be said of them.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) reference: HashSet<usize>,
    pub(super) difference: HashSet<usize>,
}

/// Compares listed rules with the rules that have no full counterpart (`left`, `right`).
pub(super) fn compare(
    servers: Servers<'_>,
    connectors: &Connectors,
    left: &[usize],
    right: &[usize],
    sink: &mut Sink<'_>,
) -> Told {
    let mut told = Told::default();
    if servers.reference.policy.is_none() && servers.difference.policy.is_none() {
        return told;
    }
    let before = named(servers.reference, left, &|connector| connector);
    let after = named(servers.difference, right, &|connector| {
        connectors.in_reference(connector)
    });
    let identifier = |rule: &Named| rule.identifier.map(|identifier| identifier.to_string());
    let tag = |rule: &Named| {
        (!rule.tag.is_empty()).then(|| format!("{}|{}", rule.connector, folded(&rule.tag)))
    };
    let shipped = |rule: &Named| {
        let tag = rule
            .tag
            .rsplit_once('.')
            .map_or(rule.tag.as_str(), |(tag, _)| tag);
        (!tag.is_empty()).then(|| format!("{}|{}", rule.connector, folded(tag)))
    };
    let name = |rule: &Named| {
        (!rule.name.is_empty()).then(|| format!("{}|{}", rule.connector, folded(&rule.name)))
    };
    let key = |key| Key {
        left: key,
        right: key,
    };
    let pairs = pair(
        &before,
        &after,
        &[key(&identifier), key(&tag), key(&shipped), key(&name)],
    );
    for (one, other) in pairs.both {
        let (was, is) = (&before[one], &after[other]);
        told.reference.extend(was.full);
        told.difference.extend(is.full);
        if let (Some(was), Some(now)) = (was.precedence, is.precedence)
            && was != now
        {
            sink(
                row(is, Kind::Changed, "precedence", Severity::Information)(text!(
                    "compare-listed-precedence",
                    rule = &is.name,
                    before = was,
                    after = now
                ))
                .values(Some(was.to_string()), Some(now.to_string())),
            );
        }
    }
    for (side, indexes, list) in [
        (Side::Reference, pairs.left, &before),
        (Side::Difference, pairs.right, &after),
    ] {
        let other = servers.of(side.other());
        // A whole export, or another list, tells that a rule is not there; an export that was cut short does not.
        let tells = other.policy.is_some() || other.unreadable(Part::Rule).next().is_none();
        for rule in indexes.into_iter().map(|index| &list[index]) {
            if rule.full.is_none() && tells && !connectors.is_unmatched(rule.connector) {
                let message = text!("compare-rule-listed", rule = &rule.name, side = side.text());
                sink(row(rule, side.only(), "rule", Severity::Warning)(message));
            }
        }
    }
    told
}

fn named(
    server: &ServerConfiguration,
    full: &[usize],
    connector: &dyn Fn(Uuid) -> Uuid,
) -> Vec<Named> {
    let full = full.iter().map(|&place| {
        let rule = &server.rules[place].rule;
        Named {
            full: Some(place),
            identifier: Some(rule.identifier),
            connector: connector(rule.connector),
            name: rules::name(rule),
            tag: rule.immutable_tag.clone(),
            precedence: Some(rule.precedence),
        }
    });
    let listed = server.policy.iter().flat_map(|policy| &policy.listed_rules);
    full.chain(listed.map(|rule| Named {
        full: None,
        identifier: rule.identifier,
        connector: connector(rule.connector),
        name: rule.name.clone(),
        tag: rule.immutable_tag.clone(),
        precedence: rule.precedence,
    }))
    .collect()
}

fn row(
    rule: &Named,
    kind: Kind,
    property: &'static str,
    severity: Severity,
) -> impl FnOnce(Text) -> Difference {
    let target = Target::identified(
        &rule.name,
        rule.identifier
            .map_or_else(|| folded(&rule.name), |identifier| identifier.to_string()),
    );
    move |message| Difference::new(Area::Rule, kind, severity, target, property, message)
}
