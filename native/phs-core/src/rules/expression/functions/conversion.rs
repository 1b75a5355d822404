//! Conversions between types.

use std::borrow::Cow;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Args, Call};
use crate::rules::expression::error::EvalErrorKind;
use crate::rules::expression::eval::Outcome;
use crate::rules::expression::value::{Value, number};
use crate::security::SidRef;

/// True unless zero; null is False, as the shipped rules need (`CBool(IIF(..., NULL))`).
pub(super) fn c_bool<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    match args.get(0) {
        Value::Null => Ok(Value::Bool(false)),
        Value::Number(number) => Ok(Value::Bool(*number != 0)),
        Value::Text(text) => match (args.get(0).as_bool(), number(text)) {
            (Some(value), _) => Ok(Value::Bool(value)),
            (None, Some(number)) => Ok(Value::Bool(number != 0)),
            (None, None) => Err(call.error(EvalErrorKind::Conversion("boolean"))),
        },
        Value::Bool(value) => Ok(Value::Bool(*value)),
        other => Err(call.wrong("boolean", other)),
    }
}

/// A number from text, or from at most eight octets, least significant first (MS-ADTS 2.2.20 writes key lengths so).
pub(super) fn c_num<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    match args.get(0) {
        Value::Null => Ok(Value::Null),
        Value::Number(number) => Ok(Value::Number(*number)),
        Value::Bool(value) => Ok(Value::Number(i64::from(*value))),
        Value::Text(text) => number(text)
            .map(Value::Number)
            .ok_or_else(|| call.error(EvalErrorKind::Conversion("number"))),
        Value::Binary(octets) if octets.len() <= 8 => Ok(Value::Number(
            octets
                .iter()
                .rev()
                .fold(0, |sum, octet| sum << 8 | i64::from(*octet)),
        )),
        other => Err(call.wrong("number", other)),
    }
}

/// A number as `length` octets, least significant first; text as its UTF-8 octets.
pub(super) fn c_bin<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let length = if args.has(1) {
        usize::try_from(call.needed(args.get(1))?).unwrap_or(usize::MAX)
    } else {
        8
    };
    match args.take(0) {
        Value::Null => Ok(Value::Null),
        Value::Number(number) if (1..=8).contains(&length) => Ok(Value::Binary(Cow::Owned(
            number.to_le_bytes()[..length].to_vec(),
        ))),
        Value::Number(_) => Err(call.error(EvalErrorKind::Range)),
        Value::Text(text) => Ok(Value::Binary(Cow::Owned(text.as_bytes().to_vec()))),
        binary @ Value::Binary(_) => Ok(binary),
        other => Err(call.wrong("number", &other)),
    }
}

pub(super) fn c_ref<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    Ok(call
        .text(args.take(0))?
        .map_or(Value::Null, Value::Reference))
}

pub(super) fn c_str<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    match args.take(0) {
        Value::Null => Ok(Value::Null),
        Value::Text(text) | Value::Reference(text) => Ok(Value::Text(text)),
        value @ (Value::Number(_) | Value::Bool(_)) => Ok(Value::owned(value.to_string())),
        other => Err(call.wrong("string", &other)),
    }
}

pub(super) fn c_date<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    match args.take(0) {
        date @ Value::Date(_) => Ok(date),
        value => {
            let Some(text) = call.text(value)? else {
                return Ok(Value::Null);
            };
            super::date::parse(&text)
                .map(Value::Date)
                .ok_or_else(|| call.error(EvalErrorKind::Conversion("date")))
        }
    }
}

/// The dashed form, with or without braces; no other.
pub(super) fn guid(text: &str) -> Option<Uuid> {
    let inner = text
        .strip_prefix('{')
        .map_or(Some(text), |rest| rest.strip_suffix('}'))?;
    (inner.len() == 36)
        .then(|| Uuid::try_parse(inner).ok())
        .flatten()
}

/// Octets in the order Active Directory stores a GUID: the first three fields least significant first.
pub(super) fn c_guid<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let Some(text) = call.text(args.take(0))? else {
        return Ok(Value::Null);
    };
    let guid = guid(&text).ok_or_else(|| call.error(EvalErrorKind::Conversion("GUID")))?;
    Ok(Value::Binary(Cow::Owned(guid.to_bytes_le().to_vec())))
}

pub(super) fn string_from_guid<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    match args.get(0) {
        Value::Null => Ok(Value::Null),
        Value::Binary(octets) => {
            let octets: [u8; 16] = octets
                .as_ref()
                .try_into()
                .map_err(|_| call.error(EvalErrorKind::Conversion("GUID")))?;
            Ok(Value::owned(Uuid::from_bytes_le(octets).to_string()))
        }
        other => Err(call.wrong("binary", other)),
    }
}

