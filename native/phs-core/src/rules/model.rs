//! A synchronization rule as a server configuration export or `Get-ADSyncRule` states it.
//!
//! Nothing is interpreted here: a word this version does not know is kept as it was written (`Other`), so that a rule
//! can be shown as it is and its answer becomes *unknown* instead of wrong.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An enumeration whose known words are variants and whose unknown words are kept.
macro_rules! open_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(extend("examples" = $name::WORDS)))]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            /// A word this version does not know, as it was written.
            Other(String),
        }

        impl $name {
            /// The known words, in declaration order.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word as an export writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                let trimmed = word.trim();
                $(if trimmed.eq_ignore_ascii_case($word) {
                    return Self::$variant;
                })+
                Self::Other(word.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                Self::from(word.as_str())
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.as_str().to_owned()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

open_enum! {
    /// Whether a rule reads a connector space into the metaverse or writes the metaverse to a connector space.
    Direction {
        /// Connector space to metaverse.
        Inbound = "Inbound",
        /// Metaverse to connector space.
        Outbound = "Outbound",
    }
}

open_enum! {
    /// What a rule does with the link between a connector-space object and a metaverse object.
    LinkType {
        /// Joins to an existing object, never makes one.
        Join = "Join",
        /// Makes the object in the target when no join was found.
        Provision = "Provision",
        /// Joins, and keeps the link after the object left the scope.
        StickyJoin = "StickyJoin",
        /// Joins, but no attribute flows.
        JoinNoFlow = "JoinNoFlow",
    }
}

open_enum! {
    /// How the values of one flow meet the values other rules contribute to the same attribute.
    ValueMergeType {
        /// The rule with the lowest precedence number contributes alone.
        Update = "Update",
        /// The value replaces what is there.
        Replace = "Replace",
        /// Values of all rules are gathered; values are compared with case.
        Merge = "Merge",
        /// Values of all rules are gathered; values that differ in case only are one.
        MergeCaseInsensitive = "MergeCaseInsensitive",
    }
}

open_enum! {
    /// Operator of a scope clause.
    ScopeOperator {
        /// A value equals the clause's value.
        Equal = "EQUAL",
        /// No value equals the clause's value; true of an absent attribute.
        NotEqual = "NOTEQUAL",
        /// A value is less than the clause's value.
        LessThan = "LESSTHAN",
        /// A value is less than or equal to the clause's value.
        LessThanOrEqual = "LESSTHAN_OR_EQUAL",
        /// A value is greater than the clause's value.
        GreaterThan = "GREATERTHAN",
        /// A value is greater than or equal to the clause's value.
        GreaterThanOrEqual = "GREATERTHAN_OR_EQUAL",
        /// A value contains the clause's value.
        Contains = "CONTAINS",
        /// No value contains the clause's value.
        NotContains = "NOTCONTAINS",
        /// A value starts with the clause's value.
        StartsWith = "STARTSWITH",
        /// No value starts with the clause's value.
        NotStartsWith = "NOTSTARTSWITH",
        /// A value ends with the clause's value.
        EndsWith = "ENDSWITH",
        /// No value ends with the clause's value.
        NotEndsWith = "NOTENDSWITH",
        /// The attribute has no value.
        IsNull = "ISNULL",
        /// The attribute has a value.
        IsNotNull = "ISNOTNULL",
        /// A value is one of the clause's values, separated by `;`.
        IsIn = "ISIN",
        /// No value is one of the clause's values, separated by `;`.
        IsNotIn = "ISNOTIN",
        /// All bits of the clause's value are set.
        IsBitSet = "ISBITSET",
        /// Not all bits of the clause's value are set.
        IsBitNotSet = "ISBITNOTSET",
        /// The object is a direct member of the group whose DN is the clause's value.
        IsMemberOf = "ISMEMBEROF",
        /// The object is not a direct member of the group whose DN is the clause's value.
        IsNotMemberOf = "ISNOTMEMBEROF",
    }
}

/// One synchronization rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SyncRule {
    /// Identifier of the rule (`id`, `Identifier`).
    pub identifier: Uuid,
    /// Identifier of this state of the rule; lineage on objects refers to it.
    #[serde(default)]
    pub internal_id: Option<Uuid>,
    /// Display name. Administrators may change it: never a key.
    #[serde(default)]
    pub name: String,
    /// Free text.
    #[serde(default)]
    pub description: String,
    /// Set on rules that ship with the product, for example `Microsoft.InfromADUserJoin.003`; empty on custom rules.
    #[serde(default)]
    pub immutable_tag: String,
    /// Version of the rule.
    #[serde(default)]
    pub version: Option<i64>,
    /// Inbound or outbound.
    pub direction: Direction,
    /// A disabled rule never applies.
    #[serde(default)]
    pub disabled: bool,
    /// Connector the rule belongs to.
    pub connector: Uuid,
    /// Object type on the reading side: connector space for inbound, metaverse for outbound.
    #[serde(default)]
    pub source_object_type: String,
    /// Object type on the writing side.
    #[serde(default)]
    pub target_object_type: String,
    /// Join, provision, ...
    pub link_type: LinkType,
    /// A lower number wins.
    pub precedence: i64,
    /// Rule this one was placed after; the nil UUID when none.
    #[serde(default)]
    pub precedence_after: Option<Uuid>,
    /// Rule this one was placed before; the nil UUID when none.
    #[serde(default)]
    pub precedence_before: Option<Uuid>,
    /// Whether password hashes flow for objects this rule applies to. Null: not stated.
    #[serde(default)]
    pub enable_password_sync: Option<bool>,
    /// `SoftDeleteExpiryInterval` as written (`hh:mm:ss`).
    #[serde(default)]
    pub soft_delete_expiry_interval: Option<String>,
    /// Scope filter: groups are alternatives (OR). Empty: every object.
    #[serde(default)]
    pub scope_filter: Vec<ScopeGroup>,
    /// Join criteria: groups are alternatives, tried in order (OR). Empty: no join of its own.
    #[serde(default)]
    pub join_filter: Vec<JoinGroup>,
    /// Attribute flows in written order.
    #[serde(default)]
    pub attribute_flows: Vec<AttributeFlow>,
}

/// One scope group: all its clauses must hold (AND). An empty group holds for every object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScopeGroup {
    /// Clauses in written order.
    #[serde(default)]
    pub clauses: Vec<ScopeClause>,
}

