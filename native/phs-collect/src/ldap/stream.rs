//! A search of a whole domain as a stream of pages, over a TLS connection of its own.
//!
//! Messages stay as they came: the reader decodes them on a thread of its own, so that the network never waits for it.

use std::time::Duration;

use ldap3::asn1::{PL, StructureTag, TagClass};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;
use zeroize::Zeroizing;

use crate::problem::Problem;
use crate::secret::Secret;
use crate::wire::ldap as wire;
use crate::wire::search::{self, Answer, Outcome};
use crate::wire::{WireError, ber};

use super::{Endpoint, problems};

/// Entries of one page: as many as a domain controller gives (`MaxPageSize`).
const PAGE_SIZE: u32 = 1000;

/// Messages are handed on once so many bytes of them are there.
const CHUNK: usize = 128 * 1024;

/// Deepest nesting of a filter.
const DEEPEST_FILTER: usize = 64;

/// What to search for, below a base.
#[derive(Debug, Clone)]
pub struct PagedSearch {
    base: String,
    filter: Vec<u8>,
    attributes: Vec<String>,
}

impl PagedSearch {
    /// A search of the subtree of `base` for these attributes.
    ///
    /// # Errors
    /// `Phs.Ldap.Filter` where the filter is none by RFC 4515.
    pub fn new(base: &str, filter: &str, attributes: &[String]) -> Result<Self, Problem> {
        let depth = filter.bytes().try_fold(0_usize, |depth, byte| match byte {
            b'(' if depth == DEEPEST_FILTER => None,
            b'(' => Some(depth + 1),
            b')' => Some(depth.saturating_sub(1)),
            _ => Some(depth),
        });
        let parsed = depth.and_then(|_| ldap3::parse_filter(filter).ok());
        let Some(parsed) = parsed else {
            return Err(problems::filter(filter));
        };
        Ok(Self {
            base: base.to_owned(),
            filter: encode(ldap3::asn1::ASNTag::into_structure(parsed)),
            attributes: attributes.to_vec(),
        })
    }

    /// Where the search begins.
    pub fn base(&self) -> &str {
        &self.base
    }
}

/// The library's element as bytes.
fn encode(tag: StructureTag) -> Vec<u8> {
    let class = match tag.class {
        TagClass::Universal => 0x00,
        TagClass::Application => 0x40,
        TagClass::Context => 0x80,
        TagClass::Private => 0xc0,
    };
    // Filters have tags below 31 only (RFC 4511 4.5.1).
    let number = tag.id.to_le_bytes()[0] & 0x1f;
    match tag.payload {
        PL::P(content) => ber::encode(class | number, &content),
        PL::C(parts) => {
            let parts: Vec<_> = parts.into_iter().map(encode).collect();
            ber::encode_parts(class | 0x20 | number, &parts)
        }
    }
}

/// An encrypted connection for one search after the other. Dropping it closes it, and with it ends the server's search.
#[derive(Debug)]
pub struct SearchStream {
    endpoint: Endpoint,
    port: u16,
    timeout: Duration,
    tls: TlsStream<TcpStream>,
    buffer: Vec<u8>,
    last_id: u32,
}

impl SearchStream {
    pub(super) fn new(
        endpoint: Endpoint,
        port: u16,
        timeout: Duration,
        tls: TlsStream<TcpStream>,
    ) -> Self {
        Self {
            endpoint,
            port,
            timeout,
            tls,
            buffer: Vec::with_capacity(2 * CHUNK),
            last_id: 0,
        }
    }

