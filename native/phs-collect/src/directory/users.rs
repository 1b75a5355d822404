//! Reading users of forests by name, with exactly the attributes that their judgement asks for.

use jiff::Timestamp;
use phs_core::dn::Dn;
use phs_core::evidence::UnknownReason;
use phs_core::evidence::user::{ObservedAttribute, UserEvidence};
use phs_core::rules::anchor::immutable_id_octets;
use phs_core::rules::{AttributeType, default_type};
use phs_core::text;
use uuid::Uuid;

use super::forest::{Forest, Link};
use super::name::AccountName;
use super::{DirectoryRequest, problems};
use crate::ldap::{Endpoint, Entry, Search, filter};
use crate::problem::{Category, Problem};
use crate::run::RunContext;

/// Attributes that every account has: where the server returns none, it was withheld (MS-ADTS 3.1.1.3.1.4).
const MANDATORY: [&str; 6] = [
    "objectClass",
    "objectGUID",
    "objectSid",
    "sAMAccountName",
    "userAccountControl",
    "pwdLastSet",
];

/// Attributes that a server constructs only for a search of the object itself.
const CONSTRUCTED: [&str; 1] = ["msDS-User-Account-Control-Computed"];

/// What a name came to.
#[derive(Debug)]
pub enum Resolved {
    /// One object.
    User(Box<UserEvidence>),
    /// None, several, or it could not be told.
    Problem(Problem),
}

/// Forests in which users are looked for.
#[derive(Debug)]
pub struct UserReader {
    forests: Vec<Forest>,
    attributes: Vec<String>,
    now: Timestamp,
}

impl UserReader {
    /// Connects to the forest of each server, or of the domain. Servers of one forest count once.
    ///
    /// # Errors
    /// `Phs.Ldap.*` and `Phs.Directory.*` where a server does not answer.
    pub async fn open(
        context: &RunContext,
        servers: &[String],
        request: &DirectoryRequest,
        attributes: &[String],
    ) -> Result<Self, Problem> {
        let mut forests: Vec<Forest> = Vec::new();
        let opener = request.opener(context)?;
        let mut firsts = Vec::new();
        for server in servers {
            firsts.push(opener.server(&Endpoint::parse(server)?).await?);
        }
        if let (true, Some(domain)) = (firsts.is_empty(), &request.domain) {
            firsts.push(opener.domain(domain).await?);
        }
        if firsts.is_empty() {
            return Err(problems::no_server());
        }
        for first in firsts {
            let mut forest = Forest::read(opener.clone(), first).await?;
            let known = |other: &Forest| other.name() == forest.name();
            if forests.iter().any(known) {
                continue;
            }
            if servers.len() < 2 {
                forest.require_domain(request)?;
            }
            forest.open_others().await;
            forests.push(forest);
        }
        Ok(Self {
            forests,
            attributes: attributes.to_vec(),
            now: context.today(),
        })
    }

    /// Finds the object with this name: user principal name, `sAMAccountName`, `DOMAIN\name`, distinguished name, SID,
    /// objectGUID or immutable identifier.
    pub async fn find(&self, identity: &str) -> Resolved {
        let mut found: Vec<(&Forest, &Link, String)> = Vec::new();
        let mut unasked = Vec::new();
        for forest in &self.forests {
            let (names, more) = by_identity(forest, identity.trim()).await;
            found.extend(names.into_iter().map(|(link, dn)| (forest, link, dn)));
            unasked.extend(more);
        }
        match found.as_slice() {
            [] => Resolved::Problem(not_found(identity, unasked)),
            [(_, link, dn)] => self.read(identity, link, dn).await,
            [(first, ..), rest @ ..] => {
                let names = found.iter().map(|(.., dn)| dn.clone()).collect();
                let several = rest.iter().any(|(other, ..)| other.name() != first.name());
                Resolved::Problem(ambiguous(identity, names, several))
            }
        }
    }

    async fn read(&self, identity: &str, link: &Link, dn: &str) -> Resolved {
        let Some(session) = &link.session else {
            return Resolved::Problem(not_found(identity, vec![link.domain.display().to_owned()]));
        };
        let search = Search::object(dn, &[]).asking(&self.attributes);
        match session.connection.read(&search).await {
            Ok(Some(entry)) => {
                let source = session.connection.endpoint().to_string();
                Resolved::User(Box::new(self.evidence(identity, &source, &entry, true)))
            }
            Ok(None) => Resolved::Problem(not_found(identity, Vec::new())),
            Err(problem) => Resolved::Problem(problem),
        }
    }

    /// Every user who must change the password at the next logon, page by page, in every domain of every forest.
    /// `each` takes a page. Gives the problems of domains that could not be read to their end.
    pub async fn must_change(&self, each: &mut (dyn AsyncTaker + Send)) -> Vec<Problem> {
        let filter = filter::all(&[
            filter::equals("objectCategory", "person"),
            filter::equals("objectClass", "user"),
            filter::equals("pwdLastSet", "0"),
        ]);
        self.every(&filter, each).await
    }

