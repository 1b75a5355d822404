//! The host of a Connect server: its service, FIPS policy, TLS settings and build, as read on that machine.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Fact;

/// What was read on the host.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct HostEvidence {
    /// The machine's name.
    pub source: String,
    /// When it was read.
    pub observed_at: Option<Timestamp>,
    /// The service `ADSync`; known to be none where it was looked for and is not there.
    pub service: Fact<Option<Service>>,
    /// FIPS policy and the service's exemption.
    pub fips: FipsPolicy,
    /// Values of the registry that switch TLS 1.2 on or off.
    pub tls: Vec<RegistryFlag>,
    /// Build of the installed service, of four parts.
    pub build: Fact<String>,
}

/// A Windows service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Service {
    /// Name, independent of language: `ADSync`.
    pub name: String,
    /// State by its name in `System.ServiceProcess.ServiceControllerStatus`: `Running`, `Stopped`, `StartPending` ...
    pub state: Fact<String>,
    /// How it starts, by the registry value `Start`.
    pub start: Fact<StartMode>,
    /// Account that it runs as (`ObjectName`), such as `NT SERVICE\ADSync`.
    pub account: Fact<String>,
}

/// How a service starts (registry value `Start` of its key).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum StartMode {
    /// With the system (0, 1, 2).
    Automatic,
    /// When it is asked for (3).
    Manual,
    /// Never (4).
    Disabled,
}

impl StartMode {
    /// The mode of a registry value.
    pub fn of(value: u32) -> Option<Self> {
        match value {
            0..=2 => Some(Self::Automatic),
            3 => Some(Self::Manual),
            4 => Some(Self::Disabled),
            _ => None,
        }
    }
}

/// What kind of account a service runs as (domain 4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AccountKind {
    /// `NT SERVICE\ADSync`.
    Virtual,
    /// A managed service account: its name ends with `$`.
    Managed,
    /// An account of the system (`LocalSystem`, `NT AUTHORITY\...`).
    System,
    /// An account of this machine.
    Local,
    /// An account of a domain.
    Domain,
}

impl Service {
    /// Kind of the account, by its name; `machine` tells local accounts from those of a domain.
    pub fn account_kind(&self, machine: &str) -> Option<AccountKind> {
        let account = self.account.known()?.trim();
        if account.ends_with('$') {
            return Some(AccountKind::Managed);
        }
        let Some((domain, _)) = account.split_once('\\') else {
            return Some(if account.eq_ignore_ascii_case("LocalSystem") {
                AccountKind::System
            } else {
                // A user principal name.
                AccountKind::Domain
            });
        };
        Some(if domain.eq_ignore_ascii_case("NT SERVICE") {
            AccountKind::Virtual
        } else if domain.eq_ignore_ascii_case("NT AUTHORITY") {
            AccountKind::System
        } else if domain == "." || domain.eq_ignore_ascii_case(machine) {
            AccountKind::Local
        } else {
            AccountKind::Domain
        })
    }
}

/// FIPS policy, which forbids the MD5 that unwraps password hashes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct FipsPolicy {
    /// `HKLM\SYSTEM\CurrentControlSet\Control\Lsa\FipsAlgorithmPolicy`, `Enabled`. Not set is off.
    pub enabled: Fact<bool>,
    /// Whether the service's configuration file says `enforceFIPSPolicy enabled="false"`.
    pub exempted: Fact<bool>,
    /// The configuration file.
    pub config_file: String,
}

/// A number of the registry that is a switch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct RegistryFlag {
    /// Key, with its hive (`HKLM\...`).
    pub key: String,
    /// Name of the value.
    pub name: String,
    /// The number; known to be none where the value or its key is not there.
    pub value: Fact<Option<u32>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_told_apart_by_their_names() {
        for (account, kind) in [
            ("NT SERVICE\\ADSync", AccountKind::Virtual),
            ("nt service\\adsync", AccountKind::Virtual),
            ("CONTOSO\\gmsa-sync$", AccountKind::Managed),
            ("LocalSystem", AccountKind::System),
            ("NT AUTHORITY\\NetworkService", AccountKind::System),
            (".\\AAD_0123456789ab", AccountKind::Local),
            ("sync01\\AAD_0123456789ab", AccountKind::Local),
            ("CONTOSO\\svc-sync", AccountKind::Domain),
            ("svc-sync@contoso.com", AccountKind::Domain),
        ] {
            let service = Service {
                account: Fact::Known(account.to_owned()),
                ..Service::default()
            };
            assert_eq!(service.account_kind("SYNC01"), Some(kind), "{account}");
        }
        assert_eq!(Service::default().account_kind("SYNC01"), None);
    }

    #[test]
    fn a_start_value_that_means_nothing_is_not_known() {
        let modes: Vec<_> = (1..6).map(StartMode::of).collect();
        assert_eq!(
            modes,
            [
                Some(StartMode::Automatic),
                Some(StartMode::Automatic),
                Some(StartMode::Manual),
                Some(StartMode::Disabled),
                None
            ]
        );
    }
}