    /// A simple bind, as [`super::Connection::bind`].
    ///
    /// # Errors
    /// As [`super::Connection::bind`].
    pub async fn bind(&mut self, user: &str, secret: &Secret) -> Result<(), Problem> {
        if user.trim().is_empty() {
            return Err(problems::empty_user(&self.endpoint));
        }
        if secret.is_empty() {
            return Err(problems::empty_password(user));
        }
        let password = secret
            .to_utf8()
            .ok_or_else(|| problems::password_not_text(user))?;
        self.last_id += 1;
        let request = Zeroizing::new(wire::simple_bind(self.last_id, user, password.as_bytes()));
        self.write(&request).await?;
        loop {
            let Some(length) = self.message().map_err(|error| self.malformed(&error))? else {
                self.fill().await?;
                continue;
            };
            let decoded = search::decode(&self.buffer[..length]);
            let (_, answer) = decoded.map_err(|error| self.malformed(&error))?;
            let answered = match answer {
                Answer::Bind(outcome) if outcome.code == 0 => Ok(()),
                Answer::Bind(outcome) => Err(problems::bind(
                    &self.endpoint,
                    user,
                    outcome.code,
                    &outcome.message,
                )),
                Answer::Notice(outcome) => Err(self.closed(&outcome)),
                _ => Err(problems::malformed(&self.endpoint, "no answer to the bind")),
            };
            self.buffer.drain(..length);
            return answered;
        }
    }

    /// Runs a search to its end. Whole messages, each a search entry, go to `entries` in pieces; the next page is asked
    /// for as soon as the last one has come. `Ok(false)`: the other end of `entries` is gone, and the search was given up.
    ///
    /// `Ok(true)` means that every page came with success and the last cookie was empty.
    ///
    /// # Errors
    /// `Phs.Ldap.*`: whatever came until then is a part of the result only.
    pub async fn run<T: From<Vec<u8>>>(
        &mut self,
        wanted: &PagedSearch,
        entries: &mpsc::Sender<T>,
    ) -> Result<bool, Problem> {
        let mut cookie = Vec::new();
        loop {
            self.last_id += 1;
            let request = search::request(
                self.last_id,
                &wanted.base,
                &wanted.filter,
                &wanted.attributes,
                PAGE_SIZE,
                &cookie,
            );
            self.write(&request).await?;
            let Some(next) = self.page(wanted, entries).await? else {
                let abandon = search::abandon(self.last_id + 1, self.last_id);
                // Closing the connection says the same, if this is lost.
                let _ = self.write(&abandon).await;
                return Ok(false);
            };
            if next.is_empty() {
                return Ok(true);
            }
            cookie = next;
        }
    }

    /// One page; the cookie of the next.
    async fn page<T: From<Vec<u8>>>(
        &mut self,
        wanted: &PagedSearch,
        entries: &mpsc::Sender<T>,
    ) -> Result<Option<Vec<u8>>, Problem> {
        // Bytes of whole entries at the start of the buffer.
        let mut whole = 0;
        loop {
            let found = search::entries(&self.buffer, whole);
            let found = found.map_err(|error| self.malformed(&error))?;
            whole = found.length;
            if let Some(length) = found.other {
                let answer = search::decode(&self.buffer[whole..whole + length]);
                let (id, answer) = answer.map_err(|error| self.malformed(&error))?;
                let next = self.end_of_page(wanted, id, answer);
                // What came before counts as reached, whatever the end says.
                if !self.hand_on(whole, entries).await {
                    return Ok(None);
                }
                self.buffer.drain(..length);
                return next.map(Some);
            }
            if whole >= CHUNK {
                if !self.hand_on(whole, entries).await {
                    return Ok(None);
                }
                whole = 0;
            }
            if let Err(problem) = self.fill().await {
                self.hand_on(whole, entries).await;
                return Err(problem);
            }
        }
    }

    /// Hands the first `whole` bytes on; whether anyone takes them.
    async fn hand_on<T: From<Vec<u8>>>(&mut self, whole: usize, entries: &mpsc::Sender<T>) -> bool {
        if whole == 0 {
            return !entries.is_closed();
        }
        let mut rest = Vec::with_capacity(2 * CHUNK);
        rest.extend_from_slice(&self.buffer[whole..]);
        self.buffer.truncate(whole);
        let chunk = std::mem::replace(&mut self.buffer, rest);
        entries.send(T::from(chunk)).await.is_ok()
    }

