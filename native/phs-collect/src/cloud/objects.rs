//! Single objects of Graph: users, policies, and the values of their properties.

use jiff::Timestamp;
use phs_core::evidence::cloud::{Federation, RolloutPolicy};
use phs_core::evidence::user::{CloudUser, ObjectError};
use phs_core::evidence::{Fact, UnknownReason};
use serde_json::{Map, Value};

use super::Question;

pub(super) type Object = Map<String, Value>;

/// Largest text that is kept of a property; longer ones are cut.
const LONGEST: usize = 1024;

pub(super) fn objects_of(list: &Value) -> Option<Vec<Object>> {
    list.as_array()?
        .iter()
        .map(|value| value.as_object().cloned())
        .collect()
}

pub(super) fn absent<T>() -> Fact<T> {
    Fact::unknown(UnknownReason::Absent)
}

/// A property that may be null. Null is no value where the answer shows what a lesser permission hides (`shown`), else it
/// may be hidden by a missing permission.
pub(super) fn optional<T>(
    object: &Object,
    key: &str,
    shown: bool,
    question: Question,
    read: impl Fn(&Value) -> Option<T>,
) -> Fact<Option<T>> {
    match object.get(key) {
        None => absent(),
        Some(Value::Null) if shown => Fact::Known(None),
        Some(Value::Null) => {
            Fact::unknown_because(UnknownReason::NotPermitted, question.permission())
        }
        Some(value) => read(value).map_or_else(
            || Fact::unknown(UnknownReason::Unreadable),
            |value| Fact::Known(Some(value)),
        ),
    }
}

pub(super) fn time(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

pub(super) fn word(value: &Value) -> Option<String> {
    value.as_str().map(cut)
}

pub(super) fn text_of(object: &Object, key: &str) -> Option<String> {
    object.get(key).and_then(word)
}

pub(super) fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

pub(super) fn federation(object: &Object) -> Federation {
    Federation {
        display_name: text_of(object, "displayName"),
        issuer: text_of(object, "issuerUri"),
        protocol: text_of(object, "preferredAuthenticationProtocol"),
    }
}

pub(super) fn policy(object: &Object) -> RolloutPolicy {
    RolloutPolicy {
        feature: text_of(object, "feature").unwrap_or_default(),
        enabled: object
            .get("isEnabled")
            .and_then(Value::as_bool)
            .map_or_else(absent, Fact::Known),
        groups: object
            .get("appliesTo")
            .and_then(Value::as_array)
            .map_or_else(absent, |groups| Fact::Known(groups.len())),
    }
}

pub(super) fn user(object: &Object) -> CloudUser {
    // Every user has accountEnabled; permissions that hide the on-premises properties hide it too.
    let shown = object.get("accountEnabled").is_some_and(Value::is_boolean);
    let question = Question::Users;
    let optional_word = |key: &str| optional(object, key, shown, question, word);
    CloudUser {
        user_principal_name: text_of(object, "userPrincipalName").map_or_else(absent, Fact::Known),
        on_premises_user_principal_name: optional_word("onPremisesUserPrincipalName"),
        security_identifier: optional_word("onPremisesSecurityIdentifier"),
        sync_enabled: optional(
            object,
            "onPremisesSyncEnabled",
            shown,
            question,
            Value::as_bool,
        ),
        immutable_id: optional_word("onPremisesImmutableId"),
        last_password_change: object
            .get("lastPasswordChangeDateTime")
            .and_then(time)
            .map_or_else(absent, Fact::Known),
        provisioning_errors: object
            .get("onPremisesProvisioningErrors")
            .and_then(objects_of)
            .map_or_else(absent, |errors| {
                Fact::Known(errors.iter().map(provisioning_error).collect())
            }),
    }
}

fn provisioning_error(object: &Object) -> ObjectError {
    ObjectError {
        error_type: text_of(object, "category").unwrap_or_default(),
        detail: text_of(object, "propertyCausingError"),
        first_seen: object.get("occurredDateTime").and_then(time),
    }
}
