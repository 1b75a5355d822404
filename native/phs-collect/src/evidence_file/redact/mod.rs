//! Replaces names by pseudonyms, so that a file can be handed to others: users, accounts, groups, domains, servers, units, addresses,
//! the domain part of SIDs, and identifiers.
//!
//! Every text of the evidence is taken for a name unless it is known to be technical, so that a field that is added later is safe before
//! anyone thinks of it. Texts that may hold anything (messages of events, words of errors, descriptors) are left out. Rules test names,
//! so nothing is judged anew on such a file: it holds what was found before, in which every name that the evidence holds is replaced.

mod names;
mod value;

use std::fmt::Write as _;

use phs_core::evidence::Evidence;
use phs_core::evidence::manifest::Manifest;
use phs_core::evidence::user::UserEvidence;
use phs_core::report::FindingRecord;
use phs_core::rules::anchor;
use phs_core::security::Sid;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use names::Names;
use value::{replace, sentence};

/// What stands where a text was left out.
const LEFT_OUT: &str = "(redacted)";

/// Texts that may hold anything.
const ANYTHING: &[&str] = &["message", "detail", "extendedError", "malformed"];

/// Texts that are words of a product or protocol, never of an organisation.
const TECHNICAL: &[&str] = &[
    "reason",
    "errorId",
    "direction",
    "linkType",
    "operator",
    "valueMergeType",
    "softDeleteExpiryInterval",
    "part",
    "kind",
    "origin",
    "subtype",
    "state",
    "start",
    "tableAsOf",
    "environment",
    "protocol",
    "keyAlgorithm",
    "signatureAlgorithm",
    "transport",
    "service",
    "outcome",
    "record",
    "provider",
    "result",
    "call",
    "exceptions",
    "saslMechanisms",
    "status",
    "errorType",
    "feature",
    "purpose",
    "expectedIssuers",
    "key",
    "platform",
    "proxySource",
    "changeDate",
    "origin",
];

/// Names of attributes and classes: an organisation's own may hold its name.
const SCHEMA: &[&str] = &[
    "attribute",
    "connectorSpaceAttribute",
    "metaverseAttribute",
    "destination",
    "sources",
    "objectClasses",
    "sourceObjectType",
    "targetObjectType",
];

/// Attributes of users whose values are numbers and words of the schema.
const PLAIN_ATTRIBUTES: &[&str] = &[
    "objectClass",
    "userAccountControl",
    "pwdLastSet",
    "accountExpires",
    "lockoutTime",
    "msDS-User-Account-Control-Computed",
    "isCriticalSystemObject",
    "sAMAccountType",
    "whenCreated",
    "whenChanged",
    "msExchRecipientTypeDetails",
    "cloudFiltered",
];

/// Values that are words of the shapes themselves. They stand for names only under [`NAMES`].
const WORDS: &[&str] = &[
    "NotCollected",
    "Absent",
    "NotPermitted",
    "Unreadable",
    "NotSupported",
    "absent",
    "SRV",
    "A",
    "AAAA",
    "NameError",
    "NoData",
    "ServerFailure",
    "Refused",
    "TimedOut",
    "Named",
    "Preferred",
    "LastUsed",
    "Discovered",
    "TCP",
    "UDP",
    "Open",
    "Dropped",
    "Unreachable",
    "NotTried",
    "NoAnswer",
    "Closed",
    "RunEnded",
    "DependencyFailed",
    "NoCredential",
    "NoEncryption",
    "PasswordUnusable",
    "AfterRefusal",
    "NotEncrypted",
    "Accepted",
    "AuthenticationRequired",
    "InterfaceUnknown",
    "Trusted",
    "activeDirectory",
    "entra",
    "given",
    "name",
    "description",
    "cloudSync",
    "holdsRights",
    "user",
    "cloudSyncServiceAccount",
    "managedServiceAccount",
    "computer",
    "other",
    "managed",
    "federated",
    "Enabled",
    "Disabled",
    "Suspended",
    "Delta",
    "Initial",
    "TRUE",
    "FALSE",
    "True",
    "False",
    "true",
    "false",
];

/// Fields that hold names and nothing else.
const NAMES: &[&str] = &[
    "name",
    "displayName",
    "identity",
    "account",
    "accounts",
    "samAccountName",
    "userPrincipalName",
    "distinguishedName",
    "host",
    "machine",
    "domain",
    "loginUser",
    "loginDomain",
    "observer",
    "forest",
];

/// The pseudonyms of one file. One value redacts everything that goes into it.
#[derive(Debug, Default)]
pub struct Redactor {
    names: Names,
}

