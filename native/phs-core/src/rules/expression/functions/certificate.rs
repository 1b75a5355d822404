//! Functions on X.509 certificates, DER or base64.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha1::{Digest, Sha1};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::oid_registry::Oid;
use x509_parser::prelude::FromDer;
use x509_parser::time::ASN1Time;
use x509_parser::x509::X509Name;

use super::conversion::unbase64;
use super::{Args, Call};
use crate::rules::expression::error::{EvalErrorKind, Stop, Why};
use crate::rules::expression::eval::Outcome;
use crate::rules::expression::value::Value;

/// The DER octets of an argument; none when it is no certificate.
fn der(value: Value<'_>) -> Option<Cow<'_, [u8]>> {
    let octets = match value {
        Value::Binary(octets) => octets,
        Value::Text(text) => Cow::Owned(unbase64(pem_body(&text))?),
        _ => return None,
    };
    if octets.first() == Some(&0x30) {
        return Some(octets);
    }
    std::str::from_utf8(&octets)
        .ok()
        .and_then(|text| unbase64(pem_body(text)))
        .map(Cow::Owned)
}

fn pem_body(text: &str) -> &str {
    let text = text.trim();
    let inner = text.strip_prefix("-----BEGIN CERTIFICATE-----");
    inner
        .and_then(|rest| rest.strip_suffix("-----END CERTIFICATE-----"))
        .unwrap_or(text)
}

/// Parses the first argument and asks `question`; null gives null.
fn with<'a>(
    call: &Call,
    args: &mut Args<'a>,
    question: impl FnOnce(&X509Certificate<'_>, &[u8]) -> Result<Value<'static>, Stop<'a>>,
) -> Outcome<'a> {
    let value = args.take(0);
    if matches!(value, Value::Null) {
        return Ok(Value::Null);
    }
    let bad = || call.error(EvalErrorKind::Conversion("certificate"));
    let octets = der(value).ok_or_else(bad)?;
    let (rest, certificate) = X509Certificate::from_der(&octets).map_err(|_| bad())?;
    let own = octets.get(..octets.len() - rest.len()).unwrap_or(&octets);
    question(&certificate, own)
}

pub(super) fn is_cert<'a>(_: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let parsed = der(args.take(0)).is_some_and(|octets| X509Certificate::from_der(&octets).is_ok());
    Ok(Value::Bool(parsed))
}

pub(super) fn format<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    with(call, args, |_, _| Ok(Value::text("X509")))
}

/// A friendly name is kept beside a certificate in a store, never inside it.
pub(super) fn friendly_name<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    with(call, args, |_, _| Ok(Value::text("")))
}

pub(super) fn name_oid<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    with(call, args, |_, _| {
        Err(Why::Undocumented("the object identifier of a certificate name").into())
    })
}

pub(super) fn thumbprint<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    with(call, args, |_, octets| Ok(hex(&Sha1::digest(octets))))
}

fn hex(octets: &[u8]) -> Value<'static> {
    Value::owned(Value::Binary(Cow::Borrowed(octets)).to_string())
}

pub(super) fn serial_number<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    with(call, args, |certificate, _| {
        Ok(hex(certificate.raw_serial()))
    })
}

pub(super) fn version<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    with(call, args, |certificate, _| {
        Ok(Value::owned((certificate.version().0 + 1).to_string()))
    })
}

pub(super) fn extension_oids<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    with(call, args, |certificate, _| {
        let critical = certificate
            .extensions()
            .iter()
            .filter(|extension| extension.critical);
        Ok(Value::gather(
            critical.map(|extension| oid(&extension.oid)).collect(),
        ))
    })
}

fn oid(oid: &Oid<'_>) -> Value<'static> {
    Value::owned(oid.to_id_string())
}

pub(super) fn key_algorithm<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    with(call, args, |certificate, _| {
        Ok(oid(&certificate.public_key().algorithm.algorithm))
    })
}

/// The parameters as DER in hexadecimal; null when the algorithm has none.
pub(super) fn key_algorithm_parameters<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    with(call, args, |certificate, _| {
        // The parser keeps tag and content apart; only the usual NULL and OID parameters are written back.
        let parameters = certificate.public_key().algorithm.parameters.as_ref();
        Ok(match parameters {
            None => Value::Null,
            Some(any) => {
                let tag = u8::try_from(any.tag().0).ok();
                match (
                    tag,
                    u8::try_from(any.data.len())
                        .ok()
                        .filter(|length| *length < 128),
                ) {
                    (Some(tag), Some(length)) if tag < 31 && tag != 16 && tag != 17 => {
                        hex(&[&[tag, length], any.data].concat())
                    }
                    (Some(16), Some(length)) => hex(&[&[0x30, length], any.data].concat()),
                    _ => return Err(Why::Undocumented("long certificate key parameters").into()),
                }
            }
        })
    })
}

