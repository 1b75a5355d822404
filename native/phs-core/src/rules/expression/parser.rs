//! Tokens to a tree, by recursive descent with a bounded depth.

use thiserror::Error;

use super::ast::{ArithmeticOperator, ComparisonOperator, Expr, ExprKind, LogicalOperator, Span};
use super::lexer::{Token, tokens};

/// Deepest nesting of brackets, calls and signs that is read.
pub const MAX_DEPTH: usize = 128;

/// Why a text is not an expression, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not an expression: {kind} at byte {}", .span.start)]
pub struct ParseError {
    /// What is wrong.
    pub kind: ParseErrorKind,
    /// Where.
    pub span: Span,
}

impl ParseError {
    pub(super) fn new(kind: ParseErrorKind, start: usize, end: usize) -> Self {
        Self {
            kind,
            span: Span { start, end },
        }
    }
}

/// What is wrong with a text that should be an expression.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParseErrorKind {
    /// A character that starts no token.
    #[error("character '{0}' not expected")]
    Character(char),
    /// A typographic quotation mark where a straight one belongs.
    #[error("typographic quotation mark; string constants need straight ones")]
    SmartQuote,
    /// A string constant without end.
    #[error("string constant is not closed")]
    String,
    /// `[` without name or `]`.
    #[error("attribute reference is empty or not closed")]
    Attribute,
    /// `%` without name or second `%`.
    #[error("parameter is empty or not closed")]
    Parameter,
    /// `$` without name.
    #[error("variable without a name")]
    Variable,
    /// Digits that are no 64-bit integer.
    #[error("not a 64-bit integer")]
    Number,
    /// Something else than an operand.
    #[error("operand expected")]
    Operand,
    /// Something else than an operator or the end.
    #[error("operator expected")]
    Operator,
    /// `)` or `,` is missing.
    #[error("')' or ',' expected")]
    Close,
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

/// Parses an expression. Time is linear in the length of the text.
pub fn parse(text: &str) -> Result<Expr, ParseError> {
    let tokens = tokens(text)?;
    let mut parser = Parser {
        tokens: tokens.into_iter().peekable(),
        end: text.len(),
        depth: 0,
    };
    let expr = parser.logical()?;
    match parser.tokens.next() {
        None => Ok(expr),
        Some((_, span)) => Err(ParseError {
            kind: ParseErrorKind::Operator,
            span,
        }),
    }
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<(Token, Span)>>,
    end: usize,
    depth: usize,
}

