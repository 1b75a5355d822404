//! Answers of Microsoft Graph, as the caller brings them along, read into the evidence of the tenant.
//!
//! Who asks is the PowerShell module: it has the token, the proxy and the session. What it got is untrusted JSON.

mod answers;
mod objects;
mod read;
#[cfg(test)]
mod tests;

pub use answers::{Failure, GraphAnswer, GraphAnswers, Question};
pub use read::{Read, read};
