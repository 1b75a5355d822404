//! The guide, one file per step. Each file judges evidence; none collects it.

pub mod a1_permissions;
pub mod a2_sign_in_method;
pub mod a3_connectivity;
pub mod a4_staging_mode;
mod b1_user;
mod b2_temporary_password;
mod b3_object_setup;
pub mod service;
pub mod tool;
pub mod user;

use jiff::{SignedDuration, Timestamp};

use crate::check::{self, Check, Need, Status, Step};
use crate::evidence::server::{ServerConfiguration, UnreadablePart};
use crate::evidence::{Evidence, UnknownReason};
use crate::finding::{EvidenceRow, Finding, Outcome, SkipReason, Target};
use crate::text;
use crate::text::{Argument, Text};

/// What a judgement may know beside the evidence.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// Now, by the clock of whoever runs the tool. Only for facts that age (supported builds, certificates judged live).
    pub today: Timestamp,
    /// Whether users were named; without them the steps B1 to B3 do not apply.
    pub users_named: bool,
    /// Windows and limits that the user may change.
    pub policy: Policy,
}

/// Windows and limits of judgement that the user may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How long the agent may be silent (domain 1.3: three hours, as Microsoft's own cmdlet).
    pub heartbeat_window: SignedDuration,
    /// How far back errors count.
    pub error_window: SignedDuration,
    /// As many errors of one cause inside the window are persistent; fewer may be transient.
    pub persistent_from: usize,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            heartbeat_window: SignedDuration::from_hours(3),
            error_window: SignedDuration::from_hours(2),
            persistent_from: 5,
        }
    }
}

/// Takes findings as they are made.
pub type Sink<'a> = dyn FnMut(Finding) + 'a;

/// Judges one step. Every check of the step that is not built yet says so; every check that has no evidence says so.
pub fn judge(step: Step, evidence: &Evidence, context: &Context, sink: &mut Sink<'_>) {
    if matches!(step, Step::B1 | Step::B2 | Step::B3) && !context.users_named {
        for_each_built_or_first(step, |check| {
            sink(skip(check, SkipReason::NotApplicable, text!("no-user")));
        });
        return;
    }
    let mut answered: Vec<&str> = Vec::new();
    let mut note = |finding: Finding| {
        let finding = with_cause(finding, evidence);
        if answered.last() != Some(&finding.check.id) {
            answered.push(finding.check.id);
        }
        sink(with_group(finding, evidence));
    };
    match step {
        Step::A1 => a1_permissions::judge(evidence, context, &mut note),
        Step::A2 => a2_sign_in_method::judge(evidence, context, &mut note),
        Step::A3 => a3_connectivity::judge(evidence, context, &mut note),
        Step::A4 => a4_staging_mode::judge(evidence, context, &mut note),
        Step::B1 | Step::B2 | Step::B3 => user::judge_step(step, evidence, context, &mut note),
        Step::Service => service::judge(evidence, context, &mut note),
        Step::Tool => {}
    }
    for check in check::of_step(step) {
        match check.status {
            Status::Planned => sink(skip(
                check,
                SkipReason::NotSupported,
                text!("not-supported", name = check.id),
            )),
            // What judges the tool itself is known to the run, not to the evidence: see `tool`.
            Status::Stable if step != Step::Tool && !answered.contains(&check.id) => {
                sink(with_cause(unanswered(check, evidence), evidence));
            }
            Status::Stable | Status::Removed => {}
        }
    }
}

/// A question that the running server refused to answer says whose member may ask.
fn with_group(finding: Finding, evidence: &Evidence) -> Finding {
    let refused = finding.outcome == Outcome::Skipped(SkipReason::NotPermitted)
        && finding.check.needs.contains(&Need::Server)
        && evidence.server.as_ref().is_some_and(|server| server.live);
    if refused {
        finding.with_remedy(text!("server-not-permitted"))
    } else {
        finding
    }
}