    fn end_of_page(
        &self,
        wanted: &PagedSearch,
        id: u32,
        answer: Answer<'_>,
    ) -> Result<Vec<u8>, Problem> {
        match answer {
            Answer::Done(done) if id == self.last_id => {
                if done.outcome.code != 0 {
                    return Err(self.refused(&wanted.base, &done.outcome));
                }
                done.cookie
                    .ok_or_else(|| problems::malformed(&self.endpoint, "a result without pages"))
            }
            Answer::Reference(elsewhere) => Err(problems::result(
                &self.endpoint,
                &wanted.base,
                10,
                "",
                &[elsewhere],
            )),
            Answer::Notice(outcome) => Err(self.closed(&outcome)),
            _ => Err(problems::malformed(
                &self.endpoint,
                "an answer to another question",
            )),
        }
    }

    fn refused(&self, object: &str, outcome: &Outcome) -> Problem {
        if outcome.code == 32 {
            return problems::not_found(&self.endpoint, object);
        }
        problems::result(
            &self.endpoint,
            object,
            outcome.code,
            &outcome.message,
            &outcome.referrals,
        )
    }

    fn closed(&self, outcome: &Outcome) -> Problem {
        let said = format!("{} {}", outcome.code, outcome.message);
        problems::connection_lost(&self.endpoint, said.trim())
    }

    fn malformed(&self, error: &WireError) -> Problem {
        problems::malformed(&self.endpoint, &error.to_string())
    }

    /// Length of the first message, where it has arrived whole.
    fn message(&self) -> Result<Option<usize>, WireError> {
        Ok(search::message_length(&self.buffer)?.filter(|length| self.buffer.len() >= *length))
    }

    async fn fill(&mut self) -> Result<(), Problem> {
        if self.buffer.capacity() == self.buffer.len() {
            self.buffer.reserve(CHUNK);
        }
        match timeout(self.timeout, self.tls.read_buf(&mut self.buffer)).await {
            Err(_) => Err(problems::silent(&self.endpoint, self.port)),
            // TLS misses its own farewell then, which tells an administrator nothing.
            Ok(Err(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => Err(
                problems::connection_lost(&self.endpoint, "closed by the server"),
            ),
            Ok(Err(error)) => Err(problems::connection_lost(
                &self.endpoint,
                &error.to_string(),
            )),
            Ok(Ok(0)) => Err(problems::connection_lost(
                &self.endpoint,
                "closed by the server",
            )),
            Ok(Ok(_)) => Ok(()),
        }
    }

    async fn write(&mut self, request: &[u8]) -> Result<(), Problem> {
        let lost =
            |error: std::io::Error| problems::connection_lost(&self.endpoint, &error.to_string());
        let tls = &mut self.tls;
        let writing = async {
            tls.write_all(request).await?;
            tls.flush().await
        };
        match timeout(self.timeout, writing).await {
            Err(_) => Err(problems::silent(&self.endpoint, self.port)),
            Ok(written) => written.map_err(lost),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_checked_and_encoded() {
        let names = ["cn".to_owned()];
        let search = PagedSearch::new("DC=a", "(&(a=b)(!(c=*)))", &names).unwrap();
        let (filter, rest) = ber::element(&search.filter, "f").unwrap();
        assert!(rest.is_empty());
        let parts = filter.children("f").unwrap();
        assert_eq!((filter.tag, parts[0].tag, parts[1].tag), (0, 3, 2));
        for bad in ["", "a=b)", "(a=b", "(&(a=b)", "(a)"] {
            let problem = PagedSearch::new("DC=a", bad, &names).unwrap_err();
            assert_eq!(problem.id, "Phs.Ldap.Filter", "{bad}");
        }
        let deep = format!("{}(a=b){}", "(!".repeat(100_000), ")".repeat(100_000));
        assert!(PagedSearch::new("DC=a", &deep, &names).is_err());
    }
}
