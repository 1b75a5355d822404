//! Step A1 through the real collector against a Samba domain, compared with what the domain controller itself says.
//!
//! `tests/lab/permissions.sh` starts the domain and runs these tests inside its network namespace. Without `PHS_LAB`,
//! the folder of a running lab, they do nothing and say so.

#![expect(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a helper of a test fails the test and tells its counts"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use jiff::Timestamp;
use phs_collect::event::Event;
use phs_collect::run::{self, Diagnostic, GetConnectorAccount, TestPermissions};
use phs_collect::secret::{Secret, SecretSource};
use phs_core::report::FindingRecord;
use serde_json::{Value, json};
use zeroize::Zeroizing;

const CHANGES: &str = "DS-Replication-Get-Changes";
const ALL: &str = "DS-Replication-Get-Changes-All";

/// A running lab.
struct Lab {
    folder: PathBuf,
    values: BTreeMap<String, String>,
    runtime: tokio::runtime::Runtime,
}

#[derive(Debug)]
struct OneSecret(Secret);

impl SecretSource for OneSecret {
    fn get(&self, handle: &str) -> Option<Secret> {
        (handle == "1").then(|| self.0.clone())
    }
}

impl Lab {
    fn open() -> Option<Self> {
        let Some(folder) = std::env::var_os("PHS_LAB").map(PathBuf::from) else {
            println!("skipped: PHS_LAB names no running lab; use tests/lab/permissions.sh");
            return None;
        };
        let values = std::fs::read_to_string(folder.join("env"))
            .unwrap()
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Some(Self {
            folder,
            values,
            runtime: tokio::runtime::Runtime::new().unwrap(),
        })
    }

    fn lines(path: &Path) -> Vec<Value> {
        std::fs::read_to_string(path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn tool(&self, arguments: &[&str]) {
        let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/lab/lab.py");
        let (task, rest) = arguments.split_first().unwrap();
        let status = Command::new(tool)
            .arg(task)
            .arg(&self.folder)
            .args(rest)
            .stdout(std::process::Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "lab.py {arguments:?}");
    }

    /// What the product says of an account, through the same run that the module starts.
    fn diagnose(&self, account: &str, encryption: &str) -> Vec<FindingRecord> {
        let mut findings = Vec::new();
        let more = json!({"connectorAccount": account, "encryption": encryption});
        for event in self.run::<TestPermissions>(&more) {
            match event {
                Event::Finding { findings: more } => findings.extend(more),
                Event::Error { error } => panic!("{account}: {error:?}"),
                _ => {}
            }
        }
        findings
    }

    /// The events of a run against the lab as its administrator.
    fn run<D: Diagnostic>(&self, more: &Value) -> Vec<Event> {
        let mut request = json!({
            "server": self.values["LAB_SERVER"],
            "credential": {
                "user": format!("{}\\{}", self.values["LAB_NETBIOS"], self.values["LAB_ADMIN"]),
                "secret": "1",
            },
            "caCertificate": self.values["LAB_CA"],
        });
        request
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let request: D = run::parse(request.to_string().as_bytes()).unwrap();
        let password = std::fs::read_to_string(&self.values["LAB_ADMIN_PASSWORD_FILE"]).unwrap();
        let secret = Secret::new(Zeroizing::new(password.trim_end().encode_utf16().collect()));
        self.runtime.block_on(async {
            let mut run = run::start(request, Timestamp::now(), Arc::new(OneSecret(secret)));
            let mut events = Vec::new();
            while let Some(event) = run.events.recv().await {
                events.push(event);
            }
            events
        })
    }
}

fn only<'a>(findings: &'a [FindingRecord], id: &str) -> &'a FindingRecord {
    let mut found = findings.iter().filter(|finding| finding.check_id == id);
    let finding = found
        .next()
        .unwrap_or_else(|| panic!("no {id}: {findings:#?}"));
    assert!(found.next().is_none(), "{id} twice");
    finding
}

/// The verdict on one right: true, false, or none where it is undetermined or the descriptor came back mangled.
fn verdict(finding: &FindingRecord, right: &str) -> Option<bool> {
    let row = finding.evidence.iter().find(|row| row.attribute == right)?;
    match row.value.split(' ').next() {
        Some("Granted") => Some(true),
        Some("Denied") => Some(false),
        _ => None,
    }
}

/// The account in each of the forms that the product takes, by turns.
fn form(lab: &Lab, account: &Value, turn: usize) -> String {
    let name = account["account"].as_str().unwrap();
    match turn % 5 {
        0 => name.to_owned(),
        1 => format!("{}\\{name}", lab.values["LAB_NETBIOS"]),
        2 => account["dn"].as_str().unwrap().to_owned(),
        3 => account["sid"].as_str().unwrap().to_owned(),
        _ => format!("{name}@{}", lab.values["LAB_DOMAIN"]),
    }
}

