//! Pseudonyms: one for each name, the same wherever the name stands in a file.

use std::collections::{BTreeSet, HashMap};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use phs_core::evidence::server::ENTRA_CONNECTOR;
use phs_core::security::Sid;
use uuid::Uuid;

use super::LEFT_OUT;
use super::value::is_top;

/// Words that are parts of many names and of our own sentences: they tell nothing of anyone.
const COMMON: &[&str] = &[
    "aad",
    "account",
    "accounts",
    "active",
    "ad",
    "admin",
    "administrator",
    "administrators",
    "admins",
    "all",
    "and",
    "as",
    "at",
    "attempt",
    "attribute",
    "attributes",
    "by",
    "cloud",
    "computer",
    "computers",
    "connect",
    "connector",
    "contact",
    "controller",
    "controllers",
    "cycle",
    "default",
    "delta",
    "device",
    "directories",
    "directory",
    "disabled",
    "domain",
    "domains",
    "editor",
    "enabled",
    "enterprise",
    "entra",
    "event",
    "events",
    "exchange",
    "export",
    "feature",
    "features",
    "filter",
    "flow",
    "for",
    "forest",
    "from",
    "full",
    "group",
    "groups",
    "guest",
    "guests",
    "has",
    "hash",
    "id",
    "identity",
    "import",
    "in",
    "inbound",
    "initial",
    "is",
    "it",
    "join",
    "link",
    "microsoft",
    "name",
    "no",
    "not",
    "object",
    "objects",
    "of",
    "on",
    "online",
    "optional",
    "or",
    "out",
    "outbound",
    "partition",
    "partitions",
    "partner",
    "password",
    "person",
    "policy",
    "precedence",
    "profile",
    "profiles",
    "provision",
    "read",
    "replication",
    "right",
    "rights",
    "rule",
    "rules",
    "run",
    "scheduler",
    "scope",
    "server",
    "servers",
    "service",
    "site",
    "sites",
    "step",
    "steps",
    "suspended",
    "sync",
    "synchronization",
    "synchronize",
    "system",
    "task",
    "tenant",
    "that",
    "the",
    "this",
    "to",
    "type",
    "user",
    "users",
    "value",
    "with",
    "accountenabled",
    "adsync",
    "azure",
    "bin",
    "exe",
    "config",
    "files",
    "inetorgperson",
    "passwordhashsync",
    "program",
    "xml",
    "json",
    "evtx",
];

/// Shortest part of a name that is looked for inside other words.
const SHORTEST_INNER: usize = 4;

/// First network of pseudonyms for addresses: 198.18.0.0/15 is for benchmarks and belongs to nobody (RFC 2544).
const FIRST_ADDRESS: u32 = 0xc612_0001;
/// `2001:db8::/32` is for documentation (RFC 3849).
const FIRST_ADDRESS_6: u128 = 0x2001_0db8_0000_0000_0000_0000_0000_0001;
/// Sub-authorities of pseudonyms for domains.
const DOMAIN_SID: [u32; 3] = [21, 1_000_000_000, 1_000_000_000];

/// The pseudonyms of one file.
#[derive(Debug, Default)]
pub(super) struct Names {
    known: HashMap<String, String>,
    counts: HashMap<&'static str, usize>,
    /// Labels of domains, which stand inside other words as well.
    inner: Vec<(String, String)>,
    guids: HashMap<Uuid, Uuid>,
    domains: HashMap<Sid, u32>,
    addresses: HashMap<IpAddr, IpAddr>,
    /// Texts that may hold anything, and that findings may quote.
    left_out: BTreeSet<String>,
}

impl Names {
    /// The pseudonym of a name; its words are looked for in sentences from then on.
    pub(super) fn name(&mut self, class: &'static str, original: &str) -> String {
        let key = original.to_lowercase();
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let pseudonym = self.next(class);
        self.known.insert(key, pseudonym.clone());
        let words: Vec<&str> = words(original).collect();
        if words.len() > 1 {
            for word in words {
                let key = word.to_lowercase();
                // Descriptions are prose: a word in small letters is one of the language.
                let is_prose =
                    class == "description" && word.bytes().all(|b| b.is_ascii_lowercase());
                if word.len() > 1
                    && !is_prose
                    && !is_common(&key)
                    && !is_top(&key)
                    && !self.known.contains_key(&key)
                {
                    let part = self.next("part");
                    self.known.insert(key, part);
                }
            }
        }
        pseudonym
    }

    /// The pseudonym of a label of a domain's name.
    pub(super) fn label(&mut self, original: &str) -> String {
        let key = original.to_lowercase();
        let pseudonym = self.name("domain", original);
        let is_inner = self.inner.iter().any(|(label, _)| *label == key);
        if !is_inner && key.len() >= SHORTEST_INNER && !is_common(&key) {
            self.inner.push((key, pseudonym.clone()));
            self.inner
                .sort_by_key(|(label, _)| std::cmp::Reverse(label.len()));
        }
        pseudonym
    }

