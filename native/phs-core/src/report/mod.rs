//! What leaves the library: records with rendered words. Property names are contracts (design, section 5).

mod record;

pub use record::{CheckRecord, FindingRecord};
