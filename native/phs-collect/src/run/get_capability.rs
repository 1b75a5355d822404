//! `phs_get_capability`: what the native library can do on this machine, for `Get-PhsCapability`.
//!
//! What only the module can tell (the ADSync module, the Windows event log) it adds itself.

use serde::Deserialize;

use phs_core::report::CapabilityRecord;
use phs_core::text;
use phs_core::text::Text;

use super::{Diagnostic, Options, RunContext};
use crate::ldap::{SIGN_AND_SEAL, TrustAnchors};
use crate::probe::discovery::Dns;
use crate::problem::Problem;

/// Request of `phs_get_capability`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct GetCapability {
    /// What every request may say.
    pub options: Options,
}

impl Diagnostic for GetCapability {
    fn options(&self) -> &Options {
        &self.options
    }

    async fn run(self, context: RunContext) -> Result<(), Problem> {
        let rows = capabilities()
            .await
            .into_iter()
            .map(|(name, available, text)| CapabilityRecord {
                name: name.to_owned(),
                available,
                details: context.catalog().render(&text),
                remedy: context.catalog().action(&text),
            })
            .collect();
        context.capabilities(rows).await;
        Ok(())
    }
}

type Row = (&'static str, bool, Text);

async fn capabilities() -> Vec<Row> {
    vec![
        ("LdapOverTls", true, text!("capability-ldaps")),
        ("LdapStartTls", true, text!("capability-start-tls")),
        trust_store().await,
        sign_and_seal(),
        (
            "KerberosTicketCache",
            false,
            text!("capability-ticket-cache"),
        ),
        name_resolution(),
        (
            "ServerConfigurationExport",
            true,
            text!("capability-server-configuration-export"),
        ),
        (
            "ReplicationProbe",
            false,
            text!("capability-replication-probe"),
        ),
    ]
}

fn sign_and_seal() -> Row {
    let text = if SIGN_AND_SEAL {
        text!("capability-sign-and-seal")
    } else {
        text!("capability-sign-and-seal-elsewhere")
    };
    ("SignAndSeal", SIGN_AND_SEAL, text)
}

/// Opening the store reads files or asks the system, which may take a moment.
async fn trust_store() -> Row {
    let name = "PlatformCertificateStore";
    match tokio::task::spawn_blocking(TrustAnchors::platform).await {
        Ok(Ok(_)) => (name, true, text!("capability-trust-store")),
        Ok(Err(problem)) => (
            name,
            false,
            text!("capability-trust-store-missing", detail = problem.text),
        ),
        Err(error) => (
            name,
            false,
            text!("capability-trust-store-missing", detail = error.to_string()),
        ),
    }
}

fn name_resolution() -> Row {
    let name = "NameResolution";
    match Dns::new(&[], std::time::Duration::from_secs(1)) {
        Ok(_) => (name, true, text!("capability-name-resolution")),
        Err(error) => (
            name,
            false,
            text!(
                "capability-name-resolution-missing",
                detail = error.to_string()
            ),
        ),
    }
}
