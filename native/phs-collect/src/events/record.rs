//! One `<Event>` element: the same reader for exported XML and for what a binary record says.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use phs_core::evidence::events::{MAX_MESSAGE, SyncEvent, read_message};

use super::is_ours;
use crate::xml::{Element, Xml, XmlError, clip};

/// A record of the two providers.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) id: u32,
    pub(super) time: Timestamp,
    provider: String,
    number: Option<u64>,
    level: Option<u8>,
    computer: Option<String>,
    /// Its text as it is shown.
    rendered: Option<String>,
    /// Its strings, one to a line.
    strings: String,
}

/// What an `<Event>` element came to.
#[derive(Debug)]
pub(super) enum Seen {
    /// One of ours.
    Ours(Box<Record>),
    /// Another provider's, with its time where it has one.
    Foreign(Option<Timestamp>),
}

impl Record {
    /// The event with its text understood.
    pub(super) fn into_event(self) -> SyncEvent {
        let text = self
            .rendered
            .filter(|text| !text.is_empty())
            .unwrap_or(self.strings);
        event(
            self.id,
            self.provider,
            self.time,
            self.number,
            self.level,
            self.computer,
            &text,
        )
    }
}

/// An event from its parts, wherever they were read. Line ends are made the same, so that every way of reading a log gives
/// the same event.
pub(super) fn event(
    id: u32,
    provider: String,
    time: Timestamp,
    record_id: Option<u64>,
    level: Option<u8>,
    computer: Option<String>,
    text: &str,
) -> SyncEvent {
    let mut message = text.trim().replace("\r\n", "\n");
    let mut end = message.len().min(MAX_MESSAGE);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    message.truncate(end);
    let detail = read_message(id, &message);
    SyncEvent {
        id,
        provider,
        time,
        record_id,
        level,
        computer,
        message,
        detail,
    }
}

/// `<System>` of an event.
#[derive(Default)]
struct System {
    provider: String,
    id: Option<u32>,
    time: Option<Timestamp>,
    record_id: Option<u64>,
    level: Option<u8>,
    computer: Option<String>,
}

/// Reads the element `<Event>` whose start tag was read last.
pub(super) fn read(xml: &mut Xml) -> Result<Seen, XmlError> {
    let mut system = System::default();
    let mut strings = String::new();
    let mut rendered = None;
    xml.children(|xml, child| {
        match child.name.as_str() {
            "System" => system = read_system(xml)?,
            "EventData" | "UserData" if is_ours(&system.provider) => {
                strings = read_strings(xml, 0)?;
            }
            "RenderingInfo" if is_ours(&system.provider) => {
                xml.children(|xml, child| {
                    if child.name == "Message" {
                        rendered = Some(xml.text()?);
                    }
                    Ok(())
                })?;
            }
            _ => {}
        }
        Ok(())
    })?;
    if !is_ours(&system.provider) {
        if system.provider.is_empty() && system.time.is_none() {
            return Err(xml.invalid("an event without provider and time"));
        }
        return Ok(Seen::Foreign(system.time));
    }
    let id = system
        .id
        .ok_or_else(|| xml.invalid("an event without a number as EventID"))?;
    let time = system
        .time
        .ok_or_else(|| xml.invalid("an event without a time in TimeCreated"))?;
    Ok(Seen::Ours(Box::new(Record {
        id,
        time,
        provider: system.provider,
        number: system.record_id,
        level: system.level,
        computer: system.computer,
        rendered,
        strings,
    })))
}

fn read_system(xml: &mut Xml) -> Result<System, XmlError> {
    let mut system = System::default();
    xml.children(|xml, child| {
        match child.name.as_str() {
            "Provider" => system.provider = provider(child),
            "EventID" => system.id = xml.text()?.parse().ok(),
            "TimeCreated" => {
                system.time = match child.attribute("SystemTime") {
                    Some(text) => Some(
                        time(text)
                            .ok_or_else(|| xml.invalid(format!("'{}' is no time", clip(text))))?,
                    ),
                    None => None,
                };
            }
            "EventRecordID" => system.record_id = xml.text()?.parse().ok(),
            "Level" => system.level = xml.text()?.parse().ok(),
            "Computer" => system.computer = Some(xml.text()?).filter(|text| !text.is_empty()),
            _ => {}
        }
        Ok(())
    })?;
    Ok(system)
}

/// The provider's name; an event of a manifest with a classic source name carries that as well.
fn provider(element: &Element) -> String {
    let names = [
        element.attribute("Name"),
        element.attribute("EventSourceName"),
    ];
    names
        .into_iter()
        .flatten()
        .find(|name| is_ours(name))
        .or(names[0])
        .unwrap_or_default()
        .to_owned()
}

/// The text of all elements, one to a line. Binary data is no text.
fn read_strings(xml: &mut Xml, so_far: usize) -> Result<String, XmlError> {
    let mut strings = String::new();
    let own = xml.content(|xml, child| {
        if child.name == "Binary" {
            return Ok(());
        }
        let text = read_strings(xml, so_far + strings.len())?;
        if so_far + strings.len() + text.len() <= MAX_MESSAGE {
            if !strings.is_empty() && !text.is_empty() {
                strings.push('\n');
            }
            strings.push_str(&text);
        }
        Ok(())
    })?;
    let own = own.trim();
    if strings.is_empty() {
        own.clone_into(&mut strings);
    }
    Ok(strings)
}

/// A time as XML writes it; without a zone it is UTC, as the format says.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse().ok().or_else(|| {
        let plain = text.trim_end_matches("UTC").trim_end();
        let civil: DateTime = plain.parse().ok()?;
        Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })
}
