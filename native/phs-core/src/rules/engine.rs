//! One user through the rules: which apply, what the metaverse object becomes, whether the password hash flows.

use super::attribute::AttributeSource;
use super::compile::{CompiledRule, CompiledRules};
use super::expression::{Context, Environment, Why};
use super::metaverse::{
    Attribute, FlowError, FlowExplanation, Given, MetaverseView, Settler, SourceView, explain,
    flow_text, give,
};
use super::model::{Direction, LinkType, SyncRule};
use super::scope::{ClauseReport, Truth};

/// What became of one rule for one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleState<'a> {
    /// The rule applies.
    Applied,
    /// The rule is disabled.
    Disabled,
    /// A scope clause excludes the object.
    OutOfScope,
    /// In scope, but nothing links the object on the other side.
    NotLinked,
    /// What was read does not tell.
    Unknown(Why<'a>),
}

impl RuleState<'_> {
    /// Whether the rule applies.
    pub fn applies(self) -> Truth {
        match self {
            Self::Applied => Truth::True,
            Self::Unknown(_) => Truth::Unknown,
            _ => Truth::False,
        }
    }
}

/// Whether the object has a counterpart on the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link<'a> {
    /// This rule provisions it, or joins it to what is there.
    Provisioned(&'a SyncRule),
    /// No rule in scope provisions or joins it.
    None,
    /// Unknown.
    Unknown(Why<'a>),
}

impl Link<'_> {
    /// Whether there is a counterpart.
    pub fn exists(self) -> Truth {
        match self {
            Self::Provisioned(_) => Truth::True,
            Self::None => Truth::False,
            Self::Unknown(_) => Truth::Unknown,
        }
    }
}

/// Whether a rule with password sync applies on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordRule<'a> {
    /// This rule, the one with the lowest precedence number.
    Applies(&'a SyncRule),
    /// None does.
    None,
    /// What was read does not tell.
    Unknown(Why<'a>),
}

impl PasswordRule<'_> {
    /// Whether one applies.
    pub fn applies(self) -> Truth {
        match self {
            Self::Applies(_) => Truth::True,
            Self::None => Truth::False,
            Self::Unknown(_) => Truth::Unknown,
        }
    }
}

/// Why a rule did not apply.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleExplanation<'a> {
    /// The rule.
    pub rule: &'a SyncRule,
    /// What became of it.
    pub state: RuleState<'a>,
    /// The clauses that do not hold or are unknown; only for [`RuleState::OutOfScope`] and unknown scopes.
    pub clauses: Vec<ClauseReport<'a>>,
}

/// A user evaluated against the rules of one connector.
pub struct UserEvaluation<'a> {
    rules: &'a CompiledRules,
    source: SourceView<'a>,
    context: Context<'a>,
    inbound: Vec<(usize, RuleState<'a>)>,
    outbound: Vec<RuleState<'a>>,
    metaverse: Vec<Attribute<'a>>,
    winners: Vec<Option<(usize, usize)>>,
    metaverse_link: Link<'a>,
    entra_link: Link<'a>,
    errors: Vec<FlowError<'a>>,
}

impl CompiledRules {
    /// Evaluates one object. Never fails: what cannot be told is unknown with its reason.
    pub fn evaluate<'a>(
        &'a self,
        source: &'a dyn AttributeSource,
        context: &Context<'a>,
    ) -> UserEvaluation<'a> {
        let context = Context {
            text_equality: self.text_equality,
            ..*context
        };
        let mut evaluation = UserEvaluation {
            rules: self,
            source: SourceView {
                source,
                names: &self.source,
            },
            context,
            inbound: Vec::with_capacity(self.inbound.len()),
            outbound: Vec::new(),
            metaverse: vec![Attribute::Absent; self.metaverse.list.len()],
            winners: vec![None; self.metaverse.list.len()],
            metaverse_link: Link::None,
            entra_link: Link::None,
            errors: Vec::new(),
        };
        evaluation.run_inbound();
        if evaluation.metaverse_link != Link::None {
            evaluation.fill_metaverse();
        }
        evaluation.run_outbound();
        evaluation
    }
}

/// The link that rules in scope make: the first that provisions; else, when one may join, unknown.
fn link<'a>(rules: impl Iterator<Item = (&'a CompiledRule, RuleState<'a>)>) -> Link<'a> {
    let mut possible = None;
    for (rule, state) in rules {
        let provisions = rule.rule.link_type == LinkType::Provision;
        match state {
            RuleState::Applied if provisions => return Link::Provisioned(&rule.rule),
            RuleState::Applied if !rule.rule.join_filter.is_empty() => {
                possible = possible.or(Some(Why::JoinNotDecided));
            }
            RuleState::Unknown(why) if provisions || !rule.rule.join_filter.is_empty() => {
                possible = possible.or(Some(why));
            }
            _ => {}
        }
    }
    possible.map_or(Link::None, Link::Unknown)
}

