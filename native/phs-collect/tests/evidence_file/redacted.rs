//! No name survives redaction, and what is left is still evidence.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::net::IpAddr;
use std::path::Path;

use phs_collect::evidence_file::{EvidenceFile, EvidenceWriter, Redactor};
use phs_core::check::Step;
use phs_core::dn::Dn;
use phs_core::evidence::Evidence;
use phs_core::evidence::manifest::Manifest;
use phs_core::guide::{self, Context, Policy};
use phs_core::report::FindingRecord;
use phs_core::text::{Catalog, DEFAULT_CULTURE};
use serde_json::Value;

use crate::round_trip::fixtures;

/// Every entry of the file, unpacked, with the names of the entries.
fn unpacked(path: &Path) -> String {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut all = String::new();
    for place in 0..zip.len() {
        let mut entry = zip.by_index(place).unwrap();
        all.push_str(&entry.name().unwrap());
        all.push('\n');
        entry.read_to_string(&mut all).unwrap();
        all.push('\n');
    }
    all
}

pub(crate) fn findings(evidence: &Evidence) -> Vec<FindingRecord> {
    let context = Context {
        today: "2026-10-02T00:00:00Z".parse().unwrap(),
        users_named: evidence.users.is_some(),
        policy: Policy::default(),
    };
    let catalog = Catalog::for_culture(DEFAULT_CULTURE);
    let mut records = Vec::new();
    for step in Step::ALL {
        guide::judge(step, evidence, &context, &mut |finding| {
            records.push(FindingRecord::render(&finding, &catalog, false));
        });
    }
    records
}

fn write(path: &Path, evidence: &Evidence) {
    let mut redactor = Redactor::default();
    let redacted = redactor.evidence(evidence, &findings(evidence)).unwrap();
    let mut writer = EvidenceWriter::create(path, true).unwrap();
    writer.evidence(&redacted).unwrap();
    let manifest = redactor.manifest(&Manifest {
        machine: "SYNC1-HOST".into(),
        ..Manifest::default()
    });
    writer.finish(manifest).unwrap();
}

/// Names as they stand in evidence, by where they stand: an own reading, apart from that of the redactor.
fn names(value: &Value, key: &str, found: &mut BTreeSet<String>) {
    const HOLD_NAMES: &[&str] = &[
        "distinguishedName",
        "samAccountName",
        "userPrincipalName",
        "identity",
        "name",
        "host",
        "domain",
        "forest",
        "forestName",
        "dnsName",
        "netbiosName",
        "loginUser",
        "loginDomain",
        "dnsHostName",
        "netbiosDomain",
        "netbiosHost",
        "site",
        "clientSite",
        "account",
        "observer",
        "preferredDcs",
        "lastDc",
        "inclusions",
        "exclusions",
        "description",
        "computer",
        "domainController",
        "dsServiceName",
        "defaultNamingContext",
        "askedAccount",
        "path",
    ];
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = if name == "known" || name == "text" {
                    key
                } else {
                    name
                };
                names(value, name, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, key, found)),
        Value::String(text) if HOLD_NAMES.contains(&key) => parts(text, found),
        _ => {}
    }
}

/// Addresses wherever they stand, but those of this machine and builds, which look alike.
fn addresses(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields.values().for_each(|field| addresses(field, found)),
        Value::Array(items) => items.iter().for_each(|item| addresses(item, found)),
        Value::String(text) => {
            if let Ok(address) = text.parse::<IpAddr>()
                && !address.is_loopback()
                && !text.starts_with("2.")
            {
                found.insert(text.clone());
            }
        }
        _ => {}
    }
}

/// The parts of a name that are names by themselves.
fn parts(text: &str, found: &mut BTreeSet<String>) {
    if let Ok(dn) = Dn::parse(text)
        && text.contains('=')
    {
        for value in dn.rdns().iter().filter_map(|rdn| rdn.value()) {
            found.insert(value.to_owned());
        }
        return;
    }
    for part in text.split(['@', '\\', '.', ':']) {
        found.insert(part.to_owned());
    }
}

