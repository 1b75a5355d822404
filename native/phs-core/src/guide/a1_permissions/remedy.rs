//! What gives an account the rights, in forms that work in every language.

use super::account_name;
use super::token::Speaker;
use super::words::ace_at;
use crate::evidence::directory::{DirectoryEvidence, Domain};
use crate::security::{ControlAccessRight, Denial, DescriptorRef, Verdict};
use crate::text;
use crate::text::Text;

/// One right and what was found of it.
pub(super) type Judged = (ControlAccessRight, Verdict);

/// The remedies for the rights that are not held, most exact first.
pub(super) fn remedies(
    directory: &DirectoryEvidence,
    domain: &Domain,
    speaker: &Speaker<'_>,
    descriptor: &DescriptorRef<'_>,
    judged: &[Judged],
) -> Vec<Text> {
    let mut remedies = Vec::new();
    let mut to_grant = Vec::new();
    let mut seen_aces = Vec::new();
    for (right, verdict) in judged {
        let Verdict::Denied { by } = verdict else {
            continue;
        };
        let Denial::DenyingAce { ace: index } = by else {
            to_grant.push(*right);
            continue;
        };
        let Some(ace) = ace_at(descriptor, *index) else {
            continue;
        };
        // An explicit grant stands before every inherited entry in canonical order, so it overrides an inherited denial.
        if ace.is_inherited() {
            to_grant.push(*right);
            continue;
        }
        if seen_aces.contains(index) {
            continue;
        }
        seen_aces.push(*index);
        let Some(trustee) = ace.trustee() else {
            continue;
        };
        remedies.push(text!(
            "remedy-remove-denial",
            path = path(domain),
            sid = trustee.to_string(),
            right = ace.object_type().map_or_else(
                || "00000000-0000-0000-0000-000000000000".to_owned(),
                |guid| guid.to_string()
            ),
        ));
        if let Some(group) = speaker.group(trustee) {
            let first = group.path.first().cloned().unwrap_or_else(|| group.label());
            remedies.push(text!("remedy-leave-group", group = first));
        }
    }
    if to_grant.is_empty() {
        return remedies;
    }
    let account = speaker.account;
    let guids: Vec<_> = to_grant
        .iter()
        .map(|right| format!("'{}'", right.guid))
        .collect();
    remedies.push(text!(
        "remedy-grant",
        path = path(domain),
        sid = account.sid.to_string(),
        rights = guids,
    ));
    if let Some(name) = account.sam_account_name.known() {
        let home = directory
            .domain(&account.domain)
            .map_or_else(|| domain.display(), Domain::display);
        remedies.push(text!(
            "remedy-grant-module",
            name = quoted(name),
            domain = quoted(home)
        ));
    }
    let grants: Vec<_> = to_grant
        .iter()
        .filter_map(|right| Some((*right, english_name(*right)?)))
        .map(|(_, name)| format!("\"{}:CA;{name}\"", account_name(directory, account)))
        .collect();
    remedies.push(text!(
        "remedy-grant-dsacls",
        head = &domain.distinguished_name,
        grants = grants.join(" ")
    ));
    remedies
}

/// The display name by which `dsacls` knows a right on an English Windows: part of a command, so not translated.
fn english_name(right: ControlAccessRight) -> Option<&'static str> {
    if right == ControlAccessRight::GET_CHANGES {
        Some("Replicating Directory Changes")
    } else if right == ControlAccessRight::GET_CHANGES_ALL {
        Some("Replicating Directory Changes All")
    } else {
        None
    }
}

/// The ADSI path of a domain head, as it stands between apostrophes.
fn path(domain: &Domain) -> String {
    let name = domain.distinguished_name.replace('/', "\\/");
    if domain.dns_name.is_empty() {
        quoted(&format!("LDAP://{name}"))
    } else {
        quoted(&format!("LDAP://{}/{name}", domain.dns_name))
    }
}

/// A text as it stands between apostrophes in PowerShell.
fn quoted(text: &str) -> String {
    text.replace(['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'], "''")
}
