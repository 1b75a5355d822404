//! PHS807: has the first synchronisation finished. A paused agent (613) that did nothing since still waits for it.

use super::super::{Context, Sink, missing, skip};
use super::{cycles, rows, staging};
use crate::check::{Need, PHS807};
use crate::evidence::Evidence;
use crate::evidence::events::PROVIDER;
use crate::finding::{Finding, SkipReason, Target};
use crate::text;

/// The agent was paused since the first full directory synchronisation has not finished.
const PAUSED: u32 = 613;

/// Judges PHS807.
pub(super) fn judge(evidence: &Evidence, _context: &Context, sink: &mut Sink<'_>) {
    if staging(evidence) == Some(true) {
        let observed_at = evidence.events.as_ref().and_then(|log| log.observed_at);
        sink(
            skip(&PHS807, SkipReason::NotApplicable, text!("phs801-staging"))
                .observed(observed_at.or(evidence.collected_at)),
        );
        return;
    }
    let Some(log) = &evidence.events else {
        if !cycles::initial_sync(evidence, None, sink) {
            sink(missing(&PHS807, Need::Events));
        }
        return;
    };
    let of_agent = || {
        log.events
            .iter()
            .filter(|event| event.provider.eq_ignore_ascii_case(PROVIDER))
    };
    let paused = of_agent()
        .filter(|event| event.id == PAUSED)
        .max_by_key(|event| event.time);
    // Passwords on their way prove that the pause is over; a heartbeat does not, since it needs no finished sync.
    let working = of_agent()
        .filter(|event| matches!(event.id, 622 | 623 | 650 | 651 | 656 | 657))
        .max_by_key(|event| event.time);
    let target = Target::named(PHS807.name);
    let finding = match (paused, working) {
        (Some(paused), working) if working.is_none_or(|event| event.time < paused.time) => {
            if cycles::initial_sync(evidence, Some(paused.time), sink) {
                return;
            }
            Finding::failed(
                &PHS807,
                target,
                text!("phs807-paused", time = paused.time.to_string()),
            )
            .with_evidence(rows(log, paused))
        }
        (_, Some(event)) => Finding::passed(
            &PHS807,
            target,
            text!("phs807-done", id = event.id, time = event.time.to_string()),
        )
        .with_evidence(rows(log, event)),
        _ if cycles::initial_sync(evidence, None, sink) => return,
        _ => skip(
            &PHS807,
            SkipReason::EvidenceMissing,
            text!("phs807-unknown"),
        ),
    };
    sink(finding.observed(log.observed_at));
}