/// One clause of a scope group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScopeClause {
    /// Attribute of the source object (`csAttribute`).
    pub attribute: String,
    /// Operator (`csOperator`).
    pub operator: ScopeOperator,
    /// Value compared with (`csValue`); empty for `ISNULL` and `ISNOTNULL`.
    #[serde(default)]
    pub value: String,
}

impl std::fmt::Display for ScopeClause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.attribute, self.operator)?;
        if self.value.is_empty() {
            Ok(())
        } else {
            write!(f, " {}", self.value)
        }
    }
}

/// One join group: all its conditions must hold (AND).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct JoinGroup {
    /// Conditions in written order.
    #[serde(default)]
    pub conditions: Vec<JoinCondition>,
}

/// One condition of a join group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct JoinCondition {
    /// Attribute in the connector space (`csAttribute`).
    pub connector_space_attribute: String,
    /// Attribute in the metaverse (`ilmAttribute`).
    pub metaverse_attribute: String,
    /// Whether values are compared with case.
    #[serde(default)]
    pub case_sensitive: bool,
}

/// One attribute flow: a constant, a direct copy of one source, or an expression over sources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AttributeFlow {
    /// Attribute written (`dest`).
    pub destination: String,
    /// Attributes read (`src/attr`). An expression may name attributes that are not listed here.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Expression, when the flow has one.
    #[serde(default)]
    pub expression: Option<String>,
    /// Constant (text directly under `src`), when the flow has one.
    #[serde(default)]
    pub constant: Option<String>,
    /// How values of several rules meet.
    #[serde(default = "default_merge")]
    pub value_merge_type: ValueMergeType,
    /// Flows only when the target object is made (`execute-once`).
    #[serde(default)]
    pub execute_once: bool,
}

fn default_merge() -> ValueMergeType {
    ValueMergeType::Update
}

impl SyncRule {
    /// Whether the rule ships with the product (it carries an immutable tag).
    pub fn is_standard(&self) -> bool {
        !self.immutable_tag.is_empty()
    }

    /// The immutable tag without its version: `Microsoft.InfromADUserJoin.003` is `Microsoft.InfromADUserJoin`.
    pub fn tag_without_version(&self) -> &str {
        match self.immutable_tag.rsplit_once('.') {
            Some((tag, version))
                if !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit()) =>
            {
                tag
            }
            _ => &self.immutable_tag,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMAL: &str = r#"{"identifier":"0a1f95e3-265a-44fc-ad7c-80e267b05c06","direction":"Inbound",
        "connector":"ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d","linkType":"Join","precedence":102}"#;

    #[test]
    fn missing_fields_are_tolerated_and_a_missing_flag_is_not_false() {
        let rule: SyncRule = serde_json::from_str(MINIMAL).unwrap();
        assert_eq!(rule.enable_password_sync, None);
        assert!(!rule.disabled);
        assert!(rule.scope_filter.is_empty());
        let again: SyncRule = serde_json::from_str(&serde_json::to_string(&rule).unwrap()).unwrap();
        assert_eq!(again, rule);
    }

    #[test]
    fn words_are_read_without_case_and_unknown_words_are_kept() {
        assert_eq!(LinkType::from("join"), LinkType::Join);
        assert_eq!(LinkType::from("Teleport").as_str(), "Teleport");
        assert_eq!(
            ScopeOperator::from("isbitnotset"),
            ScopeOperator::IsBitNotSet
        );
        for word in ScopeOperator::WORDS {
            let operator = ScopeOperator::from(*word);
            assert!(!matches!(operator, ScopeOperator::Other(_)), "{word}");
            assert_eq!(operator.as_str(), *word);
        }
        assert_eq!(
            serde_json::to_string(&ValueMergeType::from("x y")).unwrap(),
            "\"x y\""
        );
    }

    #[test]
    fn a_tag_loses_only_a_numeric_version() {
        let mut rule: SyncRule = serde_json::from_str(MINIMAL).unwrap();
        assert!(!rule.is_standard());
        rule.immutable_tag = "Microsoft.InfromADUserJoin.003".into();
        assert!(rule.is_standard());
        assert_eq!(rule.tag_without_version(), "Microsoft.InfromADUserJoin");
        rule.immutable_tag = "Contoso.Rule".into();
        assert_eq!(rule.tag_without_version(), "Contoso.Rule");
    }

    #[test]
    fn a_clause_prints_as_it_is_quoted() {
        let clause = ScopeClause {
            attribute: "adminDescription".into(),
            operator: ScopeOperator::NotStartsWith,
            value: "User_".into(),
        };
        assert_eq!(clause.to_string(), "adminDescription NOTSTARTSWITH User_");
        let clause = ScopeClause {
            attribute: "sourceAnchor".into(),
            operator: ScopeOperator::IsNotNull,
            value: String::new(),
        };
        assert_eq!(clause.to_string(), "sourceAnchor ISNOTNULL");
    }
}
