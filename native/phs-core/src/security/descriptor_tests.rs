use super::*;
use crate::security::ace::AceType;
use crate::security::owned::SecurityDescriptor;
use crate::security::sid::SidError;

const ADMINISTRATORS: [u8; 16] = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0];
/// `A;;RP;;;WD`
const READ_FOR_EVERYONE: [u8; 20] = [
    0, 0, 20, 0, 0x10, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0,
];

fn header(control: u16, offsets: [u32; 4]) -> Vec<u8> {
    let mut bytes = vec![1, 0];
    bytes.extend(control.to_le_bytes());
    bytes.extend(offsets.iter().flat_map(|offset| offset.to_le_bytes()));
    bytes
}

fn acl(revision: u8, count: u16, aces: &[&[u8]], slack: usize) -> Vec<u8> {
    let aces = aces.concat();
    let mut bytes = vec![revision, 0];
    bytes.extend(u16::try_from(8 + aces.len() + slack).unwrap().to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend([0, 0]);
    bytes.extend(aces);
    bytes.resize(bytes.len() + slack, 0xee);
    bytes
}

fn with_dacl(dacl: &[u8]) -> Vec<u8> {
    [header(0x8004, [0, 0, 0, 20]), dacl.to_vec()].concat()
}

#[test]
fn owner_group_and_dacl() {
    let dacl = acl(2, 1, &[&READ_FOR_EVERYONE], 0);
    let bytes = [
        header(0x9404, [20, 36, 0, 52]),
        ADMINISTRATORS.to_vec(),
        ADMINISTRATORS.to_vec(),
        dacl.clone(),
    ]
    .concat();
    let descriptor = DescriptorRef::parse(&bytes).unwrap();
    assert_eq!(descriptor.owner().unwrap().as_bytes(), ADMINISTRATORS);
    assert_eq!(descriptor.group(), descriptor.owner());
    assert_eq!(descriptor.sacl(), AclState::Absent);
    let found = descriptor.dacl().present().unwrap();
    assert_eq!(
        (found.revision(), found.len(), found.slack().len()),
        (2, 1, 0)
    );
    assert_eq!(found.as_bytes(), dacl);
    assert_eq!(found.aces().next().unwrap().ace_type, AceType::Allow);
    assert!(
        descriptor
            .control()
            .contains(Control::DACL_PROTECTED | Control::DACL_AUTO_INHERITED)
    );
    assert_eq!(
        SecurityDescriptor::from(&descriptor).to_bytes().unwrap(),
        bytes
    );
}

// Trap 42: absent, null and empty are three different things.
#[test]
fn absent_null_and_empty_dacl() {
    let absent = header(0x8000, [0; 4]);
    assert_eq!(
        DescriptorRef::parse(&absent).unwrap().dacl(),
        AclState::Absent
    );
    // The flag decides: an offset without it is not looked at, wherever it leads.
    let unused_offset = header(0x8000, [0, 0, 0, 9999]);
    assert_eq!(
        DescriptorRef::parse(&unused_offset).unwrap().dacl(),
        AclState::Absent
    );
    let null = header(0x8004, [0; 4]);
    assert_eq!(DescriptorRef::parse(&null).unwrap().dacl(), AclState::Null);
    let empty = with_dacl(&acl(2, 0, &[], 0));
    assert!(
        DescriptorRef::parse(&empty)
            .unwrap()
            .dacl()
            .present()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn slack_is_allowed_in_the_ace_in_the_acl_and_behind() {
    let mut roomy = READ_FOR_EVERYONE.to_vec();
    roomy[2] += 8;
    roomy.extend([0xdd; 8]);
    let mut bytes = with_dacl(&acl(4, 2, &[&roomy, &READ_FOR_EVERYONE], 12));
    bytes.extend([0xcc; 5]);
    let descriptor = DescriptorRef::parse(&bytes).unwrap();
    let dacl = descriptor.dacl().present().unwrap();
    assert_eq!(dacl.slack(), [0xee; 12]);
    assert_eq!(dacl.aces().len(), 2);
    assert_eq!(dacl.aces().count(), 2);
    let written = SecurityDescriptor::from(&descriptor).to_bytes().unwrap();
    assert_eq!(written, bytes[..bytes.len() - 5]);
}

// Trap 43: one unknown ACE does not hide those behind it.
#[test]
fn unknown_aces_are_stepped_over() {
    let unknown = [0x77, 0xff, 9, 0, 1, 2, 3, 4, 5];
    let bytes = with_dacl(&acl(
        2,
        3,
        &[&READ_FOR_EVERYONE, &unknown, &READ_FOR_EVERYONE],
        0,
    ));
    let descriptor = DescriptorRef::parse(&bytes).unwrap();
    let types: Vec<u8> = descriptor
        .dacl()
        .present()
        .unwrap()
        .into_iter()
        .map(|ace| ace.ace_type.code())
        .collect();
    assert_eq!(types, [0, 0x77, 0]);
    assert_eq!(
        SecurityDescriptor::from(&descriptor).to_bytes().unwrap(),
        bytes
    );
}

#[test]
fn errors_name_the_part_and_the_offset() {
    let fails = |bytes: &[u8]| DescriptorRef::parse(bytes).unwrap_err();
    let truncated = |part, offset, needed, available| DescriptorError::Truncated {
        part,
        offset,
        needed,
        available,
    };
    let header_only = header(0x8000, [0; 4]);
    for len in 0..HEADER {
        assert_eq!(
            fails(&header_only[..len]),
            truncated(Part::Header, 0, 20, len)
        );
    }
    let mut revision = header_only.clone();
    revision[0] = 2;
    assert!(matches!(
        fails(&revision),
        DescriptorError::Revision {
            part: Part::Header,
            revision: 2,
            ..
        }
    ));
    assert_eq!(
        fails(&header(0x0004, [0; 4])),
        DescriptorError::NotSelfRelative { control: 4 }
    );
    assert_eq!(
        fails(&header(0x8000, [4, 0, 0, 0])),
        DescriptorError::InsideHeader {
            part: Part::Owner,
            offset: 4
        }
    );
    assert_eq!(
        fails(&header(0x8004, [0, 0, 0, 19])),
        DescriptorError::InsideHeader {
            part: Part::Dacl,
            offset: 19
        }
    );
    for offset in [20, 21, u32::MAX] {
        let error = fails(&header(0x8000, [0, offset, 0, 0]));
        let expected = DescriptorError::Sid {
            part: Part::Group,
            offset: usize::try_from(offset).unwrap(),
            source: SidError::Truncated {
                needed: 8,
                available: 0,
            },
        };
        assert_eq!(error, expected);
        assert!(matches!(
            fails(&header(0x8010, [0, 0, offset, 0])),
            DescriptorError::Truncated {
                part: Part::Sacl,
                needed: 8,
                available: 0,
                ..
            }
        ));
    }
}

#[test]
fn errors_inside_an_acl() {
    let fails = |dacl: &[u8]| DescriptorRef::parse(&with_dacl(dacl)).unwrap_err();
    for revision in [0, 1, 5, 255] {
        let expected = DescriptorError::Revision {
            part: Part::Dacl,
            offset: 20,
            revision,
        };
        assert_eq!(fails(&acl(revision, 0, &[], 0)), expected);
    }
    let mut small = acl(2, 0, &[], 0);
    small[2] = 7;
    assert_eq!(
        fails(&small),
        DescriptorError::AclSize {
            part: Part::Dacl,
            offset: 20,
            size: 7
        }
    );
    let mut large = acl(2, 0, &[], 0);
    large[2] = 9;
    assert!(matches!(
        fails(&large),
        DescriptorError::Truncated {
            part: Part::Dacl,
            offset: 20,
            needed: 9,
            available: 8
        }
    ));
    // One ACE more than there are: it must not be read from the bytes behind the ACL.
    let count = acl(2, 2, &[&READ_FOR_EVERYONE], 0);
    let mut bytes = with_dacl(&count);
    bytes.extend(READ_FOR_EVERYONE);
    let expected = DescriptorError::Truncated {
        part: Part::Ace,
        offset: 48,
        needed: 4,
        available: 0,
    };
    assert_eq!(DescriptorRef::parse(&bytes), Err(expected));
    assert_eq!(fails(&count), expected);
    assert_eq!(
        expected.to_string(),
        "ACE at offset 48 needs 4 bytes, 0 are there"
    );
}

#[test]
fn every_layout_comes_back_byte_for_byte() {
    let dacl = acl(4, 1, &[&READ_FOR_EVERYONE], 0);
    let sacl = acl(2, 0, &[], 4);
    let parts: [(usize, &[u8]); 4] = [
        (0, &ADMINISTRATORS),
        (1, &READ_FOR_EVERYONE[8..]),
        (2, &sacl),
        (3, &dacl),
    ];
    for order in [[0, 1, 2, 3], [2, 3, 0, 1], [3, 2, 1, 0], [1, 0, 3, 2]] {
        let mut offsets = [0; 4];
        let mut body = Vec::new();
        for at in order {
            let (slot, bytes) = parts[at];
            offsets[slot] = u32::try_from(HEADER + body.len()).unwrap();
            body.extend(bytes);
        }
        let bytes = [header(0x8014, offsets), body].concat();
        let read = SecurityDescriptor::parse(&bytes).unwrap();
        assert_eq!(read.to_bytes().unwrap(), bytes);
        assert_eq!(
            read,
            SecurityDescriptor::parse(&read.to_bytes().unwrap()).unwrap()
        );
    }
}

#[test]
fn overlapping_parts_are_read_and_written_apart() {
    let bytes = [header(0x8000, [20, 20, 0, 0]), ADMINISTRATORS.to_vec()].concat();
    let read = SecurityDescriptor::parse(&bytes).unwrap();
    assert_eq!(read.owner, read.group);
    let written = read.to_bytes().unwrap();
    assert_eq!(written.len(), bytes.len() + ADMINISTRATORS.len());
    assert_eq!(SecurityDescriptor::parse(&written).unwrap(), read);
}
