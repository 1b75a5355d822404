//! `Get-PhsConnectorAccount`: the accounts that Active Directory connectors replicate with.

use phs_core::report::AccountRecord;
use phs_core::text;
use serde::Deserialize;

use super::gather::{Sources, gather};
use super::{Diagnostic, Options, RunContext};
use crate::problem::{Category, Problem};

/// The request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct GetConnectorAccount {
    /// What every request may say.
    pub options: Options,
    /// Folder of a server configuration export.
    pub path: Option<String>,
}

impl Diagnostic for GetConnectorAccount {
    fn options(&self) -> &Options {
        &self.options
    }

    async fn run(self, context: RunContext) -> Result<(), Problem> {
        let evidence = gather(&context, &Sources { path: self.path }).await?;
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

fn unnamed(target: &str) -> Problem {
    Problem::new(
        "Phs.Account.NotFound",
        Category::ObjectNotFound,
        target,
        text!("error-account-not-found", target = target),
    )
}
