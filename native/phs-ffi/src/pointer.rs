//! Pointers from the caller, checked once and then safe to use.

use std::mem::MaybeUninit;

use libc::size_t;

use crate::guard::Failure;

/// Where a function puts a result.
#[derive(Debug)]
pub(crate) struct Out<T>(*mut T);

impl<T> Out<T> {
    /// Takes an out parameter and writes its first value, so that the caller never reads what it did not set.
    ///
    /// # Errors
    /// `PHS_ERR_NULL_ARGUMENT`.
    ///
    /// # Safety
    /// `pointer` is NULL or valid for writes as long as the value lives.
    pub(crate) unsafe fn new(
        pointer: *mut T,
        name: &'static str,
        first: T,
    ) -> Result<Self, Failure> {
        if pointer.is_null() {
            return Err(Failure::null_argument(name));
        }
        let mut out = Self(pointer);
        out.set(first);
        Ok(out)
    }

    /// Puts a value there. What was there is not dropped.
    pub(crate) fn set(&mut self, value: T) {
        // SAFETY: `new` was promised that writes are valid; alignment is not asked for.
        unsafe { self.0.write_unaligned(value) }
    }
}

/// The caller's bytes for the time of a call.
///
/// # Errors
/// `PHS_ERR_NULL_ARGUMENT`; `PHS_ERR_TOO_LARGE` above `limit`, without reading a byte.
///
/// # Safety
/// `data` is NULL or points to `len` bytes that nobody changes while the result lives.
pub(crate) unsafe fn bytes<'a>(
    data: *const u8,
    len: size_t,
    name: &'static str,
    limit: usize,
) -> Result<&'a [u8], Failure> {
    if len > limit {
        return Err(Failure::too_large(name, len, limit));
    }
    if data.is_null() {
        return if len == 0 {
            Ok(&[])
        } else {
            Err(Failure::null_argument(name))
        };
    }
    // SAFETY: not NULL, `len` readable bytes by the contract, and far below `isize::MAX`.
    Ok(unsafe { std::slice::from_raw_parts(data, len) })
}

/// Copies the caller's UTF-16 units into a vector without spare room, in one step: no second copy is left in memory.
///
/// # Errors
/// As [`bytes`].
///
/// # Safety
/// `data` is NULL or points to `units` readable units.
pub(crate) unsafe fn copy_units(
    data: *const u16,
    units: size_t,
    name: &'static str,
    limit: usize,
) -> Result<Vec<u16>, Failure> {
    if units > limit {
        return Err(Failure::too_large(name, units, limit));
    }
    if units == 0 {
        return Ok(Vec::new());
    }
    if data.is_null() {
        return Err(Failure::null_argument(name));
    }
    let mut copy = Vec::<u16>::with_capacity(units);
    let room: &mut [MaybeUninit<u16>] = copy.spare_capacity_mut();
    // SAFETY: both sides hold `units` units and cannot overlap, since the vector is new. Copied as bytes, so that the
    // caller's pointer may have any alignment.
    unsafe {
        std::ptr::copy_nonoverlapping(
            data.cast::<u8>(),
            room.as_mut_ptr().cast::<u8>(),
            units * size_of::<u16>(),
        );
        copy.set_len(units);
    }
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::{PHS_ERR_NULL_ARGUMENT, PHS_ERR_TOO_LARGE};

    #[test]
    fn null_is_allowed_only_for_nothing() {
        // SAFETY: NULL with any length is what is tested; it is never read.
        unsafe {
            assert_eq!(bytes(std::ptr::null(), 0, "x", 9).unwrap(), b"");
            let error = bytes(std::ptr::null(), 1, "x", 9).unwrap_err();
            assert_eq!(error.status, PHS_ERR_NULL_ARGUMENT);
            assert!(copy_units(std::ptr::null(), 0, "x", 9).unwrap().is_empty());
            let error = copy_units(std::ptr::null(), 1, "x", 9).unwrap_err();
            assert_eq!(error.status, PHS_ERR_NULL_ARGUMENT);
            let error = Out::<u64>::new(std::ptr::null_mut(), "out", 0).unwrap_err();
            assert_eq!(error.status, PHS_ERR_NULL_ARGUMENT);
        }
    }

    #[test]
    fn a_length_above_the_limit_is_refused_unread() {
        let byte = 7_u8;
        // SAFETY: the lengths are lies, but are refused before anything is read.
        unsafe {
            let error = bytes(&raw const byte, usize::MAX, "x", 9).unwrap_err();
            assert_eq!(error.status, PHS_ERR_TOO_LARGE);
            let error = copy_units(std::ptr::null(), 10, "x", 9).unwrap_err();
            assert_eq!(error.status, PHS_ERR_TOO_LARGE);
        }
    }

    #[test]
    fn any_alignment_is_read_and_written() {
        let memory = [0_u8, 0x41, 0, 0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        // SAFETY: four bytes from the second on are in `memory`.
        let units = unsafe { copy_units(memory.as_ptr().add(1).cast(), 2, "x", 9) }.unwrap();
        assert_eq!(units, [0x41_u16.to_le(), 0x42_u16.to_le()]);
        assert_eq!(units.capacity(), 2);

        let mut memory = [0xff_u8; 9];
        // SAFETY: eight bytes from the second on are in `memory`.
        let mut out =
            unsafe { Out::<u64>::new(memory.as_mut_ptr().add(1).cast(), "out", 0) }.unwrap();
        out.set(1);
        assert_eq!(memory[0], 0xff);
        assert_eq!(memory[1..], 1_u64.to_ne_bytes());
    }
}
