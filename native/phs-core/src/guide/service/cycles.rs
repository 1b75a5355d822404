//! Cycles of password hash sync as the running server counts them, partition by partition (domain 10.2). They come every two
//! minutes, with or without a changed password, so they answer where the event log does not.

use jiff::Timestamp;

use super::super::{Context, Sink};
use crate::check::{PHS801, PHS807};
use crate::dn::Dn;
use crate::evidence::server::{Connector, Partition, PasswordCycle, ServerConfiguration};
use crate::evidence::{Evidence, Fact};
use crate::finding::{EvidenceRow, Finding, Target};
use crate::text;

const SOURCE: &str = "Get-ADSyncPartitionPasswordSyncState";

/// A connector that sends passwords, with the cycles of its selected domains.
struct Cycles<'a> {
    connector: &'a Connector,
    partitions: Vec<(&'a Partition, &'a PasswordCycle)>,
}

/// Connectors whose cycles answer for every selected domain. One that is switched off owes none; the tenant's partition and
/// those that are not selected do not count (domain 12.18).
fn of(server: &ServerConfiguration) -> Vec<Cycles<'_>> {
    let Fact::Known(cycles) = &server.password_cycles else {
        return Vec::new();
    };
    server
        .ad_connectors()
        .filter(|connector| {
            connector
                .password_hash_sync
                .known()
                .is_some_and(|channel| channel.enabled)
        })
        .filter_map(|connector| {
            let partitions: Option<Vec<_>> = connector
                .partitions
                .iter()
                .filter(|partition| {
                    partition.selected == Fact::Known(true)
                        && partition.is_domain == Fact::Known(true)
                })
                .map(|partition| Some((partition, find(cycles, connector, partition)?)))
                .collect();
            let partitions = partitions.filter(|partitions| !partitions.is_empty())?;
            Some(Cycles {
                connector,
                partitions,
            })
        })
        .collect()
}

fn find<'a>(
    cycles: &'a [PasswordCycle],
    connector: &Connector,
    partition: &Partition,
) -> Option<&'a PasswordCycle> {
    let name = Dn::parse(&partition.distinguished_name).ok()?;
    cycles.iter().find(|cycle| {
        cycle.connector == Some(connector.identifier)
            && Dn::parse(&cycle.distinguished_name).is_ok_and(|other| other == name)
    })
}

impl Cycles<'_> {
    fn target(&self) -> Target {
        Target::identified(&self.connector.name, self.connector.identifier)
    }

    fn rows(&self) -> Vec<EvidenceRow> {
        let word = |time: &Fact<Option<Timestamp>>| {
            time.known()
                .map(|time| time.map_or_else(|| "never".to_owned(), |time| time.to_string()))
        };
        self.partitions
            .iter()
            .flat_map(|(partition, cycle)| {
                [
                    ("last cycle ended", word(&cycle.last_end)),
                    ("last successful cycle ended", word(&cycle.last_success)),
                    ("status", cycle.status.known().cloned()),
                ]
                .into_iter()
                .filter_map(|(name, value)| {
                    Some(EvidenceRow::new(
                        SOURCE,
                        &partition.distinguished_name,
                        name,
                        value?,
                    ))
                })
            })
            .collect()
    }
}

/// PHS801 where there is no event log: the newest cycle of each connector. Whether it answered.
pub(super) fn heartbeat(evidence: &Evidence, context: &Context, sink: &mut Sink<'_>) -> bool {
    let Some(server) = &evidence.server else {
        return false;
    };
    let Some(now) = server.exported_at.known().copied() else {
        return false;
    };
    let since = now
        .saturating_sub(context.policy.heartbeat_window)
        .unwrap_or(Timestamp::MIN);
    let hours = context.policy.heartbeat_window.as_hours();
    let mut answered = false;
    for cycles in of(server) {
        let ends: Option<Vec<_>> = cycles
            .partitions
            .iter()
            .map(|(_, cycle)| cycle.last_end.known().copied())
            .collect();
        let Some(ends) = ends else {
            continue;
        };
        let name = &cycles.connector.name;
        let finding = match ends.into_iter().flatten().max() {
            Some(newest) if newest >= since => Finding::passed(
                &PHS801,
                cycles.target(),
                text!("phs801-cycle", connector = name, time = newest.to_string()),
            ),
            Some(newest) => Finding::failed(
                &PHS801,
                cycles.target(),
                text!(
                    "phs801-stale",
                    connector = name,
                    hours = hours,
                    time = newest.to_string()
                ),
            ),
            None => Finding::failed(
                &PHS801,
                cycles.target(),
                text!("phs801-no-cycle", connector = name),
            ),
        };
        answered = true;
        sink(finding.with_evidence(cycles.rows()).observed(Some(now)));
    }
    answered
}

