//! Cloud endpoints.

use super::*;

fn endpoint(host: &str, required: bool) -> EndpointProbe {
    let mut tls = tls(host);
    tls.chain[0].issuer = "C=US, O=DigiCert Inc, CN=DigiCert Global G2".to_owned();
    EndpointProbe {
        host: host.to_owned(),
        port: 443,
        purpose: "sign-in".to_owned(),
        required,
        expected_issuers: vec!["DigiCert".to_owned()],
        connection: EndpointConnection::Open,
        tls: Answer::Answered(tls),
        elapsed_ms: 20,
    }
}

fn cloud(change: impl Fn(&mut EndpointProbe)) -> Vec<Finding> {
    let mut network = network(vec![controller("dc1.contoso.test")]);
    let mut endpoints = vec![endpoint("login.test", true), endpoint("extra.test", false)];
    change(&mut endpoints[0]);
    network.cloud = Some(CloudEvidence {
        cloud: "Public".to_owned(),
        table_as_of: "2026-01-01".to_owned(),
        proxy: None,
        proxy_source: None,
        endpoints,
    });
    judged(&network)
}

#[test]
fn each_fault_on_the_way_to_the_cloud_is_told_apart() {
    assert_eq!(faults(&cloud(|_| {})), []);
    let inspected = cloud(|one| {
        if let Answer::Answered(tls) = &mut one.tls {
            tls.chain[0].issuer = "CN=Contoso Inspection CA".to_owned();
        }
    });
    assert_eq!(faults(&inspected), [("PHS308", "phs308-inspected")]);
    for (connection, key) in [
        (
            EndpointConnection::NameFailed(DnsAnswer::NameError),
            "phs308-name",
        ),
        (
            EndpointConnection::Failed(ProbeOutcome::Dropped),
            "phs308-connect",
        ),
        (
            EndpointConnection::ProxyFailed(ProbeOutcome::Refused),
            "phs308-proxy",
        ),
        (EndpointConnection::ProxyStatus(407), "phs308-proxy-407"),
        (EndpointConnection::ProxyStatus(403), "phs308-proxy-status"),
        (
            EndpointConnection::ProxyMalformed("x".to_owned()),
            "phs308-proxy-malformed",
        ),
    ] {
        let findings = cloud(|one| {
            one.connection = connection.clone();
            one.tls = Answer::NotTried(NotTriedReason::DependencyFailed);
        });
        assert_eq!(faults(&findings), [("PHS308", key)]);
    }
    let old = cloud(|one| one.tls = Answer::Declined("ProtocolVersion".to_owned()));
    assert_eq!(faults(&old), [("PHS308", "phs308-tls")]);
}

#[test]
fn one_cause_for_the_whole_cloud_is_one_finding() {
    let mut network = network(vec![controller("dc1.contoso.test")]);
    let mut endpoints = vec![endpoint("login.test", true), endpoint("extra.test", false)];
    for one in &mut endpoints {
        one.connection = EndpointConnection::Failed(ProbeOutcome::Dropped);
        one.tls = Answer::NotTried(NotTriedReason::DependencyFailed);
    }
    network.cloud = Some(CloudEvidence {
        cloud: "Public".to_owned(),
        table_as_of: "2026-01-01".to_owned(),
        proxy: None,
        proxy_source: None,
        endpoints,
    });
    assert_eq!(faults(&judged(&network)), [("PHS308", "phs308-all")]);
}