pub(super) fn signature_algorithm<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    with(call, args, |certificate, _| {
        Ok(oid(&certificate.signature_algorithm.algorithm))
    })
}

pub(super) fn not_after<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    with(call, args, |certificate, _| {
        time(call, certificate.validity().not_after)
    })
}

pub(super) fn not_before<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    with(call, args, |certificate, _| {
        time(call, certificate.validity().not_before)
    })
}

/// The reference says local time; UTC here, so that a comparison with `Now()` holds everywhere.
fn time<'a>(call: &Call, time: ASN1Time) -> Result<Value<'static>, Stop<'a>> {
    Timestamp::from_second(time.timestamp())
        .map(|stamp| Value::Date(stamp.to_zoned(TimeZone::UTC).datetime()))
        .map_err(|_| call.error(EvalErrorKind::Range))
}

pub(super) fn subject<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    with(call, args, |certificate, _| {
        Ok(Value::owned(name(certificate.subject())))
    })
}

pub(super) fn issuer<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    with(call, args, |certificate, _| {
        Ok(Value::owned(name(certificate.issuer())))
    })
}

/// A name as .NET writes it: most specific first, comma and space between.
fn name(name: &X509Name<'_>) -> String {
    let parts: Vec<String> = name
        .iter_rdn()
        .map(|rdn| {
            let pairs = rdn.iter().map(|attribute| {
                let kind = short_name(attribute.attr_type());
                format!("{kind}={}", attribute.as_str().unwrap_or_default())
            });
            pairs.collect::<Vec<_>>().join(" + ")
        })
        .collect();
    parts.into_iter().rev().collect::<Vec<_>>().join(", ")
}

fn short_name(oid: &Oid<'_>) -> String {
    let dotted = oid.to_id_string();
    let known = match dotted.as_str() {
        "2.5.4.3" => "CN",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "S",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "0.9.2342.19200300.100.1.25" => "DC",
        "1.2.840.113549.1.9.1" => "E",
        _ => return format!("OID.{dotted}"),
    };
    known.to_owned()
}

/// `X509NameType` of .NET: `SimpleName`, `EmailName`, `UpnName`, `DnsName`, `DnsFromAlternativeName`, `UrlName`.
pub(super) fn name_info<'a>(call: &Call, args: &mut Args<'a>) -> Outcome<'a> {
    let kind = call.text(args.take(1))?.unwrap_or_default();
    let issuer = args
        .get(2)
        .as_bool()
        .ok_or_else(|| call.wrong("boolean", args.get(2)))?;
    with(call, args, |certificate, _| {
        let subject = if issuer {
            certificate.issuer()
        } else {
            certificate.subject()
        };
        let first = |pairs: Vec<&str>| pairs.first().map(|text| (*text).to_owned());
        let common = || {
            first(
                subject
                    .iter_common_name()
                    .filter_map(|a| a.as_str().ok())
                    .collect(),
            )
        };
        let found = match kind.to_ascii_lowercase().as_str() {
            "simplename" => common(),
            "emailname" => alternative(certificate, issuer, "email").or_else(|| {
                first(
                    subject
                        .iter_email()
                        .filter_map(|a| a.as_str().ok())
                        .collect(),
                )
            }),
            "dnsname" => alternative(certificate, issuer, "dns").or_else(common),
            "dnsfromalternativename" => alternative(certificate, issuer, "dns"),
            "urlname" => alternative(certificate, issuer, "url"),
            "upnname" => {
                return Err(Why::Undocumented("the user principal name of a certificate").into());
            }
            _ => return Err(call.error(EvalErrorKind::Constant(kind.into_owned()))),
        };
        Ok(Value::owned(found.unwrap_or_default()))
    })
}

fn alternative(certificate: &X509Certificate<'_>, issuer: bool, kind: &str) -> Option<String> {
    let of = |names: &[GeneralName<'_>]| {
        names.iter().find_map(|name| match (name, kind) {
            (GeneralName::DNSName(name), "dns")
            | (GeneralName::RFC822Name(name), "email")
            | (GeneralName::URI(name), "url") => Some((*name).to_owned()),
            _ => None,
        })
    };
    certificate
        .extensions()
        .iter()
        .find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(names) if !issuer => of(&names.general_names),
            ParsedExtension::IssuerAlternativeName(names) if issuer => of(&names.general_names),
            _ => None,
        })
}