    /// Remembers a text that is left out of the evidence. One word could stand inside others: it is taken for a name.
    pub(super) fn leave_out(&mut self, text: &str) {
        if text.trim().contains(char::is_whitespace) {
            self.left_out.insert(text.to_owned());
        } else if !text.trim().is_empty() && !is_of_protocol(text) {
            self.name("text", text);
        }
    }

    /// The text without what was left out of the evidence.
    pub(super) fn without_left_out(&self, text: &str) -> String {
        self.left_out
            .iter()
            .rev()
            .fold(text.to_owned(), |text, left_out| {
                text.replace(left_out.as_str(), LEFT_OUT)
            })
    }

    /// The pseudonym of a known name.
    pub(super) fn find(&self, text: &str) -> Option<&str> {
        self.known.get(&text.to_lowercase()).map(String::as_str)
    }

    /// The text with labels of domains replaced wherever they stand.
    pub(super) fn sweep(&self, text: &str) -> String {
        let mut swept = text.to_owned();
        for (label, pseudonym) in &self.inner {
            let mut from = 0;
            // Both have the same length where lower case keeps it, as it does for labels of domains.
            while let Some(at) = swept
                .get(from..)
                .and_then(|rest| rest.to_ascii_lowercase().find(label.as_str()))
            {
                let start = from + at;
                swept.replace_range(start..start + label.len(), pseudonym);
                from = start + pseudonym.len();
            }
        }
        swept
    }

    /// The name of an attribute, or words that hold one: an extension has the identifier of an application in its name
    /// (`extension_<32 digits>_badge`).
    pub(super) fn attribute(&mut self, text: &str) -> String {
        let pieces: Vec<String> = text
            .split('_')
            .map(|piece| match Uuid::try_parse(piece) {
                Ok(guid) if piece.len() == 32 => self.guid(guid).simple().to_string(),
                _ => piece.to_owned(),
            })
            .collect();
        self.sweep(&pieces.join("_"))
    }

    pub(super) fn guid(&mut self, original: Uuid) -> Uuid {
        if original.is_nil() || original == ENTRA_CONNECTOR {
            return original;
        }
        let next = self.guids.len() + 1;
        *self
            .guids
            .entry(original)
            .or_insert_with(|| Uuid::from_u128(next as u128))
    }

    /// A SID with its domain replaced. Well-known SIDs stay.
    pub(super) fn sid(&mut self, original: &Sid) -> Sid {
        let view = original.as_view();
        let (domain, rid) = match view.split_domain() {
            Some((domain, rid)) => (domain, Some(rid)),
            None if view.is_domain() => (*original, None),
            None => return *original,
        };
        let next = u32::try_from(self.domains.len() + 1).unwrap_or(u32::MAX);
        let number = *self.domains.entry(domain).or_insert(next);
        let mut parts = DOMAIN_SID.to_vec();
        parts.push(number);
        parts.extend(rid);
        Sid::new(5, &parts).unwrap_or(*original)
    }

    pub(super) fn address(&mut self, original: IpAddr) -> IpAddr {
        if original.is_loopback() || original.is_unspecified() {
            return original;
        }
        let next = self.addresses.len();
        *self
            .addresses
            .entry(original)
            .or_insert_with(|| match original {
                IpAddr::V4(_) => Ipv4Addr::from_bits(
                    FIRST_ADDRESS.saturating_add(u32::try_from(next).unwrap_or(u32::MAX)),
                )
                .into(),
                IpAddr::V6(_) => Ipv6Addr::from_bits(FIRST_ADDRESS_6 + next as u128).into(),
            })
    }

    pub(super) fn has_address(&self, address: IpAddr) -> bool {
        self.addresses.contains_key(&address)
    }

    fn next(&mut self, class: &'static str) -> String {
        let count = self.counts.entry(class).or_default();
        *count += 1;
        format!("{class}{count}")
    }
}

/// Whether a word is a permission of Microsoft Graph or an attribute of the schema that Microsoft ships.
fn is_of_protocol(word: &str) -> bool {
    word.ends_with(".Read.All") || word.starts_with("msDS-") || word == "proxyAddresses"
}

/// Whether a word tells nothing of anyone.
pub(super) fn is_common(lower: &str) -> bool {
    COMMON.contains(&lower) || lower.len() < 4 && lower.bytes().all(|byte| byte.is_ascii_digit())
}

/// The words of a text: letters, digits, `_` and `$`.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !is_word(letter))
        .filter(|word| !word.is_empty())
}

/// Whether a letter belongs to a word.
pub(super) fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}
