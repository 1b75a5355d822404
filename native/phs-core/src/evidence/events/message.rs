//! What the text of an event holds.
//!
//! The readers look for shapes (GUIDs, IP addresses, DNS names, `AADSTS` codes, function names) and for the few field
//! names that both known wordings share. A DN may hold anything, so its end is the *last* place where the next field can
//! begin on that line.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Longest text that is read, in bytes; the rest of a longer one is ignored.
pub const MAX_MESSAGE: usize = 256 * 1024;

/// How far into a message the names of domain and domain controller are looked for: they stand in its first sentence.
const HEAD: usize = 1024;

/// What one event's text holds. Empty parts were not found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EventDetail {
    /// Every GUID in the text, once each, in order: connector identifiers among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub connectors: Vec<Uuid>,
    /// How many users a batch holds (650).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Users whose change was sent (656).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<PasswordRequest>,
    /// Answers of the cloud by user (657).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<PasswordResult>,
    /// The partition that the results are of (657).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
    /// What failed (0, 115, 611, 612, 616, 621, 652, 655, 6900 ...).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// One user whose password change was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PasswordRequest {
    /// Source anchor (base64).
    pub anchor: String,
    /// Distinguished name.
    pub distinguished_name: String,
    /// Time of the change as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_date: Option<String>,
}

/// The cloud's answer for one user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PasswordResult {
    /// Source anchor (base64).
    pub anchor: String,
    /// Distinguished name.
    pub distinguished_name: String,
    /// Whether the user must change the password at logon; builds before that feature do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub must_change: Option<bool>,
    /// Status word, such as `Success` or `FilteredByTarget`.
    pub result: String,
    /// Further explanation of a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended_error: Option<String>,
}

/// What an error event says of the failure.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Failure {
    /// The domain that failed, as a DNS name (611).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// The domain controller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain_controller: Option<String>,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// Win32, RPC or directory error number (`RPC Error 8453`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u32>,
    /// Error code of the provisioning service (`Error Code: 90`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_code: Option<u32>,
    /// Sign-in error of the cloud, the digits of `AADSTS50126`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_in_code: Option<u32>,
    /// The DRS call that failed, such as `_IDL_DRSGetNCChanges`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call: Option<String>,
    /// Whether the text holds the failing bind (`DirectoryEntry.Bind`, or an LDAP bind).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub in_bind: bool,
    /// Names of the exceptions, outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<String>,
    /// Whether the text speaks of FIPS validation.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub fips: bool,
}

/// Reads the text of an event with this id.
pub fn read_message(id: u32, text: &str) -> EventDetail {
    let text = truncate(text, MAX_MESSAGE);
    let mut detail = EventDetail {
        connectors: guids(text),
        ..EventDetail::default()
    };
    match id {
        650 => detail.count = number_after(text, "Count:"),
        656 => detail.requests = text.lines().filter_map(request_line).collect(),
        657 => {
            detail.results = text.lines().filter_map(result_line).collect();
            detail.partition = element(text, "partition-name");
        }
        0
        | 115
        | 603
        | 604
        | 607
        | 610..=612
        | 615
        | 616
        | 621
        | 652
        | 655
        | 662
        | 664..=667
        | 6900 => {
            detail.failure = Some(failure(text));
        }
        _ => {}
    }
    detail
}

fn truncate(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Every GUID in dashed form, whole token only.
fn guids(text: &str) -> Vec<Uuid> {
    let mut found = Vec::new();
    for token in text.split(|c: char| !(c.is_ascii_hexdigit() || c == '-')) {
        if token.len() == 36
            && let Ok(guid) = Uuid::parse_str(token)
            && !found.contains(&guid)
        {
            found.push(guid);
        }
    }
    found
}

fn number_after(text: &str, label: &str) -> Option<u32> {
    let rest = &text[text.find(label)? + label.len()..];
    leading_number(rest.trim_start())
}

fn leading_number(text: &str) -> Option<u32> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    text[..digits].parse().ok()
}

