//! Operators on values.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::ast::{ArithmeticOperator, ComparisonOperator, LogicalOperator, Span};
use super::error::{EvalErrorKind, Stop, Why};
use super::eval::{MAX_BYTES, Outcome, TextEquality};
use super::value::Value;
use crate::casefold;

/// Whether a condition holds. Null is False; a number is True unless zero.
pub(super) fn truth<'a>(value: &Value<'_>, span: Span) -> Result<bool, Stop<'a>> {
    match value {
        Value::Null => Ok(false),
        Value::Number(number) => Ok(*number != 0),
        // Over several values a condition holds when it holds for one of them.
        Value::Multi(values) => {
            for value in values {
                if truth(value, span)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        other => other
            .as_bool()
            .ok_or_else(|| type_error("boolean", other, span, "")),
    }
}

fn type_error<'a>(
    expected: &'static str,
    found: &Value<'_>,
    span: Span,
    function: &'static str,
) -> Stop<'a> {
    Stop::error(
        EvalErrorKind::Type {
            expected,
            found: found.type_name(),
        },
        span,
        function,
    )
}

/// Applies `operation` to both sides, over every value where a side has several.
fn each<'a>(
    left: Value<'a>,
    right: Value<'a>,
    span: Span,
    mut operation: impl FnMut(Value<'a>, Value<'a>) -> Outcome<'a>,
) -> Outcome<'a> {
    match (left, right) {
        (Value::Multi(left), Value::Multi(right)) => {
            if left.len() != right.len() {
                return Err(Stop::error(
                    EvalErrorKind::Lengths(left.len(), right.len()),
                    span,
                    "",
                ));
            }
            let pairs = left.into_iter().zip(right);
            pairs
                .map(|(a, b)| operation(a, b))
                .collect::<Result<_, _>>()
                .map(Value::Multi)
        }
        (Value::Multi(left), right) => {
            bounded(left.len().saturating_mul(right.weight()))?;
            left.into_iter()
                .map(|a| operation(a, right.clone()))
                .collect::<Result<_, _>>()
                .map(Value::Multi)
        }
        (left, Value::Multi(right)) => {
            bounded(right.len().saturating_mul(left.weight()))?;
            right
                .into_iter()
                .map(|b| operation(left.clone(), b))
                .collect::<Result<_, _>>()
                .map(Value::Multi)
        }
        (left, right) => operation(left, right),
    }
}

/// Refuses to build more than one run may.
pub(super) fn bounded<'a>(bytes: usize) -> Result<(), Stop<'a>> {
    if bytes > MAX_BYTES {
        Err(Why::TooMuchWork.into())
    } else {
        Ok(())
    }
}

pub(super) fn logical<'a>(
    operator: LogicalOperator,
    left: Value<'a>,
    right: Value<'a>,
    span: Span,
) -> Outcome<'a> {
    each(left, right, span, |left, right| {
        let (left, right) = (truth(&left, span)?, truth(&right, span)?);
        Ok(Value::Bool(match operator {
            LogicalOperator::And => left && right,
            LogicalOperator::Or => left || right,
        }))
    })
}

pub(super) fn negate(value: Value<'_>, span: Span) -> Outcome<'_> {
    each(value, Value::Null, span, |value, _| match value {
        Value::Null => Ok(Value::Null),
        value => {
            let number = value
                .as_number()
                .ok_or_else(|| type_error("number", &value, span, "-"))?;
            number
                .checked_neg()
                .map(Value::Number)
                .ok_or_else(|| Stop::error(EvalErrorKind::Range, span, "-"))
        }
    })
}

pub(super) fn arithmetic<'a>(
    operator: ArithmeticOperator,
    left: Value<'a>,
    right: Value<'a>,
    span: Span,
) -> Outcome<'a> {
    each(left, right, span, |left, right| match operator {
        ArithmeticOperator::Concatenate => concatenate(left, right, span),
        ArithmeticOperator::Add if matches!((&left, &right), (Value::Text(_), Value::Text(_))) => {
            concatenate(left, right, span)
        }
        ArithmeticOperator::Add => numeric("+", &left, &right, span, i64::checked_add),
        ArithmeticOperator::Subtract => numeric("-", &left, &right, span, i64::checked_sub),
        ArithmeticOperator::Multiply => numeric("*", &left, &right, span, i64::checked_mul),
    })
}

fn numeric<'a>(
    name: &'static str,
    left: &Value<'_>,
    right: &Value<'_>,
    span: Span,
    operation: fn(i64, i64) -> Option<i64>,
) -> Outcome<'a> {
    if matches!(left, Value::Null) || matches!(right, Value::Null) {
        return Ok(Value::Null);
    }
    let a = left
        .as_number()
        .ok_or_else(|| type_error("number", left, span, name))?;
    let b = right
        .as_number()
        .ok_or_else(|| type_error("number", right, span, name))?;
    operation(a, b)
        .map(Value::Number)
        .ok_or_else(|| Stop::error(EvalErrorKind::Range, span, name))
}

