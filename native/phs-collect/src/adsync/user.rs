//! One user as the service holds it: connector space, metaverse, Entra connector space, attempts (domain 1.4, 2, 10.2).

use std::collections::BTreeMap;

use jiff::Timestamp;
use phs_core::evidence::server::{ServerConfiguration, parse_flag};
use phs_core::evidence::user::{
    ConnectorSpaceObject, LineageRule, MetaverseObject, ObjectError, ObservedAttribute,
    PasswordAttempt, UserEvidence,
};
use phs_core::evidence::{Fact, UnknownReason};
use phs_core::rules::anchor::immutable_id_octets;
use serde::Deserialize as _;
use uuid::Uuid;

use super::Answer;
use super::object::{Object, clip};

/// What the service says of a user.
pub(super) fn read(
    object: Object<'_>,
    server: &ServerConfiguration,
    observed_at: Option<Timestamp>,
) -> UserEvidence {
    let space = |name: &str, entra: bool| {
        optional(object, name, |space| connector_space(space, server, entra))
    };
    UserEvidence {
        source: server.source.clone(),
        observed_at,
        identity: object.word("Identity"),
        distinguished_name: object.word("DistinguishedName"),
        attributes: answer(object, "ConnectorSpace")
            .and_then(|answer| answer.object(attributes).known().cloned())
            .unwrap_or_default(),
        connector_space: space("ConnectorSpace", false),
        metaverse: optional(object, "Metaverse", metaverse),
        entra_connector_space: space("EntraConnectorSpace", true),
        attempts: attempts(object),
        ..UserEvidence::default()
    }
}

fn answer(object: Object<'_>, name: &str) -> Option<Answer> {
    Answer::deserialize(object.get(name)?).ok()
}

