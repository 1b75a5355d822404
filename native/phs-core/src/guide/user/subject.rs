//! One user during its judgement: attributes as the checks ask for them.

use jiff::Timestamp;
use uuid::Uuid;

use super::judge::Place;
use super::{Basis, Detail, UserJudge};
use crate::evidence::UnknownReason;
use crate::evidence::user::{ObservedAttribute, UserEvidence};
use crate::finding::{EvidenceRow, Target};
use crate::rules::{AttributeSource, Read, UserEvaluation};
use crate::security::Sid;

/// Seconds between 1601-01-01 and 1970-01-01 (MS-DTYP 2.3.3).
const EPOCH: i64 = 11_644_473_600;

/// What is known of an attribute of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::guide) enum Seen<T> {
    /// Its value.
    Value(T),
    /// None.
    Absent,
    /// Not known.
    NotRead(UnknownReason),
}

impl<T> Seen<T> {
    pub(in crate::guide) fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }
}

/// When the password was last set, as `pwdLastSet` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::guide) enum Password {
    /// Then.
    SetAt(Timestamp),
    /// At a time that is not told.
    Set,
    /// 0: it must be changed at the next logon, or was never set.
    MustChange,
    /// There is no value: never.
    Never,
    /// Not known.
    NotRead(UnknownReason),
}

/// A user and everything that is known of it.
pub(in crate::guide) struct Subject<'a> {
    pub(in crate::guide) judge: &'a UserJudge,
    pub(in crate::guide) source: &'a dyn AttributeSource,
    pub(in crate::guide) facts: Option<&'a UserEvidence>,
    pub(in crate::guide) place: Place<'a>,
    /// What the rules make of it; none without rules for its place.
    pub(in crate::guide) evaluation: Option<UserEvaluation<'a>>,
}

impl<'a> Subject<'a> {
    pub(super) fn new(
        judge: &'a UserJudge,
        source: &'a dyn AttributeSource,
        facts: Option<&'a UserEvidence>,
        place: Place<'a>,
        evaluation: Option<UserEvaluation<'a>>,
    ) -> Self {
        Self {
            judge,
            source,
            facts,
            place,
            evaluation,
        }
    }

    pub(in crate::guide) fn full(&self) -> bool {
        self.judge.options.detail == Detail::Full
    }

    /// Whether the server's rules were read.
    pub(in crate::guide) fn basis(&self) -> Basis {
        if self.judge.has_server {
            Basis::Rules
        } else {
            Basis::Default
        }
    }

    pub(in crate::guide) fn now(&self) -> Timestamp {
        self.judge.options.now
    }

