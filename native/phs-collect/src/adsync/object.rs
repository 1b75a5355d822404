//! Objects of the ADSync module as PowerShell hands them over: properties under the module's own names, values as text.
//!
//! A value that arrives in another shape than it should have (an object that serialization cut down to its type name, a flag
//! that is no flag) is unreadable, never absent and never false.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use phs_core::evidence::server::parse_flag;
use phs_core::evidence::{Fact, UnknownReason};
use serde_json::{Map, Value};
use uuid::Uuid;

/// Longest raw text that an unreadable value keeps.
const CLIP: usize = 120;

/// One object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Object<'a>(pub(super) &'a Map<String, Value>);

impl<'a> Object<'a> {
    /// The object in a value; none where it is something else.
    pub(super) fn of(value: &'a Value) -> Option<Self> {
        value.as_object().map(Self)
    }

    /// The value of a property, in any letter case; none where it is not there or null.
    pub(super) fn get(self, name: &str) -> Option<&'a Value> {
        self.0
            .get(name)
            .or_else(|| {
                self.0
                    .iter()
                    .find(|(key, _)| key.eq_ignore_ascii_case(name))
                    .map(|(_, value)| value)
            })
            .filter(|value| !value.is_null())
    }

    /// A text. Empty is absent.
    pub(super) fn text(self, name: &str) -> Fact<String> {
        match self.get(name) {
            None => Fact::unknown(UnknownReason::Absent),
            Some(value) => match scalar(value) {
                Some(text) if text.trim().is_empty() => Fact::unknown(UnknownReason::Absent),
                Some(text) => Fact::Known(text),
                None => unreadable(&value.to_string()),
            },
        }
    }

    /// A text, empty where there is none.
    pub(super) fn word(self, name: &str) -> String {
        match self.text(name) {
            Fact::Known(text) => text,
            Fact::Unknown { .. } => String::new(),
        }
    }

    /// A flag: true, `True`, `1` ...
    pub(super) fn flag(self, name: &str) -> Fact<bool> {
        self.parse(name, parse_flag)
    }

    /// A GUID.
    pub(super) fn guid(self, name: &str) -> Fact<Uuid> {
        self.parse(name, |text| Uuid::parse_str(text.trim()).ok())
    }

    /// A GUID that means something: the nil GUID means none.
    pub(super) fn link(self, name: &str) -> Option<Uuid> {
        self.guid(name)
            .known()
            .copied()
            .filter(|guid| !guid.is_nil())
    }

    /// A whole number.
    pub(super) fn number(self, name: &str) -> Fact<i64> {
        self.parse(name, |text| text.trim().parse().ok())
    }

    /// A time in UTC; the year 1 means never.
    pub(super) fn time(self, name: &str) -> Fact<Option<Timestamp>> {
        match self.text(name) {
            Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
            Fact::Known(text) => match timestamp(&text) {
                Some(time) if time.to_zoned(TimeZone::UTC).year() <= 1 => Fact::Known(None),
                Some(time) => Fact::Known(Some(time)),
                None => unreadable(&text),
            },
        }
    }

    fn parse<T>(self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Fact<T> {
        match self.text(name) {
            Fact::Known(text) => parse(&text).map_or_else(|| unreadable(&text), Fact::Known),
            Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
        }
    }

    /// The object in a property.
    pub(super) fn object(self, name: &str) -> Option<Self> {
        self.get(name).and_then(Self::of)
    }

    /// The members of a list. One that is not there is empty; an item alone is a list of one; Windows PowerShell wraps some
    /// lists as `{"value": [...], "Count": n}`. `None`: it is there, and no list.
    pub(super) fn list(self, name: &str) -> Option<Vec<&'a Value>> {
        let Some(value) = self.get(name) else {
            return Some(Vec::new());
        };
        match value {
            Value::Array(items) => Some(items.iter().collect()),
            Value::Object(map) => match map.get("value") {
                Some(Value::Array(items)) if map.contains_key("Count") => {
                    Some(items.iter().collect())
                }
                _ => Some(vec![value]),
            },
            _ => None,
        }
    }

    /// The members of a list of objects. `None` where it, or a member of it, is something else: cut off on its way.
    pub(super) fn objects(self, name: &str) -> Option<Vec<Self>> {
        self.list(name)?.into_iter().map(Self::of).collect()
    }

    /// The members of a list of texts.
    pub(super) fn words(self, name: &str) -> Vec<String> {
        match self.get(name) {
            Some(value @ (Value::String(_) | Value::Number(_))) => {
                scalar(value).into_iter().collect()
            }
            _ => self
                .list(name)
                .unwrap_or_default()
                .into_iter()
                .filter_map(scalar)
                .filter(|text| !text.is_empty())
                .collect(),
        }
    }
}

