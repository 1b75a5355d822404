//! What differs in one rule: switches, scope, join, attribute flows.

use std::collections::BTreeMap;

use super::rules::{carries, check, name, of_users, target};
use super::values::{flag, shown};
use super::{Area, Difference, Kind, Side, Sink, scopes};
use crate::casefold::folded;
use crate::check::{Check, PHS204, PHS502, PHS503, PHS702, PHS704, PHS705, Severity};
use crate::evidence::server::SourcedRule;
use crate::rules::model::{AttributeFlow, JoinGroup, ValueMergeType};
use crate::text;
use crate::text::Text;

/// Compares everything but precedence, which is judged over all rules. `version` and `internal-id` count edits and say
/// nothing.
pub(super) fn compare(before: &SourcedRule, after: &SourcedRule, sink: &mut Sink<'_>) {
    let rule = RulePair { before, after };
    rule.identity(sink);
    rule.switches(sink);
    rule.scope(sink);
    rule.join(sink);
    rule.flows(sink);
}

/// One rule on both sides.
pub(super) struct RulePair<'a> {
    pub(super) before: &'a SourcedRule,
    pub(super) after: &'a SourcedRule,
}

impl RulePair<'_> {
    /// Whether both sides have it switched off, so that nothing in it matters.
    fn is_idle(&self) -> bool {
        self.before.rule.disabled && self.after.rule.disabled
    }

    /// Whether it lets passwords of users through, on either side.
    fn carries(&self) -> bool {
        of_users(&self.after.rule) && (carries(&self.before.rule) || carries(&self.after.rule))
    }

    /// How much a difference in what the rule does matters.
    fn severity(&self) -> Severity {
        if self.is_idle() || !of_users(&self.after.rule) {
            Severity::Information
        } else if self.carries() {
            Severity::Error
        } else {
            Severity::Warning
        }
    }

    fn check(&self) -> Option<&'static Check> {
        if self.carries() {
            Some(&PHS204)
        } else {
            check(&self.after.rule)
        }
    }

    pub(super) fn name(&self) -> String {
        name(&self.after.rule)
    }

    fn one(&self, kind: Kind, severity: Severity, property: &str, message: Text) -> Difference {
        Difference::new(
            Area::Rule,
            kind,
            severity,
            target(&self.after.rule),
            property,
            message,
        )
        .sources(&self.before.source, &self.after.source)
    }

    /// A difference in the scope filter.
    pub(super) fn scope_difference(&self, kind: Kind, message: Text) -> Difference {
        let check = of_users(&self.after.rule).then_some(&PHS503);
        self.one(kind, self.severity(), "synchronizationCriteria", message)
            .check(check)
    }

    fn value(
        &self,
        severity: Severity,
        check: Option<&'static Check>,
        property: &str,
        (before, after): (&str, &str),
        sink: &mut Sink<'_>,
    ) {
        if before == after {
            return;
        }
        let message = text!(
            "compare-rule-value",
            property = property,
            rule = self.name(),
            before = shown(before),
            after = shown(after)
        );
        sink(
            self.one(Kind::Changed, severity, property, message)
                .check(check)
                .values(Some(before.to_owned()), Some(after.to_owned())),
        );
    }

    fn identity(&self, sink: &mut Sink<'_>) {
        let (before, after) = (&self.before.rule, &self.after.rule);
        for (property, values) in [
            ("name", (before.name.as_str(), after.name.as_str())),
            (
                "description",
                (before.description.as_str(), after.description.as_str()),
            ),
            (
                "immutable-tag",
                (before.immutable_tag.as_str(), after.immutable_tag.as_str()),
            ),
        ] {
            self.value(Severity::Information, None, property, values, sink);
        }
        let interval = |text: &Option<String>| text.clone().unwrap_or_default();
        self.value(
            Severity::Information,
            None,
            "softDeleteExpiryInterval",
            (
                &interval(&before.soft_delete_expiry_interval),
                &interval(&after.soft_delete_expiry_interval),
            ),
            sink,
        );
        for (property, values) in [
            (
                "direction",
                (before.direction.as_str(), after.direction.as_str()),
            ),
            (
                "sourceObjectType",
                (
                    before.source_object_type.as_str(),
                    after.source_object_type.as_str(),
                ),
            ),
            (
                "targetObjectType",
                (
                    before.target_object_type.as_str(),
                    after.target_object_type.as_str(),
                ),
            ),
            (
                "linkType",
                (before.link_type.as_str(), after.link_type.as_str()),
            ),
        ] {
            self.value(self.severity(), self.check(), property, values, sink);
        }
    }

    fn switches(&self, sink: &mut Sink<'_>) {
        let (before, after) = (&self.before.rule, &self.after.rule);
        let rule = self.name();
        if before.disabled != after.disabled {
            let (severity, message) = match (after.disabled, self.carries()) {
                (true, true) => (
                    Severity::Critical,
                    text!("compare-password-rule-disabled", rule = rule),
                ),
                (false, true) => (
                    Severity::Warning,
                    text!("compare-password-rule-enabled", rule = rule),
                ),
                (true, false) => (self.severity(), text!("compare-rule-disabled", rule = rule)),
                (false, false) => (self.severity(), text!("compare-rule-enabled", rule = rule)),
            };
            sink(
                self.one(Kind::Changed, severity, "disabled", message)
                    .check(self.check())
                    .values(Some(flag(before.disabled)), Some(flag(after.disabled))),
            );
        }
        self.password_sync(sink);
    }

    fn password_sync(&self, sink: &mut Sink<'_>) {
        const PROPERTY: &str = "EnablePasswordSync";
        let (was, is) = (
            self.before.rule.enable_password_sync,
            self.after.rule.enable_password_sync,
        );
        let rule = self.name();
        let matters = of_users(&self.after.rule) && !self.is_idle();
        let difference = match (was, is) {
            (was, is) if was == is => return,
            (Some(_), Some(true)) => self.one(
                Kind::Changed,
                if matters {
                    Severity::Warning
                } else {
                    Severity::Information
                },
                PROPERTY,
                text!("compare-password-sync-on", rule = rule),
            ),
            (Some(_), Some(false)) => self.one(
                Kind::Changed,
                if matters {
                    Severity::Critical
                } else {
                    Severity::Information
                },
                PROPERTY,
                text!("compare-password-sync-off", rule = rule),
            ),
            (was, _) => {
                let side = if was.is_none() {
                    Side::Reference
                } else {
                    Side::Difference
                };
                self.one(
                    Kind::NotComparable,
                    Severity::Warning,
                    PROPERTY,
                    text!(
                        "compare-password-sync-unstated",
                        rule = rule,
                        side = side.text()
                    ),
                )
            }
        };
        sink(
            difference
                .check(of_users(&self.after.rule).then_some(&PHS204))
                .values(was.map(flag), is.map(flag)),
        );
    }

    fn scope(&self, sink: &mut Sink<'_>) {
        scopes::compare(
            self,
            &self.before.rule.scope_filter,
            &self.after.rule.scope_filter,
            sink,
        );
    }

    fn join(&self, sink: &mut Sink<'_>) {
        let (was, is) = (
            join_text(&self.before.rule.join_filter),
            join_text(&self.after.rule.join_filter),
        );
        if was == is {
            return;
        }
        let message = text!(
            "compare-join",
            rule = self.name(),
            before = shown(&was),
            after = shown(&is)
        );
        sink(
            self.one(
                Kind::Changed,
                self.severity(),
                "relationshipCriteria",
                message,
            )
            .check(of_users(&self.after.rule).then_some(&PHS502))
            .values(Some(was), Some(is)),
        );
    }

    fn flows(&self, sink: &mut Sink<'_>) {
        let was = by_destination(&self.before.rule.attribute_flows);
        let is = by_destination(&self.after.rule.attribute_flows);
        for (key, (destination, before)) in &was {
            match is.get(key) {
                Some((_, after)) if before == after => {}
                Some((_, after)) => sink(self.flow(destination, Some(before), Some(after))),
                None => sink(self.flow(destination, Some(before), None)),
            }
        }
        for (key, (destination, after)) in &is {
            if !was.contains_key(key) {
                sink(self.flow(destination, None, Some(after)));
            }
        }
    }

    fn flow(
        &self,
        destination: &str,
        before: Option<&String>,
        after: Option<&String>,
    ) -> Difference {
        let (severity, check) = self.flow_weight(destination);
        let rule = self.name();
        let property = format!("attribute-mappings/{destination}");
        let difference = match (before, after) {
            (Some(before), Some(after)) => self.one(
                Kind::Changed,
                severity,
                &property,
                text!(
                    "compare-flow-changed",
                    rule = rule,
                    attribute = destination,
                    before = before,
                    after = after
                ),
            ),
            (before, after) => {
                let side = if before.is_some() {
                    Side::Reference
                } else {
                    Side::Difference
                };
                let flow = before.or(after).map_or("", String::as_str);
                self.one(
                    side.only(),
                    severity,
                    &property,
                    text!(
                        "compare-flow-only",
                        rule = rule,
                        attribute = destination,
                        flow = flow,
                        side = side.text()
                    ),
                )
            }
        };
        difference
            .check(check)
            .values(before.cloned(), after.cloned())
    }

    /// Flows of these attributes decide whether and as whom a user reaches the cloud; all others carry data only.
    fn flow_weight(&self, destination: &str) -> (Severity, Option<&'static Check>) {
        let weighty: [(&str, Severity, &'static Check); 6] = [
            ("cloudFiltered", Severity::Error, &PHS702),
            ("sourceAnchor", Severity::Error, &PHS704),
            ("sourceAnchorBinary", Severity::Error, &PHS704),
            ("cloudSourceAnchor", Severity::Error, &PHS704),
            ("userPrincipalName", Severity::Warning, &PHS705),
            ("pwdLastSet", Severity::Warning, &PHS503),
        ];
        let found = weighty
            .into_iter()
            .find(|(name, ..)| name.eq_ignore_ascii_case(destination));
        match found {
            Some((_, severity, check)) if of_users(&self.after.rule) && !self.is_idle() => {
                (severity, Some(check))
            }
            _ => (Severity::Information, None),
        }
    }
}

