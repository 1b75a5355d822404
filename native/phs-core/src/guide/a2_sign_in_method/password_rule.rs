//! PHS204: whether enabled rules carry the password, in from each Active Directory connector and out to the tenant.
//!
//! Rules are found by direction, connector and flag, never by name or number: both can be changed (domain 5.6, 12.25).

use uuid::Uuid;

use super::{connector_target, may_hide_connector, unreadable_connectors};
use crate::check::PHS204;
use crate::evidence::server::{
    Connector, ENTRA_CONNECTOR, Part, ServerConfiguration, SourcedRule, UnreadablePart,
};
use crate::finding::{EvidenceRow, Finding, SkipReason, Target};
use crate::guide::{Sink, server_target, unreadable_row};
use crate::rules::model::Direction;
use crate::text;

/// Judges the check.
pub(super) fn judge(server: &ServerConfiguration, sink: &mut Sink<'_>) {
    let tenants: Vec<&Connector> = server.entra_connectors().collect();
    if tenants.len() > 1 {
        sink(many_tenants(server, &tenants));
    }
    let no_tenant = tenants.is_empty() && !may_hide_connector(server);
    if no_tenant {
        sink(Finding::failed(
            &PHS204,
            server_target(server),
            text!("phs204-no-tenant"),
        ));
    }
    let mut outward: Vec<Uuid> = tenants.iter().map(|entra| entra.identifier).collect();
    outward.push(ENTRA_CONNECTOR);
    let outbound = Side::of(server, &Direction::Outbound, &outward);
    for connector in server.ad_connectors() {
        let inbound = Side::of(server, &Direction::Inbound, &[connector.identifier]);
        sink(judge_connector(
            server, connector, &inbound, &outbound, no_tenant,
        ));
    }
    unreadable_connectors(&PHS204, server, sink);
}

fn many_tenants(server: &ServerConfiguration, tenants: &[&Connector]) -> Finding {
    let names: Vec<String> = tenants.iter().map(|entra| entra.name.clone()).collect();
    Finding::failed(
        &PHS204,
        server_target(server),
        text!(
            "phs204-many-tenants",
            count = tenants.len(),
            connectors = names
        ),
    )
    .with_evidence(tenants.iter().map(|entra| {
        EvidenceRow::new(
            &entra.source,
            &entra.name,
            "id",
            entra.identifier.to_string(),
        )
    }))
}

/// The rules of one side that matter for passwords of users.
#[derive(Default)]
struct Side<'a> {
    /// Enabled, and carry the password.
    carrying: Vec<&'a SourcedRule>,
    /// Would carry it, but are disabled.
    disabled: Vec<&'a SourcedRule>,
    /// Enabled, and do not say whether they carry it.
    unstated: Vec<&'a SourcedRule>,
}

impl<'a> Side<'a> {
    fn of(server: &'a ServerConfiguration, direction: &Direction, connectors: &[Uuid]) -> Self {
        let mut side = Self::default();
        for sourced in &server.rules {
            let rule = &sourced.rule;
            // Password hashes are read of objects of the class user only; inetOrgPerson never has one (domain 5.1).
            let object = match direction {
                Direction::Outbound => &rule.target_object_type,
                _ => &rule.source_object_type,
            };
            let of_users =
                object.is_empty() || object == "*" || object.eq_ignore_ascii_case("user");
            if rule.direction != *direction || !connectors.contains(&rule.connector) || !of_users {
                continue;
            }
            match (rule.disabled, rule.enable_password_sync) {
                (false, Some(true)) => side.carrying.push(sourced),
                (true, Some(true)) => side.disabled.push(sourced),
                (false, None) => side.unstated.push(sourced),
                (_, Some(false)) | (true, None) => {}
            }
        }
        side
    }

    fn carries(&self) -> bool {
        !self.carrying.is_empty()
    }

    fn names(&self) -> Vec<String> {
        self.carrying
            .iter()
            .map(|sourced| sourced.rule.name.clone())
            .collect()
    }
}

fn judge_connector(
    server: &ServerConfiguration,
    connector: &Connector,
    inbound: &Side<'_>,
    outbound: &Side<'_>,
    no_tenant: bool,
) -> Finding {
    let target = connector_target(connector);
    let name = &connector.name;
    let failed = |message| Finding::failed(&PHS204, target.clone(), message);
    let finding = match (inbound.carries(), outbound.carries()) {
        (true, true) => Finding::passed(
            &PHS204,
            target.clone(),
            text!(
                "phs204-both",
                connector = name,
                inbound = inbound.names(),
                outbound = outbound.names()
            ),
        ),
        (true, false) if no_tenant => Finding::skipped(
            &PHS204,
            SkipReason::DependencyFailed,
            target.clone(),
            text!(
                "phs204-no-way-out",
                connector = name,
                inbound = inbound.names()
            ),
        ),
        (inward, outward) => {
            let mut files = Vec::new();
            if !inward {
                files.extend(inbound.unstated.iter().map(|rule| rule.source.clone()));
            }
            if !outward {
                files.extend(outbound.unstated.iter().map(|rule| rule.source.clone()));
            }
            let unreadable: Vec<&UnreadablePart> = server.unreadable(Part::Rule).collect();
            files.extend(unreadable.iter().map(|part| part.source.clone()));
            if files.is_empty() {
                failed(match (inward, outward || no_tenant) {
                    (false, true) => text!("phs204-no-inbound", connector = name),
                    (true, _) => text!("phs204-no-outbound", connector = name),
                    (false, false) => text!("phs204-neither", connector = name),
                })
            } else {
                unknown(target.clone(), name, files)
                    .with_evidence(unreadable.into_iter().map(unreadable_row))
            }
        }
    };
    let mut finding = finding;
    for (side, needed) in [
        (inbound, !inbound.carries()),
        (outbound, !outbound.carries()),
    ] {
        if needed && finding.outcome == crate::finding::Outcome::Failed {
            for rule in &side.disabled {
                finding = finding.with_remedy(text!(
                    "phs204-disabled-rule",
                    rule = &rule.rule.name,
                    file = &rule.source
                ));
            }
        }
        finding = finding.with_evidence(rows(side));
    }
    finding
}

fn unknown(target: Target, connector: &str, files: Vec<String>) -> Finding {
    Finding::skipped(
        &PHS204,
        SkipReason::EvidenceMissing,
        target,
        text!("phs204-unknown", connector = connector, files = files),
    )
}

fn rows<'a>(side: &'a Side<'a>) -> impl Iterator<Item = EvidenceRow> + 'a {
    let flag = |sourced: &&SourcedRule, value: &str| {
        EvidenceRow::new(
            &sourced.source,
            &sourced.rule.name,
            "EnablePasswordSync",
            value,
        )
    };
    let carrying = side.carrying.iter().map(move |rule| flag(rule, "true"));
    let disabled = side
        .disabled
        .iter()
        .map(|rule| EvidenceRow::new(&rule.source, &rule.rule.name, "disabled", "true"));
    let unstated = side
        .unstated
        .iter()
        .map(move |rule| flag(rule, "not stated"));
    carrying.chain(disabled).chain(unstated)
}
