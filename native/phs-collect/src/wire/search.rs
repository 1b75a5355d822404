//! A paged LDAP search (RFC 4511 4.5, RFC 2696) for hundreds of thousands of entries: answers are read where they lie in
//! the buffer, and no value is copied.

use super::WireError;
use super::ber;

/// Largest message taken: a domain controller's own limit is 10 MB (`MaxReceiveBuffer`), and no user comes near it.
pub const MAX_MESSAGE: usize = 16 * 1024 * 1024;

/// OID of the simple paged results control (RFC 2696).
const PAGED_RESULTS: &str = "1.2.840.113556.1.4.319";

/// `LDAP_SERVER_DOMAIN_SCOPE_OID` (MS-ADTS 3.1.1.3.4.1.4): no continuation references to other naming contexts.
const DOMAIN_SCOPE: &str = "1.2.840.113556.1.4.1339";

const WHAT: &str = "LDAP message";

/// A search of a subtree. `filter` is BER.
pub fn request(
    id: u32,
    base: &str,
    filter: &[u8],
    attributes: &[String],
    page_size: u32,
    cookie: &[u8],
) -> Vec<u8> {
    let attributes: Vec<Vec<u8>> = attributes
        .iter()
        .map(|name| ber::encode(0x04, name.as_bytes()))
        .collect();
    let operation = ber::encode_parts(
        0x63,
        &[
            ber::encode(0x04, base.as_bytes()),
            ber::encode_unsigned(0x0a, 2),
            ber::encode_unsigned(0x0a, 0),
            ber::encode_unsigned(0x02, 0),
            ber::encode_unsigned(0x02, 0),
            ber::encode(0x01, &[0]),
            filter.to_vec(),
            ber::encode_parts(0x30, &attributes),
        ],
    );
    let page = ber::encode_parts(
        0x30,
        &[
            ber::encode_unsigned(0x02, page_size),
            ber::encode(0x04, cookie),
        ],
    );
    // Critical: a server that cannot page would end at its size limit.
    let paged = ber::encode_parts(
        0x30,
        &[
            ber::encode(0x04, PAGED_RESULTS.as_bytes()),
            ber::encode(0x01, &[0xff]),
            ber::encode(0x04, &page),
        ],
    );
    let domain = ber::encode_parts(0x30, &[ber::encode(0x04, DOMAIN_SCOPE.as_bytes())]);
    let controls = ber::encode_parts(0xa0, &[paged, domain]);
    ber::encode_parts(0x30, &[ber::encode_unsigned(0x02, id), operation, controls])
}

/// The request to give up a search (RFC 4511 4.11).
pub fn abandon(id: u32, search: u32) -> Vec<u8> {
    ber::encode_parts(
        0x30,
        &[
            ber::encode_unsigned(0x02, id),
            ber::encode_unsigned(0x50, search),
        ],
    )
}

/// One element: its identifier byte and its content.
#[derive(Debug, Clone, Copy)]
struct Element<'a> {
    identifier: u8,
    content: &'a [u8],
}

/// Identifier, length of the header and length of the content; `None` while the header has not arrived whole. Only what
/// LDAP sends: identifiers of one byte, definite lengths (RFC 4511 5.1).
fn header(bytes: &[u8]) -> Result<Option<(u8, usize, usize)>, WireError> {
    let [identifier, first, rest @ ..] = bytes else {
        return Ok(None);
    };
    if identifier & 0x1f == 0x1f {
        return Err(WireError::Invalid { what: WHAT });
    }
    if *first < 0x80 {
        return Ok(Some((*identifier, 2, usize::from(*first))));
    }
    let count = usize::from(first & 0x7f);
    if count == 0 || count > 8 {
        return Err(WireError::Invalid { what: WHAT });
    }
    let Some(octets) = rest.get(..count) else {
        return Ok(None);
    };
    let length = octets.iter().try_fold(0_usize, |length, octet| {
        length
            .checked_mul(256)
            .map(|length| length + usize::from(*octet))
    });
    match length {
        Some(length) if length <= MAX_MESSAGE => Ok(Some((*identifier, 2 + count, length))),
        _ => Err(WireError::TooLarge {
            what: WHAT,
            limit: MAX_MESSAGE,
        }),
    }
}

