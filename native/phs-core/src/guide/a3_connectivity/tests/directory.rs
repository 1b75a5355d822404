//! Bind, certificate, clock and replication options.

use super::*;

#[test]
fn ads_reasons_for_a_refused_bind_are_told_apart() {
    for (code, sub_code, key) in [
        (49, Some(0x52e), "phs304-52e"),
        (49, Some(0x525), "phs304-525"),
        (49, Some(0x530), "phs304-530"),
        (49, Some(0x531), "phs304-531"),
        (49, Some(0x532), "phs304-532"),
        (49, Some(0x533), "phs304-533"),
        (49, Some(0x701), "phs304-701"),
        (49, Some(0x773), "phs304-773"),
        (49, Some(0x775), "phs304-775"),
        (49, None, "phs304-49"),
        (8, None, "phs304-stronger-auth"),
        (53, None, "phs304-other"),
    ] {
        let findings = one(|dc| {
            dc.bind = Answer::Answered(BindResult {
                account: "svc".to_owned(),
                result_code: code,
                sub_code,
            });
        });
        assert_eq!(faults(&findings), [("PHS304", key)]);
    }
}

#[test]
fn a_bind_that_was_not_tried_is_not_a_pass() {
    for reason in [
        NotTriedReason::NoCredential,
        NotTriedReason::NoEncryption,
        NotTriedReason::AfterRefusal,
        NotTriedReason::RunEnded,
        NotTriedReason::PasswordUnusable,
    ] {
        let findings = one(|dc| dc.bind = Answer::NotTried(reason));
        let bind = findings
            .iter()
            .find(|finding| finding.check.id == "PHS304")
            .unwrap();
        assert!(matches!(bind.outcome, Outcome::Skipped(_)), "{reason:?}");
    }
}

#[test]
fn a_server_without_a_current_tls_version_is_told_as_such() {
    let outdated = |tls: &mut TlsEvidence| {
        tls.protocol = "TLSv1_0".to_owned();
        tls.chain.clear();
        tls.trust = Trust::Unknown(String::new());
        tls.signature_valid = false;
    };
    let findings = certified(outdated);
    assert_eq!(faults(&findings), [("PHS305", "phs305-outdated")]);
    let words = Catalog::for_culture("en-US").render(
        &findings
            .iter()
            .find(|finding| finding.check.id == "PHS305")
            .unwrap()
            .message,
    );
    assert!(words.contains("TLS 1.0"), "{words}");
}

fn certified(change: impl Fn(&mut TlsEvidence)) -> Vec<Finding> {
    one(|dc| {
        for answer in [&mut dc.ldaps, &mut dc.start_tls] {
            if let Answer::Answered(tls) = answer {
                change(tls);
            }
        }
    })
}

#[test]
fn each_fault_of_a_certificate_is_told_apart() {
    let expired = certified(|tls| {
        tls.chain[0].not_after = now() - SignedDuration::from_hours(48);
    });
    assert_eq!(faults(&expired), [("PHS305", "phs305-expired")]);
    let early = certified(|tls| {
        tls.chain[0].not_before = now() + SignedDuration::from_hours(48);
    });
    assert_eq!(faults(&early), [("PHS305", "phs305-not-yet-valid")]);
    let named = certified(|tls| tls.chain[0].names = vec!["dc9.fabrikam.com".to_owned()]);
    assert_eq!(faults(&named), [("PHS305", "phs305-wrong-name")]);
    let signed = certified(|tls| {
        tls.chain[0].self_issued = true;
        tls.trust = Trust::Untrusted("unknown issuer".to_owned());
    });
    assert_eq!(faults(&signed), [("PHS305", "phs305-self-signed")]);
    let sha1 = certified(|tls| {
        tls.chain[0].weak_signature = true;
        tls.trust = Trust::Untrusted("unsupported".to_owned());
    });
    assert_eq!(faults(&sha1), [("PHS305", "phs305-weak-signature")]);
    let weak = certified(|tls| {
        tls.chain[0].key_bits = Some(1024);
        tls.signature_valid = false;
    });
    assert_eq!(faults(&weak), [("PHS305", "phs305-weak-key")]);
    let soon = certified(|tls| {
        tls.chain[0].not_after = now() + SignedDuration::from_hours(24 * 5);
    });
    assert_eq!(faults(&soon), [("PHS305", "phs305-soon")]);
}

