//! The language against its reference: every documented example, every function, and the points the reference leaves
//! open.

use super::*;
use jiff::civil::date;

mod limits;
mod properties;

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
fn documented_examples_of_text_functions() {
    check(&[
        ("BitAnd(&HF, &HF7)", "number 7"),
        ("BitOr(5, 10)", "number 15"),
        (
            "ConvertFromBase64(\"SABlAGwAbABvACAAdwBvAHIAbABkACEA\")",
            "string Hello world!",
        ),
        (
            "ConvertFromBase64(\"SGVsbG8gd29ybGQh\", UTF8)",
            "string Hello world!",
        ),
        (
            "ConvertFromUTF8Hex(\"48656C6C6F20776F726C6421\")",
            "string Hello world!",
        ),
        (
            "ConvertToBase64(\"Hello world!\")",
            "string SABlAGwAbABvACAAdwBvAHIAbABkACEA",
        ),
        (
            "ConvertToUTF8Hex(\"Hello world!\")",
            "string 48656C6C6F20776F726C6421",
        ),
        (
            "FormatDateTime(DateAdd(\"m\", 3, CDate(\"2001-01-01\")),\"yyyy-MM-dd\")",
            "string 2001-04-01",
        ),
        (
            "FormatDateTime(DateFromNum(129699324000000000),\"yyyy-MM-dd HH:mm:ss\")",
            "string 2012-01-01 23:00:00",
        ),
        (
            "NumFromDate(CDate(\"2012-01-01 23:00:00\"))",
            "number 129699324000000000",
        ),
        (
            "CDate(\"2013-01-10 4:00 PM -8\")",
            "date 2013-01-11T00:00:00Z",
        ),
        (
            "FormatDateTime(CDate(\"12/25/2007\"),\"yyyy-MM-dd\")",
            "string 2007-12-25",
        ),
        ("DNComponent(CRef([dn]),1)", "string Joe"),
        ("DNComponentRev(CRef([dn]),3)", "string US"),
        ("DNComponentRev(CRef([dn]),1,\"DC\")", "string US"),
        ("InStr(\"repEated\",\"e\",3,vbBinaryCompare)", "number 7"),
        ("InStrRev(\"abbcdbbbef\",\"bb\")", "number 7"),
        ("IsBitSet(&HF,4)", "boolean True"),
        (
            "Mid(Item([proxyAddresses],Contains([proxyAddresses], \"SMTP:\")),6,100)",
            "string B@x.example",
        ),
        ("LCase(\"TeSt\")", "string test"),
        ("UCase(\"TeSt\")", "string TEST"),
        ("Left(\"John Doe\", 3)", "string Joh"),
        ("Right(\"John Doe\", 3)", "string Doe"),
        ("Len(\"John Doe\")", "number 8"),
        ("LTrim(\" Test \")", "string Test "),
        ("RTrim(\" Test \")", "string  Test"),
        ("Trim(\" Test \")", "string Test"),
        ("Mid(\"John Doe\", 3, 5)", "string hn Do"),
        ("Mid(\"John Doe\", 6, 999)", "string Doe"),
        ("PadLeft(\"User\", 10, \"0\")", "string 000000User"),
        ("PadRight(\"User\", 10, \"0\")", "string User000000"),
        ("PCase(\"TEsT\")", "string Test"),
        ("Replace(\"a\r\nb\",\"\\r\\n\",\", \")", "string a, b"),
        ("ReplaceChars(\"Ångström\",%Replace%)", "string Angstroem"),
        ("ReplaceChars(\"O’Neil\",%Replace%)", "string ONeil"),
        (
            "Select($item,[padded],Replace($item,\" \",\"\"))",
            "multi-valued a; b",
        ),
        (
            "Split(\"SMTP:j@x,smtp:d@x\",\",\")",
            "multi-valued SMTP:j@x; smtp:d@x",
        ),
        ("Word(\"The quick brown fox\",3,\" \")", "string brown"),
        (
            "Word(\"This,string!has&many separators\",3,\",!&#\")",
            "string has",
        ),
    ]);
}

