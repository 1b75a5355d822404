//! PHS803 to PHS805: the host of the Connect server. Its service, FIPS policy, and TLS 1.2.

use jiff::Timestamp;

use super::super::{Context, Sink, missing, reason_text, skip_reason};
use super::rows;
use crate::check::{Check, Need, PHS803, PHS804, PHS805};
use crate::evidence::events::{PROVIDER, SyncEvent};
use crate::evidence::host::{AccountKind, HostEvidence, RegistryFlag, Service, StartMode};
use crate::evidence::{Evidence, Fact, UnknownReason};
use crate::finding::{EvidenceRow, Finding, Target};
use crate::text;
use crate::text::Text;

/// The key that unwraps password hashes could not be made: FIPS policy forbids MD5.
const NO_KEY: u32 = 667;

/// Judges the three checks.
pub(super) fn judge(evidence: &Evidence, context: &Context, sink: &mut Sink<'_>) {
    let observed_at = evidence.host.as_ref().and_then(|host| host.observed_at);
    if let Some(host) = &evidence.host {
        sink(service_state(host).observed(observed_at));
        sink(server_tls(host).observed(observed_at));
    } else {
        sink(missing(&PHS803, Need::Host));
        sink(missing(&PHS805, Need::Host));
    }
    fips(evidence, context, sink);
}

fn target(host: &HostEvidence) -> Target {
    Target::named(host.source.as_str())
}

fn unknown(check: &'static Check, host: &HostEvidence, reason: UnknownReason) -> Finding {
    Finding::skipped(
        check,
        skip_reason(reason),
        target(host),
        text!(
            "host-unknown",
            host = &host.source,
            reason = reason_text(reason)
        ),
    )
}

/// PHS803.
fn service_state(host: &HostEvidence) -> Finding {
    let service = match &host.service {
        Fact::Known(Some(service)) => service,
        Fact::Known(None) => {
            return Finding::failed(
                &PHS803,
                target(host),
                text!("phs803-not-installed", host = &host.source),
            );
        }
        Fact::Unknown { reason, detail } => {
            return unknown(&PHS803, host, *reason).with_evidence(
                detail
                    .iter()
                    .map(|detail| EvidenceRow::new(&host.source, "ADSync", "error", detail)),
            );
        }
    };
    let host_name = &host.source;
    let disabled = service.start == Fact::Known(StartMode::Disabled);
    let finding = match &service.state {
        Fact::Unknown { reason, .. } => unknown(&PHS803, host, *reason),
        Fact::Known(state) if state.eq_ignore_ascii_case("Running") => match &service.start {
            Fact::Known(StartMode::Manual | StartMode::Disabled) => Finding::warning(
                &PHS803,
                target(host),
                text!("phs803-not-automatic", host = host_name),
            ),
            _ => Finding::passed(
                &PHS803,
                target(host),
                text!("phs803-runs", host = host_name),
            ),
        },
        Fact::Known(state) if state.eq_ignore_ascii_case("StartPending") => Finding::warning(
            &PHS803,
            target(host),
            text!("phs803-starting", host = host_name),
        ),
        Fact::Known(state) => {
            let finding = Finding::failed(
                &PHS803,
                target(host),
                text!("phs803-stopped", host = host_name, state = state),
            );
            if disabled {
                finding.with_remedy(text!("phs803-enable"))
            } else {
                finding
            }
        }
    };
    finding.with_evidence(service_rows(host, service))
}

fn service_rows(host: &HostEvidence, service: &Service) -> Vec<EvidenceRow> {
    let start = service.start.known().map(|start| {
        match start {
            StartMode::Automatic => "Automatic",
            StartMode::Manual => "Manual",
            StartMode::Disabled => "Disabled",
        }
        .to_owned()
    });
    let kind = service.account_kind(&host.source).map(|kind| {
        match kind {
            AccountKind::Virtual => "virtual service account",
            AccountKind::Managed => "managed service account",
            AccountKind::System => "account of the system",
            AccountKind::Local => "account of this machine",
            AccountKind::Domain => "account of a domain",
        }
        .to_owned()
    });
    [
        ("state", service.state.known().cloned()),
        ("start", start),
        ("account", service.account.known().cloned()),
        ("account kind", kind),
        ("build", host.build.known().cloned()),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some(EvidenceRow::new(&host.source, &service.name, name, value?)))
    .collect()
}

