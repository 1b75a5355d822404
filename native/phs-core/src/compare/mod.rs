//! What differs between two collections of evidence, in the words of the checks: two servers, or one server on two days.
//!
//! Connectors, partitions and rules are matched by what they stand for, not only by identifier: two servers have other
//! identifiers for the same forest and the same shipped rule. What is known on one side only is told as not comparable,
//! never as the same.

mod cloud;
mod connectors;
mod directory;
mod listed;
mod outcomes;
mod pairing;
mod partitions;
mod rule_parts;
mod rules;
mod run_profiles;
mod scopes;
mod settings;
#[cfg(test)]
mod tests;
mod values;

use jiff::Timestamp;

use crate::check::{Check, Need, Severity};
use crate::evidence::Evidence;
use crate::evidence::server::ServerConfiguration;
use crate::finding::Target;
use crate::guide::kind_text;
use crate::text;
use crate::text::Text;

/// What part of the evidence differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// A kind of evidence as a whole.
    Evidence,
    /// Settings of the server: staging mode, scheduler, sign-in method, build, options.
    Server,
    /// A connector.
    Connector,
    /// A partition of a connector and its filters.
    Partition,
    /// A run profile of a connector.
    RunProfile,
    /// A synchronization rule.
    Rule,
    /// Domains, and the rights of the connector account on their heads.
    Directory,
    /// The tenant.
    Cloud,
    /// The answer of a check whose evidence is compared as a whole.
    Outcome,
}

/// How it differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Only in the difference.
    Added,
    /// Only in the reference.
    Removed,
    /// In both, with another value.
    Changed,
    /// Not known on one side.
    NotComparable,
}

/// One difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// What part of the evidence differs.
    pub area: Area,
    /// How.
    pub kind: Kind,
    /// How much it matters for password hash sync when the difference takes the place of the reference.
    pub severity: Severity,
    /// The check that it touches.
    pub check: Option<&'static Check>,
    /// The connector, partition, rule, account or domain.
    pub target: Target,
    /// The attribute, setting or element, by the name that findings use.
    pub property: String,
    /// The value in the reference.
    pub before: Option<String>,
    /// The value in the difference.
    pub after: Option<String>,
    /// The file or server that the reference was read from.
    pub reference_source: String,
    /// The file or server that the difference was read from.
    pub difference_source: String,
    /// What is the case. The attribute `.why` of its text, where it exists, says why it matters.
    pub message: Text,
}

impl Difference {
    fn new(
        area: Area,
        kind: Kind,
        severity: Severity,
        target: Target,
        property: impl Into<String>,
        message: Text,
    ) -> Self {
        Self {
            area,
            kind,
            severity,
            check: None,
            target,
            property: property.into(),
            before: None,
            after: None,
            reference_source: String::new(),
            difference_source: String::new(),
            message,
        }
    }

    fn check(mut self, check: impl Into<Option<&'static Check>>) -> Self {
        self.check = check.into();
        self
    }

    fn values(mut self, before: Option<String>, after: Option<String>) -> Self {
        self.before = before;
        self.after = after;
        self
    }

    fn sources(mut self, reference: &str, difference: &str) -> Self {
        reference.clone_into(&mut self.reference_source);
        difference.clone_into(&mut self.difference_source);
        self
    }
}

/// One side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Reference,
    Difference,
}

impl Side {
    fn text(self) -> Text {
        match self {
            Self::Reference => text!("compare-side-reference"),
            Self::Difference => text!("compare-side-difference"),
        }
    }

    fn other(self) -> Self {
        match self {
            Self::Reference => Self::Difference,
            Self::Difference => Self::Reference,
        }
    }

    /// How a thing differs that is on this side only.
    fn only(self) -> Kind {
        match self {
            Self::Reference => Kind::Removed,
            Self::Difference => Kind::Added,
        }
    }
}

/// Takes differences as they are found.
type Sink<'a> = dyn FnMut(Difference) + 'a;

