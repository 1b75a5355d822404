use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::super::{Context, Policy, judge as judge_step};
use crate::check::Step;
use crate::evidence::events::{DamagedPart, EventLog, PROVIDER, SyncEvent, read_message};
use crate::evidence::server::{
    Connector, ConnectorKind, Partition, PasswordHashSync, ServerConfiguration,
};
use crate::evidence::{Evidence, Fact};
use crate::finding::{Finding, Outcome, SkipReason};

const GUID: &str = "ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d";
const OTHER: &str = "11111111-2222-3333-4444-555555555555";

fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

fn event(minutes: i64, id: u32, message: &str) -> SyncEvent {
    SyncEvent {
        id,
        provider: PROVIDER.to_owned(),
        time: ago(minutes),
        record_id: None,
        level: None,
        computer: None,
        message: message.to_owned(),
        detail: read_message(id, message),
    }
}

fn connector(guid: &str, name: &str, domains: &[&str], enabled: bool) -> Connector {
    Connector {
        source: "test".to_owned(),
        identifier: guid.parse().unwrap(),
        name: name.to_owned(),
        kind: ConnectorKind::ActiveDirectory,
        forest_name: Fact::default(),
        login_domain: Fact::default(),
        login_user: Fact::default(),
        ssl_bind: Fact::default(),
        sign_and_seal: Fact::default(),
        password_hash_sync: Fact::Known(PasswordHashSync {
            enabled,
            target: None,
        }),
        partitions: domains
            .iter()
            .map(|name| Partition {
                dns_name: Fact::default(),
                netbios_name: Fact::default(),
                identifier: Uuid::nil(),
                distinguished_name: (*name).to_owned(),
                selected: Fact::Known(true),
                is_domain: Fact::Known(true),
                guid: Fact::default(),
                dc_failover: Fact::default(),
                preferred_dcs: Vec::new(),
                last_dc: Fact::default(),
                object_classes: Vec::new(),
                inclusions: Vec::new(),
                exclusions: Vec::new(),
            })
            .collect(),
        run_profiles: Vec::new(),
        parameters: std::collections::BTreeMap::default(),
    }
}

fn evidence(connectors: Vec<Connector>, events: Vec<SyncEvent>) -> Evidence {
    Evidence {
        collected_at: Some(now()),
        server: Some(ServerConfiguration {
            connectors,
            ..ServerConfiguration::default()
        }),
        events: Some(EventLog {
            source: "test.evtx".to_owned(),
            observed_at: Some(now()),
            oldest_record: Fact::Known(ago(60 * 24)),
            newest_record: Fact::Known(now()),
            agent_only: false,
            events,
            damaged: Vec::new(),
        }),
        ..Evidence::default()
    }
}

fn run(evidence: &Evidence, check: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let context = Context {
        today: now(),
        users_named: false,
        policy: Policy::default(),
    };
    judge_step(Step::Service, evidence, &context, &mut |finding| {
        if finding.check.id == check {
            findings.push(finding);
        }
    });
    findings
}

fn one(evidence: &Evidence, check: &str) -> Outcome {
    let findings = run(evidence, check);
    assert_eq!(findings.len(), 1, "{findings:?}");
    findings[0].outcome
}

fn contoso(events: Vec<SyncEvent>) -> Evidence {
    evidence(
        vec![connector(GUID, "contoso.com", &["DC=contoso,DC=com"], true)],
        events,
    )
}

#[test]
fn an_agent_that_says_that_it_stopped_is_not_alive_by_an_earlier_heartbeat() {
    let ping = format!("ping end {GUID}");
    for id in [607, 609, 610, 615] {
        let mut log = contoso(vec![event(20, 654, &ping), event(10, id, "It stopped.")]);
        assert_eq!(one(&log, "PHS801"), Outcome::Failed, "{id}");
        // A start without a connector's name is a start of all.
        events_of(&mut log).push(event(9, 601, "Started."));
        assert_eq!(one(&log, "PHS801"), Outcome::Passed, "{id}");
        events_of(&mut log).pop();
        events_of(&mut log).push(event(5, 654, &ping));
        assert_eq!(one(&log, "PHS801"), Outcome::Passed, "{id}");
    }
    // One that speaks of another connector, or stands before a lost part of the log, proves nothing of this one.
    let other = format!("connector {OTHER} has stopped");
    let log = contoso(vec![event(20, 654, &ping), event(10, 609, &other)]);
    assert_eq!(one(&log, "PHS801"), Outcome::Passed);
    let mut log = contoso(vec![event(20, 654, &ping), event(10, 609, "It stopped.")]);
    log.events.as_mut().unwrap().damaged.push(DamagedPart {
        offset: 0,
        detail: String::new(),
        from: Some(ago(8)),
        to: None,
    });
    assert_eq!(one(&log, "PHS801"), Outcome::Passed);
}

