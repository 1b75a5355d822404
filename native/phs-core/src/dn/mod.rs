//! Distinguished names: read, compared and printed as parsed RDNs, never as text.
//!
//! Grammar: RFC 4514, with what Active Directory and older tools write as well: spaces around separators, `;` between
//! RDNs, quoted values (RFC 2253), an `OID.` prefix, an escaped slash (ADSI paths). Comparison ignores case by Unicode
//! simple folding. One pass over the text, no recursion.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::casefold;

mod parse;
#[cfg(test)]
mod tests;

/// Why a text is not a distinguished name, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not a distinguished name: {kind} at byte {offset}")]
pub struct DnError {
    /// What is wrong.
    pub kind: DnErrorKind,
    /// Byte offset in the text.
    pub offset: usize,
}

/// What is wrong with a text that should be a distinguished name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DnErrorKind {
    /// An RDN has no attribute type, or a character that no type may hold.
    #[error("attribute type expected")]
    AttributeType,
    /// The `=` after the attribute type is missing.
    #[error("'=' expected after the attribute type")]
    EqualsSign,
    /// `\` is followed by neither a special character nor two hexadecimal digits.
    #[error("unknown escape sequence")]
    Escape,
    /// A quoted value has no closing quote.
    #[error("quoted value is not closed")]
    Quote,
    /// A closing quote or hexadecimal value is followed by something other than a separator.
    #[error("separator expected")]
    Separator,
    /// `#` is followed by something other than pairs of hexadecimal digits.
    #[error("pairs of hexadecimal digits expected after '#'")]
    Hexadecimal,
    /// The escaped octets are not UTF-8.
    #[error("escaped octets are not UTF-8")]
    Utf8,
}

/// A distinguished name, leaf first. The empty name (the root DSE) has no RDN.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Dn {
    rdns: Vec<Rdn>,
}

/// A relative distinguished name: one assertion, or several (`CN=a+UID=b`) kept in folded order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rdn {
    assertions: Vec<Assertion>,
}

/// One attribute type and value of an RDN.
#[derive(Debug, Clone)]
pub struct Assertion {
    attribute: String,
    value: RdnValue,
}

/// Value of an assertion.
#[derive(Debug, Clone)]
pub enum RdnValue {
    /// Text, with escapes resolved.
    Text(String),
    /// A `#` value whose BER encoding is not a string: the octets as written.
    Binary(Vec<u8>),
}

impl Dn {
    /// Parses a distinguished name. Text of spaces only is the empty name.
    pub fn parse(text: &str) -> Result<Self, DnError> {
        Ok(Self {
            rdns: parse::parse(text, usize::MAX)?,
        })
    }

    /// Parses the first `count` RDNs only; what follows them is not looked at. For names a directory gave out, where the
    /// rest is known to be sound.
    pub fn parse_leading(text: &str, count: usize) -> Result<Self, DnError> {
        Ok(Self {
            rdns: parse::parse(text, count)?,
        })
    }

    /// The RDNs, leaf first.
    pub fn rdns(&self) -> &[Rdn] {
        &self.rdns
    }

    /// The leaf RDN; none for the empty name.
    pub fn rdn(&self) -> Option<&Rdn> {
        self.rdns.first()
    }

    /// The name of the object above; none for the empty name.
    pub fn parent(&self) -> Option<Self> {
        Some(Self {
            rdns: self.rdns.get(1..)?.to_vec(),
        })
    }

    /// Number of RDNs.
    pub fn depth(&self) -> usize {
        self.rdns.len()
    }

    /// Whether this is the empty name.
    pub fn is_empty(&self) -> bool {
        self.rdns.is_empty()
    }

    /// Whether this name lies strictly below `ancestor`. Every name but the empty one lies below the empty one.
    pub fn is_descendant_of(&self, ancestor: &Self) -> bool {
        self.rdns.len() > ancestor.rdns.len() && self.is_at_or_below(ancestor)
    }

    /// Whether this name is `ancestor` or lies below it.
    pub fn is_at_or_below(&self, ancestor: &Self) -> bool {
        self.rdns.ends_with(&ancestor.rdns)
    }

    /// The DNS name of the trailing `DC` components (`DC=corp,DC=contoso,DC=com` is `corp.contoso.com`), as written.
    pub fn domain_name(&self) -> Option<String> {
        let head = self.domain_head()?;
        let labels: Vec<&str> = head.rdns.iter().filter_map(Rdn::dc_value).collect();
        Some(labels.join("."))
    }

    /// The name made of the trailing `DC` components alone: the domain head, when this is a name inside a domain.
    pub fn domain_head(&self) -> Option<Self> {
        let count = self
            .rdns
            .iter()
            .rev()
            .take_while(|rdn| rdn.dc_value().is_some())
            .count();
        (count > 0).then(|| Self {
            rdns: self.rdns[self.rdns.len() - count..].to_vec(),
        })
    }
}

impl Rdn {
    /// The assertions; one but for multi-valued RDNs.
    pub fn assertions(&self) -> &[Assertion] {
        &self.assertions
    }

