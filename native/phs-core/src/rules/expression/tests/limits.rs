//! What is refused, what is bounded, and what an explanation names.

use super::*;

#[test]
fn texts_that_are_no_expression_are_refused_with_a_place() {
    for (text, kind, start) in [
        ("", ParseErrorKind::Operand, 0),
        ("1 +", ParseErrorKind::Operand, 3),
        ("1 2", ParseErrorKind::Operator, 2),
        ("\"open", ParseErrorKind::String, 0),
        ("[open", ParseErrorKind::Attribute, 0),
        ("[]", ParseErrorKind::Attribute, 0),
        ("%a", ParseErrorKind::Parameter, 0),
        ("$", ParseErrorKind::Variable, 0),
        ("12ab", ParseErrorKind::Number, 0),
        ("&HZZ", ParseErrorKind::Number, 0),
        ("99999999999999999999", ParseErrorKind::Number, 0),
        ("9223372036854775808", ParseErrorKind::Number, 0),
        ("Left(1", ParseErrorKind::Close, 6),
        ("Left(1,)", ParseErrorKind::Operand, 7),
        ("(1", ParseErrorKind::Close, 2),
        ("“a”", ParseErrorKind::SmartQuote, 0),
        ("a ; b", ParseErrorKind::Character(';'), 2),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!((error.kind, error.span.start), (kind, start), "{text}");
    }
}

#[test]
fn deep_nesting_is_refused_and_long_chains_are_not() {
    for (open, close) in [("(", ")"), ("Trim(", ")"), ("- ", "")] {
        let nested =
            |levels: usize| format!("{}\"1\"{}", open.repeat(levels), close.repeat(levels));
        assert!(parse(&nested(MAX_DEPTH - 1)).is_ok(), "{open}");
        assert_eq!(
            parse(&nested(MAX_DEPTH)).unwrap_err().kind,
            ParseErrorKind::TooDeep,
            "{open}"
        );
        assert!(parse(&nested(1_000_000)).is_err());
        assert!(try_eval(&nested(MAX_DEPTH - 1)).is_ok(), "{open}");
    }
    let long = vec!["1"; 200_000].join(" + ");
    assert_eq!(shown(&long), "number 200000");
    assert!(parse(&parse(&long).unwrap().to_string()).is_ok());
}

#[test]
fn signs_survive_printing() {
    for text in [
        "-0",
        "--0",
        "- - -1",
        "-&HF",
        "--9223372036854775808",
        "-(-0)",
    ] {
        let expr = parse(text).unwrap();
        assert_eq!(parse(&expr.to_string()).unwrap(), expr, "{text}");
    }
    check(&[
        ("--0", "number 0"),
        ("-0 - -0", "number 0"),
        ("--5", "number 5"),
    ]);
}

#[test]
fn work_is_bounded() {
    let doubling = (0..100).fold("\"0123456789\"".to_owned(), |body, level| {
        format!("With($v{level}, {body}, $v{level} & $v{level})")
    });
    assert_eq!(
        shown(&doubling),
        "unknown: the expression does too much work"
    );
    let loops = (0..60).fold("1".to_owned(), |body, level| {
        format!("Select($i{level}, [proxyAddresses], {body})")
    });
    assert_eq!(shown(&loops), "unknown: the expression does too much work");
    assert_eq!(
        shown("PadLeft(\"a\", 999999999999, \"0\")"),
        "unknown: the expression does too much work"
    );
}

#[test]
fn the_deciding_part_is_named() {
    let text = "IIF(IsPresent([absent]) || [number] = 1 || (Left([name], 4) = \"Kari\" && (InStr([name], \"N\") > 0)) || CBool([flag]), True, NULL)";
    let program = Program::new(text, &mut Slots::default()).unwrap();
    let object = object();
    let found = decisive(&program, &object, &Context::default()).unwrap();
    assert_eq!(
        found.text,
        "(Left([name], 4) = \"Kari\" && (InStr([name], \"N\") > 0))"
    );
    assert_eq!(found.attributes, [("name", Value::text("Kari Nordmann"))]);
}

#[test]
fn every_function_of_the_table_is_reached_by_a_test_expression() {
    let source = include_str!("mod.rs");
    let fixture = include_str!("../../../../tests/fixtures/rules/expressions.txt");
    let missing: Vec<&str> = function_names()
        .map(|function| function.name)
        .filter(|name| {
            !source.contains(&format!("{name}(")) && !fixture.contains(&format!("{name}("))
        })
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}
