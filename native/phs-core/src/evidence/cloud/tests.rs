use super::*;
use crate::evidence::server::{Connector, ENTRA_CONNECTOR};

fn known<T>(value: T) -> Fact<T> {
    Fact::Known(value)
}

fn tenant(domains: &[&str]) -> CloudEvidence {
    CloudEvidence {
        organization: Organization {
            id: known(Uuid::from_u128(7)),
            verified_domains: known(domains.iter().map(|&name| name.to_owned()).collect()),
            ..Organization::default()
        },
        ..CloudEvidence::default()
    }
}

fn server(name: &str, account: Option<&str>) -> ServerConfiguration {
    let json = serde_json::json!({
        "source": "x", "identifier": ENTRA_CONNECTOR, "name": name, "kind": "entra",
    });
    let mut connector: Connector = serde_json::from_value(json).unwrap();
    connector.login_user = account.map_or_else(Fact::default, |user| known(user.to_owned()));
    ServerConfiguration {
        connectors: vec![connector],
        ..ServerConfiguration::default()
    }
}

#[test]
fn another_tenant_is_told_by_the_domain_of_the_connector() {
    let cloud = tenant(&["contoso.com", "Contoso.onmicrosoft.com"]);
    for (name, account) in [
        ("contoso.onmicrosoft.com - AAD", None),
        ("renamed", Some("Sync_X_1@contoso.onmicrosoft.com")),
        // A name says less than one that fits.
        (
            "old.onmicrosoft.com - AAD",
            Some("Sync_X_1@contoso.onmicrosoft.com"),
        ),
        // Nothing that can be compared.
        ("renamed", None),
        ("Contoso and friends - AAD", None),
    ] {
        assert_eq!(cloud.wrong_tenant(&server(name, account)), None, "{name}");
    }
    let wrong = cloud.wrong_tenant(&server("fabrikam.onmicrosoft.com - AAD", None));
    let wrong = wrong.unwrap();
    assert_eq!(wrong.expected, "fabrikam.onmicrosoft.com");
    assert_eq!(wrong.answered, Uuid::from_u128(7).to_string());
    // Not the end of the name, the name.
    let suffix = tenant(&["notcontoso.onmicrosoft.com"]);
    assert!(
        suffix
            .wrong_tenant(&server("contoso.onmicrosoft.com - AAD", None))
            .is_some()
    );
    let unknown = CloudEvidence::default();
    assert_eq!(
        unknown.wrong_tenant(&server("fabrikam.onmicrosoft.com - AAD", None)),
        None
    );
}

#[test]
fn a_later_answer_fills_what_is_not_known_and_replaces_nothing() {
    let features = |on| TenantFeatures {
        password_hash_sync: on,
        ..TenantFeatures::default()
    };
    let refused = UnknownReason::NotPermitted;
    let at = |second: i64| Timestamp::from_second(second).ok();
    let mut before = CloudEvidence {
        features: features(known(false)),
        domains: Fact::unknown(refused),
        staged_rollout: Fact::unknown(refused),
        observed_at: at(1),
        ..CloudEvidence::default()
    };
    before.fill(CloudEvidence {
        features: features(known(true)),
        domains: known(Vec::new()),
        observed_at: at(2),
        ..tenant(&["contoso.com"])
    });
    assert_eq!(before.features, features(known(false)));
    assert_eq!(before.domains, known(Vec::new()));
    // Not asked later: the reason of before stands.
    assert_eq!(before.staged_rollout.reason(), Some(refused));
    assert_eq!(before.organization.id, known(Uuid::from_u128(7)));
    assert_eq!(before.observed_at, at(1));
}

#[test]
fn another_tenant_than_before_is_told_by_its_identifier() {
    let one = tenant(&["contoso.com"]);
    let mut other = one.clone();
    assert_eq!(other.other_tenant(&one), None);
    other.organization.id = known(Uuid::from_u128(8));
    let wrong = other.other_tenant(&one).unwrap();
    assert_eq!(wrong.expected, Uuid::from_u128(7).to_string());
    assert_eq!(other.other_tenant(&CloudEvidence::default()), None);
}

