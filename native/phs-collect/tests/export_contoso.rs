//! What is true of the Contoso export, by its own README, through the runs that the C ABI starts.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use std::path::PathBuf;
use std::sync::Arc;

use phs_collect::event::{Event, Summary};
use phs_collect::problem::ProblemRecord;
use phs_collect::run::{
    self, Diagnostic, GetConnectorAccount, InvokeDiagnostics, TestSignInMethod, TestStagingMode,
};
use phs_collect::secret::NoSecrets;
use phs_core::report::{AccountRecord, FindingRecord};
use serde_json::json;

#[derive(Default)]
struct Told {
    findings: Vec<FindingRecord>,
    accounts: Vec<AccountRecord>,
    errors: Vec<ProblemRecord>,
    progress: Vec<i32>,
    summary: Option<Summary>,
}

impl Told {
    fn of(&self, check: &str) -> Vec<&FindingRecord> {
        self.findings
            .iter()
            .filter(|finding| finding.check_id == check)
            .collect()
    }

    fn outcome(&self, check: &str) -> &str {
        match self.of(check)[..] {
            [only] => &only.outcome,
            ref several => panic!("{check}: {several:?}"),
        }
    }
}

/// The export, if it lies beside the repository; says loudly when it does not.
fn contoso() -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/aadconnect-contoso/Contoso/Production");
    if path.is_dir() {
        return Some(path.to_str().unwrap().to_owned());
    }
    eprintln!("SKIPPED: no Contoso export at {}", path.display());
    None
}

async fn tell<D: Diagnostic>(request: serde_json::Value) -> Told {
    let diagnostic: D = run::parse(request.to_string().as_bytes()).unwrap();
    let today = "2026-11-24T00:00:00Z".parse().unwrap();
    let mut run = run::start(diagnostic, today, Arc::new(NoSecrets));
    let mut told = Told::default();
    while let Some(event) = run.events.recv().await {
        match event {
            Event::Finding { findings } => told.findings.extend(findings),
            Event::Account { accounts } => told.accounts.extend(accounts),
            Event::Error { error } => told.errors.push(error),
            Event::Progress { progress } => told.progress.push(progress.percent),
            Event::Finished { summary } => told.summary = Some(summary),
            _ => {}
        }
    }
    told
}

#[tokio::test]
async fn the_whole_guide() {
    let Some(path) = contoso() else { return };
    let told = tell::<InvokeDiagnostics>(json!({
        "path": path,
        "options": {"moduleVersion": run::LIBRARY_VERSION, "suppress": ["PHS204:no such connector"]},
    }))
    .await;
    assert!(told.errors.is_empty(), "{:?}", told.errors);

    let off = told.of("PHS201");
    assert_eq!(off.len(), 1);
    assert_eq!(off[0].outcome, "Failed");
    assert_eq!(off[0].severity, "Critical");
    assert_eq!(off[0].target, "contoso.com");
    assert!(off[0].why.is_some());
    let commands = off[0].remediation.join("\n");
    assert!(
        commands.contains("-SourceConnector 'contoso.com'"),
        "{commands}"
    );
    assert!(
        commands.contains("-TargetConnector 'contoso.onmicrosoft.com - AAD'"),
        "{commands}"
    );
    let rows: Vec<_> = off[0]
        .evidence
        .iter()
        .map(|row| (row.attribute.as_str(), row.value.as_str()))
        .collect();
    assert!(
        rows.contains(&("password-hash-sync-config/enabled", "0")),
        "{rows:?}"
    );
    assert!(
        rows.contains(&("Microsoft.OptionalFeature.PasswordHashSync", "False")),
        "{rows:?}"
    );

    assert_eq!(told.outcome("PHS203"), "Skipped");
    assert_eq!(
        told.of("PHS203")[0].skip_reason.as_deref(),
        Some("EvidenceMissing")
    );
    assert_eq!(told.outcome("PHS204"), "Passed");
    let rules = &told.of("PHS204")[0].message;
    assert!(
        rules.contains("In from AD - User AccountEnabled"),
        "{rules}"
    );
    assert!(rules.contains("Out to AAD - User Join"), "{rules}");
    for check in ["PHS205", "PHS401", "PHS402"] {
        assert_eq!(told.outcome(check), "Passed", "{check}");
    }
    assert_eq!(told.of("PHS205")[0].target, "DC=contoso,DC=com");
    // Retired long ago, but so is the evidence.
    assert_eq!(told.outcome("PHS806"), "Warning");

    let tool: Vec<_> = told
        .of("PHS901")
        .iter()
        .map(|row| row.outcome.clone())
        .collect();
    assert_eq!(
        tool,
        ["Passed", "Warning"],
        "the suppression covered nothing"
    );
    for check in phs_core::check::ALL {
        let per_user =
            check.step >= phs_core::check::Step::B1 && check.step <= phs_core::check::Step::B3;
        assert!(
            per_user || !told.of(check.id).is_empty(),
            "{} is silent",
            check.id
        );
    }
    for finding in &told.findings {
        assert_eq!(finding.fingerprint.len(), 64);
        assert!(!finding.message.contains('['), "{}", finding.message);
    }
    let summary = told.summary.unwrap();
    assert_eq!((summary.failed, summary.errors), (1, 0));
    assert!(summary.unanswered_steps.contains(&"A1".to_owned()));
    assert!(!summary.unanswered_steps.contains(&"A2".to_owned()));
    assert!(told.progress.is_sorted(), "{:?}", told.progress);
}

