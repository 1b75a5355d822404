//! LDAP before anything is known of the server: rootDSE, StartTLS, and the bind of an account over TLS.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::DateTime;
use phs_core::evidence::network::{Answer, BindResult, NtdsSettings, RootDse};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use zeroize::Zeroizing;

use super::gate::{Gate, millis};
use super::talk::{Talk, TalkError, answer};
use super::tcp;
use crate::wire::WireError;
use crate::wire::ber;
use crate::wire::ldap::{self, Attribute, Filter, LdapResult, Reply};

/// Attributes of the rootDSE that are asked for.
const ROOT_DSE: &[&str] = &[
    "currentTime",
    "isSynchronized",
    "dsServiceName",
    "dnsHostName",
    "defaultNamingContext",
    "rootDomainNamingContext",
    "configurationNamingContext",
    "domainFunctionality",
    "forestFunctionality",
    "domainControllerFunctionality",
    "supportedSASLMechanisms",
    "supportedExtension",
];

/// LDAP result codes (RFC 4511 appendix A).
const SIZE_LIMIT_EXCEEDED: u32 = 4;
const NO_SUCH_OBJECT: u32 = 32;
/// Most objects read below one: a domain controller returns 1,000 at a time, and no forest has so many naming contexts.
const MAX_CHILDREN: usize = 1000;

/// `currentTime` has whole seconds: on average the true time is half a second later.
const RESOLUTION: Duration = Duration::from_secs(1);

/// Reads the rootDSE without authentication.
pub async fn root_dse(gate: &Gate, address: IpAddr, port: u16) -> Answer<RootDse> {
    let permit = gate.enter().await;
    let read = match tcp::connect(SocketAddr::new(address, port), gate.timeout()).await {
        Err(outcome) => Answer::NotConnected(outcome),
        Ok(mut stream) => answer(gate.timeout(), read_root_dse(&mut stream)).await,
    };
    drop(permit);
    read
}

async fn read_root_dse<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> Talk<RootDse> {
    let filter = Filter::Present("objectClass");
    let sent_at = Timestamp::now();
    let sent = Instant::now();
    stream
        .write_all(&ldap::base_search(1, "", &filter, ROOT_DSE))
        .await?;
    let attributes = search_answer(stream, 1).await?;
    let clock = Clock {
        sent_at,
        round_trip: sent.elapsed(),
    };
    let attributes = attributes.ok_or_else(|| {
        TalkError::Declined("the rootDSE cannot be read without authentication".to_owned())
    })?;
    Ok(root_dse_of(&attributes, clock))
}

/// When a question went out and how long its answer took.
#[derive(Debug, Clone, Copy)]
struct Clock {
    sent_at: Timestamp,
    round_trip: Duration,
}

fn root_dse_of(attributes: &[Attribute], clock: Clock) -> RootDse {
    let one = |name: &str| text(attributes, name);
    let number = |name: &str| one(name).and_then(|text| text.parse::<i32>().ok());
    let extensions = values(attributes, "supportedExtension");
    let current_time = one("currentTime").as_deref().and_then(generalized_time);
    let half = clock.round_trip / 2;
    let skew_ms = current_time.map(|server| {
        let server = server.as_millisecond() + i64::from(millis(RESOLUTION / 2));
        server - clock.sent_at.as_millisecond() - i64::from(millis(half))
    });
    RootDse {
        current_time,
        skew_ms,
        skew_uncertainty_ms: millis(half + RESOLUTION / 2),
        is_synchronized: one("isSynchronized").and_then(|text| boolean(&text)),
        ds_service_name: one("dsServiceName"),
        dns_host_name: one("dnsHostName"),
        default_naming_context: one("defaultNamingContext"),
        root_domain_naming_context: one("rootDomainNamingContext"),
        configuration_naming_context: one("configurationNamingContext"),
        domain_functionality: number("domainFunctionality"),
        forest_functionality: number("forestFunctionality"),
        controller_functionality: number("domainControllerFunctionality"),
        sasl_mechanisms: values(attributes, "supportedSASLMechanisms")
            .iter()
            .map(|value| String::from_utf8_lossy(value).into_owned())
            .collect(),
        offers_start_tls: (!extensions.is_empty()).then(|| {
            extensions
                .iter()
                .any(|oid| oid == ldap::START_TLS_OID.as_bytes())
        }),
    }
}

fn values<'a>(attributes: &'a [Attribute], name: &str) -> &'a [Vec<u8>] {
    attributes
        .iter()
        .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
        .map_or(&[], |attribute| &attribute.values)
}

/// The first value of an attribute.
pub(super) fn text(attributes: &[Attribute], name: &str) -> Option<String> {
    values(attributes, name)
        .first()
        .map(|value| String::from_utf8_lossy(value).into_owned())
}

fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// A generalized time of the form that AD writes, `20261124175657.0Z`.
fn generalized_time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let stamp = text.strip_suffix('Z')?;
    let digits = stamp.split(['.', ',']).next()?;
    let time = DateTime::strptime("%Y%m%d%H%M%S", digits).ok()?;
    time.to_zoned(jiff::tz::TimeZone::UTC)
        .ok()
        .map(|zoned| zoned.timestamp())
}

/// Asks the server to go on over TLS; the handshake is the caller's.
pub(super) async fn request_start_tls<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
) -> Talk<()> {
    stream.write_all(&ldap::start_tls(1)).await?;
    match read_message(stream).await? {
        (_, Reply::Extended(LdapResult { code: 0, .. })) => Ok(()),
        (_, Reply::Extended(result)) => Err(TalkError::Declined(format!(
            "StartTLS: LDAP result code {}",
            result.code
        ))),
        _ => Err(WireError::Invalid {
            what: "answer to StartTLS",
        }
        .into()),
    }
}

