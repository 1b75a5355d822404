//! JSON Schemas of values whose JSON is written by hand. Those of all other types are derived.
//!
//! A pattern admits the spelling that this library writes; its readers take more than that one. What a pattern admits, they
//! all take.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::evidence::directory::Bytes;
use crate::security::Sid;

/// A decimal number of 32 bits.
const U32: &str = "(0|[1-9][0-9]{0,8}|[1-3][0-9]{9}|4[01][0-9]{8}|42[0-8][0-9]{7}|429[0-3][0-9]{6}|4294[0-8][0-9]{5}|\
    42949[0-5][0-9]{4}|429496[0-6][0-9]{3}|4294967[01][0-9]{2}|42949672[0-8][0-9]|429496729[0-5])";

/// Base64 with padding, and with zeros in the bits that stand for no octet (RFC 4648, 3.5 and 4).
const BASE64: &str =
    "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)?$";

impl JsonSchema for Sid {
    fn schema_name() -> Cow<'static, str> {
        "Sid".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Security identifier as text (MS-DTYP 2.4.2.1).",
            "type": "string",
            "pattern": format!("^S-1-({U32}|0x[0-9a-fA-F]{{12}})(-{U32}){{0,15}}$"),
        })
    }
}

impl JsonSchema for Bytes {
    fn schema_name() -> Cow<'static, str> {
        "Bytes".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut schema = octets();
        schema.insert("description".to_owned(), "Octets.".into());
        schema
    }
}

/// Lists of octets, as `evidence::user` writes them.
pub(crate) fn octet_lists(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "items": octets() })
}

fn octets() -> Schema {
    json_schema!({
        "type": "string",
        "contentEncoding": "base64",
        "pattern": BASE64,
    })
}
