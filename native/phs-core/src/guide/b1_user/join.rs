//! PHS502: the chain from connector space through metaverse and Entra connector space to the tenant, as the service and the
//! tenant have it.

use crate::check::{Check, PHS501, PHS502, PHS701, PHS702, PHS703, PHS704};
use crate::evidence::user::{ConnectorSpaceObject, UserEvidence};
use crate::evidence::{Fact, UnknownReason};
use crate::finding::SkipReason;
use crate::guide::user::{Answers, Subject};
use crate::text;
use crate::text::Text;

/// What breaks the chain by rule, so that the broken chain is no news.
const CAUSES: [&Check; 5] = [&PHS701, &PHS501, &PHS703, &PHS704, &PHS702];

/// PHS502.
pub(in crate::guide) fn join(subject: &Subject<'_>, answers: &mut Answers) {
    match subject.facts.map(chain) {
        None | Some(Chain::NotRead) => not_read(subject, answers),
        Some(Chain::Broken(message)) => {
            answers.failed_after(subject, &PHS502, &CAUSES, message, Vec::new());
        }
        Some(Chain::Holds) => {
            answers.passed(subject, &PHS502, || (text!("phs502-holds"), Vec::new()));
        }
    }
}

/// Says what was not read; where the tenant may not be asked, by which permission.
fn not_read(subject: &Subject<'_>, answers: &mut Answers) {
    let (reason, message) = match subject.facts.map(|facts| &facts.cloud) {
        Some(Fact::Unknown {
            reason: UnknownReason::NotPermitted,
            detail: Some(permission),
        }) => (
            SkipReason::NotPermitted,
            text!("phs502-not-permitted", permission = permission),
        ),
        Some(Fact::Known(Some(_))) => (SkipReason::EvidenceMissing, text!("phs502-only-tenant")),
        _ => (SkipReason::EvidenceMissing, text!("phs502-not-read")),
    };
    answers.skipped(subject, &PHS502, reason, || (message, Vec::new()));
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
        tenant(facts),
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

/// The tenant, which has no user only where it was asked by what identifies one. Not asked, it takes nothing from what the
/// service has.
fn tenant(facts: &UserEvidence) -> Chain {
    match &facts.cloud {
        Fact::Known(None) => Chain::Broken(text!("phs502-not-in-tenant")),
        Fact::Known(Some(_)) | Fact::Unknown { .. } => Chain::Holds,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::user::{CloudUser, MetaverseObject};

    fn known<T>(value: T) -> Fact<T> {
        Fact::Known(value)
    }

    fn whole() -> UserEvidence {
        let object = ConnectorSpaceObject {
            joined: known(true),
            placeholder: known(false),
            exported: known(true),
            ..ConnectorSpaceObject::default()
        };
        UserEvidence {
            connector_space: known(Some(object.clone())),
            metaverse: known(Some(MetaverseObject::default())),
            entra_connector_space: known(Some(object)),
            ..UserEvidence::default()
        }
    }

    #[test]
    fn the_tenant_is_the_last_link() {
        let nobody = UserEvidence {
            cloud: known(None),
            ..whole()
        };
        let somebody = UserEvidence {
            cloud: known(Some(CloudUser::default())),
            ..whole()
        };
        assert!(matches!(chain(&whole()), Chain::Holds));
        assert!(matches!(chain(&somebody), Chain::Holds));
        assert!(matches!(chain(&nobody), Chain::Broken(_)));
        // What breaks before it comes first; the tenant's user does not stand for links that nobody read.
        let broken = UserEvidence {
            metaverse: known(None),
            ..nobody.clone()
        };
        let Chain::Broken(message) = chain(&broken) else {
            panic!("the chain is broken");
        };
        assert_eq!(message, text!("phs502-no-metaverse-object"));
        let unread = |cloud| UserEvidence {
            cloud,
            ..UserEvidence::default()
        };
        assert!(matches!(chain(&unread(known(None))), Chain::Broken(_)));
        let somebody = known(Some(CloudUser::default()));
        assert!(matches!(chain(&unread(somebody)), Chain::NotRead));
        assert!(matches!(chain(&unread(Fact::default())), Chain::NotRead));
    }
}
