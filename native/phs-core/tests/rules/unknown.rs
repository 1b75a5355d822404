//! Unknown is never a yes: leaving any attribute unread may only turn an answer into unknown.

use phs_core::rules::{Attribute, CompiledRules, Context, Truth};
use proptest::prelude::*;

use crate::support::{User, compile, fixture_rules, user};

/// What decides about the hash: cloudFiltered, both password rules.
fn facts(rules: &CompiledRules, user: &User) -> [Truth; 3] {
    let evaluation = rules.evaluate(user, &Context::default());
    let filtered = evaluation
        .metaverse("cloudFiltered")
        .map_or(Truth::False, Attribute::is_true);
    [
        filtered,
        evaluation.password_inbound().applies(),
        evaluation.password_outbound().applies(),
    ]
}

const NAMES: [&str; 8] = [
    "adminDescription",
    "isCriticalSystemObject",
    "mailNickname",
    "msExchRecipientTypeDetails",
    "objectGUID",
    "sAMAccountName",
    "userAccountControl",
    "userPrincipalName",
];

fn value(name: &'static str) -> BoxedStrategy<Option<&'static str>> {
    let values: Vec<Option<&'static str>> = match name {
        "adminDescription" => vec![None, Some("User_x"), Some("y")],
        "isCriticalSystemObject" => vec![None, Some("TRUE"), Some("FALSE")],
        "mailNickname" => vec![
            None,
            Some("kari"),
            Some("CAS_{1}"),
            Some("SystemMailbox{1}"),
        ],
        "msExchRecipientTypeDetails" => vec![None, Some("1"), Some("2"), Some("4096"), Some("x")],
        "sAMAccountName" => vec![
            None,
            Some("kari"),
            Some("AAD_1"),
            Some("MSOL_1"),
            Some("aad_1"),
        ],
        "userAccountControl" => vec![None, Some("512"), Some("514"), Some("x")],
        _ => vec![None, Some("kari@contoso.example")],
    };
    proptest::sample::select(values).boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn an_unread_attribute_never_changes_a_known_answer(
        values in NAMES.map(value),
        unread in proptest::sample::subsequence(NAMES.to_vec(), 0..=NAMES.len()),
    ) {
        let rules = compile(&fixture_rules());
        let mut whole = user();
        for (name, value) in NAMES.iter().zip(values) {
            whole = match value {
                Some(value) => whole.set(name, value),
                None => whole.absent(name),
            };
        }
        let partial = unread.iter().fold(whole.clone(), |user, name| user.unread(name));
        for (known, seen) in facts(&rules, &whole).into_iter().zip(facts(&rules, &partial)) {
            prop_assert!(seen == Truth::Unknown || seen == known || known == Truth::Unknown, "{known:?} became {seen:?}");
        }
    }
}

#[test]
fn nothing_read_is_unknown_everywhere() {
    let rules = compile(&fixture_rules());
    let nothing = NAMES.iter().fold(user(), |user, name| user.unread(name));
    assert_eq!(facts(&rules, &nothing), [Truth::Unknown; 3]);
}
