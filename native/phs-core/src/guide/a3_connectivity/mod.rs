//! Guide step A3: can the Connect server reach every domain controller that it may use, in every way that password
//! hash sync needs, and the cloud.
//!
//! One fault, one finding: what follows from a fault that another check reports is `Skipped (DependencyFailed)`, so
//! that a closed port is not told eight times.

mod bind;
mod certificate;
mod clock;
mod cloud;
mod discovery;
mod drs;
mod options;
mod ports;
#[cfg(test)]
mod tests;

use crate::check::{Check, Need, PHS301, PHS302, PHS303, PHS304, PHS305, PHS306, PHS307, PHS308};
use crate::evidence::Evidence;
use crate::evidence::network::{
    Answer, ControllerEvidence, NetworkEvidence, NotTriedReason, PortProbe, ProbeOutcome, Service,
    Transport,
};
use crate::evidence::server::ServerConfiguration;
use crate::finding::{EvidenceRow, Finding, SkipReason, Target};
use crate::guide::{Context, Sink, missing};
use crate::text;
use crate::text::Text;

/// The checks of this step, in order.
const CHECKS: [&Check; 8] = [
    &PHS301, &PHS302, &PHS303, &PHS304, &PHS305, &PHS306, &PHS307, &PHS308,
];

/// Judges the step.
pub fn judge(evidence: &Evidence, _context: &Context, sink: &mut Sink<'_>) {
    let Some(network) = &evidence.network else {
        for check in CHECKS {
            sink(missing(check, Need::Network));
        }
        return;
    };
    let scene = Scene {
        network,
        server: evidence.server.as_ref(),
    };
    let mut observed = |finding: Finding| sink(finding.observed(Some(network.observed_at)));
    discovery::judge(&scene, &mut observed);
    if network.controllers.is_empty() {
        for check in CHECKS.iter().skip(1).take(6) {
            observed(Finding::skipped(
                check,
                SkipReason::DependencyFailed,
                Target::named(check.name),
                text!("a3-no-controller"),
            ));
        }
    } else {
        ports::judge(&scene, &mut observed);
        drs::judge(&scene, &mut observed);
        bind::judge(&scene, &mut observed);
        certificate::judge(&scene, &mut observed);
        clock::judge(&scene, &mut observed);
        options::judge(&scene, &mut observed);
    }
    cloud::judge(&scene, &mut observed);
}

/// What every check of the step looks at.
#[derive(Debug, Clone, Copy)]
struct Scene<'a> {
    network: &'a NetworkEvidence,
    server: Option<&'a ServerConfiguration>,
}

/// Whether anything at all came back from a domain controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Something came back, if only a refusal.
    Alive,
    /// Its name has no address.
    NoAddress,
    /// Nothing came back on any port.
    Silent,
    /// There is no way to it.
    Unreachable,
    /// There are only IPv6 addresses, and this machine has no way to them.
    OnlyUnreachableIpv6,
    /// It was not probed: the run ended first.
    NotTried,
}

impl Scene<'_> {
    fn observer(&self) -> &str {
        &self.network.observer
    }

    /// Whether Connect binds to the directory over TLS: `None` where that is not known.
    fn ssl_bind(&self) -> Option<bool> {
        let mut known = self
            .server?
            .ad_connectors()
            .map(|connector| connector.ssl_bind.known().copied());
        let first = known.next()??;
        known.try_fold(first, |any, one| Some(any || one?))
    }

    /// Whether no domain controller of the domain answers in any way.
    fn silent(&self, domain: &str) -> bool {
        let mut of_domain = self
            .network
            .controllers
            .iter()
            .filter(|one| one.domain.as_deref() == Some(domain))
            .map(reach)
            .filter(|reach| *reach != Reach::NotTried)
            .peekable();
        of_domain.peek().is_some() && of_domain.all(|reach| reach != Reach::Alive)
    }
}

/// A finding that says that another check has the cause.
fn depends(check: &'static Check, controller: &ControllerEvidence, on: &'static Check) -> Finding {
    Finding::skipped(
        check,
        SkipReason::DependencyFailed,
        target(controller),
        text!("a3-depends", host = &controller.host, check = on.id),
    )
}

/// A finding that says that time ran out first.
fn cut_short(check: &'static Check, controller: &ControllerEvidence) -> Finding {
    Finding::skipped(
        check,
        SkipReason::DependencyFailed,
        target(controller),
        text!("a3-cut-short", host = &controller.host),
    )
}

fn target(controller: &ControllerEvidence) -> Target {
    Target::named(controller.host.clone())
}

