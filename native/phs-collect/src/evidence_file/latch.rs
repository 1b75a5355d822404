//! A writer that remembers its first failure and takes everything after it.
//!
//! The archive writer finishes its archive when it is dropped, and prints where that fails. It never fails over this
//! one; the failure is asked for at the end.

use std::io::{self, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// What went wrong first, if anything.
#[derive(Debug, Clone, Default)]
pub(super) struct Failure(Arc<Mutex<Option<io::Error>>>);

impl Failure {
    fn set(&self, error: io::Error) {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slot.get_or_insert(error);
    }

    fn is_set(&self) -> bool {
        let slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slot.is_some()
    }

    /// Takes the failure out.
    pub(super) fn take(&self) -> Option<io::Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// See the module text.
#[derive(Debug)]
pub(super) struct Latch<W> {
    inner: W,
    failure: Failure,
    place: u64,
    end: u64,
}

impl<W: Write + Seek> Latch<W> {
    pub(super) fn new(inner: W, failure: Failure) -> Self {
        Self {
            inner,
            failure,
            place: 0,
            end: 0,
        }
    }

    pub(super) fn into_inner(self) -> W {
        self.inner
    }

    fn moved(&mut self, by: usize) {
        self.place = self.place.saturating_add(u64::try_from(by).unwrap_or(0));
        self.end = self.end.max(self.place);
    }
}

impl<W: Write + Seek> Write for Latch<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.failure.is_set() {
            match self.inner.write(bytes) {
                Ok(0) if !bytes.is_empty() => self.failure.set(io::ErrorKind::WriteZero.into()),
                Ok(written) => {
                    self.moved(written);
                    return Ok(written);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
                Err(error) => self.failure.set(error),
            }
        }
        self.moved(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.failure.is_set()
            && let Err(error) = self.inner.flush()
        {
            self.failure.set(error);
        }
        Ok(())
    }
}

impl<W: Write + Seek> Seek for Latch<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        if !self.failure.is_set() {
            match self.inner.seek(to) {
                Ok(place) => {
                    self.place = place;
                    return Ok(place);
                }
                Err(error) => self.failure.set(error),
            }
        }
        self.place = match to {
            SeekFrom::Start(place) => place,
            SeekFrom::End(by) => self.end.saturating_add_signed(by),
            SeekFrom::Current(by) => self.place.saturating_add_signed(by),
        };
        Ok(self.place)
    }
}
