/*
 * PhsDiagnostics: the native library, in C.
 *
 * The functions read like Microsoft's guide for password hash sync: one per diagnostic, all of one shape. A diagnostic
 * starts a run; pull its events with phs_run_next until PHS_END, then free it. Requests and events are JSON in UTF-8.
 * docs/abi.md tells who owns what, which calls may meet, and how to shut down.
 *
 * Generated from native/phs-ffi; do not edit.
 */

#ifndef PHS_H
#define PHS_H

#include <stddef.h>
#include <stdint.h>

/* Version of the library that this header came with; phs_describe tells that of the library you have. */
#define PHS_VERSION "0.1.0"

/**
 * Version of the ABI that this header describes. It grows when a function, type or number changes its meaning; additions
 * leave it.
 */
#define PHS_ABI_VERSION 1

/**
 * Done; what was asked for is in the out parameters.
 */
#define PHS_OK 0

/**
 * Nothing happened within the time-out. Ask again.
 */
#define PHS_PENDING 1

/**
 * The run is over and every event was delivered.
 */
#define PHS_END 2

/**
 * A pointer that must not be NULL is NULL.
 */
#define PHS_ERR_NULL_ARGUMENT -1

/**
 * The handle was never given out, was freed, or belongs to something else.
 */
#define PHS_ERR_INVALID_HANDLE -2

/**
 * The request is not UTF-8.
 */
#define PHS_ERR_INVALID_UTF8 -3

/**
 * The request is not the JSON that the function takes.
 */
#define PHS_ERR_INVALID_REQUEST -4

/**
 * A length is larger than the function takes.
 */
#define PHS_ERR_TOO_LARGE -5

/**
 * Too many handles of this kind are alive.
 */
#define PHS_ERR_TOO_MANY_HANDLES -20

/**
 * The library's threads could not be started.
 */
#define PHS_ERR_RUNTIME_UNAVAILABLE -21

/**
 * The library hit a fault of its own. The process can go on.
 */
#define PHS_ERR_PANIC -90

/**
 * Bytes owned by the library: JSON in UTF-8, without a final NUL. Empty: `data` is NULL and both lengths are 0. Free a
 * filled buffer with `phs_buffer_free`, once; do not change its fields.
 */
typedef struct phs_buffer {
    /**
     * First byte, or NULL.
     */
    uint8_t *data;
    /**
     * Number of bytes.
     */
    size_t len;
    /**
     * For the library's own use.
     */
    size_t cap;
} phs_buffer;

/**
 * Handle of a run: a diagnosis that was started. Never 0; fits a signed 64-bit integer.
 */
typedef uint64_t phs_run;

/**
 * Handle of a secret: a password that a request can name. Never 0; fits a signed 64-bit integer.
 */
typedef uint64_t phs_secret;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/* ---- Buffers ---- */

/**
 * Frees what a buffer holds and empties it, so that a second call does nothing. NULL and empty buffers are allowed.
 *
 * Memory: `buffer` is NULL or points to a buffer that is empty or was filled by this library, and that no other thread uses during
 * the call. A copy of the struct is not a second buffer: free one of them.
 */
void phs_buffer_free(struct phs_buffer *buffer);

/* ---- The library ---- */

/**
 * The version of the ABI that the library has; compare it with `PHS_ABI_VERSION`. Call it before anything else.
 */
uint32_t phs_abi_version(void);

/**
 * Describes the library: `{"libraryVersion", "abiVersion", "target", "features", "functions", "eventKinds",
 * "environments": [{"name", "graph"}]}`, where `functions` are the diagnostics, `features` names how the library was built
 * (`debug-assertions`), and `environments` are those of the cloud with the root of Microsoft Graph in each.
 *
 * Memory: `out` and `error` point to writable memory; `error` may be NULL. Both are overwritten, not freed.
 */
int32_t phs_describe(struct phs_buffer *out,
                     struct phs_buffer *error);

