//! Users as they were observed: in the directory, in the synchronization service, in the tenant.
//!
//! An attribute that was asked for and is not there is *absent*; one that nobody asked for, or that may not be read, is
//! *not read*. The two never mean the same.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Fact, UnknownReason};
use crate::rules::{AttributeSource, Read, Values, anchor, object_type_of};

/// Users, and what the tenant says that matters for each of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Users {
    /// Tenant-wide facts.
    pub tenant: TenantFacts,
    /// The users, in the order in which they were asked for.
    pub list: Vec<UserEvidence>,
}

/// What the tenant says that decides about users.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct TenantFacts {
    /// `ForcePasswordChangeOnLogOn` (Graph: `userForcePasswordChangeOnLogonEnabled`): whether temporary passwords sync.
    pub force_password_change_on_log_on: Fact<bool>,
    /// Domain names that are verified in the tenant.
    pub verified_domains: Fact<Vec<String>>,
}

/// One user.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct UserEvidence {
    /// Where it was read: a domain controller, a file, the pipeline.
    pub source: String,
    /// When it was read.
    pub observed_at: Option<Timestamp>,
    /// The name under which it was asked for.
    pub identity: String,
    /// Distinguished name as the directory writes it.
    pub distinguished_name: String,
    /// Attributes by name. One that is not listed was not read.
    pub attributes: BTreeMap<String, ObservedAttribute>,
    /// Object in the connector space of Active Directory; known to be none where it was looked for and is not there.
    pub connector_space: Fact<Option<ConnectorSpaceObject>>,
    /// Metaverse object.
    pub metaverse: Fact<Option<MetaverseObject>>,
    /// Object in the connector space of Microsoft Entra.
    pub entra_connector_space: Fact<Option<ConnectorSpaceObject>>,
    /// Attempts to send the password hash in the service's log, which goes back seven days. Known and empty: none is in it.
    pub attempts: Fact<Vec<PasswordAttempt>>,
    /// User in the tenant.
    pub cloud: Fact<Option<CloudUser>>,
}

/// What is known of one attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ObservedAttribute {
    /// Text, numbers and names, as the directory writes them.
    Text(Vec<String>),
    /// Octets; base64 in JSON.
    #[serde(with = "octets")]
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::schema::octet_lists")
    )]
    Binary(Vec<Vec<u8>>),
    /// Asked for, and the object has no value.
    Absent,
    /// Not read, for this reason.
    NotRead(UnknownReason),
}

/// An object of a connector space.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ConnectorSpaceObject {
    /// Name in the connector space.
    pub distinguished_name: String,
    /// Connector.
    pub connector: Option<Uuid>,
    /// Whether it is joined to a metaverse object. No: it is a disconnector.
    pub joined: Fact<bool>,
    /// Whether it stands for an object that was never imported (transient or placeholder).
    pub placeholder: Fact<bool>,
    /// Whether it was exported to the directory behind the connector space.
    pub exported: Fact<bool>,
    /// Rules that were applied to it.
    pub lineage: Fact<Vec<LineageRule>>,
    /// Error of the latest synchronization; known to be none.
    pub synchronization_error: Fact<Option<ObjectError>>,
    /// Error of the latest export; known to be none.
    pub export_error: Fact<Option<ObjectError>>,
}

/// A rule in the lineage of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct LineageRule {
    /// Name.
    pub name: String,
    /// Whether it carries the password hash.
    pub password_sync: Fact<bool>,
}

/// An error on an object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectError {
    /// Type as the service names it, such as `AttributeValueMustBeUnique`.
    pub error_type: String,
    /// Details; never a secret.
    pub detail: Option<String>,
    /// Since when.
    pub first_seen: Option<Timestamp>,
}

/// A metaverse object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct MetaverseObject {
    /// Identifier.
    pub identifier: Option<Uuid>,
    /// `cloudFiltered`: absent is none.
    pub cloud_filtered: Fact<Option<bool>>,
}

