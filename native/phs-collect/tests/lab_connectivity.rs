//! Probes against a domain controller that really is one.
//!
//! These tests need a Samba lab and run inside its network namespace, one at a time, as root: they put rules into the
//! namespace's packet filter. `tests/connectivity/run.sh` starts the lab and runs them.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper of a test fails the test"
)]

use std::time::Duration;

use phs_collect::probe::tls::TrustJudge;
use phs_collect::probe::{DomainPlan, Plan, Ports, collect};
use phs_core::evidence::network::{
    ControllerEvidence, NetworkEvidence, ProbeOutcome, RpcBindReply, Service, Transport, Trust,
};
use tokio_util::sync::CancellationToken;

const REASON: &str = "run tests/connectivity/run.sh, which starts the lab";

fn plan() -> Plan {
    let ca = std::fs::read(std::env::var("LAB_CA").expect(REASON)).unwrap();
    Plan {
        observer: "lab".to_owned(),
        domains: vec![DomainPlan {
            domain: std::env::var("LAB_DOMAIN").expect(REASON),
            ..DomainPlan::default()
        }],
        servers: Vec::new(),
        dns_servers: Vec::new(),
        probe_timeout: Duration::from_secs(2),
        timeout: Duration::from_secs(20),
        judge: TrustJudge::given(&ca).unwrap(),
        credential: None,
        cloud: None,
        ports: Ports::default(),
    }
}

async fn seen(plan: &Plan) -> NetworkEvidence {
    collect(plan, None, &CancellationToken::new())
        .await
        .unwrap()
}

fn outcome(of: &ControllerEvidence, transport: Transport, service: Service) -> ProbeOutcome {
    of.ports
        .iter()
        .find(|row| row.transport == transport && row.service == service)
        .unwrap_or_else(|| panic!("no row for {service:?} over {transport:?}"))
        .outcome
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn everything_is_open_and_the_drs_interface_is_bound() {
    let evidence = seen(&plan()).await;
    assert!(evidence.complete);
    let [dc] = &evidence.controllers[..] else {
        panic!("one domain controller expected")
    };
    assert_eq!(dc.host, "dc1.contoso.test");
    for service in [
        Service::Dns,
        Service::Kerberos,
        Service::EndpointMapper,
        Service::Ldap,
        Service::Smb,
        Service::Ldaps,
        Service::GlobalCatalog,
        Service::Drs,
    ] {
        assert_eq!(
            outcome(dc, Transport::Tcp, service),
            ProbeOutcome::Open,
            "{service:?}"
        );
    }
    for service in [Service::Dns, Service::Kerberos, Service::Ldap] {
        assert_eq!(
            outcome(dc, Transport::Udp, service),
            ProbeOutcome::Open,
            "{service:?}"
        );
    }
    let drs = dc.drs_bind.value().unwrap();
    assert!(drs.port >= 1024);
    assert!(matches!(
        drs.reply,
        RpcBindReply::Accepted | RpcBindReply::AuthenticationRequired
    ));
    let ping = dc.ping.value().unwrap();
    assert_eq!(ping.host, "dc1.contoso.test");
    assert!(ping.is_writable() && ping.is_kdc());
    let root_dse = dc.root_dse.value().unwrap();
    assert!(root_dse.skew_ms.unwrap().abs() < 1_000);
    assert_eq!(root_dse.is_synchronized, Some(true));
    for tls in [&dc.ldaps, &dc.start_tls] {
        let tls = tls.value().unwrap();
        assert_eq!(tls.trust, Trust::Trusted);
        assert!(tls.signature_valid);
        assert!(tls.chain[0].names.contains(&"dc1.contoso.test".to_owned()));
    }
}