/// What a rule's state becomes once the link is known.
fn linked<'a>(state: RuleState<'a>, link: Link<'a>) -> RuleState<'a> {
    match (state, link) {
        (RuleState::Applied | RuleState::Unknown(_), Link::None) => RuleState::NotLinked,
        (RuleState::Applied, Link::Unknown(why)) => RuleState::Unknown(why),
        (state, _) => state,
    }
}

impl<'a> UserEvaluation<'a> {
    fn run_inbound(&mut self) {
        let object_type = self.source.source.object_type();
        let of_type = object_type.map(|name| {
            self.rules
                .object_types
                .iter()
                .position(|known| known.eq_ignore_ascii_case(name))
        });
        for (index, rule) in self.rules.inbound.iter().enumerate() {
            if of_type.is_some_and(|of_type| of_type != Some(rule.object_type)) {
                continue;
            }
            let state = if rule.rule.disabled {
                RuleState::Disabled
            } else if of_type.is_none() {
                RuleState::Unknown(Why::ObjectTypeNotRead)
            } else {
                match rule.scope.judge(&self.source) {
                    Ok(true) => RuleState::Applied,
                    Ok(false) => RuleState::OutOfScope,
                    Err(why) => RuleState::Unknown(why),
                }
            };
            self.inbound.push((index, state));
        }
        let rules = self.rules;
        let link = link(
            self.inbound
                .iter()
                .map(|(index, state)| (&rules.inbound[*index], *state)),
        );
        self.metaverse_link = link;
        for (_, state) in &mut self.inbound {
            *state = linked(*state, link);
        }
    }

    fn fill_metaverse(&mut self) {
        let inbound = &self.inbound;
        let applies = |rule: usize| {
            let found = inbound.binary_search_by_key(&rule, |(index, _)| *index);
            found.map_or(Truth::False, |at| inbound[at].1.applies())
        };
        let settler = Settler {
            rules: self.rules,
            environment: &self.source,
            context: &self.context,
            applies: &applies,
        };
        for slot in 0..self.metaverse.len() {
            let settled = settler.settle(slot, &mut self.errors);
            self.metaverse[slot] = settled.attribute;
            self.winners[slot] = settled.winner;
        }
    }

    fn run_outbound(&mut self) {
        let view = MetaverseView {
            values: &self.metaverse,
        };
        let mut states = Vec::with_capacity(self.rules.outbound.len());
        for rule in &self.rules.outbound {
            states.push(if rule.rule.disabled {
                RuleState::Disabled
            } else if self.metaverse_link == Link::None {
                RuleState::NotLinked
            } else {
                match rule.scope.judge(&view) {
                    Ok(true) => RuleState::Applied,
                    Ok(false) => RuleState::OutOfScope,
                    Err(why) => RuleState::Unknown(self.reason(&rule.rule, why)),
                }
            });
        }
        if let Link::Unknown(why) = self.metaverse_link {
            for state in &mut states {
                if *state == RuleState::Applied {
                    *state = RuleState::Unknown(why);
                }
            }
        }
        let link = link(self.rules.outbound.iter().zip(states.iter().copied()));
        for state in &mut states {
            *state = linked(*state, link);
        }
        self.entra_link = link;
        self.outbound = states;
        if !matches!(link, Link::None) {
            self.run_outbound_flows();
        }
    }

    /// Outbound flows are there only in the full extent; they are run for their errors.
    fn run_outbound_flows(&mut self) {
        let mut errors = Vec::new();
        let view = MetaverseView {
            values: &self.metaverse,
        };
        for (rule, state) in self.rules.outbound.iter().zip(&self.outbound) {
            for flow in rule.flows.iter().filter(|_| *state == RuleState::Applied) {
                if let Given::Failed(error) = give(flow, &view, &self.context) {
                    let expression = flow_text(flow);
                    errors.push(FlowError {
                        rule: &rule.rule,
                        destination: &flow.name,
                        expression,
                        error,
                    });
                }
            }
        }
        self.errors.extend(errors);
    }

