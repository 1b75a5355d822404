//! What a diagnostic works with: its event channel, its cancel token, its catalogue and its clock.

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use futures_util::FutureExt as _;
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use phs_core::check::{self, Step};
use phs_core::evidence::Evidence;
use phs_core::finding::{Finding, Outcome, SkipReason, Target};
use phs_core::guide;
use phs_core::guide::user::UserJudgement;
use phs_core::report::{
    AccountRecord, CapabilityRecord, CheckRecord, EventRecord, FindingRecord, UserVerdictRecord,
};
use phs_core::text;
use phs_core::text::{Catalog, Text};

use super::suppress::Suppressions;
use super::{More, Options, panic_text};
use crate::event::{Event, Level, Log, Progress, Summary};
use crate::problem::{Category, Problem};
use crate::secret::{Secret, SecretSource};

/// Shared by everything that works for one run; cheap to clone.
#[derive(Debug, Clone)]
pub struct RunContext {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    events: mpsc::Sender<Event>,
    input: Mutex<Option<mpsc::Receiver<More>>>,
    cancel: CancellationToken,
    catalog: Arc<Catalog>,
    today: Timestamp,
    clock: OnceLock<Timestamp>,
    tenant: OnceLock<()>,
    secrets: Arc<dyn SecretSource>,
    module_version: Option<String>,
    policy: guide::Policy,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    summary: Summary,
    suppressions: Suppressions,
    steps: BTreeMap<Step, StepState>,
}

#[derive(Debug, Default)]
struct StepState {
    passed: bool,
    applies: bool,
}

