//! Guide step A4.

use super::{Context, Sink};
use crate::evidence::Evidence;

/// Judges the step.
pub fn judge(_evidence: &Evidence, _context: &Context, _sink: &mut Sink<'_>) {}