#[test]
fn documented_examples_over_several_values() {
    check(&[
        (
            "Join([proxyAddresses],\",\")",
            "string smtp:a@x.example,SMTP:B@x.example,SIP:c@x.example",
        ),
        ("Trim([padded])", "multi-valued a; b"),
        (
            "IIF(InStr([proxyAddresses],\"SIP:\")=1,NULL,[proxyAddresses])",
            "multi-valued smtp:a@x.example; SMTP:B@x.example",
        ),
        (
            "Word([proxyAddresses],1,\"@\") & \"@new.example\"",
            "multi-valued smtp:a@new.example; SMTP:B@new.example; SIP:c@new.example",
        ),
        (
            "Switch([name] = \"London\", \"English\", [name] = \"Rome\", \"Italian\", True, Error(\"Unknown city\"))",
            "Error(\"Unknown city\") in Error: Unknown city",
        ),
        (
            "With($n,Where($item,[padded],InStr($item,\"a\")>0),IIF(Count($n)>0,$n,NULL))",
            "string  a ",
        ),
    ]);
}

#[test]
fn conversions() {
    check(&[
        ("CBool(0)", "boolean False"),
        ("CBool([name] = \"x\")", "boolean False"),
        ("CBool(NULL)", "boolean False"),
        ("CBool(-1)", "boolean True"),
        (
            "CBool(\"maybe\")",
            "CBool(\"maybe\") in CBool: text cannot be read as boolean",
        ),
        ("CNum(\"42\")", "number 42"),
        (
            "CNum(\"forty\")",
            "CNum(\"forty\") in CNum: text cannot be read as number",
        ),
        ("CStr(5)", "string 5"),
        ("CStr([flag])", "string True"),
        (
            "CStr([dn])",
            "string CN=Joe,OU=Atlanta,OU=GA,OU=US,DC=contoso,DC=com",
        ),
        (
            "CStr([guid])",
            "CStr([guid]) in CStr: string expected, binary found",
        ),
        ("ConvertToBase64([guid])", "string QF5HMK7n80qvdYsUPIHa9Q=="),
        (
            "CGuid(\"{30475e40-e7ae-4af3-af75-8b143c81daf5}\")",
            "binary 405E4730AEE7F34AAF758B143C81DAF5",
        ),
        (
            "CGuid(\"30475e40e7ae4af3af758b143c81daf5\")",
            "CGuid(\"30475e40e7ae4af3af758b143c81daf5\") in CGuid: text cannot be read as GUID",
        ),
        (
            "StringFromGuid([guid])",
            "string 30475e40-e7ae-4af3-af75-8b143c81daf5",
        ),
        ("StringFromSid([sid])", "string S-1-5-32-544"),
        (
            "StringFromSid([guid])",
            "StringFromSid([guid]) in StringFromSid: text cannot be read as security identifier",
        ),
        ("CBin(258,2)", "binary 0201"),
        ("CNum(CBin(258,2))", "number 258"),
        ("Len(Thumbprint([guid]))", "number 32"),
        ("Mid([guid],1,2) & CBin(1,1)", "binary 405E01"),
        (
            "ConvertFromBase64(\"!\")",
            "ConvertFromBase64(\"!\") in ConvertFromBase64: text cannot be read as base64",
        ),
        ("CRef(\"CN=a\")", "reference CN=a"),
        ("CDate(\"20140905081453.0Z\")", "date 2014-09-05T08:14:53Z"),
        (
            "CDate(\"2014-09-05T08:14:53+02:00\")",
            "date 2014-09-05T06:14:53Z",
        ),
        (
            "CDate(\"05.09.2014\")",
            "CDate(\"05.09.2014\") in CDate: text cannot be read as date",
        ),
        ("EscapeDNComponent(\"cn=\" & \"a,b\")", "string cn=a\\,b"),
    ]);
}

