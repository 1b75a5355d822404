//! Conversions, questions about values, and dates.

use super::*;

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
