//! Runs the audit of users natively, as the C ABI would, for the benchmark and the lab:
//!
//! `audit HOST:PORT USER PASSWORD_FILE CA_FILE [EXPORT] [--all] [--first N]`
//!
//! `audit --attributes [EXPORT]` prints the attributes that such an audit asks for.
//!
//! Events go to JSON and are thrown away; what is left is one line of JSON a summary or error, then one with the verdicts, the time
//! and the peak of resident memory. `--first N` stops after so many verdicts.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program whose output is its purpose"
)]

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use phs_collect::audit::Columns;
use phs_collect::event::Event;
use phs_collect::export;
use phs_collect::run::{self, InvokeUserAudit};
use phs_collect::secret::{Secret, SecretSource};
use phs_core::guide::user::{JudgeOptions, UserJudge};
use serde_json::json;
use zeroize::Zeroizing;

#[derive(Debug)]
struct One(Secret);

impl SecretSource for One {
    fn get(&self, _handle: &str) -> Option<Secret> {
        Some(self.0.clone())
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, rest @ ..] = arguments.as_slice()
        && flag == "--attributes"
    {
        print_attributes(rest.first().map(String::as_str));
        return ExitCode::SUCCESS;
    }
    let all = arguments.iter().any(|argument| argument == "--all");
    arguments.retain(|argument| argument != "--all");
    let first = arguments
        .iter()
        .position(|argument| argument == "--first")
        .and_then(|at| {
            arguments.remove(at);
            (at < arguments.len()).then(|| arguments.remove(at))
        })
        .and_then(|text| text.parse::<usize>().ok());
    let (servers, [user, password, ca, rest @ ..]) = (match arguments.split_first() {
        Some((servers, rest)) => (servers.split(',').collect::<Vec<_>>(), rest),
        None => (Vec::new(), &[][..]),
    }) else {
        eprintln!(
            "usage: audit HOST:PORT[,...] USER PASSWORD_FILE CA_FILE [EXPORT] [--all] [--first N]"
        );
        return ExitCode::from(2);
    };
    let Ok(password) = std::fs::read_to_string(password).map(Zeroizing::new) else {
        eprintln!("the password file cannot be read");
        return ExitCode::from(2);
    };
    let request = json!({
        "server": servers,
        "credential": {"user": user, "secret": "1"},
        "caCertificate": ca,
        "path": rest.first(),
        "timeoutSec": 5,
        "all": all,
    });
    let diagnostic = match run::parse::<InvokeUserAudit>(request.to_string().as_bytes()) {
        Ok(diagnostic) => diagnostic,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::from(2);
        }
    };
    let secret = Secret::new(Zeroizing::new(password.encode_utf16().collect()));
    let began = Instant::now();
    let mut run = run::start(diagnostic, Timestamp::now(), Arc::new(One(secret)));
    let (mut told, mut bytes, mut failed) = (0, 0, false);
    while let Some(event) = run.events.recv().await {
        bytes += serde_json::to_vec(&event).map_or(0, |json| json.len());
        match event {
            Event::Verdict { verdicts } => {
                told += verdicts.len();
                if first.is_some_and(|first| told >= first) {
                    run.cancel.cancel();
                }
            }
            Event::Audit { audit } => println!("{}", json!({ "audit": audit })),
            Event::Error { error } => {
                failed = true;
                println!("{}", json!({ "error": error }));
            }
            _ => {}
        }
    }
    println!(
        "{}",
        json!({
            "told": told,
            "bytes": bytes,
            "milliseconds": u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            "peakKib": peak(),
        })
    );
    ExitCode::from(u8::from(failed))
}

/// What an audit by the rules of this export, or by none, asks for.
fn print_attributes(path: Option<&str>) {
    let export = path.map(|path| export::read(path.as_ref(), |_, _| true));
    let server = export.and_then(|export| export.configuration);
    let judge = UserJudge::new(server.as_ref(), JudgeOptions::default());
    for name in Columns::new(judge.attributes()).names() {
        println!("{name}");
    }
}

/// Peak of resident memory in KiB, where the system tells it.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_ascii_whitespace().nth(1)?.parse().ok()
}
