//! Work that may block, such as reading a file on a slow share, on a thread of its own.

/// What the work gives. A panic in it goes on in the caller, whose guard tells it.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is shutting down, and this task goes with it.
            Err(_) => std::future::pending().await,
        },
    }
}
