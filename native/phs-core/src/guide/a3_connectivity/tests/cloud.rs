//! Cloud endpoints.

use super::*;

fn cloud(change: impl Fn(&mut EndpointProbe)) -> Vec<Finding> {
    let mut network = healthy();
    change(&mut network.cloud.as_mut().unwrap().endpoints[0]);
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
    let outdated = cloud(|one| {
        if let Answer::Answered(tls) = &mut one.tls {
            tls.protocol = "TLSv1_1".to_owned();
            tls.chain.clear();
        }
    });
    assert_eq!(faults(&outdated), [("PHS308", "phs308-outdated")]);
    let old = cloud(|one| one.tls = Answer::Declined("ProtocolVersion".to_owned()));
    assert_eq!(faults(&old), [("PHS308", "phs308-tls")]);
}

#[test]
fn one_cause_for_the_whole_cloud_is_one_finding() {
    let mut network = healthy();
    for one in &mut network.cloud.as_mut().unwrap().endpoints {
        one.connection = EndpointConnection::Failed(ProbeOutcome::Dropped);
        one.tls = Answer::NotTried(NotTriedReason::DependencyFailed);
    }
    assert_eq!(faults(&judged(&network)), [("PHS308", "phs308-all")]);
}
