//! The groups that speak for an account, as the domain controllers of each domain see them.
//!
//! In the account's own domain they are its `tokenGroups` and those that it is in through everyone's own SIDs (a member
//! `S-1-5-11` of a built-in group). In another domain they are its global and universal groups, and the domain-local and
//! built-in groups of that domain that any of these is in, however deep.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use phs_core::evidence::directory::{ConnectorAccount, Membership, Memberships, Trouble};
use phs_core::security::Sid;

use crate::ldap::{Entry, Search, filter};
use crate::problem::Problem;

use super::forest::{Forest, Link, trouble};
use super::problems;
use super::session::Session;

/// `GROUP_TYPE_SECURITY_ENABLED` (MS-ADTS 2.2.13). A distribution group speaks for nobody, and neither does a group behind it.
const SECURITY_ENABLED: i64 = 0x8000_0000;

/// Terms of one filter, well below what a domain controller takes.
const TERMS: usize = 60;

/// Rounds of the search for groups in groups: more than any forest nests.
const DEEPEST: usize = 200;

/// The SIDs of everyone who logs on over the network: Everyone, Network, Authenticated Users, This Organization.
const EVERYONE: [&str; 4] = ["S-1-1-0", "S-1-5-2", "S-1-5-11", "S-1-5-15"];

const GROUP: [&str; 6] = [
    "objectSid",
    "sAMAccountName",
    "groupType",
    "sIDHistory",
    "member",
    "memberOf",
];

/// A group on its way to a [`Membership`].
#[derive(Debug, Clone)]
struct Group {
    dn: Option<String>,
    membership: Membership,
}

type Groups = BTreeMap<Sid, Group>;

/// The groups of the account in every domain that can be asked.
pub(super) async fn read(forest: &Forest, account: &ConnectorAccount) -> Vec<Memberships> {
    let home = forest
        .links
        .iter()
        .find(|link| link.domain.distinguished_name == account.domain);
    let Some((home, session)) =
        home.and_then(|link| link.session.as_ref().map(|session| (link, session)))
    else {
        return Vec::new();
    };
    let (groups, home_trouble) = of_token(home, session, account, "tokenGroups").await;
    let (global, global_trouble) = if forest.links.len() > 1 {
        of_token(home, session, account, "tokenGroupsGlobalAndUniversal").await
    } else {
        (Groups::new(), None)
    };
    let mut all = Vec::new();
    for link in &forest.links {
        let (start, first_trouble) = if link.domain.distinguished_name == account.domain {
            (&groups, &home_trouble)
        } else {
            (&global, &global_trouble)
        };
        let Some(session) = &link.session else {
            continue;
        };
        let mut groups = start.clone();
        let found = add_local_groups(link, session, account, &mut groups).await;
        all.push(Memberships {
            domain: link.domain.distinguished_name.clone(),
            groups: groups.into_values().map(|group| group.membership).collect(),
            trouble: first_trouble
                .clone()
                .or_else(|| found.err().map(|problem| trouble(&problem))),
        });
    }
    all
}

/// The groups that a constructed attribute of the account lists, with names and paths where they can be read.
async fn of_token(
    home: &Link,
    session: &Session,
    account: &ConnectorAccount,
    attribute: &'static str,
) -> (Groups, Option<Trouble>) {
    let search = Search::object(
        &account.distinguished_name,
        &[attribute, "memberOf", "primaryGroupID"],
    );
    let entry = match session.connection.read(&search).await {
        Ok(entry) => entry.unwrap_or_default(),
        Err(problem) => return (Groups::new(), Some(trouble(&problem))),
    };
    let mut sids: BTreeSet<Sid> = entry.sids(attribute).into_iter().collect();
    // Every account has a primary group, so an empty list was withheld.
    let mut problem = sids
        .is_empty()
        .then(|| problems::unreadable(&account.distinguished_name, attribute));
    let primary = entry
        .integer("primaryGroupID")
        .and_then(|rid| u32::try_from(rid).ok())
        .and_then(|rid| {
            let (domain, _) = account.sid.as_view().split_domain()?;
            domain.with_rid(rid).ok()
        });
    sids.extend(primary);
    let mut groups: Groups = sids
        .into_iter()
        .map(|sid| (sid, Group::nameless(sid)))
        .collect();
    match details(home, session, groups.keys().copied().collect()).await {
        Ok(entries) => describe(&mut groups, &entries, &entry, primary),
        Err(found) => problem = problem.or(Some(found)),
    }
    (groups, problem.map(|problem| trouble(&problem)))
}

