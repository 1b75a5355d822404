//! PHS306: do the clocks agree within what Kerberos allows.

use super::{
    Reach, Scene, answer_word, cut_short, depends, ended_first, failed, passed, reach, row, target,
    warning,
};
use crate::check::{PHS302, PHS306};
use crate::evidence::network::ControllerEvidence;
use crate::finding::{Finding, SkipReason, Target};
use crate::text;

/// Kerberos' default tolerance (MS-KILE 3.3.1): five minutes, in milliseconds.
const LIMIT_MS: i64 = 300_000;
/// Half of it: still working, soon not.
const NEAR_MS: i64 = LIMIT_MS / 2;

pub(super) fn judge(scene: &Scene<'_>, sink: &mut dyn FnMut(Finding)) {
    let skews: Vec<(&ControllerEvidence, i64, i64)> = scene
        .network
        .controllers
        .iter()
        .filter_map(|one| {
            let root_dse = one.root_dse.value()?;
            Some((
                one,
                root_dse.skew_ms?,
                i64::from(root_dse.skew_uncertainty_ms),
            ))
        })
        .collect();
    let beyond = |skew: i64, uncertainty: i64| skew.abs() - uncertainty > LIMIT_MS;
    let spread = spread(&skews);
    // Several domain controllers that agree with each other and not with us: it is this machine that is wrong.
    let ours_is_wrong = skews.len() > 1
        && spread.is_none()
        && skews.iter().all(|(_, skew, off)| beyond(*skew, *off));
    if ours_is_wrong && let Some((_, skew, _)) = skews.first() {
        sink(Finding::failed(
            &PHS306,
            Target::named(scene.observer()),
            text!(
                "phs306-here",
                observer = scene.observer(),
                seconds = seconds(-*skew)
            ),
        ));
    }
    for controller in &scene.network.controllers {
        let host = &controller.host;
        let found = skews.iter().find(|(one, ..)| one.host == *host);
        let Some((_, skew, off)) = found else {
            sink(unread(controller));
            continue;
        };
        let finding = if ours_is_wrong {
            Finding::skipped(
                &PHS306,
                SkipReason::DependencyFailed,
                target(controller),
                text!("phs306-see-here", host = host, observer = scene.observer()),
            )
        } else if beyond(*skew, *off) {
            failed(
                &PHS306,
                controller,
                text!(
                    "phs306-skewed",
                    host = host,
                    observer = scene.observer(),
                    seconds = seconds(*skew)
                ),
            )
        } else if skew.abs() > NEAR_MS {
            warning(
                &PHS306,
                controller,
                text!("phs306-near", host = host, seconds = seconds(*skew)),
            )
        } else {
            passed(
                &PHS306,
                controller,
                text!("phs306-passed", host = host, seconds = seconds(*skew)),
            )
        };
        sink(finding.with_evidence([row(
            scene,
            controller,
            "clock skew",
            format!("{skew} ms (±{off} ms)"),
        )]));
    }
    let any_beyond = skews.iter().any(|(_, skew, off)| beyond(*skew, *off));
    if !any_beyond && let Some((early, late, apart)) = spread {
        sink(Finding::failed(
            &PHS306,
            Target::identified(format!("{early}, {late}"), format!("{early}|{late}")),
            text!(
                "phs306-apart",
                early = early,
                late = late,
                seconds = seconds(apart)
            ),
        ));
    }
}

/// The two domain controllers whose clocks are furthest apart, if that is too far.
fn spread<'a>(skews: &[(&'a ControllerEvidence, i64, i64)]) -> Option<(&'a str, &'a str, i64)> {
    let early = skews.iter().min_by_key(|(_, skew, _)| *skew)?;
    let late = skews.iter().max_by_key(|(_, skew, _)| *skew)?;
    let apart = late.1 - early.1;
    (apart - early.2 - late.2 > LIMIT_MS).then_some((&early.0.host, &late.0.host, apart))
}

fn unread(controller: &ControllerEvidence) -> Finding {
    if reach(controller) != Reach::Alive && reach(controller) != Reach::NotTried {
        return depends(&PHS306, controller, &PHS302);
    }
    if ended_first(&controller.root_dse) {
        return cut_short(&PHS306, controller);
    }
    if controller.root_dse.value().is_none() {
        let connected = !matches!(
            controller.root_dse,
            crate::evidence::network::Answer::NotConnected(_)
        );
        if !connected {
            return depends(&PHS306, controller, &PHS302);
        }
    }
    Finding::skipped(
        &PHS306,
        SkipReason::EvidenceMissing,
        target(controller),
        text!(
            "phs306-unread",
            host = &controller.host,
            answer = answer_word(&controller.root_dse)
        ),
    )
}

/// Whole seconds, signed.
fn seconds(milliseconds: i64) -> i64 {
    (milliseconds + 500 * milliseconds.signum()) / 1000
}
