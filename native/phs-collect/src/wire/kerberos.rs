//! A Kerberos AS-REQ without pre-authentication, and the recognition of what comes back (RFC 4120 5.4, 5.9).
//!
//! The request carries no secret and asks for nothing that the client could use: a domain controller answers it
//! with a KRB-ERROR, and that answer is what is wanted.

use asn1_rs::Class;

use super::WireError;
use super::ber;

/// Principal name that the probe asks for. It need not exist; the domain controller logs the request under it.
pub const PROBE_PRINCIPAL: &str = "phs-diagnostics-probe";

/// Expiry asked for: the value that RFC 4120 5.4.1 gives for "as long as policy allows".
const TILL: &[u8] = b"19700101000000Z";

/// Encryption types offered: AES with SHA-1 and with SHA-2, RC4.
const ETYPES: [u32; 5] = [18, 17, 20, 19, 23];

/// What a key distribution centre answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KdcReply {
    /// A KRB-ERROR with this code.
    Error(u32),
    /// A ticket.
    Ticket,
}

/// The request, without the length prefix of TCP.
pub fn as_request(realm: &str, principal: &str, nonce: u32) -> Vec<u8> {
    let realm = realm.to_ascii_uppercase();
    let etypes: Vec<Vec<u8>> = ETYPES
        .iter()
        .map(|etype| ber::encode_unsigned(0x02, *etype))
        .collect();
    let body = ber::encode_parts(
        0x30,
        &[
            // kdc-options: none.
            tagged(0, ber::encode(0x03, &[0, 0, 0, 0, 0])),
            tagged(1, name(1, &[principal])),
            tagged(2, ber::encode(0x1b, realm.as_bytes())),
            tagged(3, name(2, &["krbtgt", &realm])),
            tagged(5, ber::encode(0x18, TILL)),
            tagged(7, ber::encode_unsigned(0x02, nonce & 0x7fff_ffff)),
            tagged(8, ber::encode_parts(0x30, &etypes)),
        ],
    );
    let request = ber::encode_parts(
        0x30,
        &[
            tagged(1, ber::encode_unsigned(0x02, 5)),
            tagged(2, ber::encode_unsigned(0x02, 10)),
            tagged(4, body),
        ],
    );
    ber::encode(0x6a, &request)
}

fn tagged(number: u8, content: Vec<u8>) -> Vec<u8> {
    ber::encode_parts(0xa0 | number, &[content])
}

fn name(kind: u32, parts: &[&str]) -> Vec<u8> {
    let parts: Vec<Vec<u8>> = parts
        .iter()
        .map(|part| ber::encode(0x1b, part.as_bytes()))
        .collect();
    ber::encode_parts(
        0x30,
        &[
            tagged(0, ber::encode_unsigned(0x02, kind)),
            tagged(1, ber::encode_parts(0x30, &parts)),
        ],
    )
}

/// Recognises an AS-REP (application 11) or KRB-ERROR (application 30).
pub fn decode(bytes: &[u8]) -> Result<KdcReply, WireError> {
    let what = "Kerberos reply";
    let (outer, _) = ber::element(bytes, what)?;
    if outer.class != Class::Application {
        return Err(WireError::Invalid { what });
    }
    match outer.tag {
        11 => Ok(KdcReply::Ticket),
        30 => {
            let (sequence, _) = ber::element(outer.content, what)?;
            let fields = sequence.children(what)?;
            let code = fields
                .iter()
                .find(|field| field.is(Class::ContextSpecific, 6))
                .ok_or(WireError::Invalid { what })?;
            let (number, _) = ber::element(code.content, what)?;
            Ok(KdcReply::Error(number.unsigned("KRB-ERROR code")?))
        }
        _ => Err(WireError::Invalid { what }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// KRB-ERROR 6, `C_PRINCIPAL_UNKNOWN`, with the fields that RFC 4120 5.9.1 requires.
    fn unknown_principal() -> Vec<u8> {
        let fields = ber::encode_parts(
            0x30,
            &[
                tagged(0, ber::encode_unsigned(0x02, 5)),
                tagged(1, ber::encode_unsigned(0x02, 30)),
                tagged(4, ber::encode(0x18, b"20261124180000Z")),
                tagged(5, ber::encode_unsigned(0x02, 1234)),
                tagged(6, ber::encode_unsigned(0x02, 6)),
                tagged(9, ber::encode(0x1b, b"CONTOSO.TEST")),
                tagged(10, name(2, &["krbtgt", "CONTOSO.TEST"])),
            ],
        );
        ber::encode(0x7e, &fields)
    }

    #[test]
    fn an_error_and_a_ticket_are_told_apart() {
        assert_eq!(decode(&unknown_principal()).unwrap(), KdcReply::Error(6));
        assert_eq!(decode(&[0x6b, 0x00]).unwrap(), KdcReply::Ticket);
        assert!(decode(&[0x30, 0x00]).is_err());
        assert!(decode(b"HTTP/1.1 400 Bad Request").is_err());
    }

    #[test]
    fn the_request_is_well_formed_der() {
        let bytes = as_request("contoso.test", PROBE_PRINCIPAL, 7);
        let (outer, rest) = ber::element(&bytes, "x").unwrap();
        assert!(rest.is_empty() && outer.is(Class::Application, 10));
        let (sequence, _) = ber::element(outer.content, "x").unwrap();
        assert_eq!(sequence.children("x").unwrap().len(), 3);
        assert!(bytes.windows(12).any(|w| w == b"CONTOSO.TEST"));
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode(&bytes);
        }

        #[test]
        fn damage_never_panics(at in 0_usize..120, with: u8) {
            let mut bytes = unknown_principal();
            if let Some(byte) = bytes.get_mut(at) {
                *byte = with;
            }
            let _ = decode(&bytes);
        }
    }
}
