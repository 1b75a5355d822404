//! An encrypted connection and what can be asked over it.

use std::future::Future;
use std::time::Duration;

use ldap3::controls::{self, ControlType, RawControl};
use ldap3::{Ldap, LdapConnAsync, LdapError, LdapResult, Scope, SearchEntry, SearchResult};
use tokio::sync::Mutex;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use crate::problem::Problem;
use crate::run::panic_text;
use crate::secret::Secret;

use super::{Endpoint, Entry, SecurityInformation, problems};

/// Entries of one page. Domain controllers refuse more than 1000 by default (`MaxPageSize`).
const PAGE: i32 = 500;

/// Pages that a well-meaning server sends for anything asked here.
const MAX_PAGES: usize = 2_000;

/// Parts that a ranged attribute of a group of five million members has.
const MAX_RANGES: usize = 5_000;

const SUCCESS: u32 = 0;
const NO_SUCH_OBJECT: u32 = 32;

/// An encrypted connection to one domain controller. Dropping it closes it.
#[derive(Debug)]
pub struct Connection {
    endpoint: Endpoint,
    port: u16,
    timeout: Duration,
    ldap: Ldap,
    /// Moves the bytes; its end tells why the connection broke.
    driver: Mutex<Option<AbortOnDropHandle<Result<(), LdapError>>>>,
}

/// One search.
#[derive(Debug, Clone)]
pub struct Search {
    base: String,
    scope: Scope,
    filter: String,
    attributes: Vec<String>,
    security: Option<SecurityInformation>,
}

