//! Domains, and the replication rights of the connector account on their heads.

use super::pairing::{Key, pair};
use super::values::dn_key;
use super::{Area, Difference, Kind, Side, Sink};
use crate::check::{PHS101, Severity};
use crate::evidence::directory::{ConnectorAccount, DirectoryEvidence, Domain};
use crate::finding::Target;
use crate::guide::a1_permissions::{Held, account_name, held};
use crate::text;

/// Compares two forests.
pub(super) fn compare(before: &DirectoryEvidence, after: &DirectoryEvidence, sink: &mut Sink<'_>) {
    let name = |domain: &Domain| Some(dn_key(&domain.distinguished_name));
    let domains = pair(
        &before.domains,
        &after.domains,
        &[Key {
            left: &name,
            right: &name,
        }],
    );
    for (side, indexes, list) in [
        (Side::Reference, &domains.left, &before.domains),
        (Side::Difference, &domains.right, &after.domains),
    ] {
        for &index in indexes {
            let domain = &list[index];
            sink(
                Difference::new(
                    Area::Directory,
                    side.only(),
                    Severity::Warning,
                    Target::identified(domain.display(), dn_key(&domain.distinguished_name)),
                    "crossRef",
                    text!(
                        "compare-domain-only",
                        domain = domain.display(),
                        side = side.text()
                    ),
                )
                .check(&PHS101)
                .sources(&before.source, &after.source),
            );
        }
    }
    let (left, right): (Vec<_>, Vec<_>) = (
        before.judged_accounts().collect(),
        after.judged_accounts().collect(),
    );
    for (was, is) in accounts(&left, &right) {
        for &(one, other) in &domains.both {
            rights(
                (before, was, &before.domains[one]),
                (after, is, &after.domains[other]),
                sink,
            );
        }
    }
}

/// By SID; a single account on each side stands for the other, since each server has its own.
fn accounts<'a>(
    left: &[&'a ConnectorAccount],
    right: &[&'a ConnectorAccount],
) -> Vec<(&'a ConnectorAccount, &'a ConnectorAccount)> {
    if let ([one], [other]) = (left, right) {
        return vec![(*one, *other)];
    }
    let sid = |account: &&ConnectorAccount| Some(account.sid.to_string());
    pair(
        left,
        right,
        &[Key {
            left: &sid,
            right: &sid,
        }],
    )
    .both
    .into_iter()
    .map(|(one, other)| (left[one], right[other]))
    .collect()
}

type Place<'a> = (&'a DirectoryEvidence, &'a ConnectorAccount, &'a Domain);

/// The two rights, one by one.
fn rights(before: Place<'_>, after: Place<'_>, sink: &mut Sink<'_>) {
    let target = Target::identified(
        format!("{} ({})", after.2.display(), account_name(after.0, after.1)),
        format!("{}|{}", after.1.sid, dn_key(&after.2.distinguished_name)),
    );
    for ((right, was), (_, is)) in held(before.1, before.2)
        .into_iter()
        .zip(held(after.1, after.2))
    {
        if was == is {
            continue;
        }
        let name = right.name;
        let difference = |kind, severity, message| {
            Difference::new(
                Area::Directory,
                kind,
                severity,
                target.clone(),
                name,
                message,
            )
            .check(&PHS101)
            .sources(&before.0.source, &after.0.source)
            .values(Some(was.word().to_owned()), Some(is.word().to_owned()))
        };
        let (account, other) = (
            account_name(before.0, before.1),
            account_name(after.0, after.1),
        );
        let domain = after.2.display();
        sink(match (was, is) {
            (Held::Unknown, _) | (_, Held::Unknown) => {
                let side = if was == Held::Unknown {
                    Side::Reference
                } else {
                    Side::Difference
                };
                difference(
                    Kind::NotComparable,
                    Severity::Warning,
                    text!(
                        "compare-right-unknown",
                        account = other,
                        right = name,
                        domain = domain,
                        side = side.text()
                    ),
                )
            }
            (_, Held::No) => difference(
                Kind::Removed,
                Severity::Critical,
                text!(
                    "compare-right-removed",
                    before = account,
                    after = other,
                    right = name,
                    domain = domain
                ),
            ),
            (Held::No, _) => difference(
                Kind::Added,
                Severity::Information,
                text!(
                    "compare-right-added",
                    before = account,
                    after = other,
                    right = name,
                    domain = domain
                ),
            ),
            _ => difference(
                Kind::Changed,
                Severity::Warning,
                text!(
                    "compare-right-conditional",
                    account = other,
                    right = name,
                    domain = domain
                ),
            ),
        });
    }
}
