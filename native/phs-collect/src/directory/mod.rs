//! Collects what the permissions step needs from a forest: domain heads, candidate connector accounts, their groups.
//!
//! A domain that cannot be asked is recorded with its error; the others go on. Only the first server must answer.

mod account;
mod audit;
mod forest;
mod groups;
mod name;
mod problems;
mod session;
mod users;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use phs_core::evidence::directory::DirectoryEvidence;
use phs_core::evidence::server::ServerConfiguration;
use phs_core::text;

use crate::ldap::{Encryption, Endpoint, Settings, TrustAnchors};
use crate::problem::Problem;
use crate::run::RunContext;
use crate::secret::CredentialRequest;

pub use users::{AsyncTaker, Resolved, UserReader};

pub use audit::{AuditScope, Domain, Drained, incomplete};
use forest::Forest;
pub(crate) use name::AccountName;
use session::{Credential, Opener};

/// Time-out where the request names none, in seconds.
const DEFAULT_TIMEOUT: u32 = 15;
/// Longest time-out, in seconds.
const LONGEST_TIMEOUT: u32 = 600;

/// Where to look and as whom.
#[derive(Debug, Clone, Default)]
pub struct DirectoryRequest {
    /// Domain controller, `host` or `host:port`.
    pub server: Option<String>,
    /// DNS or `NetBIOS` name of a domain of the forest: that of a bare account name, and where to look for a server.
    pub domain: Option<String>,
    /// Who asks.
    pub credential: Option<CredentialRequest>,
    /// The connector account, in any of its forms.
    pub connector_account: Option<String>,
    /// Encryption.
    pub encryption: Encryption,
    /// PEM file of a private root.
    pub ca_certificate: Option<PathBuf>,
    /// Longest wait for an answer, in seconds.
    pub timeout_sec: Option<u32>,
    /// Whether to look also for accounts that merely hold the rights. A hint for people: such an account is never judged.
    pub with_holders: bool,
}

impl DirectoryRequest {
    /// Whether the request asks for a live directory at all.
    pub fn is_live(&self) -> bool {
        self.server.is_some() || self.domain.is_some() || self.credential.is_some()
    }

    fn opener(&self, context: &RunContext) -> Result<Opener, Problem> {
        let seconds = self.timeout_sec.unwrap_or(DEFAULT_TIMEOUT);
        if seconds == 0 || seconds > LONGEST_TIMEOUT {
            return Err(problems::timeout_range(seconds));
        }
        let sealed = self.encryption == Encryption::SignAndSeal;
        let credential = match &self.credential {
            Some(_) if sealed => return Err(problems::sealed_credential()),
            Some(credential) => Some(Credential {
                user: credential.user.trim().to_owned(),
                secret: context.secret(&credential.secret)?,
            }),
            None if sealed => None,
            None => return Err(problems::no_credential()),
        };
        let anchors = match &self.ca_certificate {
            Some(path) => TrustAnchors::from_file(path)?,
            None => TrustAnchors::platform()?,
        };
        Ok(Opener {
            settings: Arc::new(Settings {
                encryption: self.encryption,
                anchors: Arc::new(anchors),
                timeout: Duration::from_secs(u64::from(seconds)),
            }),
            credential,
            // Only a DNS name can be the suffix of a user name.
            user_domain: self.domain.clone().filter(|name| name.contains('.')),
        })
    }
}

/// Reads the forest. `server` is the configuration of the Connect server, where there is one: it names the connector
/// account and the partitions that are not selected.
///
/// # Errors
/// `Phs.Ldap.*` and `Phs.Directory.*` where the first server does not answer; troubles after that are in the evidence.
pub async fn collect(
    context: &RunContext,
    request: &DirectoryRequest,
    server: Option<&ServerConfiguration>,
) -> Result<DirectoryEvidence, Problem> {
    let activity = text!("progress-directory");
    let opener = request.opener(context)?;
    context
        .progress(&activity, &text!("progress-directory-connect"), None)
        .await;
    let first = match (&request.server, &request.domain) {
        (Some(host), _) => opener.server(&Endpoint::parse(host)?).await?,
        (None, Some(domain)) => opener.domain(domain).await?,
        (None, None) => match server.and_then(forest_name) {
            Some(forest) => opener.domain(&forest).await?,
            None => return Err(problems::no_server()),
        },
    };
    context
        .progress(&activity, &text!("progress-directory-domains"), Some(10))
        .await;
    let mut forest = Forest::read(opener, first).await?;
    forest.require_domain(request)?;
    if let Some(server) = server {
        forest.mark_selected(server);
    }
    forest.open_others().await;
    forest.read_heads().await;

    context
        .progress(&activity, &text!("progress-directory-account"), Some(50))
        .await;
    let mut evidence = account::find(&forest, request, server).await;
    context
        .progress(&activity, &text!("progress-directory-groups"), Some(70))
        .await;
    if request.with_holders {
        account::find_holders(&forest, &mut evidence).await;
    }
    for account in &mut evidence.accounts {
        account.memberships = groups::read(&forest, account).await;
    }
    account::find_namesakes(&forest, &mut evidence).await;
    evidence.source = forest.source();
    evidence.observed_at = Some(context.today());
    evidence.forest = forest.name();
    evidence.domains = forest.into_domains();
    Ok(evidence)
}

/// The forest that the configuration's connector goes to; none where several connectors leave it open.
fn forest_name(server: &ServerConfiguration) -> Option<String> {
    let mut names = server
        .ad_connectors()
        .filter_map(|connector| connector.forest_name.known());
    let first = names.next()?;
    names
        .all(|name| name.eq_ignore_ascii_case(first))
        .then(|| first.clone())
}
