//! Users of an evidence file, by any of their names.

use std::ops::ControlFlow;

use phs_core::dn::Dn;
use phs_core::evidence::Evidence;
use phs_core::evidence::directory::DirectoryEvidence;
use phs_core::evidence::user::{ObservedAttribute, TenantFacts, UserEvidence};
use phs_core::guide::user::{UserJudge, judge_user};
use phs_core::rules::anchor::immutable_id_octets;
use phs_core::security::Sid;
use phs_core::text;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::super::RunContext;
use super::super::asking::Input;
use super::super::users::UserKind;
use super::{all_users, blocking, named, redacted};
use crate::directory::AccountName;
use crate::evidence_file::EvidenceFileError;
use crate::problem::{Category, Problem};

/// Users that may wait for the judge.
const USERS_IN_FLIGHT: usize = 256;

/// Users with one name that are kept: two make it ambiguous.
const MOST_NAMESAKES: usize = 8;

/// A name, and the parsed forms that it is compared by.
#[derive(Debug, Clone)]
struct Wanted {
    identity: String,
    name: AccountName,
    /// 16 octets of an objectGUID or immutable identifier.
    octets: Option<Vec<u8>>,
    /// Head of the domain that a qualified name names.
    domain: Option<Dn>,
}

impl Wanted {
    fn new(identity: &str, directory: Option<&DirectoryEvidence>) -> Self {
        let identity = identity.trim();
        let name = AccountName::parse(identity);
        let domain = match &name {
            AccountName::Qualified { domain, .. } | AccountName::Upn { suffix: domain, .. } => {
                directory.and_then(|directory| head(directory, domain))
            }
            _ => None,
        };
        let octets = Uuid::try_parse(identity)
            .map(|guid| guid.to_bytes_le().to_vec())
            .ok()
            .or_else(|| immutable_id_octets(identity).filter(|octets| octets.len() == 16));
        Self {
            identity: identity.to_owned(),
            name,
            octets,
            domain,
        }
    }

    fn is(&self, user: &UserEvidence) -> bool {
        if !user.identity.is_empty() && user.identity.eq_ignore_ascii_case(&self.identity) {
            return true;
        }
        if let Some(octets) = &self.octets {
            return ["objectGUID", "mS-DS-ConsistencyGuid"]
                .iter()
                .any(|name| binary(user, name).is_some_and(|found| found == octets));
        }
        match &self.name {
            AccountName::Sid(sid) => binary(user, "objectSid")
                .and_then(|octets| Sid::parse(octets).ok())
                .is_some_and(|found| found == *sid),
            AccountName::Dn(dn) => {
                Dn::parse(&user.distinguished_name).is_ok_and(|found| found == *dn)
            }
            AccountName::Qualified { domain, name } => {
                text(user, "sAMAccountName", name) && self.in_domain(user, domain)
            }
            AccountName::Upn { name, suffix } => {
                text(user, "userPrincipalName", &self.identity)
                    || self.domain.is_some()
                        && text(user, "sAMAccountName", name)
                        && self.in_domain(user, suffix)
            }
            AccountName::Bare(name) => text(user, "sAMAccountName", name),
        }
    }

    fn in_domain(&self, user: &UserEvidence, domain: &str) -> bool {
        let Ok(dn) = Dn::parse(&user.distinguished_name) else {
            return false;
        };
        match &self.domain {
            Some(head) => dn.is_at_or_below(head),
            // Without evidence of the directory a NetBIOS name says nothing but the first label.
            None => dn.domain_name().is_some_and(|name| {
                name.eq_ignore_ascii_case(domain)
                    || name
                        .split('.')
                        .next()
                        .is_some_and(|label| label.eq_ignore_ascii_case(domain))
            }),
        }
    }
}

fn head(directory: &DirectoryEvidence, name: &str) -> Option<Dn> {
    let domain = directory.domains.iter().find(|domain| {
        domain.dns_name.eq_ignore_ascii_case(name)
            || domain
                .netbios_name
                .known()
                .is_some_and(|netbios| netbios.eq_ignore_ascii_case(name))
    })?;
    Dn::parse(&domain.distinguished_name).ok()
}

fn binary<'u>(user: &'u UserEvidence, name: &str) -> Option<&'u Vec<u8>> {
    match user.attribute(name)? {
        ObservedAttribute::Binary(values) => values.first(),
        _ => None,
    }
}

fn text(user: &UserEvidence, name: &str, wanted: &str) -> bool {
    match user.attribute(name) {
        Some(ObservedAttribute::Text(values)) => values
            .iter()
            .any(|value| value.to_lowercase() == wanted.to_lowercase()),
        _ => false,
    }
}

