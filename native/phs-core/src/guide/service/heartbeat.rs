//! PHS801: was the agent active inside the window, connector by connector (domain 1.3, traps 1 to 5 and 20).

use jiff::Timestamp;

use super::super::{Context, Sink, missing, skip};
use super::{covers_window, cycles, happened, rows, staging};
use crate::check::{Need, PHS801};
use crate::dn::Dn;
use crate::evidence::Evidence;
use crate::evidence::events::{EventLog, PROVIDER, SyncEvent};
use crate::evidence::server::{Connector, ServerConfiguration};
use crate::finding::{EvidenceRow, Finding, SkipReason, Target};
use crate::text;

/// Ids that tell that the agent does not run, where nothing came after them: it cannot start, has stopped, cannot stop, or a
/// thread of it ended (domain 1.7).
const STOPPED: [u32; 4] = [607, 609, 610, 615];

/// Judges PHS801: one finding a connector, or one for the whole log where the connectors are not known.
pub(super) fn judge(evidence: &Evidence, context: &Context, sink: &mut Sink<'_>) {
    let Some(log) = &evidence.events else {
        if staging(evidence) == Some(true) {
            sink(skip(
                &PHS801,
                SkipReason::NotApplicable,
                text!("phs801-staging"),
            ));
        } else if !cycles::heartbeat(evidence, context, sink) {
            sink(missing(&PHS801, Need::Events));
        }
        return;
    };
    let Some(now) = log.observed_at.or(evidence.collected_at) else {
        sink(missing(&PHS801, Need::Events));
        return;
    };
    if staging(evidence) == Some(true) {
        sink(skip(&PHS801, SkipReason::NotApplicable, text!("phs801-staging")).observed(Some(now)));
        return;
    }
    let since = now
        .saturating_sub(context.policy.heartbeat_window)
        .unwrap_or(Timestamp::MIN);
    let connectors: Vec<_> = evidence
        .server
        .iter()
        .flat_map(ServerConfiguration::ad_connectors)
        .collect();
    if connectors.is_empty() {
        let newest = newest(log, now, |_| true);
        if let Some(event) = stopped(log, now, |_| true) {
            let target = Target::named(log.source.clone());
            sink(stopped_finding(target, &log.source, log, event, now));
            return;
        }
        sink(finding(
            Target::named(log.source.clone()),
            &log.source,
            log,
            newest,
            since,
            now,
            context,
        ));
        return;
    }
    let only_one = connectors
        .iter()
        .filter(|connector| is_on(connector) != Some(false))
        .count()
        == 1;
    for connector in connectors {
        let target = Target::identified(&connector.name, connector.identifier);
        if is_on(connector) == Some(false) {
            sink(
                Finding::skipped(
                    &PHS801,
                    SkipReason::NotApplicable,
                    target,
                    text!("phs801-switched-off", connector = &connector.name),
                )
                .observed(Some(now)),
            );
            continue;
        }
        // What names no connector stops, and starts, all of them.
        if let Some(event) = stopped(log, now, |event| {
            event.names_connector(connector.identifier)
                || holds_user_of(event, connector)
                || event.detail.connectors.is_empty()
        }) {
            sink(stopped_finding(target, &connector.name, log, event, now));
            continue;
        }
        let newest = newest(log, now, |event| {
            event.names_connector(connector.identifier)
                || holds_user_of(event, connector)
                || only_one && event.detail.connectors.is_empty()
        });
        sink(finding(
            target,
            &connector.name,
            log,
            newest,
            since,
            now,
            context,
        ));
    }
}

fn is_on(connector: &Connector) -> Option<bool> {
    connector
        .password_hash_sync
        .known()
        .map(|channel| channel.enabled)
}

/// Newest activity of the agent that this connector may claim.
fn newest(
    log: &EventLog,
    now: Timestamp,
    claims: impl Fn(&SyncEvent) -> bool,
) -> Option<&SyncEvent> {
    log.events
        .iter()
        .filter(|event| event.is_activity() && happened(event, now) && claims(event))
        .max_by_key(|event| event.time)
}

/// The newest event that says that the agent does not run, unless it did something since, or may have where the log is lost.
fn stopped(
    log: &EventLog,
    now: Timestamp,
    concerns: impl Fn(&SyncEvent) -> bool,
) -> Option<&SyncEvent> {
    let stop = log
        .events
        .iter()
        .filter(|event| event.provider.eq_ignore_ascii_case(PROVIDER))
        .filter(|event| STOPPED.contains(&event.id) && happened(event, now) && concerns(event))
        .max_by_key(|event| event.time)?;
    let since = newest(log, now, concerns).is_some_and(|event| event.time >= stop.time);
    let lost = log
        .damaged
        .iter()
        .any(|part| part.to.is_none_or(|to| to >= stop.time));
    (!since && !lost).then_some(stop)
}

fn stopped_finding(
    target: Target,
    name: &str,
    log: &EventLog,
    event: &SyncEvent,
    now: Timestamp,
) -> Finding {
    let message = text!(
        "phs801-stopped",
        connector = name,
        id = event.id,
        time = event.time.to_string()
    );
    Finding::failed(&PHS801, target, message)
        .with_evidence(rows(log, event))
        .observed(Some(now))
}

/// Whether the event sends or answers for a user below one of the connector's partitions.
fn holds_user_of(event: &SyncEvent, connector: &Connector) -> bool {
    let requests = event
        .detail
        .requests
        .iter()
        .map(|user| &user.distinguished_name);
    let results = event
        .detail
        .results
        .iter()
        .map(|user| &user.distinguished_name);
    requests.chain(results).any(|name| {
        let Ok(name) = Dn::parse(name) else {
            return false;
        };
        // The domain head of the user, not any ancestor: a child domain's users are below the parent's head too.
        name.domain_head().is_some_and(|head| {
            connector.partitions.iter().any(|partition| {
                Dn::parse(&partition.distinguished_name).is_ok_and(|partition| partition == head)
            })
        })
    })
}

fn finding(
    target: Target,
    name: &str,
    log: &EventLog,
    newest: Option<&SyncEvent>,
    since: Timestamp,
    now: Timestamp,
    context: &Context,
) -> Finding {
    let hours = context.policy.heartbeat_window.as_hours();
    let row = EvidenceRow::new(
        &log.source,
        name,
        "heartbeat window",
        format!("{since} .. {now}"),
    );
    let evidence = newest.map(|event| rows(log, event)).into_iter().flatten();
    match newest {
        Some(event) if event.time >= since && log.agent_only => Finding::skipped(
            &PHS801,
            SkipReason::EvidenceMissing,
            target,
            text!(
                "phs801-agent-only",
                connector = name,
                time = event.time.to_string()
            ),
        ),
        Some(event) if event.time >= since => Finding::passed(
            &PHS801,
            target,
            text!(
                "phs801-alive",
                connector = name,
                id = event.id,
                time = event.time.to_string()
            ),
        ),
        _ if !covers_window(log, since) => Finding::skipped(
            &PHS801,
            SkipReason::EvidenceMissing,
            target,
            text!("phs801-rolled-over", connector = name, hours = hours),
        ),
        Some(event) => Finding::failed(
            &PHS801,
            target,
            text!(
                "phs801-stale",
                connector = name,
                hours = hours,
                time = event.time.to_string()
            ),
        ),
        None => Finding::failed(
            &PHS801,
            target,
            text!("phs801-silent", connector = name, hours = hours),
        ),
    }
    .with_evidence(evidence)
    .with_evidence([row])
    .observed(Some(now))
}
