//! Questions about values, bits, and the functions that stop an expression.

use super::{Args, Call};
use crate::rules::expression::error::{EvalErrorKind, Why};
use crate::rules::expression::eval::Outcome;
use crate::rules::expression::value::{Value, number};

pub(super) fn error<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let message = args.take(0).to_string();
    Err(call.error(EvalErrorKind::Raised(message)))
}

pub(super) fn volatile_random<'a>(_: &Call, _: &mut Args<'a>) -> Outcome<'a> {
    Err(Why::Volatile("RandomNum").into())
}

pub(super) fn volatile_guid<'a>(_: &Call, _: &mut Args<'a>) -> Outcome<'a> {
    Err(Why::Volatile("Guid").into())
}

pub(super) fn bit_and<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    bits(call, args, |a, b| a & b)
}

pub(super) fn bit_or<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    bits(call, args, |a, b| a | b)
}

fn bits<'a>(call: &Call, args: &mut Args<'a>, operation: fn(i64, i64) -> i64) -> Outcome<'a> {
    match (call.number(args.get(0))?, call.number(args.get(1))?) {
        (Some(a), Some(b)) => Ok(Value::Number(operation(a, b))),
        _ => Ok(Value::Null),
    }
}

pub(super) fn is_bit_set<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    match (call.number(args.get(0))?, call.number(args.get(1))?) {
        (Some(value), Some(flag)) => Ok(Value::Bool(value & flag == flag)),
        _ => Ok(Value::Bool(false)),
    }
}

pub(super) fn is_null<'a>(_: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    Ok(Value::Bool(matches!(
        args.get(0),
        Value::Null | Value::AuthoritativeNull
    )))
}

/// An attribute that is present and empty; an absent one is null, not empty.
pub(super) fn is_empty<'a>(_: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let value = args.get(0);
    Ok(Value::Bool(
        !matches!(value, Value::Null | Value::AuthoritativeNull) && value.is_empty(),
    ))
}

pub(super) fn is_null_or_empty<'a>(_: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    Ok(Value::Bool(args.get(0).is_empty()))
}

pub(super) fn is_present<'a>(_: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    Ok(Value::Bool(!args.get(0).is_empty()))
}

/// True of text. The shipped source anchor flow relies on octets not being a string.
pub(super) fn is_string<'a>(_: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let text = |value: &Value<'_>| matches!(value, Value::Text(_) | Value::Reference(_));
    let value = args.get(0);
    Ok(Value::Bool(
        !value.items().is_empty() && value.items().iter().all(text),
    ))
}

pub(super) fn is_numeric<'a>(_: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    Ok(Value::Bool(match args.get(0) {
        Value::Number(_) => true,
        Value::Text(text) => number(text).is_some(),
        _ => false,
    }))
}

pub(super) fn is_guid<'a>(_: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    Ok(Value::Bool(args.get(0).as_str().is_some_and(|text| {
        super::conversion::guid(text).is_some()
    })))
}

pub(super) fn is_date<'a>(_: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    Ok(Value::Bool(match args.get(0) {
        Value::Date(_) => true,
        value => value
            .as_str()
            .is_some_and(|text| super::date::parse(text).is_some()),
    }))
}
