//! Reading: the archive and its manifest at once, each part when it is asked for.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read, Seek};
use std::ops::ControlFlow;
use std::path::Path;

use phs_core::check::Need;
use phs_core::evidence::manifest::{Manifest, PartEntry, SCHEMA_VERSION};
use phs_core::evidence::user::{UserEvidence, Users};
use phs_core::evidence::{Evidence, NotCollected, UnknownReason};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::error::{EvidenceFileError, Fault};
use super::meter::{Meter, unpacking};
use super::{
    CLOUD, DIRECTORY, EVENTS, FINDINGS, HOST, MANIFEST, MAX_ENTRIES, MAX_LINE, MAX_LINES,
    MAX_MANIFEST, MAX_PART, NETWORK, PARTS, SERVER, TENANT, USERS, strict,
};

/// An open evidence file, whose manifest was read.
pub struct EvidenceFile<R> {
    path: String,
    archive: ZipArchive<R>,
    manifest: Manifest,
    /// Entries that no evidence file has.
    unknown: Vec<String>,
}

/// What was read of an evidence file.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The evidence, without its users: see [`EvidenceFile::users`].
    pub evidence: Evidence,
    /// Every part that could not be used; the kind of evidence is then not at hand for that reason.
    pub problems: Vec<EvidenceFileError>,
}

impl EvidenceFile<BufReader<File>> {
    /// Opens a file and reads its manifest.
    ///
    /// # Errors
    /// The file cannot be read, is no evidence file, or has a newer schema.
    pub fn open(path: &Path) -> Result<Self, EvidenceFileError> {
        let name = path.display().to_string();
        let wrong = |error: std::io::Error| EvidenceFileError::from_io(&name, &error);
        let file = File::open(path).map_err(wrong)?;
        if file.metadata().map_err(wrong)?.is_dir() {
            let detail = "it is a folder".to_owned();
            return Err(EvidenceFileError::new(name, Fault::NotEvidence { detail }));
        }
        Self::from_reader(BufReader::new(file), &name)
    }
}

impl<R: Read + Seek> EvidenceFile<R> {
    /// Reads the manifest of a file whose bytes a reader gives. `path` names it in errors.
    ///
    /// # Errors
    /// As [`EvidenceFile::open`].
    pub fn from_reader(mut reader: R, path: &str) -> Result<Self, EvidenceFileError> {
        let fail = |kind| EvidenceFileError::new(path, kind);
        let begins_as_archive = begins_as_archive(&mut reader)
            .map_err(|error| EvidenceFileError::from_io(path, &error))?;
        let mut archive =
            ZipArchive::new(reader).map_err(|error| fail(of_archive(&error, begins_as_archive)))?;
        if archive.len() > MAX_ENTRIES {
            return Err(fail(Fault::TooManyEntries {
                count: archive.len(),
                limit: MAX_ENTRIES,
            }));
        }
        let unknown = unknown_entries(&archive).map_err(fail)?;
        if archive.has_duplicate_names() {
            return Err(fail(Fault::Bomb {
                place: "archive".to_owned(),
            }));
        }
        if archive
            .has_overlapping_entries()
            .map_err(|error| fail(of_archive(&error, true)))?
        {
            return Err(fail(Fault::Bomb {
                place: "archive".to_owned(),
            }));
        }
        let manifest = read_manifest(&mut archive).map_err(fail)?;
        Ok(Self {
            path: path.to_owned(),
            archive,
            manifest,
            unknown,
        })
    }

    /// The manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Its path, as errors name it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether it holds users.
    pub fn has_users(&self) -> bool {
        self.entry(USERS).is_some()
    }

