//! Broken and hostile exports: each loses only what is broken, and every loss is named.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use phs_collect::export::{self, Export, MAX_FILE};
use phs_core::check::Step;
use phs_core::evidence::Evidence;
use phs_core::evidence::server::{Part, ServerConfiguration};
use phs_core::finding::{Finding, Outcome, SkipReason};
use phs_core::guide::{self, Context, Policy};
use tempfile::TempDir;

const AD: &str = "Connectors/Connector_{fab00000-0000-4001-8000-000000000000}.xml";
const TENANT: &str = "Connectors/Connector_{b891884f-051e-4a83-95af-2544101c9083}.xml";
const OUTBOUND: &str =
    "SynchronizationRules/SynchronizationRule_{fab00000-0000-4000-8000-00000000012d}.xml";
const SETTINGS: &str = "GlobalSettings/MV.xml";

fn sample(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../samples")
        .join(name)
}

/// A copy of the healthy sample to break.
fn copy() -> TempDir {
    let folder = TempDir::new().unwrap();
    copy_into(&sample("healthy"), folder.path());
    folder
}

fn copy_into(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_into(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn read(path: &Path) -> Export {
    export::read(path, |_, _| true)
}

fn ids(export: &Export) -> Vec<&'static str> {
    export.problems.iter().map(|problem| problem.id).collect()
}

fn judge(export: Export) -> Vec<Finding> {
    let evidence = Evidence {
        server: export.configuration,
        ..Evidence::default()
    };
    let context = Context {
        today: "2026-10-02T00:00:00Z".parse().unwrap(),
        users_named: false,
        policy: Policy::default(),
    };
    let mut findings = Vec::new();
    for step in [Step::A2, Step::A4, Step::Service] {
        guide::judge(step, &evidence, &context, &mut |finding| {
            findings.push(finding);
        });
    }
    findings
}

fn outcomes(findings: &[Finding], check: &str) -> Vec<Outcome> {
    findings
        .iter()
        .filter(|finding| finding.check.id == check)
        .map(|finding| finding.outcome)
        .collect()
}

const MISSING: Outcome = Outcome::Skipped(SkipReason::EvidenceMissing);

/// Breaks one file, and expects one problem with this id about it, and every other part read.
fn broken(file: &str, content: &[u8], id: &str) -> Export {
    let folder = copy();
    fs::write(folder.path().join(file), content).unwrap();
    let export = read(folder.path());
    assert_eq!(ids(&export), [id], "{file}");
    assert!(
        export.problems[0].target.ends_with(file),
        "{:?}",
        export.problems
    );
    let server = export.configuration.as_ref().unwrap();
    assert_eq!(server.unreadable.len(), 1);
    assert_eq!(server.unreadable[0].source, file);
    assert_eq!(server.unreadable[0].error_id, id);
    let rules = if file == OUTBOUND { 3 } else { 4 };
    assert_eq!(server.rules.len(), rules);
    assert_eq!(
        server.connectors.len(),
        if file.starts_with("Conn") { 1 } else { 2 }
    );
    export
}

fn text(file: &str) -> String {
    fs::read_to_string(sample("healthy").join(file)).unwrap()
}

#[test]
fn a_truncated_connector_loses_itself_only() {
    let whole = text(AD);
    let cuts = [10, whole.len() / 3, whole.len() / 2, whole.len() - 12];
    for cut in cuts {
        let export = broken(AD, &whole.as_bytes()[..cut], "Phs.Export.Truncated");
        let findings = judge(export);
        for check in ["PHS201", "PHS204", "PHS205"] {
            assert_eq!(outcomes(&findings, check), [MISSING], "{check} at {cut}");
        }
        assert_eq!(outcomes(&findings, "PHS401"), [Outcome::Passed]);
        assert_eq!(outcomes(&findings, "PHS402"), [Outcome::Passed]);
        let named = findings
            .iter()
            .any(|finding| finding.check.id == "PHS201" && finding.target.display == AD);
        assert!(named, "the finding names the file");
    }
}

#[test]
fn truncation_anywhere_is_never_a_whole_file() {
    let whole = text(OUTBOUND);
    let folder = copy();
    let end = whole.trim_end().len();
    for cut in (1..end).step_by(5) {
        if !whole.is_char_boundary(cut) {
            continue;
        }
        fs::write(folder.path().join(OUTBOUND), &whole[..cut]).unwrap();
        let export = read(folder.path());
        assert_eq!(export.problems.len(), 1, "cut at {cut}");
    }
}

#[test]
fn lost_settings_leave_the_connectors_judged() {
    let export = broken(SETTINGS, b"{\"json\": true}", "Phs.Export.NotXml");
    let findings = judge(export);
    assert_eq!(outcomes(&findings, "PHS201"), [Outcome::Passed]);
    for check in ["PHS203", "PHS401", "PHS402", "PHS806"] {
        assert_eq!(outcomes(&findings, check), [MISSING], "{check}");
    }
}

#[test]
fn a_lost_rule_is_no_proof_that_there_is_none() {
    let export = broken(
        OUTBOUND,
        b"<synchronizationRule><id>",
        "Phs.Export.Truncated",
    );
    assert_eq!(outcomes(&judge(export), "PHS204"), [MISSING]);
    let inet =
        "SynchronizationRules/SynchronizationRule_{fab00000-0000-4001-8000-00000000012f}.xml";
    let folder = copy();
    fs::write(folder.path().join(inet), "garbage").unwrap();
    let export = read(folder.path());
    assert_eq!(ids(&export), ["Phs.Export.NotXml"]);
    assert_eq!(
        outcomes(&judge(export), "PHS204"),
        [Outcome::Passed],
        "both rules that carry the password were read"
    );
}

#[test]
fn files_that_are_no_xml_are_named() {
    for content in [
        &b"MZ\x90\x00\x03"[..],
        b"no markup at all",
        b"<a><b></a></b>",
        b"<ma-data></ma-data><ma-data></ma-data>",
        b"<ma-data>&undefined;</ma-data>",
        b"<ma-data a=1></ma-data>",
    ] {
        let folder = copy();
        fs::write(folder.path().join(AD), content).unwrap();
        let export = read(folder.path());
        assert!(
            [
                "Phs.Export.NotXml",
                "Phs.Export.Encoding",
                "Phs.Export.Invalid"
            ]
            .contains(&ids(&export)[0]),
            "{export:?}"
        );
    }
    broken(AD, b"<html></html>", "Phs.Export.Invalid");
    broken(
        AD,
        b"<ma-data><id>no guid</id></ma-data>",
        "Phs.Export.Invalid",
    );
    broken(
        AD,
        b"<ma-data>\xff\xfe\xfd</ma-data>",
        "Phs.Export.Encoding",
    );
    broken(AD, b"", "Phs.Export.Empty");
}

#[test]
fn two_gigabytes_are_told_without_being_read() {
    let folder = copy();
    let file = fs::File::create(folder.path().join(AD)).unwrap();
    file.set_len(2 << 30).unwrap();
    let export = read(folder.path());
    assert_eq!(ids(&export), ["Phs.Export.TooLarge"]);
    assert_eq!(outcomes(&judge(export), "PHS201"), [MISSING]);
    file.set_len(MAX_FILE + 1).unwrap();
    assert_eq!(ids(&read(folder.path())), ["Phs.Export.TooLarge"]);
}

#[test]
fn entities_are_never_expanded() {
    let mut bomb = String::from("<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [<!ENTITY a0 \"lol\">");
    for level in 1..10 {
        let below = format!("&a{};", level - 1).repeat(10);
        write!(bomb, "<!ENTITY a{level} \"{below}\">").unwrap();
    }
    bomb.push_str("]>\n<ma-data><id>&a9;</id></ma-data>");
    broken(AD, bomb.as_bytes(), "Phs.Export.Dtd");
    broken(
        AD,
        b"<!DOCTYPE ma-data SYSTEM \"file:///etc/passwd\"><ma-data></ma-data>",
        "Phs.Export.Dtd",
    );
    broken(AD, b"<!DOCTYPE ma-data [ <!ENTITY x \"", "Phs.Export.Dtd");
}

#[test]
fn deep_nesting_and_long_text_stop() {
    let deep = format!("<ma-data>{}", "<schema>".repeat(200_000));
    broken(AD, deep.as_bytes(), "Phs.Export.TooDeep");
    let long = format!("<ma-data><name>{}</name></ma-data>", "x".repeat(2 << 20));
    broken(AD, long.as_bytes(), "Phs.Export.TextTooLong");
    let wide = format!("<ma-data {}=\"1\"></ma-data>", "x".repeat(1 << 20));
    broken(AD, wide.as_bytes(), "Phs.Export.Invalid");
}

#[test]
fn places_name_line_and_offset() {
    let folder = copy();
    fs::write(
        folder.path().join(AD),
        "<ma-data>\n  <id>\n  no guid</id>\n</ma-data>",
    )
    .unwrap();
    let export = read(folder.path());
    let detail = &export.configuration.unwrap().unreadable[0].detail;
    assert!(detail.contains("line 3"), "{detail}");
}

#[test]
fn two_tenants_or_none_are_faults_of_their_own() {
    let folder = copy();
    let second = text(TENANT).replace(
        "{B891884F-051E-4A83-95AF-2544101C9083}",
        "{B891884F-051E-4A83-95AF-2544101C9084}",
    );
    fs::write(folder.path().join("Connectors/second.xml"), second).unwrap();
    let findings = judge(read(folder.path()));
    let mut found = outcomes(&findings, "PHS204");
    found.sort_by_key(|outcome| outcome.name());
    assert_eq!(found, [Outcome::Failed, Outcome::Passed]);
    assert_eq!(outcomes(&findings, "PHS201"), [Outcome::Passed]);

    fs::remove_file(folder.path().join("Connectors/second.xml")).unwrap();
    fs::remove_file(folder.path().join(TENANT)).unwrap();
    fs::remove_file(folder.path().join(OUTBOUND)).unwrap();
    let findings = judge(read(folder.path()));
    assert_eq!(
        outcomes(&findings, "PHS204"),
        [
            Outcome::Failed,
            Outcome::Skipped(SkipReason::DependencyFailed)
        ]
    );
    assert_eq!(outcomes(&findings, "PHS401"), [Outcome::Passed]);
}

#[test]
fn folders_that_are_no_export_are_told() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    assert_eq!(ids(&read(&at("nowhere"))), ["Phs.Export.NotFound"]);
    assert_eq!(ids(&read(folder.path())), ["Phs.Export.Empty"]);
    fs::write(at("MV.xml"), "<a/>").unwrap();
    assert_eq!(ids(&read(folder.path())), ["Phs.Export.NotAnExport"]);
    assert_eq!(ids(&read(&at("MV.xml"))), ["Phs.Export.NotAnExport"]);
    copy_into(&sample("healthy"), &at("one"));
    copy_into(&sample("healthy"), &at("two"));
    assert_eq!(ids(&read(folder.path())), ["Phs.Export.Ambiguous"]);
    assert!(ids(&read(&at("one"))).is_empty());
    let findings = judge(read(&at("nowhere")));
    for check in [
        "PHS201", "PHS203", "PHS204", "PHS205", "PHS401", "PHS402", "PHS806",
    ] {
        assert_eq!(outcomes(&findings, check), [MISSING], "{check}");
    }
}

