//! The C ABI of the diagnosis and nothing else; `include/phs.h` is its contract and `docs/abi.md` its explanation.
//!
//! A function of a diagnostic starts a run and returns its handle; the run's events are pulled. Every exported function goes
//! through [`guard`](guard::guard): arguments are checked, panics are caught, errors become a status and a text. This
//! crate holds all `unsafe` of the project and its only clock.

mod batch;
mod buffer;
mod describe;
mod diagnostics;
#[cfg(test)]
mod docs;
mod guard;
mod handle;
mod pointer;
mod run;
mod runtime;
mod secret;
mod status;

pub use buffer::*;
pub use describe::*;
pub use diagnostics::*;
pub use run::*;
pub use secret::*;
pub use status::*;

/// What the probe library of the ABI test builds its functions from. No part of the ABI.
#[doc(hidden)]
pub mod probe {
    pub use crate::guard::{ErrorOut, guard};
    pub use crate::run::start;
}
