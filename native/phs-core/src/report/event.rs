//! Records of events of a log.

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::evidence::events::{ENGINE_PROVIDER, FIRST_TOOL_ID, SyncEvent};
use crate::text;
use crate::text::{Catalog, Text, dn_line, one_line, printable};

/// `PhsDiagnostics.Event`: one event of the agent or the engine, with its text understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventRecord {
    /// Event id.
    pub id: u32,
    /// When it was written (UTC).
    pub time: Timestamp,
    /// `Critical`, `Error`, `Warning`, `Information`, or the level's number.
    pub level: Option<String>,
    /// Provider.
    pub provider: String,
    /// The computer that wrote it.
    pub computer: Option<String>,
    /// Record number in its log.
    pub record_id: Option<u64>,
    /// What an event with this id tells, in words.
    pub meaning: Option<String>,
    /// Whether it shows the agent at work.
    pub is_activity: bool,
    /// Identifiers of connectors that the text names.
    pub connectors: Vec<Uuid>,
    /// The domain that failed.
    pub domain: Option<String>,
    /// The domain controller that failed.
    pub domain_controller: Option<String>,
    /// Its address.
    pub address: Option<IpAddr>,
    /// Win32, RPC or directory error number.
    pub code: Option<u32>,
    /// Error code of the provisioning service.
    pub service_code: Option<u32>,
    /// Sign-in error of the cloud, such as `AADSTS50126`.
    pub sign_in_code: Option<String>,
    /// The DRS call that failed.
    pub call: Option<String>,
    /// Names of the exceptions, outermost first.
    pub exceptions: Vec<String>,
    /// How many users a batch holds (650).
    pub count: Option<u32>,
    /// The partition that results are of (657).
    pub partition: Option<String>,
    /// Users whose password change was sent (656) or answered (657).
    pub users: Vec<EventUserRecord>,
    /// The text as it was written, but for control characters that would steer a terminal.
    pub message: String,
    /// The file or server that it was read from.
    pub source: String,
}

/// `PhsDiagnostics.EventUser`: one user in an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventUserRecord {
    /// Distinguished name.
    pub distinguished_name: String,
    /// Source anchor (base64).
    pub anchor: String,
    /// Status word of the answer, such as `Success`; none in a request.
    pub result: Option<String>,
    /// Whether the user must change the password at logon, where the build says so.
    pub must_change: Option<bool>,
    /// Time of the change as written.
    pub change_date: Option<String>,
    /// Further explanation of a failure.
    pub extended_error: Option<String>,
}

impl EventRecord {
    /// The event in the words of a catalogue.
    pub fn render(event: SyncEvent, source: &str, catalog: &Catalog) -> Self {
        let is_activity = event.is_activity();
        let meaning = meaning(&event).map(|text| catalog.render(&text));
        let detail = event.detail;
        let failure = detail.failure.unwrap_or_default();
        let line = |text: String| one_line(&text).into_owned();
        let requests = detail.requests.into_iter().map(|user| EventUserRecord {
            distinguished_name: dn_line(&user.distinguished_name).into_owned(),
            anchor: line(user.anchor),
            result: None,
            must_change: None,
            change_date: user.change_date.map(line),
            extended_error: None,
        });
        let results = detail.results.into_iter().map(|user| EventUserRecord {
            distinguished_name: dn_line(&user.distinguished_name).into_owned(),
            anchor: line(user.anchor),
            result: Some(line(user.result)),
            must_change: user.must_change,
            change_date: None,
            extended_error: user.extended_error.map(line),
        });
        Self {
            id: event.id,
            time: event.time,
            level: event.level.map(level),
            provider: line(event.provider),
            computer: event.computer.map(line),
            record_id: event.record_id,
            meaning,
            is_activity,
            connectors: detail.connectors,
            domain: failure.domain.map(line),
            domain_controller: failure.domain_controller.map(line),
            address: failure.address,
            code: failure.code,
            service_code: failure.service_code,
            sign_in_code: failure.sign_in_code.map(|code| format!("AADSTS{code}")),
            call: failure.call.map(line),
            exceptions: failure.exceptions.into_iter().map(line).collect(),
            count: detail.count,
            partition: detail.partition.map(|name| dn_line(&name).into_owned()),
            users: requests.chain(results).collect(),
            message: printable(&event.message).into_owned(),
            source: source.to_owned(),
        }
    }
}

