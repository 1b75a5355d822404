//! Configuration of a Connect server: connectors, partitions, run profiles, rules, global settings.
//!
//! Shapes after a server configuration export (domain 10.3); a live server fills the same types.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::cloud::TenantFeatures;
use super::policy::PolicyFile;
use super::{Fact, UnknownReason};
use crate::rules::model::SyncRule;

/// What is configured on one Connect server.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ServerConfiguration {
    /// Where it was read: the export's folder, or the server.
    pub source: String,
    /// Whether it was read from the running server, not from an export.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub live: bool,
    /// The server's name.
    pub name: Fact<String>,
    /// When it was exported, taken as UTC: the export does not tell the zone, so the true time is within 14 hours. Of a
    /// running server: when it was read.
    pub exported_at: Fact<Timestamp>,
    /// Global settings by name (`Microsoft.Synchronize.StagingMode` ...); values are strings, secrets are redacted.
    pub settings: Fact<BTreeMap<String, String>>,
    /// The file that the settings came from.
    pub settings_source: String,
    /// Features that are switched in the tenant, as the server's own module was told (`Get-ADSyncAADCompanyFeature`). An
    /// export never holds them.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub tenant_features: Fact<TenantFeatures>,
    /// Connectors, in the order of their files.
    pub connectors: Vec<Connector>,
    /// Synchronisation rules, in the order of their files.
    pub rules: Vec<SourcedRule>,
    /// The scheduler of the running server (`Get-ADSyncScheduler`). An export never holds it.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub scheduler: Fact<Scheduler>,
    /// How far password hash sync has come, by partition (`Get-ADSyncPartitionPasswordSyncState`). An export never holds it.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub password_cycles: Fact<Vec<PasswordCycle>>,
    /// Set where it was read from a synchronization policy file, which may be stale and does not hold everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyFile>,
    /// Parts that are missing or could not be read.
    pub unreadable: Vec<UnreadablePart>,
}

/// The scheduler of a running server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Scheduler {
    /// `SyncCycleEnabled`: whether cycles run at all.
    pub sync_cycle_enabled: Fact<bool>,
    /// `StagingModeEnabled`.
    pub staging_mode: Fact<bool>,
    /// `SchedulerSuspended`: the wizard does so while it is open.
    pub suspended: Fact<bool>,
    /// `MaintenanceEnabled`: renewal of keys, clearing of logs.
    pub maintenance_enabled: Fact<bool>,
    /// `SyncCycleInProgress`.
    pub in_progress: Fact<bool>,
    /// `NextSyncCycleStartTimeInUTC`.
    pub next_start: Fact<Timestamp>,
    /// `CurrentlyEffectiveSyncCycleInterval`, as a .NET time span (`00:30:00`).
    pub interval: Fact<String>,
    /// `NextSyncCyclePolicyType`: `Delta` or `Initial`.
    pub next_policy: Fact<String>,
}

/// How far password hash sync has come in one partition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct PasswordCycle {
    /// The connector.
    pub connector: Option<Uuid>,
    /// Distinguished name of the partition; the tenant's is `default`.
    pub distinguished_name: String,
    /// When the last cycle ended; known to be none: it never did.
    pub last_end: Fact<Option<Timestamp>>,
    /// When the last successful cycle ended; known to be none: none ever succeeded.
    pub last_success: Fact<Option<Timestamp>>,
    /// Status of the last cycle as the service names it: `None`, `InProgress`, `Successful`.
    pub status: Fact<String>,
}

/// A rule and the file that holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SourcedRule {
    /// The file's name inside the export.
    pub source: String,
    /// The rule.
    pub rule: SyncRule,
}

/// Which part of a configuration could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Part {
    /// `Connectors/*.xml`.
    Connector,
    /// `GlobalSettings/MV.xml`.
    GlobalSettings,
    /// `SynchronizationRules/*.xml`.
    Rule,
}

/// A part that is missing or could not be read, so that no check takes its silence for health.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UnreadablePart {
    /// Its kind.
    pub part: Part,
    /// The file's name inside the export.
    pub source: String,
    /// Stable id of the error, such as `Phs.Export.NotXml`.
    pub error_id: String,
    /// What the reader said.
    pub detail: String,
    /// Why it is not known.
    #[serde(default = "unreadable_reason")]
    pub reason: UnknownReason,
}

fn unreadable_reason() -> UnknownReason {
    UnknownReason::Unreadable
}

/// What a connector connects to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ConnectorKind {
    /// An Active Directory forest (category `AD`).
    ActiveDirectory,
    /// The tenant: subtype `Windows Azure Active Directory (Microsoft)`, or its fixed identifier.
    Entra,
    /// Anything else, by category.
    Other(String),
}

/// One connector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Connector {
    /// The file's name inside the export.
    pub source: String,
    /// Identifier.
    pub identifier: Uuid,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: ConnectorKind,
    /// Forest that it connects to.
    #[serde(default)]
    pub forest_name: Fact<String>,
    /// Domain of the account that it logs on with, as configured (NetBIOS or DNS).
    #[serde(default)]
    pub login_domain: Fact<String>,
    /// Name of the account that it logs on with: for Active Directory the connector account, for the tenant `Sync_...`.
    #[serde(default)]
    pub login_user: Fact<String>,
    /// Whether it binds over TLS.
    #[serde(default)]
    pub ssl_bind: Fact<bool>,
    /// Whether it signs and seals.
    #[serde(default)]
    pub sign_and_seal: Fact<bool>,
    /// Password hash sync channel (`password-hash-sync-config`; `password-sync-allowed` is something else).
    #[serde(default)]
    pub password_hash_sync: Fact<PasswordHashSync>,
    /// Partitions (naming contexts).
    #[serde(default)]
    pub partitions: Vec<Partition>,
    /// Run profiles.
    #[serde(default)]
    pub run_profiles: Vec<RunProfile>,
    /// Global and connectivity parameters by name; secrets are redacted.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
}

