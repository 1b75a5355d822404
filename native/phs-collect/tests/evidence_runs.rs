//! Runs on evidence files: the same findings as on the sources that they were made of.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use phs_collect::event::Event;
use phs_collect::evidence_file::EvidenceWriter;
use phs_collect::problem::ProblemRecord;
use phs_collect::run::{
    self, Diagnostic, ExportEvidence, GetConnectorAccount, ImportEvidence, InvokeDiagnostics,
    InvokeUserAudit, TestConnectivity, TestPermissions, TestSignInMethod, TestStagingMode,
    TestTemporaryPassword, TestUser,
};
use phs_collect::secret::NoSecrets;
use phs_core::evidence::Evidence;
use phs_core::evidence::manifest::Manifest;
use phs_core::report::{AuditSummary, EvidenceFileRecord, FindingRecord, UserVerdictRecord};
use serde_json::{Value, json};

#[derive(Default)]
struct Told {
    findings: Vec<FindingRecord>,
    verdicts: Vec<UserVerdictRecord>,
    errors: Vec<ProblemRecord>,
    evidence: Vec<EvidenceFileRecord>,
    audits: Vec<AuditSummary>,
    accounts: usize,
    logs: Vec<String>,
}

const THAT_DAY: &str = "2026-10-02T12:00:00Z";
const A_YEAR_LATER: &str = "2027-10-02T12:00:00Z";

fn run_at<D: Diagnostic>(now: &str, request: &Value) -> Told {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let diagnostic: D = run::parse(&serde_json::to_vec(request).unwrap()).unwrap();
    let now: Timestamp = now.parse().unwrap();
    runtime.block_on(async {
        let mut run = run::start(diagnostic, now, Arc::new(NoSecrets));
        let mut told = Told::default();
        while let Some(event) = run.events.recv().await {
            match event {
                Event::Finding { findings } => told.findings.extend(findings),
                Event::Verdict { verdicts } => told.verdicts.extend(verdicts),
                Event::Error { error } => told.errors.push(error),
                Event::Evidence { evidence } => told.evidence.push(evidence),
                Event::Audit { audit } => told.audits.push(audit),
                Event::Log { log } => told.logs.push(log.message),
                Event::Account { accounts } => told.accounts += accounts.len(),
                _ => {}
            }
        }
        told
    })
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn timeless(mut findings: Vec<FindingRecord>) -> Vec<FindingRecord> {
    for finding in &mut findings {
        finding.observed_at = None;
        for row in &mut finding.evidence {
            row.observed_at = None;
        }
    }
    findings
}

#[test]
fn an_export_is_judged_a_year_later_as_on_that_day() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one.phs");
    for sample in ["samples/fabrikam", "samples/healthy"] {
        let path = root().join(sample);
        let live = run_at::<InvokeDiagnostics>(THAT_DAY, &json!({"path": path}));
        let exported = run_at::<ExportEvidence>(
            THAT_DAY,
            &json!({"path": path, "file": file, "force": true}),
        );
        assert_eq!(exported.errors, []);
        assert_eq!(exported.evidence.len(), 1);
        assert_eq!(exported.evidence[0].collected_at.to_string(), THAT_DAY);
        let later = run_at::<InvokeDiagnostics>(A_YEAR_LATER, &json!({"evidence": {"file": file}}));
        assert_eq!(later.errors, []);
        assert!(live.findings.len() > 15);
        assert_eq!(
            timeless(later.findings),
            timeless(live.findings),
            "{sample}"
        );

        for (one, both) in [
            (
                run_at::<TestStagingMode>(THAT_DAY, &json!({"path": path})),
                run_at::<TestStagingMode>(A_YEAR_LATER, &json!({"evidence": {"file": file}})),
            ),
            (
                run_at::<TestSignInMethod>(THAT_DAY, &json!({"path": path})),
                run_at::<TestSignInMethod>(A_YEAR_LATER, &json!({"evidence": {"file": file}})),
            ),
        ] {
            assert!(!one.findings.is_empty());
            assert_eq!(timeless(both.findings), timeless(one.findings));
        }
        let accounts =
            run_at::<GetConnectorAccount>(A_YEAR_LATER, &json!({"evidence": {"file": file}}));
        assert!(accounts.accounts > 0);
    }
}

