//! Rules made ready once per run: attribute names become slots, filters and expressions are parsed, and what cannot
//! change the answer is left out.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::attribute::{AttributeType, default_type};
use super::expression::{ParseError, Program, Resolver, TextEquality, Value};
use super::model::{AttributeFlow, Direction, LinkType, SyncRule, ValueMergeType};
use super::scope::Scope;

/// Identifier of the connector to Microsoft Entra, the same on every server.
pub const ENTRA_CONNECTOR: Uuid = Uuid::from_u128(0xb891_884f_051e_4a83_95af_2544_101c_9083);

/// Slot of the object's own name, which every source has.
pub(crate) const DN_SLOT: usize = usize::MAX;

/// How much of the rules is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Extent {
    /// What decides whether the password hash flows: links, scopes, and the flows they depend on. Few attributes.
    #[default]
    Password,
    /// Every rule and every flow, so that every error shows. Many attributes.
    Full,
}

/// What to make ready.
#[derive(Debug, Clone)]
pub struct CompileOptions {
    /// The Active Directory connector the objects come from.
    pub connector: Uuid,
    /// The connector to Microsoft Entra.
    pub entra_connector: Uuid,
    /// How much.
    pub extent: Extent,
    /// Object types of the objects to come; empty for all.
    pub object_types: Vec<String>,
    /// Types of attributes that differ from [`default_type`], for example from the connector's schema.
    pub attribute_types: Vec<(String, AttributeType)>,
    /// Whether `=` in expressions minds the case of text.
    pub text_equality: TextEquality,
}

impl CompileOptions {
    /// Users of one connector: `user` and `inetOrgPerson`.
    pub fn users_of(connector: Uuid) -> Self {
        Self {
            connector,
            entra_connector: ENTRA_CONNECTOR,
            extent: Extent::default(),
            object_types: vec!["user".to_owned(), "inetOrgPerson".to_owned()],
            attribute_types: Vec::new(),
            text_equality: TextEquality::default(),
        }
    }
}

/// Metaverse attributes that every evaluation answers.
pub(crate) const RESULTS: [&str; 5] = [
    "cloudFiltered",
    "sourceAnchor",
    "accountEnabled",
    "userPrincipalName",
    "sourceObjectType",
];

/// Rules of one Active Directory connector and of the Entra connector, made ready.
#[derive(Debug, Clone)]
pub struct CompiledRules {
    pub(crate) inbound: Vec<CompiledRule>,
    pub(crate) outbound: Vec<CompiledRule>,
    pub(crate) object_types: Vec<String>,
    pub(crate) source: Names,
    pub(crate) metaverse: Names,
    /// Per metaverse slot: the flows that may give its value, lowest precedence number first.
    pub(crate) contributions: Vec<Vec<(usize, usize)>>,
    pub(crate) text_equality: TextEquality,
    assumed_absent: Vec<String>,
    unreadable: Vec<UnreadableExpression>,
}

/// An expression that cannot be read; the flow it belongs to is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableExpression {
    /// Rule.
    pub rule: Uuid,
    /// Name of the rule.
    pub rule_name: String,
    /// Attribute the flow writes.
    pub destination: String,
    /// Expression as written.
    pub expression: String,
    /// What is wrong and where.
    pub error: ParseError,
}

/// One rule made ready.
#[derive(Debug, Clone)]
pub(crate) struct CompiledRule {
    pub(crate) rule: SyncRule,
    /// Place of the object type on the connector-space side in [`CompiledRules::object_types`]; inbound only.
    pub(crate) object_type: usize,
    pub(crate) scope: Scope,
    pub(crate) flows: Vec<CompiledFlow>,
}

#[derive(Debug, Clone)]
pub(crate) struct CompiledFlow {
    pub(crate) destination: usize,
    pub(crate) name: String,
    pub(crate) merge: Merge,
    pub(crate) kind: FlowKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Merge {
    FirstWins,
    Gather,
    Unknown(String),
}

#[derive(Debug, Clone)]
pub(crate) enum FlowKind {
    Constant(Value<'static>),
    Direct {
        slot: usize,
        name: String,
    },
    Expression(Program),
    Unreadable(String),
    /// Neither source, expression nor constant: the flow gives nothing.
    Nothing,
}

/// Names with their slots. Names are compared without case.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    pub(crate) list: Vec<String>,
    pub(crate) types: Vec<AttributeType>,
    index: HashMap<String, usize>,
    overrides: HashMap<String, AttributeType>,
    /// Whether the object's own name is an attribute that need not be read.
    own_name: bool,
}

impl Resolver for Names {
    fn slot(&mut self, name: &str) -> usize {
        let key = name.to_ascii_lowercase();
        if self.own_name && matches!(key.as_str(), "dn" | "distinguishedname") {
            return DN_SLOT;
        }
        if let Some(slot) = self.index.get(&key) {
            return *slot;
        }
        let slot = self.list.len();
        self.list.push(name.to_owned());
        self.types.push(
            self.overrides
                .get(&key)
                .copied()
                .unwrap_or_else(|| default_type(name)),
        );
        self.index.insert(key, slot);
        slot
    }
}

impl Names {
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.index.get(&name.to_ascii_lowercase()).copied()
    }
}

