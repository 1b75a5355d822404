//! Guide step A2: whether password hash sync is switched on, and whether rules and partitions let it work.
//!
//! Three switches are independent of each other: the connector's channel, the tenant's feature, the sign-in method. Each is
//! read where it stands; none is inferred from another (domain 7, 12.11).

mod partition_setup;
mod password_rule;
mod tenant_domains;
mod tenant_feature;

use super::{Context, Sink, part_unreadable, reason_text, server_target, skip_reason};
use crate::check::{Check, PHS201, PHS203};
use crate::evidence::server::{
    Connector, ENTRA_CONNECTOR, Part, ServerConfiguration, UnreadablePart,
};
use crate::evidence::{Evidence, Fact};
use crate::finding::{EvidenceRow, Finding, SkipReason, Target};
use crate::text;

/// Global optional feature of old builds: a hint, never the source of truth (domain 10.1).
const OPTIONAL_FEATURE: &str = "Microsoft.OptionalFeature.PasswordHashSync";
const SIGN_ON_METHOD: &str = "Microsoft.UserSignIn.SignOnMethod";
const SEAMLESS_SSO: &str = "Microsoft.UserSignIn.DesktopSsoEnabled";

/// Judges the step.
pub fn judge(evidence: &Evidence, context: &Context, sink: &mut Sink<'_>) {
    let server = evidence.server.as_ref();
    on_server(server, sink, enabled);
    tenant_feature::judge(evidence, context, sink);
    on_server(server, sink, sign_in_method);
    tenant_domains::judge(evidence, sink);
    on_server(server, sink, password_rule::judge);
    on_server(server, sink, partition_setup::judge);
}

