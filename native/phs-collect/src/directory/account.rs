//! Finding the connector account: by the name given, by the server configuration, or by what set-up leaves behind.

use std::collections::BTreeSet;

use phs_core::evidence::directory::{
    AccountKind, AccountState, ConnectorAccount, DirectoryEvidence, Identification, MissingAccount,
    Namesake,
};
use phs_core::evidence::server::ServerConfiguration;
use phs_core::evidence::{Fact, UnknownReason};
use phs_core::guide::a1_permissions::trustees_of_both_rights;
use phs_core::security::Sid;

use crate::ldap::{Entry, Search, filter};
use crate::problem::Problem;

use super::DirectoryRequest;
use super::forest::{Forest, Link, same_dn, trouble};
use super::name::AccountName;

/// How the descriptions begin that the set-up writes, under its two names.
const DESCRIPTIONS: [&str; 2] = [
    "Account created by Microsoft Entra Connect",
    "Account created by Microsoft Azure Active Directory Connect",
];

const ATTRIBUTES: [&str; 12] = [
    "objectSid",
    "objectGUID",
    "objectClass",
    "sAMAccountName",
    "userPrincipalName",
    "description",
    "userAccountControl",
    "accountExpires",
    "pwdLastSet",
    "lockoutTime",
    "sIDHistory",
    "distinguishedName",
];

/// Constructed attributes: returned by a search of the object itself only.
const CONSTRUCTED: [&str; 2] = [
    "msDS-User-Account-Control-Computed",
    "msDS-UserPasswordExpiryTimeComputed",
];

/// Finds the accounts, with their state and without their groups.
pub(super) async fn find(
    forest: &Forest,
    request: &DirectoryRequest,
    server: Option<&ServerConfiguration>,
) -> DirectoryEvidence {
    let mut evidence = DirectoryEvidence {
        asked_account: request.connector_account.clone(),
        ..DirectoryEvidence::default()
    };
    let mut wanted = Vec::new();
    match &request.connector_account {
        Some(name) => wanted.push((name.clone(), Identification::Given)),
        None => wanted.extend(
            server
                .into_iter()
                .flat_map(|server| configured(forest, server)),
        ),
    }
    for (name, wanted_by) in wanted {
        let (found, unasked) = by_name(forest, &name).await;
        if found.is_empty() {
            evidence.not_found.push(MissingAccount {
                name,
                wanted_by,
                unasked_domains: unasked,
            });
            continue;
        }
        for (link, entry) in found {
            add(&mut evidence.accounts, link, &entry, wanted_by.clone());
        }
    }
    if request.connector_account.is_none() {
        for link in &forest.links {
            for entry in candidates(link).await {
                for how in traces(&entry) {
                    add(&mut evidence.accounts, link, &entry, how);
                }
            }
        }
    }
    for account in &mut evidence.accounts {
        read_constructed(forest, account).await;
    }
    evidence
}

/// The accounts that the configuration's connectors to this forest log on with.
fn configured(forest: &Forest, server: &ServerConfiguration) -> Vec<(String, Identification)> {
    server
        .ad_connectors()
        .filter(|connector| {
            connector
                .forest_name
                .known()
                .is_some_and(|name| forest.find(name).is_some())
                || connector
                    .partitions
                    .iter()
                    .any(|partition| forest.find(&partition.distinguished_name).is_some())
        })
        .filter_map(|connector| {
            let user = connector.login_user.known()?;
            let name = match connector.login_domain.known() {
                Some(domain) if !user.contains(['\\', '@']) => format!("{domain}\\{user}"),
                _ => user.clone(),
            };
            Some((
                name,
                Identification::Configured {
                    connector: connector.name.clone(),
                },
            ))
        })
        .collect()
}

type Found<'a> = Vec<(&'a Link, Entry)>;

