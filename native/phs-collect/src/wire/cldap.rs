//! CLDAP netlogon ping: the request and `NETLOGON_SAM_LOGON_RESPONSE_EX` (MS-ADTS 6.3.3, 6.3.1.9).

use phs_core::evidence::network::LdapPing;
use uuid::Uuid;

use super::ldap::{self, Filter, Reply};
use super::{Cursor, WireError};

/// `NETLOGON_NT_VERSION_5` and `_5EX`: ask for the extended response, without the socket address.
const NT_VERSION: [u8; 4] = 0x0000_0006_u32.to_le_bytes();

/// Opcodes of the extended response: the user is known (or none was named), and it is not.
const SAM_LOGON_RESPONSE_EX: u16 = 23;
const SAM_USER_UNKNOWN_EX: u16 = 25;
/// The DC is paused: the netlogon service runs but takes no logons.
const SAM_PAUSE_RESPONSE_EX: u16 = 24;

/// Longest DNS name, and with it the longest name here.
const MAX_NAME: usize = 255;
/// Pointers that one name may follow: a name in an honest answer needs one.
const MAX_JUMPS: usize = 16;

/// The ping for `domain`; an empty domain asks the server for its own.
pub fn request(id: u32, domain: &str) -> Vec<u8> {
    let version = Filter::Equals("NtVer", &NT_VERSION);
    let filter = if domain.is_empty() {
        Filter::And(vec![version])
    } else {
        Filter::And(vec![
            Filter::Equals("DnsDomain", domain.as_bytes()),
            version,
        ])
    };
    ldap::base_search(id, "", &filter, &["Netlogon"])
}

/// What a datagram in answer to a ping says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PingReply {
    /// The answer.
    Ping(LdapPing),
    /// The server speaks LDAP but has no answer for this domain: it does not host it.
    Empty,
}

/// Reads the datagram. The entry and the end of the search come in one.
pub fn decode(datagram: &[u8], id: u32) -> Result<PingReply, WireError> {
    let mut rest = datagram;
    while !rest.is_empty() {
        let (message_id, reply, used) = ldap::decode(rest)?;
        if message_id != id {
            return Err(WireError::Invalid {
                what: "CLDAP message id",
            });
        }
        if let Reply::Entry(attributes) = reply {
            for attribute in attributes {
                if attribute.name.eq_ignore_ascii_case("netlogon")
                    && let Some(value) = attribute.values.first()
                {
                    return response(value).map(PingReply::Ping);
                }
            }
        }
        rest = rest.get(used..).unwrap_or_default();
    }
    Ok(PingReply::Empty)
}

/// Reads a `NETLOGON_SAM_LOGON_RESPONSE_EX`.
pub fn response(bytes: &[u8]) -> Result<LdapPing, WireError> {
    let what = "netlogon response";
    let mut cursor = Cursor::new(bytes);
    let opcode = cursor.u16_le(what)?;
    if !matches!(
        opcode,
        SAM_LOGON_RESPONSE_EX | SAM_USER_UNKNOWN_EX | SAM_PAUSE_RESPONSE_EX
    ) {
        return Err(WireError::Invalid {
            what: "netlogon opcode",
        });
    }
    cursor.u16_le(what)?;
    let flags = cursor.u32_le(what)?;
    let domain_guid = Uuid::from_bytes_le(cursor.array(what)?);
    let mut at = cursor.position();
    let forest = name(bytes, &mut at)?;
    let domain = name(bytes, &mut at)?;
    let host = name(bytes, &mut at)?;
    let netbios_domain = name(bytes, &mut at)?;
    let netbios_host = name(bytes, &mut at)?;
    let _user = name(bytes, &mut at)?;
    let site = name(bytes, &mut at)?;
    let client_site = name(bytes, &mut at)?;
    Ok(LdapPing {
        flags,
        domain_guid,
        forest,
        domain,
        host,
        netbios_domain,
        netbios_host,
        site,
        client_site,
    })
}