    /// Reads every part but the users. A part that cannot be used is told, and the others are read.
    pub fn load(&mut self) -> Loaded {
        let mut loaded = Loaded {
            evidence: Evidence {
                collected_at: self
                    .manifest
                    .evidence_at
                    .or(Some(self.manifest.collected_at)),
                not_collected: self.manifest.not_collected.clone(),
                ..Evidence::default()
            },
            problems: Vec::new(),
        };
        for name in std::mem::take(&mut self.unknown) {
            loaded
                .problems
                .push(self.fail(Fault::UnknownEntry { name }));
        }
        let names: Vec<String> = self
            .manifest
            .parts
            .iter()
            .map(|part| part.name.clone())
            .collect();
        for name in &names {
            if let Err(kind) = self.load_part(name, &mut loaded.evidence) {
                let error = self.fail(kind);
                if let Some(kind) = need_of(name) {
                    loaded.evidence.not_collected.push(NotCollected {
                        kind,
                        reason: UnknownReason::Unreadable,
                        error_id: Some(error.id().to_owned()),
                        detail: Some(error.kind.to_string()),
                    });
                }
                loaded.problems.push(error);
            }
        }
        if self.manifest.redacted && loaded.evidence.recorded.is_none() {
            loaded.evidence.recorded = Some(Vec::new());
        }
        loaded
    }

    fn load_part(&mut self, name: &str, evidence: &mut Evidence) -> Result<(), Fault> {
        match name {
            SERVER => evidence.server = Some(self.part(name)?),
            DIRECTORY => evidence.directory = Some(self.part(name)?),
            EVENTS => evidence.events = Some(self.part(name)?),
            NETWORK => evidence.network = Some(self.part(name)?),
            CLOUD => evidence.cloud = Some(self.part(name)?),
            HOST => evidence.host = Some(self.part(name)?),
            TENANT => {
                evidence.users.get_or_insert_with(Users::default).tenant = self.part(name)?;
            }
            FINDINGS => evidence.recorded = Some(self.part(name)?),
            // Compared and read line by line, by whoever wants them.
            USERS => {}
            _ => {
                return Err(Fault::UnknownEntry {
                    name: name.to_owned(),
                });
            }
        }
        Ok(())
    }

    /// Compares every part with its hash and reads it; gives what is wrong.
    pub fn check(&mut self) -> Vec<EvidenceFileError> {
        let mut problems = self.load().problems;
        let read = self.users(&mut |_| ControlFlow::Continue(()));
        problems.extend(read.err());
        problems
    }

    /// Everything in one value, with at most `most` users: for whoever compares whole files. More users are a problem of their own.
    pub fn load_with_users(&mut self, most: usize) -> Loaded {
        let mut loaded = self.load();
        let mut list = Vec::new();
        let mut more = false;
        let read = self.users(&mut |user| {
            if list.len() == most {
                more = true;
                return ControlFlow::Break(());
            }
            list.push(user);
            ControlFlow::Continue(())
        });
        if more {
            loaded.problems.push(self.fail(Fault::TooComplex {
                place: USERS.to_owned(),
                limit: most,
            }));
        }
        if let Err(error) = read
            && !loaded.problems.contains(&error)
        {
            loaded.problems.push(error);
        }
        if !list.is_empty() {
            loaded
                .evidence
                .users
                .get_or_insert_with(Users::default)
                .list = list;
        }
        loaded
    }

    /// Hands on one user after the other, until `take` breaks off. The part's hash is compared before the first.
    ///
    /// # Errors
    /// A user that cannot be read; those before it were handed on.
    pub fn users(
        &mut self,
        take: &mut dyn FnMut(UserEvidence) -> ControlFlow<()>,
    ) -> Result<(), EvidenceFileError> {
        if !self.has_users() {
            return Ok(());
        }
        self.verify(USERS, MAX_LINES)
            .and_then(|()| self.each_user(take))
            .map_err(|kind| self.fail(kind))
    }

