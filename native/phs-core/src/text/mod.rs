//! Every sentence that a user reads, as Fluent messages by key; code holds keys and arguments only.
//!
//! A finding's text may carry the attributes `.why` (why it matters) and `.remedy`, `.remedy2` ... (what to do); an error's
//! text carries `.action`; a check's text (`phs101`) carries `.explain`. Keys without a translation fall back to en-US.

mod catalog;
mod printable;

pub use catalog::{Catalog, DEFAULT_CULTURE, MAX_REMEDIES};
pub use printable::{dn_line, one_line, printable};

/// An argument of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// Shown as it is.
    Word(String),
    /// Shown as a number, and usable in plural selectors.
    Number(i64),
    /// Shown joined by commas.
    List(Vec<String>),
    /// A text of its own, rendered in the same culture.
    Text(Box<Text>),
    /// Texts of their own, rendered in the same culture and joined by semicolons.
    Texts(Vec<Text>),
}

/// A key of the catalogue with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Key in the catalogue.
    pub key: &'static str,
    /// Arguments by name.
    pub arguments: Vec<(&'static str, Argument)>,
}

impl Text {
    /// A text without arguments. Use [`text!`](crate::text!) so that the test of the catalogue finds the key.
    pub fn new(key: &'static str) -> Self {
        Self {
            key,
            arguments: Vec::new(),
        }
    }

    /// The same text with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Argument>) -> Self {
        self.arguments.push((name, value.into()));
        self
    }
}

/// A [`Text`] from a key and named arguments: `text!("not-supported", name = check.id)`.
#[macro_export]
macro_rules! text {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::text::Text::new($key)$(.with(stringify!($name), $value))*
    };
}

impl From<&str> for Argument {
    fn from(value: &str) -> Self {
        Self::Word(value.to_owned())
    }
}

impl From<&String> for Argument {
    fn from(value: &String) -> Self {
        Self::Word(value.clone())
    }
}

impl From<String> for Argument {
    fn from(value: String) -> Self {
        Self::Word(value)
    }
}

impl From<usize> for Argument {
    fn from(value: usize) -> Self {
        Self::Number(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<i64> for Argument {
    fn from(value: i64) -> Self {
        Self::Number(value)
    }
}

impl From<u32> for Argument {
    fn from(value: u32) -> Self {
        Self::Number(i64::from(value))
    }
}

impl From<Vec<String>> for Argument {
    fn from(value: Vec<String>) -> Self {
        Self::List(value)
    }
}

impl From<Text> for Argument {
    fn from(value: Text) -> Self {
        Self::Text(Box::new(value))
    }
}

impl From<Vec<Text>> for Argument {
    fn from(value: Vec<Text>) -> Self {
        Self::Texts(value)
    }
}
