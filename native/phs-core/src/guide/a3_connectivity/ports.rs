//! PHS302: is each port that password hash sync needs open, and if not, in which of the three ways.

use super::{
    Reach, Scene, addresses, cut_short, depends, failed, outcome, passed, port_name, reach, row,
    rows, warning, word,
};
use crate::check::{PHS301, PHS302};
use crate::evidence::network::{ControllerEvidence, PortProbe, ProbeOutcome, Service, Transport};
use crate::finding::{EvidenceRow, Finding};
use crate::text;
use crate::text::Text;

/// Ports without which password hash sync does not work. The port of DRS itself is PHS303's.
const REQUIRED: [(Transport, Service); 4] = [
    (Transport::Tcp, Service::Kerberos),
    (Transport::Tcp, Service::EndpointMapper),
    (Transport::Tcp, Service::Ldap),
    // Finding a domain controller rests on the CLDAP ping.
    (Transport::Udp, Service::Ldap),
];

pub(super) fn judge(scene: &Scene<'_>, sink: &mut dyn FnMut(Finding)) {
    for controller in &scene.network.controllers {
        sink(judge_one(scene, controller).with_evidence(evidence(scene, controller)));
    }
}

fn judge_one(scene: &Scene<'_>, controller: &ControllerEvidence) -> Finding {
    let (host, observer) = (&controller.host, scene.observer());
    let alone = controller
        .domain
        .as_deref()
        .is_some_and(|domain| scene.silent(domain));
    let unreached = match reach(controller) {
        Reach::NoAddress => return depends(&PHS302, controller, &PHS301),
        Reach::NotTried => return cut_short(&PHS302, controller),
        // None of the domain's controllers answers: that is one fault, and PHS301 tells it.
        Reach::Silent | Reach::Unreachable | Reach::OnlyUnreachableIpv6 if alone => {
            return depends(&PHS302, controller, &PHS301);
        }
        Reach::Silent => Some(text!("phs302-host-silent")),
        Reach::Unreachable => Some(text!("phs302-host-unreachable")),
        Reach::OnlyUnreachableIpv6 => Some(text!("phs302-only-ipv6")),
        Reach::Alive => None,
    };
    if let Some(text) = unreached {
        return failed(&PHS302, controller, with_way(text, scene, controller));
    }
    let closed = closed_ports(controller, &REQUIRED);
    if !closed.is_empty() {
        return failed(&PHS302, controller, closed_text(scene, controller, &closed));
    }
    if REQUIRED.iter().any(|(transport, service)| {
        matches!(
            outcome(controller, *transport, *service),
            None | Some(ProbeOutcome::NotTried)
        )
    }) {
        return cut_short(&PHS302, controller);
    }
    doubtful(scene, controller).map_or_else(
        || {
            passed(
                &PHS302,
                controller,
                text!("phs302-passed", host = host, observer = observer),
            )
        },
        |text| warning(&PHS302, controller, text),
    )
}

/// What does not stop password hash sync, but somebody should look at.
fn doubtful(scene: &Scene<'_>, controller: &ControllerEvidence) -> Option<Text> {
    let (host, observer) = (&controller.host, scene.observer());
    let partly: Vec<String> = REQUIRED
        .iter()
        .flat_map(|(transport, service)| rows(controller, *transport, *service))
        .filter(|row| is_fault(row))
        .map(|row| format!("{} {}", row.address, port_name(row.transport, row.port)))
        .collect();
    if !partly.is_empty() {
        return Some(text!(
            "phs302-some-addresses",
            host = host,
            observer = observer,
            places = partly
        ));
    }
    let closed = |transport, service| {
        outcome(controller, transport, service)
            .filter(|outcome| !matches!(outcome, ProbeOutcome::Open | ProbeOutcome::NotTried))
    };
    if let Some(outcome) = closed(Transport::Udp, Service::Kerberos) {
        return Some(text!(
            "phs302-kerberos-udp",
            host = host,
            observer = observer,
            addresses = addresses(controller),
            outcome = word(outcome)
        ));
    }
    let dns: Vec<String> = [Transport::Tcp, Transport::Udp]
        .into_iter()
        .filter_map(|transport| {
            closed(transport, Service::Dns)
                .map(|outcome| format!("{} {}", port_name(transport, 53), word(outcome)))
        })
        .collect();
    // A domain controller that refuses DNS on both is no DNS server; names are resolved elsewhere, as discovery showed.
    let no_server = [Transport::Tcp, Transport::Udp]
        .into_iter()
        .all(|transport| closed(transport, Service::Dns) == Some(ProbeOutcome::Refused));
    (!dns.is_empty() && !no_server)
        .then(|| text!("phs302-dns", host = host, observer = observer, ports = dns))
}

/// A closed port on one address of several. No way to an IPv6 address is this machine's own affair.
fn is_fault(row: &PortProbe) -> bool {
    match row.outcome {
        ProbeOutcome::Open | ProbeOutcome::NotTried => false,
        ProbeOutcome::Unreachable => row.address.is_ipv4(),
        ProbeOutcome::Refused | ProbeOutcome::Dropped | ProbeOutcome::Error { .. } => true,
    }
}

/// Ports of `wanted` that are open on no address, with how they fail.
fn closed_ports(
    controller: &ControllerEvidence,
    wanted: &[(Transport, Service)],
) -> Vec<(String, ProbeOutcome)> {
    wanted
        .iter()
        .filter_map(|(transport, service)| {
            let outcome = outcome(controller, *transport, *service)?;
            if matches!(outcome, ProbeOutcome::Open | ProbeOutcome::NotTried) {
                return None;
            }
            let port = rows(controller, *transport, *service).next()?.port;
            Some((port_name(*transport, port), outcome))
        })
        .collect()
}

fn closed_text(
    scene: &Scene<'_>,
    controller: &ControllerEvidence,
    closed: &[(String, ProbeOutcome)],
) -> Text {
    let names: Vec<String> = closed.iter().map(|(name, _)| name.clone()).collect();
    let all = |wanted: ProbeOutcome| closed.iter().all(|(_, outcome)| *outcome == wanted);
    let text = if all(ProbeOutcome::Dropped) {
        text!("phs302-dropped", ports = names)
    } else if all(ProbeOutcome::Refused) {
        text!("phs302-refused", ports = names)
    } else if all(ProbeOutcome::Unreachable) {
        text!("phs302-unreachable", ports = names)
    } else {
        let each: Vec<String> = closed
            .iter()
            .map(|(name, outcome)| format!("{name} {}", word(*outcome)))
            .collect();
        text!("phs302-mixed", ports = each)
    };
    with_way(text, scene, controller)
}

/// The text with both ends of the way, for a ticket.
fn with_way(text: Text, scene: &Scene<'_>, controller: &ControllerEvidence) -> Text {
    text.with("host", &controller.host)
        .with("observer", scene.observer())
        .with("addresses", addresses(controller))
}

/// One row per probe: `TCP 135 EndpointMapper` = `Dropped`.
fn evidence(scene: &Scene<'_>, controller: &ControllerEvidence) -> Vec<EvidenceRow> {
    controller
        .ports
        .iter()
        .map(|probe| {
            let mut value = word(probe.outcome);
            if probe.outcome != ProbeOutcome::NotTried {
                value = format!("{value} ({} ms, {})", probe.elapsed_ms, probe.address);
            }
            if let Some(detail) = &probe.detail {
                value = format!("{value}: {detail}");
            }
            let attribute = format!(
                "{} {:?}",
                port_name(probe.transport, probe.port),
                probe.service
            );
            row(scene, controller, attribute, value)
        })
        .collect()
}
