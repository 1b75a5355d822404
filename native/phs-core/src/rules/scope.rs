//! Scope filters: groups are alternatives, the clauses of a group must all hold.
//!
//! Three-valued: a clause on an attribute that was not read is unknown, and an unknown clause decides nothing that
//! another clause or group decides anyway. Negative operators are the negation of their positive ones, so they hold for
//! an absent attribute (trap: `cloudFiltered NOTEQUAL True` must hold for an object without `cloudFiltered`).

use std::cmp::Ordering;

use serde::Serialize;

use super::expression::{Environment, Resolver, Value, Why};
use super::model::{ScopeClause, ScopeGroup, ScopeOperator};
use crate::casefold;
use crate::dn::Dn;

/// True, false, or not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// What was read does not tell.
    Unknown,
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

/// A scope filter made ready to run.
#[derive(Debug, Clone)]
pub struct Scope {
    groups: Vec<Vec<Clause>>,
}

/// One clause made ready to run.
#[derive(Debug, Clone)]
struct Clause {
    slot: usize,
    /// Attribute as written, or `memberOf` for the group operators.
    attribute: String,
    negated: bool,
    test: Test,
}

#[derive(Debug, Clone)]
enum Test {
    Equal(Operand),
    Order(Operand, fn(Ordering) -> bool),
    Contains(Operand),
    StartsWith(Operand),
    EndsWith(Operand),
    Null,
    In(Vec<Operand>),
    Bits(i64),
    MemberOf(Dn),
    UnknownOperator(String),
    UnusableValue(String),
}

/// The value of a clause in every form it may be compared in, made once.
#[derive(Debug, Clone)]
struct Operand {
    folded: String,
    number: Option<i64>,
    boolean: Option<bool>,
    name: Option<Dn>,
}

impl Operand {
    fn new(text: &str) -> Self {
        let value = Value::text(text.trim());
        Self {
            folded: casefold::folded(text),
            number: value.as_number(),
            boolean: value.as_bool(),
            name: Dn::parse(text).ok().filter(|name| !name.is_empty()),
        }
    }
}

/// One clause, as it was judged for one object.
#[derive(Debug, Clone, PartialEq)]
pub struct ClauseReport<'a> {
    /// Group, from 1.
    pub group: usize,
    /// Clause in its group, from 1.
    pub clause: usize,
    /// Attribute that was looked at.
    pub attribute: &'a str,
    /// Whether it holds.
    pub truth: Truth,
    /// What the object has: its value, or why that is unknown.
    pub found: Result<Value<'a>, Why<'a>>,
}

impl Scope {
    /// Makes a scope filter ready. Attributes get their slots from `resolver`.
    pub fn new(groups: &[ScopeGroup], resolver: &mut dyn Resolver) -> Self {
        let groups = groups
            .iter()
            .map(|group| {
                group
                    .clauses
                    .iter()
                    .map(|c| Clause::new(c, resolver))
                    .collect()
            })
            .collect();
        Self { groups }
    }

