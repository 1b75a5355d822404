//! A reader that counts and hashes what passes, and stops what grows past its limits.

use std::fmt::Write as _;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

use super::error::Fault;
use super::{MAX_RATIO, RATIO_FROM};

/// See the module text.
pub(super) struct Meter<'n, R> {
    inner: R,
    place: &'n str,
    limit: u64,
    packed: u64,
    count: u64,
    hasher: Sha256,
    fault: Option<Fault>,
}

impl<'n, R: Read> Meter<'n, R> {
    /// `packed` is the length of the part in the archive.
    pub(super) fn new(inner: R, place: &'n str, packed: u64, limit: u64) -> Self {
        Self {
            inner,
            place,
            limit,
            packed,
            count: 0,
            hasher: Sha256::new(),
            fault: None,
        }
    }

    /// The limit that was passed, or what the archive said, if reading ended early.
    pub(super) fn fault(&mut self) -> Option<Fault> {
        self.fault.take()
    }

    /// Reads to the end; gives the length and the hash, in lower-case hexadecimal.
    pub(super) fn finish(mut self) -> Result<(u64, String), Fault> {
        let mut piece = [0; 8192];
        loop {
            match self.read(&mut piece) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    return Err(self
                        .fault()
                        .unwrap_or_else(|| unpacking(self.place, &error)));
                }
            }
        }
        Ok((self.count, hex(self.hasher)))
    }
}

impl<R: Read> Read for Meter<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match self.inner.read(buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => {
                self.fault.get_or_insert(unpacking(self.place, &error));
                return Err(error);
            }
        };
        self.hasher.update(buffer.get(..count).unwrap_or_default());
        self.count += u64::try_from(count).unwrap_or(0);
        let fault = if self.count > self.limit {
            Fault::TooLarge {
                place: self.place.to_owned(),
                limit: self.limit,
            }
        } else if self.count > RATIO_FROM && self.count / self.packed.max(1) > MAX_RATIO {
            Fault::Bomb {
                place: self.place.to_owned(),
            }
        } else {
            return Ok(count);
        };
        self.fault = Some(fault);
        Err(io::Error::other("past a limit"))
    }
}

/// What an error while unpacking means: the archive is damaged or ends too early.
pub(super) fn unpacking(place: &str, error: &io::Error) -> Fault {
    Fault::Truncated {
        place: place.to_owned(),
        detail: error.to_string(),
    }
}

/// A digest in lower-case hexadecimal.
pub(super) fn hex(hasher: Sha256) -> String {
    let mut text = String::with_capacity(64);
    for byte in hasher.finalize() {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
