//! The table of users once more, through the judgement of the steps B1 to B3: verdict, reasons, the quoted clause.

use phs_core::evidence::Fact;
use phs_core::evidence::server::{
    Connector, ConnectorKind, Partition, ServerConfiguration, SourcedRule,
};
use phs_core::evidence::user::TenantFacts;
use phs_core::guide::user::{
    Detail, Effect, JudgeOptions, UserJudge, UserJudgement, Verdict, judge_user,
};
use phs_core::rules::{ScopeClause, ScopeGroup, ScopeOperator, SyncRule};
use phs_core::text::{Catalog, DEFAULT_CULTURE};
use uuid::Uuid;

use crate::support::{User, compact, connector, fixture_rules, parameters, rule_sets, user};
use crate::users::all_rows;

pub(crate) fn server(rules: &[SyncRule]) -> ServerConfiguration {
    let ad = connector(rules);
    ServerConfiguration {
        source: "export".into(),
        connectors: vec![Connector {
            source: "Connectors/ad.xml".into(),
            identifier: ad,
            name: "contoso.example".into(),
            kind: ConnectorKind::ActiveDirectory,
            forest_name: Fact::Known("contoso.example".into()),
            login_domain: Fact::default(),
            login_user: Fact::default(),
            ssl_bind: Fact::default(),
            sign_and_seal: Fact::default(),
            password_hash_sync: Fact::default(),
            partitions: vec![partition("DC=contoso,DC=example")],
            run_profiles: Vec::new(),
            parameters: parameters().into_iter().collect(),
        }],
        rules: rules
            .iter()
            .map(|rule| SourcedRule {
                source: "rule.xml".into(),
                rule: rule.clone(),
            })
            .collect(),
        ..ServerConfiguration::default()
    }
}

fn partition(dn: &str) -> Partition {
    Partition {
        identifier: Uuid::from_u128(1),
        distinguished_name: dn.into(),
        dns_name: Fact::Known("contoso.example".into()),
        netbios_name: Fact::Known("CONTOSO".into()),
        selected: Fact::Known(true),
        is_domain: Fact::Known(true),
        guid: Fact::default(),
        dc_failover: Fact::default(),
        preferred_dcs: Vec::new(),
        last_dc: Fact::default(),
        object_classes: Vec::new(),
        inclusions: Vec::new(),
        exclusions: Vec::new(),
    }
}

pub(crate) fn options(detail: Detail) -> JudgeOptions {
    JudgeOptions {
        detail,
        now: "2026-01-01T00:00:00Z".parse().unwrap(),
        tenant: TenantFacts::default(),
    }
}

pub(crate) fn words(judgement: &UserJudgement) -> Vec<String> {
    let catalog = Catalog::for_culture(DEFAULT_CULTURE);
    judgement
        .reasons
        .iter()
        .map(|reason| {
            format!(
                "{} {:?} {}",
                reason.finding.check.id,
                reason.effect,
                catalog.render(&reason.finding.message)
            )
        })
        .collect()
}

pub(crate) fn judged(server: &ServerConfiguration, user: &User) -> UserJudgement {
    let judge = UserJudge::new(Some(server), options(Detail::Verdict));
    judge_user(&judge, user, None)
}

pub(crate) fn effects(judgement: &UserJudgement) -> Vec<(&'static str, Effect)> {
    judgement
        .reasons
        .iter()
        .map(|reason| (reason.finding.check.id, reason.effect))
        .collect()
}

/// Users that the rules let through and other facts do not: name in the table, deciding check.
const BLOCKED_BESIDE_THE_RULES: [(&str, &str); 2] = [
    ("must change at next logon", "PHS601"),
    ("password never set", "PHS602"),
];