fn server(ssl_bind: bool) -> ServerConfiguration {
    ServerConfiguration {
        connectors: vec![Connector {
            source: "test".to_owned(),
            identifier: Uuid::nil(),
            name: "fabrikam.com".to_owned(),
            kind: ConnectorKind::ActiveDirectory,
            forest_name: Fact::default(),
            login_domain: Fact::default(),
            login_user: Fact::default(),
            ssl_bind: Fact::Known(ssl_bind),
            sign_and_seal: Fact::default(),
            password_hash_sync: Fact::default(),
            partitions: Vec::new(),
            run_profiles: Vec::new(),
            parameters: std::collections::BTreeMap::default(),
        }],
        ..ServerConfiguration::default()
    }
}

#[test]
fn no_tls_is_a_fault_only_for_a_connector_that_binds_over_it() {
    let without = || {
        let mut dc = controller("dc1.fabrikam.com");
        dc.ldaps = Answer::Closed;
        dc.start_tls = Answer::Declined("52".to_owned());
        network(vec![dc])
    };
    for (server, outcome) in [
        (None, Outcome::Skipped(SkipReason::NotApplicable)),
        (
            Some(server(false)),
            Outcome::Skipped(SkipReason::NotApplicable),
        ),
        (Some(server(true)), Outcome::Failed),
    ] {
        let findings = judge_with(&without(), server);
        let tls = findings
            .iter()
            .find(|finding| finding.check.id == "PHS305")
            .unwrap();
        assert_eq!(tls.outcome, outcome);
    }
}

fn skewed(milliseconds: &[i64]) -> Vec<Finding> {
    let controllers = milliseconds
        .iter()
        .zip(["dc1.fabrikam.com", "dc2.fabrikam.com", "dc3.fabrikam.com"])
        .map(|(skew, host)| {
            let mut dc = controller(host);
            if let Answer::Answered(root_dse) = &mut dc.root_dse {
                root_dse.skew_ms = Some(*skew);
            }
            // Names of certificates are no part of this question.
            dc.ldaps = Answer::Closed;
            dc.start_tls = Answer::Closed;
            dc
        })
        .collect();
    judged(&network(controllers))
}

#[test]
fn the_clock_that_is_wrong_is_named() {
    assert_eq!(faults(&skewed(&[360_000])), [("PHS306", "phs306-skewed")]);
    assert_eq!(
        faults(&skewed(&[360_000, 0, 0])),
        [("PHS306", "phs306-skewed")]
    );
    assert_eq!(
        faults(&skewed(&[-400_000, -401_000, -399_000])),
        [("PHS306", "phs306-here")]
    );
    assert_eq!(
        faults(&skewed(&[-200_000, 200_000])),
        [
            ("PHS306", "phs306-near"),
            ("PHS306", "phs306-near"),
            ("PHS306", "phs306-apart")
        ]
    );
    assert_eq!(faults(&skewed(&[300_400, 0])), [("PHS306", "phs306-near")]);
}

#[test]
fn replication_switched_off_is_named() {
    let with = |options| {
        one(|dc| {
            if let Answer::Answered(settings) = &mut dc.ntds_settings {
                settings.options = options;
            }
        })
    };
    assert_eq!(faults(&with(5)), [("PHS307", "phs307-outbound")]);
    assert_eq!(faults(&with(3)), [("PHS307", "phs307-inbound")]);
    let unread = one(|dc| {
        dc.ntds_settings = Answer::NotTried(NotTriedReason::NoCredential);
    });
    assert_eq!(keys(&unread, "PHS307"), ["phs307-unread"]);
    assert_eq!(faults(&unread), []);
    let read_only = one(|dc| {
        dc.source = ControllerSource::Preferred;
        if let Answer::Answered(settings) = &mut dc.ntds_settings {
            settings.is_rodc = Some(true);
        }
    });
    assert_eq!(faults(&read_only), [("PHS307", "phs307-read-only")]);
}
