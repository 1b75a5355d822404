//! Functions on text. Positions count UTF-16 units from 1; null is the empty text where the reference says so.

use std::borrow::Cow;

use super::{Args, Call};
use crate::casefold;
use crate::rules::expression::error::EvalErrorKind;
use crate::rules::expression::eval::Outcome;
use crate::rules::expression::operators::bounded;
use crate::rules::expression::value::Value;

/// Number of UTF-16 units.
fn units(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        text.encode_utf16().count()
    }
}

/// Byte offset of a UTF-16 offset, at most the length; inside a surrogate pair, the pair's start.
fn byte_at(text: &str, offset: usize) -> usize {
    if text.is_ascii() {
        return offset.min(text.len());
    }
    let mut passed = 0;
    for (at, c) in text.char_indices() {
        passed += c.len_utf16();
        if passed > offset {
            return at;
        }
    }
    text.len()
}

fn cut(text: Cow<'_, str>, from: usize, to: usize) -> Value<'_> {
    let (start, end) = (byte_at(&text, from), byte_at(&text, to));
    let end = end.max(start);
    Value::Text(match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[start..end]),
        Cow::Owned(text) if start == 0 && end == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text[start..end].to_owned()),
    })
}

fn cut_octets(octets: Cow<'_, [u8]>, from: usize, to: usize) -> Value<'_> {
    let (start, end) = (from.min(octets.len()), to.min(octets.len()));
    let end = end.max(start);
    Value::Binary(match octets {
        Cow::Borrowed(octets) => Cow::Borrowed(&octets[start..end]),
        Cow::Owned(octets) => Cow::Owned(octets[start..end].to_vec()),
    })
}

/// Cuts text or octets; `range` gives start and end from the length, or none for the input as it is.
fn cut_any<'a>(
    call: &Call,
    value: Value<'a>,
    range: impl Fn(usize) -> Option<(usize, usize)>,
) -> Outcome<'a> {
    match value {
        Value::Binary(octets) => Ok(match range(octets.len()) {
            Some((from, to)) => cut_octets(octets, from, to),
            None => Value::Binary(octets),
        }),
        value => {
            let text = call.text(value)?.unwrap_or_default();
            Ok(match range(units(&text)) {
                Some((from, to)) => cut(text, from, to),
                None => Value::Text(text),
            })
        }
    }
}

pub(super) fn left<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let count = usize::try_from(call.needed(args.get(1))?).ok();
    cut_any(call, args.take(0), |_| count.map(|count| (0, count)))
}

pub(super) fn right<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let count = usize::try_from(call.needed(args.get(1))?).ok();
    cut_any(call, args.take(0), |length| {
        count.map(|count| (length.saturating_sub(count), length))
    })
}

/// A start outside the text, or a negative count, gives the input back; so says the reference.
pub(super) fn mid<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let start = usize::try_from(call.needed(args.get(1))?)
        .ok()
        .and_then(|start| start.checked_sub(1));
    let count = usize::try_from(call.needed(args.get(2))?).ok();
    cut_any(call, args.take(0), |length| match (start, count) {
        (_, Some(0)) => Some((0, 0)),
        (Some(start), Some(count)) if start < length => Some((start, start.saturating_add(count))),
        _ => None,
    })
}

pub(super) fn len<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let length = match args.take(0) {
        Value::Binary(octets) => octets.len(),
        value => units(&call.text(value)?.unwrap_or_default()),
    };
    Ok(Value::Number(i64::try_from(length).unwrap_or(i64::MAX)))
}

/// Applies a change to text; null stays null.
fn map<'a>(
    call: &Call,
    args: &mut Args<'a>,
    change: impl for<'t> Fn(&'t str) -> Cow<'t, str>,
) -> Outcome<'a> {
    Ok(match call.text(args.take(0))? {
        None => Value::Null,
        Some(Cow::Borrowed(text)) => Value::Text(change(text)),
        Some(Cow::Owned(text)) => Value::owned(change(&text).into_owned()),
    })
}

pub(super) fn trim<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    map(call, args, |text| Cow::Borrowed(text.trim()))
}

