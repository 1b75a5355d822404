//! PHS304: can the account bind, and if not, for which of AD's reasons.

use super::{Reach, Scene, answer_word, cut_short, depends, failed, passed, reach, row, target};
use crate::check::{PHS302, PHS304, PHS305};
use crate::evidence::network::{Answer, BindResult, ControllerEvidence, NotTriedReason};
use crate::finding::{Finding, SkipReason};
use crate::text;
use crate::text::Text;

/// LDAP result codes (RFC 4511 A.1).
const STRONGER_AUTH_REQUIRED: u32 = 8;
const INVALID_CREDENTIALS: u32 = 49;

pub(super) fn judge(scene: &Scene<'_>, sink: &mut dyn FnMut(Finding)) {
    for controller in &scene.network.controllers {
        let value = match &controller.bind {
            Answer::Answered(result) => match result.sub_code {
                Some(sub_code) => format!("{} (data {sub_code:x})", result.result_code),
                None => result.result_code.to_string(),
            },
            answer => answer_word(answer),
        };
        sink(judge_one(controller).with_evidence([row(
            scene,
            controller,
            "LDAP bind result",
            value,
        )]));
    }
}

fn judge_one(controller: &ControllerEvidence) -> Finding {
    let host = &controller.host;
    let skipped = |reason, text| Finding::skipped(&PHS304, reason, target(controller), text);
    match &controller.bind {
        Answer::Answered(result) if result.result_code == 0 => passed(
            &PHS304,
            controller,
            text!("phs304-passed", host = host, account = &result.account),
        ),
        Answer::Answered(result) => failed(&PHS304, controller, refusal(host, result)),
        Answer::NotTried(NotTriedReason::NoCredential) => {
            skipped(SkipReason::EvidenceMissing, text!("phs304-no-credential"))
        }
        _ if reach(controller) != Reach::Alive => depends(&PHS304, controller, &PHS302),
        Answer::NotTried(NotTriedReason::NoEncryption) => skipped(
            SkipReason::DependencyFailed,
            text!("phs304-no-encryption", host = host),
        ),
        Answer::NotTried(NotTriedReason::PasswordUnusable) => skipped(
            SkipReason::EvidenceMissing,
            text!("phs304-password-unusable"),
        ),
        Answer::NotTried(NotTriedReason::AfterRefusal) => skipped(
            SkipReason::DependencyFailed,
            text!("phs304-after-refusal", host = host),
        ),
        Answer::NotTried(_) => cut_short(&PHS304, controller),
        // The only thing that a server is declined for before the bind is its certificate.
        Answer::Declined(_) => depends(&PHS304, controller, &PHS305),
        answer => failed(
            &PHS304,
            controller,
            text!("phs304-mute", host = host, answer = answer_word(answer)),
        ),
    }
}

/// AD's reason, from the Win32 error in the diagnostic message.
fn refusal(host: &String, result: &BindResult) -> Text {
    let text = match (result.result_code, result.sub_code) {
        (STRONGER_AUTH_REQUIRED, _) => text!("phs304-stronger-auth"),
        (INVALID_CREDENTIALS, Some(0x525)) => text!("phs304-525"),
        (INVALID_CREDENTIALS, Some(0x52e)) => text!("phs304-52e"),
        (INVALID_CREDENTIALS, Some(0x530)) => text!("phs304-530"),
        (INVALID_CREDENTIALS, Some(0x531)) => text!("phs304-531"),
        (INVALID_CREDENTIALS, Some(0x532)) => text!("phs304-532"),
        (INVALID_CREDENTIALS, Some(0x533)) => text!("phs304-533"),
        (INVALID_CREDENTIALS, Some(0x701)) => text!("phs304-701"),
        (INVALID_CREDENTIALS, Some(0x773)) => text!("phs304-773"),
        (INVALID_CREDENTIALS, Some(0x775)) => text!("phs304-775"),
        // Samba and some versions of AD give no sub-code.
        (INVALID_CREDENTIALS, _) => text!("phs304-49"),
        (code, _) => text!("phs304-other", code = code),
    };
    text.with("host", host).with("account", &result.account)
}
