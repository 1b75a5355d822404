//! Guide step B3: is the object set up right for synchronization (PHS701 to PHS705)?

mod anchor;

pub(super) use anchor::anchor;

use super::user::{Answers, Basis, Seen, Subject, value_text, why_text};
use crate::casefold;
use crate::check::{PHS501, PHS701, PHS702, PHS703, PHS705};
use crate::evidence::user::ObjectError;
use crate::evidence::{Fact, UnknownReason};
use crate::finding::{EvidenceRow, SkipReason};
use crate::guide::{reason_text, skip_reason};
use crate::rules::{Attribute, FlowExplanation, Link, Truth};
use crate::text;
use crate::text::Text;

/// PHS701.
pub(super) fn object_type(subject: &Subject<'_>, answers: &mut Answers) {
    let Some(kind) = subject.source.object_type() else {
        answers.unknown(
            subject,
            &PHS701,
            UnknownReason::NotPermitted,
            text!("phs701-not-read"),
            Vec::new(),
        );
        return;
    };
    let rows = |answers: &Answers| {
        if answers.full() {
            vec![subject.row("objectClass", kind)]
        } else {
            Vec::new()
        }
    };
    let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(kind));
    let wrong = if is(&["user"]) {
        None
    } else if is(&["inetOrgPerson"]) {
        Some(text!(
            "phs701-inet-org-person",
            basis = subject.basis().word()
        ))
    } else if is(&["computer"]) {
        Some(text!("phs701-computer"))
    } else if is(&[
        "msDS-GroupManagedServiceAccount",
        "msDS-ManagedServiceAccount",
        "msDS-DelegatedManagedServiceAccount",
    ]) {
        Some(text!("phs701-service-account", class = kind))
    } else {
        Some(text!("phs701-other", class = kind))
    };
    let found = rows(answers);
    if let Some(message) = wrong {
        answers.failed(subject, &PHS701, message, found);
        return;
    }
    // The rules of a server may let in what the default rules keep out.
    let kept_out = || match &subject.evaluation {
        None => true,
        Some(evaluation) => {
            evaluation.metaverse_link() == Link::None || cloud_filter(subject) == Truth::True
        }
    };
    let basis = subject.basis().word();
    let conflict = || {
        let dn = subject.place.dn.as_ref();
        dn.and_then(crate::dn::Dn::rdn)
            .is_some_and(crate::dn::Rdn::is_conflict)
    };
    let critical = || {
        subject
            .text("isCriticalSystemObject")
            .is_some_and(|text| text.eq_ignore_ascii_case("TRUE"))
    };
    if conflict() && kept_out() {
        answers.failed(
            subject,
            &PHS701,
            text!("phs701-conflict", basis = basis),
            found,
        );
    } else if critical() && kept_out() {
        let mut found = found;
        found.extend(subject.rows(&["isCriticalSystemObject"]));
        answers.failed(
            subject,
            &PHS701,
            text!("phs701-critical", basis = basis),
            found,
        );
    } else {
        answers.passed(subject, &PHS701, || (text!("phs701-user"), found));
    }
}

fn cloud_filter(subject: &Subject<'_>) -> Truth {
    subject
        .evaluation
        .as_ref()
        .and_then(|evaluation| evaluation.metaverse("cloudFiltered"))
        .map_or(Truth::False, Attribute::is_true)
}

/// PHS702.
pub(super) fn cloud_filtered(subject: &Subject<'_>, answers: &mut Answers) {
    let Some(evaluation) = &subject.evaluation else {
        if subject.basis() == Basis::Default {
            default_names(subject, answers);
        } else {
            skip_without_place(subject, answers, &PHS702);
        }
        return;
    };
    if evaluation.metaverse_link() == Link::None {
        answers.skipped(subject, &PHS702, SkipReason::NotApplicable, || {
            (text!("phs702-no-metaverse-object"), Vec::new())
        });
        return;
    }
    match evaluation.metaverse("cloudFiltered") {
        Some(Attribute::Unknown(why)) => {
            let message = text!("phs702-unknown", reason = why_text(*why));
            answers.unknown(
                subject,
                &PHS702,
                UnknownReason::NotCollected,
                message,
                Vec::new(),
            );
        }
        Some(attribute) if attribute.is_true() == Truth::True => {
            let (message, rows) = match evaluation.explain_attribute("cloudFiltered") {
                Some(flow) => filtered_by(subject, &flow),
                None => (text!("phs702-filtered-by-unknown"), Vec::new()),
            };
            answers.failed_after(subject, &PHS702, &[&PHS701, &PHS501], message, rows);
        }
        _ => answers.passed(subject, &PHS702, || {
            (text!("phs702-not-filtered"), Vec::new())
        }),
    }
}

