//! Whole sets of expressions.

use std::collections::BTreeSet;

use phs_core::rules::expression::{ExprKind, function_names, parse};

use crate::support::{compile_full, contoso_rules, fixture, fixture_rules, user};

fn reads_back(text: &str) {
    let expr = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let printed = expr.to_string();
    let again = parse(&printed).unwrap_or_else(|error| panic!("{printed}: {error}"));
    assert_eq!(again, expr, "{text}");
    assert_eq!(again.to_string(), printed);
}

fn words(text: &str) -> BTreeSet<String> {
    let words = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .map(str::to_ascii_lowercase);
    words.collect()
}

#[test]
fn the_fixture_has_every_function_and_reads_back() {
    let text = fixture("expressions.txt");
    assert!(text.lines().count() > 100);
    text.lines().for_each(reads_back);
    let used = words(&text);
    let missing: Vec<&str> = function_names()
        .map(|f| f.name)
        .filter(|name| !used.contains(&name.to_ascii_lowercase()))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn the_documented_functions_are_all_known() {
    let documented = "CertExtensionOids CertFormat CertFriendlyName CertHashString CertIssuer CertIssuerDN CertIssuerOid
        CertKeyAlgorithm CertKeyAlgorithmParams CertNameInfo CertNotAfter CertNotBefore CertPublicKeyOid
        CertPublicKeyParametersOid CertSerialNumber CertSignatureAlgorithmOid CertSubject CertSubjectNameDN
        CertSubjectNameOid CertThumbprint CertVersion IsCert CBool CDate CGuid ConvertFromBase64 ConvertToBase64
        ConvertFromUTF8Hex ConvertToUTF8Hex CNum CRef CStr StringFromGuid StringFromSid DateAdd DateFromNum
        FormatDateTime Now NumFromDate DNComponent DNComponentRev EscapeDNComponent IsBitSet IsDate IsEmpty IsGuid
        IsNull IsNullOrEmpty IsNumeric IsPresent IsString BitAnd BitOr RandomNum Contains Count Item ItemOrNull Join
        RemoveDuplicates Split Error IIF Select Switch Where With GUID InStr InStrRev LCase Left Len LTrim Mid PadLeft
        PadRight PCase Replace ReplaceChars Right RTrim Trim UCase Word";
    let known: BTreeSet<String> = function_names()
        .map(|f| f.name.to_ascii_lowercase())
        .collect();
    let missing: Vec<&str> = documented
        .split_whitespace()
        .filter(|name| !known.contains(&name.to_ascii_lowercase()))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn every_expression_of_the_real_export_reads_back() {
    let Some(rules) = contoso_rules() else { return };
    assert_eq!(rules.len(), 62);
    let expressions: Vec<&str> = rules
        .iter()
        .flat_map(|rule| &rule.attribute_flows)
        .filter_map(|flow| flow.expression.as_deref())
        .collect();
    assert_eq!(expressions.len(), 391);
    for text in expressions {
        reads_back(text);
    }
    let carriers: Vec<&str> = rules
        .iter()
        .filter(|rule| rule.enable_password_sync == Some(true))
        .map(|rule| rule.name.as_str())
        .collect();
    assert_eq!(
        carriers,
        ["In from AD - User AccountEnabled", "Out to AAD - User Join"]
    );
}

#[test]
fn every_rule_of_every_set_runs_without_error_or_unknown() {
    for rules in [Some(fixture_rules()), contoso_rules()]
        .into_iter()
        .flatten()
    {
        let compiled = compile_full(&rules);
        assert_eq!(compiled.unreadable(), []);
        let full = user()
            .set("mailNickname", "kari")
            .set("mail", "kari@contoso.example")
            .many(
                "proxyAddresses",
                &["SMTP:kari@contoso.example", "smtp:k@contoso.example"],
            )
            .set("countryCode", "578")
            .set("description", "x");
        let parameters = crate::support::parameters();
        let context = phs_core::rules::Context {
            parameters: &parameters,
            ..Default::default()
        };
        let evaluation = compiled.evaluate(&full, &context);
        assert_eq!(evaluation.errors(), []);
        for (name, attribute) in evaluation.metaverse_attributes() {
            assert!(
                !matches!(attribute, phs_core::rules::Attribute::Unknown(_)),
                "{name}: {attribute:?}"
            );
        }
        let shown = |name: &str| {
            evaluation
                .metaverse(name)
                .and_then(|a| a.value())
                .map(ToString::to_string)
        };
        assert_eq!(
            shown("sourceAnchor").as_deref(),
            Some("QF5HMK7n80qvdYsUPIHa9Q==")
        );
        assert_eq!(
            shown("userPrincipalName").as_deref(),
            Some("kari@contoso.example")
        );
        assert_eq!(shown("accountEnabled").as_deref(), Some("True"));
        assert_eq!(shown("displayName").as_deref(), Some("Kari Nordmann"));
        assert_eq!(shown("objectSidString").as_deref(), Some("S-1-5-18"));
        assert_eq!(shown("pwdLastSet").as_deref(), Some("20240117212000.0Z"));
        assert_eq!(
            shown("proxyAddresses").as_deref(),
            Some("SMTP:kari@contoso.example; smtp:k@contoso.example")
        );
        assert_eq!(shown("domainFQDN").as_deref(), Some("contoso.example"));
    }
}

#[test]
fn constants_are_no_calls() {
    assert!(matches!(
        parse("ignorethisflow").unwrap().kind,
        ExprKind::IgnoreThisFlow
    ));
    assert!(matches!(
        parse("AuthoritativeNull").unwrap().kind,
        ExprKind::AuthoritativeNull
    ));
    assert!(matches!(
        parse("Null()").unwrap().kind,
        ExprKind::Call { .. }
    ));
}
