//! Attributes as the rules see them: names, types, and the values a source hands out without copying.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::expression::Value;

/// Type of an attribute, which decides how its octets are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AttributeType {
    /// Unicode text.
    Text,
    /// A decimal integer of 64 bits.
    Number,
    /// `TRUE` or `FALSE`.
    Boolean,
    /// Octets.
    Binary,
    /// A distinguished name.
    Reference,
}

/// Values of one attribute of one object, as a directory sends them.
#[derive(Debug, Clone, Copy)]
pub enum Values<'a> {
    /// One value.
    One(&'a [u8]),
    /// Values owned one by one.
    Owned(&'a [Vec<u8>]),
    /// Values borrowed from a message.
    Borrowed(&'a [&'a [u8]]),
    /// Values already known to be text.
    Text(&'a [String]),
}

impl<'a> Values<'a> {
    /// Number of values.
    pub fn len(self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Owned(values) => values.len(),
            Self::Borrowed(values) => values.len(),
            Self::Text(values) => values.len(),
        }
    }

    /// Whether there is no value.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The value at `index`.
    pub fn get(self, index: usize) -> Option<&'a [u8]> {
        match self {
            Self::One(value) => (index == 0).then_some(value),
            Self::Owned(values) => values.get(index).map(Vec::as_slice),
            Self::Borrowed(values) => values.get(index).copied(),
            Self::Text(values) => values.get(index).map(String::as_bytes),
        }
    }

    /// The values in order.
    pub fn iter(self) -> impl Iterator<Item = &'a [u8]> {
        (0..self.len()).filter_map(move |index| self.get(index))
    }
}

/// What a source knows of one attribute.
#[derive(Debug, Clone, Copy)]
pub enum Read<'a> {
    /// It was not asked for, or could not be read: the answer is unknown, which is not *absent*.
    NotRead,
    /// The object has no value.
    Absent,
    /// The object has these values. An empty list counts as absent.
    Values(Values<'a>),
}

/// One object of a connector space, as far as it was read.
pub trait AttributeSource {
    /// Distinguished name, as the directory wrote it.
    fn dn(&self) -> &str;

    /// Object type: the most specific structural class (`user`, `inetOrgPerson`, ...); none when it was not read.
    fn object_type(&self) -> Option<&str>;

    /// One attribute. `slot` is its place in [`CompiledRules::needed_attributes`](super::CompiledRules::needed_attributes);
    /// `name` is that entry. Names are compared without case.
    fn read(&self, slot: usize, name: &str) -> Read<'_>;
}

/// The object type of an entry: the last of its `objectClass` values, which Active Directory orders from `top` to the
/// most specific structural class (MS-ADTS 3.1.1.2.4.3).
pub fn object_type_of<'a>(object_classes: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    object_classes.into_iter().last()
}

/// Type of a well-known Active Directory attribute; text for every other. Names are compared without case.
pub fn default_type(name: &str) -> AttributeType {
    let is = |list: &[&str]| list.iter().any(|known| known.eq_ignore_ascii_case(name));
    if is(NUMBERS) {
        AttributeType::Number
    } else if is(BOOLEANS) {
        AttributeType::Boolean
    } else if is(BINARIES) {
        AttributeType::Binary
    } else if is(REFERENCES) {
        AttributeType::Reference
    } else {
        AttributeType::Text
    }
}

const NUMBERS: &[&str] = &[
    "accountExpires",
    "adminCount",
    "badPasswordTime",
    "badPwdCount",
    "codePage",
    "countryCode",
    "groupType",
    "instanceType",
    "lastLogoff",
    "lastLogon",
    "lastLogonTimestamp",
    "lockoutTime",
    "logonCount",
    "maxPwdAge",
    "msDS-SupportedEncryptionTypes",
    "msDS-User-Account-Control-Computed",
    "msExchELCMailboxFlags",
    "msExchModerationFlags",
    "msExchRecipientDisplayType",
    "msExchRecipientTypeDetails",
    "msExchRemoteRecipientType",
    "msExchTransportRecipientSettingsFlags",
    "msExchVersion",
    "msRTCSIP-OptionFlags",
    "primaryGroupID",
    "pwdLastSet",
    "sAMAccountType",
    "userAccountControl",
    "uSNChanged",
    "uSNCreated",
];

const BOOLEANS: &[&str] = &[
    "isCriticalSystemObject",
    "isDeleted",
    "isRecycled",
    "mDBUseDefaults",
    "msExchBypassAudit",
    "msExchEnableModeration",
    "msExchHideFromAddressLists",
    "msExchMailboxAuditEnable",
    "msExchRequireAuthToSendTo",
    "msOrg-IsOrganizational",
    "msRTCSIP-UserEnabled",
    "deliverAndRedirect",
    "reportToOriginator",
    "reportToOwner",
    "oOFReplyToOriginator",
];

const BINARIES: &[&str] = &[
    "jpegPhoto",
    "mS-DS-ConsistencyGuid",
    "msExchArchiveGUID",
    "msExchBlockedSendersHash",
    "msExchMailboxGuid",
    "msExchMasterAccountSid",
    "msExchSafeRecipientsHash",
    "msExchSafeSendersHash",
    "msRTCSIP-OriginatorSid",
    "nTSecurityDescriptor",
    "objectGUID",
    "objectSid",
    "sIDHistory",
    "thumbnailLogo",
    "thumbnailPhoto",
    "tokenGroups",
    "userCert",
    "userCertificate",
    "userSMIMECertificate",
    "searchableDeviceKey",
];

const REFERENCES: &[&str] = &[
    "altRecipient",
    "assistant",
    "authOrig",
    "directReports",
    "distinguishedName",
    "dLMemRejectPerms",
    "dLMemSubmitPerms",
    "dn",
    "homeMDB",
    "managedBy",
    "manager",
    "member",
    "memberOf",
    "msExchBypassModerationLink",
    "msExchCoManagedByLink",
    "msExchDelegateListLink",
    "msExchModeratedByLink",
    "objectCategory",
    "owner",
    "publicDelegates",
    "secretary",
    "seeAlso",
    "unauthOrig",
];

/// Reads octets as a value of a type. Octets that are not of the type become what they can be: text, else binary.
pub(crate) fn typed(octets: &[u8], kind: AttributeType) -> Value<'_> {
    if kind == AttributeType::Binary {
        return Value::Binary(Cow::Borrowed(octets));
    }
    let Ok(text) = std::str::from_utf8(octets) else {
        return Value::Binary(Cow::Borrowed(octets));
    };
    let other = match kind {
        AttributeType::Number => text.trim().parse().ok().map(Value::Number),
        AttributeType::Boolean if text.eq_ignore_ascii_case("TRUE") => Some(Value::Bool(true)),
        AttributeType::Boolean if text.eq_ignore_ascii_case("FALSE") => Some(Value::Bool(false)),
        AttributeType::Reference => Some(Value::Reference(Cow::Borrowed(text))),
        _ => None,
    };
    other.unwrap_or(Value::Text(Cow::Borrowed(text)))
}

/// Reads all values of an attribute as one value of the language: null, one, or several.
pub(crate) fn typed_all(values: Values<'_>, kind: AttributeType) -> Value<'_> {
    match values.len() {
        0 => Value::Null,
        1 => values
            .get(0)
            .map_or(Value::Null, |octets| typed(octets, kind)),
        _ => Value::Multi(values.iter().map(|octets| typed(octets, kind)).collect()),
    }
}
