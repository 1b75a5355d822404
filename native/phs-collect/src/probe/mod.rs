//! Probes: one question each to one service, bounded in time, in bytes and in sockets.
//!
//! A probe never decides what its outcome means; it tells refused, dropped and unreachable apart and goes.
//! [`collect`] runs all of them at once.

mod board;
pub mod cloud;
pub mod collect;
mod controller;
pub mod discovery;
mod forest;
mod gate;
pub mod ldap;
mod old_tls;
pub mod proxy;
pub mod rpc;
mod talk;
pub mod tcp;
pub mod tls;
pub mod udp;

pub use collect::{Credential, DomainPlan, Plan, Ports, Server, Update, collect};
pub use gate::{Gate, MAX_SOCKETS, socket_limit};
pub use talk::{Talk, TalkError};
