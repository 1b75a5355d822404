//! PHS802 and PHS808: errors inside the window, grouped by cause, domain and domain controller (domain 1.7, traps 7 to 10).

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::{Context, Policy, Sink, missing, skip};
use super::{covers_window, happened, rows};
use crate::check::{Check, Need, PHS802, PHS808};
use crate::dn::Dn;
use crate::evidence::Evidence;
use crate::evidence::events::{EventLog, PROVIDER, SyncEvent};
use crate::finding::{EvidenceRow, Finding, SkipReason, Target};
use crate::text;
use crate::text::Text;

/// Ids that tell of an error; 6900 belongs to the engine's numbering and is written by the agent too.
const ERROR_IDS: [u32; 17] = [
    0, 115, 603, 604, 611, 612, 615, 616, 621, 652, 655, 662, 664, 665, 666, 667, 6900,
];

/// Ids whose failure is one of the credential for the cloud where a sign-in code stands in the text.
const CLOUD_IDS: [u32; 4] = [115, 652, 655, 6900];

/// What makes two errors the same: cause, domain, domain controller.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    cause: Cause,
    domain: Option<String>,
    domain_controller: Option<String>,
}

impl Group {
    fn of(event: &SyncEvent) -> Self {
        let failure = event.detail.failure.as_ref();
        Self {
            cause: Cause::of(event),
            domain: failure
                .and_then(|failure| failure.domain.as_deref())
                .map(str::to_lowercase),
            domain_controller: failure
                .and_then(|failure| failure.domain_controller.as_deref())
                .map(str::to_lowercase),
        }
    }
}

/// Cause by numbers alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// `AADSTS` code.
    SignIn(u32),
    /// Error code of the provisioning service.
    Service(u32),
    /// Replication access denied in the frame of the call that needs the rights.
    AccessDenied,
    /// Any other error number.
    Code(u32),
    /// The directory refused the bind.
    Bind,
    /// FIPS policy.
    Fips,
    /// The event alone.
    Event(u32),
}

impl Cause {
    fn of(event: &SyncEvent) -> Self {
        let Some(failure) = &event.detail.failure else {
            return Self::Event(event.id);
        };
        if event.id == 667 || failure.fips {
            Self::Fips
        } else if let Some(code) = failure.sign_in_code {
            Self::SignIn(code)
        } else if let Some(code) = failure.service_code {
            Self::Service(code)
        } else if failure.code == Some(8453)
            && failure
                .call
                .as_deref()
                .is_some_and(|call| call == "_IDL_DRSGetNCChanges")
        {
            Self::AccessDenied
        } else if let Some(code) = failure.code {
            Self::Code(code)
        } else if failure.in_bind {
            Self::Bind
        } else {
            Self::Event(event.id)
        }
    }

    fn key(self) -> String {
        match self {
            Self::SignIn(code) => format!("aadsts{code}"),
            Self::Service(code) => format!("service-{code}"),
            Self::AccessDenied => "access-denied".to_owned(),
            Self::Code(code) => format!("code-{code}"),
            Self::Bind => "bind".to_owned(),
            Self::Fips => "fips".to_owned(),
            Self::Event(id) => format!("event-{id}"),
        }
    }
}

/// What is looked at: one log, its window, and what else is known.
struct Window<'a> {
    log: &'a EventLog,
    evidence: &'a Evidence,
    policy: Policy,
    since: Timestamp,
    now: Timestamp,
}

/// Judges PHS802 (all causes but the cloud's credential) and PHS808 (that credential).
pub(super) fn judge(evidence: &Evidence, context: &Context, sink: &mut Sink<'_>) {
    let Some((log, now)) = evidence
        .events
        .as_ref()
        .and_then(|log| Some((log, log.observed_at.or(evidence.collected_at)?)))
    else {
        sink(missing(&PHS802, Need::Events));
        sink(missing(&PHS808, Need::Events));
        return;
    };
    let since = now
        .saturating_sub(context.policy.error_window)
        .unwrap_or(Timestamp::MIN);
    let (cloud, other): (Vec<_>, Vec<_>) = log
        .events
        .iter()
        .filter(|event| {
            event.provider.eq_ignore_ascii_case(PROVIDER)
                && ERROR_IDS.contains(&event.id)
                && event.time >= since
                && event.time <= now
        })
        .partition(|event| {
            CLOUD_IDS.contains(&event.id) && matches!(Cause::of(event), Cause::SignIn(_))
        });
    let window = Window {
        log,
        evidence,
        policy: context.policy,
        since,
        now,
    };
    report(&PHS802, &other, &window, sink);
    report(&PHS808, &cloud, &window, sink);
}

