//! What leaves the library: records with rendered words. Property names are contracts (design, section 5).

mod account;
mod audit;
mod capability;
mod difference;
mod event;
mod evidence;
mod record;
mod user;

pub use account::AccountRecord;
pub use audit::{AuditReason, AuditSummary};
pub use capability::CapabilityRecord;
pub use difference::DifferenceRecord;
pub use event::{EventRecord, EventUserRecord};
pub use evidence::{EvidenceFileRecord, EvidencePartRecord, MissingEvidenceRecord};
pub use record::{CheckRecord, FindingRecord};
pub use user::UserVerdictRecord;
