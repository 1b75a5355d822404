//! The tenant: what Microsoft Graph answers about it, and about the users that were asked for.
//!
//! A property that Graph gives as `null` is not false. Some permissions hide properties as `null`, so a `null` is known to
//! be no value only where the same answer shows a property that those permissions hide as well.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::server::{ConnectorKind, ServerConfiguration};
use super::user::{CloudUser, ObservedAttribute, TenantFacts, UserEvidence};
use super::{Evidence, Fact, UnknownReason};
use crate::rules::anchor;
use crate::security::Sid;

/// What was observed in one tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CloudEvidence {
    /// Where it was read, such as `https://graph.microsoft.com`.
    pub source: String,
    /// Environment of Graph: `Global`, `USGov`, `USGovDoD`, `China`.
    pub environment: String,
    /// When it was read, by the clock of whoever collected.
    pub observed_at: Option<Timestamp>,
    /// The organization (`/organization`).
    pub organization: Organization,
    /// Features of directory synchronization (`/directory/onPremisesSynchronization`).
    pub features: TenantFeatures,
    /// Domains (`/domains`), verified or not.
    pub domains: Fact<Vec<CloudDomain>>,
    /// Staged rollout (`/policies/featureRolloutPolicies`).
    pub staged_rollout: Fact<Vec<RolloutPolicy>>,
    /// Users that were found (`/users`); known to be all that were asked for and exist.
    pub users: Fact<Vec<CloudUser>>,
    /// Names under which users were asked for and answered, so that one without a user is not there under that name.
    pub asked_users: Vec<String>,
}

/// The organization of a tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Organization {
    /// Identifier of the tenant.
    pub id: Fact<Uuid>,
    /// The domain that the tenant was made with (`contoso.onmicrosoft.com`).
    pub initial_domain: Fact<String>,
    /// Names of the verified domains, the initial one (`contoso.onmicrosoft.com`) among them.
    pub verified_domains: Fact<Vec<String>>,
    /// `onPremisesSyncEnabled`: known to be none where the tenant was never synchronised.
    pub sync_enabled: Fact<Option<bool>>,
    /// `onPremisesLastSyncDateTime`; known to be none.
    pub last_sync: Fact<Option<Timestamp>>,
    /// `onPremisesLastPasswordSyncDateTime`: when the tenant last received a request of password hash sync from any server
    /// and forest; known to be none.
    pub last_password_sync: Fact<Option<Timestamp>>,
}

/// Features of directory synchronization that are switched in the tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct TenantFeatures {
    /// Password hash sync (Graph: `passwordSyncEnabled`; ADSync: `PasswordHashSync`).
    pub password_hash_sync: Fact<bool>,
    /// Temporary passwords (Graph: `userForcePasswordChangeOnLogonEnabled`; ADSync: `ForcePasswordChangeOnLogOn`).
    pub force_password_change_on_log_on: Fact<bool>,
}

/// How the users of a domain sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum DomainAuthentication {
    /// In the cloud: with a synchronised password, by pass-through authentication or with a cloud password.
    Managed,
    /// At a federation service.
    Federated,
    /// Another value of `authenticationType`.
    Other(String),
}

/// A domain of the tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CloudDomain {
    /// DNS name.
    pub name: String,
    /// `authenticationType`.
    pub authentication: Fact<DomainAuthentication>,
    /// `isVerified`.
    pub verified: Fact<bool>,
    /// `isInitial`: the `onmicrosoft.com` domain that the tenant was made with, which is always managed.
    pub initial: Fact<bool>,
    /// `federationConfiguration`; known to be none.
    pub federation: Fact<Option<Federation>>,
}

/// The federation service of a domain.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Federation {
    /// `displayName`.
    pub display_name: Option<String>,
    /// `issuerUri`.
    pub issuer: Option<String>,
    /// `preferredAuthenticationProtocol`: `wsFed`, `saml`.
    pub protocol: Option<String>,
}

/// A policy of staged rollout: groups on federated domains that sign in as if their domain were managed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct RolloutPolicy {
    /// `feature`: `passwordHashSync`, `passthroughAuthentication`, `seamlessSso` ...
    pub feature: String,
    /// `isEnabled`.
    pub enabled: Fact<bool>,
    /// How many groups it applies to.
    pub groups: Fact<usize>,
}

