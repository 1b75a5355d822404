//! Policy files and support bundles as the path of a diagnosis, and hostile JSON.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use phs_collect::event::{Event, Level};
use phs_collect::export::{self, ExportError, policy_from_bytes};
use phs_collect::problem::ProblemRecord;
use phs_collect::run::{self, CompareEvidence, Diagnostic, InvokeDiagnostics};
use phs_collect::secret::NoSecrets;
use phs_core::evidence::policy::PolicyOrigin;
use phs_core::evidence::server::{Part, ServerConfiguration};
use phs_core::evidence::{Fact, UnknownReason};
use phs_core::report::{DifferenceRecord, FindingRecord};
use phs_core::text::{Catalog, DEFAULT_CULTURE};
use serde_json::{Value, json};

const APPLIED: &str = "Applied-SynchronizationPolicy-20261001-080000.JSON";

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

fn policy() -> PathBuf {
    fixtures().join("policy").join(APPLIED)
}

fn read(path: &Path) -> ServerConfiguration {
    let export = export::read(path, |_, _| true);
    assert!(export.problems.is_empty(), "{:?}", export.problems);
    export.configuration.unwrap()
}

fn problem(path: &Path) -> String {
    let export = export::read(path, |_, _| true);
    assert!(export.configuration.is_none());
    assert_eq!(export.problems.len(), 1);
    export.problems[0].id.to_owned()
}

#[derive(Default)]
struct Told {
    findings: Vec<FindingRecord>,
    differences: Vec<DifferenceRecord>,
    errors: Vec<ProblemRecord>,
    warnings: Vec<String>,
}

async fn tell<D: Diagnostic>(request: Value) -> Told {
    let diagnostic: D = run::parse(request.to_string().as_bytes()).unwrap();
    let today = "2026-11-24T00:00:00Z".parse().unwrap();
    let mut run = run::start(diagnostic, today, Arc::new(NoSecrets));
    let mut told = Told::default();
    while let Some(event) = run.events.recv().await {
        match event {
            Event::Finding { findings } => told.findings.extend(findings),
            Event::Difference { differences } => told.differences.extend(differences),
            Event::Error { error } => told.errors.push(error),
            Event::Log { log } if log.level == Level::Warning => told.warnings.push(log.message),
            _ => {}
        }
    }
    told
}

#[test]
fn a_policy_tells_connectors_containers_and_rules() {
    let server = read(&policy());
    assert_eq!(server.name, Fact::Known("FABRIKAM-SYNC01".to_owned()));
    assert_eq!(
        server.exported_at,
        Fact::Known("2026-10-01T08:00:00Z".parse().unwrap())
    );
    assert_eq!(server.settings, Fact::unknown(UnknownReason::NotSupported));
    let forest = server.ad_connectors().next().unwrap();
    assert_eq!(forest.name, "fabrikam.com");
    assert!(forest.password_hash_sync.known().is_none());
    assert!(forest.partitions.len() >= 2);
    assert_eq!(server.entra_connectors().count(), 1);
    let policy = server.policy.as_ref().unwrap();
    assert_eq!(policy.origin, PolicyOrigin::Applied);
    assert_eq!(policy.version.as_deref(), Some("2.5.79.0"));
    assert!(
        policy.listed_rules.iter().any(
            |rule| rule.name == "In from AD - User AccountEnabled" && rule.precedence.is_some()
        )
    );
}

#[test]
fn only_a_rule_whose_content_is_whole_is_a_rule() {
    let server = read(&policy());
    let names: Vec<_> = server
        .rules
        .iter()
        .map(|sourced| sourced.rule.name.as_str())
        .collect();
    assert_eq!(names, ["In from AD - User NoSync"]);
    let rule = &server.rules[0].rule;
    assert_eq!(rule.scope_filter.len(), 2);
    assert_eq!(rule.scope_filter[1].clauses[0].to_string(), "mail ISNULL");
    assert_eq!(rule.enable_password_sync, Some(false));
    assert_eq!(rule.attribute_flows[0].constant.as_deref(), Some("True"));
    let unsaid: Vec<_> = server
        .unreadable(Part::Rule)
        .filter(|part| part.detail.contains("Unsaid"))
        .collect();
    assert_eq!(unsaid.len(), 1);
    assert!(
        unsaid[0].detail.ends_with("does not state disabled"),
        "{}",
        unsaid[0].detail
    );
    assert_eq!(unsaid[0].reason, UnknownReason::NotSupported);
}

#[tokio::test]
async fn a_policy_is_never_proof_of_health_or_fault_and_says_that_it_may_be_stale() {
    for file in [policy(), fixtures().join("policy/MigratedPolicy.json")] {
        let told = tell::<InvokeDiagnostics>(json!({"path": file})).await;
        assert!(told.errors.is_empty(), "{:?}", told.errors);
        assert_eq!(told.warnings.len(), 1);
        assert!(told.warnings[0].contains("may be stale"));
        for finding in &told.findings {
            assert!(
                !matches!(finding.outcome.as_str(), "Failed" | "Passed" | "Error"),
                "{}: {} {}",
                finding.check_id,
                finding.outcome,
                finding.message
            );
        }
        let stale = told
            .findings
            .iter()
            .filter(|finding| finding.outcome == "Warning");
        let stale: Vec<_> = stale.map(|finding| finding.check_id.as_str()).collect();
        assert_eq!(stale, ["PHS901"]);
    }
}