fn report(check: &'static Check, events: &[&SyncEvent], window: &Window<'_>, sink: &mut Sink<'_>) {
    let mut groups: BTreeMap<Group, Vec<&SyncEvent>> = BTreeMap::new();
    for event in events {
        groups.entry(Group::of(event)).or_default().push(event);
    }
    let mut open = 0;
    for (group, mut members) in groups {
        members.sort_by_key(|event| event.time);
        let (Some(first), Some(last)) = (members.first(), members.last()) else {
            continue;
        };
        if !succeeded_after(window, &group, last.time) {
            open += 1;
            sink(group_finding(
                check,
                &group,
                members.len(),
                first,
                last,
                window,
            ));
        }
    }
    if open > 0 {
        return;
    }
    let hours = window.policy.error_window.as_hours();
    let row = EvidenceRow::new(
        &window.log.source,
        PROVIDER,
        "error window",
        format!("{} .. {}", window.since, window.now),
    );
    let finding = if covers_window(window.log, window.since) {
        Finding::passed(
            check,
            Target::named(check.name),
            if check.id == PHS808.id {
                text!("phs808-none", hours = hours, stale = events.len())
            } else {
                text!("phs802-none", hours = hours, stale = events.len())
            },
        )
    } else {
        skip(
            check,
            SkipReason::EvidenceMissing,
            text!("phs802-rolled-over", hours = hours),
        )
    };
    sink(finding.with_evidence([row]).observed(Some(window.now)));
}

