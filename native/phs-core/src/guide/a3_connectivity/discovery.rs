//! PHS301: can the domain controllers be found, and does any of them answer.

use super::{Reach, Scene, answer_word, reach, row};
use crate::check::PHS301;
use crate::evidence::network::{
    Answer, ControllerEvidence, ControllerSource, DnsAnswer, DnsLookup, DnsRecord, DomainDiscovery,
    NotTriedReason, RecordKind,
};
use crate::finding::{EvidenceRow, Finding, SkipReason, Target};
use crate::text;
use crate::text::Text;

pub(super) fn judge(scene: &Scene<'_>, sink: &mut dyn FnMut(Finding)) {
    for domain in &scene.network.domains {
        sink(domain_finding(scene, domain));
        for finding in host_findings(scene, domain) {
            sink(finding);
        }
    }
    named(scene, sink);
    if let Some(finding) = forest_finding(scene) {
        sink(finding);
    }
}

/// Says so where the forest's other domains were to be looked for and could not be.
fn forest_finding(scene: &Scene<'_>) -> Option<Finding> {
    let answer = scene.network.forest_domains.as_ref()?;
    let (reason, message) = match answer {
        Answer::Answered(_) => return None,
        Answer::NotTried(NotTriedReason::RunEnded) => (
            SkipReason::DependencyFailed,
            text!("a3-cut-short", host = "forest"),
        ),
        answer if !answer.tried() => (
            SkipReason::DependencyFailed,
            text!("phs301-forest-not-asked"),
        ),
        answer => (
            SkipReason::EvidenceMissing,
            text!("phs301-forest-unread", answer = answer_word(answer)),
        ),
    };
    let target = Target::identified("forest", "forest");
    Some(Finding::skipped(&PHS301, reason, target, message))
}

/// Domain controllers that the caller named, without a domain: only their own names can be judged.
fn named(scene: &Scene<'_>, sink: &mut dyn FnMut(Finding)) {
    let mut all_well = true;
    let without_domain = scene
        .network
        .controllers
        .iter()
        .filter(|one| one.domain.is_none());
    for controller in without_domain {
        if reach(controller) == Reach::NoAddress {
            all_well = false;
            sink(
                Finding::failed(
                    &PHS301,
                    Target::named(controller.host.clone()),
                    text!("phs301-host-no-address", host = &controller.host),
                )
                .with_evidence(lookup_rows(scene, &controller.lookups)),
            );
        }
    }
    if all_well && scene.network.domains.is_empty() {
        sink(Finding::skipped(
            &PHS301,
            SkipReason::NotApplicable,
            Target::named(PHS301.name),
            text!("phs301-named"),
        ));
    }
}

fn domain_finding(scene: &Scene<'_>, domain: &DomainDiscovery) -> Finding {
    let target = Target::named(domain.domain.clone());
    let of_domain: Vec<&ControllerEvidence> = scene
        .network
        .controllers
        .iter()
        .filter(|one| one.domain.as_deref() == Some(domain.domain.as_str()))
        .collect();
    let rows = lookup_rows(scene, &domain.lookups)
        .into_iter()
        .chain(of_domain.iter().map(|one| {
            row(
                scene,
                one,
                "reachability",
                format!("{:?} ({})", reach(one), super::addresses(one)),
            )
        }));
    let found = services(domain);
    let finding = if domain.preferred_only && domain.preferred.is_empty() {
        Finding::failed(
            &PHS301,
            target,
            text!("phs301-preferred-empty", domain = &domain.domain),
        )
    } else if let Some(message) = main_lookup(domain)
        .filter(|lookup| lookup.answer.records().is_empty())
        .map(|lookup| lookup_failure(scene, domain, lookup))
    {
        Finding::failed(&PHS301, target, message)
    } else if of_domain.is_empty() && found.is_empty() {
        if domain.asked_dns && !domain.lookups.is_empty() {
            Finding::failed(
                &PHS301,
                target,
                text!("phs301-not-offered", domain = &domain.domain),
            )
        } else {
            Finding::skipped(
                &PHS301,
                SkipReason::DependencyFailed,
                target,
                text!("a3-cut-short", host = &domain.domain),
            )
        }
    } else {
        found_finding(scene, domain, &of_domain, target)
    };
    finding.with_evidence(rows)
}

