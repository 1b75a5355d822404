//! Judgements on facts beside the rules, with the rules and without them.

use jiff::Timestamp;
use phs_core::evidence::Fact;
use phs_core::evidence::user::TenantFacts;
use phs_core::guide::user::{Detail, Effect, JudgeOptions, UserJudge, Verdict, judge_user};

use crate::support::{fixture_rules, user};
use crate::verdicts::{effects, judged, options, server, words};

#[test]
fn without_rules_only_facts_that_block_by_default_are_told() {
    let judge = UserJudge::new(None, options(Detail::Verdict));
    for (user, verdict, check) in [
        (user(), Verdict::Unknown, "PHS503"),
        (
            user().set("userAccountControl", "514"),
            Verdict::Blocked,
            "PHS603",
        ),
        (user().set("pwdLastSet", "0"), Verdict::Blocked, "PHS601"),
        (
            user().kind(Some("inetOrgPerson")),
            Verdict::Blocked,
            "PHS701",
        ),
        (user().kind(Some("computer")), Verdict::Blocked, "PHS701"),
        (
            user().set("isCriticalSystemObject", "TRUE"),
            Verdict::Blocked,
            "PHS701",
        ),
        (
            user().set("isCriticalSystemObject", "FALSE"),
            Verdict::Unknown,
            "PHS503",
        ),
        (
            user().dn("CN=a\\0ACNF:1,DC=contoso,DC=example"),
            Verdict::Blocked,
            "PHS701",
        ),
        (
            user().set("sAMAccountName", "MSOL_1"),
            Verdict::Blocked,
            "PHS702",
        ),
        (
            user().set("sAMAccountName", "msol_1"),
            Verdict::Unknown,
            "PHS702",
        ),
        (
            user().set("sAMAccountName", "CAS_1"),
            Verdict::Unknown,
            "PHS503",
        ),
        (
            user().set("sAMAccountName", "CAS_{1}"),
            Verdict::Blocked,
            "PHS702",
        ),
        (
            user().set("mailNickname", "SystemMailbox{1}"),
            Verdict::Blocked,
            "PHS702",
        ),
        (
            user().set("sAMAccountName", "SUPPORT_388945a01"),
            Verdict::Unknown,
            "PHS503",
        ),
        (
            user().set("adminDescription", "User_1"),
            Verdict::Unknown,
            "PHS503",
        ),
        (
            user().unread("userAccountControl"),
            Verdict::Unknown,
            "PHS603",
        ),
    ] {
        let judgement = judge_user(&judge, &user, None);
        assert_eq!(judgement.verdict, verdict, "{:#?}", words(&judgement));
        assert_eq!(
            judgement.decisive().unwrap().finding.check.id,
            check,
            "{:#?}",
            words(&judgement)
        );
        if verdict == Verdict::Blocked && !words(&judgement)[0].contains("computer") {
            assert!(
                words(&judgement)[0].contains("nder default rules"),
                "{:#?}",
                words(&judgement)
            );
        }
    }
}

// Trap 28.
#[test]
fn temporary_passwords_are_judged_with_tenant_feature_and_build() {
    let start = server(&fixture_rules());
    let with_build = |build: &str| {
        let mut server = start.clone();
        server.settings = Fact::Known(
            [(
                "Microsoft.Synchronize.ServerConfigurationVersion".to_owned(),
                build.to_owned(),
            )]
            .into(),
        );
        server
    };
    for (server, feature, verdict, effect, word) in [
        (
            start.clone(),
            Fact::default(),
            Verdict::Blocked,
            Effect::Blocks,
            "unless ForcePasswordChangeOnLogOn",
        ),
        (
            with_build("2.5.79.0"),
            Fact::default(),
            Verdict::Blocked,
            Effect::Blocks,
            "not read",
        ),
        (
            with_build("2.5.79.0"),
            Fact::Known(false),
            Verdict::Blocked,
            Effect::Blocks,
            "is off",
        ),
        (
            with_build("2.0.2.9"),
            Fact::Known(true),
            Verdict::Blocked,
            Effect::Blocks,
            "2.0.2.9",
        ),
        (
            start.clone(),
            Fact::Known(true),
            Verdict::Unknown,
            Effect::Unknown,
            "not known",
        ),
        (
            with_build("2.0.3.0"),
            Fact::Known(true),
            Verdict::WillSync,
            Effect::Hint,
            "temporary",
        ),
    ] {
        let tenant = TenantFacts {
            force_password_change_on_log_on: feature,
            ..TenantFacts::default()
        };
        let judge = UserJudge::new(
            Some(&server),
            JudgeOptions {
                tenant,
                ..options(Detail::Verdict)
            },
        );
        let judgement = judge_user(&judge, &user().set("pwdLastSet", "0"), None);
        assert_eq!(judgement.verdict, verdict);
        assert_eq!(effects(&judgement), [("PHS601", effect)]);
        assert!(
            words(&judgement)[0].contains(word),
            "{:#?}",
            words(&judgement)
        );
    }
    let unread = judged(&start, &user().unread("pwdLastSet"));
    assert_eq!(effects(&unread), [("PHS601", Effect::Unknown)]);
}

