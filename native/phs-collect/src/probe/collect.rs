//! One connectivity run: discovery, then every probe of every domain controller at once, and the cloud beside them.
//!
//! All probes are one tree of futures on a task of their own: ending it, on cancel or when time is up, leaves nothing running.
//! The time-out is kept outside that task, so that a probe that never yields cannot hold the run.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use phs_core::evidence::network::{
    Answer, ControllerEvidence, ControllerSource, DnsLookup, DnsRecord, DomainDiscovery,
    NetworkEvidence, NotTriedReason,
};
use tokio::sync::Mutex;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinError;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::board::Board;
use super::cloud::{self, EndpointTable};
use super::controller;
use super::discovery::{Dns, NoResolver};
use super::forest::Hearing;
use super::gate::{Gate, millis, socket_limit};
use super::proxy::{self, Proxy};
use super::tls::TrustJudge;
use crate::secret::Secret;

/// What to probe and within which bounds.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Name of this machine.
    pub observer: String,
    /// Domains to discover.
    pub domains: Vec<DomainPlan>,
    /// Domain controllers to probe instead of those discovered.
    pub servers: Vec<Server>,
    /// DNS servers to ask; empty for the system's.
    pub dns_servers: Vec<SocketAddr>,
    /// Time of one probe.
    pub probe_timeout: Duration,
    /// Time of the whole run.
    pub timeout: Duration,
    /// Who judges certificates.
    pub judge: TrustJudge,
    /// Account to bind as.
    pub credential: Option<Credential>,
    /// Whether the other domains of the forest are looked for once a domain controller has let the account in.
    pub whole_forest: bool,
    /// Cloud whose endpoints are probed as well.
    pub cloud: Option<String>,
    /// The ports of the services.
    pub ports: Ports,
}

/// One domain.
#[derive(Debug, Clone, Default)]
pub struct DomainPlan {
    /// DNS name.
    pub domain: String,
    /// Preferred domain controllers of the connector's partition.
    pub preferred: Vec<String>,
    /// Only the preferred ones may be used (`dc-failover` = 0).
    pub preferred_only: bool,
    /// The one that Connect used last.
    pub last_used: Option<String>,
}

/// One domain controller that the caller names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Host name or address.
    pub host: String,
    /// LDAP port, where it is not the usual one.
    pub ldap_port: Option<u16>,
}

/// The account to bind as.
#[derive(Debug, Clone)]
pub struct Credential {
    /// `DOMAIN\name`, UPN, DN or a bare name.
    pub account: String,
    /// DNS name of the domain that a bare name belongs to; none for that of the domain controller that is asked first.
    pub domain: Option<String>,
    /// Its password.
    pub secret: Secret,
}

/// Ports of the services (domain controllers use the defaults; test servers do not).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// DNS, TCP and UDP.
    pub dns: u16,
    /// Kerberos, TCP and UDP.
    pub kerberos: u16,
    /// RPC endpoint mapper.
    pub endpoint_mapper: u16,
    /// LDAP, TCP and UDP.
    pub ldap: u16,
    /// File sharing.
    pub smb: u16,
    /// LDAP over TLS.
    pub ldaps: u16,
    /// Global catalogue.
    pub global_catalog: u16,
    /// Remote management.
    pub win_rm: u16,
    /// Active Directory Web Services.
    pub ad_web_services: u16,
}

impl Default for Ports {
    fn default() -> Self {
        Self {
            dns: 53,
            kerberos: 88,
            endpoint_mapper: 135,
            ldap: 389,
            smb: 445,
            ldaps: 636,
            global_catalog: 3268,
            win_rm: 5985,
            ad_web_services: 9389,
        }
    }
}

/// What a run tells while it works.
#[derive(Debug, Clone, PartialEq)]
pub enum Update {
    /// More domain controllers are known.
    Found {
        /// How many will be probed, those found before included.
        controllers: usize,
    },
    /// All probes of one domain controller are done.
    Controller(Box<ControllerEvidence>),
}