    /// Whether the object is in scope. An empty filter holds for every object.
    pub fn decide<'a>(&'a self, environment: &dyn Environment<'a>) -> Truth {
        match self.judge(environment) {
            Ok(holds) => holds.into(),
            Err(_) => Truth::Unknown,
        }
    }

    /// As [`Self::decide`], with the first reason when unknown.
    pub fn judge<'a>(&'a self, environment: &dyn Environment<'a>) -> Result<bool, Why<'a>> {
        if self.groups.is_empty() {
            return Ok(true);
        }
        let mut unknown = None;
        for group in &self.groups {
            match Self::group(group, environment) {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(why) => unknown = unknown.or(Some(why)),
            }
        }
        unknown.map_or(Ok(false), Err)
    }

    fn group<'a>(
        clauses: &'a [Clause],
        environment: &dyn Environment<'a>,
    ) -> Result<bool, Why<'a>> {
        let mut unknown = None;
        for clause in clauses {
            match clause.holds(environment) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(why) => unknown = unknown.or(Some(why)),
            }
        }
        unknown.map_or(Ok(true), Err)
    }

    /// Every clause that does not hold, group by group: what would have to change, in one of the groups, for the object
    /// to come into scope.
    pub fn explain<'a>(&'a self, environment: &dyn Environment<'a>) -> Vec<ClauseReport<'a>> {
        let mut reports = Vec::new();
        for (group, clauses) in self.groups.iter().enumerate() {
            for (index, clause) in clauses.iter().enumerate() {
                let truth = clause
                    .holds(environment)
                    .map_or(Truth::Unknown, Truth::from);
                if truth != Truth::True {
                    let found = environment.attribute(clause.slot, &clause.attribute);
                    let attribute = clause.attribute.as_str();
                    reports.push(ClauseReport {
                        group: group + 1,
                        clause: index + 1,
                        attribute,
                        truth,
                        found,
                    });
                }
            }
        }
        reports
    }

    /// Slots of the attributes the filter looks at.
    pub(crate) fn slots(&self) -> impl Iterator<Item = usize> {
        self.groups.iter().flatten().map(|clause| clause.slot)
    }
}

impl Clause {
    fn new(clause: &ScopeClause, resolver: &mut dyn Resolver) -> Self {
        use ScopeOperator as Op;
        let operand = || Operand::new(&clause.value);
        let (negated, test) = match &clause.operator {
            Op::Equal => (false, Test::Equal(operand())),
            Op::NotEqual => (true, Test::Equal(operand())),
            Op::LessThan => (false, Test::Order(operand(), Ordering::is_lt)),
            Op::LessThanOrEqual => (false, Test::Order(operand(), Ordering::is_le)),
            Op::GreaterThan => (false, Test::Order(operand(), Ordering::is_gt)),
            Op::GreaterThanOrEqual => (false, Test::Order(operand(), Ordering::is_ge)),
            Op::Contains => (false, Test::Contains(operand())),
            Op::NotContains => (true, Test::Contains(operand())),
            Op::StartsWith => (false, Test::StartsWith(operand())),
            Op::NotStartsWith => (true, Test::StartsWith(operand())),
            Op::EndsWith => (false, Test::EndsWith(operand())),
            Op::NotEndsWith => (true, Test::EndsWith(operand())),
            Op::IsNull => (false, Test::Null),
            Op::IsNotNull => (true, Test::Null),
            Op::IsIn => (false, list(&clause.value)),
            Op::IsNotIn => (true, list(&clause.value)),
            Op::IsBitSet => (false, bits(&clause.value)),
            Op::IsBitNotSet => (true, bits(&clause.value)),
            Op::IsMemberOf => (false, member_of(&clause.value)),
            Op::IsNotMemberOf => (true, member_of(&clause.value)),
            Op::Other(word) => (false, Test::UnknownOperator(word.clone())),
        };
        let attribute = if matches!(test, Test::MemberOf(_)) {
            "memberOf"
        } else {
            clause.attribute.trim()
        };
        Self {
            slot: resolver.slot(attribute),
            attribute: attribute.to_owned(),
            negated,
            test,
        }
    }

    fn holds<'a>(&'a self, environment: &dyn Environment<'a>) -> Result<bool, Why<'a>> {
        match &self.test {
            Test::UnknownOperator(word) => return Err(Why::UnknownOperator(word)),
            Test::UnusableValue(value) => return Err(Why::UnusableValue(value)),
            _ => {}
        }
        let value = environment.attribute(self.slot, &self.attribute)?;
        let positive = match &self.test {
            Test::Null => value.is_empty(),
            test => {
                let mut any = false;
                for item in value.items() {
                    any = any || test.one(item, &self.attribute)?;
                }
                any
            }
        };
        Ok(positive != self.negated)
    }
}

fn list(value: &str) -> Test {
    Test::In(
        value
            .split(';')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(Operand::new)
            .collect(),
    )
}

