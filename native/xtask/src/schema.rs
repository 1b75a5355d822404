//! JSON Schemas of the parts of an evidence file, from the types that read and write them.

use phs_core::evidence::cloud::CloudEvidence;
use phs_core::evidence::directory::DirectoryEvidence;
use phs_core::evidence::events::EventLog;
use phs_core::evidence::host::HostEvidence;
use phs_core::evidence::manifest::{Manifest, SCHEMA_VERSION};
use phs_core::evidence::network::NetworkEvidence;
use phs_core::evidence::server::ServerConfiguration;
use phs_core::evidence::user::{TenantFacts, UserEvidence};
use phs_core::report::FindingRecord;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use crate::generated::{Mode, Result, put};

/// The entry that lists the others.
const MANIFEST: &str = "manifest.json";

/// A part: its entry in the archive, what it holds, and its schema.
type Part = (&'static str, &'static str, fn() -> Schema);

/// Every entry that an evidence file may have.
const PARTS: &[Part] = &[
    (MANIFEST, "what the file holds", of::<Manifest>),
    (
        "server.json",
        "configuration of the Connect server",
        of::<ServerConfiguration>,
    ),
    (
        "directory.json",
        "Active Directory",
        of::<DirectoryEvidence>,
    ),
    ("events.json", "event log", of::<EventLog>),
    (
        "network.json",
        "probes of the network",
        of::<NetworkEvidence>,
    ),
    ("cloud.json", "the tenant", of::<CloudEvidence>),
    (
        "host.json",
        "host of the Connect server",
        of::<HostEvidence>,
    ),
    (
        "tenant.json",
        "facts of the tenant that decide about users",
        of::<TenantFacts>,
    ),
    (
        "users.ndjson",
        "one line, which is one user",
        of::<UserEvidence>,
    ),
    (
        "findings.json",
        "findings made before names were replaced",
        of::<Vec<FindingRecord>>,
    ),
];

/// A time as it is written: UTC, with up to nine decimals.
const TIME: &str = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?Z$";
const UUID: &str = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";
const IPV4: &str = r"^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])$";
const IPV6: &str = "^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$";

/// Writes or compares the schemas of the current version. Those of older versions stay as they are.
///
/// # Errors
/// A committed schema differs.
pub(crate) fn run(mode: Mode) -> Result {
    for part in PARTS {
        let (stem, _) = part
            .0
            .split_once('.')
            .ok_or("an entry without an extension")?;
        let mut text = serde_json::to_string_pretty(&schema(part, stem))?;
        text.push('\n');
        let name = format!("docs/evidence/v{SCHEMA_VERSION}/{stem}.schema.json");
        put(mode, &name, text.as_bytes())?;
    }
    Ok(())
}

fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12()
        .for_deserialize()
        .into_generator()
        .into_root_schema_for::<T>()
}

fn schema((entry, what, make): &Part, stem: &str) -> Value {
    let mut schema = make();
    RecursiveTransform(exact).transform(&mut schema);
    schema.insert(
        "$id".to_owned(),
        format!("urn:phs-diagnostics:evidence:v{SCHEMA_VERSION}:{stem}").into(),
    );
    schema.insert(
        "title".to_owned(),
        format!(
            "Evidence file of PhsDiagnostics, schema version {SCHEMA_VERSION}: {entry}, {what}"
        )
        .into(),
    );
    known(&mut schema);
    sorted(schema.to_value())
}

/// What the types of the manifest do not say: the version that the schemas are of, and the entries that there are.
fn known(schema: &mut Schema) {
    if let Some(version) = member(schema, "/properties/schemaVersion") {
        version.retain(|key, _| key == "description");
        version.insert("const".to_owned(), SCHEMA_VERSION.into());
    }
    if let Some(name) = member(schema, "/$defs/PartEntry/properties/name") {
        let names: Value = PARTS
            .iter()
            .map(|(entry, ..)| *entry)
            .filter(|entry| *entry != MANIFEST)
            .collect();
        name.insert("enum".to_owned(), names);
    }
}

