//! Events as the agent writes them: every id, and both wordings where a text changed between builds (domain 1.7).

use jiff::{SignedDuration, Timestamp};

use crate::Record;

/// Provider of the agent's events.
pub const AGENT: &str = "Directory Synchronization";
/// Provider of the engine's events.
pub const ENGINE: &str = "ADSync";
/// Another program that writes into the same log.
pub const OTHER: &str = "Fabrikam Print Accounting";
/// Identifier of the connector that the events name.
pub const CONNECTOR: &str = "b8f1c2d4-5e6a-4b7c-8d9e-0f1a2b3c4d5e";
/// The domain and partition of that connector.
pub const DOMAIN: &str = "fabrikam.com";
/// The server that writes.
pub const COMPUTER: &str = "SYNC1.fabrikam.com";

/// Level of an error, a warning, an information.
const ERROR: u8 = 2;
const WARNING: u8 = 3;
const INFORMATION: u8 = 4;

/// One event without number and time: id, provider, level, text.
pub type Line = (u16, &'static str, u8, String);

/// Texts of the agent that are the same in all builds: id, level, text with the fields that [`fill`] replaces.
#[rustfmt::skip]
const TEXTS: &[(u16, u8, &str)] = &[
    (601, INFORMATION, "Password synchronization manager has started."),
    (602, INFORMATION, "Password synchronization manager is stopping."),
    (603, ERROR, "The password synchronization manager failed unexpectedly. <exception SynchronizationManagerException>"),
    (604, ERROR, "A task failed. <exception TaskException>"),
    (605, INFORMATION, "Objects were put on the retry queue. Count: 3"),
    (606, INFORMATION, "Objects were taken off the retry queue. Count: 3"),
    (607, ERROR, "The agent cannot start. <exception InvalidOperationException>"),
    (609, WARNING, "The agent has stopped."),
    (610, ERROR, "The agent cannot stop. <exception InvalidOperationException>"),
    (612, ERROR, "The synchronization context could not be initialized for domain: <domain>. Details: <exception DirectoryServicesCOMException>"),
    (613, WARNING, "Password synchronization is paused until the full directory synchronization has finished."),
    (614, WARNING, "The agent was asked to start while it runs."),
    (615, ERROR, "A worker thread failed. <exception ThreadException>"),
    (616, WARNING, "The preferred domain controller dc2.fabrikam.com could not be reached. RPC Error 1722"),
    (617, INFORMATION, "A full password synchronization of the forest has started. Connector <connector>"),
    (618, INFORMATION, "A full password synchronization of <domain> has started."),
    (619, INFORMATION, "<domain>: 1200 objects so far."),
    (620, INFORMATION, "These objects are not tried again: 2"),
    (621, ERROR, "The full password synchronization failed. <exception SynchronizationManagerException>"),
    (622, INFORMATION, "The full password synchronization of <domain> is done."),
    (623, INFORMATION, "The full password synchronization of the forest is done. Connector <connector>"),
    (650, INFORMATION, "Provision credentials batch start. Count: 2"),
    (651, INFORMATION, "Provision credentials batch end. Count: 2"),
    (652, ERROR, "Failed credential provisioning batch. Microsoft.Online.Coexistence.ProvisionRetryException: An error occurred. Error Code: 90. Tracking ID: 3f0c1d2e-4a5b-4c6d-8e7f-90a1b2c3d4e5"),
    (653, INFORMATION, "Provision credentials ping start. Connector {<CONNECTOR>}"),
    (654, INFORMATION, "Provision credentials ping end. Connector <connector>"),
    (655, ERROR, "Failed credential provisioning ping. Microsoft.Online.Coexistence.ProvisionException: AADSTS50126: the credential was refused."),
    (658, INFORMATION, "A credential for the domain services was asked for."),
    (659, INFORMATION, "The password policy was synchronized."),
    (660, INFORMATION, "The company feature is being repaired."),
    (661, INFORMATION, "The company feature was repaired."),
    (662, ERROR, "A health task failed. <exception WebException>"),
    (663, INFORMATION, "The password synchronization manager is alive."),
    (664, ERROR, "The synchronization of one object failed. RPC Error 8333"),
    (665, ERROR, "The state of the cycle could not be stored for domain: <domain>. <exception SqlException>"),
    (666, WARNING, "A deadlock was met in the database."),
    (667, ERROR, "The key for MD5 could not be made: this implementation is not part of the Windows Platform FIPS validated cryptographic algorithms."),
    (668, INFORMATION, "Objects of which only pwdLastSet changed: 4"),
    (0, ERROR, "The work failed and will be tried again. Microsoft.Online.PasswordSynchronization.SynchronizationManagerException: Error Code: 81."),
    (115, ERROR, "Access to the cloud was denied: AADSTS50034"),
    (904, INFORMATION, "Scheduler::SchedulerThreadMain : Started."),
    (904, INFORMATION, "Scheduler::SchedulerThreadMain : Finished."),
    (6900, ERROR, "The server met an error while it handled a password change notification. Error Code: 90."),
    (2001, INFORMATION, "A diagnostic tool looked at connector <connector>."),
    (2201, INFORMATION, "A diagnostic tool has ended."),
    (2501, WARNING, "A diagnostic tool found something."),
];

/// Texts of the engine.
const ENGINE_TEXTS: [(u16, &str); 5] = [
    (
        6100,
        "The run profile Delta Synchronization ended with warnings.",
    ),
    (6127, "The run profile Full Import ended with errors."),
    (6329, "The password writeback flag could not be set."),
    (6803, "The run profile Export ended with errors."),
    (6941, "An export error: AttributeValueMustBeUnique."),
];

/// Every id, in their order; where an older build words one otherwise, it comes a second time.
pub fn every_id() -> Vec<Line> {
    let reworded = [
        (611, ERROR, denied(DOMAIN, "dc1.fabrikam.com", "192.0.2.10")),
        (611, ERROR, bind_of_old_builds(DOMAIN)),
        (656, INFORMATION, requests("Anchor :", "Dn :")),
        (656, INFORMATION, requests("Anchor:", "Dn:")),
        (657, INFORMATION, results()),
        (657, INFORMATION, results_of_old_builds()),
    ];
    let mut lines: Vec<Line> = TEXTS
        .iter()
        .map(|&(id, level, text)| (id, AGENT, level, fill(text)))
        .chain(
            reworded
                .into_iter()
                .map(|(id, level, text)| (id, AGENT, level, text)),
        )
        .chain(
            ENGINE_TEXTS
                .iter()
                .map(|&(id, text)| (id, ENGINE, WARNING, text.to_owned())),
        )
        .collect();
    lines.sort_by_key(|line| line.0);
    lines
}

/// Puts the connector, the domain and exceptions with their stack into a text.
fn fill(text: &str) -> String {
    let text = text
        .replace("<connector>", CONNECTOR)
        .replace("<CONNECTOR>", &CONNECTOR.to_uppercase())
        .replace("<domain>", DOMAIN);
    let Some((before, rest)) = text.split_once("<exception ") else {
        return text;
    };
    let name = rest.trim_end_matches('>');
    format!(
        "{before}Microsoft.Online.PasswordSynchronization.{name}: it failed.\r\n   at \
         Microsoft.Online.PasswordSynchronization.Worker.Run()"
    )
}

/// A log of `count` records that ends at `end`: every id in turn, one minute apart or less, with records of another program
/// between them.
pub fn log(count: usize, end: Timestamp) -> Vec<Record> {
    records(count, end).collect()
}

/// The records of [`log`], made one by one.
pub fn records(count: usize, end: Timestamp) -> impl Iterator<Item = Record> {
    let lines = every_id();
    (0..count).map(move |index| {
        let (id, provider, level, text) = if index % 10 == 9 {
            (1, OTHER, INFORMATION, format!("Job {index} was printed."))
        } else {
            lines[(index - index / 10) % lines.len()].clone()
        };
        let back = i64::try_from(count - 1 - index).unwrap_or(0);
        Record {
            record_id: index as u64 + 1,
            id,
            provider: provider.to_owned(),
            // A second and some hundreds of nanoseconds apart: fractions must survive.
            time: end
                - SignedDuration::new(back, 0)
                - SignedDuration::from_nanos(back % 10_000 * 100),
            level,
            computer: COMPUTER.to_owned(),
            strings: vec![text],
        }
    })
}

/// The last day of a server whose connector lost its replication rights a quarter of an hour before `end`, and which had
/// trouble with its credential for the cloud earlier: what an administrator would save and send.
pub fn troubled_day(end: Timestamp, connector: &str) -> Vec<Record> {
    let mut lines: Vec<(i64, Line)> = Vec::new();
    let mut add = |minutes: i64, id: u16, provider: &'static str, level: u8, text: String| {
        lines.push((minutes, (id, provider, level, text)));
    };
    for job in 0..=26 * 4 {
        add(
            job * 15,
            1,
            OTHER,
            INFORMATION,
            format!("Job {} was printed.", 26 * 4 - job),
        );
    }
    for beat in 0..51 {
        let minutes = 20 + beat * 30;
        add(
            minutes,
            653,
            AGENT,
            INFORMATION,
            format!("Provision credentials ping start. Connector {connector}"),
        );
        add(
            minutes,
            654,
            AGENT,
            INFORMATION,
            format!("Provision credentials ping end. Connector {connector}"),
        );
    }
    let answered = results().replace(CONNECTOR, connector);
    add(
        44,
        650,
        AGENT,
        INFORMATION,
        "Provision credentials batch start. Count: 2".to_owned(),
    );
    add(44, 656, AGENT, INFORMATION, requests("Anchor :", "Dn :"));
    add(43, 657, AGENT, INFORMATION, answered);
    add(
        43,
        651,
        AGENT,
        INFORMATION,
        "Provision credentials batch end. Count: 2".to_owned(),
    );
    add(82, 655, AGENT, ERROR, "Failed credential provisioning ping. Microsoft.Online.Coexistence.ProvisionException: AADSTS50126: the credential was refused.".to_owned());
    for minutes in [2, 4, 6, 8, 10, 12, 14] {
        add(
            minutes,
            611,
            AGENT,
            ERROR,
            denied(DOMAIN, "dc1.fabrikam.com", "192.0.2.10"),
        );
    }
    add(
        300,
        6100,
        ENGINE,
        WARNING,
        "The run profile Delta Synchronization ended with warnings.".to_owned(),
    );
    lines.sort_by_key(|(minutes, _)| -minutes);
    lines
        .into_iter()
        .enumerate()
        .map(|(index, (minutes, (id, provider, level, text)))| Record {
            record_id: 184_000 + index as u64,
            id,
            provider: provider.to_owned(),
            time: end - SignedDuration::from_mins(minutes),
            level,
            computer: COMPUTER.to_owned(),
            strings: vec![text],
        })
        .collect()
}

