//! `Test-PhsService`: the service behind the guide, from its event log and what else is known of the server.

use phs_core::check::Step;
use serde::Deserialize;

use super::gather::{Sources, gather};
use super::given::Given;
use super::{Diagnostic, Options, RunContext, steps};
use crate::problem::Problem;

/// The request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TestService {
    /// What every request may say.
    pub options: Options,
    /// Folder of a server configuration export: names the connectors that owe a heartbeat.
    pub path: Option<String>,
    /// Evidence that the caller brings along.
    pub evidence: Given,
}

impl Diagnostic for TestService {
    fn options(&self) -> &Options {
        &self.options
    }

    async fn run(self, context: RunContext) -> Result<(), Problem> {
        let evidence = gather(&context, &Sources::at_hand(self.path, self.evidence)).await?;
        steps::judge(&context, &[Step::Service], &evidence, false).await;
        Ok(())
    }
}