    fn read(&self, name: &str) -> Read<'a> {
        match self.judge.slot(name) {
            Some(slot) => self.source.read(slot, name),
            None => Read::NotRead,
        }
    }

    /// Octets of the first value.
    pub(in crate::guide) fn octets(&self, name: &str) -> Seen<&'a [u8]> {
        match self.read(name) {
            Read::Values(values) => values.get(0).map_or(Seen::Absent, Seen::Value),
            Read::Absent => Seen::Absent,
            Read::NotRead => Seen::NotRead(self.why_not_read(name)),
        }
    }

    fn why_not_read(&self, name: &str) -> UnknownReason {
        match self.facts.and_then(|facts| facts.attribute(name)) {
            Some(ObservedAttribute::NotRead(reason)) => *reason,
            _ => UnknownReason::NotCollected,
        }
    }

    /// Text of the first value, where there is one.
    pub(in crate::guide) fn text(&self, name: &str) -> Option<&'a str> {
        std::str::from_utf8(self.octets(name).value()?).ok()
    }

    /// All values as text; none where the attribute was not read.
    pub(in crate::guide) fn texts(&self, name: &str) -> Option<Vec<&'a str>> {
        match self.read(name) {
            Read::NotRead => None,
            Read::Absent => Some(Vec::new()),
            Read::Values(values) => Some(
                values
                    .iter()
                    .filter_map(|octets| std::str::from_utf8(octets).ok())
                    .collect(),
            ),
        }
    }

    /// The first value as a number.
    pub(in crate::guide) fn number(&self, name: &str) -> Seen<i64> {
        match self.octets(name) {
            Seen::Value(octets) => std::str::from_utf8(octets)
                .ok()
                .and_then(|text| text.trim().parse().ok())
                .map_or(Seen::NotRead(UnknownReason::Unreadable), Seen::Value),
            Seen::Absent => Seen::Absent,
            Seen::NotRead(reason) => Seen::NotRead(reason),
        }
    }

    /// Whether a bit of `userAccountControl` is set (MS-ADTS 2.2.16).
    pub(in crate::guide) fn control(&self, bit: i64) -> Seen<bool> {
        match self.number("userAccountControl") {
            Seen::Value(flags) => Seen::Value(flags & bit != 0),
            // Every account has one, so a missing value was withheld.
            Seen::Absent => Seen::NotRead(UnknownReason::NotPermitted),
            Seen::NotRead(reason) => Seen::NotRead(reason),
        }
    }

    pub(in crate::guide) fn password(&self) -> Password {
        match self.number("pwdLastSet") {
            Seen::Value(0) => Password::MustChange,
            // -1 is what a writer sends for "now"; a directory never stores it.
            Seen::Value(ticks) => file_time(ticks).map_or(Password::Set, Password::SetAt),
            Seen::Absent => Password::Never,
            Seen::NotRead(reason) => Password::NotRead(reason),
        }
    }

    pub(in crate::guide) fn password_set_at(&self) -> Option<Timestamp> {
        match self.password() {
            Password::SetAt(time) => Some(time),
            _ => None,
        }
    }

    /// Target of findings: named by UPN, account name or DN, identified by GUID, SID or DN.
    pub(super) fn target(&self) -> Target {
        let display = self
            .text("userPrincipalName")
            .or_else(|| self.text("sAMAccountName"))
            .unwrap_or_else(|| self.source.dn());
        let guid = self.octets("objectGUID").value();
        let guid = guid.and_then(|octets| Uuid::from_slice_le(octets).ok());
        let canonical = guid
            .map(|guid| guid.to_string())
            .or_else(|| {
                let sid = self.octets("objectSid").value()?;
                Some(Sid::parse(sid).ok()?.to_string())
            })
            .unwrap_or_else(|| match &self.place.dn {
                Some(dn) => dn.to_string(),
                None => self.source.dn().to_owned(),
            });
        Target::identified(display, canonical)
    }

    /// Where the user was read.
    pub(in crate::guide) fn origin(&self) -> &str {
        self.facts
            .map(|facts| facts.source.as_str())
            .filter(|source| !source.is_empty())
            .unwrap_or("Active Directory")
    }

    /// A row of the user itself.
    pub(in crate::guide) fn row(&self, attribute: &str, value: impl Into<String>) -> EvidenceRow {
        EvidenceRow::new(self.origin(), self.source.dn(), attribute, value)
    }

    /// Rows of attributes as the directory sent them; none unless evidence is wanted.
    pub(in crate::guide) fn rows(&self, attributes: &[&str]) -> Vec<EvidenceRow> {
        if !self.full() {
            return Vec::new();
        }
        attributes
            .iter()
            .filter_map(|name| match self.octets(name) {
                Seen::Value(octets) => Some(self.row(name, std::str::from_utf8(octets).ok()?)),
                Seen::Absent => Some(self.row(name, "")),
                Seen::NotRead(_) => None,
            })
            .collect()
    }
}

/// A time as Active Directory stores it: 100 ns since 1601 (MS-DTYP 2.3.3).
pub(in crate::guide) fn file_time(ticks: i64) -> Option<Timestamp> {
    if ticks <= 0 {
        return None;
    }
    Timestamp::new(
        ticks / 10_000_000 - EPOCH,
        i32::try_from(ticks % 10_000_000).ok()? * 100,
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_times_are_read_and_never_is_none() {
        assert_eq!(
            file_time(133_500_000_000_000_000).unwrap().to_string(),
            "2024-01-17T21:20:00Z"
        );
        assert_eq!(file_time(0), None);
        assert_eq!(file_time(-1), None);
        assert_eq!(file_time(i64::MAX), None);
    }
}