fn events_of(evidence: &mut Evidence) -> &mut Vec<SyncEvent> {
    &mut evidence.events.as_mut().unwrap().events
}

#[test]
fn an_event_of_a_clock_that_ran_ahead_is_no_life_and_answers_no_error() {
    let ping = format!("ping end {GUID}");
    let ahead = |minutes: i64| {
        contoso(vec![
            event(30, 652, "Error Code: 90."),
            event(-minutes, 654, &ping),
        ])
    };
    // Clocks of two servers may differ a little.
    assert_eq!(one(&ahead(2), "PHS801"), Outcome::Passed);
    assert_eq!(one(&ahead(2), "PHS802"), Outcome::Passed);
    assert_eq!(one(&ahead(24 * 60), "PHS801"), Outcome::Failed);
    assert_eq!(one(&ahead(24 * 60), "PHS802"), Outcome::Warning);
}

#[test]
fn a_busy_agent_without_heartbeat_is_alive() {
    let evidence = contoso(vec![event(
        10,
        657,
        "Password Change Result - Anchor : A=, Dn : CN=a,DC=contoso,DC=com, Result : Success.",
    )]);
    assert_eq!(one(&evidence, "PHS801"), Outcome::Passed);
}

#[test]
fn a_heartbeat_is_attributed_by_guid_in_any_dress() {
    for dress in [format!("{{{}}}", GUID.to_uppercase()), GUID.to_owned()] {
        let evidence = contoso(vec![event(10, 654, &dress)]);
        assert_eq!(one(&evidence, "PHS801"), Outcome::Passed);
    }
    let evidence = contoso(vec![event(10, 654, &format!("contoso.com {OTHER}"))]);
    assert_eq!(one(&evidence, "PHS801"), Outcome::Failed);
}

#[test]
fn one_living_connector_does_not_hide_a_dead_one() {
    let evidence = evidence(
        vec![
            connector(GUID, "corp.local", &["DC=corp,DC=local"], true),
            connector(OTHER, "eu.corp.local", &["DC=eu,DC=corp,DC=local"], true),
        ],
        vec![
            event(10, 654, OTHER),
            event(
                5,
                656,
                "Password Change Request - Anchor : A=, Dn : CN=a,DC=eu,DC=corp,DC=local, Change Date : x",
            ),
            event(3, 650, "Provision credentials batch start. Count: 1"),
        ],
    );
    let outcomes: Vec<_> = run(&evidence, "PHS801")
        .into_iter()
        .map(|finding| (finding.target.display, finding.outcome))
        .collect();
    assert_eq!(
        outcomes,
        [
            ("corp.local".to_owned(), Outcome::Failed),
            ("eu.corp.local".to_owned(), Outcome::Passed)
        ]
    );
}

#[test]
fn a_rolled_over_log_is_no_silence() {
    let mut evidence = contoso(Vec::new());
    evidence.events.as_mut().unwrap().oldest_record = Fact::Known(ago(30));
    for check in ["PHS801", "PHS802", "PHS808"] {
        assert_eq!(
            one(&evidence, check),
            Outcome::Skipped(SkipReason::EvidenceMissing),
            "{check}"
        );
    }
}

#[test]
fn a_log_of_the_agent_alone_does_not_tell_when_it_was_saved() {
    // Its newest record is the agent's own: that it is young says nothing about today.
    let mut evidence = contoso(vec![event(0, 654, GUID)]);
    evidence.events.as_mut().unwrap().agent_only = true;
    assert_eq!(
        one(&evidence, "PHS801"),
        Outcome::Skipped(SkipReason::EvidenceMissing)
    );
    // A connector that was silent long before that record was silent all the same.
    let mut two = self::evidence(
        vec![
            connector(GUID, "corp.local", &["DC=corp,DC=local"], true),
            connector(OTHER, "eu.corp.local", &["DC=eu,DC=corp,DC=local"], true),
        ],
        vec![event(0, 654, OTHER)],
    );
    two.events.as_mut().unwrap().agent_only = true;
    let outcomes: Vec<_> = run(&two, "PHS801").iter().map(|it| it.outcome).collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Failed,
            Outcome::Skipped(SkipReason::EvidenceMissing)
        ]
    );
}