impl Redactor {
    /// The evidence with its names replaced, and what was found in it before.
    ///
    /// # Errors
    /// The replaced values do not have the shape of evidence: nothing may then be written.
    pub fn evidence(
        &mut self,
        evidence: &Evidence,
        findings: &[FindingRecord],
    ) -> Result<Evidence, serde_json::Error> {
        let original = serde_json::to_value(evidence)?;
        // Twice: the second time every name is known.
        let mut first = original.clone();
        self.walk(&mut first, "", false);
        let mut value = original;
        self.walk(&mut value, "", false);
        let mut redacted: Evidence = serde_json::from_value(value)?;
        redacted.recorded = Some(
            findings
                .iter()
                .map(|finding| self.finding(finding))
                .collect(),
        );
        Ok(redacted)
    }

    /// One user with its names replaced.
    ///
    /// # Errors
    /// As [`Redactor::evidence`].
    pub fn user(&mut self, user: &UserEvidence) -> Result<UserEvidence, serde_json::Error> {
        let mut value = serde_json::to_value(user)?;
        self.walk(&mut value, "", false);
        serde_json::from_value(value)
    }

    /// The manifest with its names replaced.
    pub fn manifest(&mut self, manifest: &Manifest) -> Manifest {
        let mut redacted = manifest.clone();
        redacted.redacted = true;
        redacted.machine = self.names.name("server", &manifest.machine);
        for missing in &mut redacted.not_collected {
            if missing.detail.is_some() {
                missing.detail = Some(LEFT_OUT.to_owned());
            }
        }
        redacted
    }

    fn finding(&mut self, finding: &FindingRecord) -> FindingRecord {
        let mut redacted = finding.clone();
        let names = &mut self.names;
        // Where a finding is about no one thing, its check's name stands for it.
        if finding.target != finding.name {
            redacted.target = whole(names, &finding.target);
        }
        redacted.message = sentence(names, &finding.message);
        redacted.why = finding.why.as_deref().map(|text| sentence(names, text));
        redacted.remediation = finding
            .remediation
            .iter()
            .map(|text| sentence(names, text))
            .collect();
        for row in &mut redacted.evidence {
            row.source = whole(names, &row.source);
            row.object = whole(names, &row.object);
            row.attribute = sentence(names, &row.attribute);
            row.value = if row.attribute == "error" && !row.value.is_empty() {
                LEFT_OUT.to_owned()
            } else {
                whole(names, &row.value)
            };
        }
        // The fingerprint of a name could be guessed.
        let mut hasher = Sha256::new();
        hasher.update(redacted.check_id.as_bytes());
        hasher.update([0]);
        hasher.update(redacted.target.to_lowercase().as_bytes());
        redacted.fingerprint = hasher
            .finalize()
            .iter()
            .fold(String::new(), |mut text, byte| {
                // Writing to a text cannot fail.
                let _ = write!(text, "{byte:02x}");
                text
            });
        redacted
    }

