//! All probes of one domain controller, at once as far as one does not need another's answer.

use std::net::{IpAddr, SocketAddr};
use std::time::{SystemTime, UNIX_EPOCH};

use phs_core::dn::Dn;
use phs_core::evidence::network::{
    Answer, BindResult, DnsRecord, NotTriedReason, NtdsSettings, PortProbe, ProbeOutcome, Service,
    Transport,
};
use tokio::io::{AsyncRead, AsyncWrite};

use super::board::planned;
use super::collect::{Collection, CredentialState};
use super::{forest, ldap, rpc, talk, tcp, tls, udp};
use crate::secret::bind_name;
use crate::wire::cldap::{self, PingReply};
use crate::wire::{dns, kerberos};

/// Addresses of one host that are probed.
const MAX_ADDRESSES: usize = 8;
/// Ports of the endpoint mapper's answer that are probed.
const MAX_DRS_PORTS: usize = 4;

/// One domain controller under probe.
#[derive(Debug, Clone, Copy)]
struct Subject<'a> {
    run: Collection<'a>,
    place: usize,
    host: &'a str,
    domain: &'a str,
    addresses: &'a [IpAddr],
    ldap_port: u16,
}

/// Probes the controller at `place` on the board.
pub(super) async fn probe(run: Collection<'_>, place: usize) {
    let Some(blank) = run.board.controller(place) else {
        return;
    };
    let host = blank.host;
    let addresses = resolve(run, place, &host).await;
    // For a server without a domain, everything behind its first label is the best guess.
    let domain = blank.domain.unwrap_or_else(|| {
        host.split_once('.')
            .filter(|_| host.parse::<IpAddr>().is_err())
            .map(|(_, suffix)| suffix.to_owned())
            .unwrap_or_default()
    });
    let ldap_port = run
        .plan
        .servers
        .iter()
        .find(|server| server.host.eq_ignore_ascii_case(&host))
        .and_then(|server| server.ldap_port)
        .unwrap_or(run.plan.ports.ldap);
    let subject = Subject {
        run,
        place,
        host: &host,
        domain: &domain,
        addresses: &addresses,
        ldap_port,
    };
    subject.plan_rows();
    tokio::join!(
        subject.plain_ports(),
        subject.replication(),
        subject.directory(),
        subject.datagrams(),
    );
}

async fn resolve(run: Collection<'_>, place: usize, host: &str) -> Vec<IpAddr> {
    let addresses = if let Ok(address) = host.parse() {
        vec![address]
    } else if let Some(dns) = run.dns {
        let lookups = dns.addresses(host).await;
        let addresses = lookups
            .iter()
            .flat_map(|lookup| lookup.answer.records())
            .filter_map(|record| match record {
                DnsRecord::Address(address) => Some(*address),
                _ => None,
            })
            .take(MAX_ADDRESSES)
            .collect();
        run.board
            .update(place, |one| one.lookups = lookups.to_vec());
        addresses
    } else {
        Vec::new()
    };
    run.board
        .update(place, |one| one.addresses.clone_from(&addresses));
    addresses
}

