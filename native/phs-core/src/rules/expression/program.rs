//! An expression made ready to run: names resolved once, so that a run looks nothing up.

use super::ast::{ArithmeticOperator, ComparisonOperator, Expr, ExprKind, LogicalOperator, Span};
use super::functions::{Function, lookup};
use super::parser::{ParseError, parse};
use super::value::Value;

/// Gives attributes their slots while a program is made.
pub trait Resolver {
    /// The slot of an attribute, made on first use.
    fn slot(&mut self, name: &str) -> usize;
}

/// An expression ready to run.
#[derive(Debug, Clone)]
pub struct Program {
    text: String,
    pub(super) root: Node,
    pub(super) variables: usize,
}

impl Program {
    /// Parses and resolves an expression.
    pub fn new(text: &str, resolver: &mut dyn Resolver) -> Result<Self, ParseError> {
        let expr = parse(text)?;
        let mut builder = Builder {
            resolver,
            scope: Vec::new(),
            variables: 0,
        };
        let root = builder.node(expr);
        Ok(Self {
            text: text.to_owned(),
            root,
            variables: builder.variables,
        })
    }

    /// The expression as it was written. Spans refer to it.
    pub fn text(&self) -> &str {
        &self.text
    }
}

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    pub(super) span: Span,
}

#[derive(Debug, Clone)]
pub(super) enum NodeKind {
    Constant(Value<'static>),
    /// `[attribute]`, or `ImportedValue("attribute")`: the value as last imported is the value that was read.
    Attribute {
        slot: usize,
        name: String,
    },
    Parameter(String),
    Variable(usize),
    UndeclaredVariable(String),
    Word(String),
    Call {
        function: &'static Function,
        arguments: Vec<Node>,
    },
    UnknownCall {
        name: String,
    },
    /// `Select`, `Where`, `With`: a variable's place, what it stands for, and the body.
    Binding {
        form: BindingForm,
        variable: usize,
        subject: Box<Node>,
        body: Box<Node>,
    },
    /// `ValueCount("attribute")`.
    ValueCount {
        slot: usize,
        name: String,
    },
    Negate(Box<Node>),
    Arithmetic(Box<Node>, Vec<(ArithmeticOperator, Node)>),
    Comparison(Box<Node>, Vec<(ComparisonOperator, Node)>),
    Logical(Box<Node>, Vec<(LogicalOperator, Node)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BindingForm {
    Select,
    Where,
    With,
}

struct Builder<'r> {
    resolver: &'r mut dyn Resolver,
    /// Declared variables, innermost last.
    scope: Vec<(String, usize)>,
    variables: usize,
}

impl Builder<'_> {
    fn node(&mut self, expr: Expr) -> Node {
        let span = expr.span;
        let kind = match expr.kind {
            ExprKind::Null => NodeKind::Constant(Value::Null),
            ExprKind::Bool(value) => NodeKind::Constant(Value::Bool(value)),
            ExprKind::Number { value, .. } => NodeKind::Constant(Value::Number(value)),
            ExprKind::Text(text) => NodeKind::Constant(Value::owned(text)),
            ExprKind::Crlf => NodeKind::Constant(Value::text("\r\n")),
            ExprKind::IgnoreThisFlow => NodeKind::Constant(Value::IgnoreThisFlow),
            ExprKind::AuthoritativeNull => NodeKind::Constant(Value::AuthoritativeNull),
            ExprKind::Attribute(name) => NodeKind::Attribute {
                slot: self.resolver.slot(&name),
                name,
            },
            ExprKind::Parameter(name) => NodeKind::Parameter(name),
            ExprKind::Variable(name) => self.variable(name),
            ExprKind::Word(word) => NodeKind::Word(word),
            // The tree already says what belongs together, but the bracket belongs to the text that is quoted.
            ExprKind::Group(inner) => {
                return Node {
                    span,
                    ..self.node(*inner)
                };
            }
            ExprKind::Negate(inner) => NodeKind::Negate(Box::new(self.node(*inner))),
            ExprKind::Call { name, arguments } => self.call(name, arguments),
            ExprKind::Arithmetic(first, rest) => {
                NodeKind::Arithmetic(Box::new(self.node(*first)), self.rest(rest))
            }
            ExprKind::Comparison(first, rest) => {
                NodeKind::Comparison(Box::new(self.node(*first)), self.rest(rest))
            }
            ExprKind::Logical(first, rest) => {
                NodeKind::Logical(Box::new(self.node(*first)), self.rest(rest))
            }
        };
        Node { kind, span }
    }

    fn rest<O>(&mut self, rest: Vec<(O, Expr)>) -> Vec<(O, Node)> {
        rest.into_iter()
            .map(|(operator, operand)| (operator, self.node(operand)))
            .collect()
    }

    fn variable(&self, name: String) -> NodeKind {
        match self
            .scope
            .iter()
            .rev()
            .find(|(declared, _)| declared.eq_ignore_ascii_case(&name))
        {
            Some((_, index)) => NodeKind::Variable(*index),
            None => NodeKind::UndeclaredVariable(name),
        }
    }

    fn call(&mut self, name: String, mut arguments: Vec<Expr>) -> NodeKind {
        let form = [
            ("Select", BindingForm::Select),
            ("Where", BindingForm::Where),
            ("With", BindingForm::With),
        ]
        .into_iter()
        .find(|(form, _)| form.eq_ignore_ascii_case(&name));
        if let (Some((_, form)), 3) = (form, arguments.len())
            && let ExprKind::Variable(variable) = &arguments[0].kind
        {
            let variable = variable.clone();
            let body = arguments.pop();
            let subject = arguments.pop();
            if let (Some(subject), Some(body)) = (subject, body) {
                return self.binding(form, variable, subject, body);
            }
        }
        if let [
            Expr {
                kind: ExprKind::Text(attribute),
                ..
            },
        ] = arguments.as_slice()
        {
            if name.eq_ignore_ascii_case("ImportedValue") {
                return NodeKind::Attribute {
                    slot: self.resolver.slot(attribute),
                    name: attribute.clone(),
                };
            }
            if name.eq_ignore_ascii_case("ValueCount") {
                return NodeKind::ValueCount {
                    slot: self.resolver.slot(attribute),
                    name: attribute.clone(),
                };
            }
        }
        match lookup(&name) {
            Some(function) => {
                let arguments = arguments
                    .into_iter()
                    .map(|argument| self.node(argument))
                    .collect();
                NodeKind::Call {
                    function,
                    arguments,
                }
            }
            None => NodeKind::UnknownCall { name },
        }
    }

    fn binding(&mut self, form: BindingForm, name: String, subject: Expr, body: Expr) -> NodeKind {
        let subject = Box::new(self.node(subject));
        let variable = self.variables;
        self.variables += 1;
        self.scope.push((name, variable));
        let body = Box::new(self.node(body));
        self.scope.pop();
        NodeKind::Binding {
            form,
            variable,
            subject,
            body,
        }
    }
}
