//! Values of both sides: which differ, and which cannot be compared.

use super::{Area, Difference, Kind, Servers, Side, Sink};
use crate::check::{Check, PHS201, PHS204, PHS401, Severity};
use crate::dn::Dn;
use crate::evidence::server::{Part, UnreadablePart};
use crate::evidence::{Fact, UnknownReason};
use crate::finding::Target;
use crate::guide::reason_text;
use crate::text;
use crate::text::{Argument, Text};

/// What stands for a secret in evidence.
const REDACTED: &str = "[redacted]";

/// What could not be compared about one target.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    names: Vec<String>,
    texts: Vec<Text>,
}

impl Gaps {
    /// The two values, where both are known and differ. A value that is known on one side only is remembered.
    pub(super) fn differing<'a, T: PartialEq>(
        &mut self,
        name: &str,
        before: &'a Fact<T>,
        after: &'a Fact<T>,
    ) -> Option<(&'a T, &'a T)> {
        match (before, after) {
            (Fact::Known(before), Fact::Known(after)) => {
                (before != after).then_some((before, after))
            }
            (Fact::Known(_), Fact::Unknown { reason, .. }) => {
                self.push(name, Side::Difference, *reason);
                None
            }
            (Fact::Unknown { reason, .. }, Fact::Known(_)) => {
                self.push(name, Side::Reference, *reason);
                None
            }
            (Fact::Unknown { reason, .. }, Fact::Unknown { reason: other, .. }) => {
                // Two sources that both lack a value say nothing; something that is there and was not read may differ.
                for (side, reason) in [(Side::Reference, *reason), (Side::Difference, *other)] {
                    if matches!(
                        reason,
                        UnknownReason::Unreadable | UnknownReason::NotPermitted
                    ) {
                        self.push(name, side, reason);
                        break;
                    }
                }
                None
            }
        }
    }

    /// Remembers that a value is not known on one side.
    pub(super) fn push(&mut self, name: &str, side: Side, reason: UnknownReason) {
        self.names.push(name.to_owned());
        self.texts.push(text!(
            "compare-gap",
            property = name,
            side = side.text(),
            reason = reason_text(reason)
        ));
    }

    /// Tells what was remembered, as one difference.
    pub(super) fn tell(
        self,
        area: Area,
        target: Target,
        sources: (&str, &str),
        sink: &mut Sink<'_>,
    ) {
        if self.names.is_empty() {
            return;
        }
        let message = text!("compare-gaps", target = &target.display, gaps = self.texts);
        sink(
            Difference::new(
                area,
                Kind::NotComparable,
                Severity::Warning,
                target,
                self.names.join(", "),
                message,
            )
            .sources(sources.0, sources.1),
        );
    }
}

/// Parts of either side that could not be read.
pub(super) fn unreadable_parts(servers: Servers<'_>, sink: &mut Sink<'_>) {
    for side in [Side::Reference, Side::Difference] {
        for part in &servers.of(side).unreadable {
            let mut one = Difference::new(
                Area::Evidence,
                Kind::NotComparable,
                Severity::Warning,
                Target::named(part.source.as_str()),
                &part.error_id,
                text!(
                    "compare-part-unreadable",
                    file = &part.source,
                    side = side.text(),
                    detail = &part.detail
                ),
            )
            .check(check_of(part));
            match side {
                Side::Reference => part.source.clone_into(&mut one.reference_source),
                Side::Difference => part.source.clone_into(&mut one.difference_source),
            }
            sink(one);
        }
    }
}

fn check_of(part: &UnreadablePart) -> &'static Check {
    match part.part {
        Part::Connector => &PHS201,
        Part::GlobalSettings => &PHS401,
        Part::Rule => &PHS204,
    }
}

/// A value in a sentence; an empty one is said to be empty.
pub(super) fn shown(value: &str) -> Argument {
    if value.is_empty() {
        text!("compare-empty").into()
    } else {
        value.into()
    }
}

/// A flag as values are shown.
pub(super) fn flag(value: bool) -> String {
    if value { "true" } else { "false" }.to_owned()
}

/// Whether a value is a secret that was left out, so that nothing can be said of it.
pub(super) fn is_secret(value: &str) -> bool {
    value == REDACTED
}

/// What a distinguished name is compared by: its parsed form, or its text where it is none.
pub(super) fn dn_key(text: &str) -> String {
    Dn::parse(text).map_or_else(
        |_| crate::casefold::folded(text.trim()),
        |dn| crate::casefold::folded(&dn.to_string()),
    )
}

/// What stands in one list of names and not in the other, compared by a key.
pub(super) fn only_in<'a>(
    list: &'a [String],
    other: &[String],
    key: impl Fn(&str) -> String,
) -> Vec<&'a str> {
    let there: std::collections::HashSet<String> = other.iter().map(|name| key(name)).collect();
    let mut seen = std::collections::HashSet::new();
    list.iter()
        .map(String::as_str)
        .filter(|name| {
            let key = key(name);
            !there.contains(&key) && seen.insert(key)
        })
        .collect()
}