/// A file of a committed fixture.
fn file_of(fixture: &str, path: &Path) -> Evidence {
    let json = std::fs::read(root().join("tests/fixtures/checks").join(fixture)).unwrap();
    let evidence: Evidence = serde_json::from_slice(&json).unwrap();
    let mut writer = EvidenceWriter::create(path, true).unwrap();
    writer.evidence(&evidence).unwrap();
    let manifest = Manifest {
        collected_at: THAT_DAY.parse().unwrap(),
        evidence_at: evidence.collected_at,
        ..Manifest::default()
    };
    writer.finish(manifest).unwrap();
    evidence
}

#[test]
fn steps_of_the_directory_and_the_network_need_neither() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one.phs");
    file_of("PHS101/failed.json", &file);
    let told = run_at::<TestPermissions>(A_YEAR_LATER, &json!({"evidence": {"file": file}}));
    assert_eq!(told.errors, []);
    assert!(
        told.findings
            .iter()
            .any(|finding| finding.check_id == "PHS101" && finding.outcome == "Failed")
    );
    file_of("PHS302/failed.json", &file);
    let told = run_at::<TestConnectivity>(A_YEAR_LATER, &json!({"evidence": {"file": file}}));
    assert_eq!(told.errors, []);
    assert!(
        told.findings
            .iter()
            .any(|finding| finding.check_id == "PHS302" && finding.outcome == "Failed")
    );
}

#[test]
fn users_are_found_by_any_name_and_audited() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one.phs");
    let evidence = file_of("PHS601/failed.json", &file);
    let user = &evidence.users.unwrap().list[0];
    let dn = user.distinguished_name.clone();
    let request = |identity: &str| json!({"evidence": {"file": file}, "identity": identity});
    let mut names = vec![dn.clone(), dn.to_uppercase()];
    for name in ["sAMAccountName", "userPrincipalName"] {
        if let Some(phs_core::evidence::user::ObservedAttribute::Text(values)) =
            user.attribute(name)
        {
            names.push(values[0].to_uppercase());
        }
    }
    assert!(names.len() > 3, "{names:?}");
    for name in names {
        let told = run_at::<TestUser>(A_YEAR_LATER, &request(&name));
        assert_eq!(told.errors, [], "{name}");
        assert_eq!(told.verdicts.len(), 1, "{name}");
        assert_eq!(told.verdicts[0].distinguished_name, dn);
    }
    let told = run_at::<TestUser>(A_YEAR_LATER, &request("nobody"));
    assert_eq!(told.errors[0].id, "Phs.User.NotInFile");
    assert_eq!(told.errors[0].target, "nobody");
    let told = run_at::<TestTemporaryPassword>(A_YEAR_LATER, &json!({"evidence": {"file": file}}));
    assert!(
        told.findings
            .iter()
            .any(|finding| finding.check_id == "PHS601")
    );
    let told = run_at::<InvokeUserAudit>(
        A_YEAR_LATER,
        &json!({"evidence": {"file": file}, "all": true}),
    );
    assert_eq!(told.errors, []);
    assert_eq!(told.audits[0].users, 1);
    assert!(
        told.logs
            .iter()
            .any(|line| line.contains("holds only") && line.contains("-AllUsers")),
        "{:?}",
        told.logs
    );
    assert_eq!(told.verdicts.len(), 1);
    // Users that were asked for by name when the file was written are judged with it.
    let told = run_at::<InvokeDiagnostics>(A_YEAR_LATER, &json!({"evidence": {"file": file}}));
    assert!(
        told.findings
            .iter()
            .any(|finding| finding.check_id == "PHS601" && finding.outcome == "Failed")
    );
}