/// The accounts with this name, and the domains that could not be asked.
async fn by_name<'a>(forest: &'a Forest, name: &str) -> (Found<'a>, Vec<String>) {
    match AccountName::parse(name) {
        AccountName::Sid(sid) => {
            let filter = filter::equals_binary("objectSid", sid.as_bytes());
            in_domains(forest.links.iter(), &filter).await
        }
        AccountName::Dn(dn) => {
            let link = forest.links.iter().find(|link| {
                phs_core::dn::Dn::parse(&link.domain.distinguished_name)
                    .is_ok_and(|head| dn.domain_head() == Some(head))
            });
            let Some(link) = link else {
                return (Vec::new(), Vec::new());
            };
            let Some(session) = &link.session else {
                return (Vec::new(), vec![link.domain.distinguished_name.clone()]);
            };
            match session
                .connection
                .read(&Search::object(name.trim(), &ATTRIBUTES))
                .await
            {
                Ok(entry) => (
                    entry.into_iter().map(|entry| (link, entry)).collect(),
                    Vec::new(),
                ),
                Err(_) => (Vec::new(), vec![link.domain.distinguished_name.clone()]),
            }
        }
        AccountName::Qualified { domain, name } => {
            let links = forest.find(&domain).map(|index| &forest.links[index]);
            in_domains(links.into_iter(), &filter::equals("sAMAccountName", &name)).await
        }
        AccountName::Upn { name, suffix } => {
            let full = format!("{name}@{suffix}");
            let (found, unasked) = in_domains(
                forest.links.iter(),
                &filter::equals("userPrincipalName", &full),
            )
            .await;
            if !found.is_empty() {
                return (found, unasked);
            }
            // Every account also answers to name@DNS-name-of-its-domain (MS-ADTS 5.1.1.1.1).
            let link = forest.find(&suffix).map(|index| &forest.links[index]);
            let (found, _) =
                in_domains(link.into_iter(), &filter::equals("sAMAccountName", &name)).await;
            (found, unasked)
        }
        AccountName::Bare(name) => {
            let filter = filter::equals("sAMAccountName", &name);
            let preferred = &forest.links[forest.preferred];
            let (found, mut unasked) = in_domains(std::iter::once(preferred), &filter).await;
            if !found.is_empty() {
                return (found, unasked);
            }
            let others = forest
                .links
                .iter()
                .enumerate()
                .filter(|(index, _)| *index != forest.preferred)
                .map(|(_, link)| link);
            let (found, more) = in_domains(others, &filter).await;
            unasked.extend(more);
            (found, unasked)
        }
    }
}

async fn in_domains<'a>(
    links: impl Iterator<Item = &'a Link>,
    filter: &str,
) -> (Found<'a>, Vec<String>) {
    let mut found = Vec::new();
    let mut unasked = Vec::new();
    for link in links {
        match users(link, filter, &ATTRIBUTES).await {
            Some(Ok(entries)) => found.extend(entries.into_iter().map(|entry| (link, entry))),
            Some(Err(_)) | None => unasked.push(link.domain.distinguished_name.clone()),
        }
    }
    (found, unasked)
}

