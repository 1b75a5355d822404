//! Active Directory: the domains of a forest, the descriptors of their heads, the accounts that may be the connector
//! account, and the groups that speak for them in each domain.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

use super::Fact;
use crate::security::Sid;

/// What was observed in one forest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct DirectoryEvidence {
    /// The domain controller that was asked first.
    pub source: String,
    /// When it was observed, by the clock of whoever collected.
    pub observed_at: Option<Timestamp>,
    /// DNS name of the forest.
    pub forest: Fact<String>,
    /// Every domain of the forest (`crossRef` objects with both bits of `systemFlags` 3).
    pub domains: Vec<Domain>,
    /// The name of the connector account that the user gave.
    pub asked_account: Option<String>,
    /// Accounts that are, or may be, the connector account.
    pub accounts: Vec<ConnectorAccount>,
    /// Names under which an account was looked for and not found.
    pub not_found: Vec<MissingAccount>,
    /// Accounts that share the name of a connector account, in another domain of the forest.
    pub namesakes: Vec<Namesake>,
}

/// One domain of the forest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Domain {
    /// Distinguished name of the naming context, which is that of the domain head.
    pub distinguished_name: String,
    /// DNS name (`dnsRoot`).
    pub dns_name: String,
    /// `NetBIOS` name (`nETBIOSName`).
    pub netbios_name: Fact<String>,
    /// Whether it is the root of the forest.
    pub is_forest_root: bool,
    /// `objectSid` of the head.
    pub sid: Fact<Sid>,
    /// `objectGUID` of the head.
    pub guid: Fact<Uuid>,
    /// Whether Connect's partition for it is selected, where a server configuration tells.
    pub selected: Fact<bool>,
    /// The domain controller that was asked.
    pub controller: Option<DomainController>,
    /// Owner, group and DACL of the head, read with the `SD_FLAGS` control.
    pub descriptor: Fact<Bytes>,
    /// Why the domain could not be asked, or not about everything.
    pub trouble: Option<Trouble>,
}

/// A domain controller that answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct DomainController {
    /// The name it was asked by.
    pub host: String,
    /// The name it gives itself (`dnsHostName`).
    pub dns_host_name: Fact<String>,
    /// Whether it is a read-only domain controller: it announces the capability `1.2.840.113556.1.4.1920`
    /// (MS-ADTS 3.1.1.3.4.3).
    pub read_only: Fact<bool>,
}

/// An error that kept something from being read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Trouble {
    /// Stable id, such as `Phs.Ldap.Timeout`.
    pub error_id: String,
    /// In words.
    pub detail: String,
}

/// How an account came to be taken for the connector account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Identification {
    /// The user named it.
    Given,
    /// A connector of the server configuration logs on with it.
    Configured {
        /// Name of the connector.
        connector: String,
    },
    /// Its name begins with `MSOL_`, as the express set-up makes it.
    Name,
    /// Its description is the one that the set-up of Connect writes.
    Description,
    /// It is a group managed service account of Cloud Sync (`provAgentgMSA$`, `pGMSA_*$`).
    CloudSync,
    /// It holds both replication rights by entries of its own: a hint for people, never a reason to judge it.
    HoldsRights,
}

/// What kind of account it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum AccountKind {
    /// An ordinary user: the kind that Connect needs.
    #[default]
    User,
    /// A group managed service account of the Cloud Sync agent.
    CloudSyncServiceAccount,
    /// Any other managed service account.
    ManagedServiceAccount,
    /// A computer.
    Computer,
    /// Anything else, or not known.
    Other,
}

/// An account that is, or may be, the connector account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ConnectorAccount {
    /// `objectSid`.
    pub sid: Sid,
    /// `objectGUID`.
    #[serde(default)]
    pub guid: Fact<Uuid>,
    /// Distinguished name.
    pub distinguished_name: String,
    /// `sAMAccountName`.
    #[serde(default)]
    pub sam_account_name: Fact<String>,
    /// `userPrincipalName`.
    #[serde(default)]
    pub user_principal_name: Fact<String>,
    /// `description`.
    #[serde(default)]
    pub description: Fact<String>,
    /// Distinguished name of its own domain.
    pub domain: String,
    /// Kind.
    #[serde(default)]
    pub kind: AccountKind,
    /// How it was identified.
    #[serde(default)]
    pub identified: Vec<Identification>,
    /// State.
    #[serde(default)]
    pub state: AccountState,
    /// `sIDHistory`: SIDs that speak for it beside its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sid_history: Vec<Sid>,
    /// The groups that speak for it, domain by domain.
    #[serde(default)]
    pub memberships: Vec<Memberships>,
}