#[test]
fn what_could_not_be_collected_is_said_live_and_from_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one.phs");
    // Not a forest: nothing listens there. The address is of this machine.
    let sources = json!({
        "path": root().join("samples/healthy"),
        "server": "127.0.0.1:1",
        "timeoutSec": 2,
    });
    let mut live = sources.clone();
    live["steps"] = json!(["A1", "A2", "A4"]);
    let live = run_at::<InvokeDiagnostics>(THAT_DAY, &live);
    let mut request = sources;
    request["file"] = json!(file);
    let exported = run_at::<ExportEvidence>(THAT_DAY, &request);
    assert!(!exported.errors.is_empty());
    let missing = &exported.evidence[0].missing;
    let directory = missing.iter().find(|row| row.kind == "Directory").unwrap();
    assert_eq!(directory.error_id.as_deref(), Some(&*exported.errors[0].id));
    let cloud = missing.iter().find(|row| row.kind == "Cloud").unwrap();
    assert_eq!(cloud.reason, "NotCollected");
    let later = run_at::<InvokeDiagnostics>(
        A_YEAR_LATER,
        &json!({"evidence": {"file": file}, "steps": ["A1", "A2", "A4"]}),
    );
    assert_eq!(later.errors, []);
    assert_eq!(timeless(later.findings.clone()), timeless(live.findings));
    let rights = later
        .findings
        .iter()
        .find(|finding| finding.check_id == "PHS101")
        .unwrap();
    assert_eq!(rights.outcome, "Skipped");
    assert!(
        rights.message.contains(&exported.errors[0].message),
        "{}",
        rights.message
    );
}

#[test]
fn a_file_is_told_with_what_is_wrong_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one.phs");
    file_of("PHS201/passed.json", &file);
    let told = run_at::<ImportEvidence>(A_YEAR_LATER, &json!({"file": file}));
    assert_eq!(told.errors, []);
    assert_eq!(
        told.evidence[0].bytes,
        std::fs::metadata(&file).unwrap().len()
    );
    assert_eq!(told.evidence[0].parts[0].name, "server.json");
    let gone = folder.path().join("gone.phs");
    for request in [
        json!({"evidence": {"file": gone}}),
        json!({"evidence": {"file": root().join("README.md")}}),
    ] {
        let told = run_at::<InvokeDiagnostics>(A_YEAR_LATER, &request);
        assert_eq!(told.findings, []);
        assert!(
            told.errors[0].id.starts_with("Phs.Evidence."),
            "{:?}",
            told.errors
        );
    }
    let again = run_at::<ExportEvidence>(
        THAT_DAY,
        &json!({"path": root().join("samples/healthy"), "file": file}),
    );
    assert_eq!(again.errors[0].id, "Phs.Evidence.Exists");
}

#[test]
fn a_redacted_file_gives_what_was_found_and_judges_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one.phs");
    let path = root().join("samples/fabrikam");
    let live = run_at::<InvokeDiagnostics>(THAT_DAY, &json!({"path": path}));
    let exported = run_at::<ExportEvidence>(
        THAT_DAY,
        &json!({"path": path, "file": file, "redact": true}),
    );
    assert_eq!(exported.errors, []);
    assert!(exported.evidence[0].redacted);
    let told = run_at::<InvokeDiagnostics>(A_YEAR_LATER, &json!({"evidence": {"file": file}}));
    assert_eq!(told.errors, []);
    let answers = |findings: &[FindingRecord]| -> Vec<(String, String)> {
        findings
            .iter()
            .filter(|finding| !finding.step.starts_with('B'))
            .map(|finding| (finding.check_id.clone(), finding.outcome.clone()))
            .collect()
    };
    assert_eq!(answers(&told.findings), answers(&live.findings));
    let json = serde_json::to_string(&told.findings)
        .unwrap()
        .to_lowercase();
    for name in ["fabrikam", "tailspin"] {
        assert!(!json.contains(name), "{name}");
    }
    let told = run_at::<TestUser>(
        A_YEAR_LATER,
        &json!({"evidence": {"file": file}, "identity": "kari"}),
    );
    assert_eq!(told.errors[0].id, "Phs.Evidence.Redacted");
    let told = run_at::<InvokeUserAudit>(A_YEAR_LATER, &json!({"evidence": {"file": file}}));
    assert_eq!(told.errors[0].id, "Phs.Evidence.Redacted");
}
