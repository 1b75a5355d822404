//! The diagnostics, in the order of the guide. All have one shape and one body; cbindgen does not see into macros, so each is
//! written out.

use libc::size_t;

use phs_collect::run::GetCheck;

use crate::buffer::Buffer;
use crate::run::{RunHandle, start};

/// Names of the functions below, for `phs_describe`.
pub(crate) const FUNCTIONS: &[&str] = &["phs_get_check"];

/// Lists the checks: `{"options": {}, "ids": ["PHS201"], "steps": ["A2"]}`; without ids and steps all of them. Events of kind
/// `check`; an unknown id or step is an event of kind `error`.
///
/// # Safety
/// `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
/// overwritten, not freed. Free the run with `phs_run_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_get_check(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<GetCheck>(request, len, out, error) }
}