/// How long the message at the start of `bytes` is, where its header has arrived.
///
/// # Errors
/// It is no LDAP message, or one larger than [`MAX_MESSAGE`].
pub fn message_length(bytes: &[u8]) -> Result<Option<usize>, WireError> {
    match header(bytes)? {
        None => Ok(None),
        Some((0x30, start, length)) => Ok(Some(start + length)),
        Some(_) => Err(WireError::Invalid { what: WHAT }),
    }
}

fn take<'a>(bytes: &mut &'a [u8]) -> Result<Element<'a>, WireError> {
    let (identifier, start, length) = header(bytes)?.ok_or(WireError::Truncated { what: WHAT })?;
    let content = bytes
        .get(start..start + length)
        .ok_or(WireError::Truncated { what: WHAT })?;
    *bytes = &bytes[start + length..];
    Ok(Element {
        identifier,
        content,
    })
}

fn expect<'a>(bytes: &mut &'a [u8], identifier: u8) -> Result<&'a [u8], WireError> {
    let element = take(bytes)?;
    if element.identifier == identifier {
        Ok(element.content)
    } else {
        Err(WireError::Invalid { what: WHAT })
    }
}

fn unsigned(content: &[u8]) -> Result<u32, WireError> {
    if content.is_empty() || content.len() > 5 || content[0] & 0x80 != 0 {
        return Err(WireError::Invalid { what: WHAT });
    }
    let value = content
        .iter()
        .fold(0_u64, |value, octet| value << 8 | u64::from(*octet));
    u32::try_from(value).map_err(|_| WireError::Invalid { what: WHAT })
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer<'a> {
    /// An entry.
    Entry(Entry<'a>),
    /// A part of the result lies elsewhere (`SearchResultReference`).
    Reference(String),
    /// The end of a page.
    Done(Done),
    /// The answer to a bind.
    Bind(Outcome),
    /// The server closes the connection (RFC 4511 4.4.1), or an answer that nobody asked for.
    Notice(Outcome),
}

/// What came of an operation (RFC 4511 4.1.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Result code; 0 is success.
    pub code: u32,
    /// `diagnosticMessage`.
    pub message: String,
    /// Where the server refers to.
    pub referrals: Vec<String>,
}

/// The end of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What came of it.
    pub outcome: Outcome,
    /// Cookie of the next page, empty after the last; none where the server did not page.
    pub cookie: Option<Vec<u8>>,
}

/// An entry, read where it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Distinguished name, as octets.
    pub name: &'a [u8],
    attributes: &'a [u8],
}

impl<'a> Entry<'a> {
    /// Calls `each` with every attribute's name and `value` with every value of it.
    ///
    /// # Errors
    /// The entry is malformed.
    pub fn read(
        &self,
        mut each: impl FnMut(&'a [u8], &mut Vec<&'a [u8]>) -> Result<(), WireError>,
        values: &mut Vec<&'a [u8]>,
    ) -> Result<(), WireError> {
        let mut attributes = self.attributes;
        while !attributes.is_empty() {
            let mut attribute = expect(&mut attributes, 0x30)?;
            let name = expect(&mut attribute, 0x04)?;
            let mut set = expect(&mut attribute, 0x31)?;
            while !set.is_empty() {
                values.push(expect(&mut set, 0x04)?);
            }
            each(name, values)?;
        }
        Ok(())
    }
}

/// Whether the message is a search entry, without reading further. `message` is a whole one.
///
/// # Errors
/// It is malformed.
pub fn is_entry(message: &[u8]) -> Result<bool, WireError> {
    let mut body = expect(&mut &*message, 0x30)?;
    expect(&mut body, 0x02)?;
    Ok(body.first() == Some(&0x64))
}

/// The start of what has arrived: whole entries, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entries {
    /// Bytes of them.
    pub length: usize,
    /// Length of the message that follows them, where it has arrived whole and is none: the end of a page, mostly.
    pub other: Option<usize>,
}

/// Tells entries from what ends them. The first `known` bytes are whole entries, as an earlier call said.
///
/// # Errors
/// What has arrived is no LDAP.
pub fn entries(bytes: &[u8], known: usize) -> Result<Entries, WireError> {
    let mut length = known;
    loop {
        let rest = bytes.get(length..).unwrap_or_default();
        let message = match message_length(rest)? {
            Some(size) => rest.get(..size),
            None => None,
        };
        let Some(message) = message else {
            return Ok(Entries {
                length,
                other: None,
            });
        };
        if !is_entry(message)? {
            return Ok(Entries {
                length,
                other: Some(message.len()),
            });
        }
        length += message.len();
    }
}

