//! An object for the rules: attribute values by the length of the name, so that the input chooses among all types, absent
//! and not read.

use phs_core::rules::expression::{Environment, Resolver};
use phs_core::rules::{Value, Why};

/// Slots by the length of the name.
pub(crate) struct Slots;

impl Resolver for Slots {
    fn slot(&mut self, name: &str) -> usize {
        name.len()
    }
}

/// The text every value is made of.
pub(crate) struct Object<'d>(pub(crate) &'d str);

impl<'a> Environment<'a> for Object<'a> {
    fn attribute(&self, slot: usize, name: &'a str) -> Result<Value<'a>, Why<'a>> {
        Ok(match slot % 8 {
            0 => return Err(Why::AttributeNotRead(name)),
            1 => Value::Null,
            2 => Value::text(self.0),
            3 => Value::Number(self.0.len() as i64),
            4 => Value::Bool(true),
            5 => Value::Binary(self.0.as_bytes().into()),
            6 => Value::Reference(self.0.into()),
            _ => Value::Multi(vec![
                Value::text(name),
                Value::text(self.0),
                Value::Reference(self.0.into()),
            ]),
        })
    }
}
