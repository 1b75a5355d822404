use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use phs_collect::run::GetCheck;
use serde_json::Value;

#[path = "../../examples/probe/act.rs"]
mod act;

use super::*;
use crate::buffer::phs_buffer_free;
use crate::status::{PHS_ERR_INVALID_HANDLE, PHS_ERR_INVALID_REQUEST};

/// Long enough for the slowest machine; a test that passes never waits for it.
const LONG: u32 = 120_000;

fn json(buffer: &mut Buffer) -> Value {
    if buffer.data.is_null() {
        return Value::Null;
    }
    // SAFETY: filled by the library and not freed yet.
    let bytes = unsafe { std::slice::from_raw_parts(buffer.data, buffer.len) };
    let value = serde_json::from_slice(bytes).unwrap();
    // SAFETY: as above.
    unsafe { phs_buffer_free(buffer) };
    value
}

fn begin<D: Diagnostic>(request: &str) -> (i32, RunHandle, Value) {
    let (mut handle, mut error) = (0, Buffer::EMPTY);
    // SAFETY: all pointers are to memory of this function.
    let status = unsafe {
        start::<D>(
            request.as_ptr(),
            request.len(),
            &raw mut handle,
            &raw mut error,
        )
    };
    (status, handle, json(&mut error))
}

fn act(play: &str) -> RunHandle {
    let (status, run, _) = begin::<act::Act>(&format!(r#"{{"play":"{play}"}}"#));
    assert_eq!(status, PHS_OK);
    run
}

fn next(run: RunHandle, timeout_ms: u32) -> (i32, Value) {
    let mut event = Buffer::EMPTY;
    // SAFETY: all pointers are to memory of this function.
    let status = unsafe { phs_run_next(run, timeout_ms, &raw mut event, ptr::null_mut()) };
    (status, json(&mut event))
}

/// Every event up to the end.
fn pull(run: RunHandle) -> Vec<Value> {
    let mut events = Vec::new();
    loop {
        match next(run, LONG) {
            (PHS_OK, event) => events.push(event),
            (PHS_END, Value::Null) => return events,
            (status, event) => panic!("{status} {event}"),
        }
    }
}

#[test]
fn a_run_is_pulled_to_its_end_and_stays_there() {
    let (status, run, _) = begin::<GetCheck>(r#"{"steps":["A4"]}"#);
    assert_eq!(status, PHS_OK);
    let events = pull(run);
    let kinds: Vec<_> = events.iter().map(|event| &event["kind"]).collect();
    assert_eq!(kinds, ["check", "finished"]);
    assert_eq!(events[0]["checks"][0]["id"], "PHS401");
    assert_eq!(next(run, 0).0, PHS_END);
    assert_eq!(phs_run_free(run), PHS_OK);
    assert_eq!(next(run, 0).0, PHS_ERR_INVALID_HANDLE);
    assert_eq!(phs_run_cancel(run), PHS_ERR_INVALID_HANDLE);
    assert_eq!(phs_run_free(run), PHS_ERR_INVALID_HANDLE);
}

fn feed(run: RunHandle, input: &str) -> (i32, Value) {
    let mut error = Buffer::EMPTY;
    // SAFETY: all pointers are to memory of this function.
    let status = unsafe { phs_run_feed(run, input.as_ptr(), input.len(), &raw mut error) };
    (status, json(&mut error))
}

#[test]
fn a_run_that_takes_more_answers_each_input_before_the_next() {
    let run = act("echo");
    let kind = || next(run, LONG).1["kind"].as_str().unwrap().to_owned();
    assert_eq!(kind(), "ready");
    for names in [&["kari"][..], &["ola", "åse"], &[]] {
        let input = serde_json::json!({ "identity": names }).to_string();
        assert_eq!(feed(run, &input), (PHS_OK, Value::Null));
        for name in names {
            assert_eq!(next(run, LONG).1["log"]["message"], *name);
        }
        assert_eq!(kind(), "ready");
    }
    for bad in [r#"{"identities":[]}"#, "{", "kari"] {
        let (status, error) = feed(run, bad);
        assert_eq!(status, PHS_ERR_INVALID_REQUEST);
        assert_eq!(error["id"], "Phs.Request.Invalid");
    }
    assert_eq!(feed(run, "").0, PHS_OK);
    assert_eq!(kind(), "finished");
    assert_eq!(feed(run, "").0, PHS_END);
    assert_eq!(feed(run, r#"{"identity":"kari"}"#).0, PHS_END);
    assert_eq!(phs_run_free(run), PHS_OK);
    assert_eq!(feed(run, "").0, PHS_ERR_INVALID_HANDLE);
}

#[test]
fn a_run_that_takes_no_more_says_so() {
    let run = act("endless");
    let (status, error) = feed(run, r#"{"identity":"kari"}"#);
    assert_eq!(status, PHS_ERR_INVALID_REQUEST);
    assert_eq!(error["id"], "Phs.Request.TakesNoMore");
    assert_eq!(phs_run_free(run), PHS_OK);
}

#[test]
fn too_much_input_waits_and_a_cancelled_run_takes_none() {
    let run = act("echo");
    let name = "x".repeat(100);
    let input = format!(r#"{{"identity":"{name}"}}"#);
    // Nobody pulls: at some time the events, and then the inputs, stand in the way.
    let mut accepted = 0;
    loop {
        match feed(run, &input).0 {
            PHS_OK => accepted += 1,
            status => {
                assert_eq!(status, PHS_PENDING);
                break;
            }
        }
    }
    assert_eq!(phs_run_cancel(run), PHS_OK);
    assert!(pull(run).len() <= 2 * accepted + 2);
    assert_eq!(feed(run, &input).0, PHS_END);
    assert_eq!(phs_run_free(run), PHS_OK);
}

#[test]
fn an_unknown_field_is_refused_by_name() {
    let (status, run, error) = begin::<GetCheck>(r#"{"stepz":[]}"#);
    assert_eq!((status, run), (PHS_ERR_INVALID_REQUEST, 0));
    assert_eq!(error["id"], "Phs.Request.Invalid");
    assert!(error["message"].as_str().unwrap().contains("stepz"));
}

#[test]
fn a_cancelled_run_still_tells_its_end() {
    let run = act("endless");
    assert_eq!(next(run, LONG).1["kind"], "log");
    assert_eq!(next(run, 0).0, PHS_PENDING);
    assert_eq!(phs_run_cancel(run), PHS_OK);
    assert_eq!(phs_run_cancel(run), PHS_OK);
    let events = pull(run);
    assert_eq!(events.last().unwrap()["summary"]["cancelled"], true);
    assert_eq!(phs_run_free(run), PHS_OK);
}

#[test]
fn a_panicking_diagnostic_is_an_error_event_and_ends() {
    let run = act("panic");
    let events = pull(run);
    let kinds: Vec<_> = events.iter().map(|event| &event["kind"]).collect();
    assert_eq!(kinds, ["error", "finished"]);
    assert_eq!(events[0]["error"]["id"], "Phs.Tool.Panic");
    assert_eq!(phs_run_free(run), PHS_OK);
}

#[test]
fn a_free_ends_a_wait_on_another_thread() {
    let run = act("endless");
    assert_eq!(next(run, LONG).0, PHS_OK);
    let waits = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            waits.store(true, Ordering::Release);
            next(run, u32::MAX).0
        });
        while !waits.load(Ordering::Acquire) {
            std::thread::yield_now();
        }
        assert_eq!(phs_run_free(run), PHS_OK);
        assert_eq!(waiter.join().unwrap(), PHS_ERR_INVALID_HANDLE);
    });
}

#[test]
fn several_readers_share_the_events() {
    let run = act("chatter");
    let seen = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| seen.fetch_add(pull(run).len(), Ordering::Relaxed));
        }
    });
    assert_eq!(seen.into_inner(), 501);
    assert_eq!(phs_run_free(run), PHS_OK);
}