fn group_finding(
    check: &'static Check,
    group: &Group,
    count: usize,
    first: &SyncEvent,
    last: &SyncEvent,
    window: &Window<'_>,
) -> Finding {
    let persistent = count >= window.policy.persistent_from;
    let connector = group
        .domain
        .as_deref()
        .and_then(|domain| connector_of(window.evidence, domain));
    let place = [
        connector.as_deref(),
        group.domain.as_deref(),
        group.domain_controller.as_deref(),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(" / ");
    let cause = group.cause.key();
    let (display, place) = if place.is_empty() {
        (cause.clone(), window.log.source.clone())
    } else {
        (format!("{cause} ({place})"), place)
    };
    let canonical = format!(
        "{cause}|{}|{}",
        group.domain.as_deref().unwrap_or_default(),
        group.domain_controller.as_deref().unwrap_or_default()
    );
    let kind = if persistent {
        text!("phs802-persistent")
    } else {
        text!("phs802-transient")
    };
    let when = text!(
        "phs802-when",
        count = count,
        first = first.time.to_string(),
        last = last.time.to_string()
    );
    let message = cause_text(group.cause)
        .with("place", place)
        .with("when", when)
        .with("kind", kind);
    let target = Target::identified(display, canonical);
    if persistent {
        Finding::failed(check, target, message)
    } else {
        Finding::warning(check, target, message)
    }
    .with_evidence(rows(window.log, last))
    .observed(Some(window.now))
}

/// The connector whose partition is this domain; whole names are compared, since `corp.local` ends `eu.corp.local`.
fn connector_of(evidence: &Evidence, domain: &str) -> Option<String> {
    let server = evidence.server.as_ref()?;
    server
        .ad_connectors()
        .find(|connector| {
            connector.partitions.iter().any(|partition| {
                Dn::parse(&partition.distinguished_name)
                    .ok()
                    .and_then(|name| name.domain_name())
                    .is_some_and(|name| name.eq_ignore_ascii_case(domain))
            })
        })
        .map(|connector| connector.name.clone())
}

/// Whether the same thing worked after the last error: for a domain a result or a full sync of that domain, for the
/// cloud any accepted batch or heartbeat.
fn succeeded_after(window: &Window<'_>, group: &Group, last_error: Timestamp) -> bool {
    window
        .log
        .events
        .iter()
        .filter(|event| event.time > last_error && happened(event, window.now))
        .filter(|event| event.provider.eq_ignore_ascii_case(PROVIDER))
        .any(|event| match &group.domain {
            Some(domain) => {
                let of_partition = event
                    .detail
                    .partition
                    .as_deref()
                    .and_then(|name| Dn::parse(name).ok())
                    .and_then(|name| name.domain_name())
                    .is_some_and(|name| name.eq_ignore_ascii_case(domain));
                let of_results = event.detail.results.iter().any(|user| {
                    Dn::parse(&user.distinguished_name)
                        .ok()
                        .and_then(|name| name.domain_head())
                        .and_then(|head| head.domain_name())
                        .is_some_and(|name| name.eq_ignore_ascii_case(domain))
                });
                let of_connector = event.id == 654 && only_domain(window.evidence, event, domain);
                event.id == 657 && (of_partition || of_results) || of_connector
            }
            None => match group.cause {
                Cause::SignIn(_) | Cause::Service(_) => matches!(event.id, 651 | 654),
                Cause::Event(652 | 655 | 662) => matches!(event.id, 651 | 654),
                _ => false,
            },
        })
}

/// Whether a heartbeat names a connector whose only selected domain is this one: then it answers for the domain.
fn only_domain(evidence: &Evidence, event: &SyncEvent, domain: &str) -> bool {
    let Some(server) = &evidence.server else {
        return false;
    };
    server.ad_connectors().any(|connector| {
        if !event.names_connector(connector.identifier) {
            return false;
        }
        let domains: Vec<_> = connector
            .partitions
            .iter()
            .filter(|partition| {
                partition.selected.known() == Some(&true)
                    && partition.is_domain.known() == Some(&true)
            })
            .filter_map(|partition| Dn::parse(&partition.distinguished_name).ok()?.domain_name())
            .collect();
        matches!(domains.as_slice(), [only] if only.eq_ignore_ascii_case(domain))
    })
}

/// The text of a cause: what happened, why, what to do.
fn cause_text(cause: Cause) -> Text {
    match cause {
        Cause::AccessDenied => text!("phs802-access-denied"),
        Cause::Bind => text!("phs802-bind"),
        Cause::Fips => text!("phs802-fips"),
        Cause::Code(code) => match code {
            5 => text!("phs802-code-5"),
            1331 => text!("phs802-code-1331"),
            1722 => text!("phs802-code-1722"),
            1753 => text!("phs802-code-1753"),
            1723 | 1726 | 1727 | 1728 | 1818 | 1825 => text!("phs802-code-rpc", code = code),
            8333 => text!("phs802-code-8333"),
            8439 => text!("phs802-code-8439"),
            8453 => text!("phs802-code-8453"),
            8456 => text!("phs802-code-8456"),
            8593 => text!("phs802-code-8593"),
            8420 | 8446 | 8451 | 8465 => text!("phs802-code-dc", code = code),
            6 | 14 | 1127 | 1130 | 1450 => text!("phs802-code-resource", code = code),
            _ => text!("phs802-code-other", code = code),
        },
        Cause::Service(code) => match code {
            81 => text!("phs802-service-81"),
            90 => text!("phs802-service-90"),
            _ => text!("phs802-service-other", code = code),
        },
        Cause::SignIn(code) => match code {
            50034 => text!("phs808-50034"),
            50055 => text!("phs808-50055"),
            50057 => text!("phs808-50057"),
            50076 | 50079 | 50158 | 53003 => text!("phs808-interaction", code = code),
            50126 => text!("phs808-50126"),
            90002 => text!("phs808-90002"),
            7_000_222 | 700_027 | 700_024 | 7_000_215 => text!("phs808-certificate", code = code),
            _ => text!("phs808-other", code = code),
        },
        Cause::Event(id) => match id {
            115 => text!("phs802-event-115"),
            616 => text!("phs802-event-616"),
            652 | 655 => text!("phs802-event-cloud", id = id),
            666 => text!("phs802-event-666"),
            664 => text!("phs802-event-664"),
            _ => text!("phs802-event-other", id = id),
        },
    }
}
