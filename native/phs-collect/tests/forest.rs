//! The other domains of a forest, found through the account: a small forest of fakes, one name server for all of it.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, SRV};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use hickory_resolver::proto::serialize::binary::{BinDecodable, BinEncodable};
use phs_collect::probe::tls::TrustJudge;
use phs_collect::probe::{Credential, DomainPlan, Plan, Ports, Server, collect};
use phs_collect::secret::Secret;
use phs_collect::wire::ber;
use phs_core::evidence::network::{Answer, NetworkEvidence, NotTriedReason};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, UdpSocket};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

const CONFIGURATION: &str = "CN=Configuration,DC=contoso,DC=test";

/// What the fake directory does when it is asked for the list of domains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Partitions {
    Listed,
    Hidden,
    AccountRefused,
}

fn attribute(name: &str, value: &str) -> Vec<u8> {
    ber::encode_parts(
        0x30,
        &[
            ber::encode(4, name.as_bytes()),
            ber::encode(0x31, &ber::encode(4, value.as_bytes())),
        ],
    )
}

fn message(id: u32, operation: Vec<u8>) -> Vec<u8> {
    ber::encode_parts(0x30, &[ber::encode_unsigned(2, id), operation])
}

fn entry(id: u32, attributes: &[(&str, &str)]) -> Vec<u8> {
    let attributes: Vec<_> = attributes
        .iter()
        .map(|(name, value)| attribute(name, value))
        .collect();
    let entry = [ber::encode(4, b""), ber::encode_parts(0x30, &attributes)];
    message(id, ber::encode_parts(0x64, &entry))
}

fn done(id: u32, operation: u8, code: u32) -> Vec<u8> {
    let parts = [
        ber::encode_unsigned(0x0a, code),
        ber::encode(4, b""),
        ber::encode(4, b""),
    ];
    message(id, ber::encode_parts(operation, &parts))
}

fn reference(id: u32, flags: &str, dns_root: &str, name: &str) -> Vec<u8> {
    entry(
        id,
        &[
            ("systemFlags", flags),
            ("dnsRoot", dns_root),
            ("nCName", name),
        ],
    )
}

/// What a domain controller of contoso.test answers to one request.
fn answer(request: &[u8], partitions: Partitions) -> Vec<u8> {
    let (envelope, _) = ber::element(request, "request").unwrap();
    let parts = envelope.children("request").unwrap();
    let id = parts[0].unsigned("id").unwrap();
    if parts[1].tag == 0 {
        let code = if partitions == Partitions::AccountRefused {
            49
        } else {
            0
        };
        return done(id, 0x61, code);
    }
    let search = parts[1].children("search").unwrap();
    let base = search[0].text();
    let entries = if base.is_empty() {
        entry(
            id,
            &[
                ("defaultNamingContext", "DC=contoso,DC=test"),
                ("configurationNamingContext", CONFIGURATION),
                ("dsServiceName", "CN=NTDS Settings,CN=DC1"),
            ],
        )
    } else if base == format!("CN=Partitions,{CONFIGURATION}") {
        if partitions == Partitions::Hidden {
            return done(id, 0x65, 50);
        }
        assert_eq!(search[1].unsigned("scope").unwrap(), 1);
        [
            reference(id, "1", "contoso.test", CONFIGURATION),
            reference(id, "3", "contoso.test", "DC=contoso,DC=test"),
            reference(id, "3", "EU.contoso.test", "DC=eu,DC=contoso,DC=test"),
            reference(id, "3", "fabrikam.test", "DC=fabrikam,DC=test"),
            reference(
                id,
                "5",
                "ForestDnsZones.contoso.test",
                "DC=ForestDnsZones,DC=contoso,DC=test",
            ),
        ]
        .concat()
    } else {
        entry(id, &[("objectClass", "nTDSDSA")])
    };
    [entries, done(id, 0x65, 0)].concat()
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, partitions: Partitions) {
    let mut bytes = Vec::new();
    loop {
        let length = ber::total_length(&bytes, 1 << 16).unwrap();
        if let Some(length) = length.filter(|length| bytes.len() >= *length) {
            let request: Vec<u8> = bytes.drain(..length).collect();
            if stream
                .write_all(&answer(&request, partitions))
                .await
                .is_err()
            {
                return;
            }
            continue;
        }
        match stream.read_u8().await {
            Ok(byte) => bytes.push(byte),
            Err(_) => return,
        }
    }
}

/// A directory in clear and over TLS; returns the ports and the root of its certificate.
async fn directory(partitions: Partitions) -> (u16, u16, String) {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let names = ["dc1.contoso.test", "dc2.eu.contoso.test", "127.0.0.1"].map(str::to_owned);
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(names)
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![leaf.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let clear = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let encrypted = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let ports = [&clear, &encrypted].map(|listener| listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((stream, _)) = clear.accept().await {
            tokio::spawn(serve(stream, partitions));
        }
    });
    tokio::spawn(async move {
        while let Ok((stream, _)) = encrypted.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    serve(stream, partitions).await;
                }
            });
        }
    });
    (ports[0], ports[1], issuer.pem())
}

