//! A table of users against the default rules: every clause in both directions, with the words of the rule that decides.

use crate::support::{User, answer, compact, compile, rule_sets, user};

pub(crate) type Row = (&'static str, User, &'static str);

const DISABLED: &str = "no password rule: userAccountControl ISBITNOTSET 2 (is ";

fn account_rows() -> Vec<Row> {
    let control = |value: &str| user().set("userAccountControl", value);
    vec![
        ("ordinary user", user(), "syncs"),
        ("password never expires", control("66048"), "syncs"),
        ("password not required", control("544"), "syncs"),
        ("smart card required", control("262656"), "syncs"),
        ("locked bit", control("528"), "syncs"),
        ("delegation", control("590336"), "syncs"),
        ("no bit at all", control("0"), "syncs"),
        ("bits beyond 31", control("4294967808"), "syncs"),
        (
            "disabled",
            control("514"),
            "no password rule: userAccountControl ISBITNOTSET 2 (is 514)",
        ),
        (
            "disabled, never expires",
            control("66050"),
            "no password rule: userAccountControl ISBITNOTSET 2 (is 66050)",
        ),
        (
            "disabled, not required",
            control("546"),
            "no password rule: userAccountControl ISBITNOTSET 2 (is 546)",
        ),
        (
            "only the disabled bit",
            control("2"),
            "no password rule: userAccountControl ISBITNOTSET 2 (is 2)",
        ),
        (
            "disabled, smart card",
            control("262658"),
            "no password rule: userAccountControl ISBITNOTSET 2 (is 262658)",
        ),
        (
            "disabled shared mailbox",
            control("514")
                .set("mailNickname", "shared")
                .set("msExchRecipientTypeDetails", "4"),
            "no password rule: userAccountControl ISBITNOTSET 2 (is 514)",
        ),
        (
            "must change at next logon",
            user().set("pwdLastSet", "0"),
            "syncs",
        ),
        ("password never set", user().absent("pwdLastSet"), "syncs"),
        (
            "expired account",
            user().set("accountExpires", "1"),
            "syncs",
        ),
        (
            "userAccountControl not read",
            user().unread("userAccountControl"),
            "unknown: attribute userAccountControl was not read",
        ),
        (
            "userAccountControl no number",
            control("many"),
            "error in accountEnabled: text cannot be read as number",
        ),
    ]
}

fn scope_rows() -> Vec<Row> {
    let described = |value: &str| user().set("adminDescription", value);
    vec![
        (
            "adminDescription of another kind",
            described("Group_x"),
            "syncs",
        ),
        (
            "adminDescription in the middle",
            described("xUser_"),
            "syncs",
        ),
        ("adminDescription just short", described("User"), "syncs"),
        (
            "adminDescription excludes",
            described("User_"),
            "not in the metaverse: adminDescription NOTSTARTSWITH User_ (is User_)",
        ),
        (
            "adminDescription excludes, more text",
            described("User_keep out"),
            "not in the metaverse: adminDescription NOTSTARTSWITH User_ (is User_keep out)",
        ),
        (
            "adminDescription excludes without case",
            described("USER_x"),
            "not in the metaverse: adminDescription NOTSTARTSWITH User_ (is USER_x)",
        ),
        (
            "adminDescription several values",
            user().many("adminDescription", &["a", "User_b"]),
            "not in the metaverse: adminDescription NOTSTARTSWITH User_ (is a; User_b)",
        ),
        (
            "adminDescription not read",
            user().unread("adminDescription"),
            "unknown: attribute adminDescription was not read",
        ),
        (
            "critical system object",
            user().set("isCriticalSystemObject", "TRUE"),
            "not in the metaverse: isCriticalSystemObject NOTEQUAL TRUE (is True)",
        ),
        (
            "critical FALSE passes the scope and is filtered",
            user().set("isCriticalSystemObject", "FALSE"),
            "cloudFiltered: IsPresent([isCriticalSystemObject])",
        ),
        (
            "critical not read",
            user().unread("isCriticalSystemObject"),
            "unknown: attribute isCriticalSystemObject was not read",
        ),
        (
            "critical not read, excluded anyway",
            described("User_x").unread("isCriticalSystemObject"),
            "not in the metaverse: isCriticalSystemObject NOTEQUAL TRUE (is attribute isCriticalSystemObject was not read), adminDescription NOTSTARTSWITH User_ (is User_x)",
        ),
        (
            "both clauses exclude",
            described("User_x").set("isCriticalSystemObject", "TRUE"),
            "not in the metaverse: isCriticalSystemObject NOTEQUAL TRUE (is True), adminDescription NOTSTARTSWITH User_ (is User_x)",
        ),
        (
            "object type not read",
            user().kind(None),
            "unknown: the object type was not read",
        ),
        (
            "computer",
            user().kind(Some("computer")),
            "no rules for the type",
        ),
        (
            "group managed service account",
            user().kind(Some("msDS-GroupManagedServiceAccount")),
            "no rules for the type",
        ),
        (
            "contact",
            user().kind(Some("contact")),
            "no rules for the type",
        ),
        ("type in other case", user().kind(Some("USER")), "syncs"),
        (
            "inetOrgPerson has no password rule",
            user().kind(Some("inetOrgPerson")),
            "no password rule: ",
        ),
    ]
}