#[test]
fn questions_about_values() {
    check(&[
        ("IsNull([absent])", "boolean True"),
        ("IsNull([empty])", "boolean False"),
        ("IsEmpty([empty])", "boolean True"),
        ("IsEmpty([absent])", "boolean False"),
        ("IsNullOrEmpty([empty])", "boolean True"),
        ("IsPresent([empty])", "boolean False"),
        ("IsPresent([flag])", "boolean True"),
        ("IsPresent([proxyAddresses])", "boolean True"),
        ("IsString([guid])", "boolean False"),
        ("IsString([name])", "boolean True"),
        ("IsString([absent])", "boolean False"),
        ("IsNumeric(\"12\")", "boolean True"),
        ("IsNumeric(\"x\")", "boolean False"),
        ("IsDate(\"2001-02-03\")", "boolean True"),
        ("IsDate(\"2001-02-30\")", "boolean False"),
        (
            "IsGuid(\"30475e40-e7ae-4af3-af75-8b143c81daf5\")",
            "boolean True",
        ),
        ("IsGuid(\"x\")", "boolean False"),
        ("IsCert([guid])", "boolean False"),
        ("IsBitSet([number],2)", "boolean False"),
        ("IsBitSet([absent],2)", "boolean False"),
        ("Count([proxyAddresses])", "number 3"),
        ("Count([one])", "number 1"),
        ("Count([absent])", "number 0"),
        ("ValueCount(\"proxyAddresses\")", "number 3"),
        ("ImportedValue(\"name\")", "string Kari Nordmann"),
        ("Contains([proxyAddresses],\"smtp:b\")", "number 0"),
        (
            "Contains([proxyAddresses],\"smtp:b\",CaseInsensitive)",
            "number 2",
        ),
        ("Contains([links],\"CN=b\")", "number 2"),
        ("Contains([links],\"b\")", "number 0"),
        (
            "Item([proxyAddresses],9)",
            "Item([proxyAddresses],9) in Item: index 9 of 3 values",
        ),
        ("ItemOrNull([proxyAddresses],9)", "null NULL"),
        ("Item([one],1)", "string smtp:only@x.example"),
        (
            "RemoveDuplicates(Split(\"a,A,b\",\",\"))",
            "multi-valued a; b",
        ),
        ("Split(\"a,b,c\",\",\",2)", "multi-valued a; b,c"),
        ("Join([padded])", "string  a  b "),
        ("InStr([absent],\"x\")", "number 0"),
        ("InStr(\"ABC\",\"b\",1,vbTextCompare)", "number 2"),
        ("Left([absent],4)", "string "),
        ("Left(\"abc\",-1)", "string abc"),
        ("Mid(\"abc\",0,2)", "string abc"),
        ("Mid(\"abc\",9,2)", "string abc"),
        ("Mid(\"abc\",2,0)", "string "),
        ("Word(\"a b\",9,\" \")", "string "),
        ("Trim([absent])", "null NULL"),
    ]);
}

#[test]
fn text_counts_utf16_units() {
    check(&[
        ("Len(\"a𝒳b\")", "number 4"),
        ("Left(\"a𝒳b\",2)", "string a"),
        ("Left(\"a𝒳b\",3)", "string a𝒳"),
        ("Mid(\"æøå\",2,1)", "string ø"),
        ("InStr(\"𝒳b\",\"b\")", "number 3"),
        ("Right(\"blåbær\",3)", "string bær"),
    ]);
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

#[test]
fn dates_are_written_by_their_specifiers() {
    check(&[
        (
            "FormatDateTime(Now(),\"yyyyMMddHHmmss.0Z\")",
            "string 20260102030405.0Z",
        ),
        (
            "FormatDateTime(Now(),\"ddd d MMM yy, h:m:s tt\")",
            "string Fri 2 Jan 26, 3:4:5 AM",
        ),
        (
            "FormatDateTime(Now(),\"dddd dd MMMM 'kl.' HH\\\\h fff zzz K\")",
            "string Friday 02 January kl. 03h 000 +00:00 Z",
        ),
        (
            "FormatDateTime(DateAdd(\"ww\",1,Now()),\"M/d\")",
            "string 1/9",
        ),
        (
            "FormatDateTime(DateAdd(\"q\",-1,Now()),\"yyyy-MM\")",
            "string 2025-10",
        ),
        (
            "FormatDateTime(DateAdd(\"h\",24,Now()),\"dd HH\")",
            "string 03 03",
        ),
        (
            "FormatDateTime(DateAdd(\"n\",60,Now()),\"HH\")",
            "string 04",
        ),
        (
            "FormatDateTime(DateAdd(\"s\",-6,Now()),\"mm:ss\")",
            "string 03:59",
        ),
        (
            "FormatDateTime(DateAdd(\"yyyy\",1,Now()),\"yyyy\")",
            "string 2027",
        ),
        (
            "DateAdd(\"x\",1,Now())",
            "DateAdd(\"x\",1,Now()) in DateAdd: constant x is not known",
        ),
    ]);
}
