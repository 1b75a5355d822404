//! PHS103: whether the account holds more than password hash sync needs.

use super::state::and;
use super::token::Speaker;
use super::words::path_in_words;
use super::{account_name, account_rows, source_of};
use crate::check::PHS103;
use crate::evidence::directory::{ConnectorAccount, DirectoryEvidence, Domain};
use crate::finding::{EvidenceRow, Finding, SkipReason, Target};
use crate::security::guid::CLASS_DOMAIN_DNS;
use crate::security::sddl::AceSddl;
use crate::security::{
    DescriptorRef, ExcessRights, GuardedObject, Holding, Sid, Source, WellKnown,
};
use crate::text;
use crate::text::Text;

use super::words::ace_at;

/// Groups whose members own the domain or the forest, by the keys of the table of well-known SIDs.
const POWERFUL: [&str; 4] = [
    "builtin-administrators",
    "domain-admins",
    "enterprise-admins",
    "schema-admins",
];

/// Judges one account over all domains.
pub(super) fn judge(directory: &DirectoryEvidence, account: &ConnectorAccount) -> Finding {
    let name = account_name(directory, account);
    let target = Target::identified(name.clone(), account.sid);
    let mut items = Vec::new();
    let mut rows = Vec::new();
    let mut unanswered = Vec::new();
    for domain in &directory.domains {
        if domain.selected.known() == Some(&false) {
            continue;
        }
        let speaker = Speaker::new(account, domain);
        if !speaker.is_complete() {
            unanswered.push(domain.display().to_owned());
        }
        items.extend(memberships(account, domain));
        let descriptor = domain
            .descriptor
            .known()
            .and_then(|bytes| DescriptorRef::parse(&bytes.0).ok());
        match descriptor {
            Some(descriptor) => {
                let source = source_of(directory, &domain.distinguished_name);
                on_head(
                    &speaker,
                    domain,
                    &descriptor,
                    &source,
                    &mut items,
                    &mut rows,
                );
            }
            None => unanswered.push(domain.display().to_owned()),
        }
    }
    unanswered.dedup();
    let finding = if !items.is_empty() {
        Finding::warning(
            &PHS103,
            target,
            text!(
                "phs103-excess",
                account = name,
                items = and(items.into_iter())
            ),
        )
    } else if unanswered.is_empty() {
        Finding::passed(&PHS103, target, text!("phs103-passed", account = name))
    } else {
        Finding::skipped(
            &PHS103,
            SkipReason::EvidenceMissing,
            target,
            text!("phs103-unknown", account = name, domains = unanswered),
        )
    };
    finding
        .with_evidence(account_rows(directory, account))
        .with_evidence(rows)
        .observed(directory.observed_at)
}

/// The powerful groups of one domain that speak for the account.
fn memberships(account: &ConnectorAccount, domain: &Domain) -> Vec<Text> {
    let listed = account
        .memberships
        .iter()
        .find(|memberships| memberships.domain == domain.distinguished_name);
    let is_home = account.domain == domain.distinguished_name;
    listed
        .into_iter()
        .flat_map(|memberships| &memberships.groups)
        .filter(|group| {
            let Some(known) = WellKnown::of(group.sid.as_view()) else {
                return false;
            };
            // A group of the account's own domain is listed in every domain; it is named once.
            let issued_here = group
                .sid
                .as_view()
                .split_domain()
                .is_none_or(|(issuer, _)| domain.sid.known().map_or(is_home, |sid| *sid == issuer));
            POWERFUL.contains(&known.key) && issued_here
        })
        .map(|group| {
            let name = group.label();
            if group.path.len() > 1 {
                text!(
                    "excess-member-path",
                    group = name,
                    domain = domain.display(),
                    path = path_in_words(&group.path)
                )
            } else {
                text!("excess-member", group = name, domain = domain.display())
            }
        })
        .collect()
}

/// The rights on the head that give the domain away.
fn on_head(
    speaker: &Speaker<'_>,
    domain: &Domain,
    descriptor: &DescriptorRef<'_>,
    source: &str,
    items: &mut Vec<Text>,
    rows: &mut Vec<EvidenceRow>,
) {
    let object = GuardedObject {
        sid: domain.sid.known().map(Sid::as_view),
        class: Some(CLASS_DOMAIN_DNS),
    };
    let excess = ExcessRights::of(descriptor, &speaker.token, object);
    let held = |holding: Holding| match holding {
        Holding::Held { from } => Some(from),
        Holding::NotHeld | Holding::Undetermined { .. } => None,
    };
    let mut tell = |item: Text, right: &str, from: Source| {
        items.push(item);
        let origin = match from {
            Source::NoDacl => "no DACL".to_owned(),
            Source::Owner => "owner".to_owned(),
            Source::Ace { ace } => ace_at(descriptor, ace)
                .map(|entry| format!("ACE {} {}", ace + 1, AceSddl(entry)))
                .unwrap_or_default(),
        };
        rows.push(EvidenceRow::new(
            source,
            domain.distinguished_name.clone(),
            right,
            origin,
        ));
    };
    let display = domain.display();
    // Full control holds the other two.
    if let Some(from) = held(excess.full_control) {
        tell(
            text!("excess-full-control", domain = display),
            "GENERIC_ALL",
            from,
        );
        return;
    }
    if let Some(from) = held(excess.write_dac) {
        tell(
            text!("excess-write-dac", domain = display),
            "WRITE_DAC",
            from,
        );
    }
    if let Some(from) = held(excess.write_owner) {
        tell(
            text!("excess-write-owner", domain = display),
            "WRITE_OWNER",
            from,
        );
    }
}
