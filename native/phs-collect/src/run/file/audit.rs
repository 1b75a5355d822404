//! Every user of an evidence file, judged as an audit judges a domain.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use phs_core::guide::user::{UserJudge, Verdict, judge_user};
use phs_core::report::UserVerdictRecord;

use super::super::RunContext;
use super::{all_users, blocking};
use crate::audit::Tally;
use crate::event::Event;
use crate::problem::Problem;

/// Users of one batch: some 100 KiB of JSON.
const BATCH: usize = 128;

/// Judges every user of the file. The summary is told only where every line was read.
///
/// # Errors
/// `Phs.Evidence.*`.
pub(in crate::run) async fn audit(
    context: &RunContext,
    path: &str,
    judge: Arc<UserJudge>,
    all: bool,
    with_rules: bool,
) -> Result<(), Problem> {
    let telling = context.clone();
    let file = path.to_owned();
    let summary = blocking(context, path, move |mut opened, runtime| {
        all_users(&telling, &opened, &file, &runtime)?;
        let collected = opened.manifest().collected_at;
        let began = Instant::now();
        let mut tally = Tally::default();
        let mut batch = Vec::with_capacity(BATCH);
        let flush = |batch: &mut Vec<UserVerdictRecord>| {
            if !batch.is_empty() {
                let verdicts = std::mem::take(batch);
                runtime.block_on(telling.send(Event::Verdict { verdicts }));
            }
        };
        let read = opened.users(&mut |user| {
            let judgement = judge_user(&judge, &user, Some(&user));
            tally.add(&judgement);
            if all || judgement.verdict == Verdict::Blocked {
                let identity = judgement
                    .user_principal_name
                    .as_deref()
                    .or(judgement.sam_account_name.as_deref())
                    .unwrap_or(&judgement.distinguished_name);
                batch.push(UserVerdictRecord::brief(
                    &judgement,
                    identity,
                    user.observed_at.or(Some(collected)),
                    telling.catalog(),
                ));
                if batch.len() == BATCH {
                    flush(&mut batch);
                }
            }
            if telling.is_cancelled() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        flush(&mut batch);
        read.map_err(|error| error.problem())?;
        let mut summary = tally.summary();
        summary.server = file;
        summary.with_rules = with_rules;
        summary.elapsed_milliseconds =
            u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(summary)
    })
    .await?;
    if !context.is_cancelled() {
        context.send(Event::Audit { audit: summary }).await;
    }
    Ok(())
}
