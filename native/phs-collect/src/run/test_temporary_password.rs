//! `Test-PhsTemporaryPassword`: step B2 for users, as findings; for all who must change the password if none is named.

use phs_core::check::Step;
use phs_core::evidence::user::UserEvidence;
use phs_core::guide::user::UserJudgement;

use super::RunContext;
use super::users::{UserDiagnostic, UserKind, tell_steps};

/// The request.
pub type TestTemporaryPassword = UserDiagnostic<TemporaryPassword>;

/// Findings of step B2.
#[derive(Debug, Clone, Copy, Default)]
pub struct TemporaryPassword;

impl UserKind for TemporaryPassword {
    const ALL_WITHOUT_IDENTITY: bool = true;

    async fn tell(context: &RunContext, _user: &UserEvidence, judgement: UserJudgement) {
        tell_steps(context, judgement, &[Step::B2]).await;
    }
}
