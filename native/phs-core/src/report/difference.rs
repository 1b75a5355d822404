//! Records of differences between two collections of evidence.

use serde::{Deserialize, Serialize};

use crate::compare::Difference;
use crate::text::{Catalog, one_line, printable};

/// `PhsDiagnostics.Difference`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DifferenceRecord {
    /// `Evidence`, `Server`, `Connector`, `Partition`, `RunProfile`, `Rule`, `Directory`, `Cloud` or `Outcome`.
    pub area: String,
    /// `Added`, `Removed`, `Changed` or `NotComparable`.
    pub kind: String,
    /// How much it matters for password hash sync when the difference takes the place of the reference: `Critical`,
    /// `Error`, `Warning` or `Information`.
    pub severity: String,
    /// Id of the check that it touches.
    pub check_id: Option<String>,
    /// The connector, partition, rule, account or domain.
    pub target: String,
    /// The attribute, setting or element.
    pub property: String,
    /// The value in the reference.
    pub before: Option<String>,
    /// The value in the difference.
    pub after: Option<String>,
    /// What is the case.
    pub message: String,
    /// Why it matters.
    pub why: Option<String>,
    /// The file or server that the reference was read from.
    pub reference_source: Option<String>,
    /// The file or server that the difference was read from.
    pub difference_source: Option<String>,
}

impl DifferenceRecord {
    /// The difference in the words of a catalogue.
    pub fn render(difference: &Difference, catalog: &Catalog) -> Self {
        let value = |text: &String| printable(text).into_owned();
        let source = |text: &String| (!text.is_empty()).then(|| one_line(text).into_owned());
        Self {
            area: format!("{:?}", difference.area),
            kind: format!("{:?}", difference.kind),
            severity: format!("{:?}", difference.severity),
            check_id: difference.check.map(|check| check.id.to_owned()),
            target: one_line(&difference.target.display).into_owned(),
            property: one_line(&difference.property).into_owned(),
            before: difference.before.as_ref().map(value),
            after: difference.after.as_ref().map(value),
            message: catalog.render(&difference.message),
            why: catalog.why(&difference.message),
            reference_source: source(&difference.reference_source),
            difference_source: source(&difference.difference_source),
        }
    }
}