fn name_rows() -> Vec<Row> {
    let account = |value: &str| user().set("sAMAccountName", value);
    let alias = |value: &str| user().set("mailNickname", value);
    vec![
        (
            "no account name",
            user().absent("sAMAccountName"),
            "cloudFiltered: IsPresent([sAMAccountName]) = False",
        ),
        (
            "support account",
            account("SUPPORT_388945a0"),
            "cloudFiltered: [sAMAccountName] = \"SUPPORT_388945a0\"",
        ),
        (
            "support account, other number",
            account("SUPPORT_388945a1"),
            "syncs",
        ),
        (
            "support account, other case",
            account("support_388945A0"),
            "unknown: two texts differ in case only",
        ),
        (
            "AAD_ account",
            account("AAD_12345"),
            "cloudFiltered: Left([sAMAccountName], 4) = \"AAD_\"",
        ),
        ("AAD without underscore", account("AADA"), "syncs"),
        ("AAD_ in the middle", account("xAAD_1"), "syncs"),
        (
            "MSOL_ account",
            account("MSOL_d1edb676ca03"),
            "cloudFiltered: Left([sAMAccountName], 5) = \"MSOL_\"",
        ),
        ("MSOL without underscore", account("MSOLx"), "syncs"),
        (
            "CAS_ account with brace",
            account("CAS_{1}"),
            "cloudFiltered: (Left([sAMAccountName], 4) = \"CAS_\" && (InStr([sAMAccountName], \"}\") > 0))",
        ),
        ("CAS_ account without brace", account("CAS_1"), "syncs"),
        ("brace without CAS_", account("cat{1}"), "syncs"),
        (
            "CAS_ alias with brace",
            alias("CAS_{1}"),
            "cloudFiltered: (Left([mailNickname], 4) = \"CAS_\" && (InStr([mailNickname], \"}\") > 0))",
        ),
        ("CAS_ alias without brace", alias("CAS_1"), "syncs"),
        (
            "system mailbox",
            alias("SystemMailbox{1f05a927}"),
            "cloudFiltered: Left([mailNickname], 14) = \"SystemMailbox{\"",
        ),
        (
            "system mailbox without brace",
            alias("SystemMailbox"),
            "syncs",
        ),
        ("ordinary alias", alias("kari"), "syncs"),
        (
            "account name not read",
            user().unread("sAMAccountName"),
            "unknown: attribute sAMAccountName was not read",
        ),
        (
            "alias not read",
            user().unread("mailNickname"),
            "unknown: attribute mailNickname was not read",
        ),
        (
            "alias not read, filtered anyway",
            account("AAD_1").unread("mailNickname"),
            "cloudFiltered: Left([sAMAccountName], 4) = \"AAD_\"",
        ),
        (
            "account name beyond the basic plane",
            account("𝒳AAD_"),
            "syncs",
        ),
    ]
}

fn conflict_rows() -> Vec<Row> {
    const GUID: &str = "CNF:1b1d6a5c-9d55-4a4e-8b1c-000000000001";
    const FOUND: &str = "cloudFiltered: InStr(DNComponent(CRef([dn]), 1), \"\\\\0ACNF:\") > 0";
    let named = |dn: String| user().dn(&dn);
    vec![
        (
            "conflict object",
            named(format!("CN=Kari\\0A{GUID},OU=Sales,DC=contoso,DC=example")),
            FOUND,
        ),
        (
            "conflict object, raw line feed",
            named(format!("CN=Kari\n{GUID},OU=Sales,DC=contoso,DC=example")),
            FOUND,
        ),
        (
            "conflict parent",
            named(format!("CN=Kari,OU=Sales\\0A{GUID},DC=contoso,DC=example")),
            "syncs",
        ),
        (
            "comma in the name",
            named("CN=Nordmann\\, Kari,OU=Sales,DC=contoso,DC=example".to_owned()),
            "syncs",
        ),
        (
            "CNF: without line feed",
            named(format!("CN=Kari {GUID},DC=contoso,DC=example")),
            "syncs",
        ),
        (
            "name cannot be read",
            named("no name".to_owned()),
            "error in cloudFiltered: text cannot be read as reference",
        ),
    ]
}

