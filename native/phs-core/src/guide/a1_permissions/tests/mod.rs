//! The step on recorded evidence.

mod accounts;
mod rights;