    fn each_user(
        &mut self,
        take: &mut dyn FnMut(UserEvidence) -> ControlFlow<()>,
    ) -> Result<(), Fault> {
        let entry = open(&mut self.archive, USERS)?;
        let packed = entry.compressed_size();
        let mut lines =
            BufReader::with_capacity(1 << 16, Meter::new(entry, USERS, packed, MAX_LINES));
        let mut line = Vec::new();
        let mut number = 0_u64;
        loop {
            line.clear();
            number += 1;
            let place = format!("{USERS}, line {number}");
            let longest = u64::try_from(MAX_LINE + 1).unwrap_or(u64::MAX);
            let read = lines.by_ref().take(longest).read_until(b'\n', &mut line);
            let count = match read {
                Ok(count) => count,
                Err(error) => {
                    return Err(lines
                        .get_mut()
                        .fault()
                        .unwrap_or_else(|| unpacking(&place, &error)));
                }
            };
            if count == 0 {
                return Ok(());
            }
            if line.len() > MAX_LINE {
                return Err(Fault::TooLarge {
                    place,
                    limit: u64::try_from(MAX_LINE).unwrap_or(u64::MAX),
                });
            }
            let text = line.trim_ascii();
            if text.is_empty() {
                continue;
            }
            strict::walk_line(text, &place)?;
            if take(strict::typed_line(text, &place)?).is_break() {
                return Ok(());
            }
        }
    }

    /// Reads a part as a whole: once for its hash and its keys, once for its values.
    fn part<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Fault> {
        let expected = self.listed(name)?;
        let entry = open(&mut self.archive, name)?;
        let packed = entry.compressed_size();
        let mut meter = BufReader::new(Meter::new(entry, name, packed, MAX_PART));
        let walked = strict::walk(&mut meter, name);
        let mut meter = meter.into_inner();
        if let Some(fault) = meter.fault() {
            return Err(fault);
        }
        // A wrong hash explains whatever else is wrong.
        compare(name, &expected, meter.finish()?)?;
        walked?;
        let entry = open(&mut self.archive, name)?;
        strict::typed(BufReader::new(entry.take(MAX_PART)), name)
    }

    /// Compares a part with its hash.
    fn verify(&mut self, name: &str, limit: u64) -> Result<(), Fault> {
        let expected = self.listed(name)?;
        let entry = open(&mut self.archive, name)?;
        let packed = entry.compressed_size();
        let seen = Meter::new(entry, name, packed, limit).finish()?;
        compare(name, &expected, seen)
    }

    fn entry(&self, name: &str) -> Option<&PartEntry> {
        self.manifest.parts.iter().find(|part| part.name == name)
    }

    fn listed(&self, name: &str) -> Result<PartEntry, Fault> {
        self.entry(name).cloned().ok_or_else(|| Fault::PartMissing {
            place: name.to_owned(),
        })
    }

    fn fail(&self, kind: Fault) -> EvidenceFileError {
        EvidenceFileError::new(&self.path, kind)
    }
}

impl<R> std::fmt::Debug for EvidenceFile<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EvidenceFile")
            .field("path", &self.path)
            .field("manifest", &self.manifest)
            .finish_non_exhaustive()
    }
}

/// The kind of evidence that a part holds.
fn need_of(part: &str) -> Option<Need> {
    match part {
        SERVER => Some(Need::Server),
        DIRECTORY => Some(Need::Directory),
        EVENTS => Some(Need::Events),
        NETWORK => Some(Need::Network),
        CLOUD => Some(Need::Cloud),
        HOST => Some(Need::Host),
        USERS => Some(Need::User),
        _ => None,
    }
}

fn compare(name: &str, expected: &PartEntry, seen: (u64, String)) -> Result<(), Fault> {
    let (bytes, sha256) = seen;
    if bytes == expected.bytes && sha256.eq_ignore_ascii_case(&expected.sha256) {
        Ok(())
    } else {
        Err(Fault::WrongHash {
            place: name.to_owned(),
        })
    }
}

/// Whether the bytes begin as a ZIP archive does: then a missing end means that the file is cut off.
fn begins_as_archive<R: Read + Seek>(reader: &mut R) -> std::io::Result<bool> {
    let mut head = [0; 4];
    let begins = match reader.read_exact(&mut head) {
        Ok(()) => head == *b"PK\x03\x04",
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => false,
        Err(error) => return Err(error),
    };
    reader.rewind()?;
    Ok(begins)
}

