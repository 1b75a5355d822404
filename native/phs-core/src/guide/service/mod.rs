//! The service behind the guide: heartbeat, errors, first synchronisation, credential of the cloud, build.

mod cycles;
mod heartbeat;
mod host;
mod recent_errors;
mod state;
mod supported_build;
#[cfg(test)]
mod tests;

pub(super) use supported_build::{Build, VERSION};

use jiff::{SignedDuration, Timestamp};

use super::{Context, Sink};
use crate::evidence::Evidence;
use crate::evidence::events::{EventLog, SyncEvent};
use crate::finding::EvidenceRow;

/// Judges the step.
pub fn judge(evidence: &Evidence, context: &Context, sink: &mut Sink<'_>) {
    heartbeat::judge(evidence, context, sink);
    recent_errors::judge(evidence, context, sink);
    supported_build::judge(evidence, context, sink);
    state::judge(evidence, context, sink);
    host::judge(evidence, context, sink);
}

/// Whether the server is in staging mode, if known.
fn staging(evidence: &Evidence) -> Option<bool> {
    evidence.server.as_ref()?.staging_mode().known().copied()
}

/// Whether the log is whole from `since` on. One whose oldest record is younger, or not known, cannot answer for the window,
/// and neither can one of which a part inside the window could not be read.
fn covers_window(log: &EventLog, since: Timestamp) -> bool {
    log.oldest_record
        .known()
        .is_some_and(|oldest| *oldest <= since)
        && log
            .damaged
            .iter()
            .all(|part| part.to.is_some_and(|to| to < since))
}

/// How far two clocks may be apart (as Kerberos allows).
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Whether an event had happened by then. One of a clock that ran ahead and was set back tells nothing of the time since.
fn happened(event: &SyncEvent, now: Timestamp) -> bool {
    now.saturating_add(CLOCK_SKEW)
        .is_ok_and(|latest| event.time <= latest)
}

/// The evidence rows of one event. The text stays out: it may hold names of users.
fn rows(log: &EventLog, event: &SyncEvent) -> Vec<EvidenceRow> {
    let object = format!("{} {}", event.provider, event.id);
    let mut rows = vec![
        EvidenceRow::new(&log.source, &object, "time", event.time.to_string()).at(Some(event.time)),
    ];
    let mut add = |attribute: &str, value: Option<String>| {
        if let Some(value) = value {
            rows.push(
                EvidenceRow::new(&log.source, &object, attribute, value).at(Some(event.time)),
            );
        }
    };
    add("record", event.record_id.map(|id| id.to_string()));
    if let Some(failure) = &event.detail.failure {
        add("domain", failure.domain.clone());
        add("domain controller", failure.domain_controller.clone());
        add("address", failure.address.map(|ip| ip.to_string()));
        add("code", failure.code.map(|code| code.to_string()));
        add(
            "service code",
            failure.service_code.map(|code| code.to_string()),
        );
        add(
            "sign-in code",
            failure.sign_in_code.map(|code| format!("AADSTS{code}")),
        );
        add("call", failure.call.clone());
        add(
            "exceptions",
            Some(failure.exceptions.join(", ")).filter(|text| !text.is_empty()),
        );
    }
    rows
}
