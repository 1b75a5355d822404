//! Where probes write what they saw, so that a run cut short still has all that was reached.

use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use phs_core::evidence::network::{
    Answer, CloudEvidence, ControllerEvidence, ControllerSource, DomainDiscovery, NetworkEvidence,
    NotTriedReason, PortProbe, ProbeOutcome, Service, Transport,
};

use super::forest::domain_name;

/// Evidence in the making.
#[derive(Debug)]
pub(super) struct Board {
    evidence: Mutex<NetworkEvidence>,
}

impl Board {
    pub(super) fn new(evidence: NetworkEvidence) -> Self {
        Self {
            evidence: Mutex::new(evidence),
        }
    }

    fn lock(&self) -> MutexGuard<'_, NetworkEvidence> {
        self.evidence.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What has been seen so far.
    pub(super) fn snapshot(&self) -> NetworkEvidence {
        self.lock().clone()
    }

    pub(super) fn domain(&self, discovery: DomainDiscovery) {
        let mut evidence = self.lock();
        match evidence
            .domains
            .iter_mut()
            .find(|one| one.domain == discovery.domain)
        {
            Some(place) => *place = discovery,
            None => evidence.domains.push(discovery),
        }
    }

    /// Adds a domain controller unless it is there; returns its place if it is new.
    pub(super) fn add(
        &self,
        host: &str,
        domain: Option<&str>,
        source: ControllerSource,
    ) -> Option<usize> {
        let mut evidence = self.lock();
        if evidence
            .controllers
            .iter()
            .any(|one| one.host.eq_ignore_ascii_case(host))
        {
            return None;
        }
        evidence.controllers.push(blank(host, domain, source));
        Some(evidence.controllers.len() - 1)
    }

    pub(super) fn update(&self, at: usize, change: impl FnOnce(&mut ControllerEvidence)) {
        if let Some(controller) = self.lock().controllers.get_mut(at) {
            change(controller);
        }
    }

    /// Writes a row over the one that stands for the same probe.
    pub(super) fn row(&self, at: usize, row: PortProbe) {
        self.update(at, |controller| {
            match controller.ports.iter_mut().find(|one| same(one, &row)) {
                Some(place) => *place = row,
                None => controller.ports.push(row),
            }
        });
    }

    pub(super) fn controller(&self, at: usize) -> Option<ControllerEvidence> {
        self.lock().controllers.get(at).cloned()
    }

    /// DNS names of the domains whose domain controllers have said so.
    pub(super) fn own_domains(&self) -> Vec<String> {
        self.lock()
            .controllers
            .iter()
            .filter_map(|one| one.root_dse.value()?.default_naming_context.as_deref())
            .filter_map(domain_name)
            .collect()
    }

    /// Notes how the question for the forest's domains ended; a list is never written over.
    pub(super) fn forest(&self, answer: Answer<Vec<String>>) {
        let mut evidence = self.lock();
        let known = evidence
            .forest_domains
            .as_ref()
            .is_some_and(|answer| answer.value().is_some());
        if !known {
            evidence.forest_domains = Some(answer);
        }
    }

    /// Notes that no domain controller could be asked for the forest's domains, unless one declined.
    pub(super) fn no_forest(&self) {
        let mut evidence = self.lock();
        if let Some(answer) = evidence.forest_domains.as_mut()
            && !answer.tried()
        {
            *answer = Answer::NotTried(NotTriedReason::DependencyFailed);
        }
    }

    pub(super) fn cloud(&self, cloud: CloudEvidence) {
        self.lock().cloud = Some(cloud);
    }

    pub(super) fn finish(&self, complete: bool) {
        let mut evidence = self.lock();
        evidence.complete = complete;
        // The order of arrival is chance; the order of a report is not.
        evidence.domains.sort_by(|a, b| a.domain.cmp(&b.domain));
        evidence.controllers.sort_by(|a, b| a.host.cmp(&b.host));
        for controller in &mut evidence.controllers {
            controller
                .ports
                .sort_by_key(|row| (row.service, row.transport, row.port, row.address));
        }
    }
}

fn same(a: &PortProbe, b: &PortProbe) -> bool {
    (a.address, a.port, a.transport, a.service) == (b.address, b.port, b.transport, b.service)
}

/// A probe that has not been made yet.
pub(super) fn planned(
    address: IpAddr,
    port: u16,
    transport: Transport,
    service: Service,
) -> PortProbe {
    PortProbe {
        address,
        port,
        transport,
        service,
        outcome: ProbeOutcome::NotTried,
        elapsed_ms: 0,
        detail: None,
    }
}

fn blank(host: &str, domain: Option<&str>, source: ControllerSource) -> ControllerEvidence {
    fn not_reached<T>() -> Answer<T> {
        Answer::NotTried(NotTriedReason::RunEnded)
    }
    ControllerEvidence {
        host: host.to_owned(),
        domain: domain.map(str::to_owned),
        source,
        lookups: Vec::new(),
        addresses: Vec::new(),
        ports: Vec::new(),
        endpoint_mapper: not_reached(),
        drs_bind: not_reached(),
        ping: not_reached(),
        root_dse: not_reached(),
        ldaps: not_reached(),
        start_tls: not_reached(),
        bind: not_reached(),
        ntds_settings: not_reached(),
    }
}