/// Runs the plan. Ends by itself at the plan's time-out, and at once when `cancel` is; what was seen is returned.
///
/// # Errors
/// The system's DNS configuration cannot be read and no DNS server was given.
pub async fn collect(
    plan: &Plan,
    updates: Option<&UnboundedSender<Update>>,
    cancel: &CancellationToken,
) -> Result<NetworkEvidence, NoResolver> {
    let sockets = socket_limit();
    let gate = Gate::new(sockets.allowed, plan.probe_timeout);
    let needs_names = !plan.domains.is_empty()
        || plan.cloud.is_some()
        || plan
            .servers
            .iter()
            .any(|server| server.host.parse::<IpAddr>().is_err());
    let dns = match Dns::new(&plan.dns_servers, plan.probe_timeout) {
        Ok(dns) => Some(dns),
        Err(error) if needs_names => return Err(error),
        Err(_) => None,
    };
    let wants_forest = plan.whole_forest && plan.credential.is_some();
    let board = Arc::new(Board::new(NetworkEvidence {
        observer: plan.observer.clone(),
        observed_at: Timestamp::now(),
        probe_timeout_ms: millis(plan.probe_timeout),
        complete: false,
        sockets,
        forest_domains: wants_forest.then_some(Answer::NotTried(NotTriedReason::RunEnded)),
        domains: Vec::new(),
        controllers: Vec::new(),
        cloud: None,
    }));
    let probing = {
        let (plan, board, updates) = (plan.clone(), Arc::clone(&board), updates.cloned());
        async move {
            let credential_state = Mutex::new(CredentialState::Unproven);
            let forest = Hearing::new(wants_forest);
            let run = Collection {
                plan: &plan,
                gate: &gate,
                dns: dns.as_ref(),
                board: &board,
                credential_state: &credential_state,
                forest: &forest,
                updates: updates.as_ref(),
            };
            run.everything().await;
        }
    };
    let complete = bounded(plan.timeout, cancel, probing).await;
    board.finish(complete);
    Ok(board.snapshot())
}

/// Lets `work` go on for `limit` or until `cancel`, and says whether it came to its end. Work that does not yield is left
/// behind: it ends where it next does. A panic in it is passed on.
async fn bounded(
    limit: Duration,
    cancel: &CancellationToken,
    work: impl Future<Output = ()> + Send + 'static,
) -> bool {
    let mut task = AbortOnDropHandle::new(tokio::spawn(work));
    tokio::select! {
        done = &mut task => match done.map_err(JoinError::try_into_panic) {
            Ok(()) => true,
            Err(Ok(panic)) => std::panic::resume_unwind(panic),
            Err(Err(_)) => false,
        },
        () = tokio::time::sleep(limit) => false,
        () = cancel.cancelled() => false,
    }
}

/// What is known of the credential so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CredentialState {
    /// Not tried yet, or no domain controller has answered.
    Unproven,
    /// A domain controller accepted it, under this name.
    Good(String),
    /// A domain controller refused it.
    Refused,
}

/// What every part of a run needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Collection<'a> {
    pub(super) plan: &'a Plan,
    pub(super) gate: &'a Gate,
    pub(super) dns: Option<&'a Dns>,
    pub(super) board: &'a Board,
    pub(super) credential_state: &'a Mutex<CredentialState>,
    pub(super) forest: &'a Hearing,
    pub(super) updates: Option<&'a UnboundedSender<Update>>,
}

