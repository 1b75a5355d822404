//! PHS205: whether each selected partition is a domain to the connector, runs in each kind of run profile, and has a domain
//! controller that may be used.

use super::{connector_row, connector_target, unreadable_connectors};
use crate::check::PHS205;
use crate::dn::Dn;
use crate::evidence::Fact;
use crate::evidence::server::{Connector, Partition, RunStep, ServerConfiguration};
use crate::finding::{EvidenceRow, Finding, SkipReason, Target};
use crate::guide::Sink;
use crate::text;
use crate::text::Text;

/// Judges the check.
pub(super) fn judge(server: &ServerConfiguration, sink: &mut Sink<'_>) {
    for connector in server.ad_connectors() {
        judge_connector(connector, sink);
    }
    unreadable_connectors(&PHS205, server, sink);
}

fn judge_connector(connector: &Connector, sink: &mut Sink<'_>) {
    let mut unselected = Vec::new();
    let mut any = false;
    for partition in &connector.partitions {
        match partition.selected {
            Fact::Known(false) => unselected.push(partition.distinguished_name.clone()),
            Fact::Known(true) => {
                any = true;
                sink(judge_partition(connector, partition));
            }
            Fact::Unknown { .. } => {
                any = true;
                sink(unknown(connector, partition, &["selected"]));
            }
        }
    }
    if !any {
        sink(Finding::failed(
            &PHS205,
            connector_target(connector),
            text!("phs205-no-selection", connector = &connector.name),
        ));
    } else if !unselected.is_empty() {
        sink(Finding::skipped(
            &PHS205,
            SkipReason::NotApplicable,
            connector_target(connector),
            text!(
                "phs205-unselected",
                connector = &connector.name,
                partitions = unselected
            ),
        ));
    }
}

fn judge_partition(connector: &Connector, partition: &Partition) -> Finding {
    let target = partition_target(partition);
    if is_other_naming_context(&partition.distinguished_name)
        && partition.is_domain != Fact::Known(true)
    {
        return Finding::skipped(
            &PHS205,
            SkipReason::NotApplicable,
            target,
            text!("phs205-other", partition = &partition.distinguished_name),
        );
    }
    let faults = faults(connector, partition);
    let finding = if faults.is_empty() {
        let unread: Vec<&str> = [
            ("is-domain", &partition.is_domain),
            ("dc-failover", &partition.dc_failover),
        ]
        .into_iter()
        .filter_map(|(name, fact)| fact.known().is_none().then_some(name))
        .collect();
        if !unread.is_empty() {
            return unknown(connector, partition, &unread)
                .with_evidence(rows(connector, partition));
        }
        Finding::passed(
            &PHS205,
            target,
            text!("phs205-good", partition = &partition.distinguished_name),
        )
    } else {
        let (faults, remedies): (Vec<Text>, Vec<Text>) = faults.into_iter().unzip();
        let finding = Finding::failed(
            &PHS205,
            target,
            text!(
                "phs205-faults",
                partition = &partition.distinguished_name,
                faults = faults
            ),
        );
        remedies.into_iter().fold(finding, Finding::with_remedy)
    };
    finding.with_evidence(rows(connector, partition))
}

/// Every fault of the partition with its remedy.
fn faults(connector: &Connector, partition: &Partition) -> Vec<(Text, Text)> {
    let name = &partition.distinguished_name;
    let mut faults = Vec::new();
    if partition.is_domain == Fact::Known(false) {
        faults.push((
            text!("phs205-not-domain"),
            text!("phs205-flag-domain", partition = name),
        ));
    }
    let missing = profiles_without(connector, partition);
    if connector.run_profiles.is_empty() {
        faults.push((text!("phs205-no-profile"), text!("phs205-add-profile")));
    } else if !missing.is_empty() {
        faults.push((
            text!("phs205-no-step", profiles = missing.clone()),
            text!("phs205-add-step", partition = name, profiles = missing),
        ));
    }
    // False means preferred domain controllers only, not "no fail-over" (domain 12.15).
    if partition.dc_failover == Fact::Known(false) && partition.preferred_dcs.is_empty() {
        faults.push((
            text!("phs205-no-dc"),
            text!("phs205-name-dc", partition = name),
        ));
    }
    faults
}

