//! The thread that judges: it takes messages as they came, and hands verdicts on in batches.

use std::sync::Arc;
use std::time::{Duration, Instant};

use phs_core::guide::user::{UserJudge, Verdict, judge_user};
use phs_core::report::{AuditSummary, UserVerdictRecord};
use phs_core::text;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::source::{Columns, Row, read_rows};
use super::tally::Tally;
use crate::directory::Drained;
use crate::event::Event;
use crate::run::RunContext;
use crate::wire::WireError;

/// Users of one batch: some 100 KiB of JSON.
const BATCH: usize = 128;

/// How often progress is told, and a batch that is not full is handed on.
const BEAT: Duration = Duration::from_millis(250);

/// What is judged by, and what is told of it.
#[derive(Debug, Clone)]
pub struct Audit {
    /// The rules and containers.
    pub judge: Arc<UserJudge>,
    /// What was asked for.
    pub columns: Arc<Columns>,
    /// Whether users that are not blocked are told as well.
    pub all: bool,
    /// The domain's name, for progress.
    pub domain: String,
}

/// What came of judging.
#[derive(Debug)]
pub struct Judged {
    /// Counts.
    pub summary: AuditSummary,
    /// An entry that made no sense.
    pub malformed: Option<WireError>,
}

struct Thread {
    audit: Audit,
    context: RunContext,
    runtime: Handle,
    tally: Tally,
    batch: Vec<UserVerdictRecord>,
    /// GUIDs in order of arrival; sorted once the search began anew.
    seen: Vec<[u8; 16]>,
    /// Users without a GUID that may be read: they could not be told apart a second time.
    nameless: u64,
    again: bool,
    began: Instant,
    beat: Instant,
}

impl Audit {
    /// Judges until the sender is gone. Blocks: for a thread that may.
    pub fn run(
        self,
        context: RunContext,
        runtime: Handle,
        mut entries: mpsc::Receiver<Drained>,
    ) -> Judged {
        let now = Instant::now();
        let mut thread = Thread {
            audit: self,
            context,
            runtime,
            tally: Tally::default(),
            batch: Vec::with_capacity(BATCH),
            seen: Vec::new(),
            nameless: 0,
            again: false,
            began: now,
            beat: now,
        };
        let mut malformed = None;
        while let Some(drained) = entries.blocking_recv() {
            match drained {
                Drained::Again if thread.nameless > 0 => break,
                Drained::Again => {
                    thread.again = true;
                    thread.seen.sort_unstable();
                }
                Drained::Entries(messages) => {
                    if let Err(error) = thread.judge(&messages) {
                        malformed = Some(error);
                        break;
                    }
                }
            }
            if thread.context.is_cancelled() {
                break;
            }
            if thread.beat.elapsed() >= BEAT {
                thread.beat = Instant::now();
                thread.flush();
                thread.progress();
            }
        }
        drop(entries);
        thread.flush();
        let elapsed = thread.began.elapsed().as_millis();
        Judged {
            summary: AuditSummary {
                restarted: thread.again,
                elapsed_milliseconds: u64::try_from(elapsed).unwrap_or(u64::MAX),
                ..thread.tally.summary()
            },
            malformed,
        }
    }
}

impl Thread {
    fn judge(&mut self, messages: &[u8]) -> Result<(), WireError> {
        let columns = Arc::clone(&self.audit.columns);
        let judge = Arc::clone(&self.audit.judge);
        read_rows(&columns, messages, |row| {
            if !self.is_new(row) {
                return;
            }
            let judgement = judge_user(&judge, row, None);
            self.tally.add(&judgement);
            if self.audit.all || judgement.verdict == Verdict::Blocked {
                let identity = judgement
                    .user_principal_name
                    .as_deref()
                    .or(judgement.sam_account_name.as_deref())
                    .unwrap_or(&judgement.distinguished_name);
                self.batch.push(UserVerdictRecord::brief(
                    &judgement,
                    identity,
                    Some(self.context.today()),
                    self.context.catalog(),
                ));
                if self.batch.len() == BATCH {
                    self.flush();
                }
            }
        })
    }

    fn is_new(&mut self, row: &Row<'_>) -> bool {
        match row.guid() {
            Some(guid) if self.again => self.seen.binary_search(&guid).is_err(),
            Some(guid) => {
                self.seen.push(guid);
                true
            }
            None => {
                self.nameless += 1;
                true
            }
        }
    }

    fn flush(&mut self) {
        if self.batch.is_empty() {
            return;
        }
        let verdicts = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.runtime
            .block_on(self.context.send(Event::Verdict { verdicts }));
    }

    fn progress(&self) {
        let users = self.tally.users();
        let milliseconds = self.began.elapsed().as_millis().max(1);
        let rate = u64::try_from(u128::from(users) * 1000 / milliseconds).unwrap_or(0);
        let number = |value| usize::try_from(value).unwrap_or(usize::MAX);
        self.runtime.block_on(self.context.progress(
            &text!("progress-audit", domain = &self.audit.domain),
            &text!(
                "progress-audit-users",
                users = number(users),
                blocked = number(self.tally.blocked),
                rate = number(rate)
            ),
            None,
        ));
    }
}