#[test]
fn facts_that_do_not_stop_a_password_are_hints() {
    let server = server(&fixture_rules());
    let judge = UserJudge::new(Some(&server), options(Detail::Full));
    for (user, check, word) in [
        (
            user().set("accountExpires", "116444736000000000"),
            "PHS603",
            "expired",
        ),
        (
            user().set("msDS-User-Account-Control-Computed", "16"),
            "PHS603",
            "locked",
        ),
        (
            user().set("userAccountControl", "544"),
            "PHS602",
            "PASSWD_NOTREQD",
        ),
        (
            user().set("userAccountControl", "262656"),
            "PHS604",
            "smart card",
        ),
        (
            user().set("pwdLastSet", "126000000000000000"),
            "PHS602",
            "2000-",
        ),
        (
            user().absent("userPrincipalName"),
            "PHS705",
            "no userPrincipalName",
        ),
    ] {
        let judgement = judge_user(&judge, &user, None);
        assert_eq!(
            judgement.verdict,
            Verdict::WillSync,
            "{:#?}",
            words(&judgement)
        );
        let hints: Vec<_> = judgement
            .reasons
            .iter()
            .filter(|reason| reason.effect == Effect::Hint)
            .collect();
        assert_eq!(hints.len(), 1, "{:#?}", words(&judgement));
        assert_eq!(hints[0].finding.check.id, check);
        assert!(
            words(&judgement)[0].contains(word),
            "{:#?}",
            words(&judgement)
        );
    }
    // accountExpires of accounts that never expire, and a lock that has ended.
    for user in [
        user().set("accountExpires", "0"),
        user().set("accountExpires", "9223372036854775807"),
        user()
            .set("lockoutTime", "133500000000000000")
            .set("msDS-User-Account-Control-Computed", "0"),
    ] {
        let judgement = judge_user(&judge, &user, None);
        assert!(
            judgement
                .reasons
                .iter()
                .all(|reason| reason.effect == Effect::None)
        );
    }
}

#[test]
fn every_check_answers_in_full_detail() {
    let server = server(&fixture_rules());
    let judge = UserJudge::new(Some(&server), options(Detail::Full));
    for user in [
        user(),
        user().kind(Some("contact")),
        user().dn("CN=x,DC=elsewhere"),
    ] {
        let judgement = judge_user(&judge, &user, None);
        let mut ids: Vec<&str> = judgement
            .reasons
            .iter()
            .map(|reason| reason.finding.check.id)
            .collect();
        ids.sort_unstable();
        assert_eq!(
            ids,
            [
                "PHS501", "PHS502", "PHS503", "PHS504", "PHS601", "PHS602", "PHS603", "PHS604",
                "PHS701", "PHS702", "PHS703", "PHS704", "PHS705"
            ]
        );
    }
}

#[test]
fn the_anchor_is_shown_in_every_form() {
    let server = server(&fixture_rules());
    let judge = UserJudge::new(Some(&server), options(Detail::Full));
    let judgement = judge_user(&judge, &user(), None);
    let anchor = judgement
        .reasons
        .iter()
        .find(|reason| reason.finding.check.id == "PHS704")
        .unwrap();
    let values: Vec<&str> = anchor
        .finding
        .evidence
        .iter()
        .map(|row| row.value.as_str())
        .collect();
    assert_eq!(
        values,
        [
            "30475e40-e7ae-4af3-af75-8b143c81daf5 (QF5HMK7n80qvdYsUPIHa9Q==)",
            "QF5HMK7n80qvdYsUPIHa9Q==",
            "CN={514635484D4B376E38307176645973555049486139513D3D}"
        ]
    );
    assert_eq!(
        anchor.finding.target.canonical,
        "30475e40-e7ae-4af3-af75-8b143c81daf5"
    );
    let at: Timestamp = "2024-01-17T21:20:00Z".parse().unwrap();
    assert_eq!(judgement.password_last_set, Some(at));
}
