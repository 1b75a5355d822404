//! Rules and users that no server would make.

use phs_core::rules::{CompileOptions, CompiledRules, Context, SyncRule};
use proptest::prelude::*;

use crate::support::{answer, compile, connector, fixture_rules, user};

#[test]
fn no_rules_at_all() {
    let rules: [SyncRule; 0] = [];
    let compiled = CompiledRules::new(&rules, &CompileOptions::users_of(uuid::Uuid::nil()));
    assert!(compiled.needed_attributes().is_empty());
    assert_eq!(answer(&compiled, &user()), "no rules for the type");
}

#[test]
fn an_expression_that_cannot_be_read_is_kept_with_its_place() {
    let mut rules = fixture_rules();
    let flow = &mut rules[0].attribute_flows[0];
    flow.expression = Some("IIF([sAMAccountName] = “x”, True, NULL)".to_owned());
    let compiled = compile(&rules);
    let unreadable = compiled.unreadable();
    assert_eq!(unreadable.len(), 1);
    assert_eq!(unreadable[0].rule_name, "In from AD - User Join");
    assert_eq!(unreadable[0].destination, "cloudFiltered");
    assert_eq!(unreadable[0].error.span.start, 23);
    assert!(answer(&compiled, &user()).starts_with("unknown: expression IIF("));
}

#[test]
fn rules_of_another_connector_do_not_apply() {
    let rules = fixture_rules();
    let mut options = CompileOptions::users_of(connector(&rules));
    options.connector = uuid::Uuid::from_u128(7);
    assert_eq!(
        answer(&CompiledRules::new(&rules, &options), &user()),
        "no rules for the type"
    );
}

#[test]
fn compiled_rules_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<CompiledRules>();
}

proptest! {
    #[test]
    fn any_octets_are_a_user(values in proptest::collection::vec((0_usize..8, proptest::collection::vec(any::<u8>(), 0..40)), 0..12), dn in any::<String>()) {
        let compiled = compile(&fixture_rules());
        let names = compiled.needed_attributes().to_vec();
        let odd = values.iter().fold(user().dn(&dn), |user, (index, octets)| user.octets(&names[*index], octets));
        prop_assert!(!answer(&compiled, &odd).is_empty());
        let evaluation = compiled.evaluate(&odd, &Context::default());
        for (rule, _) in evaluation.inbound().chain(evaluation.outbound()) {
            prop_assert!(evaluation.explain_rule(rule).is_some());
        }
    }
}
