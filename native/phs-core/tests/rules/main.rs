//! Synchronization rules from outside: whole rule sets, whole users.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops where it fails"
)]

mod certificates;
mod expressions;
mod hostile;
mod patterns;
mod scope;
mod support;
mod unknown;
mod users;
mod verdict_facts;
mod verdicts;
