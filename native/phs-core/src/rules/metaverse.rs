//! The metaverse object as far as one connector's rules make it: which flow gave each attribute, by precedence.

use super::attribute::{AttributeSource, Read, typed_all};
use super::compile::{CompiledFlow, CompiledRules, DN_SLOT, FlowKind, Merge, Names};
use super::expression::{Context, Decisive, Environment, EvalError, Stop, Value, Why, decisive};
use super::model::SyncRule;
use super::scope::Truth;

/// One attribute of the metaverse object.
#[derive(Debug, Clone, PartialEq)]
pub enum Attribute<'a> {
    /// No rule gives a value.
    Absent,
    /// The value.
    Value(Value<'a>),
    /// What was read does not tell.
    Unknown(Why<'a>),
}

impl Attribute<'_> {
    /// Whether the value is True: yes, no (absent and False alike), or unknown.
    pub fn is_true(&self) -> Truth {
        match self {
            Self::Absent => Truth::False,
            Self::Value(value) => (value.as_bool() == Some(true)).into(),
            Self::Unknown(_) => Truth::Unknown,
        }
    }

    /// Whether there is a value.
    pub fn is_present(&self) -> Truth {
        match self {
            Self::Absent => Truth::False,
            Self::Value(_) => Truth::True,
            Self::Unknown(_) => Truth::Unknown,
        }
    }

    /// The value, when it is known and there is one.
    pub fn value(&self) -> Option<&Value<'_>> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }
}

/// A flow that fails on this object. The synchronization service would report it on the object.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowError<'a> {
    /// Rule of the flow.
    pub rule: &'a SyncRule,
    /// Attribute the flow writes.
    pub destination: &'a str,
    /// Expression as written.
    pub expression: &'a str,
    /// What failed and where.
    pub error: Box<EvalError>,
}

/// Why a metaverse attribute has its value.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowExplanation<'a> {
    /// Rule that gives the value.
    pub rule: &'a SyncRule,
    /// The whole expression, constant or source attribute as written.
    pub flow: &'a str,
    /// The part of the expression that decided, when the flow has one.
    pub decisive: Option<Decisive<'a>>,
}

/// The connector-space object as expressions and scope filters see it.
pub(crate) struct SourceView<'a> {
    pub(crate) source: &'a dyn AttributeSource,
    pub(crate) names: &'a Names,
}

impl<'a> Environment<'a> for SourceView<'a> {
    fn attribute(&self, slot: usize, name: &'a str) -> Result<Value<'a>, Why<'a>> {
        if slot == DN_SLOT {
            return Ok(Value::Reference(self.source.dn().into()));
        }
        match self.source.read(slot, name) {
            Read::NotRead => Err(Why::AttributeNotRead(name)),
            Read::Absent => Ok(Value::Null),
            Read::Values(values) => {
                let kind = self
                    .names
                    .types
                    .get(slot)
                    .copied()
                    .unwrap_or(super::AttributeType::Text);
                Ok(typed_all(values, kind))
            }
        }
    }
}

/// The metaverse object as scope filters of outbound rules see it.
pub(crate) struct MetaverseView<'v> {
    pub(crate) values: &'v [Attribute<'v>],
}

impl<'v> Environment<'v> for MetaverseView<'v> {
    fn attribute(&self, slot: usize, name: &'v str) -> Result<Value<'v>, Why<'v>> {
        match self.values.get(slot) {
            None | Some(Attribute::Absent) => Ok(Value::Null),
            Some(Attribute::Value(value)) => Ok(value.borrowed()),
            Some(Attribute::Unknown(_)) => Err(Why::MetaverseAttribute(name)),
        }
    }
}

/// What one flow gives.
pub(crate) enum Given<'a> {
    Nothing,
    Value(Value<'a>),
    /// No value, and no later rule may give one.
    Authoritative,
    Unknown(Why<'a>),
    Failed(Box<EvalError>),
}

pub(crate) fn give<'a>(
    flow: &'a CompiledFlow,
    environment: &dyn Environment<'a>,
    context: &Context<'a>,
) -> Given<'a> {
    let outcome = match &flow.kind {
        FlowKind::Constant(value) => Ok(value.borrowed()),
        FlowKind::Direct { slot, name } => environment.attribute(*slot, name).map_err(Stop::from),
        FlowKind::Expression(program) => program.run(environment, context),
        FlowKind::Unreadable(text) => Err(Why::Unreadable(text).into()),
        FlowKind::Nothing => Ok(Value::Null),
    };
    match outcome {
        Ok(Value::AuthoritativeNull) => Given::Authoritative,
        Ok(Value::Null | Value::IgnoreThisFlow) => Given::Nothing,
        Ok(Value::Multi(values)) => match Value::gather(values) {
            Value::Null => Given::Nothing,
            value => Given::Value(value),
        },
        // The metaverse holds no empty text.
        Ok(value) if value.is_empty() => Given::Nothing,
        Ok(value) => Given::Value(value),
        Err(Stop::Unknown(why)) => Given::Unknown(why),
        Err(Stop::Error(error)) => Given::Failed(error),
    }
}

