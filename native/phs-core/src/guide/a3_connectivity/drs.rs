//! PHS303: does directory replication answer on the port that the endpoint mapper gives (trap 47).

use super::{
    Reach, Scene, addresses, answer_word, cut_short, depends, ended_first, failed, outcome, passed,
    reach, row, warning,
};
use crate::check::{PHS302, PHS303};
use crate::evidence::network::{
    Answer, ControllerEvidence, DrsEndpoints, ProbeOutcome, RpcBindReply, Service, Transport,
};
use crate::finding::Finding;
use crate::text;

pub(super) fn judge(scene: &Scene<'_>, sink: &mut dyn FnMut(Finding)) {
    for controller in &scene.network.controllers {
        let ports = controller.endpoint_mapper.value().map(ports_text);
        sink(judge_one(scene, controller).with_evidence([
            row(
                scene,
                controller,
                "endpoint mapper",
                ports.unwrap_or_else(|| answer_word(&controller.endpoint_mapper)),
            ),
            row(
                scene,
                controller,
                "DRSUAPI bind",
                controller.drs_bind.value().map_or_else(
                    || answer_word(&controller.drs_bind),
                    |bind| format!("{:?} ({}:{})", bind.reply, bind.address, bind.port),
                ),
            ),
        ]));
    }
}

fn ports_text(found: &DrsEndpoints) -> String {
    let ports: Vec<String> = found.ports.iter().map(ToString::to_string).collect();
    if ports.is_empty() {
        "DRSUAPI not registered".to_owned()
    } else {
        format!("DRSUAPI on TCP {}", ports.join(", "))
    }
}

fn judge_one(scene: &Scene<'_>, controller: &ControllerEvidence) -> Finding {
    let mapper_open = outcome(controller, Transport::Tcp, Service::EndpointMapper);
    match (reach(controller), mapper_open) {
        (Reach::NotTried, _) | (Reach::Alive, None | Some(ProbeOutcome::NotTried)) => {
            return cut_short(&PHS303, controller);
        }
        (Reach::Alive, Some(ProbeOutcome::Open)) => {}
        _ => return depends(&PHS303, controller, &PHS302),
    }
    let (host, observer) = (&controller.host, scene.observer());
    let found = match &controller.endpoint_mapper {
        Answer::Answered(found) => found,
        answer if ended_first(answer) => return cut_short(&PHS303, controller),
        answer => {
            let text = text!(
                "phs303-mapper-mute",
                host = host,
                observer = observer,
                addresses = addresses(controller),
                answer = answer_word(answer)
            );
            return failed(&PHS303, controller, text);
        }
    };
    if found.ports.is_empty() {
        let text = text!(
            "phs303-not-registered",
            host = host,
            registered = found.registered.unwrap_or(0)
        );
        return failed(&PHS303, controller, text);
    }
    bind(scene, controller, found)
}

fn bind(scene: &Scene<'_>, controller: &ControllerEvidence, found: &DrsEndpoints) -> Finding {
    let (host, observer) = (&controller.host, scene.observer());
    let ports: Vec<String> = found.ports.iter().map(ToString::to_string).collect();
    let text = match &controller.drs_bind {
        Answer::Answered(bind) => {
            let port = bind.port.to_string();
            return match bind.reply {
                RpcBindReply::Accepted | RpcBindReply::AuthenticationRequired => passed(
                    &PHS303,
                    controller,
                    text!("phs303-passed", host = host, port = port),
                ),
                RpcBindReply::InterfaceUnknown => failed(
                    &PHS303,
                    controller,
                    text!("phs303-other-service", host = host, port = port),
                ),
                RpcBindReply::Rejected { code } => warning(
                    &PHS303,
                    controller,
                    text!(
                        "phs303-rejected",
                        host = host,
                        port = port,
                        code = format!("0x{code:x}")
                    ),
                ),
            };
        }
        answer if ended_first(answer) => return cut_short(&PHS303, controller),
        Answer::NotConnected(ProbeOutcome::Dropped) => {
            text!("phs303-dynamic-dropped", ports = ports)
        }
        Answer::NotConnected(ProbeOutcome::Refused) => {
            text!("phs303-dynamic-refused", ports = ports)
        }
        Answer::NotConnected(outcome) => text!(
            "phs303-dynamic-unreachable",
            ports = ports,
            outcome = super::word(*outcome)
        ),
        answer => text!("phs303-mute", ports = ports, answer = answer_word(answer)),
    };
    let text = text
        .with("host", host)
        .with("observer", observer)
        .with("addresses", addresses(controller));
    failed(&PHS303, controller, text)
}
