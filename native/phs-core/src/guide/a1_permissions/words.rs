//! ACEs, trustees and verdicts in words.

use uuid::Uuid;

use super::token::{Speaker, has_control_access, speaks_of};
use crate::security::sddl::AceSddl;
use crate::security::{
    AccessMask, AceEffect, AceRef, AclState, ControlAccessRight, Denial, DescriptorRef, Sid,
    SidRef, Verdict, WellKnown,
};
use crate::text;
use crate::text::Text;

/// Why one right is held or not.
pub(super) fn reason(
    speaker: &Speaker<'_>,
    descriptor: &DescriptorRef<'_>,
    right: ControlAccessRight,
    verdict: Verdict,
) -> Text {
    let name = right_name(right);
    let deciding = verdict
        .deciding_ace()
        .and_then(|index| Some((index, ace_at(descriptor, index)?)));
    match (verdict, deciding) {
        (Verdict::GrantedNoDacl, _) => text!("a1-granted-no-dacl", right = name),
        (
            Verdict::Denied {
                by: Denial::EmptyDacl,
            },
            _,
        ) => text!("a1-empty-dacl", right = name),
        (Verdict::Granted { .. }, Some((index, ace))) => {
            describe(text!("a1-granted", right = name), index, &ace, speaker)
        }
        (Verdict::Denied { .. }, Some((index, ace))) => {
            describe(text!("a1-denied", right = name), index, &ace, speaker)
        }
        (Verdict::Undetermined { .. }, Some((index, ace))) => {
            describe(text!("a1-undetermined", right = name), index, &ace, speaker)
        }
        _ => match near_miss(speaker, descriptor, right) {
            Some(hint) => text!("a1-missing-near", right = name, hint = hint),
            None => text!("a1-missing", right = name),
        },
    }
}

/// The name of a right as the English consoles show it.
pub(super) fn right_name(right: ControlAccessRight) -> Text {
    if right == ControlAccessRight::GET_CHANGES {
        text!("right-get-changes")
    } else if right == ControlAccessRight::GET_CHANGES_ALL {
        text!("right-get-changes-all")
    } else {
        text!("right-other", name = right.name)
    }
}

/// The ACE with this number in the DACL.
pub(super) fn ace_at<'a>(descriptor: &DescriptorRef<'a>, index: usize) -> Option<AceRef<'a>> {
    match descriptor.dacl() {
        AclState::Present(dacl) => dacl.aces().nth(index),
        AclState::Absent | AclState::Null => None,
    }
}

/// Adds number, SDDL, scope and trustee of an ACE to a text. Numbers shown count from one.
fn describe(text: Text, index: usize, ace: &AceRef<'_>, speaker: &Speaker<'_>) -> Text {
    let trustee = match ace.trustee() {
        Some(sid) => trustee(speaker, sid),
        None => text!("trustee-sid", sid = "?"),
    };
    text.with("number", index.saturating_add(1))
        .with("sddl", AceSddl(*ace).to_string())
        .with("scope", scope(ace))
        .with("trustee", trustee)
}

/// What an ACE grants or denies.
fn scope(ace: &AceRef<'_>) -> Text {
    let mask = ace.mask().unwrap_or(AccessMask::empty()).map_generic();
    if ace.object_type().is_some() {
        text!("scope-right")
    } else if mask.contains(AccessMask::FULL_CONTROL) {
        text!("scope-full-control")
    } else {
        text!("scope-all-extended-rights")
    }
}

/// Whom an ACE is about, and how the account comes to be one of them.
pub(super) fn trustee(speaker: &Speaker<'_>, sid: SidRef<'_>) -> Text {
    if sid == speaker.account.sid.as_view() {
        return text!("trustee-account");
    }
    if let Some(group) = speaker.group(sid) {
        let name = group.label();
        return match group.path.as_slice() {
            [] => text!("trustee-group", name = name),
            [_] => text!("trustee-group-direct", name = name),
            path => text!(
                "trustee-group-path",
                name = name,
                path = path_in_words(path)
            ),
        };
    }
    if speaker
        .account
        .sid_history
        .iter()
        .any(|former| former.as_view() == sid)
    {
        return text!("trustee-history", sid = sid.to_string());
    }
    match WellKnown::of(sid).map(|known| known.key) {
        Some("everyone") => text!("trustee-everyone"),
        Some("authenticated-users") => text!("trustee-authenticated-users"),
        Some("network") => text!("trustee-network"),
        Some("this-organization") => text!("trustee-this-organization"),
        Some("principal-self") => text!("trustee-self"),
        _ => text!("trustee-sid", sid = sid.to_string()),
    }
}

/// The groups from the account outwards.
pub(super) fn path_in_words(path: &[String]) -> String {
    path.join(" > ")
}

/// An ACE that looks as if it granted the right and does not: the most useful hint when nothing grants it.
fn near_miss(
    speaker: &Speaker<'_>,
    descriptor: &DescriptorRef<'_>,
    right: ControlAccessRight,
) -> Option<Text> {
    let AclState::Present(dacl) = descriptor.dacl() else {
        return None;
    };
    let mut substitute = None;
    for (index, ace) in dacl.aces().enumerate() {
        let (Some(AceEffect::Allow), Some(trustee)) = (ace.ace_type.effect(), ace.trustee()) else {
            continue;
        };
        if !speaker.token.is_enabled(trustee) {
            continue;
        }
        let names_right = ace.object_type() == Some(right.guid);
        let covers = names_right || ace.object_type().is_none() && has_control_access(&ace);
        if covers && has_control_access(&ace) && !ace.is_effective() {
            return Some(describe(text!("near-inherit-only"), index, &ace, speaker));
        }
        if names_right && !has_control_access(&ace) {
            return Some(describe(text!("near-no-control"), index, &ace, speaker));
        }
        if ace
            .object_type()
            .is_some_and(|guid| guid == ControlAccessRight::GET_CHANGES_IN_FILTERED_SET.guid)
            && right == ControlAccessRight::GET_CHANGES_ALL
            && has_control_access(&ace)
        {
            substitute.get_or_insert((index, ace));
        }
    }
    substitute.map(|(index, ace)| describe(text!("near-filtered-set"), index, &ace, speaker))
}

/// Trustees that hold both rights by ACEs of their own: joining one of them would help too.
pub(super) fn holders(descriptor: &DescriptorRef<'_>, rights: &[Uuid]) -> Vec<Sid> {
    let AclState::Present(dacl) = descriptor.dacl() else {
        return Vec::new();
    };
    let mut holders: Vec<Sid> = Vec::new();
    for ace in dacl.aces() {
        let Some(trustee) = ace.trustee() else {
            continue;
        };
        let all = rights.iter().all(|right| {
            dacl.aces().any(|other| {
                other.trustee() == Some(trustee)
                    && other.ace_type.effect() == Some(AceEffect::Allow)
                    && speaks_of(&other, *right)
            })
        });
        let trustee = trustee.to_owned();
        if all && !holders.contains(&trustee) {
            holders.push(trustee);
        }
    }
    holders
}
