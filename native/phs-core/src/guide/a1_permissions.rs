//! Guide step A1: the connector account's rights, state and identity.
//!
//! Outcomes of PHS101, each decided for one account on one domain head:
//!
//! * `Passed`: both rights are certainly held, on a writable domain controller.
//! * `Failed`: one of them is certainly not held.
//! * `Warning`: the answer hangs on the condition of a conditional ACE, which only the domain controller can evaluate; or both
//!   are held and the domain controller that was asked is read-only, which has no password hashes to give.
//! * `Skipped`: the descriptor, or groups that could change the answer, could not be read; or the domain is left out of
//!   synchronisation.

mod excess;
mod identity;
mod remedy;
mod rights;
mod state;
#[cfg(test)]
mod testing;
mod token;
mod words;

pub(crate) use identity::identified;
pub(crate) use rights::{Held, held};

use super::{Context, Sink, missing, skip};
use crate::check::{Check, Need, PHS101, PHS102, PHS103, PHS105};
use crate::evidence::Evidence;
use crate::evidence::directory::{ConnectorAccount, DirectoryEvidence, Identification};
use crate::finding::{EvidenceRow, SkipReason};
use crate::security::{DescriptorRef, Sid};
use crate::text;

/// Judges the step.
pub fn judge(evidence: &Evidence, _context: &Context, sink: &mut Sink<'_>) {
    let Some(directory) = &evidence.directory else {
        for check in [&PHS101, &PHS102, &PHS103, &PHS105] {
            sink(missing(check, Need::Directory));
        }
        return;
    };
    if directory.judged_accounts().next().is_none() {
        no_account(directory, sink);
        return;
    }
    for account in directory.judged_accounts() {
        for domain in &directory.domains {
            sink(rights::judge(directory, account, domain));
        }
    }
    state::judge_missing(directory, sink);
    for account in directory.judged_accounts() {
        sink(state::judge(directory, account));
    }
    for account in directory.judged_accounts() {
        sink(excess::judge(directory, account));
    }
    identity::judge(directory, sink);
}

/// Trustees that hold both rights by allowing entries of their own in this descriptor; none where it cannot be read.
pub fn trustees_of_both_rights(descriptor: &[u8]) -> Vec<Sid> {
    DescriptorRef::parse(descriptor)
        .map(|descriptor| words::holders(&descriptor, &rights::NEEDED.map(|right| right.guid)))
        .unwrap_or_default()
}

/// Nothing to judge: either a name led nowhere, or there was neither a name nor a trace.
fn no_account(directory: &DirectoryEvidence, sink: &mut Sink<'_>) {
    let dependent = |check: &'static Check| {
        if directory.not_found.is_empty() {
            skip(
                check,
                SkipReason::EvidenceMissing,
                text!("a1-no-account", source = &directory.source),
            )
        } else {
            skip(
                check,
                SkipReason::DependencyFailed,
                text!("a1-account-not-found"),
            )
        }
        .observed(directory.observed_at)
    };
    sink(dependent(&PHS101));
    if directory.not_found.is_empty() {
        sink(dependent(&PHS102));
    }
    state::judge_missing(directory, sink);
    sink(dependent(&PHS103));
    sink(dependent(&PHS105));
}

/// What an administrator calls the account: `DOMAIN\name`, else its distinguished name.
pub(crate) fn account_name(directory: &DirectoryEvidence, account: &ConnectorAccount) -> String {
    let Some(name) = account.sam_account_name.known() else {
        return account.distinguished_name.clone();
    };
    let netbios = directory
        .domain(&account.domain)
        .and_then(|domain| domain.netbios_name.known());
    match netbios {
        Some(netbios) => format!("{netbios}\\{name}"),
        None => name.clone(),
    }
}

/// The rows that say which account it is and how it was identified.
fn account_rows(directory: &DirectoryEvidence, account: &ConnectorAccount) -> Vec<EvidenceRow> {
    let source = source_of(directory, &account.domain);
    let row = |attribute: &str, value: String| {
        EvidenceRow::new(
            source.clone(),
            account.distinguished_name.clone(),
            attribute,
            value,
        )
    };
    let identified: Vec<_> = account
        .identified
        .iter()
        .map(|how| match how {
            Identification::Configured { connector } => format!("Configured: {connector}"),
            other => format!("{other:?}"),
        })
        .collect();
    let mut rows = vec![
        row("objectSid", account.sid.to_string()),
        row("identifiedBy", identified.join(", ")),
    ];
    if let Some(description) = account.description.known() {
        rows.push(row("description", description.clone()));
    }
    rows
}

/// The domain controller that was asked about a domain.
fn source_of(directory: &DirectoryEvidence, domain: &str) -> String {
    directory
        .domain(domain)
        .and_then(|domain| domain.controller.as_ref())
        .map_or_else(
            || directory.source.clone(),
            |controller| controller.host.clone(),
        )
}

#[cfg(test)]
mod tests;
