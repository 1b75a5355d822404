//! One value: what it is decides how it is replaced. What is not known to be technical is taken for a name.

use std::net::{IpAddr, Ipv4Addr};

use jiff::Timestamp;
use jiff::civil::Date;
use phs_core::dn::{Dn, escape_value};
use phs_core::rules::anchor::{immutable_id, immutable_id_octets};
use phs_core::security::Sid;
use uuid::Uuid;

use super::names::{Names, is_common, is_word};

/// Containers and groups that every directory has.
const EVERYWHERE: &[&str] = &[
    "Users",
    "Computers",
    "Builtin",
    "System",
    "Configuration",
    "Schema",
    "Sites",
    "Servers",
    "Services",
    "Domain Controllers",
    "ForeignSecurityPrincipals",
    "Managed Service Accounts",
    "Default-First-Site-Name",
    "NTDS Settings",
    "Domain Admins",
    "Enterprise Admins",
    "Domain Users",
    "Administrators",
    "default",
];

/// Ends of names that belong to Microsoft's cloud.
const CLOUD: &[&str] = &[
    "microsoft.com",
    "microsoftonline.com",
    "microsoftonline.us",
    "microsoftonline-p.com",
    "microsoftazure.us",
    "msappproxy.net",
    "msappproxy.us",
    "msauth.net",
    "msftauth.net",
    "windows.net",
    "windowsazure.com",
    "windowsazure.us",
    "azure.com",
    "azure.us",
    "azure.cn",
    "azure-api.net",
    "chinacloudapi.cn",
    "partner.microsoftonline.cn",
    "digicert.com",
    "verisign.com",
    "entrust.com",
    "entrust.net",
    "geotrust.com",
    "omniroot.com",
    "symcb.com",
    "symcd.com",
    "usertrust.com",
    "office.com",
    "office365.us",
];

/// Last labels that many organisations share.
const TOP: &[&str] = &[
    "com",
    "net",
    "org",
    "edu",
    "gov",
    "mil",
    "int",
    "local",
    "lan",
    "test",
    "example",
    "internal",
    "corp",
    "no",
    "se",
    "dk",
    "fi",
    "de",
    "fr",
    "uk",
    "us",
    "eu",
    "io",
    "onmicrosoft",
];

/// Labels of service names (`_ldap._tcp.dc._msdcs.contoso.com`).
const SERVICE: &[&str] = &["dc", "gc", "pdc", "domains"];

/// Replaces a whole value. `class` names pseudonyms of what has no form of its own.
pub(super) fn replace(names: &mut Names, class: &'static str, value: &str) -> String {
    let trimmed = value.trim();
    if trimmed.is_empty()
        || EVERYWHERE
            .iter()
            .any(|known| known.eq_ignore_ascii_case(trimmed))
    {
        return value.to_owned();
    }
    if let Some(plain) = plain(names, trimmed) {
        return plain;
    }
    if trimmed.contains('=')
        && let Ok(dn) = Dn::parse(trimmed)
    {
        return replace_dn(names, &dn);
    }
    if let Some((scheme, rest)) = trimmed.split_once("://") {
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let host = replace_host(names, host);
        return if path.is_empty() || of_cloud(&host) {
            format!("{scheme}://{host}")
        } else {
            format!("{scheme}://{host}/{}", names.name("path", path))
        };
    }
    if let Some((domain, name)) = trimmed.split_once('\\') {
        if name.contains('\\') || trimmed.contains(':') {
            return names.name("path", trimmed);
        }
        if domain.eq_ignore_ascii_case("NT SERVICE") || domain.eq_ignore_ascii_case("NT AUTHORITY")
        {
            return value.to_owned();
        }
        return format!("{}\\{}", names.label(domain), names.name("name", name));
    }
    if let Some((name, domain)) = trimmed.rsplit_once('@')
        && !domain.contains(char::is_whitespace)
    {
        return format!(
            "{}@{}",
            names.name("name", name),
            replace_host(names, domain)
        );
    }
    if is_host(trimmed) {
        return replace_host(names, trimmed);
    }
    names.name(class, trimmed)
}

/// Identifiers and addresses.
fn plain(names: &mut Names, text: &str) -> Option<String> {
    if let Ok(guid) = Uuid::try_parse(text) {
        let guid = names.guid(guid);
        return Some(if text.starts_with('{') {
            guid.braced().to_string()
        } else {
            guid.to_string()
        });
    }
    if let Ok(sid) = text.parse::<Sid>() {
        return Some(names.sid(&sid).to_string());
    }
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(names.address(address).to_string());
    }
    if let Some(anchor) = anchor(names, text) {
        return Some(anchor);
    }
    if let Some(hex) = hex(names, text) {
        return Some(hex);
    }
    text.parse::<Timestamp>().is_ok().then(|| text.to_owned())
}

