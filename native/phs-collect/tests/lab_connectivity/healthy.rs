//! Nothing is wrong.

use phs_core::evidence::network::{RpcBindReply, Trust};

use super::*;

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
    assert_eq!(faults(&evidence), []);
}
