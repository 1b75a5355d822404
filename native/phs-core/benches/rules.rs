//! Users per second through rules of the default shape.

#![allow(
    missing_docs,
    clippy::expect_used,
    reason = "criterion makes undocumented items; a bad fixture stops the bench"
)]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use phs_core::rules::{
    AttributeSource, CompileOptions, CompiledRules, Context, ENTRA_CONNECTOR, Extent, Read,
    SyncRule, Values,
};
use std::hint::black_box;

/// A user with its attributes by slot, as a collector keeps it.
struct User {
    dn: String,
    attributes: Vec<Option<Vec<u8>>>,
}

impl AttributeSource for User {
    fn dn(&self) -> &str {
        &self.dn
    }

    fn object_type(&self) -> Option<&str> {
        Some("user")
    }

    fn read(&self, slot: usize, _: &str) -> Read<'_> {
        match self.attributes.get(slot) {
            Some(Some(value)) => Read::Values(Values::One(value)),
            _ => Read::Absent,
        }
    }
}

fn rules() -> Vec<SyncRule> {
    serde_json::from_str(include_str!("../tests/fixtures/rules/default-rules.json"))
        .expect("the fixture is valid")
}

fn compile(rules: &[SyncRule], extent: Extent) -> CompiledRules {
    let connector = rules
        .iter()
        .map(|rule| rule.connector)
        .find(|id| *id != ENTRA_CONNECTOR)
        .unwrap_or_default();
    CompiledRules::new(
        rules,
        &CompileOptions {
            extent,
            ..CompileOptions::users_of(connector)
        },
    )
}

/// One in five disabled, one in twenty filtered.
fn users(rules: &CompiledRules, count: usize) -> Vec<User> {
    let user = |number: usize| {
        let attributes = rules
            .needed_attributes()
            .iter()
            .map(|name| match name.as_str() {
                "sAMAccountName" if number.is_multiple_of(20) => {
                    Some(format!("AAD_{number}").into_bytes())
                }
                "sAMAccountName" => Some(format!("user{number}").into_bytes()),
                "userPrincipalName" => Some(format!("user{number}@contoso.example").into_bytes()),
                "userAccountControl" => Some(if number.is_multiple_of(5) {
                    b"514".to_vec()
                } else {
                    b"512".to_vec()
                }),
                "objectGUID" => Some((number as u128).to_le_bytes().to_vec()),
                "mailNickname" if number.is_multiple_of(2) => {
                    Some(format!("user{number}").into_bytes())
                }
                "msExchRecipientTypeDetails" if number.is_multiple_of(2) => Some(b"1".to_vec()),
                _ => None,
            });
        User {
            dn: format!("CN=User {number},OU=Sales,DC=contoso,DC=example"),
            attributes: attributes.collect(),
        }
    };
    (0..count).map(user).collect()
}

fn evaluate(criterion: &mut Criterion) {
    let source = rules();
    let mut group = criterion.benchmark_group("rules");
    for (name, extent) in [("password", Extent::Password), ("full", Extent::Full)] {
        let compiled = compile(&source, extent);
        let users = users(&compiled, 1000);
        group.throughput(Throughput::Elements(users.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                users
                    .iter()
                    .filter(|user| {
                        let evaluation = compiled.evaluate(*user, &Context::default());
                        black_box(evaluation.password_inbound()).applies()
                            == phs_core::rules::Truth::True
                    })
                    .count()
            });
        });
    }
    group.throughput(Throughput::Elements(source.len() as u64));
    group.bench_function("compile", |bencher| {
        bencher.iter_batched(
            || source.clone(),
            |rules| compile(&rules, Extent::Password),
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, evaluate);
criterion_main!(benches);
