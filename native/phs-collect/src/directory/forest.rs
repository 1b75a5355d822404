//! The domains of a forest: which there are, a session to each, and the head of each.

use futures_util::future::join_all;

use phs_core::dn::Dn;
use phs_core::evidence::directory::{Bytes, Domain, Trouble};
use phs_core::evidence::server::ServerConfiguration;
use phs_core::evidence::{Fact, UnknownReason};
use phs_core::text::{Catalog, DEFAULT_CULTURE};

use crate::ldap::{Search, SecurityInformation};
use crate::problem::Problem;

use super::session::{Opener, Session, domain_name};
use super::{DirectoryRequest, problems};

/// `FLAG_CR_NTDS_NC | FLAG_CR_NTDS_DOMAIN` (MS-ADTS 2.2.12): a naming context of this forest that is a domain.
const DOMAIN_FLAGS: i64 = 3;

/// One domain and the session to a domain controller of it.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) domain: Domain,
    pub(super) session: Option<Session>,
}

/// A forest.
#[derive(Debug)]
pub(super) struct Forest {
    opener: Opener,
    source: String,
    pub(super) links: Vec<Link>,
    /// Index of the domain whose domain controller was asked first, or that the caller named.
    pub(super) preferred: usize,
}

impl Forest {
    /// Reads the list of domains over the first session.
    pub(super) async fn read(mut opener: Opener, first: Session) -> Result<Self, Problem> {
        let root = first.root.clone();
        // A bare user name stays one of the domain that let it in, in the other domains too.
        opener
            .user_domain
            .get_or_insert_with(|| domain_name(&root.default_naming_context));
        let partitions = format!("CN=Partitions,{}", root.configuration_naming_context);
        let references = first
            .connection
            .search(&Search::children(
                &partitions,
                "(objectClass=crossRef)".to_owned(),
                &["nCName", "dnsRoot", "nETBIOSName", "systemFlags"],
            ))
            .await?;
        let source = first.connection.endpoint().to_string();
        let mut links: Vec<_> = references
            .iter()
            .filter(|entry| {
                entry
                    .integer("systemFlags")
                    .is_some_and(|flags| flags & DOMAIN_FLAGS == DOMAIN_FLAGS)
            })
            .filter_map(|entry| {
                let name = entry.text("nCName")?;
                Some(Link {
                    domain: Domain {
                        distinguished_name: name.to_owned(),
                        dns_name: entry
                            .text("dnsRoot")
                            .map_or_else(|| domain_name(name), str::to_owned),
                        netbios_name: entry.text_fact("nETBIOSName", true),
                        is_forest_root: same_dn(name, &root.forest),
                        ..Domain::default()
                    },
                    session: None,
                })
            })
            .collect();
        links.sort_by_key(|link| {
            (
                !link.domain.is_forest_root,
                link.domain.dns_name.to_lowercase(),
            )
        });
        // A reader who may not see the partitions still sees the domain that was asked.
        if !links.iter().any(|link| {
            same_dn(
                &link.domain.distinguished_name,
                &root.default_naming_context,
            )
        }) {
            links.push(Link {
                domain: Domain {
                    distinguished_name: root.default_naming_context.clone(),
                    dns_name: domain_name(&root.default_naming_context),
                    netbios_name: Fact::unknown(UnknownReason::NotPermitted),
                    is_forest_root: same_dn(&root.default_naming_context, &root.forest),
                    trouble: Some(trouble(&problems::unreadable(&partitions, "crossRef"))),
                    ..Domain::default()
                },
                session: None,
            });
        }
        let preferred = links
            .iter()
            .position(|link| {
                same_dn(
                    &link.domain.distinguished_name,
                    &root.default_naming_context,
                )
            })
            .unwrap_or_default();
        let mut forest = Self {
            opener,
            source,
            links,
            preferred,
        };
        forest.links[preferred].attach(first);
        Ok(forest)
    }

    /// Refuses a domain name that is none of the forest's, and prefers the named domain from here on.
    pub(super) fn require_domain(&mut self, request: &DirectoryRequest) -> Result<(), Problem> {
        let Some(name) = &request.domain else {
            return Ok(());
        };
        match self.find(name) {
            Some(index) => {
                self.preferred = index;
                Ok(())
            }
            None => Err(problems::unknown_domain(
                name,
                self.links
                    .iter()
                    .map(|link| link.domain.display().to_owned())
                    .collect(),
            )),
        }
    }

