//! Finds the folder of an export and the files of its parts, in any letter case.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use phs_core::evidence::server::Part;

use super::MAX_FILES;
use super::bundle;
use super::error::ExportError;

/// Most children of a folder that are looked at to find an export in it.
const MAX_CHILDREN: usize = 1_000;

/// The folder of an export.
#[derive(Debug)]
pub(super) struct Folder {
    /// Its path.
    pub(super) path: PathBuf,
    /// Subfolders by part, as far as they exist.
    parts: Vec<(Part, PathBuf)>,
    /// Whether it is the configuration of a support bundle.
    pub(super) is_bundle: bool,
}

/// One file of a part.
#[derive(Debug)]
pub(super) struct PartFile {
    /// Its path.
    pub(super) path: PathBuf,
    /// Its name inside the export, with `/`.
    pub(super) name: String,
}

fn subfolder(part: Part) -> &'static str {
    match part {
        Part::Connector => "Connectors",
        Part::GlobalSettings => "GlobalSettings",
        Part::Rule => "SynchronizationRules",
    }
}

/// What a part is called where no file of it is known.
pub(super) fn part_name(part: Part) -> String {
    match part {
        Part::GlobalSettings => "GlobalSettings/MV.xml".to_owned(),
        Part::Connector | Part::Rule => format!("{}/*.xml", subfolder(part)),
    }
}

impl Folder {
    /// The export at a path, or the only one in the folder at that path.
    pub(super) fn find(path: &Path) -> Result<Self, ExportError> {
        let shown = path.display().to_string();
        let metadata = fs::metadata(path).map_err(|error| ExportError::from_io(&shown, &error))?;
        if !metadata.is_dir() {
            return Err(ExportError::NotAnExport { path: shown });
        }
        let children = folders_in(path).map_err(|error| ExportError::from_io(&shown, &error))?;
        if let Some(found) = Self::among(path, &children) {
            return Ok(found);
        }
        let mut exports: Vec<Self> = children
            .iter()
            .filter_map(|child| Self::among(child, &folders_in(child).ok()?))
            .collect();
        if exports.is_empty() {
            exports = bundle::configurations(path, &children)
                .iter()
                .map(|folder| Self::in_bundle(folder))
                .collect();
        }
        match exports.len() {
            1 => Ok(exports.remove(0)),
            0 if is_empty(path) => Err(ExportError::Empty { path: shown }),
            0 => Err(ExportError::NotAnExport { path: shown }),
            _ => Err(ExportError::Ambiguous {
                path: shown,
                exports: exports
                    .iter()
                    .map(|export| {
                        let below = export.path.strip_prefix(path).unwrap_or(&export.path);
                        below.display().to_string()
                    })
                    .collect(),
            }),
        }
    }

    /// The configuration of a support bundle; the export in it may be missing or cut short.
    fn in_bundle(path: &Path) -> Self {
        let children = folders_in(path).unwrap_or_default();
        let export = Self::among(path, &children);
        Self {
            path: path.to_owned(),
            parts: export.map(|export| export.parts).unwrap_or_default(),
            is_bundle: true,
        }
    }

    /// An export, if a folder's subfolders make it one.
    fn among(path: &Path, children: &[PathBuf]) -> Option<Self> {
        let parts: Vec<(Part, PathBuf)> = [Part::GlobalSettings, Part::Connector, Part::Rule]
            .into_iter()
            .filter_map(|part| {
                let child = children
                    .iter()
                    .find(|child| file_name(child).eq_ignore_ascii_case(subfolder(part)))?;
                Some((part, child.clone()))
            })
            .collect();
        (!parts.is_empty()).then(|| Self {
            path: path.to_owned(),
            parts,
            is_bundle: bundle::is_configuration(path),
        })
    }

    /// The files of a part, by name, and what is wrong with their folder.
    pub(super) fn files(&self, part: Part) -> (Vec<PartFile>, Option<ExportError>) {
        let missing = || ExportError::PartMissing {
            part: part_name(part),
        };
        let Some((_, folder)) = self.parts.iter().find(|(found, _)| *found == part) else {
            return (Vec::new(), Some(missing()));
        };
        let folder_name = file_name(folder);
        let names = match xml_files(folder, part) {
            Ok(names) => names,
            Err(error) => return (Vec::new(), Some(ExportError::from_io(folder_name, &error))),
        };
        let count = names.len();
        let error = match count {
            0 => Some(missing()),
            _ if count > MAX_FILES => Some(ExportError::TooManyFiles {
                path: folder_name.clone(),
                count,
                limit: MAX_FILES,
            }),
            _ => None,
        };
        let files = names
            .into_iter()
            .take(MAX_FILES)
            .map(|path| PartFile {
                name: format!("{folder_name}/{}", file_name(&path)),
                path,
            })
            .collect();
        (files, error)
    }
}

fn xml_files(folder: &Path, part: Part) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let wanted = match part {
            Part::GlobalSettings => file_name(&path).eq_ignore_ascii_case("MV.xml"),
            Part::Connector | Part::Rule => path
                .extension()
                .is_some_and(|extension| extension.eq_ignore_ascii_case("xml")),
        };
        if wanted {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

pub(super) fn folders_in(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(path)?.take(MAX_CHILDREN) {
        let path = entry?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

fn is_empty(path: &Path) -> bool {
    fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}