#[test]
fn a_lost_part_of_the_log_may_hold_what_is_missing() {
    let lost = |to: Option<i64>| {
        let mut evidence = contoso(Vec::new());
        evidence.events.as_mut().unwrap().damaged.push(DamagedPart {
            offset: 69632,
            detail: "checksum".to_owned(),
            from: None,
            to: to.map(ago),
        });
        evidence
    };
    for check in ["PHS801", "PHS802", "PHS808"] {
        for inside in [None, Some(30)] {
            assert_eq!(
                one(&lost(inside), check),
                Outcome::Skipped(SkipReason::EvidenceMissing),
                "{check}"
            );
        }
    }
    // What was lost before the window does not matter.
    assert_eq!(one(&lost(Some(240)), "PHS801"), Outcome::Failed);
    assert_eq!(one(&lost(Some(240)), "PHS802"), Outcome::Passed);
}

#[test]
fn staging_and_switched_off_connectors_owe_nothing() {
    let mut evidence = contoso(Vec::new());
    evidence.server.as_mut().unwrap().settings = Fact::Known(
        [(
            "Microsoft.Synchronize.StagingMode".to_owned(),
            "True".to_owned(),
        )]
        .into(),
    );
    assert_eq!(
        one(&evidence, "PHS801"),
        Outcome::Skipped(SkipReason::NotApplicable)
    );
    let off = self::evidence(vec![connector(GUID, "contoso.com", &[], false)], Vec::new());
    assert_eq!(
        one(&off, "PHS801"),
        Outcome::Skipped(SkipReason::NotApplicable)
    );
}

#[test]
fn tool_made_events_are_no_activity() {
    let evidence = contoso(vec![event(5, 2001, GUID), event(5, 2201, GUID)]);
    assert_eq!(one(&evidence, "PHS801"), Outcome::Failed);
}

fn denied(minutes: i64, domain: &str) -> SyncEvent {
    event(
        minutes,
        611,
        &format!(
            "Password hash synchronization failed for domain: {domain}, domain controller hostname: dc1.{domain}, domain controller IP address: 10.0.0.1. Details: Microsoft.X.DrsException: RPC Error 8453 : There was an error calling _IDL_DRSGetNCChanges."
        ),
    )
}

#[test]
fn one_error_may_be_transient_and_five_persist() {
    assert_eq!(
        one(&contoso(vec![denied(5, "contoso.com")]), "PHS802"),
        Outcome::Warning
    );
    let evidence = contoso((1..=5).map(|n| denied(n * 2, "contoso.com")).collect());
    let findings = run(&evidence, "PHS802");
    assert_eq!(findings[0].outcome, Outcome::Failed);
    assert_eq!(
        findings[0].target.display,
        "access-denied (contoso.com / contoso.com / dc1.contoso.com)"
    );
}

#[test]
fn a_success_of_the_same_domain_makes_an_error_stale() {
    let success = |domain: &str| {
        event(
            1,
            657,
            &format!("Password Change Result - Anchor : A=, Dn : CN=a,{domain}, Result : Success."),
        )
    };
    let stale = contoso(vec![denied(9, "contoso.com"), success("DC=contoso,DC=com")]);
    assert_eq!(one(&stale, "PHS802"), Outcome::Passed);
    // A child domain is another domain, though its name ends alike.
    let other = contoso(vec![
        denied(9, "contoso.com"),
        success("DC=eu,DC=contoso,DC=com"),
    ]);
    assert_eq!(one(&other, "PHS802"), Outcome::Warning);
}

#[test]
fn the_same_number_outside_of_the_call_is_another_cause() {
    let evidence = contoso(vec![event(
        5,
        611,
        "failed for domain: contoso.com. Details: X.DrsException: RPC Error 8453",
    )]);
    assert_eq!(
        run(&evidence, "PHS802")[0].target.display,
        "code-8453 (contoso.com / contoso.com)"
    );
}

#[test]
fn the_credential_of_the_cloud_has_a_check_of_its_own() {
    let evidence = contoso(vec![event(5, 655, "... AADSTS50126: invalid")]);
    assert_eq!(one(&evidence, "PHS808"), Outcome::Warning);
    assert_eq!(one(&evidence, "PHS802"), Outcome::Passed);
}

#[test]
fn a_pause_lasts_until_a_password_is_on_its_way() {
    assert_eq!(
        one(&contoso(vec![event(50, 613, "")]), "PHS807"),
        Outcome::Failed
    );
    assert_eq!(
        one(
            &contoso(vec![event(50, 613, ""), event(2, 654, GUID)]),
            "PHS807"
        ),
        Outcome::Failed
    );
    assert_eq!(
        one(
            &contoso(vec![event(50, 613, ""), event(2, 651, "")]),
            "PHS807"
        ),
        Outcome::Passed
    );
    assert_eq!(
        one(&contoso(Vec::new()), "PHS807"),
        Outcome::Skipped(SkipReason::EvidenceMissing)
    );
}
