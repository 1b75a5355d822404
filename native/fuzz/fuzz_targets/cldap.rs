//! Hostile datagrams as answers to a CLDAP ping, and hostile bytes as LDAP messages.
#![no_main]

use std::hint::black_box;

use libfuzzer_sys::fuzz_target;
use phs_collect::wire::{ber, cldap, ldap};

fuzz_target!(|data: &[u8]| {
    if let Ok((id, _, used)) = ldap::decode(data) {
        assert!(used <= data.len());
        black_box(cldap::decode(data, id).ok());
        // A reader on a stream must ask for exactly these bytes.
        assert_eq!(ber::total_length(data, usize::MAX >> 1).ok().flatten(), Some(used));
    }
    if let Ok(ping) = cldap::response(data) {
        for name in [&ping.forest, &ping.domain, &ping.host, &ping.site, &ping.client_site] {
            assert!(name.len() <= 3 * 255 + 64 * 3);
        }
    }
    black_box(ldap::sub_code(&String::from_utf8_lossy(data)));
});