/// One row stands for a whole step that does not apply.
fn for_each_built_or_first(step: Step, row: impl FnOnce(&'static Check)) {
    if let Some(first) = check::of_step(step).next() {
        row(first);
    }
}

/// A check that gave no answer: named by the first kind of evidence that it needs and does not have.
fn unanswered(check: &'static Check, evidence: &Evidence) -> Finding {
    let need = check
        .needs
        .iter()
        .copied()
        .find(|&need| !evidence.has(need))
        .or_else(|| check.needs.first().copied())
        .unwrap_or(Need::Server);
    missing(check, need)
}

/// A skipped finding about the check as a whole.
pub fn skip(check: &'static Check, reason: SkipReason, message: Text) -> Finding {
    Finding::skipped(check, reason, Target::named(check.name), message)
}

/// A check whose kind of evidence was not given at all.
pub fn missing(check: &'static Check, need: Need) -> Finding {
    skip(
        check,
        SkipReason::EvidenceMissing,
        text!("evidence-missing", kind = kind_text(need)),
    )
}

/// A kind of evidence in words.
pub fn kind_text(need: Need) -> Text {
    match need {
        Need::Server => text!("need-server"),
        Need::Directory => text!("need-directory"),
        Need::Network => text!("need-network"),
        Need::Events => text!("need-events"),
        Need::Cloud => text!("need-cloud"),
        Need::User => text!("need-user"),
        Need::Host => text!("need-host"),
    }
}

/// A finding about evidence that is missing, with what stood in the way of collecting it, where that is known.
fn with_cause(finding: Finding, evidence: &Evidence) -> Finding {
    if finding.message.key != "evidence-missing" {
        return finding;
    }
    let Some(cause) = finding
        .check
        .needs
        .iter()
        .filter(|need| !evidence.has(**need))
        .find_map(|need| evidence.why_missing(*need))
    else {
        return finding;
    };
    let detail = cause
        .detail
        .as_deref()
        .map_or_else(|| reason_text(cause.reason).into(), Argument::from);
    let message = text!("evidence-not-had", kind = kind_text(cause.kind)).with("detail", detail);
    let mut told = skip(finding.check, skip_reason(cause.reason), message);
    if let Some(id) = &cause.error_id {
        let detail = cause.detail.clone().unwrap_or_default();
        told = told.with_evidence([EvidenceRow::new("collection", id, "error", detail)]);
    }
    told.observed(finding.observed_at)
}

/// A part of the server configuration that could not be read, so that a check stays without answer.
fn part_unreadable(check: &'static Check, target: Target, part: &UnreadablePart) -> Finding {
    let message = if part.reason == UnknownReason::NotSupported {
        text!("part-not-held", file = &part.source, detail = &part.detail)
    } else {
        text!(
            "part-unreadable",
            file = &part.source,
            error = &part.error_id
        )
    };
    Finding::skipped(check, skip_reason(part.reason), target, message)
        .with_evidence([unreadable_row(part)])
}

/// What the reader said about a part that could not be read.
fn unreadable_row(part: &UnreadablePart) -> EvidenceRow {
    EvidenceRow::new(&part.source, &part.error_id, "error", &part.detail)
}

/// The Connect server as a target: by its name where that is known, else by where its configuration was read.
pub(crate) fn server_target(server: &ServerConfiguration) -> Target {
    Target::named(server.name.known().unwrap_or(&server.source).as_str())
}

/// Why a value is not known, in words.
pub(crate) fn reason_text(reason: UnknownReason) -> Text {
    match reason {
        UnknownReason::NotCollected => text!("unknown-not-collected"),
        UnknownReason::Absent => text!("unknown-absent"),
        UnknownReason::NotPermitted => text!("unknown-not-permitted"),
        UnknownReason::Unreadable => text!("unknown-unreadable"),
        UnknownReason::NotSupported => text!("unknown-not-supported"),
    }
}

/// The reason to skip a check because a value is not known.
fn skip_reason(reason: UnknownReason) -> SkipReason {
    match reason {
        UnknownReason::NotPermitted => SkipReason::NotPermitted,
        UnknownReason::NotCollected
        | UnknownReason::Absent
        | UnknownReason::Unreadable
        | UnknownReason::NotSupported => SkipReason::EvidenceMissing,
    }
}