/// What every directory and product has: no one's name.
const PUBLIC: &[&str] = &[
    "users",
    "system",
    "configuration",
    "sites",
    "servers",
    "services",
    "builtin",
    "computers",
    "domain controllers",
    "ntds settings",
    "default-first-site-name",
    "microsoft",
    "windows",
    "microsoftonline",
    "onmicrosoft",
    "local",
    "test",
    "ldap",
    "name",
    "user",
    "default",
    "active",
    "admin",
    "provisioningapi",
    "adminwebservice",
    "login",
    "secure",
    "graph",
    "prod",
    "autologon",
    "microsoftazuread-sso",
    "adnotifications",
    "windowsazure",
    "management",
    "core",
    "azure",
    "policykeyservice",
    "aadconnecthealth",
    "azure-api",
    "adhybridhealth",
    "ctldl",
    "windowsupdate",
    "export",
    "delta",
    "full",
    "fqdn",
    "domain",
    "forest",
    "server",
    "true",
    "false",
    "connector",
    "administrators",
    "adsync",
    "enabled",
    "disabledbydefault",
    "schusestrongcrypto",
    "systemdefaulttlsversions",
    "nt service",
    "domain admins",
    "enterprise admins",
    "password",
    "domain users",
];

#[test]
fn no_name_of_any_fixture_survives_and_every_file_loads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.phs");
    let mut looked_for = 0;
    for fixture in fixtures() {
        let name = fixture.display();
        let json = std::fs::read(&fixture).unwrap();
        let evidence: Evidence = serde_json::from_slice(&json).unwrap();
        write(&path, &evidence);
        let text = unpacked(&path).to_lowercase();
        let mut found = BTreeSet::new();
        names(&serde_json::to_value(&evidence).unwrap(), "", &mut found);
        addresses(&serde_json::to_value(&evidence).unwrap(), &mut found);
        for original in found {
            let lower = original.to_lowercase();
            // Short ones stand in other words.
            if lower.len() < 5 || lower.starts_with('_') || PUBLIC.contains(&lower.as_str()) {
                continue;
            }
            looked_for += 1;
            if let Some(at) = text.find(&lower) {
                let from = text.floor_char_boundary(at.saturating_sub(80));
                let to = text.ceil_char_boundary(at + 80);
                panic!("{name}: {original} survives in {}", &text[from..to]);
            }
        }
        assert!(!text.contains("sync1-host"));
        let mut file = EvidenceFile::open(&path).unwrap();
        assert!(file.manifest().redacted);
        let loaded = file.load_with_users(1_000);
        assert_eq!(loaded.problems, [], "{name}");
        assert_eq!(
            loaded.evidence.recorded.unwrap().len(),
            findings(&evidence).len(),
            "{name}"
        );
    }
    assert!(looked_for > 1_000, "{looked_for}");
}

