//! The functions of the language, one table.

#![allow(
    clippy::unnecessary_wraps,
    reason = "every function of the table has one signature"
)]

mod certificate;
mod conversion;
mod date;
mod evaluation;
mod multi;
mod name;
mod text;

use std::borrow::Cow;

use jiff::civil::DateTime;

use super::ast::Span;
use super::error::{EvalErrorKind, Stop};
use super::eval::Outcome;
use super::value::Value;

pub(crate) use conversion::{base64, unbase64, utf8_hex};

/// A function over evaluated arguments.
pub(super) type Plain = for<'a> fn(&Call, &mut Args<'a>) -> Outcome<'a>;

/// A function of the language.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) min: usize,
    pub(super) max: usize,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Evaluates the branch it returns.
    Iif,
    /// Evaluates up to the first condition that holds.
    Switch,
    /// Takes values. `broadcast`: bits of the arguments that are single-valued, so that the function runs over every
    /// value. `words`: bits of the arguments that may be a bare word.
    Plain {
        broadcast: u8,
        words: u8,
        run: Plain,
    },
}

/// What a function may know of its call.
pub(super) struct Call {
    pub(super) span: Span,
    pub(super) name: &'static str,
    pub(super) now: Option<DateTime>,
}

impl Call {
    pub(super) fn error<'a>(&self, kind: EvalErrorKind) -> Stop<'a> {
        Stop::error(kind, self.span, self.name)
    }

    fn wrong<'a>(&self, expected: &'static str, found: &Value<'_>) -> Stop<'a> {
        self.error(EvalErrorKind::Type {
            expected,
            found: found.type_name(),
        })
    }

    /// Text of an argument; none for null.
    fn text<'a>(&self, value: Value<'a>) -> Result<Option<Cow<'a, str>>, Stop<'a>> {
        match value {
            Value::Null => Ok(None),
            Value::Text(text) | Value::Reference(text) => Ok(Some(text)),
            other => Err(self.wrong("string", &other)),
        }
    }

    /// Number of an argument; none for null.
    fn number<'a>(&self, value: &Value<'_>) -> Result<Option<i64>, Stop<'a>> {
        match value {
            Value::Null => Ok(None),
            Value::Text(_) => match value.as_number() {
                Some(number) => Ok(Some(number)),
                None => Err(self.error(EvalErrorKind::Conversion("number"))),
            },
            Value::Number(number) => Ok(Some(*number)),
            other => Err(self.wrong("number", other)),
        }
    }

    /// Number of an argument that may not be null.
    fn needed<'a>(&self, value: &Value<'_>) -> Result<i64, Stop<'a>> {
        self.number(value)?
            .ok_or_else(|| self.wrong("number", value))
    }
}

/// Up to four arguments, without a heap of their own.
#[derive(Debug, Clone)]
pub(super) struct Args<'a> {
    values: [Value<'a>; 4],
    count: usize,
}

impl Default for Args<'_> {
    fn default() -> Self {
        Self {
            values: [const { Value::Null }; 4],
            count: 0,
        }
    }
}

impl<'a> Args<'a> {
    pub(super) fn push(&mut self, value: Value<'a>) {
        if let Some(place) = self.values.get_mut(self.count) {
            *place = value;
            self.count += 1;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Value<'a>> {
        self.values.iter().take(self.count)
    }

    /// The arguments for one position of a multi-valued call.
    pub(super) fn at(&self, position: usize, broadcast: u8) -> Self {
        let mut out = Self::default();
        for (index, value) in self.iter().enumerate() {
            out.push(match value {
                Value::Multi(values) if broadcast & (1 << index) != 0 => {
                    values.get(position).cloned().unwrap_or(Value::Null)
                }
                other => other.clone(),
            });
        }
        out
    }

    fn has(&self, index: usize) -> bool {
        index < self.count
    }

    fn take(&mut self, index: usize) -> Value<'a> {
        self.values
            .get_mut(index)
            .map_or(Value::Null, |value| std::mem::replace(value, Value::Null))
    }

    fn get(&self, index: usize) -> &Value<'a> {
        self.values.get(index).unwrap_or(&Value::Null)
    }
}

/// What is known of a function from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionInfo {
    /// Name.
    pub name: &'static str,
    /// Fewest arguments.
    pub min: usize,
    /// Most arguments.
    pub max: usize,
}

