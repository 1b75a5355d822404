//! Discovery, ports and the replication endpoint.

use super::*;

#[test]
fn all_is_well() {
    let findings = one(|_| {});
    assert_eq!(faults(&findings), []);
    for id in [
        "PHS301", "PHS302", "PHS303", "PHS304", "PHS305", "PHS306", "PHS307",
    ] {
        assert!(
            findings
                .iter()
                .any(|finding| finding.check.id == id && finding.outcome == Outcome::Passed),
            "{id}"
        );
    }
    assert_eq!(keys(&findings, "PHS308"), ["phs308-not-asked"]);
}

#[test]
fn without_evidence_nothing_passes() {
    let context = Context {
        today: now(),
        users_named: false,
        policy: Policy::default(),
    };
    let mut outcomes = Vec::new();
    judge_step(Step::A3, &Evidence::default(), &context, &mut |finding| {
        outcomes.push(finding.outcome);
    });
    assert_eq!(outcomes, [Outcome::Skipped(SkipReason::EvidenceMissing); 8]);
}

#[test]
fn a_dropped_endpoint_mapper_is_one_fault() {
    let findings = one(|dc| {
        close(
            dc,
            Transport::Tcp,
            Service::EndpointMapper,
            ProbeOutcome::Dropped,
        );
        dc.ports.retain(|row| row.service != Service::Drs);
        dc.endpoint_mapper = Answer::NotConnected(ProbeOutcome::Dropped);
        dc.drs_bind = Answer::NotTried(NotTriedReason::DependencyFailed);
    });
    assert_eq!(faults(&findings), [("PHS302", "phs302-dropped")]);
    assert_eq!(keys(&findings, "PHS303"), ["a3-depends"]);
}

#[test]
fn a_dropped_dynamic_range_is_named_with_range_and_pinning() {
    let findings = one(|dc| {
        close(dc, Transport::Tcp, Service::Drs, ProbeOutcome::Dropped);
        dc.drs_bind = Answer::NotConnected(ProbeOutcome::Dropped);
    });
    assert_eq!(faults(&findings), [("PHS303", "phs303-dynamic-dropped")]);
    let catalog = Catalog::for_culture("en-US");
    let finding = findings
        .iter()
        .find(|finding| finding.check.id == "PHS303")
        .unwrap();
    let remedies = catalog.remedies(&finding.message).join(" ");
    for part in [
        "49152-65535",
        "49155",
        "KB 224196",
        "192.0.2.10",
        "FABRIKAM-SYNC01",
    ] {
        assert!(remedies.contains(part), "{part} is not in: {remedies}");
    }
}

#[test]
fn the_other_ways_of_a_closed_dynamic_port() {
    for (outcome, key) in [
        (ProbeOutcome::Refused, "phs303-dynamic-refused"),
        (ProbeOutcome::Unreachable, "phs303-dynamic-unreachable"),
    ] {
        let findings = one(|dc| dc.drs_bind = Answer::NotConnected(outcome));
        assert_eq!(faults(&findings), [("PHS303", key)]);
    }
    let mute = one(|dc| dc.drs_bind = Answer::NoAnswer);
    assert_eq!(faults(&mute), [("PHS303", "phs303-mute")]);
    let mapper = one(|dc| dc.endpoint_mapper = Answer::Malformed("RPC version".to_owned()));
    assert_eq!(faults(&mapper), [("PHS303", "phs303-mapper-mute")]);
    let none = one(|dc| {
        dc.endpoint_mapper = Answer::Answered(DrsEndpoints {
            ports: Vec::new(),
            registered: Some(12),
        });
    });
    assert_eq!(faults(&none), [("PHS303", "phs303-not-registered")]);
}

