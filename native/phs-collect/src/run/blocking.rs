//! Work that may block, such as reading a file on a slow share, on a thread of its own.

/// What the work gives. A panic in it goes on in the caller, whose guard tells it; `None` where the runtime is shutting
/// down and nobody is left to tell.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Some(done),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => None,
        },
    }
}
