//! `Get-ADSyncRule`: one synchronization rule (domain 10.2).

use phs_core::rules::model::{
    AttributeFlow, Direction, JoinCondition, JoinGroup, LinkType, ScopeClause, ScopeGroup,
    ScopeOperator, SyncRule, ValueMergeType,
};
use serde_json::Value;

use super::object::{Object, clip};

/// A rule; else its name and what is wrong with it. A rule that lost its filters on the way must not pass as one without.
pub(super) fn read(value: &Value) -> Result<SyncRule, (String, String)> {
    let Some(object) = Object::of(value) else {
        return Err((String::new(), clip(&value.to_string())));
    };
    let name = object.word("Name");
    rule(object).map_err(|what| (name, format!("{what} is missing or was cut off")))
}

fn rule(object: Object<'_>) -> Result<SyncRule, &'static str> {
    let needed = |name: &'static str| object.text(name).known().cloned().ok_or(name);
    Ok(SyncRule {
        identifier: *object.guid("Identifier").known().ok_or("Identifier")?,
        internal_id: object.link("InternalId"),
        name: object.word("Name"),
        description: object.word("Description"),
        immutable_tag: object.word("ImmutableTag"),
        version: object.number("Version").known().copied(),
        direction: Direction::from(needed("Direction")?),
        disabled: *object.flag("Disabled").known().ok_or("Disabled")?,
        connector: *object.guid("Connector").known().ok_or("Connector")?,
        source_object_type: object.word("SourceObjectType"),
        target_object_type: object.word("TargetObjectType"),
        link_type: LinkType::from(needed("LinkType")?),
        precedence: *object.number("Precedence").known().ok_or("Precedence")?,
        precedence_after: object.link("PrecedenceAfter"),
        precedence_before: object.link("PrecedenceBefore"),
        enable_password_sync: object.flag("EnablePasswordSync").known().copied(),
        soft_delete_expiry_interval: object.text("SoftDeleteExpiryInterval").known().cloned(),
        scope_filter: groups(object, "ScopeFilter", "ScopeConditionList", |clauses| {
            ScopeGroup {
                clauses: clauses.into_iter().map(clause).collect(),
            }
        })
        .ok_or("ScopeFilter")?,
        join_filter: groups(object, "JoinFilter", "JoinConditionList", |conditions| {
            JoinGroup {
                conditions: conditions.into_iter().map(condition).collect(),
            }
        })
        .ok_or("JoinFilter")?,
        attribute_flows: object
            .objects("AttributeFlowMappings")
            .ok_or("AttributeFlowMappings")?
            .into_iter()
            .map(flow)
            .collect(),
    })
}

/// Groups of conditions.
fn groups<T>(
    object: Object<'_>,
    filter: &str,
    list: &str,
    group: impl Fn(Vec<Object<'_>>) -> T,
) -> Option<Vec<T>> {
    object
        .objects(filter)?
        .into_iter()
        .map(|one| one.objects(list).map(&group))
        .collect()
}

fn clause(object: Object<'_>) -> ScopeClause {
    ScopeClause {
        attribute: object.word("Attribute"),
        operator: ScopeOperator::from(object.word("ComparisonOperator")),
        // Spaces around a compared value count.
        value: object
            .get("ComparisonValue")
            .and_then(super::object::scalar)
            .unwrap_or_default(),
    }
}

fn condition(object: Object<'_>) -> JoinCondition {
    JoinCondition {
        connector_space_attribute: object.word("CSAttribute"),
        metaverse_attribute: object.word("MVAttribute"),
        case_sensitive: object
            .flag("CaseSensitive")
            .known()
            .copied()
            .unwrap_or(false),
    }
}

fn flow(object: Object<'_>) -> AttributeFlow {
    let kind = object.word("FlowType");
    let mut sources = object.words("Source");
    let constant = kind
        .eq_ignore_ascii_case("Constant")
        .then(|| std::mem::take(&mut sources).into_iter().next())
        .flatten();
    AttributeFlow {
        destination: object.word("Destination"),
        sources,
        expression: object.text("Expression").known().cloned(),
        constant,
        value_merge_type: object
            .text("ValueMergeType")
            .known()
            .map_or(ValueMergeType::Update, |word| {
                ValueMergeType::from(word.as_str())
            }),
        execute_once: object.flag("ExecuteOnce").known().copied().unwrap_or(false),
    }
}