/// Some domain controllers are known: do they exist and answer.
fn found_finding(
    scene: &Scene<'_>,
    domain: &DomainDiscovery,
    of_domain: &[&ControllerEvidence],
    target: Target,
) -> Finding {
    let hosts = |wanted: &[Reach]| -> Vec<String> {
        of_domain
            .iter()
            .filter(|one| wanted.contains(&reach(one)))
            .map(|one| one.host.clone())
            .collect()
    };
    let nameless = hosts(&[Reach::NoAddress]);
    let alive = hosts(&[Reach::Alive]);
    if !of_domain.is_empty() && nameless.len() == of_domain.len() {
        return Finding::failed(
            &PHS301,
            target,
            text!(
                "phs301-all-without-address",
                domain = &domain.domain,
                hosts = nameless
            ),
        );
    }
    if scene.silent(&domain.domain) {
        let message = if domain.preferred_only {
            text!(
                "phs301-preferred-dead",
                domain = &domain.domain,
                hosts = domain.preferred.clone(),
                observer = scene.observer()
            )
        } else {
            text!(
                "phs301-none-answers",
                domain = &domain.domain,
                hosts = hosts(&[
                    Reach::Silent,
                    Reach::Unreachable,
                    Reach::OnlyUnreachableIpv6
                ]),
                observer = scene.observer()
            )
        };
        return Finding::failed(&PHS301, target, message);
    }
    if alive.is_empty() {
        return Finding::skipped(
            &PHS301,
            SkipReason::DependencyFailed,
            target,
            text!("a3-cut-short", host = &domain.domain),
        );
    }
    let stale: Vec<String> = of_domain
        .iter()
        .filter(|one| one.source == ControllerSource::Discovered && reach(one) == Reach::NoAddress)
        .map(|one| one.host.clone())
        .collect();
    if !stale.is_empty() {
        return Finding::warning(
            &PHS301,
            target,
            text!(
                "phs301-some-without-address",
                domain = &domain.domain,
                hosts = stale
            ),
        );
    }
    if let Some(lookup) = domain
        .lookups
        .iter()
        .find(|lookup| lookup.name.starts_with("_kerberos.") && lookup.answer.records().is_empty())
    {
        return Finding::warning(
            &PHS301,
            target,
            text!(
                "phs301-incomplete",
                domain = &domain.domain,
                name = &lookup.name
            ),
        );
    }
    Finding::passed(
        &PHS301,
        target,
        text!(
            "phs301-passed",
            domain = &domain.domain,
            count = of_domain.len(),
            alive = alive.len()
        ),
    )
}

/// Preferred and last-used domain controllers that no longer exist, each a finding of its own.
fn host_findings(scene: &Scene<'_>, domain: &DomainDiscovery) -> Vec<Finding> {
    scene
        .network
        .controllers
        .iter()
        .filter(|one| one.domain.as_deref() == Some(domain.domain.as_str()))
        .filter(|one| reach(one) == Reach::NoAddress)
        .filter_map(|one| {
            let message = match one.source {
                ControllerSource::Preferred => text!(
                    "phs301-preferred-gone",
                    host = &one.host,
                    domain = &domain.domain
                ),
                ControllerSource::LastUsed => text!(
                    "phs301-last-used-gone",
                    host = &one.host,
                    domain = &domain.domain
                ),
                ControllerSource::Named => text!("phs301-host-no-address", host = &one.host),
                ControllerSource::Discovered => return None,
            };
            let target = Target::identified(&one.host, format!("{}|{}", domain.domain, one.host));
            let finding = if one.source == ControllerSource::LastUsed {
                Finding::warning(&PHS301, target, message)
            } else {
                Finding::failed(&PHS301, target, message)
            };
            Some(finding.with_evidence(lookup_rows(scene, &one.lookups)))
        })
        .collect()
}

/// The lookup that finds domain controllers.
fn main_lookup(domain: &DomainDiscovery) -> Option<&DnsLookup> {
    domain
        .lookups
        .iter()
        .find(|lookup| lookup.record == RecordKind::Srv && lookup.name.starts_with("_ldap."))
}

fn services(domain: &DomainDiscovery) -> Vec<&str> {
    main_lookup(domain)
        .into_iter()
        .flat_map(|lookup| lookup.answer.records())
        .filter_map(|record| match record {
            DnsRecord::Service { target, .. } if !target.is_empty() => Some(target.as_str()),
            _ => None,
        })
        .collect()
}

/// What the answer to the main question says is wrong.
fn lookup_failure(scene: &Scene<'_>, domain: &DomainDiscovery, lookup: &DnsLookup) -> Text {
    let (domain, name, observer) = (&domain.domain, &lookup.name, scene.observer());
    match &lookup.answer {
        DnsAnswer::NameError => text!(
            "phs301-name-error",
            domain = domain,
            name = name,
            observer = observer
        ),
        DnsAnswer::ServerFailure => text!(
            "phs301-server-failure",
            domain = domain,
            name = name,
            observer = observer
        ),
        DnsAnswer::Refused => text!("phs301-refused", domain = domain, observer = observer),
        DnsAnswer::TimedOut => text!("phs301-timed-out", domain = domain, observer = observer),
        DnsAnswer::Error(detail) => {
            text!(
                "phs301-error",
                domain = domain,
                name = name,
                detail = detail
            )
        }
        DnsAnswer::NoData | DnsAnswer::Records(_) => text!(
            "phs301-no-data",
            domain = domain,
            name = name,
            observer = observer
        ),
    }
}

fn lookup_rows(scene: &Scene<'_>, lookups: &[DnsLookup]) -> Vec<EvidenceRow> {
    lookups
        .iter()
        .map(|lookup| {
            let kind = match lookup.record {
                RecordKind::Srv => "SRV",
                RecordKind::A => "A",
                RecordKind::Aaaa => "AAAA",
            };
            EvidenceRow::new(
                scene.observer(),
                &lookup.name,
                format!("DNS {kind}"),
                answer_text(&lookup.answer),
            )
        })
        .collect()
}

fn answer_text(answer: &DnsAnswer) -> String {
    match answer {
        DnsAnswer::Records(records) => {
            let texts: Vec<String> = records
                .iter()
                .map(|record| match record {
                    DnsRecord::Service { target, port, .. } => format!("{target}:{port}"),
                    DnsRecord::Address(address) => address.to_string(),
                    DnsRecord::Alias(name) => format!("alias of {name}"),
                })
                .collect();
            texts.join(", ")
        }
        DnsAnswer::Error(detail) => format!("Error: {detail}"),
        other => format!("{other:?}"),
    }
}