    /// Every user of every domain of every forest, as [`UserReader::must_change`].
    pub async fn all(&self, each: &mut (dyn AsyncTaker + Send)) -> Vec<Problem> {
        let filter = filter::all(&[
            filter::equals("objectCategory", "person"),
            filter::equals("objectClass", "user"),
        ]);
        self.every(&filter, each).await
    }

    async fn every(&self, filter: &str, each: &mut (dyn AsyncTaker + Send)) -> Vec<Problem> {
        let mut troubles = Vec::new();
        for link in self.forests.iter().flat_map(|forest| &forest.links) {
            let Some(session) = &link.session else {
                troubles.push(unread_domain(link));
                continue;
            };
            let source = session.connection.endpoint().to_string();
            let search = Search::below(&link.domain.distinguished_name, filter.to_owned(), &[])
                .asking(&self.attributes);
            let mut cookie = Vec::new();
            loop {
                match session.connection.page(&search, cookie).await {
                    Ok((entries, next)) => {
                        let users = entries
                            .iter()
                            .map(|entry| self.evidence(&entry.dn, &source, entry, false))
                            .collect();
                        each.take(users).await;
                        if next.is_empty() {
                            break;
                        }
                        cookie = next;
                    }
                    Err(problem) => {
                        troubles.push(problem);
                        break;
                    }
                }
            }
        }
        troubles
    }

    fn evidence(
        &self,
        identity: &str,
        source: &str,
        entry: &Entry,
        of_itself: bool,
    ) -> UserEvidence {
        UserEvidence {
            source: source.to_owned(),
            observed_at: Some(self.now),
            identity: identity.to_owned(),
            distinguished_name: entry.dn.clone(),
            attributes: self
                .attributes
                .iter()
                .map(|name| (name.clone(), observed(entry, name, of_itself)))
                .collect(),
            ..UserEvidence::default()
        }
    }
}

/// Takes pages of users.
pub trait AsyncTaker {
    /// Takes one page.
    fn take(
        &mut self,
        users: Vec<UserEvidence>,
    ) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

fn observed(entry: &Entry, name: &str, of_itself: bool) -> ObservedAttribute {
    let is = |list: &[&str]| list.iter().any(|known| known.eq_ignore_ascii_case(name));
    let values = entry.values(name);
    if values.is_empty() {
        return if is(&MANDATORY) {
            ObservedAttribute::NotRead(UnknownReason::NotPermitted)
        } else if is(&CONSTRUCTED) && !of_itself {
            ObservedAttribute::NotRead(UnknownReason::NotCollected)
        } else {
            ObservedAttribute::Absent
        };
    }
    let texts: Option<Vec<String>> = (default_type(name) != AttributeType::Binary)
        .then(|| {
            values
                .iter()
                .map(|value| String::from_utf8(value.clone()).ok())
                .collect()
        })
        .flatten();
    texts.map_or_else(
        || ObservedAttribute::Binary(values.to_vec()),
        ObservedAttribute::Text,
    )
}

/// Filter for names that are no account names: an objectGUID, or an immutable identifier made of 16 octets.
fn by_octets(identity: &str) -> Option<String> {
    let octets = match Uuid::try_parse(identity) {
        Ok(guid) => guid.to_bytes_le().to_vec(),
        Err(_) if identity.len() == 24 => {
            immutable_id_octets(identity).filter(|octets| octets.len() == 16)?
        }
        Err(_) => return None,
    };
    Some(filter::any(&[
        filter::equals_binary("objectGUID", &octets),
        filter::equals_binary("mS-DS-ConsistencyGuid", &octets),
    ]))
}

type Names<'a> = (Vec<(&'a Link, String)>, Vec<String>);

/// Distinguished names of the objects with this name, and the domains that could not be asked.
async fn by_identity<'a>(forest: &'a Forest, identity: &str) -> Names<'a> {
    if let Some(filter) = by_octets(identity) {
        return search(forest.links.iter(), &filter).await;
    }
    match AccountName::parse(identity) {
        AccountName::Sid(sid) => {
            let filter = filter::equals_binary("objectSid", sid.as_bytes());
            search(forest.links.iter(), &filter).await
        }
        AccountName::Dn(dn) => by_dn(forest, identity, &dn).await,
        AccountName::Qualified { domain, name } => {
            let link = forest.find(&domain).map(|index| &forest.links[index]);
            let filter = filter::equals("sAMAccountName", &name);
            search(link.into_iter(), &filter).await
        }
        AccountName::Upn { name, suffix } => {
            let full = format!("{name}@{suffix}");
            let filter = filter::equals("userPrincipalName", &full);
            let (found, unasked) = search(forest.links.iter(), &filter).await;
            let link = forest.find(&suffix).map(|index| &forest.links[index]);
            match link {
                // Every account also answers to name@DNS-name-of-its-domain (MS-ADTS 5.1.1.1.1).
                Some(link) if found.is_empty() => {
                    let filter = filter::equals("sAMAccountName", &name);
                    let (found, _) = search(std::iter::once(link), &filter).await;
                    (found, unasked)
                }
                _ => (found, unasked),
            }
        }
        AccountName::Bare(name) => {
            let filter = filter::equals("sAMAccountName", &name);
            search(forest.links.iter(), &filter).await
        }
    }
}

