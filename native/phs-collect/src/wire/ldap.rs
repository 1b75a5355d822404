//! The few LDAP messages that the probes need (RFC 4511): base search, simple bind, StartTLS, and their answers.
//!
//! Used before anything is known about the server, which is why it does not go through the LDAP client: a probe
//! must judge a server that stalls, lies or sends nonsense.

use asn1_rs::Class;

use super::WireError;
use super::ber::{self, Element};

/// OID of StartTLS (RFC 4511 4.14).
pub const START_TLS_OID: &str = "1.3.6.1.4.1.1466.20037";

/// Largest message a probe reads: a rootDSE is about 4 KiB, NTDS settings less.
pub const MAX_MESSAGE: usize = 256 * 1024;

const MAX_VALUES: usize = 1024;

/// A filter of the kinds that probes send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter<'a> {
    /// `(attribute=*)`.
    Present(&'a str),
    /// `(attribute=value)`.
    Equals(&'a str, &'a [u8]),
    /// All of these.
    And(Vec<Filter<'a>>),
}

impl Filter<'_> {
    fn encode(&self) -> Vec<u8> {
        match self {
            Self::Present(attribute) => ber::encode(0x87, attribute.as_bytes()),
            Self::Equals(attribute, value) => ber::encode_parts(
                0xa3,
                &[
                    ber::encode(0x04, attribute.as_bytes()),
                    ber::encode(0x04, value),
                ],
            ),
            Self::And(parts) => {
                let parts: Vec<Vec<u8>> = parts.iter().map(Filter::encode).collect();
                ber::encode_parts(0xa0, &parts)
            }
        }
    }
}

fn message(id: u32, operation: Vec<u8>) -> Vec<u8> {
    ber::encode_parts(0x30, &[ber::encode_unsigned(0x02, id), operation])
}

/// A search of one object.
pub fn base_search(id: u32, dn: &str, filter: &Filter<'_>, attributes: &[&str]) -> Vec<u8> {
    search(id, dn, 0, filter, attributes)
}

/// A search of the objects right below one.
pub fn children_search(id: u32, dn: &str, filter: &Filter<'_>, attributes: &[&str]) -> Vec<u8> {
    search(id, dn, 1, filter, attributes)
}

/// `scope` is that of RFC 4511 4.5.1.2.
fn search(id: u32, dn: &str, scope: u32, filter: &Filter<'_>, attributes: &[&str]) -> Vec<u8> {
    let attributes: Vec<Vec<u8>> = attributes
        .iter()
        .map(|name| ber::encode(0x04, name.as_bytes()))
        .collect();
    message(
        id,
        ber::encode_parts(
            0x63,
            &[
                ber::encode(0x04, dn.as_bytes()),
                ber::encode_unsigned(0x0a, scope),
                ber::encode_unsigned(0x0a, 0),
                ber::encode_unsigned(0x02, 0),
                ber::encode_unsigned(0x02, 0),
                ber::encode(0x01, &[0]),
                filter.encode(),
                ber::encode_parts(0x30, &attributes),
            ],
        ),
    )
}

/// A simple bind. The caller must only send it over TLS, and wipe the bytes afterwards.
pub fn simple_bind(id: u32, user: &str, password: &[u8]) -> Vec<u8> {
    message(
        id,
        ber::encode_parts(
            0x60,
            &[
                ber::encode_unsigned(0x02, 3),
                ber::encode(0x04, user.as_bytes()),
                ber::encode(0x80, password),
            ],
        ),
    )
}

/// The request to go on over TLS.
pub fn start_tls(id: u32) -> Vec<u8> {
    message(
        id,
        ber::encode_parts(0x77, &[ber::encode(0x80, START_TLS_OID.as_bytes())]),
    )
}

/// One attribute of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Name as the server spells it.
    pub name: String,
    /// Values.
    pub values: Vec<Vec<u8>>,
}

/// An LDAP result (RFC 4511 4.1.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LdapResult {
    /// Result code; 0 is success.
    pub code: u32,
    /// `diagnosticMessage`.
    pub message: String,
}

/// The answers that probes read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// A search entry.
    Entry(Vec<Attribute>),
    /// The end of a search.
    SearchDone(LdapResult),
    /// The answer to a bind.
    Bind(LdapResult),
    /// The answer to an extended request, or a notice of disconnection.
    Extended(LdapResult),
    /// Something else that the protocol allows, such as a referral.
    Other,
}

