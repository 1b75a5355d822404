//! `Invoke-PhsDiagnostics`: the whole guide, or the steps that were asked for.

use phs_core::check::{self, Step};
use phs_core::evidence::Evidence;
use phs_core::finding::Finding;
use phs_core::guide::tool::{self, Tool};
use serde::Deserialize;

use super::connectivity::ConnectivityRequest;
use super::gather::{Sources, gather};
use super::given::Given;
use super::{Diagnostic, OneOrMany, Options, RunContext, file, steps, users};
use crate::directory::DirectoryRequest;
use crate::ldap::Encryption;
use crate::problem::Problem;
use crate::secret::CredentialRequest;

/// Version of the native library.
pub const LIBRARY_VERSION: &str = env!("CARGO_PKG_VERSION");

/// The request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct InvokeDiagnostics {
    /// What every request may say.
    pub options: Options,
    /// Folder of a server configuration export.
    pub path: Option<String>,
    /// Evidence that the caller brings along.
    pub evidence: Given,
    /// Domain controller, `host` or `host:port`.
    pub server: Option<String>,
    /// DNS or `NetBIOS` name of a domain of the forest.
    pub domain: Option<String>,
    /// Who asks the forest.
    pub credential: Option<CredentialRequest>,
    /// The connector account. Without it, it is looked for.
    pub connector_account: Option<String>,
    /// `Auto`, `Ldaps` or `StartTls`.
    pub encryption: Encryption,
    /// PEM file of a private root.
    pub ca_certificate: Option<String>,
    /// Longest wait for connecting and for each answer, in seconds.
    pub timeout_sec: Option<u32>,
    /// Users for the steps B1 to B3, by any of their names.
    pub user: OneOrMany,
    /// Guide steps by name (`A1` ... `B3`, `Service`, `Tool`); none means all.
    pub steps: Vec<String>,
}

impl Diagnostic for InvokeDiagnostics {
    fn options(&self) -> &Options {
        &self.options
    }

    fn takes_more(&self) -> bool {
        self.evidence.asks_users()
    }

    async fn run(mut self, context: RunContext) -> Result<(), Problem> {
        let steps = steps::parse(&self.steps)?;
        let identities = Vec::from(std::mem::take(&mut self.user));
        let mut users_named = !identities.is_empty();
        let file = self.evidence.file.clone();
        let connectivity = self.connectivity(&steps);
        let sources = Sources {
            path: self.path,
            given: self.evidence,
            connectivity,
            directory: DirectoryRequest {
                server: self.server,
                domain: self.domain,
                credential: self.credential,
                connector_account: self.connector_account,
                encryption: self.encryption,
                ca_certificate: self.ca_certificate.map(Into::into),
                timeout_sec: self.timeout_sec,
                with_holders: false,
            },
        };
        let mut evidence = gather(&context, &sources).await?;
        let of_users = |step: &Step| matches!(step, Step::B1 | Step::B2 | Step::B3);
        if users_named && sources.directory.is_live() && steps.iter().any(of_users) {
            users::read_into(&context, &identities, &sources.directory, &mut evidence).await;
        } else if let Some(file) = &file
            && steps.iter().any(of_users)
        {
            users_named = file::users_into(&context, file, &identities, &mut evidence).await?;
        }
        users::ask_tenant(&context, &mut evidence).await;
        steps::judge(&context, &steps, &evidence, users_named).await;
        if steps.contains(&Step::Tool) {
            judge_tool(&context, &steps, users_named, &evidence).await;
        }
        Ok(())
    }
}

impl InvokeDiagnostics {
    /// The probes of step A3, where a domain controller or domain is named, or where this machine is the Connect server,
    /// whose own domains are probed then. An export alone probes nothing: it may be judged far from the network that it
    /// describes.
    fn connectivity(&self, steps: &[Step]) -> Option<ConnectivityRequest> {
        let request = ConnectivityRequest {
            credential: self.credential.clone(),
            ca_certificate: self.ca_certificate.clone(),
            ..ConnectivityRequest::to(self.domain.as_deref(), self.server.as_deref())
        };
        let here = self.evidence.adsync.is_some();
        ((here || request.names_a_place()) && steps.contains(&Step::A3)).then_some(request)
    }
}

