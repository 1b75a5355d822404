//! Text to tokens, one pass.

use super::ast::Span;
use super::parser::{ParseError, ParseErrorKind};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Word(String),
    Attribute(String),
    Parameter(String),
    Variable(String),
    Text(String),
    Number {
        value: i64,
        hex: bool,
    },
    /// A decimal magnitude of 2^63, legal only after a minus sign.
    MinMagnitude,
    Symbol(&'static str),
}

/// Symbols, longer before shorter.
const SYMBOLS: [&str; 14] = [
    "&&", "||", "<>", "<=", ">=", "<", ">", "=", "&", "+", "-", "*", "(", ")",
];

pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Span)>, ParseError> {
    let bytes = text.as_bytes();
    let mut out: Vec<(Token, Span)> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii_whitespace() || text[at..].starts_with('\u{a0}') {
            at += if byte.is_ascii() { 1 } else { 2 };
            continue;
        }
        let after_operand = out
            .last()
            .is_some_and(|(token, _)| !matches!(token, Token::Symbol(s) if *s != ")"));
        let (token, end) = match byte {
            b'"' => string(text, at)?,
            b'[' => delimited(text, at, b']', ParseErrorKind::Attribute)
                .map(|(s, e)| (Token::Attribute(s), e))?,
            b'%' => delimited(text, at, b'%', ParseErrorKind::Parameter)
                .map(|(s, e)| (Token::Parameter(s), e))?,
            b'$' => {
                let end = word_end(bytes, at + 1);
                if end == at + 1 {
                    return Err(ParseError::new(ParseErrorKind::Variable, at, at + 1));
                }
                (Token::Variable(text[at + 1..end].to_owned()), end)
            }
            b'0'..=b'9' => decimal(text, at)?,
            b',' => (Token::Symbol(","), at + 1),
            b'&' if !after_operand && matches!(bytes.get(at + 1), Some(b'H' | b'h')) => {
                hexadecimal(text, at)?
            }
            _ if byte.is_ascii_alphabetic() || byte == b'_' => {
                let end = word_end(bytes, at);
                (Token::Word(text[at..end].to_owned()), end)
            }
            _ => match SYMBOLS
                .iter()
                .find(|symbol| text[at..].starts_with(**symbol))
            {
                Some(symbol) => (Token::Symbol(symbol), at + symbol.len()),
                None => return Err(stray(text, at)),
            },
        };
        out.push((token, Span { start: at, end }));
        at = end;
    }
    Ok(out)
}

fn stray(text: &str, at: usize) -> ParseError {
    let found = text[at..].chars().next().unwrap_or_default();
    let kind = if matches!(found, '“' | '”' | '„' | '‘' | '’') {
        ParseErrorKind::SmartQuote
    } else {
        ParseErrorKind::Character(found)
    };
    ParseError::new(kind, at, at + found.len_utf8())
}

fn word_end(bytes: &[u8], from: usize) -> usize {
    let length = bytes[from..]
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
        .count();
    from + length
}

fn string(text: &str, start: usize) -> Result<(Token, usize), ParseError> {
    let bytes = text.as_bytes();
    let mut value = String::new();
    let mut at = start + 1;
    let mut copied = at;
    loop {
        match bytes.get(at) {
            None => return Err(ParseError::new(ParseErrorKind::String, start, text.len())),
            Some(b'"') if bytes.get(at + 1) == Some(&b'"') => {
                value.push_str(&text[copied..=at]);
                at += 2;
                copied = at;
            }
            Some(b'"') => {
                value.push_str(&text[copied..at]);
                return Ok((Token::Text(value), at + 1));
            }
            Some(b'\\') if bytes.get(at + 1) == Some(&b'\\') => {
                value.push_str(&text[copied..=at]);
                at += 2;
                copied = at;
            }
            Some(_) => at += 1,
        }
    }
}

fn delimited(
    text: &str,
    start: usize,
    close: u8,
    kind: ParseErrorKind,
) -> Result<(String, usize), ParseError> {
    let rest = &text.as_bytes()[start + 1..];
    match rest
        .iter()
        .position(|b| *b == close || *b == b'\n' || *b == b'"')
    {
        Some(length) if length > 0 && rest[length] == close => Ok((
            text[start + 1..start + 1 + length].to_owned(),
            start + length + 2,
        )),
        _ => Err(ParseError::new(kind, start, start + 1)),
    }
}

fn decimal(text: &str, start: usize) -> Result<(Token, usize), ParseError> {
    let end = word_end(text.as_bytes(), start);
    let digits = &text[start..end];
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(ParseError::new(ParseErrorKind::Number, start, end));
    }
    match digits.parse::<u64>() {
        Ok(magnitude) if magnitude == 1 << 63 => Ok((Token::MinMagnitude, end)),
        Ok(magnitude) => i64::try_from(magnitude)
            .map(|value| (Token::Number { value, hex: false }, end))
            .map_err(|_| ParseError::new(ParseErrorKind::Number, start, end)),
        Err(_) => Err(ParseError::new(ParseErrorKind::Number, start, end)),
    }
}

fn hexadecimal(text: &str, start: usize) -> Result<(Token, usize), ParseError> {
    let end = word_end(text.as_bytes(), start + 2);
    let digits = &text[start + 2..end];
    u64::from_str_radix(digits, 16)
        .map(|bits| {
            (
                Token::Number {
                    value: bits.cast_signed(),
                    hex: true,
                },
                end,
            )
        })
        .map_err(|_| ParseError::new(ParseErrorKind::Number, start, end))
}