fn bits(value: &str) -> Test {
    match Value::text(value).as_number() {
        Some(mask) => Test::Bits(mask),
        None => Test::UnusableValue(value.to_owned()),
    }
}

fn member_of(value: &str) -> Test {
    match Dn::parse(value) {
        Ok(name) if !name.is_empty() => Test::MemberOf(name),
        _ => Test::UnusableValue(value.to_owned()),
    }
}

impl Test {
    /// Whether the positive test holds for one value.
    fn one<'a>(&self, value: &Value<'_>, attribute: &'a str) -> Result<bool, Why<'a>> {
        Ok(match self {
            Self::Equal(operand) => equal(value, operand),
            Self::In(operands) => operands.iter().any(|operand| equal(value, operand)),
            Self::Order(operand, accepts) => accepts(order(value, operand)),
            Self::Contains(operand) => match value {
                Value::Text(text) | Value::Reference(text) => {
                    casefold::folded(text).contains(&operand.folded)
                }
                other => casefold::folded(&other.to_string()).contains(&operand.folded),
            },
            Self::StartsWith(operand) => match value {
                Value::Text(text) | Value::Reference(text) => {
                    casefold::starts_with_folded(text, &operand.folded)
                }
                other => casefold::starts_with_folded(&other.to_string(), &operand.folded),
            },
            Self::EndsWith(operand) => match value {
                Value::Text(text) | Value::Reference(text) => {
                    casefold::ends_with_folded(text, &operand.folded)
                }
                other => casefold::ends_with_folded(&other.to_string(), &operand.folded),
            },
            Self::Bits(mask) => match value.as_number() {
                Some(number) => number & mask == *mask,
                None => return Err(Why::UnusableValue(attribute)),
            },
            Self::MemberOf(group) => value
                .as_str()
                .and_then(|text| Dn::parse(text).ok())
                .is_some_and(|name| name == *group),
            Self::Null => value.is_empty(),
            Self::UnknownOperator(_) | Self::UnusableValue(_) => {
                return Err(Why::UnusableValue(attribute));
            }
        })
    }
}

fn equal(value: &Value<'_>, operand: &Operand) -> bool {
    match value {
        Value::Number(number) => operand.number == Some(*number),
        Value::Bool(boolean) => operand.boolean == Some(*boolean),
        Value::Text(text) => same_text(text, &operand.folded),
        Value::Reference(text) => match (&operand.name, Dn::parse(text)) {
            (Some(wanted), Ok(name)) => *wanted == name,
            _ => same_text(text, &operand.folded),
        },
        Value::Binary(octets) => binary_forms(octets)
            .iter()
            .any(|form| same_text(form, &operand.folded)),
        other => same_text(&other.to_string(), &operand.folded),
    }
}

/// `folded` is already folded.
fn same_text(text: &str, folded: &str) -> bool {
    if text.is_ascii() {
        return text.len() == folded.len()
            && text
                .bytes()
                .zip(folded.bytes())
                .all(|(a, b)| a.to_ascii_lowercase() == b);
    }
    text.chars().map(casefold::fold).eq(folded.chars())
}

/// Octets as a filter may write them: hexadecimal, base64, GUID with and without braces.
fn binary_forms(octets: &[u8]) -> Vec<String> {
    let mut forms = vec![
        Value::Binary(octets.into()).to_string(),
        super::anchor::base64(octets),
    ];
    if let Ok(octets) = <[u8; 16]>::try_from(octets) {
        let guid = uuid::Uuid::from_bytes_le(octets).to_string();
        forms.push(format!("{{{guid}}}"));
        forms.push(guid);
    }
    forms
}

/// Numbers by size, everything else as text without case.
fn order(value: &Value<'_>, operand: &Operand) -> Ordering {
    match (value.as_number(), operand.number) {
        (Some(number), Some(wanted)) => number.cmp(&wanted),
        _ => casefold::cmp(&value.to_string(), &operand.folded),
    }
}
