//! Files appear whole or not at all.

use phs_collect::evidence_file::{EvidenceFile, EvidenceWriter};
use phs_core::evidence::manifest::Manifest;
use phs_core::evidence::server::ServerConfiguration;

fn names(folder: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_writer_that_is_given_up_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.phs");
    let mut writer = EvidenceWriter::create(&path, false).unwrap();
    writer
        .part("server.json", &ServerConfiguration::default())
        .unwrap();
    assert_eq!(names(folder.path()).len(), 1);
    drop(writer);
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

#[test]
fn a_file_that_is_there_stays_unless_it_is_to_be_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.phs");
    std::fs::write(&path, b"mine").unwrap();
    let error = EvidenceWriter::create(&path, false).unwrap_err();
    assert_eq!(error.id(), "Phs.Evidence.Exists");
    assert_eq!(std::fs::read(&path).unwrap(), b"mine");

    // One that comes while we write is not overwritten either.
    let late = folder.path().join("late.phs");
    let writer = EvidenceWriter::create(&late, false).unwrap();
    std::fs::write(&late, b"mine").unwrap();
    let error = writer.finish(Manifest::default()).unwrap_err();
    assert_eq!(error.id(), "Phs.Evidence.Exists");
    assert_eq!(std::fs::read(&late).unwrap(), b"mine");

    EvidenceWriter::create(&path, true)
        .unwrap()
        .finish(Manifest::default())
        .unwrap();
    assert!(EvidenceFile::open(&path).is_ok());
    assert_eq!(names(folder.path()), ["late.phs", "one.phs"]);
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let error = EvidenceWriter::create(&folder.path().join("no/one.phs"), false).unwrap_err();
    assert_eq!(error.id(), "Phs.Evidence.NotWritten");
}

/// A disk that is full while a part is written. `/dev/full` cannot hold a folder, so a file size limit of a process of its own
/// stands for it: see `limited`.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let test = std::env::current_exe().unwrap();
    // 64 blocks of 1,024 bytes; the signal of the limit is ignored, so that the write fails as on a full disk.
    let script =
        r#"trap "" XFSZ; ulimit -f 64; exec "$0" --ignored --exact written::limited --nocapture"#;
    let output = std::process::Command::new("bash")
        .args(["-c", script])
        .arg(test)
        .env("PHS_EVIDENCE_FOLDER", folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{output:?}");
    assert!(said.contains("1 passed"), "{said}");
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

/// Run by `a_full_disk_leaves_nothing`.
#[test]
#[ignore = "needs a limit on the size of files"]
fn limited() {
    let folder = std::env::var("PHS_EVIDENCE_FOLDER").unwrap();
    let path = std::path::Path::new(&folder).join("one.phs");
    let mut writer = EvidenceWriter::create(&path, false).unwrap();
    let mut failed = None;
    let mut state = 1_u64;
    for _ in 0..64 {
        // Text that does not pack.
        let text: String = (0..4096)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                char::from(b'!' + u8::try_from((state >> 33) % 90).unwrap())
            })
            .collect();
        let user = phs_core::evidence::user::UserEvidence {
            identity: text,
            ..Default::default()
        };
        if let Err(error) = writer.user(&user) {
            failed = Some(error);
            break;
        }
    }
    let error = match failed {
        Some(error) => {
            drop(writer);
            error
        }
        None => writer.finish(Manifest::default()).unwrap_err(),
    };
    assert_eq!(error.id(), "Phs.Evidence.NotWritten");
    assert!(!path.exists());
}

#[cfg(unix)]
#[test]
fn a_device_is_not_replaced_by_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.phs");
    let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let error = EvidenceWriter::create(&path, true).unwrap_err();
    assert_eq!(error.id(), "Phs.Evidence.NotWritten");
    assert_eq!(names(folder.path()), ["one.phs"]);
}
