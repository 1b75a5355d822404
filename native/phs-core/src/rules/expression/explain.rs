//! Which part of an expression decided.

use super::ast::{LogicalOperator, Span};
use super::error::Stop;
use super::eval::{Context, Environment, Run};
use super::operators::truth;
use super::program::{Node, NodeKind, Program};
use super::value::Value;

/// The part of an expression that made a condition hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decisive<'a> {
    /// Where it stands in the expression.
    pub span: Span,
    /// Its text as written.
    pub text: &'a str,
    /// The attributes it reads with their values, in order of appearance, each once.
    pub attributes: Vec<(&'a str, Value<'a>)>,
}

/// The smallest part of the expression whose truth made the result what it is: for `IIF(a || b && c, x, y)` with `a`
/// False and `b`, `c` True, that is `b && c`. The whole expression when nothing smaller decides; none when it has no
/// value.
pub fn decisive<'a>(
    program: &'a Program,
    environment: &dyn Environment<'a>,
    context: &Context<'a>,
) -> Option<Decisive<'a>> {
    let mut run = Run::new(environment, context, program.variables);
    run.eval(&program.root).ok()?;
    let node = narrow(&mut run, &program.root);
    let mut attributes = Vec::new();
    collect(node, environment, &mut attributes);
    Some(Decisive {
        span: node.span,
        text: node.span.of(program.text()),
        attributes,
    })
}

fn holds<'a>(run: &mut Run<'_, 'a>, node: &'a Node) -> Result<bool, Stop<'a>> {
    let value = run.eval(node)?;
    truth(&value, node.span)
}

/// Follows the truth downwards: into the condition of an `IIF` that was taken, into the operand of `||` that held.
fn narrow<'a>(run: &mut Run<'_, 'a>, start: &'a Node) -> &'a Node {
    let mut node = start;
    loop {
        let next = match &node.kind {
            NodeKind::Call {
                function,
                arguments,
            } if function.name == "IIF" => match arguments.as_slice() {
                [condition, yes, no] => match holds(run, condition) {
                    Ok(true) if constant(yes) => Some(condition),
                    Ok(true) => Some(yes),
                    Ok(false) if !constant(no) => Some(no),
                    _ => None,
                },
                _ => None,
            },
            NodeKind::Call {
                function,
                arguments,
            } if function.name == "CBool" => arguments.first(),
            NodeKind::Logical(first, rest) => deciding_operand(run, first, rest),
            _ => None,
        };
        match next {
            Some(next) => node = next,
            None => return node,
        }
    }
}

fn constant(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Constant(_))
}

/// The operand of a pure `||` chain that holds; none for a chain that needs several operands.
fn deciding_operand<'a>(
    run: &mut Run<'_, 'a>,
    first: &'a Node,
    rest: &'a [(LogicalOperator, Node)],
) -> Option<&'a Node> {
    if rest
        .iter()
        .any(|(operator, _)| *operator == LogicalOperator::And)
    {
        return None;
    }
    std::iter::once(first)
        .chain(rest.iter().map(|(_, operand)| operand))
        .find(|operand| holds(run, operand) == Ok(true))
}

fn collect<'a>(
    node: &'a Node,
    environment: &dyn Environment<'a>,
    found: &mut Vec<(&'a str, Value<'a>)>,
) {
    match &node.kind {
        NodeKind::Attribute { slot, name } | NodeKind::ValueCount { slot, name } => {
            if !found
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(name))
                && let Ok(value) = environment.attribute(*slot, name)
            {
                found.push((name, value));
            }
        }
        NodeKind::Call { arguments, .. } => {
            for node in arguments {
                collect(node, environment, found);
            }
        }
        NodeKind::Binding { subject, body, .. } => {
            collect(subject, environment, found);
            collect(body, environment, found);
        }
        NodeKind::Negate(inner) => collect(inner, environment, found),
        NodeKind::Arithmetic(first, rest) => {
            collect(first, environment, found);
            for (_, node) in rest {
                collect(node, environment, found);
            }
        }
        NodeKind::Comparison(first, rest) => {
            collect(first, environment, found);
            for (_, node) in rest {
                collect(node, environment, found);
            }
        }
        NodeKind::Logical(first, rest) => {
            collect(first, environment, found);
            for (_, node) in rest {
                collect(node, environment, found);
            }
        }
        NodeKind::Constant(_)
        | NodeKind::Parameter(_)
        | NodeKind::Variable(_)
        | NodeKind::UndeclaredVariable(_)
        | NodeKind::Word(_)
        | NodeKind::UnknownCall { .. } => {}
    }
}
