//! Properties over made-up text and made-up expressions.

use proptest::prelude::*;

use super::*;

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("[name]".to_owned()),
        Just("[absent]".to_owned()),
        Just("[proxyAddresses]".to_owned()),
        Just("[guid]".to_owned()),
        Just("[unread]".to_owned()),
        Just("%Domain.FQDN%".to_owned()),
        Just("NULL".to_owned()),
        Just("True".to_owned()),
        Just("IgnoreThisFlow".to_owned()),
        any::<i64>().prop_map(|n| n.to_string()),
        (-2..3_i64).prop_map(|n| n.to_string()),
        any::<u32>().prop_map(|n| format!("&H{n:X}")),
        "[ -~æ𝒳]{0,6}"
            .prop_map(|t| format!("\"{}\"", t.replace('\\', "\\\\").replace('"', "\"\""))),
    ];
    leaf.prop_recursive(5, 60, 4, |inner| {
        let names: Vec<FunctionInfo> = function_names().collect();
        prop_oneof![
            (
                proptest::sample::select(names),
                proptest::collection::vec(inner.clone(), 0..5)
            )
                .prop_map(|(f, a)| format!("{}({})", f.name, a.join(", "))),
            (
                inner.clone(),
                proptest::sample::select(vec![
                    "+", "-", "*", "&", "=", "<>", "<", ">=", "&&", "||"
                ]),
                inner.clone()
            )
                .prop_map(|(a, o, b)| format!("{a} {o} {b}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("- {a}")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("Where($x, {a}, {b} = $x)")),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        if let Err(error) = parse(&text) {
            prop_assert!(error.span.start <= text.len() && error.span.end <= text.len());
        }
    }

    #[test]
    fn any_tokens_are_read_or_refused(text in r#"([A-Z]{1,3}\(|[\[\]%$"&H(),0-9=<>|+*-]| ){0,40}"#) {
        if let Ok(expr) = parse(&text) {
            let printed = expr.to_string();
            prop_assert_eq!(&parse(&printed).map_err(|e| e.to_string()), &Ok(expr));
        }
    }

    #[test]
    fn an_expression_prints_reads_back_and_never_panics(text in expression()) {
        let expr = parse(&text).unwrap();
        let printed = expr.to_string();
        let again = parse(&printed).unwrap();
        prop_assert_eq!(&again, &expr);
        prop_assert_eq!(again.to_string(), printed.clone());
        prop_assert_eq!(shown(&text), shown(&text));
        // Printing changes nothing that evaluation sees, messages quote the text itself.
        prop_assert_eq!(try_eval(&text).ok(), try_eval(&printed).ok());
    }
}
