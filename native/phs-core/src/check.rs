//! The check registry: one static per check, with its stable id and its metadata.
//!
//! Ids never change meaning and are never reused (design, section 4). The first digit of an id is the guide step.
//! All words about a check live in the text catalogue under the key of the check (`phs101`, with `.explain`).

use serde::{Deserialize, Serialize};

/// A step of the troubleshooting guide, in the order in which the guide takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Step {
    /// The connector account's permissions.
    A1,
    /// Whether password hash sync is switched on: sign-in method, connector, tenant, rules.
    A2,
    /// Connectivity to domain controllers and the cloud.
    A3,
    /// Staging mode and the scheduler.
    A4,
    /// One user: scope, join, password rule.
    B1,
    /// One user: temporary passwords and account flags.
    B2,
    /// One user: object set-up.
    B3,
    /// The service: heartbeat, events, host.
    Service,
    /// The tool itself.
    Tool,
}

impl Step {
    /// Every step, in guide order.
    pub const ALL: [Self; 9] = [
        Self::A1,
        Self::A2,
        Self::A3,
        Self::A4,
        Self::B1,
        Self::B2,
        Self::B3,
        Self::Service,
        Self::Tool,
    ];

    /// The name used in requests, findings and views.
    pub fn name(self) -> &'static str {
        match self {
            Self::A1 => "A1",
            Self::A2 => "A2",
            Self::A3 => "A3",
            Self::A4 => "A4",
            Self::B1 => "B1",
            Self::B2 => "B2",
            Self::B3 => "B3",
            Self::Service => "Service",
            Self::Tool => "Tool",
        }
    }

    /// The step with this name, in any letter case.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|step| step.name().eq_ignore_ascii_case(name))
    }
}

/// How bad a fault of a check is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Severity {
    /// No password of any user syncs.
    Critical,
    /// Some passwords do not sync, or a part of the diagnosis failed.
    Error,
    /// Nothing is broken yet.
    Warning,
    /// A fact worth knowing.
    Information,
}

/// Where a check is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Status {
    /// Built, tested with fixtures, its meaning is a contract.
    Stable,
    /// Its id is reserved; it reports `Skipped (NotSupported)`.
    Planned,
    /// Its id stays reserved for ever; it reports nothing.
    Removed,
}

/// A kind of evidence that a check reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Need {
    /// Server configuration: connectors, rules, global settings.
    Server,
    /// Active Directory: domain heads, accounts, groups.
    Directory,
    /// Probes of the network.
    Network,
    /// Directory Synchronization events.
    Events,
    /// The tenant, through Graph.
    Cloud,
    /// One or more users.
    User,
    /// The Connect server's own host: services, registry, policies.
    Host,
}

impl Need {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Server,
        Self::Directory,
        Self::Network,
        Self::Events,
        Self::Cloud,
        Self::User,
        Self::Host,
    ];
}

/// The metadata of one check. See the module text.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Check {
    /// Stable id, `PHS` and three digits.
    pub id: &'static str,
    /// Stable name in kebab case.
    pub name: &'static str,
    /// Guide step.
    pub step: Step,
    /// Severity of a `Failed` finding.
    pub severity: Severity,
    /// Life-cycle status.
    pub status: Status,
    /// Evidence that it reads.
    pub needs: &'static [Need],
    /// Public pages that explain the fault and its remedy.
    pub links: &'static [&'static str],
}

impl Check {
    /// The check's key in the text catalogue, such as `phs101`.
    pub fn text_key(&self) -> String {
        self.id.to_ascii_lowercase()
    }
}

const GUIDE: &str = "https://learn.microsoft.com/entra/identity/hybrid/connect/tshoot-connect-password-hash-synchronization";
const PERMISSIONS: &str = "https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-configure-ad-ds-connector-account";
const OBJECT_SYNC: &str =
    "https://learn.microsoft.com/entra/identity/hybrid/connect/tshoot-connect-objectsync";
const PORTS: &str =
    "https://learn.microsoft.com/entra/identity/hybrid/connect/reference-connect-ports";
const CONNECTIVITY: &str =
    "https://learn.microsoft.com/entra/identity/hybrid/connect/tshoot-connect-connectivity";
const STAGING: &str =
    "https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-sync-staging-server";
const SCHEDULER: &str = "https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-sync-feature-scheduler";
const HASH_SYNC: &str = "https://learn.microsoft.com/entra/identity/hybrid/connect/how-to-connect-password-hash-synchronization";
const RELEASES: &str =
    "https://learn.microsoft.com/entra/identity/hybrid/connect/reference-connect-version-history";

