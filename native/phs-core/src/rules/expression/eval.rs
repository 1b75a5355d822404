//! The evaluator.

use jiff::civil::DateTime;

use super::ast::{LogicalOperator, Span};
use super::error::{EvalErrorKind, Stop, Why};
use super::functions::{Args, Call, Function, Kind};
use super::operators::{arithmetic, compare, logical, negate, truth};
use super::program::{BindingForm, Node, NodeKind, Program};
use super::value::Value;

/// Work one run may do: nodes visited, and built text in units of 16 bytes. Far above any real rule.
const FUEL: usize = 1_000_000;

/// Largest text or list of octets that one run may build, in bytes.
pub(super) const MAX_BYTES: usize = 1 << 20;

/// Result of evaluating a node.
pub(super) type Outcome<'a> = Result<Value<'a>, Stop<'a>>;

/// Whether `=` minds the case of text. No document says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextEquality {
    /// Texts that differ in case only give an unknown answer.
    #[default]
    Undecided,
    /// Case matters.
    Exact,
    /// Case does not matter.
    IgnoreCase,
}

/// What an expression may use besides attributes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// Values of `%Parameters%` by name; names are compared without case.
    pub parameters: &'a [(String, String)],
    /// The time `Now()` gives, UTC; without it `Now()` is unknown.
    pub now: Option<DateTime>,
    /// Whether `=` minds the case of text.
    pub text_equality: TextEquality,
}

/// Gives attributes their values.
pub trait Environment<'a> {
    /// Value of an attribute: null when the object has none, unknown when it was not read.
    fn attribute(&self, slot: usize, name: &'a str) -> Result<Value<'a>, Why<'a>>;
}

impl Program {
    /// Evaluates the expression for one object.
    pub fn run<'a>(
        &'a self,
        environment: &dyn Environment<'a>,
        context: &Context<'a>,
    ) -> Outcome<'a> {
        Run::new(environment, context, self.variables).eval(&self.root)
    }
}

pub(super) struct Run<'e, 'a> {
    environment: &'e dyn Environment<'a>,
    context: &'e Context<'a>,
    variables: Vec<Value<'a>>,
    fuel: usize,
}

impl<'e, 'a> Run<'e, 'a> {
    pub(super) fn new(
        environment: &'e dyn Environment<'a>,
        context: &'e Context<'a>,
        variables: usize,
    ) -> Self {
        Self {
            environment,
            context,
            variables: vec![Value::Null; variables],
            fuel: FUEL,
        }
    }

