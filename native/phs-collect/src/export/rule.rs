//! `SynchronizationRules/*.xml`: one synchronization rule.

use phs_core::evidence::server::parse_flag;
use phs_core::rules::model::{
    AttributeFlow, Direction, JoinCondition, JoinGroup, LinkType, ScopeClause, ScopeGroup,
    ScopeOperator, SyncRule, ValueMergeType,
};

use super::connector::{guid, optional_guid};
use crate::xml::{Element, Xml, XmlError, clip};

pub(super) fn read(xml: &mut Xml) -> Result<SyncRule, XmlError> {
    xml.root("synchronizationRule", |xml, _| {
        let mut parts = Parts::default();
        xml.children(|xml, child| parts.read(xml, child))?;
        parts.rule(xml)
    })
}

#[derive(Default)]
struct Parts {
    identifier: Option<uuid::Uuid>,
    internal_id: Option<uuid::Uuid>,
    connector: Option<uuid::Uuid>,
    precedence_after: Option<uuid::Uuid>,
    precedence_before: Option<uuid::Uuid>,
    name: String,
    description: String,
    immutable_tag: String,
    version: Option<i64>,
    direction: String,
    disabled: bool,
    source_object_type: String,
    target_object_type: String,
    link_type: String,
    precedence: Option<i64>,
    enable_password_sync: Option<bool>,
    soft_delete_expiry_interval: Option<String>,
    scope_filter: Vec<ScopeGroup>,
    join_filter: Vec<JoinGroup>,
    attribute_flows: Vec<AttributeFlow>,
}