#[test]
#[ignore = "needs a Samba domain: tests/lab/permissions.sh"]
fn verdicts_agree_with_the_domain_controller() {
    let Some(lab) = Lab::open() else { return };
    let answers = PathBuf::from(std::env::var_os("PHS_LAB_ANSWERS").unwrap());
    let accounts: BTreeMap<String, Value> = Lab::lines(&lab.folder.join("accounts.jsonl"))
        .into_iter()
        .map(|row| (row["account"].as_str().unwrap().to_owned(), row))
        .collect();
    let (mut passed, mut failed, mut undecided, mut hidden) = (0_u32, 0_u32, 0_u32, 0_u32);
    let (mut rounds, mut random) = (0_u32, 0_u32);
    let mut turn = 0;
    let mut seen = std::collections::BTreeSet::new();
    for round in Lab::lines(&answers) {
        let name = round["round"].as_str().unwrap();
        rounds += 1;
        random += u32::from(name.starts_with("random-"));
        lab.tool(&["apply", name]);
        for answer in round["answers"].as_array().unwrap() {
            let account = answer["account"].as_str().unwrap();
            turn += 1;
            let findings = lab.diagnose(
                &form(&lab, &accounts[account], turn),
                if turn % 7 == 0 { "StartTls" } else { "Auto" },
            );
            let finding = only(&findings, "PHS101");
            if round["descriptor"].is_null() {
                // The server shows no descriptor: nothing to judge, and no verdict may be given.
                assert_eq!(finding.outcome, "Skipped", "{name} {account}");
                hidden += 1;
                continue;
            }
            seen.insert(account.to_owned());
            let mut all_granted = true;
            for (right, key) in [(CHANGES, "getChanges"), (ALL, "getChangesAll")] {
                let expected = match &round["departure"]["adts"][account] {
                    Value::Null => answer[key].as_bool(),
                    departure => departure[key].as_bool(),
                };
                let ours = verdict(finding, right);
                all_granted &= ours == Some(true);
                match expected {
                    None => undecided += 1,
                    Some(_) if ours == expected => passed += 1,
                    Some(_) => {
                        failed += 1;
                        println!(
                            "{name} {account} {key}: {ours:?}, not {expected:?}: {finding:#?}"
                        );
                    }
                }
            }
            assert_eq!(
                finding.outcome == "Passed",
                all_granted,
                "{name} {account}: {finding:#?}"
            );
        }
        if let Some(departure) = round.get("departure") {
            println!(
                "departure of the server in round {name}: {} ({})",
                departure["why"].as_str().unwrap(),
                departure["section"].as_str().unwrap()
            );
        }
    }
    println!(
        "{rounds} rounds, {random} of them random; {} accounts; {undecided} rights not decided by what a client reads, {hidden} heads not shown",
        seen.len()
    );
    println!("{passed} passed, {failed} failed");
    assert!(random >= 200, "only {random} random rounds");
    assert!(seen.len() >= 60, "only {} accounts", seen.len());
    assert_eq!(failed, 0);
}

#[test]
#[ignore = "needs a Samba domain: tests/lab/permissions.sh"]
fn states_agree_with_the_refused_logon() {
    let Some(lab) = Lab::open() else { return };
    let answers = PathBuf::from(std::env::var_os("PHS_LAB_STATES").unwrap());
    let mut compared = 0;
    for row in Lab::lines(&answers) {
        let account = row["account"].as_str().unwrap();
        let findings = lab.diagnose(account, "Ldaps");
        let state = only(&findings, "PHS102");
        let refused = row["ldapData"].as_str().unwrap_or_default();
        let reason = match refused {
            "533" => "disabled",
            "701" => "expired at",
            "775" => "locked",
            "532" => "password has expired",
            "773" => "must be changed",
            other => panic!("{account}: unexpected sub-code {other}: {row}"),
        };
        assert_eq!(state.outcome, "Failed", "{account}: {state:#?}");
        assert!(
            state.message.contains(reason),
            "{account} {refused}: {}",
            state.message
        );
        compared += 1;
    }
    println!("{compared} passed, 0 failed");
    assert!(compared >= 4);
}

#[test]
#[ignore = "needs a Samba domain: tests/lab/permissions.sh"]
fn candidates_are_found_and_each_is_judged() {
    let Some(lab) = Lab::open() else { return };
    let mut accounts = Vec::new();
    for event in lab.run::<GetConnectorAccount>(&json!({})) {
        match event {
            Event::Account { accounts: more } => accounts.extend(more),
            Event::Error { error } => panic!("{error:?}"),
            _ => {}
        }
    }
    let names: Vec<_> = accounts
        .iter()
        .map(|account| account.name.as_str())
        .collect();
    for expected in ["CONTOSO\\MSOL_good", "CONTOSO\\MSOL_old"] {
        assert!(names.contains(&expected), "{names:?}");
    }
    // Whoever merely holds the rights is shown, and is not judged.
    assert!(names.contains(&"CONTOSO\\direct-both"), "{names:?}");

    let mut findings = Vec::new();
    for event in lab.run::<TestPermissions>(&json!({})) {
        if let Event::Finding { findings: more } = event {
            findings.extend(more);
        }
    }
    let judged: Vec<_> = findings
        .iter()
        .filter(|finding| finding.check_id == "PHS101")
        .map(|finding| finding.target.as_str())
        .collect();
    assert!(
        judged.contains(&"contoso.test (CONTOSO\\MSOL_good)"),
        "{judged:?}"
    );
    assert!(
        !judged.contains(&"contoso.test (CONTOSO\\direct-both)"),
        "{judged:?}"
    );
    let ambiguous = only(&findings, "PHS105");
    assert_eq!(ambiguous.outcome, "Warning", "{ambiguous:#?}");
    println!(
        "{} accounts listed, {} judged: {}",
        names.len(),
        judged.len(),
        ambiguous.message
    );
    println!("1 passed, 0 failed");
}
