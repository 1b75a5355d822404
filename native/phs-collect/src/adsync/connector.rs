//! `Get-ADSyncConnector`: one connector with its partitions, run profiles and password hash sync configuration.

use std::collections::BTreeMap;

use phs_core::evidence::server::{
    Connector, ConnectorKind, ENTRA_CONNECTOR, Partition, PasswordHashSync, RunProfile, RunStep,
    parse_flag,
};
use phs_core::evidence::{Fact, UnknownReason};
use serde::Deserialize as _;
use serde_json::Value;
use uuid::Uuid;

use super::object::{Object, clip};
use super::server::parameters;
use super::{Answer, CONNECTORS};

/// Subtype of the connector to the tenant (domain 1.8).
const ENTRA_SUBTYPE: &str = "Windows Azure Active Directory (Microsoft)";

/// A connector; else its name and what is wrong with it.
pub(super) fn read(value: &Value) -> Result<Connector, (String, String)> {
    let Some(object) = Object::of(value) else {
        return Err((String::new(), clip(&value.to_string())));
    };
    let name = object.word("Name");
    let cut = |what: &str| (name.clone(), format!("{what} is missing or was cut off"));
    let identifier = *object
        .guid("Identifier")
        .known()
        .ok_or_else(|| cut("Identifier"))?;
    let category = object.word("ConnectorTypeName");
    let kind = if identifier == ENTRA_CONNECTOR
        || object.word("Subtype").eq_ignore_ascii_case(ENTRA_SUBTYPE)
    {
        ConnectorKind::Entra
    } else if category.eq_ignore_ascii_case("AD") {
        ConnectorKind::ActiveDirectory
    } else if category.is_empty() {
        return Err(cut("ConnectorTypeName"));
    } else {
        ConnectorKind::Other(category)
    };
    let bag = |name: &str| object.object(name).map(parameters).unwrap_or_default();
    let connectivity = bag("ConnectivityParameters");
    let partitions = object
        .objects("Partitions")
        .ok_or_else(|| cut("Partitions"))?
        .into_iter()
        .map(|it| partition(it, kind == ConnectorKind::ActiveDirectory))
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| cut("a partition"))?;
    let run_profiles = object
        .objects("RunProfiles")
        .ok_or_else(|| cut("RunProfiles"))?
        .into_iter()
        .map(run_profile)
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| cut("RunSteps"))?;
    let login_user = match kind {
        ConnectorKind::Entra => "UserName",
        _ => "forest-login-user",
    };
    let connector = Connector {
        source: CONNECTORS.to_owned(),
        identifier,
        name: if name.is_empty() {
            identifier.to_string()
        } else {
            name.clone()
        },
        kind,
        forest_name: parameter(&connectivity, "forest-name"),
        login_domain: parameter(&connectivity, "forest-login-domain"),
        login_user: parameter(&connectivity, login_user),
        ssl_bind: switch(&connectivity, "ssl-bind"),
        sign_and_seal: switch(&connectivity, "sign-and-seal"),
        password_hash_sync: channel(object),
        partitions,
        run_profiles,
        parameters: bag("GlobalParameters")
            .into_iter()
            .chain(connectivity)
            .collect(),
    };
    Ok(connector)
}

/// `Get-ADSyncAADPasswordSyncConfiguration` of the connector.
fn channel(object: Object<'_>) -> Fact<PasswordHashSync> {
    let Some(value) = object.get("PasswordSync") else {
        return Fact::unknown(UnknownReason::NotCollected);
    };
    let Ok(answer) = Answer::deserialize(value) else {
        return Fact::unknown(UnknownReason::Unreadable);
    };
    let read = |object: Object<'_>| match object.flag("Enabled") {
        Fact::Known(enabled) => Fact::Known(PasswordHashSync {
            enabled,
            target: object.link("TargetConnector"),
        }),
        Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
    };
    match answer.object(read) {
        Fact::Known(fact) => fact,
        Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
    }
}

/// The name of the connector that password hashes are sent to, where it is told by name.
pub(super) fn target_name(value: &Value) -> Option<String> {
    let answer = Object::of(value)?.object("PasswordSync")?.object("value")?;
    match answer.link("TargetConnector") {
        Some(_) => None,
        None => answer.text("TargetConnector").known().cloned(),
    }
}

/// A partition. What of it is selected is a question for a directory's (`scoped`) alone: other connectors may have no scope.
fn partition(object: Object<'_>, scoped: bool) -> Option<Partition> {
    let bag = object
        .object("Parameters")
        .map(parameters)
        .unwrap_or_default();
    let scope = object.object("ConnectorPartitionScope");
    if scope.is_none() && (scoped || object.get("ConnectorPartitionScope").is_some()) {
        return None;
    }
    let words = |name| scope.map(|scope| scope.words(name)).unwrap_or_default();
    let distinguished_name = object.text("DN").known()?.clone();
    Some(Partition {
        identifier: *object.guid("Identifier").known()?,
        distinguished_name,
        dns_name: parameter(&bag, "Domain.FQDN"),
        netbios_name: parameter(&bag, "Domain.Netbios"),
        selected: object.flag("Selected"),
        is_domain: object.flag("IsDomain"),
        guid: match parameter(&bag, "guid") {
            Fact::Known(text) => Uuid::parse_str(text.trim()).map_or_else(
                |_| Fact::unknown_because(UnknownReason::Unreadable, clip(&text)),
                Fact::Known,
            ),
            Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
        },
        dc_failover: switch(&bag, "dc-failover"),
        preferred_dcs: object.words("PreferredDCs"),
        last_dc: parameter(&bag, "last-dc"),
        object_classes: words("ObjectClasses"),
        inclusions: words("ContainerInclusionList"),
        exclusions: words("ContainerExclusionList"),
    })
}

fn run_profile(object: Object<'_>) -> Option<RunProfile> {
    let name = object.word("Name");
    let steps = object
        .objects("RunSteps")?
        .into_iter()
        .map(|step| RunStep {
            // Where the step does not tell its kind, all steps of one profile are of one.
            kind: step
                .text("StepType")
                .known()
                .cloned()
                .unwrap_or_else(|| name.clone()),
            subtype: step.text("StepSubtype").known().cloned(),
            partition: step.link("PartitionIdentifier"),
        })
        .collect();
    Some(RunProfile {
        identifier: object.link("Identifier"),
        steps,
        name,
    })
}

fn parameter(bag: &BTreeMap<String, String>, name: &str) -> Fact<String> {
    bag.iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
        .filter(|value| !value.is_empty())
        .map_or(Fact::unknown(UnknownReason::Absent), |value| {
            Fact::Known(value.to_owned())
        })
}

fn switch(bag: &BTreeMap<String, String>, name: &str) -> Fact<bool> {
    match parameter(bag, name) {
        Fact::Known(text) => parse_flag(&text).map_or_else(
            || Fact::unknown_because(UnknownReason::Unreadable, clip(&text)),
            Fact::Known,
        ),
        Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
    }
}