/// Reads a name compressed as in RFC 1035 4.1.4 at `at`, and moves `at` behind it.
///
/// A pointer may only lead backwards, so that no loop is possible.
fn name(bytes: &[u8], at: &mut usize) -> Result<String, WireError> {
    let what = "compressed name";
    let truncated = WireError::Truncated { what };
    let invalid = WireError::Invalid { what };
    let mut text = String::new();
    let mut place = *at;
    let mut after = None;
    let mut jumps = 0;
    loop {
        let length = *bytes.get(place).ok_or_else(|| truncated.clone())?;
        match length {
            0 => {
                place += 1;
                break;
            }
            0xc0..=0xff => {
                let low = *bytes.get(place + 1).ok_or_else(|| truncated.clone())?;
                let target = usize::from(u16::from_be_bytes([length & 0x3f, low]));
                jumps += 1;
                if target >= place || jumps > MAX_JUMPS {
                    return Err(invalid);
                }
                after.get_or_insert(place + 2);
                place = target;
            }
            1..=0x3f => {
                let start = place + 1;
                let end = start + usize::from(length);
                let label = bytes.get(start..end).ok_or_else(|| truncated.clone())?;
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(&String::from_utf8_lossy(label));
                if text.len() > MAX_NAME * 3 {
                    return Err(WireError::TooLarge {
                        what,
                        limit: MAX_NAME,
                    });
                }
                place = end;
            }
            _ => return Err(invalid),
        }
    }
    *at = after.unwrap_or(place);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A response as a domain controller builds it: later names point into earlier ones.
    fn sample() -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(&23_u16.to_le_bytes());
        bytes.extend_from_slice(&0_u16.to_le_bytes());
        bytes.extend_from_slice(&0x0000_f1fd_u32.to_le_bytes());
        bytes.extend_from_slice(&[0x11; 16]);
        bytes.extend_from_slice(b"\x07contoso\x04test\x00");
        bytes.extend_from_slice(&[0xc0, 24]);
        bytes.extend_from_slice(b"\x03dc1\xc0\x18");
        bytes.extend_from_slice(b"\x07CONTOSO\x00");
        bytes.extend_from_slice(b"\x03DC1\x00");
        bytes.extend_from_slice(b"\x00");
        bytes.extend_from_slice(b"\x04Oslo\x00");
        bytes.extend_from_slice(b"\x06Bergen\x00");
        bytes.extend_from_slice(&5_u32.to_le_bytes());
        bytes.extend_from_slice(&[0xff; 4]);
        bytes
    }

    #[test]
    fn a_response_is_read_with_its_pointers() {
        let ping = response(&sample()).unwrap();
        assert_eq!(ping.forest, "contoso.test");
        assert_eq!(ping.domain, "contoso.test");
        assert_eq!(ping.host, "dc1.contoso.test");
        assert_eq!(ping.netbios_domain, "CONTOSO");
        assert_eq!(ping.netbios_host, "DC1");
        assert_eq!(ping.site, "Oslo");
        assert_eq!(ping.client_site, "Bergen");
        assert!(ping.is_writable() && ping.is_global_catalog() && ping.is_kdc());
    }

    #[test]
    fn a_pointer_to_itself_or_forward_is_refused() {
        let mut bytes = sample();
        bytes[24..26].copy_from_slice(&[0xc0, 24]);
        assert!(response(&bytes).is_err());
        bytes[24..26].copy_from_slice(&[0xc0, 60]);
        assert!(response(&bytes).is_err());
    }

    #[test]
    fn every_cut_is_an_error_not_a_panic() {
        let bytes = sample();
        for end in 0..bytes.len() - 8 {
            assert!(response(&bytes[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn an_answer_without_an_entry_is_empty() {
        let done = b"\x30\x0c\x02\x01\x07\x65\x07\x0a\x01\x00\x04\x00\x04\x00";
        assert_eq!(decode(done, 7).unwrap(), PingReply::Empty);
        assert!(decode(done, 8).is_err());
    }

    #[test]
    fn the_request_names_the_domain_and_the_version() {
        let bytes = request(7, "contoso.test");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(text.contains("DnsDomain") && text.contains("contoso.test"));
        assert!(
            bytes
                .windows(11)
                .any(|w| w == b"NtVer\x04\x04\x06\x00\x00\x00")
        );
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = decode(&bytes, 1);
            let _ = response(&bytes);
        }

        #[test]
        fn damage_never_panics(at in 0_usize..90, with: u8) {
            let mut bytes = sample();
            if let Some(byte) = bytes.get_mut(at) {
                *byte = with;
            }
            let _ = response(&bytes);
        }
    }
}
