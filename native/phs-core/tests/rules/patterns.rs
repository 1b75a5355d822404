//! Copies of shipped rules, disabled shipped rules, selective password hash sync, precedence and merging.

use phs_core::rules::{
    AttributeFlow, Context, Direction, LinkType, PasswordRule, ScopeClause, ScopeGroup,
    ScopeOperator, Selection, SyncRule, ValueMergeType, replaced_rules, selective_password_sync,
};
use uuid::Uuid;

use crate::support::{User, answer, compact, compile, rule_sets, user};

const CARRIER: &str = "In from AD - User AccountEnabled";

fn find<'r>(rules: &'r mut [SyncRule], name: &str) -> &'r mut SyncRule {
    rules.iter_mut().find(|rule| rule.name == name).unwrap()
}

/// A copy with an identity of its own, as the rules editor makes it.
fn copy(rules: &[SyncRule], name: &str, precedence: i64, number: u32) -> SyncRule {
    let original = rules.iter().find(|rule| rule.name == name).unwrap();
    SyncRule {
        identifier: Uuid::from_u128(number.into()),
        immutable_tag: String::new(),
        name: format!("Ours {number}"),
        precedence,
        ..original.clone()
    }
}

fn clause(attribute: &str, operator: ScopeOperator, value: &str) -> ScopeClause {
    ScopeClause {
        attribute: attribute.into(),
        operator,
        value: value.into(),
    }
}

fn selective(
    rules: &[SyncRule],
    off: ScopeOperator,
    on: ScopeOperator,
    value: &str,
) -> Vec<SyncRule> {
    let mut rules = rules.to_vec();
    find(&mut rules, CARRIER).disabled = true;
    for (precedence, operator, password) in [(90, off, false), (89, on, true)] {
        let mut rule = copy(
            &rules,
            CARRIER,
            precedence,
            u32::try_from(precedence).unwrap(),
        );
        rule.disabled = false;
        rule.enable_password_sync = Some(password);
        rule.scope_filter[0]
            .clauses
            .push(clause("adminDescription", operator, value));
        rules.push(rule);
    }
    rules
}

fn rows(rules: &[SyncRule], rows: &[(User, &str)]) {
    let compiled = compile(rules);
    for (user, expected) in rows {
        assert_eq!(compact(&answer(&compiled, user)), compact(expected));
    }
}

#[test]
fn selective_sync_that_excludes_the_marked() {
    for (_, rules) in rule_sets() {
        let rules = selective(
            &rules,
            ScopeOperator::Equal,
            ScopeOperator::NotEqual,
            "PHSFiltered",
        );
        let found = selective_password_sync(&rules);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].attribute, found[0].value, found[0].selection),
            ("adminDescription", "PHSFiltered", Selection::ExcludesMarked)
        );
        rows(
            &rules,
            &[
                (user(), "syncs"),
                (user().set("adminDescription", "other"), "syncs"),
                (
                    user().set("adminDescription", "PHSFiltered"),
                    "no password rule: adminDescription NOTEQUAL PHSFiltered (is PHSFiltered), rule disabled",
                ),
                (
                    user().set("adminDescription", "phsfiltered"),
                    "no password rule: adminDescription NOTEQUAL PHSFiltered (is phsfiltered), rule disabled",
                ),
                (
                    user().set("userAccountControl", "514"),
                    "no password rule: userAccountControl ISBITNOTSET 2 (is 514), rule disabled",
                ),
            ],
        );
    }
}

#[test]
fn selective_sync_that_includes_the_marked() {
    for (_, rules) in rule_sets() {
        let rules = selective(
            &rules,
            ScopeOperator::NotEqual,
            ScopeOperator::Equal,
            "PHSIncluded",
        );
        let found = selective_password_sync(&rules);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].selection, Selection::IncludesMarked);
        assert!(
            found[0].on.enable_password_sync == Some(true)
                && found[0].off.enable_password_sync == Some(false)
        );
        rows(
            &rules,
            &[
                (user().set("adminDescription", "PHSIncluded"), "syncs"),
                (
                    user(),
                    "no password rule: adminDescription EQUAL PHSIncluded (is NULL), rule disabled",
                ),
                (
                    user().set("adminDescription", "PHSFiltered"),
                    "no password rule: adminDescription EQUAL PHSIncluded (is PHSFiltered), rule disabled",
                ),
                (
                    user().unread("adminDescription"),
                    "unknown: attribute adminDescription was not read",
                ),
            ],
        );
    }
}

