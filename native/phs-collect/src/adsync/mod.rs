//! The running server, as its ADSync module answers (domain 9 and 10): what PowerShell collected on the Connect server becomes
//! the same configuration as an export, with what only a running server knows.
//!
//! Every answer stands alone: a command that was refused or failed leaves its part unknown, with the reason.

mod connector;
mod object;
mod rule;
mod server;
mod user;

use phs_core::evidence::server::{Part, ServerConfiguration, SourcedRule, UnreadablePart};
use phs_core::evidence::user::UserEvidence;
use phs_core::evidence::{Fact, UnknownReason};
use phs_core::text;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::problem::{Category, Problem};
use object::Object;

/// What PowerShell collected: the field `evidence.adsync` of a request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct AdSync {
    /// The server's name.
    pub server: String,
    /// When it was collected, in UTC.
    pub collected_at: String,
    /// `Get-ADSyncConnector`, each with its password hash sync configuration.
    pub connectors: Answer,
    /// `Get-ADSyncRule`.
    pub rules: Answer,
    /// `Get-ADSyncGlobalSettings`: parameters by name.
    pub settings: Answer,
    /// `Get-ADSyncScheduler`.
    pub scheduler: Answer,
    /// `Get-ADSyncAADCompanyFeature`.
    pub company_feature: Answer,
    /// `Get-ADSyncPartitionPasswordSyncState`.
    pub password_cycles: Answer,
    /// Users as the service holds them.
    pub users: Vec<Value>,
}

/// The answer of one command: its objects, or why there are none. Neither: it was not asked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Answer {
    /// What it gave.
    pub value: Value,
    /// What it said instead.
    pub error: Option<Refusal>,
}

/// Why a command gave nothing.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Refusal {
    /// The reason.
    pub reason: UnknownReason,
    /// What the command said; never a secret.
    #[serde(default)]
    pub detail: Option<String>,
}

impl Refusal {
    fn fact<T>(&self) -> Fact<T> {
        Fact::Unknown {
            reason: self.reason,
            detail: self.detail.clone(),
        }
    }
}

impl Answer {
    /// The value, or why there is none.
    fn read<T>(&self, read: impl FnOnce(&Value) -> Fact<T>) -> Fact<T> {
        match &self.error {
            Some(refusal) => refusal.fact(),
            None if self.value.is_null() => Fact::unknown(UnknownReason::NotCollected),
            None => read(&self.value),
        }
    }

    /// The value as one object.
    fn object<T>(&self, read: impl FnOnce(Object<'_>) -> T) -> Fact<T> {
        self.read(|value| match Object::of(value) {
            Some(object) => Fact::Known(read(object)),
            None => {
                Fact::unknown_because(UnknownReason::Unreadable, object::clip(&value.to_string()))
            }
        })
    }

    /// The value as a list.
    fn items(&self) -> Fact<Vec<&Value>> {
        match &self.error {
            Some(refusal) => refusal.fact(),
            None => match &self.value {
                Value::Null => Fact::unknown(UnknownReason::NotCollected),
                Value::Array(items) => Fact::Known(items.iter().collect()),
                Value::Object(map) => match map.get("value") {
                    Some(Value::Array(items)) if map.contains_key("Count") => {
                        Fact::Known(items.iter().collect())
                    }
                    _ => Fact::Known(vec![&self.value]),
                },
                other => Fact::unknown_because(
                    UnknownReason::Unreadable,
                    object::clip(&other.to_string()),
                ),
            },
        }
    }
}

/// What was made of the answers.
#[derive(Debug, Default)]
pub struct Read {
    /// The configuration.
    pub configuration: ServerConfiguration,
    /// The users, with what the service says of each.
    pub users: Vec<UserEvidence>,
    /// What was refused or failed.
    pub problems: Vec<Problem>,
}

/// Commands whose answers are parts of the configuration.
const CONNECTORS: &str = "Get-ADSyncConnector";
const RULES: &str = "Get-ADSyncRule";
const SETTINGS: &str = "Get-ADSyncGlobalSettings";

/// The group whose members the ADSync module answers.
const GROUP: &str = "ADSyncAdmins";

/// Reads the answers.
pub fn read(given: &AdSync) -> Read {
    let mut reading = Reading::default();
    let collected_at = object::timestamp(&given.collected_at);
    let configuration = &mut reading.read.configuration;
    configuration.source.clone_from(&given.server);
    configuration.live = true;
    configuration.name = if given.server.is_empty() {
        Fact::unknown(UnknownReason::Absent)
    } else {
        Fact::Known(given.server.clone())
    };
    configuration.exported_at =
        collected_at.map_or(Fact::unknown(UnknownReason::Absent), Fact::Known);
    SETTINGS.clone_into(&mut configuration.settings_source);
    configuration.settings = server::settings(&given.settings);
    configuration.scheduler = given.scheduler.object(server::scheduler);
    configuration.tenant_features = given.company_feature.object(server::tenant_features);
    configuration.password_cycles = server::password_cycles(&given.password_cycles);
    reading.refused(Part::GlobalSettings, SETTINGS, &given.settings);
    reading.connectors(&given.connectors);
    reading.rules(&given.rules);
    reading.tell("Get-ADSyncScheduler", &given.scheduler);
    let configuration = std::mem::take(&mut reading.read.configuration);
    reading.users(given, &configuration);
    reading.read.configuration = configuration;
    reading.read
}

/// Reads the users of later answers of a server whose configuration was read before, and what went wrong with them.
pub fn read_users(
    given: &AdSync,
    configuration: &ServerConfiguration,
) -> (Vec<UserEvidence>, Vec<Problem>) {
    let mut reading = Reading::default();
    // Without connectors there was nowhere to look for users.
    reading.tell(CONNECTORS, &given.connectors);
    reading.users(given, configuration);
    (reading.read.users, reading.read.problems)
}

#[derive(Default)]
struct Reading {
    read: Read,
    told_of_group: bool,
}

impl Reading {
    fn users(&mut self, given: &AdSync, configuration: &ServerConfiguration) {
        let collected_at = object::timestamp(&given.collected_at);
        for value in &given.users {
            match Object::of(value) {
                Some(object) => {
                    let facts = user::read(object, configuration, collected_at);
                    self.read.users.push(facts);
                }
                None => self.read.problems.push(failed(
                    "Get-ADSyncCSObject",
                    &object::clip(&value.to_string()),
                )),
            }
        }
    }

