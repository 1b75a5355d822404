//! Reads a server configuration: an export (`Get-ADSyncServerConfiguration -Path`, domain 10.3), the one in a support bundle
//! (domain 10.5), or a synchronization policy file (domain 10.4).
//!
//! Streaming, with limits on everything that a hostile file could make large. A part that cannot be read is a [`Problem`] and
//! an [`UnreadablePart`]; all other parts are read.

mod bundle;
mod connector;
mod error;
mod folder;
mod global_settings;
mod json;
mod policy;
mod policy_rule;
pub(crate) mod redact;
mod rule;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use phs_core::evidence::server::{Part, ServerConfiguration, SourcedRule, UnreadablePart};
use phs_core::evidence::{Fact, UnknownReason};

use crate::problem::Problem;
pub use crate::xml::Place;
use crate::xml::Xml;
pub use error::ExportError;
use folder::{Folder, PartFile};
pub use policy::from_bytes as policy_from_bytes;

/// Largest file that is read, in bytes.
pub const MAX_FILE: u64 = 64 << 20;
/// Most bytes that are read of one export.
pub const MAX_TOTAL: u64 = 512 << 20;
/// Most files of one kind that are read.
pub const MAX_FILES: usize = 10_000;
/// Deepest nesting of elements.
pub const MAX_DEPTH: usize = crate::xml::MAX_DEPTH;
/// Longest text of one element or attribute, in bytes.
pub const MAX_TEXT: usize = crate::xml::MAX_TEXT;

/// What was read of an export.
#[derive(Debug, Default)]
pub struct Export {
    /// The configuration, as far as it could be read; none when the path leads to none.
    pub configuration: Option<ServerConfiguration>,
    /// The event log that lies in the same support bundle.
    pub event_log: Option<PathBuf>,
    /// Every trouble met.
    pub problems: Vec<Problem>,
}

/// Reads an export from its folder, or from the folder above when exactly one export lies in that; the export in a support
/// bundle; a policy file, or the only one in a folder.
///
/// `progress` is told before each group of files and may end the reading by returning false; what was read until then is
/// then given.
pub fn read(path: &Path, mut progress: impl FnMut(Part, usize) -> bool) -> Export {
    if path.is_file() && policy::is_policy_name(path) {
        return of_policy(path);
    }
    let folder = match Folder::find(path) {
        Ok(folder) => folder,
        Err(ExportError::NotAnExport { .. }) if path.is_dir() => return only_policy(path),
        Err(error) => return Export::failed(&error),
    };
    let mut reading = Reading {
        configuration: ServerConfiguration {
            source: folder.path.display().to_string(),
            ..ServerConfiguration::default()
        },
        problems: Vec::new(),
        budget: MAX_TOTAL,
    };
    for part in [Part::GlobalSettings, Part::Connector, Part::Rule] {
        let files = reading.list(&folder, part);
        if !progress(part, files.len()) {
            break;
        }
        for file in &files {
            reading.file(part, file);
        }
    }
    let mut event_log = None;
    if folder.is_bundle {
        bundle::supplement(&folder.path, &mut reading.configuration);
        event_log = bundle::event_log(&folder.path);
    }
    Export {
        configuration: Some(reading.configuration),
        event_log,
        problems: reading.problems,
    }
}

impl Export {
    fn failed(error: &ExportError) -> Self {
        Self {
            problems: vec![error.problem()],
            ..Self::default()
        }
    }
}

fn of_policy(path: &Path) -> Export {
    match policy::read(path) {
        Ok(configuration) => Export {
            configuration: Some(configuration),
            ..Export::default()
        },
        Err(error) => Export::failed(&error),
    }
}

/// The only policy file in a folder that holds no export.
fn only_policy(path: &Path) -> Export {
    let shown = path.display().to_string();
    match &policy::in_folder(path)[..] {
        [only] => of_policy(only),
        [] => Export::failed(&ExportError::NotAnExport { path: shown }),
        several => Export::failed(&ExportError::Ambiguous {
            path: shown,
            exports: several
                .iter()
                .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
                .collect(),
        }),
    }
}

