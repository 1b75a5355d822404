//! Writing: into a file of another name in the same folder, which takes the final name when all is on disk.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use phs_core::evidence::Evidence;
use phs_core::evidence::manifest::{Manifest, PartEntry, SCHEMA_VERSION};
use phs_core::evidence::user::{TenantFacts, UserEvidence};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::error::{EvidenceFileError, Fault};
use super::latch::{Failure, Latch};
use super::meter::hex;
use super::{CLOUD, DIRECTORY, EVENTS, FINDINGS, HOST, MANIFEST, NETWORK, SERVER, TENANT, USERS};

/// An evidence file that is being written. Dropped before [`EvidenceWriter::finish`], it leaves nothing.
pub struct EvidenceWriter {
    // Dropped first: it still writes then, and the file below it is removed after it.
    archive: ZipWriter<Latch<BufWriter<File>>>,
    temporary: NamedTempFile,
    path: PathBuf,
    replace: bool,
    failure: Failure,
    parts: Vec<PartEntry>,
    users: Option<Lines>,
}

/// What is known of the part with users while it is written.
#[derive(Default)]
struct Lines {
    hasher: Sha256,
    bytes: u64,
    records: u64,
    named: u64,
    line: Vec<u8>,
}

/// An evidence file that was written.
#[derive(Debug, Clone)]
pub struct Written {
    /// Its length in bytes.
    pub bytes: u64,
    /// Its manifest.
    pub manifest: Manifest,
}

