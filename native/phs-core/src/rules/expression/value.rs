//! Typed values of the language.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::DateTime;

/// A value. Text and octets are borrowed from the object where nothing changed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    /// No value: an absent attribute, or `NULL`.
    Null,
    /// True or False.
    Bool(bool),
    /// A 64-bit integer.
    Number(i64),
    /// Text.
    Text(Cow<'a, str>),
    /// Octets.
    Binary(Cow<'a, [u8]>),
    /// A distinguished name as text.
    Reference(Cow<'a, str>),
    /// A UTC date and time. Functions use it; no attribute holds it.
    Date(DateTime),
    /// Two or more values, in order.
    Multi(Vec<Value<'a>>),
    /// `IgnoreThisFlow`: this flow does nothing.
    IgnoreThisFlow,
    /// `AuthoritativeNull`: no value, and no rule after this one may give one.
    AuthoritativeNull,
}

impl<'a> Value<'a> {
    /// Borrowed text.
    pub fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// Owned text.
    pub fn owned(text: impl Into<String>) -> Self {
        Self::Text(Cow::Owned(text.into()))
    }

    /// The values gathered: null when none, the value itself when one. Nulls are left out.
    pub fn gather(values: Vec<Self>) -> Self {
        let mut values: Vec<Self> = values
            .into_iter()
            .filter(|value| *value != Self::Null)
            .collect();
        match values.len() {
            0 => Self::Null,
            1 => values.swap_remove(0),
            _ => Self::Multi(values),
        }
    }

    /// The values one by one: none for null.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::Null => &[],
            Self::Multi(values) => values,
            one => std::slice::from_ref(one),
        }
    }

    /// The values one by one, owned.
    pub fn into_items(self) -> Vec<Self> {
        match self {
            Self::Null => Vec::new(),
            Self::Multi(values) => values,
            one => vec![one],
        }
    }

    /// Name of the type, for messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::Binary(_) => "binary",
            Self::Reference(_) => "reference",
            Self::Date(_) => "date",
            Self::Multi(_) => "multi-valued",
            Self::IgnoreThisFlow => "IgnoreThisFlow",
            Self::AuthoritativeNull => "AuthoritativeNull",
        }
    }

    /// Text of a text or reference.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Reference(text) => Some(text),
            _ => None,
        }
    }

    /// True or False, also when written as text; none for anything else.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            Self::Text(text) if text.eq_ignore_ascii_case("True") => Some(true),
            Self::Text(text) if text.eq_ignore_ascii_case("False") => Some(false),
            _ => None,
        }
    }

    /// The number, also when written as text; none for anything else.
    pub fn as_number(&self) -> Option<i64> {
        match self {
            Self::Number(value) => Some(*value),
            Self::Text(text) => number(text),
            _ => None,
        }
    }

    /// Whether the value is null, empty text or empty octets; several values are empty when each is.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null | Self::AuthoritativeNull => true,
            Self::Text(text) | Self::Reference(text) => text.is_empty(),
            Self::Binary(octets) => octets.is_empty(),
            Self::Multi(values) => values.iter().all(Self::is_empty),
            _ => false,
        }
    }

    /// The same value, borrowing from this one.
    pub fn borrowed(&self) -> Value<'_> {
        match self {
            Self::Text(text) => Value::text(text),
            Self::Reference(text) => Value::Reference(Cow::Borrowed(text)),
            Self::Binary(octets) => Value::Binary(Cow::Borrowed(octets)),
            Self::Multi(values) => Value::Multi(values.iter().map(Value::borrowed).collect()),
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(value) => Value::Number(*value),
            Self::Date(date) => Value::Date(*date),
            Self::IgnoreThisFlow => Value::IgnoreThisFlow,
            Self::AuthoritativeNull => Value::AuthoritativeNull,
        }
    }

    /// The same value, borrowing nothing.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Number(value) => Value::Number(value),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Binary(octets) => Value::Binary(Cow::Owned(octets.into_owned())),
            Self::Reference(text) => Value::Reference(Cow::Owned(text.into_owned())),
            Self::Date(date) => Value::Date(date),
            Self::Multi(values) => {
                Value::Multi(values.into_iter().map(Value::into_owned).collect())
            }
            Self::IgnoreThisFlow => Value::IgnoreThisFlow,
            Self::AuthoritativeNull => Value::AuthoritativeNull,
        }
    }

    /// Rough size in bytes, to bound what one expression may build.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Text(Cow::Owned(text)) => text.len(),
            Self::Binary(Cow::Owned(octets)) => octets.len(),
            Self::Multi(values) => values.iter().map(|value| 32 + value.weight()).sum(),
            _ => 0,
        }
    }
}

/// Reads a decimal integer, or hexadecimal after `&H` or `0x`, spaces around allowed.
pub(crate) fn number(text: &str) -> Option<i64> {
    let text = text.trim();
    let hex = ["&H", "&h", "0x", "0X"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix));
    match hex {
        Some(digits) if !digits.starts_with(['+', '-']) => {
            u64::from_str_radix(digits, 16).ok().map(u64::cast_signed)
        }
        Some(_) => None,
        None => text.parse().ok(),
    }
}

/// Prints the value as a person reads it: text as it is, octets in hexadecimal, several values separated by `; `.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Bool(true) => f.write_str("True"),
            Self::Bool(false) => f.write_str("False"),
            Self::Number(value) => value.fmt(f),
            Self::Text(text) | Self::Reference(text) => f.write_str(text),
            Self::Binary(octets) => octets.iter().try_for_each(|octet| write!(f, "{octet:02X}")),
            Self::Date(date) => write!(f, "{date}Z"),
            Self::Multi(values) => {
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        f.write_str("; ")?;
                    }
                    value.fmt(f)?;
                }
                Ok(())
            }
            Self::IgnoreThisFlow => f.write_str("IgnoreThisFlow"),
            Self::AuthoritativeNull => f.write_str("AuthoritativeNull"),
        }
    }
}
