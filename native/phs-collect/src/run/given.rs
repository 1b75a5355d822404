//! Evidence that the caller brings along, as the field `evidence` of a request: what it collected itself on the Connect
//! server or in the cloud, and files that hold evidence.

use phs_core::evidence::Evidence;
use phs_core::evidence::user::Users;
use serde::de::{self, DeserializeOwned};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::RunContext;
use crate::adsync::{self, AdSync};
use crate::host::{self, Host};

/// The field `evidence` of every request that judges.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Given {
    /// Path of an evidence file.
    pub file: Option<String>,
    /// What the ADSync module of the Connect server answered.
    #[serde(deserialize_with = "embedded")]
    pub adsync: Option<Box<AdSync>>,
    /// What was read on the host of the Connect server.
    #[serde(deserialize_with = "embedded")]
    pub host: Option<Box<Host>>,
}

/// An object, or its JSON as a text: what another PowerShell wrote comes as it is.
fn embedded<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<Box<T>>, D::Error> {
    let read = match Value::deserialize(deserializer)? {
        Value::Null => return Ok(None),
        Value::String(text) => serde_json::from_str(&text),
        value => serde_json::from_value(value),
    };
    read.map(|value| Some(Box::new(value)))
        .map_err(de::Error::custom)
}

impl Given {
    /// Whether nothing was brought.
    pub(super) fn is_empty(&self) -> bool {
        self.file.is_none() && self.adsync.is_none() && self.host.is_none()
    }

    /// Reads what was brought into the evidence, save an evidence file, which comes before everything else. What is wrong with it is told, and the rest is judged.
    pub(super) async fn read_into(&self, context: &RunContext, evidence: &mut Evidence) {
        if let Some(given) = &self.adsync {
            let read = adsync::read(given);
            for problem in &read.problems {
                context.error(problem).await;
            }
            let at = read.configuration.exported_at.known().copied();
            evidence.collected_at = evidence.collected_at.or(at);
            evidence.server.get_or_insert(read.configuration);
            if !read.users.is_empty() {
                let users = evidence.users.get_or_insert_with(Users::default);
                users.list.extend(read.users);
            }
        }
        if let Some(given) = &self.host {
            let read = host::read(given);
            evidence.collected_at = evidence.collected_at.or(read.observed_at);
            evidence.host.get_or_insert(read);
        }
    }
}