/// `S-1-...` (MS-DTYP 2.4.2).
pub(super) fn string_from_sid<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    match args.get(0) {
        Value::Null => Ok(Value::Null),
        Value::Binary(octets) => SidRef::parse(octets)
            .map(|sid| Value::owned(sid.to_string()))
            .map_err(|_| call.error(EvalErrorKind::Conversion("security identifier"))),
        other => Err(call.wrong("binary", other)),
    }
}

/// SHA-256 of octets: the key hash of MS-ADTS 2.2.20. The function is not in the reference; the shipped rules use it
/// to make that structure.
pub(super) fn thumbprint<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    match args.get(0) {
        Value::Null => Ok(Value::Null),
        Value::Binary(octets) => Ok(Value::Binary(Cow::Owned(Sha256::digest(octets).to_vec()))),
        other => Err(call.wrong("binary", other)),
    }
}

/// Octets as they are; text as its UTF-16 octets.
pub(super) fn to_base64<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    match args.take(0) {
        Value::Binary(octets) => Ok(Value::owned(base64(&octets))),
        value => Ok(match call.text(value)? {
            None => Value::Null,
            Some(text) => Value::owned(base64(
                &text
                    .encode_utf16()
                    .flat_map(u16::to_le_bytes)
                    .collect::<Vec<u8>>(),
            )),
        }),
    }
}

pub(super) fn from_base64<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let Some(text) = call.text(args.take(0))? else {
        return Ok(Value::Null);
    };
    let encoding = call.text(args.take(1))?;
    let bad = || call.error(EvalErrorKind::Conversion("base64"));
    let octets = unbase64(&text).ok_or_else(bad)?;
    let decoded = match encoding.as_deref() {
        None => utf16(&octets),
        Some(word) if word.eq_ignore_ascii_case("Unicode") => utf16(&octets),
        Some(word) if word.eq_ignore_ascii_case("UTF8") => String::from_utf8(octets).ok(),
        Some(word) if word.eq_ignore_ascii_case("ASCII") => octets
            .is_ascii()
            .then(|| String::from_utf8(octets).ok())
            .flatten(),
        Some(word) => return Err(call.error(EvalErrorKind::Constant(word.to_owned()))),
    };
    decoded.map(Value::owned).ok_or_else(bad)
}

fn utf16(octets: &[u8]) -> Option<String> {
    let (units, []) = octets.as_chunks::<2>() else {
        return None;
    };
    char::decode_utf16(units.iter().map(|unit| u16::from_le_bytes(*unit)))
        .collect::<Result<_, _>>()
        .ok()
}

pub(super) fn to_utf8_hex<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    Ok(call
        .text(args.take(0))?
        .map_or(Value::Null, |text| Value::owned(utf8_hex(&text))))
}

/// Upper-case hexadecimal of the UTF-8 octets.
pub(crate) fn utf8_hex(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digits = text
        .bytes()
        .flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]);
    digits.map(char::from).collect()
}

pub(super) fn from_utf8_hex<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let Some(text) = call.text(args.take(0))? else {
        return Ok(Value::Null);
    };
    let bad = || call.error(EvalErrorKind::Conversion("hexadecimal UTF-8"));
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return Err(bad());
    };
    let mut octets = Vec::with_capacity(pairs.len());
    for [high, low] in pairs {
        let digit = |byte: u8| {
            char::from(byte)
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        };
        let (Some(high), Some(low)) = (digit(*high), digit(*low)) else {
            return Err(bad());
        };
        octets.push(high << 4 | low);
    }
    String::from_utf8(octets)
        .map(Value::owned)
        .map_err(|_| bad())
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 with padding (RFC 4648 4).
pub(crate) fn base64(octets: &[u8]) -> String {
    let mut out = String::with_capacity(octets.len().div_ceil(3) * 4);
    for chunk in octets.chunks(3) {
        let bits = chunk
            .iter()
            .fold(0_u32, |sum, octet| sum << 8 | u32::from(*octet))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            if place <= chunk.len() {
                out.push(char::from(
                    ALPHABET[(bits >> (18 - 6 * place)) as usize & 63],
                ));
            } else {
                out.push('=');
            }
        }
    }
    out
}

/// Reads base64 with padding; white space is skipped, as .NET does.
pub(crate) fn unbase64(text: &str) -> Option<Vec<u8>> {
    let symbols: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let (groups, []) = symbols.as_chunks::<4>() else {
        return None;
    };
    let mut out = Vec::with_capacity(groups.len() * 3);
    for (index, group) in groups.iter().enumerate() {
        let padding = group.iter().rev().take_while(|byte| **byte == b'=').count();
        if padding > 2 || (padding > 0 && index + 1 != groups.len()) {
            return None;
        }
        let mut bits = 0_u32;
        for byte in &group[..4 - padding] {
            let value = ALPHABET.iter().position(|symbol| symbol == byte)?;
            bits = bits << 6 | u32::try_from(value).ok()?;
        }
        bits <<= 6 * padding;
        out.extend_from_slice(&bits.to_be_bytes()[1..4 - padding]);
    }
    Some(out)
}
