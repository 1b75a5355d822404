//! Settings of the server: staging mode, scheduler, sign-in method, build and all others.

use std::collections::BTreeMap;

use super::values::{Gaps, flag, is_secret, shown};
use super::{Area, Difference, Kind, Servers, Side, Sink};
use crate::casefold::folded;
use crate::check::{
    Check, PHS201, PHS203, PHS401, PHS402, PHS501, PHS704, PHS705, PHS806, Severity,
};
use crate::evidence::Fact;
use crate::evidence::server::{ServerConfiguration, parse_flag};
use crate::finding::Target;
use crate::guide::server_target;
use crate::text;

/// A setting whose difference matters for password hash sync.
struct Known {
    /// Its name.
    name: &'static str,
    /// The check that it touches.
    check: &'static Check,
    /// How much a difference matters.
    severity: Severity,
}

const fn known(name: &'static str, check: &'static Check, severity: Severity) -> Known {
    Known {
        name,
        check,
        severity,
    }
}

const STAGING: &str = "Microsoft.Synchronize.StagingMode";
const SCHEDULE: &str = "Microsoft.Synchronize.SynchronizationSchedule";
const SUSPENDED: &str = "Microsoft.Synchronize.SchedulerSuspended";
const MAINTENANCE: &str = "Microsoft.Synchronize.MaintenanceEnabled";
const SIGN_ON_METHOD: &str = "Microsoft.UserSignIn.SignOnMethod";

static KNOWN: [Known; 13] = [
    known(STAGING, &PHS401, Severity::Warning),
    known(SCHEDULE, &PHS402, Severity::Error),
    known(SUSPENDED, &PHS402, Severity::Error),
    known(
        "Microsoft.Synchronize.TimeInterval",
        &PHS402,
        Severity::Warning,
    ),
    known(MAINTENANCE, &PHS402, Severity::Warning),
    known(SIGN_ON_METHOD, &PHS203, Severity::Warning),
    known(
        "Microsoft.UserSignIn.DesktopSsoEnabled",
        &PHS203,
        Severity::Information,
    ),
    known(
        "Microsoft.OptionalFeature.PasswordHashSync",
        &PHS201,
        Severity::Warning,
    ),
    known(
        "Microsoft.OptionalFeature.GroupFiltering",
        &PHS501,
        Severity::Error,
    ),
    known(
        "Microsoft.SynchronizationOption.AnchorAttribute",
        &PHS704,
        Severity::Error,
    ),
    known(
        "Microsoft.SynchronizationOption.JoinCriteria",
        &PHS704,
        Severity::Error,
    ),
    known(
        "Microsoft.SynchronizationOption.UPNAttribute",
        &PHS705,
        Severity::Warning,
    ),
    known(
        "Microsoft.Synchronize.ServerConfigurationVersion",
        &PHS806,
        Severity::Warning,
    ),
];

/// Settings that change by themselves from cycle to cycle.
const VOLATILE: [&str; 2] = [
    "Microsoft.Synchronize.NextStartTime",
    "Microsoft.Synchronize.SynchronizationPolicy",
];

/// Compares the settings.
pub(super) fn compare(servers: Servers<'_>, sink: &mut Sink<'_>) {
    let target = server_target(servers.difference);
    let sources = (
        servers.reference.settings_source.as_str(),
        servers.difference.settings_source.as_str(),
    );
    let (before, after) = (in_force(servers.reference), in_force(servers.difference));
    // Where one side's stored settings could not be read, only what both know is compared.
    let whole = match (&servers.reference.settings, &servers.difference.settings) {
        (Fact::Known(_), Fact::Known(_)) => true,
        (before, after) => {
            let mut gaps = Gaps::default();
            let _ = gaps.differing("GlobalSettings", before, after);
            gaps.tell(Area::Server, target.clone(), sources, sink);
            false
        }
    };
    let mut told = |one: Difference| sink(one.sources(sources.0, sources.1));
    for (key, (name, value)) in &before {
        match after.get(key) {
            Some((_, other)) => {
                if let Some(one) = changed(&target, name, value, other) {
                    told(one);
                }
            }
            None if whole => told(only(&target, name, value, Side::Reference)),
            None => {}
        }
    }
    for (key, (name, value)) in &after {
        if whole && !before.contains_key(key) {
            told(only(&target, name, value, Side::Difference));
        }
    }
}