#[test]
fn a_copy_takes_over_from_a_disabled_rule() {
    for (_, mut rules) in rule_sets() {
        assert_eq!(replaced_rules(&rules), []);
        assert_eq!(selective_password_sync(&rules), []);
        find(&mut rules, CARRIER).disabled = true;
        let replaced = replaced_rules(&rules);
        assert_eq!(replaced.len(), 1);
        assert!(replaced[0].replacements.is_empty());
        rows(&rules, &[(user(), "no password rule: rule disabled")]);

        let mut ours = copy(&rules, CARRIER, 50, 50);
        ours.disabled = false;
        rules.push(ours);
        let replaced = replaced_rules(&rules);
        assert_eq!(
            replaced[0]
                .replacements
                .iter()
                .map(|rule| rule.name.as_str())
                .collect::<Vec<_>>(),
            ["Ours 50"]
        );
        let compiled = compile(&rules);
        let ordinary = user();
        let evaluation = compiled.evaluate(&ordinary, &Context::default());
        assert!(
            matches!(evaluation.password_inbound(), PasswordRule::Applies(rule) if rule.name == "Ours 50")
        );
    }
}

#[test]
fn a_copy_that_lost_the_flag_carries_nothing_and_an_unstated_flag_is_unknown() {
    for (_, mut rules) in rule_sets() {
        find(&mut rules, CARRIER).disabled = true;
        let mut ours = copy(&rules, CARRIER, 50, 50);
        ours.disabled = false;
        ours.enable_password_sync = Some(false);
        rules.push(ours);
        rows(&rules, &[(user(), "no password rule: rule disabled")]);
        rules.last_mut().unwrap().enable_password_sync = None;
        rows(
            &rules,
            &[(
                user(),
                "unknown: the rule does not state whether it carries password hashes",
            )],
        );
    }
}

#[test]
fn a_disabled_join_rule_leaves_nobody_linked() {
    for (_, mut rules) in rule_sets() {
        find(&mut rules, "In from AD - User Join").disabled = true;
        let compiled = compile(&rules);
        assert_eq!(
            answer(&compiled, &user()),
            "not in the metaverse: rule disabled"
        );
    }
}

#[test]
fn a_rule_that_only_joins_leaves_the_link_open() {
    for (_, mut rules) in rule_sets() {
        find(&mut rules, "In from AD - User Join").link_type = LinkType::Join;
        rows(
            &rules,
            &[(
                user(),
                "unknown: the join depends on objects that were not read",
            )],
        );
    }
}

#[test]
fn a_disabled_outbound_rule_keeps_everybody_from_the_cloud() {
    for (_, mut rules) in rule_sets() {
        find(&mut rules, "Out to AAD - User Join").disabled = true;
        rows(&rules, &[(user(), "not to the cloud: rule disabled")]);
    }
}

#[test]
fn the_other_direction_of_each_outbound_clause() {
    for (_, rules) in rule_sets() {
        for (attribute, expression, expected) in [
            ("cloudFiltered", "True", "cloudFiltered: True"),
            ("cloudFiltered", "False", "syncs"),
            (
                "cloudMastered",
                "True",
                "not to the cloud: cloudMastered NOTEQUAL True (is True)",
            ),
            ("cloudMastered", "False", "syncs"),
            (
                "sourceObjectType",
                "\"Contact\"",
                "not to the cloud: sourceObjectType EQUAL User (is Contact)",
            ),
            ("sourceObjectType", "\"user\"", "syncs"),
            (
                "sourceAnchor",
                "AuthoritativeNull",
                "not to the cloud: sourceAnchor ISNOTNULL (is NULL)",
            ),
            (
                "accountEnabled",
                "AuthoritativeNull",
                "not to the cloud: accountEnabled ISNOTNULL (is NULL)",
            ),
            ("accountEnabled", "IgnoreThisFlow", "syncs"),
            ("accountEnabled", "NULL", "syncs"),
            (
                "cloudFiltered",
                "NoSuchFunction([x])",
                "unknown: function NoSuchFunction is not known",
            ),
            (
                "cloudFiltered",
                "Error(\"stop\")",
                "error in cloudFiltered: stop",
            ),
            (
                "cloudFiltered",
                "IIF(",
                "unknown: expression IIF( cannot be read",
            ),
            (
                "cloudFiltered",
                "IIF([extensionAttribute15] = \"NoSync\", True, False)",
                "syncs",
            ),
        ] {
            let mut rules = rules.clone();
            rules.push(custom(&rules, attribute, expression, 10));
            rows(&rules, &[(user(), expected)]);
        }
    }
}