#[test]
fn missing_parts_are_told_and_the_rest_is_read() {
    for (part, kind, checks) in [
        (
            "GlobalSettings",
            Part::GlobalSettings,
            &["PHS401", "PHS402"][..],
        ),
        ("Connectors", Part::Connector, &["PHS201", "PHS205"]),
        ("SynchronizationRules", Part::Rule, &["PHS204"]),
    ] {
        let folder = copy();
        fs::remove_dir_all(folder.path().join(part)).unwrap();
        let export = read(folder.path());
        assert_eq!(ids(&export), ["Phs.Export.PartMissing"], "{part}");
        let server = export.configuration.as_ref().unwrap();
        assert_eq!(server.unreadable[0].part, kind);
        let findings = judge(export);
        for check in checks {
            assert_eq!(outcomes(&findings, check), [MISSING], "{part} {check}");
        }
    }
}

#[test]
fn names_in_any_case_and_script_are_found() {
    let parent = TempDir::new().unwrap();
    let folder = parent.path().join("Eksport æøå 日本 (1)");
    copy_into(&sample("healthy"), &folder);
    for (from, to) in [
        ("Connectors", "connectors"),
        ("GlobalSettings", "GLOBALSETTINGS"),
        ("SynchronizationRules", "synchronizationrules"),
        ("GLOBALSETTINGS/MV.xml", "GLOBALSETTINGS/mv.XML"),
    ] {
        fs::rename(folder.join(from), folder.join(to)).unwrap();
    }
    // The only export in a folder is meant by that folder.
    let export = read(parent.path());
    assert!(export.problems.is_empty(), "{:?}", export.problems);
    let server = export.configuration.unwrap();
    assert_eq!(server.connectors.len(), 2);
    assert!(server.source.ends_with("(1)"));
}

