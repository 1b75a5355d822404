//! Users and the tenant: the run says which users it has read, and the caller, which has the token, asks about them.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use phs_core::evidence::cloud::CloudEvidence;
use phs_core::evidence::user::{ObservedAttribute, UserEvidence};
use phs_core::security::Sid;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::{More, RunContext};
use crate::cloud;
use crate::event::{AskedUser, Event, UserQuestion};

/// Longest wait for more users: whoever stopped asking without a word leaves no connection open and no password in memory.
const LONGEST_SILENCE: Duration = Duration::from_secs(60);

/// Longest wait for the tenant's answers, which may have to be asked for again and again.
const LONGEST_ANSWER: Duration = Duration::from_secs(600);

/// Users in one question, so that it fits one event.
const USERS_A_QUESTION: usize = 100;

/// What the caller feeds into a run.
#[derive(Debug)]
pub(super) struct Input {
    receiver: mpsc::Receiver<More>,
    /// What came while something else was waited for.
    waiting: VecDeque<More>,
    told: BTreeSet<&'static str>,
}

impl Input {
    /// The input of a run that takes some.
    pub(super) fn of(context: &RunContext) -> Option<Self> {
        Some(Self {
            receiver: context.take_input()?,
            waiting: VecDeque::new(),
            told: BTreeSet::new(),
        })
    }

    /// The next input; none where the caller has no more, or was silent for too long.
    pub(super) async fn next(&mut self) -> Option<More> {
        if let Some(next) = self.waiting.pop_front() {
            return Some(next);
        }
        self.receive(LONGEST_SILENCE).await
    }

    async fn receive(&mut self, longest: Duration) -> Option<More> {
        if let Ok(next) = timeout(longest, self.receiver.recv()).await {
            return next;
        }
        // What was sent in this very moment is still answered.
        self.receiver.close();
        self.receiver.try_recv().ok()
    }

    /// Has the caller ask the tenant about those of the users of whom it is not known what the tenant has, and adds what it
    /// says to them. Says nothing where no tenant was asked, as where it is not the server's.
    pub(super) async fn ask_tenant(&mut self, context: &RunContext, users: &mut [UserEvidence]) {
        if !context.trusts_tenant() {
            return;
        }
        let mut open: Vec<&mut UserEvidence> = users
            .iter_mut()
            .filter(|user| user.cloud.known().is_none())
            .collect();
        for users in open.chunks_mut(USERS_A_QUESTION) {
            self.ask(context, users).await;
        }
    }

    async fn ask(&mut self, context: &RunContext, users: &mut [&mut UserEvidence]) {
        let asked: Vec<AskedUser> = users.iter().filter_map(|user| asked(user)).collect();
        if asked.is_empty() {
            return;
        }
        let question = UserQuestion { users: asked };
        context.send(Event::Question { question }).await;
        let answers = loop {
            match self.receive(LONGEST_ANSWER).await {
                Some(More {
                    cloud: Some(answers),
                    ..
                }) => break answers,
                Some(other) => self.waiting.push_back(other),
                None => return,
            }
        };
        let read = cloud::read(&answers);
        for problem in &read.problems {
            if self.told.insert(problem.id) {
                context.error(problem).await;
            }
        }
        for user in users {
            told_by(&read.evidence, user);
        }
    }
}

/// Adds what the tenant said of a user.
fn told_by(cloud: &CloudEvidence, user: &mut UserEvidence) {
    user.cloud = cloud.user_of(user);
}

