//! PHS102, PHS103 and PHS105 on recorded evidence.

use super::super::testing::*;
use crate::check::Severity;
use crate::evidence::directory::{
    AccountKind, DirectoryEvidence, Identification, MissingAccount, Namesake,
};
use crate::evidence::{Evidence, Fact, UnknownReason};
use crate::finding::{Outcome, SkipReason};
use crate::guide::{Context, Policy};

/// A Windows file time `days` after the time of the evidence.
fn in_days(days: i64) -> Fact<i64> {
    let now: jiff::Timestamp = NOW.parse().unwrap();
    Fact::Known((now.as_second() + days * 86_400 + 11_644_473_600) * 10_000_000)
}

#[test]
fn a_healthy_account_passes() {
    let finding = only("PHS102", one(BOTH));
    assert_eq!(finding.outcome, Outcome::Passed);
    assert_eq!(finding.target.canonical, "s-1-5-21-1-2-3-1104");
    words(&finding);
}

#[test]
fn each_state_is_named_with_its_remedy() {
    type Change = fn(&mut crate::evidence::directory::AccountState);
    let cases: [(Change, &str, &str); 5] = [
        (
            |state| state.user_account_control = Fact::Known(0x202),
            "it is disabled",
            "Enable-ADAccount",
        ),
        (
            |state| state.computed = Fact::Known(0x10),
            "it is locked out",
            "Unlock-ADAccount",
        ),
        (
            |state| state.computed = Fact::Known(0x80_0000),
            "its password has expired",
            "Set a new password",
        ),
        (
            |state| {
                state.computed = Fact::Known(0x80_0000);
                state.password_last_set = Fact::Known(0);
            },
            "must be changed before the next logon",
            "Set a new password",
        ),
        (
            |state| state.account_expires = in_days(-1),
            "it expired at 2026-11-23T18:00:00Z",
            "Clear-ADAccountExpiration",
        ),
    ];
    for (change, reason, remedy) in cases {
        let mut evidence = one(BOTH);
        change(&mut evidence.accounts[0].state);
        let finding = only("PHS102", evidence);
        assert_eq!(finding.outcome, Outcome::Failed, "{reason}");
        assert_eq!(finding.severity(), Severity::Critical);
        let text = words(&finding);
        assert!(text.contains(reason) && text.contains(remedy), "{text}");
    }
}

#[test]
fn several_faults_are_told_together() {
    let mut evidence = one(BOTH);
    evidence.accounts[0].state.user_account_control = Fact::Known(0x202);
    evidence.accounts[0].state.computed = Fact::Known(0x80_0010);
    let finding = only("PHS102", evidence);
    let text = words(&finding);
    assert!(
        text.contains("it is disabled; it is locked out; its password has expired"),
        "{text}"
    );
    assert_eq!(finding.remedies.len(), 3);
}

#[test]
fn an_end_that_is_near_is_a_warning() {
    let mut evidence = one(BOTH);
    evidence.accounts[0].state.password_expires = in_days(13);
    let finding = only("PHS102", evidence);
    assert_eq!(finding.outcome, Outcome::Warning);
    assert!(words(&finding).contains("its password expires at"));

    for never in [Fact::Known(0), Fact::Known(i64::MAX), in_days(15)] {
        let mut evidence = one(BOTH);
        evidence.accounts[0].state.account_expires = never.clone();
        evidence.accounts[0].state.password_expires = never;
        assert_eq!(only("PHS102", evidence).outcome, Outcome::Passed);
    }
}

#[test]
fn what_is_not_known_is_not_health() {
    let mut evidence = one(BOTH);
    evidence.accounts[0].state.computed = Fact::unknown(UnknownReason::NotPermitted);
    assert_eq!(
        only("PHS102", evidence).outcome,
        Outcome::Skipped(SkipReason::NotPermitted)
    );
    // A known fault counts whatever else is not known.
    let mut evidence = one(BOTH);
    evidence.accounts[0].state.computed = Fact::unknown(UnknownReason::NotPermitted);
    evidence.accounts[0].state.user_account_control = Fact::Known(0x202);
    assert_eq!(only("PHS102", evidence).outcome, Outcome::Failed);
    // An account that never got an expiry does not expire.
    let mut evidence = one(BOTH);
    evidence.accounts[0].state.account_expires = Fact::unknown(UnknownReason::Absent);
    assert_eq!(only("PHS102", evidence).outcome, Outcome::Passed);
}