impl Search {
    /// A search of the subtree.
    pub fn below(base: &str, filter: String, attributes: &[&'static str]) -> Self {
        Self::new(base, Scope::Subtree, filter, attributes)
    }

    /// A search of one object.
    pub fn object(dn: &str, attributes: &[&'static str]) -> Self {
        Self::new(dn, Scope::Base, "(objectClass=*)".to_owned(), attributes)
    }

    /// A search of the children.
    pub fn children(base: &str, filter: String, attributes: &[&'static str]) -> Self {
        Self::new(base, Scope::OneLevel, filter, attributes)
    }

    fn new(base: &str, scope: Scope, filter: String, attributes: &[&'static str]) -> Self {
        Self {
            base: base.to_owned(),
            scope,
            filter,
            attributes: attributes.iter().map(|&name| name.to_owned()).collect(),
            security: None,
        }
    }

    /// The same search for attributes that are known at run time only.
    #[must_use]
    pub fn asking(mut self, attributes: &[String]) -> Self {
        self.attributes = attributes.to_vec();
        self
    }

    /// The same search, which also returns these parts of `nTSecurityDescriptor`.
    #[must_use]
    pub fn with_security(mut self, security: SecurityInformation) -> Self {
        self.security = Some(security);
        self
    }
}

impl Connection {
    pub(super) fn new(
        endpoint: Endpoint,
        port: u16,
        timeout: Duration,
        ldap: Ldap,
        driver: LdapConnAsync,
    ) -> Self {
        Self {
            endpoint,
            port,
            timeout,
            ldap,
            driver: Mutex::new(Some(AbortOnDropHandle::new(tokio::spawn(driver.drive())))),
        }
    }

    /// The server.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The port that answered.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A simple bind. The connection is encrypted, or it would not exist.
    ///
    /// # Errors
    /// `Phs.Ldap.EmptyPassword` and `Phs.Ldap.EmptyUser` before anything is sent: such a bind would be anonymous (RFC 4513
    /// 5.1.2). `Phs.Ldap.WrongPassword` ... by the sub-code of the domain controller.
    pub async fn bind(&self, user: &str, secret: &Secret) -> Result<(), Problem> {
        if user.trim().is_empty() {
            return Err(problems::empty_user(&self.endpoint));
        }
        if secret.is_empty() {
            return Err(problems::empty_password(user));
        }
        let password = secret
            .to_utf8()
            .ok_or_else(|| problems::password_not_text(user))?;
        let mut ldap = self.ldap.clone();
        let name = user.to_owned();
        let result = self
            .guarded(async move { ldap.simple_bind(&name, &password).await })
            .await?;
        if result.rc == SUCCESS {
            return Ok(());
        }
        Err(problems::bind(
            &self.endpoint,
            user,
            result.rc,
            &result.text,
        ))
    }

    /// Binds as the user who is signed in and has everything after that sealed.
    #[cfg(windows)]
    pub(super) async fn seal(&self) -> Result<(), Problem> {
        let mut ldap = self.ldap.clone();
        let host = self.endpoint.host().to_owned();
        let answer = self
            .guarded(async move {
                match ldap.sasl_gssapi_bind(&host).await {
                    Ok(result) => Ok(Ok(result)),
                    // Kerberos says no; the connection itself is well.
                    Err(
                        error @ (LdapError::GssapiOperationError(_) | LdapError::NoGssapiToken),
                    ) => Ok(Err(error.to_string())),
                    Err(error) => Err(error),
                }
            })
            .await?;
        match answer {
            Ok(result) if result.rc == SUCCESS => Ok(()),
            Ok(result) => Err(problems::bind(
                &self.endpoint,
                "the current logon",
                result.rc,
                &result.text,
            )),
            Err(detail) => Err(problems::seal_refused(&self.endpoint, &detail)),
        }
    }

    /// Every entry of a search, page by page (RFC 2696).
    ///
    /// # Errors
    /// `Phs.Ldap.*`.
    pub async fn search(&self, search: &Search) -> Result<Vec<Entry>, Problem> {
        let mut found = Vec::new();
        let mut cookie = Vec::new();
        for _ in 0..MAX_PAGES {
            let (entries, next) = self.page(search, cookie).await?;
            found.extend(entries);
            if next.is_empty() {
                return Ok(found);
            }
            cookie = next;
        }
        Err(problems::malformed(&self.endpoint, "endless result"))
    }

    /// One object, or none where there is none with this name.
    ///
    /// # Errors
    /// `Phs.Ldap.*`.
    pub async fn read(&self, search: &Search) -> Result<Option<Entry>, Problem> {
        match self.search(search).await {
            Ok(entries) => Ok(entries.into_iter().next()),
            Err(problem) if problem.id == problems::NOT_FOUND => Ok(None),
            Err(problem) => Err(problem),
        }
    }

    /// One object with all values of `attribute`, however many the server returns at once (MS-ADTS 3.1.1.3.1.3.3).
    ///
    /// # Errors
    /// `Phs.Ldap.*`.
    pub async fn read_all_values(
        &self,
        dn: &str,
        attribute: &'static str,
    ) -> Result<Option<Entry>, Problem> {
        let Some(mut entry) = self.read(&Search::object(dn, &[attribute])).await? else {
            return Ok(None);
        };
        let mut from = entry.next_range(attribute);
        entry.join_ranges(attribute, Entry::default());
        for _ in 0..MAX_RANGES {
            let Some(start) = from else {
                return Ok(Some(entry));
            };
            let name = format!("{attribute};range={start}-*");
            let part = self.entries_of(dn, name).await?.into_iter().next();
            let Some(part) = part else {
                return Ok(Some(entry));
            };
            from = part.next_range(attribute).filter(|next| *next > start);
            entry.join_ranges(attribute, part);
        }
        Err(problems::malformed(&self.endpoint, "endless attribute"))
    }

    async fn entries_of(&self, dn: &str, attribute: String) -> Result<Vec<Entry>, Problem> {
        let mut ldap = self.ldap.clone();
        let base = dn.to_owned();
        let (entries, result) = self
            .guarded(async move {
                ldap.search(&base, Scope::Base, "(objectClass=*)", vec![attribute])
                    .await
                    .map(construct)
            })
            .await?;
        self.checked(dn, &result)?;
        Ok(entries)
    }

    /// One page of a search, and the cookie of the next; an empty one after the last.
    ///
    /// # Errors
    /// `Phs.Ldap.*`.
    pub async fn page(
        &self,
        search: &Search,
        cookie: Vec<u8>,
    ) -> Result<(Vec<Entry>, Vec<u8>), Problem> {
        let mut controls: Vec<RawControl> = Vec::new();
        // A search of one object needs no pages, and the root of the server answers none.
        if search.scope != Scope::Base {
            controls.push(controls::PagedResults { size: PAGE, cookie }.into());
        }
        controls.extend(search.security.map(SecurityInformation::control));
        let mut ldap = self.ldap.clone();
        let wanted = search.clone();
        let (entries, result, cookie) = self
            .guarded(async move {
                ldap.with_controls(controls);
                let found = ldap
                    .search(
                        &wanted.base,
                        wanted.scope,
                        &wanted.filter,
                        wanted.attributes,
                    )
                    .await?;
                let cookie = next_cookie(&found.1);
                let (entries, result) = construct(found);
                Ok((entries, result, cookie))
            })
            .await?;
        self.checked(&search.base, &result)?;
        Ok((entries, cookie))
    }

    fn checked(&self, object: &str, result: &LdapResult) -> Result<(), Problem> {
        match result.rc {
            SUCCESS => Ok(()),
            NO_SUCH_OBJECT => Err(problems::not_found(&self.endpoint, object)),
            code => Err(problems::result(
                &self.endpoint,
                object,
                code,
                &result.text,
                &result.refs,
            )),
        }
    }

    /// Runs one call of the library in a task of its own: with a time-out, ended with its caller, its panic an error.
    async fn guarded<T: Send + 'static>(
        &self,
        call: impl Future<Output = Result<T, LdapError>> + Send + 'static,
    ) -> Result<T, Problem> {
        let task = AbortOnDropHandle::new(tokio::spawn(call));
        match timeout(self.timeout, task).await {
            Err(_) => Err(problems::silent(&self.endpoint, self.port)),
            Ok(Err(error)) => Err(self.broken(error)),
            Ok(Ok(Ok(value))) => Ok(value),
            Ok(Ok(Err(error))) => Err(self.lost(&error).await),
        }
    }

    fn broken(&self, error: tokio::task::JoinError) -> Problem {
        let detail = error
            .try_into_panic()
            .map_or_else(|_| "cancelled".to_owned(), |panic| panic_text(&*panic));
        problems::malformed(&self.endpoint, &detail)
    }

    /// Why a call failed. The library says only that the connection is gone; its driver knows why.
    async fn lost(&self, error: &LdapError) -> Problem {
        let driver = self.driver.lock().await.take();
        let Some(driver) = driver else {
            return problems::connection_lost(&self.endpoint, &error.to_string());
        };
        match timeout(self.timeout, driver).await {
            Ok(Err(panic)) => self.broken(panic),
            Ok(Ok(Err(LdapError::Io { source }))) if source.kind() == std::io::ErrorKind::Other => {
                // The decoder's own errors have no kind of their own.
                problems::malformed(&self.endpoint, &source.to_string())
            }
            Ok(Ok(Err(cause))) => problems::connection_lost(&self.endpoint, &cause.to_string()),
            Ok(Ok(Ok(()))) => problems::connection_lost(&self.endpoint, "closed by the server"),
            Err(_) => problems::connection_lost(&self.endpoint, &error.to_string()),
        }
    }
}

/// Decodes the entries. Panics on malformed ones, which only the guarded task may do.
fn construct(found: SearchResult) -> (Vec<Entry>, LdapResult) {
    let SearchResult(entries, result) = found;
    let entries = entries
        .into_iter()
        .filter(|entry| !entry.is_ref() && !entry.is_intermediate())
        .map(|entry| {
            let entry = SearchEntry::construct(entry);
            let text = entry
                .attrs
                .into_iter()
                .map(|(name, values)| (name, values.into_iter().map(String::into_bytes).collect()));
            Entry::new(entry.dn, text.chain(entry.bin_attrs))
        })
        .collect();
    (entries, result)
}

fn next_cookie(result: &LdapResult) -> Vec<u8> {
    result
        .ctrls
        .iter()
        .find_map(|control| match control {
            controls::Control(Some(ControlType::PagedResults), raw) => {
                Some(raw.parse::<controls::PagedResults>().cookie)
            }
            _ => None,
        })
        .unwrap_or_default()
}
