//! `Get-PhsConnectorAccount`: the accounts that Active Directory connectors replicate with.

use phs_core::evidence::directory::DirectoryEvidence;
use phs_core::report::AccountRecord;
use phs_core::text;
use serde::Deserialize;

use super::gather::{Sources, gather};
use super::given::Given;
use super::{Diagnostic, Options, RunContext};
use crate::directory::DirectoryRequest;
use crate::ldap::Encryption;
use crate::problem::{Category, Problem};
use crate::secret::CredentialRequest;

/// The request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct GetConnectorAccount {
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
    /// `Auto`, `Ldaps` or `StartTls`.
    pub encryption: Encryption,
    /// PEM file of a private root.
    pub ca_certificate: Option<String>,
    /// Longest wait for connecting and for each answer, in seconds.
    pub timeout_sec: Option<u32>,
}

impl Diagnostic for GetConnectorAccount {
    fn options(&self) -> &Options {
        &self.options
    }

    async fn run(self, context: RunContext) -> Result<(), Problem> {
        let sources = Sources {
            path: self.path,
            given: self.evidence,
            directory: DirectoryRequest {
                server: self.server,
                domain: self.domain,
                credential: self.credential,
                connector_account: None,
                encryption: self.encryption,
                ca_certificate: self.ca_certificate.map(Into::into),
                timeout_sec: self.timeout_sec,
                with_holders: true,
            },
            connectivity: None,
        };
        let evidence = gather(&context, &sources).await?;
        if let Some(directory) = &evidence.directory {
            return of_directory(&context, directory).await;
        }
        let Some(server) = &evidence.server else {
            // What is wrong with the export was told already.
            return Ok(());
        };
        let mut accounts = Vec::new();
        for connector in server.ad_connectors() {
            match AccountRecord::of_connector(connector, context.catalog()) {
                Some(account) => accounts.push(account),
                None => context.error(&unnamed(&connector.name)).await,
            }
        }
        if accounts.is_empty() && server.ad_connectors().next().is_none() {
            context.error(&unnamed(&server.source)).await;
        }
        if !accounts.is_empty() {
            context.accounts(accounts).await;
        }
        Ok(())
    }
}

/// The accounts of a forest; with a configuration as well, those that it names are among them.
async fn of_directory(context: &RunContext, directory: &DirectoryEvidence) -> Result<(), Problem> {
    for missing in &directory.not_found {
        context.error(&unnamed(&missing.name)).await;
    }
    let accounts: Vec<_> = directory
        .accounts
        .iter()
        .map(|account| AccountRecord::of_directory(directory, account, context.catalog()))
        .collect();
    if accounts.is_empty() && directory.not_found.is_empty() {
        context.error(&unnamed(&directory.source)).await;
    }
    if !accounts.is_empty() {
        context.accounts(accounts).await;
    }
    Ok(())
}

fn unnamed(target: &str) -> Problem {
    Problem::new(
        "Phs.Account.NotFound",
        Category::ObjectNotFound,
        target,
        text!("error-account-not-found", target = target),
    )
}
