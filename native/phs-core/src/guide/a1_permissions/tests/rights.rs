//! PHS101 on recorded evidence: the traps of the permissions part (domain reference, 12), each by its number.

use super::super::testing::*;
use crate::evidence::{Fact, UnknownReason};
use crate::finding::{Outcome, SkipReason};
use crate::security::sddl::{self, SddlContext};

fn outcome(aces: &str) -> Outcome {
    only("PHS101", one(aces)).outcome
}

#[test]
fn both_rights_by_entries_of_their_own_pass_and_say_why() {
    let finding = only("PHS101", one(BOTH));
    assert_eq!(finding.outcome, Outcome::Passed);
    let text = words(&finding);
    assert!(text.contains("CONTOSO\\MSOL_good holds both"), "{text}");
    assert!(
        text.contains("entry 1 of the DACL, (OA;;CR;1131f6aa"),
        "{text}"
    );
    assert!(text.contains("entry 2 of the DACL"), "{text}");
    assert!(text.contains("the account itself"), "{text}");
    assert_eq!(
        finding.target.canonical,
        "s-1-5-21-1-2-3-1104|00000000-0000-0000-0000-00000000000c"
    );
}

// Trap 36: groups, plain ACEs with the control bit, full control, object ACEs without a type.
#[test]
fn rights_come_in_many_shapes() {
    for aces in [
        "(A;;CR;;;S-1-5-21-1-2-3-1104)",
        "(A;;GA;;;S-1-5-21-1-2-3-1104)",
        "(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;S-1-5-21-1-2-3-1104)",
        "(OA;;CR;;;S-1-5-21-1-2-3-1104)",
        "(A;;0x100;;;S-1-5-21-1-2-3-513)",
        "(A;;CR;;;WD)",
        "(A;;CR;;;AU)",
        "(A;;CR;;;S-1-5-2)",
        "(A;;CR;;;S-1-5-15)",
    ] {
        assert_eq!(outcome(aces), Outcome::Passed, "{aces}");
    }
}

#[test]
fn the_way_through_the_groups_is_told() {
    let mut evidence = one(&both("OA", "", "S-1-5-21-1-2-3-1200"));
    memberships(&mut evidence, 0).groups.push(group(
        "S-1-5-21-1-2-3-1200",
        &["Sync staff", "Sync accounts", "Replicators"],
    ));
    let finding = only("PHS101", evidence);
    assert_eq!(finding.outcome, Outcome::Passed);
    let text = words(&finding);
    assert!(
        text.contains(
            "Replicators, which the account is in through Sync staff > Sync accounts > Replicators"
        ),
        "{text}"
    );
}

// Trap 37: inherit-only ACEs do not count, inherited ones do.
#[test]
fn inheritance_flags_are_honoured() {
    assert_eq!(
        outcome(&both("OA", "CIID", "S-1-5-21-1-2-3-1104")),
        Outcome::Passed
    );
    let finding = only("PHS101", one(&both("OA", "CIIO", "S-1-5-21-1-2-3-1104")));
    assert_eq!(finding.outcome, Outcome::Failed);
    let text = words(&finding);
    assert!(text.contains("for inheritance only"), "{text}");
}

// Trap 38: the first match in stored order decides; denials of something or somebody else are irrelevant.
#[test]
fn stored_order_decides() {
    let me = "S-1-5-21-1-2-3-1104";
    let deny = both("OD", "", me);
    assert_eq!(outcome(&format!("{BOTH}{deny}")), Outcome::Passed);
    assert_eq!(outcome(&format!("{deny}{BOTH}")), Outcome::Failed);
    for irrelevant in [
        both("OD", "", "S-1-5-21-1-2-3-9999"),
        format!("(OD;;CR;{FILTERED};;{me})"),
        format!("(OD;;RP;{CHANGES};;{me})"),
        format!("(OD;CIIO;CR;{CHANGES};;{me})"),
    ] {
        assert_eq!(
            outcome(&format!("{irrelevant}{BOTH}")),
            Outcome::Passed,
            "{irrelevant}"
        );
    }
}

