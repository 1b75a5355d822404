//! Exports against each other, through the run that the C ABI starts: an export against itself, and against a copy with one
//! edit in its files.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use phs_collect::event::Event;
use phs_collect::problem::ProblemRecord;
use phs_collect::run::{self, CompareEvidence};
use phs_collect::secret::NoSecrets;
use phs_core::report::DifferenceRecord;
use serde_json::json;

const AD: &str = "Connectors/Connector_{ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d}.xml";
const ENABLED_RULE: &str = "In from AD - User AccountEnabled";

/// The export, if it lies beside the repository; says loudly when it does not.
fn contoso() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/aadconnect-contoso/Contoso/Production");
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("SKIPPED: no Contoso export at {}", path.display());
    None
}

async fn compare(
    reference: &Path,
    difference: &Path,
) -> (Vec<DifferenceRecord>, Vec<ProblemRecord>) {
    let request = json!({
        "reference": {"path": reference},
        "difference": {"path": difference},
    });
    let diagnostic: CompareEvidence = run::parse(request.to_string().as_bytes()).unwrap();
    let today = "2026-11-24T00:00:00Z".parse().unwrap();
    let mut run = run::start(diagnostic, today, Arc::new(NoSecrets));
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    while let Some(event) = run.events.recv().await {
        match event {
            Event::Difference { differences } => found.extend(differences),
            Event::Error { error } => errors.push(error),
            _ => {}
        }
    }
    (found, errors)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The file of the rule with this name.
fn rule_file(export: &Path, name: &str) -> PathBuf {
    let wanted = format!("<name>{name}</name>");
    fs::read_dir(export.join("SynchronizationRules"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| fs::read_to_string(path).unwrap().contains(&wanted))
        .unwrap()
}

fn replace(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{from} in {}", file.display());
    fs::write(file, text.replacen(from, to, 1)).unwrap();
}

#[tokio::test]
async fn an_export_against_itself_has_no_difference() {
    let Some(path) = contoso() else { return };
    let (found, errors) = compare(&path, &path).await;
    assert!(errors.is_empty(), "{errors:?}");
    assert!(found.is_empty(), "{found:#?}");
}

struct Edit {
    name: &'static str,
    make: fn(&Path),
    kind: &'static str,
    check: Option<&'static str>,
    severity: &'static str,
    message: &'static str,
}

const EDITS: [Edit; 14] = [
    Edit {
        name: "channel",
        make: |export| {
            replace(
                &export.join(AD),
                "<enabled>0</enabled>",
                "<enabled>1</enabled>",
            );
        },
        kind: "Changed",
        check: Some("PHS201"),
        severity: "Warning",
        message: "Password hash sync for connector contoso.com is off in the reference and on in the difference.",
    },
    Edit {
        name: "staging",
        make: |export| setting(export, "Microsoft.Synchronize.StagingMode", "False", "True"),
        kind: "Changed",
        check: Some("PHS401"),
        severity: "Warning",
        message: "Staging mode is off in the reference and on in the difference.",
    },
    Edit {
        name: "scheduler",
        make: |export| {
            setting(
                export,
                "Microsoft.Synchronize.SchedulerSuspended",
                "False",
                "True",
            );
        },
        kind: "Changed",
        check: Some("PHS402"),
        severity: "Error",
        message: "The scheduler is suspended in the difference, not in the reference.",
    },
    Edit {
        name: "anchor",
        make: |export| {
            setting(
                export,
                "Microsoft.SynchronizationOption.AnchorAttribute",
                "objectGUID",
                "mS-DS-ConsistencyGuid",
            );
        },
        kind: "Changed",
        check: Some("PHS704"),
        severity: "Error",
        message: "Microsoft.SynchronizationOption.AnchorAttribute is objectGUID in the reference and mS-DS-ConsistencyGuid in the difference.",
    },
    Edit {
        name: "partition",
        make: |export| {
            replace(
                &export.join(AD),
                "<selected>1</selected>",
                "<selected>0</selected>",
            );
        },
        kind: "Changed",
        check: Some("PHS501"),
        severity: "Critical",
        message: "Partition DC=contoso,DC=com is selected in the reference and not in the difference.",
    },
    Edit {
        name: "unit",
        make: |export| {
            replace(
                &export.join(AD),
                "<inclusion>OU=CORP,DC=contoso,DC=com</inclusion>",
                "<inclusion>OU=CORP,DC=contoso,DC=com</inclusion><inclusion>OU=Lab,DC=contoso,DC=com</inclusion>",
            );
        },
        kind: "Added",
        check: Some("PHS501"),
        severity: "Error",
        message: "Container OU=Lab,DC=contoso,DC=com of partition DC=contoso,DC=com is included in the difference only.",
    },
    Edit {
        name: "preferred",
        make: |export| {
            replace(
                &export.join(AD),
                "<dc-failover>1</dc-failover>",
                "<dc-failover>0</dc-failover>",
            );
        },
        kind: "Changed",
        check: Some("PHS301"),
        severity: "Warning",
        message: "For partition DC=contoso,DC=com any domain controller is used in the reference, only preferred ones in the difference.",
    },
    Edit {
        name: "account",
        make: |export| {
            replace(
                &export.join(AD),
                "<forest-login-user>MSOL_d1edb676ca03</forest-login-user>",
                "<forest-login-user>MSOL_0123456789ab</forest-login-user>",
            );
        },
        kind: "Changed",
        check: Some("PHS101"),
        severity: "Warning",
        message: "Connector contoso.com logs on as CONTOSO\\MSOL_d1edb676ca03 in the reference and as CONTOSO\\MSOL_0123456789ab in the difference.",
    },
    Edit {
        name: "rule disabled",
        make: |export| {
            replace(
                &rule_file(export, ENABLED_RULE),
                "<disabled>False</disabled>",
                "<disabled>True</disabled>",
            );
        },
        kind: "Changed",
        check: Some("PHS204"),
        severity: "Critical",
        message: "Rule In from AD - User AccountEnabled, which carries passwords, is enabled in the reference and disabled in the difference.",
    },
    Edit {
        name: "password sync of a rule",
        make: |export| {
            replace(
                &rule_file(export, "Out to AAD - User Join"),
                "<EnablePasswordSync>true</EnablePasswordSync>",
                "<EnablePasswordSync>false</EnablePasswordSync>",
            );
        },
        kind: "Changed",
        check: Some("PHS204"),
        severity: "Critical",
        message: "Rule Out to AAD - User Join carries passwords in the reference and not in the difference (EnablePasswordSync).",
    },
    Edit {
        name: "clause",
        make: |export| {
            replace(
                &rule_file(export, ENABLED_RULE),
                "<csOperator>ISBITNOTSET</csOperator>",
                "<csOperator>ISBITSET</csOperator>",
            );
        },
        kind: "Changed",
        check: Some("PHS503"),
        severity: "Error",
        message: "The scope of rule In from AD - User AccountEnabled asks userAccountControl ISBITNOTSET 2 in the reference and userAccountControl ISBITSET 2 in the difference.",
    },
    Edit {
        name: "rule removed",
        make: |export| fs::remove_file(rule_file(export, "Out to AAD - User Join")).unwrap(),
        kind: "Removed",
        check: Some("PHS204"),
        severity: "Critical",
        message: "Rule Out to AAD - User Join, which carries passwords, is only in the reference.",
    },
    Edit {
        name: "precedence",
        make: |export| {
            let file = rule_file(export, ENABLED_RULE);
            let text = fs::read_to_string(&file).unwrap();
            let number = text
                .split("<precedence>")
                .nth(1)
                .and_then(|rest| rest.split('<').next())
                .unwrap();
            replace(
                &file,
                &format!("<precedence>{number}</precedence>"),
                "<precedence>7</precedence>",
            );
        },
        kind: "Changed",
        check: Some("PHS204"),
        severity: "Warning",
        message: "and 7 in the difference, and stands before or behind other rules.",
    },
    Edit {
        name: "connector removed",
        make: |export| fs::remove_file(export.join(AD)).unwrap(),
        kind: "Removed",
        check: Some("PHS201"),
        severity: "Critical",
        message: "Connector contoso.com and its ",
    },
];

fn setting(export: &Path, name: &str, from: &str, to: &str) {
    let file = export.join("GlobalSettings/MV.xml");
    let text = fs::read_to_string(&file).unwrap();
    let place = text.find(&format!("name=\"{name}\"")).unwrap();
    let value = place + text[place..].find(from).unwrap();
    let edited = format!("{}{to}{}", &text[..value], &text[value + from.len()..]);
    fs::write(&file, edited).unwrap();
}

#[tokio::test]
async fn one_edit_gives_exactly_its_difference() {
    let Some(path) = contoso() else { return };
    let folder = tempfile::tempdir().unwrap();
    for edit in EDITS {
        let other = folder.path().join(edit.name);
        copy(&path, &other);
        (edit.make)(&other);
        let (found, errors) = compare(&path, &other).await;
        assert!(errors.is_empty(), "{}: {errors:?}", edit.name);
        assert_eq!(found.len(), 1, "{}: {found:#?}", edit.name);
        let one = &found[0];
        assert_eq!(one.kind, edit.kind, "{}", edit.name);
        assert_eq!(one.check_id.as_deref(), edit.check, "{}", edit.name);
        assert_eq!(one.severity, edit.severity, "{}", edit.name);
        assert!(
            one.message.contains(edit.message),
            "{}: {}",
            edit.name,
            one.message
        );
    }
}

#[tokio::test]
async fn a_side_that_cannot_be_read_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/healthy");
    let gone = folder.path().join("gone");
    let (found, errors) = compare(&sample, &gone).await;
    assert!(found.is_empty());
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].id, "Phs.Export.NotFound");
    assert!(errors[0].target.ends_with("gone"));
}

#[tokio::test]
async fn a_side_that_is_not_named_ends_the_run() {
    let diagnostic: CompareEvidence = run::parse(br#"{"difference": {"path": "x"}}"#).unwrap();
    let today = "2026-11-24T00:00:00Z".parse().unwrap();
    let mut run = run::start(diagnostic, today, Arc::new(NoSecrets));
    let Some(Event::Error { error }) = run.events.recv().await else {
        panic!("no error")
    };
    assert_eq!(
        (error.id.as_str(), error.target.as_str()),
        ("Phs.Request.NoSource", "reference")
    );
}

#[tokio::test]
async fn what_could_not_be_read_is_not_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/healthy");
    let other = folder.path().join("export");
    copy(&sample, &other);
    let rule = rule_file(&other, "Out to AAD - User Join");
    fs::write(&rule, "<synchronizationRule>").unwrap();
    let (found, errors) = compare(&sample, &other).await;
    assert_eq!(errors.len(), 1);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found.iter().all(|one| one.kind == "NotComparable"));
}
