//! Shapes that administrators give to the rules: a shipped rule replaced by a copy, and selective password hash sync.

use std::collections::HashSet;

use super::model::{ScopeClause, ScopeOperator, SyncRule};

/// A shipped rule that is disabled, and the enabled rules that stand in for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplacedRule<'a> {
    /// The shipped rule, disabled.
    pub standard: &'a SyncRule,
    /// Enabled rules of the same direction, connector and object types that write nearly the same attributes; empty
    /// when the shipped rule was switched off without a successor.
    pub replacements: Vec<&'a SyncRule>,
}

/// Selective password hash sync: two rules that differ in one clause, one with password sync, one without
/// ("Selective password hash synchronization configuration" of the documentation).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectivePasswordSync<'a> {
    /// Rule with password sync.
    pub on: &'a SyncRule,
    /// Rule without.
    pub off: &'a SyncRule,
    /// Attribute that tells the two apart.
    pub attribute: &'a str,
    /// Value of the attribute that is named.
    pub value: &'a str,
    /// Which of the two documented forms it is.
    pub selection: Selection,
}

/// Form of selective password hash sync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum Selection {
    /// Objects that carry the value are left out.
    ExcludesMarked,
    /// Only objects that carry the value are let in.
    IncludesMarked,
}

/// Finds shipped rules that are disabled and what replaces them.
pub fn replaced_rules(rules: &[SyncRule]) -> Vec<ReplacedRule<'_>> {
    rules
        .iter()
        .filter(|rule| rule.is_standard() && rule.disabled)
        .map(|standard| ReplacedRule {
            standard,
            replacements: rules
                .iter()
                .filter(|rule| !rule.disabled && !rule.is_standard())
                .filter(|rule| same_place(rule, standard) && alike(rule, standard))
                .collect(),
        })
        .collect()
}

/// Finds pairs of enabled rules that make password hash sync selective.
pub fn selective_password_sync(rules: &[SyncRule]) -> Vec<SelectivePasswordSync<'_>> {
    let enabled = |wanted: bool| {
        rules
            .iter()
            .filter(move |rule| !rule.disabled && rule.enable_password_sync == Some(wanted))
    };
    let mut found = Vec::new();
    for on in enabled(true) {
        for off in enabled(false).filter(|off| same_place(on, off)) {
            found.extend(opposite_clause(on, off).map(|(clause, selection)| {
                SelectivePasswordSync {
                    on,
                    off,
                    attribute: clause.attribute.as_str(),
                    value: clause.value.as_str(),
                    selection,
                }
            }));
        }
    }
    found
}

fn same_place(a: &SyncRule, b: &SyncRule) -> bool {
    a.identifier != b.identifier
        && a.direction == b.direction
        && a.connector == b.connector
        && a.source_object_type
            .eq_ignore_ascii_case(&b.source_object_type)
        && a.target_object_type
            .eq_ignore_ascii_case(&b.target_object_type)
}

/// Whether two rules write nearly the same attributes: at least four in five of all that either writes.
fn alike(a: &SyncRule, b: &SyncRule) -> bool {
    let written = |rule: &SyncRule| -> HashSet<String> {
        rule.attribute_flows
            .iter()
            .map(|flow| flow.destination.to_ascii_lowercase())
            .collect()
    };
    let (a, b) = (written(a), written(b));
    let common = a.intersection(&b).count();
    common * 5 >= a.union(&b).count() * 4
}

/// The clause of `on` whose negation `off` has.
fn opposite_clause<'a>(on: &'a SyncRule, off: &SyncRule) -> Option<(&'a ScopeClause, Selection)> {
    let clauses = |rule: &'a SyncRule| rule.scope_filter.iter().flat_map(|group| &group.clauses);
    let off_clauses: Vec<&ScopeClause> = off
        .scope_filter
        .iter()
        .flat_map(|group| &group.clauses)
        .collect();
    clauses(on).find_map(|clause| {
        let (opposite, selection) = match clause.operator {
            ScopeOperator::Equal => (ScopeOperator::NotEqual, Selection::IncludesMarked),
            ScopeOperator::NotEqual => (ScopeOperator::Equal, Selection::ExcludesMarked),
            _ => return None,
        };
        off_clauses
            .iter()
            .any(|other| {
                other.operator == opposite
                    && other.attribute.eq_ignore_ascii_case(&clause.attribute)
                    && other.value.eq_ignore_ascii_case(&clause.value)
            })
            .then_some((clause, selection))
    })
}
