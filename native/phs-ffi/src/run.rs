//! Runs: diagnoses that work while their events are pulled.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use libc::size_t;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;

use phs_collect::event::Event;
use phs_collect::problem::Problem;
use phs_collect::run::{self, Diagnostic, More};

use crate::batch::{MAX_BATCH, encode};
use crate::buffer::Buffer;
use crate::guard::{ErrorOut, Failure, guard};
use crate::handle::{Invalid, Kind, Table};
use crate::pointer::{Out, bytes};
use crate::runtime::runtime;
use crate::secret::LiveSecrets;
use crate::status::{PHS_END, PHS_OK, PHS_PENDING};

/// Handle of a run: a diagnosis that was started. Never 0; fits a signed 64-bit integer.
pub type RunHandle = u64;

/// Longest request in bytes.
const MAX_REQUEST: usize = 16 << 20;

/// Runs alive at the same time.
const MAX_RUNS: usize = 1024;

static RUNS: Table<Arc<Live>> = Table::new(Kind::Run, MAX_RUNS);

/// A run as the table holds it.
#[derive(Debug)]
struct Live {
    /// Stops the work; the end is still told.
    cancel: CancellationToken,
    /// The handle was freed: whoever waits stops waiting.
    freed: CancellationToken,
    stream: Mutex<Stream>,
    /// Where more input goes, for a run that takes some.
    more: Option<std::sync::Mutex<Option<mpsc::Sender<More>>>>,
}

#[derive(Debug)]
struct Stream {
    events: mpsc::Receiver<Event>,
    /// Parts of an event that was too long for one batch.
    parts: VecDeque<Vec<u8>>,
}

/// What a wait came to.
enum Next {
    Event(Vec<u8>),
    Pending,
    End,
    Freed,
}

impl Live {
    async fn next(&self, timeout: Duration) -> Result<Next, serde_json::Error> {
        let next = tokio::select! {
            () = self.freed.cancelled() => Ok(Next::Freed),
            pulled = tokio::time::timeout(timeout, self.pull()) => pulled.unwrap_or(Ok(Next::Pending)),
        };
        // A free also ends the work, and the end of the work may be seen before the free itself.
        if self.freed.is_cancelled() {
            return Ok(Next::Freed);
        }
        next
    }

    /// The next event. Nothing is lost where the wait is given up: an event leaves the channel only when it is taken.
    async fn pull(&self) -> Result<Next, serde_json::Error> {
        let mut stream = self.stream.lock().await;
        if stream.parts.is_empty()
            && let Some(event) = stream.events.recv().await
        {
            encode(event, MAX_BATCH, &mut stream.parts)?;
        }
        Ok(stream.parts.pop_front().map_or(Next::End, Next::Event))
    }

