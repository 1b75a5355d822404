//! A search entry as the rules ask for it, read where it lies in the message.

use std::borrow::Cow;

use phs_core::rules::{AttributeSource, Read, Values, object_type_of};

use crate::wire::WireError;
use crate::wire::search::{self, Answer, Entry};

/// Attributes that every user has: where one is missing, it may not be read (trap: unknown is not absent).
const ALWAYS: &[&str] = &[
    "objectClass",
    "sAMAccountName",
    "userAccountControl",
    "pwdLastSet",
];

/// The attributes that are asked for, in the order of [`phs_core::guide::user::UserJudge::attributes`]; `objectGUID` is always among them.
#[derive(Debug, Clone)]
pub struct Columns {
    names: Vec<String>,
    always: Vec<bool>,
    guid: usize,
    class: Option<usize>,
}

impl Columns {
    /// The columns of a judge.
    pub fn new(attributes: &[String]) -> Self {
        let mut names = attributes.to_vec();
        let place = |names: &[String], wanted: &str| {
            names
                .iter()
                .position(|name| name.eq_ignore_ascii_case(wanted))
        };
        let guid = place(&names, "objectGUID").unwrap_or_else(|| {
            names.push("objectGUID".to_owned());
            names.len() - 1
        });
        let always = names
            .iter()
            .map(|name| ALWAYS.iter().any(|known| known.eq_ignore_ascii_case(name)))
            .collect();
        Self {
            class: place(&names, "objectClass"),
            names,
            always,
            guid,
        }
    }

    /// What to ask for.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    fn find(&self, name: &[u8]) -> Option<usize> {
        self.names
            .iter()
            .position(|known| known.as_bytes().eq_ignore_ascii_case(name))
    }
}

#[derive(Debug, Clone, Copy)]
enum Cell {
    Missing,
    /// A part of the values only came (MS-ADTS 3.1.1.3.1.3.3).
    Partial,
    /// From here to there in the list of values.
    Values(usize, usize),
}

/// One entry. What a slot of it gives stands where the message lies.
#[derive(Debug)]
pub struct Row<'m> {
    columns: &'m Columns,
    dn: Cow<'m, str>,
    cells: Vec<Cell>,
    values: Vec<&'m [u8]>,
}

impl<'m> Row<'m> {
    fn new(columns: &'m Columns) -> Self {
        Self {
            columns,
            dn: Cow::Borrowed(""),
            cells: vec![Cell::Missing; columns.names.len()],
            values: Vec::new(),
        }
    }

    /// Takes the next entry in.
    fn fill(&mut self, entry: &Entry<'m>) -> Result<(), WireError> {
        self.dn = String::from_utf8_lossy(entry.name);
        self.values.clear();
        self.cells.fill(Cell::Missing);
        let columns = self.columns;
        let cells = &mut self.cells;
        let mut from = 0;
        entry.read(
            |name, values| {
                let (name, partial) = match name.iter().position(|octet| *octet == b';') {
                    Some(at) => (&name[..at], true),
                    None => (name, false),
                };
                if let Some(cell) = columns.find(name).and_then(|at| cells.get_mut(at)) {
                    if partial {
                        *cell = Cell::Partial;
                    } else if !matches!(cell, Cell::Partial) && values.len() > from {
                        *cell = Cell::Values(from, values.len());
                    }
                }
                from = values.len();
                Ok(())
            },
            &mut self.values,
        )
    }

    /// `objectGUID`, where it was read.
    pub(super) fn guid(&self) -> Option<[u8; 16]> {
        match self.cells.get(self.columns.guid)? {
            Cell::Values(from, _) => self.values.get(*from)?.to_vec().try_into().ok(),
            _ => None,
        }
    }
}

