//! Functions on text, and on several values of it.

use super::*;

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