/// Finds the users with these names in one pass; each name gives its user or its problem, in order.
async fn find(
    context: &RunContext,
    path: &str,
    identities: &[String],
    directory: Option<&DirectoryEvidence>,
) -> Result<Vec<Result<UserEvidence, Problem>>, Problem> {
    let wanted: Vec<Wanted> = identities
        .iter()
        .map(|identity| Wanted::new(identity, directory))
        .collect();
    let cancel = context.cancel_token().clone();
    let file = path.to_owned();
    blocking(context, path, move |mut opened, _| {
        if opened.manifest().redacted {
            return Err(redacted(&file));
        }
        let mut found: Vec<Vec<UserEvidence>> = vec![Vec::new(); wanted.len()];
        opened
            .users(&mut |user| {
                for (wanted, found) in wanted.iter().zip(&mut found) {
                    if found.len() < MOST_NAMESAKES && wanted.is(&user) {
                        let mut user = user.clone();
                        user.identity.clone_from(&wanted.identity);
                        found.push(user);
                    }
                }
                if cancel.is_cancelled() {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })
            .map_err(|error: EvidenceFileError| error.problem())?;
        Ok(wanted
            .iter()
            .zip(found)
            .map(|(wanted, mut found)| match (found.pop(), found.len()) {
                (Some(only), 0) => Ok(only),
                (Some(last), _) => {
                    found.push(last);
                    let names = found.into_iter().map(|user| user.distinguished_name);
                    Err(ambiguous(&wanted.identity, names.collect()))
                }
                (None, _) => Err(not_in_file(&wanted.identity, &file)),
            })
            .collect())
    })
    .await
}

/// Puts users of a file into the evidence of a whole diagnosis: those with these names, or without names those that were asked for
/// when the file was written. Whether there are any is told.
pub(in crate::run) async fn users_into(
    context: &RunContext,
    path: &str,
    identities: &[String],
    evidence: &mut Evidence,
) -> Result<bool, Problem> {
    // What was found of them is in a redacted file already.
    if let Some(recorded) = &evidence.recorded {
        return Ok(!identities.is_empty()
            || recorded
                .iter()
                .any(|finding| finding.step.starts_with('B') && finding.outcome != "Skipped"));
    }
    let mut list = Vec::new();
    if identities.is_empty() {
        list = blocking(context, path, |mut opened, _| {
            let mut left = named(opened.manifest());
            let mut list = Vec::new();
            if left > 0 {
                opened
                    .users(&mut |user| {
                        list.push(user);
                        left -= 1;
                        if left == 0 {
                            ControlFlow::Break(())
                        } else {
                            ControlFlow::Continue(())
                        }
                    })
                    .map_err(|error| error.problem())?;
            }
            Ok(list)
        })
        .await?;
    } else {
        let found = find(context, path, identities, evidence.directory.as_ref()).await?;
        for user in found {
            match user {
                Ok(user) => list.push(user),
                Err(problem) => context.error(&problem).await,
            }
        }
    }
    let any = !list.is_empty();
    if any {
        let tenant = TenantFacts::of(evidence);
        let users = evidence.users.get_or_insert_default();
        users.tenant = tenant;
        users.list = list;
    }
    Ok(any || !identities.is_empty())
}

/// An evidence file and what it says of the directory.
#[derive(Debug, Clone, Copy)]
pub(in crate::run) struct Place<'a> {
    pub(in crate::run) path: &'a str,
    pub(in crate::run) directory: Option<&'a DirectoryEvidence>,
}

/// Judges users of a file: those with these names, with what the tenant says where it can be asked; or without names every one
/// that must change the password.
pub(in crate::run) async fn judge_users<K: UserKind>(
    context: &RunContext,
    place: &Place<'_>,
    identities: &[String],
    judge: &UserJudge,
    mut tenant: Option<&mut Input>,
) -> Result<(), Problem> {
    let path = place.path;
    if !identities.is_empty() {
        for user in find(context, path, identities, place.directory).await? {
            match user {
                Ok(mut user) => {
                    if let Some(tenant) = &mut tenant {
                        let user = std::slice::from_mut(&mut user);
                        tenant.ask_tenant(context, user).await;
                    }
                    let judgement = judge_user(judge, &user, Some(&user));
                    K::tell(context, &user, judgement).await;
                }
                Err(problem) => context.error(&problem).await,
            }
        }
        return Ok(());
    }
    let (sender, mut users) = mpsc::channel(USERS_IN_FLIGHT);
    let file = path.to_owned();
    let telling = context.clone();
    let reading = blocking(context, path, move |mut opened, runtime| {
        all_users(&telling, &opened, &file, &runtime)?;
        opened
            .users(&mut |user| {
                if text(&user, "pwdLastSet", "0") && sender.blocking_send(user).is_err() {
                    return ControlFlow::Break(());
                }
                ControlFlow::Continue(())
            })
            .map_err(|error| error.problem())
    });
    let judging = async {
        while let Some(mut user) = users.recv().await {
            if user.identity.is_empty() {
                user.identity.clone_from(&user.distinguished_name);
            }
            let judgement = judge_user(judge, &user, Some(&user));
            K::tell(context, &user, judgement).await;
        }
    };
    let (read, ()) = tokio::join!(reading, judging);
    read
}

fn not_in_file(identity: &str, file: &str) -> Problem {
    Problem::new(
        "Phs.User.NotInFile",
        Category::ObjectNotFound,
        identity,
        text!("error-user-not-in-file", name = identity, file = file),
    )
}

fn ambiguous(identity: &str, names: Vec<String>) -> Problem {
    Problem::new(
        "Phs.User.Ambiguous",
        Category::InvalidArgument,
        identity,
        text!("error-user-ambiguous", name = identity, found = names),
    )
}