/// The text of an XML element without attributes, unescaped.
fn element(text: &str, name: &str) -> Option<String> {
    let open = format!("<{name}>");
    let start = text.find(&open)? + open.len();
    let length = text[start..].find('<')?;
    Some(
        text[start..start + length]
            .trim()
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&apos;", "'")
            .replace("&amp;", "&"),
    )
}

/// `Anchor : <base64>, Dn : <DN>`, old and new spacing; gives anchor and what follows `Dn :`.
fn anchor_and_rest(line: &str) -> Option<(&str, &str)> {
    let after = field(line, "Anchor")?;
    let comma = after.find(',')?;
    let anchor = after[..comma].trim();
    let rest = after[comma + 1..].trim_start();
    let dn = rest
        .strip_prefix("Dn")
        .or_else(|| rest.strip_prefix("DN"))
        .or_else(|| rest.strip_prefix("dn"))?
        .trim_start()
        .strip_prefix(':')?;
    Some((anchor, dn.trim_start()))
}

/// What follows `name :` or `name:`.
fn field<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let start = line.find(name)? + name.len();
    Some(line[start..].trim_start().strip_prefix(':')?.trim_start())
}

/// Splits at the last `, name :` (or `, name:`, `, name=`): a DN before it may hold text of the same look.
fn split_last<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let mut end = text.len();
    while let Some(at) = text[..end].rfind(name) {
        let before = text[..at].trim_end();
        let after = text[at + name.len()..].trim_start();
        if let Some(head) = before.strip_suffix(',')
            && let Some(tail) = after.strip_prefix(':').or_else(|| after.strip_prefix('='))
        {
            return Some((head.trim_end(), tail.trim_start()));
        }
        end = at;
    }
    None
}

fn request_line(line: &str) -> Option<PasswordRequest> {
    let (anchor, rest) = anchor_and_rest(line)?;
    let (dn, change_date) = match split_last(rest, "Change Date") {
        Some((dn, date)) => (dn, Some(date.trim_end_matches(['.', ' ', '\r']).to_owned())),
        None => (rest.trim_end_matches(['\r', ' ']), None),
    };
    Some(PasswordRequest {
        anchor: anchor.to_owned(),
        distinguished_name: dn.to_owned(),
        change_date,
    })
}

fn result_line(line: &str) -> Option<PasswordResult> {
    let (anchor, rest) = anchor_and_rest(line)?;
    let (before, answer) = split_last(rest, "Result")?;
    let (dn, must_change) = match split_last(before, "PwdChangeOnLogon") {
        Some((dn, flag)) => (dn, crate::evidence::server::parse_flag(flag)),
        None => (before, None),
    };
    let word = answer
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default();
    let extended_error = field(answer, "Extended Error")
        .map(|text| text.trim_end_matches(['.', ' ', '\r']).to_owned());
    Some(PasswordResult {
        anchor: anchor.to_owned(),
        distinguished_name: dn.to_owned(),
        must_change,
        result: word.to_owned(),
        extended_error,
    })
}

fn failure(text: &str) -> Failure {
    let head = truncate(text, HEAD);
    let (domain, domain_controller, address) = names(head);
    Failure {
        domain,
        domain_controller,
        address,
        code: ["RPC Error ", "Win32 error ", "error code "]
            .iter()
            .find_map(|label| find_number(text, label)),
        service_code: find_number(text, "Error Code: ")
            .or_else(|| find_number(text, "ErrorCode: ")),
        sign_in_code: find_number(text, "AADSTS"),
        call: words(text)
            .find(|word| word.starts_with("_IDL_DRS"))
            .map(str::to_owned),
        in_bind: text.contains("DirectoryEntry.Bind") || text.contains("LdapConnection.Bind"),
        exceptions: exceptions(text),
        fips: words(text).any(|word| word == "FIPS"),
    }
}

