//! PHS502: the chain from connector space through metaverse to the Entra connector space, as the service has it.

use crate::check::{Check, PHS501, PHS502, PHS701, PHS702, PHS703, PHS704};
use crate::evidence::Fact;
use crate::evidence::user::{ConnectorSpaceObject, UserEvidence};
use crate::finding::SkipReason;
use crate::guide::user::{Answers, Subject};
use crate::text;
use crate::text::Text;

/// What breaks the chain by rule, so that the broken chain is no news.
const CAUSES: [&Check; 5] = [&PHS701, &PHS501, &PHS703, &PHS704, &PHS702];

/// PHS502.
pub(in crate::guide) fn join(subject: &Subject<'_>, answers: &mut Answers) {
    match subject.facts.map(chain) {
        None | Some(Chain::NotRead) => {
            answers.skipped(subject, &PHS502, SkipReason::EvidenceMissing, || {
                (text!("phs502-not-read"), Vec::new())
            });
        }
        Some(Chain::Broken(message)) => {
            answers.failed_after(subject, &PHS502, &CAUSES, message, Vec::new());
        }
        Some(Chain::Holds) => {
            answers.passed(subject, &PHS502, || (text!("phs502-holds"), Vec::new()));
        }
    }
}

enum Chain {
    Holds,
    Broken(Text),
    NotRead,
}

/// The first broken link. Links that were not read leave the answer open only if none is broken.
fn chain(facts: &UserEvidence) -> Chain {
    let ad = &facts.connector_space;
    let entra = &facts.entra_connector_space;
    let links = [
        connector_space(ad),
        match &facts.metaverse {
            Fact::Known(None) => Chain::Broken(text!("phs502-no-metaverse-object")),
            Fact::Known(Some(_)) => Chain::Holds,
            Fact::Unknown { .. } => Chain::NotRead,
        },
        entra_space(entra),
    ];
    let mut unread = false;
    for link in links {
        match link {
            Chain::Broken(message) => return Chain::Broken(message),
            Chain::NotRead => unread = true,
            Chain::Holds => {}
        }
    }
    if unread { Chain::NotRead } else { Chain::Holds }
}

fn connector_space(object: &Fact<Option<ConnectorSpaceObject>>) -> Chain {
    match object {
        Fact::Unknown { .. } => Chain::NotRead,
        Fact::Known(None) => Chain::Broken(text!("phs502-not-imported")),
        Fact::Known(Some(object)) if object.placeholder.known() == Some(&true) => {
            Chain::Broken(text!("phs502-placeholder"))
        }
        Fact::Known(Some(object)) => match object.joined {
            Fact::Known(true) => Chain::Holds,
            Fact::Known(false) => Chain::Broken(text!("phs502-disconnector")),
            Fact::Unknown { .. } => Chain::NotRead,
        },
    }
}

fn entra_space(object: &Fact<Option<ConnectorSpaceObject>>) -> Chain {
    match object {
        Fact::Unknown { .. } => Chain::NotRead,
        Fact::Known(None) => Chain::Broken(text!("phs502-not-provisioned")),
        Fact::Known(Some(object)) => match object.exported {
            Fact::Known(true) => Chain::Holds,
            Fact::Known(false) => Chain::Broken(text!("phs502-not-exported")),
            Fact::Unknown { .. } => Chain::NotRead,
        },
    }
}
