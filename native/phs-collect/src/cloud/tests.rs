//! The documented shapes, and everything that may come in their place.

use phs_core::evidence::cloud::DomainAuthentication;
use phs_core::evidence::{Fact, UnknownReason};
use serde_json::{Value, json};

use super::{GraphAnswers, Read, read};

const ORGANIZATION: &str = include_str!("../../../../tests/cloud/organization.json");
const FEATURES: &str = include_str!("../../../../tests/cloud/onPremisesSynchronization.json");
const DOMAINS: &str = include_str!("../../../../tests/cloud/domains.json");
const FEDERATION: &str = include_str!("../../../../tests/cloud/federationConfiguration.json");
const ROLLOUT: &str = include_str!("../../../../tests/cloud/featureRolloutPolicies.json");
const USERS: &str = include_str!("../../../../tests/cloud/users.json");

fn ok(question: &str, body: &str) -> Value {
    json!({"question": question, "status": 200, "body": body})
}

fn given(answers: &[Value]) -> Read {
    let json = json!({
        "source": "https://graph.microsoft.com", "environment": "Global",
        "observedAt": "2026-10-01T08:00:00Z", "answers": answers,
    });
    let given: GraphAnswers = serde_json::from_value(json).unwrap();
    read(&given)
}

fn all() -> Vec<Value> {
    vec![
        ok("organization", ORGANIZATION),
        ok("onPremisesSynchronization", FEATURES),
        ok("domains", DOMAINS),
        json!({"question": "federationConfiguration", "about": "tailspintoys.com", "status": 200, "body": FEDERATION}),
        ok("featureRolloutPolicies", ROLLOUT),
        json!({"question": "users", "identities": ["kari@fabrikam.com", "ola"], "status": 200, "body": USERS}),
    ]
}

fn ids(read: &Read) -> Vec<&str> {
    read.problems.iter().map(|problem| problem.id).collect()
}

fn reasons(read: &Read) -> [Option<UnknownReason>; 7] {
    let cloud = &read.evidence;
    [
        cloud.organization.id.reason(),
        cloud.organization.verified_domains.reason(),
        cloud.organization.last_password_sync.reason(),
        cloud.features.password_hash_sync.reason(),
        cloud.domains.reason(),
        cloud.staged_rollout.reason(),
        cloud.users.reason(),
    ]
}

#[test]
fn the_documented_shapes_are_read() {
    let read = given(&all());
    assert!(read.problems.is_empty(), "{:?}", read.problems);
    assert_eq!(reasons(&read), [None; 7]);
    let cloud = read.evidence;
    let organization = &cloud.organization;
    assert_eq!(
        organization.id.known().unwrap().to_string(),
        "5f0d1c1e-0000-4000-8000-000000007e4a"
    );
    assert_eq!(
        organization.initial_domain.known().unwrap(),
        "fabrikam.onmicrosoft.com"
    );
    assert_eq!(organization.sync_enabled, Fact::Known(Some(true)));
    assert_eq!(
        organization.last_password_sync,
        Fact::Known(Some("2026-10-01T07:56:00Z".parse().unwrap()))
    );
    assert_eq!(cloud.features.password_hash_sync, Fact::Known(true));
    assert_eq!(
        cloud.features.force_password_change_on_log_on,
        Fact::Known(false)
    );
    let domains = cloud.domains.known().unwrap();
    assert_eq!(domains.len(), 4);
    assert_eq!(
        domains[2].authentication,
        Fact::Known(DomainAuthentication::Federated)
    );
    let federation = domains[2].federation.known().unwrap().as_ref().unwrap();
    assert_eq!(
        federation.issuer.as_deref(),
        Some("http://sts.tailspintoys.com/adfs/services/trust")
    );
    assert_eq!(
        domains[1].federation.reason(),
        Some(UnknownReason::NotCollected)
    );
    assert_eq!(domains[3].verified, Fact::Known(false));
    let rollout = cloud.staged_rollout.known().unwrap();
    assert_eq!(rollout[0].groups, Fact::Known(2));
    let users = cloud.users.known().unwrap();
    assert_eq!(
        users[0].immutable_id,
        Fact::Known(Some("QF5HMK7n80qvdYsUPIHa9Q==".to_owned()))
    );
    // A user of the cloud alone: null is none, since accountEnabled shows that the token sees all.
    assert_eq!(users[1].immutable_id, Fact::Known(None));
    assert_eq!(users[1].sync_enabled, Fact::Known(None));
    let errors = users[1].provisioning_errors.known().unwrap();
    assert_eq!(errors[0].error_type, "PropertyConflict");
    assert_eq!(errors[0].detail.as_deref(), Some("ProxyAddresses"));
    assert_eq!(cloud.asked_users, ["kari@fabrikam.com", "ola"]);
}