/// The two configurations that are compared.
#[derive(Debug, Clone, Copy)]
struct Servers<'a> {
    reference: &'a ServerConfiguration,
    difference: &'a ServerConfiguration,
}

impl<'a> Servers<'a> {
    fn of(self, side: Side) -> &'a ServerConfiguration {
        match side {
            Side::Reference => self.reference,
            Side::Difference => self.difference,
        }
    }

    /// Whether one of them is a policy file, whose empty lists say nothing.
    fn is_partial(self) -> bool {
        self.reference.policy.is_some() || self.difference.policy.is_some()
    }
}

/// Everything that differs, what matters most first. `today` is for checks whose answer ages.
pub fn compare(reference: &Evidence, difference: &Evidence, today: Timestamp) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut sink = |one: Difference| found.push(one);
    if reference.recorded.is_some() || difference.recorded.is_some() {
        redacted(reference, difference, &mut sink);
        return found;
    }
    kinds(reference, difference, &mut sink);
    if let (Some(reference), Some(difference)) = (&reference.server, &difference.server) {
        let servers = Servers {
            reference,
            difference,
        };
        settings::compare(servers, &mut sink);
        let connectors = connectors::compare(servers, &mut sink);
        rules::compare(servers, &connectors, &mut sink);
        values::unreadable_parts(servers, &mut sink);
    }
    if let (Some(reference), Some(difference)) = (&reference.directory, &difference.directory) {
        directory::compare(reference, difference, &mut sink);
    }
    cloud::compare(reference, difference, &mut sink);
    outcomes::compare(reference, difference, today, &mut sink);
    found.sort_by(|left, right| {
        (left.severity, left.area, left.kind)
            .cmp(&(right.severity, right.area, right.kind))
            .then_with(|| left.target.canonical.cmp(&right.target.canonical))
    });
    found
}

/// Every kind of evidence.
const NEEDS: [Need; 7] = [
    Need::Server,
    Need::Directory,
    Need::Network,
    Need::Events,
    Need::Cloud,
    Need::User,
    Need::Host,
];

/// Whether it holds no evidence of any kind, so that there is nothing to compare.
pub fn is_empty(evidence: &Evidence) -> bool {
    NEEDS.into_iter().all(|need| !evidence.has(need))
}

/// Kinds of evidence that both sides hold.
pub fn compared(reference: &Evidence, difference: &Evidence) -> Vec<Text> {
    NEEDS
        .into_iter()
        .filter(|&need| reference.has(need) && difference.has(need))
        .map(kind_text)
        .collect()
}

/// Kinds of evidence that neither side holds, so that nothing is said of them.
pub fn not_held(reference: &Evidence, difference: &Evidence) -> Vec<Text> {
    NEEDS
        .into_iter()
        .filter(|&need| !reference.has(need) && !difference.has(need))
        .map(kind_text)
        .collect()
}

/// Names of redacted evidence are pseudonyms of its file, so that they say nothing about those of another.
fn redacted(reference: &Evidence, difference: &Evidence, sink: &mut Sink<'_>) {
    if reference == difference {
        return;
    }
    for (side, evidence) in [(Side::Reference, reference), (Side::Difference, difference)] {
        if evidence.recorded.is_some() {
            sink(Difference::new(
                Area::Evidence,
                Kind::NotComparable,
                Severity::Warning,
                Target::named(format!("{side:?}")),
                "redacted",
                text!("compare-redacted", side = side.text()),
            ));
        }
    }
}

/// A kind of evidence that one side lacks.
fn kinds(reference: &Evidence, difference: &Evidence, sink: &mut Sink<'_>) {
    for need in NEEDS {
        let lacks = match (reference.has(need), difference.has(need)) {
            (true, false) => Side::Difference,
            (false, true) => Side::Reference,
            _ => continue,
        };
        sink(Difference::new(
            Area::Evidence,
            Kind::NotComparable,
            Severity::Warning,
            Target::named(format!("{need:?}")),
            "evidence",
            text!(
                "compare-kind-missing",
                kind = kind_text(need),
                side = lacks.text()
            ),
        ));
    }
}
