//! One entry of a search result, its values as bytes.

use std::collections::BTreeMap;

use phs_core::evidence::{Fact, UnknownReason};
use phs_core::security::Sid;
use uuid::Uuid;

/// An entry. Attribute names are compared without case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Distinguished name as the server writes it.
    pub dn: String,
    attributes: BTreeMap<String, Vec<Vec<u8>>>,
}

impl Entry {
    /// An entry of these attributes. Several parts of one attribute (ranges) are joined.
    pub fn new(
        dn: impl Into<String>,
        attributes: impl IntoIterator<Item = (String, Vec<Vec<u8>>)>,
    ) -> Self {
        let mut entry = Self {
            dn: dn.into(),
            attributes: BTreeMap::new(),
        };
        for (name, values) in attributes {
            entry
                .attributes
                .entry(name.to_ascii_lowercase())
                .or_default()
                .extend(values);
        }
        entry
    }

    /// The values of an attribute; none where the server returned none.
    pub fn values(&self, attribute: &str) -> &[Vec<u8>] {
        self.attributes
            .get(&attribute.to_ascii_lowercase())
            .map_or(&[], Vec::as_slice)
    }

    /// The first value.
    pub fn bytes(&self, attribute: &str) -> Option<&[u8]> {
        self.values(attribute).first().map(Vec::as_slice)
    }

    /// The first value as text.
    pub fn text(&self, attribute: &str) -> Option<&str> {
        std::str::from_utf8(self.bytes(attribute)?).ok()
    }

    /// All values that are text.
    pub fn texts(&self, attribute: &str) -> impl Iterator<Item = &str> {
        self.values(attribute)
            .iter()
            .filter_map(|value| std::str::from_utf8(value).ok())
    }

    /// The first value as a number.
    pub fn integer(&self, attribute: &str) -> Option<i64> {
        self.text(attribute)?.trim().parse().ok()
    }

    /// All values that are SIDs.
    pub fn sids(&self, attribute: &str) -> Vec<Sid> {
        self.values(attribute)
            .iter()
            .filter_map(|value| Sid::parse(value).ok())
            .collect()
    }

    /// The first value as a SID.
    pub fn sid(&self, attribute: &str) -> Option<Sid> {
        Sid::parse(self.bytes(attribute)?).ok()
    }

    /// The first value as a GUID in the byte order of Active Directory.
    pub fn guid(&self, attribute: &str) -> Option<Uuid> {
        Uuid::from_slice_le(self.bytes(attribute)?).ok()
    }

    /// What is known of a value. A server leaves out what is not there and what may not be read alike; an attribute that
    /// every object of the class has is therefore `NotPermitted` where it is missing, any other `Absent`.
    pub fn fact<T>(
        &self,
        attribute: &str,
        mandatory: bool,
        read: impl Fn(&[u8]) -> Option<T>,
    ) -> Fact<T> {
        match self.bytes(attribute) {
            Some(value) => read(value).map_or_else(
                || Fact::unknown_because(UnknownReason::Unreadable, attribute),
                Fact::Known,
            ),
            None if mandatory => Fact::unknown_because(UnknownReason::NotPermitted, attribute),
            None => Fact::unknown_because(UnknownReason::Absent, attribute),
        }
    }

    /// What is known of a text.
    pub fn text_fact(&self, attribute: &str, mandatory: bool) -> Fact<String> {
        self.fact(attribute, mandatory, |value| {
            String::from_utf8(value.to_vec()).ok()
        })
    }

    /// What is known of a number.
    pub fn integer_fact(&self, attribute: &str, mandatory: bool) -> Fact<i64> {
        self.fact(attribute, mandatory, |value| {
            std::str::from_utf8(value).ok()?.trim().parse().ok()
        })
    }

    /// Where the values of `attribute` go on, if the server returned only a part of them (MS-ADTS 3.1.1.3.1.3.3):
    /// `member;range=0-1499` goes on at 1500, `member;range=1500-*` does not.
    pub(super) fn next_range(&self, attribute: &str) -> Option<usize> {
        let prefix = format!("{};range=", attribute.to_ascii_lowercase());
        self.attributes
            .keys()
            .filter_map(|name| name.strip_prefix(&prefix)?.split_once('-'))
            .filter_map(|(_, last)| last.parse::<usize>().ok())
            .max()?
            .checked_add(1)
    }

    /// Moves the parts of an attribute, from this entry and from `more`, under its plain name.
    pub(super) fn join_ranges(&mut self, attribute: &str, more: Self) {
        let name = attribute.to_ascii_lowercase();
        let prefix = format!("{name};range=");
        let mut joined = self.attributes.remove(&name).unwrap_or_default();
        for source in [std::mem::take(&mut self.attributes), more.attributes] {
            for (key, values) in source {
                if key.starts_with(&prefix) {
                    joined.extend(values);
                } else {
                    self.attributes.entry(key).or_insert(values);
                }
            }
        }
        if !joined.is_empty() {
            self.attributes.insert(name, joined);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(attributes: &[(&str, &[&[u8]])]) -> Entry {
        Entry::new(
            "CN=a",
            attributes.iter().map(|(name, values)| {
                let values = values.iter().map(|value| value.to_vec()).collect();
                ((*name).to_owned(), values)
            }),
        )
    }

    #[test]
    fn names_are_compared_without_case() {
        let entry = entry(&[
            ("sAMAccountName", &[b"a"]),
            ("userAccountControl", &[b"512"]),
        ]);
        assert_eq!(entry.text("samaccountname"), Some("a"));
        assert_eq!(entry.integer("USERACCOUNTCONTROL"), Some(512));
    }

    // Trap 44: a missing descriptor is unreadable, never empty.
    #[test]
    fn what_is_missing_is_unknown_with_its_reason() {
        let entry = entry(&[("badPwdCount", &[b"x"])]);
        assert_eq!(
            entry.text_fact("objectSid", true).reason(),
            Some(UnknownReason::NotPermitted)
        );
        assert_eq!(
            entry.text_fact("description", false).reason(),
            Some(UnknownReason::Absent)
        );
        assert_eq!(
            entry.integer_fact("badPwdCount", false).reason(),
            Some(UnknownReason::Unreadable)
        );
    }

    #[test]
    fn ranges_are_joined_in_order() {
        let mut first = entry(&[("member;range=0-1", &[b"a", b"b"]), ("cn", &[b"g"])]);
        assert_eq!(first.next_range("Member"), Some(2));
        let second = entry(&[("Member;Range=2-*", &[b"c"])]);
        assert_eq!(second.next_range("member"), None);
        first.join_ranges("member", second);
        assert_eq!(first.texts("member").collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(first.text("cn"), Some("g"));
    }

    #[test]
    fn a_guid_is_read_in_the_byte_order_of_the_directory() {
        let bytes = [
            0xaa, 0xf6, 0x31, 0x11, 0x07, 0x9c, 0xd1, 0x11, 0xf7, 0x9f, 0x00, 0xc0, 0x4f, 0xc2,
            0xdc, 0xd2,
        ];
        assert_eq!(
            entry(&[("objectGUID", &[&bytes])])
                .guid("objectguid")
                .unwrap()
                .to_string(),
            "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2"
        );
    }
}
