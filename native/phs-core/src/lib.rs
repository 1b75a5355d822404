//! What is true of the evidence.
//!
//! Pure: no I/O, no `unsafe`, no clock of its own, no platform-specific code. [`evidence`] holds what was observed,
//! [`rules`] and [`security`] the two models that judgement needs, [`guide`] one file per guide step, [`compare`] what
//! differs between two collections, [`report`] what leaves the library, [`text`] every sentence.

pub mod casefold;
pub mod check;
pub mod compare;
pub mod dn;
pub mod evidence;
pub mod finding;
pub mod guide;
pub mod report;
pub mod rules;
#[cfg(feature = "schema")]
mod schema;
pub mod security;
pub mod text;
