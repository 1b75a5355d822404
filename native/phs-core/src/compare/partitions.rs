//! Partitions of one connector: selection, containers, domain controllers.

use super::pairing::{Key, pair};
use super::values::{Gaps, dn_key, flag, only_in, shown};
use super::{Area, Difference, Kind, Side, Sink};
use crate::casefold::folded;
use crate::check::{Check, PHS205, PHS301, PHS501, Severity};
use crate::evidence::Fact;
use crate::evidence::server::{Connector, Partition};
use crate::finding::Target;
use crate::text;
use crate::text::Text;

/// Compares the partitions of two connectors that stand for the same.
/// Where one of them is `partial`, its lists of domain controllers and object classes say nothing.
pub(super) fn compare(before: &Connector, after: &Connector, partial: bool, sink: &mut Sink<'_>) {
    let name = |partition: &Partition| Some(dn_key(&partition.distinguished_name));
    let guid = |partition: &Partition| partition.guid.known().map(ToString::to_string);
    let pairs = pair(
        &before.partitions,
        &after.partitions,
        &[
            Key {
                left: &name,
                right: &name,
            },
            Key {
                left: &guid,
                right: &guid,
            },
        ],
    );
    for (side, indexes, list) in [
        (Side::Reference, pairs.left, &before.partitions),
        (Side::Difference, pairs.right, &after.partitions),
    ] {
        for index in indexes {
            let mut one = only(&list[index], side, before, after);
            if partial {
                one.kind = Kind::NotComparable;
                one.severity = Severity::Warning;
            }
            sink(one);
        }
    }
    for (left, right) in pairs.both {
        Comparison {
            before: &before.partitions[left],
            after: &after.partitions[right],
            sources: (&before.source, &after.source),
            partial,
        }
        .tell(sink);
    }
}

fn target(partition: &Partition) -> Target {
    Target::identified(
        &partition.distinguished_name,
        dn_key(&partition.distinguished_name),
    )
}

fn only(partition: &Partition, side: Side, before: &Connector, after: &Connector) -> Difference {
    let severity = match (side, &partition.selected) {
        (_, Fact::Known(false)) => Severity::Information,
        (Side::Reference, _) => Severity::Critical,
        (Side::Difference, _) => Severity::Warning,
    };
    let selected = partition
        .selected
        .known()
        .map_or_else(String::new, |&selected| flag(selected));
    Difference::new(
        Area::Partition,
        side.only(),
        severity,
        target(partition),
        "partition",
        text!(
            "compare-partition-only",
            partition = &partition.distinguished_name,
            connector = &after.name,
            side = side.text(),
            selected = selected
        ),
    )
    .check(&PHS501)
    .sources(&before.source, &after.source)
}

/// One partition on both sides.
struct Comparison<'a> {
    before: &'a Partition,
    after: &'a Partition,
    sources: (&'a str, &'a str),
    partial: bool,
}