/// One attempt to send the password hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PasswordAttempt {
    /// When (UTC).
    pub at: Timestamp,
    /// Status as the service names it, such as `Success` or `FilteredByTarget`.
    pub status: String,
    /// Details; never a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// A user of the tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct CloudUser {
    /// Name that the user signs in under.
    pub user_principal_name: Fact<String>,
    /// `onPremisesUserPrincipalName`; known to be none.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub on_premises_user_principal_name: Fact<Option<String>>,
    /// `onPremisesSecurityIdentifier`; known to be none.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub security_identifier: Fact<Option<String>>,
    /// `onPremisesSyncEnabled`; known to be none for a user that was never synchronised.
    #[serde(skip_serializing_if = "Fact::is_not_collected")]
    pub sync_enabled: Fact<Option<bool>>,
    /// `onPremisesImmutableId`; known to be none.
    pub immutable_id: Fact<Option<String>>,
    /// `lastPasswordChangeDateTime`.
    pub last_password_change: Fact<Timestamp>,
    /// `onPremisesProvisioningErrors`, by category and property.
    pub provisioning_errors: Fact<Vec<ObjectError>>,
}

impl UserEvidence {
    /// What is known of an attribute. Names are compared without case.
    pub fn attribute(&self, name: &str) -> Option<&ObservedAttribute> {
        self.attributes.get(name).or_else(|| {
            self.attributes
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| value)
        })
    }
}

impl AttributeSource for UserEvidence {
    fn dn(&self) -> &str {
        &self.distinguished_name
    }

    fn object_type(&self) -> Option<&str> {
        match self.attribute("objectClass")? {
            ObservedAttribute::Text(classes) => object_type_of(classes.iter().map(String::as_str)),
            _ => None,
        }
    }

    fn read(&self, _slot: usize, name: &str) -> Read<'_> {
        match self.attribute(name) {
            None | Some(ObservedAttribute::NotRead(_)) => Read::NotRead,
            Some(ObservedAttribute::Absent) => Read::Absent,
            Some(ObservedAttribute::Text(values)) => Read::Values(Values::Text(values)),
            Some(ObservedAttribute::Binary(values)) => Read::Values(Values::Owned(values)),
        }
    }
}

/// Lists of octets as base64.
mod octets {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    use super::anchor;

    pub(super) fn serialize<S: Serializer>(
        values: &[Vec<u8>],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let texts: Vec<String> = values.iter().map(|octets| anchor::base64(octets)).collect();
        texts.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Vec<u8>>, D::Error> {
        Vec::<String>::deserialize(deserializer)?
            .iter()
            .map(|text| {
                anchor::immutable_id_octets(text)
                    .ok_or_else(|| de::Error::custom("octets that are not base64"))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_and_not_read_survive_a_file() {
        let mut user = UserEvidence {
            distinguished_name: "CN=a".into(),
            ..UserEvidence::default()
        };
        for (name, value) in [
            (
                "objectClass",
                ObservedAttribute::Text(vec!["top".into(), "user".into()]),
            ),
            ("objectGUID", ObservedAttribute::Binary(vec![vec![0, 255]])),
            ("adminDescription", ObservedAttribute::Absent),
            (
                "pwdLastSet",
                ObservedAttribute::NotRead(UnknownReason::NotPermitted),
            ),
        ] {
            user.attributes.insert(name.to_owned(), value);
        }
        let json = serde_json::to_string(&user).unwrap();
        let again: UserEvidence = serde_json::from_str(&json).unwrap();
        assert_eq!(again, user);
        assert_eq!(again.object_type(), Some("user"));
        assert!(matches!(again.read(0, "ADMINDESCRIPTION"), Read::Absent));
        assert!(matches!(again.read(0, "pwdLastSet"), Read::NotRead));
        assert!(matches!(again.read(0, "sAMAccountName"), Read::NotRead));
        assert!(
            matches!(again.read(0, "objectGUID"), Read::Values(values) if values.get(0) == Some(&[0, 255][..]))
        );
        let broken = r#"{"attributes":{"objectGUID":{"binary":["*"]}}}"#;
        assert!(serde_json::from_str::<UserEvidence>(broken).is_err());
    }
}