#[tokio::test]
async fn one_step_alone() {
    let Some(path) = contoso() else { return };
    let told = tell::<TestSignInMethod>(json!({"path": path})).await;
    assert!(told.findings.iter().all(|finding| finding.step == "A2"));
    assert_eq!(told.outcome("PHS201"), "Failed");
    let told = tell::<TestStagingMode>(json!({"path": path})).await;
    assert!(told.findings.iter().all(|finding| finding.step == "A4"));
    assert_eq!(told.outcome("PHS401"), "Passed");
    let told = tell::<InvokeDiagnostics>(json!({"path": path, "steps": ["a4"]})).await;
    assert!(told.findings.iter().all(|finding| finding.step == "A4"));
}

#[tokio::test]
async fn the_account_is_recognised() {
    let Some(path) = contoso() else { return };
    let told = tell::<GetConnectorAccount>(json!({"path": path})).await;
    assert!(told.errors.is_empty(), "{:?}", told.errors);
    let [account] = &told.accounts[..] else {
        panic!("{:?}", told.accounts)
    };
    assert_eq!(account.name, "CONTOSO\\MSOL_d1edb676ca03");
    assert_eq!(
        account.sam_account_name.as_deref(),
        Some("MSOL_d1edb676ca03")
    );
    assert_eq!(account.connector.as_deref(), Some("contoso.com"));
    assert_eq!(account.forest.as_deref(), Some("contoso.com"));
    assert_eq!(account.identified_by.len(), 1);
}

#[tokio::test]
async fn requests_that_name_nothing_or_nonsense_are_refused() {
    let told = tell::<InvokeDiagnostics>(json!({})).await;
    assert_eq!(told.errors[0].id, "Phs.Request.NoSource");
    assert!(told.errors[0].recommended_action.is_some());
    let told = tell::<InvokeDiagnostics>(json!({"path": "x", "steps": ["A9"]})).await;
    assert_eq!(told.errors[0].id, "Phs.Step.Unknown");
    assert!(run::parse::<InvokeDiagnostics>(br#"{"paht": "x"}"#).is_err());
}

#[tokio::test]
async fn a_missing_folder_is_an_error_and_every_check_says_that_it_was_not_answered() {
    let told =
        tell::<InvokeDiagnostics>(json!({"path": "/nowhere/æøå export", "steps": ["A2", "A4"]}))
            .await;
    assert_eq!(told.errors.len(), 1);
    assert_eq!(told.errors[0].id, "Phs.Export.NotFound");
    assert_eq!(told.errors[0].target, "/nowhere/æøå export");
    for check in ["PHS201", "PHS203", "PHS204", "PHS205", "PHS401", "PHS402"] {
        assert_eq!(
            told.of(check)[0].skip_reason.as_deref(),
            Some("EvidenceMissing")
        );
    }
    assert_eq!(told.summary.unwrap().unanswered_steps, ["A2", "A4"]);
}
