//! The language against its reference: every documented example, every function, and the points the reference leaves
//! open.

use super::*;
use jiff::civil::date;

mod conversion;
mod limits;
mod properties;
mod text;

/// Attributes by name; a name that is not listed was not read, one listed with null is absent.
struct Object(Vec<(&'static str, Value<'static>)>);

#[derive(Default)]
struct Slots(Vec<String>);

impl Resolver for Slots {
    fn slot(&mut self, name: &str) -> usize {
        self.0.push(name.to_owned());
        self.0.len() - 1
    }
}

impl<'a> Environment<'a> for Object {
    fn attribute(&self, _: usize, name: &'a str) -> Result<Value<'a>, Why<'a>> {
        let found = self
            .0
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found
            .map(|(_, value)| value.clone())
            .ok_or(Why::AttributeNotRead(name))
    }
}

fn texts(values: &[&'static str]) -> Value<'static> {
    Value::Multi(values.iter().map(|value| Value::text(value)).collect())
}

fn object() -> Object {
    Object(vec![
        ("absent", Value::Null),
        ("empty", Value::text("")),
        ("name", Value::text("Kari Nordmann")),
        (
            "dn",
            Value::Reference("CN=Joe,OU=Atlanta,OU=GA,OU=US,DC=contoso,DC=com".into()),
        ),
        ("number", Value::Number(512)),
        ("numberText", Value::text("42")),
        ("flag", Value::Bool(true)),
        (
            "guid",
            Value::Binary(
                vec![
                    0x40, 0x5e, 0x47, 0x30, 0xae, 0xe7, 0xf3, 0x4a, 0xaf, 0x75, 0x8b, 0x14, 0x3c,
                    0x81, 0xda, 0xf5,
                ]
                .into(),
            ),
        ),
        (
            "sid",
            Value::Binary(vec![1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0].into()),
        ),
        (
            "proxyAddresses",
            texts(&["smtp:a@x.example", "SMTP:B@x.example", "SIP:c@x.example"]),
        ),
        ("padded", texts(&[" a ", "b "])),
        ("one", Value::text("smtp:only@x.example")),
        (
            "links",
            Value::Multi(vec![
                Value::Reference("CN=a".into()),
                Value::Reference("CN=b".into()),
            ]),
        ),
    ])
}

const PARAMETERS: &[(&str, &str)] = &[
    ("Domain.FQDN", "eu.contoso.com"),
    ("Replace", "’:,Å:A,å:a,ö:oe"),
];

fn try_eval(text: &str) -> Result<Value<'static>, String> {
    let object = object();
    let parameters: Vec<(String, String)> = PARAMETERS
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let context = Context {
        parameters: &parameters,
        now: Some(date(2026, 1, 2).at(3, 4, 5, 0)),
        text_equality: TextEquality::Undecided,
    };
    let program = Program::new(text, &mut Slots::default()).map_err(|error| error.to_string())?;
    match program.run(&object, &context) {
        Ok(value) => Ok(value.into_owned()),
        Err(Stop::Unknown(why)) => Err(format!("unknown: {why}")),
        Err(Stop::Error(error)) => Err(format!(
            "{} in {}: {error}",
            error.span.of(text),
            error.function
        )),
    }
}

fn shown(text: &str) -> String {
    match try_eval(text) {
        Ok(value) => format!("{} {value}", value.type_name()),
        Err(message) => message,
    }
}

/// Each row: expression, type and value.
fn check(rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter(|(text, expected)| shown(text) != *expected)
        .map(|(text, expected)| {
            format!("{text}\n  expected {expected}\n  found    {}", shown(text))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn operators_and_their_priority() {
    check(&[
        ("2*(5+3)", "number 16"),
        ("2*5+3", "number 13"),
        ("2+5*3", "number 21"),
        ("1 - -2", "number 3"),
        ("\"a\" & 1 & True & NULL", "string a1True"),
        ("\"1\" + \"2\"", "string 12"),
        ("[numberText] + 1", "number 43"),
        ("[numberText] = 42", "boolean True"),
        (
            "[name] = 42",
            "[name] = 42 in comparison: string expected, number found",
        ),
        (
            "False || IsPresent([name]) = False || [name] = \"Kari Nordmann\"",
            "boolean True",
        ),
        ("True || False && False", "boolean False"),
        ("1 < 2 = True", "boolean True"),
        ("NULL = NULL", "boolean True"),
        ("[absent] = \"x\"", "boolean False"),
        ("[absent] <> \"x\"", "boolean True"),
        ("[absent] > 1", "boolean False"),
        (
            "9223372036854775807 + 1",
            "9223372036854775807 + 1 in +: number or date out of range",
        ),
        ("-9223372036854775808", "number -9223372036854775808"),
        ("[guid] = [guid]", "boolean True"),
        (
            "[dn] = \"cn=joe,ou=atlanta,ou=ga,ou=us,dc=contoso,dc=com\"",
            "boolean True",
        ),
        ("[flag] = True", "boolean True"),
        ("[flag] && 1", "boolean True"),
        (
            "[proxyAddresses] = \"smtp:a@x.example\"",
            "multi-valued True; False; False",
        ),
        ("CDate(\"2001-01-01\") < Now()", "boolean True"),
        ("\"CONTOSO\\\" & [name]", "string CONTOSO\\Kari Nordmann"),
        ("Len(\"\\\\0A\")", "number 3"),
        ("\"say \"\"hi\"\"\"", "string say \"hi\""),
        ("Len(CRLF)", "number 2"),
        (
            "[name]&\"@\"&%Domain.FQDN%",
            "string Kari Nordmann@eu.contoso.com",
        ),
    ]);
}

#[test]
fn only_the_branch_that_is_returned_is_evaluated() {
    check(&[
        (
            "IIF(IsPresent([name]),[name],Error(\"none\"))",
            "string Kari Nordmann",
        ),
        (
            "IIF(IsPresent([absent]),[absent],Error(\"none\"))",
            "Error(\"none\") in Error: none",
        ),
        ("True || Error(\"no\") = 1", "boolean True"),
        ("False && Error(\"no\") = 1", "boolean False"),
        ("Switch(False, Error(\"no\"), True, 1)", "number 1"),
        ("Switch(False, 1)", "null NULL"),
        ("IIF(NULL, 1, 2)", "number 2"),
        ("IgnoreThisFlow", "IgnoreThisFlow IgnoreThisFlow"),
        (
            "IIF(False, 1, AuthoritativeNull)",
            "AuthoritativeNull AuthoritativeNull",
        ),
    ]);
}

#[test]
fn unknown_is_neither_true_nor_false() {
    check(&[
        ("[unread]", "unknown: attribute unread was not read"),
        (
            "IsPresent([unread])",
            "unknown: attribute unread was not read",
        ),
        ("IsPresent([unread]) || True", "boolean True"),
        ("IsPresent([unread]) && False", "boolean False"),
        (
            "IsPresent([unread]) || False",
            "unknown: attribute unread was not read",
        ),
        ("IIF(IsPresent([unread]), 1, 1)", "number 1"),
        (
            "IIF(IsPresent([unread]), 1, 2)",
            "unknown: attribute unread was not read",
        ),
        (
            "NoSuchFunction(1)",
            "unknown: function NoSuchFunction is not known",
        ),
        ("IIF(True, 1, NoSuchFunction(1))", "number 1"),
        ("%No.Such%", "unknown: parameter No.Such has no known value"),
        (
            "Guid()",
            "unknown: function Guid gives another value each time",
        ),
        (
            "RandomNum(1,2)",
            "unknown: function RandomNum gives another value each time",
        ),
        (
            "[name] = \"kari nordmann\"",
            "unknown: two texts differ in case only",
        ),
        ("[name] = \"Kari\"", "boolean False"),
    ]);
}

#[test]
fn errors_name_the_place() {
    check(&[
        (
            "1 + Left(\"a\")",
            "Left(\"a\") in Left: wrong number of arguments (1)",
        ),
        (
            "Len([guid]) + Trim([guid])",
            "Trim([guid]) in Trim: string expected, binary found",
        ),
        (
            "InStr(\"a\",\"b\",1,vbOther)",
            "InStr(\"a\",\"b\",1,vbOther) in InStr: constant vbOther is not known",
        ),
        ("Foo & \"x\"", "Foo in : constant Foo is not known"),
        ("$item", "$item in $: variable $item is not declared"),
        (
            "DateFromNum(9223372036854775807)",
            "DateFromNum(9223372036854775807) in DateFromNum: number or date out of range",
        ),
        (
            "ReplaceChars(\"a\",\"ab:c\")",
            "ReplaceChars(\"a\",\"ab:c\") in ReplaceChars: pattern cannot be read",
        ),
        (
            "Split(\"a\",\"ab\")",
            "Split(\"a\",\"ab\") in Split: pattern cannot be read",
        ),
        (
            "FormatDateTime(Now(),\"'open\")",
            "FormatDateTime(Now(),\"'open\") in FormatDateTime: pattern cannot be read",
        ),
    ]);
}
