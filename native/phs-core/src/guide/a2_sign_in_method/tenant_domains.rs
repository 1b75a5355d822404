//! PHS203 for the tenant: how the users of its domains sign in, beside the state of password hash sync.
//!
//! A managed domain may use pass-through authentication, which Graph does not tell, so password hash sync may be off there
//! by intent. A user on a federated domain may rely on password hash sync by staged rollout (domain 5.12, 12.35).

use super::tenant_feature::tenant_target;
use super::{Channels, SIGN_ON_METHOD, channel_rows};
use crate::check::PHS203;
use crate::evidence::cloud::{
    CloudDomain, CloudEvidence, DomainAuthentication, RolloutPolicy, first_known,
};
use crate::evidence::server::ServerConfiguration;
use crate::evidence::{Evidence, Fact, UnknownReason};
use crate::finding::{EvidenceRow, Finding, SkipReason, Target};
use crate::guide::{Sink, reason_text, skip_reason};
use crate::text;

/// Judges the domains; says nothing where the tenant was not asked.
pub(super) fn judge(evidence: &Evidence, sink: &mut Sink<'_>) {
    let Some(cloud) = &evidence.cloud else {
        return;
    };
    if cloud.domains.is_not_collected() {
        return;
    }
    let server = evidence.server.as_ref();
    let tenant = tenant_target(Some(cloud), server);
    let canonical = format!("{}|domains", tenant.canonical);
    let target = Target::identified(tenant.display, canonical);
    let finding = match &cloud.domains {
        Fact::Known(domains) => judge_domains(cloud, domains, server, target),
        Fact::Unknown { reason, detail } => Finding::skipped(
            &PHS203,
            skip_reason(*reason),
            target,
            match detail {
                Some(detail) => text!(
                    "phs203-domains-unknown-because",
                    reason = reason_text(*reason),
                    detail = detail
                ),
                None => text!("phs203-domains-unknown", reason = reason_text(*reason)),
            },
        ),
    };
    let rows = rows(cloud).chain(server.into_iter().flat_map(channel_rows));
    sink(finding.with_evidence(rows).observed(cloud.observed_at));
}

fn judge_domains(
    cloud: &CloudEvidence,
    domains: &[CloudDomain],
    server: Option<&ServerConfiguration>,
    target: Target,
) -> Finding {
    let verified = || {
        domains
            .iter()
            .filter(|domain| domain.verified.known() == Some(&true))
    };
    // The initial domain is always managed and says nothing, unless it is the only one.
    let only_initial = verified().all(|domain| domain.initial.known() == Some(&true));
    let with = |authentication: &DomainAuthentication| -> Vec<String> {
        verified()
            .filter(|domain| only_initial || domain.initial.known() != Some(&true))
            .filter(|domain| domain.authentication.known() == Some(authentication))
            .map(|domain| domain.name.clone())
            .collect()
    };
    let managed = with(&DomainAuthentication::Managed);
    let federated = with(&DomainAuthentication::Federated);
    let rollout = password_rollout(cloud);
    let by_another_method = server
        .and_then(|server| server.setting(SIGN_ON_METHOD).known().copied())
        .is_some_and(|method| {
            !["PasswordHashSync", "NotConfigured"]
                .iter()
                .any(|known| method.eq_ignore_ascii_case(known))
        });
    if managed.is_empty() && federated.is_empty() {
        return Finding::skipped(
            &PHS203,
            SkipReason::EvidenceMissing,
            target,
            text!("phs203-no-domain"),
        );
    }
    match state(cloud, server) {
        None => Finding::skipped(
            &PHS203,
            SkipReason::EvidenceMissing,
            target,
            text!(
                "phs203-domains-no-state",
                managed = managed,
                federated = federated
            ),
        ),
        Some(true) if federated.is_empty() => Finding::passed(
            &PHS203,
            target,
            text!("phs203-managed-on", managed = managed),
        ),
        Some(true) if rollout.is_some() => Finding::passed(
            &PHS203,
            target,
            text!("phs203-rollout-on", federated = federated),
        ),
        Some(true) => Finding::passed(
            &PHS203,
            target,
            text!("phs203-federated-on", federated = federated),
        ),
        Some(false) if rollout.is_some() && !federated.is_empty() => Finding::warning(
            &PHS203,
            target,
            text!("phs203-rollout-off", federated = federated),
        ),
        Some(false) if managed.is_empty() => Finding::warning(
            &PHS203,
            target,
            text!("phs203-federated-off", federated = federated),
        ),
        Some(false) if by_another_method => Finding::warning(
            &PHS203,
            target,
            text!("phs203-managed-other-off", managed = managed),
        ),
        Some(false) => Finding::warning(
            &PHS203,
            target,
            text!("phs203-managed-off", managed = managed),
        ),
    }
}

