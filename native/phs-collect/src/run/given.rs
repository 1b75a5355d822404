//! Evidence that the caller brings along, as the field `evidence` of a request: what it collected itself on the Connect
//! server or in the cloud, and files that hold evidence.

use serde::Deserialize;

/// The field `evidence` of every request that judges.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Given {}

impl Given {
    /// Whether nothing was brought.
    #[expect(clippy::unused_self, reason = "the answer depends on the fields")]
    pub(super) fn is_empty(&self) -> bool {
        true
    }
}