#[test]
fn a_denial_is_named_with_its_group_and_a_grant_is_not_offered_against_it() {
    let mut evidence = one(&format!("(OD;;CR;{ALL};;S-1-5-21-1-2-3-1300){BOTH}"));
    memberships(&mut evidence, 0).groups.push(group(
        "S-1-5-21-1-2-3-1300",
        &["Contractors", "No replication"],
    ));
    let finding = only("PHS101", evidence);
    assert_eq!(finding.outcome, Outcome::Failed);
    let text = words(&finding);
    assert!(
        text.contains("lacks Replicating Directory Changes All on"),
        "{text}"
    );
    assert!(text.contains("allows it: entry 1 of the DACL"), "{text}");
    assert!(
        text.contains("through Contractors > No replication"),
        "{text}"
    );
    assert!(text.contains("RemoveAccessRule"), "{text}");
    assert!(text.contains("out of the group Contractors"), "{text}");
    assert!(!text.contains("AddAccessRule"), "{text}");
}

#[test]
fn an_inherited_denial_is_overcome_by_an_explicit_grant() {
    let finding = only(
        "PHS101",
        one(&format!(
            "{}{BOTH}",
            both("OD", "CIID", "S-1-5-21-1-2-3-1104")
        )),
    );
    assert_eq!(finding.outcome, Outcome::Failed);
    assert!(words(&finding).contains("AddAccessRule"));
}

// Trap 39: groups of the target domain count there and only there.
#[test]
fn groups_are_those_of_the_target_domain() {
    let local = "S-1-5-21-4-5-6-1500";
    let mut evidence = forest(vec![
        domain("contoso.test", CONTOSO, &both("OA", "", local)),
        domain("eu.contoso.test", EU, &both("OA", "", local)),
    ]);
    memberships(&mut evidence, 1)
        .groups
        .push(group(local, &["EU replicators"]));
    let findings = of("PHS101", evidence);
    assert_eq!(findings[0].outcome, Outcome::Failed);
    assert_eq!(findings[1].outcome, Outcome::Passed);
}

// Trap 40: each domain head is judged on its own.
#[test]
fn three_domains_give_three_answers() {
    let changes_only = format!("(OA;;CR;{CHANGES};;S-1-5-21-1-2-3-1104)");
    let findings = of(
        "PHS101",
        forest(vec![
            domain("contoso.test", CONTOSO, BOTH),
            domain("eu.contoso.test", EU, ""),
            domain("fabrikam.test", FABRIKAM, &changes_only),
        ]),
    );
    let outcomes: Vec<_> = findings.iter().map(|finding| finding.outcome).collect();
    assert_eq!(
        outcomes,
        [Outcome::Passed, Outcome::Failed, Outcome::Failed]
    );
    assert!(words(&findings[1]).contains("lacks Replicating Directory Changes and Replicating Directory Changes All on eu.contoso.test"));
    assert!(
        words(&findings[2]).contains("lacks Replicating Directory Changes All on fabrikam.test")
    );
    let fingerprints: std::collections::BTreeSet<_> = findings
        .iter()
        .map(crate::finding::Finding::fingerprint)
        .collect();
    assert_eq!(fingerprints.len(), 3);
}

// Trap 41: one right is not two, and the filtered set is no substitute.
#[test]
fn one_right_is_not_enough() {
    let me = "S-1-5-21-1-2-3-1104";
    let finding = only(
        "PHS101",
        one(&format!(
            "(OA;;CR;{CHANGES};;{me})(OA;;CR;{FILTERED};;{me})"
        )),
    );
    assert_eq!(finding.outcome, Outcome::Failed);
    let text = words(&finding);
    assert!(
        text.contains("filtered attribute set; it is no substitute"),
        "{text}"
    );
    assert_eq!(outcome(&format!("(OA;;CR;{ALL};;{me})")), Outcome::Failed);
}

