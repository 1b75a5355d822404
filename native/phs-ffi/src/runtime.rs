//! The library's threads: one runtime, built at first use and never shut down, as the library is never unloaded.

use once_cell::sync::OnceCell;
use tokio::runtime::{Builder, Runtime};

use crate::guard::Failure;

/// Enough for work that waits for the network; the judging between is short.
const WORKERS: usize = 2;

static RUNTIME: OnceCell<Runtime> = OnceCell::new();

/// The runtime. A failure to build it is told and tried again by the next call.
///
/// # Errors
/// `PHS_ERR_RUNTIME_UNAVAILABLE`.
pub(crate) fn runtime() -> Result<&'static Runtime, Failure> {
    RUNTIME.get_or_try_init(|| {
        Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("phs")
            .enable_all()
            .build()
            .map_err(|error| Failure::runtime_unavailable(&error))
    })
}
