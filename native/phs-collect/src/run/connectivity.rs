//! From a request to a plan of probes, and from the probes to evidence.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use phs_core::dn::Dn;
use phs_core::evidence::network::{ControllerEvidence, NetworkEvidence, ProbeOutcome};
use phs_core::evidence::server::ServerConfiguration;
use phs_core::text;
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

use super::RunContext;
use crate::event::Level;
use crate::probe::cloud::EndpointTable;
use crate::probe::tls::TrustJudge;
use crate::probe::{Credential, DomainPlan, Plan, Ports, Server, Update, collect};
use crate::problem::{Category, Problem};
use crate::secret::CredentialRequest;

const PROBE_TIMEOUT_SEC: u32 = 3;
const TIMEOUT_SEC: u32 = 60;
const DNS_PORT: u16 = 53;
/// Environment probed where none is named.
const ENVIRONMENT: &str = "Global";
/// The variable in which Windows tells the domain of the user who is signed in.
const DOMAIN_VARIABLE: &str = "USERDNSDOMAIN";

/// What a request says about probing the network.
#[derive(Debug, Clone, Default)]
pub(super) struct ConnectivityRequest {
    /// Domains to discover. Without domains, servers and an export: the domain of the user who is signed in.
    pub(super) domains: Vec<String>,
    /// Domain controllers to probe instead of those found, as `host`, `host:port` or `[address]:port`.
    pub(super) servers: Vec<String>,
    /// Account to bind as.
    pub(super) credential: Option<CredentialRequest>,
    /// File with the certificates (PEM) of the roots to trust for the directory.
    pub(super) ca_certificate: Option<String>,
    /// DNS servers to ask, as `address` or `address:port`.
    pub(super) dns_servers: Vec<String>,
    /// Seconds for each probe.
    pub(super) probe_timeout_sec: Option<u32>,
    /// Seconds for all probes together.
    pub(super) timeout_sec: Option<u32>,
    /// Whether to probe the cloud's endpoints as well.
    pub(super) include_cloud: bool,
    /// Environment whose endpoints are probed: `Global`, `USGov`, `USGovDoD` or `China`.
    pub(super) environment: Option<String>,
}

impl ConnectivityRequest {
    /// To a domain and a domain controller, as far as they are named. Only a DNS name can be discovered.
    pub(super) fn to(domain: Option<&str>, server: Option<&str>) -> Self {
        let discovered = domain.filter(|name| name.contains('.'));
        Self {
            domains: discovered.map(str::to_owned).into_iter().collect(),
            servers: server.map(str::to_owned).into_iter().collect(),
            ..Self::default()
        }
    }

    /// Whether it names a place in the network.
    pub(super) fn names_a_place(&self) -> bool {
        !self.domains.is_empty() || !self.servers.is_empty()
    }
}

/// Probes the network as the request and the server's configuration say.
///
/// # Errors
/// The request is wrong, or this machine has no DNS configuration that can be read. What probes meet is evidence.
pub(super) async fn probe(
    context: &RunContext,
    request: &ConnectivityRequest,
    server: Option<&ServerConfiguration>,
) -> Result<NetworkEvidence, Problem> {
    let plan = plan(context, request, server)?;
    let (sender, mut updates) = unbounded_channel();
    let over = CancellationToken::new();
    let collecting = async {
        let seen = collect(&plan, Some(&sender), context.cancel_token()).await;
        // A probe left behind may keep its sender: the channel's end is no sign.
        over.cancel();
        seen
    };
    let telling = async {
        let mut all = 0_usize;
        let mut done = 0_usize;
        loop {
            let update = tokio::select! {
                biased;
                update = updates.recv() => update,
                () = over.cancelled() => None,
            };
            let Some(update) = update else { break };
            let status = match &update {
                Update::Found { controllers } => {
                    all = *controllers;
                    text!("progress-connectivity-found", count = all)
                }
                Update::Controller(controller) => {
                    done += 1;
                    context.log(Level::Verbose, &reached(controller)).await;
                    text!(
                        "progress-connectivity-done",
                        host = &controller.host,
                        done = done,
                        count = all
                    )
                }
            };
            let percent = (done * 100)
                .checked_div(all)
                .and_then(|part| part.try_into().ok());
            context
                .progress(&text!("progress-connectivity"), &status, percent)
                .await;
        }
    };
    let (seen, ()) = tokio::join!(collecting, telling);
    let seen = seen.map_err(|error| {
        Problem::new(
            "Phs.Connectivity.NoResolver",
            Category::ConnectionError,
            "DNS",
            text!("error-connectivity-no-resolver", detail = error.to_string()),
        )
    })?;
    if seen.sockets.allowed < seen.sockets.wanted {
        let text = text!(
            "connectivity-few-sockets",
            allowed = seen.sockets.allowed,
            wanted = seen.sockets.wanted
        );
        context.log(Level::Verbose, &text).await;
    }
    Ok(seen)
}