pub(super) fn l_trim<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    map(call, args, |text| Cow::Borrowed(text.trim_start()))
}

pub(super) fn r_trim<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    map(call, args, |text| Cow::Borrowed(text.trim_end()))
}

pub(super) fn l_case<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    map(call, args, |text| Cow::Owned(text.to_lowercase()))
}

pub(super) fn u_case<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    map(call, args, |text| Cow::Owned(text.to_uppercase()))
}

/// The first character of each word between spaces in upper case, the rest in lower case.
pub(super) fn p_case<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    map(call, args, |text| {
        let mut out = String::with_capacity(text.len());
        let mut first = true;
        for c in text.chars() {
            if first {
                out.extend(c.to_uppercase());
            } else {
                out.extend(c.to_lowercase());
            }
            first = c == ' ';
        }
        Cow::Owned(out)
    })
}

fn pad<'a>(call: &Call, args: &mut Args<'a>) -> Result<(String, String), super::Stop<'a>> {
    let length = usize::try_from(call.needed(args.get(1))?).unwrap_or(0);
    let filler = call.text(args.take(2))?.unwrap_or_default();
    let mut characters = filler.chars();
    let (Some(filler), None) = (characters.next(), characters.next()) else {
        return Err(call.error(EvalErrorKind::Pattern));
    };
    let text = match args.take(0) {
        number @ Value::Number(_) => number.to_string(),
        value => call.text(value)?.unwrap_or_default().into_owned(),
    };
    let missing = if text.is_empty() {
        0
    } else {
        length.saturating_sub(units(&text))
    };
    bounded(missing.saturating_mul(filler.len_utf8()))?;
    Ok((filler.to_string().repeat(missing), text))
}

/// Pads on the left. Null gives the empty text; so says the reference.
pub(super) fn pad_left<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let (padding, text) = pad(call, args)?;
    Ok(Value::owned(padding + &text))
}

/// Pads on the right. Null gives the empty text; so says the reference.
pub(super) fn pad_right<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let (padding, text) = pad(call, args)?;
    Ok(Value::owned(text + &padding))
}

/// The three texts that `Replace` reads as control characters.
fn monikers(text: &str) -> String {
    text.replace("\\n", "\n")
        .replace("\\r", "\r")
        .replace("\\t", "\t")
}

pub(super) fn replace<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let Some(text) = call.text(args.take(0))? else {
        return Ok(Value::Null);
    };
    let old = monikers(&call.text(args.take(1))?.unwrap_or_default());
    let new = monikers(&call.text(args.take(2))?.unwrap_or_default());
    if old.is_empty() || !text.contains(old.as_str()) {
        return Ok(Value::Text(text));
    }
    let growth = text.matches(old.as_str()).count().saturating_mul(new.len());
    bounded(growth.saturating_add(text.len()))?;
    Ok(Value::owned(text.replace(old.as_str(), &new)))
}

/// `a:b,c:,d:ef`: each source is one character, case minded; white space in the pattern does not count.
pub(super) fn replace_chars<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let Some(text) = call.text(args.take(0))? else {
        return Ok(Value::Null);
    };
    let pattern: String = call
        .text(args.take(1))?
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let mut pairs: Vec<(char, &str)> = Vec::new();
    for pair in pattern.split(',').filter(|pair| !pair.is_empty()) {
        // The reference's own example ends with `ö,o`, so the colon may be missing from the last pair only in print.
        let (source, target) = pair
            .split_once(':')
            .ok_or_else(|| call.error(EvalErrorKind::Pattern))?;
        let mut characters = source.chars();
        match (characters.next(), characters.next()) {
            (Some(source), None) => pairs.push((source, target)),
            _ => return Err(call.error(EvalErrorKind::Pattern)),
        }
    }
    pairs.sort_by_key(|(source, _)| *source);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match pairs.binary_search_by_key(&c, |(source, _)| *source) {
            Ok(found) => out.push_str(pairs[found].1),
            Err(_) => out.push(c),
        }
        bounded(out.len())?;
    }
    Ok(Value::owned(out))
}

