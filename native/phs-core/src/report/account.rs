//! Records of connector accounts.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::evidence::directory::{ConnectorAccount, DirectoryEvidence, Identification};
use crate::evidence::server::Connector;
use crate::guide::a1_permissions::{account_name, identified};
use crate::security::Sid;
use crate::text;
use crate::text::Catalog;

/// `PhsDiagnostics.ConnectorAccount`: an account that an Active Directory connector replicates with, and how it was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountRecord {
    /// `DOMAIN\name` where the domain is known, else the name alone.
    pub name: String,
    /// Domain: the NetBIOS name where it is known, else as configured.
    pub domain: Option<String>,
    /// Logon name without the domain.
    pub sam_account_name: Option<String>,
    /// Name of the connector that uses it.
    pub connector: Option<String>,
    /// Identifier of that connector.
    pub connector_id: Option<Uuid>,
    /// Forest that the connector connects to.
    pub forest: Option<String>,
    /// File or server that names it.
    pub source: String,
    /// SID, where a directory was asked.
    pub sid: Option<Sid>,
    /// Distinguished name, where a directory was asked.
    pub distinguished_name: Option<String>,
    /// How it was identified, in words.
    pub identified_by: Vec<String>,
}

impl AccountRecord {
    /// The account that a connector's configuration names, if it names one.
    pub fn of_connector(connector: &Connector, catalog: &Catalog) -> Option<Self> {
        let login = connector.login_user.known()?;
        let configured = connector.login_domain.known().map(String::as_str);
        let (domain, user) = match login.split_once('\\') {
            Some((domain, user)) => (Some(domain), user),
            None => (configured, login.as_str()),
        };
        let domain = domain.map(|domain| connector.netbios_name(domain).unwrap_or(domain));
        let is_upn = user.contains('@');
        let name = match domain {
            Some(domain) if !is_upn => format!("{domain}\\{user}"),
            _ => user.to_owned(),
        };
        let how = text!(
            "account-by-configuration",
            connector = &connector.name,
            file = &connector.source
        );
        Some(Self {
            name,
            domain: domain.map(str::to_owned),
            sam_account_name: (!is_upn).then(|| user.to_owned()),
            connector: Some(connector.name.clone()),
            connector_id: Some(connector.identifier),
            forest: connector.forest_name.known().cloned(),
            source: connector.source.clone(),
            sid: None,
            distinguished_name: None,
            identified_by: vec![catalog.render(&how)],
        })
    }

    /// An account that was found in a forest.
    pub fn of_directory(
        directory: &DirectoryEvidence,
        account: &ConnectorAccount,
        catalog: &Catalog,
    ) -> Self {
        let home = directory.domain(&account.domain);
        let connector = account.identified.iter().find_map(|how| match how {
            Identification::Configured { connector } => Some(connector.clone()),
            _ => None,
        });
        Self {
            name: account_name(directory, account),
            domain: home.map(|domain| {
                domain
                    .netbios_name
                    .known()
                    .map_or_else(|| domain.display(), String::as_str)
                    .to_owned()
            }),
            sam_account_name: account.sam_account_name.known().cloned(),
            connector,
            connector_id: None,
            forest: directory.forest.known().cloned(),
            source: home
                .and_then(|domain| domain.controller.as_ref())
                .map_or_else(|| directory.source.clone(), |dc| dc.host.clone()),
            sid: Some(account.sid),
            distinguished_name: Some(account.distinguished_name.clone()),
            identified_by: identified(account)
                .iter()
                .map(|how| catalog.render(how))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Fact;
    use crate::text::DEFAULT_CULTURE;

    fn connector(user: &str, domain: Option<&str>) -> Connector {
        let mut connector: Connector = serde_json::from_str(
            r#"{"source":"Connectors/a.xml","identifier":"ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d","name":"fabrikam.com",
                "kind":"activeDirectory","parameters":{"Forest.FQDN":"fabrikam.com","Forest.Netbios":"FABRIKAM"}}"#,
        )
        .unwrap();
        connector.login_user = Fact::Known(user.into());
        if let Some(domain) = domain {
            connector.login_domain = Fact::Known(domain.into());
        }
        connector
    }

    #[test]
    fn the_netbios_name_stands_for_the_domain_where_it_is_known() {
        let catalog = Catalog::for_culture(DEFAULT_CULTURE);
        for (user, domain, expected) in [
            ("MSOL_1", Some("Fabrikam.com"), "FABRIKAM\\MSOL_1"),
            ("MSOL_1", Some("FABRIKAM"), "FABRIKAM\\MSOL_1"),
            ("MSOL_1", Some("eu.fabrikam.com"), "eu.fabrikam.com\\MSOL_1"),
            ("EU\\sync", Some("fabrikam.com"), "EU\\sync"),
            (
                "sync@fabrikam.com",
                Some("fabrikam.com"),
                "sync@fabrikam.com",
            ),
            ("MSOL_1", None, "MSOL_1"),
        ] {
            let record = AccountRecord::of_connector(&connector(user, domain), &catalog).unwrap();
            assert_eq!(record.name, expected, "{user} {domain:?}");
            assert!(record.identified_by[0].contains("Connectors/a.xml"));
        }
    }
}
