//! The diagnostics, in the order of the guide. All have one shape and one body; cbindgen does not see into macros, so each is
//! written out.

use libc::size_t;

use phs_collect::run::{
    CompareEvidence, ExportEvidence, GetCapability, GetCheck, GetConnectorAccount, GetEvent,
    ImportEvidence, InvokeDiagnostics, InvokeUserAudit, TestConnectivity, TestObjectSync,
    TestPermissions, TestService, TestSignInMethod, TestStagingMode, TestTemporaryPassword,
    TestUser,
};

use crate::buffer::Buffer;
use crate::run::{RunHandle, start};

/// Names of the functions below, for `phs_describe`.
pub(crate) const FUNCTIONS: &[&str] = &[
    "phs_invoke_diagnostics",
    "phs_test_permissions",
    "phs_test_sign_in_method",
    "phs_test_connectivity",
    "phs_test_staging_mode",
    "phs_test_user",
    "phs_test_object_sync",
    "phs_test_temporary_password",
    "phs_test_service",
    "phs_invoke_user_audit",
    "phs_export_evidence",
    "phs_import_evidence",
    "phs_get_connector_account",
    "phs_compare_evidence",
    "phs_get_event",
    "phs_get_check",
    "phs_get_capability",
];

/// Runs the whole guide, or some of its steps: `{"path": "<folder of an export>", "steps": ["A2", "A4"]}`. Events of kind
/// `finding`.
///
/// # Safety
/// `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
/// overwritten, not freed. Free the run with `phs_run_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_invoke_diagnostics(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<InvokeDiagnostics>(request, len, out, error) }
}

/// Step A1, the connector account's rights, state and identity, against a live forest: `{"server": "dc1.contoso.com", "credential":
/// {"user": "CONTOSO\\admin", "secret": "<handle>"}, "connectorAccount": "MSOL_...", "encryption": "Auto", "timeoutSec": 15}`. Events of
/// kind `finding`; a forest that cannot be asked is an event of kind `error`.
///
/// # Safety
/// `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
/// overwritten, not freed. Free the run with `phs_run_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_test_permissions(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<TestPermissions>(request, len, out, error) }
}

/// Step A2, sign-in method and password hash sync settings: `{"path": "<folder of an export>"}`. Events of kind `finding`.
///
/// # Safety
/// `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
/// overwritten, not freed. Free the run with `phs_run_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_test_sign_in_method(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<TestSignInMethod>(request, len, out, error) }
}

/// Step A3, the way to domain controllers and the cloud:
/// `{"path": "...", "domain": ["contoso.com"], "server": ["dc1:389"], "credential": {...},
/// "caCertificate": "root.pem", "dnsServer": ["192.0.2.53"], "probeTimeoutSec": 3, "timeoutSec": 60, "includeCloud": true,
/// "environment": "Global"}`; all fields are optional, and a list of one may be a plain string. Events of kind `finding`.
///
/// # Safety
/// `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
/// overwritten, not freed. Free the run with `phs_run_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_test_connectivity(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<TestConnectivity>(request, len, out, error) }
}

/// Step A4, staging mode and scheduler: `{"path": "<folder of an export>"}`. Events of kind `finding`.
///
/// # Safety
/// `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
/// overwritten, not freed. Free the run with `phs_run_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_test_staging_mode(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<TestStagingMode>(request, len, out, error) }
}

/// Steps B1 to B3 for users of the live directory, judged by the rules of an export: `{"identity": ["kari@contoso.com"], "server":
/// "dc1.contoso.com", "credential": {"user": "CONTOSO\\admin", "secret": "<handle>"}, "path": "<folder of an export>"}`; `server` may be
/// a list, one of each forest. Events of kind `verdict`; a user that cannot be found is an event of kind `error`.
///
/// # Safety
/// `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
/// overwritten, not freed. Free the run with `phs_run_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_test_user(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<TestUser>(request, len, out, error) }
}

/// Steps B1 and B3 for users; the request is that of `phs_test_user`. Events of kind `finding`.
///
/// # Safety
/// `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
/// overwritten, not freed. Free the run with `phs_run_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_test_object_sync(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<TestObjectSync>(request, len, out, error) }
}

/// Step B2 for users; the request is that of `phs_test_user`, and without `identity` it is about every user who must change the
/// password at the next logon. Events of kind `finding`.
///
/// # Safety
/// `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
/// overwritten, not freed. Free the run with `phs_run_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_test_temporary_password(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<TestTemporaryPassword>(request, len, out, error) }
}

