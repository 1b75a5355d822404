//! Synchronization rules: which rules apply to a user, and why not.
//!
//! [`model`] holds a rule as a server configuration export states it.

pub mod model;

pub use model::{
    AttributeFlow, Direction, JoinCondition, JoinGroup, LinkType, ScopeClause, ScopeGroup,
    ScopeOperator, SyncRule, ValueMergeType,
};
