//! A synchronization policy file (`Applied-`, `Exported-SynchronizationPolicy-*.JSON`, `MigratedPolicy.json`; domain 10.4).
//!
//! What the file does not hold is a part that is not known, never one that is not there. A rule is read only where the file
//! states everything that decides it; every other one is listed by name.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use phs_core::evidence::policy::{ListedRule, PolicyFile, PolicyOrigin};
use phs_core::evidence::server::{
    Connector, ConnectorKind, ENTRA_CONNECTOR, Part, Partition, ServerConfiguration, SourcedRule,
    UnreadablePart,
};
use phs_core::evidence::{Fact, UnknownReason};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::error::ExportError;
use super::json::{MAX_POLICY, guid, member, objects, parse, text};
use super::policy_rule;

type Object = Map<String, Value>;

/// Members by which a policy file is known.
const MEMBERS: [&str; 4] = [
    "onpremisesDirectoryPolicy",
    "azureDirectoryPolicy",
    "policyMetadata",
    "deploymentMetadata",
];

/// Whether a file has the ending of a policy file.
pub(super) fn is_policy_name(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// Most policy files of a folder that are named.
const MAX_NAMED: usize = 20;

/// The policy files in a folder, by name.
pub(super) fn in_folder(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| is_policy_name(path) && path.is_file())
        .filter(|path| {
            path.file_name().is_some_and(|name| {
                let name = name.to_string_lossy();
                origin(&name, None) != PolicyOrigin::Unknown
            })
        })
        .take(MAX_NAMED)
        .collect();
    found.sort();
    found
}

/// Reads a policy file.
pub(super) fn read(path: &Path) -> Result<ServerConfiguration, ExportError> {
    let shown = path.display().to_string();
    let file = path
        .file_name()
        .map_or_else(|| shown.clone(), |name| name.to_string_lossy().into_owned());
    let size = fs::metadata(path)
        .map_err(|error| ExportError::from_io(&shown, &error))?
        .len();
    if size > MAX_POLICY {
        return Err(ExportError::TooLarge {
            file: shown,
            size,
            limit: MAX_POLICY,
        });
    }
    let bytes = fs::read(path).map_err(|error| ExportError::from_io(&shown, &error))?;
    let mut server = from_bytes(&bytes, &file)?;
    server.source = shown;
    Ok(server)
}

/// Reads the bytes of a policy file: what a fuzzer drives.
///
/// # Errors
/// What is wrong with the bytes.
pub fn from_bytes(bytes: &[u8], file: &str) -> Result<ServerConfiguration, ExportError> {
    let value = parse(bytes, file)?;
    let not_a_policy = |detail: &str| ExportError::NotAPolicy {
        path: file.to_owned(),
        detail: detail.to_owned(),
    };
    let root = value
        .as_object()
        .ok_or_else(|| not_a_policy("its top level is no object"))?;
    if MEMBERS.iter().all(|name| member(root, name).is_none()) {
        return Err(not_a_policy(&format!(
            "it has none of {}",
            MEMBERS.join(", ")
        )));
    }
    let mut reading = Reading {
        file,
        server: ServerConfiguration {
            source: file.to_owned(),
            settings: Fact::unknown(UnknownReason::NotSupported),
            settings_source: file.to_owned(),
            ..ServerConfiguration::default()
        },
        policy: PolicyFile {
            file: file.to_owned(),
            ..PolicyFile::default()
        },
    };
    reading.metadata(root);
    for (index, forest) in objects(root, "onpremisesDirectoryPolicy").enumerate() {
        reading.forest(forest, index);
    }
    if let Some(tenant) = objects(root, "azureDirectoryPolicy").next() {
        reading.tenant(tenant);
    }
    Ok(reading.finish())
}

/// What is read of one file.
struct Reading<'a> {
    file: &'a str,
    server: ServerConfiguration,
    policy: PolicyFile,
}