/// Reads one whole message: its id and what it says.
///
/// # Errors
/// It is malformed.
pub fn decode(message: &[u8]) -> Result<(u32, Answer<'_>), WireError> {
    let mut body = expect(&mut &*message, 0x30)?;
    let id = unsigned(expect(&mut body, 0x02)?)?;
    let operation = take(&mut body)?;
    let mut parts = operation.content;
    let answer = match operation.identifier {
        0x64 => Answer::Entry(Entry {
            name: expect(&mut parts, 0x04)?,
            attributes: expect(&mut parts, 0x30)?,
        }),
        0x73 => Answer::Reference(text(expect(&mut parts, 0x04)?)),
        0x65 => Answer::Done(Done {
            outcome: outcome(parts)?,
            cookie: cookie(body)?,
        }),
        0x61 => Answer::Bind(outcome(parts)?),
        0x78 => Answer::Notice(outcome(parts)?),
        _ => return Err(WireError::Invalid { what: WHAT }),
    };
    Ok((id, answer))
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

fn outcome(mut parts: &[u8]) -> Result<Outcome, WireError> {
    let code = unsigned(expect(&mut parts, 0x0a)?)?;
    expect(&mut parts, 0x04)?;
    let message = text(expect(&mut parts, 0x04)?);
    let mut referrals = Vec::new();
    if parts.first() == Some(&0xa3) {
        let mut list = take(&mut parts)?.content;
        while !list.is_empty() {
            referrals.push(text(expect(&mut list, 0x04)?));
        }
    }
    Ok(Outcome {
        code,
        message,
        referrals,
    })
}

fn cookie(mut rest: &[u8]) -> Result<Option<Vec<u8>>, WireError> {
    while !rest.is_empty() {
        let part = take(&mut rest)?;
        if part.identifier != 0xa0 {
            continue;
        }
        let mut controls = part.content;
        while !controls.is_empty() {
            let mut control = expect(&mut controls, 0x30)?;
            if expect(&mut control, 0x04)? != PAGED_RESULTS.as_bytes() {
                continue;
            }
            if control.first() == Some(&0x01) {
                take(&mut control)?;
            }
            let mut value = expect(&mut control, 0x04)?;
            let mut page = expect(&mut value, 0x30)?;
            expect(&mut page, 0x02)?;
            return Ok(Some(expect(&mut page, 0x04)?.to_vec()));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry_message() -> Vec<u8> {
        let values = |values: &[&[u8]]| {
            let values: Vec<_> = values.iter().map(|value| ber::encode(4, value)).collect();
            ber::encode_parts(0x31, &values)
        };
        let attributes = [
            ber::encode_parts(
                0x30,
                &[ber::encode(4, b"objectClass"), values(&[b"top", b"user"])],
            ),
            ber::encode_parts(0x30, &[ber::encode(4, b"mail"), values(&[])]),
        ];
        ber::encode_parts(
            0x30,
            &[
                ber::encode_unsigned(2, 7),
                ber::encode_parts(
                    0x64,
                    &[
                        ber::encode(4, b"CN=a,DC=b"),
                        ber::encode_parts(0x30, &attributes),
                    ],
                ),
            ],
        )
    }

    fn done_message(code: u32, cookie: Option<&[u8]>) -> Vec<u8> {
        let mut parts = vec![
            ber::encode_unsigned(2, 7),
            ber::encode_parts(
                0x65,
                &[
                    ber::encode_unsigned(0x0a, code),
                    ber::encode(4, b""),
                    ber::encode(4, b"said"),
                    ber::encode_parts(0xa3, &[ber::encode(4, b"ldap://elsewhere/")]),
                ],
            ),
        ];
        if let Some(cookie) = cookie {
            let page =
                ber::encode_parts(0x30, &[ber::encode_unsigned(2, 0), ber::encode(4, cookie)]);
            let other = ber::encode_parts(0x30, &[ber::encode(4, b"1.2.3")]);
            let paged = ber::encode_parts(
                0x30,
                &[
                    ber::encode(4, PAGED_RESULTS.as_bytes()),
                    ber::encode(1, &[0]),
                    ber::encode(4, &page),
                ],
            );
            parts.push(ber::encode_parts(0xa0, &[other, paged]));
        }
        ber::encode_parts(0x30, &parts)
    }

    #[test]
    fn an_entry_is_read_where_it_lies() {
        let message = entry_message();
        assert_eq!(message_length(&message).unwrap(), Some(message.len()));
        assert!(is_entry(&message).unwrap());
        let (7, Answer::Entry(entry)) = decode(&message).unwrap() else {
            panic!("no entry");
        };
        assert_eq!(entry.name, b"CN=a,DC=b");
        let mut seen = Vec::new();
        entry
            .read(
                |name, values| {
                    seen.push((name.to_vec(), values.len()));
                    Ok(())
                },
                &mut Vec::new(),
            )
            .unwrap();
        assert_eq!(seen, [(b"objectClass".to_vec(), 2), (b"mail".to_vec(), 2)]);
    }

    #[test]
    fn the_end_of_a_page_tells_code_cookie_and_referrals() {
        let message = done_message(0, Some(b"next"));
        assert!(!is_entry(&message).unwrap());
        let Answer::Done(done) = decode(&message).unwrap().1 else {
            panic!("no end");
        };
        assert_eq!(done.outcome.code, 0);
        assert_eq!(done.outcome.message, "said");
        assert_eq!(done.outcome.referrals, ["ldap://elsewhere/"]);
        assert_eq!(done.cookie.as_deref(), Some(&b"next"[..]));
        let Answer::Done(done) = decode(&done_message(4, None)).unwrap().1 else {
            panic!("no end");
        };
        assert_eq!((done.outcome.code, done.cookie), (4, None));
    }

    #[test]
    fn entries_are_told_from_the_end_of_a_page_wherever_it_is_cut() {
        let (entry, done) = (entry_message(), done_message(0, None));
        let stream = [&entry[..], &entry, &done, &entry].concat();
        let (mut known, mut ends) = (0, 0);
        for cut in 0..=stream.len() {
            let found = entries(&stream[..cut], known).unwrap();
            assert_eq!(found.length, (cut / entry.len()).min(2) * entry.len());
            assert_eq!(found, entries(&stream[..cut], 0).unwrap());
            known = found.length;
            ends += usize::from(found.other == Some(done.len()));
        }
        assert_eq!(ends, entry.len() + 1);
        assert!(entries(b"HTTP/1.1 400", 0).is_err());
    }

    #[test]
    fn a_message_that_claims_too_much_is_refused() {
        assert!(message_length(&[0x30, 0x84, 0x7f, 0xff, 0xff, 0xff]).is_err());
        assert!(message_length(&[0x30, 0x80]).is_err());
        assert!(message_length(b"HTTP/1.1 400").is_err());
        assert_eq!(message_length(&[0x30, 0x82, 0x01]).unwrap(), None);
    }

    #[test]
    fn the_request_reads_back() {
        let filter = ber::encode(0x87, b"objectClass");
        let names = ["cn".to_owned()];
        let bytes = request(9, "DC=a", &filter, &names, 1000, b"c");
        let (message, rest) = ber::element(&bytes, "m").unwrap();
        assert!(rest.is_empty());
        let parts = message.children("m").unwrap();
        assert_eq!(parts[0].unsigned("id").unwrap(), 9);
        let search = parts[1].children("s").unwrap();
        assert_eq!(search[0].text(), "DC=a");
        assert_eq!(search[1].unsigned("scope").unwrap(), 2);
        let controls = parts[2].children("c").unwrap();
        assert_eq!(controls[0].children("c").unwrap()[0].text(), PAGED_RESULTS);
        assert_eq!(controls[1].children("c").unwrap()[0].text(), DOMAIN_SCOPE);
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = message_length(&bytes);
            let _ = is_entry(&bytes);
            let _ = decode(&bytes);
        }

        #[test]
        fn a_broken_message_never_panics(at in 0_usize..60, octet: u8) {
            for mut message in [entry_message(), done_message(0, Some(b"x"))] {
                if let Some(place) = message.get_mut(at) {
                    *place = octet;
                }
                if let Ok((_, Answer::Entry(entry))) = decode(&message) {
                    let _ = entry.read(|_, _| Ok(()), &mut Vec::new());
                }
            }
        }
    }
}
