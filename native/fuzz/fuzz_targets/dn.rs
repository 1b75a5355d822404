//! Distinguished names: read, printed, read back; an ancestor's answers agree with each other.
#![no_main]

use libfuzzer_sys::fuzz_target;
use phs_core::dn::Dn;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let name = match Dn::parse(text) {
        Ok(name) => name,
        Err(error) => {
            assert!(error.offset <= text.len());
            return;
        }
    };
    let printed = name.to_string();
    let again = Dn::parse(&printed).expect("what is printed reads back");
    assert_eq!(again, name);
    assert_eq!(again.to_string(), printed);
    assert!(name.is_at_or_below(&name) && !name.is_descendant_of(&name));
    if let Some(parent) = name.parent() {
        assert!(name.is_descendant_of(&parent));
        assert_eq!(parent.depth() + 1, name.depth());
    }
    if let Some(head) = name.domain_head() {
        assert!(name.is_at_or_below(&head));
        assert_eq!(head.domain_name(), name.domain_name());
    }
});
