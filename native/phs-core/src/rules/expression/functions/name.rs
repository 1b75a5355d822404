//! Functions on distinguished names.

use super::{Args, Call};
use crate::dn::{Dn, Rdn, RdnValue, escape_value};
use crate::rules::expression::error::EvalErrorKind;
use crate::rules::expression::eval::Outcome;
use crate::rules::expression::value::Value;

/// The value of a component as a DN writes it, with its escapes: the shipped rules look for `\0ACNF:` in it.
fn written<'a>(rdn: Option<&Rdn>) -> Value<'a> {
    let value = rdn
        .and_then(|rdn| rdn.assertions().first())
        .map(|assertion| match assertion.value() {
            RdnValue::Text(text) => escape_value(text),
            binary @ RdnValue::Binary(_) => binary.to_string(),
        });
    value.map_or(Value::Null, Value::owned)
}

/// The nth component from the left; null past the end. The rest of the name is not read: this runs for every user.
pub(super) fn dn_component<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let number = call.needed(args.get(1))?;
    let Some(text) = call.text(args.take(0))? else {
        return Ok(Value::Null);
    };
    let Some(place) = usize::try_from(number)
        .ok()
        .and_then(|number| number.checked_sub(1))
    else {
        return Ok(Value::Null);
    };
    let dn = Dn::parse_leading(&text, place.saturating_add(1))
        .map_err(|_| call.error(EvalErrorKind::Conversion("reference")))?;
    Ok(written(dn.rdns().get(place)))
}

/// The nth component from the right, domain components left out when the option says `DC`.
pub(super) fn dn_component_rev<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let number = call.needed(args.get(1))?;
    let skip_domain = match call.text(args.take(2))?.as_deref() {
        None => false,
        Some(word) if word.eq_ignore_ascii_case("DC") => true,
        Some(word) => return Err(call.error(EvalErrorKind::Constant(word.to_owned()))),
    };
    let Some(text) = call.text(args.take(0))? else {
        return Ok(Value::Null);
    };
    let dn = Dn::parse(&text).map_err(|_| call.error(EvalErrorKind::Conversion("reference")))?;
    let mut from_right = dn
        .rdns()
        .iter()
        .rev()
        .filter(|rdn| !skip_domain || !rdn.attribute().eq_ignore_ascii_case("DC"));
    let place = usize::try_from(number)
        .ok()
        .and_then(|number| number.checked_sub(1));
    Ok(written(place.and_then(|place| from_right.nth(place))))
}

/// Escapes a component. An attribute type in front (`cn=...`) stays as it is.
pub(super) fn escape_dn_component<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let Some(text) = call.text(args.take(0))? else {
        return Ok(Value::Null);
    };
    let typed = text.split_once('=').filter(|(kind, _)| {
        !kind.is_empty()
            && kind
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    });
    Ok(Value::owned(match typed {
        Some((kind, value)) => format!("{kind}={}", escape_value(value)),
        None => escape_value(&text),
    }))
}
