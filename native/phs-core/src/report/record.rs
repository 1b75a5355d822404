//! Records of findings and checks, in the words of one culture.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::check::Check;
use crate::finding::{EvidenceRow, Finding, Outcome};
use crate::text::{Catalog, one_line, printable};

/// `PhsDiagnostics.Finding`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FindingRecord {
    /// Id of the check.
    pub check_id: String,
    /// Name of the check.
    pub name: String,
    /// Guide step.
    pub step: String,
    /// `Passed`, `Failed`, `Warning`, `Skipped` or `Error`.
    pub outcome: String,
    /// Why it was skipped.
    pub skip_reason: Option<String>,
    /// `Critical`, `Error`, `Warning` or `Information`.
    pub severity: String,
    /// What it is about.
    pub target: String,
    /// What is the case.
    pub message: String,
    /// Why it matters.
    pub why: Option<String>,
    /// What to do, in order.
    pub remediation: Vec<String>,
    /// What was observed.
    pub evidence: Vec<EvidenceRow>,
    /// Public pages.
    pub links: Vec<String>,
    /// SHA-256 of check id and canonical target.
    pub fingerprint: String,
    /// Whether the user suppressed it.
    pub suppressed: bool,
    /// When the evidence was true (UTC), if known.
    pub observed_at: Option<Timestamp>,
}

impl FindingRecord {
    /// The finding in the words of a catalogue.
    pub fn render(finding: &Finding, catalog: &Catalog, suppressed: bool) -> Self {
        let mut remediation = catalog.remedies(&finding.message);
        remediation.extend(finding.remedies.iter().map(|text| catalog.render(text)));
        Self {
            check_id: finding.check.id.to_owned(),
            name: finding.check.name.to_owned(),
            step: finding.check.step.name().to_owned(),
            outcome: finding.outcome.name().to_owned(),
            skip_reason: match finding.outcome {
                Outcome::Skipped(reason) => Some(format!("{reason:?}")),
                _ => None,
            },
            severity: format!("{:?}", finding.severity()),
            target: one_line(&finding.target.display).into_owned(),
            message: catalog.render(&finding.message),
            why: catalog.why(&finding.message),
            remediation,
            evidence: finding.evidence.iter().map(printable_row).collect(),
            links: finding
                .check
                .links
                .iter()
                .map(|&link| link.to_owned())
                .collect(),
            fingerprint: finding.fingerprint(),
            suppressed,
            observed_at: finding.observed_at,
        }
    }

    /// A finding that an evidence file keeps, fit to be shown.
    #[must_use]
    pub fn shown(&self) -> Self {
        let shown = |text: &String| printable(text).into_owned();
        Self {
            check_id: one_line(&self.check_id).into_owned(),
            name: one_line(&self.name).into_owned(),
            step: one_line(&self.step).into_owned(),
            outcome: one_line(&self.outcome).into_owned(),
            severity: one_line(&self.severity).into_owned(),
            target: one_line(&self.target).into_owned(),
            message: shown(&self.message),
            why: self.why.as_ref().map(shown),
            remediation: self.remediation.iter().map(shown).collect(),
            evidence: self.evidence.iter().map(printable_row).collect(),
            links: self.links.iter().map(shown).collect(),
            ..self.clone()
        }
    }
}

fn printable_row(row: &EvidenceRow) -> EvidenceRow {
    EvidenceRow {
        source: one_line(&row.source).into_owned(),
        object: one_line(&row.object).into_owned(),
        attribute: one_line(&row.attribute).into_owned(),
        value: printable(&row.value).into_owned(),
        observed_at: row.observed_at,
    }
}

/// One row of the catalogue of checks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckRecord {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Guide step.
    pub step: String,
    /// Severity of a fault.
    pub severity: String,
    /// `Stable` or `Planned`.
    pub status: String,
    /// Title in words.
    pub title: String,
    /// What it asks and why that matters.
    pub explanation: String,
    /// Evidence that it reads.
    pub needs: Vec<String>,
    /// Public pages.
    pub links: Vec<String>,
}

impl CheckRecord {
    /// The check in the words of a catalogue.
    pub fn render(check: &Check, catalog: &Catalog) -> Self {
        let key = check.text_key();
        Self {
            id: check.id.to_owned(),
            name: check.name.to_owned(),
            step: check.step.name().to_owned(),
            severity: format!("{:?}", check.severity),
            status: format!("{:?}", check.status),
            title: catalog.value(&key).unwrap_or_default(),
            explanation: catalog.attribute(&key, "explain").unwrap_or_default(),
            needs: check.needs.iter().map(|need| format!("{need:?}")).collect(),
            links: check.links.iter().map(|&link| link.to_owned()).collect(),
        }
    }
}
