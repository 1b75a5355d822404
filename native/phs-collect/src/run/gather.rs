//! Gathers the evidence that a request points to. Whatever cannot be had is told, and the rest is judged.

use std::path::PathBuf;

use phs_core::check::{Need, Step};
use phs_core::evidence::server::{Part, ServerConfiguration};
use phs_core::evidence::{Evidence, NotCollected, UnknownReason};
use phs_core::text;
use tokio::runtime::Handle;

use super::blocking::blocking;
use super::connectivity::{self, ConnectivityRequest};
use super::given::{self, Given};
use super::{RunContext, file};
use crate::directory::{self, DirectoryRequest};
use crate::event::Level;
use crate::export;
use crate::problem::{Category, Problem};

/// Where a request says that evidence is to be had.
#[derive(Debug, Clone, Default)]
pub(super) struct Sources {
    /// Folder of a server configuration export or of a support bundle, or a policy file.
    pub(super) path: Option<String>,
    /// What the caller brings along.
    pub(super) given: Given,
    /// A live forest.
    pub(super) directory: DirectoryRequest,
    /// The way to domain controllers, where the request names some.
    pub(super) connectivity: Option<ConnectivityRequest>,
}

impl Sources {
    /// What lies at hand: an export, and what the caller brings along.
    pub(super) fn at_hand(path: Option<String>, given: Given) -> Self {
        Self {
            path,
            given,
            ..Self::default()
        }
    }

    /// Whether it points to no evidence at all.
    pub(super) fn is_empty(&self) -> bool {
        !self.is_at_hand() && !self.directory.is_live()
    }

    /// Whether some of it lies at hand, without asking a live forest.
    fn is_at_hand(&self) -> bool {
        self.path.is_some() || !self.given.is_empty()
    }
}

/// Gathers everything. A forest that cannot be asked is told as an error, and the rest is judged.
///
/// # Errors
/// `Phs.Request.NoSource` when the request names no source at all.
pub(super) async fn gather(context: &RunContext, sources: &Sources) -> Result<Evidence, Problem> {
    if sources.is_empty() {
        return Err(Problem::new(
            "Phs.Request.NoSource",
            Category::InvalidArgument,
            "path",
            text!("error-request-no-source"),
        ));
    }
    let mut evidence = Evidence::default();
    if let Some(path) = &sources.given.file {
        // First: it holds what all others would add to.
        file::load(context, path, &mut evidence).await?;
    }
    if let Some(path) = &sources.path {
        let collector = read_export(context, PathBuf::from(path));
        if let Some(export) = context.guard(Step::Tool, collector).await {
            for problem in &export.problems {
                context.error(problem).await;
            }
            if export.configuration.is_none()
                && let Some(problem) = export.problems.first()
            {
                evidence
                    .not_collected
                    .push(not_had(context, Need::Server, problem));
            }
            evidence.collected_at = export
                .configuration
                .as_ref()
                .and_then(|server| server.exported_at.known().copied());
            if let Some(policy) = export
                .configuration
                .as_ref()
                .and_then(|server| server.policy.as_ref())
            {
                let stale = text!("policy-stale", file = &policy.file);
                context.log(Level::Warning, &stale).await;
            }
            evidence.server = export.configuration;
            if let Some(path) = export.event_log
                && !sources.given.has_events()
            {
                given::event_log(context, path, &mut evidence).await;
            }
        }
    }
    context
        .guard(Step::Tool, sources.given.read_into(context, &mut evidence))
        .await;
    let directory = own_forest(&sources.directory, evidence.server.as_ref());
    if directory.is_live() {
        match forest(context, &directory, &mut evidence).await {
            Ok(()) => {}
            Err(problem) => {
                context.error(&problem).await;
                let missing = not_had(context, Need::Directory, &problem);
                evidence.not_collected.push(missing);
            }
        }
    }
    if let Some(request) = &sources.connectivity {
        let probing = connectivity::probe(context, request, evidence.server.as_ref());
        match context.guard(Step::A3, probing).await {
            Some(Ok(network)) => evidence.network = Some(network),
            Some(Err(problem)) => {
                context.error(&problem).await;
                let missing = not_had(context, Need::Network, &problem);
                evidence.not_collected.push(missing);
            }
            None => {}
        }
    }
    Ok(evidence)
}

