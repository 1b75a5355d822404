//! `Export-PhsEvidence`: collects everything that a diagnosis would read, and writes it into one file.

use std::collections::HashSet;
use std::path::Path;
use std::pin::Pin;

use phs_core::check::{Need, Step};
use phs_core::evidence::manifest::Manifest;
use phs_core::evidence::user::UserEvidence;
use phs_core::evidence::{Evidence, NotCollected, UnknownReason};
use phs_core::guide::user::{JudgeOptions, UserJudge};
use phs_core::report::EvidenceFileRecord;
use phs_core::text;
use serde::Deserialize;

use super::connectivity::{ConnectivityRequest, this_machine};
use super::gather::{Sources, gather};
use super::given::Given;
use super::{Diagnostic, LIBRARY_VERSION, OneOrMany, Options, RunContext, users};
use crate::directory::{AsyncTaker, DirectoryRequest, UserReader};
use crate::event::Event;
use crate::evidence_file::{EvidenceWriter, Redactor};
use crate::ldap::Encryption;
use crate::problem::{Category, Problem};
use crate::secret::CredentialRequest;

/// Request of `phs_export_evidence`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the cmdlet"
)]
pub struct ExportEvidence {
    /// What every request may say.
    pub options: Options,
    /// The file to write.
    pub file: String,
    /// Whether a file of that name is replaced.
    pub force: bool,
    /// Folder of a server configuration export.
    pub path: Option<String>,
    /// Evidence that the caller brings along.
    pub evidence: Given,
    /// Domain controller, `host` or `host:port`.
    pub server: Option<String>,
    /// DNS or `NetBIOS` name of a domain of the forest.
    pub domain: Option<String>,
    /// Who asks the forest.
    pub credential: Option<CredentialRequest>,
    /// The connector account. Without it, it is looked for.
    pub connector_account: Option<String>,
    /// `Auto`, `Ldaps` or `StartTls`.
    pub encryption: Encryption,
    /// PEM file of a private root.
    pub ca_certificate: Option<String>,
    /// Longest wait for connecting and for each answer, in seconds.
    pub timeout_sec: Option<u32>,
    /// Whether the cloud's endpoints are probed as well.
    pub include_cloud: bool,
    /// Environment whose endpoints are probed: `Global`, `USGov`, `USGovDoD` or `China`.
    pub environment: Option<String>,
    /// Users that are collected, by any of their names.
    pub user: OneOrMany,
    /// Whether every user of the forest is collected.
    pub all_users: bool,
    /// Whether names are replaced by pseudonyms.
    pub redact: bool,
}

impl Diagnostic for ExportEvidence {
    fn options(&self) -> &Options {
        &self.options
    }

    fn takes_more(&self) -> bool {
        self.evidence.asks_users()
    }

    async fn run(mut self, context: RunContext) -> Result<(), Problem> {
        let identities = Vec::from(std::mem::take(&mut self.user));
        // Before hours of collecting, not after them.
        let path = Path::new(&self.file);
        let writer = EvidenceWriter::create(path, self.force).map_err(|error| error.problem())?;
        let directory = DirectoryRequest {
            server: self.server.clone(),
            domain: self.domain.clone(),
            credential: self.credential.clone(),
            connector_account: self.connector_account.clone(),
            encryption: self.encryption,
            ca_certificate: self.ca_certificate.clone().map(Into::into),
            timeout_sec: self.timeout_sec,
            with_holders: true,
        };
        let sources = Sources {
            connectivity: self.connectivity(),
            path: self.path.take(),
            given: std::mem::take(&mut self.evidence),
            directory,
        };
        let mut evidence = gather(&context, &sources).await?;
        if !identities.is_empty() && sources.directory.is_live() {
            users::read_into(&context, &identities, &sources.directory, &mut evidence).await;
        }
        users::ask_tenant(&context, &mut evidence).await;
        // Boxed: the writer is large, and is held across every wait.
        Box::pin(self.write(&context, writer, &sources.directory, evidence)).await
    }
}

impl ExportEvidence {
    fn connectivity(&self) -> Option<ConnectivityRequest> {
        let request = ConnectivityRequest {
            credential: self.credential.clone(),
            ca_certificate: self.ca_certificate.clone(),
            include_cloud: self.include_cloud,
            environment: self.environment.clone(),
            ..ConnectivityRequest::to(self.domain.as_deref(), self.server.as_deref())
        };
        (request.names_a_place() || self.include_cloud).then_some(request)
    }