/// PHS804: the policy, and what the agent logged of it. An event inside the window is proof whatever the policy says now.
fn fips(evidence: &Evidence, context: &Context, sink: &mut Sink<'_>) {
    let log = evidence.events.as_ref();
    let event = log.and_then(|log| {
        let now = log.observed_at.or(evidence.collected_at)?;
        let since = now
            .saturating_sub(context.policy.error_window)
            .unwrap_or(Timestamp::MIN);
        newest_refusal(&log.events).filter(|event| event.time >= since)
    });
    let Some(host) = &evidence.host else {
        match (log, event) {
            (Some(log), Some(event)) => sink(
                Finding::failed(
                    &PHS804,
                    Target::named(log.source.as_str()),
                    text!("phs804-logged", time = event.time.to_string()),
                )
                .with_evidence(rows(log, event))
                .observed(log.observed_at),
            ),
            _ => sink(missing(&PHS804, Need::Host)),
        }
        return;
    };
    let policy = &host.fips;
    let finding = match (&policy.enabled, &policy.exempted, event) {
        (Fact::Known(true), Fact::Known(false), _) => Finding::failed(
            &PHS804,
            target(host),
            text!("phs804-enforced", file = &policy.config_file),
        ),
        (_, _, Some(event)) => Finding::failed(
            &PHS804,
            target(host),
            text!("phs804-logged", time = event.time.to_string()),
        ),
        (Fact::Known(false), _, None) => {
            Finding::passed(&PHS804, target(host), text!("phs804-off"))
        }
        (_, Fact::Known(true), None) => Finding::passed(
            &PHS804,
            target(host),
            text!("phs804-exempted", file = &policy.config_file),
        ),
        (Fact::Known(true), Fact::Unknown { reason, .. }, None)
        | (Fact::Unknown { reason, .. }, _, None) => unknown(&PHS804, host, *reason),
    };
    let switch = |fact: &Fact<bool>, on: &str, off: &str| {
        fact.known()
            .map(|flag| if *flag { on } else { off }.to_owned())
    };
    let values = [
        (
            r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa\FipsAlgorithmPolicy",
            "Enabled",
            switch(&policy.enabled, "1", "0"),
        ),
        (
            policy.config_file.as_str(),
            "enforceFIPSPolicy/@enabled",
            switch(&policy.exempted, "false", "not false"),
        ),
    ];
    sink(
        finding
            .with_evidence(values.into_iter().filter_map(|(object, name, value)| {
                Some(EvidenceRow::new(&host.source, object, name, value?))
            }))
            .with_evidence(
                log.zip(event)
                    .map(|(log, event)| rows(log, event))
                    .into_iter()
                    .flatten(),
            )
            .observed(host.observed_at),
    );
}

fn newest_refusal(events: &[SyncEvent]) -> Option<&SyncEvent> {
    events
        .iter()
        .filter(|event| event.id == NO_KEY && event.provider.eq_ignore_ascii_case(PROVIDER))
        .max_by_key(|event| event.time)
}

