//! Guide step A4: staging mode and the scheduler.

use jiff::{SignedDuration, Timestamp};

use super::{Context, Sink, reason_text, server_target, skip_reason, unreadable_row};
use crate::check::{Check, PHS401, PHS402};
use crate::evidence::server::{Part, STAGING_MODE, Scheduler, ServerConfiguration, parse_flag};
use crate::evidence::{Evidence, Fact, UnknownReason};
use crate::finding::{EvidenceRow, Finding, SkipReason};
use crate::text;
use crate::text::Text;

const SCHEDULE: &str = "Microsoft.Synchronize.SynchronizationSchedule";
const SUSPENDED: &str = "Microsoft.Synchronize.SchedulerSuspended";
const MAINTENANCE: &str = "Microsoft.Synchronize.MaintenanceEnabled";
const NEXT_START: &str = "Microsoft.Synchronize.NextStartTime";
const INTERVAL: &str = "Microsoft.Synchronize.TimeInterval";
const POLICY: &str = "Microsoft.Synchronize.SynchronizationPolicy";

/// The export's clock does not tell its zone: the true time is within this (UTC-12 to UTC+14).
const ZONE_TOLERANCE: SignedDuration = SignedDuration::from_hours(14);

/// A running server's clock is known, but a cycle may be about to start, or run long.
const LIVE_TOLERANCE: SignedDuration = SignedDuration::from_mins(30);

/// The interval where it is not stated (domain 6).
const DEFAULT_INTERVAL: SignedDuration = SignedDuration::from_mins(30);

/// Judges the step.
pub fn judge(evidence: &Evidence, _context: &Context, sink: &mut Sink<'_>) {
    let Some(server) = &evidence.server else {
        return;
    };
    let observed_at = server.exported_at.known().copied();
    sink(staging_mode(server).observed(observed_at));
    sink(scheduler(server).observed(observed_at));
}

/// PHS401. Staging mode is a warning, never a fault: a staging server is healthy if another one is active.
fn staging_mode(server: &ServerConfiguration) -> Finding {
    let target = server_target(server);
    match server.staging_mode() {
        Fact::Known(true) => Finding::warning(
            &PHS401,
            target.clone(),
            text!("phs401-on", server = target.display),
        ),
        Fact::Known(false) => Finding::passed(
            &PHS401,
            target.clone(),
            text!("phs401-off", server = target.display),
        ),
        Fact::Unknown { reason, .. } => unknown(&PHS401, server, &[(STAGING_MODE, reason)]),
    }
    .with_evidence(rows(server, &[STAGING_MODE]))
    .with_evidence(scheduler_rows(server, |scheduler| {
        vec![("StagingModeEnabled", flag_word(&scheduler.staging_mode))]
    }))
}

/// What PHS402 asks of a scheduler, wherever it was read.
struct Schedule {
    enabled: Fact<bool>,
    suspended: Fact<bool>,
    maintenance: Fact<bool>,
    next_start: Fact<Timestamp>,
    interval: SignedDuration,
    tolerance: SignedDuration,
    /// A cycle that runs now may have begun after the time that stands as the next start.
    in_progress: bool,
}

impl Schedule {
    fn of(server: &ServerConfiguration) -> Self {
        let settings = Self {
            enabled: flag(server, SCHEDULE),
            suspended: flag(server, SUSPENDED),
            maintenance: flag(server, MAINTENANCE),
            next_start: next_start(server),
            interval: interval(server),
            tolerance: if server.live {
                LIVE_TOLERANCE
            } else {
                ZONE_TOLERANCE
            },
            in_progress: false,
        };
        let Fact::Known(scheduler) = &server.scheduler else {
            return settings;
        };
        // The settings are what was stored, the scheduler what is in force: it stands wherever it answers.
        let first = |live: &Fact<bool>, stored: Fact<bool>| match live {
            Fact::Known(_) => live.clone(),
            Fact::Unknown { .. } => stored,
        };
        Self {
            enabled: first(&scheduler.sync_cycle_enabled, settings.enabled),
            suspended: first(&scheduler.suspended, settings.suspended),
            maintenance: first(&scheduler.maintenance_enabled, settings.maintenance),
            next_start: match &scheduler.next_start {
                Fact::Known(_) => scheduler.next_start.clone(),
                Fact::Unknown { .. } => settings.next_start,
            },
            interval: scheduler
                .interval
                .known()
                .and_then(|text| parse_time_span(text))
                .unwrap_or(settings.interval),
            in_progress: scheduler.in_progress == Fact::Known(true),
            ..settings
        }
    }
}