/// How many probes of a domain controller found an open port.
fn reached(controller: &ControllerEvidence) -> text::Text {
    let open = controller
        .ports
        .iter()
        .filter(|row| row.outcome == ProbeOutcome::Open)
        .count();
    text!(
        "connectivity-reached",
        host = &controller.host,
        open = open,
        probes = controller.ports.len()
    )
}

fn plan(
    context: &RunContext,
    request: &ConnectivityRequest,
    server: Option<&ServerConfiguration>,
) -> Result<Plan, Problem> {
    let servers = request
        .servers
        .iter()
        .map(|text| parse_server(text))
        .collect::<Result<Vec<_>, _>>()?;
    let domains = domains(request, server);
    if domains.is_empty() && servers.is_empty() && !request.include_cloud {
        return Err(Problem::new(
            "Phs.Connectivity.NoTarget",
            Category::InvalidArgument,
            "domain",
            text!("error-connectivity-no-target"),
        ));
    }
    let credential = match &request.credential {
        None => None,
        Some(given) => Some(Credential {
            account: given.user.trim().to_owned(),
            domain: bare_name_domain(request),
            secret: context.secret(&given.secret)?,
        }),
    };
    Ok(Plan {
        observer: this_machine(),
        domains,
        servers,
        dns_servers: request
            .dns_servers
            .iter()
            .map(|text| parse_dns_server(text))
            .collect::<Result<_, _>>()?,
        probe_timeout: seconds(request.probe_timeout_sec.unwrap_or(PROBE_TIMEOUT_SEC)),
        timeout: seconds(request.timeout_sec.unwrap_or(TIMEOUT_SEC)),
        judge: judge(request.ca_certificate.as_deref())?,
        credential,
        // An export says itself which domains there are, and which of them are selected.
        whole_forest: server.is_none(),
        cloud: cloud(request)?,
        ports: Ports::default(),
    })
}

/// At least a second: nothing answers in none.
fn seconds(count: u32) -> Duration {
    Duration::from_secs(u64::from(count.max(1)))
}

/// The domain of a bare user name: the first that the caller names by its DNS name.
fn bare_name_domain(request: &ConnectivityRequest) -> Option<String> {
    let first = request.domains.iter().find(|name| name.contains('.'));
    first.map(|name| name.trim_end_matches('.').to_owned())
}

/// The domains asked for; of the export's selected domains those, with what the export says of domain controllers.
fn domains(request: &ConnectivityRequest, server: Option<&ServerConfiguration>) -> Vec<DomainPlan> {
    let configured = server.map(of_partitions).unwrap_or_default();
    if request.domains.is_empty() && request.servers.is_empty() {
        if !configured.is_empty() {
            return configured;
        }
        if request.include_cloud {
            return Vec::new();
        }
        return std::env::var(DOMAIN_VARIABLE)
            .ok()
            .filter(|domain| !domain.is_empty())
            .map(plain)
            .into_iter()
            .collect();
    }
    request
        .domains
        .iter()
        .map(|domain| {
            configured
                .iter()
                .find(|one| {
                    one.domain
                        .eq_ignore_ascii_case(domain.trim_end_matches('.'))
                })
                .cloned()
                .unwrap_or_else(|| plain(domain.clone()))
        })
        .collect()
}

