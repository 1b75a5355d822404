//! Judging a stream of directory entries, on a thread of its own.

mod judging;
mod source;
mod tally;

pub use judging::{Audit, Judged};
pub use source::{Columns, Row, read_rows};
pub(crate) use tally::Tally;