/// Every function that is known, in alphabetical order.
pub fn function_names() -> impl Iterator<Item = FunctionInfo> {
    const FORMS: [FunctionInfo; 5] = [
        FunctionInfo {
            name: "ImportedValue",
            min: 1,
            max: 1,
        },
        FunctionInfo {
            name: "Select",
            min: 3,
            max: 3,
        },
        FunctionInfo {
            name: "ValueCount",
            min: 1,
            max: 1,
        },
        FunctionInfo {
            name: "Where",
            min: 3,
            max: 3,
        },
        FunctionInfo {
            name: "With",
            min: 3,
            max: 3,
        },
    ];
    let mut all: Vec<FunctionInfo> = FUNCTIONS
        .iter()
        .map(|f| FunctionInfo {
            name: f.name,
            min: f.min,
            max: f.max,
        })
        .chain(FORMS)
        .collect();
    all.sort_by_key(|f| f.name.to_ascii_lowercase());
    all.into_iter()
}

/// Finds a function. Names are compared without case: the documentation itself is not of one mind (`Guid`, `GUID`).
pub(super) fn lookup(name: &str) -> Option<&'static Function> {
    FUNCTIONS
        .iter()
        .find(|function| function.name.eq_ignore_ascii_case(name))
}

const fn plain(name: &'static str, min: usize, max: usize, broadcast: u8, run: Plain) -> Function {
    Function {
        name,
        min,
        max,
        kind: Kind::Plain {
            broadcast,
            words: 0,
            run,
        },
    }
}

const fn with_words(
    name: &'static str,
    min: usize,
    max: usize,
    broadcast: u8,
    words: u8,
    run: Plain,
) -> Function {
    Function {
        name,
        min,
        max,
        kind: Kind::Plain {
            broadcast,
            words,
            run,
        },
    }
}

/// Every argument is single-valued.
const EACH: u8 = 0b1111;
/// The arguments are taken whole.
const WHOLE: u8 = 0;

