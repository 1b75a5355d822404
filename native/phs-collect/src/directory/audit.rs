//! Every user of a domain as a stream: the search, and its second start where the connection broke.

use phs_core::text;
use phs_core::text::Text;
use tokio::sync::mpsc;

use crate::ldap::{self, Endpoint, PagedSearch};
use crate::problem::Problem;
use crate::run::RunContext;
use crate::wire::WireError;

use super::DirectoryRequest;
use super::session::{Opener, Session, domain_name};

/// Accounts of people: what the default rules call a user. Computers and managed service accounts are of other
/// categories.
const USERS: &str = "(objectCategory=person)(objectClass=user)";

/// Which users of a domain.
#[derive(Debug, Clone, Default)]
pub struct AuditScope {
    /// Where to begin; the domain's head where nothing is said.
    pub search_base: Option<String>,
    /// What the users must match as well (RFC 4515).
    pub ldap_filter: Option<String>,
}

/// What the reader of a stream is given.
#[derive(Debug)]
pub enum Drained {
    /// Whole LDAP messages, each a search entry.
    Entries(Vec<u8>),
    /// The search begins anew: entries seen before come again.
    Again,
}

impl From<Vec<u8>> for Drained {
    fn from(messages: Vec<u8>) -> Self {
        Self::Entries(messages)
    }
}

/// One domain, ready to be searched.
#[derive(Debug)]
pub struct Domain {
    opener: Opener,
    session: Session,
    search: PagedSearch,
}

impl Domain {
    /// Connects to the domain controller, or to one of the domain, and makes the search ready.
    ///
    /// # Errors
    /// `Phs.Ldap.*`, `Phs.Directory.*`.
    pub async fn open(
        context: &RunContext,
        request: &DirectoryRequest,
        scope: &AuditScope,
        attributes: &[String],
    ) -> Result<Self, Problem> {
        let opener = request.opener(context)?;
        let session = match (&request.server, &request.domain) {
            (Some(host), _) => opener.server(&Endpoint::parse(host)?).await?,
            (None, Some(domain)) => opener.domain(domain).await?,
            (None, None) => return Err(super::problems::no_server()),
        };
        let base = match &scope.search_base {
            Some(base) => base.clone(),
            None => session.root.default_naming_context.clone(),
        };
        let wanted = scope.ldap_filter.as_deref().map_or("", str::trim);
        // By itself first: joined to ours, half a filter could complete it.
        if !wanted.is_empty() {
            PagedSearch::new(&base, wanted, attributes)?;
        }
        let search = PagedSearch::new(&base, &format!("(&{USERS}{wanted})"), attributes)?;
        Ok(Self {
            opener,
            session,
            search,
        })
    }

    /// The server that is asked.
    pub fn server(&self) -> String {
        self.session.connection.endpoint().to_string()
    }

    /// Where the search begins.
    pub fn base(&self) -> &str {
        self.search.base()
    }

    /// The error for an entry that makes no sense.
    pub fn malformed(&self, error: &WireError) -> Problem {
        ldap::malformed(self.session.connection.endpoint(), error)
    }

    /// DNS name of the domain.
    pub fn name(&self) -> String {
        domain_name(&self.session.root.default_naming_context)
    }

    /// Streams every user. A connection that breaks is opened again once. `Ok(false)`: the reader is gone.
    ///
    /// # Errors
    /// `Phs.Ldap.*`: what was streamed until then is not the whole.
    pub async fn drain(&self, entries: &mpsc::Sender<Drained>) -> Result<bool, Problem> {
        let lost = match self.once(entries).await {
            Err(problem) if problem.id == ldap::CONNECTION_LOST => problem,
            outcome => return outcome,
        };
        if entries.send(Drained::Again).await.is_err() {
            return Err(lost);
        }
        match self.once(entries).await {
            // The reader could not tell what it had seen before.
            Ok(false) => Err(lost),
            outcome => outcome,
        }
    }

    async fn once(&self, entries: &mpsc::Sender<Drained>) -> Result<bool, Problem> {
        let mut stream = self.opener.stream(&self.session).await?;
        stream.run(&self.search, entries).await
    }
}

/// A problem that ended an audit, with the count reached.
pub fn incomplete(problem: Problem, server: &str, users: u64) -> Problem {
    let cause: Text = problem.text;
    Problem {
        text: text!(
            "error-audit-incomplete",
            server = server,
            users = usize::try_from(users).unwrap_or(usize::MAX),
            cause = cause
        ),
        ..problem
    }
}
