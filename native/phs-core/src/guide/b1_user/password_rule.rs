//! PHS503: a rule that carries the password applies on both sides.

use crate::check::{PHS501, PHS503, PHS603, PHS701, PHS702, PHS703, PHS704};
use crate::evidence::UnknownReason;
use crate::evidence::user::ConnectorSpaceObject;
use crate::evidence::{Fact, user::UserEvidence};
use crate::finding::EvidenceRow;
use crate::guide::b3_object_setup::skip_without_place;
use crate::guide::user::{
    Answers, Basis, Selective, Subject, clause_texts, excluding, value_text, why_text,
};
use crate::rules::{PasswordRule, RuleState, Selection, SyncRule, UserEvaluation};
use crate::text;

/// What may be the reason that no rule applies on the side of Active Directory.
const CAUSES: [&crate::check::Check; 4] = [&PHS701, &PHS501, &PHS703, &PHS603];
/// The same on the side of the cloud.
const CLOUD_CAUSES: [&crate::check::Check; 6] =
    [&PHS701, &PHS501, &PHS703, &PHS704, &PHS702, &PHS603];

/// PHS503.
pub(in crate::guide) fn password_rule(subject: &Subject<'_>, answers: &mut Answers) {
    let Some(evaluation) = &subject.evaluation else {
        without_rules(subject, answers);
        return;
    };
    // A rule that could not be read may be the one that applies, or the one that filters.
    if let Some(file) = subject.judge.unreadable_rules().first() {
        let message = text!("user-rules-unreadable", file = file);
        answers.unknown(
            subject,
            &PHS503,
            UnknownReason::Unreadable,
            message,
            Vec::new(),
        );
        return;
    }
    let inbound = match evaluation.password_inbound() {
        PasswordRule::Applies(rule) => rule,
        PasswordRule::Unknown(why) => {
            let message = text!("phs503-unknown", reason = why_text(why));
            answers.unknown(
                subject,
                &PHS503,
                UnknownReason::NotCollected,
                message,
                Vec::new(),
            );
            return;
        }
        PasswordRule::None => {
            no_inbound(subject, evaluation, answers);
            return;
        }
    };
    match evaluation.password_outbound() {
        PasswordRule::Applies(outbound) => match lineage_without_rule(subject.facts) {
            Some(object) => answers.failed(
                subject,
                &PHS503,
                text!("phs503-lineage", object = &object.distinguished_name),
                lineage_rows(subject, object),
            ),
            None => answers.passed(subject, &PHS503, || {
                let message = text!(
                    "phs503-applies",
                    inbound = &inbound.name,
                    outbound = &outbound.name
                );
                (
                    message,
                    vec![rule_row(subject, inbound), rule_row(subject, outbound)],
                )
            }),
        },
        PasswordRule::Unknown(why) => {
            let message = text!("phs503-unknown", reason = why_text(why));
            answers.unknown(
                subject,
                &PHS503,
                UnknownReason::NotCollected,
                message,
                Vec::new(),
            );
        }
        PasswordRule::None => {
            let explanations = excluding(evaluation, evaluation.outbound(), carries);
            let (clauses, rows) = clause_texts(&explanations);
            let rows = if answers.full() { rows } else { Vec::new() };
            let message = if clauses.is_empty() {
                text!("phs503-no-outbound-rule")
            } else {
                text!("phs503-outbound", clauses = clauses)
            };
            answers.failed_after(subject, &PHS503, &CLOUD_CAUSES, message, rows);
        }
    }
}

fn carries(rule: &SyncRule) -> bool {
    rule.enable_password_sync != Some(false)
}

fn without_rules(subject: &Subject<'_>, answers: &mut Answers) {
    if subject.basis() == Basis::Rules {
        skip_without_place(subject, answers, &PHS503);
        return;
    }
    answers.unknown(
        subject,
        &PHS503,
        UnknownReason::NotCollected,
        text!("user-no-rules"),
        Vec::new(),
    );
}

fn no_inbound(subject: &Subject<'_>, evaluation: &UserEvaluation<'_>, answers: &mut Answers) {
    if answers.cause(&CAUSES).is_none()
        && let Some((pair, off)) = selective(subject, evaluation)
    {
        let value = evaluation.source_attribute(&pair.attribute);
        let value = value.map_or_else(why_text, |value| value_text(&value));
        let message = text!(
            "phs503-selective",
            selection = match pair.selection {
                Selection::ExcludesMarked => "excludes",
                Selection::IncludesMarked => "includes",
            },
            attribute = &pair.attribute,
            marker = &pair.value,
            value = value,
            rule = &off.name
        );
        answers.failed(subject, &PHS503, message, subject.rows(&[&pair.attribute]));
        return;
    }
    let explanations = excluding(evaluation, evaluation.inbound(), carries);
    let (clauses, rows) = clause_texts(&explanations);
    let rows = if answers.full() { rows } else { Vec::new() };
    let message = if clauses.is_empty() {
        text!("phs503-no-inbound-rule")
    } else {
        text!("phs503-inbound", clauses = clauses)
    };
    answers.failed_after(subject, &PHS503, &CAUSES, message, rows);
}

/// The selective pair whose rule without password sync applies to the user, and that rule.
fn selective<'s>(
    subject: &'s Subject<'_>,
    evaluation: &UserEvaluation<'s>,
) -> Option<(&'s Selective, &'s SyncRule)> {
    let pairs = &subject.place.connector?.selective;
    pairs.iter().find_map(|pair| {
        let mut on = false;
        let mut off = None;
        for (rule, state) in evaluation.inbound() {
            on |= rule.identifier == pair.on && state == RuleState::OutOfScope;
            if rule.identifier == pair.off && state == RuleState::Applied {
                off = Some(rule);
            }
        }
        off.filter(|_| on).map(|rule| (pair, rule))
    })
}

/// An object whose recorded lineage holds no rule with password sync: what the service did, against what the rules say.
fn lineage_without_rule(facts: Option<&UserEvidence>) -> Option<&ConnectorSpaceObject> {
    let facts = facts?;
    [&facts.connector_space, &facts.entra_connector_space]
        .into_iter()
        .find_map(|object| {
            let object = object.known()?.as_ref()?;
            let lineage = object.lineage.known()?;
            let none = lineage
                .iter()
                .all(|rule| rule.password_sync.known() == Some(&false));
            none.then_some(object)
        })
}

fn lineage_rows(subject: &Subject<'_>, object: &ConnectorSpaceObject) -> Vec<EvidenceRow> {
    let Fact::Known(lineage) = &object.lineage else {
        return Vec::new();
    };
    lineage
        .iter()
        .map(|rule| {
            EvidenceRow::new(
                subject.origin(),
                object.distinguished_name.as_str(),
                "lineage",
                rule.name.as_str(),
            )
        })
        .collect()
}

fn rule_row(subject: &Subject<'_>, rule: &SyncRule) -> EvidenceRow {
    EvidenceRow::new(
        subject.judge.source(),
        rule.name.as_str(),
        "EnablePasswordSync",
        "true",
    )
}
