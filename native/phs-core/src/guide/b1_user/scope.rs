//! PHS501: partition, container, object class, group and attribute filters.

use crate::check::{PHS501, PHS701};
use crate::dn::Dn;
use crate::evidence::{Fact, UnknownReason};
use crate::finding::{EvidenceRow, SkipReason};
use crate::guide::reason_text;
use crate::guide::user::{
    Answers, Basis, ConnectorJudge, PartitionJudge, Subject, clause_texts, excluding, why_text,
};
use crate::rules::{Link, LinkType};
use crate::text;
use crate::text::Text;

/// What a filter says of the user.
enum Filtered {
    /// In scope.
    No,
    /// Out of scope.
    Yes(Text, Vec<EvidenceRow>),
    /// Not known.
    Unknown(UnknownReason, Text),
}

/// PHS501. Filters are asked in the order in which the service applies them; the first that keeps the user out is told.
pub(in crate::guide) fn in_scope(subject: &Subject<'_>, answers: &mut Answers) {
    if subject.basis() == Basis::Default {
        answers.skipped(subject, &PHS501, SkipReason::EvidenceMissing, || {
            (text!("user-no-rules"), Vec::new())
        });
        return;
    }
    let Some(dn) = &subject.place.dn else {
        answers.unknown(
            subject,
            &PHS501,
            UnknownReason::Unreadable,
            text!("phs501-name-unreadable", name = subject.source.dn()),
            Vec::new(),
        );
        return;
    };
    let (Some(connector), Some(partition)) = (subject.place.connector, subject.place.partition)
    else {
        no_partition(subject, answers, dn);
        return;
    };
    let mut unknown = None;
    let filters: [&dyn Fn() -> Filtered; 5] = [
        &|| selected(connector, partition),
        &|| containers(dn, connector, partition),
        &|| object_class(subject, partition),
        &|| group(subject, connector),
        &|| rules(subject),
    ];
    for filter in filters {
        match filter() {
            Filtered::No => {}
            Filtered::Yes(message, rows) => {
                let rows = if answers.full() { rows } else { Vec::new() };
                answers.failed_after(subject, &PHS501, &[&PHS701], message, rows);
                return;
            }
            Filtered::Unknown(reason, message) => unknown = unknown.or(Some((reason, message))),
        }
    }
    match unknown {
        Some((reason, message)) => {
            answers.unknown(subject, &PHS501, reason, message, Vec::new());
        }
        None => answers.passed(subject, &PHS501, || {
            (
                text!(
                    "phs501-in-scope",
                    partition = &partition.name,
                    connector = &connector.name
                ),
                Vec::new(),
            )
        }),
    }
}

fn no_partition(subject: &Subject<'_>, answers: &mut Answers, dn: &Dn) {
    let files = subject.judge.unreadable_connectors();
    let domain = dn.domain_name().unwrap_or_else(|| dn.to_string());
    if files.is_empty() {
        let message = text!("phs501-no-partition", domain = domain);
        answers.failed_after(subject, &PHS501, &[&PHS701], message, Vec::new());
    } else {
        let message = text!(
            "phs501-connectors-unreadable",
            domain = domain,
            files = files.to_vec()
        );
        answers.unknown(
            subject,
            &PHS501,
            UnknownReason::Unreadable,
            message,
            Vec::new(),
        );
    }
}

fn selected(connector: &ConnectorJudge, partition: &PartitionJudge) -> Filtered {
    match &partition.selected {
        Fact::Known(true) => Filtered::No,
        Fact::Known(false) => Filtered::Yes(
            text!(
                "phs501-partition-not-selected",
                partition = &partition.name,
                connector = &connector.name
            ),
            vec![EvidenceRow::new(
                &connector.source,
                &partition.name,
                "selected",
                "0",
            )],
        ),
        Fact::Unknown { reason, .. } => Filtered::Unknown(
            *reason,
            text!(
                "phs501-selection-not-read",
                partition = &partition.name,
                reason = reason_text(*reason)
            ),
        ),
    }
}