static FUNCTIONS: &[Function] = &[
    Function {
        name: "IIF",
        min: 3,
        max: 3,
        kind: Kind::Iif,
    },
    Function {
        name: "Switch",
        min: 2,
        max: usize::MAX,
        kind: Kind::Switch,
    },
    plain("Error", 1, 1, WHOLE, evaluation::error),
    plain("BitAnd", 2, 2, EACH, evaluation::bit_and),
    plain("BitOr", 2, 2, EACH, evaluation::bit_or),
    plain("RandomNum", 2, 2, WHOLE, evaluation::volatile_random),
    plain("Guid", 0, 0, WHOLE, evaluation::volatile_guid),
    plain("IsBitSet", 2, 2, EACH, evaluation::is_bit_set),
    plain("IsDate", 1, 1, EACH, evaluation::is_date),
    plain("IsEmpty", 1, 1, WHOLE, evaluation::is_empty),
    plain("IsGuid", 1, 1, EACH, evaluation::is_guid),
    plain("IsNull", 1, 1, WHOLE, evaluation::is_null),
    plain("IsNullOrEmpty", 1, 1, WHOLE, evaluation::is_null_or_empty),
    plain("IsNumeric", 1, 1, EACH, evaluation::is_numeric),
    plain("IsPresent", 1, 1, WHOLE, evaluation::is_present),
    plain("IsString", 1, 1, WHOLE, evaluation::is_string),
    plain("CBin", 1, 2, EACH, conversion::c_bin),
    plain("CBool", 1, 1, EACH, conversion::c_bool),
    plain("CDate", 1, 1, EACH, conversion::c_date),
    plain("CGuid", 1, 1, EACH, conversion::c_guid),
    plain("CNum", 1, 1, EACH, conversion::c_num),
    plain("CRef", 1, 1, EACH, conversion::c_ref),
    plain("CStr", 1, 1, EACH, conversion::c_str),
    with_words(
        "ConvertFromBase64",
        1,
        2,
        EACH,
        0b10,
        conversion::from_base64,
    ),
    plain("ConvertFromUTF8Hex", 1, 1, EACH, conversion::from_utf8_hex),
    plain("ConvertToBase64", 1, 1, EACH, conversion::to_base64),
    plain("ConvertToUTF8Hex", 1, 1, EACH, conversion::to_utf8_hex),
    plain("StringFromGuid", 1, 1, EACH, conversion::string_from_guid),
    plain("StringFromSid", 1, 1, EACH, conversion::string_from_sid),
    plain("Thumbprint", 1, 1, EACH, conversion::thumbprint),
    plain("DateAdd", 3, 3, EACH, date::date_add),
    plain("DateFromNum", 1, 1, EACH, date::date_from_num),
    plain("FormatDateTime", 2, 2, EACH, date::format_date_time),
    plain("Now", 0, 0, WHOLE, date::now),
    plain("NumFromDate", 1, 1, EACH, date::num_from_date),
    plain("DNComponent", 2, 2, EACH, name::dn_component),
    with_words("DNComponentRev", 2, 3, EACH, 0b100, name::dn_component_rev),
    plain("EscapeDNComponent", 1, 1, EACH, name::escape_dn_component),
    with_words("Contains", 2, 3, WHOLE, 0b100, multi::contains),
    plain("Count", 1, 1, WHOLE, multi::count),
    plain("Item", 2, 2, WHOLE, multi::item),
    plain("ItemOrNull", 2, 2, WHOLE, multi::item_or_null),
    plain("Join", 1, 2, WHOLE, multi::join),
    plain("RemoveDuplicates", 1, 1, WHOLE, multi::remove_duplicates),
    plain("Split", 2, 3, WHOLE, multi::split),
    with_words("InStr", 2, 4, EACH, 0b1000, text::in_str),
    with_words("InStrRev", 2, 4, EACH, 0b1000, text::in_str_rev),
    plain("LCase", 1, 1, EACH, text::l_case),
    plain("Left", 2, 2, EACH, text::left),
    plain("Len", 1, 1, EACH, text::len),
    plain("LTrim", 1, 1, EACH, text::l_trim),
    plain("Mid", 3, 3, EACH, text::mid),
    plain("PadLeft", 3, 3, EACH, text::pad_left),
    plain("PadRight", 3, 3, EACH, text::pad_right),
    plain("PCase", 1, 1, EACH, text::p_case),
    plain("Replace", 3, 3, EACH, text::replace),
    plain("ReplaceChars", 2, 2, EACH, text::replace_chars),
    plain("Right", 2, 2, EACH, text::right),
    plain("RTrim", 1, 1, EACH, text::r_trim),
    plain("Trim", 1, 1, EACH, text::trim),
    plain("UCase", 1, 1, EACH, text::u_case),
    plain("Word", 3, 3, EACH, text::word),
    plain("CertExtensionOids", 1, 1, EACH, certificate::extension_oids),
    plain("CertFormat", 1, 1, EACH, certificate::format),
    plain("CertFriendlyName", 1, 1, EACH, certificate::friendly_name),
    plain("CertHashString", 1, 1, EACH, certificate::thumbprint),
    plain("CertIssuer", 1, 1, EACH, certificate::issuer),
    plain("CertIssuerDN", 1, 1, EACH, certificate::issuer),
    plain("CertIssuerOid", 1, 1, EACH, certificate::name_oid),
    plain("CertKeyAlgorithm", 1, 1, EACH, certificate::key_algorithm),
    plain(
        "CertKeyAlgorithmParams",
        1,
        1,
        EACH,
        certificate::key_algorithm_parameters,
    ),
    with_words("CertNameInfo", 3, 3, EACH, 0b10, certificate::name_info),
    plain("CertNotAfter", 1, 1, EACH, certificate::not_after),
    plain("CertNotBefore", 1, 1, EACH, certificate::not_before),
    plain("CertPublicKeyOid", 1, 1, EACH, certificate::key_algorithm),
    plain(
        "CertPublicKeyParametersOid",
        1,
        1,
        EACH,
        certificate::key_algorithm,
    ),
    plain("CertSerialNumber", 1, 1, EACH, certificate::serial_number),
    plain(
        "CertSignatureAlgorithmOid",
        1,
        1,
        EACH,
        certificate::signature_algorithm,
    ),
    plain("CertSubject", 1, 1, EACH, certificate::subject),
    plain("CertSubjectNameDN", 1, 1, EACH, certificate::subject),
    plain("CertSubjectNameOid", 1, 1, EACH, certificate::name_oid),
    plain("CertThumbprint", 1, 1, EACH, certificate::thumbprint),
    plain("CertVersion", 1, 1, EACH, certificate::version),
    plain("IsCert", 1, 1, EACH, certificate::is_cert),
];