    fn connectors(&mut self, answer: &Answer) {
        self.refused(Part::Connector, CONNECTORS, answer);
        let Fact::Known(items) = answer.items() else {
            return;
        };
        let mut targets = Vec::new();
        for value in items {
            match connector::read(value) {
                Ok(connector) => {
                    targets.push((connector.identifier, connector::target_name(value)));
                    self.read.configuration.connectors.push(connector);
                }
                Err((name, detail)) => self.unreadable(Part::Connector, CONNECTORS, &name, &detail),
            }
        }
        for (identifier, target) in targets {
            if let Some(target) = target {
                self.aim(identifier, &target);
            }
        }
    }

    /// The target of a channel is told by name; the name of no connector is a target that is lost.
    fn aim(&mut self, identifier: Uuid, target: &str) {
        let connectors = &mut self.read.configuration.connectors;
        let found = connectors
            .iter()
            .find(|connector| connector.name.eq_ignore_ascii_case(target))
            .map_or(Uuid::nil(), |connector| connector.identifier);
        for connector in connectors {
            if connector.identifier == identifier
                && let Fact::Known(channel) = &mut connector.password_hash_sync
            {
                channel.target = Some(found);
            }
        }
    }

    fn rules(&mut self, answer: &Answer) {
        self.refused(Part::Rule, RULES, answer);
        let Fact::Known(items) = answer.items() else {
            return;
        };
        for value in items {
            match rule::read(value) {
                Ok(rule) => self.read.configuration.rules.push(SourcedRule {
                    source: RULES.to_owned(),
                    rule,
                }),
                Err((name, detail)) => self.unreadable(Part::Rule, RULES, &name, &detail),
            }
        }
    }

    /// One object that makes no sense; the others stand.
    fn unreadable(&mut self, part: Part, command: &str, name: &str, detail: &str) {
        let source = if name.is_empty() {
            command.to_owned()
        } else {
            format!("{command} ({name})")
        };
        self.read.problems.push(failed(&source, detail));
        self.read.configuration.unreadable.push(UnreadablePart {
            part,
            source,
            error_id: "Phs.AdSync.Failed".to_owned(),
            detail: detail.to_owned(),
            reason: UnknownReason::Unreadable,
        });
    }

    /// A command that gave no objects leaves its whole part unread.
    fn refused(&mut self, part: Part, command: &str, answer: &Answer) {
        self.tell(command, answer);
        let refusal = match &answer.error {
            Some(refusal) => refusal.clone(),
            None if answer.value.is_null() => Refusal {
                reason: UnknownReason::NotCollected,
                detail: None,
            },
            None => match answer.items() {
                Fact::Known(_) => return,
                Fact::Unknown { reason, detail } => Refusal { reason, detail },
            },
        };
        let permitted = refusal.reason != UnknownReason::NotPermitted;
        let said = refusal.detail.unwrap_or_default();
        self.read.configuration.unreadable.push(UnreadablePart {
            part,
            source: command.to_owned(),
            error_id: if permitted {
                "Phs.AdSync.Failed"
            } else {
                "Phs.AdSync.NotPermitted"
            }
            .to_owned(),
            detail: if permitted {
                said
            } else {
                format!("{GROUP}: {said}")
            },
            reason: refusal.reason,
        });
    }

    /// Tells of a refusal. That the group is missing is told once for all commands.
    fn tell(&mut self, command: &str, answer: &Answer) {
        let Some(refusal) = &answer.error else {
            return;
        };
        let said = refusal.detail.as_deref().unwrap_or_default();
        if refusal.reason != UnknownReason::NotPermitted {
            self.read.problems.push(failed(command, said));
        } else if !std::mem::replace(&mut self.told_of_group, true) {
            self.read.problems.push(Problem::new(
                "Phs.AdSync.NotPermitted",
                Category::PermissionDenied,
                command,
                text!(
                    "error-adsync-not-permitted",
                    command = command,
                    detail = said,
                    group = GROUP
                ),
            ));
        }
    }
}

fn failed(command: &str, detail: &str) -> Problem {
    Problem::new(
        "Phs.AdSync.Failed",
        Category::ResourceUnavailable,
        command,
        text!("error-adsync-failed", command = command, detail = detail),
    )
}

#[cfg(test)]
mod tests;