fn mailbox_rows() -> Vec<Row> {
    const FOUND: &str = "cloudFiltered: BitAnd([msExchRecipientTypeDetails], &H21C07000) > 0";
    const LINKED: &str =
        "not to the cloud: sourceObjectType EQUAL User (is NULL), sourceAnchor ISNOTNULL (is NULL)";
    let mailbox = |value: &str| {
        user()
            .set("mailNickname", "kari")
            .set("msExchRecipientTypeDetails", value)
    };
    vec![
        ("user mailbox", mailbox("1"), "syncs"),
        ("linked mailbox", mailbox("2"), LINKED),
        (
            "linked mailbox without alias",
            user().set("msExchRecipientTypeDetails", "2"),
            LINKED,
        ),
        ("shared mailbox", mailbox("4"), "syncs"),
        ("room", mailbox("16"), "syncs"),
        ("equipment", mailbox("32"), "syncs"),
        ("mail user", mailbox("128"), "syncs"),
        ("remote mailbox", mailbox("2147483648"), "syncs"),
        ("remote shared", mailbox("34359738368"), "syncs"),
        ("bit 0x800", mailbox("2048"), "syncs"),
        ("bit 0x1000", mailbox("4096"), FOUND),
        ("bit 0x2000", mailbox("8192"), FOUND),
        ("bit 0x4000", mailbox("16384"), FOUND),
        ("bit 0x8000", mailbox("32768"), "syncs"),
        ("bit 0x200000", mailbox("2097152"), "syncs"),
        ("bit 0x400000", mailbox("4194304"), FOUND),
        ("bit 0x800000", mailbox("8388608"), FOUND),
        ("bit 0x1000000", mailbox("16777216"), FOUND),
        ("bit 0x10000000", mailbox("268435456"), "syncs"),
        ("bit 0x20000000", mailbox("536870912"), FOUND),
        (
            "type not read",
            user().unread("msExchRecipientTypeDetails"),
            "unknown: attribute msExchRecipientTypeDetails was not read",
        ),
        (
            "type is no number",
            mailbox("mailbox"),
            "error in cloudFiltered: text cannot be read as number",
        ),
    ]
}

fn anchor_rows() -> Vec<Row> {
    vec![
        (
            "no objectGUID",
            user().absent("objectGUID"),
            "not to the cloud: sourceAnchor ISNOTNULL (is NULL)",
        ),
        (
            "objectGUID not read",
            user().unread("objectGUID"),
            "unknown: attribute objectGUID was not read",
        ),
        (
            "no user principal name",
            user().absent("userPrincipalName"),
            "syncs",
        ),
        (
            "user principal name not read",
            user().unread("userPrincipalName"),
            "syncs",
        ),
        (
            "disabled and filtered: the filter is told",
            user()
                .set("userAccountControl", "514")
                .set("sAMAccountName", "AAD_1"),
            "cloudFiltered: Left([sAMAccountName], 4) = \"AAD_\"",
        ),
        (
            "disabled linked mailbox",
            user()
                .set("userAccountControl", "514")
                .set("msExchRecipientTypeDetails", "2"),
            "no password rule: userAccountControl ISBITNOTSET 2 (is 514)",
        ),
    ]
}

/// The whole table.
pub(crate) fn all_rows() -> Vec<Row> {
    [
        account_rows(),
        scope_rows(),
        name_rows(),
        conflict_rows(),
        mailbox_rows(),
        anchor_rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn every_user_of_the_table_has_the_expected_answer_and_clause() {
    let rows = all_rows();
    assert!(rows.len() >= 80, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for (set, rules) in rule_sets() {
        let compiled = compile(&rules);
        for (name, user, expected) in &rows {
            let found = answer(&compiled, user);
            if compact(&found) != compact(expected) {
                wrong.push(format!(
                    "{set}: {name}\n  expected {expected}\n  found    {found}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn few_attributes_are_asked_for() {
    for (set, rules) in rule_sets() {
        let compiled = compile(&rules);
        let mut needed: Vec<&str> = compiled
            .needed_attributes()
            .iter()
            .map(String::as_str)
            .collect();
        needed.sort_unstable_by_key(|name| name.to_ascii_lowercase());
        let expected = [
            "adminDescription",
            "isCriticalSystemObject",
            "mailNickname",
            "msExchRecipientTypeDetails",
            "objectGUID",
            "sAMAccountName",
            "userAccountControl",
            "userPrincipalName",
        ];
        assert_eq!(needed, expected, "{set}");
        // The export has no rule that writes it at all.
        let foreign: &[&str] = if set == "fixture" {
            &["cloudMastered"]
        } else {
            &[]
        };
        assert_eq!(compiled.assumed_absent(), foreign, "{set}");
    }
}

#[test]
fn a_disabled_user_is_still_exported_as_disabled() {
    for (_, rules) in rule_sets() {
        let compiled = compile(&rules);
        let disabled = user().set("userAccountControl", "514");
        assert!(answer(&compiled, &disabled).starts_with(DISABLED));
        let evaluation = compiled.evaluate(&disabled, &phs_core::rules::Context::default());
        let enabled = evaluation
            .metaverse("accountEnabled")
            .and_then(|attribute| attribute.value().cloned());
        assert_eq!(
            enabled.map(|value| value.to_string()).as_deref(),
            Some("False")
        );
        assert!(
            matches!(evaluation.entra_link(), phs_core::rules::Link::Provisioned(rule) if rule.name == "Out to AAD - User Join")
        );
    }
}
