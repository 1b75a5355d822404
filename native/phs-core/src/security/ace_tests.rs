use super::*;
use crate::security::guid::ControlAccessRight;

const EVERYONE: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0];

/// An ACE of these bytes; the size field is what the bytes take.
fn ace(code: u8, flags: u8, body: &[&[u8]]) -> Vec<u8> {
    let body = body.concat();
    let size = u16::try_from(body.len() + ACE_HEADER)
        .unwrap()
        .to_le_bytes();
    [&[code, flags, size[0], size[1]], &body[..]].concat()
}

fn read(bytes: &[u8]) -> AceRef<'_> {
    let (ace, size) = AceRef::parse(bytes, 0).unwrap();
    assert_eq!(size, bytes.len());
    ace
}

#[test]
fn the_ace_that_password_hash_sync_needs() {
    let guid = guid::to_wire(ControlAccessRight::GET_CHANGES.guid);
    let bytes = ace(5, 0, &[&[0, 1, 0, 0], &[1, 0, 0, 0], &guid, &EVERYONE]);
    let ace = read(&bytes);
    assert_eq!(ace.ace_type, AceType::AllowObject);
    assert_eq!(ace.flags, AceFlags::empty());
    assert_eq!(ace.mask(), Some(AccessMask::CONTROL_ACCESS));
    assert_eq!(
        ace.object_type(),
        Some(ControlAccessRight::GET_CHANGES.guid)
    );
    assert_eq!(ace.trustee().unwrap().to_string(), "S-1-1-0");
}

#[test]
fn codes_and_types_are_one_to_one() {
    for code in 0..=u8::MAX {
        assert_eq!(AceType::from_code(code).code(), code);
    }
    assert_eq!(AceType::from_code(4), AceType::Unknown(4));
    assert_eq!(AceType::from_code(0x16), AceType::Unknown(0x16));
}

#[test]
fn every_layout_of_ms_dtyp() {
    let sid: &[u8] = &EVERYONE;
    let data: &[u8] = b"artx\0\0\0\0";
    let mask: &[u8] = &[0x34, 0x12, 0, 0];
    let guid_a = [0xa; 16];
    let guid_b = [0xb; 16];
    for code in (0..=0x15).filter(|code| *code != 4) {
        let is_object = [5, 6, 7, 8, 0xb, 0xc, 0xf, 0x10].contains(&code);
        let is_callback = (9..=0x10).contains(&code);
        for flags in 0..4_u8 {
            let object_flags = [flags, 0, 0, 0];
            let mut body = vec![mask];
            if is_object {
                body.push(&object_flags);
                if flags & 1 != 0 {
                    body.push(&guid_a);
                }
                if flags & 2 != 0 {
                    body.push(&guid_b);
                }
            }
            body.extend([sid, data]);
            let bytes = ace(code, 0x13, &body);
            let ace = read(&bytes);
            assert_eq!(ace.ace_type.is_object(), is_object, "{code:#x}");
            assert_eq!(ace.ace_type.is_callback(), is_callback, "{code:#x}");
            assert_eq!(ace.mask().unwrap().bits(), 0x1234);
            assert_eq!(ace.trustee().unwrap().as_bytes(), sid);
            match ace.body {
                AceBody::Basic {
                    application_data, ..
                } => assert_eq!(application_data, data),
                AceBody::Object {
                    object_type,
                    inherited_object_type,
                    application_data,
                    ..
                } => {
                    assert_eq!(
                        object_type,
                        (flags & 1 != 0).then(|| guid::from_wire(&guid_a))
                    );
                    assert_eq!(
                        inherited_object_type,
                        (flags & 2 != 0).then(|| guid::from_wire(&guid_b))
                    );
                    assert_eq!(application_data, data);
                }
                AceBody::Opaque(_) => panic!("{code:#x} has a known layout"),
            }
            let mut written = Vec::new();
            ace.write(&mut written).unwrap();
            assert_eq!(written, bytes, "{code:#x}");
        }
    }
}

#[test]
fn effects() {
    let with = |effect| -> Vec<u8> {
        (0..=u8::MAX)
            .filter(|code| AceType::from_code(*code).effect() == Some(effect))
            .collect()
    };
    assert_eq!(with(AceEffect::Allow), [0x00, 0x05, 0x09, 0x0b]);
    assert_eq!(with(AceEffect::Deny), [0x01, 0x06, 0x0a, 0x0c]);
}

// Trap 43: an unknown type is kept raw and skipped by its size, whatever its bytes.
#[test]
fn unknown_types_are_kept_raw() {
    for code in [4, 0x16, 0x80, 0xff] {
        let bytes = ace(code, 0, &[&[0xde, 0xad, 0xbe, 0xef, 1]]);
        assert_eq!(
            read(&bytes).body,
            AceBody::Opaque(&[0xde, 0xad, 0xbe, 0xef, 1])
        );
        assert_eq!(read(&bytes).trustee(), None);
        let empty = ace(code, 0, &[]);
        assert_eq!(read(&empty).body, AceBody::Opaque(&[]));
    }
}

#[test]
fn an_ace_never_reaches_past_its_own_size() {
    let guid = [7; 16];
    for (code, body) in [
        (0, vec![&[0, 1, 0, 0][..], &EVERYONE]),
        (
            5,
            vec![&[0, 1, 0, 0], &[3, 0, 0, 0], &guid, &guid, &EVERYONE],
        ),
    ] {
        let whole = ace(code, 0, &body);
        for size in 0..whole.len() {
            // The bytes that the size field leaves out are still there: reading them would be an over-read.
            let mut bytes = whole.clone();
            bytes[2] = u8::try_from(size).unwrap();
            let error = AceRef::parse(&bytes, 100).unwrap_err();
            match (size, error) {
                (
                    0..4,
                    DescriptorError::AceSize {
                        offset: 100,
                        size: found,
                    },
                ) => assert_eq!(found, size),
                (4.., DescriptorError::Truncated { available, .. }) => {
                    assert_eq!(available, size - 4);
                }
                (4.., DescriptorError::Sid { offset, .. }) => assert!(offset > 100),
                (_, error) => panic!("size {size}: {error}"),
            }
            // And the buffer that ends early.
            let error = AceRef::parse(&whole[..size], 100).unwrap_err();
            assert!(
                matches!(error, DescriptorError::Truncated { offset: 100, available, .. } if available == size),
                "{error}"
            );
        }
    }
}
