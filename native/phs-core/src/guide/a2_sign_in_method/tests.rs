//! The tenant beside the server: PHS202 and PHS203.

use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::check::PHS202;
use crate::evidence::UnknownReason;
use crate::evidence::cloud::{
    CloudDomain, CloudEvidence, DomainAuthentication, Organization, RolloutPolicy, TenantFeatures,
};
use crate::finding::Outcome;
use crate::guide::Policy;
use crate::text::{Catalog, DEFAULT_CULTURE};

fn known<T>(value: T) -> Fact<T> {
    Fact::Known(value)
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A server with these channels, by name.
fn server(channels: &[(&str, Option<bool>)]) -> ServerConfiguration {
    let connectors = channels.iter().zip(1..).map(|((name, enabled), number)| {
        let json = json!({
            "source": format!("{name}.xml"), "identifier": Uuid::from_u128(number), "name": name, "kind": "activeDirectory",
        });
        let mut connector: Connector = serde_json::from_value(json).unwrap();
        if let Some(enabled) = enabled {
            let json = json!({"known": {"enabled": enabled}});
            connector.password_hash_sync = serde_json::from_value(json).unwrap();
        }
        connector
    });
    let tenant = json!({
        "source": "entra.xml", "identifier": ENTRA_CONNECTOR, "name": "contoso.onmicrosoft.com - AAD", "kind": "entra",
    });
    ServerConfiguration {
        connectors: connectors
            .chain([serde_json::from_value(tenant).unwrap()])
            .collect(),
        ..ServerConfiguration::default()
    }
}

fn cloud(feature: Fact<bool>) -> CloudEvidence {
    CloudEvidence {
        observed_at: Some(at("2026-03-01T12:00:00Z")),
        organization: Organization {
            initial_domain: known("contoso.onmicrosoft.com".to_owned()),
            last_password_sync: known(Some(at("2026-03-01T11:40:00Z"))),
            ..Organization::default()
        },
        features: TenantFeatures {
            password_hash_sync: feature,
            ..TenantFeatures::default()
        },
        ..CloudEvidence::default()
    }
}

fn heard(last: Fact<Option<Timestamp>>) -> CloudEvidence {
    let mut cloud = cloud(known(true));
    cloud.organization.last_password_sync = last;
    cloud
}

/// The findings of a check about the tenant, with their words.
fn judged(
    check: &Check,
    server: Option<ServerConfiguration>,
    cloud: Option<CloudEvidence>,
) -> Vec<(Outcome, String, Finding)> {
    let evidence = Evidence {
        server,
        cloud,
        ..Evidence::default()
    };
    let context = Context {
        today: at("2030-01-01T00:00:00Z"),
        users_named: false,
        policy: Policy::default(),
    };
    let catalog = Catalog::for_culture(DEFAULT_CULTURE);
    let mut found = Vec::new();
    judge(&evidence, &context, &mut |finding| {
        if finding.check.id == check.id && finding.target.display == "contoso.onmicrosoft.com" {
            found.push((finding.outcome, catalog.render(&finding.message), finding));
        }
    });
    found
}

fn refused() -> Fact<bool> {
    Fact::unknown_because(UnknownReason::NotPermitted, "Permission.X")
}

#[test]
fn the_tenant_and_the_connectors_are_compared_in_both_directions() {
    let on = || Some(server(&[("one", Some(true)), ("two", Some(true))]));
    let some = || Some(server(&[("one", Some(true)), ("two", Some(false))]));
    let off = || Some(server(&[("one", Some(false)), ("two", Some(false))]));
    let unread = || Some(server(&[("one", Some(false)), ("two", None)]));
    let missing = Outcome::Skipped(SkipReason::EvidenceMissing);
    for (server, feature, outcome, word) in [
        (on(), known(true), Outcome::Passed, "every connector"),
        (some(), known(true), Outcome::Passed, "for one"),
        (None, known(true), Outcome::Passed, "not told by the tenant"),
        (
            unread(),
            known(true),
            Outcome::Passed,
            "not told by the tenant",
        ),
        (
            off(),
            known(true),
            Outcome::Failed,
            "every connector (one, two)",
        ),
        (
            on(),
            known(false),
            Outcome::Failed,
            "switched on for one, two",
        ),
        (
            off(),
            known(false),
            Outcome::Failed,
            "switched off in the tenant.",
        ),
        (
            None,
            known(false),
            Outcome::Failed,
            "switched off in the tenant.",
        ),
        (
            on(),
            refused(),
            Outcome::Skipped(SkipReason::NotPermitted),
            "Permission.X is missing",
        ),
        (
            on(),
            Fact::unknown(UnknownReason::Absent),
            missing,
            "not known",
        ),
        (
            on(),
            Fact::unknown_because(UnknownReason::Unreadable, "HTTP 500"),
            missing,
            "HTTP 500",
        ),
    ] {
        let found = judged(&PHS202, server, Some(cloud(feature)));
        assert_eq!(found.len(), 1, "{word}");
        assert_eq!(found[0].0, outcome, "{word}");
        assert!(found[0].1.contains(word), "{word}: {}", found[0].1);
        assert_eq!(found[0].2.observed_at, Some(at("2026-03-01T12:00:00Z")));
    }
}

#[test]
fn what_the_server_was_told_stands_in_for_the_tenant_and_has_the_same_fingerprint() {
    let told = |feature: Fact<bool>| {
        let mut server = server(&[("one", Some(true))]);
        server.tenant_features = known(TenantFeatures {
            password_hash_sync: feature,
            ..TenantFeatures::default()
        });
        Some(server)
    };
    let fingerprint = judged(&PHS202, None, Some(cloud(known(true))))[0]
        .2
        .fingerprint();
    let found = judged(&PHS202, told(known(false)), None);
    assert_eq!(found[0].0, Outcome::Failed);
    assert_eq!(found[0].2.fingerprint(), fingerprint);
    // Graph may refuse what the module was told, and the other way round.
    let both = judged(&PHS202, told(known(true)), Some(cloud(refused())));
    assert_eq!(both[0].0, Outcome::Passed);
    let other = judged(&PHS202, told(refused()), Some(cloud(known(false))));
    assert_eq!(other[0].0, Outcome::Failed);
    // Nobody asked.
    assert!(judged(&PHS202, Some(server(&[("one", Some(true))])), None).is_empty());
}

#[test]
fn a_tenant_that_heard_nothing_is_a_hint_and_no_fault() {
    for (last, outcome, word) in [
        (
            known(Some(at("2026-03-01T09:00:00Z"))),
            Outcome::Passed,
            "switched on",
        ),
        (
            known(Some(at("2026-03-01T08:59:59Z"))),
            Outcome::Warning,
            "2026-03-01T08:59:59Z, more than 3 hours",
        ),
        (known(None), Outcome::Warning, "never"),
        (Fact::default(), Outcome::Passed, "switched on"),
    ] {
        let found = judged(&PHS202, None, Some(heard(last)));
        assert_eq!(found[0].0, outcome, "{}", found[0].1);
        assert!(found[0].1.contains(word), "{}", found[0].1);
    }
    // A feature that is off explains the silence.
    let mut silent = heard(known(None));
    silent.features.password_hash_sync = known(false);
    assert_eq!(judged(&PHS202, None, Some(silent))[0].0, Outcome::Failed);
}

#[test]
fn only_false_says_that_directory_synchronization_is_off() {
    for (enabled, outcome) in [
        (known(Some(false)), Outcome::Failed),
        (
            known(Some(true)),
            Outcome::Skipped(SkipReason::NotPermitted),
        ),
        (known(None), Outcome::Skipped(SkipReason::NotPermitted)),
        (Fact::default(), Outcome::Skipped(SkipReason::NotPermitted)),
    ] {
        let mut cloud = cloud(refused());
        cloud.organization.sync_enabled = enabled;
        assert_eq!(judged(&PHS202, None, Some(cloud))[0].0, outcome);
    }
}

fn domains(list: &[(&str, DomainAuthentication)], feature: Fact<bool>) -> CloudEvidence {
    let mut cloud = cloud(feature);
    let list = list.iter().map(|(name, authentication)| CloudDomain {
        name: (*name).to_owned(),
        authentication: known(authentication.clone()),
        verified: known(!name.starts_with("unverified")),
        initial: known(name.ends_with(".onmicrosoft.com")),
        federation: Fact::default(),
    });
    cloud.domains = known(list.collect());
    cloud
}

type Row = (
    Option<ServerConfiguration>,
    CloudEvidence,
    Outcome,
    &'static str,
);

fn stand_beside_the_state(rows: Vec<Row>) {
    let catalog = Catalog::for_culture(DEFAULT_CULTURE);
    for (server, cloud, outcome, word) in rows {
        let found = judged(&PHS203, server, Some(cloud));
        assert_eq!(found.len(), 1, "{word}");
        let why = catalog.why(&found[0].2.message).unwrap_or_default();
        let words = format!("{} {why}", found[0].1);
        assert!(words.contains(word), "{word}: {words}");
        assert_eq!(found[0].0, outcome, "{words}");
    }
}

const INITIAL: (&str, DomainAuthentication) =
    ("contoso.onmicrosoft.com", DomainAuthentication::Managed);
const MISSING: Outcome = Outcome::Skipped(SkipReason::EvidenceMissing);

#[test]
fn managed_domains_stand_beside_the_state() {
    let managed = [INITIAL, ("contoso.com", DomainAuthentication::Managed)];
    let other = |on: bool| {
        let mut server = server(&[("one", Some(on))]);
        server.settings = known([(SIGN_ON_METHOD.to_owned(), "PassThrough".to_owned())].into());
        Some(server)
    };
    let on = || domains(&managed, known(true));
    let off = || domains(&managed, known(false));
    let alone = domains(&[INITIAL], known(true));
    let unknown = domains(&managed, Fact::default());
    stand_beside_the_state(vec![
        (
            None,
            on(),
            Outcome::Passed,
            "of contoso.com sign in to the cloud with",
        ),
        (None, off(), Outcome::Warning, "Unless pass-through"),
        (other(false), on(), Outcome::Warning, "another method"),
        (
            other(true),
            on(),
            Outcome::Passed,
            "password hash sync is on",
        ),
        (None, alone, Outcome::Passed, "contoso.onmicrosoft.com"),
        (None, unknown, MISSING, "not known"),
        (
            None,
            domains(&[], known(true)),
            MISSING,
            "no verified domain",
        ),
    ]);
}

#[test]
fn federated_domains_and_staged_rollout_stand_beside_the_state() {
    let federated = [
        INITIAL,
        ("contoso.com", DomainAuthentication::Federated),
        ("unverified.com", DomainAuthentication::Managed),
    ];
    let state = |on: bool| domains(&federated, known(on));
    let rollout = |on: bool, feature: &str, enabled: bool| {
        let mut cloud = state(on);
        cloud.staged_rollout = known(vec![RolloutPolicy {
            feature: feature.to_owned(),
            enabled: known(enabled),
            groups: known(2),
        }]);
        cloud
    };
    let hash = "passwordHashSync";
    let plain = "at a federation service, and";
    stand_beside_the_state(vec![
        (None, state(true), Outcome::Passed, "beside"),
        (None, state(false), Outcome::Warning, plain),
        (
            None,
            rollout(true, hash, true),
            Outcome::Passed,
            "staged rollout",
        ),
        (
            None,
            rollout(false, hash, true),
            Outcome::Warning,
            "Staged rollout",
        ),
        (None, rollout(false, hash, false), Outcome::Warning, plain),
        (
            None,
            rollout(false, "seamlessSso", true),
            Outcome::Warning,
            plain,
        ),
    ]);
}

#[test]
fn a_server_without_connectors_is_not_said_to_hide_one() {
    let mut server = server(&[]);
    let method = std::collections::BTreeMap::from([(
        SIGN_ON_METHOD.to_owned(),
        "PasswordHashSync".to_owned(),
    )]);
    server.settings = known(method);
    let mut found = Vec::new();
    sign_in_method(&server, &mut |finding| found.push(finding));
    assert!(matches!(found[0].outcome, Outcome::Skipped(_)));
    assert_eq!(found[0].message.key, "phs203-no-connector");
}

#[test]
fn domains_that_may_not_be_read_are_unknown() {
    let mut evidence = cloud(known(true));
    evidence.domains = Fact::unknown_because(UnknownReason::NotPermitted, "Domain.Read.All");
    let found = judged(&PHS203, None, Some(evidence));
    assert_eq!(found[0].0, Outcome::Skipped(SkipReason::NotPermitted));
    assert!(found[0].1.contains("Domain.Read.All"), "{}", found[0].1);
    // Nobody asked.
    assert!(judged(&PHS203, None, Some(cloud(known(true)))).is_empty());
}