/// Judges what the configuration of the server tells, where there is one; true when that was exported.
fn on_server(
    server: Option<&ServerConfiguration>,
    sink: &mut Sink<'_>,
    judge: fn(&ServerConfiguration, &mut Sink<'_>),
) {
    if let Some(server) = server {
        let observed_at = server.exported_at.known().copied();
        judge(server, &mut |finding| sink(finding.observed(observed_at)));
    }
}

/// The channels of all Active Directory connectors, by name.
#[derive(Debug, Default)]
struct Channels {
    on: Vec<String>,
    off: Vec<String>,
    /// Connectors, or files of connectors, whose channel is not known.
    unknown: Vec<String>,
}

impl Channels {
    fn of(server: Option<&ServerConfiguration>) -> Self {
        let mut channels = Self::default();
        let Some(server) = server else {
            return channels;
        };
        for connector in server.ad_connectors() {
            let list = match connector.password_hash_sync.known() {
                Some(channel) if channel.enabled => &mut channels.on,
                Some(_) => &mut channels.off,
                None => &mut channels.unknown,
            };
            list.push(connector.name.clone());
        }
        let hidden = connectors_that_may_hide(server).map(|part| part.source.clone());
        channels.unknown.extend(hidden);
        channels
    }

    /// Whether every connector is known to be off, and there is one.
    fn all_off(&self) -> bool {
        self.on.is_empty() && self.unknown.is_empty() && !self.off.is_empty()
    }
}

/// PHS201: one finding per Active Directory connector, and one per connector file that could not be read.
fn enabled(server: &ServerConfiguration, sink: &mut Sink<'_>) {
    for connector in server.ad_connectors() {
        sink(channel(server, connector));
    }
    unreadable_connectors(&PHS201, server, sink);
    if server.ad_connectors().next().is_none() && !may_hide_connector(server) {
        sink(Finding::failed(
            &PHS201,
            server_target(server),
            text!("phs201-no-connector", source = &server.source),
        ));
    }
}

fn channel(server: &ServerConfiguration, connector: &Connector) -> Finding {
    let target = connector_target(connector);
    let mut rows = Vec::new();
    let finding = match &connector.password_hash_sync {
        Fact::Known(channel) => {
            rows.push(connector_row(
                connector,
                "password-hash-sync-config/enabled",
                if channel.enabled { "1" } else { "0" },
            ));
            if let Some(identifier) = channel.target {
                rows.push(connector_row(
                    connector,
                    "password-hash-sync-config/target",
                    &identifier.to_string(),
                ));
            }
            let known_target = channel.target.is_none_or(|identifier| {
                may_hide_connector(server)
                    || server
                        .entra_connectors()
                        .any(|entra| entra.identifier == identifier)
            });
            if !channel.enabled {
                switched_off(server, connector, target)
            } else if known_target {
                Finding::passed(
                    &PHS201,
                    target,
                    text!("phs201-enabled", connector = &connector.name),
                )
            } else {
                Finding::warning(
                    &PHS201,
                    target,
                    text!("phs201-lost-target", connector = &connector.name),
                )
            }
        }
        Fact::Unknown { reason, .. } => Finding::skipped(
            &PHS201,
            skip_reason(*reason),
            target,
            text!(
                "phs201-unknown",
                connector = &connector.name,
                file = &connector.source,
                reason = reason_text(*reason)
            ),
        ),
    };
    rows.extend(setting_row(server, OPTIONAL_FEATURE));
    finding.with_evidence(rows)
}

fn switched_off(server: &ServerConfiguration, connector: &Connector, target: Target) -> Finding {
    let finding = Finding::failed(
        &PHS201,
        target,
        text!("phs201-disabled", connector = &connector.name),
    );
    let mut entra = server.entra_connectors();
    match (entra.next(), entra.next()) {
        (Some(only), None) => finding.with_remedy(text!(
            "phs201-enable-channel",
            source = quoted(&connector.name),
            target = quoted(&only.name)
        )),
        _ => finding,
    }
}

/// PHS203: the sign-in method beside the state of the channels.
fn sign_in_method(server: &ServerConfiguration, sink: &mut Sink<'_>) {
    let target = server_target(server);
    let method = match server.setting(SIGN_ON_METHOD) {
        Fact::Known(method) => method,
        Fact::Unknown { reason, .. } => {
            let finding = Finding::skipped(
                &PHS203,
                skip_reason(reason),
                target,
                text!(
                    "phs203-unknown",
                    file = &server.settings_source,
                    reason = reason_text(reason)
                ),
            );
            sink(finding.with_evidence(settings_errors(server)));
            return;
        }
    };
    let Channels { off, unknown, .. } = Channels::of(Some(server));
    let rows: Vec<_> = [SIGN_ON_METHOD, SEAMLESS_SSO]
        .into_iter()
        .filter_map(|name| setting_row(server, name))
        .chain(channel_rows(server))
        .collect();
    let by_hash = method.eq_ignore_ascii_case("PasswordHashSync");
    let finding = if !off.is_empty() && by_hash {
        Finding::warning(
            &PHS203,
            target,
            text!("phs203-contradicts", connectors = off),
        )
    } else if !off.is_empty() {
        Finding::warning(
            &PHS203,
            target,
            text!("phs203-explains", method = method, connectors = off),
        )
    } else if !unknown.is_empty() || server.ad_connectors().next().is_none() {
        let message = if unknown.is_empty() {
            text!("phs203-no-connector", method = method)
        } else {
            text!("phs203-no-channel", method = method, connectors = unknown)
        };
        Finding::skipped(&PHS203, SkipReason::EvidenceMissing, target, message)
    } else if by_hash {
        Finding::passed(&PHS203, target, text!("phs203-agrees"))
    } else {
        Finding::passed(&PHS203, target, text!("phs203-beside", method = method))
    };
    sink(finding.with_evidence(rows));
}

/// A connector as a target: its name, identified by its GUID.
fn connector_target(connector: &Connector) -> Target {
    Target::identified(&connector.name, connector.identifier)
}

fn connector_row(connector: &Connector, attribute: &str, value: &str) -> EvidenceRow {
    EvidenceRow::new(&connector.source, &connector.name, attribute, value)
}

/// The channel of each connector where it is known.
fn channel_rows(server: &ServerConfiguration) -> impl Iterator<Item = EvidenceRow> {
    server.ad_connectors().filter_map(|connector| {
        let channel = connector.password_hash_sync.known()?;
        Some(connector_row(
            connector,
            "password-hash-sync-config/enabled",
            if channel.enabled { "1" } else { "0" },
        ))
    })
}

fn setting_row(server: &ServerConfiguration, name: &str) -> Option<EvidenceRow> {
    server
        .setting(name)
        .known()
        .map(|value| EvidenceRow::new(&server.settings_source, "GlobalSettings", name, *value))
}

fn settings_errors(server: &ServerConfiguration) -> impl Iterator<Item = EvidenceRow> {
    server
        .unreadable(Part::GlobalSettings)
        .map(super::unreadable_row)
}

/// Connector files that could not be read and may each be an Active Directory connector. The file of the connector to the
/// tenant is known by its identifier.
fn connectors_that_may_hide(server: &ServerConfiguration) -> impl Iterator<Item = &UnreadablePart> {
    let tenant = ENTRA_CONNECTOR.to_string();
    server
        .unreadable(Part::Connector)
        .filter(move |part| !part.source.to_ascii_lowercase().contains(&tenant))
}

/// Whether a connector file could not be read, so that a connector that was not found may exist.
fn may_hide_connector(server: &ServerConfiguration) -> bool {
    server.unreadable(Part::Connector).next().is_some()
}

/// One skipped finding per connector file that could not be read.
fn unreadable_connectors(check: &'static Check, server: &ServerConfiguration, sink: &mut Sink<'_>) {
    for part in connectors_that_may_hide(server) {
        sink(part_unreadable(check, Target::named(&part.source), part));
    }
}

/// A name as it stands between single quotes in PowerShell.
fn quoted(name: &str) -> String {
    name.replace('\'', "''")
}

#[cfg(test)]
mod tests;
