//! The one way into the library: checks, catches panics, turns errors into a status and a text.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use phs_collect::problem::{Category, Problem};
use phs_collect::run;
use phs_core::text;
use phs_core::text::{Catalog, DEFAULT_CULTURE};

use crate::buffer::Buffer;
use crate::handle::Invalid;
use crate::status::{
    PHS_ERR_INVALID_HANDLE, PHS_ERR_INVALID_REQUEST, PHS_ERR_INVALID_UTF8, PHS_ERR_NULL_ARGUMENT,
    PHS_ERR_PANIC, PHS_ERR_RUNTIME_UNAVAILABLE, PHS_ERR_TOO_LARGE, PHS_ERR_TOO_MANY_HANDLES,
};

/// Why a call failed: its status and its error text.
#[derive(Debug)]
pub struct Failure {
    pub(crate) status: i32,
    pub(crate) problem: Problem,
}

impl Failure {
    pub(crate) fn null_argument(name: &'static str) -> Self {
        Self {
            status: PHS_ERR_NULL_ARGUMENT,
            problem: Problem::new(
                "Phs.Abi.NullArgument",
                Category::InvalidArgument,
                name,
                text!("error-abi-null-argument", name = name),
            ),
        }
    }

    pub(crate) fn invalid_handle(Invalid { handle, kind }: Invalid) -> Self {
        Self {
            status: PHS_ERR_INVALID_HANDLE,
            problem: Problem::new(
                "Phs.Abi.InvalidHandle",
                Category::InvalidArgument,
                handle.to_string(),
                // In words, since Fluent would group the digits of a number.
                text!(
                    "error-abi-invalid-handle",
                    handle = handle.to_string(),
                    kind = kind.name()
                ),
            ),
        }
    }

    pub(crate) fn invalid_utf8(place: usize) -> Self {
        Self {
            status: PHS_ERR_INVALID_UTF8,
            problem: Problem::new(
                "Phs.Abi.InvalidUtf8",
                Category::InvalidArgument,
                "request",
                text!("error-abi-invalid-utf8", place = place.to_string()),
            ),
        }
    }

    pub(crate) fn invalid_request(problem: Problem) -> Self {
        Self {
            status: PHS_ERR_INVALID_REQUEST,
            problem,
        }
    }

    pub(crate) fn takes_no_more() -> Self {
        Self::invalid_request(Problem::new(
            "Phs.Request.TakesNoMore",
            Category::InvalidArgument,
            "input",
            text!("error-request-takes-no-more"),
        ))
    }

    pub(crate) fn too_large(name: &'static str, length: usize, limit: usize) -> Self {
        Self {
            status: PHS_ERR_TOO_LARGE,
            problem: Problem::new(
                "Phs.Abi.TooLarge",
                Category::LimitsExceeded,
                name,
                text!(
                    "error-abi-too-large",
                    name = name,
                    length = length.to_string(),
                    limit = limit.to_string()
                ),
            ),
        }
    }

    pub(crate) fn too_many_handles(kind: &'static str, limit: usize) -> Self {
        Self {
            status: PHS_ERR_TOO_MANY_HANDLES,
            problem: Problem::new(
                "Phs.Abi.TooManyHandles",
                Category::LimitsExceeded,
                kind,
                text!("error-abi-too-many-handles", limit = limit.to_string()),
            ),
        }
    }

    pub(crate) fn runtime_unavailable(error: &std::io::Error) -> Self {
        Self {
            status: PHS_ERR_RUNTIME_UNAVAILABLE,
            problem: Problem::new(
                "Phs.Abi.RuntimeUnavailable",
                Category::ResourceUnavailable,
                "phs_native",
                text!("error-abi-runtime-unavailable", detail = error.to_string()),
            ),
        }
    }

    /// A record of ours that cannot be written as JSON: a fault of the library, told like a panic.
    pub(crate) fn broken_event(error: &serde_json::Error) -> Self {
        Self::panicked(&error.to_string())
    }

    fn panicked(panic: &(dyn Any + Send)) -> Self {
        Self {
            status: PHS_ERR_PANIC,
            problem: run::panicked(panic),
        }
    }

    /// In en-US: the culture of a call is not known before its request is read.
    fn to_json(&self) -> Vec<u8> {
        let catalog = Catalog::for_culture(DEFAULT_CULTURE);
        serde_json::to_vec(&self.problem.render(&catalog)).unwrap_or_default()
    }
}

/// Where the error text of a call goes, if anywhere.
#[derive(Debug)]
pub struct ErrorOut(*mut Buffer);

impl ErrorOut {
    /// The caller wants no text.
    pub(crate) const NONE: Self = Self(std::ptr::null_mut());