impl Subject<'_> {
    /// Every row that will be probed, so that a run cut short shows what is missing.
    fn plan_rows(self) {
        let ports = self.run.plan.ports;
        let rows = [
            (Transport::Tcp, Service::Dns, ports.dns),
            (Transport::Udp, Service::Dns, ports.dns),
            (Transport::Tcp, Service::Kerberos, ports.kerberos),
            (Transport::Udp, Service::Kerberos, ports.kerberos),
            (
                Transport::Tcp,
                Service::EndpointMapper,
                ports.endpoint_mapper,
            ),
            (Transport::Tcp, Service::Ldap, self.ldap_port),
            (Transport::Udp, Service::Ldap, ports.ldap),
            (Transport::Tcp, Service::Smb, ports.smb),
            (Transport::Tcp, Service::Ldaps, ports.ldaps),
            (Transport::Tcp, Service::GlobalCatalog, ports.global_catalog),
            (Transport::Tcp, Service::WinRm, ports.win_rm),
            (
                Transport::Tcp,
                Service::AdWebServices,
                ports.ad_web_services,
            ),
        ];
        self.run.board.update(self.place, |one| {
            one.ports = self
                .addresses
                .iter()
                .flat_map(|address| {
                    rows.map(|(transport, service, port)| {
                        planned(*address, port, transport, service)
                    })
                })
                .collect();
        });
    }

    /// Ports that are only connected to.
    async fn plain_ports(self) {
        let ports = self.run.plan.ports;
        let connect_only = [
            (Service::Dns, ports.dns),
            (Service::Kerberos, ports.kerberos),
            (Service::Smb, ports.smb),
            (Service::GlobalCatalog, ports.global_catalog),
            (Service::WinRm, ports.win_rm),
            (Service::AdWebServices, ports.ad_web_services),
        ];
        futures_util::future::join_all(connect_only.map(|(service, port)| self.tcp(service, port)))
            .await;
    }

    /// Connects to a port on every address; returns the first address, in the order of DNS, where it is open.
    async fn tcp(self, service: Service, port: u16) -> Result<IpAddr, ProbeOutcome> {
        let rows: Vec<PortProbe> =
            futures_util::future::join_all(self.addresses.iter().map(|address| async move {
                let row = tcp::probe(self.run.gate, *address, port, service).await;
                self.run.board.row(self.place, row.clone());
                row
            }))
            .await;
        rows.iter()
            .find(|row| row.outcome == ProbeOutcome::Open)
            .map(|row| row.address)
            .ok_or_else(|| {
                rows.first()
                    .map_or(ProbeOutcome::Unreachable, |row| row.outcome)
            })
    }

    /// 135, the endpoint mapper behind it, and the DRS port that it names.
    async fn replication(self) {
        let board = self.run.board;
        let port = self.run.plan.ports.endpoint_mapper;
        let address = match self.tcp(Service::EndpointMapper, port).await {
            Ok(address) => address,
            Err(outcome) => {
                board.update(self.place, |one| {
                    one.endpoint_mapper = Answer::NotConnected(outcome);
                    one.drs_bind = Answer::NotTried(NotTriedReason::DependencyFailed);
                });
                return;
            }
        };
        let found = rpc::drs_endpoints(self.run.gate, address, port).await;
        board.update(self.place, |one| one.endpoint_mapper = found.clone());
        let ports = found
            .value()
            .map(|found| found.ports.clone())
            .unwrap_or_default();
        let mut last = Answer::NotTried(NotTriedReason::DependencyFailed);
        for port in ports.into_iter().take(MAX_DRS_PORTS) {
            last = match self.tcp(Service::Drs, port).await {
                Ok(address) => rpc::drs_bind(self.run.gate, address, port).await,
                Err(outcome) => Answer::NotConnected(outcome),
            };
            if last.value().is_some() {
                break;
            }
        }
        board.update(self.place, |one| one.drs_bind = last);
    }

    /// LDAP in the clear for what anyone may read, TLS on both ports, then the bind.
    async fn directory(self) {
        let (plain, encrypted) = tokio::join!(self.ldap(), self.ldaps());
        self.bind(plain, encrypted).await;
    }

    async fn ldap(self) -> Option<IpAddr> {
        let gate = self.run.gate;
        match self.tcp(Service::Ldap, self.ldap_port).await {
            Ok(address) => {
                let (root_dse, start_tls) = tokio::join!(
                    ldap::root_dse(gate, address, self.ldap_port),
                    tls::after_start_tls(
                        gate,
                        address,
                        self.ldap_port,
                        self.host,
                        &self.run.plan.judge
                    ),
                );
                let usable = start_tls.value().is_some_and(|tls| !tls.is_outdated());
                self.run.board.update(self.place, |one| {
                    one.root_dse = root_dse;
                    one.start_tls = start_tls;
                });
                usable.then_some(address)
            }
            Err(outcome) => {
                self.run.board.update(self.place, |one| {
                    one.root_dse = Answer::NotConnected(outcome);
                    one.start_tls = Answer::NotConnected(outcome);
                });
                None
            }
        }
    }

    async fn ldaps(self) -> Option<IpAddr> {
        let gate = self.run.gate;
        let port = self.run.plan.ports.ldaps;
        let seen = match self.tcp(Service::Ldaps, port).await {
            Ok(address) => {
                let seen = tls::direct(gate, address, port, self.host, &self.run.plan.judge).await;
                let usable = seen.value().is_some_and(|tls| !tls.is_outdated());
                self.run.board.update(self.place, |one| one.ldaps = seen);
                return usable.then_some(address);
            }
            Err(outcome) => Answer::NotConnected(outcome),
        };
        self.run.board.update(self.place, |one| one.ldaps = seen);
        None
    }

    /// Binds as the account given, over LDAPS where it works and else over StartTLS; never in clear text.
    async fn bind(self, plain: Option<IpAddr>, encrypted: Option<IpAddr>) {
        let (bind, ntds_settings) = match self.try_bind(plain, encrypted).await {
            Ok(answers) => answers,
            Err(reason) => (Answer::NotTried(reason), Answer::NotTried(reason)),
        };
        self.run.board.update(self.place, |one| {
            one.bind = bind;
            one.ntds_settings = ntds_settings;
        });
    }

    async fn try_bind(
        self,
        plain: Option<IpAddr>,
        encrypted: Option<IpAddr>,
    ) -> Result<(Answer<BindResult>, Answer<NtdsSettings>), NotTriedReason> {
        let credential = self
            .run
            .plan
            .credential
            .as_ref()
            .ok_or(NotTriedReason::NoCredential)?;
        let (to, start_tls) = encrypted
            .map(|address| (SocketAddr::new(address, self.run.plan.ports.ldaps), false))
            .or_else(|| plain.map(|address| (SocketAddr::new(address, self.ldap_port), true)))
            .ok_or(NotTriedReason::NoEncryption)?;
        // An empty password makes the bind anonymous, which always succeeds (RFC 4513 5.1.2).
        let password = credential
            .secret
            .to_utf8()
            .filter(|password| !password.is_empty())
            .ok_or(NotTriedReason::PasswordUnusable)?;
        let controller = self.run.board.controller(self.place);
        let root = controller.as_ref().and_then(|one| one.root_dse.value());
        let dn = root.and_then(|root| root.ds_service_name.clone());
        let account = || {
            let naming_context = root.and_then(|root| root.default_naming_context.as_deref());
            let domain = credential.domain.clone().or_else(|| {
                Dn::parse(naming_context?)
                    .ok()
                    .and_then(|naming_context| naming_context.domain_name())
            });
            bind_name(&credential.account, &domain.unwrap_or_default())
        };
        // One bind at a time until one has succeeded: a wrong password tried on every domain controller at once would
        // lock the account.
        let mut proven = self.run.credential_state.lock().await;
        match &*proven {
            CredentialState::Good(account) => {
                let account = account.clone();
                drop(proven);
                Ok(self.bind_over(to, start_tls, &account, &password, dn).await)
            }
            CredentialState::Refused => Err(NotTriedReason::AfterRefusal),
            CredentialState::Unproven => {
                let account = account();
                let answers = self.bind_over(to, start_tls, &account, &password, dn).await;
                if let Some(result) = answers.0.value() {
                    *proven = if result.result_code == 0 {
                        CredentialState::Good(account)
                    } else {
                        CredentialState::Refused
                    };
                }
                Ok(answers)
            }
        }
    }

    async fn bind_over(
        self,
        to: SocketAddr,
        start_tls: bool,
        account: &str,
        password: &str,
        dn: Option<String>,
    ) -> (Answer<BindResult>, Answer<NtdsSettings>) {
        let gate = self.run.gate;
        let unbound = || Answer::NotTried(NotTriedReason::DependencyFailed);
        let _permit = gate.enter().await;
        let mut stream = match tcp::connect(to, gate.timeout()).await {
            Ok(stream) => stream,
            Err(outcome) => return (Answer::NotConnected(outcome), unbound()),
        };
        let mut bound = None;
        let bind = talk::answer(gate.timeout(), async {
            if start_tls {
                ldap::request_start_tls(&mut stream).await?;
            }
            let mut stream = tls::connect_trusted(stream, self.host, &self.run.plan.judge).await?;
            let result = ldap::bind(&mut stream, account, password).await?;
            bound = Some(stream);
            Ok(result)
        })
        .await;
        let succeeded = bind.value().is_some_and(|result| result.result_code == 0);
        let Some(mut stream) = bound.filter(|_| succeeded) else {
            return (bind, unbound());
        };
        let settings = match dn {
            Some(dn) => talk::answer(gate.timeout(), ldap::ntds_settings(&mut stream, &dn)).await,
            None => unbound(),
        };
        self.forest(&mut stream).await;
        (bind, settings)
    }

    /// Reads which domains the forest has, unless somebody already did.
    async fn forest<S: AsyncRead + AsyncWrite + Unpin>(self, stream: &mut S) {
        let board = self.run.board;
        let configuration = board
            .controller(self.place)
            .and_then(|one| one.root_dse.value()?.configuration_naming_context.clone());
        let (true, Some(configuration)) = (self.run.forest.waits(), configuration) else {
            return;
        };
        let reading = forest::domains(stream, &configuration);
        let answer = talk::answer(self.run.gate.timeout(), reading).await;
        board.forest(answer.clone());
        if let Some(domains) = answer.value() {
            self.run.forest.tell(domains);
        }
    }

    /// Requests over UDP: DNS, Kerberos, CLDAP.
    async fn datagrams(self) {
        futures_util::future::join_all(self.addresses.iter().map(|address| async move {
            tokio::join!(
                self.dns_datagram(*address),
                self.kerberos_datagram(*address),
                self.ping(*address),
            );
        }))
        .await;
        let board = self.run.board;
        board.update(self.place, |one| {
            if one.ping.value().is_none() && !one.ping.tried() {
                let outcome = one
                    .ports
                    .iter()
                    .find(|row| row.transport == Transport::Udp && row.service == Service::Ldap)
                    .map_or(ProbeOutcome::Unreachable, |row| row.outcome);
                one.ping = Answer::NotConnected(outcome);
            }
        });
    }

    async fn dns_datagram(self, address: IpAddr) {
        let id = u16::try_from(nonce() & 0xffff).unwrap_or(1);
        let Ok(request) = dns::request(id, self.domain) else {
            return;
        };
        let port = self.run.plan.ports.dns;
        let (row, _) = udp::probe(
            self.run.gate,
            address,
            port,
            Service::Dns,
            &request,
            |bytes| dns::decode(bytes, id),
        )
        .await;
        self.run.board.row(self.place, row);
    }

    async fn kerberos_datagram(self, address: IpAddr) {
        let realm = if self.domain.is_empty() {
            "LOCALHOST"
        } else {
            self.domain
        };
        let request = kerberos::as_request(realm, kerberos::PROBE_PRINCIPAL, nonce());
        let port = self.run.plan.ports.kerberos;
        let (row, _) = udp::probe(
            self.run.gate,
            address,
            port,
            Service::Kerberos,
            &request,
            kerberos::decode,
        )
        .await;
        self.run.board.row(self.place, row);
    }

    async fn ping(self, address: IpAddr) {
        let id = (nonce() & 0x7fff_ffff).max(1);
        let request = cldap::request(id, self.domain);
        let port = self.run.plan.ports.ldap;
        let (row, reply) = udp::probe(
            self.run.gate,
            address,
            port,
            Service::Ldap,
            &request,
            |bytes| cldap::decode(bytes, id),
        )
        .await;
        let answer = match (reply, &row.detail) {
            (Some(PingReply::Ping(ping)), _) => Some(Answer::Answered(ping)),
            (Some(PingReply::Empty), _) => Some(Answer::Declined(format!(
                "it does not host the domain {}",
                self.domain
            ))),
            (None, Some(reason)) => Some(Answer::Malformed(reason.clone())),
            (None, None) => None,
        };
        self.run.board.row(self.place, row);
        if let Some(answer) = answer {
            self.run.board.update(self.place, |one| {
                if one.ping.value().is_none() {
                    one.ping = answer;
                }
            });
        }
    }
}

/// A number that differs between requests; it matches answers to questions and protects nothing.
fn nonce() -> u32 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(1, |since| since.subsec_nanos() ^ 0x5a5a)
}
