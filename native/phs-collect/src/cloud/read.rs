//! From answers to facts. What is missing, refused, cut off or of another shape is unknown with its reason.

use std::collections::BTreeSet;

use phs_core::evidence::cloud::{
    CloudDomain, CloudEvidence, DomainAuthentication, Organization, TenantFeatures,
};
use phs_core::evidence::user::CloudUser;
use phs_core::evidence::{Fact, UnknownReason};
use phs_core::text;
use serde_json::Value;
use uuid::Uuid;

use super::objects::{
    Object, absent, cut, federation, objects_of, optional, policy, text_of, time, user,
};
use super::{Failure, GraphAnswer, GraphAnswers, Question};
use crate::problem::{Category, Problem};

/// The evidence of the tenant, and what went wrong while it was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The evidence.
    pub evidence: CloudEvidence,
    /// Troubles, each once. A missing permission is none: it is the reason of the facts that it hides.
    pub problems: Vec<Problem>,
}

/// Reads what Graph answered.
pub fn read(given: &GraphAnswers) -> Read {
    let mut reading = Reading {
        given,
        problems: Vec::new(),
        told: BTreeSet::new(),
    };
    let domains = reading.domains();
    let evidence = CloudEvidence {
        source: cut(&given.source),
        environment: cut(&given.environment),
        observed_at: given.observed_at,
        organization: reading.organization(),
        features: reading.features(),
        domains,
        staged_rollout: reading
            .list(Question::FeatureRolloutPolicies, None)
            .map(|policies| policies.iter().map(policy).collect()),
        users: reading.users(),
        asked_users: reading.asked_users(),
    };
    Read {
        evidence,
        problems: reading.problems,
    }
}

struct Reading<'a> {
    given: &'a GraphAnswers,
    problems: Vec<Problem>,
    told: BTreeSet<&'static str>,
}

/// Why a fact is not known.
#[derive(Debug, Clone)]
struct Why(UnknownReason, Option<String>);

impl Why {
    fn fact<T>(self) -> Fact<T> {
        Fact::Unknown {
            reason: self.0,
            detail: self.1,
        }
    }
}

/// The objects of an answer, or why there are none.
struct Objects(Result<Vec<Object>, Why>);

impl Objects {
    fn map<T>(self, read: impl FnOnce(&[Object]) -> T) -> Fact<T> {
        match self.0 {
            Ok(objects) => Fact::Known(read(&objects)),
            Err(why) => why.fact(),
        }
    }
}