impl Reading<'_> {
    fn metadata(&mut self, root: &Object) {
        let kind = member(root, "policyMetadata").and_then(Value::as_object);
        let deployment = member(root, "deploymentMetadata").and_then(Value::as_object);
        let stated = |object: Option<&Object>, name: &str| {
            object
                .and_then(|object| text(object, name))
                .map(str::to_owned)
        };
        self.policy.origin = origin(self.file, stated(kind, "type").as_deref());
        self.policy.version = stated(kind, "azureADConnectVersion");
        self.server.name = fact(stated(deployment, "hostName"));
        self.server.exported_at = stated(kind, "timeCreated")
            .and_then(|text| time(&text))
            .or_else(|| time_in_name(self.file))
            .map_or(Fact::unknown(UnknownReason::Absent), Fact::Known);
    }

    fn forest(&mut self, forest: &Object, index: usize) {
        let place = format!("onpremisesDirectoryPolicy[{index}]");
        let name =
            text(forest, "friendlyName").or_else(|| text(forest, "fullyQualifiedDomainName"));
        let Some(identifier) = guid(forest, "uniqueIdentifier") else {
            let name = name.unwrap_or("a forest");
            self.broken(
                Part::Connector,
                &format!("{place}: {name} has no uniqueIdentifier"),
            );
            return;
        };
        let name = name.map_or_else(|| identifier.to_string(), str::to_owned);
        let partitions = objects(forest, "partitionFilters")
            .filter_map(|filter| {
                let read = partition(filter);
                if read.is_none() {
                    self.broken(
                        Part::Connector,
                        &format!("{place}.partitionFilters: no distinguishedName"),
                    );
                }
                read
            })
            .collect();
        self.server.connectors.push(Connector {
            forest_name: fact(text(forest, "fullyQualifiedDomainName").map(str::to_owned)),
            partitions,
            ..connector(self.file, identifier, name, ConnectorKind::ActiveDirectory)
        });
        self.rules(forest, identifier, &place);
    }

    fn tenant(&mut self, tenant: &Object) {
        let identifier = guid(tenant, "uniqueIdentifier").unwrap_or(ENTRA_CONNECTOR);
        let name = text(tenant, "friendlyName")
            .unwrap_or("Microsoft Entra ID")
            .to_owned();
        self.server
            .connectors
            .push(connector(self.file, identifier, name, ConnectorKind::Entra));
        self.rules(tenant, identifier, "azureDirectoryPolicy");
    }

    /// Shipped rules stand by name, tag and precedence only; custom ones with their content.
    fn rules(&mut self, directory: &Object, connector: Uuid, place: &str) {
        for rule in objects(directory, "standardSynchronizationRules") {
            self.policy
                .listed_rules
                .push(policy_rule::listed(rule, connector));
        }
        for (index, rule) in objects(directory, "customSynchronizationRules").enumerate() {
            match policy_rule::read(rule, connector) {
                Ok(read) => self.server.rules.push(SourcedRule {
                    source: self.file.to_owned(),
                    rule: read,
                }),
                Err(lacks) => {
                    let listed: ListedRule = policy_rule::listed(rule, connector);
                    let place = format!("{place}.customSynchronizationRules[{index}]");
                    self.broken(Part::Rule, &format!("{place} ({}) {lacks}", listed.name));
                    self.policy.listed_rules.push(listed);
                }
            }
        }
    }

    /// What the file does not hold, as a part that is not known.
    fn broken(&mut self, part: Part, detail: &str) {
        self.server.unreadable.push(UnreadablePart {
            part,
            source: self.file.to_owned(),
            error_id: "Phs.Policy.NotHeld".to_owned(),
            detail: detail.to_owned(),
            reason: UnknownReason::NotSupported,
        });
    }

    fn finish(mut self) -> ServerConfiguration {
        self.broken(
            Part::Connector,
            "a policy file holds neither the state nor the run profiles of a connector",
        );
        let shipped = self.policy.listed_rules.len();
        self.broken(
            Part::Rule,
            &format!("a policy file names shipped rules without their content ({shipped} here)"),
        );
        self.server.policy = Some(self.policy);
        self.server
    }
}

fn connector(file: &str, identifier: Uuid, name: String, kind: ConnectorKind) -> Connector {
    let unknown = || Fact::unknown(UnknownReason::NotSupported);
    Connector {
        source: file.to_owned(),
        identifier,
        name,
        kind,
        forest_name: Fact::unknown(UnknownReason::NotSupported),
        login_domain: Fact::unknown(UnknownReason::NotSupported),
        login_user: Fact::unknown(UnknownReason::NotSupported),
        ssl_bind: unknown(),
        sign_and_seal: unknown(),
        password_hash_sync: Fact::unknown(UnknownReason::NotSupported),
        partitions: Vec::new(),
        run_profiles: Vec::new(),
        parameters: std::collections::BTreeMap::new(),
    }
}

