//! What was asked of Graph and what came back.

use jiff::Timestamp;
use serde::Deserialize;

/// The field `evidence.cloud` of a request: the answers of one tenant.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct GraphAnswers {
    /// Root of the service, such as `https://graph.microsoft.com`.
    pub source: String,
    /// Environment: `Global`, `USGov`, `USGovDoD`, `China`.
    pub environment: String,
    /// When it was asked.
    pub observed_at: Option<Timestamp>,
    /// Whether the caller can ask about users, once the directory has told what they are known by.
    pub asks_users: bool,
    /// The answers; the pages of one question in their order.
    pub answers: Vec<GraphAnswer>,
}

/// One answer, or one page of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GraphAnswer {
    /// What was asked.
    pub question: Question,
    /// For the federation of a domain: its name.
    #[serde(default)]
    pub about: Option<String>,
    /// For users: the names that were asked for.
    #[serde(default)]
    pub identities: Vec<String>,
    /// HTTP status; none where no answer came.
    #[serde(default)]
    pub status: Option<u16>,
    /// Body, as it came.
    #[serde(default)]
    pub body: Option<String>,
    /// Why there is no answer, or not the whole of it.
    #[serde(default)]
    pub failure: Option<Failure>,
}

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Question {
    /// `/organization`.
    Organization,
    /// `/directory/onPremisesSynchronization`.
    OnPremisesSynchronization,
    /// `/domains`.
    Domains,
    /// `/domains/{id}/federationConfiguration`.
    FederationConfiguration,
    /// `/policies/featureRolloutPolicies`.
    FeatureRolloutPolicies,
    /// `/users`, by names.
    Users,
}

impl Question {
    /// The resource as its address has it.
    pub fn resource(self) -> &'static str {
        match self {
            Self::Organization => "/organization",
            Self::OnPremisesSynchronization => "/directory/onPremisesSynchronization",
            Self::Domains => "/domains",
            Self::FederationConfiguration => "/domains/{id}/federationConfiguration",
            Self::FeatureRolloutPolicies => "/policies/featureRolloutPolicies",
            Self::Users => "/users",
        }
    }

    /// The permission with the fewest rights that Graph documents for it.
    pub fn permission(self) -> &'static str {
        match self {
            Self::Organization => "Organization.Read.All",
            Self::OnPremisesSynchronization => "OnPremDirectorySynchronization.Read.All",
            Self::Domains | Self::FederationConfiguration => "Domain.Read.All",
            Self::FeatureRolloutPolicies => "Policy.Read.HybridAuthentication",
            Self::Users => "User.Read.All",
        }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Failure {
    /// No connection, no name, or a broken one.
    Unreachable,
    /// The certificate of the service or of a proxy is not trusted.
    Untrusted,
    /// No answer in time.
    Timeout,
    /// The service asked to wait longer than the caller does (429, 503 with `Retry-After`).
    Throttled,
    /// The next page lies on another host, where the token must not go.
    ForeignLink,
    /// More pages, or a larger body, than any tenant has.
    TooLarge,
    /// The body is no JSON object.
    Unreadable,
    /// The session that asks failed by itself, before anything was sent.
    Session,
}