/// Whether a search minds case: the default of the language this one is a subset of (VBA) is binary.
fn minds_case<'a>(call: &Call, value: Value<'a>) -> Result<bool, super::Stop<'a>> {
    if let Some(number) = match &value {
        Value::Number(number) => Some(*number),
        _ => None,
    } {
        return match number {
            0 => Ok(true),
            1 => Ok(false),
            other => Err(call.error(EvalErrorKind::Constant(other.to_string()))),
        };
    }
    match call.text(value)?.as_deref() {
        None => Ok(true),
        Some(word) if word.eq_ignore_ascii_case("vbBinaryCompare") => Ok(true),
        Some(word) if word.eq_ignore_ascii_case("vbTextCompare") => Ok(false),
        Some(word) => Err(call.error(EvalErrorKind::Constant(word.to_owned()))),
    }
}

struct Search<'a> {
    text: Cow<'a, str>,
    wanted: Cow<'a, str>,
    start: Option<usize>,
}

fn search<'a>(call: &Call, args: &mut Args<'a>) -> Result<Search<'a>, super::Stop<'a>> {
    let case = minds_case(call, args.take(3))?;
    let start = match call.number(args.get(2))? {
        None => None,
        Some(start) => Some(
            usize::try_from(start)
                .ok()
                .and_then(|start| start.checked_sub(1))
                .ok_or_else(|| call.error(EvalErrorKind::Range))?,
        ),
    };
    let text = call.text(args.take(0))?.unwrap_or_default();
    let wanted = call.text(args.take(1))?.unwrap_or_default();
    if case {
        return Ok(Search {
            text,
            wanted,
            start,
        });
    }
    // Simple folding keeps the number of characters; positions are those of the folded text.
    Ok(Search {
        text: Cow::Owned(casefold::folded(&text)),
        wanted: Cow::Owned(casefold::folded(&wanted)),
        start,
    })
}

fn position<'a>(text: &str, found: Option<usize>) -> Value<'a> {
    Value::Number(
        found
            .and_then(|at| i64::try_from(units(&text[..at]) + 1).ok())
            .unwrap_or(0),
    )
}

/// Position of the first match at or after `start`; 0 when there is none.
pub(super) fn in_str<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let Search {
        text,
        wanted,
        start,
    } = search(call, args)?;
    let from = byte_at(&text, start.unwrap_or(0));
    if text.is_empty() || wanted.is_empty() {
        return Ok(Value::Number(0));
    }
    Ok(position(
        &text,
        text[from..].find(wanted.as_ref()).map(|at| at + from),
    ))
}

/// Position of the last match that ends at or before `start`; 0 when there is none.
pub(super) fn in_str_rev<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let Search {
        text,
        wanted,
        start,
    } = search(call, args)?;
    let to = start.map_or(text.len(), |start| byte_at(&text, start.saturating_add(1)));
    if text.is_empty() || wanted.is_empty() {
        return Ok(Value::Number(0));
    }
    Ok(position(&text, text[..to].rfind(wanted.as_ref())))
}

/// The nth run of characters that are no delimiter; empty when there is none.
pub(super) fn word<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let number = call.needed(args.get(1))?;
    let delimiters = call.text(args.take(2))?.unwrap_or_default();
    let text = call.text(args.take(0))?.unwrap_or_default();
    let Some(skipped) = usize::try_from(number)
        .ok()
        .and_then(|number| number.checked_sub(1))
    else {
        return Ok(Value::text(""));
    };
    let nth = |text: &str| {
        let word = text
            .split(|c| delimiters.contains(c))
            .filter(|word| !word.is_empty())
            .nth(skipped);
        word.map(|word| word.as_ptr() as usize - text.as_ptr() as usize)
            .zip(word.map(str::len))
    };
    Ok(match (nth(&text), text) {
        (None, _) => Value::text(""),
        (Some((at, length)), Cow::Borrowed(text)) => Value::text(&text[at..at + length]),
        (Some((at, length)), Cow::Owned(text)) => Value::owned(&text[at..at + length]),
    })
}
