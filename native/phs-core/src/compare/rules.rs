//! Synchronization rules: which stand for the same, their order, and what differs in them.

use super::connectors::Connectors;
use super::pairing::{Key, Pairs, in_order, pair};
use super::{Area, Difference, Kind, Servers, Side, Sink, listed, rule_parts};
use crate::casefold::folded;
use crate::check::{Check, PHS204, PHS503, PHS702, Severity};
use crate::evidence::server::{Part, SourcedRule};
use crate::finding::Target;
use crate::rules::model::SyncRule;
use crate::text;
use crate::text::Text;

/// Compares the rules.
pub(super) fn compare(servers: Servers<'_>, connectors: &Connectors, sink: &mut Sink<'_>) {
    let (left, right) = (&servers.reference.rules, &servers.difference.rules);
    let pairs = pair_rules(left, right, connectors);
    let listed = listed::compare(servers, connectors, &pairs.left, &pairs.right, sink);
    for (side, indexes, list, listed) in [
        (Side::Reference, &pairs.left, left, &listed.reference),
        (Side::Difference, &pairs.right, right, &listed.difference),
    ] {
        for &index in indexes {
            let rule = &list[index];
            // A rule of a connector that only one side has comes and goes with it.
            if !connectors.is_unmatched(rule.rule.connector) && !listed.contains(&index) {
                sink(only(servers, rule, side));
            }
        }
    }
    for &(before, after) in &pairs.both {
        rule_parts::compare(&left[before], &right[after], sink);
    }
    order(left, right, &pairs, sink);
}

/// By identifier; then, on the same connector and in the same direction, by the tag of shipped rules, with and without its
/// version, and by name.
fn pair_rules(left: &[SourcedRule], right: &[SourcedRule], connectors: &Connectors) -> Pairs {
    let identifier = |sourced: &SourcedRule| Some(sourced.rule.identifier.to_string());
    let place = |sourced: &SourcedRule, in_difference: bool| {
        let rule = &sourced.rule;
        let connector = if in_difference {
            connectors.in_reference(rule.connector)
        } else {
            rule.connector
        };
        format!("{connector}|{}", rule.direction)
    };
    let by_tag = |sourced: &SourcedRule, in_difference: bool| {
        let rule = &sourced.rule;
        rule.is_standard().then(|| {
            format!(
                "{}|{}",
                place(sourced, in_difference),
                folded(&rule.immutable_tag)
            )
        })
    };
    let by_shipped = |sourced: &SourcedRule, in_difference: bool| {
        let rule = &sourced.rule;
        rule.is_standard().then(|| {
            format!(
                "{}|{}",
                place(sourced, in_difference),
                folded(rule.tag_without_version())
            )
        })
    };
    let by_name = |sourced: &SourcedRule, in_difference: bool| {
        let name = sourced.rule.name.trim();
        (!name.is_empty()).then(|| format!("{}|{}", place(sourced, in_difference), folded(name)))
    };
    pair(
        left,
        right,
        &[
            Key {
                left: &identifier,
                right: &identifier,
            },
            Key {
                left: &|rule| by_tag(rule, false),
                right: &|rule| by_tag(rule, true),
            },
            Key {
                left: &|rule| by_shipped(rule, false),
                right: &|rule| by_shipped(rule, true),
            },
            Key {
                left: &|rule| by_name(rule, false),
                right: &|rule| by_name(rule, true),
            },
        ],
    )
}

/// A rule as target.
pub(super) fn target(rule: &SyncRule) -> Target {
    Target::identified(name(rule), rule.identifier)
}

/// What a person calls the rule.
pub(super) fn name(rule: &SyncRule) -> String {
    if rule.name.is_empty() {
        rule.identifier.to_string()
    } else {
        rule.name.clone()
    }
}

/// Whether an enabled rule lets passwords through.
pub(super) fn carries(rule: &SyncRule) -> bool {
    rule.enable_password_sync == Some(true)
}

/// Whether the rule is about users.
pub(super) fn of_users(rule: &SyncRule) -> bool {
    [&rule.source_object_type, &rule.target_object_type]
        .into_iter()
        .any(|object| {
            object.is_empty()
                || object == "*"
                || ["user", "inetOrgPerson", "person"]
                    .iter()
                    .any(|word| object.eq_ignore_ascii_case(word))
        })
}

fn filters_cloud(rule: &SyncRule) -> bool {
    rule.attribute_flows
        .iter()
        .any(|flow| flow.destination.eq_ignore_ascii_case("cloudFiltered"))
}

