//! PHS704: a usable source anchor, the same as that of the user in the cloud.

use super::skip_without_place;
use crate::check::{PHS501, PHS701, PHS704};
use crate::evidence::UnknownReason;
use crate::finding::{EvidenceRow, SkipReason};
use crate::guide::user::{Answers, Basis, Seen, Subject, why_text};
use crate::rules::anchor::{entra_dn, immutable_id};
use crate::rules::{Attribute, Link, Value};
use crate::text;

/// `msExchRecipientTypeDetails` of a linked mailbox.
const LINKED_MAILBOX: i64 = 2;

/// PHS704: the source anchor, and whether the cloud user has the same.
pub(in crate::guide) fn anchor(subject: &Subject<'_>, answers: &mut Answers) {
    let Some(evaluation) = &subject.evaluation else {
        if subject.basis() == Basis::Rules {
            skip_without_place(subject, answers, &PHS704);
        } else {
            answers.skipped(subject, &PHS704, SkipReason::EvidenceMissing, || {
                (text!("user-no-rules"), identifier_rows(subject))
            });
        }
        return;
    };
    if evaluation.metaverse_link() == Link::None {
        answers.skipped(subject, &PHS704, SkipReason::NotApplicable, || {
            (text!("phs704-no-metaverse-object"), Vec::new())
        });
        return;
    }
    match evaluation.metaverse("sourceAnchor") {
        Some(Attribute::Unknown(why)) => {
            let message = text!("phs704-unknown", reason = why_text(*why));
            answers.unknown(
                subject,
                &PHS704,
                UnknownReason::NotCollected,
                message,
                Vec::new(),
            );
        }
        Some(Attribute::Value(value)) => usable_anchor(subject, answers, value),
        Some(Attribute::Absent) | None => {
            let linked = subject.number("msExchRecipientTypeDetails")
                == Seen::Value(LINKED_MAILBOX)
                || evaluation
                    .source_attribute("msExchRecipientTypeDetails")
                    .is_ok_and(|value| value.as_number() == Some(LINKED_MAILBOX));
            let message = if linked {
                text!("phs704-linked-mailbox")
            } else {
                text!("phs704-none")
            };
            answers.failed_after(
                subject,
                &PHS704,
                &[&PHS701, &PHS501],
                message,
                identifier_rows(subject),
            );
        }
    }
}

fn usable_anchor(subject: &Subject<'_>, answers: &mut Answers, value: &Value<'_>) {
    let anchor_text = value.to_string();
    let cloud = subject
        .facts
        .and_then(|facts| facts.cloud.known()?.as_ref()?.immutable_id.known().cloned());
    let rows = if answers.full() {
        let mut rows = identifier_rows(subject);
        rows.push(subject.row("sourceAnchor", anchor_text.as_str()));
        rows.push(subject.row("Entra connector space DN", entra_dn(&anchor_text)));
        if let Some(Some(cloud)) = &cloud {
            rows.push(EvidenceRow::new(
                "tenant",
                subject.source.dn(),
                "onPremisesImmutableId",
                cloud,
            ));
        }
        rows
    } else {
        Vec::new()
    };
    match cloud {
        // Immutable identifiers are base64: case matters.
        Some(Some(cloud)) if cloud != anchor_text => answers.failed(
            subject,
            &PHS704,
            text!("phs704-mismatch", anchor = anchor_text, cloud = cloud),
            rows,
        ),
        Some(None) => answers.failed(
            subject,
            &PHS704,
            text!("phs704-cloud-only", anchor = anchor_text),
            rows,
        ),
        _ => answers.passed(subject, &PHS704, || {
            (
                text!(
                    "phs704-usable",
                    name = entra_dn(&anchor_text),
                    anchor = anchor_text
                ),
                rows,
            )
        }),
    }
}

fn identifier_rows(subject: &Subject<'_>) -> Vec<EvidenceRow> {
    if !subject.full() {
        return Vec::new();
    }
    ["objectGUID", "mS-DS-ConsistencyGuid"]
        .into_iter()
        .filter_map(|name| {
            let octets = subject.octets(name).value()?;
            let guid = uuid::Uuid::from_slice_le(octets).ok();
            let shown = guid.map_or_else(
                || immutable_id(octets),
                |guid| format!("{guid} ({})", immutable_id(octets)),
            );
            Some(subject.row(name, shown))
        })
        .collect()
}