/// Reads bytes as one file of a part: what a fuzzer drives.
///
/// # Errors
/// What is wrong with the bytes.
pub fn read_part(part: Part, bytes: Vec<u8>) -> Result<(), ExportError> {
    let mut xml = Xml::from_read(Box::new(io::Cursor::new(bytes)), "part.xml");
    match part {
        Part::GlobalSettings => global_settings::read(&mut xml).map(drop),
        Part::Connector => connector::read(&mut xml, "part.xml").map(drop),
        Part::Rule => rule::read(&mut xml).map(drop),
    }
    .map_err(ExportError::from)
}

/// Opens a file of at most `limit` bytes; also gives its size.
fn open(path: &Path, name: &str, limit: u64) -> Result<(Xml, u64), ExportError> {
    let failed = |error: io::Error| ExportError::from_io(name, &error);
    // The kind is asked before the file is opened: opening a pipe would wait for its writer.
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(ExportError::Unreadable {
            path: name.to_owned(),
            detail: "it is no regular file".to_owned(),
        });
    }
    let size = metadata.len();
    if size > limit {
        return Err(ExportError::TooLarge {
            file: name.to_owned(),
            size,
            limit,
        });
    }
    if size == 0 {
        return Err(ExportError::Empty {
            path: name.to_owned(),
        });
    }
    let file = File::open(path).map_err(failed)?;
    // The file may grow while it is read.
    Ok((Xml::from_read(Box::new(file.take(limit)), name), size))
}

struct Reading {
    configuration: ServerConfiguration,
    problems: Vec<Problem>,
    budget: u64,
}

impl Reading {
    /// The files of a part; a part that is missing or cut short is told.
    fn list(&mut self, folder: &Folder, part: Part) -> Vec<PartFile> {
        let (files, error) = folder.files(part);
        if let Some(error) = error {
            self.broken(part, &folder::part_name(part), &error);
        }
        files
    }

    fn file(&mut self, part: Part, file: &PartFile) {
        let read = match part {
            Part::GlobalSettings => self.global_settings(file),
            Part::Connector => self.open(file).and_then(|mut xml| {
                let connector = connector::read(&mut xml, &file.name)?;
                self.configuration.connectors.push(connector);
                Ok(())
            }),
            Part::Rule => self.open(file).and_then(|mut xml| {
                let rule = rule::read(&mut xml)?;
                self.configuration.rules.push(SourcedRule {
                    source: file.name.clone(),
                    rule,
                });
                Ok(())
            }),
        };
        if let Err(error) = read {
            if part == Part::GlobalSettings {
                self.configuration.settings =
                    Fact::unknown_because(UnknownReason::Unreadable, error.to_string());
                self.configuration.name = Fact::unknown(UnknownReason::Unreadable);
                self.configuration.exported_at = Fact::unknown(UnknownReason::Unreadable);
            }
            self.broken(part, &file.name, &error);
        }
    }

    fn global_settings(&mut self, file: &PartFile) -> Result<(), ExportError> {
        self.configuration.settings_source.clone_from(&file.name);
        let mut xml = self.open(file)?;
        let settings = global_settings::read(&mut xml)?;
        self.configuration.name = settings.server;
        self.configuration.exported_at = settings.exported_at;
        self.configuration.settings = Fact::Known(settings.parameters);
        Ok(())
    }

    fn open(&mut self, file: &PartFile) -> Result<Xml, ExportError> {
        let (xml, size) = open(&file.path, &file.name, self.budget.min(MAX_FILE))?;
        self.budget = self.budget.saturating_sub(size);
        Ok(xml)
    }

    fn broken(&mut self, part: Part, source: &str, error: &ExportError) {
        if part == Part::GlobalSettings && self.configuration.settings_source.is_empty() {
            source.clone_into(&mut self.configuration.settings_source);
        }
        self.configuration.unreadable.push(UnreadablePart {
            part,
            source: source.to_owned(),
            error_id: error.id().to_owned(),
            detail: error.to_string(),
            reason: error.reason(),
        });
        self.problems.push(error.problem());
    }
}
