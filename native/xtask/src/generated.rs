//! Writes generated files, or compares them with what is committed.

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What a task comes to.
pub(crate) type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// Whether files are written or only compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Write.
    Write,
    /// Compare; a difference is an error.
    Check,
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// Writes a file, named from the root, or compares it.
///
/// # Errors
/// The file cannot be written, or differs.
pub(crate) fn put(mode: Mode, name: &str, content: &[u8]) -> Result {
    let path = root().join(name);
    let same = fs::read(&path).is_ok_and(|committed| committed == content);
    if same {
        return Ok(());
    }
    match mode {
        Mode::Check => {
            Err(format!("{name} is not what the sources give; run the task without --check").into())
        }
        Mode::Write => {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&path, content).map_err(|error| format!("{name}: {error}"))?;
            say(&format!("wrote {name}"));
            Ok(())
        }
    }
}

/// A line for whoever runs the task.
pub(crate) fn say(line: &str) {
    // A closed stream is no reason to stop.
    let _ = writeln!(std::io::stderr(), "{line}");
}