/// A name server that knows one domain controller of each domain but fabrikam.test, all at one address.
async fn name_server() -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = vec![0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            let question = Message::from_bytes(&buffer[..length]).unwrap();
            let query = question.queries[0].clone();
            let mut reply = Message::response(question.metadata.id, question.metadata.op_code);
            reply.metadata.recursion_available = true;
            reply.add_query(query.clone());
            let name = query.name().to_ascii().to_ascii_lowercase();
            let record = |data| Record::from_rdata(query.name().clone(), 60, data);
            let host = if name.contains(".eu.contoso.test") {
                Some("dc2.eu.contoso.test.")
            } else if name.contains("contoso.test") {
                Some("dc1.contoso.test.")
            } else {
                None
            };
            match (host, query.query_type()) {
                (Some(host), RecordType::SRV) => {
                    let target = Name::from_ascii(host).unwrap();
                    reply.add_answer(record(RData::SRV(SRV::new(0, 100, 389, target))));
                }
                (Some(_), RecordType::A) => {
                    reply.add_answer(record(RData::A(A::new(127, 0, 0, 1))));
                }
                (Some(_), _) => {}
                (None, _) => reply.metadata.response_code = ResponseCode::NXDomain,
            }
            let _ = socket.send_to(&reply.to_bytes().unwrap(), from).await;
        }
    });
    address
}

async fn seen(partitions: Partitions, change: impl FnOnce(&mut Plan)) -> NetworkEvidence {
    let (clear, encrypted, root) = directory(partitions).await;
    let mut plan = Plan {
        observer: "test".to_owned(),
        domains: vec![DomainPlan {
            domain: "contoso.test".to_owned(),
            ..DomainPlan::default()
        }],
        servers: Vec::new(),
        dns_servers: vec![name_server().await],
        probe_timeout: Duration::from_secs(5),
        timeout: Duration::from_secs(50),
        judge: TrustJudge::given(root.as_bytes()).unwrap(),
        credential: Some(Credential {
            account: "reader".to_owned(),
            domain: None,
            secret: Secret::new("pw".encode_utf16().collect::<Vec<u16>>().into()),
        }),
        whole_forest: true,
        cloud: None,
        // Nothing listens on port 1, so that every other probe is refused at once.
        ports: Ports {
            dns: 1,
            kerberos: 1,
            endpoint_mapper: 1,
            ldap: clear,
            smb: 1,
            ldaps: encrypted,
            global_catalog: 1,
            win_rm: 1,
            ad_web_services: 1,
        },
    };
    change(&mut plan);
    collect(&plan, None, &CancellationToken::new())
        .await
        .unwrap()
}

fn hosts(evidence: &NetworkEvidence) -> Vec<&str> {
    evidence
        .controllers
        .iter()
        .map(|one| one.host.as_str())
        .collect()
}

fn domains(evidence: &NetworkEvidence) -> Vec<&str> {
    evidence
        .domains
        .iter()
        .map(|one| one.domain.as_str())
        .collect()
}

#[tokio::test]
async fn every_domain_of_the_forest_is_probed() {
    let evidence = seen(Partitions::Listed, |_| {}).await;
    assert!(evidence.complete);
    assert_eq!(
        evidence.forest_domains.as_ref().unwrap().value().unwrap(),
        &["contoso.test", "eu.contoso.test", "fabrikam.test"]
    );
    assert_eq!(
        domains(&evidence),
        ["contoso.test", "eu.contoso.test", "fabrikam.test"]
    );
    assert_eq!(
        hosts(&evidence),
        ["dc1.contoso.test", "dc2.eu.contoso.test"]
    );
    // A bare name stays one of the domain that let it in first.
    for controller in &evidence.controllers {
        let bind = controller.bind.value().unwrap();
        assert_eq!(
            (bind.account.as_str(), bind.result_code),
            ("reader@contoso.test", 0)
        );
    }
}

#[tokio::test]
async fn the_domain_of_a_named_server_is_not_probed_again() {
    let evidence = seen(Partitions::Listed, |plan| {
        plan.domains.clear();
        plan.servers = vec![Server {
            host: "127.0.0.1".to_owned(),
            ldap_port: Some(plan.ports.ldap),
        }];
    })
    .await;
    assert_eq!(domains(&evidence), ["eu.contoso.test", "fabrikam.test"]);
    assert_eq!(hosts(&evidence), ["127.0.0.1", "dc2.eu.contoso.test"]);
}

#[tokio::test]
async fn a_list_that_cannot_be_read_costs_nothing_else() {
    let hidden = seen(Partitions::Hidden, |_| {}).await;
    assert!(matches!(hidden.forest_domains, Some(Answer::Declined(_))));
    assert_eq!(hosts(&hidden), ["dc1.contoso.test"]);
    assert_eq!(hidden.controllers[0].bind.value().unwrap().result_code, 0);
    let refused = seen(Partitions::AccountRefused, |_| {}).await;
    assert_eq!(
        refused.forest_domains,
        Some(Answer::NotTried(NotTriedReason::DependencyFailed))
    );
    assert!(refused.complete);
}

#[tokio::test]
async fn without_an_account_nobody_is_asked() {
    let evidence = seen(Partitions::Listed, |plan| plan.credential = None).await;
    assert_eq!(evidence.forest_domains, None);
    assert_eq!(domains(&evidence), ["contoso.test"]);
}