/// The service behind the guide: heartbeat, errors, credential for the cloud, host: `{"path": "<folder of an export>", "evidence":
/// {"eventPath": "Application.evtx"}, "options": {"heartbeatHours": 3, "errorHours": 2, "persistentErrors": 5}}`. Events of kind
/// `finding`.
///
/// # Safety
/// `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
/// overwritten, not freed. Free the run with `phs_run_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_test_service(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<TestService>(request, len, out, error) }
}

/// Steps B1 to B3 for every user of a domain: `{"server": "dc1.contoso.com", "credential": {...}, "path": "<folder of an
/// export>", "searchBase": "OU=Sales,DC=contoso,DC=com", "ldapFilter": "(department=Sales)", "all": false}`; `server` may be a
/// list, one for each domain. Events of kind `verdict` for blocked users, with `all` for every user; after the
/// last of them one of kind `audit` for each domain that was read to its end. One that was not is an event of kind `error`.
///
/// # Safety
/// `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
/// overwritten, not freed. Free the run with `phs_run_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_invoke_user_audit(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<InvokeUserAudit>(request, len, out, error) }
}

/// Collects what a diagnosis would read and writes it into one evidence file: `{"file": "contoso.phs", "force": false, "path":
/// "<folder of an export>", "server": "dc1.contoso.com", "credential": {...}, "user": ["kari@contoso.com"], "allUsers": false,
/// "includeCloud": false, "redact": false}`, and the other fields of `phs_invoke_diagnostics`. With `redact` names are replaced by
/// pseudonyms, and the file holds the findings made before. One event of kind `evidence`; what could not be collected is an event
/// of kind `error` and stands in the file's manifest.
///
/// # Safety
/// `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
/// overwritten, not freed. Free the run with `phs_run_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_export_evidence(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<ExportEvidence>(request, len, out, error) }
}

/// Tells what an evidence file holds, and compares every part with its hash: `{"file": "contoso.phs"}`. One event of kind
/// `evidence`; a part that cannot be used is an event of kind `error`. Diagnostics read the file as `{"evidence": {"file":
/// "contoso.phs"}}`.
///
/// # Safety
/// `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
/// overwritten, not freed. Free the run with `phs_run_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_import_evidence(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<ImportEvidence>(request, len, out, error) }
}

/// Lists the accounts that replicate: `{"path": "<folder of an export>"}`. Events of kind `account`.
///
/// # Safety
/// `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
/// overwritten, not freed. Free the run with `phs_run_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_get_connector_account(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<GetConnectorAccount>(request, len, out, error) }
}

/// Tells what differs between two servers or two days: `{"reference": {"path": "<folder of an export>"}, "difference": {"path":
/// "<folder of an export>"}}`; each side takes the `path` and the `evidence` of a diagnosis. Events of kind `difference`; a side
/// that cannot be read is an event of kind `error`.
///
/// # Safety
/// `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
/// overwritten, not freed. Free the run with `phs_run_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_compare_evidence(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<CompareEvidence>(request, len, out, error) }
}

/// Events of the agent and the engine: `{"path": "Application.evtx", "ids": [611, 655], "startTime": "2026-03-01T00:00:00Z", "endTime":
/// "2026-03-02T00:00:00Z"}`; the file may be XML, and in place of `path` a live log may be handed over in `events`. Events of kind
/// `event`; a damaged part of the file is an event of kind `error`.
///
/// # Safety
/// `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
/// overwritten, not freed. Free the run with `phs_run_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_get_event(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<GetEvent>(request, len, out, error) }
}

/// Lists the checks: `{"ids": ["PHS201"], "steps": ["A2"]}`; without ids and steps all of them. Events of kind `check`; an
/// unknown id or step is an event of kind `error`.
///
/// # Safety
/// `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
/// overwritten, not freed. Free the run with `phs_run_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_get_check(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<GetCheck>(request, len, out, error) }
}

/// Tells what the library can do on this machine: `{}`. Events of kind `capability`.
///
/// # Safety
/// `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
/// overwritten, not freed. Free the run with `phs_run_free`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_get_capability(
    request: *const u8,
    len: size_t,
    out: *mut RunHandle,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: the caller's promises are passed on.
    unsafe { start::<GetCapability>(request, len, out, error) }
}