/* ---- Diagnostics, in the order of the guide ---- */

/**
 * Runs the whole guide, or some of its steps: `{"path": "<folder of an export>", "steps": ["A2", "A4"]}`. Events of kind
 * `finding`.
 *
 * Memory: `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
 * overwritten, not freed. Free the run with `phs_run_free`.
 */
int32_t phs_invoke_diagnostics(const uint8_t *request,
                               size_t len,
                               phs_run *out,
                               struct phs_buffer *error);

/**
 * Step A1, the connector account's rights, state and identity, against a live forest: `{"server": "dc1.contoso.com", "credential":
 * {"user": "CONTOSO\\admin", "secret": "<handle>"}, "connectorAccount": "MSOL_...", "encryption": "Auto", "timeoutSec": 15}`. Events of
 * kind `finding`; a forest that cannot be asked is an event of kind `error`.
 *
 * Memory: `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
 * overwritten, not freed. Free the run with `phs_run_free`.
 */
int32_t phs_test_permissions(const uint8_t *request,
                             size_t len,
                             phs_run *out,
                             struct phs_buffer *error);

/**
 * Step A2, sign-in method and password hash sync settings: `{"path": "<folder of an export>"}`. Events of kind `finding`.
 *
 * Memory: `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
 * overwritten, not freed. Free the run with `phs_run_free`.
 */
int32_t phs_test_sign_in_method(const uint8_t *request,
                                size_t len,
                                phs_run *out,
                                struct phs_buffer *error);

/**
 * Step A3, the way to domain controllers and the cloud:
 * `{"path": "...", "domain": ["contoso.com"], "server": ["dc1:389"], "credential": {...},
 * "caCertificate": "root.pem", "dnsServer": ["192.0.2.53"], "probeTimeoutSec": 3, "timeoutSec": 60, "includeCloud": true,
 * "environment": "Global"}`; all fields are optional, and a list of one may be a plain string. Events of kind `finding`.
 *
 * Memory: `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
 * overwritten, not freed. Free the run with `phs_run_free`.
 */
int32_t phs_test_connectivity(const uint8_t *request,
                              size_t len,
                              phs_run *out,
                              struct phs_buffer *error);

/**
 * Step A4, staging mode and scheduler: `{"path": "<folder of an export>"}`. Events of kind `finding`.
 *
 * Memory: `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
 * overwritten, not freed. Free the run with `phs_run_free`.
 */
int32_t phs_test_staging_mode(const uint8_t *request,
                              size_t len,
                              phs_run *out,
                              struct phs_buffer *error);

/**
 * Steps B1 to B3 for users of the live directory, judged by the rules of an export: `{"identity": ["kari@contoso.com"], "server":
 * "dc1.contoso.com", "credential": {"user": "CONTOSO\\admin", "secret": "<handle>"}, "path": "<folder of an export>"}`; `server` may be
 * a list, one of each forest. Events of kind `verdict`; a user that cannot be found is an event of kind `error`.
 *
 * Memory: `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
 * overwritten, not freed. Free the run with `phs_run_free`.
 */
int32_t phs_test_user(const uint8_t *request,
                      size_t len,
                      phs_run *out,
                      struct phs_buffer *error);

/**
 * Steps B1 and B3 for users; the request is that of `phs_test_user`. Events of kind `finding`.
 *
 * Memory: `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
 * overwritten, not freed. Free the run with `phs_run_free`.
 */
int32_t phs_test_object_sync(const uint8_t *request,
                             size_t len,
                             phs_run *out,
                             struct phs_buffer *error);

/**
 * Step B2 for users; the request is that of `phs_test_user`, and without `identity` it is about every user who must change the
 * password at the next logon. Events of kind `finding`.
 *
 * Memory: `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
 * overwritten, not freed. Free the run with `phs_run_free`.
 */
int32_t phs_test_temporary_password(const uint8_t *request,
                                    size_t len,
                                    phs_run *out,
                                    struct phs_buffer *error);

