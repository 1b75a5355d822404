//! `Connectors/*.xml`: one connector with its partitions and run profiles.

use std::collections::BTreeMap;

use phs_core::evidence::server::{
    Connector, ConnectorKind, ENTRA_CONNECTOR, Partition, PasswordHashSync, RunProfile, RunStep,
    parse_flag,
};
use phs_core::evidence::{Fact, UnknownReason};
use uuid::Uuid;

use super::global_settings::parameter;
use crate::xml::{Xml, XmlError, clip};

const ENTRA_SUBTYPE: &str = "Windows Azure Active Directory (Microsoft)";

pub(super) fn read(xml: &mut Xml, source: &str) -> Result<Connector, XmlError> {
    xml.root("ma-data", |xml, _| {
        let mut identifier = None;
        let mut name = String::new();
        let mut category = String::new();
        let mut subtype = String::new();
        let mut own = Configuration::default();
        let mut partitions = Vec::new();
        let mut run_profiles = Vec::new();
        xml.children(|xml, child| {
            match child.name.as_str() {
                "id" => identifier = Some(guid(xml, "id")?),
                "name" => name = xml.text()?,
                "category" => category = xml.text()?,
                "subtype" => subtype = xml.text()?,
                "private-configuration" => own.read(xml)?,
                "ma-partition-data" => xml.children(|xml, child| {
                    if child.name == "partition" {
                        partitions.push(partition(xml)?);
                    }
                    Ok(())
                })?,
                "ma-run-data" => xml.children(|xml, child| {
                    if child.name == "run-configuration" {
                        run_profiles.push(run_profile(xml)?);
                    }
                    Ok(())
                })?,
                _ => {}
            }
            Ok(())
        })?;
        let Some(identifier) = identifier else {
            return Err(xml.invalid("no <id> in <ma-data>"));
        };
        let kind = if identifier == ENTRA_CONNECTOR || subtype.eq_ignore_ascii_case(ENTRA_SUBTYPE) {
            ConnectorKind::Entra
        } else if category.eq_ignore_ascii_case("AD") {
            ConnectorKind::ActiveDirectory
        } else if category.is_empty() {
            return Err(xml.invalid("no <category> in <ma-data>"));
        } else {
            ConnectorKind::Other(category)
        };
        if name.is_empty() {
            name = identifier.to_string();
        }
        if kind == ConnectorKind::Entra && own.login_user.known().is_none() {
            own.login_user = own
                .parameters
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case("UserName"))
                .map_or(Fact::unknown(UnknownReason::Absent), |(_, value)| {
                    Fact::Known(value.clone())
                });
        }
        Ok(Connector {
            source: source.to_owned(),
            identifier,
            name,
            kind,
            forest_name: own.forest_name,
            login_domain: own.login_domain,
            login_user: own.login_user,
            ssl_bind: own.ssl_bind,
            sign_and_seal: own.sign_and_seal,
            password_hash_sync: own.password_hash_sync,
            partitions,
            run_profiles,
            parameters: own.parameters,
        })
    })
}

/// What stands under `private-configuration`; secrets there are never read.
struct Configuration {
    forest_name: Fact<String>,
    login_domain: Fact<String>,
    login_user: Fact<String>,
    ssl_bind: Fact<bool>,
    sign_and_seal: Fact<bool>,
    password_hash_sync: Fact<PasswordHashSync>,
    parameters: BTreeMap<String, String>,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            forest_name: Fact::unknown(UnknownReason::Absent),
            login_domain: Fact::unknown(UnknownReason::Absent),
            login_user: Fact::unknown(UnknownReason::Absent),
            ssl_bind: Fact::unknown(UnknownReason::Absent),
            sign_and_seal: Fact::unknown(UnknownReason::Absent),
            password_hash_sync: Fact::unknown(UnknownReason::Absent),
            parameters: BTreeMap::new(),
        }
    }
}

impl Configuration {
    fn read(&mut self, xml: &mut Xml) -> Result<(), XmlError> {
        xml.children(|xml, child| match child.name.as_str() {
            "adma-configuration" | "MAConfig" => self.read_kind(xml),
            _ => Ok(()),
        })
    }