#[test]
fn null_that_a_permission_may_hide_is_unknown() {
    // What User.Read shows of the organization, and User.ReadBasic.All of a user.
    let organization = json!({"value": [{
        "id": "5f0d1c1e-0000-4000-8000-000000007e4a", "displayName": "Fabrikam", "createdDateTime": null,
        "onPremisesSyncEnabled": null, "onPremisesLastSyncDateTime": null, "onPremisesLastPasswordSyncDateTime": null,
        "verifiedDomains": [{"name": "fabrikam.com", "isInitial": false}],
    }]});
    let user = json!({"value": [{"userPrincipalName": "kari@fabrikam.com", "accountEnabled": null, "onPremisesImmutableId": null}]});
    let read = given(&[
        ok("organization", &organization.to_string()),
        ok("users", &user.to_string()),
    ]);
    let organization = &read.evidence.organization;
    let refused = Fact::unknown_because(UnknownReason::NotPermitted, "Organization.Read.All");
    assert_eq!(organization.sync_enabled, refused);
    assert_eq!(
        organization.last_password_sync.reason(),
        Some(UnknownReason::NotPermitted)
    );
    assert!(organization.verified_domains.known().is_some());
    let user = &read.evidence.users.known().unwrap()[0];
    assert_eq!(
        user.immutable_id.reason(),
        Some(UnknownReason::NotPermitted)
    );
    // Not selected, or of an older version: not there at all.
    assert_eq!(
        user.security_identifier.reason(),
        Some(UnknownReason::Absent)
    );
    assert_eq!(
        user.last_password_change.reason(),
        Some(UnknownReason::Absent)
    );
    // A tenant that never was synchronised, seen with the right permission.
    let never = ORGANIZATION
        .replace(
            "\"onPremisesSyncEnabled\": true",
            "\"onPremisesSyncEnabled\": null",
        )
        .replace("\"2026-10-01T07:56:00Z\"", "null");
    let read = given(&[ok("organization", &never)]);
    assert_eq!(read.evidence.organization.sync_enabled, Fact::Known(None));
    assert_eq!(
        read.evidence.organization.last_password_sync,
        Fact::Known(None)
    );
}

#[test]
fn a_refusal_names_the_missing_permission_and_is_no_error() {
    let refused = r#"{"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges"}}"#;
    let mut answers = all();
    for answer in &mut answers {
        answer["status"] = json!(403);
        answer["body"] = json!(refused);
    }
    let read = given(&answers);
    assert!(read.problems.is_empty());
    assert_eq!(reasons(&read), [Some(UnknownReason::NotPermitted); 7]);
    assert_eq!(
        read.evidence.features.password_hash_sync,
        Fact::unknown_because(
            UnknownReason::NotPermitted,
            "OnPremDirectorySynchronization.Read.All"
        )
    );
    assert!(read.evidence.asked_users.is_empty());
}

#[test]
fn a_token_that_is_refused_is_told_once_and_without_foreign_words() {
    let body = r#"{"error": {"code": "InvalidAuthenticationToken", "message": "Lifetime validation failed, eyJ0"}}"#;
    let refused = |question: &str| json!({"question": question, "status": 401, "body": body});
    let read = given(&[refused("organization"), refused("domains")]);
    assert_eq!(ids(&read), ["Phs.Graph.Unauthorized"]);
    let words = format!("{read:?}");
    assert!(words.contains("InvalidAuthenticationToken"));
    assert!(!words.contains("eyJ0"), "{words}");
    let odd = r#"{"error": {"code": "<script>eyJ0</script>"}}"#;
    let read = given(&[json!({"question": "domains", "status": 500, "body": odd})]);
    assert_eq!(ids(&read), ["Phs.Graph.Unexpected"]);
    assert!(!format!("{read:?}").contains("eyJ0"));
}

