//! `Test-PhsSignInMethod`: guide step A2, whether password hash sync is switched on, and whether rules and partitions let it work.

use phs_core::check::Step;
use serde::Deserialize;

use super::gather::{Sources, gather};
use super::given::Given;
use super::{Diagnostic, Options, RunContext, steps};
use crate::problem::Problem;

/// The request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TestSignInMethod {
    /// What every request may say.
    pub options: Options,
    /// Folder of a server configuration export.
    pub path: Option<String>,
    /// Evidence that the caller brings along.
    pub evidence: Given,
}

impl Diagnostic for TestSignInMethod {
    fn options(&self) -> &Options {
        &self.options
    }

    async fn run(self, context: RunContext) -> Result<(), Problem> {
        let evidence = gather(&context, &Sources::at_hand(self.path, self.evidence)).await?;
        steps::judge(&context, &[Step::A2], &evidence, false).await;
        Ok(())
    }
}
