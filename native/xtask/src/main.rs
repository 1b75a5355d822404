//! Generates what is committed but not written by hand. `cargo run -p xtask -- TASK` writes, with `--check` it only compares
//! and fails on a difference.

mod fixtures;
mod generated;
mod header;
mod schema;

use std::process::ExitCode;

use generated::Mode;

/// A task: its name, what it does, and how.
type Task = (&'static str, &'static str, fn(Mode) -> generated::Result);

const TASKS: &[Task] = &[
    ("header", "include/phs.h of phs-ffi", header::run),
    (
        "fixtures",
        "samples/ and tests/fixtures/checks/",
        fixtures::run,
    ),
    ("schema", "JSON Schemas in docs/evidence/", schema::run),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mode = if arguments.iter().any(|argument| argument == "--check") {
        Mode::Check
    } else {
        Mode::Write
    };
    let names: Vec<_> = arguments
        .iter()
        .filter(|argument| *argument != "--check")
        .collect();
    let [name] = names[..] else {
        return usage();
    };
    let Some((_, _, run)) = TASKS.iter().find(|(task, _, _)| task == name) else {
        return usage();
    };
    match run(mode) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            generated::say(&format!("xtask {name}: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    generated::say("usage: cargo run -p xtask -- TASK [--check]");
    for (name, what, _) in TASKS {
        generated::say(&format!("  {name:10} {what}"));
    }
    ExitCode::FAILURE
}
