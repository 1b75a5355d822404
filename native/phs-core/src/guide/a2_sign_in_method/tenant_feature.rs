//! PHS202: whether password hash sync is switched on in the tenant, and whether the connectors agree.
//!
//! The tenant's answer comes from Graph, or from the server's own module. It is never inferred from a connector or from the
//! sign-in method, and an answer that was not given is not "off".

use jiff::{SignedDuration, Timestamp};

use super::{Channels, channel_rows};
use crate::check::PHS202;
use crate::evidence::cloud::{CloudEvidence, TenantFeatures, first_known};
use crate::evidence::server::ServerConfiguration;
use crate::evidence::{Evidence, Fact, UnknownReason};
use crate::finding::{EvidenceRow, Finding, Target};
use crate::guide::{Context, Sink, reason_text, skip_reason};
use crate::text;
use crate::text::Text;

const GRAPH_FEATURE: &str = "features/passwordSyncEnabled";
const ADSYNC_FEATURE: &str = "PasswordHashSync";
const SYNC_ENABLED: &str = "onPremisesSyncEnabled";
const LAST_PASSWORD_SYNC: &str = "onPremisesLastPasswordSyncDateTime";

/// Judges the check; says nothing where neither the tenant nor the server's module was asked.
pub(super) fn judge(evidence: &Evidence, context: &Context, sink: &mut Sink<'_>) {
    let cloud = evidence.cloud.as_ref();
    let server = evidence.server.as_ref();
    let told = server.and_then(features_told);
    if cloud.is_none() && told.is_none() {
        return;
    }
    let observed_at = cloud.map_or_else(
        || server.and_then(|server| server.exported_at.known().copied()),
        |cloud| cloud.observed_at,
    );
    let finding = answer(cloud, server, told.clone(), context, observed_at);
    let rows = rows(cloud, server, told);
    sink(finding.with_evidence(rows).observed(observed_at));
}

/// What the server's module was told; none where nobody asked it.
fn features_told(server: &ServerConfiguration) -> Option<Fact<bool>> {
    match &server.tenant_features {
        Fact::Known(TenantFeatures {
            password_hash_sync, ..
        }) => Some(password_hash_sync.clone()),
        unknown if unknown.is_not_collected() => None,
        Fact::Unknown { reason, detail } => Some(Fact::Unknown {
            reason: *reason,
            detail: detail.clone(),
        }),
    }
}

fn answer(
    cloud: Option<&CloudEvidence>,
    server: Option<&ServerConfiguration>,
    told: Option<Fact<bool>>,
    context: &Context,
    observed_at: Option<Timestamp>,
) -> Finding {
    let target = tenant_target(cloud, server);
    let asked = cloud.map(|cloud| cloud.features.password_hash_sync.clone());
    let channels = Channels::of(server);
    let sync_is_off =
        cloud.is_some_and(|cloud| cloud.organization.sync_enabled.known() == Some(&Some(false)));
    match first_known(asked, told) {
        Fact::Known(false) if !channels.on.is_empty() => Finding::failed(
            &PHS202,
            target,
            text!("phs202-off-channel-on", connectors = channels.on),
        ),
        Fact::Known(false) => Finding::failed(&PHS202, target, text!("phs202-off")),
        // Only `false` says so: null may be a tenant that was never synchronised, or hidden.
        _ if sync_is_off => Finding::failed(&PHS202, target, text!("phs202-sync-off")),
        Fact::Known(true) if channels.all_off() => Finding::failed(
            &PHS202,
            target,
            text!("phs202-channels-off", connectors = channels.off),
        ),
        Fact::Known(true) => switched_on(cloud, &channels, target, context, observed_at),
        Fact::Unknown { reason, detail } => Finding::skipped(
            &PHS202,
            skip_reason(reason),
            target,
            unknown(reason, detail),
        ),
    }
}