fn plain(domain: String) -> DomainPlan {
    DomainPlan {
        domain,
        ..DomainPlan::default()
    }
}

/// The selected domain partitions of the AD connectors. `dc-failover` = 0 means that only preferred ones may be used.
fn of_partitions(server: &ServerConfiguration) -> Vec<DomainPlan> {
    let mut plans: Vec<DomainPlan> = Vec::new();
    let partitions = server
        .ad_connectors()
        .flat_map(|connector| &connector.partitions)
        .filter(|partition| partition.selected.known() != Some(&false))
        .filter(|partition| partition.is_domain.known() != Some(&false));
    for partition in partitions {
        let Some(domain) = Dn::parse(&partition.distinguished_name)
            .ok()
            .and_then(|dn| dn.domain_name())
        else {
            continue;
        };
        if plans
            .iter()
            .any(|one| one.domain.eq_ignore_ascii_case(&domain))
        {
            continue;
        }
        plans.push(DomainPlan {
            domain,
            preferred: partition.preferred_dcs.clone(),
            preferred_only: partition.dc_failover.known() == Some(&false),
            last_used: partition
                .last_dc
                .known()
                .filter(|host| !host.is_empty())
                .cloned(),
        });
    }
    plans
}

/// `host`, `host:port`, an address, or `[address]:port`.
fn parse_server(text: &str) -> Result<Server, Problem> {
    let wrong = || {
        Problem::new(
            "Phs.Connectivity.Server",
            Category::InvalidArgument,
            text,
            text!("error-connectivity-server", server = text),
        )
    };
    let trimmed = text.trim();
    let (host, port) = if let Some(rest) = trimmed.strip_prefix('[') {
        let (host, after) = rest.split_once(']').ok_or_else(wrong)?;
        host.parse::<IpAddr>().map_err(|_| wrong())?;
        match after {
            "" => (host, None),
            after => (host, Some(after.strip_prefix(':').ok_or_else(wrong)?)),
        }
    } else if trimmed.parse::<IpAddr>().is_ok() {
        (trimmed, None)
    } else if let Some((host, port)) = trimmed.rsplit_once(':') {
        (host, Some(port))
    } else {
        (trimmed, None)
    };
    let ldap_port = match port {
        None => None,
        Some(port) => Some(
            port.parse::<u16>()
                .ok()
                .filter(|port| *port != 0)
                .ok_or_else(wrong)?,
        ),
    };
    let host = host.trim_end_matches('.');
    if host.is_empty() || host.contains(|c: char| c.is_whitespace() || c == '/') {
        return Err(wrong());
    }
    Ok(Server {
        host: host.to_owned(),
        ldap_port,
    })
}

fn parse_dns_server(text: &str) -> Result<SocketAddr, Problem> {
    let trimmed = text.trim();
    trimmed
        .parse::<SocketAddr>()
        .or_else(|_| {
            trimmed
                .parse::<IpAddr>()
                .map(|address| SocketAddr::new(address, DNS_PORT))
        })
        .map_err(|_| {
            Problem::new(
                "Phs.Connectivity.DnsServer",
                Category::InvalidArgument,
                text,
                text!("error-connectivity-dns-server", server = text),
            )
        })
}

fn judge(ca_certificate: Option<&str>) -> Result<TrustJudge, Problem> {
    let Some(path) = ca_certificate else {
        return Ok(TrustJudge::platform());
    };
    let wrong = |detail: String| {
        Problem::new(
            "Phs.Connectivity.CaCertificate",
            Category::InvalidData,
            path,
            text!(
                "error-connectivity-ca-certificate",
                path = path,
                detail = detail
            ),
        )
    };
    let pem = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
    TrustJudge::given(&pem).map_err(|error| wrong(error.to_string()))
}