/// A rule of the administrator's own: always in scope, one flow.
fn custom(rules: &[SyncRule], attribute: &str, expression: &str, precedence: i64) -> SyncRule {
    let mut rule = copy(
        rules,
        CARRIER,
        precedence,
        u32::try_from(precedence).unwrap(),
    );
    rule.enable_password_sync = Some(false);
    rule.scope_filter = Vec::new();
    rule.direction = Direction::Inbound;
    rule.attribute_flows = vec![AttributeFlow {
        destination: attribute.to_owned(),
        sources: Vec::new(),
        expression: Some(expression.to_owned()),
        constant: None,
        value_merge_type: ValueMergeType::Update,
        execute_once: false,
    }];
    rule
}

#[test]
fn attribute_filter_of_the_documentation_names_its_condition() {
    for (_, mut rules) in rule_sets() {
        let expression = "IIF([extensionAttribute15] = \"NoSync\", True, NULL)";
        let ours = custom(&rules, "cloudFiltered", expression, 50);
        rules.push(ours);
        rows(
            &rules,
            &[
                (user(), "syncs"),
                (user().set("extensionAttribute15", "Sync"), "syncs"),
                (
                    user().set("extensionAttribute15", "NoSync"),
                    "cloudFiltered: [extensionAttribute15] = \"NoSync\"",
                ),
                (
                    user().set("sAMAccountName", "AAD_1"),
                    "cloudFiltered: Left([sAMAccountName], 4) = \"AAD_\"",
                ),
            ],
        );
    }
}

#[test]
fn lower_precedence_number_wins_and_merging_flows_gather() {
    let (_, rules) = rule_sets().swap_remove(0);
    let value = |rules: &[SyncRule], name: &str| {
        let compiled = crate::support::compile_full(rules);
        let ordinary = user();
        let evaluation = compiled.evaluate(&ordinary, &Context::default());
        let found = evaluation
            .metaverse(name)
            .and_then(|attribute| attribute.value())
            .map(ToString::to_string);
        let winner = evaluation
            .explain_attribute(name)
            .map(|explanation| explanation.rule.precedence);
        (found, winner)
    };
    let mut two = rules.clone();
    two.push(custom(&rules, "department", "\"second\"", 20));
    two.push(custom(&rules, "department", "\"first\"", 10));
    assert_eq!(
        value(&two, "department"),
        (Some("first".to_owned()), Some(10))
    );
    let count = two.len();
    for rule in &mut two[count - 2..] {
        rule.attribute_flows[0].value_merge_type = ValueMergeType::MergeCaseInsensitive;
    }
    assert_eq!(
        value(&two, "department"),
        (Some("first; second".to_owned()), Some(10))
    );
    two[count - 1].attribute_flows[0].expression = Some("\"SECOND\"".to_owned());
    assert_eq!(
        value(&two, "department"),
        (Some("SECOND".to_owned()), Some(10))
    );
    two[count - 1].attribute_flows[0].value_merge_type = ValueMergeType::Other("Weave".to_owned());
    assert_eq!(value(&two, "department"), (None, None));
}

#[test]
fn a_rule_of_unknown_scope_matters_only_where_it_would_change_something() {
    for (_, rules) in rule_sets() {
        let with = |expression: &str| {
            let mut rules = rules.clone();
            let mut ours = custom(&rules, "cloudFiltered", expression, 10);
            let clauses = vec![clause(
                "memberOf",
                ScopeOperator::IsMemberOf,
                "CN=Pilot,DC=contoso,DC=example",
            )];
            ours.scope_filter = vec![ScopeGroup { clauses }];
            rules.push(ours);
            rules
        };
        let unread = user().unread("memberOf");
        rows(&with("NULL"), &[(unread.clone(), "syncs")]);
        rows(
            &with("True"),
            &[
                (
                    unread,
                    "unknown: metaverse attribute cloudFiltered is unknown",
                ),
                (
                    user().set("memberOf", "cn=pilot, dc=CONTOSO,dc=example"),
                    "cloudFiltered: True",
                ),
                (
                    user().set("memberOf", "CN=Pilot,OU=x,DC=contoso,DC=example"),
                    "syncs",
                ),
            ],
        );
    }
}