macro_rules! checks {
    ($($(#[$doc:meta])* $id:ident $name:literal $step:ident $severity:ident $status:ident [$($need:ident),*] [$($link:ident),*];)*) => {
        $($(#[$doc])* pub static $id: Check = Check {
            id: stringify!($id),
            name: $name,
            step: Step::$step,
            severity: Severity::$severity,
            status: Status::$status,
            needs: &[$(Need::$need),*],
            links: &[$($link),*],
        };)*

        /// Every check, in the order of the guide.
        pub static ALL: &[&Check] = &[$(&$id),*];
    };
}

checks! {
    /// The connector account may replicate on every domain head.
    PHS101 "replication-rights" A1 Critical Stable [Directory] [GUIDE, PERMISSIONS];
    /// The connector account can log on.
    PHS102 "connector-account-state" A1 Critical Stable [Directory] [GUIDE];
    /// The connector account holds no more than it needs.
    PHS103 "excess-rights" A1 Warning Stable [Directory] [PERMISSIONS];
    /// The domain controller itself grants replication.
    PHS104 "replication-probe" A1 Critical Planned [Directory, Network] [GUIDE];
    /// There is one connector account and it is known.
    PHS105 "connector-account-ambiguous" A1 Warning Stable [Directory] [PERMISSIONS];
    /// Password hash sync is switched on for the connector.
    PHS201 "password-hash-sync-enabled" A2 Critical Stable [Server] [GUIDE, HASH_SYNC];
    /// Password hash sync is switched on in the tenant.
    PHS202 "tenant-feature-enabled" A2 Critical Stable [Cloud] [GUIDE, HASH_SYNC];
    /// The sign-in method agrees with the state of password hash sync.
    PHS203 "sign-in-method" A2 Warning Stable [Server, Cloud] [GUIDE, HASH_SYNC];
    /// Enabled rules carry the password on both sides.
    PHS204 "password-sync-rule" A2 Critical Stable [Server] [GUIDE];
    /// Selected partitions are domains and have run steps.
    PHS205 "partition-setup" A2 Error Stable [Server] [OBJECT_SYNC];
    /// Domain controllers can be found.
    PHS301 "domain-controller-discovery" A3 Critical Stable [Network] [PORTS, GUIDE];
    /// The ports that password hash sync needs are open.
    PHS302 "required-ports" A3 Critical Stable [Network] [PORTS];
    /// The directory replication endpoint answers.
    PHS303 "drs-endpoint" A3 Critical Stable [Network] [PORTS];
    /// The connector account can bind.
    PHS304 "directory-bind" A3 Critical Stable [Network] [GUIDE];
    /// The certificate of a domain controller is good.
    PHS305 "certificate" A3 Error Stable [Network] [PORTS];
    /// Clocks agree within the Kerberos limit.
    PHS306 "clock-skew" A3 Error Stable [Network] [GUIDE];
    /// Replication is not switched off on a domain controller.
    PHS307 "replication-options" A3 Error Stable [Network] [GUIDE];
    /// The cloud's endpoints can be reached.
    PHS308 "cloud-endpoints" A3 Critical Stable [Network] [CONNECTIVITY];
    /// The server is not in staging mode.
    PHS401 "staging-mode" A4 Warning Stable [Server] [GUIDE, STAGING];
    /// The scheduler runs.
    PHS402 "scheduler" A4 Error Stable [Server] [SCHEDULER];
    /// The user is in the scope of synchronisation.
    PHS501 "user-in-scope" B1 Error Stable [User, Server] [OBJECT_SYNC];
    /// The user's chain from connector space to metaverse to cloud holds.
    PHS502 "user-join" B1 Error Stable [User, Server] [OBJECT_SYNC];
    /// A rule that carries the password applies to the user.
    PHS503 "user-password-rule" B1 Error Stable [User, Server] [GUIDE];
    /// The user's latest attempt succeeded.
    PHS504 "user-last-attempt" B1 Error Stable [User, Events] [GUIDE];
    /// The user need not change the password at next logon.
    PHS601 "must-change-password" B2 Error Stable [User] [GUIDE, HASH_SYNC];
    /// The user has a password that can be synchronised.
    PHS602 "password-never-set" B2 Error Stable [User] [HASH_SYNC];
    /// The account is enabled and not expired.
    PHS603 "account-disabled-or-expired" B2 Error Stable [User] [HASH_SYNC];
    /// The account does not require a smart card.
    PHS604 "smart-card-required" B2 Error Stable [User] [HASH_SYNC];
    /// The object is of a kind whose password is synchronised.
    PHS701 "object-type" B3 Error Stable [User] [HASH_SYNC];
    /// No rule filters the user from the cloud.
    PHS702 "cloud-filtered" B3 Error Stable [User, Server] [OBJECT_SYNC];
    /// The object has no sync or export error.
    PHS703 "object-errors" B3 Error Stable [User, Server] [OBJECT_SYNC];
    /// The object has a usable source anchor.
    PHS704 "anchor" B3 Error Stable [User, Server] [OBJECT_SYNC];
    /// The user signs in to the cloud under the expected name.
    PHS705 "cloud-user-name" B3 Warning Stable [User, Cloud] [OBJECT_SYNC];
    /// The agent was active inside the window.
    PHS801 "heartbeat" Service Critical Stable [Events] [GUIDE];
    /// No error events inside the window.
    PHS802 "recent-errors" Service Error Stable [Events] [GUIDE];
    /// The synchronisation service runs.
    PHS803 "service-state" Service Critical Stable [Host] [GUIDE];
    /// FIPS policy does not block the hash.
    PHS804 "fips-policy" Service Critical Stable [Host, Events] [HASH_SYNC];
    /// TLS 1.2 is available to the service.
    PHS805 "server-tls" Service Critical Stable [Host] [CONNECTIVITY];
    /// The build is supported.
    PHS806 "supported-build" Service Error Stable [Server] [RELEASES];
    /// The first synchronisation has finished.
    PHS807 "initial-sync" Service Error Stable [Events, Server] [GUIDE];
    /// The credential for the cloud works.
    PHS808 "cloud-credential" Service Critical Stable [Events] [GUIDE];
    /// The tool and its inputs fit each other.
    PHS901 "tool-environment" Tool Error Stable [] [];
}

/// The check with this id, in any letter case.
pub fn find(id: &str) -> Option<&'static Check> {
    ALL.iter()
        .copied()
        .find(|check| check.id.eq_ignore_ascii_case(id))
}

/// The checks of one step, in order of id, without removed ones.
pub fn of_step(step: Step) -> impl Iterator<Item = &'static Check> {
    ALL.iter()
        .copied()
        .filter(move |check| check.step == step && check.status != Status::Removed)
}
