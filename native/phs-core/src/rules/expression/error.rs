//! Why an expression has no value: it is unknown, or it fails on the object.

use std::fmt;

use thiserror::Error;

use super::ast::Span;

/// Why an answer is unknown. Nothing is guessed past one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why<'a> {
    /// An attribute that was needed was not read.
    AttributeNotRead(&'a str),
    /// A function this version does not know.
    UnknownFunction(&'a str),
    /// A parameter without a known value.
    UnknownParameter(&'a str),
    /// A function whose value changes by itself, without a clock or source given.
    Volatile(&'static str),
    /// Behaviour that no document describes; the text names it.
    Undocumented(&'static str),
    /// Two texts that differ in case only, where it is not documented whether case matters.
    CaseOnly,
    /// An operator of a scope clause that this version does not know.
    UnknownOperator(&'a str),
    /// The value of a scope clause cannot be used with its operator.
    UnusableValue(&'a str),
    /// A merge type this version does not know.
    UnknownMergeType(&'a str),
    /// An expression that cannot be read; the text is the expression.
    Unreadable(&'a str),
    /// A flow that fails on this object.
    FlowFailed(&'a str),
    /// The object type was not read.
    ObjectTypeNotRead,
    /// Whether the object joins depends on objects that were not read.
    JoinNotDecided,
    /// Whether a rule carries password hashes is not stated.
    PasswordSyncNotStated,
    /// An attribute of the metaverse that came out unknown; the text names it.
    MetaverseAttribute(&'a str),
    /// The expression does more work than is allowed.
    TooMuchWork,
}

impl Why<'_> {
    /// Stable identifier of the reason, without its subject.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AttributeNotRead(_) => "AttributeNotRead",
            Self::UnknownFunction(_) => "UnknownFunction",
            Self::UnknownParameter(_) => "UnknownParameter",
            Self::Volatile(_) => "Volatile",
            Self::Undocumented(_) => "Undocumented",
            Self::CaseOnly => "CaseOnly",
            Self::UnknownOperator(_) => "UnknownOperator",
            Self::UnusableValue(_) => "UnusableValue",
            Self::UnknownMergeType(_) => "UnknownMergeType",
            Self::Unreadable(_) => "Unreadable",
            Self::FlowFailed(_) => "FlowFailed",
            Self::ObjectTypeNotRead => "ObjectTypeNotRead",
            Self::JoinNotDecided => "JoinNotDecided",
            Self::PasswordSyncNotStated => "PasswordSyncNotStated",
            Self::MetaverseAttribute(_) => "MetaverseAttribute",
            Self::TooMuchWork => "TooMuchWork",
        }
    }

    /// What the reason is about: the attribute, function, parameter, ... by name.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::AttributeNotRead(name)
            | Self::UnknownFunction(name)
            | Self::UnknownParameter(name)
            | Self::UnknownOperator(name)
            | Self::UnusableValue(name)
            | Self::UnknownMergeType(name)
            | Self::Unreadable(name)
            | Self::FlowFailed(name)
            | Self::MetaverseAttribute(name)
            | Self::Volatile(name)
            | Self::Undocumented(name) => Some(name),
            Self::CaseOnly
            | Self::ObjectTypeNotRead
            | Self::JoinNotDecided
            | Self::PasswordSyncNotStated
            | Self::TooMuchWork => None,
        }
    }
}

impl fmt::Display for Why<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AttributeNotRead(name) => write!(f, "attribute {name} was not read"),
            Self::UnknownFunction(name) => write!(f, "function {name} is not known"),
            Self::UnknownParameter(name) => write!(f, "parameter {name} has no known value"),
            Self::Volatile(name) => write!(f, "function {name} gives another value each time"),
            Self::Undocumented(what) => write!(f, "{what} is not documented"),
            Self::CaseOnly => f.write_str("two texts differ in case only"),
            Self::UnknownOperator(word) => write!(f, "operator {word} is not known"),
            Self::UnusableValue(value) => {
                write!(f, "value {value} cannot be used with its operator")
            }
            Self::UnknownMergeType(word) => write!(f, "merge type {word} is not known"),
            Self::Unreadable(text) => write!(f, "expression {text} cannot be read"),
            Self::FlowFailed(name) => write!(f, "the flow to {name} fails"),
            Self::ObjectTypeNotRead => f.write_str("the object type was not read"),
            Self::JoinNotDecided => f.write_str("the join depends on objects that were not read"),
            Self::PasswordSyncNotStated => {
                f.write_str("the rule does not state whether it carries password hashes")
            }
            Self::MetaverseAttribute(name) => write!(f, "metaverse attribute {name} is unknown"),
            Self::TooMuchWork => f.write_str("the expression does too much work"),
        }
    }
}

/// An expression that fails on this object: the synchronization service would report an error on it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct EvalError {
    /// What failed.
    pub kind: EvalErrorKind,
    /// Where in the expression.
    pub span: Span,
    /// Function or operator that failed.
    pub function: &'static str,
}

/// What failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EvalErrorKind {
    /// The expression itself raised this text (`Error`).
    #[error("{0}")]
    Raised(String),
    /// A value of the wrong type.
    #[error("{expected} expected, {found} found")]
    Type {
        /// Type wanted.
        expected: &'static str,
        /// Type found.
        found: &'static str,
    },
    /// A text that cannot be read as the type wanted.
    #[error("text cannot be read as {0}")]
    Conversion(&'static str),
    /// Too few or too many arguments.
    #[error("wrong number of arguments ({0})")]
    ArgumentCount(usize),
    /// An index outside the values.
    #[error("index {index} of {count} values")]
    OutOfBounds {
        /// Index asked for, from 1.
        index: i64,
        /// Number of values.
        count: usize,
    },
    /// A number beyond 64 bits, or a date beyond what can be written.
    #[error("number or date out of range")]
    Range,
    /// Multi-valued operands of different lengths.
    #[error("multi-valued operands of {0} and {1} values")]
    Lengths(usize, usize),
    /// A word that names no constant here.
    #[error("constant {0} is not known")]
    Constant(String),
    /// A variable that was not declared.
    #[error("variable ${0} is not declared")]
    Variable(String),
    /// A pattern or format that cannot be read.
    #[error("pattern cannot be read")]
    Pattern,
}

/// Why evaluation stopped without a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop<'a> {
    /// The answer is not known.
    Unknown(Why<'a>),
    /// The expression fails on this object.
    Error(Box<EvalError>),
}

impl Stop<'_> {
    pub(crate) fn error(kind: EvalErrorKind, span: Span, function: &'static str) -> Self {
        Self::Error(Box::new(EvalError {
            kind,
            span,
            function,
        }))
    }
}

impl<'a> From<Why<'a>> for Stop<'a> {
    fn from(why: Why<'a>) -> Self {
        Self::Unknown(why)
    }
}