/// A rule that one side does not have, or that may stand in a file that could not be read.
fn only(servers: Servers<'_>, sourced: &SourcedRule, side: Side) -> Difference {
    let rule = &sourced.rule;
    let hidden: Vec<String> = servers
        .of(side.other())
        .unreadable(Part::Rule)
        .map(|part| part.source.clone())
        .collect();
    let name = name(rule);
    let (kind, severity, message) = if hidden.is_empty() {
        let (severity, message) = weight(rule, side, &name);
        (side.only(), severity, message)
    } else {
        let message = text!(
            "compare-rule-hidden",
            rule = name,
            side = side.text(),
            other = side.other().text(),
            files = hidden
        );
        (Kind::NotComparable, Severity::Warning, message)
    };
    let difference = Difference::new(Area::Rule, kind, severity, target(rule), "rule", message)
        .check(check(rule));
    match side {
        Side::Reference => difference.sources(&sourced.source, ""),
        Side::Difference => difference.sources("", &sourced.source),
    }
}

fn weight(rule: &SyncRule, side: Side, name: &str) -> (Severity, Text) {
    if rule.disabled {
        let message = text!(
            "compare-rule-only-disabled",
            rule = name,
            side = side.text()
        );
        return (Severity::Information, message);
    }
    if carries(rule) && of_users(rule) {
        return match side {
            Side::Reference => (
                Severity::Critical,
                text!("compare-password-rule-removed", rule = name),
            ),
            Side::Difference => (
                Severity::Warning,
                text!("compare-password-rule-added", rule = name),
            ),
        };
    }
    let severity = if !of_users(rule) {
        Severity::Information
    } else if filters_cloud(rule) {
        Severity::Error
    } else {
        Severity::Warning
    };
    let message = text!(
        "compare-rule-only",
        rule = name,
        side = side.text(),
        direction = rule.direction.as_str(),
        object = &rule.source_object_type
    );
    (severity, message)
}

/// The check that asks about what the rule does.
pub(super) fn check(rule: &SyncRule) -> Option<&'static Check> {
    if !of_users(rule) {
        None
    } else if carries(rule) {
        Some(&PHS204)
    } else if filters_cloud(rule) {
        Some(&PHS702)
    } else {
        Some(&PHS503)
    }
}

/// Precedence: rules that moved past others are told one by one, numbers that differ in the same order as one difference.
fn order(left: &[SourcedRule], right: &[SourcedRule], pairs: &Pairs, sink: &mut Sink<'_>) {
    let mut both = pairs.both.clone();
    both.sort_by_key(|&(before, after)| {
        (
            left[before].rule.precedence,
            right[after].rule.precedence,
            before,
        )
    });
    let numbers: Vec<i64> = both
        .iter()
        .map(|&(_, after)| right[after].rule.precedence)
        .collect();
    let mut stays = vec![false; both.len()];
    for place in in_order(&numbers) {
        stays[place] = true;
    }
    let mut renumbered = Vec::new();
    for (place, &(before, after)) in both.iter().enumerate() {
        let (before, after) = (&left[before], &right[after]);
        if before.rule.precedence == after.rule.precedence {
            continue;
        }
        if stays[place] {
            renumbered.push((before, after));
        } else {
            sink(moved(before, after));
        }
    }
    match renumbered[..] {
        [] => {}
        [(before, after)] => sink(
            precedence(
                target(&after.rule),
                Severity::Information,
                text!(
                    "compare-renumbered-one",
                    rule = name(&after.rule),
                    before = before.rule.precedence,
                    after = after.rule.precedence
                ),
            )
            .values(
                Some(before.rule.precedence.to_string()),
                Some(after.rule.precedence.to_string()),
            )
            .sources(&before.source, &after.source),
        ),
        [..] => sink(precedence(
            Target::named("SynchronizationRules"),
            Severity::Information,
            text!("compare-renumbered", count = renumbered.len()),
        )),
    }
}

fn moved(before: &SourcedRule, after: &SourcedRule) -> Difference {
    let severity = if of_users(&after.rule) && !(before.rule.disabled && after.rule.disabled) {
        Severity::Warning
    } else {
        Severity::Information
    };
    precedence(
        target(&after.rule),
        severity,
        text!(
            "compare-precedence",
            rule = name(&after.rule),
            before = before.rule.precedence,
            after = after.rule.precedence
        ),
    )
    .check(check(&after.rule))
    .values(
        Some(before.rule.precedence.to_string()),
        Some(after.rule.precedence.to_string()),
    )
    .sources(&before.source, &after.source)
}

fn precedence(target: Target, severity: Severity, message: Text) -> Difference {
    Difference::new(
        Area::Rule,
        Kind::Changed,
        severity,
        target,
        "precedence",
        message,
    )
}