/// PHS807: a domain in which no cycle ever succeeded still waits for its first one. Whether it answered. `paused` is when the
/// log told of a pause: a success before it proves nothing.
pub(super) fn initial_sync(
    evidence: &Evidence,
    paused: Option<Timestamp>,
    sink: &mut Sink<'_>,
) -> bool {
    let Some(server) = &evidence.server else {
        return false;
    };
    let mut findings = Vec::new();
    for cycles in of(server) {
        let successes: Option<Vec<_>> = cycles
            .partitions
            .iter()
            .map(|(partition, cycle)| {
                let success = cycle.last_success.known().copied()?;
                Some((partition.distinguished_name.clone(), success))
            })
            .collect();
        let Some(successes) = successes else {
            return false;
        };
        let waiting: Vec<String> = successes
            .into_iter()
            .filter(|(_, success)| success.is_none_or(|time| paused.is_some_and(|at| time < at)))
            .map(|(name, _)| name)
            .collect();
        let name = &cycles.connector.name;
        let finding = if waiting.is_empty() {
            Finding::passed(
                &PHS807,
                cycles.target(),
                text!("phs807-cycles", connector = name),
            )
        } else if paused.is_some() {
            // The event says it better.
            return false;
        } else {
            Finding::failed(
                &PHS807,
                cycles.target(),
                text!("phs807-no-cycle", connector = name, partitions = waiting),
            )
        };
        findings.push(
            finding
                .with_evidence(cycles.rows())
                .observed(server.exported_at.known().copied()),
        );
    }
    let answered = !findings.is_empty();
    findings.into_iter().for_each(sink);
    answered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::server::{ConnectorKind, PasswordHashSync};
    use crate::finding::Outcome;
    use crate::guide::Policy;
    use jiff::SignedDuration;
    use uuid::Uuid;

    const CONNECTOR: Uuid = Uuid::from_u128(1);

    fn now() -> Timestamp {
        "2026-10-01T12:00:00Z".parse().unwrap()
    }

    fn before(hours: i64) -> Timestamp {
        now() - SignedDuration::from_hours(hours)
    }

    /// A server of two domains, with the last end and the last success of each cycle.
    fn evidence(cycles: &[(&str, Option<Timestamp>, Option<Timestamp>)]) -> Evidence {
        let json = |name: &str, selected: bool| {
            format!(
                r#"{{"identifier":"{}","distinguishedName":"{name}","selected":{{"known":{selected}}},"isDomain":{{"known":true}}}}"#,
                Uuid::from_u128(2)
            )
        };
        let partition = |name: &str, selected| serde_json::from_str(&json(name, selected)).unwrap();
        let connector = Connector {
            source: String::new(),
            identifier: CONNECTOR,
            name: "corp.local".to_owned(),
            kind: ConnectorKind::ActiveDirectory,
            forest_name: Fact::default(),
            login_domain: Fact::default(),
            login_user: Fact::default(),
            ssl_bind: Fact::default(),
            sign_and_seal: Fact::default(),
            password_hash_sync: Fact::Known(PasswordHashSync {
                enabled: true,
                target: None,
            }),
            partitions: vec![
                partition("DC=corp,DC=local", true),
                partition("DC=eu,DC=corp,DC=local", true),
                partition("DC=old,DC=corp,DC=local", false),
            ],
            run_profiles: Vec::new(),
            parameters: std::collections::BTreeMap::new(),
        };
        let cycles = cycles.iter().map(|(name, end, success)| PasswordCycle {
            connector: Some(CONNECTOR),
            distinguished_name: (*name).to_owned(),
            last_end: Fact::Known(*end),
            last_success: Fact::Known(*success),
            status: Fact::default(),
        });
        Evidence {
            server: Some(ServerConfiguration {
                live: true,
                exported_at: Fact::Known(now()),
                connectors: vec![connector],
                password_cycles: Fact::Known(cycles.collect()),
                ..ServerConfiguration::default()
            }),
            ..Evidence::default()
        }
    }

    fn judged(evidence: &Evidence, paused: Option<Timestamp>) -> [Option<Outcome>; 2] {
        let context = Context {
            today: now(),
            users_named: false,
            policy: Policy::default(),
        };
        let mut alive = None;
        heartbeat(evidence, &context, &mut |finding| {
            alive = Some(finding.outcome);
        });
        let mut synced = None;
        initial_sync(evidence, paused, &mut |finding| {
            synced = Some(finding.outcome);
        });
        [alive, synced]
    }

    const ROOT: &str = "dc=corp, dc=local";
    const CHILD: &str = "DC=eu,DC=corp,DC=local";

    #[test]
    fn every_selected_domain_counts_and_no_other() {
        let ago = |hours| Some(before(hours));
        let default = ("default", None, None);
        let old = ("DC=old,DC=corp,DC=local", None, None);
        let good = |name| (name, ago(0), ago(0));
        let passed = Some(Outcome::Passed);
        let failed = Some(Outcome::Failed);
        for (cycles, expected) in [
            (
                vec![good(ROOT), good(CHILD), default, old],
                [passed, passed],
            ),
            (vec![good(ROOT), (CHILD, ago(0), None)], [passed, failed]),
            (
                vec![(ROOT, ago(4), ago(4)), (CHILD, ago(5), ago(5))],
                [failed, passed],
            ),
            (
                vec![(ROOT, None, None), (CHILD, None, None)],
                [failed, failed],
            ),
            // Without the cycle of one of its domains a connector has no answer.
            (vec![good(ROOT)], [None, None]),
            (vec![], [None, None]),
        ] {
            assert_eq!(judged(&evidence(&cycles), None), expected, "{cycles:?}");
        }
    }

    #[test]
    fn a_success_before_the_pause_is_no_answer_to_it() {
        let ago = |hours| Some(before(hours));
        let cycles = [(ROOT, ago(0), ago(3)), (CHILD, ago(0), ago(3))];
        assert_eq!(judged(&evidence(&cycles), ago(2))[1], None);
        assert_eq!(judged(&evidence(&cycles), ago(4))[1], Some(Outcome::Passed));
    }

    #[test]
    fn a_connector_that_is_switched_off_owes_no_cycle() {
        let mut evidence = evidence(&[(ROOT, None, None), (CHILD, None, None)]);
        let server = evidence.server.as_mut().unwrap();
        server.connectors[0].password_hash_sync = Fact::Known(PasswordHashSync {
            enabled: false,
            target: None,
        });
        assert_eq!(judged(&evidence, None), [None, None]);
    }
}
