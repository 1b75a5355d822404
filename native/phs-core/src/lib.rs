//! skeleton

pub mod casefold;
pub mod dn;
pub mod rules;