    /// Tells the readers first: nobody may take the end of the work, which this brings about, for the end of the run.
    fn free(&self) {
        self.freed.cancel();
        self.cancel.cancel();
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// Starts a diagnostic: the body of every function of a diagnostic.
///
/// # Safety
/// `request` points to `len` readable bytes or is NULL with length 0; `out` and `error` are NULL or writable.
pub unsafe fn start<D: Diagnostic>(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: promised by the caller.
    let error = unsafe { ErrorOut::new(error) };
    guard(error, || {
        // SAFETY: promised by the caller.
        let mut out = unsafe { Out::new(out, "out", 0) }?;
        // SAFETY: promised by the caller; the bytes are not kept beyond this call.
        let request = unsafe { bytes(request, len, "request", MAX_REQUEST) }?;
        let diagnostic = parse::<D>(request)?;
        let _entered = runtime()?.enter();
        let run = run::start(diagnostic, Timestamp::now(), Arc::new(LiveSecrets));
        let live = Live {
            cancel: run.cancel,
            freed: CancellationToken::new(),
            stream: Mutex::new(Stream {
                events: run.events,
                parts: VecDeque::new(),
            }),
            more: run.more.map(|sender| std::sync::Mutex::new(Some(sender))),
        };
        let handle = RUNS
            .insert(Arc::new(live))
            .map_err(|full| Failure::too_many_handles(RUNS.kind().name(), full.limit))?;
        out.set(handle);
        Ok(PHS_OK)
    })
}

fn parse<D: Diagnostic>(request: &[u8]) -> Result<D, Failure> {
    utf8(request)?;
    run::parse(request).map_err(|problem: Problem| Failure::invalid_request(problem))
}

fn utf8(request: &[u8]) -> Result<(), Failure> {
    match std::str::from_utf8(request) {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::invalid_utf8(error.valid_up_to())),
    }
}

/// Waits up to `timeout_ms` milliseconds for the next event of a run; 0 only looks. `PHS_OK`: `event` holds one event as JSON.
/// `PHS_PENDING`: nothing yet. `PHS_END`: every event, the last of kind `finished`, was delivered; it stays so until the run
/// is freed. Several threads may pull one run: each event goes to one of them.
/// If another thread frees the run, the wait ends at once with `PHS_ERR_INVALID_HANDLE`.
///
/// # Safety
/// `event` and `error` point to writable memory; `error` may be NULL. Both are overwritten, not freed: free an event before
/// you pass its buffer again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_run_next(
    run: RunHandle,
    timeout_ms: u32,
    event: *mut Buffer,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: promised by the caller.
    let error = unsafe { ErrorOut::new(error) };
    guard(error, || {
        // SAFETY: promised by the caller.
        let mut event = unsafe { Out::new(event, "event", Buffer::EMPTY) }?;
        let live = RUNS.get(run).map_err(Failure::invalid_handle)?;
        let timeout = Duration::from_millis(u64::from(timeout_ms));
        match runtime()?.block_on(live.next(timeout)) {
            Ok(Next::Event(json)) => {
                event.set(Buffer::from_bytes(json));
                Ok(PHS_OK)
            }
            Ok(Next::Pending) => Ok(PHS_PENDING),
            Ok(Next::End) => Ok(PHS_END),
            Ok(Next::Freed) => Err(Failure::invalid_handle(Invalid {
                handle: run,
                kind: RUNS.kind(),
            })),
            Err(error) => Err(Failure::broken_event(&error)),
        }
    })
}

/// Gives more input to a run whose request had `"more": true`: `{"identity": ["kari@contoso.com"]}`. The run answers it as it
/// answered its request and then sends another event of kind `ready`. An empty input (`len` 0) says that no more will come; the
/// run then ends. `PHS_PENDING`: too much input waits already; pull events and try again. `PHS_END`: the run takes no more, since
/// it is over or was told so; it is over by itself where no input came for a minute. Start another run then.
///
/// # Safety
/// `input` points to `len` readable bytes. `error` points to writable memory or is NULL; it is overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_run_feed(
    run: RunHandle,
    input: *const u8,
    len: size_t,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: promised by the caller.
    let error = unsafe { ErrorOut::new(error) };
    guard(error, || {
        // SAFETY: promised by the caller; the bytes are not kept beyond this call.
        let input = unsafe { bytes(input, len, "input", MAX_REQUEST) }?;
        let live = RUNS.get(run).map_err(Failure::invalid_handle)?;
        let Some(more) = &live.more else {
            return Err(Failure::takes_no_more());
        };
        if input.is_empty() {
            let sender = more.lock().unwrap_or_else(PoisonError::into_inner).take();
            return Ok(if sender.is_some() { PHS_OK } else { PHS_END });
        }
        utf8(input)?;
        let input = run::parse_more(input).map_err(Failure::invalid_request)?;
        let sender = more.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(match sender.map(|sender| sender.try_send(input)) {
            Some(Ok(())) => PHS_OK,
            Some(Err(TrySendError::Full(_))) => PHS_PENDING,
            Some(Err(TrySendError::Closed(_))) | None => PHS_END,
        })
    })
}

/// Asks a run to stop. It does within a second and still delivers what it found, `finished` (with `cancelled`) and `PHS_END`. Cancelling again
/// changes nothing.
#[unsafe(no_mangle)]
pub extern "C" fn phs_run_cancel(run: RunHandle) -> i32 {
    guard(ErrorOut::NONE, || {
        RUNS.get(run)
            .map_err(Failure::invalid_handle)?
            .cancel
            .cancel();
        Ok(PHS_OK)
    })
}

/// Frees a run, at once, at any time: one that still works is cancelled, and what it did not deliver is dropped. Threads that
/// wait in `phs_run_next` return. Every run must be freed.
#[unsafe(no_mangle)]
pub extern "C" fn phs_run_free(run: RunHandle) -> i32 {
    guard(ErrorOut::NONE, || {
        let live = RUNS.remove(run).map_err(Failure::invalid_handle)?;
        live.free();
        Ok(PHS_OK)
    })
}

#[cfg(test)]
mod tests;