/// Settles one metaverse attribute. `applies` tells of each inbound rule whether it applies.
pub(crate) struct Settler<'e, 'a> {
    pub(crate) rules: &'a CompiledRules,
    pub(crate) environment: &'e dyn Environment<'a>,
    pub(crate) context: &'e Context<'a>,
    pub(crate) applies: &'e dyn Fn(usize) -> Truth,
}

/// A settled attribute: its value, and the flow that gave it.
pub(crate) struct Settled<'a> {
    pub(crate) attribute: Attribute<'a>,
    pub(crate) winner: Option<(usize, usize)>,
}

impl<'a> Settler<'_, 'a> {
    /// Goes through the flows to one attribute, lowest precedence number first; the first that gives a value wins,
    /// values of merging flows are gathered.
    pub(crate) fn settle(&self, slot: usize, errors: &mut Vec<FlowError<'a>>) -> Settled<'a> {
        let unknown = |why| Settled {
            attribute: Attribute::Unknown(why),
            winner: None,
        };
        // A value that a rule would give of which it is not known whether it applies.
        let mut possible: Option<(Value<'a>, Why<'a>)> = None;
        let mut merged: Vec<Value<'a>> = Vec::new();
        let mut winner = None;
        for &(rule_index, flow_index) in self
            .rules
            .contributions
            .get(slot)
            .map_or(&[][..], Vec::as_slice)
        {
            let truth = (self.applies)(rule_index);
            if truth == Truth::False {
                continue;
            }
            let rule = &self.rules.inbound[rule_index];
            let flow = &rule.flows[flow_index];
            let value = match give(flow, self.environment, self.context) {
                Given::Nothing => continue,
                Given::Unknown(why) => return unknown(why),
                Given::Failed(error) => {
                    if truth == Truth::True {
                        let expression = flow_text(flow);
                        errors.push(FlowError {
                            rule: &rule.rule,
                            destination: &flow.name,
                            expression,
                            error,
                        });
                    }
                    return unknown(Why::FlowFailed(&flow.name));
                }
                Given::Authoritative if truth == Truth::Unknown => {
                    return unknown(Why::MetaverseAttribute(&flow.name));
                }
                Given::Authoritative => break,
                Given::Value(value) => value,
            };
            if truth == Truth::Unknown {
                match &possible {
                    Some((other, why)) if *other != value => return unknown(*why),
                    _ => possible = Some((value, Why::MetaverseAttribute(&flow.name))),
                }
                continue;
            }
            if let Some((other, why)) = &possible
                && *other != value
            {
                return unknown(*why);
            }
            winner = winner.or(Some((rule_index, flow_index)));
            match &flow.merge {
                Merge::Unknown(word) => return unknown(Why::UnknownMergeType(word)),
                Merge::Gather => merged.extend(value.into_items()),
                Merge::FirstWins if merged.is_empty() => {
                    return Settled {
                        attribute: Attribute::Value(value),
                        winner,
                    };
                }
                Merge::FirstWins => break,
            }
        }
        if let (Some((_, why)), true) = (&possible, merged.is_empty()) {
            return unknown(*why);
        }
        match Value::gather(unique(merged)) {
            Value::Null => Settled {
                attribute: Attribute::Absent,
                winner: None,
            },
            value => Settled {
                attribute: Attribute::Value(value),
                winner,
            },
        }
    }
}

/// Each value once; text that differs in case only is the same value of a directory attribute.
fn unique(values: Vec<Value<'_>>) -> Vec<Value<'_>> {
    let mut seen = std::collections::HashSet::new();
    values
        .into_iter()
        .filter(|value| {
            seen.insert(
                value
                    .as_str()
                    .map_or_else(|| format!("\0{value}"), crate::casefold::folded),
            )
        })
        .collect()
}

/// A flow as a person reads it.
pub(crate) fn flow_text(flow: &CompiledFlow) -> &str {
    match &flow.kind {
        FlowKind::Expression(program) => program.text(),
        FlowKind::Direct { name, .. } => name,
        FlowKind::Unreadable(text) => text,
        FlowKind::Constant(Value::Bool(true)) => "True",
        FlowKind::Constant(Value::Bool(false)) => "False",
        FlowKind::Constant(value) => value.as_str().unwrap_or(""),
        FlowKind::Nothing => "",
    }
}

/// Why the winning flow gave its value.
pub(crate) fn explain<'a>(
    rules: &'a CompiledRules,
    winner: (usize, usize),
    environment: &dyn Environment<'a>,
    context: &Context<'a>,
) -> Option<FlowExplanation<'a>> {
    let rule = rules.inbound.get(winner.0)?;
    let flow = rule.flows.get(winner.1)?;
    let decisive = match &flow.kind {
        FlowKind::Expression(program) => decisive(program, environment, context),
        _ => None,
    };
    Some(FlowExplanation {
        rule: &rule.rule,
        flow: flow_text(flow),
        decisive,
    })
}
