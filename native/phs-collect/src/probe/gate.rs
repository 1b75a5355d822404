//! The bound on sockets in flight, and the time that a probe gets.

use std::sync::Arc;
use std::time::Duration;

use phs_core::evidence::network::SocketLimit;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Most sockets in flight at once.
pub const MAX_SOCKETS: u32 = 1024;

/// Descriptors left to the rest of the process: the host's own files, the resolver's sockets.
const RESERVED: u64 = 96;
/// Fewest sockets worth starting with.
const LEAST: u64 = 8;

/// What the process's limit on open files allows.
pub fn socket_limit() -> SocketLimit {
    SocketLimit {
        wanted: MAX_SOCKETS,
        allowed: allowed(open_files()),
    }
}

fn allowed(open_files: Option<u64>) -> u32 {
    let room = open_files.map_or(u64::from(MAX_SOCKETS), |limit| {
        limit.saturating_sub(RESERVED).max(LEAST)
    });
    u32::try_from(room).unwrap_or(MAX_SOCKETS).min(MAX_SOCKETS)
}

#[cfg(unix)]
fn open_files() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current
}

#[cfg(not(unix))]
fn open_files() -> Option<u64> {
    None
}

/// Lets a bounded number of probes have a socket at once, and carries their time-out. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Gate {
    sockets: Arc<Semaphore>,
    timeout: Duration,
}

impl Gate {
    /// A gate for this many sockets; each probe gets `timeout`.
    pub fn new(sockets: u32, timeout: Duration) -> Self {
        let permits = usize::try_from(sockets).unwrap_or(Semaphore::MAX_PERMITS);
        Self {
            sockets: Arc::new(Semaphore::new(permits.clamp(1, Semaphore::MAX_PERMITS))),
            timeout,
        }
    }

    /// Time of one probe, from the moment it has its socket.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Waits for a socket. The permit is held as long as the socket lives.
    pub async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed, so that there is always a permit in the end.
        Arc::clone(&self.sockets).acquire_owned().await.ok()
    }
}

/// Milliseconds of a duration, for evidence.
pub(super) fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_low_limit_on_open_files_lowers_the_bound() {
        assert_eq!(allowed(None), 1024);
        assert_eq!(allowed(Some(1_000_000)), 1024);
        assert_eq!(allowed(Some(256)), 160);
        assert_eq!(allowed(Some(10)), 8);
    }

    #[tokio::test]
    async fn no_more_than_the_bound_enter() {
        let gate = Gate::new(2, Duration::from_secs(1));
        let first = gate.enter().await;
        let _second = gate.enter().await;
        assert_eq!(gate.sockets.available_permits(), 0);
        drop(first);
        assert_eq!(gate.sockets.available_permits(), 1);
    }
}