#[test]
fn utf_16_and_byte_order_marks_are_read() {
    let whole = read(&sample("healthy")).configuration.unwrap();
    let folder = copy();
    let original = text(AD);
    let units = || std::iter::once(0xfeff).chain(original.encode_utf16());
    let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
    let utf8 = [b"\xef\xbb\xbf", original.as_bytes()].concat();
    let declared = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n{original}").into_bytes();
    for content in [little, big, utf8, declared] {
        fs::write(folder.path().join(AD), &content).unwrap();
        let export = read(folder.path());
        assert!(export.problems.is_empty(), "{:?}", export.problems);
        assert_eq!(export.configuration.unwrap().connectors, whole.connectors);
    }
}

#[test]
fn no_secret_leaves_the_reader() {
    for name in ["healthy", "fabrikam"] {
        let path = sample(name);
        let on_disk = fs::read_to_string(path.join(AD)).unwrap();
        assert!(
            on_disk.contains("cGxhbnRlZC1zZWNyZXQ"),
            "the sample holds the bait"
        );
        let export = read(&path);
        let shown = format!(
            "{export:?}{}",
            serde_json::to_string(&export.configuration).unwrap()
        );
        assert!(!shown.contains("cGxhbnRlZC1zZWNyZXQ"));
        let findings = format!("{:?}", judge(export));
        assert!(!findings.contains("cGxhbnRlZC1zZWNyZXQ"));
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_among_the_files_does_not_hang() {
    let folder = copy();
    let pipe = folder.path().join("Connectors/pipe.xml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|status| status.success()));
    assert_eq!(ids(&read(folder.path())), ["Phs.Export.Unreadable"]);
}

#[test]
fn reading_stops_when_nobody_waits_for_it() {
    let mut groups = 0;
    let export = export::read(&sample("healthy"), |_, _| {
        groups += 1;
        false
    });
    assert_eq!(groups, 1);
    let server: ServerConfiguration = export.configuration.unwrap();
    assert!(server.connectors.is_empty() && server.rules.is_empty());
}