impl Reading<'_> {
    fn organization(&mut self) -> Organization {
        let question = Question::Organization;
        let objects = match self.list(question, None).0 {
            Ok(objects) => objects,
            Err(why) => {
                return Organization {
                    id: why.clone().fact(),
                    initial_domain: why.clone().fact(),
                    verified_domains: why.clone().fact(),
                    sync_enabled: why.clone().fact(),
                    last_sync: why.clone().fact(),
                    last_password_sync: why.fact(),
                };
            }
        };
        let Some(organization) = objects.first() else {
            return Organization::default();
        };
        let domains = organization.get("verifiedDomains").and_then(objects_of);
        let initial = domains
            .iter()
            .flatten()
            .find(|domain| domain.get("isInitial").and_then(Value::as_bool) == Some(true));
        // User.Read shows identifier and verified domains only, and gives null for all else.
        let shown = organization
            .get("createdDateTime")
            .is_some_and(Value::is_string);
        Organization {
            id: text_of(organization, "id")
                .and_then(|text| Uuid::parse_str(&text).ok())
                .map_or_else(absent, Fact::Known),
            initial_domain: initial
                .and_then(|domain| text_of(domain, "name"))
                .map_or_else(absent, Fact::Known),
            verified_domains: domains.map_or_else(absent, |domains| {
                Fact::Known(
                    domains
                        .iter()
                        .filter_map(|domain| text_of(domain, "name"))
                        .collect(),
                )
            }),
            sync_enabled: optional(
                organization,
                "onPremisesSyncEnabled",
                shown,
                question,
                Value::as_bool,
            ),
            last_sync: optional(
                organization,
                "onPremisesLastSyncDateTime",
                shown,
                question,
                time,
            ),
            last_password_sync: optional(
                organization,
                "onPremisesLastPasswordSyncDateTime",
                shown,
                question,
                time,
            ),
        }
    }

    /// A collection with one element, whose identifier is that of the tenant.
    fn features(&mut self) -> TenantFeatures {
        let objects = match self.list(Question::OnPremisesSynchronization, None).0 {
            Ok(objects) => objects,
            Err(why) => {
                return TenantFeatures {
                    password_hash_sync: why.clone().fact(),
                    force_password_change_on_log_on: why.fact(),
                };
            }
        };
        let features = objects
            .first()
            .and_then(|object| object.get("features"))
            .and_then(Value::as_object);
        let feature = |name: &str| {
            features
                .and_then(|features| features.get(name))
                .and_then(Value::as_bool)
                .map_or_else(absent, Fact::Known)
        };
        TenantFeatures {
            password_hash_sync: feature("passwordSyncEnabled"),
            force_password_change_on_log_on: feature("userForcePasswordChangeOnLogonEnabled"),
        }
    }

    fn domains(&mut self) -> Fact<Vec<CloudDomain>> {
        let objects = match self.list(Question::Domains, None).0 {
            Ok(objects) => objects,
            Err(why) => return why.fact(),
        };
        let mut domains = Vec::new();
        for object in &objects {
            let Some(name) = text_of(object, "id") else {
                continue;
            };
            let federation = self
                .list(Question::FederationConfiguration, Some(&name))
                .map(|list| list.first().map(federation));
            let flag = |key: &str| {
                object
                    .get(key)
                    .and_then(Value::as_bool)
                    .map_or_else(absent, Fact::Known)
            };
            domains.push(CloudDomain {
                authentication: text_of(object, "authenticationType").map_or_else(absent, |kind| {
                    Fact::Known(match kind.to_ascii_lowercase().as_str() {
                        "managed" => DomainAuthentication::Managed,
                        "federated" => DomainAuthentication::Federated,
                        _ => DomainAuthentication::Other(kind),
                    })
                }),
                verified: flag("isVerified"),
                initial: flag("isInitial"),
                federation,
                name,
            });
        }
        Fact::Known(domains)
    }

    fn users(&mut self) -> Fact<Vec<CloudUser>> {
        self.list(Question::Users, None)
            .map(|users| users.iter().map(user).collect())
    }

    /// Names that were asked for and answered whole.
    fn asked_users(&self) -> Vec<String> {
        self.given
            .answers
            .iter()
            .filter(|answer| answer.question == Question::Users)
            .filter(|answer| answer.status == Some(200) && answer.failure.is_none())
            .flat_map(|answer| answer.identities.iter().map(|name| cut(name)))
            .collect()
    }

    /// All objects of a question's answers. One page that failed leaves the whole unknown: what it holds may be what
    /// matters. Users alone are asked for in groups that do not depend on each other.
    fn list(&mut self, question: Question, about: Option<&str>) -> Objects {
        let given = self.given;
        let answers = given.answers.iter().filter(|answer| {
            answer.question == question
                && match (about, answer.about.as_deref()) {
                    (Some(about), Some(name)) => about.eq_ignore_ascii_case(name),
                    (None, _) => true,
                    (Some(_), None) => false,
                }
        });
        let mut objects = Vec::new();
        let mut asked = false;
        let mut first: Option<Why> = None;
        for answer in answers {
            match self.objects(answer) {
                Ok(list) => {
                    asked = true;
                    objects.extend(list);
                }
                Err(why) => {
                    first.get_or_insert(why);
                }
            }
        }
        Objects(match first {
            Some(why) if question != Question::Users || !asked => Err(why),
            None if !asked => Err(Why(UnknownReason::NotCollected, None)),
            _ => Ok(objects),
        })
    }

    /// The objects of one answer: those of its `value`, or itself where it is no collection.
    fn objects(&mut self, answer: &GraphAnswer) -> Result<Vec<Object>, Why> {
        let resource = answer.question.resource();
        if let Some(failure) = answer.failure {
            self.tell(failed(failure, &self.given.source, resource));
            return Err(Why(UnknownReason::Unreadable, Some(format!("{failure:?}"))));
        }
        match answer.status {
            Some(200) => {}
            Some(403) => {
                let permission = answer.question.permission().to_owned();
                return Err(Why(UnknownReason::NotPermitted, Some(permission)));
            }
            Some(401) => {
                let detail = format!("HTTP 401 {}", code(answer)).trim().to_owned();
                self.tell(Problem::new(
                    "Phs.Graph.Unauthorized",
                    Category::AuthenticationError,
                    &self.given.source,
                    text!("error-graph-unauthorized", detail = &detail),
                ));
                return Err(Why(UnknownReason::NotPermitted, Some(detail)));
            }
            // A domain without a federation configuration, a policy list that this environment does not have.
            Some(404) => return Err(Why(UnknownReason::Absent, None)),
            status => {
                let status = status
                    .map_or_else(|| "no status".to_owned(), |status| format!("HTTP {status}"));
                let detail = format!("{status} {}", code(answer)).trim().to_owned();
                self.tell(Problem::new(
                    "Phs.Graph.Unexpected",
                    Category::InvalidResult,
                    &self.given.source,
                    text!(
                        "error-graph-unexpected",
                        resource = resource,
                        detail = &detail
                    ),
                ));
                return Err(Why(UnknownReason::Unreadable, Some(detail)));
            }
        }
        let body: Option<Object> = answer
            .body
            .as_deref()
            .and_then(|body| serde_json::from_str(body).ok());
        let objects = body.and_then(|body| match body.get("value") {
            Some(list) => objects_of(list),
            None => Some(vec![body]),
        });
        objects.ok_or_else(|| {
            self.tell(failed(Failure::Unreadable, &self.given.source, resource));
            Why(
                UnknownReason::Unreadable,
                Some(format!("{:?}", Failure::Unreadable)),
            )
        })
    }

    /// Tells a kind of trouble once: what ails one question mostly ails all.
    fn tell(&mut self, problem: Problem) {
        if self.told.insert(problem.id) {
            self.problems.push(problem);
        }
    }
}

