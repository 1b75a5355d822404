//! The guide, one file per step. Each file judges evidence; none collects it.

pub mod a2_sign_in_method;
pub mod a4_staging_mode;

use jiff::Timestamp;

use crate::check::{self, Check, Need, Status, Step};
use crate::evidence::Evidence;
use crate::finding::{Finding, SkipReason, Target};
use crate::text;
use crate::text::Text;

/// What a judgement may know beside the evidence.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// Now, by the clock of whoever runs the tool. Only for facts that age (supported builds, certificates judged live).
    pub today: Timestamp,
    /// Whether users were named; without them the steps B1 to B3 do not apply.
    pub users_named: bool,
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
    match step {
        Step::A2 => a2_sign_in_method::judge(evidence, context, sink),
        Step::A4 => a4_staging_mode::judge(evidence, context, sink),
        _ => {}
    }
    for check in check::of_step(step).filter(|check| check.status == Status::Planned) {
        sink(skip(
            check,
            SkipReason::NotSupported,
            text!("not-supported", name = check.id),
        ));
    }
}

/// One row stands for a whole step that does not apply.
fn for_each_built_or_first(step: Step, row: impl FnOnce(&'static Check)) {
    if let Some(first) = check::of_step(step).next() {
        row(first);
    }
}

/// A skipped finding about the check as a whole.
pub fn skip(check: &'static Check, reason: SkipReason, message: Text) -> Finding {
    Finding::skipped(check, reason, Target::named(check.name), message)
}

/// A check whose kind of evidence was not given at all.
pub fn missing(check: &'static Check, need: Need) -> Finding {
    let kind = match need {
        Need::Server => text!("need-server"),
        Need::Directory => text!("need-directory"),
        Need::Network => text!("need-network"),
        Need::Events => text!("need-events"),
        Need::Cloud => text!("need-cloud"),
        Need::User => text!("need-user"),
        Need::Host => text!("need-host"),
    };
    skip(
        check,
        SkipReason::EvidenceMissing,
        text!("evidence-missing", kind = kind),
    )
}