#[test]
fn a_managed_password_does_not_expire() {
    let mut evidence = one(BOTH);
    let account = &mut evidence.accounts[0];
    account.kind = AccountKind::CloudSyncServiceAccount;
    account.state.computed = Fact::Known(0x80_0000);
    account.state.password_expires = in_days(1);
    assert_eq!(only("PHS102", evidence).outcome, Outcome::Passed);
}

#[test]
fn a_name_without_an_account_fails_and_the_rest_depends_on_it() {
    let mut evidence = one(BOTH);
    evidence.accounts.clear();
    evidence.not_found.push(MissingAccount {
        name: "MSOL_gone".into(),
        wanted_by: Identification::Given,
        unasked_domains: Vec::new(),
    });
    let findings = judge(evidence.clone());
    let ids: Vec<_> = findings
        .iter()
        .map(|finding| (finding.check.id, finding.outcome))
        .collect();
    let depends = Outcome::Skipped(SkipReason::DependencyFailed);
    assert_eq!(
        ids,
        [
            ("PHS101", depends),
            ("PHS102", Outcome::Failed),
            ("PHS103", depends),
            ("PHS105", depends)
        ]
    );
    evidence.not_found[0].unasked_domains = vec!["DC=eu,DC=contoso,DC=test".into()];
    assert_eq!(
        only("PHS102", evidence).outcome,
        Outcome::Skipped(SkipReason::EvidenceMissing)
    );
}

#[test]
fn without_name_and_trace_nothing_is_judged() {
    let mut evidence = one(BOTH);
    evidence.accounts.clear();
    evidence.asked_account = None;
    let findings = judge(evidence);
    assert_eq!(findings.len(), 4);
    for finding in findings {
        assert_eq!(
            finding.outcome,
            Outcome::Skipped(SkipReason::EvidenceMissing),
            "{}",
            finding.check.id
        );
        words(&finding);
    }
}

#[test]
fn without_directory_evidence_every_check_says_so() {
    let context = Context {
        today: NOW.parse().unwrap(),
        users_named: false,
        policy: Policy::default(),
    };
    let mut findings = Vec::new();
    super::super::judge(&Evidence::default(), &context, &mut |finding| {
        findings.push((finding.check.id, finding.outcome));
    });
    let missing = Outcome::Skipped(SkipReason::EvidenceMissing);
    assert_eq!(
        findings,
        ["PHS101", "PHS102", "PHS103", "PHS105"].map(|id| (id, missing))
    );
}

#[test]
fn needed_rights_alone_are_no_excess() {
    let finding = only("PHS103", one(BOTH));
    assert_eq!(finding.outcome, Outcome::Passed);
}

#[test]
fn excess_is_a_warning_that_names_each_source() {
    let me = "S-1-5-21-1-2-3-1104";
    for (aces, part) in [
        (
            format!("(A;;GA;;;{me})"),
            "full control of the head of contoso.test",
        ),
        (format!("(A;;WD;;;{me})"), "may change the permissions"),
        (format!("(A;;WO;;;{me})"), "may take ownership"),
    ] {
        let finding = only("PHS103", one(&aces));
        assert_eq!(finding.outcome, Outcome::Warning, "{aces}");
        let text = words(&finding);
        assert!(text.contains(part), "{text}");
    }
    let mut evidence = one(BOTH);
    memberships(&mut evidence, 0).groups.extend([
        group("S-1-5-21-1-2-3-512", &["Sync", "Domain Admins"]),
        group("S-1-5-32-544", &["Administrators"]),
    ]);
    let finding = only("PHS103", evidence);
    assert_eq!(finding.outcome, Outcome::Warning);
    let text = words(&finding);
    assert!(
        text.contains("member of Domain Admins in contoso.test through Sync > Domain Admins; member of Administrators in contoso.test"),
        "{text}"
    );
}

#[test]
fn a_group_of_one_domain_is_named_once() {
    let mut evidence = forest(vec![
        domain("contoso.test", CONTOSO, BOTH),
        domain("eu.contoso.test", EU, BOTH),
    ]);
    for index in 0..2 {
        memberships(&mut evidence, index)
            .groups
            .push(group("S-1-5-21-1-2-3-519", &["Enterprise Admins"]));
    }
    let text = words(&only("PHS103", evidence));
    assert_eq!(text.matches("Enterprise Admins").count(), 1, "{text}");
}