/// PHS805. A value that is not there leaves the system's default, which is on in every system that a supported build runs on.
fn server_tls(host: &HostEvidence) -> Finding {
    let off: Vec<&RegistryFlag> = host
        .tls
        .iter()
        .filter(|flag| switches_off(flag) == Some(true))
        .collect();
    let unread: Vec<&RegistryFlag> = host
        .tls
        .iter()
        .filter(|flag| switches_off(flag).is_none())
        .collect();
    let names = |flags: &[&RegistryFlag]| -> Vec<String> {
        flags
            .iter()
            .map(|flag| format!(r"{}\{}", flag.key, flag.name))
            .collect()
    };
    let remedies: Vec<Text> = off
        .iter()
        .map(|flag| {
            text!(
                "phs805-set",
                key = &flag.key,
                name = &flag.name,
                value = i64::from(!is_disabling(&flag.name))
            )
        })
        .collect();
    // The agent is a client; only what a client uses stops it.
    let stops = off.iter().any(|flag| !is_server_side(&flag.key));
    let finding = if stops {
        Finding::failed(
            &PHS805,
            target(host),
            text!("phs805-off", host = &host.source, values = names(&off)),
        )
    } else if let Some(flag) = unread.first() {
        let reason = flag.value.reason().unwrap_or(UnknownReason::Unreadable);
        unknown(&PHS805, host, reason)
    } else if !off.is_empty() {
        Finding::warning(
            &PHS805,
            target(host),
            text!(
                "phs805-server-off",
                host = &host.source,
                values = names(&off)
            ),
        )
    } else if host.tls.is_empty() {
        unknown(&PHS805, host, UnknownReason::NotCollected)
    } else {
        Finding::passed(
            &PHS805,
            target(host),
            text!("phs805-on", host = &host.source),
        )
    };
    remedies
        .into_iter()
        .fold(finding, Finding::with_remedy)
        .with_evidence(host.tls.iter().filter_map(|flag| {
            let value = flag
                .value
                .known()?
                .map_or_else(|| "not set".to_owned(), |value| value.to_string());
            Some(EvidenceRow::new(&host.source, &flag.key, &flag.name, value))
        }))
}

/// `DisabledByDefault` is on where it is not 0; all others are off where they are 0.
fn switches_off(flag: &RegistryFlag) -> Option<bool> {
    let off = |value: u32| (value == 0) != is_disabling(&flag.name);
    flag.value.known().map(|value| value.is_some_and(off))
}

fn is_disabling(name: &str) -> bool {
    name.eq_ignore_ascii_case("DisabledByDefault")
}

