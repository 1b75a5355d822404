//! What the diagnostics of users share: their request, the users it names, and the judge for them.

use std::marker::PhantomData;
use std::pin::Pin;

use phs_core::check::Step;
use phs_core::evidence::user::{TenantFacts, UserEvidence};
use phs_core::evidence::{Evidence, Fact};
use phs_core::guide::user::{JudgeOptions, UserJudge, UserJudgement, judge_user};
use phs_core::text;
use serde::Deserialize;

use super::asking::Input;
use super::gather::gather_at_hand;
use super::given::Given;
use super::{Diagnostic, More, OneOrMany, Options, RunContext, file, user_facts};
use crate::adsync;
use crate::directory::{AsyncTaker, DirectoryRequest, Resolved, UserReader};
use crate::event::{Event, Level};
use crate::ldap::Encryption;
use crate::problem::{Category, Problem};
use crate::secret::CredentialRequest;

/// Request of the diagnostics of users; `K` says which.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct UserDiagnostic<K> {
    /// What every request may say.
    pub options: Options,
    /// Folder of a server configuration export, for its rules and filters.
    pub path: Option<String>,
    /// Evidence that the caller brings along.
    pub evidence: Given,
    /// Domain controllers, one a forest, `host` or `host:port`.
    pub server: OneOrMany,
    /// DNS or `NetBIOS` name of a domain of the forest.
    pub domain: Option<String>,
    /// Who asks.
    pub credential: Option<CredentialRequest>,
    /// `Auto`, `Ldaps` or `StartTls`.
    pub encryption: Encryption,
    /// PEM file of a private root.
    pub ca_certificate: Option<String>,
    /// Longest wait for connecting and for each answer, in seconds.
    pub timeout_sec: Option<u32>,
    /// Users, by any of their names.
    pub identity: OneOrMany,
    /// Whether more users follow (`phs_run_feed`), read over the same connections.
    pub more: bool,
    #[serde(skip)]
    kind: PhantomData<K>,
}

/// Which diagnostic of users.
pub trait UserKind: Default + Clone + std::fmt::Debug + Send + Sync + 'static {
    /// Whether no identity means every user who must change the password.
    const ALL_WITHOUT_IDENTITY: bool;

    /// Tells what the judgement of a user is.
    fn tell(
        context: &RunContext,
        user: &UserEvidence,
        judgement: UserJudgement,
    ) -> impl Future<Output = ()> + Send;
}

impl<K: UserKind> Diagnostic for UserDiagnostic<K> {
    fn options(&self) -> &Options {
        &self.options
    }

    fn takes_more(&self) -> bool {
        self.more || self.evidence.asks_users()
    }

    async fn run(self, context: RunContext) -> Result<(), Problem> {
        let mut input = Input::of(&context);
        let piped = self.more;
        let mut identities = names(self.identity);
        if identities.is_empty() && !piped && !K::ALL_WITHOUT_IDENTITY {
            return Err(no_identity());
        }
        let file = self.evidence.file.clone();
        let on_the_server = self.evidence.adsync.is_some();
        let mut evidence = gather_at_hand(&context, self.path, self.evidence).await?;
        let mut known = evidence.users.take().unwrap_or_default().list;
        let options = JudgeOptions {
            now: context.today(),
            tenant: TenantFacts::of(&evidence),
            ..JudgeOptions::default()
        };
        let judge = UserJudge::new(evidence.server.as_ref(), options);
        let request = DirectoryRequest {
            domain: self.domain,
            credential: self.credential,
            encryption: self.encryption,
            ca_certificate: self.ca_certificate.map(Into::into),
            timeout_sec: self.timeout_sec,
            ..DirectoryRequest::default()
        };
        warn_of_the_server(&context, &evidence).await;
        progress(&context, None).await;
        let servers = Vec::from(self.server);
        if let (Some(file), true, None) = (&file, servers.is_empty(), &request.domain) {
            let directory = evidence.directory.as_ref();
            loop {
                if !identities.is_empty() || !piped {
                    let place = file::Place {
                        path: file,
                        directory,
                    };
                    let tenant = input.as_mut();
                    file::judge_users::<K>(&context, &place, &identities, &judge, tenant).await?;
                }
                match more_users(&context, input.as_mut().filter(|_| piped)).await {
                    Some(more) => identities = names(more.identity),
                    None => return Ok(()),
                }
            }
        }
        // Users that the service's own record tells of are judged by it where no directory is named.
        let no_directory = servers.is_empty() && request.domain.is_none();
        let at_hand = no_directory && (!known.is_empty() || piped && on_the_server);
        let reader = if at_hand {
            None
        } else {
            Some(UserReader::open(&context, &servers, &request, judge.attributes()).await?)
        };
        if let Some(reader) = &reader
            && identities.is_empty()
            && !piped
        {
            let mut taker = Judging::<K> {
                context: &context,
                judge: &judge,
                kind: PhantomData,
            };
            for problem in reader.must_change(&mut taker).await {
                context.error(&problem).await;
            }
            return Ok(());
        }
        loop {
            for (done, identity) in identities.iter().enumerate() {
                // How many there are is not known while more may follow.
                let percent = (done * 100 / identities.len()).try_into().ok();
                progress(&context, percent.filter(|_| !piped)).await;
                match find(reader.as_ref(), &known, identity).await {
                    Resolved::Problem(problem) => context.error(&problem).await,
                    Resolved::User(mut user) => {
                        if let Some(input) = &mut input {
                            let user = std::slice::from_mut(&mut *user);
                            input.ask_tenant(&context, user).await;
                        }
                        let judgement = judge_user(&judge, &*user, Some(&user));
                        K::tell(&context, &user, judgement).await;
                    }
                }
            }
            let Some(more) = more_users(&context, input.as_mut().filter(|_| piped)).await else {
                return Ok(());
            };
            if let (Some(given), Some(server)) = (&more.adsync, &evidence.server) {
                let (users, problems) = adsync::read_users(given, server);
                for problem in &problems {
                    context.error(problem).await;
                }
                known = users;
            }
            identities = names(more.identity);
        }
    }
}

