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