/// That the tenant which answered is not the one that the server sends to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongTenant {
    /// Domain of the tenant that the server's connector names.
    pub expected: String,
    /// The tenant that answered: its identifier, or its domains.
    pub answered: String,
}

impl CloudEvidence {
    /// Names of verified domains, from the organization or from its domains.
    pub fn verified_domains(&self) -> Fact<Vec<String>> {
        if self.organization.verified_domains.known().is_some() {
            return self.organization.verified_domains.clone();
        }
        match &self.domains {
            Fact::Known(domains) => Fact::Known(
                domains
                    .iter()
                    .filter(|domain| domain.verified.known() == Some(&true))
                    .map(|domain| domain.name.clone())
                    .collect(),
            ),
            Fact::Unknown { .. } => self.organization.verified_domains.clone(),
        }
    }

    /// Whether this is another tenant than the server's connector sends to, by the domain in the connector's name or in the
    /// name of the account that it logs on with. None where that cannot be told.
    pub fn wrong_tenant(&self, server: &ServerConfiguration) -> Option<WrongTenant> {
        let domains = self.verified_domains();
        let domains = domains.known()?;
        let expected: Vec<String> = server.entra_connectors().flat_map(tenant_domains).collect();
        let of_this_tenant = |name: &String| {
            domains
                .iter()
                .any(|domain| domain.eq_ignore_ascii_case(name))
        };
        if expected.iter().any(of_this_tenant) {
            return None;
        }
        let answered = self
            .organization
            .id
            .known()
            .map_or_else(|| domains.join(", "), Uuid::to_string);
        expected
            .into_iter()
            .next()
            .map(|expected| WrongTenant { expected, answered })
    }

    /// Whether this is another tenant than the one that answered before, by its identifier.
    pub fn other_tenant(&self, before: &Self) -> Option<WrongTenant> {
        let (answered, expected) = (
            self.organization.id.known()?,
            before.organization.id.known()?,
        );
        (answered != expected).then(|| WrongTenant {
            expected: expected.to_string(),
            answered: answered.to_string(),
        })
    }

    /// Adds what a later answer of the same tenant knows and this one does not. What is known stands, with its time.
    pub fn fill(&mut self, later: Self) {
        let mine = &mut self.organization;
        let theirs = later.organization;
        fill(&mut mine.id, theirs.id);
        fill(&mut mine.initial_domain, theirs.initial_domain);
        fill(&mut mine.verified_domains, theirs.verified_domains);
        fill(&mut mine.sync_enabled, theirs.sync_enabled);
        fill(&mut mine.last_sync, theirs.last_sync);
        fill(&mut mine.last_password_sync, theirs.last_password_sync);
        let mine = &mut self.features;
        let theirs = later.features;
        fill(&mut mine.password_hash_sync, theirs.password_hash_sync);
        fill(
            &mut mine.force_password_change_on_log_on,
            theirs.force_password_change_on_log_on,
        );
        fill(&mut self.domains, later.domains);
        fill(&mut self.staged_rollout, later.staged_rollout);
        if self.observed_at.is_none() {
            self.observed_at = later.observed_at;
        }
    }

