//! JSON as strictly as evidence needs it: no key twice in one object, no field that is not known, no more values than a part
//! may hold.

use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;
use std::io::Read;

use serde::de::DeserializeOwned;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::MAX_VALUES;
use super::error::Fault;

/// How many nested levels the JSON reader takes; past them it says so.
const TOO_DEEP: &str = "recursion limit exceeded";

/// What the walk met.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Met {
    Nothing,
    DuplicateKey,
    TooManyValues,
}

/// Walks JSON from a reader without keeping it.
pub(super) fn walk(reader: impl Read, place: &str) -> Result<(), Fault> {
    walk_with(
        &mut serde_json::Deserializer::from_reader(reader),
        &|error| at(place, error),
    )
}

/// Walks the JSON of one line.
pub(super) fn walk_line(line: &[u8], place: &str) -> Result<(), Fault> {
    walk_with(&mut serde_json::Deserializer::from_slice(line), &|error| {
        format!("{place}, column {}", error.column())
    })
}

fn walk_with<'de, R: serde_json::de::Read<'de>>(
    json: &mut serde_json::Deserializer<R>,
    place: &dyn Fn(&serde_json::Error) -> String,
) -> Result<(), Fault> {
    let met = Cell::new(Met::Nothing);
    let left = Cell::new(MAX_VALUES);
    let walker = Walker {
        met: &met,
        left: &left,
    };
    walker
        .deserialize(&mut *json)
        .and_then(|()| json.end())
        .map_err(|error| fault(&error, met.get(), place(&error)))
}

/// The first key that stands twice in one object, in quotes, with its line and column.
pub(crate) fn duplicate_key(text: &str) -> Option<(String, usize, usize)> {
    let met = Cell::new(Met::Nothing);
    let left = Cell::new(MAX_VALUES);
    let walker = Walker {
        met: &met,
        left: &left,
    };
    let error = walker
        .deserialize(&mut serde_json::Deserializer::from_str(text))
        .err()?;
    (met.get() == Met::DuplicateKey).then(|| (said(&error), error.line(), error.column()))
}

/// Reads a value; a field that its type does not have is a fault.
pub(super) fn typed<T: DeserializeOwned>(reader: impl Read, place: &str) -> Result<T, Fault> {
    typed_with(
        &mut serde_json::Deserializer::from_reader(reader),
        place,
        &|error| at(place, error),
    )
}

/// Reads the value of one line.
pub(super) fn typed_line<T: DeserializeOwned>(line: &[u8], place: &str) -> Result<T, Fault> {
    typed_with(
        &mut serde_json::Deserializer::from_slice(line),
        place,
        &|error| format!("{place}, column {}", error.column()),
    )
}

fn typed_with<'de, R: serde_json::de::Read<'de>, T: DeserializeOwned>(
    json: &mut serde_json::Deserializer<R>,
    name: &str,
    place: &dyn Fn(&serde_json::Error) -> String,
) -> Result<T, Fault> {
    let mut unknown: Option<String> = None;
    let read = serde_ignored::deserialize(&mut *json, |path| {
        unknown.get_or_insert_with(|| path.to_string());
    });
    let value = read.map_err(|error| fault(&error, Met::Nothing, place(&error)))?;
    json.end()
        .map_err(|error| fault(&error, Met::Nothing, place(&error)))?;
    match unknown {
        Some(path) => Err(Fault::UnknownField {
            place: name.to_owned(),
            path,
        }),
        None => Ok(value),
    }
}

fn at(place: &str, error: &serde_json::Error) -> String {
    format!("{place}, line {}, column {}", error.line(), error.column())
}

/// What the reader said, without the place, which is told apart.
fn said(error: &serde_json::Error) -> String {
    let said = error.to_string();
    said.rsplit_once(" at line ")
        .map_or(said.as_str(), |(words, _)| words)
        .to_owned()
}

fn fault(error: &serde_json::Error, met: Met, place: String) -> Fault {
    let detail = said(error);
    match met {
        Met::DuplicateKey => Fault::DuplicateKey { place, detail },
        Met::TooManyValues => Fault::TooComplex {
            place,
            limit: MAX_VALUES,
        },
        Met::Nothing if detail == TOO_DEEP => Fault::TooComplex {
            place,
            limit: MAX_VALUES,
        },
        Met::Nothing => match error.classify() {
            serde_json::error::Category::Data => Fault::Invalid { place, detail },
            serde_json::error::Category::Eof => Fault::Truncated { place, detail },
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
                Fault::NotJson { place, detail }
            }
        },
    }
}

#[derive(Clone, Copy)]
struct Walker<'c> {
    met: &'c Cell<Met>,
    left: &'c Cell<usize>,
}

impl Walker<'_> {
    fn count<E: de::Error>(self) -> Result<(), E> {
        if let Some(left) = self.left.get().checked_sub(1) {
            self.left.set(left);
            return Ok(());
        }
        self.met.set(Met::TooManyValues);
        Err(E::custom("too many values"))
    }
}

impl<'de> DeserializeSeed<'de> for Walker<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walker<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.count()?;
        while items.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        self.count()?;
        let mut keys: HashSet<String> = HashSet::new();
        while let Some(key) = entries.next_key::<String>()? {
            if keys.contains(&key) {
                self.met.set(Met::DuplicateKey);
                return Err(de::Error::custom(format_args!("{key:?}")));
            }
            keys.insert(key);
            entries.next_value_seed(self)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_stand_once_at_every_depth() {
        assert_eq!(
            walk(&br#"{"a":[{"b":1},{"b":2}],"b":null}"#[..], "p"),
            Ok(())
        );
        let fault = walk(&b"{\"a\":[\n{\"b\":1,\"c\":2,\"b\":2}]}"[..], "p").unwrap_err();
        let Fault::DuplicateKey { place, detail } = fault else {
            panic!("{fault:?}");
        };
        assert_eq!(place, "p, line 2, column 17");
        assert_eq!(detail, "\"b\"");
    }

    #[test]
    fn depth_and_end_are_told() {
        let deep = "[".repeat(100_000);
        assert!(matches!(
            walk(deep.as_bytes(), "p"),
            Err(Fault::TooComplex { .. })
        ));
        assert!(matches!(
            walk(&b"{\"a\": 1"[..], "p"),
            Err(Fault::Truncated { .. })
        ));
        assert!(matches!(
            walk(&b"{} {}"[..], "p"),
            Err(Fault::NotJson { .. })
        ));
    }
}
