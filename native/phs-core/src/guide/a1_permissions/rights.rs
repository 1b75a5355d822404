//! PHS101: both replication rights on one domain head.

use super::remedy::{self, Judged};
use super::token::Speaker;
use super::words;
use super::{account_name, account_rows, source_of};
use crate::check::PHS101;
use crate::evidence::directory::{ConnectorAccount, DirectoryEvidence, Domain};
use crate::evidence::{Fact, UnknownReason};
use crate::finding::{EvidenceRow, Finding, SkipReason, Target};
use crate::security::sddl::AceSddl;
use crate::security::{ControlAccessRight, DescriptorRef, Verdict, effective_rights};
use crate::text;
use crate::text::Text;

/// The rights that password hash sync needs. In-Filtered-Set is no substitute for either.
pub(super) const NEEDED: [ControlAccessRight; 2] = [
    ControlAccessRight::GET_CHANGES,
    ControlAccessRight::GET_CHANGES_ALL,
];

/// What is known of one right of an account on a domain head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// It is certainly held.
    Yes,
    /// It is certainly not held.
    No,
    /// It hangs on the condition of a conditional entry.
    Undetermined,
    /// The descriptor, or groups that could change the answer, could not be read.
    Unknown,
}

impl Held {
    /// The word for it in values.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Yes => "held",
            Self::No => "not held",
            Self::Undetermined => "conditional",
            Self::Unknown => "unknown",
        }
    }
}

/// Both rights of one account on one domain head, without the words of a finding.
pub(crate) fn held(account: &ConnectorAccount, domain: &Domain) -> [(ControlAccessRight, Held); 2] {
    let descriptor = domain
        .descriptor
        .known()
        .and_then(|bytes| DescriptorRef::parse(&bytes.0).ok());
    let Some(descriptor) = descriptor else {
        return NEEDED.map(|right| (right, Held::Unknown));
    };
    let speaker = Speaker::new(account, domain);
    let head_sid = domain.sid.known().map(crate::security::Sid::as_view);
    NEEDED.map(|right| {
        let [verdict] = effective_rights(&descriptor, &speaker.token, [right.guid], head_sid);
        let held = if speaker.could_change(&descriptor, right.guid, verdict) {
            Held::Unknown
        } else if verdict.is_granted() {
            Held::Yes
        } else if matches!(verdict, Verdict::Denied { .. }) {
            Held::No
        } else {
            Held::Undetermined
        };
        (right, held)
    })
}

/// Judges one account on one domain head.
pub(super) fn judge(
    directory: &DirectoryEvidence,
    account: &ConnectorAccount,
    domain: &Domain,
) -> Finding {
    let target = target(directory, account, domain);
    let finding = match readable(domain) {
        Ok(bytes) => match DescriptorRef::parse(bytes) {
            Ok(descriptor) => judge_descriptor(directory, account, domain, &descriptor, target),
            Err(error) => Finding::skipped(
                &PHS101,
                SkipReason::EvidenceMissing,
                target,
                text!(
                    "phs101-unreadable",
                    domain = domain.display(),
                    detail = error.to_string()
                ),
            ),
        },
        Err((reason, message)) => Finding::skipped(&PHS101, reason, target, message),
    };
    finding
        .with_evidence(account_rows(directory, account))
        .observed(directory.observed_at)
}

/// The account's SID and the domain head's GUID identify the question on every machine.
fn target(directory: &DirectoryEvidence, account: &ConnectorAccount, domain: &Domain) -> Target {
    let head = domain.guid.known().map_or_else(
        || domain.distinguished_name.to_lowercase(),
        ToString::to_string,
    );
    Target::identified(
        format!(
            "{} ({})",
            domain.display(),
            account_name(directory, account)
        ),
        format!("{}|{head}", account.sid),
    )
}

/// The descriptor's bytes, or why there are none to judge.
fn readable(domain: &Domain) -> Result<&[u8], (SkipReason, Text)> {
    if domain.selected.known() == Some(&false) {
        return Err((
            SkipReason::NotApplicable,
            text!("phs101-not-selected", domain = domain.display()),
        ));
    }
    match &domain.descriptor {
        Fact::Known(bytes) => Ok(&bytes.0),
        Fact::Unknown {
            reason: UnknownReason::NotPermitted,
            ..
        } => Err((
            SkipReason::NotPermitted,
            text!("phs101-not-permitted", domain = domain.display()),
        )),
        Fact::Unknown { reason, detail } => {
            let detail = domain
                .trouble
                .as_ref()
                .map(|trouble| trouble.detail.clone())
                .or_else(|| detail.clone())
                .unwrap_or_else(|| format!("{reason:?}"));
            Err((
                SkipReason::EvidenceMissing,
                text!(
                    "phs101-unreachable",
                    domain = domain.display(),
                    detail = detail
                ),
            ))
        }
    }
}