impl Parser {
    fn symbol(&mut self) -> Option<&'static str> {
        match self.tokens.peek() {
            Some((Token::Symbol(symbol), _)) => Some(symbol),
            _ => None,
        }
    }

    fn error(&mut self, kind: ParseErrorKind) -> ParseError {
        let span = self.tokens.peek().map_or(
            Span {
                start: self.end,
                end: self.end,
            },
            |(_, span)| *span,
        );
        ParseError { kind, span }
    }

    fn logical(&mut self) -> Result<Expr, ParseError> {
        let (first, rest) = self.chain(Self::comparison, |symbol| match symbol {
            "&&" => Some(LogicalOperator::And),
            "||" => Some(LogicalOperator::Or),
            _ => None,
        })?;
        Ok(chained(first, rest, ExprKind::Logical))
    }

    fn comparison(&mut self) -> Result<Expr, ParseError> {
        let (first, rest) = self.chain(Self::arithmetic, |symbol| match symbol {
            "=" => Some(ComparisonOperator::Equal),
            "<>" => Some(ComparisonOperator::NotEqual),
            "<" => Some(ComparisonOperator::Less),
            "<=" => Some(ComparisonOperator::LessOrEqual),
            ">" => Some(ComparisonOperator::Greater),
            ">=" => Some(ComparisonOperator::GreaterOrEqual),
            _ => None,
        })?;
        Ok(chained(first, rest, ExprKind::Comparison))
    }

    fn arithmetic(&mut self) -> Result<Expr, ParseError> {
        let (first, rest) = self.chain(Self::operand, |symbol| match symbol {
            "+" => Some(ArithmeticOperator::Add),
            "-" => Some(ArithmeticOperator::Subtract),
            "*" => Some(ArithmeticOperator::Multiply),
            "&" => Some(ArithmeticOperator::Concatenate),
            _ => None,
        })?;
        Ok(chained(first, rest, ExprKind::Arithmetic))
    }

    #[allow(clippy::type_complexity, reason = "the pair is taken apart at once")]
    fn chain<O>(
        &mut self,
        operand: fn(&mut Self) -> Result<Expr, ParseError>,
        operator: fn(&str) -> Option<O>,
    ) -> Result<(Expr, Vec<(O, Expr)>), ParseError> {
        let first = operand(self)?;
        let mut rest = Vec::new();
        while let Some(found) = self.symbol().and_then(operator) {
            self.tokens.next();
            rest.push((found, operand(self)?));
        }
        Ok((first, rest))
    }

    fn operand(&mut self) -> Result<Expr, ParseError> {
        if self.depth >= MAX_DEPTH {
            return Err(self.error(ParseErrorKind::TooDeep));
        }
        let (start, end) = (self.end, self.end);
        let Some((token, span)) = self.tokens.next() else {
            return Err(ParseError::new(ParseErrorKind::Operand, start, end));
        };
        self.depth += 1;
        let expr = self.operand_from(token, span);
        self.depth -= 1;
        expr
    }

    fn operand_from(&mut self, token: Token, span: Span) -> Result<Expr, ParseError> {
        let kind = match token {
            Token::Attribute(name) => ExprKind::Attribute(name),
            Token::Parameter(name) => ExprKind::Parameter(name),
            Token::Variable(name) => ExprKind::Variable(name),
            Token::Text(text) => ExprKind::Text(text),
            Token::Number { value, hex } => ExprKind::Number { value, hex },
            Token::MinMagnitude => {
                return Err(ParseError {
                    kind: ParseErrorKind::Number,
                    span,
                });
            }
            Token::Word(word) if self.symbol() == Some("(") => return self.call(word, span),
            Token::Word(word) => named(word),
            Token::Symbol("(") => {
                let inner = self.logical()?;
                let close = self.close()?;
                return Ok(Expr {
                    kind: ExprKind::Group(Box::new(inner)),
                    span: span.to(close),
                });
            }
            Token::Symbol("-") => return self.negative(span),
            Token::Symbol(_) => {
                return Err(ParseError {
                    kind: ParseErrorKind::Operand,
                    span,
                });
            }
        };
        Ok(Expr { kind, span })
    }

    /// A minus sign and a decimal number are one constant, so that the smallest integer can be written.
    fn negative(&mut self, sign: Span) -> Result<Expr, ParseError> {
        let literal = match self.tokens.peek() {
            // A zero keeps its sign apart: as a constant it would print without.
            Some((Token::Number { value, hex: false }, span)) if *value > 0 => {
                Some((-*value, *span))
            }
            Some((Token::MinMagnitude, span)) => Some((i64::MIN, *span)),
            _ => None,
        };
        if let Some((value, span)) = literal {
            self.tokens.next();
            return Ok(Expr {
                kind: ExprKind::Number { value, hex: false },
                span: sign.to(span),
            });
        }
        let inner = self.operand()?;
        let span = sign.to(inner.span);
        Ok(Expr {
            kind: ExprKind::Negate(Box::new(inner)),
            span,
        })
    }

    fn call(&mut self, name: String, start: Span) -> Result<Expr, ParseError> {
        self.tokens.next();
        let mut arguments = Vec::new();
        if self.symbol() == Some(")") {
            let close = self.close()?;
            return Ok(Expr {
                kind: ExprKind::Call { name, arguments },
                span: start.to(close),
            });
        }
        loop {
            arguments.push(self.logical()?);
            if self.symbol() != Some(",") {
                break;
            }
            self.tokens.next();
        }
        let close = self.close()?;
        Ok(Expr {
            kind: ExprKind::Call { name, arguments },
            span: start.to(close),
        })
    }

    fn close(&mut self) -> Result<Span, ParseError> {
        match self.tokens.peek() {
            Some((Token::Symbol(")"), span)) => {
                let span = *span;
                self.tokens.next();
                Ok(span)
            }
            _ => Err(self.error(ParseErrorKind::Close)),
        }
    }
}

fn chained<O>(
    first: Expr,
    rest: Vec<(O, Expr)>,
    make: fn(Box<Expr>, Vec<(O, Expr)>) -> ExprKind,
) -> Expr {
    match rest.last() {
        None => first,
        Some((_, last)) => {
            let span = first.span.to(last.span);
            Expr {
                kind: make(Box::new(first), rest),
                span,
            }
        }
    }
}

fn named(word: String) -> ExprKind {
    let is = |name: &str| word.eq_ignore_ascii_case(name);
    if is("NULL") {
        ExprKind::Null
    } else if is("True") {
        ExprKind::Bool(true)
    } else if is("False") {
        ExprKind::Bool(false)
    } else if is("IgnoreThisFlow") {
        ExprKind::IgnoreThisFlow
    } else if is("AuthoritativeNull") {
        ExprKind::AuthoritativeNull
    } else if is("CRLF") {
        ExprKind::Crlf
    } else {
        ExprKind::Word(word)
    }
}
