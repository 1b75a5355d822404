//! Guide steps B1 to B3 for one user: will the password sync, and if not, everything that stands in the way.
//!
//! [`UserJudge`] is made once per run: it compiles the rules and containers of every connector. [`judge_user`] judges
//! one user on it and is meant for hundreds of thousands: with [`Detail::Verdict`] a user who will sync costs one
//! evaluation of the rules and no text. The three step files hold the checks; this module only orders their answers.

mod clauses;
mod judge;
mod outcome;
mod subject;

pub(super) use clauses::{clause_texts, excluding, value_text, why_text};
pub(super) use judge::{ConnectorJudge, PartitionJudge, Selective};
pub use judge::{Detail, JudgeOptions, UserJudge};
pub(super) use outcome::{Answers, Basis};
pub use outcome::{Effect, Reason, UserJudgement, Verdict};
pub(super) use subject::{Password, Seen, Subject, file_time};

use crate::check::{Step, of_step};
use crate::evidence::Evidence;
use crate::evidence::user::UserEvidence;
use crate::guide::{Context, Sink, b1_user, b2_temporary_password, b3_object_setup};
use crate::rules::AttributeSource;

/// Judges one user. `facts` is what the synchronization service and the tenant say of it; none where nobody asked them.
///
/// The source answers for the names of [`UserJudge::attributes`]; the slot it is asked with is the place in that list.
pub fn judge_user(
    judge: &UserJudge,
    source: &dyn AttributeSource,
    facts: Option<&UserEvidence>,
) -> UserJudgement {
    let place = judge.place(source.dn());
    let slotted = UserJudge::slotted(source, &place);
    let context = judge.rule_context(&place);
    let evaluation = place
        .connector
        .map(|connector| connector.rules.evaluate(&slotted, &context));
    let subject = Subject::new(judge, source, facts, place, evaluation);
    let mut answers = Answers::new(&subject);
    b3_object_setup::object_type(&subject, &mut answers);
    b1_user::in_scope(&subject, &mut answers);
    b3_object_setup::object_errors(&subject, &mut answers);
    b3_object_setup::anchor(&subject, &mut answers);
    b3_object_setup::cloud_filtered(&subject, &mut answers);
    b2_temporary_password::disabled_or_expired(&subject, &mut answers);
    b2_temporary_password::must_change(&subject, &mut answers);
    b2_temporary_password::never_set(&subject, &mut answers);
    b2_temporary_password::smart_card(&subject, &mut answers);
    b1_user::password_rule(&subject, &mut answers);
    b1_user::join(&subject, &mut answers);
    b1_user::last_attempt(&subject, &mut answers);
    b3_object_setup::cloud_user_name(&subject, &mut answers);
    answers.finish(&subject)
}

/// Judges one of the steps B1 to B3 for every user of the evidence.
pub(super) fn judge_step(step: Step, evidence: &Evidence, context: &Context, sink: &mut Sink<'_>) {
    let Some(users) = &evidence.users else {
        return;
    };
    let options = JudgeOptions {
        detail: Detail::Full,
        now: context.today,
        tenant: users.tenant.clone(),
    };
    let judge = UserJudge::new(evidence.server.as_ref(), options);
    for check in of_step(step) {
        for user in &users.list {
            let judgement = judge_user(&judge, user, Some(user));
            judgement
                .reasons
                .into_iter()
                .filter(|reason| reason.finding.check.id == check.id)
                .for_each(|reason| sink(reason.finding));
        }
    }
}
