//! TCP connect, with the operating system's error read as what it says about the way.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use phs_core::evidence::network::{PortProbe, ProbeOutcome, Service, Transport};
use tokio::net::TcpStream;

use super::gate::{Gate, millis};

/// Connects within `limit`.
pub async fn connect(to: SocketAddr, limit: Duration) -> Result<TcpStream, ProbeOutcome> {
    match tokio::time::timeout(limit, TcpStream::connect(to)).await {
        Err(_) => Err(ProbeOutcome::Dropped),
        Ok(Err(error)) => Err(outcome_of(&error)),
        Ok(Ok(stream)) => Ok(stream),
    }
}

/// Probes one port of one address and lets the connection go again.
pub async fn probe(gate: &Gate, address: IpAddr, port: u16, service: Service) -> PortProbe {
    let permit = gate.enter().await;
    let started = Instant::now();
    let outcome = match connect(SocketAddr::new(address, port), gate.timeout()).await {
        Ok(_) => ProbeOutcome::Open,
        Err(outcome) => outcome,
    };
    drop(permit);
    PortProbe {
        address,
        port,
        transport: Transport::Tcp,
        service,
        outcome,
        elapsed_ms: millis(started.elapsed()),
        detail: None,
    }
}

/// What an error of the operating system says about the way to a service.
pub fn outcome_of(error: &io::Error) -> ProbeOutcome {
    match error.raw_os_error() {
        Some(code) => classify(code),
        None if error.kind() == io::ErrorKind::TimedOut => ProbeOutcome::Dropped,
        None => ProbeOutcome::Error { code: 0 },
    }
}

/// `ECONNRESET` counts as refused: Windows reports ICMP port unreachable for UDP that way, and some firewalls answer a
/// SYN so. `EADDRNOTAVAIL` means that this machine has no address of the family, hence no way there.
#[cfg(unix)]
fn classify(code: i32) -> ProbeOutcome {
    match code {
        libc::ECONNREFUSED | libc::ECONNRESET => ProbeOutcome::Refused,
        libc::ETIMEDOUT => ProbeOutcome::Dropped,
        libc::EHOSTUNREACH
        | libc::ENETUNREACH
        | libc::EHOSTDOWN
        | libc::ENETDOWN
        | libc::EADDRNOTAVAIL => ProbeOutcome::Unreachable,
        code => ProbeOutcome::Error { code },
    }
}

#[cfg(not(unix))]
fn classify(code: i32) -> ProbeOutcome {
    classify_winsock(code)
}

/// The same for Winsock (`WSAECONNREFUSED` and its kin, winsock2.h).
#[cfg(any(not(unix), test))]
fn classify_winsock(code: i32) -> ProbeOutcome {
    match code {
        10061 | 10054 => ProbeOutcome::Refused,
        10060 => ProbeOutcome::Dropped,
        10065 | 10051 | 10064 | 10050 | 10049 => ProbeOutcome::Unreachable,
        code => ProbeOutcome::Error { code },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[test]
    fn winsock_codes_are_told_apart() {
        assert_eq!(classify_winsock(10061), ProbeOutcome::Refused);
        assert_eq!(classify_winsock(10060), ProbeOutcome::Dropped);
        assert_eq!(classify_winsock(10065), ProbeOutcome::Unreachable);
        assert_eq!(classify_winsock(10013), ProbeOutcome::Error { code: 10013 });
    }

    #[cfg(unix)]
    #[test]
    fn errno_values_are_told_apart() {
        assert_eq!(classify(libc::EHOSTUNREACH), ProbeOutcome::Unreachable);
        assert_eq!(classify(libc::ETIMEDOUT), ProbeOutcome::Dropped);
        assert_eq!(
            classify(libc::EMFILE),
            ProbeOutcome::Error { code: libc::EMFILE }
        );
    }

    #[tokio::test]
    async fn a_listener_is_open_and_its_absence_is_refused() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let gate = Gate::new(4, Duration::from_secs(2));
        let open = probe(&gate, address.ip(), address.port(), Service::Ldap).await;
        assert_eq!(open.outcome, ProbeOutcome::Open);
        drop(listener);
        let refused = probe(&gate, address.ip(), address.port(), Service::Ldap).await;
        assert_eq!(refused.outcome, ProbeOutcome::Refused);
    }
}
