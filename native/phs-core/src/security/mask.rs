//! Access masks of directory objects and the generic mapping.

bitflags::bitflags! {
    /// An access mask (MS-DTYP 2.4.3) as a directory object reads it (MS-ADTS 5.1.3.2). Bits without a name are kept.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct AccessMask: u32 {
        /// Create child objects.
        const CREATE_CHILD = 0x0000_0001;
        /// Delete child objects.
        const DELETE_CHILD = 0x0000_0002;
        /// List child objects.
        const LIST_CHILDREN = 0x0000_0004;
        /// Validated write.
        const SELF_WRITE = 0x0000_0008;
        /// Read a property.
        const READ_PROPERTY = 0x0000_0010;
        /// Write a property.
        const WRITE_PROPERTY = 0x0000_0020;
        /// Delete the object with everything below it.
        const DELETE_TREE = 0x0000_0040;
        /// See the object in its parent.
        const LIST_OBJECT = 0x0000_0080;
        /// A control access right; all of them in an ACE without `ObjectType`.
        const CONTROL_ACCESS = 0x0000_0100;
        /// Delete the object.
        const DELETE = 0x0001_0000;
        /// Read owner, group and DACL.
        const READ_CONTROL = 0x0002_0000;
        /// Change the DACL.
        const WRITE_DAC = 0x0004_0000;
        /// Change the owner.
        const WRITE_OWNER = 0x0008_0000;
        /// Wait on the object; has no meaning in the directory.
        const SYNCHRONIZE = 0x0010_0000;
        /// Read and change the SACL.
        const ACCESS_SYSTEM_SECURITY = 0x0100_0000;
        /// Everything that maps to [`Self::FULL_CONTROL`].
        const GENERIC_ALL = 0x1000_0000;
        /// Read control and list children.
        const GENERIC_EXECUTE = 0x2000_0000;
        /// Read control, write properties, validated writes.
        const GENERIC_WRITE = 0x4000_0000;
        /// Read control, list, read properties.
        const GENERIC_READ = 0x8000_0000;
        /// What `GENERIC_ALL` means on a directory object.
        const FULL_CONTROL = 0x000F_01FF;
        const _ = !0;
    }
}

impl AccessMask {
    /// Replaces the generic bits by what they mean on a directory object (MS-ADTS 5.1.3.2.1).
    #[must_use]
    pub fn map_generic(self) -> Self {
        const MAPPING: [(AccessMask, u32); 4] = [
            (AccessMask::GENERIC_ALL, 0x000F_01FF),
            (AccessMask::GENERIC_EXECUTE, 0x0002_0004),
            (AccessMask::GENERIC_WRITE, 0x0002_0028),
            (AccessMask::GENERIC_READ, 0x0002_0094),
        ];
        if self.bits() & 0xF000_0000 == 0 {
            return self;
        }
        MAPPING.iter().fold(self, |mask, (generic, specific)| {
            if mask.contains(*generic) {
                mask.difference(*generic) | Self::from_bits_retain(*specific)
            } else {
                mask
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Trap 36: full control and GENERIC_ALL hold every control access right; the other generic rights hold none.
    #[test]
    fn only_generic_all_maps_to_control_access() {
        for (generic, mapped) in [
            (AccessMask::GENERIC_ALL, 0x000F_01FF),
            (AccessMask::GENERIC_EXECUTE, 0x0002_0004),
            (AccessMask::GENERIC_WRITE, 0x0002_0028),
            (AccessMask::GENERIC_READ, 0x0002_0094),
        ] {
            assert_eq!(generic.map_generic().bits(), mapped);
            assert_eq!(
                generic.map_generic().contains(AccessMask::CONTROL_ACCESS),
                generic == AccessMask::GENERIC_ALL
            );
        }
    }

    #[test]
    fn unnamed_bits_survive_the_mapping() {
        let mask = AccessMask::from_bits_retain(0x8080_0000);
        assert_eq!(mask.map_generic().bits(), 0x0082_0094);
    }
}