/// An object that may be known not to be there: an answer without error and without value.
fn optional<T>(
    object: Object<'_>,
    name: &str,
    read: impl FnOnce(Object<'_>) -> T,
) -> Fact<Option<T>> {
    let Some(value) = object.get(name) else {
        return Fact::unknown(UnknownReason::NotCollected);
    };
    match Answer::deserialize(value) {
        Err(_) => Fact::unknown(UnknownReason::Unreadable),
        Ok(answer) if answer.error.is_none() && answer.value.is_null() => Fact::Known(None),
        Ok(answer) => match answer.object(read) {
            Fact::Known(value) => Fact::Known(Some(value)),
            Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
        },
    }
}

fn connector_space(
    object: Object<'_>,
    server: &ServerConfiguration,
    entra: bool,
) -> ConnectorSpaceObject {
    let joined = match object.guid("ConnectedMVObjectId") {
        Fact::Known(identifier) => Fact::Known(!identifier.is_nil()),
        Fact::Unknown { .. } => object.flag("IsConnector"),
    };
    let transient = object.flag("IsTransient");
    let placeholder = match (&transient, object.flag("IsPlaceHolder")) {
        (Fact::Known(true), _) | (_, Fact::Known(true)) => Fact::Known(true),
        (Fact::Known(false), Fact::Known(false)) => Fact::Known(false),
        (_, other) => other,
    };
    // The tenant gives an object its anchor when it takes it.
    let exported = match (entra, object.0.contains_key("AnchorValue")) {
        (true, true) => Fact::Known(object.text("AnchorValue").known().is_some()),
        _ => Fact::unknown(UnknownReason::Absent),
    };
    ConnectorSpaceObject {
        distinguished_name: object.word("DistinguishedName"),
        connector: object.link("ConnectorId"),
        joined,
        placeholder,
        exported,
        lineage: lineage(object, server),
        synchronization_error: error(object, "HasSyncError", "SynchronizationError"),
        export_error: error(object, "HasExportError", "ExportError"),
    }
}

fn lineage(object: Object<'_>, server: &ServerConfiguration) -> Fact<Vec<LineageRule>> {
    if object.get("Lineage").is_none() {
        return Fact::unknown(UnknownReason::Absent);
    }
    let Some(entries) = object.objects("Lineage") else {
        return Fact::unknown(UnknownReason::Unreadable);
    };
    let rules = entries.into_iter().map(|entry| {
        let identifier = entry.link("SyncRuleInternalId");
        LineageRule {
            name: entry.word("SyncRuleName"),
            password_sync: password_sync(server, identifier),
        }
    });
    Fact::Known(rules.collect())
}

/// Whether the rule of a lineage carries the password. Lineage names the state of the rule that was applied; a rule that was
/// changed since has another one.
fn password_sync(server: &ServerConfiguration, internal_id: Option<Uuid>) -> Fact<bool> {
    let Some(identifier) = internal_id else {
        return Fact::unknown(UnknownReason::Absent);
    };
    server
        .rules
        .iter()
        .map(|sourced| &sourced.rule)
        .find(|rule| rule.internal_id == Some(identifier))
        .and_then(|rule| rule.enable_password_sync)
        .map_or(Fact::unknown(UnknownReason::Absent), Fact::Known)
}

fn error(object: Object<'_>, flag: &str, detail: &str) -> Fact<Option<ObjectError>> {
    match object.flag(flag) {
        Fact::Known(false) => Fact::Known(None),
        Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
        Fact::Known(true) => {
            let Some(error) = object.object(detail) else {
                return Fact::Known(Some(ObjectError {
                    error_type: detail.to_owned(),
                    ..ObjectError::default()
                }));
            };
            let names = ["ErrorType", "ErrorName", "ErrorCode"];
            let error_type = names
                .into_iter()
                .find_map(|name| error.text(name).known().cloned())
                .unwrap_or_else(|| detail.to_owned());
            let said: Vec<String> = ["ErrorName", "ErrorLiteral"]
                .into_iter()
                .filter_map(|name| error.text(name).known().cloned())
                .filter(|text| *text != error_type)
                .collect();
            Fact::Known(Some(ObjectError {
                error_type,
                detail: (!said.is_empty()).then(|| clip(&said.join(": "))),
                first_seen: error.time("InitialOccurrence").known().copied().flatten(),
            }))
        }
    }
}

fn metaverse(object: Object<'_>) -> MetaverseObject {
    let cloud_filtered = match object.objects("Attributes") {
        None => Fact::unknown(UnknownReason::Unreadable),
        Some(attributes) => attributes
            .into_iter()
            .find(|attribute| attribute.word("Name").eq_ignore_ascii_case("cloudFiltered"))
            .and_then(|attribute| attribute.words("Values").into_iter().next())
            .map_or(Fact::Known(None), |text| {
                parse_flag(&text).map_or_else(
                    || Fact::unknown_because(UnknownReason::Unreadable, clip(&text)),
                    |flag| Fact::Known(Some(flag)),
                )
            }),
    };
    MetaverseObject {
        identifier: object.link("ObjectId"),
        cloud_filtered,
    }
}

fn attempts(object: Object<'_>) -> Fact<Vec<PasswordAttempt>> {
    let Some(answer) = answer(object, "Log") else {
        return Fact::unknown(UnknownReason::NotCollected);
    };
    match answer.items() {
        Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
        Fact::Known(items) => {
            let attempts: Option<Vec<_>> = items
                .into_iter()
                .map(|value| {
                    let entry = Object::of(value)?;
                    Some(PasswordAttempt {
                        at: entry.time("TimeStamp").known().copied().flatten()?,
                        status: entry.text("Status").known()?.clone(),
                        detail: None,
                    })
                })
                .collect();
            attempts.map_or(Fact::unknown(UnknownReason::Unreadable), Fact::Known)
        }
    }
}

/// The attributes of the object in the connector space, as they were imported last. One that the connector imports and the
/// object lacks is absent; one that it does not import was not read.
fn attributes(object: Object<'_>) -> BTreeMap<String, ObservedAttribute> {
    let mut attributes: BTreeMap<String, ObservedAttribute> = object
        .words("AttributeInclusionList")
        .into_iter()
        .map(|name| (name, ObservedAttribute::Absent))
        .collect();
    for attribute in object.objects("Attributes").unwrap_or_default() {
        let name = attribute.word("Name");
        let values = attribute.words("Values");
        let value = if attribute
            .word("Type")
            .to_ascii_lowercase()
            .contains("binary")
        {
            values
                .iter()
                .map(|text| immutable_id_octets(text))
                .collect::<Option<Vec<_>>>()
                .map_or(
                    ObservedAttribute::NotRead(UnknownReason::Unreadable),
                    ObservedAttribute::Binary,
                )
        } else {
            ObservedAttribute::Text(values)
        };
        attributes.retain(|known, _| !known.eq_ignore_ascii_case(&name));
        attributes.insert(name, value);
    }
    if let Fact::Known(class) = object.text("ObjectType") {
        attributes.insert(
            "objectClass".to_owned(),
            ObservedAttribute::Text(vec![class]),
        );
    }
    attributes
}