impl RunContext {
    pub(super) fn new(
        events: mpsc::Sender<Event>,
        input: Option<mpsc::Receiver<More>>,
        cancel: CancellationToken,
        catalog: Arc<Catalog>,
        today: Timestamp,
        secrets: Arc<dyn SecretSource>,
        options: &Options,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                events,
                input: Mutex::new(input),
                cancel,
                catalog,
                today,
                clock: OnceLock::new(),
                tenant: OnceLock::new(),
                secrets,
                module_version: options.module_version.clone(),
                policy: options.policy(),
                state: Mutex::new(State {
                    suppressions: Suppressions::new(&options.suppress),
                    ..State::default()
                }),
            }),
        }
    }

    /// The words of this run.
    pub fn catalog(&self) -> &Catalog {
        &self.inner.catalog
    }

    /// The caller's clock, or that of the evidence file that is judged.
    pub fn today(&self) -> Timestamp {
        self.inner.clock.get().copied().unwrap_or(self.inner.today)
    }

    /// Takes the time of an evidence file for now, so that it is judged as on that day. The first file decides.
    pub(super) fn set_clock(&self, now: Timestamp) {
        let _ = self.inner.clock.set(now);
    }

    /// Notes that the tenant of the caller is the one to ask about users.
    pub(super) fn trust_tenant(&self) {
        let _ = self.inner.tenant.set(());
    }

    /// Whether the caller's tenant may be asked about users: it answered, and is the server's.
    pub(super) fn trusts_tenant(&self) -> bool {
        self.inner.tenant.get().is_some()
    }

    /// Version of the module that asks, if it said so.
    pub fn module_version(&self) -> Option<&str> {
        self.inner.module_version.as_deref()
    }

    /// The secret behind a handle of the request.
    ///
    /// # Errors
    /// `Phs.Secret.Unknown` for a stale or foreign handle.
    pub fn secret(&self, handle: &str) -> Result<Secret, Problem> {
        self.inner.secrets.get(handle).ok_or_else(|| {
            Problem::new(
                "Phs.Secret.Unknown",
                Category::InvalidArgument,
                "credential",
                text!("error-secret-unknown"),
            )
        })
    }

    /// Where more input comes from, for the diagnostic that said that it takes some. Once.
    pub fn take_input(&self) -> Option<mpsc::Receiver<More>> {
        self.inner
            .input
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// The cancel token, for collectors that start tasks of their own.
    pub fn cancel_token(&self) -> &CancellationToken {
        &self.inner.cancel
    }

    /// Whether the run was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.inner.cancel.is_cancelled()
    }

    pub(super) async fn cancelled(&self) {
        self.inner.cancel.cancelled().await;
    }

    /// Sends an event, waiting for room. After a cancel it is dropped.
    pub async fn send(&self, event: Event) {
        tokio::select! {
            // The reader may be gone: then nobody is left to tell.
            _ = self.inner.events.send(event) => {}
            () = self.inner.cancel.cancelled() => {}
        }
    }

    /// Tells how far the run is; `percent` is `None` where the end is not known.
    pub async fn progress(&self, activity: &Text, status: &Text, percent: Option<u8>) {
        let progress = Progress {
            activity: self.catalog().render(activity),
            status: self.catalog().render(status),
            percent: percent.map_or(-1, i32::from),
        };
        self.send(Event::Progress { progress }).await;
    }

    /// Writes a line to a stream.
    pub async fn log(&self, level: Level, message: &Text) {
        let log = Log {
            level,
            message: self.catalog().render(message),
        };
        self.send(Event::Log { log }).await;
    }

    /// Tells of an error in a part; the run goes on.
    pub async fn error(&self, problem: &Problem) {
        let error = problem.render(self.catalog());
        self.send(Event::Error { error }).await;
    }

    /// Sends findings.
    pub async fn findings(&self, findings: impl IntoIterator<Item = Finding>) {
        let records: Vec<_> = findings
            .into_iter()
            .map(|finding| self.record(&finding))
            .collect();
        if !records.is_empty() {
            self.send(Event::Finding { findings: records }).await;
        }
    }

    /// Sends a judged user; its findings count like any other.
    pub async fn verdict(
        &self,
        judgement: &UserJudgement,
        identity: &str,
        observed_at: Option<Timestamp>,
    ) {
        let verdict = UserVerdictRecord::render(
            judgement,
            identity,
            observed_at,
            self.catalog(),
            &mut |reason| self.record(&reason.finding),
        );
        self.send(Event::Verdict {
            verdicts: vec![verdict],
        })
        .await;
    }

    /// Sends rows of the catalogue of checks.
    pub async fn checks(&self, checks: Vec<CheckRecord>) {
        self.send(Event::Check { checks }).await;
    }

    /// Sends connector accounts.
    pub async fn accounts(&self, accounts: Vec<AccountRecord>) {
        self.send(Event::Account { accounts }).await;
    }

    /// Sends events of a log.
    pub async fn events(&self, events: Vec<EventRecord>) {
        if !events.is_empty() {
            self.send(Event::Event { events }).await;
        }
    }

    /// Sends what works on this machine.
    pub async fn capabilities(&self, capabilities: Vec<CapabilityRecord>) {
        self.send(Event::Capability { capabilities }).await;
    }

    /// Judges one step and sends its findings. A panic in it becomes an `Error` finding.
    pub async fn judge(&self, step: Step, evidence: &Evidence, users_named: bool) {
        if let Some(recorded) = &evidence.recorded {
            return self.replay(step, recorded).await;
        }
        let context = guide::Context {
            today: self.today(),
            users_named,
            policy: self.inner.policy,
        };
        let judged = std::panic::catch_unwind(AssertUnwindSafe(|| {
            let mut findings = Vec::new();
            guide::judge(step, evidence, &context, &mut |finding| {
                findings.push(finding);
            });
            findings
        }));
        match judged {
            Ok(mut findings) => {
                // A reader looks for ids in order; equal ids keep the order in which they were judged.
                findings.sort_by_key(|finding| finding.check.id);
                self.findings(findings).await;
            }
            Err(panic) => self.findings(broken(step, &*panic)).await,
        }
    }

    /// What the guide finds in the evidence, without telling it.
    pub(super) fn found(&self, evidence: &Evidence) -> Vec<FindingRecord> {
        let context = guide::Context {
            today: self.today(),
            users_named: evidence
                .users
                .as_ref()
                .is_some_and(|users| !users.list.is_empty()),
            policy: self.inner.policy,
        };
        let mut findings = Vec::new();
        for step in Step::ALL {
            let mut of_step = Vec::new();
            guide::judge(step, evidence, &context, &mut |finding| {
                of_step.push(finding);
            });
            of_step.sort_by_key(|finding| finding.check.id);
            findings.extend(
                of_step
                    .iter()
                    .map(|finding| FindingRecord::render(finding, self.catalog(), false)),
            );
        }
        findings
    }

    /// Sends what was found of a step before names were replaced; a check of which nothing was kept says so.
    async fn replay(&self, step: Step, recorded: &[FindingRecord]) {
        let mut findings = Vec::new();
        for check in check::of_step(step).filter(|check| check.step != Step::Tool) {
            let of_check = |finding: &&FindingRecord| finding.check_id == check.id;
            let kept: Vec<FindingRecord> = recorded
                .iter()
                .filter(of_check)
                .map(FindingRecord::shown)
                .collect();
            if kept.is_empty() {
                let skipped = guide::skip(
                    check,
                    SkipReason::NotSupported,
                    text!("evidence-redacted", name = check.id),
                );
                findings.push(self.record(&skipped));
            }
            for mut finding in kept {
                finding.suppressed = self.count(&Seen::of_record(&finding));
                findings.push(finding);
            }
        }
        if !findings.is_empty() {
            self.send(Event::Finding { findings }).await;
        }
    }

    /// Runs a collector for a step. A panic in it becomes an `Error` finding and gives nothing; the run goes on.
    pub async fn guard<T>(&self, step: Step, collector: impl Future<Output = T>) -> Option<T> {
        match AssertUnwindSafe(collector).catch_unwind().await {
            Ok(value) => Some(value),
            Err(panic) => {
                self.findings(broken(step, &*panic)).await;
                None
            }
        }
    }

    /// Ids and targets of suppressions that matched nothing so far.
    pub fn unused_suppressions(&self) -> Vec<String> {
        self.state().suppressions.unused()
    }

    pub(super) async fn finish(&self) {
        // Whoever feeds a run that is over is told so.
        drop(self.take_input());
        let summary = {
            let mut state = self.state();
            let mut summary = std::mem::take(&mut state.summary);
            summary.unanswered_steps = state
                .steps
                .iter()
                .filter(|(_, step)| step.applies && !step.passed)
                .map(|(step, _)| step.name().to_owned())
                .collect();
            summary.cancelled = self.is_cancelled();
            summary
        };
        // Not `send`: the end must arrive after a cancel too.
        let _ = self.inner.events.send(Event::Finished { summary }).await;
    }

    fn record(&self, finding: &Finding) -> FindingRecord {
        let suppressed = self.count(&Seen::of_finding(finding));
        FindingRecord::render(finding, self.catalog(), suppressed)
    }

    /// Counts a finding; gives whether it is suppressed.
    fn count(&self, finding: &Seen<'_>) -> bool {
        let mut state = self.state();
        let suppressed =
            state
                .suppressions
                .covers(finding.check, finding.target, &finding.fingerprint);
        let summary = &mut state.summary;
        let count = if suppressed {
            &mut summary.suppressed
        } else {
            match finding.outcome {
                "Passed" => &mut summary.passed,
                "Failed" => &mut summary.failed,
                "Warning" => &mut summary.warnings,
                "Skipped" => &mut summary.skipped,
                _ => &mut summary.errors,
            }
        };
        *count += 1;
        if let Some(step) = finding.step {
            let step = state.steps.entry(step).or_default();
            step.passed |= finding.outcome == "Passed";
            step.applies |= finding.applies;
        }
        suppressed
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.inner
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is counted of a finding.
struct Seen<'f> {
    check: &'f str,
    target: &'f str,
    fingerprint: String,
    step: Option<Step>,
    outcome: &'f str,
    applies: bool,
}

impl<'f> Seen<'f> {
    fn of_finding(finding: &'f Finding) -> Self {
        Self {
            check: finding.check.id,
            target: &finding.target.display,
            fingerprint: finding.fingerprint(),
            step: Some(finding.check.step),
            outcome: finding.outcome.name(),
            applies: finding.outcome != Outcome::Skipped(SkipReason::NotApplicable),
        }
    }

    fn of_record(record: &'f FindingRecord) -> Self {
        Self {
            check: &record.check_id,
            target: &record.target,
            fingerprint: record.fingerprint.clone(),
            step: Step::parse(&record.step),
            outcome: &record.outcome,
            applies: record.skip_reason.as_deref() != Some("NotApplicable"),
        }
    }
}

fn broken(step: Step, panic: &(dyn std::any::Any + Send)) -> Option<Finding> {
    let check = check::of_step(step).next()?;
    Some(Finding::new(
        check,
        Outcome::Error,
        Target::named(step.name()),
        text!("check-broke", detail = panic_text(panic)),
    ))
}