fn asked(user: &UserEvidence) -> Option<AskedUser> {
    let security_identifier = match user.attribute("objectSid") {
        Some(ObservedAttribute::Binary(values)) => values
            .first()
            .and_then(|octets| Some(Sid::parse(octets).ok()?.to_string())),
        _ => None,
    };
    let user_principal_name = match user.attribute("userPrincipalName") {
        Some(ObservedAttribute::Text(values)) => values.first().cloned(),
        _ => None,
    };
    (security_identifier.is_some() || user_principal_name.is_some()).then_some(AskedUser {
        security_identifier,
        user_principal_name,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;
    use phs_core::text;
    use serde::Deserialize;
    use serde_json::json;

    use super::super::{Diagnostic, OneOrMany, Options, start};
    use super::*;
    use crate::event::Level;
    use crate::problem::Problem;
    use crate::secret::NoSecrets;

    /// Asks about two users and about one more, and tells what it was told.
    #[derive(Debug, Default, Deserialize)]
    struct Asks {
        #[serde(skip)]
        options: Options,
        /// Whether the tenant was asked at all.
        tenant: bool,
    }

    impl Diagnostic for Asks {
        fn options(&self) -> &Options {
            &self.options
        }

        fn takes_more(&self) -> bool {
            true
        }

        async fn run(self, context: RunContext) -> Result<(), Problem> {
            if self.tenant {
                context.trust_tenant();
            }
            let mut input = Input::of(&context).unwrap();
            for names in [&["kari", "nobody"][..], &["ola"]] {
                let mut users: Vec<UserEvidence> = names.iter().map(|name| user(name)).collect();
                input.ask_tenant(&context, &mut users).await;
                for user in users {
                    let told = format!("{:?}", user.cloud.known().map(Option::is_some));
                    context
                        .log(Level::Debug, &text!("progress-step", step = told))
                        .await;
                }
            }
            let next = input.next().await.map(|more| Vec::from(more.identity));
            let next = format!("{next:?}");
            context
                .log(Level::Debug, &text!("progress-step", step = next))
                .await;
            Ok(())
        }
    }

    fn user(name: &str) -> UserEvidence {
        let mut user = UserEvidence::default();
        let value = ObservedAttribute::Text(vec![format!("{name}@contoso.com")]);
        user.attributes
            .insert("userPrincipalName".to_owned(), value);
        user
    }

    fn answers(names: &[&str], failure: Option<&str>) -> More {
        let body = json!({"value": names.iter().map(|name| json!({
            "userPrincipalName": format!("{name}@contoso.com"), "accountEnabled": true, "onPremisesImmutableId": null,
        })).collect::<Vec<_>>()});
        let answer = match failure {
            None => json!({"question": "users", "status": 200, "body": body.to_string()}),
            Some(failure) => json!({"question": "users", "failure": failure}),
        };
        serde_json::from_value(json!({"cloud": {"answers": [answer]}})).unwrap()
    }

    /// Runs to the end; `feed` answers the questions in their order. What was logged, and the ids of errors.
    async fn run(tenant: bool, feed: Vec<Vec<More>>) -> (Vec<String>, Vec<String>, usize) {
        let asks = Asks {
            tenant,
            ..Asks::default()
        };
        let mut run = start(asks, Timestamp::UNIX_EPOCH, Arc::new(NoSecrets));
        let (mut told, mut errors, mut questions) = (Vec::new(), Vec::new(), 0);
        let mut feed = feed.into_iter();
        while let Some(event) = run.events.recv().await {
            match event {
                Event::Question { question } => {
                    questions += question.users.len();
                    match feed.next() {
                        Some(inputs) => {
                            for input in inputs {
                                run.more.as_ref().unwrap().send(input).await.unwrap();
                            }
                        }
                        None => run.more = None,
                    }
                }
                Event::Log { log } => {
                    told.push(log.message);
                    if told.len() == 3 {
                        run.more = None;
                    }
                }
                Event::Error { error } => errors.push(error.id),
                _ => {}
            }
        }
        (told, errors, questions)
    }

    fn pipeline() -> More {
        More {
            identity: OneOrMany::Many(vec!["per".to_owned()]),
            ..More::default()
        }
    }

    #[tokio::test]
    async fn answers_reach_the_users_and_other_input_waits() {
        let feed = vec![
            vec![pipeline(), answers(&["kari"], None)],
            vec![answers(&["ola"], None)],
        ];
        let (told, errors, questions) = run(true, feed).await;
        assert_eq!(
            told,
            [
                "Step Some(true)",
                "Step None",
                "Step Some(true)",
                "Step Some([\"per\"])"
            ]
        );
        assert!(errors.is_empty());
        assert_eq!(questions, 3);
    }

    #[tokio::test]
    async fn what_fails_is_told_once_and_a_caller_without_an_answer_ends_the_wait() {
        let feed = vec![
            vec![answers(&[], Some("timeout"))],
            vec![answers(&[], Some("timeout"))],
        ];
        let (told, errors, _) = run(true, feed).await;
        assert_eq!(told[..3], ["Step None"; 3]);
        assert_eq!(errors, ["Phs.Graph.Timeout"]);
        let (told, errors, questions) = run(true, Vec::new()).await;
        assert_eq!(told, ["Step None"; 4]);
        assert!(errors.is_empty());
        assert_eq!(questions, 3);
    }

    #[tokio::test]
    async fn nobody_is_asked_where_the_tenant_is_not_known() {
        let (told, _, questions) = run(false, Vec::new()).await;
        assert_eq!(told[..3], ["Step None"; 3]);
        assert_eq!(questions, 0);
    }

    #[test]
    fn a_user_is_asked_for_by_what_the_tenant_knows() {
        let sid: Sid = "S-1-5-21-1-2-3-1104".parse().unwrap();
        let mut user = UserEvidence::default();
        assert_eq!(asked(&user), None);
        user.attributes.insert(
            "objectSid".to_owned(),
            ObservedAttribute::Binary(vec![sid.as_bytes().to_vec()]),
        );
        let by_sid = AskedUser {
            security_identifier: Some("S-1-5-21-1-2-3-1104".to_owned()),
            user_principal_name: None,
        };
        assert_eq!(asked(&user), Some(by_sid.clone()));
        user.attributes.insert(
            "userPrincipalName".to_owned(),
            ObservedAttribute::Text(vec!["kari@contoso.com".to_owned()]),
        );
        let by_both = AskedUser {
            user_principal_name: Some("kari@contoso.com".to_owned()),
            ..by_sid
        };
        assert_eq!(asked(&user), Some(by_both));
    }
}
