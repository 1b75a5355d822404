//! PHS806: whether the server's build is still supported, by a dated list.

use std::str::FromStr;
use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::super::{Context, Sink, reason_text, server_target, skip_reason, unreadable_row};
use crate::check::PHS806;
use crate::evidence::host::HostEvidence;
use crate::evidence::server::{Part, ServerConfiguration};
use crate::evidence::{Evidence, Fact, UnknownReason};
use crate::finding::{EvidenceRow, Finding, SkipReason, Target};
use crate::text;

pub(in crate::guide) const VERSION: &str = "Microsoft.Synchronize.ServerConfigurationVersion";

/// Evidence older than this may no longer tell the server's build.
const FRESH: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Judges PHS806.
pub(super) fn judge(evidence: &Evidence, context: &Context, sink: &mut Sink<'_>) {
    let Some(server) = &evidence.server else {
        if let Some(host) = &evidence.host
            && let Fact::Known(build) = &host.build
        {
            let subject = Subject::installed(host, build);
            sink(supported_build(&subject, context.today).observed(host.observed_at));
        }
        return;
    };
    let observed_at = server.exported_at.known().copied();
    let host = evidence.host.as_ref();
    let finding = match host.and_then(|host| Some((host, host.build.known()?))) {
        // The program that runs, rather than what was written down when it was configured.
        Some((host, build)) => supported_build(&Subject::installed(host, build), context.today),
        None => match server.setting(VERSION) {
            Fact::Known(text) => supported_build(&Subject::configured(server, text), context.today),
            Fact::Unknown { reason, .. } => unknown(server, reason),
        },
    };
    sink(finding.observed(observed_at));
}

/// A build, and where it was read.
struct Subject<'a> {
    target: Target,
    build: &'a str,
    row: EvidenceRow,
    read_at: Option<Timestamp>,
}

impl<'a> Subject<'a> {
    fn configured(server: &ServerConfiguration, build: &'a str) -> Self {
        Self {
            target: server_target(server),
            build,
            row: EvidenceRow::new(&server.settings_source, "GlobalSettings", VERSION, build),
            read_at: server.exported_at.known().copied(),
        }
    }

    fn installed(host: &HostEvidence, build: &'a str) -> Self {
        Self {
            target: Target::named(host.source.as_str()),
            build,
            row: EvidenceRow::new(&host.source, "miiserver.exe", "file version", build),
            read_at: host.observed_at,
        }
    }
}

fn unknown(server: &ServerConfiguration, reason: UnknownReason) -> Finding {
    Finding::skipped(
        &PHS806,
        skip_reason(reason),
        server_target(server),
        text!(
            "phs806-unknown",
            file = &server.settings_source,
            reason = reason_text(reason)
        ),
    )
    .with_evidence(server.unreadable(Part::GlobalSettings).map(unreadable_row))
}

/// PHS806. Support ends by the calendar, so this alone uses today's date; on old evidence it warns, since the server may have
/// been upgraded since.
fn supported_build(subject: &Subject<'_>, today: Timestamp) -> Finding {
    let target = subject.target.clone();
    let row = subject.row.clone();
    let text = subject.build;
    let (Some(build), Some(list)) = (Build::parse(text), &*LIST) else {
        return Finding::skipped(
            &PHS806,
            SkipReason::EvidenceMissing,
            target,
            text!("phs806-unreadable", build = text),
        )
        .with_evidence([row]);
    };
    let finding = match list.retirement(build) {
        None => Finding::passed(&PHS806, target, text!("phs806-supported", build = text)),
        Some((floor, on)) => {
            let retired = start_of(on).is_some_and(|end| today >= end);
            let fresh = subject
                .read_at
                .is_some_and(|read| today.duration_since(read) <= FRESH);
            match (retired, fresh) {
                (true, true) => Finding::failed(
                    &PHS806,
                    target,
                    text!(
                        "phs806-retired",
                        build = text,
                        on = on.to_string(),
                        floor = floor
                    ),
                ),
                (true, false) => Finding::warning(
                    &PHS806,
                    target,
                    text!(
                        "phs806-was-retired",
                        build = text,
                        on = on.to_string(),
                        floor = floor
                    ),
                ),
                (false, _) => Finding::warning(
                    &PHS806,
                    target,
                    text!(
                        "phs806-retiring",
                        build = text,
                        on = on.to_string(),
                        floor = floor
                    ),
                ),
            }
        }
    };
    finding.with_evidence([
        row,
        EvidenceRow::new(
            &list.source,
            "supported builds",
            "asOf",
            list.as_of.to_string(),
        ),
    ])
}

fn start_of(date: Date) -> Option<Timestamp> {
    date.to_zoned(TimeZone::UTC)
        .ok()
        .map(|zoned| zoned.timestamp())
}

/// The dated list of builds whose support ends. A test reads it, so it is there in every build that passed its tests.
static LIST: LazyLock<Option<List>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../data/builds.json")).ok());

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct List {
    as_of: Date,
    source: String,
    retirements: Vec<Retirement>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Retirement {
    below: String,
    on: Date,
}

impl List {
    /// The first retirement that takes in the build: the oldest build that it spares, and its day.
    fn retirement(&self, build: Build) -> Option<(&str, Date)> {
        self.retirements
            .iter()
            .filter(|entry| Build::parse(&entry.below).is_some_and(|floor| build < floor))
            .min_by_key(|entry| entry.on)
            .map(|entry| (entry.below.as_str(), entry.on))
    }
}

/// A build number of four parts, compared as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::guide) struct Build(pub(in crate::guide) [u32; 4]);

impl Build {
    pub(in crate::guide) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().split('.').map(u32::from_str);
        let build = [
            parts.next()?.ok()?,
            parts.next()?.ok()?,
            parts.next()?.ok()?,
            parts.next().unwrap_or(Ok(0)).ok()?,
        ];
        parts.next().is_none().then_some(Self(build))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_readable_and_in_order() {
        let list = LIST.as_ref().unwrap();
        assert!(!list.source.is_empty());
        let floors: Vec<_> = list
            .retirements
            .iter()
            .map(|entry| (Build::parse(&entry.below).unwrap(), entry.on))
            .collect();
        assert!(floors.is_sorted(), "{floors:?}");
    }

    #[test]
    fn builds_compare_as_numbers() {
        let build = |text| Build::parse(text).unwrap();
        assert!(build("2.5.79.0") > build("2.5.9.0"));
        assert!(build("1.1.9125.0") < build("2.0.0.0"));
        assert_eq!(build("2.5.79"), build("2.5.79.0"));
        for text in ["", "2", "2.5", "2.5.79.0.1", "2.5.x.0", "-1.0.0.0"] {
            assert_eq!(Build::parse(text), None, "{text}");
        }
    }
}
