//! The one buffer type: bytes that the library hands out and takes back.

use std::mem::ManuallyDrop;
use std::ptr;

use libc::size_t;

use crate::guard::{ErrorOut, guard};
use crate::status::PHS_OK;

/// Bytes owned by the library: JSON in UTF-8, without a final NUL. Empty: `data` is NULL and both lengths are 0. Free a
/// filled buffer with `phs_buffer_free`, once; do not change its fields.
#[repr(C)]
#[derive(Debug)]
pub struct Buffer {
    /// First byte, or NULL.
    pub data: *mut u8,
    /// Number of bytes.
    pub len: size_t,
    /// For the library's own use.
    pub cap: size_t,
}

impl Buffer {
    /// A buffer that holds nothing.
    pub const EMPTY: Self = Self {
        data: ptr::null_mut(),
        len: 0,
        cap: 0,
    };

    /// Takes the bytes over.
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Self {
        if bytes.is_empty() {
            return Self::EMPTY;
        }
        let mut bytes = ManuallyDrop::new(bytes);
        Self {
            data: bytes.as_mut_ptr(),
            len: bytes.len(),
            cap: bytes.capacity(),
        }
    }

    /// Gives the bytes back and leaves the buffer empty.
    ///
    /// # Safety
    /// The fields are as [`from_bytes`](Self::from_bytes) set them, and no copy of them was freed.
    unsafe fn take(&mut self) -> Vec<u8> {
        let Self { data, len, cap } = std::mem::replace(self, Self::EMPTY);
        if data.is_null() {
            return Vec::new();
        }
        // SAFETY: by the contract the three come from one Vec<u8> that was not dropped.
        unsafe { Vec::from_raw_parts(data, len, cap) }
    }
}

/// Frees what a buffer holds and empties it, so that a second call does nothing. NULL and empty buffers are allowed.
///
/// # Safety
/// `buffer` is NULL or points to a buffer that is empty or was filled by this library, and that no other thread uses during
/// the call. A copy of the struct is not a second buffer: free one of them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_buffer_free(buffer: *mut Buffer) {
    guard(ErrorOut::NONE, || {
        // SAFETY: NULL is told apart; else the caller promises a buffer of ours that nobody else uses now.
        if let Some(buffer) = unsafe { buffer.as_mut() } {
            // SAFETY: the caller promises that the fields are as they were handed out.
            drop(unsafe { buffer.take() });
        }
        Ok(PHS_OK)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frees_once_and_then_does_nothing() {
        let mut buffer = Buffer::from_bytes(b"{}".to_vec());
        assert_eq!(buffer.len, 2);
        for _ in 0..2 {
            // SAFETY: the buffer is ours, and filled by `from_bytes` or empty.
            unsafe { phs_buffer_free(&raw mut buffer) };
            assert!(buffer.data.is_null());
            assert_eq!((buffer.len, buffer.cap), (0, 0));
        }
        // SAFETY: NULL is allowed.
        unsafe { phs_buffer_free(ptr::null_mut()) };
    }

    #[test]
    fn keeps_length_and_spare_room_apart() {
        let mut bytes = Vec::with_capacity(100);
        bytes.extend_from_slice(b"abc");
        let mut buffer = Buffer::from_bytes(bytes);
        assert!(buffer.len == 3 && buffer.cap >= 100);
        // SAFETY: filled by `from_bytes` just now.
        assert_eq!(unsafe { buffer.take() }, b"abc");
    }

    #[test]
    fn an_empty_vector_owns_nothing() {
        assert!(Buffer::from_bytes(Vec::with_capacity(10)).data.is_null());
    }
}
