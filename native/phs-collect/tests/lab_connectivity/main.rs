//! Probes and judgement against a domain controller that really is one, with a packet filter that breaks the way to it.
//!
//! These tests need a Samba lab and run inside its network namespace, one at a time, as root: they put rules into the
//! namespace's packet filter. `tests/connectivity/run.sh` starts the lab and runs them.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper of a test fails the test"
)]

mod certificates;
mod faults;
mod healthy;
mod names;
mod signed_in;

use std::net::SocketAddr;
use std::process::Command;
use std::time::{Duration, Instant};

use phs_collect::probe::tls::TrustJudge;
use phs_collect::probe::{DomainPlan, Plan, Ports, collect};
use phs_core::check::Step;
use phs_core::evidence::Evidence;
use phs_core::evidence::network::{
    ControllerEvidence, NetworkEvidence, ProbeOutcome, Service, Transport,
};
use phs_core::finding::{Finding, Outcome};
use phs_core::guide::{Context, Policy, judge};
use tokio_util::sync::CancellationToken;

const REASON: &str = "run tests/connectivity/run.sh, which starts the lab";

/// A variable of the lab.
fn lab(name: &str) -> String {
    std::env::var(name).expect(REASON)
}

/// The other address that the domain controller listens on: names are resolved there whatever is cut off elsewhere.
fn dns_server() -> SocketAddr {
    "127.0.0.1:53".parse().unwrap()
}

fn plan() -> Plan {
    let ca = std::fs::read(lab("LAB_CA")).unwrap();
    Plan {
        observer: "connect1".to_owned(),
        domains: vec![DomainPlan {
            domain: lab("LAB_DOMAIN"),
            ..DomainPlan::default()
        }],
        servers: Vec::new(),
        dns_servers: vec![dns_server()],
        probe_timeout: Duration::from_secs(2),
        timeout: Duration::from_secs(12),
        judge: TrustJudge::given(&ca).unwrap(),
        credential: None,
        whole_forest: false,
        cloud: None,
        ports: Ports::default(),
    }
}

/// Runs the plan, which must end by its own time-out and two seconds.
async fn seen(plan: &Plan) -> NetworkEvidence {
    let started = Instant::now();
    let evidence = collect(plan, None, &CancellationToken::new())
        .await
        .unwrap();
    assert!(started.elapsed() < plan.timeout + Duration::from_secs(2));
    evidence
}

fn judged(network: &NetworkEvidence) -> Vec<Finding> {
    let evidence = Evidence {
        network: Some(network.clone()),
        ..Evidence::default()
    };
    let context = Context {
        today: network.observed_at,
        users_named: false,
        policy: Policy::default(),
    };
    let mut findings = Vec::new();
    judge(Step::A3, &evidence, &context, &mut |finding| {
        findings.push(finding);
    });
    findings
}

/// Everything that is not well: check, message and target.
fn faults(network: &NetworkEvidence) -> Vec<(&'static str, &'static str, String)> {
    judged(network)
        .into_iter()
        .filter(|finding| matches!(finding.outcome, Outcome::Failed | Outcome::Warning))
        .map(|finding| {
            (
                finding.check.id,
                finding.message.key,
                finding.target.display,
            )
        })
        .collect()
}

/// The one fault of a domain controller or domain.
fn fault(
    id: &'static str,
    key: &'static str,
    target: &str,
) -> (&'static str, &'static str, String) {
    (id, key, target.to_owned())
}

fn outcome(of: &ControllerEvidence, transport: Transport, service: Service) -> ProbeOutcome {
    of.ports
        .iter()
        .find(|row| row.transport == transport && row.service == service)
        .unwrap_or_else(|| panic!("no row for {service:?} over {transport:?}"))
        .outcome
}

/// Rules in the packet filter of the namespace, taken away when dropped.
struct Filter;

impl Filter {
    /// Puts in rules for packets that arrive, one per entry.
    fn new(rules: &[&str]) -> Self {
        let mut script = String::from(
            "table inet faults { chain arriving { type filter hook input priority 0; policy accept;\n",
        );
        for rule in rules {
            script.push_str(rule);
            script.push('\n');
        }
        script.push_str("}\n}\n");
        nft(&script);
        Self
    }
}

impl Drop for Filter {
    fn drop(&mut self) {
        nft("delete table inet faults\n");
    }
}

fn nft(script: &str) {
    use std::io::Write as _;
    let mut child = Command::new("nft")
        .args(["-f", "-"])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .expect("nft");
    child
        .stdin
        .take()
        .unwrap()
        .write_all(script.as_bytes())
        .unwrap();
    assert!(child.wait().unwrap().success(), "nft refused: {script}");
}
