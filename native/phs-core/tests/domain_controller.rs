//! Static verdicts compared with the answers of a domain controller.
//!
//! `tests/lab/run.sh` starts the domain controller, lets `lab.py campaign` ask it, and runs this test with `PHS_LAB` set
//! to the folder that holds `accounts.jsonl` and `answers.jsonl`; tests/lab/README.md describes both. A round with a
//! `departure` is one in which that domain controller departs from MS-ADTS: there the documents are the truth.

#![cfg(test)]

use std::collections::HashMap;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use phs_core::security::{
    ControlAccessRight, DescriptorRef, SecurityDescriptor, Sid, Token, Verdict, effective_rights,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// What is in every token of the lab's accounts beside their own groups: Everyone, Network, Authenticated Users, This
/// Organization, and the built-in groups that Authenticated Users is in by default.
const EVERYBODY: [&str; 6] = [
    "S-1-1-0",
    "S-1-5-2",
    "S-1-5-11",
    "S-1-5-15",
    "S-1-5-32-545",
    "S-1-5-32-554",
];
const RIGHTS: [ControlAccessRight; 2] = [
    ControlAccessRight::GET_CHANGES,
    ControlAccessRight::GET_CHANGES_ALL,
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    #[serde(rename = "account")]
    name: String,
    sid: Sid,
    token_groups: Vec<Sid>,
    sid_history: Vec<Sid>,
}

#[derive(Deserialize)]
struct Round {
    #[serde(rename = "round")]
    name: String,
    /// As it is in the database.
    stored: String,
    /// As an administrator reads it over LDAP, if he may.
    descriptor: Option<String>,
    answers: Vec<Answer>,
    departure: Option<Departure>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    account: String,
    get_changes: bool,
    get_changes_all: bool,
}

#[derive(Deserialize)]
struct Departure {
    section: String,
    why: String,
    adts: HashMap<String, Documented>,
}

/// What the documents say of the two rights; `None` where they leave it open.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Documented {
    get_changes: Option<bool>,
    get_changes_all: Option<bool>,
}

fn lines<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let folder =
        std::env::var_os("PHS_LAB").expect("PHS_LAB names the lab's folder: run tests/lab/run.sh");
    let path = PathBuf::from(folder).join(name);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines()
        .map(|line| {
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}: {error}: {line}"))
        })
        .collect()
}

fn sid(text: &str) -> Sid {
    text.parse().unwrap()
}

fn token(account: &Account) -> Token {
    let own = [account.sid]
        .into_iter()
        .chain(account.token_groups.iter().copied());
    own.chain(account.sid_history.iter().copied())
        .chain(EVERYBODY.map(sid))
        .collect()
}

/// The two rights' verdicts, read as the answers the domain controller could give.
fn judge(descriptor: &[u8], token: &Token, domain: Sid) -> [Verdict; 2] {
    let descriptor = DescriptorRef::parse(descriptor).unwrap();
    effective_rights(
        &descriptor,
        token,
        RIGHTS.map(|right| right.guid),
        Some(domain.as_view()),
    )
}

#[test]
#[ignore = "needs the answers of a domain controller: run tests/lab/run.sh"]
fn verdicts_are_those_of_the_domain_controller() {
    let accounts: HashMap<_, _> = lines::<Account>("accounts.jsonl")
        .into_iter()
        .map(|account| (account.name.clone(), account))
        .collect();
    let rounds: Vec<Round> = lines("answers.jsonl");
    let domain = sid("S-1-5-21-1718281828-459045235-360287471");
    let (mut compared, mut granted, mut faults) = (0, 0, Vec::new());
    for round in &rounds {
        let stored = STANDARD.decode(&round.stored).unwrap();
        let shown = round
            .descriptor
            .as_ref()
            .map(|text| STANDARD.decode(text).unwrap());
        for answer in &round.answers {
            let token = token(&accounts[&answer.account]);
            let (expected, sources) = match &round.departure {
                None => (
                    [Some(answer.get_changes), Some(answer.get_changes_all)],
                    [Some(&stored), shown.as_ref()],
                ),
                Some(departure) => {
                    let adts = &departure.adts[&answer.account];
                    (
                        [adts.get_changes, adts.get_changes_all],
                        [Some(&stored), None],
                    )
                }
            };
            for bytes in sources.into_iter().flatten() {
                let verdicts = judge(bytes, &token, domain);
                for ((right, verdict), expected) in RIGHTS.iter().zip(verdicts).zip(expected) {
                    let conditional = round.name.starts_with("callback-");
                    let agrees = match expected {
                        Some(held) => verdict.is_granted() == held,
                        None if conditional => matches!(verdict, Verdict::Undetermined { .. }),
                        None => true,
                    };
                    compared += 1;
                    granted += usize::from(verdict.is_granted());
                    if !agrees {
                        let name = &answer.account;
                        faults.push(format!(
                            "{} {name} {}: {verdict:?}, not {expected:?}",
                            round.name, right.name
                        ));
                    }
                }
            }
        }
    }
    for round in &rounds {
        if let Some(departure) = &round.departure {
            println!(
                "departure {}: {} ({})",
                round.name, departure.why, departure.section
            );
        }
    }
    println!(
        "{compared} verdicts in {} rounds, {granted} granted",
        rounds.len()
    );
    assert!(
        faults.is_empty(),
        "{} disagreements:\n{}",
        faults.len(),
        faults.join("\n")
    );
    // The comparison is worth something only on the whole lab, with answers of both kinds.
    assert!(rounds.len() > 200 && granted > compared / 10 && granted < compared * 9 / 10);
}

#[test]
#[ignore = "needs the descriptors of a domain controller: run tests/lab/run.sh"]
fn descriptors_of_the_domain_controller_come_back_byte_for_byte() {
    // Slack is not part of a descriptor's meaning, and is not kept.
    let slack = ["acl-slack", "ace-slack", "trailing-slack"];
    for round in lines::<Round>("answers.jsonl") {
        if slack.contains(&round.name.as_str()) {
            continue;
        }
        let bytes = STANDARD.decode(&round.stored).unwrap();
        let owned = SecurityDescriptor::parse(&bytes)
            .unwrap_or_else(|error| panic!("{}: {error}", round.name));
        assert_eq!(owned.to_bytes().unwrap(), bytes, "{}", round.name);
    }
}