/**
 * The service behind the guide: heartbeat, errors, credential for the cloud, host: `{"path": "<folder of an export>", "evidence":
 * {"eventPath": "Application.evtx"}, "options": {"heartbeatHours": 3, "errorHours": 2, "persistentErrors": 5}}`. Events of kind
 * `finding`.
 *
 * Memory: `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
 * overwritten, not freed. Free the run with `phs_run_free`.
 */
int32_t phs_test_service(const uint8_t *request,
                         size_t len,
                         phs_run *out,
                         struct phs_buffer *error);

/**
 * Steps B1 to B3 for every user of a domain: `{"server": "dc1.contoso.com", "credential": {...}, "path": "<folder of an
 * export>", "searchBase": "OU=Sales,DC=contoso,DC=com", "ldapFilter": "(department=Sales)", "all": false}`; `server` may be a
 * list, one for each domain. Events of kind `verdict` for blocked users, with `all` for every user; after the
 * last of them one of kind `audit` for each domain that was read to its end. One that was not is an event of kind `error`.
 *
 * Memory: `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
 * overwritten, not freed. Free the run with `phs_run_free`.
 */
int32_t phs_invoke_user_audit(const uint8_t *request,
                              size_t len,
                              phs_run *out,
                              struct phs_buffer *error);

/**
 * Collects what a diagnosis would read and writes it into one evidence file: `{"file": "contoso.phs", "force": false, "path":
 * "<folder of an export>", "server": "dc1.contoso.com", "credential": {...}, "user": ["kari@contoso.com"], "allUsers": false,
 * "includeCloud": false, "redact": false}`, and the other fields of `phs_invoke_diagnostics`. With `redact` names are replaced by
 * pseudonyms, and the file holds the findings made before. One event of kind `evidence`; what could not be collected is an event
 * of kind `error` and stands in the file's manifest.
 *
 * Memory: `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
 * overwritten, not freed. Free the run with `phs_run_free`.
 */
int32_t phs_export_evidence(const uint8_t *request,
                            size_t len,
                            phs_run *out,
                            struct phs_buffer *error);

/**
 * Tells what an evidence file holds, and compares every part with its hash: `{"file": "contoso.phs"}`. One event of kind
 * `evidence`; a part that cannot be used is an event of kind `error`. Diagnostics read the file as `{"evidence": {"file":
 * "contoso.phs"}}`.
 *
 * Memory: `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
 * overwritten, not freed. Free the run with `phs_run_free`.
 */
int32_t phs_import_evidence(const uint8_t *request,
                            size_t len,
                            phs_run *out,
                            struct phs_buffer *error);

/**
 * Lists the accounts that replicate: `{"path": "<folder of an export>"}`. Events of kind `account`.
 *
 * Memory: `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
 * overwritten, not freed. Free the run with `phs_run_free`.
 */
int32_t phs_get_connector_account(const uint8_t *request,
                                  size_t len,
                                  phs_run *out,
                                  struct phs_buffer *error);

/**
 * Tells what differs between two servers or two days: `{"reference": {"path": "<folder of an export>"}, "difference": {"path":
 * "<folder of an export>"}}`; each side takes the `path` and the `evidence` of a diagnosis. Events of kind `difference`; a side
 * that cannot be read is an event of kind `error`.
 *
 * Memory: `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
 * overwritten, not freed. Free the run with `phs_run_free`.
 */
int32_t phs_compare_evidence(const uint8_t *request,
                             size_t len,
                             phs_run *out,
                             struct phs_buffer *error);

/**
 * Events of the agent and the engine: `{"path": "Application.evtx", "ids": [611, 655], "startTime": "2026-03-01T00:00:00Z", "endTime":
 * "2026-03-02T00:00:00Z"}`; the file may be XML, and in place of `path` a live log may be handed over in `events`. Events of kind
 * `event`; a damaged part of the file is an event of kind `error`.
 *
 * Memory: `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
 * overwritten, not freed. Free the run with `phs_run_free`.
 */
