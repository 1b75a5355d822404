//! Scope clauses and reasons of the rules in words: which rule, which group, which clause, what the object has.

use crate::finding::EvidenceRow;
use crate::rules::{RuleExplanation, RuleState, SyncRule, UserEvaluation, Value, Why};
use crate::text;
use crate::text::Text;

/// Why rules do not apply, in their order. `of` picks the rules.
pub(in crate::guide) fn excluding<'e, 'a: 'e>(
    evaluation: &'e UserEvaluation<'a>,
    rules: impl Iterator<Item = (&'a SyncRule, RuleState<'a>)>,
    of: impl Fn(&SyncRule) -> bool,
) -> Vec<RuleExplanation<'e>> {
    rules
        .filter(|(rule, state)| of(rule) && *state != RuleState::Applied)
        .filter_map(|(rule, _)| evaluation.explain_rule(rule))
        .collect()
}

/// One text for each clause that does not hold, or for the state of a rule that has none; and evidence rows.
pub(in crate::guide) fn clause_texts(
    explanations: &[RuleExplanation<'_>],
) -> (Vec<Text>, Vec<EvidenceRow>) {
    let mut texts = Vec::new();
    let mut rows = Vec::new();
    for explanation in explanations {
        let rule = explanation.rule;
        match explanation.state {
            RuleState::Disabled => texts.push(text!("user-rule-disabled", rule = &rule.name)),
            RuleState::NotLinked => texts.push(text!("user-rule-not-linked", rule = &rule.name)),
            _ => {}
        }
        for report in &explanation.clauses {
            let Some(clause) = rule
                .scope_filter
                .get(report.group - 1)
                .and_then(|group| group.clauses.get(report.clause - 1))
            else {
                continue;
            };
            let value = match &report.found {
                Ok(value) => value_text(value),
                Err(why) => why_text(*why),
            };
            texts.push(text!(
                "user-clause",
                rule = &rule.name,
                clause = clause.to_string(),
                group = report.group,
                place = report.clause,
                attribute = report.attribute,
                value = value
            ));
            if let Ok(value) = &report.found {
                rows.push(EvidenceRow::new(
                    "synchronization rule",
                    rule.name.as_str(),
                    format!("{}.{} {clause}", report.group, report.clause),
                    value.to_string(),
                ));
            }
        }
    }
    (texts, rows)
}

/// A value, or that there is none.
pub(in crate::guide) fn value_text(value: &Value<'_>) -> Text {
    if value.is_empty() {
        text!("user-value-absent")
    } else {
        text!("user-value", value = value.to_string())
    }
}

/// Why the rules give no answer.
pub(in crate::guide) fn why_text(why: Why<'_>) -> Text {
    let name = why.subject().unwrap_or_default();
    match why {
        Why::AttributeNotRead(_) => text!("why-attribute-not-read", name = name),
        Why::UnknownFunction(_) => text!("why-unknown-function", name = name),
        Why::UnknownParameter(_) => text!("why-unknown-parameter", name = name),
        Why::Volatile(_) => text!("why-volatile", name = name),
        Why::Undocumented(_) => text!("why-undocumented", name = name),
        Why::CaseOnly => text!("why-case-only"),
        Why::UnknownOperator(_) => text!("why-unknown-operator", name = name),
        Why::UnusableValue(_) => text!("why-unusable-value", name = name),
        Why::UnknownMergeType(_) => text!("why-unknown-merge-type", name = name),
        Why::Unreadable(_) => text!("why-unreadable", name = name),
        Why::FlowFailed(_) => text!("why-flow-failed", name = name),
        Why::ObjectTypeNotRead => text!("why-object-type-not-read"),
        Why::JoinNotDecided => text!("why-join-not-decided"),
        Why::PasswordSyncNotStated => text!("why-password-sync-not-stated"),
        Why::MetaverseAttribute(_) => text!("why-metaverse-attribute", name = name),
        Why::TooMuchWork => text!("why-too-much-work"),
    }
}