/// The number right after a label, in any letter case.
fn find_number(text: &str, label: &str) -> Option<u32> {
    let bytes = text.as_bytes();
    let label = label.as_bytes();
    bytes
        .windows(label.len())
        .enumerate()
        .filter(|(_, window)| window.eq_ignore_ascii_case(label))
        .find_map(|(at, _)| {
            // Labels are ASCII, so the byte after one begins a character.
            leading_number(text.get(at + label.len()..)?)
        })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
}

fn exceptions(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for token in text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_')) {
        let name = token
            .trim_matches('.')
            .rsplit('.')
            .next()
            .unwrap_or_default();
        if name.len() > "Exception".len()
            && name.ends_with("Exception")
            && !found.iter().any(|known| known == name)
        {
            found.push(name.to_owned());
        }
    }
    found
}

/// Domain, domain controller and address from the head of a 611: the first DNS name is the domain, the next one that
/// lies in it (or, where none does, the next at all) is the host. Words of the sentence have no dots inside.
fn names(head: &str) -> (Option<String>, Option<String>, Option<IpAddr>) {
    // Stack frames hold dotted names too; they follow the first exception's name.
    let end = head.find("Exception").map_or(head.len(), |at| {
        head[..at].rfind(char::is_whitespace).unwrap_or(at)
    });
    let mut domain: Option<String> = None;
    let mut host = None;
    let mut address = None;
    for token in head[..end]
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '\'' | '(' | ')'))
    {
        let token = token.trim_matches(['.', ':']);
        if let Ok(ip) = token.parse::<IpAddr>() {
            address = address.or(Some(ip));
        } else if is_dns_name(token) {
            match &domain {
                None => domain = Some(token.to_owned()),
                Some(_) if host.is_none() => host = Some(token.to_owned()),
                Some(_) => {}
            }
        }
    }
    (domain, host, address)
}

