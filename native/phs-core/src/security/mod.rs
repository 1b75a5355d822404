//! SIDs, ACEs, security descriptors, and the rights that follow from them.
//!
//! Bytes are read in place ([`DescriptorRef`], [`AclRef`], [`AceRef`], [`SidRef`]): checked once from end to end, never copied, never past
//! the end. The owned forms ([`SecurityDescriptor`], [`Acl`], [`Ace`], [`Sid`]) are for building, changing and writing.
//!
//! [`effective_rights`] answers which control access rights a [`Token`] holds, and names the ACE that decides; [`ExcessRights`] answers what
//! it holds beyond need. Both read the DACL in stored order, and say `Undetermined` where a condition decides that only the domain
//! controller can evaluate.

mod access;
mod ace;
mod acl;
mod bytes;
mod descriptor;
mod error;
pub mod guid;
mod mask;
mod owned;
mod owned_ace;
mod rights;
pub mod sddl;
mod sid;
#[cfg(test)]
mod testing;
mod token;
mod well_known;

pub use access::{EffectiveAccess, ExcessRights, GuardedObject, Holding, Source, effective_access};
pub use ace::{AceBody, AceEffect, AceFlags, AceRef, AceType, ObjectFlags};
pub use acl::{Aces, AclRef, AclState};
pub use descriptor::{Control, DescriptorRef};
pub use error::{DescriptorError, EncodeError, Part};
pub use guid::ControlAccessRight;
pub use mask::AccessMask;
pub use owned::{Acl, SecurityDescriptor};
pub use owned_ace::{Ace, OwnedAceBody};
pub use rights::{Denial, Verdict, effective_rights};
pub use sid::{MAX_SID_LEN, MAX_SUB_AUTHORITIES, Sid, SidError, SidRef};
pub use token::{Membership, Token};
pub use well_known::{Place, WellKnown};