/// The nearest container above the user that is listed decides; none listed means included.
fn containers(dn: &Dn, connector: &ConnectorJudge, partition: &PartitionJudge) -> Filtered {
    if let Some(name) = partition.unreadable_containers.first() {
        return Filtered::Unknown(
            UnknownReason::Unreadable,
            text!("phs501-container-unreadable", container = name),
        );
    }
    let nearest = partition
        .containers
        .iter()
        .find(|(container, ..)| dn.is_at_or_below(container));
    let Some((nearest, included, name)) = nearest else {
        return Filtered::No;
    };
    let contradicted = partition
        .containers
        .iter()
        .any(|(other, also, _)| other == nearest && also != included);
    if contradicted {
        return Filtered::Unknown(
            UnknownReason::Unreadable,
            text!("phs501-container-both", container = name),
        );
    }
    if *included {
        return Filtered::No;
    }
    Filtered::Yes(
        text!(
            "phs501-container-excluded",
            container = name,
            connector = &connector.name
        ),
        vec![EvidenceRow::new(
            &connector.source,
            &partition.name,
            "exclusion",
            name,
        )],
    )
}

fn object_class(subject: &Subject<'_>, partition: &PartitionJudge) -> Filtered {
    let Some(kind) = subject.source.object_type() else {
        // PHS701 says that it was not read.
        return Filtered::No;
    };
    let listed = partition
        .object_classes
        .iter()
        .any(|class| class.eq_ignore_ascii_case(kind));
    if listed || partition.object_classes.is_empty() {
        return Filtered::No;
    }
    Filtered::Yes(
        text!(
            "phs501-class-excluded",
            class = kind,
            partition = &partition.name
        ),
        Vec::new(),
    )
}

/// Group filtering: direct members only (domain 5.10).
fn group(subject: &Subject<'_>, connector: &ConnectorJudge) -> Filtered {
    let Some(group) = &connector.group else {
        return Filtered::No;
    };
    let Ok(wanted) = Dn::parse(group) else {
        return Filtered::Unknown(
            UnknownReason::Unreadable,
            text!("phs501-group-unreadable", group = group),
        );
    };
    match subject.texts("memberOf") {
        None => Filtered::Unknown(
            UnknownReason::NotCollected,
            text!("phs501-groups-not-read", group = group),
        ),
        Some(groups)
            if groups
                .iter()
                .any(|name| Dn::parse(name).is_ok_and(|name| name == wanted)) =>
        {
            Filtered::No
        }
        Some(_) => Filtered::Yes(
            text!("phs501-not-in-group", group = group),
            vec![EvidenceRow::new(
                &connector.source,
                &connector.name,
                "Connector.GroupFilteringGroupDn",
                group,
            )],
        ),
    }
}

/// Scope filters of the rules that would put the user into the metaverse.
fn rules(subject: &Subject<'_>) -> Filtered {
    let Some(evaluation) = &subject.evaluation else {
        return Filtered::No;
    };
    match evaluation.metaverse_link() {
        Link::Provisioned(_) => Filtered::No,
        Link::Unknown(why) => Filtered::Unknown(
            UnknownReason::NotCollected,
            text!("phs501-rules-unknown", reason = why_text(why)),
        ),
        // The object type was not read, or has no rules: PHS701 says so.
        Link::None if !evaluation.has_rules_for_type() => {
            let kind = subject.source.object_type().unwrap_or_default();
            if kind.is_empty() {
                Filtered::No
            } else if let Some(file) = subject.judge.unreadable_rules().first() {
                Filtered::Unknown(
                    UnknownReason::Unreadable,
                    text!("user-rules-unreadable", file = file),
                )
            } else {
                Filtered::Yes(text!("phs501-no-rules-for-type", class = kind), Vec::new())
            }
        }
        Link::None => {
            if let Some(file) = subject.judge.unreadable_rules().first() {
                return Filtered::Unknown(
                    UnknownReason::Unreadable,
                    text!("user-rules-unreadable", file = file),
                );
            }
            let explanations = excluding(evaluation, evaluation.inbound(), |rule| {
                rule.link_type == LinkType::Provision || !rule.join_filter.is_empty()
            });
            let (clauses, rows) = clause_texts(&explanations);
            Filtered::Yes(text!("phs501-rule", clauses = clauses), rows)
        }
    }
}
