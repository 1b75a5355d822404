//! The way to the domain controller is cut: each cut gives the right outcome and one root cause.

use super::*;

const DC: &str = "dc1.contoso.test";
const DOMAIN: &str = "contoso.test";

async fn cut(rules: &[&str]) -> NetworkEvidence {
    let _filter = Filter::new(rules);
    seen(&plan()).await
}

/// Only the first packet of a connection: answers to our own ports lie in the same range.
const DYNAMIC: &str = "tcp dport 49152-65535 tcp flags & (syn | ack) == syn";

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn endpoint_mapper_dropped() {
    let evidence = cut(&["tcp dport 135 drop"]).await;
    let dc = &evidence.controllers[0];
    assert_eq!(
        outcome(dc, Transport::Tcp, Service::EndpointMapper),
        ProbeOutcome::Dropped
    );
    assert_eq!(faults(&evidence), [fault("PHS302", "phs302-dropped", DC)]);
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn dynamic_range_dropped() {
    let evidence = cut(&[&format!("{DYNAMIC} drop")]).await;
    let dc = &evidence.controllers[0];
    assert_eq!(
        outcome(dc, Transport::Tcp, Service::EndpointMapper),
        ProbeOutcome::Open
    );
    assert_eq!(
        outcome(dc, Transport::Tcp, Service::Drs),
        ProbeOutcome::Dropped
    );
    assert_eq!(
        faults(&evidence),
        [fault("PHS303", "phs303-dynamic-dropped", DC)]
    );
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn dynamic_range_rejected() {
    let evidence = cut(&[&format!("{DYNAMIC} reject with tcp reset")]).await;
    assert_eq!(
        faults(&evidence),
        [fault("PHS303", "phs303-dynamic-refused", DC)]
    );
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn ldap_refused() {
    let evidence = cut(&["tcp dport 389 reject with tcp reset"]).await;
    let dc = &evidence.controllers[0];
    assert_eq!(
        outcome(dc, Transport::Tcp, Service::Ldap),
        ProbeOutcome::Refused
    );
    assert_eq!(faults(&evidence), [fault("PHS302", "phs302-refused", DC)]);
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn kerberos_over_udp_dropped() {
    let evidence = cut(&["udp dport 88 drop"]).await;
    let dc = &evidence.controllers[0];
    assert_eq!(
        outcome(dc, Transport::Udp, Service::Kerberos),
        ProbeOutcome::Dropped
    );
    assert_eq!(
        outcome(dc, Transport::Tcp, Service::Kerberos),
        ProbeOutcome::Open
    );
    assert_eq!(
        faults(&evidence),
        [fault("PHS302", "phs302-kerberos-udp", DC)]
    );
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn cldap_refused() {
    let evidence = cut(&["udp dport 389 reject with icmpx port-unreachable"]).await;
    let dc = &evidence.controllers[0];
    assert_eq!(
        outcome(dc, Transport::Udp, Service::Ldap),
        ProbeOutcome::Refused
    );
    assert_eq!(faults(&evidence), [fault("PHS302", "phs302-refused", DC)]);
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn whole_host_unreachable() {
    let to = format!("ip daddr {}", lab("LAB_ADDRESS"));
    let six = format!("ip6 daddr {} drop", lab("LAB_ADDRESS6"));
    let evidence = cut(&[
        &format!("{to} tcp flags & (syn | ack) == syn reject with icmp host-unreachable"),
        &format!("{to} meta l4proto udp reject with icmp host-unreachable"),
        &six,
    ])
    .await;
    let dc = &evidence.controllers[0];
    assert_eq!(
        outcome(dc, Transport::Tcp, Service::Ldap),
        ProbeOutcome::Unreachable
    );
    assert_eq!(
        faults(&evidence),
        [fault("PHS301", "phs301-none-answers", DOMAIN)]
    );
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn whole_host_silent() {
    let evidence = cut(&[
        &format!("ip daddr {} drop", lab("LAB_ADDRESS")),
        &format!("ip6 daddr {} drop", lab("LAB_ADDRESS6")),
    ])
    .await;
    let dc = &evidence.controllers[0];
    assert!(
        dc.ports
            .iter()
            .all(|row| row.outcome == ProbeOutcome::Dropped)
    );
    assert_eq!(
        faults(&evidence),
        [fault("PHS301", "phs301-none-answers", DOMAIN)]
    );
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn dns_dropping() {
    let evidence = cut(&["udp dport 53 drop", "tcp dport 53 drop"]).await;
    assert!(evidence.controllers.is_empty());
    assert_eq!(
        faults(&evidence),
        [fault("PHS301", "phs301-timed-out", DOMAIN)]
    );
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn dns_refusing() {
    let evidence = cut(&[
        "udp dport 53 reject with icmpx port-unreachable",
        "tcp dport 53 reject with tcp reset",
    ])
    .await;
    assert_eq!(
        faults(&evidence),
        [fault("PHS301", "phs301-refused", DOMAIN)]
    );
}
