//! The declarative provisioning expression language.
//!
//! Reference: "Declarative Provisioning Expressions" and "Functions Reference" of the Microsoft Entra Connect Sync
//! documentation. Where those pages are silent or contradict the shipped rules, this module does the following, and
//! each point is held by a test:
//!
//! - *Priority.* The page says that operators have one priority, left to right. The shipped `cloudFiltered` expression
//!   (`a || IsPresent(b) = False || c = "x"`) means nothing under that reading, so there are three levels, each left to
//!   right: arithmetic and `&`, then comparison, then `&&` and `||`.
//! - *Laziness.* `IIF` and `Switch` evaluate only the value they return: the shipped rules put `Error(...)` in the
//!   branch not taken. `&&` and `||` stop at the first operand that decides.
//! - *Unknown.* `False && unknown` is False, `True || unknown` is True; otherwise unknown stays unknown.
//! - *Text equality.* No page says whether `=` minds case. Two texts that differ in case only give an unknown answer,
//!   unless [`TextEquality`] is set.
//! - *Null.* Null equals null only; ordering with null is False; `CBool(NULL)` is False; text functions take null as
//!   the empty text, as the pages say for `Left` and `Mid`.
//! - *Escapes.* In a string constant `\\` is one backslash and `""` one quote; any other backslash is itself.
//! - *Positions* count UTF-16 units from 1, as .NET does. A cut inside a surrogate pair keeps the pair out.
//! - *Coercion.* Text that is a number is accepted where a number is needed: LDAP has no other form for it.

mod ast;
mod error;
mod eval;
mod explain;
mod functions;
mod lexer;
mod operators;
mod parser;
mod program;
#[cfg(test)]
mod tests;
mod value;

pub use ast::{ArithmeticOperator, ComparisonOperator, Expr, ExprKind, LogicalOperator, Span};
pub use error::{EvalError, EvalErrorKind, Stop, Why};
pub use eval::{Context, Environment, TextEquality};
pub use explain::{Decisive, decisive};
pub use functions::{FunctionInfo, function_names};
pub(crate) use functions::{base64, unbase64, utf8_hex};
pub use parser::{MAX_DEPTH, ParseError, ParseErrorKind, parse};
pub use program::{Program, Resolver};
pub use value::Value;