fn join_text(groups: &[JoinGroup]) -> String {
    groups
        .iter()
        .map(|group| {
            group
                .conditions
                .iter()
                .map(|condition| {
                    let case = if condition.case_sensitive {
                        " (case-sensitive)"
                    } else {
                        ""
                    };
                    format!(
                        "{} = {}{case}",
                        condition.connector_space_attribute, condition.metaverse_attribute
                    )
                })
                .collect::<Vec<_>>()
                .join(" AND ")
        })
        .collect::<Vec<_>>()
        .join(" OR ")
}

/// The flows of each attribute in words, by the attribute's folded name.
fn by_destination(flows: &[AttributeFlow]) -> BTreeMap<String, (&str, String)> {
    let mut found: BTreeMap<String, (&str, Vec<String>)> = BTreeMap::new();
    for flow in flows {
        found
            .entry(folded(&flow.destination))
            .or_insert_with(|| (&flow.destination, Vec::new()))
            .1
            .push(flow_text(flow));
    }
    found
        .into_iter()
        .map(|(key, (destination, mut texts))| {
            texts.sort_unstable();
            (key, (destination, texts.join("; ")))
        })
        .collect()
}

fn flow_text(flow: &AttributeFlow) -> String {
    let mut text = match (&flow.expression, &flow.constant) {
        (Some(expression), _) => expression.trim().to_owned(),
        (None, Some(constant)) => format!("\"{constant}\""),
        (None, None) => flow.sources.join(", "),
    };
    if flow.value_merge_type != ValueMergeType::Update {
        text = format!("{text} ({})", flow.value_merge_type);
    }
    if flow.execute_once {
        text.push_str(" (once)");
    }
    text
}