/// PHS901. Last, when every suppression had its chance.
async fn judge_tool(context: &RunContext, steps: &[Step], users_named: bool, evidence: &Evidence) {
    let mut findings = Vec::new();
    let versions = Tool {
        library_version: LIBRARY_VERSION,
        module_version: context.module_version(),
    };
    tool::versions(&versions, &mut |finding: Finding| findings.push(finding));
    findings.extend(evidence.server.as_ref().and_then(tool::policy_file));
    context.findings(findings).await;
    let unused: Vec<Finding> = context
        .unused_suppressions()
        .iter()
        .filter(|entry| had_its_chance(entry, steps, users_named))
        .map(|entry| tool::unused_suppression(entry))
        .collect();
    context.findings(unused).await;
}

/// Whether a suppression could have covered a finding of this run. A check id could if its step was judged; a fingerprint
/// does not tell its step; anything else is an error in the suppression itself.
fn had_its_chance(entry: &str, steps: &[Step], users_named: bool) -> bool {
    let judged = |step: Step| {
        steps.contains(&step) && (users_named || !matches!(step, Step::B1 | Step::B2 | Step::B3))
    };
    let id = entry.split_once(':').map_or(entry, |(id, _)| id);
    match check::find(id) {
        Some(check) => judged(check.step),
        None if id.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            Step::ALL.into_iter().all(judged)
        }
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_network_is_probed_only_where_a_place_in_it_is_named() {
        let request = |server: Option<&str>, domain: Option<&str>| InvokeDiagnostics {
            server: server.map(str::to_owned),
            domain: domain.map(str::to_owned),
            path: Some("export".to_owned()),
            ..InvokeDiagnostics::default()
        };
        let probed = |request: InvokeDiagnostics, steps: &[Step]| {
            request
                .connectivity(steps)
                .map(|probes| (probes.servers, probes.domains))
        };
        assert_eq!(probed(request(None, None), &Step::ALL), None);
        assert_eq!(probed(request(None, Some("CONTOSO")), &Step::ALL), None);
        assert_eq!(probed(request(Some("dc1"), None), &[Step::A1]), None);
        assert_eq!(
            probed(request(Some("dc1"), Some("contoso.com")), &[Step::A3]),
            Some((vec!["dc1".to_owned()], vec!["contoso.com".to_owned()]))
        );
    }

    #[test]
    fn the_connect_server_probes_its_own_domains() {
        let request: InvokeDiagnostics =
            serde_json::from_str(r#"{"evidence": {"adsync": {"server": "SYNC01"}}}"#).unwrap();
        assert!(request.connectivity(&Step::ALL).is_some());
        assert!(request.connectivity(&[Step::A2]).is_none());
        let bad = r#"{"evidence": {"adsync": "{\"server\": 1, \"x\": 2}"}}"#;
        assert!(serde_json::from_str::<InvokeDiagnostics>(bad).is_err());
    }

    #[test]
    fn only_a_suppression_that_could_match_counts_as_unused() {
        let some = [Step::A2, Step::Tool];
        assert!(had_its_chance("phs201", &some, false));
        assert!(had_its_chance("PHS201:contoso.com", &some, false));
        assert!(!had_its_chance("PHS401", &some, false));
        assert!(!had_its_chance("PHS501", &Step::ALL, false));
        assert!(had_its_chance("PHS501", &Step::ALL, true));
        assert!(!had_its_chance("0123456789abcdef", &Step::ALL, false));
        assert!(had_its_chance("0123456789abcdef", &Step::ALL, true));
        assert!(had_its_chance("PHS999", &some, false));
    }
}