fn names(identity: OneOrMany) -> Vec<String> {
    Vec::from(identity)
        .into_iter()
        .filter(|name| !name.trim().is_empty())
        .collect()
}

/// Says that everything is answered, and waits for more users; none where no more follow.
async fn more_users(context: &RunContext, input: Option<&mut Input>) -> Option<More> {
    let input = input?;
    context.send(Event::Ready).await;
    input.next().await
}

/// The user of the directory, with what the service knows of it; without a directory what the service knows alone.
async fn find(reader: Option<&UserReader>, known: &[UserEvidence], identity: &str) -> Resolved {
    let Some(reader) = reader else {
        return user_facts::find(known, identity).map_or_else(
            || Resolved::Problem(not_at_hand(identity)),
            |user| Resolved::User(Box::new(user.clone())),
        );
    };
    let mut resolved = reader.find(identity).await;
    if let Resolved::User(user) = &mut resolved {
        user_facts::complete(user, known);
    }
    resolved
}

async fn progress(context: &RunContext, percent: Option<u8>) {
    context
        .progress(
            &text!("progress-users"),
            &text!("progress-users-read"),
            percent,
        )
        .await;
}

/// Judges pages of users as they come.
struct Judging<'a, K> {
    context: &'a RunContext,
    judge: &'a UserJudge,
    kind: PhantomData<K>,
}

impl<K: UserKind> AsyncTaker for Judging<'_, K> {
    fn take(&mut self, users: Vec<UserEvidence>) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            for user in &users {
                let judgement = judge_user(self.judge, user, Some(user));
                K::tell(self.context, user, judgement).await;
            }
        })
    }
}

/// Tells the findings of some steps, in order of id.
pub(super) async fn tell_steps(context: &RunContext, judgement: UserJudgement, steps: &[Step]) {
    let mut findings: Vec<_> = judgement
        .reasons
        .into_iter()
        .map(|reason| reason.finding)
        .filter(|finding| steps.contains(&finding.check.step))
        .collect();
    findings.sort_by_key(|finding| finding.check.id);
    context.findings(findings).await;
}

/// Reads users into the evidence of a whole diagnosis. A user that cannot be read is told as an error.
pub(super) async fn read_into(
    context: &RunContext,
    identities: &[String],
    request: &DirectoryRequest,
    evidence: &mut Evidence,
) {
    let judge = UserJudge::new(evidence.server.as_ref(), JudgeOptions::default());
    let servers: Vec<String> = request.server.iter().cloned().collect();
    let mut users = evidence.users.take().unwrap_or_default();
    let known = std::mem::take(&mut users.list);
    users.tenant = TenantFacts::of(evidence);
    match UserReader::open(context, &servers, request, judge.attributes()).await {
        Ok(reader) => {
            for identity in identities {
                match reader.find(identity).await {
                    Resolved::User(mut user) => {
                        user_facts::complete(&mut user, &known);
                        users.list.push(*user);
                    }
                    Resolved::Problem(problem) => context.error(&problem).await,
                }
            }
        }
        Err(problem) => context.error(&problem).await,
    }
    if !users.list.is_empty() {
        evidence.users = Some(users);
    }
}

/// Has the caller ask the tenant about the users of the evidence, where it said that it can.
pub(super) async fn ask_tenant(context: &RunContext, evidence: &mut Evidence) {
    let Some(mut input) = Input::of(context) else {
        return;
    };
    if let Some(mut users) = evidence.users.take() {
        input.ask_tenant(context, &mut users.list).await;
        evidence.users = Some(users);
    }
}

/// A verdict is about the user; what keeps every user's password from syncing is told beside it.
async fn warn_of_the_server(context: &RunContext, evidence: &Evidence) {
    let Some(server) = &evidence.server else {
        return;
    };
    for connector in server.ad_connectors() {
        if connector
            .password_hash_sync
            .known()
            .is_some_and(|state| !state.enabled)
        {
            context
                .log(
                    Level::Warning,
                    &text!("user-server-off", connector = &connector.name),
                )
                .await;
        }
    }
    if server.staging_mode() == Fact::Known(true) {
        context
            .log(Level::Warning, &text!("user-server-staging"))
            .await;
    }
}

fn not_at_hand(identity: &str) -> Problem {
    Problem::new(
        "Phs.User.NotAtHand",
        Category::ObjectNotFound,
        identity,
        text!("error-user-not-at-hand", identity = identity),
    )
}

fn no_identity() -> Problem {
    Problem::new(
        "Phs.User.NoIdentity",
        Category::InvalidArgument,
        "Identity",
        text!("error-user-no-identity"),
    )
}
