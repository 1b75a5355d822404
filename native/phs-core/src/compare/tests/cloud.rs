//! The tenant.

use uuid::Uuid;

use super::*;
use crate::check::Severity;
use crate::evidence::Fact;
use crate::evidence::cloud::{CloudDomain, CloudEvidence, DomainAuthentication, TenantFeatures};

fn tenant() -> CloudEvidence {
    let mut cloud = CloudEvidence {
        source: "https://graph.test".to_owned(),
        features: TenantFeatures {
            password_hash_sync: Fact::Known(true),
            force_password_change_on_log_on: Fact::Known(true),
        },
        domains: Fact::Known(vec![CloudDomain {
            name: "fabrikam.com".to_owned(),
            authentication: Fact::Known(DomainAuthentication::Managed),
            ..CloudDomain::default()
        }]),
        ..CloudEvidence::default()
    };
    cloud.organization.id = Fact::Known(Uuid::from_u128(1));
    cloud
}

fn changed(edit: impl FnOnce(&mut CloudEvidence)) -> Vec<Difference> {
    let mut before = healthy();
    before.cloud = Some(tenant());
    let mut after = before.clone();
    edit(after.cloud.as_mut().unwrap());
    differences(&before, &after)
        .into_iter()
        .filter(|one| one.area == Area::Cloud)
        .collect()
}

#[test]
fn a_feature_of_the_tenant() {
    assert!(changed(|_| ()).is_empty());
    let found = changed(|cloud| cloud.features.password_hash_sync = Fact::Known(false));
    assert_eq!(found.len(), 1);
    assert_eq!(
        (check_id(&found[0]), found[0].severity),
        ("PHS202", Severity::Critical)
    );
    let found = changed(|cloud| cloud.features = TenantFeatures::default());
    assert_eq!((found.len(), found[0].kind), (1, Kind::NotComparable));
}

#[test]
fn a_feature_as_the_server_was_told() {
    let told = |on| {
        let mut evidence = healthy();
        evidence.server.as_mut().unwrap().tenant_features = Fact::Known(TenantFeatures {
            password_hash_sync: Fact::Known(on),
            ..TenantFeatures::default()
        });
        evidence
    };
    let found = differences(&told(false), &told(true));
    assert_eq!((found.len(), found[0].severity), (1, Severity::Warning));
    assert!(
        said(&found[0])
            .ends_with("is off in the tenant in the reference and on in the difference.")
    );
}

#[test]
fn a_domain_that_became_federated_and_another_tenant() {
    let found = changed(|cloud| {
        let Fact::Known(domains) = &mut cloud.domains else {
            panic!("no domains")
        };
        domains[0].name = "Fabrikam.com".to_owned();
        domains[0].authentication = Fact::Known(DomainAuthentication::Federated);
    });
    assert_eq!((found.len(), check_id(&found[0])), (1, "PHS203"));
    let found = changed(|cloud| cloud.organization.id = Fact::Known(Uuid::from_u128(2)));
    assert_eq!(
        (found[0].property.as_str(), found[0].severity),
        ("id", Severity::Critical)
    );
}
