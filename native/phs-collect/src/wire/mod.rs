//! Encoders and decoders for the protocols that the probes speak.
//!
//! Pure functions over byte slices. What comes in is hostile: every read is checked against what is left, every
//! count is bounded before it is believed, and nothing panics.

pub mod ber;
pub mod cldap;
pub mod dns;
pub mod kerberos;
pub mod ldap;
pub mod rpc;
pub mod search;
pub mod tls;

/// Why bytes from the network could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Fewer bytes than the structure needs.
    #[error("{what} ends too early")]
    Truncated {
        /// What was being read.
        what: &'static str,
    },
    /// A value that the protocol does not allow.
    #[error("{what} is not valid")]
    Invalid {
        /// What was being read.
        what: &'static str,
    },
    /// More than a well-meant answer holds.
    #[error("{what} is larger than {limit}")]
    TooLarge {
        /// What was being read.
        what: &'static str,
        /// The bound.
        limit: usize,
    },
}

/// A place in a byte slice that only moves forward.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// Starts at the first byte.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bytes read so far.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Bytes not yet read.
    pub fn remaining(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    /// The next `count` bytes.
    pub fn take(&mut self, count: usize, what: &'static str) -> Result<&'a [u8], WireError> {
        let end = self
            .at
            .checked_add(count)
            .ok_or(WireError::Truncated { what })?;
        let slice = self
            .bytes
            .get(self.at..end)
            .ok_or(WireError::Truncated { what })?;
        self.at = end;
        Ok(slice)
    }

    /// The next `N` bytes.
    pub fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], WireError> {
        self.take(N, what)?
            .try_into()
            .map_err(|_| WireError::Truncated { what })
    }

    /// One byte.
    pub fn u8(&mut self, what: &'static str) -> Result<u8, WireError> {
        Ok(self.array::<1>(what)?[0])
    }

    /// A little-endian 16-bit number.
    pub fn u16_le(&mut self, what: &'static str) -> Result<u16, WireError> {
        Ok(u16::from_le_bytes(self.array(what)?))
    }

    /// A little-endian 32-bit number.
    pub fn u32_le(&mut self, what: &'static str) -> Result<u32, WireError> {
        Ok(u32::from_le_bytes(self.array(what)?))
    }

    /// Skips to the next multiple of `boundary`, counted from the start of the slice.
    pub fn align(&mut self, boundary: usize, what: &'static str) -> Result<(), WireError> {
        let past = self.at % boundary;
        if past != 0 {
            self.take(boundary - past, what)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_never_reads_past_the_end() {
        let mut cursor = Cursor::new(&[1, 2, 3]);
        assert_eq!(cursor.u16_le("n").unwrap(), 0x0201);
        assert_eq!(cursor.u16_le("n"), Err(WireError::Truncated { what: "n" }));
        assert_eq!(cursor.u8("n").unwrap(), 3);
        assert!(cursor.take(usize::MAX, "n").is_err());
        assert_eq!(cursor.remaining(), 0);
    }

    #[test]
    fn alignment_needs_the_padding_to_be_there() {
        let mut cursor = Cursor::new(&[0; 5]);
        cursor.u8("n").unwrap();
        cursor.align(4, "pad").unwrap();
        assert_eq!(cursor.position(), 4);
        cursor.u8("n").unwrap();
        assert!(cursor.align(4, "pad").is_err());
    }
}