fn level(level: u8) -> String {
    match level {
        1 => "Critical".to_owned(),
        2 => "Error".to_owned(),
        3 => "Warning".to_owned(),
        // Classic providers write 0 for success, which Windows shows as information.
        0 | 4 => "Information".to_owned(),
        other => other.to_string(),
    }
}

/// What an event of this id tells.
fn meaning(event: &SyncEvent) -> Option<Text> {
    if event.provider.eq_ignore_ascii_case(ENGINE_PROVIDER) {
        ENGINE_IDS
            .contains(&event.id)
            .then(|| text!("event-meaning-engine", id = event.id))
    } else if AGENT_IDS.contains(&event.id) {
        Some(text!("event-meaning", id = event.id))
    } else {
        (event.id >= FIRST_TOOL_ID).then(|| text!("event-meaning-tool"))
    }
}

/// Ids of the engine that have a text.
const ENGINE_IDS: [u32; 5] = [6100, 6127, 6329, 6803, 6941];

/// Ids of the agent that have a text (domain 1.7).
const AGENT_IDS: [u32; 45] = [
    0, 115, 601, 602, 603, 604, 605, 606, 607, 609, 610, 611, 612, 613, 614, 615, 616, 617, 618,
    619, 620, 621, 622, 623, 650, 651, 652, 653, 654, 655, 656, 657, 658, 659, 660, 661, 662, 663,
    664, 665, 666, 667, 668, 904, 6900,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::evidence::events::{PROVIDER, read_message};
    use crate::text::DEFAULT_CULTURE;

    fn render(id: u32, provider: &str, message: &str) -> EventRecord {
        let event = SyncEvent {
            id,
            provider: provider.to_owned(),
            time: Timestamp::UNIX_EPOCH,
            record_id: Some(7),
            level: Some(2),
            computer: None,
            message: message.to_owned(),
            detail: read_message(id, message),
        };
        EventRecord::render(event, "log.evtx", &Catalog::for_culture(DEFAULT_CULTURE))
    }

    #[test]
    fn every_known_id_has_a_meaning_of_its_own() {
        let other = render(1, PROVIDER, "").meaning;
        assert_eq!(other, None);
        let agent = AGENT_IDS.iter().map(|&id| render(id, PROVIDER, ""));
        let engine = ENGINE_IDS.iter().map(|&id| render(id, ENGINE_PROVIDER, ""));
        let meanings: BTreeSet<_> = agent.chain(engine).map(|it| it.meaning.unwrap()).collect();
        assert_eq!(meanings.len(), AGENT_IDS.len() + ENGINE_IDS.len());
        assert!(meanings.iter().all(|meaning| meaning.len() > 10));
        // Ids of diagnostic tools are no activity of the agent.
        let tool = render(2001, PROVIDER, "");
        assert!(tool.meaning.is_some() && !tool.is_activity);
        assert!(render(654, PROVIDER, "").is_activity);
    }

    #[test]
    fn an_event_shows_no_control_character() {
        let hostile = "failed for domain: contoso.com\u{1b}[2J. Details:\r\nX.DrsException: RPC Error 8453 : \u{9b}";
        let shown = format!(
            "{:?}",
            render(611, "Directory Synchronization\u{7}", hostile)
        );
        assert!(
            !shown.contains("\\u{1b}") && !shown.contains("\\u{7}") && !shown.contains("\\u{9b}")
        );
        assert!(shown.contains("Details:\\nX."), "{shown}");
    }

    #[test]
    fn what_the_text_holds_stands_in_fields() {
        let failed = render(
            611,
            PROVIDER,
            "failed for domain: contoso.com. Details: X.DrsException: RPC Error 8453 : There was an error calling _IDL_DRSGetNCChanges.",
        );
        assert_eq!(failed.domain.as_deref(), Some("contoso.com"));
        assert_eq!(failed.code, Some(8453));
        assert_eq!(failed.level.as_deref(), Some("Error"));
        let answered = render(
            657,
            PROVIDER,
            "Password Change Result - Anchor : AAAA, Dn : CN=a,DC=c, PwdChangeOnLogon=True, Result : Success.",
        );
        assert_eq!(answered.users[0].distinguished_name, "CN=a,DC=c");
        assert_eq!(answered.users[0].must_change, Some(true));
        let json = serde_json::to_value(&answered).unwrap();
        assert_eq!(json["users"][0]["result"], "Success");
        assert_eq!(json["time"], "1970-01-01T00:00:00Z");
    }
}