    /// The user of the tenant that belongs to a user of the directory: by its SID, else its source anchor, else its name.
    /// Known to be none only where it was asked for by what identifies it.
    pub fn user_of(&self, user: &UserEvidence) -> Fact<Option<CloudUser>> {
        let list = match &self.users {
            Fact::Known(list) => list,
            Fact::Unknown { reason, detail } => {
                return Fact::Unknown {
                    reason: *reason,
                    detail: detail.clone(),
                };
            }
        };
        let sid =
            octets(user, "objectSid").and_then(|octets| Some(Sid::parse(octets).ok()?.to_string()));
        let anchors: Vec<String> = ["mS-DS-ConsistencyGuid", "objectGUID"]
            .into_iter()
            .filter_map(|name| octets(user, name).map(anchor::immutable_id))
            .collect();
        let name = text(user, "userPrincipalName");
        let by_sid = |cloud: &&CloudUser| {
            let known = cloud.security_identifier.known().and_then(Option::as_ref);
            sid.is_some()
                && known
                    .zip(sid.as_ref())
                    .is_some_and(|(one, other)| one.eq_ignore_ascii_case(other))
        };
        let by_anchor = |cloud: &&CloudUser| {
            let known = cloud.immutable_id.known().and_then(Option::as_ref);
            known.is_some_and(|known| anchors.contains(known))
        };
        let by_name = |cloud: &&CloudUser| {
            let names = [
                cloud.user_principal_name.known(),
                cloud
                    .on_premises_user_principal_name
                    .known()
                    .and_then(Option::as_ref),
            ];
            name.is_some_and(|name| {
                names
                    .into_iter()
                    .flatten()
                    .any(|known| known.eq_ignore_ascii_case(name))
            })
        };
        let found = list
            .iter()
            .find(by_sid)
            .or_else(|| list.iter().find(by_anchor))
            .or_else(|| list.iter().find(by_name));
        if let Some(found) = found {
            return Fact::Known(Some(found.clone()));
        }
        let asked = |name: &str| {
            self.asked_users
                .iter()
                .any(|asked| asked.eq_ignore_ascii_case(name))
        };
        if sid.as_deref().is_some_and(asked) {
            return Fact::Known(None);
        }
        let names = [Some(user.identity.as_str()), name];
        let was_asked = names.into_iter().flatten().any(asked);
        Fact::unknown(if was_asked {
            UnknownReason::Absent
        } else {
            UnknownReason::NotCollected
        })
    }
}

impl TenantFacts {
    /// What the evidence tells of the tenant: Graph first, else what the server's own module was told.
    pub fn of(evidence: &Evidence) -> Self {
        let cloud = evidence.cloud.as_ref();
        let graph = cloud.map(|cloud| cloud.features.force_password_change_on_log_on.clone());
        let server = evidence
            .server
            .as_ref()
            .and_then(|server| server.tenant_features.known())
            .map(|features| features.force_password_change_on_log_on.clone());
        Self {
            force_password_change_on_log_on: first_known(graph, server),
            verified_domains: cloud
                .map(CloudEvidence::verified_domains)
                .unwrap_or_default(),
        }
    }
}

/// The first that is known, else the first that says why it is not.
pub(crate) fn first_known<T>(one: Option<Fact<T>>, other: Option<Fact<T>>) -> Fact<T> {
    match (one, other) {
        (Some(Fact::Known(value)), _) | (_, Some(Fact::Known(value))) => Fact::Known(value),
        (Some(unknown), _) | (None, Some(unknown)) => unknown,
        (None, None) => Fact::default(),
    }
}

/// A known fact stands; an unknown one gives way, and so to a later reason.
fn fill<T>(fact: &mut Fact<T>, later: Fact<T>) {
    if fact.known().is_none() && !later.is_not_collected() {
        *fact = later;
    }
}

/// Domains of the tenant that a connector names: `contoso.onmicrosoft.com - AAD`, and the account that it logs on with.
fn tenant_domains(connector: &super::server::Connector) -> Vec<String> {
    debug_assert_eq!(connector.kind, ConnectorKind::Entra);
    let by_name = connector
        .name
        .split_once(" - ")
        .map(|(domain, _)| domain.trim());
    let by_account = connector
        .login_user
        .known()
        .and_then(|user| user.rsplit_once('@'))
        .map(|(_, domain)| domain.trim());
    [by_name, by_account]
        .into_iter()
        .flatten()
        .filter(|domain| domain.contains('.') && !domain.contains(char::is_whitespace))
        .map(str::to_lowercase)
        .collect()
}

fn octets<'a>(user: &'a UserEvidence, name: &str) -> Option<&'a [u8]> {
    match user.attribute(name)? {
        ObservedAttribute::Binary(values) => values.first().map(Vec::as_slice),
        _ => None,
    }
}

fn text<'a>(user: &'a UserEvidence, name: &str) -> Option<&'a str> {
    match user.attribute(name)? {
        ObservedAttribute::Text(values) => values.first().map(String::as_str),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