    /// Replaces in place. `key` is the nearest field's; `plain` is true below settings, whose values are words or names.
    fn walk(&mut self, value: &mut Value, key: &str, plain: bool) {
        match value {
            Value::String(text) => *text = self.leaf(text, key, plain),
            Value::Array(items) => {
                for item in items {
                    self.walk(item, key, plain);
                }
            }
            Value::Object(fields) => self.object(fields, key, plain),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn object(&mut self, fields: &mut Map<String, Value>, key: &str, plain: bool) {
        if key == "attributes" {
            self.attributes(fields);
            return;
        }
        // A value of the registry: words of Windows alone.
        let of_registry = fields.get("key").and_then(Value::as_str);
        if of_registry.is_some_and(|path| path.starts_with("HKLM\\")) {
            return;
        }
        let settings = plain || key == "settings" || key == "parameters";
        if settings {
            let all = std::mem::take(fields);
            for (name, mut value) in all {
                self.walk(&mut value, &name, true);
                let name = if name == "known" || name == "unknown" || name == "reason" {
                    name
                } else {
                    self.names.sweep(&name)
                };
                fields.insert(name, value);
            }
            return;
        }
        for (name, value) in fields.iter_mut() {
            match name.as_str() {
                // Bytes that hold SIDs.
                "descriptor" => {
                    if value.get("known").is_some() {
                        *value = json!({"unknown": {"reason": "NotSupported"}});
                    }
                }
                // The field of a fact has the name of its holder.
                "known" | "unknown" => self.walk(value, key, plain),
                _ => self.walk(value, name, plain),
            }
        }
    }

    fn leaf(&mut self, text: &str, key: &str, plain: bool) -> String {
        if ANYTHING.contains(&key) {
            // Findings quote all of these but messages.
            if key != "message" {
                self.names.leave_out(text);
            }
            return if text.is_empty() {
                String::new()
            } else {
                LEFT_OUT.to_owned()
            };
        }
        let is_name = NAMES.contains(&key);
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_name && (TECHNICAL.contains(&key) || WORDS.contains(&text) || is_number) {
            return text.to_owned();
        }
        if SCHEMA.contains(&key) {
            return self.names.attribute(text);
        }
        match key {
            "immutableTag" if text.starts_with("Microsoft.") => text.to_owned(),
            "build" | "toolVersion" | "version" if !text.contains(char::is_alphabetic) => {
                text.to_owned()
            }
            _ if key.starts_with("Microsoft.Synchronize.") && is_number_or_time(text) => {
                text.to_owned()
            }
            "expression" => self.expression(text),
            "sha256" => LEFT_OUT.to_owned(),
            "subject" | "issuer" => replace(&mut self.names, "name", text),
            "settingsSource" if text.starts_with("Get-ADSync") => text.to_owned(),
            "source" | "settingsSource" if is_part_of_export(text) => {
                sentence(&mut self.names, text)
            }
            "forest" | "forestName" | "dnsName" | "netbiosName" | "loginDomain"
            | "netbiosDomain" => {
                if text.contains('.') {
                    replace(&mut self.names, "domain", text)
                } else if text.is_empty() {
                    String::new()
                } else {
                    self.names.label(text)
                }
            }
            _ if plain => replace(&mut self.names, "value", text),
            _ => replace(&mut self.names, class(key), text),
        }
    }

    /// An expression with its literals replaced.
    fn expression(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for (place, piece) in text.split('"').enumerate() {
            if place > 0 {
                out.push('"');
            }
            if place % 2 == 1 && piece.chars().filter(|c| c.is_alphabetic()).count() > 1 {
                out.push_str(&replace(&mut self.names, "literal", piece));
            } else {
                out.push_str(&self.names.attribute(piece));
            }
        }
        out
    }

    fn attributes(&mut self, fields: &mut Map<String, Value>) {
        let all = std::mem::take(fields);
        for (name, mut value) in all {
            let is_plain = PLAIN_ATTRIBUTES
                .iter()
                .any(|known| known.eq_ignore_ascii_case(&name));
            if let Some(Value::Array(values)) = value.get_mut("text")
                && !is_plain
            {
                for value in values {
                    if let Value::String(text) = value {
                        *text = replace(&mut self.names, "value", text);
                    }
                }
            }
            if let Some(Value::Array(values)) = value.get_mut("binary") {
                let replaced: Option<Vec<Value>> = values
                    .iter()
                    .map(|value| self.octets(value.as_str()?).map(Value::String))
                    .collect();
                value = replaced.map_or_else(
                    || json!({"notRead": "NotSupported"}),
                    |values| json!({"binary": values}),
                );
            }
            fields.insert(self.names.attribute(&name), value);
        }
    }

    /// Octets that are an identifier or a SID; none for all others.
    fn octets(&mut self, text: &str) -> Option<String> {
        let octets = anchor::immutable_id_octets(text)?;
        if let Ok(sid) = Sid::parse(&octets) {
            return Some(anchor::immutable_id(self.names.sid(&sid).as_bytes()));
        }
        let guid: [u8; 16] = octets.try_into().ok()?;
        let guid = self.names.guid(Uuid::from_bytes_le(guid));
        Some(anchor::immutable_id(&guid.to_bytes_le()))
    }
}

/// What a pseudonym is called.
fn class(key: &str) -> &'static str {
    match key {
        "host" | "machine" | "observer" | "computer" | "lastDc" | "preferredDcs"
        | "domainController" | "dnsHostName" | "netbiosHost" => "server",
        "site" | "clientSite" => "site",
        "value" | "constant" => "value",
        "source" | "settingsSource" => "source",
        "description" => "description",
        _ => "name",
    }
}

/// A whole value of a finding: known as it stands, or a sentence.
fn whole(names: &mut Names, text: &str) -> String {
    let has_form = text.contains('=') || text.contains('\\') || text.contains('@');
    if has_form && !text.contains(' ') {
        let replaced = replace(names, "name", text);
        return names.sweep(&replaced);
    }
    match names.find(text) {
        Some(known) => known.to_owned(),
        None => sentence(names, text),
    }
}

/// Whether a setting is a build, a duration or a time.
fn is_number_or_time(text: &str) -> bool {
    !text.contains(char::is_alphabetic) || jiff::fmt::rfc2822::parse(text).is_ok()
}

/// The name of a file of an export, in the form that every export has.
fn is_part_of_export(text: &str) -> bool {
    let inner = |prefix: &str| {
        text.strip_prefix(prefix)
            .and_then(|rest| rest.strip_suffix(".xml"))
            .is_some_and(|id| Uuid::try_parse(id).is_ok())
    };
    text == "GlobalSettings/MV.xml"
        || inner("Connectors/Connector_")
        || inner("SynchronizationRules/SynchronizationRule_")
}