/// Run profiles whose kind of step the partition has in no run profile. Kinds count, not names: a profile for one partition
/// alone is legitimate where another of its kind serves the rest.
fn profiles_without(connector: &Connector, partition: &Partition) -> Vec<String> {
    let steps = || {
        connector
            .run_profiles
            .iter()
            .flat_map(|profile| profile.steps.iter().map(move |step| (profile, step)))
    };
    let mut missing: Vec<String> = Vec::new();
    for (profile, step) in steps() {
        let served = steps().any(|(_, other)| {
            kind(other) == kind(step) && other.partition == Some(partition.identifier)
        });
        if !served && !missing.contains(&profile.name) {
            missing.push(profile.name.clone());
        }
    }
    // A profile that lost its last step has no kind left to compare.
    missing.extend(
        connector
            .run_profiles
            .iter()
            .filter(|profile| profile.steps.is_empty())
            .map(|profile| profile.name.clone()),
    );
    missing
}

fn kind(step: &RunStep) -> (String, String) {
    let word = |text: &str| text.to_ascii_lowercase();
    // Only a synchronisation step is told apart by its subtype.
    let subtype = match &step.subtype {
        Some(subtype) if step.kind.eq_ignore_ascii_case("apply-rules") => word(subtype),
        _ => String::new(),
    };
    (word(&step.kind), subtype)
}

/// The configuration, schema and application partitions: no domain, so no users with passwords.
fn is_other_naming_context(name: &str) -> bool {
    let Ok(dn) = Dn::parse(name) else {
        return false;
    };
    if dn.domain_head().as_ref() != Some(&dn) {
        return true;
    }
    dn.rdn().and_then(|rdn| rdn.value()).is_some_and(|first| {
        ["DomainDnsZones", "ForestDnsZones"]
            .iter()
            .any(|zone| first.eq_ignore_ascii_case(zone))
    })
}

fn unknown(connector: &Connector, partition: &Partition, facts: &[&str]) -> Finding {
    let facts: Vec<String> = facts.iter().map(|&fact| fact.to_owned()).collect();
    Finding::skipped(
        &PHS205,
        SkipReason::EvidenceMissing,
        partition_target(partition),
        text!(
            "phs205-unknown",
            partition = &partition.distinguished_name,
            file = &connector.source,
            facts = facts
        ),
    )
}

fn partition_target(partition: &Partition) -> Target {
    Target::identified(&partition.distinguished_name, partition.identifier)
}

fn rows(connector: &Connector, partition: &Partition) -> Vec<EvidenceRow> {
    let flags = [
        ("selected", &partition.selected),
        ("is-domain", &partition.is_domain),
        ("dc-failover", &partition.dc_failover),
    ];
    let mut rows: Vec<EvidenceRow> = flags
        .into_iter()
        .filter_map(|(name, fact)| {
            let value = if *fact.known()? { "1" } else { "0" };
            Some(partition_row(connector, partition, name, value))
        })
        .collect();
    if !partition.preferred_dcs.is_empty() {
        let list = partition.preferred_dcs.join(", ");
        rows.push(partition_row(connector, partition, "preferred-dcs", &list));
    }
    if let Fact::Known(last) = &partition.last_dc {
        rows.push(partition_row(connector, partition, "last-dc", last));
    }
    for profile in &connector.run_profiles {
        let kinds: Vec<&str> = profile
            .steps
            .iter()
            .filter(|step| step.partition == Some(partition.identifier))
            .map(|step| step.kind.as_str())
            .collect();
        let attribute = format!("ma-run-data/{}", profile.name);
        rows.push(connector_row(connector, &attribute, &kinds.join(", ")));
    }
    rows
}

fn partition_row(
    connector: &Connector,
    partition: &Partition,
    attribute: &str,
    value: &str,
) -> EvidenceRow {
    EvidenceRow::new(
        &connector.source,
        &partition.distinguished_name,
        attribute,
        value,
    )
}