fn filtered_by(subject: &Subject<'_>, flow: &FlowExplanation<'_>) -> (Text, Vec<EvidenceRow>) {
    let part = flow
        .decisive
        .as_ref()
        .map_or(flow.flow, |decisive| decisive.text);
    let attributes = flow
        .decisive
        .as_ref()
        .map_or(&[][..], |decisive| decisive.attributes.as_slice());
    let values: Vec<Text> = attributes
        .iter()
        .map(|(name, value)| {
            text!(
                "user-attribute-is",
                attribute = *name,
                value = value_text(value)
            )
        })
        .collect();
    let rows = if subject.full() {
        let mut rows = vec![EvidenceRow::new(
            "synchronization rule",
            flow.rule.name.as_str(),
            "cloudFiltered",
            flow.flow,
        )];
        rows.extend(
            attributes
                .iter()
                .map(|(name, value)| subject.row(name, value.to_string())),
        );
        rows
    } else {
        Vec::new()
    };
    let message = text!(
        "phs702-filtered",
        rule = &flow.rule.name,
        part = part.trim(),
        values = values
    );
    (message, rows)
}

/// Names that the default rules filter (domain 5.7), for users whose rules are not known.
fn default_names(subject: &Subject<'_>, answers: &mut Answers) {
    let mut undecided = None;
    for (attribute, prefix, also) in [
        ("sAMAccountName", "MSOL_", ""),
        ("sAMAccountName", "AAD_", ""),
        ("sAMAccountName", "CAS_", "}"),
        ("mailNickname", "CAS_", "}"),
        ("mailNickname", "SystemMailbox{", ""),
        ("sAMAccountName", "SUPPORT_388945a0", ""),
    ] {
        let Some(value) = subject.text(attribute) else {
            continue;
        };
        let whole = prefix == "SUPPORT_388945a0";
        let starts = casefold::starts_with_folded(value, &casefold::folded(prefix));
        if !starts || !value.contains(also) || (whole && value.len() != prefix.len()) {
            continue;
        }
        let name = text!(
            "phs702-default-name",
            attribute = attribute,
            value = value,
            prefix = prefix
        );
        if value.starts_with(prefix) {
            answers.failed_after(
                subject,
                &PHS702,
                &[&PHS701],
                name,
                subject.rows(&[attribute]),
            );
            return;
        }
        undecided = undecided.or(Some((attribute, value, prefix)));
    }
    if let Some((attribute, value, prefix)) = undecided {
        let message = text!(
            "phs702-default-name-case",
            attribute = attribute,
            value = value,
            prefix = prefix
        );
        answers.unknown(
            subject,
            &PHS702,
            UnknownReason::NotCollected,
            message,
            subject.rows(&[attribute]),
        );
        return;
    }
    answers.skipped(subject, &PHS702, SkipReason::EvidenceMissing, || {
        (text!("user-no-rules"), Vec::new())
    });
}

/// No connector holds the user, so no rules say anything of it.
pub(super) fn skip_without_place(
    subject: &Subject<'_>,
    answers: &mut Answers,
    check: &'static crate::check::Check,
) {
    answers.skipped(subject, check, SkipReason::DependencyFailed, || {
        (text!("user-no-connector"), Vec::new())
    });
}

