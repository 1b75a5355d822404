//! `Test-PhsObjectSync`: steps B1 and B3 for users, as findings.

use phs_core::check::Step;
use phs_core::evidence::user::UserEvidence;
use phs_core::guide::user::UserJudgement;

use super::RunContext;
use super::users::{UserDiagnostic, UserKind, tell_steps};

/// The request.
pub type TestObjectSync = UserDiagnostic<ObjectSync>;

/// Findings of the steps B1 and B3.
#[derive(Debug, Clone, Copy, Default)]
pub struct ObjectSync;

impl UserKind for ObjectSync {
    const ALL_WITHOUT_IDENTITY: bool = false;

    async fn tell(context: &RunContext, _user: &UserEvidence, judgement: UserJudgement) {
        tell_steps(context, judgement, &[Step::B1, Step::B3]).await;
    }
}
