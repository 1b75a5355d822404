//! Diagnoses a server configuration export and prints the findings as text, grouped by guide step.
//!
//! For machines without PowerShell: `cargo run -p phs-collect --example diagnose -- samples/fabrikam`.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;
use std::sync::Arc;

use jiff::Timestamp;
use phs_collect::event::{Event, Summary};
use phs_collect::problem::ProblemRecord;
use phs_collect::run::{self, InvokeDiagnostics};
use phs_collect::secret::NoSecrets;
use phs_core::check::Step;
use phs_core::report::FindingRecord;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: diagnose <folder of a server configuration export>");
        return ExitCode::from(2);
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    runtime.block_on(diagnose(path))
}

async fn diagnose(path: String) -> ExitCode {
    let request = InvokeDiagnostics {
        path: Some(path),
        ..InvokeDiagnostics::default()
    };
    let mut run = run::start(request, Timestamp::now(), Arc::new(NoSecrets));
    let mut findings = Vec::new();
    let mut sound = true;
    while let Some(event) = run.events.recv().await {
        match event {
            Event::Finding { findings: more } => findings.extend(more),
            Event::Error { error } => {
                sound = false;
                print_error(&error);
            }
            Event::Finished { summary } => {
                print_findings(&findings);
                print_summary(&summary);
                sound &= summary.failed == 0 && summary.errors == 0;
            }
            _ => {}
        }
    }
    if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn print_findings(findings: &[FindingRecord]) {
    for step in Step::ALL {
        let mut of_step = findings
            .iter()
            .filter(|finding| finding.step == step.name())
            .peekable();
        if of_step.peek().is_some() {
            println!("\n{}", step.name());
        }
        for finding in of_step {
            print_finding(finding);
        }
    }
}

fn print_finding(finding: &FindingRecord) {
    let skip = finding.skip_reason.as_deref();
    let outcome = match skip {
        Some(reason) => format!("{} ({reason})", finding.outcome),
        None => finding.outcome.clone(),
    };
    println!(
        "  {outcome:<26} {} {}: {}",
        finding.check_id, finding.target, finding.message
    );
    if skip.is_some() {
        return;
    }
    if let Some(why) = &finding.why {
        println!("      why: {why}");
    }
    for remedy in &finding.remediation {
        println!("      do:  {remedy}");
    }
}

fn print_error(error: &ProblemRecord) {
    println!("{}: {}", error.id, error.message);
    if let Some(action) = &error.recommended_action {
        println!("      do:  {action}");
    }
}

fn print_summary(summary: &Summary) {
    println!(
        "\n{} passed, {} failed, {} warnings, {} skipped, {} errors; no answer yet for {}",
        summary.passed,
        summary.failed,
        summary.warnings,
        summary.skipped,
        summary.errors,
        if summary.unanswered_steps.is_empty() {
            "no step".to_owned()
        } else {
            summary.unanswered_steps.join(", ")
        }
    );
}