/// The objects of the groups that live in the domain.
async fn details(link: &Link, session: &Session, sids: Vec<Sid>) -> Result<Vec<Entry>, Problem> {
    let mut found = Vec::new();
    for chunk in sids.chunks(TERMS) {
        let terms: Vec<_> = chunk
            .iter()
            .map(|sid| filter::equals_binary("objectSid", sid.as_bytes()))
            .collect();
        // `member` is left out: a group may have a hundred thousand.
        let search = Search::below(
            &link.domain.distinguished_name,
            filter::all(&["(objectClass=group)".to_owned(), filter::any(&terms)]),
            &["objectSid", "sAMAccountName", "sIDHistory", "memberOf"],
        );
        found.extend(session.connection.search(&search).await?);
    }
    Ok(found)
}

/// Fills in names, SID histories and the shortest way from the account to each group.
fn describe(groups: &mut Groups, entries: &[Entry], account: &Entry, primary: Option<Sid>) {
    let mut by_dn: BTreeMap<String, (Sid, &Entry)> = BTreeMap::new();
    for entry in entries {
        let Some(sid) = entry.sid("objectSid") else {
            continue;
        };
        if let Some(group) = groups.get_mut(&sid) {
            group.dn = Some(entry.dn.clone());
            group.membership.name = entry.text("sAMAccountName").map(str::to_owned);
            group.membership.sid_history = entry.sids("sIDHistory");
            by_dn.insert(entry.dn.to_lowercase(), (sid, entry));
        }
    }
    let mut queue: VecDeque<(Sid, Vec<String>)> = VecDeque::new();
    queue.extend(primary.map(|sid| (sid, Vec::new())));
    queue.extend(
        account
            .texts("memberOf")
            .filter_map(|dn| by_dn.get(&dn.to_lowercase()))
            .map(|(sid, _)| (*sid, Vec::new())),
    );
    let entries: BTreeMap<Sid, &Entry> = by_dn.values().copied().collect();
    let mut seen = BTreeSet::new();
    while let Some((sid, mut path)) = queue.pop_front() {
        if !seen.insert(sid) {
            continue;
        }
        let Some(group) = groups.get_mut(&sid) else {
            continue;
        };
        path.push(group.membership.label());
        group.membership.path.clone_from(&path);
        let parents = entries.get(&sid).into_iter();
        queue.extend(
            parents
                .flat_map(|entry| entry.texts("memberOf"))
                .filter_map(|dn| by_dn.get(&dn.to_lowercase()))
                .map(|(parent, _)| (*parent, path.clone())),
        );
    }
}

/// A member to look for: its name in the domain, or only its SID, and the way to it.
#[derive(Debug, Clone)]
struct Member {
    reference: String,
    path: Vec<String>,
}

/// Adds the groups of the domain that the account, its groups or everyone's SIDs are members of, however deep.
async fn add_local_groups(
    link: &Link,
    session: &Session,
    account: &ConnectorAccount,
    groups: &mut Groups,
) -> Result<(), Problem> {
    let is_home = link.domain.distinguished_name == account.domain;
    let mut frontier = Vec::new();
    if !is_home {
        // At home the token holds these already.
        frontier.push(Member {
            reference: account.distinguished_name.clone(),
            path: Vec::new(),
        });
        frontier.extend(groups.values().map(|group| {
            Member {
                // A group of a third domain is named by its SID (MS-ADTS 3.1.1.3.1.2.4).
                reference: group
                    .dn
                    .clone()
                    .unwrap_or_else(|| format!("<SID={}>", group.membership.sid)),
                path: group.membership.path.clone(),
            }
        }));
    }
    frontier.extend(foreign_principals(link, session, account, groups).await?);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for _ in 0..DEEPEST {
        frontier.retain(|member| seen.insert(member.reference.to_lowercase()));
        if frontier.is_empty() {
            return Ok(());
        }
        let mut next = Vec::new();
        for chunk in frontier.chunks(TERMS) {
            for entry in groups_with_members(link, session, chunk).await? {
                next.extend(add_group(groups, &entry, chunk));
            }
        }
        frontier = next;
    }
    Err(problems::unreadable(
        &link.domain.distinguished_name,
        "member",
    ))
}