/// PHS402.
fn scheduler(server: &ServerConfiguration) -> Finding {
    let target = server_target(server);
    let schedule = Schedule::of(server);
    let mut faults: Vec<(Text, Text)> = Vec::new();
    if schedule.enabled == Fact::Known(false) {
        faults.push((text!("phs402-disabled"), text!("phs402-enable")));
    }
    if schedule.suspended == Fact::Known(true) {
        faults.push((text!("phs402-suspended"), text!("phs402-resume")));
    }
    if let (Fact::Known(next), Fact::Known(read)) = (&schedule.next_start, &server.exported_at) {
        let late = read.duration_since(*next);
        // Without a running scheduler the next start is late as a consequence.
        if faults.is_empty()
            && !schedule.in_progress
            && late > schedule.interval + schedule.tolerance
        {
            let (next, read) = (next.to_string(), read.to_string());
            let late = if server.live {
                text!("phs402-overdue", next = next, read = read)
            } else {
                text!("phs402-late", next = next, exported = read)
            };
            faults.push((late, text!("phs402-start")));
        }
    }
    let unread: Vec<(&str, UnknownReason)> = [
        (SCHEDULE, schedule.enabled.reason()),
        (SUSPENDED, schedule.suspended.reason()),
        (NEXT_START, schedule.next_start.reason()),
        ("export-date", server.exported_at.reason()),
    ]
    .into_iter()
    .filter_map(|(name, reason)| Some((name, reason?)))
    .collect();
    let finding = if !faults.is_empty() {
        if schedule.maintenance == Fact::Known(false) {
            faults.push((text!("phs402-unmaintained"), text!("phs402-maintain")));
        }
        let (faults, remedies): (Vec<Text>, Vec<Text>) = faults.into_iter().unzip();
        let finding = Finding::failed(&PHS402, target, text!("phs402-faults", faults = faults));
        remedies.into_iter().fold(finding, Finding::with_remedy)
    } else if !unread.is_empty() {
        unknown(&PHS402, server, &unread)
    } else if schedule.maintenance == Fact::Known(false) {
        Finding::warning(&PHS402, target, text!("phs402-no-maintenance"))
            .with_remedy(text!("phs402-maintain"))
    } else {
        Finding::passed(&PHS402, target, text!("phs402-runs"))
    };
    let names = [
        SCHEDULE,
        SUSPENDED,
        NEXT_START,
        INTERVAL,
        POLICY,
        MAINTENANCE,
    ];
    finding
        .with_evidence(scheduler_rows(server, |scheduler| {
            let next = scheduler.next_start.known().map(ToString::to_string);
            vec![
                ("SyncCycleEnabled", flag_word(&scheduler.sync_cycle_enabled)),
                ("SchedulerSuspended", flag_word(&scheduler.suspended)),
                ("NextSyncCycleStartTimeInUTC", next),
                (
                    "CurrentlyEffectiveSyncCycleInterval",
                    scheduler.interval.known().cloned(),
                ),
                (
                    "NextSyncCyclePolicyType",
                    scheduler.next_policy.known().cloned(),
                ),
                ("SyncCycleInProgress", flag_word(&scheduler.in_progress)),
                (
                    "MaintenanceEnabled",
                    flag_word(&scheduler.maintenance_enabled),
                ),
            ]
        }))
        .with_evidence(rows(server, &names))
}

fn flag_word(fact: &Fact<bool>) -> Option<String> {
    fact.known()
        .map(|flag| if *flag { "True" } else { "False" }.to_owned())
}