/// Reads one message; returns its id, its content and how many bytes it took.
pub fn decode(bytes: &[u8]) -> Result<(u32, Reply, usize), WireError> {
    let what = "LDAP message";
    let (envelope, rest) = ber::element(bytes, what)?;
    if !envelope.is(Class::Universal, 16) {
        return Err(WireError::Invalid { what });
    }
    let parts = envelope.children(what)?;
    let (Some(id), Some(operation)) = (parts.first(), parts.get(1)) else {
        return Err(WireError::Truncated { what });
    };
    if !id.is(Class::Universal, 2) || operation.class != Class::Application {
        return Err(WireError::Invalid { what });
    }
    let reply = match operation.tag {
        1 => Reply::Bind(result(operation)?),
        4 => Reply::Entry(entry(operation)?),
        5 => Reply::SearchDone(result(operation)?),
        24 => Reply::Extended(result(operation)?),
        _ => Reply::Other,
    };
    Ok((
        id.unsigned("LDAP message id")?,
        reply,
        bytes.len() - rest.len(),
    ))
}

fn result(operation: &Element<'_>) -> Result<LdapResult, WireError> {
    let what = "LDAP result";
    let parts = operation.children(what)?;
    let (Some(code), Some(message)) = (parts.first(), parts.get(2)) else {
        return Err(WireError::Truncated { what });
    };
    Ok(LdapResult {
        code: code.unsigned(what)?,
        message: message.text(),
    })
}

fn entry(operation: &Element<'_>) -> Result<Vec<Attribute>, WireError> {
    let what = "LDAP entry";
    let parts = operation.children(what)?;
    let list = parts.get(1).ok_or(WireError::Truncated { what })?;
    let mut attributes = Vec::new();
    for attribute in list.children(what)? {
        let pair = attribute.children(what)?;
        let (Some(name), Some(values)) = (pair.first(), pair.get(1)) else {
            return Err(WireError::Truncated { what });
        };
        let values = values.children(what)?;
        if values.len() > MAX_VALUES {
            return Err(WireError::TooLarge {
                what: "LDAP attribute",
                limit: MAX_VALUES,
            });
        }
        attributes.push(Attribute {
            name: name.text(),
            values: values.iter().map(|value| value.content.to_vec()).collect(),
        });
    }
    Ok(attributes)
}

/// AD's sub-code in a diagnostic message: the hexadecimal number after `data`, as in
/// `80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 52e, v2580`.
///
/// The comment may be localised; the field names `LdapErr` and `data` are not.
pub fn sub_code(message: &str) -> Option<u32> {
    if !message.contains("LdapErr") {
        return None;
    }
    message.split(',').find_map(|part| {
        let digits = part.trim().strip_prefix("data ")?;
        u32::from_str_radix(
            digits.trim_matches(|c: char| c == '\0' || c.is_whitespace()),
            16,
        )
        .ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_root_dse_search_has_the_bytes_of_the_standard() {
        assert_eq!(
            base_search(1, "", &Filter::Present("objectClass"), &["currentTime"]),
            [
                b"\x30\x32\x02\x01\x01\x63\x2d\x04\x00\x0a\x01\x00\x0a\x01\x00\x02\x01\x00\x02\x01\x00\x01\x01\x00".as_slice(),
                b"\x87\x0bobjectClass\x30\x0d\x04\x0bcurrentTime",
            ]
            .concat()
        );
    }

    #[test]
    fn an_entry_is_read() {
        let entry = b"\x30\x2f\x02\x01\x02\x64\x2a\x04\x00\x30\x26\x30\x24\x04\x0bcurrentTime\x31\x15\x04\x1320261124180000.0Z  ";
        let (id, reply, used) = decode(entry).unwrap();
        assert_eq!((id, used), (2, entry.len()));
        let Reply::Entry(attributes) = reply else {
            panic!("not an entry")
        };
        assert_eq!(attributes[0].name, "currentTime");
        assert!(attributes[0].values[0].starts_with(b"20261124180000.0Z"));
    }

    #[test]
    fn the_sub_code_is_found_whatever_the_language() {
        let english = "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 52e, v2580\0";
        assert_eq!(sub_code(english), Some(0x52e));
        let other = "80090308: LdapErr: DSID-0C0903D9, comment: Erreur AcceptSecurityContext, data 775, v4563";
        assert_eq!(sub_code(other), Some(0x775));
        assert_eq!(sub_code("Invalid credentials, data 52e"), None);
        assert_eq!(sub_code("LdapErr: DSID-0, data zzz, v1"), None);
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = decode(&bytes);
        }

        #[test]
        fn a_damaged_message_never_panics(at in 0_usize..52, with: u8) {
            let mut bytes = base_search(1, "", &Filter::Present("objectClass"), &["currentTime"]);
            if let Some(byte) = bytes.get_mut(at) {
                *byte = with;
            }
            let _ = decode(&bytes);
        }
    }
}