impl CompiledRules {
    /// Makes the rules of a connector ready. An expression that cannot be read is kept as such and makes its attribute
    /// unknown; see [`Self::unreadable`].
    pub fn new(rules: &[SyncRule], options: &CompileOptions) -> Self {
        let mut ordered: Vec<&SyncRule> = rules.iter().collect();
        ordered.sort_by_key(|rule| rule.precedence);
        let wanted = |kind: &str| {
            options.object_types.is_empty()
                || options
                    .object_types
                    .iter()
                    .any(|t| t.eq_ignore_ascii_case(kind))
        };
        let inbound: Vec<&SyncRule> = ordered
            .iter()
            .copied()
            .filter(|rule| {
                rule.direction == Direction::Inbound && rule.connector == options.connector
            })
            .filter(|rule| wanted(&rule.source_object_type))
            .collect();
        let targets: HashSet<String> = inbound
            .iter()
            .map(|r| r.target_object_type.to_ascii_lowercase())
            .collect();
        let outbound: Vec<&SyncRule> = ordered
            .iter()
            .copied()
            .filter(|rule| {
                rule.direction == Direction::Outbound && rule.connector == options.entra_connector
            })
            .filter(|rule| targets.contains(&rule.source_object_type.to_ascii_lowercase()))
            .filter(|rule| options.extent == Extent::Full || decides(rule))
            .collect();
        let mut builder = Builder::new(options);
        builder.outbound(&outbound);
        builder.inbound(&inbound);
        builder.foreign(&ordered, options.connector);
        builder.finish()
    }

    /// The attributes of the connector space that the rules read, in slot order. The object's own name is not among
    /// them.
    pub fn needed_attributes(&self) -> &[String] {
        &self.source.list
    }

    /// Metaverse attributes that scope filters of outbound rules read and that rules of other connectors may write.
    /// Evaluation takes them as absent: it sees one object of one connector.
    pub fn assumed_absent(&self) -> &[String] {
        &self.assumed_absent
    }

    /// Expressions that cannot be read.
    pub fn unreadable(&self) -> &[UnreadableExpression] {
        &self.unreadable
    }

    /// Rules from the connector, lowest precedence number first.
    pub fn inbound_rules(&self) -> impl Iterator<Item = &SyncRule> {
        self.inbound.iter().map(|rule| &rule.rule)
    }

    /// Rules to Microsoft Entra, lowest precedence number first.
    pub fn outbound_rules(&self) -> impl Iterator<Item = &SyncRule> {
        self.outbound.iter().map(|rule| &rule.rule)
    }
}

/// Whether a rule by itself can decide whether a hash flows.
fn decides(rule: &SyncRule) -> bool {
    rule.enable_password_sync != Some(false) || rule.link_type != LinkType::Join
}

struct Builder {
    extent: Extent,
    rules: CompiledRules,
    /// Metaverse slots that matter.
    relevant: HashSet<usize>,
}

impl Builder {
    fn new(options: &CompileOptions) -> Self {
        let overrides = options
            .attribute_types
            .iter()
            .map(|(name, kind)| (name.to_ascii_lowercase(), *kind))
            .collect();
        let rules = CompiledRules {
            inbound: Vec::new(),
            outbound: Vec::new(),
            object_types: Vec::new(),
            source: Names {
                overrides,
                own_name: true,
                ..Names::default()
            },
            metaverse: Names::default(),
            contributions: Vec::new(),
            text_equality: options.text_equality,
            assumed_absent: Vec::new(),
            unreadable: Vec::new(),
        };
        let mut builder = Self {
            extent: options.extent,
            rules,
            relevant: HashSet::new(),
        };
        for name in RESULTS {
            let slot = builder.rules.metaverse.slot(name);
            builder.relevant.insert(slot);
        }
        builder
    }

    fn outbound(&mut self, rules: &[&SyncRule]) {
        for rule in rules {
            let scope = Scope::new(&rule.scope_filter, &mut self.rules.metaverse);
            self.relevant.extend(scope.slots());
            let flows = if self.extent == Extent::Full {
                rule.attribute_flows
                    .iter()
                    .map(|flow| self.outbound_flow(rule, flow))
                    .collect()
            } else {
                Vec::new()
            };
            self.rules.outbound.push(CompiledRule {
                rule: (*rule).clone(),
                object_type: 0,
                scope,
                flows,
            });
        }
    }

    /// An outbound flow reads the metaverse; what it writes is not looked at again, so it needs no slot of its own.
    fn outbound_flow(&mut self, rule: &SyncRule, flow: &AttributeFlow) -> CompiledFlow {
        let kind = flow_kind(flow, &mut self.rules.metaverse);
        self.note_unreadable(rule, flow, &kind);
        CompiledFlow {
            destination: DN_SLOT,
            name: flow.destination.clone(),
            merge: merge(flow),
            kind: known(flow, kind),
        }
    }