/// How far the probes got.
fn reach(controller: &ControllerEvidence) -> Reach {
    if controller.addresses.is_empty() {
        let asked = !controller.lookups.is_empty();
        return if asked {
            Reach::NoAddress
        } else {
            Reach::NotTried
        };
    }
    let tried: Vec<ProbeOutcome> = controller
        .ports
        .iter()
        .map(|row| row.outcome)
        .filter(|outcome| *outcome != ProbeOutcome::NotTried)
        .collect();
    let all = |test: fn(&ProbeOutcome) -> bool| tried.iter().all(test);
    if tried.is_empty() {
        Reach::NotTried
    } else if all(|outcome| *outcome == ProbeOutcome::Dropped) {
        Reach::Silent
    } else if all(|outcome| matches!(outcome, ProbeOutcome::Dropped | ProbeOutcome::Unreachable)) {
        if controller.addresses.iter().all(std::net::IpAddr::is_ipv6) {
            Reach::OnlyUnreachableIpv6
        } else {
            Reach::Unreachable
        }
    } else {
        Reach::Alive
    }
}

/// The outcome of a service, over all addresses: the best, since a client tries them all.
fn outcome(
    controller: &ControllerEvidence,
    transport: Transport,
    service: Service,
) -> Option<ProbeOutcome> {
    rows(controller, transport, service)
        .map(|row| row.outcome)
        .min_by_key(|outcome| rank(*outcome))
}

fn rows(
    controller: &ControllerEvidence,
    transport: Transport,
    service: Service,
) -> impl Iterator<Item = &PortProbe> {
    controller
        .ports
        .iter()
        .filter(move |row| row.transport == transport && row.service == service)
}

fn rank(outcome: ProbeOutcome) -> u8 {
    match outcome {
        ProbeOutcome::Open => 0,
        ProbeOutcome::Refused => 1,
        ProbeOutcome::Dropped => 2,
        ProbeOutcome::Unreachable => 3,
        ProbeOutcome::Error { .. } => 4,
        ProbeOutcome::NotTried => 5,
    }
}

/// The word for an outcome in evidence rows. It is a contract, not a sentence.
fn word(outcome: ProbeOutcome) -> String {
    match outcome {
        ProbeOutcome::Open => "Open".to_owned(),
        ProbeOutcome::Refused => "Refused".to_owned(),
        ProbeOutcome::Dropped => "Dropped".to_owned(),
        ProbeOutcome::Unreachable => "Unreachable".to_owned(),
        ProbeOutcome::Error { code } => format!("Error {code}"),
        ProbeOutcome::NotTried => "NotTried".to_owned(),
    }
}

/// The word for how a conversation ended.
fn answer_word<T>(answer: &Answer<T>) -> String {
    match answer {
        Answer::Answered(_) => "Answered".to_owned(),
        Answer::NotConnected(outcome) => word(*outcome),
        Answer::NoAnswer => "NoAnswer".to_owned(),
        Answer::Closed => "Closed".to_owned(),
        Answer::Malformed(reason) => format!("Malformed: {reason}"),
        Answer::Declined(reason) => format!("Declined: {reason}"),
        Answer::NotTried(reason) => format!("NotTried: {reason:?}"),
    }
}

/// `TCP 135`.
fn port_name(transport: Transport, port: u16) -> String {
    match transport {
        Transport::Tcp => format!("TCP {port}"),
        Transport::Udp => format!("UDP {port}"),
    }
}

/// The addresses of a domain controller, for a ticket; its host name where there are none.
fn addresses(controller: &ControllerEvidence) -> String {
    if controller.addresses.is_empty() {
        return controller.host.clone();
    }
    let texts: Vec<String> = controller
        .addresses
        .iter()
        .map(ToString::to_string)
        .collect();
    texts.join(", ")
}

/// A row of evidence about a domain controller.
fn row(
    scene: &Scene<'_>,
    controller: &ControllerEvidence,
    attribute: impl Into<String>,
    value: impl Into<String>,
) -> EvidenceRow {
    EvidenceRow::new(scene.observer(), &controller.host, attribute, value)
}

/// Whether a conversation did not happen because the run ended.
fn ended_first<T>(answer: &Answer<T>) -> bool {
    matches!(answer, Answer::NotTried(NotTriedReason::RunEnded))
}

/// Passed, with the words given.
fn passed(check: &'static Check, controller: &ControllerEvidence, message: Text) -> Finding {
    Finding::passed(check, target(controller), message)
}

/// Failed, with the words given.
fn failed(check: &'static Check, controller: &ControllerEvidence, message: Text) -> Finding {
    Finding::failed(check, target(controller), message)
}

/// Warning, with the words given.
fn warning(check: &'static Check, controller: &ControllerEvidence, message: Text) -> Finding {
    Finding::warning(check, target(controller), message)
}
