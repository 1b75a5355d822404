//! The first message each way of a TLS handshake up to 1.2 (RFC 5246 7.4.1), to learn what a server offers that our TLS
//! library refuses to speak.

use super::{Cursor, WireError};

/// TLS 1.2, as it stands in messages; smaller numbers are older versions.
pub const TLS_1_2: u16 = 0x0303;
/// TLS 1.0.
const TLS_1_0: u16 = 0x0301;

/// Largest record (RFC 5246 6.2.3): content and what encryption may add.
pub const MAX_RECORD: usize = (1 << 14) + 2048;
/// Bytes of a record's header.
pub const RECORD_HEADER: usize = 5;

const ALERT: u8 = 21;
const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;

/// What servers of every age have in common with us: GCM over ECDHE and RSA, CBC, 3DES, RC4 (IANA TLS parameters).
const CIPHER_SUITES: [u16; 18] = [
    0xc02f, 0xc030, 0xc02b, 0xc02c, 0x009c, 0x009d, 0xc013, 0xc014, 0xc009, 0xc00a, 0x0033, 0x0039,
    0x002f, 0x0035, 0xc012, 0x000a, 0x0005, 0x0004,
];
/// x25519, secp256r1, secp384r1, secp521r1.
const GROUPS: [u16; 4] = [0x001d, 0x0017, 0x0018, 0x0019];
/// RSA and ECDSA over SHA-256, SHA-384, SHA-1.
const SIGNATURES: [u16; 6] = [0x0401, 0x0403, 0x0501, 0x0503, 0x0201, 0x0203];

/// What a server answers to a hello.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// It goes on with this version and cipher suite.
    Hello {
        /// Version, such as [`TLS_1_2`].
        version: u16,
        /// Cipher suite (IANA TLS parameters).
        cipher_suite: u16,
    },
    /// It gives up, with this alert (RFC 5246 7.2).
    Alert(u8),
}

/// A hello that asks for TLS 1.2 and takes whatever is older. `host` is named to the server if it is a DNS name.
pub fn client_hello(host: &str, random: [u8; 32]) -> Vec<u8> {
    let mut extensions = Vec::new();
    let named = host.parse::<std::net::IpAddr>().is_err() && host.len() < 256;
    if named {
        let name = [&[0][..], &sized(host.trim_end_matches('.').as_bytes())].concat();
        extensions.extend(extension(0, &sized(&name)));
    }
    extensions.extend(extension(10, &sized(&numbers(&GROUPS))));
    extensions.extend(extension(11, &[1, 0]));
    extensions.extend(extension(13, &sized(&numbers(&SIGNATURES))));
    let body = [
        &TLS_1_2.to_be_bytes()[..],
        &random,
        &[0],
        &sized(&numbers(&CIPHER_SUITES)),
        &[1, 0],
        &sized(&extensions),
    ]
    .concat();
    // A hello has less than 64 KiB, so that the first of three bytes of its length is zero.
    let handshake = [&[CLIENT_HELLO, 0][..], &sized(&body)].concat();
    // The version of the record is the oldest, which every server takes (RFC 5246 appendix E.1).
    [&[HANDSHAKE][..], &TLS_1_0.to_be_bytes(), &sized(&handshake)].concat()
}

/// The bytes with their count in front, in two bytes.
fn sized(bytes: &[u8]) -> Vec<u8> {
    let count = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    [&count.to_be_bytes()[..], bytes].concat()
}

fn numbers(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().copied().flat_map(u16::to_be_bytes).collect()
}

fn extension(kind: u16, content: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes()[..], &sized(content)].concat()
}

/// How many bytes follow the header of a record.
///
/// # Errors
/// It is no record of a handshake.
pub fn record_length(header: [u8; RECORD_HEADER]) -> Result<usize, WireError> {
    let what = "TLS record";
    let [kind, major, _, high, low] = header;
    if !matches!(kind, ALERT | HANDSHAKE) || major != 3 {
        return Err(WireError::Invalid { what });
    }
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length > MAX_RECORD {
        return Err(WireError::TooLarge {
            what,
            limit: MAX_RECORD,
        });
    }
    Ok(length)
}

/// Reads the first record of a server: its header, and what follows it.
///
/// # Errors
/// It is neither an alert nor the start of a server's hello.
pub fn decode(header: [u8; RECORD_HEADER], content: &[u8]) -> Result<Reply, WireError> {
    let what = "TLS hello";
    let mut cursor = Cursor::new(content);
    if header[0] == ALERT {
        let _level = cursor.u8(what)?;
        return Ok(Reply::Alert(cursor.u8(what)?));
    }
    let [kind, _, _, _] = cursor.array(what)?;
    if header[0] != HANDSHAKE || kind != SERVER_HELLO {
        return Err(WireError::Invalid { what });
    }
    let version = u16::from_be_bytes(cursor.array(what)?);
    cursor.take(32, what)?;
    let session = cursor.u8(what)?;
    cursor.take(usize::from(session), what)?;
    Ok(Reply::Hello {
        version,
        cipher_suite: u16::from_be_bytes(cursor.array(what)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn server_hello(version: u16, session: u8) -> Vec<u8> {
        let mut content = vec![SERVER_HELLO, 0, 0, 70];
        content.extend(version.to_be_bytes());
        content.extend([7; 32]);
        content.push(session);
        content.extend(vec![9; usize::from(session)]);
        content.extend([0, 0x2f, 0]);
        content
    }

    #[test]
    fn every_length_of_a_hello_fits() {
        let hello = client_hello("dc1.contoso.test", [1; 32]);
        let (header, content) = hello.split_at(RECORD_HEADER);
        let header: [u8; RECORD_HEADER] = header.try_into().unwrap();
        assert_eq!(record_length(header).unwrap(), content.len());
        assert_eq!(content[..2], [CLIENT_HELLO, 0]);
        let handshake = usize::from(u16::from_be_bytes([content[2], content[3]]));
        assert_eq!(handshake, content.len() - 4);
        assert!(hello.windows(16).any(|part| part == b"dc1.contoso.test"));
        let unnamed = client_hello("192.0.2.1", [1; 32]);
        assert!(!unnamed.windows(9).any(|part| part == b"192.0.2.1"));
    }

    #[test]
    fn version_cipher_suite_and_alert_are_read() {
        for session in [0, 32] {
            assert_eq!(
                decode([HANDSHAKE, 3, 1, 0, 0], &server_hello(TLS_1_0, session)),
                Ok(Reply::Hello {
                    version: TLS_1_0,
                    cipher_suite: 0x002f
                })
            );
        }
        assert_eq!(decode([ALERT, 3, 0, 0, 2], &[2, 70]), Ok(Reply::Alert(70)));
        assert!(record_length(*b"HTTP/").is_err());
        assert!(record_length([HANDSHAKE, 3, 3, 0xff, 0xff]).is_err());
    }

    proptest! {
        #[test]
        fn garbage_never_panics(header: [u8; RECORD_HEADER], content in proptest::collection::vec(any::<u8>(), 0..120)) {
            let _ = record_length(header);
            let _ = decode(header, &content);
        }

        #[test]
        fn a_broken_hello_never_panics(at in 0_usize..73, octet: u8) {
            let mut content = server_hello(TLS_1_0, 32);
            if let Some(place) = content.get_mut(at) {
                *place = octet;
            }
            let _ = decode([HANDSHAKE, 3, 1, 0, 0], &content);
        }
    }
}
