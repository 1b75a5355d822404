//! What this library is.

use serde::Serialize;

use phs_collect::event::Event;
use phs_collect::probe::cloud::EndpointTable;

use crate::buffer::Buffer;
use crate::diagnostics::FUNCTIONS;
use crate::guard::{ErrorOut, Failure, guard};
use crate::pointer::Out;
use crate::status::{PHS_ABI_VERSION, PHS_OK};

/// The JSON of `phs_describe`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Description {
    library_version: &'static str,
    abi_version: u32,
    target: &'static str,
    features: Vec<&'static str>,
    functions: &'static [&'static str],
    event_kinds: &'static [&'static str],
    environments: Vec<Environment>,
}

/// An environment of the cloud.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Environment {
    name: String,
    graph: String,
}

impl Description {
    fn of_this_library() -> Self {
        Self {
            library_version: env!("CARGO_PKG_VERSION"),
            abi_version: PHS_ABI_VERSION,
            target: env!("PHS_TARGET"),
            features: cfg!(debug_assertions)
                .then_some("debug-assertions")
                .into_iter()
                .collect(),
            functions: FUNCTIONS,
            event_kinds: Event::KINDS,
            // A table that cannot be read is told where it is used.
            environments: EndpointTable::embedded()
                .map(|table| table.environments)
                .unwrap_or_default()
                .into_iter()
                .map(|environment| Environment {
                    name: environment.name,
                    graph: environment.graph,
                })
                .collect(),
        }
    }
}

/// The version of the ABI that the library has; compare it with `PHS_ABI_VERSION`. Call it before anything else.
#[unsafe(no_mangle)]
pub extern "C" fn phs_abi_version() -> u32 {
    PHS_ABI_VERSION
}

/// Describes the library: `{"libraryVersion", "abiVersion", "target", "features", "functions", "eventKinds",
/// "environments": [{"name", "graph"}]}`, where `functions` are the diagnostics, `features` names how the library was built
/// (`debug-assertions`), and `environments` are those of the cloud with the root of Microsoft Graph in each.
///
/// # Safety
/// `out` and `error` point to writable memory; `error` may be NULL. Both are overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn phs_describe(out: *mut Buffer, error: *mut Buffer) -> i32 {
    // SAFETY: promised by the caller.
    let error = unsafe { ErrorOut::new(error) };
    guard(error, || {
        // SAFETY: promised by the caller.
        let mut out = unsafe { Out::new(out, "out", Buffer::EMPTY) }?;
        let json = serde_json::to_vec(&Description::of_this_library())
            .map_err(|error| Failure::broken_event(&error))?;
        out.set(Buffer::from_bytes(json));
        Ok(PHS_OK)
    })
}