/// Names and values of the settings by folded name; what the running scheduler says goes before what is stored.
fn in_force(server: &ServerConfiguration) -> BTreeMap<String, (String, String)> {
    let mut found: BTreeMap<String, (String, String)> = server
        .settings
        .known()
        .into_iter()
        .flatten()
        .map(|(name, value)| (folded(name), (name.clone(), value.clone())))
        .collect();
    if let Some(scheduler) = server.scheduler.known() {
        for (name, value) in [
            (STAGING, &scheduler.staging_mode),
            (SCHEDULE, &scheduler.sync_cycle_enabled),
            (SUSPENDED, &scheduler.suspended),
            (MAINTENANCE, &scheduler.maintenance_enabled),
        ] {
            if let Some(&value) = value.known() {
                found.insert(folded(name), (name.to_owned(), flag(value)));
            }
        }
    }
    found
}

fn find(name: &str) -> Option<&'static Known> {
    KNOWN
        .iter()
        .find(|known| known.name.eq_ignore_ascii_case(name))
}

fn is_volatile(name: &str) -> bool {
    VOLATILE
        .iter()
        .any(|volatile| volatile.eq_ignore_ascii_case(name))
}

fn same(before: &str, after: &str) -> bool {
    before == after
        || parse_flag(before).is_some() && parse_flag(before) == parse_flag(after)
        || is_secret(before)
        || is_secret(after)
}

fn changed(target: &Target, name: &str, before: &str, after: &str) -> Option<Difference> {
    if is_volatile(name) || same(before, after) {
        return None;
    }
    let known = find(name);
    let flags = parse_flag(before).zip(parse_flag(after));
    let severity = severity(known, flags);
    let message = match (known.map(|known| known.name), flags) {
        (Some(STAGING), Some((_, true))) => text!("compare-staging-on"),
        (Some(STAGING), Some((_, false))) => text!("compare-staging-off"),
        (Some(SCHEDULE), Some((_, true))) => text!("compare-schedule-on"),
        (Some(SCHEDULE), Some((_, false))) => text!("compare-schedule-off"),
        (Some(SUSPENDED), Some((_, true))) => text!("compare-suspended"),
        (Some(SUSPENDED), Some((_, false))) => text!("compare-resumed"),
        (Some(SIGN_ON_METHOD), _) => text!(
            "compare-sign-in",
            before = shown(before),
            after = shown(after)
        ),
        _ => text!(
            "compare-setting",
            name = name,
            before = shown(before),
            after = shown(after)
        ),
    };
    let (before, after) = match flags {
        Some((before, after)) => (flag(before), flag(after)),
        None => (before.to_owned(), after.to_owned()),
    };
    Some(
        Difference::new(
            Area::Server,
            Kind::Changed,
            severity,
            target.clone(),
            name,
            message,
        )
        .check(known.map(|known| known.check))
        .values(Some(before), Some(after)),
    )
}

/// What restores the scheduler matters less than what stops it.
fn severity(known: Option<&Known>, flags: Option<(bool, bool)>) -> Severity {
    match (known, flags) {
        (Some(known), Some((_, after)))
            if known.name == SCHEDULE && after || known.name == SUSPENDED && !after =>
        {
            Severity::Warning
        }
        (Some(known), _) => known.severity,
        (None, _) => Severity::Information,
    }
}

/// A setting that one side does not state. Old builds and new ones state other settings.
fn only(target: &Target, name: &str, value: &str, side: Side) -> Difference {
    let known = find(name);
    let severity = known.map_or(Severity::Information, |known| {
        known.severity.max(Severity::Warning)
    });
    let value = (!is_secret(value)).then(|| value.to_owned());
    let (before, after) = match side {
        Side::Reference => (value.clone(), None),
        Side::Difference => (None, value.clone()),
    };
    Difference::new(
        Area::Server,
        side.only(),
        severity,
        target.clone(),
        name,
        text!(
            "compare-setting-only",
            name = name,
            value = shown(value.as_deref().unwrap_or_default()),
            side = side.text()
        ),
    )
    .check(known.map(|known| known.check))
    .values(before, after)
}