/// PHS703: errors that the service reports on the object, and flows that fail on it.
pub(super) fn object_errors(subject: &Subject<'_>, answers: &mut Answers) {
    if let Some(error) = subject
        .evaluation
        .as_ref()
        .and_then(|evaluation| evaluation.errors().first())
    {
        let rows = if answers.full() {
            vec![EvidenceRow::new(
                "synchronization rule",
                error.rule.name.as_str(),
                error.destination,
                error.expression,
            )]
        } else {
            Vec::new()
        };
        let message = text!(
            "phs703-flow",
            rule = &error.rule.name,
            attribute = error.destination,
            detail = error.error.to_string()
        );
        answers.failed(subject, &PHS703, message, rows);
        return;
    }
    let Some(facts) = subject.facts else {
        return unread_errors(subject, answers);
    };
    let mut read = false;
    let mut errors: Vec<(Text, &ObjectError)> = Vec::new();
    let places = [
        (&facts.connector_space, text!("phs703-ad")),
        (&facts.entra_connector_space, text!("phs703-entra")),
    ];
    for (object, place) in places {
        let Fact::Known(Some(object)) = object else {
            continue;
        };
        for error in [&object.synchronization_error, &object.export_error] {
            if let Fact::Known(error) = error {
                read = true;
                errors.extend(error.iter().map(|error| (place.clone(), error)));
            }
        }
    }
    if let Fact::Known(Some(cloud)) = &facts.cloud
        && let Fact::Known(list) = &cloud.provisioning_errors
    {
        read = true;
        errors.extend(list.iter().map(|error| (text!("phs703-cloud"), error)));
    }
    if errors.is_empty() {
        if read {
            answers.passed(subject, &PHS703, || (text!("phs703-none"), Vec::new()));
        } else {
            unread_errors(subject, answers);
        }
        return;
    }
    let texts: Vec<Text> = errors
        .iter()
        .map(|(place, error)| {
            text!(
                "phs703-error",
                place = place.clone(),
                error = &error.error_type,
                detail = error.detail.clone().unwrap_or_default()
            )
        })
        .collect();
    let rows = errors
        .iter()
        .map(|(_, error)| {
            subject.row(
                "error",
                format!(
                    "{} {}",
                    error.error_type,
                    error.detail.as_deref().unwrap_or_default()
                )
                .trim(),
            )
        })
        .collect();
    answers.failed(
        subject,
        &PHS703,
        text!("phs703-errors", errors = texts),
        rows,
    );
}

fn unread_errors(subject: &Subject<'_>, answers: &mut Answers) {
    if let Some(Fact::Unknown {
        reason: UnknownReason::NotPermitted,
        detail: Some(permission),
    }) = subject.facts.map(|facts| &facts.cloud)
    {
        answers.skipped(subject, &PHS703, SkipReason::NotPermitted, || {
            let message = text!("phs703-not-permitted", permission = permission);
            (message, Vec::new())
        });
        return;
    }
    answers.skipped(subject, &PHS703, SkipReason::EvidenceMissing, || {
        (text!("phs703-not-read"), Vec::new())
    });
}

/// PHS705.
pub(super) fn cloud_user_name(subject: &Subject<'_>, answers: &mut Answers) {
    let name = match subject.octets("userPrincipalName") {
        Seen::NotRead(reason) => {
            answers.skipped(subject, &PHS705, skip_reason(reason), || {
                (
                    text!("phs705-not-read", reason = reason_text(reason)),
                    Vec::new(),
                )
            });
            return;
        }
        Seen::Absent => None,
        Seen::Value(octets) => std::str::from_utf8(octets).ok(),
    };
    let Some(name) = name else {
        answers.hint(subject, &PHS705, text!("phs705-no-name"), Vec::new());
        return;
    };
    let domains = match &subject.judge.tenant().verified_domains {
        Fact::Known(domains) => domains,
        Fact::Unknown { reason, .. } => {
            answers.skipped(subject, &PHS705, skip_reason(*reason), || {
                (
                    text!("phs705-domains-not-read", reason = reason_text(*reason)),
                    subject.rows(&["userPrincipalName"]),
                )
            });
            return;
        }
    };
    let suffix = name.rsplit_once('@').map_or("", |(_, suffix)| suffix);
    if domains
        .iter()
        .any(|domain| domain.eq_ignore_ascii_case(suffix))
    {
        answers.passed(subject, &PHS705, || {
            (
                text!("phs705-verified", suffix = suffix),
                subject.rows(&["userPrincipalName"]),
            )
        });
    } else {
        answers.hint(
            subject,
            &PHS705,
            text!("phs705-unverified", name = name, suffix = suffix),
            subject.rows(&["userPrincipalName"]),
        );
    }
}
