//! A conversation after the connection is made, and the ways in which it can end.

use std::future::Future;
use std::io;
use std::time::Duration;

use phs_core::evidence::network::Answer;

use super::tcp;
use crate::wire::WireError;

/// Why a conversation gave no value.
#[derive(Debug, thiserror::Error)]
pub enum TalkError {
    /// The other side closed or reset the connection, or the system reported an error.
    #[error("the connection broke: {0}")]
    Io(#[from] io::Error),
    /// The answer breaks the protocol.
    #[error("the answer is malformed: {0}")]
    Wire(#[from] WireError),
    /// The service understood and declined.
    #[error("the service declined: {0}")]
    Declined(String),
    /// The answer breaks the protocol, in another library's words.
    #[error("the answer is malformed: {0}")]
    Malformed(String),
}

/// Result of a conversation.
pub type Talk<T> = Result<T, TalkError>;

/// Lets a conversation go on for `limit` and says how it ended.
pub(super) async fn answer<T>(limit: Duration, talk: impl Future<Output = Talk<T>>) -> Answer<T> {
    match tokio::time::timeout(limit, talk).await {
        Err(_) => Answer::NoAnswer,
        Ok(Ok(value)) => Answer::Answered(value),
        Ok(Err(TalkError::Io(error))) => broken(&error),
        Ok(Err(TalkError::Wire(error))) => Answer::Malformed(error.to_string()),
        Ok(Err(TalkError::Malformed(reason))) => Answer::Malformed(reason),
        Ok(Err(TalkError::Declined(reason))) => Answer::Declined(reason),
    }
}

fn broken<T>(error: &io::Error) -> Answer<T> {
    use io::ErrorKind::{
        BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected, UnexpectedEof, WriteZero,
    };
    match error.kind() {
        UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe | NotConnected
        | WriteZero => Answer::Closed,
        _ => Answer::NotConnected(tcp::outcome_of(error)),
    }
}