// Trap 42: absent, null and empty DACL differ, and the mask is read as bits.
#[test]
fn absent_null_and_empty_differ() {
    let with = |text: &str| {
        let mut evidence = one("");
        evidence.domains[0].descriptor = descriptor(text, CONTOSO);
        only("PHS101", evidence)
    };
    assert_eq!(with("O:DAG:DA").outcome, Outcome::Passed);
    let null = with("O:DAG:DAD:NO_ACCESS_CONTROL");
    assert_eq!(null.outcome, Outcome::Passed);
    assert!(words(&null).contains("no DACL"));
    let empty = with("O:DAG:DAD:");
    assert_eq!(empty.outcome, Outcome::Failed);
    assert!(words(&empty).contains("the DACL is empty"));
    // The letters CR stand across a border of two tokens, the bit does not.
    let me = "S-1-5-21-1-2-3-1104";
    assert_eq!(outcome(&format!("(A;;LCRP;;;{me})")), Outcome::Failed);
    assert_eq!(outcome(&format!("(A;;RPLCRC;;;{me})")), Outcome::Failed);
}

#[test]
fn a_guid_without_the_control_bit_grants_nothing_and_is_named() {
    let me = "S-1-5-21-1-2-3-1104";
    let finding = only(
        "PHS101",
        one(&format!("(OA;;RP;{CHANGES};;{me})(OA;;CR;{ALL};;{me})")),
    );
    assert_eq!(finding.outcome, Outcome::Failed);
    let text = words(&finding);
    assert!(text.contains("lacks the bit for control access"), "{text}");
}

// Trap 43: a condition is neither a grant nor a denial; unknown types are passed over.
#[test]
fn conditions_are_undetermined_and_never_passed() {
    let me = "S-1-5-21-1-2-3-1104";
    let conditional = format!("(XA;;CR;;;{me};(#01020304))");
    let finding = only("PHS101", one(&conditional));
    assert_eq!(finding.outcome, Outcome::Warning);
    assert!(words(&finding).contains("hangs on the condition of entry 1"));
    let denied = format!("(XD;;CR;;;{me};(#01020304)){BOTH}");
    assert_eq!(outcome(&denied), Outcome::Warning);
    assert_eq!(outcome(&format!("{BOTH}{conditional}")), Outcome::Passed);
}

// Trap 44: a missing descriptor is unreadable, not empty.
#[test]
fn a_withheld_descriptor_is_not_an_empty_dacl() {
    for (fact, reason) in [
        (
            Fact::unknown_because(UnknownReason::NotPermitted, "nTSecurityDescriptor"),
            SkipReason::NotPermitted,
        ),
        (
            Fact::unknown(UnknownReason::NotCollected),
            SkipReason::EvidenceMissing,
        ),
        (
            Fact::Known(crate::evidence::directory::Bytes(vec![1, 0, 4])),
            SkipReason::EvidenceMissing,
        ),
    ] {
        let mut evidence = one("");
        evidence.domains[0].descriptor = fact;
        let finding = only("PHS101", evidence);
        assert_eq!(finding.outcome, Outcome::Skipped(reason));
        words(&finding);
    }
}

// Trap 45: the GUID in the ACE is little-endian in its first three fields; its text form, byte for byte, is another right.
#[test]
fn a_guid_in_the_wrong_byte_order_grants_nothing() {
    let swapped = uuid::Uuid::parse_str(CHANGES).unwrap().to_bytes_le();
    let swapped = uuid::Uuid::from_bytes(swapped);
    let me = "S-1-5-21-1-2-3-1104";
    assert_eq!(
        outcome(&format!("(OA;;CR;{swapped};;{me})(OA;;CR;{ALL};;{me})")),
        Outcome::Failed
    );
}

// Trap 46: rights held are not yet a working synchronisation.
#[test]
fn a_read_only_controller_and_a_disabled_account_are_faults_of_their_own() {
    let mut evidence = one(BOTH);
    evidence.domains[0].controller.as_mut().unwrap().read_only = Fact::Known(true);
    evidence.accounts[0].state.user_account_control = Fact::Known(0x202);
    let findings = judge(evidence);
    let of = |id: &str| {
        findings
            .iter()
            .find(|finding| finding.check.id == id)
            .unwrap()
    };
    assert_eq!(of("PHS101").outcome, Outcome::Warning);
    assert!(words(of("PHS101")).contains("read-only domain controller"));
    assert_eq!(of("PHS102").outcome, Outcome::Failed);

    let mut evidence = one(BOTH);
    evidence.accounts[0].state.user_account_control = Fact::Known(0x202);
    let findings = judge(evidence);
    assert_eq!(findings[0].outcome, Outcome::Passed);
    assert_eq!(findings[1].outcome, Outcome::Failed);
}

