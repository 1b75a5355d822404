//! `Compare-PhsEvidence`: what differs between two servers, or one server on two days.

use phs_core::check::Step;
use phs_core::compare;
use phs_core::evidence::Evidence;
use phs_core::report::DifferenceRecord;
use phs_core::text;
use serde::Deserialize;

use super::gather::{Sources, gather};
use super::given::Given;
use super::{Diagnostic, Options, RunContext};
use crate::event::{Event, Level};
use crate::problem::{Category, Problem};

/// The request.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct CompareEvidence {
    /// What every request may say.
    pub options: Options,
    /// What is compared with.
    pub reference: Compared,
    /// What is compared.
    pub difference: Compared,
}

/// One side of a comparison.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Compared {
    /// Folder of a server configuration export, or anything else that a diagnosis takes as its path.
    pub path: Option<String>,
    /// Evidence that the caller brings along.
    pub evidence: Given,
}

impl Diagnostic for CompareEvidence {
    fn options(&self) -> &Options {
        &self.options
    }

    async fn run(self, context: RunContext) -> Result<(), Problem> {
        let Some(reference) = read(&context, self.reference, "reference").await? else {
            return Ok(());
        };
        let Some(difference) = read(&context, self.difference, "difference").await? else {
            return Ok(());
        };
        context
            .log(
                Level::Verbose,
                &text!(
                    "compare-compared",
                    kinds = compare::compared(&reference, &difference),
                    missing = compare::not_held(&reference, &difference)
                ),
            )
            .await;
        let today = context.today();
        let comparing = async { compare::compare(&reference, &difference, today) };
        let Some(found) = context.guard(Step::Tool, comparing).await else {
            return Ok(());
        };
        let differences: Vec<_> = found
            .iter()
            .map(|one| DifferenceRecord::render(one, context.catalog()))
            .collect();
        if !differences.is_empty() {
            context.send(Event::Difference { differences }).await;
        }
        Ok(())
    }
}

/// One side; none where nothing of it could be read, which was told.
async fn read(
    context: &RunContext,
    side: Compared,
    name: &str,
) -> Result<Option<Evidence>, Problem> {
    let sources = Sources::at_hand(side.path, side.evidence);
    if sources.is_empty() {
        return Err(Problem::new(
            "Phs.Request.NoSource",
            Category::InvalidArgument,
            name,
            text!("error-request-no-side", side = name),
        ));
    }
    let evidence = gather(context, &sources).await?;
    Ok((!compare::is_empty(&evidence)).then_some(evidence))
}
