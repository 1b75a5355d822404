mod cloud;
mod directory;
mod ways;

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::super::{Context, Policy, judge as judge_step};
use crate::check::Step;
use crate::evidence::Evidence;
use crate::evidence::Fact;
use crate::evidence::network::*;
use crate::evidence::server::{Connector, ConnectorKind, ServerConfiguration};
use crate::finding::{Finding, Outcome, SkipReason};
use crate::text::Catalog;

/// The committed evidence where all is well.
const HEALTHY: &str = include_str!("../../../../../../tests/fixtures/checks/PHS301/passed.json");

fn healthy() -> NetworkEvidence {
    let evidence: Evidence = serde_json::from_str(HEALTHY).unwrap();
    evidence.network.unwrap()
}

fn now() -> Timestamp {
    healthy().observed_at
}

fn address() -> IpAddr {
    healthy().controllers[0].addresses[0]
}

/// A domain controller where all is well.
fn controller(host: &str) -> ControllerEvidence {
    let mut dc = healthy().controllers.remove(0);
    host.clone_into(&mut dc.host);
    host.clone_into(&mut dc.lookups[0].name);
    for answer in [&mut dc.ldaps, &mut dc.start_tls] {
        if let Answer::Answered(tls) = answer {
            host.clone_into(&mut tls.expected_name);
            tls.chain[0].names = vec![host.to_owned()];
        }
    }
    dc
}

/// Every conversation of a controller ends like this connection.
fn close_all(controller: &mut ControllerEvidence, outcome: ProbeOutcome) {
    controller.ports.retain(|row| row.service != Service::Drs);
    for row in &mut controller.ports {
        row.outcome = outcome;
    }
    controller.endpoint_mapper = Answer::NotConnected(outcome);
    controller.drs_bind = Answer::NotTried(NotTriedReason::DependencyFailed);
    controller.ping = Answer::NotConnected(outcome);
    controller.root_dse = Answer::NotConnected(outcome);
    controller.ldaps = Answer::NotConnected(outcome);
    controller.start_tls = Answer::NotConnected(outcome);
    controller.bind = Answer::NotTried(NotTriedReason::NoEncryption);
    controller.ntds_settings = Answer::NotTried(NotTriedReason::NoEncryption);
}

fn close(
    controller: &mut ControllerEvidence,
    transport: Transport,
    service: Service,
    outcome: ProbeOutcome,
) {
    for row in &mut controller.ports {
        if row.transport == transport && row.service == service {
            row.outcome = outcome;
        }
    }
}

/// The healthy network with these domain controllers, all of them in DNS.
fn network(controllers: Vec<ControllerEvidence>) -> NetworkEvidence {
    let mut network = healthy();
    for lookup in &mut network.domains[0].lookups {
        if let DnsAnswer::Records(records) = &mut lookup.answer {
            *records = controllers
                .iter()
                .map(|one| DnsRecord::Service {
                    target: one.host.clone(),
                    port: 389,
                    priority: 0,
                    weight: 100,
                })
                .collect();
        }
    }
    network.controllers = controllers;
    network.cloud = None;
    network
}

fn judge_with(network: &NetworkEvidence, server: Option<ServerConfiguration>) -> Vec<Finding> {
    // Through JSON, as an evidence file would bring it: what is lost on the way must not matter.
    let json = serde_json::to_string(network).unwrap();
    let network: NetworkEvidence = serde_json::from_str(&json).unwrap();
    let evidence = Evidence {
        network: Some(network),
        server,
        ..Evidence::default()
    };
    let context = Context {
        today: now(),
        users_named: false,
        policy: Policy::default(),
    };
    let mut findings = Vec::new();
    judge_step(Step::A3, &evidence, &context, &mut |finding| {
        findings.push(finding);
    });
    let catalog = Catalog::for_culture("en-US");
    for finding in &findings {
        let words = catalog.render(&finding.message);
        let all = [words]
            .into_iter()
            .chain(catalog.why(&finding.message))
            .chain(catalog.remedies(&finding.message))
            .chain(finding.remedies.iter().map(|text| catalog.render(text)));
        for text in all {
            assert!(!text.contains(['{', '}', '[']), "{text}");
        }
        if matches!(finding.outcome, Outcome::Failed | Outcome::Warning) {
            let remedies = catalog.remedies(&finding.message).len() + finding.remedies.len();
            assert!(remedies > 0, "{} has no remedy", finding.message.key);
            assert!(
                catalog.why(&finding.message).is_some(),
                "{} has no reason",
                finding.message.key
            );
        }
    }
    let mut prints: Vec<String> = findings.iter().map(Finding::fingerprint).collect();
    prints.sort();
    let count = prints.len();
    prints.dedup();
    assert_eq!(prints.len(), count, "two findings have one fingerprint");
    findings
}

fn judged(network: &NetworkEvidence) -> Vec<Finding> {
    judge_with(network, None)
}

/// Keys of the messages of everything that is not well: the root causes.
fn faults(findings: &[Finding]) -> Vec<(&'static str, &'static str)> {
    findings
        .iter()
        .filter(|finding| matches!(finding.outcome, Outcome::Failed | Outcome::Warning))
        .map(|finding| (finding.check.id, finding.message.key))
        .collect()
}

fn one(change: impl FnOnce(&mut ControllerEvidence)) -> Vec<Finding> {
    let mut dc = controller("dc1.fabrikam.com");
    change(&mut dc);
    judged(&network(vec![dc]))
}

fn keys(findings: &[Finding], id: &str) -> Vec<&'static str> {
    findings
        .iter()
        .filter(|finding| finding.check.id == id)
        .map(|finding| finding.message.key)
        .collect()
}