impl Parts {
    fn read(&mut self, xml: &mut Xml, child: &Element) -> Result<(), XmlError> {
        match child.name.as_str() {
            "id" => self.identifier = Some(guid(xml, "id")?),
            "internal-id" => self.internal_id = optional_guid(xml, "internal-id")?,
            "connector" => self.connector = Some(guid(xml, "connector")?),
            "precedence-after" => self.precedence_after = optional_guid(xml, "precedence-after")?,
            "precedence-before" => {
                self.precedence_before = optional_guid(xml, "precedence-before")?;
            }
            "name" => self.name = xml.text()?,
            "description" => self.description = xml.text()?,
            "immutable-tag" => self.immutable_tag = xml.text()?,
            "version" => self.version = xml.text()?.parse().ok(),
            "direction" => self.direction = xml.text()?,
            "disabled" => self.disabled = disabled(xml)?,
            "sourceObjectType" => self.source_object_type = xml.text()?,
            "targetObjectType" => self.target_object_type = xml.text()?,
            "linkType" => self.link_type = xml.text()?,
            "precedence" => self.precedence = Some(number(xml, "precedence")?),
            // A value that is no flag stays unknown, as one that is not stated.
            "EnablePasswordSync" => self.enable_password_sync = parse_flag(&xml.text()?),
            "softDeleteExpiryInterval" => {
                let text = xml.text()?;
                self.soft_delete_expiry_interval = (!text.is_empty()).then_some(text);
            }
            "attribute-mappings" => xml.children(|xml, child| {
                if child.name == "mapping" {
                    self.attribute_flows.push(flow(xml, child)?);
                }
                Ok(())
            })?,
            "relationshipCriteria" => groups(xml, |xml| {
                self.join_filter.push(join_group(xml)?);
                Ok(())
            })?,
            "synchronizationCriteria" => groups(xml, |xml| {
                self.scope_filter.push(scope_group(xml)?);
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    }

    fn rule(self, xml: &Xml) -> Result<SyncRule, XmlError> {
        let needed = |what: &str| xml.invalid(format!("no <{what}> in <synchronizationRule>"));
        if self.direction.is_empty() {
            return Err(needed("direction"));
        }
        if self.link_type.is_empty() {
            return Err(needed("linkType"));
        }
        Ok(SyncRule {
            identifier: self.identifier.ok_or_else(|| needed("id"))?,
            internal_id: self.internal_id,
            name: self.name,
            description: self.description,
            immutable_tag: self.immutable_tag,
            version: self.version,
            direction: Direction::from(self.direction),
            disabled: self.disabled,
            connector: self.connector.ok_or_else(|| needed("connector"))?,
            source_object_type: self.source_object_type,
            target_object_type: self.target_object_type,
            link_type: LinkType::from(self.link_type),
            precedence: self.precedence.ok_or_else(|| needed("precedence"))?,
            precedence_after: self.precedence_after,
            precedence_before: self.precedence_before,
            enable_password_sync: self.enable_password_sync,
            soft_delete_expiry_interval: self.soft_delete_expiry_interval,
            scope_filter: self.scope_filter,
            join_filter: self.join_filter,
            attribute_flows: self.attribute_flows,
        })
    }
}

fn disabled(xml: &mut Xml) -> Result<bool, XmlError> {
    let text = xml.text()?;
    parse_flag(&text).ok_or_else(|| {
        xml.invalid(format!(
            "<disabled> is neither true nor false: \"{}\"",
            clip(&text)
        ))
    })
}

fn number(xml: &mut Xml, what: &str) -> Result<i64, XmlError> {
    let text = xml.text()?;
    text.parse()
        .map_err(|_| xml.invalid(format!("<{what}> is no number: \"{}\"", clip(&text))))
}

/// Each `conditions` element is one group.
fn groups(
    xml: &mut Xml,
    mut group: impl FnMut(&mut Xml) -> Result<(), XmlError>,
) -> Result<(), XmlError> {
    xml.children(|xml, child| {
        if child.name == "conditions" {
            group(xml)?;
        }
        Ok(())
    })
}

fn scope_group(xml: &mut Xml) -> Result<ScopeGroup, XmlError> {
    let mut clauses = Vec::new();
    xml.children(|xml, child| {
        if child.name != "scope" {
            return Ok(());
        }
        let mut attribute = String::new();
        let mut operator = String::new();
        let mut value = String::new();
        xml.children(|xml, child| {
            match child.name.as_str() {
                "csAttribute" => attribute = xml.text()?,
                "csOperator" => operator = xml.text()?,
                // Spaces around a compared value count.
                "csValue" => value = xml.content(|_, _| Ok(()))?,
                _ => {}
            }
            Ok(())
        })?;
        clauses.push(ScopeClause {
            attribute,
            operator: ScopeOperator::from(operator),
            value,
        });
        Ok(())
    })?;
    Ok(ScopeGroup { clauses })
}

fn join_group(xml: &mut Xml) -> Result<JoinGroup, XmlError> {
    let mut conditions = Vec::new();
    xml.children(|xml, child| {
        if child.name != "condition" {
            return Ok(());
        }
        let mut condition = JoinCondition {
            connector_space_attribute: String::new(),
            metaverse_attribute: String::new(),
            case_sensitive: false,
        };
        xml.children(|xml, child| {
            match child.name.as_str() {
                "csAttribute" => condition.connector_space_attribute = xml.text()?,
                "ilmAttribute" => condition.metaverse_attribute = xml.text()?,
                "caseSensitive" => {
                    condition.case_sensitive = parse_flag(&xml.text()?).unwrap_or(false);
                }
                _ => {}
            }
            Ok(())
        })?;
        conditions.push(condition);
        Ok(())
    })?;
    Ok(JoinGroup { conditions })
}

fn flow(xml: &mut Xml, element: &Element) -> Result<AttributeFlow, XmlError> {
    let mut flow = AttributeFlow {
        destination: String::new(),
        sources: Vec::new(),
        expression: None,
        constant: None,
        value_merge_type: ValueMergeType::Update,
        execute_once: element
            .attribute("execute-once")
            .and_then(parse_flag)
            .unwrap_or(false),
    };
    xml.children(|xml, child| {
        match child.name.as_str() {
            "dest" => flow.destination = xml.text()?,
            "expression" => {
                let text = xml.text()?;
                flow.expression = (!text.is_empty()).then_some(text);
            }
            "valueMergeType" => flow.value_merge_type = ValueMergeType::from(xml.text()?),
            "src" => {
                let text = xml.content(|xml, child| {
                    if child.name == "attr" {
                        flow.sources.push(xml.text()?);
                    }
                    Ok(())
                })?;
                if flow.sources.is_empty() && !text.trim().is_empty() {
                    flow.constant = Some(text.trim().to_owned());
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(flow)
}
