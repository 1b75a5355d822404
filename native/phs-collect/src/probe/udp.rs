//! UDP probes: a real request of the protocol, sent again while time lasts. Silence is all that a dropped datagram
//! looks like; a closed port answers with ICMP, which a connected socket reports.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use phs_core::evidence::network::{PortProbe, ProbeOutcome, Service, Transport};
use tokio::net::UdpSocket;

use super::gate::{Gate, millis};
use super::tcp::outcome_of;
use crate::wire::WireError;

/// How often a request is sent within the time-out.
const SENDS: u32 = 3;
/// Largest datagram read. A netlogon response has about 200 bytes, a KRB-ERROR fewer than 1,500.
const MAX_DATAGRAM: usize = 4096;
/// Between two tries of a socket that was said to be ready and was not.
const PAUSE: Duration = Duration::from_millis(5);

/// Sends `request` until an answer comes, and reads the answer with `read`.
///
/// An answer that cannot be read still proves that the port is open; the row's detail says what was odd.
pub async fn probe<T>(
    gate: &Gate,
    address: IpAddr,
    port: u16,
    service: Service,
    request: &[u8],
    read: impl Fn(&[u8]) -> Result<T, WireError>,
) -> (PortProbe, Option<T>) {
    let permit = gate.enter().await;
    let started = Instant::now();
    let (outcome, value, detail) = match exchange(gate, address, port, request).await {
        Ok(datagram) => match read(&datagram) {
            Ok(value) => (ProbeOutcome::Open, Some(value), None),
            Err(error) => (ProbeOutcome::Open, None, Some(error.to_string())),
        },
        Err(outcome) => (outcome, None, None),
    };
    drop(permit);
    let row = PortProbe {
        address,
        port,
        transport: Transport::Udp,
        service,
        outcome,
        elapsed_ms: millis(started.elapsed()),
        detail,
    };
    (row, value)
}

async fn exchange(
    gate: &Gate,
    address: IpAddr,
    port: u16,
    request: &[u8],
) -> Result<Vec<u8>, ProbeOutcome> {
    let local: IpAddr = match address {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind(SocketAddr::new(local, 0))
        .await
        .map_err(|error| outcome_of(&error))?;
    socket
        .connect(SocketAddr::new(address, port))
        .await
        .map_err(|error| outcome_of(&error))?;
    let mut buffer = vec![0; MAX_DATAGRAM];
    for _ in 0..SENDS {
        let attempt = async {
            send(&socket, request).await?;
            receive(&socket, &mut buffer).await
        };
        match tokio::time::timeout(gate.timeout() / SENDS, attempt).await {
            Ok(Ok(length)) => {
                buffer.truncate(length);
                return Ok(buffer);
            }
            Ok(Err(error)) => return Err(outcome_of(&error)),
            // Silence, unless the system keeps an error that it has signalled to nobody.
            Err(_) => {
                if let Ok(Some(error)) = socket.take_error() {
                    return Err(outcome_of(&error));
                }
            }
        }
    }
    Err(ProbeOutcome::Dropped)
}

// `UdpSocket::send` and `recv` try again at once while the socket is said to be ready. Where an ICMP error counts as a closed
// socket, which stays ready for good (Wine), that is a loop without an end that no time-out can break. These wait in between.

async fn send(socket: &UdpSocket, request: &[u8]) -> io::Result<usize> {
    loop {
        socket.writable().await?;
        if let Some(result) = unless_blocked(socket, socket.try_send(request)).await {
            return result;
        }
    }
}

async fn receive(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        socket.readable().await?;
        if let Some(result) = unless_blocked(socket, socket.try_recv(buffer)).await {
            return result;
        }
    }
}

/// What came of a try; nothing, after a pause, where the socket was not ready after all and has no error.
async fn unless_blocked(socket: &UdpSocket, tried: io::Result<usize>) -> Option<io::Result<usize>> {
    if !matches!(&tried, Err(error) if error.kind() == io::ErrorKind::WouldBlock) {
        return Some(tried);
    }
    if let Ok(Some(error)) = socket.take_error() {
        return Some(Err(error));
    }
    tokio::time::sleep(PAUSE).await;
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(bytes: &[u8]) -> Result<usize, WireError> {
        if bytes == b"garbage" {
            return Err(WireError::Invalid { what: "answer" });
        }
        Ok(bytes.len())
    }

    /// A server that lets `skip` datagrams pass unanswered.
    async fn server(skip: usize, answer: &'static [u8]) -> SocketAddr {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        tokio::spawn(async move {
            let mut buffer = [0; 64];
            let mut seen = 0;
            while let Ok((_, from)) = socket.recv_from(&mut buffer).await {
                seen += 1;
                if seen > skip {
                    let _ = socket.send_to(answer, from).await;
                }
            }
        });
        address
    }

    async fn ask(to: SocketAddr) -> (PortProbe, Option<usize>) {
        let gate = Gate::new(4, Duration::from_millis(600));
        probe(
            &gate,
            to.ip(),
            to.port(),
            Service::Kerberos,
            b"hello",
            length,
        )
        .await
    }

    #[tokio::test]
    async fn a_lost_request_is_sent_again() {
        let (row, value) = ask(server(1, b"four").await).await;
        assert_eq!((row.outcome, value), (ProbeOutcome::Open, Some(4)));
    }

    #[tokio::test]
    async fn silence_is_dropped() {
        let (row, value) = ask(server(usize::MAX, b"").await).await;
        assert_eq!((row.outcome, value), (ProbeOutcome::Dropped, None));
    }

    #[tokio::test]
    async fn garbage_is_open_and_said_to_be_odd() {
        let (row, value) = ask(server(0, b"garbage").await).await;
        assert_eq!((row.outcome, value), (ProbeOutcome::Open, None));
        assert!(row.detail.is_some());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_closed_port_is_refused() {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        drop(socket);
        assert_eq!(ask(address).await.0.outcome, ProbeOutcome::Refused);
    }
}