    fn charge(&mut self, amount: usize) -> Result<(), Stop<'a>> {
        match self.fuel.checked_sub(amount) {
            Some(left) => {
                self.fuel = left;
                Ok(())
            }
            None => Err(Why::TooMuchWork.into()),
        }
    }

    pub(super) fn eval(&mut self, node: &'a Node) -> Outcome<'a> {
        self.charge(1)?;
        match &node.kind {
            NodeKind::Constant(value) => Ok(borrowed(value)),
            NodeKind::Attribute { slot, name } => Ok(self.environment.attribute(*slot, name)?),
            NodeKind::Parameter(name) => self.parameter(name),
            NodeKind::Variable(index) => {
                let value = self.variables.get(*index).cloned().unwrap_or(Value::Null);
                self.charge(value.weight() / 16)?;
                Ok(value)
            }
            NodeKind::UndeclaredVariable(name) => Err(Stop::error(
                EvalErrorKind::Variable(name.clone()),
                node.span,
                "$",
            )),
            NodeKind::Word(word) => Err(Stop::error(
                EvalErrorKind::Constant(word.clone()),
                node.span,
                "",
            )),
            NodeKind::UnknownCall { name } => Err(Why::UnknownFunction(name).into()),
            NodeKind::Call {
                function,
                arguments,
            } => self.call(function, arguments, node.span),
            NodeKind::Binding {
                form,
                variable,
                subject,
                body,
            } => self.binding(*form, *variable, subject, body),
            NodeKind::ValueCount { slot, name } => {
                let count = self.environment.attribute(*slot, name)?.items().len();
                Ok(Value::Number(i64::try_from(count).unwrap_or(i64::MAX)))
            }
            NodeKind::Negate(inner) => {
                let value = self.eval(inner)?;
                negate(value, node.span)
            }
            NodeKind::Arithmetic(first, rest) => {
                let mut value = self.eval(first)?;
                for (operator, operand) in rest {
                    let right = self.eval(operand)?;
                    value = arithmetic(*operator, value, right, node.span)?;
                    self.charge(value.weight() / 16)?;
                }
                Ok(value)
            }
            NodeKind::Comparison(first, rest) => {
                let mut value = self.eval(first)?;
                for (operator, operand) in rest {
                    let right = self.eval(operand)?;
                    value = compare(
                        *operator,
                        value,
                        right,
                        self.context.text_equality,
                        node.span,
                    )?;
                }
                Ok(value)
            }
            NodeKind::Logical(first, rest) => self.logical(first, rest, node.span),
        }
    }

    fn parameter(&self, name: &'a str) -> Outcome<'a> {
        let found = self
            .context
            .parameters
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        match found {
            Some((_, value)) => Ok(Value::text(value)),
            None => Err(Why::UnknownParameter(name).into()),
        }
    }

    /// A chain of `&&` and `||`: stops as soon as the value so far decides, lets an unknown operand be outvoted.
    #[inline(never)]
    fn logical(
        &mut self,
        first: &'a Node,
        rest: &'a [(LogicalOperator, Node)],
        span: Span,
    ) -> Outcome<'a> {
        let mut sum = unknown_or(self.eval(first))?;
        for (operator, operand) in rest {
            let deciding = *operator == LogicalOperator::Or;
            if let Ok(value) = &sum
                && !matches!(value, Value::Multi(_))
                && truth(value, span)? == deciding
            {
                sum = Ok(Value::Bool(deciding));
                continue;
            }
            let right = match (self.eval(operand), &sum) {
                // Had the left side been known, the right one might never have been looked at.
                (Err(Stop::Error(_)), Err(why)) => Err(*why),
                (result, _) => unknown_or(result)?,
            };
            sum = match (sum, right) {
                (Ok(left), Ok(right)) => Ok(logical(*operator, left, right, span)?),
                (Ok(known), Err(why)) | (Err(why), Ok(known)) => {
                    if !matches!(known, Value::Multi(_)) && truth(&known, span)? == deciding {
                        Ok(Value::Bool(deciding))
                    } else {
                        Err(why)
                    }
                }
                (Err(why), Err(_)) => Err(why),
            };
        }
        match sum {
            Ok(value @ Value::Multi(_)) => Ok(value),
            Ok(value) => Ok(Value::Bool(truth(&value, span)?)),
            Err(why) => Err(why.into()),
        }
    }

    #[inline(never)]
    fn binding(
        &mut self,
        form: BindingForm,
        variable: usize,
        subject: &'a Node,
        body: &'a Node,
    ) -> Outcome<'a> {
        let subject = self.eval(subject)?;
        if form == BindingForm::With {
            self.set(variable, subject);
            return self.eval(body);
        }
        let mut kept = Vec::new();
        for item in subject.into_items() {
            self.set(variable, item.clone());
            let value = self.eval(body)?;
            if form == BindingForm::Select {
                kept.extend(value.into_items());
            } else if truth(&value, body.span)? {
                kept.push(item);
            }
        }
        Ok(Value::gather(kept))
    }

    fn set(&mut self, variable: usize, value: Value<'a>) {
        if let Some(place) = self.variables.get_mut(variable) {
            *place = value;
        }
    }

    #[inline(never)]
    fn call(
        &mut self,
        function: &'static Function,
        arguments: &'a [Node],
        span: Span,
    ) -> Outcome<'a> {
        if arguments.len() < function.min || arguments.len() > function.max {
            return Err(Stop::error(
                EvalErrorKind::ArgumentCount(arguments.len()),
                span,
                function.name,
            ));
        }
        match function.kind {
            Kind::Iif => self.iif(arguments, span),
            Kind::Switch => self.switch(arguments, span),
            Kind::Plain {
                broadcast,
                words,
                run,
            } => {
                let mut args = Args::default();
                for (index, argument) in arguments.iter().enumerate() {
                    let value = match &argument.kind {
                        NodeKind::Word(word) if words & (1 << index) != 0 => Value::text(word),
                        _ => self.eval(argument)?,
                    };
                    args.push(value);
                }
                let call = Call {
                    span,
                    name: function.name,
                    now: self.context.now,
                };
                self.apply(broadcast, run, &call, &mut args)
            }
        }
    }

    /// Calls a function, over every value where a single-valued argument is multi-valued.
    #[inline(never)]
    fn apply(
        &mut self,
        broadcast: u8,
        run: super::functions::Plain,
        call: &Call,
        args: &mut Args<'a>,
    ) -> Outcome<'a> {
        let mut count = None;
        for (index, value) in args.iter().enumerate() {
            if broadcast & (1 << index) == 0 {
                continue;
            }
            if let Value::Multi(values) = value {
                match count {
                    Some(other) if other != values.len() => {
                        return Err(call.error(EvalErrorKind::Lengths(other, values.len())));
                    }
                    _ => count = Some(values.len()),
                }
            }
        }
        let Some(count) = count else {
            let value = run(call, args)?;
            self.charge(value.weight() / 16)?;
            return Ok(value);
        };
        let mut results = Vec::with_capacity(count);
        for position in 0..count {
            let value = run(call, &mut args.at(position, broadcast))?;
            self.charge(1 + value.weight() / 16)?;
            results.push(value);
        }
        Ok(Value::Multi(results))
    }

    fn iif(&mut self, arguments: &'a [Node], span: Span) -> Outcome<'a> {
        let [condition, yes, no] = arguments else {
            return Err(Stop::error(
                EvalErrorKind::ArgumentCount(arguments.len()),
                span,
                "IIF",
            ));
        };
        match self.eval(condition) {
            Ok(Value::Multi(conditions)) => self.iif_each(&conditions, yes, no, span),
            Ok(value) if truth(&value, condition.span)? => self.eval(yes),
            Ok(_) => self.eval(no),
            Err(Stop::Unknown(why)) => match (self.eval(yes), self.eval(no)) {
                (Ok(yes), Ok(no)) if yes == no => Ok(yes),
                _ => Err(why.into()),
            },
            Err(error) => Err(error),
        }
    }

    /// `IIF` over a multi-valued condition: each value takes its own branch, nulls are left out.
    fn iif_each(
        &mut self,
        conditions: &[Value<'a>],
        yes: &'a Node,
        no: &'a Node,
        span: Span,
    ) -> Outcome<'a> {
        let mut decided = Vec::with_capacity(conditions.len());
        for condition in conditions {
            decided.push(truth(condition, span)?);
        }
        let yes = if decided.contains(&true) {
            self.eval(yes)?
        } else {
            Value::Null
        };
        let no = if decided.contains(&false) {
            self.eval(no)?
        } else {
            Value::Null
        };
        for branch in [&yes, &no] {
            if let Value::Multi(values) = branch
                && values.len() != decided.len()
            {
                return Err(Stop::error(
                    EvalErrorKind::Lengths(decided.len(), values.len()),
                    span,
                    "IIF",
                ));
            }
        }
        let mut kept = Vec::with_capacity(decided.len());
        for (position, yes_here) in decided.into_iter().enumerate() {
            let branch = if yes_here { &yes } else { &no };
            let value = match branch {
                Value::Multi(values) => values.get(position).cloned().unwrap_or(Value::Null),
                one => one.clone(),
            };
            self.charge(1 + value.weight() / 16)?;
            kept.push(value);
        }
        Ok(Value::gather(kept))
    }

    fn switch(&mut self, arguments: &'a [Node], span: Span) -> Outcome<'a> {
        let (pairs, []) = arguments.as_chunks::<2>() else {
            return Err(Stop::error(
                EvalErrorKind::ArgumentCount(arguments.len()),
                span,
                "Switch",
            ));
        };
        for [condition, value] in pairs {
            let decided = self.eval(condition)?;
            if truth(&decided, condition.span)? {
                return self.eval(value);
            }
        }
        Ok(Value::Null)
    }
}

/// Takes an unknown answer out of the way of an error.
fn unknown_or(outcome: Outcome<'_>) -> Result<Result<Value<'_>, Why<'_>>, Stop<'_>> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(Stop::Unknown(why)) => Ok(Err(why)),
        Err(error) => Err(error),
    }
}

/// A constant of the program without copying its text.
fn borrowed<'a>(value: &'a Value<'static>) -> Value<'a> {
    match value {
        Value::Text(text) => Value::text(text),
        other => other.clone(),
    }
}
