//! The library of the ABI test: everything that the real one exports, and functions that misbehave. Never shipped.

mod act;

use phs_native::probe::{ErrorOut, guard, start};
use phs_native::{Buffer, RunHandle};

/// Starts a diagnostic that misbehaves: `{"play": "endless" | "chatter" | "panic"}`.
///
/// # Safety
/// As for every diagnostic.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_probe_act(
    request: *const u8,
    len: usize,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<act::Act>(request, len, out, error) }
}

/// Panics inside the guard.
///
/// # Safety
/// `error` is NULL or writable.
#[allow(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "the test wants to see it caught"
)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_probe_panic(error: *mut Buffer) -> i32 {
    // SAFETY: promised by the caller.
    let error = unsafe { ErrorOut::new(error) };
    guard(error, || panic!("the function broke"))
}