impl EvidenceWriter {
    /// Begins a file. Only its owner may read it (on Unix; on Windows the folder decides).
    ///
    /// # Errors
    /// The file is there already and `replace` is false, or its folder cannot be written to.
    pub fn create(path: &Path, replace: bool) -> Result<Self, EvidenceFileError> {
        let fail = |kind| EvidenceFileError::new(path.display().to_string(), kind);
        if !replace && path.exists() {
            return Err(fail(Fault::Exists));
        }
        // A device would be replaced by a file, and a folder cannot be: said before hours of collecting.
        if let Ok(there) = path.symlink_metadata()
            && !there.is_file()
            && !there.is_symlink()
        {
            let detail = "what has this name is no file".to_owned();
            return Err(fail(Fault::NotWritten { detail }));
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let not_written = |error: std::io::Error| {
            fail(Fault::NotWritten {
                detail: error.to_string(),
            })
        };
        let temporary = tempfile::Builder::new()
            .prefix(".phs-")
            .suffix(".part")
            .tempfile_in(folder)
            .map_err(not_written)?;
        let file = temporary.reopen().map_err(not_written)?;
        let failure = Failure::default();
        Ok(Self {
            archive: ZipWriter::new(Latch::new(BufWriter::new(file), failure.clone())),
            temporary,
            path: path.to_owned(),
            replace,
            failure,
            parts: Vec::new(),
            users: None,
        })
    }

    /// Writes every part of the evidence, the users in it among them.
    ///
    /// # Errors
    /// As [`EvidenceWriter::part`].
    pub fn evidence(&mut self, evidence: &Evidence) -> Result<(), EvidenceFileError> {
        if let Some(server) = &evidence.server {
            self.part(SERVER, server)?;
        }
        if let Some(directory) = &evidence.directory {
            self.part(DIRECTORY, directory)?;
        }
        if let Some(events) = &evidence.events {
            self.part(EVENTS, events)?;
        }
        if let Some(network) = &evidence.network {
            self.part(NETWORK, network)?;
        }
        if let Some(cloud) = &evidence.cloud {
            self.part(CLOUD, cloud)?;
        }
        if let Some(host) = &evidence.host {
            self.part(HOST, host)?;
        }
        if let Some(recorded) = &evidence.recorded {
            self.part(FINDINGS, recorded)?;
        }
        if let Some(users) = &evidence.users {
            if users.tenant != TenantFacts::default() {
                self.part(TENANT, &users.tenant)?;
            }
            for user in &users.list {
                self.user(user)?;
            }
        }
        Ok(())
    }

    /// Writes a part.
    ///
    /// # Errors
    /// The system's, or a value that is no JSON.
    pub fn part(&mut self, name: &str, value: &impl Serialize) -> Result<(), EvidenceFileError> {
        self.end_users()?;
        let bytes = serde_json::to_vec(value).map_err(|error| self.not_written(&error))?;
        self.start(name)?;
        self.archive
            .write_all(&bytes)
            .map_err(|error| self.not_written(&error))?;
        let mut hasher = Sha256::new();
        hasher.update(&bytes);
        self.parts.push(PartEntry {
            name: name.to_owned(),
            bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            sha256: hex(hasher),
            records: None,
            named: None,
        });
        self.check()
    }

    /// Writes one user. All users are written one after the other, with no other part between them; those that were asked for
    /// by name (they have an identity) come first.
    ///
    /// # Errors
    /// As [`EvidenceWriter::part`].
    pub fn user(&mut self, user: &UserEvidence) -> Result<(), EvidenceFileError> {
        if self.users.is_none() {
            if self.parts.iter().any(|part| part.name == USERS) {
                return Err(self.not_written(&"users were written already"));
            }
            self.start(USERS)?;
        }
        let mut lines = self.users.take().unwrap_or_default();
        lines.line.clear();
        serde_json::to_writer(&mut lines.line, user).map_err(|error| self.not_written(&error))?;
        lines.line.push(b'\n');
        self.archive
            .write_all(&lines.line)
            .map_err(|error| self.not_written(&error))?;
        lines.hasher.update(&lines.line);
        lines.bytes += u64::try_from(lines.line.len()).unwrap_or(0);
        lines.records += 1;
        if !user.identity.is_empty() && lines.named + 1 == lines.records {
            lines.named += 1;
        }
        self.users = Some(lines);
        self.check()
    }

    /// Writes the manifest, with its list of parts, and gives the file its name.
    ///
    /// # Errors
    /// The system's; nothing is then left under the name.
    pub fn finish(mut self, manifest: Manifest) -> Result<Written, EvidenceFileError> {
        self.end_users()?;
        let manifest = Manifest {
            schema_version: SCHEMA_VERSION,
            parts: std::mem::take(&mut self.parts),
            ..manifest
        };
        let bytes =
            serde_json::to_vec_pretty(&manifest).map_err(|error| self.not_written(&error))?;
        self.start(MANIFEST)?;
        self.archive
            .write_all(&bytes)
            .map_err(|error| self.not_written(&error))?;
        let path = self.path.display().to_string();
        let not_written = |error: &dyn std::fmt::Display| {
            EvidenceFileError::new(
                path.clone(),
                Fault::NotWritten {
                    detail: error.to_string(),
                },
            )
        };
        let latch = self.archive.finish().map_err(|error| not_written(&error))?;
        let mut writer = latch.into_inner();
        if let Some(error) = self.failure.take() {
            return Err(not_written(&error));
        }
        writer.flush().map_err(|error| not_written(&error))?;
        let file = writer
            .into_inner()
            .map_err(|error| not_written(error.error()))?;
        // The name must not be there before the bytes are.
        file.sync_all().map_err(|error| not_written(&error))?;
        let bytes = file.metadata().map_err(|error| not_written(&error))?.len();
        drop(file);
        if self.replace {
            self.temporary
                .persist(&self.path)
                .map_err(|error| not_written(&error.error))?;
        } else {
            self.temporary
                .persist_noclobber(&self.path)
                .map_err(|error| {
                    if error.error.kind() == std::io::ErrorKind::AlreadyExists {
                        EvidenceFileError::new(path.clone(), Fault::Exists)
                    } else {
                        not_written(&error.error)
                    }
                })?;
        }
        Ok(Written { bytes, manifest })
    }

    fn start(&mut self, name: &str) -> Result<(), EvidenceFileError> {
        // Users may come to more than 4 GiB; no clock of this machine goes into the archive's own headers.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::DEFAULT)
            .large_file(name == USERS);
        self.archive
            .start_file(name, options)
            .map_err(|error: ZipError| self.not_written(&error))
    }

    fn end_users(&mut self) -> Result<(), EvidenceFileError> {
        if let Some(lines) = self.users.take() {
            self.parts.push(PartEntry {
                name: USERS.to_owned(),
                bytes: lines.bytes,
                sha256: hex(lines.hasher),
                records: Some(lines.records),
                named: Some(lines.named),
            });
        }
        self.check()
    }

    /// The failure that the archive writer did not see.
    fn check(&mut self) -> Result<(), EvidenceFileError> {
        match self.failure.take() {
            Some(error) => Err(self.not_written(&error)),
            None => Ok(()),
        }
    }

    fn not_written(&self, error: &dyn std::fmt::Display) -> EvidenceFileError {
        EvidenceFileError::new(
            self.path.display().to_string(),
            Fault::NotWritten {
                detail: error.to_string(),
            },
        )
    }
}

impl std::fmt::Debug for EvidenceWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EvidenceWriter")
            .field("path", &self.path)
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}
