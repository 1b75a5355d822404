//! A diagnostic that behaves as a test says.

use phs_collect::event::{Event, Level, Log};
use phs_collect::problem::Problem;
use phs_collect::run::{Diagnostic, Options, RunContext};
use serde::Deserialize;

/// Its request: `{"play": "endless"}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Act {
    #[serde(default)]
    options: Options,
    play: Play,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Play {
    /// Says something once and never ends by itself.
    Endless,
    /// 500 lines: more than may wait for the reader.
    Chatter,
    /// Panics.
    Panic,
    /// Says the names that it is fed.
    Echo,
}

impl Diagnostic for Act {
    fn options(&self) -> &Options {
        &self.options
    }

    fn takes_more(&self) -> bool {
        matches!(self.play, Play::Echo)
    }

    #[allow(clippy::panic, reason = "this is what the test wants to see caught")]
    async fn run(self, context: RunContext) -> Result<(), Problem> {
        match self.play {
            Play::Endless => {
                context.send(line(0)).await;
                std::future::pending::<()>().await;
            }
            Play::Chatter => {
                for number in 0..500 {
                    context.send(line(number)).await;
                }
            }
            Play::Panic => panic!("the diagnostic broke"),
            Play::Echo => {
                let Some(mut input) = context.take_input() else {
                    return Ok(());
                };
                context.send(Event::Ready).await;
                while let Some(more) = input.recv().await {
                    for name in Vec::from(more.identity) {
                        context.send(say(name)).await;
                    }
                    context.send(Event::Ready).await;
                }
            }
        }
        Ok(())
    }
}

fn line(number: usize) -> Event {
    say(number.to_string())
}

fn say(message: String) -> Event {
    Event::Log {
        log: Log {
            level: Level::Debug,
            message,
        },
    }
}
