//! Every operator of a scope clause, on values, several values, absence and the unread.

use phs_core::rules::expression::{Environment, Resolver};
use phs_core::rules::scope::Scope;
use phs_core::rules::{ScopeClause, ScopeGroup, ScopeOperator, Truth, Value, Why};
use proptest::prelude::*;

#[derive(Default)]
struct Slots(Vec<String>);

impl Resolver for Slots {
    fn slot(&mut self, name: &str) -> usize {
        self.0.push(name.to_owned());
        self.0.len() - 1
    }
}

struct Object(Vec<(&'static str, Value<'static>)>);

impl<'a> Environment<'a> for Object {
    fn attribute(&self, _: usize, name: &'a str) -> Result<Value<'a>, Why<'a>> {
        let found = self
            .0
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found
            .map(|(_, value)| value.clone())
            .ok_or(Why::AttributeNotRead(name))
    }
}

fn object() -> Object {
    Object(vec![
        ("department", Value::text("Økonomi")),
        (
            "several",
            Value::Multi(vec![Value::text("alpha"), Value::text("Beta")]),
        ),
        ("absent", Value::Null),
        ("control", Value::Number(514)),
        ("numberText", Value::text("9")),
        ("flag", Value::Bool(true)),
        (
            "manager",
            Value::Reference("CN=Boss,OU=Sales,DC=contoso,DC=example".into()),
        ),
        (
            "guid",
            Value::Binary(
                vec![
                    0x40, 0x5e, 0x47, 0x30, 0xae, 0xe7, 0xf3, 0x4a, 0xaf, 0x75, 0x8b, 0x14, 0x3c,
                    0x81, 0xda, 0xf5,
                ]
                .into(),
            ),
        ),
        (
            "memberOf",
            Value::Multi(vec![
                Value::Reference("CN=Pilot,OU=Groups,DC=x".into()),
                Value::Reference("CN=Other,DC=x".into()),
            ]),
        ),
    ])
}

fn clause(attribute: &str, operator: &str, value: &str) -> ScopeClause {
    ScopeClause {
        attribute: attribute.into(),
        operator: operator.into(),
        value: value.into(),
    }
}

fn decide(groups: &[&[ScopeClause]]) -> Truth {
    let groups: Vec<ScopeGroup> = groups
        .iter()
        .map(|clauses| ScopeGroup {
            clauses: clauses.to_vec(),
        })
        .collect();
    Scope::new(&groups, &mut Slots::default()).decide(&object())
}