#[test]
fn excess_is_not_ruled_out_where_something_was_not_read() {
    let mut evidence = one(BOTH);
    memberships(&mut evidence, 0).trouble = Some(unreachable());
    assert_eq!(
        only("PHS103", evidence).outcome,
        Outcome::Skipped(SkipReason::EvidenceMissing)
    );
}

fn candidates(names: &[(&str, &str)]) -> DirectoryEvidence {
    let mut evidence = one(BOTH);
    evidence.asked_account = None;
    let template = evidence.accounts.remove(0);
    for (index, (name, server)) in names.iter().enumerate() {
        let mut account = template.clone();
        account.sid = sid(&format!("S-1-5-21-1-2-3-{}", 1104 + index));
        account.sam_account_name = Fact::Known((*name).to_owned());
        account.identified = vec![Identification::Name];
        if !server.is_empty() {
            account.description = Fact::Known(format!(
                "Account created by Microsoft Entra Connect with installation identifier 0 running on computer {server} configured to synchronize"
            ));
            account.identified.push(Identification::Description);
        }
        evidence.accounts.push(account);
    }
    evidence
}

#[test]
fn one_candidate_passes_and_says_how_it_was_found() {
    let finding = only("PHS105", candidates(&[("MSOL_1", "SYNC1")]));
    assert_eq!(finding.outcome, Outcome::Passed);
    assert!(words(&finding).contains("its description names the server SYNC1"));
    let finding = only("PHS105", candidates(&[("MSOL_1", "")]));
    assert!(words(&finding).contains("its name begins with MSOL_"));
    let finding = only("PHS105", one(BOTH));
    assert!(words(&finding).contains("as named"));
}

#[test]
fn several_candidates_are_each_judged_and_the_servers_named() {
    let evidence = candidates(&[("MSOL_1", "SYNC1"), ("MSOL_2", "SYNC2")]);
    assert_eq!(of("PHS101", evidence.clone()).len(), 2);
    let finding = only("PHS105", evidence);
    assert_eq!(finding.outcome, Outcome::Warning);
    let text = words(&finding);
    assert!(
        text.contains("CONTOSO\\MSOL_1 (SYNC1), CONTOSO\\MSOL_2 (SYNC2)"),
        "{text}"
    );
}

#[test]
fn the_configured_account_is_judged_and_the_others_are_left_overs() {
    let mut evidence = candidates(&[("MSOL_1", "SYNC1"), ("MSOL_2", "OLD")]);
    evidence.accounts[0]
        .identified
        .push(Identification::Configured {
            connector: "contoso.test".into(),
        });
    assert_eq!(of("PHS101", evidence.clone()).len(), 1);
    let finding = only("PHS105", evidence);
    assert_eq!(finding.outcome, Outcome::Warning);
    assert!(words(&finding).contains("former servers: CONTOSO\\MSOL_2 (OLD)"));
}

#[test]
fn cloud_sync_is_recognised_and_is_no_rival() {
    let mut evidence = candidates(&[("MSOL_1", "SYNC1"), ("provAgentgMSA$", "")]);
    evidence.accounts[1].kind = AccountKind::CloudSyncServiceAccount;
    evidence.accounts[1].identified = vec![Identification::CloudSync];
    let finding = only("PHS105", evidence.clone());
    assert_eq!(finding.outcome, Outcome::Passed);
    evidence.accounts.remove(0);
    let finding = only("PHS105", evidence);
    assert_eq!(finding.outcome, Outcome::Passed);
    assert!(words(&finding).contains("Cloud Sync agent"));
}

#[test]
fn a_name_that_exists_in_another_domain_is_a_warning() {
    let mut evidence = forest(vec![
        domain("contoso.test", CONTOSO, BOTH),
        domain("eu.contoso.test", EU, BOTH),
    ]);
    evidence.namesakes.push(Namesake {
        of: sid("S-1-5-21-1-2-3-1104"),
        distinguished_name: "CN=MSOL_good,CN=Users,DC=eu,DC=contoso,DC=test".into(),
        domain: "DC=eu,DC=contoso,DC=test".into(),
    });
    let findings = of("PHS105", evidence);
    assert_eq!(findings.len(), 2);
    assert_eq!(findings[0].outcome, Outcome::Passed);
    assert_eq!(findings[1].outcome, Outcome::Warning);
    assert!(words(&findings[1]).contains("CN=MSOL_good,CN=Users,DC=eu"));
}