#[test]
fn verdict_and_quoted_clause_of_every_user_of_the_table() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (set, rules) in rule_sets() {
        let server = server(&rules);
        let judge = UserJudge::new(Some(&server), options(Detail::Verdict));
        for (name, user, expected) in all_rows() {
            count += 1;
            let judgement = judge_user(&judge, &user, None);
            let reasons = words(&judgement);
            let beside = BLOCKED_BESIDE_THE_RULES
                .iter()
                .find(|(row, _)| *row == name);
            let (verdict, quoted) = match expected {
                "syncs" if beside.is_some() => (Verdict::Blocked, String::new()),
                "syncs" => (Verdict::WillSync, String::new()),
                // Without a name there is no partition to take rules from.
                _ if name == "name cannot be read" => (Verdict::Unknown, "cannot be read".into()),
                text if text.starts_with("unknown: ") => (Verdict::Unknown, unknown(text)),
                text => (Verdict::Blocked, quote(text)),
            };
            let deciding = judgement.decisive().map(|reason| reason.finding.check.id);
            if judgement.verdict != verdict
                || !compact(&reasons.join("\n")).contains(&compact(&quoted))
                || beside.is_some_and(|(_, check)| deciding != Some(check))
            {
                wrong.push(format!(
                    "{set}: {name}\n  expected {verdict:?} with {quoted}\n  found {:?} {reasons:#?}",
                    judgement.verdict
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 80, "{count}");
}

/// What the words of a judgement must quote of the table's answer: the first clause or sub-expression.
fn quote(answer: &str) -> String {
    let rest = answer.split_once(": ").map_or("", |(_, rest)| rest);
    if answer.starts_with("cloudFiltered") || answer.starts_with("error in") {
        return rest.to_owned();
    }
    let clause = rest.split_once(" (is ").map_or(rest, |(clause, _)| clause);
    clause.to_owned()
}

fn unknown(answer: &str) -> String {
    let why = answer.trim_start_matches("unknown: ");
    why.split(' ').nth(1).unwrap_or(why).to_owned()
}

#[test]
fn little_detail_and_much_detail_agree() {
    for (set, rules) in rule_sets() {
        let server = server(&rules);
        let brief = UserJudge::new(Some(&server), options(Detail::Verdict));
        let full = UserJudge::new(Some(&server), options(Detail::Full));
        for (name, user, _) in all_rows() {
            let brief = judge_user(&brief, &user, None);
            let full = judge_user(&full, &user, None);
            assert_eq!(brief.verdict, full.verdict, "{set}: {name}");
            let kept: Vec<_> = effects(&full)
                .into_iter()
                .filter(|(_, effect)| *effect < Effect::Hint)
                .collect();
            let told: Vec<_> = effects(&brief)
                .into_iter()
                .filter(|(_, effect)| *effect < Effect::Hint)
                .collect();
            assert_eq!(told, kept, "{set}: {name}");
        }
    }
}

// Trap 29: a disabled account is told first, the missing rule as its consequence.
#[test]
fn a_consequence_is_marked_as_such() {
    let server = server(&fixture_rules());
    let disabled = judged(
        &server,
        &user()
            .set("userAccountControl", "514")
            .set("pwdLastSet", "0"),
    );
    assert_eq!(
        effects(&disabled),
        [
            ("PHS603", Effect::Blocks),
            ("PHS601", Effect::Blocks),
            ("PHS503", Effect::Consequence)
        ]
    );
    assert!(words(&disabled)[2].contains("A consequence of PHS603"));
    let critical = judged(&server, &user().set("isCriticalSystemObject", "TRUE"));
    assert_eq!(
        effects(&critical),
        [
            ("PHS701", Effect::Blocks),
            ("PHS501", Effect::Consequence),
            ("PHS503", Effect::Consequence)
        ]
    );
    let filtered = judged(&server, &user().set("sAMAccountName", "AAD_1"));
    assert_eq!(
        effects(&filtered),
        [("PHS702", Effect::Blocks), ("PHS503", Effect::Consequence)]
    );
}

#[test]
fn the_quoted_clause_names_rule_group_clause_and_value() {
    let server = server(&fixture_rules());
    let found = judged(&server, &user().set("adminDescription", "User_x"));
    let text = &words(&found)[0];
    assert!(
        text.contains("rule \"In from AD - User Join\" asks for adminDescription NOTSTARTSWITH User_ (group 1, clause 2), and adminDescription is User_x"),
        "{text}"
    );
}

#[test]
fn a_disabled_default_with_a_clone_syncs_and_without_one_does_not() {
    let mut rules = fixture_rules();
    let place = rules
        .iter()
        .position(|rule| rule.name == "In from AD - User AccountEnabled")
        .unwrap();
    let clone = SyncRule {
        identifier: Uuid::from_u128(77),
        name: "Clone".into(),
        immutable_tag: String::new(),
        precedence: 50,
        ..rules[place].clone()
    };
    rules[place].disabled = true;
    let without = judged(&server(&rules), &user());
    assert_eq!(effects(&without), [("PHS503", Effect::Blocks)]);
    assert!(words(&without)[0].contains("rule \"In from AD - User AccountEnabled\" is disabled"));
    rules.push(clone);
    assert_eq!(judged(&server(&rules), &user()).verdict, Verdict::WillSync);
}

/// The two documented forms of selective password hash sync.
fn selective(value: &str, on: ScopeOperator, off: ScopeOperator) -> Vec<SyncRule> {
    let mut rules = fixture_rules();
    let place = rules
        .iter()
        .position(|rule| rule.name == "In from AD - User AccountEnabled")
        .unwrap();
    let base = rules[place].clone();
    rules[place].disabled = true;
    for (number, operator, carries) in [(89, on, true), (90, off, false)] {
        let mut rule = SyncRule {
            identifier: Uuid::from_u128(number),
            name: format!("Selective {number}"),
            immutable_tag: String::new(),
            precedence: i64::try_from(number).unwrap(),
            enable_password_sync: Some(carries),
            ..base.clone()
        };
        if rule.scope_filter.is_empty() {
            rule.scope_filter.push(ScopeGroup::default());
        }
        rule.scope_filter[0].clauses.push(ScopeClause {
            attribute: "adminDescription".into(),
            operator,
            value: value.into(),
        });
        rules.push(rule);
    }
    rules
}

#[test]
fn selective_sync_is_told_as_intent_both_ways() {
    let excludes = server(&selective(
        "PHSFiltered",
        ScopeOperator::NotEqual,
        ScopeOperator::Equal,
    ));
    let includes = server(&selective(
        "PHSIncluded",
        ScopeOperator::Equal,
        ScopeOperator::NotEqual,
    ));
    let marked = |value: &str| user().set("adminDescription", value);
    for (server, user, verdict) in [
        (&excludes, user(), Verdict::WillSync),
        (&excludes, marked("PHSFiltered"), Verdict::Blocked),
        (&includes, user(), Verdict::Blocked),
        (&includes, marked("PHSIncluded"), Verdict::WillSync),
    ] {
        let judgement = judged(server, &user);
        assert_eq!(judgement.verdict, verdict, "{:#?}", words(&judgement));
        if verdict == Verdict::Blocked {
            let text = &words(&judgement)[0];
            assert!(
                text.contains("Selective password hash sync leaves the user out"),
                "{text}"
            );
            assert_eq!(effects(&judgement), [("PHS503", Effect::Blocks)]);
        }
    }
    // A disabled user is left out because of that, selective or not.
    let both = judged(
        &excludes,
        &marked("PHSFiltered").set("userAccountControl", "514"),
    );
    assert_eq!(effects(&both)[0], ("PHS603", Effect::Blocks));
    assert!(!words(&both)[1].contains("Selective password"));
}

// Traps 23 and 24.
#[test]
fn the_nearest_container_decides_and_names_are_compared_parsed() {
    let mut server = server(&fixture_rules());
    let partition = &mut server.connectors[0].partitions[0];
    partition.exclusions = vec![
        "DC=contoso,DC=example".into(),
        "OU=Left,OU=Sales,DC=contoso,DC=example".into(),
    ];
    partition.inclusions = vec![
        "OU=Sales, DC=contoso, DC=example".into(),
        "OU=R\\2C D,DC=contoso,DC=example".into(),
    ];
    for (dn, excluded) in [
        ("CN=a,OU=Sales,DC=contoso,DC=example", None),
        ("CN=a,OU=SALES,dc=Contoso,dc=example", None),
        ("CN=a,OU=R\\, D,DC=contoso,DC=example", None),
        (
            "CN=a,OU=Presales,DC=contoso,DC=example",
            Some("DC=contoso,DC=example"),
        ),
        (
            "CN=OU\\=Sales,DC=contoso,DC=example",
            Some("DC=contoso,DC=example"),
        ),
        (
            "CN=a,OU=Left,OU=Sales,DC=contoso,DC=example",
            Some("OU=Left,OU=Sales,DC=contoso,DC=example"),
        ),
        ("CN=a,OU=Left2,OU=Sales,DC=contoso,DC=example", None),
    ] {
        let judgement = judged(&server, &user().dn(dn));
        match excluded {
            None => assert_eq!(
                judgement.verdict,
                Verdict::WillSync,
                "{dn}: {:#?}",
                words(&judgement)
            ),
            Some(container) => {
                assert_eq!(
                    judgement.decisive().unwrap().finding.check.id,
                    "PHS501",
                    "{dn}"
                );
                assert!(
                    words(&judgement)[0].contains(&format!("Container {container} is excluded")),
                    "{dn}"
                );
            }
        }
    }
}

#[test]
fn partition_class_and_group_filters_name_themselves() {
    let start = server(&fixture_rules());
    let change = |change: fn(&mut Connector)| {
        let mut server = start.clone();
        change(&mut server.connectors[0]);
        server
    };
    let not_selected = change(|c| c.partitions[0].selected = Fact::Known(false));
    let not_known = change(|c| c.partitions[0].selected = Fact::default());
    let class = change(|c| c.partitions[0].object_classes = vec!["group".into()]);
    let group = change(|c| {
        c.parameters.insert(
            "Connector.GroupFilteringGroupDn".into(),
            "CN=Pilot,DC=contoso,DC=example".into(),
        );
    });
    let elsewhere = user().dn("CN=a,DC=fabrikam,DC=example");
    for (server, user, verdict, word) in [
        (&start, elsewhere, Verdict::Blocked, "fabrikam.example"),
        (&not_selected, user(), Verdict::Blocked, "is not selected"),
        (&not_known, user(), Verdict::Unknown, "is not known"),
        (&class, user(), Verdict::Blocked, "class user"),
        (&group, user(), Verdict::Blocked, "not a direct member"),
        (
            &group,
            user().unread("memberOf"),
            Verdict::Unknown,
            "memberships were not read",
        ),
        (
            &group,
            user().set("memberOf", "cn=pilot,dc=contoso,dc=example"),
            Verdict::WillSync,
            "",
        ),
        (
            &group,
            user().set("memberOf", "CN=Pilot2,DC=contoso,DC=example"),
            Verdict::Blocked,
            "Pilot",
        ),
    ] {
        let judgement = judged(server, &user);
        assert_eq!(
            judgement.verdict,
            verdict,
            "{word}: {:#?}",
            words(&judgement)
        );
        assert!(
            words(&judgement).concat().contains(word),
            "{word}: {:#?}",
            words(&judgement)
        );
    }
}

#[test]
fn a_rule_or_connector_that_was_not_read_leaves_the_verdict_open() {
    use phs_core::evidence::server::{Part, UnreadablePart};
    let unreadable = |part| UnreadablePart {
        part,
        source: "x.xml".into(),
        error_id: "Phs.Export.NotXml".into(),
        detail: String::new(),
        reason: phs_core::evidence::UnknownReason::Unreadable,
    };
    let mut rule = server(&fixture_rules());
    rule.unreadable.push(unreadable(Part::Rule));
    assert_eq!(judged(&rule, &user()).verdict, Verdict::Unknown);
    // A fact beside the rules stands all the same.
    let disabled = judged(&rule, &user().set("userAccountControl", "514"));
    assert_eq!(disabled.verdict, Verdict::Blocked);
    let mut connector = server(&fixture_rules());
    connector.unreadable.push(unreadable(Part::Connector));
    let elsewhere = user().dn("CN=a,DC=fabrikam,DC=example");
    assert_eq!(judged(&connector, &elsewhere).verdict, Verdict::Unknown);
}
