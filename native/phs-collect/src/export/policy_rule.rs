//! Rules of a policy file.

use phs_core::evidence::policy::ListedRule;
use phs_core::rules::model::{
    AttributeFlow, Direction, LinkType, ScopeClause, ScopeGroup, ScopeOperator, SyncRule,
    ValueMergeType,
};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::json::{flag, guid, member, number, objects, text};

type Object = Map<String, Value>;

/// Names under which a group of clauses may stand inside an object.
const GROUP_MEMBERS: [&str; 4] = [
    "scopeConditions",
    "scopeConditionList",
    "conditions",
    "clauses",
];

/// A rule by name, tag and precedence.
pub(super) fn listed(rule: &Object, connector: Uuid) -> ListedRule {
    ListedRule {
        identifier: guid(rule, "uniqueIdentifier"),
        connector,
        name: text(rule, "name").unwrap_or_default().to_owned(),
        immutable_tag: text(rule, "immutableTag").unwrap_or_default().to_owned(),
        precedence: number(rule, "precedence"),
    }
}

/// A custom rule with its content, or what the file does not say about it.
pub(super) fn read(rule: &Object, connector: Uuid) -> Result<SyncRule, String> {
    let needed = |name: &str| format!("does not state {name}");
    let word = |name: &str| text(rule, name).ok_or_else(|| needed(name));
    Ok(SyncRule {
        identifier: guid(rule, "uniqueIdentifier").ok_or_else(|| needed("uniqueIdentifier"))?,
        internal_id: guid(rule, "internalIdentifier"),
        name: text(rule, "name").unwrap_or_default().to_owned(),
        description: text(rule, "description").unwrap_or_default().to_owned(),
        immutable_tag: text(rule, "immutableTag").unwrap_or_default().to_owned(),
        version: number(rule, "version"),
        direction: Direction::from(word("direction")?),
        disabled: flag(rule, "disabled").ok_or_else(|| needed("disabled"))?,
        connector,
        source_object_type: word("sourceObjectType")?.to_owned(),
        target_object_type: word("targetObjectType")?.to_owned(),
        link_type: LinkType::from(word("linkType")?),
        precedence: number(rule, "precedence").ok_or_else(|| needed("precedence"))?,
        precedence_after: None,
        precedence_before: None,
        // A value that is not stated stays unknown.
        enable_password_sync: flag(rule, "enablePasswordSync"),
        soft_delete_expiry_interval: None,
        scope_filter: scope(member(rule, "scopeFilters"))?,
        join_filter: Vec::new(),
        attribute_flows: objects(rule, "attributeMappings")
            .map(flow)
            .collect::<Result<_, _>>()?,
    })
}

/// Groups are alternatives. Clauses that stand in no group cannot be told apart from groups of one.
fn scope(filters: Option<&Value>) -> Result<Vec<ScopeGroup>, String> {
    let groups = match filters {
        None => return Ok(Vec::new()),
        Some(Value::Array(groups)) => groups.as_slice(),
        Some(single) => std::slice::from_ref(single),
    };
    let bare = groups
        .iter()
        .filter(|value| value.as_object().is_some_and(is_clause))
        .count();
    if bare > 1 || bare == 1 && groups.len() > 1 {
        return Err("does not say which clauses of its scope belong together".to_owned());
    }
    groups.iter().map(group).collect()
}

fn is_clause(object: &Object) -> bool {
    member(object, "attribute").is_some()
}

fn group(value: &Value) -> Result<ScopeGroup, String> {
    let clauses = match value {
        Value::Array(clauses) => clauses
            .iter()
            .map(|value| {
                value
                    .as_object()
                    .ok_or_else(|| "has a scope that is no clause".to_owned())
            })
            .collect::<Result<Vec<_>, _>>()?,
        Value::Object(object) if is_clause(object) => vec![object],
        Value::Object(object) => {
            let name = GROUP_MEMBERS
                .iter()
                .find(|name| member(object, name).is_some())
                .ok_or_else(|| "has a scope of an unknown form".to_owned())?;
            objects(object, name).collect()
        }
        _ => return Err("has a scope of an unknown form".to_owned()),
    };
    let clauses = clauses.into_iter().map(clause).collect::<Result<_, _>>()?;
    Ok(ScopeGroup { clauses })
}

fn clause(object: &Object) -> Result<ScopeClause, String> {
    let attribute =
        text(object, "attribute").ok_or_else(|| "has a clause without an attribute".to_owned())?;
    let operator = text(object, "condition")
        .or_else(|| text(object, "operator"))
        .ok_or_else(|| format!("has a clause of {attribute} without a condition"))?;
    let value = match member(object, "value") {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(flag)) => if *flag { "True" } else { "False" }.to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(_) => {
            return Err(format!(
                "has a clause of {attribute} whose value is no text"
            ));
        }
    };
    Ok(ScopeClause {
        attribute: attribute.to_owned(),
        operator: ScopeOperator::from(operator),
        value,
    })
}

fn flow(mapping: &Object) -> Result<AttributeFlow, String> {
    let destination = text(mapping, "destination")
        .or_else(|| text(mapping, "target"))
        .ok_or_else(|| "has an attribute mapping without a destination".to_owned())?;
    let sources: Vec<String> = match member(mapping, "source") {
        Some(Value::String(name)) if !name.is_empty() => vec![name.clone()],
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    };
    let constant =
        text(mapping, "flowType").is_some_and(|kind| kind.eq_ignore_ascii_case("constant"));
    let expression = text(mapping, "expression").map(str::to_owned);
    Ok(AttributeFlow {
        destination: destination.to_owned(),
        constant: (constant && expression.is_none()).then(|| sources.join(";")),
        sources: if constant { Vec::new() } else { sources },
        expression,
        value_merge_type: text(mapping, "valueMergeType")
            .map_or(ValueMergeType::Update, ValueMergeType::from),
        execute_once: flag(mapping, "executeOnce").unwrap_or(false),
    })
}