fn is_dns_name(token: &str) -> bool {
    token.len() <= 255
        && token.contains('.')
        && token.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && label
                    .chars()
                    .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        })
        && token.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW_611: &str = "Password hash synchronization failed for domain: eu.corp.local, domain controller hostname: DC7.eu.corp.local, domain controller IP address: 10.1.2.3. Details:\r\nMicrosoft.Online.PasswordSynchronization.SynchronizationManagerException: Recovery task failed. ---> Microsoft.Online.PasswordSynchronization.DirectoryReplicationServices.DrsException: RPC Error 8453 : Replication access was denied. There was an error calling _IDL_DRSGetNCChanges.\r\n   at Microsoft.Online.PasswordSynchronization.DirectoryReplicationServices.DrsRpcConnection.OnGetChanges(ReplicationState syncState)";

    #[test]
    fn reads_611_in_three_wordings() {
        let old = NEW_611.replace("Password hash synchronization", "Password synchronization");
        let norwegian = NEW_611.replace(
            "Password hash synchronization failed for domain: eu.corp.local, domain controller hostname: DC7.eu.corp.local, domain controller IP address: 10.1.2.3. Details:",
            "Passordsynkronisering mislyktes for domenet: eu.corp.local, domenekontroller: DC7.eu.corp.local, adresse: 10.1.2.3. Detaljer:",
        );
        for text in [NEW_611, &old, &norwegian] {
            let failure = read_message(611, text).failure.unwrap();
            assert_eq!(failure.domain.as_deref(), Some("eu.corp.local"));
            assert_eq!(
                failure.domain_controller.as_deref(),
                Some("DC7.eu.corp.local")
            );
            assert_eq!(failure.address, Some("10.1.2.3".parse().unwrap()));
            assert_eq!(failure.code, Some(8453));
            assert_eq!(failure.call.as_deref(), Some("_IDL_DRSGetNCChanges"));
            assert_eq!(
                failure.exceptions,
                ["SynchronizationManagerException", "DrsException"]
            );
        }
    }

    #[test]
    fn reads_611_of_old_builds_without_a_host() {
        let failure = read_message(
            611,
            "Password synchronization failed for domain: contoso.com. Details:\nSystem.DirectoryServices.ActiveDirectory.ActiveDirectoryOperationException at System.DirectoryServices.DirectoryEntry.Bind(Boolean throwIfFail)",
        )
        .failure
        .unwrap();
        assert_eq!(failure.domain.as_deref(), Some("contoso.com"));
        assert_eq!(failure.domain_controller, None);
        assert!(failure.in_bind);
        assert_eq!(failure.exceptions, ["ActiveDirectoryOperationException"]);
    }

    #[test]
    fn reads_results_of_both_spacings() {
        let text = "Password Change Result - Anchor : QF5HMK7n80qvdYsUPIHa9Q==, Dn : CN=Berg\\, Kari\\, Result : x,OU=A,DC=c,DC=t, PwdChangeOnLogon=False, Result : Success.\r\nPassword Change Result - Anchor:AAAA, Dn:CN=b,DC=c, Result : FilteredByTarget. Extended Error : not now.\r\n<forest-info><partition-name>DC=c,DC=t</partition-name><connector-id>AE4DB4CC-B16B-4EB2-ACF5-837CA84E4D7D</connector-id></forest-info>";
        let detail = read_message(657, text);
        assert_eq!(detail.results.len(), 2);
        assert_eq!(
            detail.results[0].distinguished_name,
            "CN=Berg\\, Kari\\, Result : x,OU=A,DC=c,DC=t"
        );
        assert_eq!(detail.results[0].must_change, Some(false));
        assert_eq!(detail.results[0].result, "Success");
        assert_eq!(detail.results[1].anchor, "AAAA");
        assert_eq!(detail.results[1].must_change, None);
        assert_eq!(detail.results[1].result, "FilteredByTarget");
        assert_eq!(detail.results[1].extended_error.as_deref(), Some("not now"));
        assert_eq!(detail.partition.as_deref(), Some("DC=c,DC=t"));
        assert_eq!(detail.connectors.len(), 1);
    }

    #[test]
    fn reads_requests() {
        let detail = read_message(
            656,
            "Password Change Request - Anchor : AAAA, Dn : CN=a,OU=b,DC=c, Change Date : 10/05/2026 12:01:02",
        );
        assert_eq!(detail.requests[0].distinguished_name, "CN=a,OU=b,DC=c");
        assert_eq!(
            detail.requests[0].change_date.as_deref(),
            Some("10/05/2026 12:01:02")
        );
    }

    #[test]
    fn reads_codes_of_the_cloud() {
        let failure = read_message(652, "Failed credential provisioning batch. Error: Microsoft.Online.Coexistence.ProvisionRetryException: An error occurred. Error Code: 90. Error Description: Password Synchronization has not been activated for this company. Tracking ID: 2e2a4e3d-6c1b-4e4b-9a58-0c1d5b1f3a11")
            .failure
            .unwrap();
        assert_eq!(failure.service_code, Some(90));
        assert_eq!(failure.domain, None);
        let failure = read_message(655, "... AADSTS50126: Error validating credentials")
            .failure
            .unwrap();
        assert_eq!(failure.sign_in_code, Some(50126));
    }

    #[test]
    fn a_guid_is_a_whole_token_in_any_dress() {
        let detail = read_message(
            654,
            "Provision credentials ping end. Connector {AE4DB4CC-B16B-4EB2-ACF5-837CA84E4D7D} and ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d; x0ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d0",
        );
        assert_eq!(detail.connectors.len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_reader(id in 0u32..700, text in "\\PC{0,400}") {
            let _ = read_message(id, &text);
        }

        #[test]
        fn no_text_of_the_right_look_breaks_the_reader(text in "(Anchor ?:|Dn ?:|, Result ?:|RPC Error |å|, |AADSTS|[0-9]{1,12}|x){0,30}") {
            for id in [611, 652, 656, 657] {
                let _ = read_message(id, &text);
            }
        }
    }
}