/// A value that is a text, number or flag, as text.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(if *flag { "True" } else { "False" }.to_owned()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A time with its zone, or without one, which is UTC then (domain 12.6).
pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse().ok().or_else(|| {
        let civil: DateTime = text.parse().ok()?;
        Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })
}

fn unreadable<T>(text: &str) -> Fact<T> {
    Fact::unknown_because(UnknownReason::Unreadable, clip(text))
}

/// The beginning of a text.
pub(super) fn clip(text: &str) -> String {
    let mut short: String = text.chars().take(CLIP).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<T>(json: &str, ask: impl FnOnce(Object<'_>) -> T) -> T {
        let value: Value = serde_json::from_str(json).unwrap();
        ask(Object::of(&value).unwrap())
    }

    #[test]
    fn flags_are_read_as_the_module_writes_them_and_nothing_else_is_one() {
        for (json, expected) in [
            (r#"{"A": true}"#, Fact::Known(true)),
            (r#"{"a": "False"}"#, Fact::Known(false)),
            (r#"{"A": "1"}"#, Fact::Known(true)),
            (r#"{"A": 0}"#, Fact::Known(false)),
            (r#"{"A": null}"#, Fact::unknown(UnknownReason::Absent)),
            ("{}", Fact::unknown(UnknownReason::Absent)),
            (
                r#"{"A": "yes"}"#,
                Fact::unknown_because(UnknownReason::Unreadable, "yes"),
            ),
        ] {
            assert_eq!(with(json, |object| object.flag("A")), expected, "{json}");
        }
    }

    #[test]
    fn times_without_a_zone_are_utc_and_the_year_1_is_never() {
        let read = |text: &str| with(&format!(r#"{{"T": "{text}"}}"#), |object| object.time("T"));
        let noon: Timestamp = "2026-10-01T12:00:00Z".parse().unwrap();
        assert_eq!(
            read("2026-10-01T12:00:00.0000000Z"),
            Fact::Known(Some(noon))
        );
        assert_eq!(read("2026-10-01T12:00:00"), Fact::Known(Some(noon)));
        assert_eq!(read("0001-01-01T00:00:00Z"), Fact::Known(None));
        assert_eq!(read("0001-01-01T00:00:00"), Fact::Known(None));
        assert_eq!(read("soon").reason(), Some(UnknownReason::Unreadable));
    }

    #[test]
    fn lists_survive_every_way_of_writing_them() {
        for json in [
            r#"{"L": [{"N": "a"}]}"#,
            r#"{"L": {"N": "a"}}"#,
            r#"{"L": {"value": [{"N": "a"}], "Count": 1}}"#,
        ] {
            let names = with(json, |object| {
                let items = object.objects("L").unwrap();
                items.iter().map(|item| item.word("N")).collect::<Vec<_>>()
            });
            assert_eq!(names, ["a"], "{json}");
        }
        assert_eq!(
            with("{}", |object| object.objects("L").map(|l| l.len())),
            Some(0)
        );
        // What serialization cut down to a type name is no empty list.
        for json in [
            r#"{"L": "System.Collections.Generic.List"}"#,
            r#"{"L": ["Microsoft.Partition"]}"#,
        ] {
            assert!(with(json, |object| object.objects("L").is_none()), "{json}");
        }
        assert_eq!(with(r#"{"L": "a"}"#, |object| object.words("L")), ["a"]);
    }
}
