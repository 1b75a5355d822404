//! Scope filters: the clause that differs, where it can be told, else the groups that do.

use super::rule_parts::RulePair;
use super::{Kind, Side, Sink};
use crate::casefold::folded;
use crate::rules::model::{ScopeClause, ScopeGroup};
use crate::text;
use crate::text::Argument;

/// Compares two scope filters. The order of groups and of clauses in them has no meaning.
pub(super) fn compare(
    rule: &RulePair<'_>,
    before: &[ScopeGroup],
    after: &[ScopeGroup],
    sink: &mut Sink<'_>,
) {
    let (was, is) = (groups(before), groups(after));
    let removed = without(&was, &is);
    let added = without(&is, &was);
    match (&removed[..], &added[..]) {
        ([], []) => {}
        ([one], [other]) => clauses(rule, one, other, sink),
        (removed, added) => {
            for (side, groups, all) in [
                (Side::Reference, removed, after),
                (Side::Difference, added, before),
            ] {
                for group in groups {
                    sink(group_only(rule, side, group, all.is_empty()));
                }
            }
        }
    }
}

/// A group as a sorted list of clauses: key and text.
type Group = Vec<(String, String)>;

fn groups(filter: &[ScopeGroup]) -> Vec<Group> {
    filter
        .iter()
        .map(|group| {
            let mut clauses: Group = group
                .clauses
                .iter()
                .map(|clause| (key(clause), clause.to_string()))
                .collect();
            clauses.sort();
            clauses.dedup_by(|left, right| left.0 == right.0);
            clauses
        })
        .collect()
}

fn key(clause: &ScopeClause) -> String {
    format!(
        "{} {} {}",
        folded(&clause.attribute),
        clause.operator,
        clause.value
    )
}

fn same(left: &Group, right: &Group) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(one, other)| one.0 == other.0)
}

/// The groups of one list without those of another; equal groups count once each.
fn without(list: &[Group], other: &[Group]) -> Vec<Group> {
    let mut left = other.to_vec();
    list.iter()
        .filter(|group| {
            let found = left.iter().position(|candidate| same(candidate, group));
            found.map(|place| left.swap_remove(place)).is_none()
        })
        .cloned()
        .collect()
}

fn words(group: &Group) -> Argument {
    if group.is_empty() {
        text!("compare-every-object").into()
    } else {
        plain(group).into()
    }
}

fn plain(group: &Group) -> String {
    group
        .iter()
        .map(|(_, text)| text.as_str())
        .collect::<Vec<_>>()
        .join(" AND ")
}

/// A group that stands on one side only. Where the other side has no group at all, its rule applies to every object.
fn group_only(
    rule: &RulePair<'_>,
    side: Side,
    group: &Group,
    other_has_none: bool,
) -> super::Difference {
    let message = if other_has_none {
        text!(
            "compare-scope-none",
            rule = rule.name(),
            side = side.text(),
            other = side.other().text(),
            group = words(group)
        )
    } else {
        text!(
            "compare-scope-group",
            rule = rule.name(),
            side = side.text(),
            group = words(group)
        )
    };
    let difference = rule.scope_difference(side.only(), message);
    match side {
        Side::Reference => difference.values(Some(plain(group)), None),
        Side::Difference => difference.values(None, Some(plain(group))),
    }
}

/// One group differs: its clauses one by one.
fn clauses(rule: &RulePair<'_>, before: &Group, after: &Group, sink: &mut Sink<'_>) {
    let missing = |group: &Group, other: &Group| -> Vec<String> {
        group
            .iter()
            .filter(|(key, _)| !other.iter().any(|(found, _)| found == key))
            .map(|(_, text)| text.clone())
            .collect()
    };
    let removed = missing(before, after);
    let added = missing(after, before);
    if let ([was], [is]) = (&removed[..], &added[..]) {
        let message = text!(
            "compare-clause-changed",
            rule = rule.name(),
            before = was,
            after = is
        );
        sink(
            rule.scope_difference(Kind::Changed, message)
                .values(Some(was.clone()), Some(is.clone())),
        );
        return;
    }
    for (side, clauses) in [(Side::Reference, removed), (Side::Difference, added)] {
        for clause in clauses {
            let message = text!(
                "compare-clause-only",
                rule = rule.name(),
                side = side.text(),
                clause = &clause
            );
            let difference = rule.scope_difference(side.only(), message);
            sink(match side {
                Side::Reference => difference.values(Some(clause), None),
                Side::Difference => difference.values(None, Some(clause)),
            });
        }
    }
}
