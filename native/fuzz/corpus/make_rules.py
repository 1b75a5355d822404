#!/usr/bin/env python3
"""Writes the seed corpora and dictionaries of the fuzz targets `expression`, `scope` and `dn`.

    python3 native/fuzz/corpus/make_rules.py [--check]

The output is the same on every run; --check compares instead of writing.
"""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
EXPRESSIONS = HERE.parents[1] / "phs-core" / "tests" / "fixtures" / "rules" / "expressions.txt"

OPERATORS = """EQUAL NOTEQUAL LESSTHAN LESSTHAN_OR_EQUAL GREATERTHAN GREATERTHAN_OR_EQUAL CONTAINS NOTCONTAINS STARTSWITH
NOTSTARTSWITH ENDSWITH NOTENDSWITH ISNULL ISNOTNULL ISIN ISNOTIN ISBITSET ISBITNOTSET ISMEMBEROF ISNOTMEMBEROF""".split()

NAMES = [
    "", "CN=a", "CN=Hansen\\, Kari,OU=Sales,DC=contoso,DC=com", "cn=hansen\\2C kari , ou=SALES;dc=contoso,dc=COM",
    'CN="Hansen, Kari",DC=x', "CN=#0C0141,DC=x", "1.2.3=#3003020101", "OID.2.5.4.3=a", "OID.OID.1=a", "CN=a+UID=b,DC=x",
    "CN=a\\0ACNF:1b1d6a5c-0000-4000-8000-000000000001,DC=x", "CN=\\ a \\ ,DC=x", "CN=a\\C3\\A6", "CN=a,,DC=x", "CN=a\\",
    "CN=\\FF", "OU=\U00010400,DC=x",
]


def inputs():
    for number, line in enumerate(EXPRESSIONS.read_text(encoding="utf-8").splitlines()):
        yield "expression", f"fixture-{number:03}", line
    yield "expression", "deep", "(" * 127 + "1" + ")" * 127
    yield "expression", "too-deep", "(" * 129 + "1" + ")" * 129
    yield "expression", "minimum", "-9223372036854775808 - 1"
    yield "expression", "signs", "--0 - -0 * - &HF"
    yield "expression", "object", 'IIF(InStr([aaaaaaa],"x")=1,NULL,Trim([aaaaaaa]))\0 x '
    for operator in OPERATORS:
        yield "scope", operator.lower(), f"aa {operator} 2\naaaaa {operator} CN=a,DC=b\n\naaaaaa {operator} x;False"
    yield "scope", "empty", ""
    for number, name in enumerate(NAMES):
        yield "dn", f"name-{number:02}", name


def dictionary(words):
    def quoted(word):
        return '"' + "".join(c if c.isalnum() else f"\\x{ord(c):02x}" for c in word) + '"\n'

    return "".join(quoted(word) for word in words)


def files():
    for target, name, text in inputs():
        yield HERE / target / name, text
    words = set()
    for line in EXPRESSIONS.read_text(encoding="utf-8").splitlines():
        words.update(part + "(" for part in line.replace("(", "( ").split() if part.endswith("("))
    functions = sorted({word.lstrip("(,[!&|=<>\"").rstrip("(") + "(" for word in words} - {"("})
    functions = [word for word in functions if word[:-1].isalnum()]
    yield HERE / "expression.dict", dictionary(functions + ["&&", "||", "<>", "&H", "NULL", "IgnoreThisFlow", "$item", "%P%", "[a]"])
    yield HERE / "scope.dict", dictionary(OPERATORS + ["memberOf", "&H", "0x"])
    yield HERE / "dn.dict", dictionary(["CN=", "OU=", "DC=", "\\2C", "\\0A", "OID.", "#04", "2.5.4.3="])


def main():
    check = "--check" in sys.argv[1:]
    stale = []
    for path, text in files():
        content = text.encode("utf-8")
        if check:
            if not path.exists() or path.read_bytes() != content:
                stale.append(str(path.relative_to(HERE)))
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
    if stale:
        sys.exit("differs from its generator: " + ", ".join(stale))


if __name__ == "__main__":
    main()
