//! The syntax tree. Chains of operators are flat, so only brackets and calls nest.

use std::fmt;

/// A range of bytes in the text of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The text the span covers; empty when the span is not of this text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }

    pub(crate) fn to(self, other: Self) -> Self {
        Self {
            start: self.start,
            end: other.end,
        }
    }
}

/// An expression and where it stands. Two expressions are equal when they mean the same; spans do not matter.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Eq for Expr {}

/// What an expression is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExprKind {
    /// `NULL`.
    Null,
    /// `True`, `False`.
    Bool(bool),
    /// A number; `hex` when written `&H...`.
    Number {
        /// Value.
        value: i64,
        /// Written in hexadecimal.
        hex: bool,
    },
    /// A string constant, escapes resolved.
    Text(String),
    /// `[attribute]`.
    Attribute(String),
    /// `%Parameter%`.
    Parameter(String),
    /// `$variable`.
    Variable(String),
    /// `IgnoreThisFlow`.
    IgnoreThisFlow,
    /// `AuthoritativeNull`.
    AuthoritativeNull,
    /// `CRLF`.
    Crlf,
    /// A bare word: the name of an enumeration constant such as `vbTextCompare`.
    Word(String),
    /// `Name(arguments)`.
    Call {
        /// Name as written.
        name: String,
        /// Arguments.
        arguments: Vec<Expr>,
    },
    /// `(expression)`.
    Group(Box<Expr>),
    /// `-expression`.
    Negate(Box<Expr>),
    /// `a + b & c`, left to right.
    Arithmetic(Box<Expr>, Vec<(ArithmeticOperator, Expr)>),
    /// `a = b`, left to right.
    Comparison(Box<Expr>, Vec<(ComparisonOperator, Expr)>),
    /// `a || b && c`, left to right.
    Logical(Box<Expr>, Vec<(LogicalOperator, Expr)>),
}

/// `+`, `-`, `*`, `&`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArithmeticOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `&`
    Concatenate,
}

/// `=`, `<>`, `<`, `<=`, `>`, `>=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComparisonOperator {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// `&&`, `||`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogicalOperator {
    /// `&&`
    And,
    /// `||`
    Or,
}

impl fmt::Display for ArithmeticOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Concatenate => "&",
        })
    }
}

impl fmt::Display for ComparisonOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        })
    }
}

impl fmt::Display for LogicalOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::And => "&&",
            Self::Or => "||",
        })
    }
}

/// Prints text that parses to an equal expression: one space around operators and after commas.
impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Null => f.write_str("NULL"),
            ExprKind::Bool(true) => f.write_str("True"),
            ExprKind::Bool(false) => f.write_str("False"),
            ExprKind::Number { value, hex: true } => write!(f, "&H{value:X}"),
            ExprKind::Number { value, hex: false } => write!(f, "{value}"),
            ExprKind::Text(text) => {
                write!(f, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\"\""))
            }
            ExprKind::Attribute(name) => write!(f, "[{name}]"),
            ExprKind::Parameter(name) => write!(f, "%{name}%"),
            ExprKind::Variable(name) => write!(f, "${name}"),
            ExprKind::IgnoreThisFlow => f.write_str("IgnoreThisFlow"),
            ExprKind::AuthoritativeNull => f.write_str("AuthoritativeNull"),
            ExprKind::Crlf => f.write_str("CRLF"),
            ExprKind::Word(word) => f.write_str(word),
            ExprKind::Call { name, arguments } => {
                write!(f, "{name}(")?;
                for (index, argument) in arguments.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{argument}")?;
                }
                f.write_str(")")
            }
            ExprKind::Group(inner) => write!(f, "({inner})"),
            ExprKind::Negate(inner) => write!(f, "-{inner}"),
            ExprKind::Arithmetic(first, rest) => chain(f, first, rest),
            ExprKind::Comparison(first, rest) => chain(f, first, rest),
            ExprKind::Logical(first, rest) => chain(f, first, rest),
        }
    }
}

fn chain<O: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    first: &Expr,
    rest: &[(O, Expr)],
) -> fmt::Result {
    write!(f, "{first}")?;
    rest.iter()
        .try_for_each(|(operator, operand)| write!(f, " {operator} {operand}"))
}
