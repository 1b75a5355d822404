//! The steps that a request asks for.

use phs_core::check::Step;
use phs_core::evidence::Evidence;
use phs_core::text;

use super::RunContext;
use super::get_check::unknown_step;
use crate::problem::Problem;

/// How much of a run's progress is gathering; judging has the rest.
const GATHERED: usize = 50;

/// Steps by name, in guide order, each once. None named means all.
///
/// # Errors
/// `Phs.Step.Unknown` for a name that is no step.
pub(super) fn parse(names: &[String]) -> Result<Vec<Step>, Problem> {
    let mut steps = Vec::new();
    for name in names {
        let step = Step::parse(name.trim()).ok_or_else(|| unknown_step(name.trim()))?;
        steps.push(step);
    }
    if steps.is_empty() {
        steps.extend(Step::ALL);
    }
    steps.sort_unstable();
    steps.dedup();
    Ok(steps)
}

/// Judges the steps in order, telling how far it is.
pub(super) async fn judge(
    context: &RunContext,
    steps: &[Step],
    evidence: &Evidence,
    users_named: bool,
) {
    for (done, step) in steps.iter().enumerate() {
        let percent = GATHERED + done * (100 - GATHERED) / steps.len().max(1);
        context
            .progress(
                &text!("progress-judging"),
                &text!("progress-step", step = step.name()),
                u8::try_from(percent).ok(),
            )
            .await;
        context.judge(*step, evidence, users_named).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn steps_come_in_guide_order_and_once() {
        assert_eq!(
            parse(&names(&["a4", "A2", " tool", "A2"])).unwrap(),
            [Step::A2, Step::A4, Step::Tool]
        );
        assert_eq!(parse(&[]).unwrap(), Step::ALL);
    }

    #[test]
    fn an_unknown_step_is_named() {
        let problem = parse(&names(&["A2", "A5"])).unwrap_err();
        assert_eq!(problem.id, "Phs.Step.Unknown");
        assert_eq!(problem.target, "A5");
    }
}
