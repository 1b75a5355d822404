//! `Invoke-PhsUserAudit`: guide steps B1 to B3 for every user of one or several domains.

use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use phs_core::evidence::user::TenantFacts;
use phs_core::guide::user::{Detail, JudgeOptions, UserJudge};
use phs_core::report::AuditSummary;
use serde::Deserialize;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::gather::gather_at_hand;
use super::given::Given;
use super::{Diagnostic, OneOrMany, Options, RunContext, file, panicked};
use crate::audit::{Audit, Columns, Judged};
use crate::directory::{AuditScope, DirectoryRequest, Domain, incomplete};
use crate::event::Event;
use crate::ldap::Encryption;
use crate::problem::Problem;
use crate::secret::CredentialRequest;

/// Pieces of the stream that may wait for the judging thread: 128 KiB each.
const PIECES_IN_FLIGHT: usize = 8;

/// Request of `phs_invoke_user_audit`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct InvokeUserAudit {
    /// What every request may say.
    pub options: Options,
    /// Folder of a server configuration export, whose rules judge.
    pub path: Option<String>,
    /// Evidence that the caller brings along.
    pub evidence: Given,
    /// Domain controllers, one for each domain.
    pub server: OneOrMany,
    /// DNS name of a domain, where no server is named.
    pub domain: Option<String>,
    /// Who asks.
    pub credential: Option<CredentialRequest>,
    /// `Auto`, `Ldaps` or `StartTls`.
    pub encryption: Encryption,
    /// PEM file of a private root.
    pub ca_certificate: Option<String>,
    /// Longest wait for connecting and for each answer, in seconds.
    pub timeout_sec: Option<u32>,
    /// Where to begin; each domain's head where nothing is said.
    pub search_base: Option<String>,
    /// What the users must match as well.
    pub ldap_filter: Option<String>,
    /// Whether users that are not blocked are told as well.
    pub all: bool,
}

impl Diagnostic for InvokeUserAudit {
    fn options(&self) -> &Options {
        &self.options
    }

    async fn run(self, context: RunContext) -> Result<(), Problem> {
        let file = self.evidence.file.clone();
        let evidence = gather_at_hand(&context, self.path, self.evidence).await?;
        let options = JudgeOptions {
            detail: Detail::Verdict,
            now: context.today(),
            tenant: TenantFacts::of(&evidence),
        };
        let judge = Arc::new(UserJudge::new(evidence.server.as_ref(), options));
        let columns = Arc::new(Columns::new(judge.attributes()));
        let scope = AuditScope {
            search_base: self.search_base,
            ldap_filter: self.ldap_filter,
        };
        let request = DirectoryRequest {
            domain: self.domain,
            credential: self.credential,
            encryption: self.encryption,
            ca_certificate: self.ca_certificate.map(Into::into),
            timeout_sec: self.timeout_sec,
            ..DirectoryRequest::default()
        };
        let servers: Vec<String> = self.server.into();
        if let (Some(file), true, None) = (&file, servers.is_empty(), &request.domain) {
            let with_rules = evidence.server.is_some();
            return file::audit(&context, file, judge, self.all, with_rules).await;
        }
        let requests = if servers.is_empty() {
            vec![request]
        } else {
            servers
                .into_iter()
                .map(|server| DirectoryRequest {
                    server: Some(server),
                    ..request.clone()
                })
                .collect()
        };
        let with_rules = evidence.server.is_some();
        let mut domains: FuturesUnordered<_> = requests
            .iter()
            .enumerate()
            .map(|(place, request)| {
                let audit = Audit {
                    judge: Arc::clone(&judge),
                    columns: Arc::clone(&columns),
                    all: self.all,
                    domain: String::new(),
                };
                let work = one(&context, request, &scope, audit, with_rules);
                async move { (place, work.await) }
            })
            .collect();
        let mut summaries = Vec::new();
        while let Some((place, outcome)) = domains.next().await {
            match outcome {
                Ok(summary) => summaries.extend(summary.map(|summary| (place, summary))),
                Err(problem) => context.error(&problem).await,
            }
        }
        // After every verdict, in the order in which the servers were named.
        summaries.sort_by_key(|(place, _)| *place);
        for (_, audit) in summaries {
            context.send(Event::Audit { audit }).await;
        }
        Ok(())
    }
}

/// Audits one domain. There is a summary only where every page came.
async fn one(
    context: &RunContext,
    request: &DirectoryRequest,
    scope: &AuditScope,
    mut audit: Audit,
    with_rules: bool,
) -> Result<Option<AuditSummary>, Problem> {
    let domain = Domain::open(context, request, scope, audit.columns.names()).await?;
    audit.domain = domain.name();
    let (sender, receiver) = mpsc::channel(PIECES_IN_FLIGHT);
    let judging = {
        let context = context.clone();
        let runtime = Handle::current();
        tokio::task::spawn_blocking(move || audit.run(context, runtime, receiver))
    };
    let drained = domain.drain(&sender).await;
    drop(sender);
    let Judged { summary, malformed } = match judging.await {
        Ok(judged) => judged,
        Err(error) => {
            return match error.try_into_panic() {
                Ok(panic) => Err(panicked(&*panic)),
                // The runtime is shutting down: nobody is left to tell.
                Err(_) => Ok(None),
            };
        }
    };
    let server = domain.server();
    if let Some(error) = malformed {
        let problem = domain.malformed(&error);
        return Err(incomplete(problem, &server, summary.users));
    }
    match drained {
        Err(problem) => Err(incomplete(problem, &server, summary.users)),
        // Cancelled.
        Ok(false) => Ok(None),
        Ok(true) => Ok(Some(AuditSummary {
            server,
            search_base: domain.base().to_owned(),
            with_rules,
            ..summary
        })),
    }
}