const SID: &str = "S-1-5-21-1-2-3-1104";

fn user() -> UserEvidence {
    let mut user = UserEvidence {
        identity: "kari".to_owned(),
        distinguished_name: "CN=Kari,DC=contoso,DC=com".to_owned(),
        ..UserEvidence::default()
    };
    let sid: Sid = SID.parse().unwrap();
    let attributes = [
        (
            "objectSid",
            ObservedAttribute::Binary(vec![sid.as_bytes().to_vec()]),
        ),
        ("objectGUID", ObservedAttribute::Binary(vec![vec![7; 16]])),
        (
            "userPrincipalName",
            ObservedAttribute::Text(vec!["kari@contoso.com".to_owned()]),
        ),
    ];
    for (name, value) in attributes {
        user.attributes.insert(name.to_owned(), value);
    }
    user
}

fn cloud_user(name: &str) -> CloudUser {
    CloudUser {
        user_principal_name: known(name.to_owned()),
        ..CloudUser::default()
    }
}

#[test]
fn a_user_is_found_by_sid_before_anchor_before_name() {
    let by_name = cloud_user("KARI@contoso.com");
    let by_anchor = CloudUser {
        immutable_id: known(Some(anchor::immutable_id(&[7; 16]))),
        ..cloud_user("b@contoso.com")
    };
    let by_sid = CloudUser {
        security_identifier: known(Some(SID.to_owned())),
        ..cloud_user("c@contoso.com")
    };
    let mut list = vec![cloud_user("other@contoso.com"), by_name, by_anchor, by_sid];
    while list.len() > 1 {
        let cloud = CloudEvidence {
            users: known(list.clone()),
            ..CloudEvidence::default()
        };
        assert_eq!(cloud.user_of(&user()), known(list.pop()));
    }
}

#[test]
fn a_user_that_is_not_there_is_none_only_where_its_sid_was_asked_for() {
    let asked = |name: &str| CloudEvidence {
        users: known(Vec::new()),
        asked_users: vec![name.to_owned()],
        ..CloudEvidence::default()
    };
    assert_eq!(asked(SID).user_of(&user()), known(None));
    assert_eq!(
        asked("Kari@contoso.com").user_of(&user()).reason(),
        Some(UnknownReason::Absent)
    );
    assert_eq!(
        asked("ola@contoso.com").user_of(&user()).reason(),
        Some(UnknownReason::NotCollected)
    );
    let refused = CloudEvidence {
        users: Fact::unknown_because(UnknownReason::NotPermitted, "User.Read.All"),
        ..CloudEvidence::default()
    };
    assert_eq!(
        refused.user_of(&user()).reason(),
        Some(UnknownReason::NotPermitted)
    );
}

#[test]
fn tenant_facts_come_from_graph_before_the_server() {
    let features = |on| TenantFeatures {
        force_password_change_on_log_on: known(on),
        ..TenantFeatures::default()
    };
    let mut evidence = Evidence {
        server: Some(ServerConfiguration {
            tenant_features: known(features(true)),
            ..ServerConfiguration::default()
        }),
        ..Evidence::default()
    };
    let force = |evidence: &Evidence| TenantFacts::of(evidence).force_password_change_on_log_on;
    assert_eq!(force(&Evidence::default()), Fact::default());
    assert_eq!(force(&evidence), known(true));
    evidence.cloud = Some(CloudEvidence::default());
    assert_eq!(force(&evidence), known(true));
    evidence.cloud = Some(CloudEvidence {
        features: features(false),
        ..tenant(&["contoso.com"])
    });
    assert_eq!(force(&evidence), known(false));
    assert_eq!(
        TenantFacts::of(&evidence).verified_domains,
        known(vec!["contoso.com".to_owned()])
    );
}
