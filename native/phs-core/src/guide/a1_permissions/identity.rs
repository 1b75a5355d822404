//! PHS105: whether it is clear which account is the connector account.

use super::{account_name, account_rows};
use crate::check::PHS105;
use crate::evidence::directory::{
    AccountKind, ConnectorAccount, DirectoryEvidence, Identification,
};
use crate::finding::{Finding, Target};
use crate::text;
use crate::text::Text;

/// Judges the candidates as a whole, then the name of each judged account.
pub(super) fn judge(directory: &DirectoryEvidence, sink: &mut super::Sink<'_>) {
    let finding = candidates(directory);
    let rows: Vec<_> = directory
        .accounts
        .iter()
        .flat_map(|account| account_rows(directory, account))
        .collect();
    sink(finding.with_evidence(rows).observed(directory.observed_at));
    for account in directory.judged_accounts() {
        let others: Vec<_> = directory
            .namesakes
            .iter()
            .filter(|namesake| namesake.of == account.sid)
            .map(|namesake| namesake.distinguished_name.clone())
            .collect();
        if others.is_empty() {
            continue;
        }
        let name = account_name(directory, account);
        sink(
            Finding::warning(
                &PHS105,
                Target::identified(name.clone(), account.sid),
                text!("phs105-namesake", account = name, others = others),
            )
            .with_evidence(account_rows(directory, account))
            .observed(directory.observed_at),
        );
    }
}

fn candidates(directory: &DirectoryEvidence) -> Finding {
    let forest = directory
        .forest
        .known()
        .map_or(directory.source.as_str(), String::as_str);
    let target = Target::named(forest);
    // The agent of Cloud Sync has accounts of its own beside those of Connect.
    let of_connect = |account: &&ConnectorAccount| {
        account.is_named() || account.kind != AccountKind::CloudSyncServiceAccount
    };
    let judged: Vec<_> = directory.judged_accounts().filter(of_connect).collect();
    let named = directory.accounts.iter().any(ConnectorAccount::is_named);
    let leftovers: Vec<_> = directory
        .accounts
        .iter()
        .filter(of_connect)
        .filter(|account| named && !account.is_named())
        .map(|account| with_server(directory, account))
        .collect();
    match judged.as_slice() {
        [] => {
            let agents: Vec<_> = directory
                .judged_accounts()
                .map(|account| account_name(directory, account))
                .collect();
            Finding::passed(
                &PHS105,
                target,
                text!("phs105-cloud-sync-only", accounts = agents),
            )
        }
        [account] if leftovers.is_empty() => Finding::passed(
            &PHS105,
            target,
            text!(
                "phs105-passed",
                account = account_name(directory, account),
                how = how(account)
            ),
        ),
        _ if !leftovers.is_empty() => Finding::warning(
            &PHS105,
            target,
            text!(
                "phs105-leftovers",
                accounts = names(directory, &judged),
                others = leftovers
            ),
        ),
        // Each of several connectors to one forest may have its own; the configuration says so.
        all if all.iter().all(|account| is_configured(account)) => Finding::passed(
            &PHS105,
            target,
            text!(
                "phs105-several-configured",
                accounts = names(directory, all)
            ),
        ),
        all => Finding::warning(
            &PHS105,
            target,
            text!("phs105-several", accounts = names(directory, all)),
        ),
    }
}

fn is_configured(account: &ConnectorAccount) -> bool {
    account
        .identified
        .iter()
        .any(|how| matches!(how, Identification::Configured { .. }))
}

fn names(directory: &DirectoryEvidence, accounts: &[&ConnectorAccount]) -> Vec<String> {
    accounts
        .iter()
        .map(|account| with_server(directory, account))
        .collect()
}

/// The account with the server that its description names, if it names one.
fn with_server(directory: &DirectoryEvidence, account: &ConnectorAccount) -> String {
    let name = account_name(directory, account);
    match account.server_in_description() {
        Some(server) => format!("{name} ({server})"),
        None => name,
    }
}

/// The strongest way in which the account was identified.
fn how(account: &ConnectorAccount) -> Text {
    identified(account)
        .into_iter()
        .next()
        .unwrap_or_else(|| text!("identified-given"))
}

/// Every way in which the account was identified, the strongest first.
pub(crate) fn identified(account: &ConnectorAccount) -> Vec<Text> {
    let mut ways: Vec<_> = account
        .identified
        .iter()
        .map(|how| match how {
            Identification::Given => (0, text!("identified-given")),
            Identification::Configured { connector } => {
                (1, text!("identified-configured", connector = connector))
            }
            Identification::Description => (
                2,
                match account.server_in_description() {
                    Some(server) => text!("identified-description", server = server),
                    None => text!("identified-description-alone"),
                },
            ),
            Identification::Name => (3, text!("identified-name")),
            Identification::CloudSync => (4, text!("identified-cloud-sync")),
            Identification::HoldsRights => (5, text!("identified-holds-rights")),
        })
        .collect();
    ways.sort_by_key(|(rank, _)| *rank);
    ways.into_iter().map(|(_, text)| text).collect()
}