    fn inbound(&mut self, rules: &[&SyncRule]) {
        for rule in rules {
            let object_type = self.object_type(&rule.source_object_type);
            let kept: Vec<&AttributeFlow> = rule
                .attribute_flows
                .iter()
                .filter(|flow| {
                    let slot = self.rules.metaverse.find(&flow.destination);
                    self.extent == Extent::Full
                        || slot.is_some_and(|slot| self.relevant.contains(&slot))
                })
                .collect();
            if kept.is_empty()
                && self.extent == Extent::Password
                && !decides(rule)
                && rule.join_filter.is_empty()
            {
                continue;
            }
            let scope = Scope::new(&rule.scope_filter, &mut self.rules.source);
            let mut flows = Vec::with_capacity(kept.len());
            for flow in kept {
                let kind = flow_kind(flow, &mut self.rules.source);
                self.note_unreadable(rule, flow, &kind);
                let destination = self.rules.metaverse.slot(&flow.destination);
                let kind = known(flow, kind);
                flows.push(CompiledFlow {
                    destination,
                    name: flow.destination.clone(),
                    merge: merge(flow),
                    kind,
                });
            }
            self.rules.inbound.push(CompiledRule {
                rule: (*rule).clone(),
                object_type,
                scope,
                flows,
            });
        }
    }

    fn object_type(&mut self, name: &str) -> usize {
        let types = &mut self.rules.object_types;
        types
            .iter()
            .position(|known| known.eq_ignore_ascii_case(name))
            .unwrap_or_else(|| {
                types.push(name.to_owned());
                types.len() - 1
            })
    }

    fn note_unreadable(
        &mut self,
        rule: &SyncRule,
        flow: &AttributeFlow,
        kind: &Result<FlowKind, ParseError>,
    ) {
        if let Err(error) = kind {
            self.rules.unreadable.push(UnreadableExpression {
                rule: rule.identifier,
                rule_name: rule.name.clone(),
                destination: flow.destination.clone(),
                expression: flow.expression.clone().unwrap_or_default(),
                error: error.clone(),
            });
        }
    }

    /// Metaverse attributes read by outbound scopes that only other connectors' rules write.
    fn foreign(&mut self, rules: &[&SyncRule], connector: Uuid) {
        let scoped: HashSet<usize> = self
            .rules
            .outbound
            .iter()
            .flat_map(|rule| rule.scope.slots())
            .collect();
        let own = |slot: usize| {
            self.rules
                .inbound
                .iter()
                .any(|r| r.flows.iter().any(|f| f.destination == slot))
        };
        let others = |name: &str| {
            rules.iter().any(|rule| {
                rule.direction == Direction::Inbound
                    && rule.connector != connector
                    && rule
                        .attribute_flows
                        .iter()
                        .any(|flow| flow.destination.eq_ignore_ascii_case(name))
            })
        };
        let names = self.rules.metaverse.list.iter().enumerate();
        let found =
            names.filter(|(slot, name)| scoped.contains(slot) && !own(*slot) && others(name));
        self.rules.assumed_absent = found.map(|(_, name)| name.clone()).collect();
    }

    fn finish(mut self) -> CompiledRules {
        let mut contributions = vec![Vec::new(); self.rules.metaverse.list.len()];
        for (rule_index, rule) in self.rules.inbound.iter().enumerate() {
            for (flow_index, flow) in rule.flows.iter().enumerate() {
                contributions[flow.destination].push((rule_index, flow_index));
            }
        }
        self.rules.contributions = contributions;
        self.rules
    }
}

fn merge(flow: &AttributeFlow) -> Merge {
    match &flow.value_merge_type {
        ValueMergeType::Update | ValueMergeType::Replace => Merge::FirstWins,
        ValueMergeType::Merge | ValueMergeType::MergeCaseInsensitive => Merge::Gather,
        ValueMergeType::Other(word) => Merge::Unknown(word.clone()),
    }
}

fn flow_kind(flow: &AttributeFlow, names: &mut Names) -> Result<FlowKind, ParseError> {
    if let Some(text) = flow
        .expression
        .as_deref()
        .filter(|text| !text.trim().is_empty())
    {
        return Program::new(text, names).map(FlowKind::Expression);
    }
    if let Some(text) = &flow.constant {
        let value = Value::text(text.trim());
        return Ok(FlowKind::Constant(match value.as_bool() {
            Some(boolean) => Value::Bool(boolean),
            None => value.into_owned(),
        }));
    }
    Ok(match flow.sources.first() {
        Some(name) => FlowKind::Direct {
            slot: names.slot(name),
            name: name.clone(),
        },
        None => FlowKind::Nothing,
    })
}

fn known(flow: &AttributeFlow, kind: Result<FlowKind, ParseError>) -> FlowKind {
    kind.unwrap_or_else(|_| FlowKind::Unreadable(flow.expression.clone().unwrap_or_default()))
}