fn failed(failure: Failure, source: &str, resource: &str) -> Problem {
    let (id, category, text) = match failure {
        Failure::Unreachable => (
            "Phs.Graph.Unreachable",
            Category::ConnectionError,
            text!("error-graph-unreachable", source = source),
        ),
        Failure::Untrusted => (
            "Phs.Graph.Untrusted",
            Category::SecurityError,
            text!("error-graph-untrusted", source = source),
        ),
        Failure::Timeout => (
            "Phs.Graph.Timeout",
            Category::OperationTimeout,
            text!("error-graph-timeout", source = source, resource = resource),
        ),
        Failure::Throttled => (
            "Phs.Graph.Throttled",
            Category::LimitsExceeded,
            text!("error-graph-throttled", resource = resource),
        ),
        Failure::ForeignLink => (
            "Phs.Graph.ForeignLink",
            Category::SecurityError,
            text!("error-graph-foreign-link", resource = resource),
        ),
        Failure::TooLarge => (
            "Phs.Graph.TooLarge",
            Category::LimitsExceeded,
            text!("error-graph-too-large", resource = resource),
        ),
        Failure::Unreadable => (
            "Phs.Graph.Unreadable",
            Category::InvalidData,
            text!("error-graph-unreadable", resource = resource),
        ),
        Failure::Session => (
            "Phs.Graph.Session",
            Category::ResourceUnavailable,
            text!("error-graph-session", resource = resource),
        ),
    };
    Problem::new(id, category, source, text)
}

/// The code of an error answer, such as `Authorization_RequestDenied`; its message is in no known language and left out.
fn code(answer: &GraphAnswer) -> String {
    let body: Option<Value> = answer
        .body
        .as_deref()
        .and_then(|body| serde_json::from_str(body).ok());
    body.as_ref()
        .and_then(|body| body.pointer("/error/code"))
        .and_then(Value::as_str)
        .filter(|code| {
            code.len() <= 64
                && code
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '.')
        })
        .map(str::to_owned)
        .unwrap_or_default()
}