#[test]
fn what_did_not_come_is_unknown_with_its_reason() {
    for (failure, id) in [
        ("unreachable", "Phs.Graph.Unreachable"),
        ("untrusted", "Phs.Graph.Untrusted"),
        ("timeout", "Phs.Graph.Timeout"),
        ("throttled", "Phs.Graph.Throttled"),
        ("foreignLink", "Phs.Graph.ForeignLink"),
        ("tooLarge", "Phs.Graph.TooLarge"),
        ("unreadable", "Phs.Graph.Unreadable"),
        ("session", "Phs.Graph.Session"),
    ] {
        let read = given(&[
            json!({"question": "organization", "failure": failure}),
            json!({"question": "domains", "failure": failure}),
        ]);
        assert_eq!(ids(&read), [id]);
        assert_eq!(
            reasons(&read)[..2],
            [Some(UnknownReason::Unreadable); 2],
            "{failure}"
        );
        assert_eq!(reasons(&read)[3], Some(UnknownReason::NotCollected));
    }
    assert_eq!(reasons(&given(&[])), [Some(UnknownReason::NotCollected); 7]);
}

#[test]
fn a_page_that_failed_leaves_the_whole_list_unknown_but_not_other_users() {
    let read = given(&[
        ok("domains", DOMAINS),
        json!({"question": "domains", "failure": "timeout"}),
        json!({"question": "users", "identities": ["kari@fabrikam.com"], "status": 200, "body": USERS}),
        json!({"question": "users", "identities": ["per@fabrikam.com"], "failure": "timeout"}),
    ]);
    assert_eq!(
        read.evidence.domains.reason(),
        Some(UnknownReason::Unreadable)
    );
    assert_eq!(read.evidence.users.known().unwrap().len(), 2);
    assert_eq!(read.evidence.asked_users, ["kari@fabrikam.com"]);
    let two = given(&[ok("domains", DOMAINS), ok("domains", DOMAINS)]);
    assert_eq!(two.evidence.domains.known().unwrap().len(), 8);
}

#[test]
fn bodies_of_any_other_shape_are_unknown_and_never_false() {
    let deep = "[".repeat(100_000);
    for body in [
        "",
        "null",
        "[]",
        "true",
        "<html></html>",
        r#"{"value": 1}"#,
        r#"{"value": [1]}"#,
        r#"{"value": null}"#,
        &deep,
        "{\"value\": [{}",
    ] {
        let read = given(&[
            ok("onPremisesSynchronization", body),
            ok("organization", body),
            ok("domains", body),
        ]);
        assert_eq!(ids(&read), ["Phs.Graph.Unreadable"], "{body:.20}");
        assert!(read.evidence.features.password_hash_sync.known().is_none());
    }
    // Objects without what is asked for: absent, as are words in the place of flags.
    for body in [
        "{}",
        r#"{"value": []}"#,
        r#"{"value": [{}]}"#,
        r#"{"value": [{"features": null}]}"#,
        r#"{"value": [{"features": {"passwordSyncEnabled": null}}]}"#,
        r#"{"value": [{"features": {"passwordSyncEnabled": "False"}}]}"#,
        r#"{"value": [{"features": {"PasswordSyncEnabled": false}}]}"#,
    ] {
        let read = given(&[ok("onPremisesSynchronization", body)]);
        assert!(read.problems.is_empty());
        assert_eq!(
            read.evidence.features.password_hash_sync.reason(),
            Some(UnknownReason::Absent),
            "{body}"
        );
    }
    // One object in the place of a collection is read too.
    let one = r#"{"features": {"passwordSyncEnabled": false}}"#;
    let read = given(&[ok("onPremisesSynchronization", one)]);
    assert_eq!(
        read.evidence.features.password_hash_sync,
        Fact::Known(false)
    );
}

#[test]
fn a_field_that_is_not_known_is_refused() {
    for json in [
        json!({"token": "x"}),
        json!({"answers": [{"question": "me"}]}),
        json!({"answers": [{"question": "users", "headers": {}}]}),
    ] {
        assert!(serde_json::from_value::<GraphAnswers>(json).is_err());
    }
}