#[test]
fn answers_that_prove_the_way_and_answers_that_do_not() {
    let bound = |reply| {
        one(|dc| {
            dc.drs_bind = Answer::Answered(RpcBind {
                address: address(),
                port: 49155,
                reply,
            });
        })
    };
    assert_eq!(faults(&bound(RpcBindReply::AuthenticationRequired)), []);
    assert_eq!(
        faults(&bound(RpcBindReply::InterfaceUnknown)),
        [("PHS303", "phs303-other-service")]
    );
}

#[test]
fn refused_ldap_is_refused_and_nothing_else() {
    let findings = one(|dc| {
        close(dc, Transport::Tcp, Service::Ldap, ProbeOutcome::Refused);
        dc.root_dse = Answer::NotConnected(ProbeOutcome::Refused);
        dc.start_tls = Answer::NotConnected(ProbeOutcome::Refused);
    });
    assert_eq!(faults(&findings), [("PHS302", "phs302-refused")]);
    assert_eq!(keys(&findings, "PHS306"), ["a3-depends"]);
}

#[test]
fn dropped_and_refused_together_are_both_said() {
    let findings = one(|dc| {
        close(dc, Transport::Tcp, Service::Ldap, ProbeOutcome::Refused);
        close(dc, Transport::Tcp, Service::Kerberos, ProbeOutcome::Dropped);
        dc.root_dse = Answer::NotConnected(ProbeOutcome::Refused);
    });
    assert_eq!(faults(&findings), [("PHS302", "phs302-mixed")]);
    let words = Catalog::for_culture("en-US").render(&findings[1].message);
    assert!(words.contains("TCP 389 Refused") && words.contains("TCP 88 Dropped"));
}

#[test]
fn udp_kerberos_alone_is_a_warning() {
    let findings = one(|dc| {
        close(dc, Transport::Udp, Service::Kerberos, ProbeOutcome::Dropped);
    });
    assert_eq!(faults(&findings), [("PHS302", "phs302-kerberos-udp")]);
    let dropped = findings
        .iter()
        .find(|finding| finding.check.id == "PHS302")
        .unwrap();
    assert_eq!(dropped.outcome, Outcome::Warning);
}

#[test]
fn optional_ports_do_not_matter() {
    let findings = one(|dc| {
        for service in [
            Service::Smb,
            Service::GlobalCatalog,
            Service::WinRm,
            Service::AdWebServices,
        ] {
            close(dc, Transport::Tcp, service, ProbeOutcome::Dropped);
        }
    });
    assert_eq!(faults(&findings), []);
}

#[test]
fn a_whole_host_that_is_silent_is_one_fault_of_discovery_when_it_is_the_only_one() {
    for outcome in [ProbeOutcome::Dropped, ProbeOutcome::Unreachable] {
        let findings = one(|dc| close_all(dc, outcome));
        assert_eq!(faults(&findings), [("PHS301", "phs301-none-answers")]);
        assert!(
            findings
                .iter()
                .all(|finding| finding.outcome != Outcome::Passed)
        );
    }
}

#[test]
fn one_of_three_dead_is_a_fault_of_that_host_alone() {
    let mut dead = controller("dc2.fabrikam.com");
    close_all(&mut dead, ProbeOutcome::Dropped);
    let findings = judged(&network(vec![
        controller("dc1.fabrikam.com"),
        dead,
        controller("dc3.fabrikam.com"),
    ]));
    // The third one's certificate does not carry its name: make that no part of this question.
    let about: Vec<_> = findings
        .iter()
        .filter(|finding| finding.outcome == Outcome::Failed && finding.check.id != "PHS305")
        .map(|finding| (finding.message.key, finding.target.display.as_str()))
        .collect();
    assert_eq!(about, [("phs302-host-silent", "dc2.fabrikam.com")]);
    assert_eq!(keys(&findings, "PHS301"), ["phs301-passed"]);
}

