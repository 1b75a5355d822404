//! The tenant: its features, and how the users of its domains sign in.

use super::pairing::{Key, pair};
use super::values::{Gaps, flag, shown};
use super::{Area, Difference, Kind, Side, Sink};
use crate::casefold::folded;
use crate::check::{PHS202, PHS203, PHS601, Severity};
use crate::evidence::cloud::{CloudDomain, DomainAuthentication, TenantFeatures};
use crate::evidence::{Evidence, Fact};
use crate::finding::Target;
use crate::text;

/// Compares what either side knows of the tenant, from the cloud or from the server's own module.
pub(super) fn compare(before: &Evidence, after: &Evidence, sink: &mut Sink<'_>) {
    let mut gaps = Gaps::default();
    let target = Target::named("tenant");
    features(before, after, &mut gaps, sink);
    if let (Some(was), Some(is)) = (&before.cloud, &after.cloud) {
        let sources = (was.source.as_str(), is.source.as_str());
        if let Some((was, is)) = gaps.differing("id", &was.organization.id, &is.organization.id) {
            let (was, is) = (was.to_string(), is.to_string());
            let message = text!("compare-tenant", before = &was, after = &is);
            sink(
                Difference::new(
                    Area::Cloud,
                    Kind::Changed,
                    Severity::Critical,
                    target.clone(),
                    "id",
                    message,
                )
                .values(Some(was), Some(is))
                .sources(sources.0, sources.1),
            );
        }
        match (&was.domains, &is.domains) {
            (Fact::Known(was), Fact::Known(is)) => domains(was, is, sources, &mut gaps, sink),
            (was, is) => {
                let _ = gaps.differing("domains", was, is);
            }
        }
    }
    gaps.tell(Area::Cloud, target, ("", ""), sink);
}

/// What the cloud says of its features, else what the server's module was told.
fn known_features(evidence: &Evidence) -> Option<(TenantFeatures, String)> {
    if let Some(cloud) = &evidence.cloud {
        return Some((cloud.features.clone(), cloud.source.clone()));
    }
    let server = evidence.server.as_ref()?;
    let features = server.tenant_features.known()?;
    Some((features.clone(), server.source.clone()))
}

fn features(before: &Evidence, after: &Evidence, gaps: &mut Gaps, sink: &mut Sink<'_>) {
    // Where neither side has a tenant at all there is nothing to say; where one has, its kind of evidence tells.
    let (Some(was), Some(is)) = (known_features(before), known_features(after)) else {
        return;
    };
    for (property, check, severity, one, other) in [
        (
            "passwordSyncEnabled",
            &PHS202,
            Severity::Critical,
            &was.0.password_hash_sync,
            &is.0.password_hash_sync,
        ),
        (
            "userForcePasswordChangeOnLogonEnabled",
            &PHS601,
            Severity::Warning,
            &was.0.force_password_change_on_log_on,
            &is.0.force_password_change_on_log_on,
        ),
    ] {
        let Some((&one, &other)) = gaps.differing(property, one, other) else {
            continue;
        };
        let (severity, message) = if other {
            (
                Severity::Warning,
                text!("compare-feature-on", feature = property),
            )
        } else {
            (severity, text!("compare-feature-off", feature = property))
        };
        sink(
            Difference::new(
                Area::Cloud,
                Kind::Changed,
                severity,
                Target::named("tenant"),
                property,
                message,
            )
            .check(check)
            .values(Some(flag(one)), Some(flag(other)))
            .sources(&was.1, &is.1),
        );
    }
}

fn domains(
    before: &[CloudDomain],
    after: &[CloudDomain],
    sources: (&str, &str),
    gaps: &mut Gaps,
    sink: &mut Sink<'_>,
) {
    let name = |domain: &CloudDomain| Some(folded(&domain.name));
    let pairs = pair(
        before,
        after,
        &[Key {
            left: &name,
            right: &name,
        }],
    );
    for (side, indexes, list) in [
        (Side::Reference, pairs.left, before),
        (Side::Difference, pairs.right, after),
    ] {
        for index in indexes {
            let domain = &list[index].name;
            sink(
                Difference::new(
                    Area::Cloud,
                    side.only(),
                    Severity::Information,
                    Target::named(domain.as_str()),
                    "domain",
                    text!(
                        "compare-cloud-domain-only",
                        domain = domain,
                        side = side.text()
                    ),
                )
                .sources(sources.0, sources.1),
            );
        }
    }
    for (one, other) in pairs.both {
        let (was, is) = (&before[one], &after[other]);
        let name = format!("{}/authenticationType", is.name);
        if let Some((was, other)) = gaps.differing(&name, &was.authentication, &is.authentication) {
            let (was, other) = (word(was), word(other));
            let message = text!(
                "compare-cloud-domain",
                domain = &is.name,
                before = shown(was),
                after = shown(other)
            );
            sink(
                Difference::new(
                    Area::Cloud,
                    Kind::Changed,
                    Severity::Warning,
                    Target::named(is.name.as_str()),
                    "authenticationType",
                    message,
                )
                .check(&PHS203)
                .values(Some(was.to_owned()), Some(other.to_owned()))
                .sources(sources.0, sources.1),
            );
        }
    }
}

fn word(authentication: &DomainAuthentication) -> &str {
    match authentication {
        DomainAuthentication::Managed => "Managed",
        DomainAuthentication::Federated => "Federated",
        DomainAuthentication::Other(word) => word,
    }
}
