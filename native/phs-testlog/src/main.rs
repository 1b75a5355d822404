//! Writes a log and what stands in it: `phs-testlog COUNT LOG.evtx RECORDS.jsonl`.

use std::fmt::Write as _;
use std::process::ExitCode;

use jiff::Timestamp;
use phs_testlog::evtx::{self, Strings};
use phs_testlog::scenario;

/// The last record's time: the same each time, so that two runs give the same bytes.
const END: i64 = 1_772_366_400;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match &arguments[..] {
        [count, log, records] => run(count, log, records),
        _ => Err("usage: phs-testlog COUNT LOG.evtx RECORDS.jsonl".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write as _;
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(count: &str, log: &str, lines: &str) -> Result<(), Box<dyn std::error::Error>> {
    let records = scenario::log(count.parse()?, Timestamp::from_second(END)?);
    std::fs::write(log, evtx::write(&records, Strings::One)?)?;
    let mut text = String::new();
    for record in &records {
        writeln!(text, "{}", serde_json::to_string(record)?)?;
    }
    std::fs::write(lines, text)?;
    Ok(())
}