/// Whether passwords are synchronised at all: the tenant takes them, and a connector sends them where the server was read.
fn state(cloud: &CloudEvidence, server: Option<&ServerConfiguration>) -> Option<bool> {
    let told = server
        .and_then(|server| server.tenant_features.known())
        .map(|features| features.password_hash_sync.clone());
    let feature = first_known(Some(cloud.features.password_hash_sync.clone()), told);
    let channels = Channels::of(server);
    match feature.known() {
        Some(false) => Some(false),
        _ if channels.all_off() => Some(false),
        Some(true) if server.is_none() || !channels.on.is_empty() => Some(true),
        _ => None,
    }
}

/// The staged rollout of password hash sync that is on.
fn password_rollout(cloud: &CloudEvidence) -> Option<&RolloutPolicy> {
    cloud.staged_rollout.known()?.iter().find(|policy| {
        policy.feature.eq_ignore_ascii_case("passwordHashSync")
            && policy.enabled.known() == Some(&true)
    })
}

fn rows(cloud: &CloudEvidence) -> impl Iterator<Item = EvidenceRow> {
    let domains = cloud.domains.known().into_iter().flatten();
    let domains = domains.flat_map(|domain| {
        let row = |attribute: &str, value: &str| {
            EvidenceRow::new(&cloud.source, &domain.name, attribute, value)
        };
        let authentication = domain.authentication.known().map(|kind| {
            let word = match kind {
                DomainAuthentication::Managed => "Managed",
                DomainAuthentication::Federated => "Federated",
                DomainAuthentication::Other(other) => other,
            };
            row("authenticationType", word)
        });
        let federation = domain.federation.known().and_then(Option::as_ref);
        let issuer = federation.and_then(|federation| federation.issuer.as_deref());
        authentication
            .into_iter()
            .chain(issuer.map(|issuer| row("federationConfiguration/issuerUri", issuer)))
            .collect::<Vec<_>>()
    });
    let policies = cloud.staged_rollout.known().into_iter().flatten();
    // That no staged rollout is told does not mean that there is none.
    let hidden = match &cloud.staged_rollout {
        Fact::Unknown {
            reason: UnknownReason::NotPermitted | UnknownReason::Unreadable,
            detail,
        } => {
            let why = detail.as_deref().unwrap_or("no answer");
            let state = format!("staged rollout is not known: {why}");
            let row = EvidenceRow::new(&cloud.source, "featureRolloutPolicies", "value", state);
            Some(row)
        }
        _ => None,
    };
    domains.chain(hidden).chain(policies.map(|policy| {
        let state = match (policy.enabled.known(), policy.groups.known()) {
            (Some(on), Some(groups)) => format!("isEnabled {on}, {groups} groups"),
            (Some(on), None) => format!("isEnabled {on}"),
            (None, _) => "isEnabled is not known".to_owned(),
        };
        EvidenceRow::new(
            &cloud.source,
            "featureRolloutPolicies",
            &policy.feature,
            state,
        )
    }))
}
