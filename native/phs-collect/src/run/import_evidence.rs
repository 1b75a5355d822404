//! `Import-PhsEvidence`: what an evidence file holds, with every part compared with its hash.

use phs_core::report::EvidenceFileRecord;
use serde::Deserialize;

use super::file;
use super::{Diagnostic, Options, RunContext};
use crate::event::Event;
use crate::problem::Problem;

/// Request of `phs_import_evidence`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportEvidence {
    /// What every request may say.
    #[serde(default)]
    pub options: Options,
    /// The file.
    pub file: String,
}

impl Diagnostic for ImportEvidence {
    fn options(&self) -> &Options {
        &self.options
    }

    async fn run(self, context: RunContext) -> Result<(), Problem> {
        let path = self.file.clone();
        let (manifest, bytes, problems) =
            file::blocking(&context, &self.file, move |mut file, _| {
                let problems = file.check();
                let bytes = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
                Ok((file.manifest().clone(), bytes, problems))
            })
            .await?;
        for problem in &problems {
            context.error(&problem.problem()).await;
        }
        let evidence = EvidenceFileRecord::render(&self.file, bytes, &manifest, context.catalog());
        context.send(Event::Evidence { evidence }).await;
        Ok(())
    }
}