#[tokio::test]
async fn a_policy_against_an_export_loses_nothing_that_it_never_held() {
    let sample = fixtures().join("../../samples/healthy");
    for (reference, difference) in [(policy(), sample.clone()), (sample, policy())] {
        let told = tell::<CompareEvidence>(json!({
            "reference": {"path": reference},
            "difference": {"path": difference},
        }))
        .await;
        assert!(told.errors.is_empty(), "{:?}", told.errors);
        assert!(!told.differences.is_empty());
        for one in &told.differences {
            let own = one.target.contains("NoSync") || one.target.contains("Unsaid");
            assert!(one.kind == "NotComparable" || own, "{one:#?}");
        }
    }
    let same = tell::<CompareEvidence>(json!({
        "reference": {"path": policy()},
        "difference": {"path": policy()},
    }))
    .await;
    assert!(
        same.differences
            .iter()
            .all(|one| one.kind == "NotComparable")
    );
}

#[test]
fn the_only_policy_of_a_folder_is_read_and_several_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let one = folder.path().join(APPLIED);
    fs::copy(policy(), &one).unwrap();
    fs::write(folder.path().join("settings.json"), "{}").unwrap();
    assert!(read(folder.path()).policy.is_some());
    fs::copy(
        &one,
        folder.path().join("Exported-SynchronizationPolicy-1.json"),
    )
    .unwrap();
    assert_eq!(problem(folder.path()), "Phs.Export.Ambiguous");
    // An export beside a policy file is the better source.
    fs::create_dir(folder.path().join("Connectors")).unwrap();
    assert!(
        export::read(folder.path(), |_, _| true)
            .configuration
            .unwrap()
            .policy
            .is_none()
    );
}

#[test]
fn a_wrong_file_or_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("readme.txt"), "x").unwrap();
    assert_eq!(problem(folder.path()), "Phs.Export.NotAnExport");
    assert_eq!(
        problem(&folder.path().join("readme.txt")),
        "Phs.Export.NotAnExport"
    );
    for (content, id) in [
        (&b"{}"[..], "Phs.Policy.NotAPolicy"),
        (b"[1]", "Phs.Policy.NotAPolicy"),
        (b"null", "Phs.Policy.NotAPolicy"),
        (b"{\"policyMetadata\": ", "Phs.Export.Truncated"),
        (b"{\"policyMetadata\": oops}", "Phs.Policy.NotJson"),
        (b"", "Phs.Export.Empty"),
        (b"\xff\xfe\x00", "Phs.Export.Encoding"),
        (b"<xml/>", "Phs.Policy.NotJson"),
        (
            b"{\"policyMetadata\": {\"a\": 1, \"a\": 2}}",
            "Phs.Policy.NotJson",
        ),
    ] {
        let file = folder.path().join("policy.json");
        fs::write(&file, content).unwrap();
        assert_eq!(problem(&file), id, "{content:?}");
    }
    let large = fs::File::create(folder.path().join("large.json")).unwrap();
    large.set_len(1 << 30).unwrap();
    assert_eq!(
        problem(&folder.path().join("large.json")),
        "Phs.Export.TooLarge"
    );
}

#[test]
fn values_of_the_wrong_kind_are_not_known_and_never_a_panic() {
    let text = fs::read_to_string(policy()).unwrap();
    let whole: Value = serde_json::from_str(&text).unwrap();
    let mut tried = 0;
    replace_each(&whole, &mut Vec::new(), &mut |broken| {
        let bytes = serde_json::to_vec(&broken).unwrap();
        match policy_from_bytes(&bytes, "p.json") {
            Ok(server) => assert!(server.policy.is_some()),
            Err(error) => assert!(matches!(error, ExportError::NotAPolicy { .. }), "{error}"),
        }
        tried += 1;
    });
    assert!(tried > 300, "{tried}");
}

/// The document with each value replaced by values of other kinds in turn.
fn replace_each(whole: &Value, path: &mut Vec<String>, take: &mut dyn FnMut(Value)) {
    let at = path.iter().fold(whole, |value, key| match value {
        Value::Array(list) => &list[key.parse::<usize>().unwrap()],
        other => &other[key],
    });
    for other in [
        json!(null),
        json!(7),
        json!([[]]),
        json!({"x": []}),
        json!("x"),
    ] {
        let mut copy = whole.clone();
        let mut place = &mut copy;
        for key in path.iter() {
            place = match place {
                Value::Array(list) => &mut list[key.parse::<usize>().unwrap()],
                other => &mut other[key],
            };
        }
        *place = other;
        take(copy);
    }
    let keys: Vec<String> = match at {
        Value::Object(object) => object.keys().cloned().collect(),
        Value::Array(list) => (0..list.len()).map(|index| index.to_string()).collect(),
        _ => Vec::new(),
    };
    for key in keys {
        path.push(key);
        replace_each(whole, path, take);
        path.pop();
    }
}