#[test]
fn only_ipv6_without_a_way_is_said() {
    let mut dc = controller("dc2.fabrikam.com");
    let v6: IpAddr = "2001:db8::10".parse().unwrap();
    dc.addresses = vec![v6];
    close_all(&mut dc, ProbeOutcome::Unreachable);
    for row in &mut dc.ports {
        row.address = v6;
    }
    let findings = judged(&network(vec![controller("dc1.fabrikam.com"), dc]));
    assert_eq!(faults(&findings), [("PHS302", "phs302-only-ipv6")]);
}

#[test]
fn an_unreachable_second_address_of_ipv6_is_no_fault_and_of_ipv4_is_one() {
    let second = |address: &str| {
        let address: IpAddr = address.parse().unwrap();
        one(|dc| {
            dc.addresses.push(address);
            let more: Vec<PortProbe> = dc
                .ports
                .iter()
                .map(|row| PortProbe {
                    address,
                    outcome: ProbeOutcome::Unreachable,
                    ..row.clone()
                })
                .collect();
            dc.ports.extend(more);
        })
    };
    assert_eq!(faults(&second("2001:db8::10")), []);
    assert_eq!(
        faults(&second("192.0.2.99")),
        [("PHS302", "phs302-some-addresses")]
    );
}

#[test]
fn each_failure_of_discovery_has_its_own_words() {
    for (answer, key) in [
        (DnsAnswer::NameError, "phs301-name-error"),
        (DnsAnswer::NoData, "phs301-no-data"),
        (DnsAnswer::ServerFailure, "phs301-server-failure"),
        (DnsAnswer::Refused, "phs301-refused"),
        (DnsAnswer::TimedOut, "phs301-timed-out"),
        (DnsAnswer::Error("io".to_owned()), "phs301-error"),
    ] {
        let mut network = network(Vec::new());
        network.domains[0].lookups[0].answer = answer;
        let findings = judged(&network);
        assert_eq!(faults(&findings), [("PHS301", key)]);
        assert_eq!(keys(&findings, "PHS302"), ["a3-no-controller"]);
    }
}

#[test]
fn preferred_domain_controllers_are_held_to_exist() {
    let mut empty = network(Vec::new());
    empty.domains[0].preferred_only = true;
    assert_eq!(
        faults(&judged(&empty)),
        [("PHS301", "phs301-preferred-empty")]
    );

    let mut gone = controller("old.fabrikam.com");
    gone.source = ControllerSource::Preferred;
    gone.addresses.clear();
    gone.lookups[0].answer = DnsAnswer::NameError;
    close_all(&mut gone, ProbeOutcome::NotTried);
    let mut network = network(vec![controller("dc1.fabrikam.com"), gone]);
    network.domains[0].preferred = vec!["old.fabrikam.com".to_owned()];
    assert_eq!(
        faults(&judged(&network)),
        [("PHS301", "phs301-preferred-gone")]
    );
}

#[test]
fn domains_of_the_forest_that_nobody_could_list_are_not_taken_for_well() {
    for (answer, expected) in [
        (
            Answer::Declined("x".to_owned()),
            ("phs301-forest-unread", SkipReason::EvidenceMissing),
        ),
        (
            Answer::NotTried(NotTriedReason::DependencyFailed),
            ("phs301-forest-not-asked", SkipReason::DependencyFailed),
        ),
        (
            Answer::NotTried(NotTriedReason::RunEnded),
            ("a3-cut-short", SkipReason::DependencyFailed),
        ),
    ] {
        let mut seen = healthy();
        seen.forest_domains = Some(answer);
        let findings = judged(&seen);
        let skipped = findings
            .iter()
            .find(|finding| finding.target.display == "forest")
            .unwrap();
        assert_eq!(skipped.message.key, expected.0);
        assert_eq!(skipped.outcome, Outcome::Skipped(expected.1));
    }
    let mut seen = healthy();
    seen.forest_domains = Some(Answer::Answered(vec!["fabrikam.com".to_owned()]));
    assert_eq!(
        keys(&judged(&seen), "PHS301"),
        keys(&judged(&healthy()), "PHS301")
    );
}