/// `&`: null is empty text; octets join octets.
fn concatenate<'a>(left: Value<'a>, right: Value<'a>, span: Span) -> Outcome<'a> {
    if let (Value::Binary(a), Value::Binary(b)) = (&left, &right) {
        bounded(a.len() + b.len())?;
        return Ok(Value::Binary(Cow::Owned([a.as_ref(), b.as_ref()].concat())));
    }
    match (&left, &right) {
        (Value::Null, Value::Binary(_)) => return Ok(right),
        (Value::Binary(_), Value::Null) => return Ok(left),
        _ => {}
    }
    let mut joined = as_text(left, span)?;
    let right = as_text(right, span)?;
    bounded(joined.len() + right.len())?;
    if joined.is_empty() {
        return Ok(Value::Text(right));
    }
    if !right.is_empty() {
        joined.to_mut().push_str(&right);
    }
    Ok(Value::Text(joined))
}

fn as_text(value: Value<'_>, span: Span) -> Result<Cow<'_, str>, Stop<'_>> {
    match value {
        Value::Null => Ok(Cow::Borrowed("")),
        Value::Text(text) | Value::Reference(text) => Ok(text),
        Value::Number(_) | Value::Bool(_) => Ok(Cow::Owned(value.to_string())),
        other => Err(type_error("string", &other, span, "&")),
    }
}

pub(super) fn compare<'a>(
    operator: ComparisonOperator,
    left: Value<'a>,
    right: Value<'a>,
    equality: TextEquality,
    span: Span,
) -> Outcome<'a> {
    each(left, right, span, |left, right| {
        let holds = match operator {
            ComparisonOperator::Equal => equal(&left, &right, equality, span)?,
            ComparisonOperator::NotEqual => !equal(&left, &right, equality, span)?,
            ComparisonOperator::Less => {
                order(&left, &right, equality, span)? == Some(Ordering::Less)
            }
            ComparisonOperator::Greater => {
                order(&left, &right, equality, span)? == Some(Ordering::Greater)
            }
            ComparisonOperator::LessOrEqual => {
                matches!(
                    order(&left, &right, equality, span)?,
                    Some(Ordering::Less | Ordering::Equal)
                )
            }
            ComparisonOperator::GreaterOrEqual => {
                matches!(
                    order(&left, &right, equality, span)?,
                    Some(Ordering::Greater | Ordering::Equal)
                )
            }
        };
        Ok(Value::Bool(holds))
    })
}

fn equal<'a>(
    left: &Value<'_>,
    right: &Value<'_>,
    equality: TextEquality,
    span: Span,
) -> Result<bool, Stop<'a>> {
    match (left, right) {
        (Value::Null, other) | (other, Value::Null) => Ok(matches!(other, Value::Null)),
        (Value::Binary(a), Value::Binary(b)) => Ok(a == b),
        _ => Ok(order(left, right, equality, span)? == Some(Ordering::Equal)),
    }
}

/// Order of two single values; none when a side is null.
fn order<'a>(
    left: &Value<'_>,
    right: &Value<'_>,
    equality: TextEquality,
    span: Span,
) -> Result<Option<Ordering>, Stop<'a>> {
    let mismatch = || type_error(left.type_name(), right, span, "comparison");
    let ordering = match (left, right) {
        (Value::Null, _) | (_, Value::Null) => return Ok(None),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Bool(_), other) | (other, Value::Bool(_)) => {
            other.as_bool().ok_or_else(mismatch)?;
            left.as_bool().cmp(&right.as_bool())
        }
        (Value::Number(_), _) | (_, Value::Number(_)) => {
            let (Some(a), Some(b)) = (left.as_number(), right.as_number()) else {
                return Err(mismatch());
            };
            a.cmp(&b)
        }
        (Value::Reference(a), Value::Reference(b) | Value::Text(b))
        | (Value::Text(a), Value::Reference(b)) => casefold::cmp(a, b),
        (Value::Text(a), Value::Text(b)) => text_order(a, b, equality)?,
        _ => return Err(mismatch()),
    };
    Ok(Some(ordering))
}

fn text_order<'a>(a: &str, b: &str, equality: TextEquality) -> Result<Ordering, Stop<'a>> {
    let exact = a.cmp(b);
    if exact == Ordering::Equal {
        return Ok(exact);
    }
    match equality {
        TextEquality::IgnoreCase => Ok(casefold::cmp(a, b)),
        TextEquality::Undecided if casefold::eq(a, b) => Err(Why::CaseOnly.into()),
        TextEquality::Exact | TextEquality::Undecided => Ok(exact),
    }
}