/// Entries that no evidence file has. A name that points out of the archive ends the reading.
fn unknown_entries<R: Read + Seek>(archive: &ZipArchive<R>) -> Result<Vec<String>, Fault> {
    let mut unknown = Vec::new();
    for raw in archive.file_names_raw() {
        let name = String::from_utf8_lossy(raw);
        if leads_out(&name) {
            return Err(Fault::UnsafeName {
                name: name.into_owned(),
            });
        }
        if name != MANIFEST && !PARTS.contains(&name.as_ref()) {
            unknown.push(name.into_owned());
        }
    }
    Ok(unknown)
}

fn leads_out(name: &str) -> bool {
    let name: Cow<'_, str> = name.replace('\\', "/").into();
    name.starts_with('/')
        || name.contains(':')
        || name.contains('\0')
        || name.split('/').any(|part| part == "..")
}

fn open<'a, R: Read + Seek>(
    archive: &'a mut ZipArchive<R>,
    name: &str,
) -> Result<zip::read::ZipFile<'a, R>, Fault> {
    let entry = archive.by_name(name).map_err(|error| match error {
        ZipError::FileNotFound => Fault::PartMissing {
            place: name.to_owned(),
        },
        ZipError::UnsupportedArchive(_)
        | ZipError::CompressionMethodNotSupported(_)
        | ZipError::InvalidPassword => Fault::Unsupported {
            place: name.to_owned(),
            detail: error.to_string(),
        },
        _ => Fault::Truncated {
            place: name.to_owned(),
            detail: error.to_string(),
        },
    })?;
    match entry.compression() {
        CompressionMethod::Stored | CompressionMethod::Deflated => Ok(entry),
        method => Err(Fault::Unsupported {
            place: name.to_owned(),
            detail: format!("it is packed by the method {method}"),
        }),
    }
}

fn of_archive(error: &ZipError, begins_as_archive: bool) -> Fault {
    let detail = error.to_string();
    if begins_as_archive {
        Fault::Truncated {
            place: "archive".to_owned(),
            detail,
        }
    } else {
        Fault::NotEvidence { detail }
    }
}

/// The fields by which a manifest of any version is told.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    schema_version: u64,
    #[serde(default)]
    tool_version: String,
}

fn read_manifest<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Manifest, Fault> {
    let mut bytes = Vec::new();
    {
        let entry = open(archive, MANIFEST).map_err(|fault| match fault {
            Fault::PartMissing { .. } => Fault::NotEvidence {
                detail: format!("it has no {MANIFEST}"),
            },
            other => other,
        })?;
        let packed = entry.compressed_size();
        let mut meter = Meter::new(entry, MANIFEST, packed, MAX_MANIFEST);
        if let Err(error) = meter.read_to_end(&mut bytes) {
            return Err(meter.fault().unwrap_or_else(|| unpacking(MANIFEST, &error)));
        }
    }
    strict::walk(bytes.as_slice(), MANIFEST)?;
    let version: Version = serde_json::from_slice(&bytes).map_err(|error| Fault::Invalid {
        place: MANIFEST.to_owned(),
        detail: error.to_string(),
    })?;
    if version.schema_version > u64::from(SCHEMA_VERSION) {
        return Err(Fault::NewerSchema {
            found: version.schema_version,
            known: SCHEMA_VERSION,
            tool: version.tool_version,
        });
    }
    let manifest: Manifest = strict::typed(bytes.as_slice(), MANIFEST)?;
    if manifest.schema_version == 0 {
        return Err(Fault::Invalid {
            place: MANIFEST.to_owned(),
            detail: "schemaVersion is 0".to_owned(),
        });
    }
    let mut names: Vec<&str> = manifest
        .parts
        .iter()
        .map(|part| part.name.as_str())
        .collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|pair| pair.first() == pair.last()) {
        return Err(Fault::Invalid {
            place: MANIFEST.to_owned(),
            detail: format!("part {} is listed twice", twice.join(" and ")),
        });
    }
    Ok(manifest)
}