/// The feature is on. How long the tenant has heard of no password is a hint: the time is one for all forests and servers,
/// and no threshold for it is published (domain 12.53).
fn switched_on(
    cloud: Option<&CloudEvidence>,
    channels: &Channels,
    target: Target,
    context: &Context,
    observed_at: Option<Timestamp>,
) -> Finding {
    let window = context.policy.heartbeat_window;
    let now = observed_at.unwrap_or(context.today);
    let last = cloud.and_then(|cloud| cloud.organization.last_password_sync.known().copied());
    match last {
        Some(None) => Finding::warning(&PHS202, target, text!("phs202-on-never")),
        Some(Some(last)) if now.duration_since(last) > window => Finding::warning(
            &PHS202,
            target,
            text!(
                "phs202-on-silent",
                at = last.to_string(),
                window = hours(window)
            ),
        ),
        _ if channels.on.is_empty() => Finding::passed(&PHS202, target, text!("phs202-on-alone")),
        _ if channels.off.is_empty() && channels.unknown.is_empty() => {
            Finding::passed(&PHS202, target, text!("phs202-on"))
        }
        _ => Finding::passed(
            &PHS202,
            target,
            text!("phs202-on-some", connectors = channels.on.clone()),
        ),
    }
}

fn hours(window: SignedDuration) -> i64 {
    window.as_hours()
}

fn unknown(reason: UnknownReason, detail: Option<String>) -> Text {
    match (reason, detail) {
        (UnknownReason::NotPermitted, Some(permission)) => {
            text!("phs202-not-permitted", permission = permission)
        }
        (reason, Some(detail)) => text!(
            "phs202-unknown-because",
            reason = reason_text(reason),
            detail = detail
        ),
        (reason, None) => text!("phs202-unknown", reason = reason_text(reason)),
    }
}

/// The tenant as a target: by the domain that it was made with, which Graph and the server's connector both know, else by
/// its identifier.
pub(super) fn tenant_target(
    cloud: Option<&CloudEvidence>,
    server: Option<&ServerConfiguration>,
) -> Target {
    let initial = cloud.and_then(|cloud| cloud.organization.initial_domain.known().cloned());
    let by_connector = || {
        let name = &server?.entra_connectors().next()?.name;
        let domain = name
            .split_once(" - ")
            .map_or(name.as_str(), |(domain, _)| domain);
        Some(domain.trim().to_owned())
    };
    let by_id = || Some(cloud?.organization.id.known()?.to_string());
    let named = initial.or_else(by_connector).or_else(by_id);
    Target::named(named.unwrap_or_else(|| PHS202.name.to_owned()))
}

fn rows(
    cloud: Option<&CloudEvidence>,
    server: Option<&ServerConfiguration>,
    told: Option<Fact<bool>>,
) -> Vec<EvidenceRow> {
    let mut rows = Vec::new();
    if let Some(cloud) = cloud {
        let mut row = |object: &str, attribute: &str, value: String| {
            rows.push(EvidenceRow::new(&cloud.source, object, attribute, value));
        };
        if let Fact::Known(on) = cloud.features.password_hash_sync {
            row("onPremisesSynchronization", GRAPH_FEATURE, on.to_string());
        }
        if let Fact::Known(enabled) = cloud.organization.sync_enabled {
            row("organization", SYNC_ENABLED, shown(enabled));
        }
        if let Fact::Known(last) = cloud.organization.last_password_sync {
            row("organization", LAST_PASSWORD_SYNC, shown(last));
        }
    }
    if let Some((server, Fact::Known(on))) = server.zip(told) {
        rows.push(EvidenceRow::new(
            &server.source,
            "Get-ADSyncAADCompanyFeature",
            ADSYNC_FEATURE,
            on.to_string(),
        ));
    }
    rows.extend(server.into_iter().flat_map(channel_rows));
    rows
}

/// A value, or `null` as Graph writes none.
fn shown<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "null".to_owned(), |value| value.to_string())
}
