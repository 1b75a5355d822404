//! `Test-PhsUser`: steps B1 to B3 for users, as verdicts with all reasons.

use phs_core::evidence::user::UserEvidence;
use phs_core::guide::user::UserJudgement;

use super::RunContext;
use super::users::{UserDiagnostic, UserKind};

/// The request.
pub type TestUser = UserDiagnostic<Verdicts>;

/// Verdicts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verdicts;

impl UserKind for Verdicts {
    const ALL_WITHOUT_IDENTITY: bool = false;

    async fn tell(context: &RunContext, user: &UserEvidence, judgement: UserJudgement) {
        context
            .verdict(&judgement, &user.identity, user.observed_at)
            .await;
    }
}