/// The attributes that decide whether an account can log on. Times are Windows file times: 100 ns since 1601.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AccountState {
    /// `userAccountControl` (MS-ADTS 2.2.16).
    pub user_account_control: Fact<u32>,
    /// `msDS-User-Account-Control-Computed`: locked out (0x10) and password expired (0x800000) as of the reading.
    pub computed: Fact<u32>,
    /// `accountExpires`; 0 and the largest number mean never.
    pub account_expires: Fact<i64>,
    /// `pwdLastSet`; 0 means that the password must be changed at the next logon.
    pub password_last_set: Fact<i64>,
    /// `msDS-UserPasswordExpiryTimeComputed`; the largest number means never.
    pub password_expires: Fact<i64>,
    /// `lockoutTime`, as circumstance only.
    pub lockout_time: Fact<i64>,
}

/// The groups that speak for an account on the domain controllers of one domain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Memberships {
    /// Distinguished name of the domain.
    pub domain: String,
    /// The groups, without those that everyone has (`S-1-1-0`, `S-1-5-11` ...).
    #[serde(default)]
    pub groups: Vec<Membership>,
    /// Why there may be more groups than these; none where the list is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
}

/// One group and how the account comes to be in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Membership {
    /// SID of the group.
    pub sid: Sid,
    /// Its name, where it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `sIDHistory` of the group: these speak for its members too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sid_history: Vec<Sid>,
    /// Names of the groups on the way from the account to this one, this one last. Empty where it is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<String>,
}

/// A name under which no account was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MissingAccount {
    /// The name as given or configured.
    pub name: String,
    /// Where the name came from.
    pub wanted_by: Identification,
    /// Distinguished names of the domains that could not be asked, so that it may still exist.
    #[serde(default)]
    pub unasked_domains: Vec<String>,
}

/// An account with the name of a connector account, in another domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Namesake {
    /// `objectSid` of the connector account whose name it shares.
    pub of: Sid,
    /// Distinguished name of the other account.
    pub distinguished_name: String,
    /// Distinguished name of its domain.
    pub domain: String,
}

impl DirectoryEvidence {
    /// The domain with this distinguished name.
    pub fn domain(&self, distinguished_name: &str) -> Option<&Domain> {
        self.domains
            .iter()
            .find(|domain| domain.distinguished_name == distinguished_name)
    }

    /// The accounts that are judged: those that the user or the server configuration names; without such a name, every
    /// one that looks like a connector account.
    pub fn judged_accounts(&self) -> impl Iterator<Item = &ConnectorAccount> {
        let named =
            !self.not_found.is_empty() || self.accounts.iter().any(ConnectorAccount::is_named);
        self.accounts.iter().filter(move |account| {
            account.is_named()
                || !named
                    && account
                        .identified
                        .iter()
                        .any(|how| *how != Identification::HoldsRights)
        })
    }
}

impl Domain {
    /// A name for people: the DNS name, else the distinguished name.
    pub fn display(&self) -> &str {
        if self.dns_name.is_empty() {
            &self.distinguished_name
        } else {
            &self.dns_name
        }
    }
}

impl Membership {
    /// Its name, else its SID.
    pub fn label(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.sid.to_string())
    }
}

impl ConnectorAccount {
    /// Whether the user or the server configuration names it.
    pub fn is_named(&self) -> bool {
        self.identified.iter().any(|how| {
            matches!(
                how,
                Identification::Given | Identification::Configured { .. }
            )
        })
    }

    /// The name of the server in a description that the set-up of Connect wrote: `... running on computer NAME
    /// configured ...`. Set-up writes it in English whatever the language.
    pub fn server_in_description(&self) -> Option<&str> {
        let (_, rest) = self
            .description
            .known()?
            .split_once("running on computer ")?;
        let name = rest.split_whitespace().next()?.trim_end_matches('.');
        (!name.is_empty()).then_some(name)
    }
}

/// Bytes, as base64 in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(description: &str) -> ConnectorAccount {
        serde_json::from_value(serde_json::json!({
            "sid": "S-1-5-21-1-2-3-1104",
            "distinguishedName": "CN=a,DC=contoso,DC=test",
            "domain": "DC=contoso,DC=test",
            "description": {"known": description},
        }))
        .unwrap()
    }

    #[test]
    fn the_server_is_found_in_the_description() {
        let entra = "Account created by Microsoft Entra Connect with installation identifier 0f running on computer SYNC1 configured to synchronize to tenant contoso.onmicrosoft.com.";
        assert_eq!(account(entra).server_in_description(), Some("SYNC1"));
        assert_eq!(
            account("running on computer ").server_in_description(),
            None
        );
        assert_eq!(account("made by hand").server_in_description(), None);
    }

    #[test]
    fn bytes_survive_json() {
        let bytes = Bytes(vec![0, 1, 0xff]);
        let text = serde_json::to_string(&bytes).unwrap();
        assert_eq!(text, "\"AAH/\"");
        assert_eq!(serde_json::from_str::<Bytes>(&text).unwrap(), bytes);
        assert!(serde_json::from_str::<Bytes>("\"*\"").is_err());
    }
}