/// What the running server's scheduler said.
fn scheduler_rows(
    server: &ServerConfiguration,
    values: impl Fn(&Scheduler) -> Vec<(&'static str, Option<String>)>,
) -> Vec<EvidenceRow> {
    let Fact::Known(scheduler) = &server.scheduler else {
        return Vec::new();
    };
    values(scheduler)
        .into_iter()
        .filter_map(|(name, value)| {
            Some(EvidenceRow::new(
                "Get-ADSyncScheduler",
                "scheduler",
                name,
                value?,
            ))
        })
        .collect()
}

fn unknown(
    check: &'static Check,
    server: &ServerConfiguration,
    unread: &[(&str, UnknownReason)],
) -> Finding {
    let reason = unread
        .first()
        .map_or(UnknownReason::NotCollected, |(_, reason)| *reason);
    let names: Vec<String> = unread.iter().map(|(name, _)| (*name).to_owned()).collect();
    let skip = unread
        .iter()
        .map(|(_, reason)| skip_reason(*reason))
        .find(|skip| *skip != SkipReason::EvidenceMissing)
        .unwrap_or(SkipReason::EvidenceMissing);
    Finding::skipped(
        check,
        skip,
        server_target(server),
        text!(
            "settings-unknown",
            names = names,
            file = &server.settings_source,
            reason = reason_text(reason)
        ),
    )
    .with_evidence(server.unreadable(Part::GlobalSettings).map(unreadable_row))
}

/// A setting as a flag. A value that is no flag is unreadable, not false.
fn flag(server: &ServerConfiguration, name: &str) -> Fact<bool> {
    read(server, name, parse_flag)
}

/// `NextStartTime` in RFC 1123 form.
fn next_start(server: &ServerConfiguration) -> Fact<Timestamp> {
    read(server, NEXT_START, |text| {
        let parser = jiff::fmt::rfc2822::DateTimeParser::new();
        parser.parse_timestamp(text.trim()).ok()
    })
}

fn interval(server: &ServerConfiguration) -> SignedDuration {
    read(server, INTERVAL, parse_time_span)
        .known()
        .copied()
        .unwrap_or(DEFAULT_INTERVAL)
}

fn read<T>(server: &ServerConfiguration, name: &str, parse: impl Fn(&str) -> Option<T>) -> Fact<T> {
    match server.setting(name) {
        Fact::Known(text) => parse(text).map_or_else(
            || Fact::unknown_because(UnknownReason::Unreadable, text),
            Fact::Known,
        ),
        Fact::Unknown { reason, detail } => Fact::Unknown { reason, detail },
    }
}

/// A .NET `TimeSpan`: `[d.]hh:mm:ss`, whole seconds.
fn parse_time_span(text: &str) -> Option<SignedDuration> {
    let text = text.trim();
    let (days, clock) = match text.split_once('.') {
        Some((days, clock)) if clock.contains(':') => (days.parse::<u32>().ok()?, clock),
        _ => (0, text),
    };
    let mut parts = clock.split(':').map(|part| part.parse::<u32>().ok());
    let (Some(hours), Some(minutes), Some(seconds), None) = (
        parts.next().flatten(),
        parts.next().flatten(),
        parts.next().flatten(),
        parts.next(),
    ) else {
        return None;
    };
    let whole = ((i64::from(days) * 24 + i64::from(hours)) * 60 + i64::from(minutes)) * 60;
    Some(SignedDuration::from_secs(whole + i64::from(seconds)))
}

fn rows(server: &ServerConfiguration, names: &[&str]) -> Vec<EvidenceRow> {
    names
        .iter()
        .filter_map(|name| {
            let value = server.setting(name);
            Some(EvidenceRow::new(
                &server.settings_source,
                "GlobalSettings",
                *name,
                *value.known()?,
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Outcome;

    /// A running server whose scheduler is healthy and whose stored settings say the opposite of it.
    fn live(change: impl FnOnce(&mut Scheduler)) -> ServerConfiguration {
        let now: Timestamp = "2026-10-01T12:00:00Z".parse().unwrap();
        let mut scheduler = Scheduler {
            sync_cycle_enabled: Fact::Known(true),
            staging_mode: Fact::Known(false),
            suspended: Fact::Known(false),
            maintenance_enabled: Fact::Known(true),
            in_progress: Fact::Known(false),
            next_start: Fact::Known(now + SignedDuration::from_mins(10)),
            interval: Fact::Known("00:30:00".to_owned()),
            next_policy: Fact::Known("Delta".to_owned()),
        };
        change(&mut scheduler);
        let stored = [
            (STAGING_MODE, "True"),
            (SCHEDULE, "False"),
            (SUSPENDED, "True"),
            (MAINTENANCE, "False"),
        ];
        ServerConfiguration {
            live: true,
            exported_at: Fact::Known(now),
            scheduler: Fact::Known(scheduler),
            settings: Fact::Known(
                stored
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect(),
            ),
            ..ServerConfiguration::default()
        }
    }

    #[test]
    fn the_scheduler_in_force_goes_before_the_stored_settings() {
        let server = live(|_| {});
        assert_eq!(staging_mode(&server).outcome, Outcome::Passed);
        assert_eq!(scheduler(&server).outcome, Outcome::Passed);
        let server = live(|scheduler| scheduler.staging_mode = Fact::Known(true));
        assert_eq!(staging_mode(&server).outcome, Outcome::Warning);
        let server = live(|scheduler| scheduler.sync_cycle_enabled = Fact::Known(false));
        assert_eq!(scheduler(&server).outcome, Outcome::Failed);
        // What the scheduler does not tell, the settings do.
        let server = live(|scheduler| scheduler.suspended = Fact::default());
        assert_eq!(scheduler(&server).outcome, Outcome::Failed);
        let server = live(|scheduler| scheduler.next_start = Fact::default());
        assert!(matches!(scheduler(&server).outcome, Outcome::Skipped(_)));
    }

    #[test]
    fn a_running_server_is_late_by_its_own_clock() {
        let due = |minutes: i64, running: bool| {
            let server = live(|scheduler| {
                let now: Timestamp = "2026-10-01T12:00:00Z".parse().unwrap();
                scheduler.next_start = Fact::Known(now - SignedDuration::from_mins(minutes));
                scheduler.in_progress = Fact::Known(running);
            });
            scheduler(&server).outcome
        };
        assert_eq!(due(59, false), Outcome::Passed);
        assert_eq!(due(61, false), Outcome::Failed);
        assert_eq!(due(61, true), Outcome::Passed);
    }

    #[test]
    fn time_spans_are_read_as_dot_net_writes_them() {
        for (text, seconds) in [
            ("00:30:00", 1800),
            ("7.00:00:00", 7 * 86400),
            (" 1.02:03:04 ", 93784),
        ] {
            assert_eq!(
                parse_time_span(text),
                Some(SignedDuration::from_secs(seconds)),
                "{text}"
            );
        }
        for text in ["", "30", "00:30", "a:b:c", "-1:00:00", "1.00", "0:0:0:0"] {
            assert_eq!(parse_time_span(text), None, "{text}");
        }
    }
}
