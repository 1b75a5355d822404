//! Evidence that the caller brings along, as the field `evidence` of a request: what it collected itself on the Connect
//! server or in the cloud, and files that hold evidence.

use std::path::PathBuf;

use jiff::SignedDuration;
use phs_core::evidence::Evidence;
use phs_core::evidence::events::EventLog;
use phs_core::evidence::user::{TenantFacts, Users};
use phs_core::text;
use serde::de::{self, DeserializeOwned};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tokio::runtime::Handle;

use super::RunContext;
use super::blocking::blocking;
use crate::adsync::{self, AdSync};
use crate::cloud::{self, GraphAnswers};
use crate::event::Level;
use crate::events::{self, LiveLog};
use crate::host::{self, Host};
use crate::problem::{Category, Problem};

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
    /// What Microsoft Graph answered.
    pub cloud: Option<GraphAnswers>,
    /// An event log: an `.evtx` file or an XML export.
    pub event_path: Option<String>,
    /// Events that the caller read from a live log.
    pub events: Option<Box<LiveLog>>,
}

/// An object, or its JSON as a text: what another PowerShell wrote comes as it is.
pub(super) fn embedded<'de, D: Deserializer<'de>, T: DeserializeOwned>(
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
        self.file.is_none()
            && self.adsync.is_none()
            && self.host.is_none()
            && self.event_path.is_none()
            && self.events.is_none()
            && self.cloud.is_none()
    }

    /// Whether the caller brought an event log.
    pub(super) fn has_events(&self) -> bool {
        self.event_path.is_some() || self.events.is_some()
    }

    /// Whether the caller can ask the tenant about users.
    pub(super) fn asks_users(&self) -> bool {
        self.cloud.as_ref().is_some_and(|cloud| cloud.asks_users)
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
        if let Some(live) = &self.events {
            take_log(live.log(), evidence);
        }
        // A file was named on purpose: it goes before the log of this machine.
        if let Some(path) = &self.event_path {
            event_log(context, PathBuf::from(path), evidence).await;
        }
        // After all that tells of the server, which names the tenant.
        if let Some(answers) = &self.cloud {
            tenant(context, answers, evidence).await;
        }
        let facts = TenantFacts::of(evidence);
        if let Some(users) = &mut evidence.users {
            users.tenant = facts;
        }
    }
}

/// Takes the tenant's answers, unless they are of another tenant than the server sends to, or than the evidence file is of.
/// What such a file knows of the tenant stands; the answers of today fill the rest.
async fn tenant(context: &RunContext, answers: &GraphAnswers, evidence: &mut Evidence) {
    if evidence.recorded.is_some() {
        let message = text!("evidence-file-redacted-tenant");
        context.log(Level::Warning, &message).await;
        return;
    }
    let read = cloud::read(answers);
    for problem in &read.problems {
        context.error(problem).await;
    }
    let wrong = evidence
        .server
        .as_ref()
        .and_then(|server| read.evidence.wrong_tenant(server))
        .or_else(|| read.evidence.other_tenant(evidence.cloud.as_ref()?));
    if let Some(wrong) = wrong {
        let problem = Problem::new(
            "Phs.Graph.WrongTenant",
            Category::InvalidArgument,
            &wrong.answered,
            text!(
                "error-graph-wrong-tenant",
                answered = &wrong.answered,
                expected = &wrong.expected
            ),
        );
        context.error(&problem).await;
        return;
    }
    context.trust_tenant();
    let (then, asked) = (context.today(), read.evidence.observed_at);
    if asked.is_some_and(|asked| asked.duration_since(then) > SignedDuration::from_hours(24)) {
        let message = text!("evidence-file-later-tenant", at = then.to_string());
        context.log(Level::Warning, &message).await;
    }
    evidence.collected_at = evidence.collected_at.or(asked);
    match &mut evidence.cloud {
        Some(known) => known.fill(read.evidence),
        None => evidence.cloud = Some(read.evidence),
    }
}

/// Reads an event log into the evidence. What is wrong with it is told, and the rest is judged.
pub(super) async fn event_log(context: &RunContext, path: PathBuf, evidence: &mut Evidence) {
    if let Some(log) = read_log(context, path).await {
        take_log(log, evidence);
    }
}

fn take_log(log: EventLog, evidence: &mut Evidence) {
    evidence.collected_at = evidence.collected_at.or(log.observed_at);
    evidence.events = Some(log);
}

/// Reads a log on a thread that may block: it may be long, and lie on a slow share.
async fn read_log(context: &RunContext, path: PathBuf) -> Option<EventLog> {
    let runtime = Handle::current();
    let telling = context.clone();
    let read = blocking(move || {
        events::read(&path, |percent| {
            let (activity, status) = (text!("progress-events"), text!("progress-events-status"));
            runtime.block_on(telling.progress(&activity, &status, Some(percent / 2)));
            !telling.is_cancelled()
        })
    })
    .await;
    let (log, problems) = match read {
        Ok((log, problems)) => (Some(log), problems),
        Err(error) => (None, vec![error]),
    };
    let problems: Vec<Problem> = problems.iter().map(events::EventError::problem).collect();
    for problem in &problems {
        context.error(problem).await;
    }
    log
}