/// An identifier as an immutable identifier: base64 of its 16 octets, with or without its two marks at the end.
fn anchor(names: &mut Names, text: &str) -> Option<String> {
    let body = text.strip_suffix("==").unwrap_or(text);
    if body.len() != 22 {
        return None;
    }
    let octets: [u8; 16] = immutable_id_octets(&format!("{body}=="))?.try_into().ok()?;
    let guid = names.guid(Uuid::from_bytes_le(octets));
    let replaced = immutable_id(&guid.to_bytes_le());
    Some(if body.len() == text.len() {
        replaced.trim_end_matches('=').to_owned()
    } else {
        replaced
    })
}

/// Octets in hexadecimal, such as the name of an object in the connector space of Microsoft Entra.
fn hex(names: &mut Names, text: &str) -> Option<String> {
    let braced = text
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let digits = braced.unwrap_or(text);
    let is_hex = digits.len() >= 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| {
        let pseudonym = names.name("octets", digits);
        if braced.is_some() {
            format!("{{{pseudonym}}}")
        } else {
            pseudonym
        }
    })
}

fn replace_dn(names: &mut Names, dn: &Dn) -> String {
    let last = dn.rdns().len().saturating_sub(1);
    let rdns: Vec<String> = dn
        .rdns()
        .iter()
        .enumerate()
        .map(|(place, rdn)| {
            // As in the name of a host.
            let may_be_top = place > 0 && place + 1 >= last;
            let assertions: Vec<String> = rdn
                .assertions()
                .iter()
                .map(|assertion| {
                    let attribute = assertion.attribute();
                    let value = match assertion.text() {
                        Some(text) => replace_rdn(names, attribute, text, may_be_top),
                        None => names.name("name", "#"),
                    };
                    format!("{attribute}={}", escape_value(&value))
                })
                .collect();
            assertions.join("+")
        })
        .collect();
    rdns.join(",")
}

fn replace_rdn(names: &mut Names, attribute: &str, text: &str, may_be_top: bool) -> String {
    if attribute.eq_ignore_ascii_case("DC") {
        return if may_be_top && is_top(text) {
            text.to_owned()
        } else {
            names.label(text)
        };
    }
    if EVERYWHERE
        .iter()
        .any(|known| known.eq_ignore_ascii_case(text))
    {
        return text.to_owned();
    }
    let class = if attribute.eq_ignore_ascii_case("OU") {
        "unit"
    } else {
        "name"
    };
    plain(names, text).unwrap_or_else(|| names.name(class, text))
}

/// Whether many organisations have this label.
pub(super) fn is_top(label: &str) -> bool {
    TOP.iter().any(|known| known.eq_ignore_ascii_case(label))
}

fn of_cloud(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    CLOUD
        .iter()
        .any(|known| host == *known || host.ends_with(&format!(".{known}")))
}

fn is_host(text: &str) -> bool {
    text.contains('.')
        && text.contains(char::is_alphabetic)
        && text.trim_end_matches('.').split('.').all(|label| {
            !label.is_empty()
                && label
                    .chars()
                    .all(|c| is_word(c) || c == '-' || c == '*' || c == ':')
        })
}

/// A DNS name, with or without a port.
fn replace_host(names: &mut Names, text: &str) -> String {
    if let Some((host, port)) = text.rsplit_once(':')
        && !port.is_empty()
        && port.bytes().all(|byte| byte.is_ascii_digit())
    {
        return format!("{}:{port}", replace_host(names, host));
    }
    if let Some(plain) = plain(names, text.trim_matches(['[', ']'])) {
        return plain;
    }
    if of_cloud(text) {
        return text.to_owned();
    }
    let of_service = text.starts_with('_');
    let labels: Vec<&str> = text.split('.').collect();
    let last = labels.len().saturating_sub(1);
    let replaced: Vec<String> = labels
        .iter()
        .enumerate()
        .map(|(place, label)| {
            let kept = label.is_empty()
                || *label == "*"
                || label.starts_with('_')
                || place > 0 && (place == last || place + 1 == last) && is_top(label)
                || of_service && SERVICE.contains(label);
            if kept {
                (*label).to_owned()
            } else {
                names.label(label)
            }
        })
        .collect();
    replaced.join(".")
}