/// Calls `each` with every entry of a piece of the stream: whole messages, each a search entry.
///
/// # Errors
/// A message is malformed, or no entry. Those before it were read.
pub fn read_rows<'m>(
    columns: &'m Columns,
    mut messages: &'m [u8],
    mut each: impl FnMut(&Row<'m>),
) -> Result<(), WireError> {
    let what = "LDAP entry";
    let mut row = Row::new(columns);
    while let Some(length) = search::message_length(messages)? {
        let (message, rest) = messages
            .split_at_checked(length)
            .ok_or(WireError::Truncated { what })?;
        messages = rest;
        let (_, Answer::Entry(entry)) = search::decode(message)? else {
            return Err(WireError::Invalid { what });
        };
        row.fill(&entry)?;
        each(&row);
    }
    Ok(())
}

impl AttributeSource for Row<'_> {
    fn dn(&self) -> &str {
        &self.dn
    }

    fn object_type(&self) -> Option<&str> {
        let Cell::Values(from, to) = *self.cells.get(self.columns.class?)? else {
            return None;
        };
        object_type_of(
            self.values
                .get(from..to)?
                .iter()
                .filter_map(|value| std::str::from_utf8(value).ok()),
        )
    }

    fn read(&self, slot: usize, _name: &str) -> Read<'_> {
        match self.cells.get(slot) {
            Some(Cell::Values(from, to)) => match self.values.get(*from..*to) {
                Some(values) => Read::Values(Values::Borrowed(values)),
                None => Read::NotRead,
            },
            Some(Cell::Missing) if self.columns.always.get(slot) == Some(&false) => Read::Absent,
            Some(Cell::Missing | Cell::Partial) | None => Read::NotRead,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::ber;
    use crate::wire::search::decode;

    fn message(attributes: &[(&str, &[&str])]) -> Vec<u8> {
        let attributes: Vec<_> = attributes
            .iter()
            .map(|(name, values)| {
                let values: Vec<_> = values
                    .iter()
                    .map(|value| ber::encode(4, value.as_bytes()))
                    .collect();
                ber::encode_parts(
                    0x30,
                    &[
                        ber::encode(4, name.as_bytes()),
                        ber::encode_parts(0x31, &values),
                    ],
                )
            })
            .collect();
        ber::encode_parts(
            0x30,
            &[
                ber::encode_unsigned(2, 1),
                ber::encode_parts(
                    0x64,
                    &[
                        ber::encode(4, b"CN=a,DC=b"),
                        ber::encode_parts(0x30, &attributes),
                    ],
                ),
            ],
        )
    }

    fn texts(row: &Row<'_>, slot: usize) -> Result<Vec<String>, bool> {
        match row.read(slot, "") {
            Read::Values(values) => Ok(values
                .iter()
                .map(|value| String::from_utf8_lossy(value).into_owned())
                .collect()),
            Read::Absent => Err(true),
            Read::NotRead => Err(false),
        }
    }

    #[test]
    fn absent_and_not_read_are_told_apart() {
        let names = ["objectClass", "mail", "pwdLastSet", "memberOf"].map(str::to_owned);
        let columns = Columns::new(&names);
        assert_eq!(columns.names().last().unwrap(), "objectGUID");
        let first = message(&[
            ("OBJECTCLASS", &["top", "user"]),
            ("memberOf", &[]),
            ("memberOf;range=0-1", &["CN=g"]),
            ("objectGUID", &["0123456789abcdef"]),
            ("unasked", &["x"]),
        ]);
        let second = message(&[("mail", &["a@b"])]);
        let mut row = Row::new(&columns);
        let (_, Answer::Entry(entry)) = decode(&first).unwrap() else {
            panic!("no entry");
        };
        row.fill(&entry).unwrap();
        assert_eq!(row.object_type(), Some("user"));
        assert_eq!(texts(&row, 0), Ok(vec!["top".into(), "user".into()]));
        assert_eq!(texts(&row, 1), Err(true));
        assert_eq!(texts(&row, 2), Err(false));
        assert_eq!(texts(&row, 3), Err(false));
        assert_eq!(row.guid(), Some(*b"0123456789abcdef"));
        let (_, Answer::Entry(entry)) = decode(&second).unwrap() else {
            panic!("no entry");
        };
        row.fill(&entry).unwrap();
        assert_eq!(texts(&row, 1), Ok(vec!["a@b".into()]));
        assert_eq!((row.object_type(), row.guid()), (None, None));
    }
}
