//! Collects the evidence and runs diagnoses. All I/O of the project is here; nothing here judges.

pub mod adsync;
pub mod audit;
pub mod cloud;
pub mod directory;
pub mod event;
pub mod events;
pub mod evidence_file;
pub mod export;
pub mod host;
pub mod ldap;
pub mod probe;
pub mod problem;
pub mod run;
pub mod secret;
pub mod wire;
mod xml;
