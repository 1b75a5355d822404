//! Hostile bytes as `nTSecurityDescriptor`: read, walked, judged, written back, and shown as SDDL.
#![no_main]

use std::hint::black_box;

use libfuzzer_sys::fuzz_target;
use phs_core::security::sddl::{self, AceSddl, DescriptorSddl, SddlContext};
use phs_core::security::{
    AclState, ControlAccessRight, DescriptorRef, ExcessRights, GuardedObject, SecurityDescriptor, Sid, Token,
    effective_rights, guid,
};

const RIGHTS: [uuid::Uuid; 2] = [ControlAccessRight::GET_CHANGES.guid, ControlAccessRight::GET_CHANGES_ALL.guid];

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        read_text(text);
    }
    let Ok(descriptor) = DescriptorRef::parse(data) else {
        return;
    };
    // The token is made of trustees of the descriptor itself, so that ACEs do match.
    let trustees = descriptor.dacl().present().into_iter().flat_map(|dacl| dacl.aces());
    let token: Token = trustees.filter_map(|ace| ace.trustee()).map(|sid| sid.to_owned()).step_by(2).collect();
    let object = GuardedObject {
        sid: descriptor.owner(),
        class: Some(guid::CLASS_DOMAIN_DNS),
    };
    let verdicts = effective_rights(&descriptor, &token, RIGHTS, object.sid);
    if let AclState::Present(dacl) = descriptor.dacl() {
        for ace in verdicts.iter().filter_map(|verdict| verdict.deciding_ace()) {
            assert!(ace < dacl.len());
        }
        for ace in dacl.aces() {
            black_box(AceSddl(ace).to_string());
        }
    }
    black_box(ExcessRights::of(&descriptor, &token, object));

    let owned = SecurityDescriptor::from(&descriptor);
    let bytes = owned.to_bytes().expect("what was read can be written");
    let again = DescriptorRef::parse(&bytes).expect("what was written can be read");
    assert_eq!(SecurityDescriptor::from(&again), owned);
    assert_eq!(effective_rights(&again, &token, RIGHTS, object.sid), verdicts);
    black_box(DescriptorSddl(descriptor).to_string());
});

/// Text that is SDDL can be written, read and shown again.
fn read_text(text: &str) {
    black_box(text.parse::<Sid>().ok());
    let Ok(descriptor) = sddl::parse(text, &SddlContext::default()) else {
        return;
    };
    let Ok(bytes) = descriptor.to_bytes() else {
        return;
    };
    let view = DescriptorRef::parse(&bytes).expect("what was written can be read");
    let shown = format!("{:#}", DescriptorSddl(view));
    let again = sddl::parse(&shown, &SddlContext::default()).expect("what was shown can be read");
    assert_eq!(again, descriptor, "{shown}");
}
