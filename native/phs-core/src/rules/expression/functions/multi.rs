//! Functions on multi-valued attributes. A single value is a list of one.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{Args, Call};
use crate::casefold;
use crate::rules::expression::error::{EvalErrorKind, Stop};
use crate::rules::expression::eval::Outcome;
use crate::rules::expression::operators::bounded;
use crate::rules::expression::value::Value;

fn position<'a>(found: Option<usize>) -> Value<'a> {
    Value::Number(
        found
            .and_then(|index| i64::try_from(index + 1).ok())
            .unwrap_or(0),
    )
}

/// Index of the first value that contains the text (references: equals it), from 1; 0 when none does.
pub(super) fn contains<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let wanted = call.text(args.take(1))?.unwrap_or_default();
    let ignore_case = match call.text(args.take(2))?.as_deref() {
        None => false,
        Some(word) if word.eq_ignore_ascii_case("CaseInsensitive") => true,
        Some(word) if word.eq_ignore_ascii_case("CaseSensitive") => false,
        Some(word) => return Err(call.error(EvalErrorKind::Constant(word.to_owned()))),
    };
    let folded = if ignore_case {
        casefold::folded(&wanted)
    } else {
        String::new()
    };
    let holds = |value: &Value<'_>| match value {
        Value::Text(text) if ignore_case => Ok(casefold::folded(text).contains(&folded)),
        Value::Text(text) => Ok(text.contains(wanted.as_ref())),
        Value::Reference(name) if ignore_case => Ok(casefold::eq(name, &wanted)),
        Value::Reference(name) => Ok(*name == wanted),
        other => Err(call.wrong("string", other)),
    };
    for (index, value) in args.get(0).items().iter().enumerate() {
        if holds(value)? {
            return Ok(position(Some(index)));
        }
    }
    Ok(position(None))
}

pub(super) fn count<'a>(_: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    Ok(Value::Number(
        i64::try_from(args.get(0).items().len()).unwrap_or(i64::MAX),
    ))
}

fn at<'a>(call: &Call, args: &mut Args<'a>) -> Result<(Option<Value<'a>>, i64, usize), Stop<'a>> {
    let index = call.needed(args.get(1))?;
    let mut items = args.take(0).into_items();
    let count = items.len();
    let place = usize::try_from(index)
        .ok()
        .and_then(|index| index.checked_sub(1))
        .filter(|place| *place < count);
    Ok((place.map(|place| items.swap_remove(place)), index, count))
}

pub(super) fn item<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let (value, index, count) = at(call, args)?;
    value.ok_or_else(|| call.error(EvalErrorKind::OutOfBounds { index, count }))
}

pub(super) fn item_or_null<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let (value, ..) = at(call, args)?;
    Ok(value.unwrap_or(Value::Null))
}

/// The values in one text, a space between them unless another delimiter is given. Null gives null.
pub(super) fn join<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let delimiter = if args.has(1) {
        call.text(args.take(1))?.unwrap_or_default()
    } else {
        Cow::Borrowed(" ")
    };
    let items = args.take(0).into_items();
    if items.is_empty() {
        return Ok(Value::Null);
    }
    let mut out = String::new();
    for (index, value) in items.into_iter().enumerate() {
        let Some(text) = call.text(value)? else {
            continue;
        };
        bounded(out.len() + text.len() + delimiter.len())?;
        if index > 0 {
            out.push_str(&delimiter);
        }
        out.push_str(&text);
    }
    Ok(Value::owned(out))
}

/// Each value once, first spelling kept. Text that differs in case only counts as the same: the values of a directory
/// attribute are compared that way.
pub(super) fn remove_duplicates<'a>(_: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let mut seen = HashSet::new();
    let kept = args.take(0).into_items().into_iter().filter(|value| {
        let key = value
            .as_str()
            .map_or_else(|| format!("\0{value}"), casefold::folded);
        seen.insert(key)
    });
    Ok(Value::gather(kept.collect()))
}

/// A text cut at every delimiter of one character; at most `limit` values, the last one holding the rest.
pub(super) fn split<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let Some(text) = call.text(args.take(0))? else {
        return Ok(Value::Null);
    };
    let delimiter = call.text(args.take(1))?.unwrap_or_default();
    let mut characters = delimiter.chars();
    let (Some(delimiter), None) = (characters.next(), characters.next()) else {
        return Err(call.error(EvalErrorKind::Pattern));
    };
    let limit = if args.has(2) {
        usize::try_from(call.needed(args.get(2))?).unwrap_or(0)
    } else {
        usize::MAX
    };
    bounded(text.matches(delimiter).count().saturating_mul(32))?;
    let parts = match text {
        Cow::Borrowed(text) => text.splitn(limit, delimiter).map(Value::text).collect(),
        Cow::Owned(text) => text.splitn(limit, delimiter).map(Value::owned).collect(),
    };
    Ok(Value::gather(parts))
}