    /// The reason an outbound scope is unknown, in terms of the rules: that of the metaverse attribute behind it.
    fn reason(&self, rule: &'a SyncRule, why: Why<'_>) -> Why<'a> {
        let subject = why.subject().unwrap_or_default();
        let clause = rule
            .scope_filter
            .iter()
            .flat_map(|group| &group.clauses)
            .find(|clause| match why {
                Why::UnknownOperator(word) => clause.operator.as_str() == word,
                Why::UnusableValue(value) => {
                    clause.value == value || clause.attribute.eq_ignore_ascii_case(value)
                }
                _ => clause.attribute.trim().eq_ignore_ascii_case(subject),
            });
        let Some(clause) = clause else {
            return Why::Undocumented("group membership of a metaverse object");
        };
        match why {
            Why::UnknownOperator(_) => Why::UnknownOperator(clause.operator.as_str()),
            Why::UnusableValue(_) => Why::UnusableValue(&clause.value),
            _ => match self.metaverse(clause.attribute.trim()) {
                Some(Attribute::Unknown(why)) => *why,
                _ => Why::MetaverseAttribute(&clause.attribute),
            },
        }
    }

    /// Inbound rules for the object's type with what became of each, lowest precedence number first.
    pub fn inbound(&self) -> impl Iterator<Item = (&'a SyncRule, RuleState<'a>)> {
        self.inbound
            .iter()
            .map(|(index, state)| (&self.rules.inbound[*index].rule, *state))
    }

    /// Outbound rules with what became of each, lowest precedence number first.
    pub fn outbound(&self) -> impl Iterator<Item = (&'a SyncRule, RuleState<'a>)> {
        self.rules
            .outbound
            .iter()
            .map(|rule| &rule.rule)
            .zip(self.outbound.iter().copied())
    }

    /// Whether any inbound rule is for the object's type. No: objects of this type do not synchronize at all.
    pub fn has_rules_for_type(&self) -> bool {
        !self.inbound.is_empty()
    }

    /// Whether the object has a metaverse object.
    pub fn metaverse_link(&self) -> Link<'a> {
        self.metaverse_link
    }

    /// Whether the metaverse object has an object in the Entra connector space.
    pub fn entra_link(&self) -> Link<'a> {
        self.entra_link
    }

    /// The inbound rule that carries the password hash. A consequence of [`Self::metaverse_link`] when there is none.
    pub fn password_inbound(&self) -> PasswordRule<'a> {
        password(self.inbound())
    }

    /// The outbound rule that carries the password hash.
    pub fn password_outbound(&self) -> PasswordRule<'a> {
        password(self.outbound())
    }

    /// Flows that fail on this object.
    pub fn errors(&self) -> &[FlowError<'a>] {
        &self.errors
    }

    /// A metaverse attribute by name; none when no evaluated rule knows it.
    pub fn metaverse(&self, name: &str) -> Option<&Attribute<'a>> {
        self.metaverse.get(self.rules.metaverse.find(name)?)
    }

    /// Metaverse attributes with their names.
    pub fn metaverse_attributes(&self) -> impl Iterator<Item = (&'a str, &Attribute<'a>)> {
        self.rules
            .metaverse
            .list
            .iter()
            .map(String::as_str)
            .zip(&self.metaverse)
    }

    /// Why a metaverse attribute has its value; none when it is absent or unknown.
    pub fn explain_attribute(&self, name: &str) -> Option<FlowExplanation<'a>> {
        let winner = (*self.winners.get(self.rules.metaverse.find(name)?)?)?;
        explain(self.rules, winner, &self.source, &self.context)
    }

    /// Why a rule did not apply. `rule` is one of those [`Self::inbound`] or [`Self::outbound`] gives.
    pub fn explain_rule(&self, rule: &SyncRule) -> Option<RuleExplanation<'_>> {
        let same = |candidate: &CompiledRule| candidate.rule.identifier == rule.identifier;
        if rule.direction == Direction::Inbound {
            let (index, state) = self
                .inbound
                .iter()
                .find(|(index, _)| same(&self.rules.inbound[*index]))?;
            let compiled = &self.rules.inbound[*index];
            return Some(explanation(compiled, *state, &self.source));
        }
        let (compiled, state) = self
            .rules
            .outbound
            .iter()
            .zip(&self.outbound)
            .find(|(rule, _)| same(rule))?;
        Some(explanation(
            compiled,
            *state,
            &MetaverseView {
                values: &self.metaverse,
            },
        ))
    }

    /// A connector-space attribute as the rules see it: for evidence rows.
    pub fn source_attribute(&self, name: &'a str) -> Result<super::Value<'a>, Why<'a>> {
        match self.rules.source.find(name) {
            Some(slot) => self.source.attribute(slot, name),
            None => Err(Why::AttributeNotRead(name)),
        }
    }
}

fn explanation<'v>(
    rule: &'v CompiledRule,
    state: RuleState<'v>,
    environment: &dyn Environment<'v>,
) -> RuleExplanation<'v> {
    let clauses = match state {
        RuleState::OutOfScope | RuleState::Unknown(_) => rule.scope.explain(environment),
        _ => Vec::new(),
    };
    RuleExplanation {
        rule: &rule.rule,
        state,
        clauses,
    }
}

/// Any rule with password sync that applies is enough; a rule without it takes nothing away.
fn password<'a>(rules: impl Iterator<Item = (&'a SyncRule, RuleState<'a>)>) -> PasswordRule<'a> {
    let mut unknown = None;
    for (rule, state) in rules {
        match (rule.enable_password_sync, state) {
            (Some(true), RuleState::Applied) => return PasswordRule::Applies(rule),
            (None, RuleState::Applied) => unknown = unknown.or(Some(Why::PasswordSyncNotStated)),
            (Some(true) | None, RuleState::Unknown(why)) => unknown = unknown.or(Some(why)),
            _ => {}
        }
    }
    unknown.map_or(PasswordRule::None, PasswordRule::Unknown)
}