    /// Takes the caller's parameter and empties the buffer; what it holds is overwritten, not freed.
    ///
    /// # Safety
    /// `error` is NULL or valid for writes as long as the value lives.
    pub unsafe fn new(error: *mut Buffer) -> Self {
        let mut out = Self(error);
        out.set(Buffer::EMPTY);
        out
    }

    fn set(&mut self, buffer: Buffer) {
        if !self.0.is_null() {
            // SAFETY: not NULL, so `new` was promised that writes are valid; alignment is not asked for.
            unsafe { self.0.write_unaligned(buffer) }
        }
    }
}

/// Runs the body of an exported function. No panic leaves it; the error text is written when the body fails.
pub fn guard(mut error: ErrorOut, body: impl FnOnce() -> Result<i32, Failure>) -> i32 {
    silence();
    // What a body shares with other calls is behind locks whose state is whole at any time (see `handle`), so it is safe to unwind.
    let failure = match catch(body) {
        Ok(Ok(status)) => return status,
        Ok(Err(failure)) | Err(failure) => failure,
    };
    if !error.0.is_null()
        && let Ok(json) = catch(|| failure.to_json())
    {
        error.set(Buffer::from_bytes(json));
    }
    failure.status
}

fn catch<T>(body: impl FnOnce() -> T) -> Result<T, Failure> {
    panic::catch_unwind(AssertUnwindSafe(body)).map_err(|payload| {
        let failure = Failure::panicked(&*payload);
        // The payload may be of any type, and its destructor may panic too.
        if let Err(second) = panic::catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            std::mem::forget(second);
        }
        failure
    })
}

/// Keeps panics from being printed: this library never writes to the console. The hook belongs to the library's own copy of
/// the standard library, not to the host. The library's own tests keep the printing hook.
fn silence() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if !cfg!(test) {
            panic::set_hook(Box::new(|_| {}));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buffer::phs_buffer_free;
    use crate::status::PHS_OK;
    use phs_collect::problem::ProblemRecord;

    fn call(body: impl FnOnce() -> Result<i32, Failure>) -> (i32, Option<ProblemRecord>) {
        let mut error = Buffer::EMPTY;
        // SAFETY: `error` is a buffer of this test.
        let out = unsafe { ErrorOut::new(&raw mut error) };
        let status = guard(out, body);
        if error.data.is_null() {
            return (status, None);
        }
        // SAFETY: filled by the guard just now.
        let bytes = unsafe { std::slice::from_raw_parts(error.data, error.len) };
        let record = serde_json::from_slice(bytes).unwrap();
        // SAFETY: as above; freed once.
        unsafe { phs_buffer_free(&raw mut error) };
        (status, Some(record))
    }

    struct Bomb;

    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("in the destructor of the payload");
        }
    }

    #[test]
    fn a_panic_becomes_a_status_and_a_text() {
        let (status, record) = call(|| panic!("the {} broke", "thing"));
        let record = record.unwrap();
        assert_eq!(
            (status, record.id.as_str()),
            (PHS_ERR_PANIC, "Phs.Tool.Panic")
        );
        assert!(record.message.contains("the thing broke"));
        assert!(record.recommended_action.is_some());
    }

    #[test]
    fn a_panic_with_an_exploding_payload_is_caught_too() {
        let (status, record) = call(|| panic::panic_any(Bomb));
        assert_eq!(status, PHS_ERR_PANIC);
        assert!(record.is_some());
    }

    #[test]
    fn a_success_leaves_the_error_empty() {
        assert_eq!(call(|| Ok(PHS_OK)), (PHS_OK, None));
    }

    #[test]
    fn no_error_buffer_is_no_trouble() {
        let status = guard(ErrorOut::NONE, || panic!("nobody reads this"));
        assert_eq!(status, PHS_ERR_PANIC);
    }

    #[test]
    fn every_failure_has_words_and_an_action() {
        let failures = [
            Failure::null_argument("out"),
            Failure::invalid_handle(Invalid {
                handle: 12_345,
                kind: crate::handle::Kind::Run,
            }),
            Failure::invalid_utf8(3),
            Failure::too_large("request", 5_000, 4_000),
            Failure::too_many_handles("run", 10),
            Failure::runtime_unavailable(&std::io::Error::other("no threads")),
        ];
        for failure in failures {
            let id = failure.problem.id;
            let (status, record) = call(|| Err(failure));
            let record = record.unwrap();
            assert!(status < 0, "{id}");
            assert_eq!(record.id, id);
            assert!(!record.message.contains(['[', '{']), "{}", record.message);
            assert!(record.recommended_action.is_some(), "{id}");
        }
    }
}
