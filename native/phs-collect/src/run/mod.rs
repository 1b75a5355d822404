//! One diagnosis from request to findings: collect, judge, tell. One file per diagnostic of the ABI.

mod asking;
mod blocking;
mod compare_evidence;
mod connectivity;
mod context;
mod export_evidence;
mod file;
mod gather;
mod get_capability;
mod get_check;
mod get_connector_account;
mod get_event;
mod given;
mod import_evidence;
mod invoke_diagnostics;
mod invoke_user_audit;
mod steps;
mod suppress;
mod test_connectivity;
mod test_object_sync;
mod test_permissions;
mod test_service;
mod test_sign_in_method;
mod test_staging_mode;
mod test_temporary_password;
mod test_user;
mod user_facts;
mod users;

use std::future::Future;
use std::num::NonZeroU16;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use phs_core::guide::Policy;
use phs_core::text;
use phs_core::text::{Catalog, DEFAULT_CULTURE};

use crate::adsync::AdSync;
use crate::cloud::GraphAnswers;
use crate::event::Event;
use crate::problem::{Category, Problem};
use crate::secret::SecretSource;

pub use compare_evidence::{CompareEvidence, Compared};
pub use context::RunContext;
pub use export_evidence::ExportEvidence;
pub use get_capability::GetCapability;
pub use get_check::GetCheck;
pub use get_connector_account::GetConnectorAccount;
pub use get_event::GetEvent;
pub use given::Given;
pub use import_evidence::ImportEvidence;
pub use invoke_diagnostics::{InvokeDiagnostics, LIBRARY_VERSION};
pub use invoke_user_audit::InvokeUserAudit;
pub use test_connectivity::{OneOrMany, TestConnectivity};
pub use test_object_sync::TestObjectSync;
pub use test_permissions::TestPermissions;
pub use test_service::TestService;
pub use test_sign_in_method::TestSignInMethod;
pub use test_staging_mode::TestStagingMode;
pub use test_temporary_password::TestTemporaryPassword;
pub use test_user::TestUser;
pub use users::UserDiagnostic;

/// Events that may wait for their reader before the run itself waits.
const EVENTS_IN_FLIGHT: usize = 64;

/// Inputs that may wait for a run that takes more.
const INPUTS_IN_FLIGHT: usize = 64;

/// What every request may say beside its own fields.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Options {
    /// Culture of all words, such as `en-US`.
    pub culture: Option<String>,
    /// Version of the module that asks; a library of another version says so (PHS901).
    pub module_version: Option<String>,
    /// Check ids (`PHS201`), check and target (`PHS201:contoso.com`) or fingerprints whose findings are suppressed.
    pub suppress: Vec<String>,
    /// Hours that the agent may be silent (PHS801).
    pub heartbeat_hours: Option<NonZeroU16>,
    /// Hours back that errors of the agent count (PHS802, PHS808).
    pub error_hours: Option<NonZeroU16>,
    /// As many errors of one cause in that time are persistent; fewer may be transient.
    pub persistent_errors: Option<NonZeroU16>,
}

impl Options {
    /// The windows and limits of judgement.
    fn policy(&self) -> Policy {
        let hours = |hours: Option<NonZeroU16>, otherwise: SignedDuration| {
            hours.map_or(otherwise, |hours| {
                SignedDuration::from_hours(i64::from(hours.get()))
            })
        };
        let default = Policy::default();
        Policy {
            heartbeat_window: hours(self.heartbeat_hours, default.heartbeat_window),
            error_window: hours(self.error_hours, default.error_window),
            persistent_from: self
                .persistent_errors
                .map_or(default.persistent_from, |errors| errors.get().into()),
        }
    }
}

/// A diagnostic: its request and how to run it.
pub trait Diagnostic: DeserializeOwned + Send + 'static {
    /// The options of the request.
    fn options(&self) -> &Options;

    /// Whether it waits for [`More`] once it has answered its request.
    fn takes_more(&self) -> bool {
        false
    }

    /// Does the work. An `Err` ends the run with an error event; lesser troubles are told through the context.
    fn run(self, context: RunContext) -> impl Future<Output = Result<(), Problem>> + Send;
}

/// Input for a run that has started.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct More {
    /// Users, by any of their names.
    #[serde(default)]
    pub identity: OneOrMany,
    /// What the ADSync module of the Connect server answered about these users; of the server itself nothing more.
    #[serde(default, deserialize_with = "given::embedded")]
    pub adsync: Option<Box<AdSync>>,
    /// What the tenant answered about the users of a question.
    #[serde(default)]
    pub cloud: Option<Box<GraphAnswers>>,
}