/// Most words of one name.
const LONGEST: usize = 8;

/// Replaces every known name in a sentence, and every identifier and address whether known or not.
pub(super) fn sentence(names: &mut Names, text: &str) -> String {
    let text = chunks(names, &names.without_left_out(text));
    let mut bounds: Vec<(usize, usize)> = Vec::new();
    let mut start = None;
    for (at, letter) in text.char_indices() {
        match (is_word(letter), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                bounds.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        bounds.push((from, text.len()));
    }
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    let mut word = 0;
    while let Some(&(from, _)) = bounds.get(word) {
        let longest = (word + LONGEST).min(bounds.len());
        let found = (word + 1..=longest).rev().find_map(|end| {
            let to = bounds.get(end - 1)?.1;
            let found = text.get(from..to)?;
            // A word of our own sentences, or a number of a time: no name, whatever else has it for a name.
            if end == word + 1 && (is_common(&found.to_lowercase()) || is_in_time(&text, from, to))
            {
                return None;
            }
            let pseudonym = names.find(found)?;
            Some((end, to, pseudonym.to_owned()))
        });
        if let Some((end, to, pseudonym)) = found {
            out.push_str(text.get(done..from).unwrap_or_default());
            out.push_str(&pseudonym);
            done = to;
            word = end;
        } else {
            word += 1;
        }
    }
    out.push_str(text.get(done..).unwrap_or_default());
    names.attribute(&out)
}

/// Whether a word is part of a time or a day.
fn is_in_time(text: &str, from: usize, to: usize) -> bool {
    let starts_with_digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    if !starts_with_digit(from) {
        return false;
    }
    let is_of_time = |c: char| c.is_ascii_digit() || "-:.TZ+".contains(c);
    let start = text
        .get(..from)
        .map_or(from, |before| before.trim_end_matches(is_of_time).len());
    let rest = text.get(to..).unwrap_or_default();
    let end = text.len() - rest.trim_start_matches(is_of_time).len();
    let whole = text.get(start..end).unwrap_or_default();
    let whole = whole.trim_end_matches(['.', ':', '-']);
    whole.parse::<Timestamp>().is_ok() || whole.parse::<Date>().is_ok()
}

/// Whether a text is a build of the product and no address: builds begin with 1 or 2, and no address of the evidence is the same.
fn is_build(names: &Names, text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok_and(|address| {
        matches!(address.octets(), [1 | 2, ..]) && !names.has_address(address.into())
    })
}

/// Replaces addresses that stand inside a piece, as one with a port does.
fn addresses(names: &mut Names, text: &str) -> String {
    let is_of_address = |c: char| c.is_ascii_digit() || c == '.';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(from) = rest.find(is_of_address) {
        let (before, after) = rest.split_at(from);
        let to = after.find(|c| !is_of_address(c)).unwrap_or(after.len());
        let (found, after) = after.split_at(to);
        out.push_str(before);
        match found.parse::<Ipv4Addr>() {
            Ok(address) if !is_build(names, found) => {
                out.push_str(&names.address(address.into()).to_string());
            }
            _ => out.push_str(found),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Replaces what has a form of its own, piece by piece between spaces and marks.
fn chunks(names: &mut Names, text: &str) -> String {
    let is_mark = |c: char| c.is_whitespace() || "\"'(),;<>[]{}=|/".contains(c);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let to = rest.find(is_mark).unwrap_or(rest.len());
        let (chunk, after) = rest.split_at(to);
        let core = chunk.trim_end_matches(['.', ':', '!', '?']);
        let tail = chunk.get(core.len()..).unwrap_or_default();
        let known = if is_build(names, core) {
            Some(core.to_owned())
        } else {
            plain(names, core)
        };
        let replaced = match known {
            Some(replaced) => Some(replaced),
            None if core.contains('@') && core.len() > 2 && !core.starts_with('@') => {
                Some(replace(names, "name", core))
            }
            // The identifier in the name of a file of an export.
            None => core
                .rsplit_once('_')
                .and_then(|(name, id)| Some(format!("{name}_{}", plain(names, id)?))),
        };
        match replaced {
            Some(replaced) => out.push_str(&replaced),
            None => out.push_str(&addresses(names, core)),
        }
        out.push_str(tail);
        let mark = after.chars().next().map_or(0, char::len_utf8);
        out.push_str(after.get(..mark).unwrap_or_default());
        rest = after.get(mark..).unwrap_or_default();
    }
    out
}