fn member<'a>(schema: &'a mut Schema, pointer: &str) -> Option<&'a mut Map<String, Value>> {
    schema.pointer_mut(pointer)?.as_object_mut()
}

/// Says in a schema what its reader refuses: fields that are not known, numbers out of range, texts of another form.
fn exact(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else {
        return;
    };
    if object.contains_key("properties") {
        object
            .entry("additionalProperties")
            .or_insert(Value::Bool(false));
    }
    let Some(format) = object
        .get("format")
        .and_then(Value::as_str)
        .map(str::to_owned)
    else {
        return;
    };
    match format.as_str() {
        "date-time" => set(object, "pattern", TIME),
        "uuid" => set(object, "pattern", UUID),
        "ip" => {
            object.remove("format");
            let forms = json!([
                {"format": "ipv4", "pattern": IPV4},
                {"format": "ipv6", "pattern": IPV6},
            ]);
            object.insert("anyOf".to_owned(), forms);
        }
        // Names of Rust's types are no formats of JSON Schema; strict validators refuse them.
        number => {
            let (least, most): (Value, Value) = match number {
                "uint8" => (0.into(), u8::MAX.into()),
                "uint16" => (0.into(), u16::MAX.into()),
                "uint32" => (0.into(), u32::MAX.into()),
                "uint64" | "uint" => (0.into(), u64::MAX.into()),
                "int32" => (i32::MIN.into(), i32::MAX.into()),
                "int64" => (i64::MIN.into(), i64::MAX.into()),
                _ => return,
            };
            object.remove("format");
            object.insert("minimum".to_owned(), least);
            object.insert("maximum".to_owned(), most);
        }
    }
}

fn set(object: &mut Map<String, Value>, key: &str, value: &str) {
    object.insert(key.to_owned(), value.into());
}

/// The same value with the keys of every object in order, whatever order the map keeps.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<(String, Value)> = object.into_iter().collect();
            entries.sort_by(|one, other| one.0.cmp(&other.0));
            entries
                .into_iter()
                .map(|(key, value)| (key, sorted(value)))
                .collect::<Map<_, _>>()
                .into()
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use phs_collect::evidence_file;

    use super::*;
    use crate::generated::root;

    #[test]
    fn the_committed_schemas_are_current() {
        run(Mode::Check).unwrap();
    }

    #[test]
    fn every_entry_has_a_schema_and_every_schema_an_entry() {
        let entries: BTreeSet<&str> = PARTS.iter().map(|(entry, ..)| *entry).collect();
        let mut known: BTreeSet<&str> = evidence_file::PARTS.iter().copied().collect();
        known.insert(evidence_file::MANIFEST);
        assert_eq!(entries, known);
        let folder = root().join(format!("docs/evidence/v{SCHEMA_VERSION}"));
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        let named: BTreeSet<String> = entries
            .iter()
            .map(|entry| format!("{}.schema.json", entry.split_once('.').unwrap().0))
            .collect();
        assert_eq!(files, named);
    }

    /// Whatever a schema admits as an object, it names the fields of it, or the form of all of them.
    #[test]
    fn no_object_admits_what_it_does_not_name() {
        fn walk(value: &Value, place: &str) {
            match value {
                Value::Object(object) => {
                    let kind = object.get("type");
                    if kind.is_some_and(|kind| kind == "object") {
                        let rest = object.get("additionalProperties");
                        assert!(
                            rest.is_some_and(|rest| *rest == Value::Bool(false) || rest.is_object()),
                            "{place}"
                        );
                    }
                    for (key, value) in object {
                        walk(value, &format!("{place}/{key}"));
                    }
                }
                Value::Array(items) => {
                    for (index, item) in items.iter().enumerate() {
                        walk(item, &format!("{place}/{index}"));
                    }
                }
                _ => {}
            }
        }
        for part in PARTS {
            walk(&schema(part, "x"), part.0);
        }
    }
}
