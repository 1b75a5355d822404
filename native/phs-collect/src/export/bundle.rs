//! Support bundles (domain 10.5): `CONFIG/MEC` holds an export and, as text of `Format-List`, what an export never holds.

use std::fs;
use std::path::{Path, PathBuf};

use phs_core::evidence::cloud::TenantFeatures;
use phs_core::evidence::server::{Scheduler, ServerConfiguration, parse_flag};
use phs_core::evidence::{Fact, UnknownReason};

use super::json::decode;

/// Largest text file of a bundle that is read, in bytes. Real ones stay under 100 KiB.
const MAX_TEXT_FILE: u64 = 4 << 20;

/// The folder of the configuration inside a bundle, where the given one is a bundle, its `CONFIG` folder or the folder of
/// one bundle.
pub(super) fn configurations(path: &Path, children: &[PathBuf]) -> Vec<PathBuf> {
    let here = mec(path, children);
    if !here.is_empty() {
        return here;
    }
    children
        .iter()
        .flat_map(|child| mec(child, &folders(child)))
        .collect()
}

/// `CONFIG/MEC` or `MEC` in a folder.
fn mec(path: &Path, children: &[PathBuf]) -> Vec<PathBuf> {
    let config = if is_named(path, "CONFIG") {
        children.to_vec()
    } else {
        children
            .iter()
            .filter(|child| is_named(child, "CONFIG"))
            .flat_map(|child| folders(child))
            .collect()
    };
    config
        .into_iter()
        .filter(|child| is_named(child, "MEC"))
        .collect()
}

/// Whether a folder is the configuration of a bundle: `CONFIG/MEC`.
pub(super) fn is_configuration(path: &Path) -> bool {
    is_named(path, "MEC")
        && path
            .parent()
            .is_some_and(|parent| is_named(parent, "CONFIG"))
}

fn is_named(path: &Path, name: &str) -> bool {
    path.file_name()
        .is_some_and(|found| found.to_string_lossy().eq_ignore_ascii_case(name))
}

fn folders(path: &Path) -> Vec<PathBuf> {
    super::folder::folders_in(path).unwrap_or_default()
}

/// The event log of the bundle whose configuration lies in this folder: `EVENTLOG/<host>_Application.evtx`.
pub(super) fn event_log(configuration: &Path) -> Option<PathBuf> {
    let root = configuration.parent()?.parent()?;
    let logs = folders(root)
        .into_iter()
        .find(|child| is_named(child, "EVENTLOG"))?;
    let mut found: Vec<PathBuf> = fs::read_dir(logs)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.file_name().is_some_and(|name| {
                name.to_string_lossy()
                    .to_ascii_lowercase()
                    .ends_with("_application.evtx")
            })
        })
        .collect();
    found.sort();
    found.into_iter().next()
}

/// Adds what the bundle's text files tell and an export does not. Dates in them are in the server's own format, so only
/// flags and words are read.
pub(super) fn supplement(configuration: &Path, server: &mut ServerConfiguration) {
    if let Some(list) = list(configuration, "Get-ADSyncScheduler.txt") {
        let flag = |name: &str| list.flag(name);
        server.scheduler = Fact::Known(Scheduler {
            sync_cycle_enabled: flag("SyncCycleEnabled"),
            staging_mode: flag("StagingModeEnabled"),
            suspended: flag("SchedulerSuspended"),
            maintenance_enabled: flag("MaintenanceEnabled"),
            in_progress: flag("SyncCycleInProgress"),
            interval: list.word("CurrentlyEffectiveSyncCycleInterval"),
            next_policy: list.word("NextSyncCyclePolicyType"),
            ..Scheduler::default()
        });
    }
    if let Some(list) = list(configuration, "Get-ADSyncAADCompanyFeature.txt") {
        server.tenant_features = Fact::Known(TenantFeatures {
            password_hash_sync: list.flag("PasswordHashSync"),
            force_password_change_on_log_on: list.flag("ForcePasswordChangeOnLogOn"),
        });
    }
}

/// Names and values of an object that was written as a list.
struct List(Vec<(String, String)>);

impl List {
    fn value(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    fn flag(&self, name: &str) -> Fact<bool> {
        match self.value(name) {
            None => Fact::unknown(UnknownReason::Absent),
            Some(text) => parse_flag(text).map_or(
                Fact::unknown_because(UnknownReason::Unreadable, text),
                Fact::Known,
            ),
        }
    }

    fn word(&self, name: &str) -> Fact<String> {
        match self.value(name) {
            Some(text) if !text.is_empty() => Fact::Known(text.to_owned()),
            _ => Fact::unknown(UnknownReason::Absent),
        }
    }
}

/// Reads `Name : value` lines; none where the file is not there or holds none, as when its cmdlet failed.
fn list(folder: &Path, name: &str) -> Option<List> {
    let path = folder.join(name);
    if fs::metadata(&path).ok()?.len() > MAX_TEXT_FILE {
        return None;
    }
    let text = decode(&fs::read(path).ok()?)?;
    let rows: Vec<(String, String)> = text
        .lines()
        .filter(|line| !line.starts_with([' ', '\t']))
        .filter_map(|line| {
            let (key, value) = line.split_once(':')?;
            Some((key.trim().to_owned(), value.trim().to_owned()))
        })
        .collect();
    (!rows.is_empty()).then_some(List(rows))
}