#[test]
fn a_run_that_nobody_reads_is_freed_with_its_events() {
    let run = act("chatter");
    assert_eq!(phs_run_free(run), PHS_OK);
    assert_eq!(next(run, 0).0, PHS_ERR_INVALID_HANDLE);
}

/// Start, pull, cancel and free from all sides at once: every call gives a status, every run is freed once.
#[test]
fn threads_that_start_pull_cancel_and_free_meet_safely() {
    const ROUNDS: usize = 200;
    let shared = std::sync::Mutex::new(0);
    let freed = AtomicUsize::new(0);
    let barrier = std::sync::Barrier::new(3);
    std::thread::scope(|scope| {
        for thread in 0..3 {
            let (shared, freed, barrier) = (&shared, &freed, &barrier);
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    if thread == round % 3 {
                        *shared.lock().unwrap() = act("chatter");
                    }
                    barrier.wait();
                    let run = *shared.lock().unwrap();
                    for _ in 0..thread + round % 5 {
                        let (status, event) = next(run, 1);
                        assert!(
                            matches!(status, PHS_OK | PHS_PENDING | PHS_ERR_INVALID_HANDLE),
                            "{status} {event}"
                        );
                    }
                    let status = phs_run_cancel(run);
                    assert!(matches!(status, PHS_OK | PHS_ERR_INVALID_HANDLE));
                    if phs_run_free(run) == PHS_OK {
                        freed.fetch_add(1, Ordering::Relaxed);
                    }
                    barrier.wait();
                }
            });
        }
    });
    assert_eq!(freed.into_inner(), ROUNDS);
}
