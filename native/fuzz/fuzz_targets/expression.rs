//! An expression: read, printed, read back, evaluated against an object whose values come from the same bytes.
#![no_main]

mod object;

use libfuzzer_sys::fuzz_target;
use object::{Object, Slots};
use phs_core::rules::expression::{Context, Program, decisive, parse};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (text, object) = text
        .split_once('\0')
        .unwrap_or((text, "CN=a\\0ACNF:b,DC=c"));
    let Ok(expr) = parse(text) else { return };
    let printed = expr.to_string();
    let again = parse(&printed).expect("what is printed reads back");
    assert_eq!(again, expr);
    let program = Program::new(text, &mut Slots).expect("what parses compiles");
    let parameters = [("P".to_owned(), "a:b,c:".to_owned())];
    let context = Context {
        parameters: &parameters,
        ..Context::default()
    };
    let object = Object(object);
    let first = program.run(&object, &context);
    assert_eq!(first, program.run(&object, &context));
    if let Some(part) = decisive(&program, &object, &context) {
        assert_eq!(part.span.of(text), part.text);
    }
});