impl Connector {
    /// The NetBIOS name of a domain by its DNS name, as far as the connector's parameters tell it.
    pub fn netbios_name(&self, dns_name: &str) -> Option<&str> {
        let of_partition = self.partitions.iter().find_map(|partition| {
            let name = partition.dns_name.known()?;
            name.eq_ignore_ascii_case(dns_name)
                .then(|| partition.netbios_name.known().map(String::as_str))?
        });
        of_partition.or_else(|| {
            let forest = self.parameters.get("Forest.FQDN")?;
            let netbios = self.parameters.get("Forest.Netbios")?;
            forest
                .eq_ignore_ascii_case(dns_name)
                .then_some(netbios.as_str())
        })
    }
}

/// State of the password hash sync channel of an Active Directory connector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PasswordHashSync {
    /// Whether it is switched on.
    pub enabled: bool,
    /// The connector that it sends to.
    #[serde(default)]
    pub target: Option<Uuid>,
}

/// One partition of a connector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Partition {
    /// Identifier.
    pub identifier: Uuid,
    /// Distinguished name of the naming context.
    pub distinguished_name: String,
    /// DNS name of the domain.
    #[serde(default)]
    pub dns_name: Fact<String>,
    /// NetBIOS name of the domain.
    #[serde(default)]
    pub netbios_name: Fact<String>,
    /// Whether it is selected for synchronisation.
    #[serde(default)]
    pub selected: Fact<bool>,
    /// Whether it is flagged as a domain.
    #[serde(default)]
    pub is_domain: Fact<bool>,
    /// `objectGUID` of the naming context's root.
    #[serde(default)]
    pub guid: Fact<Uuid>,
    /// `dc-failover`: false means that only preferred domain controllers are used.
    #[serde(default)]
    pub dc_failover: Fact<bool>,
    /// Preferred domain controllers.
    #[serde(default)]
    pub preferred_dcs: Vec<String>,
    /// The domain controller used last.
    #[serde(default)]
    pub last_dc: Fact<String>,
    /// Object classes in scope.
    #[serde(default)]
    pub object_classes: Vec<String>,
    /// Included containers (DNs).
    #[serde(default)]
    pub inclusions: Vec<String>,
    /// Excluded containers (DNs).
    #[serde(default)]
    pub exclusions: Vec<String>,
}

/// One run profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RunProfile {
    /// Identifier.
    #[serde(default)]
    pub identifier: Option<Uuid>,
    /// Name.
    pub name: String,
    /// Steps.
    #[serde(default)]
    pub steps: Vec<RunStep>,
}

/// One step of a run profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RunStep {
    /// Kind as written in the export: `full-import`, `delta-import`, `apply-rules`, `export` ...
    pub kind: String,
    /// What tells apart steps of one kind: `apply-rules` is a full synchronisation as `reevaluate-flow-connectors`, a delta
    /// synchronisation as `apply-pending`.
    #[serde(default)]
    pub subtype: Option<String>,
    /// The partition that it runs on.
    #[serde(default)]
    pub partition: Option<Uuid>,
}

/// The global setting that tells whether the server is in staging mode.
pub const STAGING_MODE: &str = "Microsoft.Synchronize.StagingMode";

/// The identifier that every connector to the tenant has (domain 10.1).
pub const ENTRA_CONNECTOR: Uuid = Uuid::from_u128(0xb891_884f_051e_4a83_95af_2544_101c_9083);

impl ServerConfiguration {
    /// A global setting, in any letter case: known, absent, or not read at all.
    pub fn setting(&self, name: &str) -> Fact<&str> {
        match &self.settings {
            Fact::Known(settings) => settings
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map_or(Fact::unknown(UnknownReason::Absent), |(_, value)| {
                    Fact::Known(value.as_str())
                }),
            Fact::Unknown { reason, detail } => Fact::Unknown {
                reason: *reason,
                detail: detail.clone(),
            },
        }
    }

    /// Whether the server is in staging mode: as its scheduler says, else as its settings say.
    pub fn staging_mode(&self) -> Fact<bool> {
        if let Fact::Known(scheduler) = &self.scheduler
            && scheduler.staging_mode.known().is_some()
        {
            return scheduler.staging_mode.clone();
        }
        match self.setting(STAGING_MODE) {
            Fact::Known(text) => parse_flag(text).map_or_else(
                || Fact::unknown_because(UnknownReason::Unreadable, text),
                Fact::Known,
            ),
            Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
        }
    }

    /// Parts of one kind that are missing or could not be read.
    pub fn unreadable(&self, part: Part) -> impl Iterator<Item = &UnreadablePart> {
        self.unreadable
            .iter()
            .filter(move |unreadable| unreadable.part == part)
    }

    /// The Active Directory connectors.
    pub fn ad_connectors(&self) -> impl Iterator<Item = &Connector> {
        self.connectors
            .iter()
            .filter(|connector| connector.kind == ConnectorKind::ActiveDirectory)
    }

    /// The connectors to the tenant. A healthy server has exactly one.
    pub fn entra_connectors(&self) -> impl Iterator<Item = &Connector> {
        self.connectors
            .iter()
            .filter(|connector| connector.kind == ConnectorKind::Entra)
    }
}

/// A boolean as exports and cmdlets write it: `1`, `0`, `true`, `False` ... in any letter case; anything else is none.
pub fn parse_flag(text: &str) -> Option<bool> {
    match text.trim() {
        "1" => Some(true),
        "0" => Some(false),
        other if other.eq_ignore_ascii_case("true") => Some(true),
        other if other.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}
