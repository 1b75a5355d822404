//! Synchronization rules: which rules apply to a user, and why not.
//!
//! [`model`] holds a rule as a server configuration export states it; [`expression`] is the language of its flows;
//! [`scope`] its filters. [`CompiledRules::new`] makes the rules of one connector ready once, [`CompiledRules::evaluate`]
//! runs one object through them, and [`UserEvaluation`] answers and explains.

pub mod anchor;
pub mod attribute;
mod compile;
mod engine;
pub mod expression;
mod metaverse;
pub mod model;
pub mod patterns;
pub mod scope;

pub use attribute::{AttributeSource, AttributeType, Read, Values, default_type, object_type_of};
pub use compile::{CompileOptions, CompiledRules, ENTRA_CONNECTOR, Extent, UnreadableExpression};
pub use engine::{Link, PasswordRule, RuleExplanation, RuleState, UserEvaluation};
pub use expression::{Context, TextEquality, Value, Why};
pub use metaverse::{Attribute, FlowError, FlowExplanation};
pub use model::{
    AttributeFlow, Direction, JoinCondition, JoinGroup, LinkType, ScopeClause, ScopeGroup,
    ScopeOperator, SyncRule, ValueMergeType,
};
pub use patterns::{
    ReplacedRule, Selection, SelectivePasswordSync, replaced_rules, selective_password_sync,
};
pub use scope::{ClauseReport, Truth};