async fn groups_with_members(
    link: &Link,
    session: &Session,
    members: &[Member],
) -> Result<Vec<Entry>, Problem> {
    let terms: Vec<_> = members
        .iter()
        .map(|member| filter::equals("member", &member.reference))
        .collect();
    let search = Search::below(
        &link.domain.distinguished_name,
        filter::all(&["(objectClass=group)".to_owned(), filter::any(&terms)]),
        &GROUP,
    );
    session.connection.search(&search).await
}

/// Takes a found group into the list; returns it as the next member to look for.
fn add_group(groups: &mut Groups, entry: &Entry, members: &[Member]) -> Option<Member> {
    let sid = entry.sid("objectSid")?;
    if entry.integer("groupType")? & SECURITY_ENABLED == 0 {
        return None;
    }
    let name = entry.text("sAMAccountName").map(str::to_owned);
    let group = groups.entry(sid).or_insert_with(|| {
        let listed: BTreeSet<String> = entry.texts("member").map(str::to_lowercase).collect();
        let through = members
            .iter()
            .find(|member| listed.contains(&member.reference.to_lowercase()))
            .or(match members {
                [only] => Some(only),
                _ => None,
            });
        let mut membership = Membership {
            sid,
            name,
            sid_history: entry.sids("sIDHistory"),
            path: through
                .map(|member| member.path.clone())
                .unwrap_or_default(),
        };
        if through.is_some() {
            membership.path.push(membership.label());
        }
        Group {
            dn: Some(entry.dn.clone()),
            membership,
        }
    });
    Some(Member {
        reference: entry.dn.clone(),
        path: group.membership.path.clone(),
    })
}

/// The domain's objects for SIDs from elsewhere that speak for the account: everyone's, its own, its groups'.
async fn foreign_principals(
    link: &Link,
    session: &Session,
    account: &ConnectorAccount,
    groups: &Groups,
) -> Result<Vec<Member>, Problem> {
    let mut paths: BTreeMap<Sid, Vec<String>> = EVERYONE
        .iter()
        .filter_map(|sid| sid.parse().ok())
        .map(|sid: Sid| (sid, vec![sid.to_string()]))
        .collect();
    let own = account.sid_history.iter().chain([&account.sid]);
    paths.extend(own.map(|sid| (*sid, Vec::new())));
    for group in groups.values() {
        let sids = group
            .membership
            .sid_history
            .iter()
            .chain([&group.membership.sid]);
        paths.extend(sids.map(|sid| (*sid, group.membership.path.clone())));
    }
    let mut found = Vec::new();
    for chunk in paths.keys().copied().collect::<Vec<_>>().chunks(TERMS) {
        let terms: Vec<_> = chunk
            .iter()
            .map(|sid| filter::equals_binary("objectSid", sid.as_bytes()))
            .collect();
        let search = Search::below(
            &link.domain.distinguished_name,
            filter::all(&[
                "(objectClass=foreignSecurityPrincipal)".to_owned(),
                filter::any(&terms),
            ]),
            &["objectSid"],
        );
        for entry in session.connection.search(&search).await? {
            let path = entry
                .sid("objectSid")
                .and_then(|sid| paths.get(&sid).cloned())
                .unwrap_or_default();
            found.push(Member {
                reference: entry.dn,
                path,
            });
        }
    }
    Ok(found)
}

impl Group {
    fn nameless(sid: Sid) -> Self {
        Self {
            dn: None,
            membership: Membership {
                sid,
                name: None,
                sid_history: Vec::new(),
                path: Vec::new(),
            },
        }
    }
}
