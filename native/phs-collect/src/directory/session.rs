//! Connections to the domains of a forest, each opened once and as the same user.

use std::sync::Arc;

use phs_core::evidence::Fact;
use phs_core::evidence::directory::DomainController;
use phs_core::evidence::network::DnsRecord;

use crate::ldap::{Connection, Endpoint, Search, SearchStream, Settings};
use crate::probe::discovery::Dns;
use crate::problem::Problem;
use crate::secret::{Secret, bind_name};

use super::problems;

/// How many domain controllers of a domain are tried before it counts as unreachable.
const CONTROLLERS_TRIED: usize = 3;

/// `LDAP_CAP_ACTIVE_DIRECTORY_PARTIAL_SECRETS_OID` (MS-ADTS 3.1.1.3.4.3): announced by read-only domain controllers only.
const PARTIAL_SECRETS: &str = "1.2.840.113556.1.4.1920";

/// Who asks.
#[derive(Debug, Clone)]
pub(super) struct Credential {
    /// `DOMAIN\name`, `name@domain` or a distinguished name.
    pub(super) user: String,
    pub(super) secret: Secret,
}

impl Credential {
    /// The same credential with a bare name made whole.
    fn in_domain(&self, domain: &str) -> Self {
        Self {
            user: bind_name(&self.user, domain),
            secret: self.secret.clone(),
        }
    }
}

/// What the root of a server says of itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Root {
    pub(super) default_naming_context: String,
    pub(super) forest: String,
    pub(super) configuration_naming_context: String,
    pub(super) controller: DomainController,
}

/// An authenticated connection to one domain controller.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) connection: Connection,
    pub(super) root: Root,
}

/// Opens sessions.
#[derive(Debug, Clone)]
pub(super) struct Opener {
    pub(super) settings: Arc<Settings>,
    /// None for the user who is signed in, whom the connection itself proves.
    pub(super) credential: Option<Credential>,
    /// Domain that a bare user name belongs to, if the caller said so.
    pub(super) user_domain: Option<String>,
}

impl Opener {
    /// Connects to one server, reads its root, and binds.
    pub(super) async fn server(&self, endpoint: &Endpoint) -> Result<Session, Problem> {
        let connection = Connection::open(endpoint, &self.settings).await?;
        let root = read_root(&connection).await?;
        if let Some(credential) = self.credential(&root) {
            connection
                .bind(&credential.user, &credential.secret)
                .await?;
        }
        Ok(Session { connection, root })
    }

    /// A second connection to the server of a session, for a search of very many entries.
    pub(super) async fn stream(&self, session: &Session) -> Result<SearchStream, Problem> {
        let mut stream = SearchStream::open(session.connection.endpoint(), &self.settings).await?;
        if let Some(credential) = self.credential(&session.root) {
            stream.bind(&credential.user, &credential.secret).await?;
        }
        Ok(stream)
    }

    /// The credential for a server with this root.
    fn credential(&self, root: &Root) -> Option<Credential> {
        let credential = self.credential.as_ref()?;
        Some(match &self.user_domain {
            Some(domain) => credential.in_domain(domain),
            None => credential.in_domain(&domain_name(&root.default_naming_context)),
        })
    }

    /// Connects to some domain controller of a domain: those that DNS lists, else the domain's own name.
    pub(super) async fn domain(&self, dns_name: &str) -> Result<Session, Problem> {
        let mut last = None;
        for host in self.controllers(dns_name).await {
            let attempt = match Endpoint::parse(&host) {
                Ok(endpoint) => self.server(&endpoint).await,
                Err(problem) => Err(problem),
            };
            match attempt {
                Ok(session) => return Ok(session),
                // Another domain controller would refuse it too, and every attempt counts towards a lock-out.
                Err(problem) if problem.is_about_the_credential() => return Err(problem),
                Err(problem) => last = Some(problem),
            }
        }
        Err(last.unwrap_or_else(|| problems::no_controller(dns_name)))
    }

    async fn controllers(&self, dns_name: &str) -> Vec<String> {
        let mut hosts = Vec::new();
        if let Ok(dns) = Dns::new(&[], self.settings.timeout) {
            let name = format!("_ldap._tcp.dc._msdcs.{dns_name}");
            let lookup = dns.services(&name).await;
            let mut found: Vec<_> = lookup
                .answer
                .records()
                .iter()
                .filter_map(|record| match record {
                    DnsRecord::Service {
                        target,
                        priority,
                        weight,
                        ..
                    } => Some((*priority, u16::MAX - *weight, target.clone())),
                    _ => None,
                })
                .collect();
            found.sort();
            hosts.extend(found.into_iter().map(|(_, _, host)| host));
        }
        hosts.truncate(CONTROLLERS_TRIED);
        if hosts.is_empty() {
            hosts.push(dns_name.to_owned());
        }
        hosts
    }
}

impl Problem {
    fn is_about_the_credential(&self) -> bool {
        use crate::problem::Category;
        matches!(
            self.category,
            Category::AuthenticationError | Category::InvalidArgument
        )
    }
}

async fn read_root(connection: &Connection) -> Result<Root, Problem> {
    let entry = connection
        .read(&Search::object(
            "",
            &[
                "defaultNamingContext",
                "rootDomainNamingContext",
                "configurationNamingContext",
                "dnsHostName",
                "supportedCapabilities",
            ],
        ))
        .await?
        .unwrap_or_default();
    let host = connection.endpoint().host();
    let context = |attribute| {
        entry
            .text(attribute)
            .map(str::to_owned)
            .ok_or_else(|| problems::not_active_directory(host, attribute))
    };
    Ok(Root {
        default_naming_context: context("defaultNamingContext")?,
        forest: context("rootDomainNamingContext")?,
        configuration_naming_context: context("configurationNamingContext")?,
        controller: DomainController {
            host: host.to_owned(),
            dns_host_name: entry.text_fact("dnsHostName", false),
            read_only: if entry.values("supportedCapabilities").is_empty() {
                Fact::unknown_because(
                    phs_core::evidence::UnknownReason::Absent,
                    "supportedCapabilities",
                )
            } else {
                Fact::Known(
                    entry
                        .texts("supportedCapabilities")
                        .any(|oid| oid == PARTIAL_SECRETS),
                )
            },
        },
    })
}

/// DNS name of a naming context, empty where it has none.
pub(super) fn domain_name(naming_context: &str) -> String {
    phs_core::dn::Dn::parse(naming_context)
        .ok()
        .and_then(|dn| dn.domain_name())
        .unwrap_or_default()
}
