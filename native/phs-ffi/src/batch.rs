//! Events as JSON in pieces that every reader can take.

use std::collections::VecDeque;

use phs_collect::event::Event;

/// Upper bound of a batch in bytes: Windows PowerShell's JSON reader stops at 2 MB.
pub(crate) const MAX_BATCH: usize = 1 << 20;

/// The event as JSON. One with many rows is halved until each part is small enough or holds one row.
///
/// # Errors
/// A record that is no JSON, such as one with a map whose keys are not text.
pub(crate) fn encode(
    event: Event,
    limit: usize,
    out: &mut VecDeque<Vec<u8>>,
) -> Result<(), serde_json::Error> {
    let json = serde_json::to_vec(&event)?;
    if json.len() <= limit {
        out.push_back(json);
        return Ok(());
    }
    let (front, back) = match event {
        Event::Finding { mut findings } if findings.len() > 1 => {
            let back = findings.split_off(findings.len() / 2);
            (
                Event::Finding { findings },
                Event::Finding { findings: back },
            )
        }
        Event::Verdict { mut verdicts } if verdicts.len() > 1 => {
            let back = verdicts.split_off(verdicts.len() / 2);
            (
                Event::Verdict { verdicts },
                Event::Verdict { verdicts: back },
            )
        }
        Event::Check { mut checks } if checks.len() > 1 => {
            let back = checks.split_off(checks.len() / 2);
            (Event::Check { checks }, Event::Check { checks: back })
        }
        Event::Account { mut accounts } if accounts.len() > 1 => {
            let back = accounts.split_off(accounts.len() / 2);
            (
                Event::Account { accounts },
                Event::Account { accounts: back },
            )
        }
        Event::Event { mut events } if events.len() > 1 => {
            let back = events.split_off(events.len() / 2);
            (Event::Event { events }, Event::Event { events: back })
        }
        Event::Capability { mut capabilities } if capabilities.len() > 1 => {
            let back = capabilities.split_off(capabilities.len() / 2);
            (
                Event::Capability { capabilities },
                Event::Capability { capabilities: back },
            )
        }
        Event::Difference { mut differences } if differences.len() > 1 => {
            let back = differences.split_off(differences.len() / 2);
            (
                Event::Difference { differences },
                Event::Difference { differences: back },
            )
        }
        _ => {
            out.push_back(json);
            return Ok(());
        }
    };
    encode(front, limit, out)?;
    encode(back, limit, out)
}

#[cfg(test)]
mod tests {
    use phs_collect::event::{Level, Log};
    use phs_core::check;
    use phs_core::report::CheckRecord;
    use phs_core::text::{Catalog, DEFAULT_CULTURE};
    use serde_json::Value;

    use super::*;

    fn parts(event: Event, limit: usize) -> Vec<Vec<u8>> {
        let mut out = VecDeque::new();
        encode(event, limit, &mut out).unwrap();
        out.into()
    }

    #[test]
    fn rows_keep_their_order_over_the_parts() {
        let catalog = Catalog::for_culture(DEFAULT_CULTURE);
        let checks: Vec<_> = check::ALL
            .iter()
            .map(|check| CheckRecord::render(check, &catalog))
            .collect();
        let ids: Vec<_> = checks.iter().map(|check| check.id.clone()).collect();
        let parts = parts(Event::Check { checks }, 4000);
        assert!(parts.len() > 4);
        let mut seen = Vec::new();
        for part in parts {
            assert!(part.len() <= 4000);
            let json: Value = serde_json::from_slice(&part).unwrap();
            assert_eq!(json["kind"], "check");
            for row in json["checks"].as_array().unwrap() {
                seen.push(row["id"].as_str().unwrap().to_owned());
            }
        }
        assert_eq!(seen, ids);
    }

    #[test]
    fn what_cannot_be_halved_goes_whole() {
        let log = Log {
            level: Level::Verbose,
            message: "x".repeat(100),
        };
        assert_eq!(parts(Event::Log { log }, 10).len(), 1);
    }
}
