//! PHS305: is the certificate of a domain controller good, on 636 and on 389 after StartTLS.

use std::net::IpAddr;

use jiff::Timestamp;

use super::{
    Reach, Scene, answer_word, cut_short, depends, ended_first, failed, passed, reach, row, target,
    warning,
};
use crate::check::{PHS302, PHS305};
use crate::evidence::network::{Answer, CertificateFacts, ControllerEvidence, TlsEvidence, Trust};
use crate::finding::{EvidenceRow, Finding, SkipReason};
use crate::text;
use crate::text::Text;

/// Days of validity left below which the renewal is late.
const SOON_DAYS: i64 = 30;
/// Smallest RSA key that is not weak (NIST SP 800-131A).
const RSA_BITS: u32 = 2048;
/// Smallest key on an elliptic curve that is not weak.
const EC_BITS: u32 = 224;

pub(super) fn judge(scene: &Scene<'_>, sink: &mut dyn FnMut(Finding)) {
    for controller in &scene.network.controllers {
        let mut evidence = Vec::new();
        for (way, answer) in ways(controller) {
            evidence.extend(rows(scene, controller, way, answer));
        }
        sink(judge_one(scene, controller).with_evidence(evidence));
    }
}

fn ways(controller: &ControllerEvidence) -> [(&'static str, &Answer<TlsEvidence>); 2] {
    [
        ("LDAPS", &controller.ldaps),
        ("StartTLS", &controller.start_tls),
    ]
}

fn judge_one(scene: &Scene<'_>, controller: &ControllerEvidence) -> Finding {
    let host = &controller.host;
    let seen: Vec<&TlsEvidence> = ways(controller)
        .iter()
        .filter_map(|(_, answer)| answer.value())
        .collect();
    if seen.is_empty() {
        return without_tls(scene, controller);
    }
    let now = scene.network.observed_at;
    let name = expected_name(controller);
    let mut faults: Vec<Fault> = seen
        .iter()
        .flat_map(|tls| faults(tls, &name, now))
        .collect();
    faults.dedup();
    if let Some(worst) = faults.iter().max_by_key(|fault| fault.weight()) {
        let text = worst.text().with("host", host).with("name", name.clone());
        let binding = scene.ssl_bind();
        let only_warn = binding == Some(false) || (binding.is_none() && worst.depends_on_here());
        return if only_warn {
            warning(&PHS305, controller, text)
        } else {
            failed(&PHS305, controller, text)
        };
    }
    let days = seen
        .iter()
        .filter_map(|tls| tls.chain.first())
        .map(|leaf| days_left(leaf, now))
        .min()
        .unwrap_or(0);
    if days < SOON_DAYS {
        return warning(
            &PHS305,
            controller,
            text!("phs305-soon", host = host, days = days),
        );
    }
    passed(
        &PHS305,
        controller,
        text!("phs305-passed", host = host, days = days),
    )
}

fn without_tls(scene: &Scene<'_>, controller: &ControllerEvidence) -> Finding {
    match reach(controller) {
        Reach::Alive => {}
        Reach::NotTried => return cut_short(&PHS305, controller),
        _ => return depends(&PHS305, controller, &PHS302),
    }
    if ways(controller)
        .iter()
        .any(|(_, answer)| ended_first(answer))
    {
        return cut_short(&PHS305, controller);
    }
    let answer = answer_word(&controller.ldaps);
    if scene.ssl_bind() == Some(true) {
        return failed(
            &PHS305,
            controller,
            text!("phs305-needs-tls", host = &controller.host, answer = answer),
        );
    }
    Finding::skipped(
        &PHS305,
        SkipReason::NotApplicable,
        target(controller),
        text!("phs305-no-tls", host = &controller.host, answer = answer),
    )
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fault {
    Outdated(String),
    Expired(i64),
    NotYetValid(Timestamp),
    WrongName(Vec<String>),
    SelfSigned,
    Untrusted(String),
    WeakSignature(String),
    WeakKey(String, u32),
    BadSignature,
}

impl Fault {
    /// The one that is told where there are several: what no client forgives before what some do.
    fn weight(&self) -> u8 {
        match self {
            Self::Outdated(_) => 9,
            Self::Expired(_) => 8,
            Self::NotYetValid(_) => 7,
            Self::WrongName(_) => 6,
            Self::BadSignature => 5,
            Self::WeakKey(..) => 4,
            Self::WeakSignature(_) => 3,
            Self::SelfSigned => 2,
            Self::Untrusted(_) => 1,
        }
    }

    /// Trust is a matter of the roots on the machine that looks, which need not be the Connect server.
    fn depends_on_here(&self) -> bool {
        matches!(self, Self::SelfSigned | Self::Untrusted(_))
    }

    fn text(&self) -> Text {
        match self {
            Self::Outdated(protocol) => text!("phs305-outdated", protocol = protocol),
            Self::Expired(days) => text!("phs305-expired", days = *days),
            Self::NotYetValid(from) => text!("phs305-not-yet-valid", from = from.to_string()),
            Self::WrongName(names) => text!("phs305-wrong-name", names = names.clone()),
            Self::SelfSigned => text!("phs305-self-signed"),
            Self::Untrusted(reason) => text!("phs305-untrusted", reason = reason),
            Self::WeakSignature(algorithm) => {
                text!("phs305-weak-signature", algorithm = algorithm)
            }
            Self::WeakKey(algorithm, bits) => text!(
                "phs305-weak-key",
                algorithm = algorithm,
                bits = bits.to_string()
            ),
            Self::BadSignature => text!("phs305-bad-signature"),
        }
    }
}

fn faults(tls: &TlsEvidence, name: &str, now: Timestamp) -> Vec<Fault> {
    if tls.is_outdated() {
        return vec![Fault::Outdated(tls.protocol_name())];
    }
    let mut faults = Vec::new();
    let Some(leaf) = tls.chain.first() else {
        return vec![Fault::Untrusted("no certificate was sent".to_owned())];
    };
    if now > leaf.not_after {
        faults.push(Fault::Expired(-days_left(leaf, now)));
    } else if now < leaf.not_before {
        faults.push(Fault::NotYetValid(leaf.not_before));
    }
    if !matches_name(leaf, name) {
        faults.push(Fault::WrongName(names(leaf)));
    }
    let weak_key = leaf
        .key_bits
        .filter(|bits| match leaf.key_algorithm.as_str() {
            "RSA" => *bits < RSA_BITS,
            "EC" => *bits < EC_BITS,
            _ => false,
        });
    if let Some(bits) = weak_key {
        faults.push(Fault::WeakKey(leaf.key_algorithm.clone(), bits));
    }
    // The signature of a root is never checked, so that its algorithm does not matter.
    let weak = tls
        .chain
        .iter()
        .enumerate()
        .find(|(at, one)| one.weak_signature && (*at == 0 || !one.self_issued));
    if let Some((_, certificate)) = weak {
        faults.push(Fault::WeakSignature(
            certificate.signature_algorithm.clone(),
        ));
    }
    // A verifier that cannot check a weak key says so as a bad signature or a lack of trust: the cause is told above.
    let explained = weak_key.is_some() || weak.is_some();
    if !tls.signature_valid && !explained {
        faults.push(Fault::BadSignature);
    }
    if let Trust::Untrusted(reason) = &tls.trust
        && !explained
    {
        faults.push(if leaf.self_issued {
            Fault::SelfSigned
        } else {
            Fault::Untrusted(reason.clone())
        });
    }
    faults
}

fn days_left(certificate: &CertificateFacts, now: Timestamp) -> i64 {
    certificate
        .not_after
        .duration_since(now)
        .as_hours()
        .div_euclid(24)
}

/// The name that the certificate should carry: the server's own where the caller named it by address.
fn expected_name(controller: &ControllerEvidence) -> String {
    if controller.host.parse::<IpAddr>().is_err() {
        return controller.host.clone();
    }
    controller
        .root_dse
        .value()
        .and_then(|root_dse| root_dse.dns_host_name.clone())
        .or_else(|| controller.ping.value().map(|ping| ping.host.clone()))
        .unwrap_or_else(|| controller.host.clone())
}

/// The names of a certificate; its common name where it has no alternative names.
fn names(certificate: &CertificateFacts) -> Vec<String> {
    if !certificate.names.is_empty() {
        return certificate.names.clone();
    }
    certificate
        .subject
        .split(',')
        .filter_map(|part| part.trim().strip_prefix("CN="))
        .map(str::to_owned)
        .collect()
}

/// Whether a name of the certificate is `name`; `*` stands for one whole label at the left (RFC 6125 6.4.3).
fn matches_name(certificate: &CertificateFacts, name: &str) -> bool {
    let name = name.trim_end_matches('.');
    names(certificate).iter().any(|pattern| {
        pattern.eq_ignore_ascii_case(name)
            || pattern.strip_prefix("*.").is_some_and(|suffix| {
                name.split_once('.').is_some_and(|(label, rest)| {
                    !label.is_empty() && rest.eq_ignore_ascii_case(suffix)
                })
            })
    })
}

fn rows(
    scene: &Scene<'_>,
    controller: &ControllerEvidence,
    way: &str,
    answer: &Answer<TlsEvidence>,
) -> Vec<EvidenceRow> {
    let of = |attribute: &str, value: String| {
        row(scene, controller, format!("{way} {attribute}"), value)
    };
    let Some(tls) = answer.value() else {
        return vec![of("handshake", answer_word(answer))];
    };
    let mut rows = vec![
        of("protocol", tls.protocol.clone()),
        of("trust", format!("{:?}", tls.trust)),
    ];
    if let Some(leaf) = tls.chain.first() {
        rows.extend([
            of("subject", leaf.subject.clone()),
            of("issuer", leaf.issuer.clone()),
            of("names", names(leaf).join(", ")),
            of("not before", leaf.not_before.to_string()),
            of("not after", leaf.not_after.to_string()),
            of(
                "key",
                leaf.key_bits.map_or_else(
                    || leaf.key_algorithm.clone(),
                    |bits| format!("{} {bits}", leaf.key_algorithm),
                ),
            ),
            of("signature algorithm", leaf.signature_algorithm.clone()),
            of("sha256", leaf.sha256.clone()),
        ]);
    }
    rows
}

#[cfg(test)]
mod names_tests {
    use super::*;

    fn certificate(names: &[&str]) -> CertificateFacts {
        CertificateFacts {
            subject: "CN=old.contoso.test".to_owned(),
            issuer: String::new(),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            not_before: Timestamp::UNIX_EPOCH,
            not_after: Timestamp::UNIX_EPOCH,
            key_algorithm: "RSA".to_owned(),
            key_bits: Some(2048),
            signature_algorithm: String::new(),
            weak_signature: false,
            self_issued: false,
            sha256: String::new(),
        }
    }

    #[test]
    fn a_wildcard_stands_for_one_label() {
        let wild = certificate(&["*.contoso.test"]);
        assert!(matches_name(&wild, "DC1.contoso.test."));
        assert!(!matches_name(&wild, "dc1.eu.contoso.test"));
        assert!(!matches_name(&wild, "contoso.test"));
        assert!(!matches_name(&certificate(&["*"]), "dc1"));
    }

    #[test]
    fn the_common_name_counts_only_without_alternative_names() {
        assert!(matches_name(&certificate(&[]), "old.contoso.test"));
        assert!(!matches_name(
            &certificate(&["dc1.contoso.test"]),
            "old.contoso.test"
        ));
    }
}