/// A started run: its events and its cancel switch.
#[derive(Debug)]
pub struct Run {
    /// Where more input goes, if the diagnostic takes any. Dropping it says that no more will come.
    pub more: Option<mpsc::Sender<More>>,
    /// Events, ending with [`Event::Finished`].
    pub events: mpsc::Receiver<Event>,
    /// Cancelling it ends the run within a second.
    pub cancel: CancellationToken,
}

/// Reads a request. Unknown fields are refused.
///
/// # Errors
/// `Phs.Request.Invalid` with the place in the JSON.
pub fn parse<D: Diagnostic>(request: &[u8]) -> Result<D, Problem> {
    read(request)
}

/// Reads input for a started run. Unknown fields are refused.
///
/// # Errors
/// As [`parse`].
pub fn parse_more(input: &[u8]) -> Result<More, Problem> {
    read(input)
}

fn read<T: DeserializeOwned>(request: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(request).map_err(|error| {
        Problem::new(
            "Phs.Request.Invalid",
            Category::InvalidArgument,
            "request",
            text!(
                "error-request-invalid",
                detail = without_value(&error.to_string())
            ),
        )
    })
}

/// What the JSON reader says, without a text that stood in the wrong place: it could be a password.
fn without_value(said: &str) -> String {
    let value = said.find("string \"").zip(said.rfind("\", expected"));
    match value {
        Some((start, end)) if start < end => {
            format!("{}{}", &said[..start + "string".len()], &said[end + 1..])
        }
        _ => said.to_owned(),
    }
}

/// Starts a diagnostic on the current tokio runtime. `today` is the caller's clock; `secrets` holds what the request
/// names by handle.
pub fn start<D: Diagnostic>(
    diagnostic: D,
    today: Timestamp,
    secrets: Arc<dyn SecretSource>,
) -> Run {
    let (sender, events) = mpsc::channel(EVENTS_IN_FLIGHT);
    let cancel = CancellationToken::new();
    let (more, input) = diagnostic
        .takes_more()
        .then(|| mpsc::channel(INPUTS_IN_FLIGHT))
        .unzip();
    let options = diagnostic.options();
    let catalog = Catalog::for_culture(options.culture.as_deref().unwrap_or(DEFAULT_CULTURE));
    let context = RunContext::new(
        sender,
        input,
        cancel.clone(),
        catalog,
        today,
        secrets,
        options,
    );
    tokio::spawn(async move {
        let work = AssertUnwindSafe(diagnostic.run(context.clone())).catch_unwind();
        let outcome = tokio::select! {
            outcome = work => outcome,
            () = context.cancelled() => Ok(Ok(())),
        };
        match outcome {
            Ok(Ok(())) => {}
            Ok(Err(problem)) => context.error(&problem).await,
            Err(panic) => context.error(&panicked(&*panic)).await,
        }
        context.finish().await;
    });
    Run {
        more,
        events,
        cancel,
    }
}

/// The problem that a panic becomes.
pub fn panicked(panic: &(dyn std::any::Any + Send)) -> Problem {
    Problem::new(
        "Phs.Tool.Panic",
        Category::InvalidResult,
        "phs_native",
        text!("error-tool-panic", detail = panic_text(panic)),
    )
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "panic".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::CredentialRequest;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Bind {
        options: Options,
        #[expect(dead_code, reason = "only its shape matters")]
        credential: CredentialRequest,
    }

    impl Diagnostic for Bind {
        fn options(&self) -> &Options {
            &self.options
        }

        async fn run(self, _context: RunContext) -> Result<(), Problem> {
            Ok(())
        }
    }

    #[test]
    fn a_password_in_the_wrong_place_is_not_repeated() {
        for request in [
            r#"{"credential": "hunter2\", expected \""}"#,
            r#"{"options": {"suppress": "hunter2"}}"#,
            r#"{"credential": {"user": "u", "secret": ["hunter2"]}}"#,
        ] {
            let problem = parse::<Bind>(request.as_bytes()).unwrap_err();
            let words = format!("{:?}", problem.text);
            assert!(!words.contains("hunter2"), "{words}");
            assert!(words.contains("expected"), "{words}");
            assert!(words.contains("line 1 column"), "{words}");
        }
    }
}
