//! `phs_test_permissions`: guide step A1 against a live forest, for `Test-PhsPermissions`.

use serde::Deserialize;

use phs_core::check::Step;

use super::gather::{forest, gather_at_hand};
use super::given::Given;
use super::{Diagnostic, Options, RunContext};
use crate::directory::DirectoryRequest;
use crate::ldap::Encryption;
use crate::problem::Problem;
use crate::secret::CredentialRequest;

/// Request of `phs_test_permissions`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TestPermissions {
    /// What every request may say.
    pub options: Options,
    /// Domain controller, `host` or `host:port`.
    pub server: Option<String>,
    /// DNS or `NetBIOS` name of a domain of the forest.
    pub domain: Option<String>,
    /// Who asks.
    pub credential: Option<CredentialRequest>,
    /// The connector account: `sAMAccountName`, `DOMAIN\name`, UPN, DN or SID. Without it, it is looked for.
    pub connector_account: Option<String>,
    /// `Auto`, `Ldaps` or `StartTls`.
    pub encryption: Encryption,
    /// PEM file of a private root.
    pub ca_certificate: Option<String>,
    /// Longest wait for connecting and for each answer, in seconds.
    pub timeout_sec: Option<u32>,
    /// Folder of a server configuration export, which names the connector account and the domains that are left out.
    pub path: Option<String>,
    /// Evidence that the caller brings along.
    pub evidence: Given,
}

impl Diagnostic for TestPermissions {
    fn options(&self) -> &Options {
        &self.options
    }

    async fn run(self, context: RunContext) -> Result<(), Problem> {
        let from_file = self.evidence.file.is_some();
        let mut evidence = gather_at_hand(&context, self.path, self.evidence).await?;
        let request = DirectoryRequest {
            server: self.server,
            domain: self.domain,
            credential: self.credential,
            connector_account: self.connector_account,
            encryption: self.encryption,
            ca_certificate: self.ca_certificate.map(Into::into),
            timeout_sec: self.timeout_sec,
            with_holders: false,
        };
        // The only question is about the forest, so a forest that cannot be asked ends the run.
        if !from_file || request.is_live() {
            forest(&context, &request, &mut evidence).await?;
        }
        context.judge(Step::A1, &evidence, false).await;
        Ok(())
    }
}