fn cloud(request: &ConnectivityRequest) -> Result<Option<String>, Problem> {
    if !request.include_cloud {
        return Ok(None);
    }
    let name = request.environment.as_deref().unwrap_or(ENVIRONMENT);
    let table = EndpointTable::embedded().map_err(|error| {
        Problem::new(
            "Phs.Connectivity.EndpointTable",
            Category::InvalidData,
            "cloud-endpoints.json",
            text!(
                "error-connectivity-endpoint-table",
                detail = error.to_string()
            ),
        )
    })?;
    if table.environment(name).is_none() {
        let names: Vec<String> = table
            .environments
            .iter()
            .map(|environment| environment.name.clone())
            .collect();
        return Err(Problem::new(
            "Phs.Connectivity.Environment",
            Category::InvalidArgument,
            name,
            text!("error-connectivity-environment", name = name, names = names),
        ));
    }
    Ok(Some(name.to_owned()))
}

/// Name of this machine, for tickets.
pub(super) fn this_machine() -> String {
    let from_variable = ["COMPUTERNAME", "HOSTNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok())
        .filter(|name| !name.is_empty());
    from_variable.unwrap_or_else(|| host_name().unwrap_or_else(|| "localhost".to_owned()))
}

#[cfg(unix)]
fn host_name() -> Option<String> {
    let name = rustix::system::uname();
    name.nodename()
        .to_str()
        .ok()
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
}

#[cfg(not(unix))]
fn host_name() -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_read_in_every_form() {
        let read = |text: &str| {
            parse_server(text)
                .map(|server| (server.host, server.ldap_port))
                .map_err(|problem| problem.id)
        };
        assert_eq!(
            read("dc1.contoso.test"),
            Ok(("dc1.contoso.test".into(), None))
        );
        assert_eq!(read("dc1.:3890"), Ok(("dc1".into(), Some(3890))));
        assert_eq!(read("192.0.2.1:389"), Ok(("192.0.2.1".into(), Some(389))));
        assert_eq!(read("2001:db8::1"), Ok(("2001:db8::1".into(), None)));
        assert_eq!(
            read("[2001:db8::1]:389"),
            Ok(("2001:db8::1".into(), Some(389)))
        );
        for wrong in [
            "",
            "dc1:0",
            "dc1:ldap",
            "ldap://dc1",
            "[dc1]:389",
            "dc 1",
            "[::1]389",
        ] {
            assert_eq!(read(wrong), Err("Phs.Connectivity.Server"), "{wrong}");
        }
    }

    #[test]
    fn dns_servers_are_addresses() {
        assert_eq!(
            parse_dns_server("192.0.2.1").unwrap().to_string(),
            "192.0.2.1:53"
        );
        assert_eq!(
            parse_dns_server("[::1]:5353").unwrap().to_string(),
            "[::1]:5353"
        );
        assert!(parse_dns_server("ns1.contoso.test").is_err());
    }

    #[test]
    fn an_unknown_cloud_is_named_with_the_known_ones() {
        let request = |name: &str| ConnectivityRequest {
            include_cloud: true,
            environment: Some(name.to_owned()),
            ..ConnectivityRequest::default()
        };
        assert_eq!(cloud(&request("usgov")).unwrap().as_deref(), Some("usgov"));
        assert_eq!(
            cloud(&request("Mars")).unwrap_err().id,
            "Phs.Connectivity.Environment"
        );
        assert_eq!(cloud(&ConnectivityRequest::default()).unwrap(), None);
    }

    #[test]
    fn a_missing_file_of_roots_is_named() {
        let problem = judge(Some("/nonexistent/root.pem")).unwrap_err();
        assert_eq!(problem.id, "Phs.Connectivity.CaCertificate");
        assert_eq!(problem.target, "/nonexistent/root.pem");
    }
}