impl Collection<'_> {
    async fn everything(self) {
        tokio::join!(self.directory(), self.cloud());
    }

    async fn directory(self) {
        let named: Vec<usize> = self
            .plan
            .servers
            .iter()
            .filter_map(|server| {
                let domain = self
                    .plan
                    .domains
                    .first()
                    .map(|domain| domain.domain.as_str());
                self.board
                    .add(&server.host, domain, ControllerSource::Named)
            })
            .collect();
        let probed_if_found = named.is_empty();
        let found = self.discover_all(&self.plan.domains, probed_if_found).await;
        let places = if probed_if_found { found } else { named };
        self.tell(Update::Found {
            controllers: places.len(),
        });
        let first = async {
            self.probe_all(&places).await;
            // Whoever could have been asked has been.
            if self.forest.waits() {
                self.forest.give_up();
                self.board.no_forest();
            }
        };
        let others = async {
            let Some(forest) = self.forest.heard().await else {
                return;
            };
            let found = self.discover_all(&self.others_of(&forest), true).await;
            self.tell(Update::Found {
                controllers: places.len() + found.len(),
            });
            self.probe_all(&found).await;
        };
        tokio::join!(first, others);
    }

    /// The domains of the forest that are not probed yet.
    fn others_of(self, forest: &[String]) -> Vec<DomainPlan> {
        let asked = self.plan.domains.iter().map(|one| one.domain.clone());
        let known: Vec<String> = asked.chain(self.board.own_domains()).collect();
        forest
            .iter()
            .filter(|domain| {
                !known
                    .iter()
                    .any(|one| one.trim_end_matches('.').eq_ignore_ascii_case(domain))
            })
            .map(|domain| DomainPlan {
                domain: domain.clone(),
                ..DomainPlan::default()
            })
            .collect()
    }

    async fn probe_all(self, places: &[usize]) {
        futures_util::future::join_all(places.iter().map(|place| async move {
            controller::probe(self, *place).await;
            if let Some(seen) = self.board.controller(*place) {
                self.tell(Update::Controller(Box::new(seen)));
            }
        }))
        .await;
    }

    /// Asks DNS about domains; the places of the domain controllers on the board, if they are to be probed.
    async fn discover_all(self, domains: &[DomainPlan], probed: bool) -> Vec<usize> {
        let found = domains.iter().map(|domain| self.discover(domain, probed));
        futures_util::future::join_all(found)
            .await
            .into_iter()
            .flatten()
            .collect()
    }

    /// Asks DNS about one domain and adds its domain controllers if they are to be probed.
    async fn discover(self, plan: &DomainPlan, probed: bool) -> Vec<usize> {
        let domain = plan.domain.trim_end_matches('.').to_ascii_lowercase();
        let mut lookups: Vec<DnsLookup> = Vec::new();
        if let Some(dns) = self.dns {
            let names = [
                format!("_ldap._tcp.dc._msdcs.{domain}"),
                format!("_kerberos._tcp.dc._msdcs.{domain}"),
                format!("_gc._tcp.{domain}"),
            ];
            lookups =
                futures_util::future::join_all(names.iter().map(|name| dns.services(name))).await;
        }
        let found: Vec<String> = lookups
            .first()
            .map(|lookup| targets(lookup.answer.records()))
            .unwrap_or_default();
        self.board.domain(DomainDiscovery {
            domain: domain.clone(),
            preferred: plan.preferred.clone(),
            preferred_only: plan.preferred_only,
            last_used: plan.last_used.clone(),
            asked_dns: self.dns.is_some(),
            lookups,
        });
        if !probed {
            return Vec::new();
        }
        let preferred = plan
            .preferred
            .iter()
            .map(|host| (host.as_str(), ControllerSource::Preferred));
        let last = plan
            .last_used
            .iter()
            .map(|host| (host.as_str(), ControllerSource::LastUsed));
        let found = found
            .iter()
            .filter(|_| !plan.preferred_only)
            .map(|host| (host.as_str(), ControllerSource::Discovered));
        preferred
            .chain(last)
            .chain(found)
            .filter_map(|(host, source)| self.board.add(host, Some(&domain), source))
            .collect()
    }

    async fn cloud(self) {
        let Some(name) = &self.plan.cloud else { return };
        let Ok(table) = EndpointTable::embedded() else {
            return;
        };
        let Some(cloud) = table.environment(name) else {
            return;
        };
        let proxy: Option<Proxy> = proxy::of_this_machine();
        // The service trusts the platform's roots, whatever certificate file the caller has for the directory.
        let judge = TrustJudge::platform();
        let seen = cloud::probe(self.gate, self.dns, &table, cloud, proxy.as_ref(), &judge).await;
        self.board.cloud(seen);
    }

    fn tell(self, update: Update) {
        if let Some(updates) = self.updates {
            // Nobody may be listening any more.
            let _ = updates.send(update);
        }
    }
}

/// Hosts of SRV records, by priority, each once. A target of "." means that the service is not offered (RFC 2782).
fn targets(records: &[DnsRecord]) -> Vec<String> {
    let mut services: Vec<(u16, &str)> = records
        .iter()
        .filter_map(|record| match record {
            DnsRecord::Service {
                target, priority, ..
            } if !target.is_empty() => Some((*priority, target.as_str())),
            _ => None,
        })
        .collect();
    services.sort_unstable();
    let mut hosts: Vec<String> = Vec::new();
    for (_, host) in services {
        if !hosts.iter().any(|have| have.eq_ignore_ascii_case(host)) {
            hosts.push(host.to_owned());
        }
    }
    hosts
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn work_that_never_yields_cannot_hold_the_run() {
        let go_on = Arc::new(AtomicBool::new(true));
        let spinning = Arc::clone(&go_on);
        let complete = bounded(
            Duration::from_millis(50),
            &CancellationToken::new(),
            async move {
                while spinning.load(Ordering::Relaxed) {
                    std::thread::yield_now();
                }
            },
        )
        .await;
        assert!(!complete);
        go_on.store(false, Ordering::Relaxed);
    }

    #[tokio::test]
    async fn work_that_ends_is_complete_and_a_cancel_ends_it() {
        let cancel = CancellationToken::new();
        let hour = Duration::from_hours(1);
        assert!(bounded(hour, &cancel, async {}).await);
        cancel.cancel();
        assert!(!bounded(hour, &cancel, std::future::pending()).await);
    }
}