#[test]
fn clauses_without_groups_are_not_guessed_at() {
    let policy = |filters: Value| {
        let rule = json!({
            "name": "r", "uniqueIdentifier": "00000000-0000-4000-8000-000000000001", "direction": "Inbound",
            "sourceObjectType": "user", "targetObjectType": "person", "linkType": "Join", "precedence": "5",
            "disabled": "False", "scopeFilters": filters,
        });
        let bytes =
            json!({"azureDirectoryPolicy": {"customSynchronizationRules": rule}}).to_string();
        policy_from_bytes(bytes.as_bytes(), "p.json").unwrap()
    };
    let clause = json!({"attribute": "a", "condition": "EQUAL", "value": true});
    for good in [
        json!([]),
        json!(clause),
        json!([clause]),
        json!([[clause, clause], [clause]]),
        json!([{"conditions": [clause]}]),
    ] {
        assert_eq!(policy(good.clone()).rules.len(), 1, "{good}");
    }
    for bad in [
        json!([clause, clause]),
        json!([[clause], clause]),
        json!([[7]]),
        json!(["a EQUAL b"]),
        json!([{"groups": []}]),
        json!([[{"attribute": "a"}]]),
    ] {
        let server = policy(bad.clone());
        assert!(server.rules.is_empty(), "{bad}");
        assert!(server.unreadable(Part::Rule).count() >= 2, "{bad}");
    }
}

#[test]
fn a_support_bundle_is_found_from_any_folder_of_it() {
    let root = fixtures().join("bundle");
    for path in [
        root.clone(),
        root.join("20261001-080000"),
        root.join("20261001-080000/CONFIG"),
        root.join("20261001-080000/CONFIG/MEC"),
    ] {
        let server = read(&path);
        assert_eq!(server.connectors.len(), 2, "{}", path.display());
        let scheduler = server.scheduler.known().unwrap();
        assert_eq!(scheduler.staging_mode, Fact::Known(true));
        assert_eq!(scheduler.interval, Fact::Known("00:30:00".to_owned()));
        let features = server.tenant_features.known().unwrap();
        assert_eq!(features.password_hash_sync, Fact::Known(true));
        assert_eq!(features.force_password_change_on_log_on, Fact::Known(false));
    }
}

#[test]
fn bundles_of_two_days_are_named_and_a_bundle_without_an_export_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let mec = |day: &str| folder.path().join(day).join("CONFIG").join("MEC");
    fs::create_dir_all(mec("20261001-080000")).unwrap();
    let export = export::read(folder.path(), |_, _| true);
    let ids: Vec<_> = export.problems.iter().map(|problem| problem.id).collect();
    assert_eq!(ids, ["Phs.Export.PartMissing"; 3]);
    assert!(export.configuration.is_some());
    fs::create_dir_all(mec("20261002-080000")).unwrap();
    assert_eq!(problem(folder.path()), "Phs.Export.Ambiguous");
    let told = export::read(folder.path(), |_, _| true).problems;
    let told =
        serde_json::to_string(&told[0].render(&Catalog::for_culture(DEFAULT_CULTURE))).unwrap();
    assert!(
        told.contains("20261001-080000") && told.contains("20261002-080000"),
        "{told}"
    );
}

#[test]
fn the_event_log_of_a_bundle_is_found() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("CONFIG/MEC/Connectors")).unwrap();
    let logs = folder.path().join("EVENTLOG");
    fs::create_dir_all(&logs).unwrap();
    for name in ["SYNC01_Security.evtx", "SYNC01_Application.evtx"] {
        fs::write(logs.join(name), "x").unwrap();
    }
    let found = export::read(folder.path(), |_, _| true).event_log.unwrap();
    assert!(found.ends_with("SYNC01_Application.evtx"));
}

#[tokio::test]
async fn a_bundle_is_judged_with_its_event_log() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("CONFIG/MEC/Connectors")).unwrap();
    let logs = folder.path().join("EVENTLOG");
    fs::create_dir_all(&logs).unwrap();
    let records = phs_testlog::scenario::log(500, "2026-10-01T08:00:00Z".parse().unwrap());
    let written = phs_testlog::evtx::write(&records, phs_testlog::evtx::Strings::Array);
    fs::write(logs.join("SYNC01_Application.evtx"), written.unwrap()).unwrap();
    let request = json!({"path": folder.path(), "steps": ["Service"]});
    let told = tell::<InvokeDiagnostics>(request).await;
    let of_errors = told
        .findings
        .iter()
        .find(|finding| finding.check_id == "PHS802")
        .unwrap();
    assert_ne!(
        of_errors.skip_reason.as_deref(),
        Some("EvidenceMissing"),
        "{of_errors:?}"
    );
}
