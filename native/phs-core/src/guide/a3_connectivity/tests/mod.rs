mod cloud;
mod directory;
mod ways;

use std::net::{IpAddr, Ipv4Addr};

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

fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

const SERVICES: [(Transport, Service, u16); 13] = [
    (Transport::Tcp, Service::Dns, 53),
    (Transport::Udp, Service::Dns, 53),
    (Transport::Tcp, Service::Kerberos, 88),
    (Transport::Udp, Service::Kerberos, 88),
    (Transport::Tcp, Service::EndpointMapper, 135),
    (Transport::Tcp, Service::Ldap, 389),
    (Transport::Udp, Service::Ldap, 389),
    (Transport::Tcp, Service::Smb, 445),
    (Transport::Tcp, Service::Ldaps, 636),
    (Transport::Tcp, Service::GlobalCatalog, 3268),
    (Transport::Tcp, Service::WinRm, 5985),
    (Transport::Tcp, Service::AdWebServices, 9389),
    (Transport::Tcp, Service::Drs, 49155),
];

fn address() -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(192, 0, 2, 10))
}

fn certificate() -> CertificateFacts {
    CertificateFacts {
        subject: "CN=dc1.contoso.test".to_owned(),
        issuer: "CN=Contoso CA".to_owned(),
        names: vec!["dc1.contoso.test".to_owned(), "dc2.contoso.test".to_owned()],
        not_before: now() - SignedDuration::from_hours(24),
        not_after: now() + SignedDuration::from_hours(24 * 200),
        key_algorithm: "RSA".to_owned(),
        key_bits: Some(2048),
        signature_algorithm: "1.2.840.113549.1.1.11".to_owned(),
        weak_signature: false,
        self_issued: false,
        sha256: "00".to_owned(),
    }
}

fn tls(host: &str) -> TlsEvidence {
    TlsEvidence {
        expected_name: host.to_owned(),
        protocol: "TLSv1_3".to_owned(),
        chain: vec![certificate()],
        trust: Trust::Trusted,
        signature_valid: true,
    }
}

/// A domain controller where all is well.
fn controller(host: &str) -> ControllerEvidence {
    ControllerEvidence {
        host: host.to_owned(),
        domain: Some("contoso.test".to_owned()),
        source: ControllerSource::Discovered,
        lookups: vec![DnsLookup {
            name: host.to_owned(),
            record: RecordKind::A,
            answer: DnsAnswer::Records(vec![DnsRecord::Address(address())]),
            elapsed_ms: 1,
        }],
        addresses: vec![address()],
        ports: SERVICES
            .iter()
            .map(|(transport, service, port)| PortProbe {
                address: address(),
                port: *port,
                transport: *transport,
                service: *service,
                outcome: ProbeOutcome::Open,
                elapsed_ms: 1,
                detail: None,
            })
            .collect(),
        endpoint_mapper: Answer::Answered(DrsEndpoints {
            ports: vec![49155],
            registered: None,
        }),
        drs_bind: Answer::Answered(RpcBind {
            address: address(),
            port: 49155,
            reply: RpcBindReply::Accepted,
        }),
        ping: Answer::Answered(LdapPing {
            flags: 0x0000_01fd,
            domain_guid: Uuid::nil(),
            forest: "contoso.test".to_owned(),
            domain: "contoso.test".to_owned(),
            host: host.to_owned(),
            netbios_domain: "CONTOSO".to_owned(),
            netbios_host: "DC".to_owned(),
            site: "Oslo".to_owned(),
            client_site: "Oslo".to_owned(),
        }),
        root_dse: Answer::Answered(RootDse {
            current_time: Some(now()),
            skew_ms: Some(120),
            skew_uncertainty_ms: 510,
            is_synchronized: Some(true),
            dns_host_name: Some(host.to_owned()),
            ..RootDse::default()
        }),
        ldaps: Answer::Answered(tls(host)),
        start_tls: Answer::Answered(tls(host)),
        bind: Answer::Answered(BindResult {
            account: "svc".to_owned(),
            result_code: 0,
            sub_code: None,
        }),
        ntds_settings: Answer::Answered(NtdsSettings {
            distinguished_name: "CN=NTDS Settings".to_owned(),
            options: 1,
            is_rodc: Some(false),
        }),
    }
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

fn domain(hosts: &[&str]) -> DomainDiscovery {
    let services = |name: &str, port| DnsLookup {
        name: name.to_owned(),
        record: RecordKind::Srv,
        answer: DnsAnswer::Records(
            hosts
                .iter()
                .map(|host| DnsRecord::Service {
                    target: (*host).to_owned(),
                    port,
                    priority: 0,
                    weight: 100,
                })
                .collect(),
        ),
        elapsed_ms: 2,
    };
    DomainDiscovery {
        domain: "contoso.test".to_owned(),
        preferred: Vec::new(),
        preferred_only: false,
        last_used: None,
        asked_dns: true,
        lookups: vec![
            services("_ldap._tcp.dc._msdcs.contoso.test", 389),
            services("_kerberos._tcp.dc._msdcs.contoso.test", 88),
        ],
    }
}

fn network(controllers: Vec<ControllerEvidence>) -> NetworkEvidence {
    let hosts: Vec<&str> = controllers.iter().map(|one| one.host.as_str()).collect();
    NetworkEvidence {
        observer: "connect1".to_owned(),
        observed_at: now(),
        probe_timeout_ms: 3000,
        complete: true,
        sockets: SocketLimit {
            wanted: 1024,
            allowed: 1024,
        },
        domains: vec![domain(&hosts)],
        controllers,
        cloud: None,
    }
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
    let mut dc = controller("dc1.contoso.test");
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
