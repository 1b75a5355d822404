//! Guide step B1: is the user in scope, joined, and under a rule that carries the password (PHS501 to PHS504)?

mod attempt;
mod join;
mod password_rule;
mod scope;

pub(super) use attempt::last_attempt;
pub(super) use join::join;
pub(super) use password_rule::password_rule;
pub(super) use scope::in_scope;