/// The forest to ask. A credential alone, on a Connect server of one forest, means that forest.
fn own_forest(
    request: &DirectoryRequest,
    server: Option<&ServerConfiguration>,
) -> DirectoryRequest {
    let mut request = request.clone();
    if request.server.is_some() || request.domain.is_some() || request.credential.is_none() {
        return request;
    }
    if let Some(server) = server.filter(|server| server.live) {
        let mut connectors = server.ad_connectors();
        if let (Some(only), None) = (connectors.next(), connectors.next()) {
            request.domain = only.forest_name.known().cloned();
        }
    }
    request
}

/// A kind of evidence that could not be had, because of a problem.
fn not_had(context: &RunContext, kind: Need, problem: &Problem) -> NotCollected {
    let reason = match problem.category {
        Category::PermissionDenied | Category::AuthenticationError => UnknownReason::NotPermitted,
        _ => UnknownReason::Unreadable,
    };
    NotCollected {
        kind,
        reason,
        error_id: Some(problem.id.to_owned()),
        detail: Some(context.catalog().render(&problem.text)),
    }
}

/// Gathers what lies at hand; nothing where nothing is said.
pub(super) async fn gather_at_hand(
    context: &RunContext,
    path: Option<String>,
    given: Given,
) -> Result<Evidence, Problem> {
    let sources = Sources::at_hand(path, given);
    if sources.is_empty() {
        return Ok(Evidence::default());
    }
    gather(context, &sources).await
}

/// Reads a live forest into the evidence; the server configuration in it names the connector account.
///
/// # Errors
/// As [`directory::collect`].
pub(super) async fn forest(
    context: &RunContext,
    request: &DirectoryRequest,
    evidence: &mut Evidence,
) -> Result<(), Problem> {
    let collector = directory::collect(context, request, evidence.server.as_ref());
    if let Some(collected) = context.guard(Step::A1, collector).await {
        evidence.directory = Some(collected?);
        evidence.collected_at.get_or_insert(context.today());
    }
    Ok(())
}

/// Reads an export on a thread that may block: the folder may lie on a slow share.
async fn read_export(context: &RunContext, path: PathBuf) -> export::Export {
    let runtime = Handle::current();
    let context = context.clone();
    blocking(move || {
        export::read(&path, |part, files| {
            let (status, percent) = match part {
                Part::GlobalSettings => (text!("progress-settings"), 0),
                Part::Connector => (text!("progress-connectors", files = files), 10),
                Part::Rule => (text!("progress-rules", files = files), 30),
            };
            runtime.block_on(context.progress(&text!("progress-export"), &status, Some(percent)));
            !context.is_cancelled()
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adsync;

    #[test]
    fn a_credential_alone_means_the_one_forest_of_this_server() {
        let connector = |name: &str, number: u8| {
            format!(
                r#"{{"Name": "{name}", "Identifier": "11111111-2222-3333-4444-0000000000{number:02}", "ConnectorTypeName": "AD",
                    "ConnectivityParameters": {{"forest-name": "{name}"}}}}"#
            )
        };
        let server = |connectors: &[String]| {
            let json = format!(
                r#"{{"server": "SYNC01", "connectors": {{"value": [{}]}}}}"#,
                connectors.join(",")
            );
            adsync::read(&serde_json::from_str(&json).unwrap()).configuration
        };
        let one = server(&[connector("contoso.com", 1)]);
        let two = server(&[connector("contoso.com", 1), connector("fabrikam.com", 2)]);
        let asked: DirectoryRequest = DirectoryRequest {
            credential: serde_json::from_str(r#"{"user": "u", "secret": "1"}"#).unwrap(),
            ..DirectoryRequest::default()
        };
        let domain = |request: &DirectoryRequest, server: &ServerConfiguration| {
            own_forest(request, Some(server)).domain
        };
        assert_eq!(domain(&asked, &one).as_deref(), Some("contoso.com"));
        assert_eq!(domain(&asked, &two), None);
        assert_eq!(domain(&DirectoryRequest::default(), &one), None);
        let export = ServerConfiguration { live: false, ..one };
        assert_eq!(domain(&asked, &export), None);
    }
}