async fn by_dn<'a>(forest: &'a Forest, text: &str, dn: &Dn) -> Names<'a> {
    let nearest = forest
        .links
        .iter()
        .filter_map(|link| {
            let head = Dn::parse(&link.domain.distinguished_name).ok()?;
            dn.is_at_or_below(&head).then_some((head.depth(), link))
        })
        .max_by_key(|(depth, _)| *depth);
    let Some((_, link)) = nearest else {
        return (Vec::new(), Vec::new());
    };
    let unasked = || (Vec::new(), vec![link.domain.display().to_owned()]);
    let Some(session) = &link.session else {
        return unasked();
    };
    let search = Search::object(text, &["objectClass"]);
    match session.connection.read(&search).await {
        Ok(entry) => (
            entry.into_iter().map(|entry| (link, entry.dn)).collect(),
            Vec::new(),
        ),
        Err(_) => unasked(),
    }
}

async fn search<'a>(links: impl Iterator<Item = &'a Link>, filter: &str) -> Names<'a> {
    let mut found = Vec::new();
    let mut unasked = Vec::new();
    for link in links {
        let Some(session) = &link.session else {
            unasked.push(link.domain.display().to_owned());
            continue;
        };
        let search = Search::below(
            &link.domain.distinguished_name,
            filter.to_owned(),
            &["objectClass"],
        );
        match session.connection.search(&search).await {
            Ok(entries) => found.extend(entries.into_iter().map(|entry| (link, entry.dn))),
            Err(_) => unasked.push(link.domain.display().to_owned()),
        }
    }
    (found, unasked)
}

fn not_found(identity: &str, unasked: Vec<String>) -> Problem {
    if unasked.is_empty() {
        return Problem::new(
            "Phs.User.NotFound",
            Category::ObjectNotFound,
            identity,
            text!("error-user-not-found", name = identity),
        );
    }
    Problem::new(
        "Phs.User.NotAsked",
        Category::ResourceUnavailable,
        identity,
        text!("error-user-not-asked", name = identity, domains = unasked),
    )
}

fn ambiguous(identity: &str, names: Vec<String>, several_forests: bool) -> Problem {
    if several_forests {
        return Problem::new(
            "Phs.User.TwoForests",
            Category::InvalidArgument,
            identity,
            text!("error-user-two-forests", name = identity, found = names),
        );
    }
    Problem::new(
        "Phs.User.Ambiguous",
        Category::InvalidArgument,
        identity,
        text!("error-user-ambiguous", name = identity, found = names),
    )
}

fn unread_domain(link: &Link) -> Problem {
    let domain = link.domain.display();
    Problem::new(
        "Phs.User.DomainNotAsked",
        Category::ResourceUnavailable,
        domain,
        text!("error-user-domain-not-asked", domain = domain),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_and_an_immutable_identifier_give_the_same_octets() {
        let of_guid = by_octets("30475e40-e7ae-4af3-af75-8b143c81daf5").unwrap();
        assert_eq!(
            by_octets("{30475E40-E7AE-4AF3-AF75-8B143C81DAF5}"),
            Some(of_guid.clone())
        );
        assert_eq!(by_octets("QF5HMK7n80qvdYsUPIHa9Q=="), Some(of_guid.clone()));
        assert!(of_guid.contains("(objectGUID=\\40\\5e\\47\\30"));
        for other in [
            "kari",
            "kari@contoso.com",
            "S-1-5-21-1",
            "CN=a,DC=b",
            "QQ==",
        ] {
            assert_eq!(by_octets(other), None, "{other}");
        }
    }

    #[test]
    fn what_every_account_has_and_is_missing_was_withheld() {
        let entry = Entry::new("CN=a", [("cn".to_owned(), vec![b"a".to_vec()])]);
        let not_permitted = ObservedAttribute::NotRead(UnknownReason::NotPermitted);
        assert_eq!(observed(&entry, "useraccountcontrol", true), not_permitted);
        assert_eq!(observed(&entry, "pwdLastSet", true), not_permitted);
        assert_eq!(
            observed(&entry, "adminDescription", true),
            ObservedAttribute::Absent
        );
        let constructed = "msDS-User-Account-Control-Computed";
        assert_eq!(
            observed(&entry, constructed, true),
            ObservedAttribute::Absent
        );
        assert!(matches!(
            observed(&entry, constructed, false),
            ObservedAttribute::NotRead(UnknownReason::NotCollected)
        ));
        assert_eq!(
            observed(&entry, "cn", true),
            ObservedAttribute::Text(vec!["a".into()])
        );
    }
}