#[test]
fn one_name_has_one_pseudonym_and_the_shape_stays() {
    let evidence: Evidence = serde_json::from_value(serde_json::json!({
        "directory": {
            "source": "dc1.tailspin.example.com:636",
            "forest": {"known": "tailspin.example.com"},
            "domains": [{
                "distinguishedName": "DC=tailspin,DC=example,DC=com",
                "dnsName": "tailspin.example.com",
                "netbiosName": {"known": "TAILSPIN"},
                "sid": {"known": "S-1-5-21-1-2-3"},
                "descriptor": {"known": "AQAUgAAAAAAAAAAAAAAAAAAAAAA="},
            }],
            "accounts": [{
                "sid": "S-1-5-21-1-2-3-1104",
                "distinguishedName": "CN=Nordmann\\, Kari,OU=Sales,DC=tailspin,DC=example,DC=com",
                "samAccountName": {"known": "kari"},
                "userPrincipalName": {"known": "kari@tailspin.example.com"},
                "description": {"known": "made for Ola"},
                "domain": "DC=tailspin,DC=example,DC=com",
            }],
        },
    }))
    .unwrap();
    let mut redactor = Redactor::default();
    let redacted = redactor.evidence(&evidence, &[]).unwrap();
    let directory = redacted.directory.unwrap();
    let domain = &directory.domains[0];
    let account = &directory.accounts[0];
    let label = domain.netbios_name.known().unwrap();
    assert!(label.starts_with("domain"), "{label}");
    assert!(
        domain.dns_name.starts_with(&format!("{label}.")),
        "{}",
        domain.dns_name
    );
    assert!(directory.source.ends_with(":636"));
    assert!(
        directory.source.contains(&domain.dns_name),
        "{}",
        directory.source
    );
    assert!(domain.descriptor.known().is_none());
    let sid = domain.sid.known().unwrap().to_string();
    assert_ne!(sid, "S-1-5-21-1-2-3");
    assert_eq!(account.sid.to_string(), format!("{sid}-1104"));
    assert!(
        account
            .distinguished_name
            .ends_with(&domain.distinguished_name)
    );
    let name = account.sam_account_name.known().unwrap();
    assert_eq!(
        account.user_principal_name.known().unwrap(),
        &format!("{name}@{}", domain.dns_name)
    );
    let again = Redactor::default().evidence(&evidence, &[]).unwrap();
    assert_eq!(again.directory.unwrap(), directory);
}

/// What the redacted file says, as JSON, of evidence and of what was found in it.
fn redacted(evidence: &Value) -> (Value, Vec<FindingRecord>) {
    let evidence: Evidence = serde_json::from_value(evidence.clone()).unwrap();
    let redacted = Redactor::default()
        .evidence(&evidence, &findings(&evidence))
        .unwrap();
    let recorded = redacted.recorded.clone().unwrap();
    (serde_json::to_value(redacted).unwrap(), recorded)
}

#[test]
fn words_times_numbers_and_builds_of_findings_stay() {
    let (json, recorded) = redacted(&serde_json::json!({
        "server": {
            "source": "/exports/tailspin",
            "name": {"known": "TAILSPIN-SYNC01"},
            "settings": {"known": {
                "Microsoft.Synchronize.ServerConfigurationVersion": "1.1.130.0",
                "Microsoft.Synchronize.SchedulerSuspended": "True",
                "Microsoft.Synchronize.SynchronizationSchedule": "True",
                "Microsoft.Synchronize.RunHistoryPurgeInterval": "7.00:00:00",
                "Microsoft.OptionalFeature.AutoUpgradeState": "Suspended",
            }},
            "connectors": [{
                "source": "x",
                "identifier": "c0000000-0000-4001-8000-000000000000",
                "name": "tailspin.com - May 2026",
                "kind": "activeDirectory",
                "forestName": {"known": "tailspin.com"},
                "passwordHashSync": {"known": {"enabled": false, "target": null}},
                "runProfiles": [{"identifier": "c0000000-0000-4001-8000-000000000001", "name": "Export", "steps": []}],
            }],
        },
    }));
    let of = |id: &str| recorded.iter().find(|row| row.check_id == id).unwrap();
    assert_eq!(of("PHS501").target, "user-in-scope");
    let scheduler = of("PHS402");
    assert!(
        scheduler.message.contains("it is suspended"),
        "{scheduler:?}"
    );
    let build = of("PHS806");
    assert!(
        build
            .message
            .starts_with("Build 1.1.130.0 is retired since 20"),
        "{build:?}"
    );
    assert!(
        build
            .remediation
            .iter()
            .any(|text| text.contains("xport the configuration"))
    );
    let settings = &json["server"]["settings"]["known"];
    assert_eq!(
        settings["Microsoft.Synchronize.ServerConfigurationVersion"],
        "1.1.130.0"
    );
    assert_eq!(
        settings["Microsoft.Synchronize.RunHistoryPurgeInterval"],
        "7.00:00:00"
    );
    assert_eq!(
        settings["Microsoft.OptionalFeature.AutoUpgradeState"],
        "Suspended"
    );
    assert!(!json.to_string().to_lowercase().contains("tailspin"));
}

