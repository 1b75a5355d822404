//! PHS307: has someone switched replication off on a domain controller, or is it read-only.

use super::{Reach, Scene, answer_word, depends, failed, passed, reach, row, target, warning};
use crate::check::{PHS302, PHS307};
use crate::evidence::network::{ControllerEvidence, ControllerSource};
use crate::finding::{Finding, SkipReason};
use crate::text;

pub(super) fn judge(scene: &Scene<'_>, sink: &mut dyn FnMut(Finding)) {
    for controller in &scene.network.controllers {
        let options = controller.ntds_settings.value().map_or_else(
            || answer_word(&controller.ntds_settings),
            |settings| format!("0x{:x}", settings.options),
        );
        let flags = controller.ping.value().map_or_else(
            || answer_word(&controller.ping),
            |ping| format!("0x{:x}", ping.flags),
        );
        sink(judge_one(controller).with_evidence([
            row(scene, controller, "options", options),
            row(scene, controller, "DS_FLAG", flags),
        ]));
    }
}

fn judge_one(controller: &ControllerEvidence) -> Finding {
    let host = &controller.host;
    let settings = controller.ntds_settings.value();
    let read_only = settings
        .and_then(|settings| settings.is_rodc)
        .or_else(|| controller.ping.value().map(|ping| !ping.is_writable()));
    if let Some(settings) = settings {
        if settings.outbound_disabled() {
            return failed(&PHS307, controller, text!("phs307-outbound", host = host));
        }
        if settings.inbound_disabled() {
            return failed(&PHS307, controller, text!("phs307-inbound", host = host));
        }
    }
    if read_only == Some(true) {
        // One that DNS happens to list harms nobody as long as Connect does not use it.
        return match controller.source {
            ControllerSource::Discovered => warning(
                &PHS307,
                controller,
                text!("phs307-read-only-listed", host = host),
            ),
            _ => failed(&PHS307, controller, text!("phs307-read-only", host = host)),
        };
    }
    if controller
        .root_dse
        .value()
        .is_some_and(|root_dse| root_dse.is_synchronized == Some(false))
    {
        return warning(
            &PHS307,
            controller,
            text!("phs307-not-synchronized", host = host),
        );
    }
    match settings {
        Some(_) if read_only == Some(false) => {
            passed(&PHS307, controller, text!("phs307-passed", host = host))
        }
        _ if !matches!(reach(controller), Reach::Alive | Reach::NotTried) => {
            depends(&PHS307, controller, &PHS302)
        }
        _ => Finding::skipped(
            &PHS307,
            SkipReason::EvidenceMissing,
            target(controller),
            text!("phs307-unread", host = host),
        ),
    }
}
