//! Probes against servers that misbehave: silent, slow, talkative in the wrong language, badly certified.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper of a test fails the test"
)]

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use phs_collect::probe::tls::{self, TrustJudge};
use phs_collect::probe::{Gate, Plan, Ports, Server, collect, ldap, rpc};
use phs_core::evidence::network::{Answer, ProbeOutcome, Trust};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

const TIMEOUT: Duration = Duration::from_millis(400);

fn gate() -> Gate {
    Gate::new(16, TIMEOUT)
}

/// Serves every connection with `serve`.
async fn server<F, Fut>(serve: F) -> SocketAddr
where
    F: Fn(TcpStream) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    address
}

async fn silent() -> SocketAddr {
    server(|stream| async move {
        let _held = stream;
        tokio::time::sleep(Duration::from_secs(60)).await;
    })
    .await
}

async fn garbage() -> SocketAddr {
    server(|mut stream| async move {
        let _ = stream.write_all(&[0xff; 4096]).await;
        let _ = stream.read(&mut [0; 64]).await;
    })
    .await
}

async fn one_byte_a_while() -> SocketAddr {
    server(|mut stream| async move {
        for _ in 0..600 {
            if stream.write_all(&[0x30]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    })
    .await
}

async fn hanging_up() -> SocketAddr {
    server(|mut stream| async move {
        let _ = stream.read(&mut [0; 64]).await;
    })
    .await
}

#[tokio::test]
async fn silence_after_connecting_is_told_from_a_dropped_connection() {
    let to = silent().await;
    let judge = TrustJudge::platform();
    let (root_dse, mapper, bind, direct, start_tls) = tokio::join!(
        async { ldap::root_dse(&gate(), to.ip(), to.port()).await },
        async { rpc::drs_endpoints(&gate(), to.ip(), to.port()).await },
        async { rpc::drs_bind(&gate(), to.ip(), to.port()).await },
        async { tls::direct(&gate(), to.ip(), to.port(), "dc1", &judge).await },
        async { tls::after_start_tls(&gate(), to.ip(), to.port(), "dc1", &judge).await },
    );
    assert_eq!(root_dse, Answer::NoAnswer);
    assert_eq!(mapper, Answer::NoAnswer);
    assert_eq!(bind, Answer::NoAnswer);
    assert_eq!(direct, Answer::NoAnswer);
    assert_eq!(start_tls, Answer::NoAnswer);
}

#[tokio::test]
async fn garbage_is_malformed_everywhere() {
    let to = garbage().await;
    let judge = TrustJudge::platform();
    assert!(matches!(
        ldap::root_dse(&gate(), to.ip(), to.port()).await,
        Answer::Malformed(_)
    ));
    assert!(matches!(
        rpc::drs_endpoints(&gate(), to.ip(), to.port()).await,
        Answer::Malformed(_)
    ));
    assert!(matches!(
        tls::direct(&gate(), to.ip(), to.port(), "dc1", &judge).await,
        Answer::Malformed(_)
    ));
}

#[tokio::test]
async fn a_trickle_does_not_hold_a_probe_beyond_its_time() {
    let to = one_byte_a_while().await;
    let answer = ldap::root_dse(&gate(), to.ip(), to.port()).await;
    assert!(
        matches!(answer, Answer::NoAnswer | Answer::Malformed(_)),
        "{answer:?}"
    );
    let answer = rpc::drs_bind(&gate(), to.ip(), to.port()).await;
    assert_eq!(answer, Answer::NoAnswer);
}

#[tokio::test]
async fn a_hung_up_connection_is_closed() {
    let to = hanging_up().await;
    let judge = TrustJudge::platform();
    assert_eq!(
        ldap::root_dse(&gate(), to.ip(), to.port()).await,
        Answer::Closed
    );
    assert_eq!(
        tls::direct(&gate(), to.ip(), to.port(), "dc1", &judge).await,
        Answer::Closed
    );
}

/// A server that answers every hello with these bytes.
async fn answering_hello(answer: &'static [u8]) -> SocketAddr {
    server(move |mut stream| async move {
        let mut header = [0; 5];
        if stream.read_exact(&mut header).await.is_err() {
            return;
        }
        let length = usize::from(u16::from_be_bytes([header[3], header[4]]));
        let mut hello = vec![0; length];
        let _ = stream.read_exact(&mut hello).await;
        // A client that offers nothing but AEAD cipher suites has none in common with a server of that age.
        let old_enough = hello.windows(2).any(|suite| suite == [0x00, 0x2f]);
        let said: &[u8] = if old_enough {
            answer
        } else {
            b"\x15\x03\x01\x00\x02\x02\x28"
        };
        let _ = stream.write_all(said).await;
        let _ = stream.read(&mut [0; 64]).await;
    })
    .await
}

/// A hello of the server with this version: no session, `TLS_RSA_WITH_AES_128_CBC_SHA`.
fn server_hello(minor: u8) -> &'static [u8] {
    let mut record = vec![22, 3, minor, 0, 42, 2, 0, 0, 38, 3, minor];
    record.extend([7; 32]);
    record.extend([0, 0x00, 0x2f, 0]);
    record.leak()
}

#[tokio::test]
async fn a_server_that_offers_only_old_versions_is_named_with_its_version() {
    let judge = TrustJudge::platform();
    for (minor, protocol) in [(0, "SSLv3"), (1, "TLSv1_0"), (2, "TLSv1_1")] {
        let to = answering_hello(server_hello(minor)).await;
        let seen = tls::direct(&gate(), to.ip(), to.port(), "dc1.contoso.test", &judge).await;
        let Answer::Answered(seen) = seen else {
            panic!("{seen:?}");
        };
        assert_eq!(seen.protocol, protocol);
        assert!(seen.is_outdated() && seen.chain.is_empty());
        assert!(matches!(seen.trust, Trust::Unknown(_)));
    }
}

#[tokio::test]
async fn a_server_with_no_cipher_suite_in_common_is_not_taken_for_an_old_one() {
    let judge = TrustJudge::platform();
    let to = answering_hello(server_hello(3)).await;
    let seen = tls::direct(&gate(), to.ip(), to.port(), "dc1.contoso.test", &judge).await;
    let Answer::Declined(reason) = seen else {
        panic!("{seen:?}");
    };
    assert!(reason.contains("0x002f"), "{reason}");
    // One that declines both hellos: what the first said stands.
    let to = answering_hello(b"\x15\x03\x01\x00\x02\x02\x46").await;
    let seen = tls::direct(&gate(), to.ip(), to.port(), "dc1.contoso.test", &judge).await;
    assert!(matches!(seen, Answer::Declined(_)), "{seen:?}");
}

/// An authority of the test's own.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn years(from: i32, to: i32) -> impl Fn(&mut CertificateParams) {
    move |params| {
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(to, 1, 1);
    }
}