#[test]
fn every_operator() {
    use Truth::{False, True, Unknown};
    let rows = [
        ("department", "EQUAL", "økonomi", True),
        ("department", "EQUAL", "Økonom", False),
        ("absent", "EQUAL", "x", False),
        ("several", "EQUAL", "BETA", True),
        ("flag", "EQUAL", "true", True),
        ("flag", "EQUAL", "False", False),
        ("control", "EQUAL", "0514", True),
        ("control", "EQUAL", "&H202", True),
        (
            "manager",
            "EQUAL",
            "cn=boss, ou=sales,DC=contoso,DC=example",
            True,
        ),
        (
            "manager",
            "EQUAL",
            "CN=Boss,OU=Presales,DC=contoso,DC=example",
            False,
        ),
        (
            "guid",
            "EQUAL",
            "{30475E40-E7AE-4AF3-AF75-8B143C81DAF5}",
            True,
        ),
        ("guid", "EQUAL", "QF5HMK7n80qvdYsUPIHa9Q==", True),
        ("guid", "EQUAL", "405E4730AEE7F34AAF758B143C81DAF5", True),
        ("guid", "EQUAL", "405E", False),
        ("department", "NOTEQUAL", "økonomi", False),
        ("absent", "NOTEQUAL", "x", True),
        ("several", "NOTEQUAL", "alpha", False),
        ("control", "LESSTHAN", "515", True),
        ("control", "LESSTHAN", "514", False),
        ("control", "LESSTHAN_OR_EQUAL", "514", True),
        ("control", "GREATERTHAN", "513", True),
        ("control", "GREATERTHAN", "514", False),
        ("control", "GREATERTHAN_OR_EQUAL", "514", True),
        ("numberText", "LESSTHAN", "10", True),
        ("absent", "LESSTHAN", "10", False),
        ("several", "GREATERTHAN", "ALPHA", True),
        ("department", "CONTAINS", "KONO", True),
        ("department", "NOTCONTAINS", "kono", False),
        ("absent", "NOTCONTAINS", "x", True),
        ("several", "CONTAINS", "et", True),
        ("department", "STARTSWITH", "ØK", True),
        ("department", "STARTSWITH", "k", False),
        ("department", "NOTSTARTSWITH", "k", True),
        ("department", "ENDSWITH", "OMI", True),
        ("department", "NOTENDSWITH", "omi", False),
        (
            "manager",
            "ENDSWITH",
            ",OU=Sales,DC=contoso,DC=example",
            True,
        ),
        ("absent", "ISNULL", "", True),
        ("department", "ISNULL", "", False),
        ("absent", "ISNOTNULL", "", False),
        ("several", "ISNOTNULL", "", True),
        ("department", "ISIN", "Salg; Økonomi", True),
        ("department", "ISIN", "Salg", False),
        ("department", "ISNOTIN", "Salg;Økonomi", False),
        ("absent", "ISNOTIN", "Salg", True),
        ("control", "ISBITSET", "2", True),
        ("control", "ISBITSET", "0x202", True),
        ("control", "ISBITSET", "&H1", False),
        ("control", "ISBITSET", "3", False),
        ("control", "ISBITNOTSET", "2", False),
        ("control", "ISBITNOTSET", "1", True),
        ("absent", "ISBITNOTSET", "2", True),
        ("absent", "ISBITSET", "2", False),
        ("control", "ISBITSET", "two", Unknown),
        ("department", "ISBITSET", "2", Unknown),
        ("dn", "ISMEMBEROF", "cn=pilot,ou=groups,dc=X", True),
        ("dn", "ISMEMBEROF", "CN=Pilot,DC=x", False),
        ("dn", "ISNOTMEMBEROF", "CN=Pilot,DC=x", True),
        ("dn", "ISMEMBEROF", "not a name", Unknown),
        ("unread", "EQUAL", "x", Unknown),
        ("unread", "ISNULL", "", Unknown),
        ("department", "RESEMBLES", "x", Unknown),
    ];
    let mut wrong = Vec::new();
    for (attribute, operator, value, expected) in rows {
        let found = decide(&[&[clause(attribute, operator, value)]]);
        if found != expected {
            wrong.push(format!(
                "{attribute} {operator} {value}: expected {expected:?}, found {found:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let covered: std::collections::HashSet<&str> = rows.iter().map(|row| row.1).collect();
    let missing: Vec<&&str> = ScopeOperator::WORDS
        .iter()
        .filter(|word| !covered.contains(**word))
        .collect();
    assert_eq!(missing, Vec::<&&str>::new());
}

#[test]
fn groups_are_alternatives_and_unknown_decides_nothing() {
    let yes = || clause("control", "ISNOTNULL", "");
    let no = || clause("control", "ISNULL", "");
    let unknown = || clause("unread", "ISNULL", "");
    assert_eq!(decide(&[]), Truth::True);
    assert_eq!(decide(&[&[]]), Truth::True);
    assert_eq!(decide(&[&[no()], &[yes()]]), Truth::True);
    assert_eq!(decide(&[&[yes(), no()], &[no()]]), Truth::False);
    assert_eq!(decide(&[&[unknown(), no()]]), Truth::False);
    assert_eq!(decide(&[&[unknown(), yes()]]), Truth::Unknown);
    assert_eq!(decide(&[&[unknown()], &[yes()]]), Truth::True);
    assert_eq!(decide(&[&[unknown()], &[no()]]), Truth::Unknown);
}

#[test]
fn an_explanation_names_group_clause_attribute_and_value() {
    let groups = [
        ScopeGroup {
            clauses: vec![
                clause("control", "ISNOTNULL", ""),
                clause("department", "EQUAL", "Salg"),
            ],
        },
        ScopeGroup {
            clauses: vec![clause("unread", "EQUAL", "x")],
        },
    ];
    let scope = Scope::new(&groups, &mut Slots::default());
    let object = object();
    let reports = scope.explain(&object);
    let shown: Vec<_> = reports
        .iter()
        .map(|r| (r.group, r.clause, r.attribute, r.truth, r.found.clone()))
        .collect();
    assert_eq!(
        shown,
        [
            (1, 2, "department", Truth::False, Ok(Value::text("Økonomi"))),
            (
                2,
                1,
                "unread",
                Truth::Unknown,
                Err(Why::AttributeNotRead("unread"))
            ),
        ]
    );
}

proptest! {
    #[test]
    fn a_negative_operator_is_the_opposite_of_its_positive(
        attribute in proptest::sample::select(vec!["department", "several", "absent", "control", "flag", "manager", "guid", "unread", "memberOf"]),
        pair in proptest::sample::select(vec![("EQUAL", "NOTEQUAL"), ("CONTAINS", "NOTCONTAINS"), ("STARTSWITH", "NOTSTARTSWITH"),
            ("ENDSWITH", "NOTENDSWITH"), ("ISNULL", "ISNOTNULL"), ("ISIN", "ISNOTIN"), ("ISBITSET", "ISBITNOTSET"), ("ISMEMBEROF", "ISNOTMEMBEROF")]),
        value in any::<String>(),
    ) {
        let positive = decide(&[&[clause(attribute, pair.0, &value)]]);
        let negative = decide(&[&[clause(attribute, pair.1, &value)]]);
        let opposite = match positive { Truth::True => Truth::False, Truth::False => Truth::True, Truth::Unknown => Truth::Unknown };
        prop_assert_eq!(negative, opposite);
    }
}