    fn read_kind(&mut self, xml: &mut Xml) -> Result<(), XmlError> {
        xml.children(|xml, child| {
            match child.name.as_str() {
                "forest-name" => self.forest_name = word(xml)?,
                "forest-login-domain" => self.login_domain = word(xml)?,
                "forest-login-user" => self.login_user = word(xml)?,
                "ssl-bind" => self.ssl_bind = flag(xml)?,
                "sign-and-seal" => self.sign_and_seal = flag(xml)?,
                "password-hash-sync-config" => self.password_hash_sync = channel(xml)?,
                "parameter-values" => {
                    xml.children(|xml, child| parameter(xml, child, &mut self.parameters))?;
                }
                _ => {}
            }
            Ok(())
        })
    }
}

fn channel(xml: &mut Xml) -> Result<Fact<PasswordHashSync>, XmlError> {
    let mut enabled = Fact::unknown(UnknownReason::Absent);
    let mut target = None;
    xml.children(|xml, child| {
        match child.name.as_str() {
            "enabled" => enabled = flag(xml)?,
            "target" => target = optional_guid(xml, "target")?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(match enabled {
        Fact::Known(enabled) => Fact::Known(PasswordHashSync { enabled, target }),
        Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
    })
}

fn partition(xml: &mut Xml) -> Result<Partition, XmlError> {
    let mut identifier = None;
    let absent = || Fact::unknown(UnknownReason::Absent);
    let mut partition = Partition {
        identifier: Uuid::nil(),
        distinguished_name: String::new(),
        dns_name: Fact::unknown(UnknownReason::Absent),
        netbios_name: Fact::unknown(UnknownReason::Absent),
        selected: absent(),
        is_domain: absent(),
        guid: Fact::unknown(UnknownReason::Absent),
        dc_failover: absent(),
        preferred_dcs: Vec::new(),
        last_dc: Fact::unknown(UnknownReason::Absent),
        object_classes: Vec::new(),
        inclusions: Vec::new(),
        exclusions: Vec::new(),
    };
    let mut parameters = BTreeMap::new();
    xml.children(|xml, child| {
        match child.name.as_str() {
            "id" => identifier = Some(guid(xml, "partition/id")?),
            "name" => partition.distinguished_name = xml.text()?,
            "selected" => partition.selected = flag(xml)?,
            "filter" => filter(xml, &mut partition)?,
            "custom-data" => xml.children(|xml, _| domain(xml, &mut partition))?,
            "parameter-values" => {
                xml.children(|xml, child| parameter(xml, child, &mut parameters))?;
            }
            _ => {}
        }
        Ok(())
    })?;
    if let Some(text) = parameters.get("Domain.FQDN") {
        partition.dns_name = word_of(text.clone());
    }
    if let Some(text) = parameters.get("Domain.Netbios") {
        partition.netbios_name = word_of(text.clone());
    }
    // What the element does not state may stand among the parameters.
    let parameter = |name: &str| parameters.get(name).map(String::as_str);
    if partition.dc_failover.known().is_none()
        && let Some(text) = parameter("dc-failover")
    {
        partition.dc_failover = flag_of(text);
    }
    if partition.last_dc.known().is_none()
        && let Some(text) = parameter("last-dc")
    {
        partition.last_dc = word_of(text.to_owned());
    }
    partition.identifier = identifier.ok_or_else(|| xml.invalid("no <id> in <partition>"))?;
    if partition.distinguished_name.is_empty() {
        return Err(xml.invalid("no <name> in <partition>"));
    }
    Ok(partition)
}

fn filter(xml: &mut Xml, partition: &mut Partition) -> Result<(), XmlError> {
    xml.children(|xml, child| match child.name.as_str() {
        "object-classes" => list(xml, "object-class", &mut partition.object_classes),
        "containers" => xml.children(|xml, child| match child.name.as_str() {
            "exclusions" => list(xml, "exclusion", &mut partition.exclusions),
            "inclusions" => list(xml, "inclusion", &mut partition.inclusions),
            _ => Ok(()),
        }),
        _ => Ok(()),
    })
}

/// `adma-partition-data` or `ecma-partition-data`. The directory cookie in it is passed over.
fn domain(xml: &mut Xml, partition: &mut Partition) -> Result<(), XmlError> {
    xml.children(|xml, child| {
        match child.name.as_str() {
            "is-domain" => partition.is_domain = flag(xml)?,
            "guid" => {
                let text = xml.text()?;
                partition.guid = Uuid::parse_str(&text).map_or_else(
                    |_| Fact::unknown_because(UnknownReason::Unreadable, clip(&text)),
                    Fact::Known,
                );
            }
            "dc-failover" => partition.dc_failover = flag(xml)?,
            "last-dc" => partition.last_dc = word(xml)?,
            "preferred-dcs" => list(xml, "preferred-dc", &mut partition.preferred_dcs)?,
            _ => {}
        }
        Ok(())
    })
}

fn run_profile(xml: &mut Xml) -> Result<RunProfile, XmlError> {
    let mut profile = RunProfile {
        identifier: None,
        name: String::new(),
        steps: Vec::new(),
    };
    xml.children(|xml, child| {
        match child.name.as_str() {
            "id" => profile.identifier = optional_guid(xml, "run-configuration/id")?,
            "name" => profile.name = xml.text()?,
            "configuration" => xml.children(|xml, child| {
                if child.name == "step" {
                    profile.steps.push(run_step(xml)?);
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(profile)
}

fn run_step(xml: &mut Xml) -> Result<RunStep, XmlError> {
    let mut step = RunStep {
        kind: String::new(),
        subtype: None,
        partition: None,
    };
    xml.children(|xml, child| {
        match child.name.as_str() {
            "step-type" => {
                child
                    .attribute("type")
                    .unwrap_or_default()
                    .clone_into(&mut step.kind);
                xml.children(|xml, child| {
                    if child.name.ends_with("-subtype") {
                        step.subtype = word(xml)?.known().cloned();
                    }
                    Ok(())
                })?;
            }
            "partition" => step.partition = optional_guid(xml, "step/partition")?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(step)
}

fn list(xml: &mut Xml, item: &str, into: &mut Vec<String>) -> Result<(), XmlError> {
    xml.children(|xml, child| {
        if child.name == item {
            let text = xml.text()?;
            if !text.is_empty() {
                into.push(text);
            }
        }
        Ok(())
    })
}

fn word(xml: &mut Xml) -> Result<Fact<String>, XmlError> {
    xml.text().map(word_of)
}

fn word_of(text: String) -> Fact<String> {
    if text.is_empty() {
        Fact::unknown(UnknownReason::Absent)
    } else {
        Fact::Known(text)
    }
}

fn flag(xml: &mut Xml) -> Result<Fact<bool>, XmlError> {
    xml.text().map(|text| flag_of(&text))
}

fn flag_of(text: &str) -> Fact<bool> {
    if text.is_empty() {
        return Fact::unknown(UnknownReason::Absent);
    }
    parse_flag(text).map_or_else(
        || Fact::unknown_because(UnknownReason::Unreadable, clip(text)),
        Fact::Known,
    )
}

/// A GUID in any letter case, with or without braces.
pub(super) fn guid(xml: &mut Xml, what: &str) -> Result<Uuid, XmlError> {
    let text = xml.text()?;
    Uuid::parse_str(&text)
        .map_err(|_| xml.invalid(format!("<{what}> is no GUID: \"{}\"", clip(&text))))
}

/// A GUID, or none where the element is empty.
pub(super) fn optional_guid(xml: &mut Xml, what: &str) -> Result<Option<Uuid>, XmlError> {
    let text = xml.text()?;
    if text.is_empty() {
        return Ok(None);
    }
    Uuid::parse_str(&text)
        .map(Some)
        .map_err(|_| xml.invalid(format!("<{what}> is no GUID: \"{}\"", clip(&text))))
}