/// Binds over a stream that is already encrypted.
pub(super) async fn bind<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    account: &str,
    password: &str,
) -> Talk<BindResult> {
    let request = Zeroizing::new(ldap::simple_bind(1, account, password.as_bytes()));
    stream.write_all(&request).await?;
    match read_message(stream).await? {
        (1, Reply::Bind(result)) => Ok(BindResult {
            account: account.to_owned(),
            result_code: result.code,
            sub_code: ldap::sub_code(&result.message),
        }),
        (_, Reply::Extended(result)) => Err(TalkError::Declined(format!(
            "notice of disconnection: LDAP result code {}",
            result.code
        ))),
        _ => Err(WireError::Invalid {
            what: "answer to a bind",
        }
        .into()),
    }
}

/// Reads the replication switches of the domain controller on a stream that is bound.
pub(super) async fn ntds_settings<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    dn: &str,
) -> Talk<NtdsSettings> {
    let filter = Filter::Present("objectClass");
    stream
        .write_all(&ldap::base_search(
            2,
            dn,
            &filter,
            &["objectClass", "options", "msDS-isRODC"],
        ))
        .await?;
    let attributes = search_answer(stream, 2).await?.ok_or_else(|| {
        TalkError::Declined("the NTDS settings object is not visible to this account".to_owned())
    })?;
    let options = match text(&attributes, "options") {
        // Written by AD as a signed decimal number.
        Some(text) => text
            .parse::<i32>()
            .map_err(|_| WireError::Invalid { what: "options" })?
            .cast_unsigned(),
        None => 0,
    };
    Ok(NtdsSettings {
        distinguished_name: dn.to_owned(),
        options,
        is_rodc: text(&attributes, "msDS-isRODC").and_then(|text| boolean(&text)),
    })
}

/// Reads the objects right below one, on a stream that is bound.
pub(super) async fn children<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    dn: &str,
    filter: &Filter<'_>,
    attributes: &[&str],
) -> Talk<Vec<Vec<Attribute>>> {
    stream
        .write_all(&ldap::children_search(3, dn, filter, attributes))
        .await?;
    entries(stream, 3, MAX_CHILDREN).await
}

/// Attributes of the one entry that a base search finds, or `None` if it finds none.
async fn search_answer<S: AsyncRead + Unpin>(
    stream: &mut S,
    id: u32,
) -> Talk<Option<Vec<Attribute>>> {
    Ok(entries(stream, id, 1).await?.pop())
}

/// Attributes of the entries that a search finds; more than `limit` break the protocol.
async fn entries<S: AsyncRead + Unpin>(
    stream: &mut S,
    id: u32,
    limit: usize,
) -> Talk<Vec<Vec<Attribute>>> {
    let mut entries = Vec::new();
    // The entries, their end, and room for a notice of disconnection, referrals or intermediate messages.
    for _ in 0..limit.saturating_add(7) {
        match read_message(stream).await? {
            (message, Reply::Entry(attributes)) if message == id => entries.push(attributes),
            (message, Reply::SearchDone(result)) if message == id => {
                return match result.code {
                    0 | NO_SUCH_OBJECT => Ok(entries),
                    // A server's limit on entries: what came is good.
                    SIZE_LIMIT_EXCEEDED if !entries.is_empty() => Ok(entries),
                    code => Err(TalkError::Declined(format!("LDAP result code {code}"))),
                };
            }
            (0, Reply::Extended(result)) => {
                return Err(TalkError::Declined(format!(
                    "notice of disconnection: LDAP result code {}",
                    result.code
                )));
            }
            _ => {}
        }
    }
    Err(WireError::Invalid {
        what: "answer to a search",
    }
    .into())
}

/// Reads one message, no longer than a probe expects.
async fn read_message<S: AsyncRead + Unpin>(stream: &mut S) -> Talk<(u32, Reply)> {
    let mut bytes = Vec::with_capacity(512);
    loop {
        if let Some(total) = ber::total_length(&bytes, ldap::MAX_MESSAGE)? {
            let have = bytes.len();
            bytes.resize(total.max(have), 0);
            stream.read_exact(&mut bytes[have..]).await?;
            let (id, reply, _) = ldap::decode(&bytes)?;
            return Ok((id, reply));
        }
        // Header bytes one at a time: what follows belongs to the next message.
        let byte = stream.read_u8().await?;
        bytes.push(byte);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generalized_times_are_read() {
        let time = generalized_time("20261124175657.0Z").unwrap();
        assert_eq!(time.to_string(), "2026-11-24T17:56:57Z");
        assert!(generalized_time("20261124175657.0+0100").is_none());
        assert!(generalized_time("2026").is_none());
        assert!(generalized_time("20261324175657.0Z").is_none());
    }

    #[test]
    fn skew_is_corrected_by_half_the_round_trip_and_half_the_resolution() {
        let attributes = [Attribute {
            name: "currentTime".to_owned(),
            values: vec![b"20261124180000.0Z".to_vec()],
        }];
        let clock = Clock {
            sent_at: "2026-11-24T17:54:00Z".parse().unwrap(),
            round_trip: Duration::from_millis(200),
        };
        let root_dse = root_dse_of(&attributes, clock);
        assert_eq!(root_dse.skew_ms, Some(360_000 + 500 - 100));
        assert_eq!(root_dse.skew_uncertainty_ms, 600);
        assert_eq!(root_dse.offers_start_tls, None);
    }
}