#[test]
fn an_unreachable_domain_is_skipped_and_the_others_are_judged() {
    let mut evidence = forest(vec![
        domain("contoso.test", CONTOSO, BOTH),
        domain("eu.contoso.test", EU, BOTH),
        domain("fabrikam.test", FABRIKAM, BOTH),
    ]);
    evidence.domains[1].descriptor = Fact::unknown(UnknownReason::NotCollected);
    evidence.domains[1].trouble = Some(unreachable());
    evidence.domains[1].controller = None;
    evidence.accounts[0].memberships.remove(1);
    evidence.domains[2].selected = Fact::Known(false);
    let findings = of("PHS101", evidence);
    assert_eq!(findings[0].outcome, Outcome::Passed);
    assert_eq!(
        findings[1].outcome,
        Outcome::Skipped(SkipReason::EvidenceMissing)
    );
    assert!(words(&findings[1]).contains("dc1 did not answer."));
    assert_eq!(
        findings[2].outcome,
        Outcome::Skipped(SkipReason::NotApplicable)
    );
}

#[test]
fn groups_that_are_not_known_matter_only_where_they_could_decide() {
    let unknown_group = "S-1-5-21-1-2-3-4000";
    let me = "S-1-5-21-1-2-3-1104";
    for (aces, expected) in [
        (BOTH.to_owned(), Outcome::Passed),
        (
            format!("{}{BOTH}", both("OD", "", unknown_group)),
            Outcome::Skipped(SkipReason::EvidenceMissing),
        ),
        (
            format!("{BOTH}{}", both("OD", "", unknown_group)),
            Outcome::Passed,
        ),
        (
            both("OA", "", unknown_group),
            Outcome::Skipped(SkipReason::EvidenceMissing),
        ),
        (both("OD", "", me), Outcome::Failed),
        (
            format!("{}{}", both("OA", "", unknown_group), both("OD", "", me)),
            Outcome::Skipped(SkipReason::EvidenceMissing),
        ),
    ] {
        for absent in [true, false] {
            let mut evidence = one(&aces);
            if absent {
                evidence.accounts[0].memberships.clear();
            } else {
                memberships(&mut evidence, 0).trouble = Some(unreachable());
            }
            let finding = only("PHS101", evidence);
            assert_eq!(finding.outcome, expected, "{aces}");
            words(&finding);
        }
    }
}

#[test]
fn former_sids_speak_for_the_account() {
    let former = "S-1-5-21-40-41-42-1000";
    let mut evidence = one(&both("OA", "", former));
    evidence.accounts[0].sid_history.push(sid(former));
    let finding = only("PHS101", evidence);
    assert_eq!(finding.outcome, Outcome::Passed);
    assert!(words(&finding).contains("a former SID of the account"));

    let mut evidence = one(&both("OA", "", former));
    memberships(&mut evidence, 0).groups[0]
        .sid_history
        .push(sid(former));
    assert_eq!(only("PHS101", evidence).outcome, Outcome::Passed);
}

#[test]
fn the_remedies_work_in_every_language_and_say_which_does_not() {
    let finding = only("PHS101", one(""));
    let text = words(&finding);
    for part in [
        "'S-1-5-21-1-2-3-1104'",
        "LDAP://contoso.test/DC=contoso,DC=test",
        "'1131f6aa-9c07-11d1-f79f-00c04fc2dcd2', '1131f6ad-9c07-11d1-f79f-00c04fc2dcd2'",
        "$sid = ",
        "foreach ($right in ",
        "Set-ADSyncPasswordHashSyncPermissions -ADConnectorAccountName 'MSOL_good' -ADConnectorAccountDomain 'contoso.test'",
        "English Windows only: dsacls \"DC=contoso,DC=test\" /G \"CONTOSO\\MSOL_good:CA;Replicating Directory Changes\"",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn self_stands_for_the_domain_and_not_for_the_account() {
    assert_eq!(outcome(&both("OA", "", "PS")), Outcome::Failed);
    assert!(sddl::parse("D:(A;;CR;;;PS)", &SddlContext::default()).is_ok());
}