/// Users of a domain that match; `None` where there is no session to it.
async fn users(
    link: &Link,
    filter: &str,
    attributes: &[&'static str],
) -> Option<Result<Vec<Entry>, Problem>> {
    let session = link.session.as_ref()?;
    let filter = filter::all(&["(objectClass=user)".to_owned(), filter.to_owned()]);
    let search = Search::below(&link.domain.distinguished_name, filter, attributes);
    Some(session.connection.search(&search).await)
}

/// Accounts that bear a trace of Connect's or Cloud Sync's set-up.
async fn candidates(link: &Link) -> Vec<Entry> {
    let mut parts = vec![
        filter::starts_with("sAMAccountName", "MSOL_"),
        filter::equals("sAMAccountName", "provAgentgMSA$"),
        filter::starts_with("sAMAccountName", "pGMSA_"),
    ];
    parts.extend(
        DESCRIPTIONS
            .iter()
            .map(|text| filter::starts_with("description", text)),
    );
    users(link, &filter::any(&parts), &ATTRIBUTES)
        .await
        .and_then(Result::ok)
        .unwrap_or_default()
}

/// How an entry shows that it is a candidate.
fn traces(entry: &Entry) -> Vec<Identification> {
    let name = entry.text("sAMAccountName").unwrap_or_default();
    let mut traces = Vec::new();
    if is_cloud_sync(name) {
        traces.push(Identification::CloudSync);
    }
    if starts_with(name, "MSOL_") {
        traces.push(Identification::Name);
    }
    let description = entry.text("description").unwrap_or_default();
    if DESCRIPTIONS
        .iter()
        .any(|prefix| starts_with(description, prefix))
    {
        traces.push(Identification::Description);
    }
    traces
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// The names that the Cloud Sync agent gives its group managed service accounts.
fn is_cloud_sync(sam_account_name: &str) -> bool {
    sam_account_name.eq_ignore_ascii_case("provAgentgMSA$")
        || starts_with(sam_account_name, "pGMSA_") && sam_account_name.ends_with('$')
}

fn kind(entry: &Entry) -> AccountKind {
    let is = |class: &str| {
        entry
            .texts("objectClass")
            .any(|name| name.eq_ignore_ascii_case(class))
    };
    let managed = is("msDS-GroupManagedServiceAccount")
        || is("msDS-ManagedServiceAccount")
        || is("msDS-DelegatedManagedServiceAccount");
    if managed && is_cloud_sync(entry.text("sAMAccountName").unwrap_or_default()) {
        AccountKind::CloudSyncServiceAccount
    } else if managed {
        AccountKind::ManagedServiceAccount
    } else if is("computer") {
        AccountKind::Computer
    } else if is("user") {
        AccountKind::User
    } else {
        AccountKind::Other
    }
}

/// Adds an account, or one more way in which a known one was identified.
fn add(accounts: &mut Vec<ConnectorAccount>, link: &Link, entry: &Entry, how: Identification) {
    let Some(sid) = entry.sid("objectSid") else {
        return;
    };
    if let Some(known) = accounts.iter_mut().find(|account| account.sid == sid) {
        if !known.identified.contains(&how) {
            known.identified.push(how);
        }
        return;
    }
    let control = entry.fact("userAccountControl", true, |value| {
        // The directory writes this number with a sign.
        let number: i64 = std::str::from_utf8(value).ok()?.trim().parse().ok()?;
        u32::try_from(number & 0xffff_ffff).ok()
    });
    accounts.push(ConnectorAccount {
        sid,
        guid: entry.guid("objectGUID").map_or(
            Fact::unknown_because(UnknownReason::NotPermitted, "objectGUID"),
            Fact::Known,
        ),
        distinguished_name: entry.dn.clone(),
        sam_account_name: entry.text_fact("sAMAccountName", true),
        user_principal_name: entry.text_fact("userPrincipalName", false),
        description: entry.text_fact("description", false),
        domain: link.domain.distinguished_name.clone(),
        kind: kind(entry),
        identified: vec![how],
        state: AccountState {
            user_account_control: control,
            account_expires: entry.integer_fact("accountExpires", false),
            password_last_set: entry.integer_fact("pwdLastSet", true),
            lockout_time: entry.integer_fact("lockoutTime", false),
            ..AccountState::default()
        },
        sid_history: entry.sids("sIDHistory"),
        memberships: Vec::new(),
    });
}

/// Adds the users that hold both rights on some domain head by entries of their own.
pub(super) async fn find_holders(forest: &Forest, evidence: &mut DirectoryEvidence) {
    let sids: BTreeSet<Sid> = forest
        .links
        .iter()
        .filter_map(|link| link.domain.descriptor.known())
        .flat_map(|bytes| trustees_of_both_rights(&bytes.0))
        .collect();
    for sid in sids {
        let filter = filter::equals_binary("objectSid", sid.as_bytes());
        let (found, _) = in_domains(forest.links.iter(), &filter).await;
        for (link, entry) in found {
            add(
                &mut evidence.accounts,
                link,
                &entry,
                Identification::HoldsRights,
            );
        }
    }
}

async fn read_constructed(forest: &Forest, account: &mut ConnectorAccount) {
    let link = forest
        .links
        .iter()
        .find(|link| link.domain.distinguished_name == account.domain);
    let Some(session) = link.and_then(|link| link.session.as_ref()) else {
        return;
    };
    let search = Search::object(&account.distinguished_name, &CONSTRUCTED);
    match session.connection.read(&search).await {
        Ok(entry) => {
            let entry = entry.unwrap_or_default();
            account.state.computed = entry.fact(CONSTRUCTED[0], true, |value| {
                let number: i64 = std::str::from_utf8(value).ok()?.trim().parse().ok()?;
                u32::try_from(number & 0xffff_ffff).ok()
            });
            account.state.password_expires = entry.integer_fact(CONSTRUCTED[1], true);
        }
        Err(problem) => {
            let detail = trouble(&problem).detail;
            account.state.computed =
                Fact::unknown_because(UnknownReason::Unreadable, detail.clone());
            account.state.password_expires =
                Fact::unknown_because(UnknownReason::Unreadable, detail);
        }
    }
}

/// Looks for accounts in other domains that share the name of a judged account.
pub(super) async fn find_namesakes(forest: &Forest, evidence: &mut DirectoryEvidence) {
    let mut namesakes = Vec::new();
    for account in evidence.judged_accounts() {
        let Some(name) = account.sam_account_name.known() else {
            continue;
        };
        let filter = filter::equals("sAMAccountName", name);
        for link in &forest.links {
            if same_dn(&link.domain.distinguished_name, &account.domain) {
                continue;
            }
            let Some(Ok(entries)) = users(link, &filter, &["sAMAccountName"]).await else {
                continue;
            };
            namesakes.extend(entries.into_iter().map(|entry| Namesake {
                of: account.sid,
                distinguished_name: entry.dn,
                domain: link.domain.distinguished_name.clone(),
            }));
        }
    }
    evidence.namesakes = namesakes;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(attributes: &[(&str, &[&str])]) -> Entry {
        Entry::new(
            "CN=a,DC=contoso,DC=test",
            attributes.iter().map(|(name, values)| {
                let values = values
                    .iter()
                    .map(|value| value.as_bytes().to_vec())
                    .collect();
                ((*name).to_owned(), values)
            }),
        )
    }

    #[test]
    fn traces_of_set_up_are_recognised() {
        for (name, description, expected) in [
            (
                "MSOL_d1edb676ca03",
                "Account created by Microsoft Azure Active Directory Connect with installation identifier 0 running on computer A",
                vec![Identification::Name, Identification::Description],
            ),
            ("msol_old", "", vec![Identification::Name]),
            (
                "svc-sync",
                "Account created by Microsoft Entra Connect with",
                vec![Identification::Description],
            ),
            ("provAgentgMSA$", "", vec![Identification::CloudSync]),
            ("pGMSA_0f$", "", vec![Identification::CloudSync]),
            ("pGMSA_0f", "", vec![]),
            ("svc", "Reset by Microsoft Entra Connect", vec![]),
        ] {
            let entry = entry(&[("sAMAccountName", &[name]), ("description", &[description])]);
            assert_eq!(traces(&entry), expected, "{name}");
        }
    }

    #[test]
    fn kinds_are_told_apart_by_class() {
        for (name, classes, expected) in [
            ("a", vec!["top", "person", "user"], AccountKind::User),
            ("a$", vec!["user", "computer"], AccountKind::Computer),
            (
                "provAgentgMSA$",
                vec!["user", "computer", "msDS-GroupManagedServiceAccount"],
                AccountKind::CloudSyncServiceAccount,
            ),
            (
                "other$",
                vec!["user", "computer", "msDS-GroupManagedServiceAccount"],
                AccountKind::ManagedServiceAccount,
            ),
            ("a", vec!["contact"], AccountKind::Other),
        ] {
            let entry = entry(&[("sAMAccountName", &[name]), ("objectClass", &classes)]);
            assert_eq!(kind(&entry), expected, "{name}");
        }
    }
}