impl Comparison<'_> {
    fn one(
        &self,
        kind: Kind,
        severity: Severity,
        check: &'static Check,
        property: &str,
        message: Text,
    ) -> Difference {
        Difference::new(
            Area::Partition,
            kind,
            severity,
            target(self.after),
            property,
            message,
        )
        .check(check)
        .sources(self.sources.0, self.sources.1)
    }

    fn tell(&self, sink: &mut Sink<'_>) {
        let mut gaps = Gaps::default();
        self.flags(&mut gaps, sink);
        self.identity(&mut gaps, sink);
        self.containers(sink);
        if !self.partial {
            self.preferred(sink);
            self.classes(sink);
        }
        gaps.tell(Area::Partition, target(self.after), self.sources, sink);
    }

    fn flags(&self, gaps: &mut Gaps, sink: &mut Sink<'_>) {
        let name = &self.after.distinguished_name;
        if let Some((&was, &is)) =
            gaps.differing("selected", &self.before.selected, &self.after.selected)
        {
            let (severity, message) = if is {
                (
                    Severity::Warning,
                    text!("compare-partition-selected", partition = name),
                )
            } else {
                (
                    Severity::Critical,
                    text!("compare-partition-deselected", partition = name),
                )
            };
            sink(
                self.one(Kind::Changed, severity, &PHS501, "selected", message)
                    .values(Some(flag(was)), Some(flag(is))),
            );
        }
        if let Some((&was, &is)) =
            gaps.differing("is-domain", &self.before.is_domain, &self.after.is_domain)
        {
            let (severity, message) = if is {
                (
                    Severity::Warning,
                    text!("compare-partition-domain", partition = name),
                )
            } else {
                (
                    Severity::Error,
                    text!("compare-partition-no-domain", partition = name),
                )
            };
            sink(
                self.one(Kind::Changed, severity, &PHS205, "is-domain", message)
                    .values(Some(flag(was)), Some(flag(is))),
            );
        }
        if let Some((&was, &is)) = gaps.differing(
            "dc-failover",
            &self.before.dc_failover,
            &self.after.dc_failover,
        ) {
            // False means preferred domain controllers only (domain 12.15).
            let (severity, message) = if is {
                (
                    Severity::Information,
                    text!("compare-any-controller", partition = name),
                )
            } else {
                (
                    Severity::Warning,
                    text!("compare-preferred-only", partition = name),
                )
            };
            sink(
                self.one(Kind::Changed, severity, &PHS301, "dc-failover", message)
                    .values(Some(flag(was)), Some(flag(is))),
            );
        }
    }

    /// Whether one name stands for the same naming context in the same directory.
    fn identity(&self, gaps: &mut Gaps, sink: &mut Sink<'_>) {
        if let Some((was, is)) = gaps.differing("guid", &self.before.guid, &self.after.guid) {
            let (was, is) = (was.to_string(), is.to_string());
            let message = text!(
                "compare-partition-other",
                partition = &self.after.distinguished_name,
                before = &was,
                after = &is
            );
            sink(
                self.one(Kind::Changed, Severity::Error, &PHS205, "guid", message)
                    .values(Some(was), Some(is)),
            );
        }
    }

    fn preferred(&self, sink: &mut Sink<'_>) {
        let folded_list = |list: &[String]| list.iter().map(|dc| folded(dc)).collect::<Vec<_>>();
        if folded_list(&self.before.preferred_dcs) == folded_list(&self.after.preferred_dcs) {
            return;
        }
        let (was, is) = (
            self.before.preferred_dcs.join(", "),
            self.after.preferred_dcs.join(", "),
        );
        let message = text!(
            "compare-preferred",
            partition = &self.after.distinguished_name,
            before = shown(&was),
            after = shown(&is)
        );
        sink(
            self.one(
                Kind::Changed,
                Severity::Warning,
                &PHS301,
                "preferred-dcs",
                message,
            )
            .values(Some(was), Some(is)),
        );
    }

    fn containers(&self, sink: &mut Sink<'_>) {
        let partition = &self.after.distinguished_name;
        for (property, was, is) in [
            (
                "exclusions",
                &self.before.exclusions,
                &self.after.exclusions,
            ),
            (
                "inclusions",
                &self.before.inclusions,
                &self.after.inclusions,
            ),
        ] {
            for (side, names) in [
                (Side::Reference, only_in(was, is, dn_key)),
                (Side::Difference, only_in(is, was, dn_key)),
            ] {
                for name in names {
                    let message = if property == "exclusions" {
                        text!(
                            "compare-exclusion",
                            container = name,
                            partition = partition,
                            side = side.text()
                        )
                    } else {
                        text!(
                            "compare-inclusion",
                            container = name,
                            partition = partition,
                            side = side.text()
                        )
                    };
                    sink(self.listed(side, property, name, Severity::Error, message));
                }
            }
        }
    }

    fn classes(&self, sink: &mut Sink<'_>) {
        for (side, names) in [
            (
                Side::Reference,
                only_in(
                    &self.before.object_classes,
                    &self.after.object_classes,
                    folded,
                ),
            ),
            (
                Side::Difference,
                only_in(
                    &self.after.object_classes,
                    &self.before.object_classes,
                    folded,
                ),
            ),
        ] {
            for name in names {
                let severity = match side {
                    _ if !name.eq_ignore_ascii_case("user") => Severity::Information,
                    Side::Reference => Severity::Critical,
                    Side::Difference => Severity::Warning,
                };
                let message = text!(
                    "compare-object-class",
                    class = name,
                    partition = &self.after.distinguished_name,
                    side = side.text()
                );
                sink(self.listed(side, "object-classes", name, severity, message));
            }
        }
    }

    /// A name that stands in a list of one side only.
    fn listed(
        &self,
        side: Side,
        property: &str,
        name: &str,
        severity: Severity,
        message: Text,
    ) -> Difference {
        let (before, after) = match side {
            Side::Reference => (Some(name.to_owned()), None),
            Side::Difference => (None, Some(name.to_owned())),
        };
        self.one(side.only(), severity, &PHS501, property, message)
            .values(before, after)
    }
}