    async fn write(
        &self,
        context: &RunContext,
        mut writer: EvidenceWriter,
        directory: &DirectoryRequest,
        evidence: Evidence,
    ) -> Result<(), Problem> {
        let mut redactor = self.redact.then(Redactor::default);
        let mut evidence = evidence;
        if let Some(redactor) = &mut redactor {
            let findings = context.found(&evidence);
            let redacted = redactor
                .evidence(&evidence, &findings)
                .map_err(|error| not_redacted(&self.file, &error))?;
            writer.evidence(&redacted)
        } else {
            writer.evidence(&evidence)
        }
        .map_err(|error| error.problem())?;
        if self.all_users && directory.is_live() {
            let mut taker = Writing {
                context,
                writer: &mut writer,
                redactor: redactor.as_mut(),
                file: &self.file,
                written: evidence
                    .users
                    .iter()
                    .flat_map(|users| &users.list)
                    .map(|user| user.distinguished_name.clone())
                    .collect(),
                users: 0,
                failure: None,
            };
            every_user(context, directory, &evidence, &mut taker).await;
            let Writing { users, failure, .. } = taker;
            if let Some(problem) = failure {
                return Err(problem);
            }
            if users > 0 {
                evidence.users.get_or_insert_default();
            }
        }
        if !Need::ALL.into_iter().any(|kind| evidence.has(kind)) {
            return Err(Problem::new(
                "Phs.Evidence.NothingCollected",
                Category::ResourceUnavailable,
                &self.file,
                text!("evidence-file-nothing-collected", file = &self.file),
            ));
        }
        let mut manifest = manifest(context, &evidence);
        if let Some(redactor) = &mut redactor {
            manifest = redactor.manifest(&manifest);
        }
        let written = writer.finish(manifest).map_err(|error| error.problem())?;
        let evidence = EvidenceFileRecord::render(
            &self.file,
            written.bytes,
            &written.manifest,
            context.catalog(),
        );
        context.send(Event::Evidence { evidence }).await;
        Ok(())
    }
}

/// The manifest of what was collected, without its parts.
fn manifest(context: &RunContext, evidence: &Evidence) -> Manifest {
    let mut not_collected = evidence.not_collected.clone();
    for kind in Need::ALL {
        let told = not_collected.iter().any(|missing| missing.kind == kind);
        if !evidence.has(kind) && !told {
            not_collected.push(NotCollected {
                kind,
                reason: UnknownReason::NotCollected,
                error_id: None,
                detail: None,
            });
        }
    }
    Manifest {
        tool_version: LIBRARY_VERSION.to_owned(),
        machine: this_machine(),
        platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        collected_at: context.today(),
        evidence_at: evidence.collected_at,
        not_collected,
        ..Manifest::default()
    }
}

/// Hands on every user of the forest. A domain that could not be read to its end is told as an error.
async fn every_user(
    context: &RunContext,
    request: &DirectoryRequest,
    evidence: &Evidence,
    taker: &mut Writing<'_>,
) {
    let judge = UserJudge::new(evidence.server.as_ref(), JudgeOptions::default());
    let servers: Vec<String> = request.server.iter().cloned().collect();
    let opening = UserReader::open(context, &servers, request, judge.attributes());
    match context.guard(Step::B1, opening).await {
        Some(Ok(reader)) => {
            for problem in reader.all(taker).await {
                context.error(&problem).await;
            }
        }
        Some(Err(problem)) => context.error(&problem).await,
        None => {}
    }
}

fn not_redacted(file: &str, error: &serde_json::Error) -> Problem {
    Problem::new(
        "Phs.Evidence.NotRedacted",
        Category::InvalidResult,
        file,
        text!(
            "evidence-file-not-redacted",
            file = file,
            // The place only: the words could hold a name.
            place = error.line().to_string()
        ),
    )
}

/// Writes pages of users as they come.
struct Writing<'a> {
    context: &'a RunContext,
    writer: &'a mut EvidenceWriter,
    redactor: Option<&'a mut Redactor>,
    file: &'a str,
    /// Users that were asked for by name, and stand in the file already.
    written: HashSet<String>,
    users: usize,
    failure: Option<Problem>,
}

impl AsyncTaker for Writing<'_> {
    fn take(&mut self, users: Vec<UserEvidence>) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            for mut user in users {
                if self.failure.is_some() {
                    return;
                }
                if self.written.contains(&user.distinguished_name) {
                    continue;
                }
                // Nobody asked for it by name.
                user.identity.clear();
                if let Some(redactor) = &mut self.redactor {
                    user = match redactor.user(&user) {
                        Ok(user) => user,
                        Err(error) => {
                            self.failure = Some(not_redacted(self.file, &error));
                            return;
                        }
                    };
                }
                self.failure = self.writer.user(&user).err().map(|error| error.problem());
                self.users += 1;
            }
            self.context
                .progress(
                    &text!("progress-evidence-file"),
                    &text!("progress-evidence-file-users", users = self.users),
                    None,
                )
                .await;
        })
    }
}