    /// Attribute type of the first assertion.
    pub fn attribute(&self) -> &str {
        self.assertions.first().map_or("", |a| &a.attribute)
    }

    /// Text of the first assertion, escapes resolved; none when it is binary.
    pub fn value(&self) -> Option<&str> {
        self.assertions.first().and_then(Assertion::text)
    }

    /// Whether this is the RDN Active Directory gives to the loser of a replication conflict
    /// (`name\0ACNF:<guid>`, MS-ADTS 3.1.1.5.1.2).
    pub fn is_conflict(&self) -> bool {
        self.value().is_some_and(|value| value.contains("\nCNF:"))
    }

    fn dc_value(&self) -> Option<&str> {
        match self.assertions.as_slice() {
            [one] if one.canonical_type() == "DC" => one.text(),
            _ => None,
        }
    }

    fn from_assertions(mut assertions: Vec<Assertion>) -> Self {
        assertions.sort();
        Self { assertions }
    }
}

impl Assertion {
    /// Attribute type as written, without an `OID.` prefix.
    pub fn attribute(&self) -> &str {
        &self.attribute
    }

    /// Value.
    pub fn value(&self) -> &RdnValue {
        &self.value
    }

    /// Text value; none when it is binary.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            RdnValue::Text(text) => Some(text),
            RdnValue::Binary(_) => None,
        }
    }

    /// Short name of a well-known type, whatever its spelling; any other type as written.
    fn canonical_type(&self) -> &str {
        const KNOWN: [(&str, &str, &str); 8] = [
            ("CN", "commonName", "2.5.4.3"),
            ("DC", "domainComponent", "0.9.2342.19200300.100.1.25"),
            ("OU", "organizationalUnitName", "2.5.4.11"),
            ("O", "organizationName", "2.5.4.10"),
            ("L", "localityName", "2.5.4.7"),
            ("ST", "stateOrProvinceName", "2.5.4.8"),
            ("C", "countryName", "2.5.4.6"),
            ("UID", "userId", "0.9.2342.19200300.100.1.1"),
        ];
        KNOWN
            .iter()
            .find(|(short, long, oid)| {
                self.attribute.eq_ignore_ascii_case(short)
                    || self.attribute.eq_ignore_ascii_case(long)
                    || self.attribute == *oid
            })
            .map_or(&self.attribute, |(short, ..)| short)
    }
}

impl PartialEq for Assertion {
    fn eq(&self, other: &Self) -> bool {
        self.canonical_type()
            .eq_ignore_ascii_case(other.canonical_type())
            && self.value == other.value
    }
}

impl Eq for Assertion {}

impl PartialOrd for Assertion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Assertion {
    fn cmp(&self, other: &Self) -> Ordering {
        casefold::cmp(self.canonical_type(), other.canonical_type())
            .then_with(|| self.value.cmp(&other.value))
    }
}

impl Hash for Assertion {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.canonical_type().bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
        state.write_u8(0xff);
        self.value.hash(state);
    }
}

impl PartialEq for RdnValue {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => casefold::eq(a, b),
            (Self::Binary(a), Self::Binary(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for RdnValue {}

impl PartialOrd for RdnValue {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RdnValue {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => casefold::cmp(a, b),
            (Self::Binary(a), Self::Binary(b)) => a.cmp(b),
            (Self::Text(_), Self::Binary(_)) => Ordering::Less,
            (Self::Binary(_), Self::Text(_)) => Ordering::Greater,
        }
    }
}

impl Hash for RdnValue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Text(text) => {
                for c in text.chars() {
                    state.write_u32(u32::from(casefold::fold(c)));
                }
                state.write_u32(u32::MAX);
            }
            Self::Binary(bytes) => bytes.hash(state),
        }
    }
}

impl FromStr for Dn {
    type Err = DnError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Prints the normalised form: no spaces around separators, well-known types in capitals, escapes as Active Directory
/// writes them (`\,`, `\0A`), assertions of a multi-valued RDN in order.
impl fmt::Display for Dn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, rdn) in self.rdns.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            rdn.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Rdn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, assertion) in self.assertions.iter().enumerate() {
            if index > 0 {
                f.write_str("+")?;
            }
            write!(f, "{}={}", assertion.canonical_type(), assertion.value)?;
        }
        Ok(())
    }
}

impl fmt::Display for RdnValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&escape_value(text)),
            Self::Binary(bytes) => {
                f.write_str("#")?;
                bytes.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
            }
        }
    }
}

/// Escapes a text so that it is one attribute value of a DN (RFC 4514 2.4, and `=` and control characters as Active
/// Directory does).
pub fn escape_value(text: &str) -> String {
    use fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    let last = text.len().saturating_sub(1);
    for (index, c) in text.char_indices() {
        match c {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=' => {
                out.push('\\');
                out.push(c);
            }
            '#' if index == 0 => out.push_str("\\#"),
            ' ' if index == 0 || index == last => out.push_str("\\ "),
            c if c.is_ascii_control() => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\{:02X}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out
}

impl Serialize for Dn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Dn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