fn partition(filter: &Object) -> Option<Partition> {
    let name = text(filter, "distinguishedName")?;
    let unknown = || Fact::unknown(UnknownReason::NotSupported);
    Some(Partition {
        identifier: guid(filter, "uniqueIdentifier").unwrap_or_default(),
        distinguished_name: name.to_owned(),
        dns_name: Fact::unknown(UnknownReason::NotSupported),
        netbios_name: Fact::unknown(UnknownReason::NotSupported),
        selected: unknown(),
        is_domain: unknown(),
        guid: Fact::unknown(UnknownReason::NotSupported),
        dc_failover: unknown(),
        preferred_dcs: Vec::new(),
        last_dc: Fact::unknown(UnknownReason::NotSupported),
        object_classes: Vec::new(),
        inclusions: names(filter, "containerInclusions"),
        exclusions: names(filter, "containerExclusions"),
    })
}

/// Names of containers: texts, or objects with a distinguished name.
fn names(filter: &Object, key: &str) -> Vec<String> {
    let values = match member(filter, key) {
        Some(Value::Array(values)) => values.as_slice(),
        Some(single) => std::slice::from_ref(single),
        None => &[],
    };
    values
        .iter()
        .filter_map(|value| match value {
            Value::String(name) => Some(name.trim()),
            Value::Object(object) => text(object, "distinguishedName"),
            _ => None,
        })
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

fn fact(text: Option<String>) -> Fact<String> {
    text.map_or(Fact::unknown(UnknownReason::Absent), Fact::Known)
}

fn origin(file: &str, kind: Option<&str>) -> PolicyOrigin {
    let file = file.to_ascii_lowercase();
    if file.starts_with("migratedpolicy")
        || kind.is_some_and(|kind| kind.eq_ignore_ascii_case("migration"))
    {
        PolicyOrigin::Migrated
    } else if file.starts_with("applied-") {
        PolicyOrigin::Applied
    } else if file.starts_with("exported-") {
        PolicyOrigin::Exported
    } else {
        PolicyOrigin::Unknown
    }
}

/// `2026-10-01 08:00:00Z` (the .NET format "u"), or any other form of RFC 3339; without a zone it is taken as UTC.
fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let civil: DateTime = text.parse().ok()?;
        Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })
}

/// The time stamp at the end of `Applied-SynchronizationPolicy-20261001-080000.JSON`, taken as UTC.
fn time_in_name(file: &str) -> Option<Timestamp> {
    let digits: String = file
        .rsplit_once('.')
        .map_or(file, |(stem, _)| stem)
        .split_once("Policy-")?
        .1
        .bytes()
        .filter(u8::is_ascii_digit)
        .map(char::from)
        .collect();
    let civil = DateTime::strptime("%Y%m%d%H%M%S", digits.get(..14)?).ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_form() {
        let wanted: Timestamp = "2026-10-01T08:00:00Z".parse().unwrap();
        for text in [
            "2026-10-01 08:00:00Z",
            "2026-10-01T08:00:00Z",
            "2026-10-01T10:00:00+02:00",
            "2026-10-01T08:00:00",
        ] {
            assert_eq!(time(text), Some(wanted), "{text}");
        }
        assert_eq!(time("soon"), None);
        let name = "Applied-SynchronizationPolicy-20261001-080000.JSON";
        assert_eq!(time_in_name(name), Some(wanted));
        assert_eq!(time_in_name("Applied-SynchronizationPolicy-x.JSON"), None);
        assert_eq!(time_in_name("MigratedPolicy.json"), None);
    }

    #[test]
    fn the_origin_is_told_by_name_or_content() {
        assert_eq!(origin("APPLIED-x.JSON", None), PolicyOrigin::Applied);
        assert_eq!(origin("Exported-x.json", None), PolicyOrigin::Exported);
        assert_eq!(origin("x.json", Some("Migration")), PolicyOrigin::Migrated);
        assert_eq!(origin("x.json", None), PolicyOrigin::Unknown);
    }
}