async fn tls_server(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> SocketAddr {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    server(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let _ = stream.read(&mut [0; 64]).await;
            }
        }
    })
    .await
}

async fn examined(
    names: &[&str],
    change: impl Fn(&mut CertificateParams),
    judge: Option<TrustJudge>,
) -> tls::TlsEvidence {
    let issuer = authority();
    let mut params = CertificateParams::new(
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>(),
    )
    .unwrap();
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    let leaf = params.signed_by(&key, &issuer).unwrap();
    let to = tls_server(
        vec![leaf.der().clone()],
        PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
    )
    .await;
    let judge = judge.unwrap_or_else(|| TrustJudge::given(issuer.pem().as_bytes()).unwrap());
    match tls::direct(&gate(), to.ip(), to.port(), "dc1.contoso.test", &judge).await {
        Answer::Answered(seen) => seen,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_good_certificate_is_trusted_and_described() {
    let seen = examined(&["dc1.contoso.test"], years(2020, 2040), None).await;
    assert_eq!(seen.trust, Trust::Trusted);
    assert_eq!(seen.chain[0].names, ["dc1.contoso.test"]);
    assert_eq!(seen.chain[0].key_algorithm, "EC");
    assert_eq!(seen.chain[0].key_bits, Some(256));
    assert!(seen.signature_valid && !seen.chain[0].weak_signature);
}

#[tokio::test]
async fn neither_a_wrong_name_nor_a_wrong_date_hides_that_the_chain_is_trusted() {
    let named = examined(&["other.contoso.test"], years(2020, 2040), None).await;
    assert_eq!(named.trust, Trust::Trusted);
    let expired = examined(&["dc1.contoso.test"], years(2000, 2001), None).await;
    assert_eq!(expired.trust, Trust::Trusted);
    assert_eq!(
        expired.chain[0].not_after.to_string(),
        "2001-01-01T00:00:00Z"
    );
    let early = examined(&["dc1.contoso.test"], years(2090, 2095), None).await;
    assert_eq!(early.trust, Trust::Trusted);
}

#[tokio::test]
async fn a_foreign_authority_is_not_trusted() {
    let other = TrustJudge::given(authority().pem().as_bytes()).unwrap();
    let seen = examined(&["dc1.contoso.test"], years(2020, 2040), Some(other)).await;
    assert!(
        matches!(seen.trust, Trust::Untrusted(_)),
        "{:?}",
        seen.trust
    );
}

#[test]
fn a_file_without_certificates_is_no_set_of_roots() {
    assert!(TrustJudge::given(b"").is_err());
    let broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(TrustJudge::given(broken).is_err());
}

fn plan(host: &str, ports: Ports, timeout: Duration) -> Plan {
    Plan {
        observer: "test".to_owned(),
        domains: Vec::new(),
        servers: vec![Server {
            host: host.to_owned(),
            ldap_port: None,
        }],
        dns_servers: Vec::new(),
        probe_timeout: Duration::from_secs(30),
        timeout,
        judge: TrustJudge::platform(),
        credential: None,
        whole_forest: false,
        cloud: None,
        ports,
    }
}

/// Every port of the plan leads to one server.
fn all(port: u16) -> Ports {
    Ports {
        dns: port,
        kerberos: port,
        endpoint_mapper: port,
        ldap: port,
        smb: port,
        ldaps: port,
        global_catalog: port,
        win_rm: port,
        ad_web_services: port,
    }
}

#[tokio::test]
async fn the_run_ends_at_its_time_out_with_what_was_reached() {
    let to = silent().await;
    let started = Instant::now();
    let evidence = collect(
        &plan("127.0.0.1", all(to.port()), Duration::from_secs(1)),
        None,
        &CancellationToken::new(),
    )
    .await
    .unwrap();
    assert!(started.elapsed() < Duration::from_secs(3));
    assert!(!evidence.complete);
    let dc = &evidence.controllers[0];
    assert!(dc.ports.iter().any(|row| row.outcome == ProbeOutcome::Open));
    assert!(!dc.root_dse.tried());
}

#[tokio::test]
async fn a_cancelled_run_ends_at_once() {
    let to = silent().await;
    let cancel = CancellationToken::new();
    cancel.cancel();
    let evidence = collect(
        &plan("127.0.0.1", all(to.port()), Duration::from_secs(600)),
        None,
        &cancel,
    )
    .await
    .unwrap();
    assert!(!evidence.complete);
}