fn is_server_side(key: &str) -> bool {
    key.rsplit('\\')
        .next()
        .is_some_and(|last| last.eq_ignore_ascii_case("Server"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::events::{EventLog, read_message};
    use crate::evidence::host::FipsPolicy;
    use crate::finding::{Outcome, SkipReason};
    use crate::guide::Policy;

    fn now() -> Timestamp {
        "2026-10-01T12:00:00Z".parse().unwrap()
    }

    fn outcome(check: &Check, evidence: &Evidence) -> Outcome {
        let context = Context {
            today: now(),
            users_named: false,
            policy: Policy::default(),
        };
        let mut found = Vec::new();
        judge(evidence, &context, &mut |finding| {
            if finding.check.id == check.id {
                found.push(finding.outcome);
            }
        });
        assert_eq!(found.len(), 1);
        found[0]
    }

    fn host(change: impl FnOnce(&mut HostEvidence)) -> Evidence {
        let mut host = HostEvidence {
            source: "SYNC01".to_owned(),
            observed_at: Some(now()),
            ..HostEvidence::default()
        };
        change(&mut host);
        Evidence {
            host: Some(host),
            ..Evidence::default()
        }
    }

    #[test]
    fn every_state_of_the_service() {
        let with = |state: &str, start: StartMode| {
            let evidence = host(|host| {
                host.service = Fact::Known(Some(Service {
                    name: "ADSync".to_owned(),
                    state: Fact::Known(state.to_owned()),
                    start: Fact::Known(start),
                    account: Fact::default(),
                }));
            });
            outcome(&PHS803, &evidence)
        };
        assert_eq!(with("running", StartMode::Automatic), Outcome::Passed);
        assert_eq!(with("Running", StartMode::Manual), Outcome::Warning);
        assert_eq!(with("Running", StartMode::Disabled), Outcome::Warning);
        assert_eq!(with("StartPending", StartMode::Automatic), Outcome::Warning);
        for state in ["Stopped", "StopPending", "Paused"] {
            assert_eq!(
                with(state, StartMode::Automatic),
                Outcome::Failed,
                "{state}"
            );
        }
        let absent = host(|host| host.service = Fact::Known(None));
        assert_eq!(outcome(&PHS803, &absent), Outcome::Failed);
        let denied = host(|host| host.service = Fact::unknown(UnknownReason::NotPermitted));
        assert_eq!(
            outcome(&PHS803, &denied),
            Outcome::Skipped(SkipReason::NotPermitted)
        );
    }

    fn log(minutes: i64) -> EventLog {
        let time = now() - jiff::SignedDuration::from_mins(minutes);
        EventLog {
            observed_at: Some(now()),
            events: vec![SyncEvent {
                id: NO_KEY,
                provider: PROVIDER.to_owned(),
                time,
                record_id: None,
                level: None,
                computer: None,
                message: String::new(),
                detail: read_message(NO_KEY, ""),
            }],
            ..EventLog::default()
        }
    }

    #[test]
    fn fips_is_judged_by_policy_exemption_and_what_was_logged() {
        let known = |value: Option<bool>| value.map_or_else(Fact::default, Fact::Known);
        let missing = Outcome::Skipped(SkipReason::EvidenceMissing);
        for (enabled, exempted, logged, expected) in [
            (Some(false), Some(false), None, Outcome::Passed),
            (Some(false), None, None, Outcome::Passed),
            (Some(true), Some(true), None, Outcome::Passed),
            (Some(true), Some(false), None, Outcome::Failed),
            (Some(true), None, None, missing),
            (None, Some(true), None, Outcome::Passed),
            (None, Some(false), None, missing),
            (None, None, None, missing),
            (Some(true), Some(true), Some(30), Outcome::Failed),
            (Some(false), None, Some(30), Outcome::Failed),
            // An old event was mended since.
            (Some(false), None, Some(300), Outcome::Passed),
        ] {
            let mut evidence = host(|host| {
                host.fips = FipsPolicy {
                    enabled: known(enabled),
                    exempted: known(exempted),
                    config_file: "miiserver.exe.config".to_owned(),
                };
            });
            evidence.events = logged.map(log);
            let case = format!("{enabled:?} {exempted:?} {logged:?}");
            assert_eq!(outcome(&PHS804, &evidence), expected, "{case}");
        }
        let alone = Evidence {
            events: Some(log(30)),
            ..Evidence::default()
        };
        assert_eq!(outcome(&PHS804, &alone), Outcome::Failed);
    }

    #[test]
    fn tls_is_off_only_where_a_value_says_so() {
        let with = |key: &str, name: &str, value: Fact<Option<u32>>| {
            let evidence = host(|host| {
                host.tls = vec![RegistryFlag {
                    key: key.to_owned(),
                    name: name.to_owned(),
                    value,
                }];
            });
            outcome(&PHS805, &evidence)
        };
        let (client, server) = (r"HKLM\TLS 1.2\Client", r"HKLM\TLS 1.2\Server");
        for (key, name, value, expected) in [
            (client, "Enabled", Some(1), Outcome::Passed),
            (client, "Enabled", Some(0xffff_ffff), Outcome::Passed),
            (client, "Enabled", Some(0), Outcome::Failed),
            (client, "Enabled", None, Outcome::Passed),
            (client, "DisabledByDefault", Some(0), Outcome::Passed),
            (client, "DisabledByDefault", Some(1), Outcome::Failed),
            (client, "DisabledByDefault", None, Outcome::Passed),
            (server, "Enabled", Some(0), Outcome::Warning),
            (
                r"HKLM\v4.0.30319",
                "SchUseStrongCrypto",
                Some(0),
                Outcome::Failed,
            ),
        ] {
            let found = with(key, name, Fact::Known(value));
            assert_eq!(found, expected, "{key} {name} {value:?}");
        }
        let unread = with(
            client,
            "Enabled",
            Fact::unknown(UnknownReason::NotPermitted),
        );
        assert_eq!(unread, Outcome::Skipped(SkipReason::NotPermitted));
        assert!(matches!(
            outcome(&PHS805, &host(|_| {})),
            Outcome::Skipped(_)
        ));
    }
}