fn judge_descriptor(
    directory: &DirectoryEvidence,
    account: &ConnectorAccount,
    domain: &Domain,
    descriptor: &DescriptorRef<'_>,
    target: Target,
) -> Finding {
    let speaker = Speaker::new(account, domain);
    let guids = NEEDED.map(|right| right.guid);
    let head_sid = domain.sid.known().map(crate::security::Sid::as_view);
    let verdicts = effective_rights(descriptor, &speaker.token, guids, head_sid);
    let judged: Vec<Judged> = NEEDED.into_iter().zip(verdicts).collect();
    let uncertain = judged
        .iter()
        .any(|(right, verdict)| speaker.could_change(descriptor, right.guid, *verdict));
    let rows = rows(directory, domain, descriptor, &judged);
    let message = |text: Text| {
        let text = text
            .with("account", account_name(directory, account))
            .with("domain", domain.display());
        NEEDED
            .into_iter()
            .zip(verdicts)
            .zip(["changes", "all"])
            .fold(text, |text, ((right, verdict), name)| {
                text.with(name, words::reason(&speaker, descriptor, right, verdict))
            })
    };
    let denied = |verdict: &Verdict| matches!(verdict, Verdict::Denied { .. });
    let finding = if uncertain {
        let detail = speaker
            .trouble()
            .map_or_else(|| "memberOf".to_owned(), |trouble| trouble.detail.clone());
        Finding::skipped(
            &PHS101,
            SkipReason::EvidenceMissing,
            target,
            message(text!("phs101-groups-unknown", detail = detail)),
        )
    } else if verdicts.iter().any(denied) {
        let remedies = remedy::remedies(directory, domain, &speaker, descriptor, &judged);
        let missing = missing(&judged);
        let mut finding = Finding::failed(
            &PHS101,
            target,
            message(text!("phs101-failed", missing = missing)),
        );
        finding.remedies = remedies;
        finding
    } else if verdicts.iter().all(|verdict| verdict.is_granted()) {
        match read_only_controller(domain) {
            Some(server) => Finding::warning(
                &PHS101,
                target,
                message(text!("phs101-read-only", server = server)),
            ),
            None => Finding::passed(&PHS101, target, message(text!("phs101-passed"))),
        }
    } else {
        Finding::warning(&PHS101, target, message(text!("phs101-undetermined")))
    };
    let holders = words::holders(descriptor, &guids);
    let holders = (!holders.is_empty()).then(|| {
        EvidenceRow::new(
            source_of(directory, &domain.distinguished_name),
            domain.distinguished_name.clone(),
            "nTSecurityDescriptor (trustees of both rights)",
            holders
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", "),
        )
    });
    finding.with_evidence(rows).with_evidence(holders)
}

/// Which of the two rights are certainly not held.
fn missing(judged: &[Judged]) -> Text {
    let denied: Vec<_> = judged
        .iter()
        .filter(|(_, verdict)| matches!(verdict, Verdict::Denied { .. }))
        .map(|(right, _)| *right)
        .collect();
    match denied.as_slice() {
        [one] => words::right_name(*one),
        _ => text!("right-both"),
    }
}

fn read_only_controller(domain: &Domain) -> Option<&str> {
    let controller = domain.controller.as_ref()?;
    (controller.read_only.known() == Some(&true)).then_some(controller.host.as_str())
}

/// One row a right: the deciding ACE as SDDL, or what decided instead.
fn rows(
    directory: &DirectoryEvidence,
    domain: &Domain,
    descriptor: &DescriptorRef<'_>,
    judged: &[Judged],
) -> Vec<EvidenceRow> {
    let source = source_of(directory, &domain.distinguished_name);
    let mut rows: Vec<_> = judged
        .iter()
        .map(|(right, verdict)| {
            let decided_by = verdict
                .deciding_ace()
                .and_then(|index| Some((index, words::ace_at(descriptor, index)?)))
                .map(|(index, ace)| format!(" by ACE {} {}", index + 1, AceSddl(ace)))
                .unwrap_or_default();
            let verdict = match verdict {
                Verdict::Granted { .. } => "Granted",
                Verdict::GrantedNoDacl => "Granted (no DACL)",
                Verdict::Denied { .. } => "Denied",
                Verdict::Undetermined { .. } => "Undetermined",
            };
            EvidenceRow::new(
                source.clone(),
                domain.distinguished_name.clone(),
                right.name,
                format!("{verdict}{decided_by}"),
            )
        })
        .collect();
    if let Some(controller) = &domain.controller
        && let Some(read_only) = controller.read_only.known()
    {
        rows.push(EvidenceRow::new(
            source,
            controller.host.clone(),
            "readOnlyDomainController",
            read_only.to_string(),
        ));
    }
    rows
}
