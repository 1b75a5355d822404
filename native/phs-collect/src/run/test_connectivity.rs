//! `Test-PhsConnectivity`: guide step A3, the way to every domain controller and to the cloud.

use phs_core::check::Step;
use serde::Deserialize;

use super::connectivity::{self, ConnectivityRequest};
use super::gather::gather_at_hand;
use super::given::Given;
use super::{Diagnostic, Options, RunContext};
use crate::problem::Problem;
use crate::secret::CredentialRequest;

/// The request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TestConnectivity {
    /// What every request may say.
    pub options: Options,
    /// Folder of a server configuration export: names the domains and their preferred domain controllers.
    pub path: Option<String>,
    /// Evidence that the caller brings along.
    pub evidence: Given,
    /// Domains to discover.
    pub domain: OneOrMany,
    /// Domain controllers to probe instead of those found, as `host`, `host:port` or `[address]:port`.
    pub server: OneOrMany,
    /// Account to bind as.
    pub credential: Option<CredentialRequest>,
    /// File with the certificates (PEM) of the roots to trust for the directory.
    pub ca_certificate: Option<String>,
    /// DNS servers to ask, as `address` or `address:port`.
    pub dns_server: OneOrMany,
    /// Seconds for each probe.
    pub probe_timeout_sec: Option<u32>,
    /// Seconds for all probes together.
    pub timeout_sec: Option<u32>,
    /// Whether to probe the cloud's endpoints as well.
    pub include_cloud: bool,
    /// Environment whose endpoints are probed: `Global`, `USGov`, `USGovDoD` or `China`.
    pub environment: Option<String>,
}

/// One text or a list of texts.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Any number.
    Many(Vec<String>),
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl From<OneOrMany> for Vec<String> {
    fn from(value: OneOrMany) -> Self {
        match value {
            OneOrMany::One(text) => vec![text],
            OneOrMany::Many(texts) => texts,
        }
    }
}

impl Diagnostic for TestConnectivity {
    fn options(&self) -> &Options {
        &self.options
    }

    async fn run(self, context: RunContext) -> Result<(), Problem> {
        let from_file = self.evidence.file.is_some();
        let mut evidence = gather_at_hand(&context, self.path, self.evidence).await?;
        let request = ConnectivityRequest {
            domains: self.domain.into(),
            servers: self.server.into(),
            credential: self.credential,
            ca_certificate: self.ca_certificate,
            dns_servers: self.dns_server.into(),
            probe_timeout_sec: self.probe_timeout_sec,
            timeout_sec: self.timeout_sec,
            include_cloud: self.include_cloud,
            environment: self.environment,
        };
        // What a file holds was seen from where it was collected.
        if from_file && request.domains.is_empty() && request.servers.is_empty() {
            context.judge(Step::A3, &evidence, false).await;
            return Ok(());
        }
        let probing = connectivity::probe(&context, &request, evidence.server.as_ref());
        if let Some(network) = context.guard(Step::A3, probing).await {
            evidence.network = Some(network?);
        }
        context.judge(Step::A3, &evidence, false).await;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::parse;

    #[test]
    fn a_name_or_a_list_of_names_is_taken() {
        let one: TestConnectivity = parse(br#"{"server": "dc1", "domain": []}"#).unwrap();
        assert_eq!(Vec::from(one.server), ["dc1"]);
        let two: TestConnectivity = parse(br#"{"server": ["dc1", "dc2:389"]}"#).unwrap();
        assert_eq!(Vec::from(two.server), ["dc1", "dc2:389"]);
        assert!(parse::<TestConnectivity>(br#"{"servers": ["dc1"]}"#).is_err());
    }
}
