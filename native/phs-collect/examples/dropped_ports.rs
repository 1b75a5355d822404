//! The figure for the port phase: 50 domain controllers whose every port drops packets.
//!
//! Prints one line of JSON. Run by `tests/connectivity/run.sh bench`, in a namespace whose packet filter drops what goes to
//! 127.98.0.0/16.

use std::io::Write as _;
use std::time::{Duration, Instant};

use phs_collect::probe::tls::TrustJudge;
use phs_collect::probe::{Plan, Ports, Server, collect};
use tokio_util::sync::CancellationToken;

const CONTROLLERS: u8 = 50;
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let plan = Plan {
        observer: "bench".to_owned(),
        domains: Vec::new(),
        servers: (1..=CONTROLLERS)
            .map(|last| Server {
                host: format!("127.98.0.{last}"),
                ldap_port: None,
            })
            .collect(),
        dns_servers: Vec::new(),
        probe_timeout: PROBE_TIMEOUT,
        timeout: Duration::from_secs(60),
        judge: TrustJudge::platform(),
        credential: None,
        whole_forest: false,
        cloud: None,
        ports: Ports::default(),
    };
    let started = Instant::now();
    let evidence = collect(&plan, None, &CancellationToken::new()).await?;
    let elapsed = started.elapsed();
    let rows: usize = evidence.controllers.iter().map(|one| one.ports.len()).sum();
    let line = serde_json::json!({
        "controllers": evidence.controllers.len(),
        "probes": rows,
        "complete": evidence.complete,
        "probeTimeoutMs": PROBE_TIMEOUT.as_millis(),
        "elapsedMs": elapsed.as_millis(),
        "peakResidentKib": peak_resident_kib(),
    });
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

/// `VmHWM` of this process, where the system tells it.
fn peak_resident_kib() -> Option<u64> {
    std::fs::read_to_string("/proc/self/status")
        .ok()?
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?
        .split_whitespace()
        .next()?
        .parse()
        .ok()
}
