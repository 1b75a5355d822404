//! `GlobalSettings/MV.xml`: the server's name, the export's date and the global parameters.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use phs_core::evidence::{Fact, UnknownReason};

use super::redact;
use crate::xml::{Element, Xml, XmlError, clip};

#[derive(Debug, Default)]
pub(super) struct GlobalSettings {
    pub(super) server: Fact<String>,
    pub(super) exported_at: Fact<Timestamp>,
    pub(super) parameters: BTreeMap<String, String>,
}

pub(super) fn read(xml: &mut Xml) -> Result<GlobalSettings, XmlError> {
    xml.root("saved-mv-configuration", |xml, root| {
        let mut settings = GlobalSettings {
            server: match root.attribute("server").map(str::trim) {
                Some(name) if !name.is_empty() => Fact::Known(name.to_owned()),
                _ => Fact::unknown(UnknownReason::Absent),
            },
            exported_at: root
                .attribute("export-date")
                .map_or(Fact::unknown(UnknownReason::Absent), date),
            ..GlobalSettings::default()
        };
        let mut found = false;
        xml.children(|xml, child| match child.name.as_str() {
            "mv-data" => xml.children(|xml, child| match child.name.as_str() {
                "parameter-values" => {
                    found = true;
                    xml.children(|xml, child| parameter(xml, child, &mut settings.parameters))
                }
                _ => Ok(()),
            }),
            _ => Ok(()),
        })?;
        if found {
            Ok(settings)
        } else {
            Err(xml.invalid("no <parameter-values> in <mv-data>"))
        }
    })
}

/// A `<parameter name=... >value</parameter>`; secrets are left out.
pub(super) fn parameter(
    xml: &mut Xml,
    element: &Element,
    parameters: &mut BTreeMap<String, String>,
) -> Result<(), XmlError> {
    let Some(name) = element.attribute("name").map(str::to_owned) else {
        return Ok(());
    };
    let encrypted = element
        .attribute("encrypted")
        .is_some_and(|flag| flag != "0")
        || element
            .attribute("type")
            .is_some_and(|kind| kind.starts_with("encrypted"));
    let value = xml.text()?;
    let value = redact::value(&name, encrypted, value);
    parameters.entry(name).or_insert(value);
    Ok(())
}

/// `2016-05-03 14:28:09.784`, taken as UTC.
fn date(text: &str) -> Fact<Timestamp> {
    text.trim()
        .parse::<DateTime>()
        .and_then(|civil| civil.to_zoned(TimeZone::UTC))
        .map_or_else(
            |_| Fact::unknown_because(UnknownReason::Unreadable, clip(text)),
            |zoned| Fact::Known(zoned.timestamp()),
        )
}
