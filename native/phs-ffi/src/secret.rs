//! Secrets of the caller, held by handle until freed.

use libc::size_t;
use zeroize::Zeroizing;

use phs_collect::secret::{Secret, SecretSource};

use crate::buffer::Buffer;
use crate::guard::{ErrorOut, Failure, guard};
use crate::handle::{Kind, Table};
use crate::pointer::{Out, copy_units};
use crate::status::PHS_OK;

/// Handle of a secret: a password that a request can name. Never 0; fits a signed 64-bit integer.
pub type SecretHandle = u64;

/// Longest secret in UTF-16 units. Active Directory takes 256 characters.
const MAX_UNITS: usize = 1 << 16;

/// Secrets alive at the same time.
const MAX_SECRETS: usize = 4096;

static SECRETS: Table<Secret> = Table::new(Kind::Secret, MAX_SECRETS);

/// The table as the runs see it. A secret is copied out when a run asks for it, and wiped when the run drops it.
#[derive(Debug)]
pub(crate) struct LiveSecrets;

impl SecretSource for LiveSecrets {
    fn get(&self, handle: &str) -> Option<Secret> {
        SECRETS.get(handle.parse().ok()?).ok()
    }
}

/// Keeps a password for requests, which name it by its handle in decimal: `{"user": "...", "secret": "<handle>"}`.
/// The units are copied; wipe your own copy. Free the handle after the runs that use it have ended: the memory is wiped then.
///
/// # Safety
/// `utf16` points to `units` readable UTF-16 units without a final NUL, or is NULL with 0 units. `out` and `error` point to
/// writable memory; `error` may be NULL. Both are overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_secret_new(
    utf16: *const u16,
    units: size_t,
    out: *mut SecretHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: promised by the caller.
    let error = unsafe { ErrorOut::new(error) };
    guard(error, || {
        // SAFETY: promised by the caller.
        let mut out = unsafe { Out::new(out, "out", 0) }?;
        // SAFETY: promised by the caller.
        let copy = unsafe { copy_units(utf16, units, "utf16", MAX_UNITS) }?;
        let secret = Secret::new(Zeroizing::new(copy));
        let handle = SECRETS
            .insert(secret)
            .map_err(|full| Failure::too_many_handles(SECRETS.kind().name(), full.limit))?;
        out.set(handle);
        Ok(PHS_OK)
    })
}

/// Frees a secret and wipes its memory. A run that has already fetched it keeps its own copy until it ends.
#[unsafe(no_mangle)]
pub extern "C" fn phs_secret_free(secret: SecretHandle) -> i32 {
    guard(ErrorOut::NONE, || {
        drop(SECRETS.remove(secret).map_err(Failure::invalid_handle)?);
        Ok(PHS_OK)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::PHS_ERR_INVALID_HANDLE;

    #[test]
    fn a_run_finds_the_secret_by_its_handle_in_decimal_until_freed() {
        let units: Vec<u16> = "pæss".encode_utf16().collect();
        let mut handle = 0;
        // SAFETY: all pointers are to memory of this test.
        let status = unsafe {
            phs_secret_new(
                units.as_ptr(),
                units.len(),
                &raw mut handle,
                std::ptr::null_mut(),
            )
        };
        assert_eq!(status, PHS_OK);
        let found = LiveSecrets.get(&handle.to_string()).unwrap();
        assert_eq!(found.to_utf8().unwrap().as_str(), "pæss");
        for wrong in ["", "0", "-1", "x", "99999999999999999999999"] {
            assert!(LiveSecrets.get(wrong).is_none(), "{wrong}");
        }
        assert_eq!(phs_secret_free(handle), PHS_OK);
        assert_eq!(phs_secret_free(handle), PHS_ERR_INVALID_HANDLE);
        assert!(LiveSecrets.get(&handle.to_string()).is_none());
    }
}
