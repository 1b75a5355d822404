//! No name survives redaction, and what is left is still evidence.

use std::collections::BTreeSet;
use std::io::Read as _;
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
