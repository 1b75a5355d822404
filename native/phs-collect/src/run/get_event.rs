//! `Get-PhsEvent`: events of the agent and the engine, from a file or as the caller read them from a live log.

use std::path::PathBuf;

use jiff::Timestamp;
use phs_core::evidence::events::SyncEvent;
use phs_core::report::EventRecord;
use phs_core::text;
use serde::Deserialize;
use tokio::runtime::Handle;

use super::blocking::blocking;
use super::{Diagnostic, Options, RunContext};
use crate::events::{self, EventError, Filter, LiveLog, Reader, Scan};
use crate::problem::{Category, Problem};

/// Events that travel together. A batch that is too large as JSON is halved on its way.
const BATCH: usize = 200;

/// The request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct GetEvent {
    /// What every request may say.
    pub options: Options,
    /// An `.evtx` file or an XML export.
    pub path: Option<String>,
    /// Events of a live log.
    pub events: Option<LiveLog>,
    /// Only these ids; none means all.
    pub ids: Vec<u32>,
    /// Not older.
    pub start_time: Option<Timestamp>,
    /// Not newer.
    pub end_time: Option<Timestamp>,
}

impl Diagnostic for GetEvent {
    fn options(&self) -> &Options {
        &self.options
    }

    async fn run(self, context: RunContext) -> Result<(), Problem> {
        let filter = Filter {
            ids: self.ids,
            since: self.start_time,
            until: self.end_time,
        };
        if let Some(live) = &self.events {
            let mut batches = Batches::new(&context, live.source.clone());
            for event in live.events() {
                if filter.takes(&event) && batches.add(event) {
                    context.events(batches.take()).await;
                }
            }
            context.events(batches.take()).await;
        }
        match self.path {
            Some(path) => of_file(&context, PathBuf::from(path), filter).await,
            None if self.events.is_some() => Ok(()),
            None => Err(Problem::new(
                "Phs.Request.NoSource",
                Category::InvalidArgument,
                "path",
                text!("error-request-no-source"),
            )),
        }
    }
}

/// Reads a file on a thread that may block: it may lie on a slow share.
async fn of_file(context: &RunContext, path: PathBuf, filter: Filter) -> Result<(), Problem> {
    let name = path.display().to_string();
    let runtime = Handle::current();
    let reading = {
        let context = context.clone();
        let source = name.clone();
        blocking(move || {
            let mut telling = Telling {
                batches: Batches::new(&context, source),
                runtime,
                context: &context,
            };
            let scan = events::scan(&path, &filter, &mut telling)?;
            telling.flush();
            Ok::<Scan, EventError>(scan)
        })
    };
    let scan = reading.await.map_err(|error| error.problem())?;
    for problem in scan.problems(&name) {
        context.error(&problem.problem()).await;
    }
    Ok(())
}

/// Events on their way, some at a time.
struct Batches<'a> {
    context: &'a RunContext,
    source: String,
    ready: Vec<EventRecord>,
}

impl<'a> Batches<'a> {
    fn new(context: &'a RunContext, source: String) -> Self {
        Self {
            context,
            source,
            ready: Vec::new(),
        }
    }

    /// Adds an event; true when it is time to send.
    fn add(&mut self, event: SyncEvent) -> bool {
        let record = EventRecord::render(event, &self.source, self.context.catalog());
        self.ready.push(record);
        self.ready.len() >= BATCH
    }

    fn take(&mut self) -> Vec<EventRecord> {
        std::mem::take(&mut self.ready)
    }
}

/// Sends what a file holds while it is read.
struct Telling<'a> {
    batches: Batches<'a>,
    runtime: Handle,
    context: &'a RunContext,
}

impl Telling<'_> {
    fn flush(&mut self) {
        self.runtime
            .block_on(self.context.events(self.batches.take()));
    }
}

impl Reader for Telling<'_> {
    fn event(&mut self, event: SyncEvent) -> bool {
        if self.batches.add(event) {
            self.flush();
        }
        !self.context.is_cancelled()
    }

    fn progress(&mut self, percent: u8) -> bool {
        let (activity, status) = (text!("progress-events"), text!("progress-events-status"));
        self.runtime
            .block_on(self.context.progress(&activity, &status, Some(percent)));
        !self.context.is_cancelled()
    }
}