    /// Notes which domains Connect's partitions leave out. A domain without a partition stays unknown.
    pub(super) fn mark_selected(&mut self, server: &ServerConfiguration) {
        for link in &mut self.links {
            let mut selected = None;
            let partitions = server
                .ad_connectors()
                .flat_map(|connector| &connector.partitions);
            for partition in partitions {
                if same_dn(
                    &partition.distinguished_name,
                    &link.domain.distinguished_name,
                ) && let Some(value) = partition.selected.known()
                {
                    selected = Some(selected.unwrap_or(false) || *value);
                }
            }
            link.domain.selected =
                selected.map_or(Fact::unknown(UnknownReason::Absent), Fact::Known);
        }
    }

    /// Opens a session to every other domain that is not left out, all at once.
    pub(super) async fn open_others(&mut self) {
        let opener = &self.opener;
        let sessions = join_all(self.links.iter().map(|link| async move {
            if link.session.is_some() || link.domain.selected.known() == Some(&false) {
                return None;
            }
            Some(opener.domain(&link.domain.dns_name).await)
        }))
        .await;
        for (link, session) in self.links.iter_mut().zip(sessions) {
            match session {
                None => {}
                Some(Ok(session)) => {
                    let holds = &session.root.default_naming_context;
                    if same_dn(holds, &link.domain.distinguished_name) {
                        link.attach(session);
                    } else {
                        link.domain.trouble = Some(trouble(&problems::wrong_controller(
                            session.connection.endpoint().host(),
                            link.domain.display(),
                            holds,
                        )));
                    }
                }
                Some(Err(problem)) => link.domain.trouble = Some(trouble(&problem)),
            }
        }
    }

    /// Reads the head of every domain that has a session, all at once.
    pub(super) async fn read_heads(&mut self) {
        join_all(self.links.iter_mut().map(Link::read_head)).await;
    }

    /// The domain with this DNS, `NetBIOS` or distinguished name.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let name = name.trim().trim_end_matches('.');
        self.links.iter().position(|link| {
            let domain = &link.domain;
            domain.dns_name.eq_ignore_ascii_case(name)
                || domain
                    .netbios_name
                    .known()
                    .is_some_and(|netbios| netbios.eq_ignore_ascii_case(name))
                || same_dn(&domain.distinguished_name, name)
        })
    }

    pub(super) fn source(&self) -> String {
        self.source.clone()
    }

    /// DNS name of the root domain.
    pub(super) fn name(&self) -> Fact<String> {
        self.links
            .iter()
            .find(|link| link.domain.is_forest_root)
            .map_or(Fact::unknown(UnknownReason::Absent), |link| {
                Fact::Known(link.domain.dns_name.clone())
            })
    }

    pub(super) fn into_domains(self) -> Vec<Domain> {
        self.links.into_iter().map(|link| link.domain).collect()
    }
}

impl Link {
    fn attach(&mut self, session: Session) {
        self.domain.controller = Some(session.root.controller.clone());
        self.session = Some(session);
    }

    async fn read_head(&mut self) {
        let Some(session) = &self.session else {
            return;
        };
        let search = Search::object(
            &self.domain.distinguished_name,
            &["objectSid", "objectGUID", "nTSecurityDescriptor"],
        )
        .with_security(SecurityInformation::OwnerGroupDacl);
        match session.connection.read(&search).await {
            Ok(Some(entry)) => {
                self.domain.sid = entry.sid("objectSid").map_or(
                    Fact::unknown_because(UnknownReason::NotPermitted, "objectSid"),
                    Fact::Known,
                );
                self.domain.guid = entry.guid("objectGUID").map_or(
                    Fact::unknown_because(UnknownReason::NotPermitted, "objectGUID"),
                    Fact::Known,
                );
                // Every object has a descriptor, so a missing one was withheld.
                self.domain.descriptor = entry.fact("nTSecurityDescriptor", true, |value| {
                    Some(Bytes(value.to_vec()))
                });
            }
            Ok(None) => {
                self.domain.descriptor =
                    Fact::unknown_because(UnknownReason::NotPermitted, "nTSecurityDescriptor");
            }
            Err(problem) => self.domain.trouble = Some(trouble(&problem)),
        }
    }
}

/// A problem as evidence. Evidence is kept and read elsewhere, so its words are those of the culture that is always complete.
pub(super) fn trouble(problem: &Problem) -> Trouble {
    Trouble {
        error_id: problem.id.to_owned(),
        detail: Catalog::for_culture(DEFAULT_CULTURE).render(&problem.text),
    }
}

/// Whether two texts are the same distinguished name, compared parsed.
pub(super) fn same_dn(one: &str, other: &str) -> bool {
    match (Dn::parse(one), Dn::parse(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}
