//! Runs on an evidence file: its parts as evidence, its clock as now, its users line by line.

mod audit;
mod users;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use phs_core::evidence::Evidence;
use phs_core::evidence::manifest::Manifest;
use phs_core::text;
use tokio::runtime::Handle;

use super::RunContext;
use crate::event::Level;
use crate::evidence_file::{EvidenceFile, Loaded};
use crate::problem::{Category, Problem};

pub(super) use audit::audit;
pub(super) use users::{Place, judge_users, users_into};

type Opened = EvidenceFile<BufReader<File>>;

/// Reads a file into the evidence. A file that cannot be opened ends the run; a part that cannot be used is told, and the rest
/// is judged.
///
/// # Errors
/// `Phs.Evidence.*`.
pub(super) async fn load(
    context: &RunContext,
    path: &str,
    evidence: &mut Evidence,
) -> Result<(), Problem> {
    let (manifest, loaded) = blocking(context, path, |mut file, _| {
        let loaded = file.load();
        Ok((file.manifest().clone(), loaded))
    })
    .await?;
    tell(context, &loaded).await;
    context.set_clock(manifest.collected_at);
    *evidence = loaded.evidence;
    Ok(())
}

async fn tell(context: &RunContext, loaded: &Loaded) {
    for problem in &loaded.problems {
        context.error(&problem.problem()).await;
    }
}

/// How many users a file holds that were asked for by name.
pub(super) fn named(manifest: &Manifest) -> u64 {
    manifest
        .parts
        .iter()
        .filter_map(|part| part.named)
        .sum::<u64>()
}

/// Opens a file and works on it, on a thread that may block.
pub(super) async fn blocking<T: Send + 'static>(
    context: &RunContext,
    path: &str,
    work: impl FnOnce(Opened, Handle) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let path = PathBuf::from(path);
    let runtime = Handle::current();
    context
        .progress(
            &text!("progress-evidence-file"),
            &text!("progress-evidence-file-read"),
            None,
        )
        .await;
    super::blocking::blocking(move || work(open(&path)?, runtime)).await
}

fn open(path: &Path) -> Result<Opened, Problem> {
    EvidenceFile::open(path).map_err(|error| error.problem())
}

/// Whether the users of a file can be judged, all of them.
///
/// # Errors
/// `Phs.Evidence.Redacted`, `Phs.Evidence.NoUsers`.
fn all_users(
    context: &RunContext,
    file: &Opened,
    path: &str,
    runtime: &Handle,
) -> Result<(), Problem> {
    let manifest = file.manifest();
    if manifest.redacted {
        return Err(redacted(path));
    }
    if !file.has_users() {
        return Err(Problem::new(
            "Phs.Evidence.NoUsers",
            Category::ObjectNotFound,
            path,
            text!("evidence-file-no-users", file = path),
        ));
    }
    let all: u64 = manifest.parts.iter().filter_map(|part| part.records).sum();
    let named = named(manifest);
    if named > 0 && named == all {
        let count = i64::try_from(named).unwrap_or(i64::MAX);
        let few = text!("evidence-file-named-users", file = path, count = count);
        runtime.block_on(context.log(Level::Warning, &few));
    }
    Ok(())
}

/// Users of a redacted file cannot be judged: rules test names.
pub(super) fn redacted(path: &str) -> Problem {
    Problem::new(
        "Phs.Evidence.Redacted",
        Category::NotImplemented,
        path,
        text!("evidence-file-redacted", file = path),
    )
}