/// A 611 of newer builds: access denied in the call that reads passwords.
pub fn denied(domain: &str, host: &str, address: &str) -> String {
    format!(
        "Password hash synchronization failed for domain: {domain}, domain controller hostname: {host}, domain controller IP address: {address}. Details: \r\n\
         Microsoft.Online.PasswordSynchronization.SynchronizationManagerException: Recovery task failed. ---> \
         Microsoft.Online.PasswordSynchronization.DirectoryReplicationServices.DrsException: RPC Error 8453 : Replication access was denied. \
         There was an error calling _IDL_DRSGetNCChanges.\r\n   at \
         Microsoft.Online.PasswordSynchronization.DirectoryReplicationServices.DrsRpcConnection.OnGetChanges(ReplicationState syncState)"
    )
}

/// A 611 of older builds, which name no domain controller: the directory refused the bind.
pub fn bind_of_old_builds(domain: &str) -> String {
    format!(
        "Password synchronization failed for domain: {domain}. Details: \r\n\
         System.DirectoryServices.ActiveDirectory.ActiveDirectoryOperationException\r\n   at \
         System.DirectoryServices.DirectoryEntry.Bind(Boolean throwIfFail)"
    )
}

/// A 656 in either spacing.
fn requests(anchor: &str, dn: &str) -> String {
    format!(
        "Password Change Request Batch - Count: 2\r\n\
         Password Change Request - {anchor} ZmFicmlrYW0tdXNlci0x, {dn} CN=Berg\\, Kari,OU=Sales & \u{d8}st <1>,DC=fabrikam,DC=com, Change Date : 03/01/2026 09:58:21\r\n\
         Password Change Request - {anchor} ZmFicmlrYW0tdXNlci0y, {dn} CN=User \u{1f511} 2,DC=fabrikam,DC=com, Change Date : 03/01/2026 09:58:40"
    )
}

/// A 657 of newer builds.
fn results() -> String {
    format!(
        "Password Change Result - Anchor : ZmFicmlrYW0tdXNlci0x, Dn : CN=Berg\\, Kari\\, Result : x,OU=Sales & \u{d8}st <1>,DC=fabrikam,DC=com, PwdChangeOnLogon=False, Result : Success.\r\n\
         Password Change Result - Anchor : ZmFicmlrYW0tdXNlci0y, Dn : CN=User \u{1f511} 2,DC=fabrikam,DC=com, PwdChangeOnLogon=True, Result : FilteredByTarget.\r\n\
         <forest-info><partition-name>DC=fabrikam,DC=com</partition-name><connector-id>{CONNECTOR}</connector-id></forest-info>"
    )
}

/// A 657 of older builds.
fn results_of_old_builds() -> String {
    "Password Change Result - Anchor:ZmFicmlrYW0tdXNlci0x, Dn:CN=User 1,DC=fabrikam,DC=com, Result : Success.\r\n\
     Password Change Result - Anchor:ZmFicmlrYW0tdXNlci0y, Dn:CN=User 2,DC=fabrikam,DC=com, Result : Failed. Extended Error : not now."
        .to_owned()
}
