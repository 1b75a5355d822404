//! Rules.

use super::*;
use crate::check::Severity;
use crate::rules::model::{JoinCondition, JoinGroup, ScopeClause, ScopeGroup, ScopeOperator};

const PASSWORD_RULE: &str = "In from AD - User AccountEnabled";
const OUTBOUND: &str = "Out to AAD - User Join";

fn clause(attribute: &str, operator: ScopeOperator, value: &str) -> ScopeClause {
    ScopeClause {
        attribute: attribute.to_owned(),
        operator,
        value: value.to_owned(),
    }
}

#[test]
fn a_rule_that_carries_passwords() {
    let found = one(|server| {
        server.rules.retain(|sourced| sourced.rule.name != OUTBOUND);
    });
    assert_eq!(
        (found.kind, found.severity),
        (Kind::Removed, Severity::Critical)
    );
    assert_eq!(check_id(&found), "PHS204");
    let found = one(|server| rule(server, OUTBOUND).rule.disabled = true);
    assert_eq!(
        (found.property.as_str(), found.severity),
        ("disabled", Severity::Critical)
    );
    let found = one(|server| {
        rule(server, PASSWORD_RULE).rule.enable_password_sync = Some(false);
    });
    assert_eq!(found.property, "EnablePasswordSync");
    assert_eq!(found.severity, Severity::Critical);
    let found = one(|server| rule(server, PASSWORD_RULE).rule.enable_password_sync = None);
    assert_eq!(found.kind, Kind::NotComparable);
}

#[test]
fn a_clause_of_the_scope() {
    let found = one(|server| {
        rule(server, PASSWORD_RULE).rule.scope_filter[0]
            .clauses
            .push(clause("department", ScopeOperator::Equal, "Sales"));
    });
    assert_eq!((found.kind, check_id(&found)), (Kind::Added, "PHS503"));
    assert_eq!(found.after.as_deref(), Some("department EQUAL Sales"));
    let found = one(|server| {
        let group = &mut rule(server, PASSWORD_RULE).rule.scope_filter[0];
        group.clauses[0].operator = ScopeOperator::IsBitSet;
    });
    assert_eq!(
        (found.kind, found.severity),
        (Kind::Changed, Severity::Error)
    );
    assert!(found.before.unwrap().contains("ISBITNOTSET"));
}

#[test]
fn groups_of_the_scope() {
    let found = one(|server| {
        rule(server, PASSWORD_RULE)
            .rule
            .scope_filter
            .push(ScopeGroup {
                clauses: vec![clause("mail", ScopeOperator::IsNotNull, "")],
            });
    });
    assert!(said(&found).contains("lets in mail ISNOTNULL in the difference only"));
    let found = one(|server| rule(server, PASSWORD_RULE).rule.scope_filter.clear());
    assert_eq!(found.kind, Kind::Removed);
    assert!(said(&found).ends_with("in the reference and every object in the difference."));
}

#[test]
fn the_order_of_clauses_and_groups_means_nothing() {
    let mut before = healthy();
    let filter = [
        ScopeGroup {
            clauses: vec![
                clause("a", ScopeOperator::Equal, "1"),
                clause("b", ScopeOperator::Equal, "2"),
            ],
        },
        ScopeGroup {
            clauses: vec![clause("c", ScopeOperator::IsNull, "")],
        },
    ];
    rule(before.server.as_mut().unwrap(), PASSWORD_RULE)
        .rule
        .scope_filter = filter.to_vec();
    let mut after = before.clone();
    let scope = &mut rule(after.server.as_mut().unwrap(), PASSWORD_RULE)
        .rule
        .scope_filter;
    scope.reverse();
    scope[1].clauses.reverse();
    scope[1].clauses[0].attribute = "B".to_owned();
    assert!(differences(&before, &after).is_empty());
}

#[test]
fn precedence_tells_who_moved() {
    let found = one(|server| rule(server, PASSWORD_RULE).rule.precedence = 9_999);
    assert_eq!(
        (found.property.as_str(), found.severity),
        ("precedence", Severity::Warning)
    );
    assert_eq!(found.target.display, PASSWORD_RULE);
    let found = one(|server| {
        for sourced in &mut server.rules {
            sourced.rule.precedence += 10;
        }
    });
    assert_eq!(found.severity, Severity::Information);
    assert!(
        said(&found).contains("their order is the same"),
        "{}",
        said(&found)
    );
}

#[test]
fn flows_and_joins() {
    let found = one(|server| {
        let rule = server
            .rules
            .iter_mut()
            .find(|sourced| {
                sourced
                    .rule
                    .attribute_flows
                    .iter()
                    .any(|flow| flow.destination == "cloudFiltered")
            })
            .unwrap();
        for flow in &mut rule.rule.attribute_flows {
            if flow.destination == "cloudFiltered" {
                flow.expression = Some("True".to_owned());
            }
        }
    });
    assert_eq!(
        (check_id(&found), found.severity),
        ("PHS702", Severity::Error)
    );
    assert_eq!(found.property, "attribute-mappings/cloudFiltered");
    let found = one(|server| {
        rule(server, OUTBOUND).rule.join_filter = vec![JoinGroup {
            conditions: vec![JoinCondition {
                connector_space_attribute: "mail".to_owned(),
                metaverse_attribute: "mail".to_owned(),
                case_sensitive: true,
            }],
        }];
    });
    assert_eq!(check_id(&found), "PHS502");
    assert_eq!(found.after.as_deref(), Some("mail = mail (case-sensitive)"));
}

#[test]
fn edits_that_only_count_say_nothing() {
    let found = edited(|server| {
        let rule = &mut rule(server, OUTBOUND).rule;
        rule.version = Some(77);
        rule.internal_id = None;
        rule.precedence_after = None;
    });
    assert!(found.is_empty());
}
