//! Run profiles of a connector: which are there, and what their steps do.

use super::pairing::{Key, pair};
use super::values::only_in;
use super::{Area, Difference, Kind, Side, Sink};
use crate::casefold::folded;
use crate::check::{PHS205, Severity};
use crate::evidence::server::{Connector, Partition, RunProfile};
use crate::finding::Target;
use crate::text;
use crate::text::Text;

/// Run profiles by name, their steps as a whole.
pub(super) fn compare(before: &Connector, after: &Connector, sink: &mut Sink<'_>) {
    let name = |profile: &RunProfile| Some(folded(&profile.name));
    let pairs = pair(
        &before.run_profiles,
        &after.run_profiles,
        &[Key {
            left: &name,
            right: &name,
        }],
    );
    let one = |kind, severity, profile: &RunProfile, message| {
        Difference::new(
            Area::RunProfile,
            kind,
            severity,
            Target::identified(
                format!("{}: {}", after.name, profile.name),
                format!("{}|{}", after.identifier, profile.name),
            ),
            "run-configuration",
            message,
        )
        .check(&PHS205)
        .sources(&before.source, &after.source)
    };
    for index in pairs.left {
        let profile = &before.run_profiles[index];
        let message = text!(
            "compare-profile-only",
            profile = &profile.name,
            connector = &before.name,
            side = Side::Reference.text()
        );
        sink(
            one(Kind::Removed, Severity::Error, profile, message)
                .values(Some(steps(before, profile).join("; ")), None),
        );
    }
    for index in pairs.right {
        let profile = &after.run_profiles[index];
        let message = text!(
            "compare-profile-only",
            profile = &profile.name,
            connector = &after.name,
            side = Side::Difference.text()
        );
        sink(
            one(Kind::Added, Severity::Information, profile, message)
                .values(None, Some(steps(after, profile).join("; "))),
        );
    }
    for (left, right) in pairs.both {
        let (left, right) = (&before.run_profiles[left], &after.run_profiles[right]);
        let (was, is) = (steps(before, left), steps(after, right));
        if was == is {
            continue;
        }
        let lost = only_in(&was, &is, str::to_owned).join("; ");
        let gained = only_in(&is, &was, str::to_owned).join("; ");
        let severity = if lost.is_empty() {
            Severity::Information
        } else {
            Severity::Error
        };
        let steps = |side: Side, steps: String| {
            (!steps.is_empty()).then(|| text!("compare-steps", side = side.text(), steps = steps))
        };
        let mut parts: Vec<Text> = [
            steps(Side::Reference, lost),
            steps(Side::Difference, gained),
        ]
        .into_iter()
        .flatten()
        .collect();
        if parts.is_empty() {
            parts.push(text!("compare-steps-order"));
        }
        let message = text!(
            "compare-profile-steps",
            profile = &right.name,
            connector = &after.name,
            parts = parts
        );
        sink(
            one(Kind::Changed, severity, right, message)
                .values(Some(was.join("; ")), Some(is.join("; "))),
        );
    }
}

/// The steps of a profile in words, with the partition's name: its identifier differs from server to server.
fn steps(connector: &Connector, profile: &RunProfile) -> Vec<String> {
    profile
        .steps
        .iter()
        .map(|step| {
            let mut words = step.kind.clone();
            if let Some(subtype) = &step.subtype {
                words = format!("{words} ({subtype})");
            }
            let name = step.partition.map(|id| {
                connector
                    .partitions
                    .iter()
                    .find(|partition: &&Partition| partition.identifier == id)
                    .map_or_else(|| id.to_string(), |found| found.distinguished_name.clone())
            });
            match name {
                Some(name) => format!("{words} {name}"),
                None => words,
            }
        })
        .collect()
}