#[test]
fn a_domain_has_one_pseudonym_in_evidence_and_findings() {
    let (json, recorded) = redacted(&serde_json::json!({
        "server": {
            "source": "x",
            "connectors": [
                {"source": "x", "identifier": "c0000000-0000-4001-8000-000000000009", "name": "tailspin.onmicrosoft.com - AAD", "kind": "entra"},
                {
                    "source": "x",
                    "identifier": "c0000000-0000-4001-8000-000000000000",
                    "name": "eu.tailspin.com",
                    "kind": "activeDirectory",
                    "forestName": {"known": "eu.tailspin.com"},
                    "passwordHashSync": {"known": {"enabled": false, "target": null}},
                    "partitions": [{
                        "identifier": "c0000000-0000-4001-8000-000000000002",
                        "distinguishedName": "DC=eu,DC=tailspin,DC=com",
                        "selected": {"known": true},
                        "objectClasses": ["user", "tailspinBadge", "extension_0123456789abcdef0123456789abcdef_badge"],
                    }],
                },
            ],
        },
    }));
    let connector = &json["server"]["connectors"][1];
    let domain = connector["forestName"]["known"].as_str().unwrap();
    let dn = connector["partitions"][0]["distinguishedName"]
        .as_str()
        .unwrap();
    assert_eq!(dn, format!("DC={}", domain.replace('.', ",DC=")));
    let channel = recorded
        .iter()
        .find(|row| row.check_id == "PHS201")
        .unwrap();
    assert!(
        channel
            .message
            .ends_with(&format!("for connector {domain}.")),
        "{domain}: {channel:?}"
    );
    let text = json.to_string().to_lowercase();
    assert!(!text.contains("tailspin"), "{text}");
    assert!(!text.contains("0123456789abcdef"), "{text}");
}

#[test]
fn a_policy_file_is_redacted_too() {
    let (json, _) = redacted(&serde_json::json!({
        "server": {
            "source": "tailspin.json",
            "settingsSource": "tailspin.json",
            "policy": {"file": "tailspin.json", "origin": "migrated", "version": "2.3.6.0", "listedRules": []},
        },
    }));
    assert_eq!(json["server"]["policy"]["origin"], "migrated");
    assert_eq!(json["server"]["policy"]["version"], "2.3.6.0");
    assert!(!json.to_string().contains("tailspin"));
}

#[test]
fn findings_do_not_quote_what_the_evidence_leaves_out() {
    let (json, recorded) = redacted(&serde_json::json!({
        "server": {
            "source": "x",
            "settings": {"known": {
                "Microsoft.Synchronize.ServerConfigurationVersion": "tailspin build",
                "Microsoft.Synchronize.NextStartTime": "tailspin time",
            }},
            "unreadable": [
                {"part": "Rule", "source": "a.xml", "errorId": "Phs.Export.Invalid", "detail": "found <tailspin> at a.xml", "reason": "Unreadable"},
                {"part": "Connector", "source": "b.xml", "errorId": "Phs.Policy.NotHeld", "detail": "rule tailspin is not held", "reason": "NotSupported"},
            ],
        },
        "notCollected": [
            {"kind": "Events", "reason": "Unreadable", "errorId": "Phs.Event.NotFound", "detail": "/home/tailspin/a.evtx does not exist."},
        ],
    }));
    let heartbeat = recorded
        .iter()
        .find(|row| row.check_id == "PHS801")
        .unwrap();
    assert!(heartbeat.message.ends_with("(redacted)"), "{heartbeat:?}");
    let recorded = serde_json::to_string(&recorded).unwrap();
    assert!(!recorded.contains("tailspin"), "{recorded}");
    assert!(!json["server"].to_string().contains("tailspin"), "{json}");
}