int32_t phs_get_event(const uint8_t *request,
                      size_t len,
                      phs_run *out,
                      struct phs_buffer *error);

/**
 * Lists the checks: `{"ids": ["PHS201"], "steps": ["A2"]}`; without ids and steps all of them. Events of kind `check`; an
 * unknown id or step is an event of kind `error`.
 *
 * Memory: `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
 * overwritten, not freed. Free the run with `phs_run_free`.
 */
int32_t phs_get_check(const uint8_t *request,
                      size_t len,
                      phs_run *out,
                      struct phs_buffer *error);

/**
 * Tells what the library can do on this machine: `{}`. Events of kind `capability`.
 *
 * Memory: `request` points to `len` readable bytes. `out` and `error` point to writable memory; `error` may be NULL. Both are
 * overwritten, not freed. Free the run with `phs_run_free`.
 */
int32_t phs_get_capability(const uint8_t *request,
                           size_t len,
                           phs_run *out,
                           struct phs_buffer *error);

/* ---- Runs ---- */

/**
 * Waits up to `timeout_ms` milliseconds for the next event of a run; 0 only looks. `PHS_OK`: `event` holds one event as JSON.
 * `PHS_PENDING`: nothing yet. `PHS_END`: every event, the last of kind `finished`, was delivered; it stays so until the run
 * is freed. Several threads may pull one run: each event goes to one of them.
 * If another thread frees the run, the wait ends at once with `PHS_ERR_INVALID_HANDLE`.
 *
 * Memory: `event` and `error` point to writable memory; `error` may be NULL. Both are overwritten, not freed: free an event before
 * you pass its buffer again.
 */
int32_t phs_run_next(phs_run run,
                     uint32_t timeout_ms,
                     struct phs_buffer *event,
                     struct phs_buffer *error);

/**
 * Gives more input to a run whose request had `"more": true`: `{"identity": ["kari@contoso.com"]}`. The run answers it as it
 * answered its request and then sends another event of kind `ready`. An empty input (`len` 0) says that no more will come; the
 * run then ends. `PHS_PENDING`: too much input waits already; pull events and try again. `PHS_END`: the run takes no more, since
 * it is over or was told so; it is over by itself where no input came for a minute. Start another run then.
 *
 * Memory: `input` points to `len` readable bytes. `error` points to writable memory or is NULL; it is overwritten, not freed.
 */
int32_t phs_run_feed(phs_run run,
                     const uint8_t *input,
                     size_t len,
                     struct phs_buffer *error);

/**
 * Asks a run to stop. It does within a second and still delivers what it found, `finished` (with `cancelled`) and `PHS_END`. Cancelling again
 * changes nothing.
 */
int32_t phs_run_cancel(phs_run run);

/**
 * Frees a run, at once, at any time: one that still works is cancelled, and what it did not deliver is dropped. Threads that
 * wait in `phs_run_next` return. Every run must be freed.
 */
int32_t phs_run_free(phs_run run);

/* ---- Secrets ---- */

/**
 * Keeps a password for requests, which name it by its handle in decimal: `{"user": "...", "secret": "<handle>"}`.
 * The units are copied; wipe your own copy. Free the handle after the runs that use it have ended: the memory is wiped then.
 *
 * Memory: `utf16` points to `units` readable UTF-16 units without a final NUL, or is NULL with 0 units. `out` and `error` point to
 * writable memory; `error` may be NULL. Both are overwritten, not freed.
 */
int32_t phs_secret_new(const uint16_t *utf16,
                       size_t units,
                       phs_secret *out,
                       struct phs_buffer *error);

/**
 * Frees a secret and wipes its memory. A run that has already fetched it keeps its own copy until it ends.
 */
int32_t phs_secret_free(phs_secret secret);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* PHS_H */
