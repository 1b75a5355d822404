//! PHS308: can the cloud's endpoints be reached over TLS 1.2 or later, with nobody in between.

use super::{Scene, answer_word, word};
use crate::check::PHS308;
use crate::evidence::network::{
    Answer, CloudEvidence, DnsAnswer, EndpointConnection, EndpointProbe, NotTriedReason, Trust,
};
use crate::finding::{EvidenceRow, Finding, SkipReason, Target};
use crate::text;
use crate::text::Text;

pub(super) fn judge(scene: &Scene<'_>, sink: &mut dyn FnMut(Finding)) {
    let Some(cloud) = &scene.network.cloud else {
        sink(Finding::skipped(
            &PHS308,
            SkipReason::EvidenceMissing,
            Target::named(PHS308.name),
            text!("phs308-not-asked"),
        ));
        return;
    };
    let faults: Vec<Option<Text>> = cloud
        .endpoints
        .iter()
        .map(|endpoint| fault(scene, cloud, endpoint))
        .collect();
    // One cause for every endpoint, such as a dead proxy, is one finding.
    let common = cloud.endpoints.len() > 1
        && faults.iter().all(Option::is_some)
        && cloud
            .endpoints
            .windows(2)
            .all(|pair| pair[0].connection == pair[1].connection)
        && cloud
            .endpoints
            .iter()
            .all(|endpoint| endpoint.connection != EndpointConnection::Open);
    if common && let Some(Some(text)) = faults.first() {
        let target = Target::identified(
            format!("cloud {}", cloud.cloud),
            format!("cloud|{}", cloud.cloud),
        );
        let rows: Vec<EvidenceRow> = cloud
            .endpoints
            .iter()
            .flat_map(|endpoint| rows(scene, cloud, endpoint))
            .collect();
        sink(
            Finding::failed(
                &PHS308,
                target,
                text!("phs308-all", cloud = &cloud.cloud, detail = text.clone()),
            )
            .with_remedy(text!(
                "phs308-all-ticket",
                observer = scene.observer(),
                proxy = proxy(cloud),
                hosts = hosts(cloud)
            ))
            .with_evidence(rows),
        );
        return;
    }
    for (endpoint, fault) in cloud.endpoints.iter().zip(faults) {
        let target = Target::identified(
            format!("{}:{}", endpoint.host, endpoint.port),
            format!("{}:{}", endpoint.host, endpoint.port),
        );
        let finding = match fault {
            None => Finding::passed(
                &PHS308,
                target,
                text!("phs308-passed", host = &endpoint.host),
            ),
            Some(text) if endpoint.required => Finding::failed(&PHS308, target, text),
            Some(text) => Finding::warning(&PHS308, target, text),
        };
        sink(finding.with_evidence(rows(scene, cloud, endpoint)));
    }
}

fn hosts(cloud: &CloudEvidence) -> Vec<String> {
    cloud
        .endpoints
        .iter()
        .map(|endpoint| format!("{}:{}", endpoint.host, endpoint.port))
        .collect()
}

fn proxy(cloud: &CloudEvidence) -> String {
    cloud.proxy.clone().unwrap_or_else(|| "-".to_owned())
}

fn fault(scene: &Scene<'_>, cloud: &CloudEvidence, endpoint: &EndpointProbe) -> Option<Text> {
    let text = match &endpoint.connection {
        EndpointConnection::Open => return tls_fault(scene, endpoint),
        EndpointConnection::NameFailed(answer) if cloud.proxy.is_some() => {
            text!("phs308-proxy-name", answer = dns_word(answer))
        }
        EndpointConnection::NameFailed(answer) => {
            text!("phs308-name", answer = dns_word(answer))
        }
        EndpointConnection::Failed(outcome) => {
            text!("phs308-connect", outcome = word(*outcome))
        }
        EndpointConnection::ProxyFailed(outcome) => {
            text!("phs308-proxy", outcome = word(*outcome))
        }
        EndpointConnection::ProxyStatus(407) => text!("phs308-proxy-407"),
        EndpointConnection::ProxyStatus(status) => {
            text!("phs308-proxy-status", status = status.to_string())
        }
        EndpointConnection::ProxyMalformed(reason) => {
            text!("phs308-proxy-malformed", reason = reason)
        }
    };
    Some(
        text.with("host", &endpoint.host)
            .with("port", endpoint.port.to_string())
            .with("observer", scene.observer())
            .with("proxy", proxy(cloud)),
    )
}

fn tls_fault(scene: &Scene<'_>, endpoint: &EndpointProbe) -> Option<Text> {
    let tls = match &endpoint.tls {
        Answer::NotTried(NotTriedReason::NotEncrypted) => return None,
        Answer::Answered(tls) => tls,
        answer => {
            return Some(text!(
                "phs308-tls",
                host = &endpoint.host,
                answer = answer_word(answer),
                observer = scene.observer()
            ));
        }
    };
    if tls.is_outdated() {
        return Some(text!(
            "phs308-outdated",
            host = &endpoint.host,
            protocol = tls.protocol_name(),
            observer = scene.observer()
        ));
    }
    let issuer = tls.chain.first().map_or("", |leaf| leaf.issuer.as_str());
    // The names of issuers are those of companies, not words of a language.
    let expected = tls.chain.iter().any(|certificate| {
        endpoint.expected_issuers.iter().any(|name| {
            certificate
                .issuer
                .to_ascii_lowercase()
                .contains(&name.to_ascii_lowercase())
        })
    });
    if !expected {
        return Some(text!(
            "phs308-inspected",
            host = &endpoint.host,
            issuer = issuer,
            observer = scene.observer()
        ));
    }
    match &tls.trust {
        Trust::Untrusted(reason) => Some(text!(
            "phs308-untrusted",
            host = &endpoint.host,
            issuer = issuer,
            reason = reason
        )),
        Trust::Trusted | Trust::Unknown(_) => None,
    }
}

fn dns_word(answer: &DnsAnswer) -> String {
    match answer {
        DnsAnswer::Error(detail) => format!("Error: {detail}"),
        DnsAnswer::Records(_) => "NoAddress".to_owned(),
        other => format!("{other:?}"),
    }
}

fn rows(scene: &Scene<'_>, cloud: &CloudEvidence, endpoint: &EndpointProbe) -> Vec<EvidenceRow> {
    let of = |attribute: &str, value: String| {
        EvidenceRow::new(scene.observer(), &endpoint.host, attribute, value)
    };
    let mut rows = vec![
        of(
            &format!("TCP {}", endpoint.port),
            format!("{:?} ({} ms)", endpoint.connection, endpoint.elapsed_ms),
        ),
        of("purpose", endpoint.purpose.clone()),
        of("endpoint table", cloud.table_as_of.clone()),
    ];
    if let (Some(proxy), Some(source)) = (&cloud.proxy, &cloud.proxy_source) {
        rows.push(of("proxy", format!("{proxy} ({source})")));
    }
    if let Some(tls) = endpoint.tls.value() {
        rows.push(of("TLS protocol", tls.protocol.clone()));
        rows.push(of("trust", format!("{:?}", tls.trust)));
        if let Some(leaf) = tls.chain.first() {
            rows.push(of("issuer", leaf.issuer.clone()));
        }
    }
    rows
}
