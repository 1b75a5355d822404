//! What DNS says is wrong, though the domain controller itself is well. A name server of the test's own says it.

use std::collections::HashMap;
use std::net::IpAddr;

use hickory_resolver::proto::op::{Message, MessageType, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, AAAA, SRV};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use hickory_resolver::proto::serialize::binary::{BinDecodable, BinEncodable};
use tokio::net::UdpSocket;

use super::*;

const DOMAIN: &str = "contoso.test";

/// Domain controllers by name, and their addresses.
type Hosts = HashMap<&'static str, Vec<IpAddr>>;

/// A name server for the domain; returns its address. It answers everything with `code` if one is given.
async fn name_server(hosts: Hosts, code: Option<ResponseCode>) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = vec![0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            let Ok(question) = Message::from_bytes(&buffer[..length]) else {
                continue;
            };
            let answer = respond(&question, &hosts, code);
            let _ = socket.send_to(&answer.to_bytes().unwrap(), from).await;
        }
    });
    address
}

fn respond(question: &Message, hosts: &Hosts, code: Option<ResponseCode>) -> Message {
    let mut answer = Message::response(question.metadata.id, question.metadata.op_code);
    answer.metadata.message_type = MessageType::Response;
    answer.metadata.recursion_available = true;
    let query = question.queries[0].clone();
    answer.add_query(query.clone());
    if let Some(code) = code {
        answer.metadata.response_code = code;
        return answer;
    }
    let name = query.name().to_ascii().trim_end_matches('.').to_owned();
    let record = |data| Record::from_rdata(query.name().clone(), 60, data);
    if query.query_type() == RecordType::SRV && name.starts_with('_') {
        let mut names: Vec<_> = hosts.keys().collect();
        names.sort();
        for host in names {
            let target = Name::from_ascii(format!("{host}.")).unwrap();
            answer.add_answer(record(RData::SRV(SRV::new(0, 100, 389, target))));
        }
        return answer;
    }
    let Some(addresses) = hosts.get(name.as_str()) else {
        answer.metadata.response_code = ResponseCode::NXDomain;
        return answer;
    };
    for address in addresses {
        match (address, query.query_type()) {
            (IpAddr::V4(v4), RecordType::A) => {
                answer.add_answer(record(RData::A(A(*v4))));
            }
            (IpAddr::V6(v6), RecordType::AAAA) => {
                answer.add_answer(record(RData::AAAA(AAAA(*v6))));
            }
            _ => {}
        }
    }
    answer
}

async fn with_names(
    hosts: &[(&'static str, &[&str])],
    code: Option<ResponseCode>,
) -> NetworkEvidence {
    let hosts = hosts
        .iter()
        .map(|(host, addresses)| {
            let addresses = addresses.iter().map(|one| one.parse().unwrap()).collect();
            (*host, addresses)
        })
        .collect();
    let mut plan = plan();
    plan.dns_servers = vec![name_server(hosts, code).await];
    seen(&plan).await
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn service_record_of_a_dead_host() {
    let _filter = Filter::new(&["ip daddr 127.98.0.1 drop"]);
    let evidence = with_names(&[("old.contoso.test", &["127.98.0.1"])], None).await;
    assert_eq!(
        faults(&evidence),
        [fault("PHS301", "phs301-none-answers", DOMAIN)]
    );
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn service_record_of_a_host_without_address() {
    let evidence = with_names(
        &[
            ("dc1.contoso.test", &["127.99.0.1"]),
            ("old.contoso.test", &[]),
        ],
        None,
    )
    .await;
    assert_eq!(
        faults(&evidence),
        [fault("PHS301", "phs301-some-without-address", DOMAIN)]
    );
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn one_of_three_dead() {
    let _filter = Filter::new(&["ip daddr 127.98.0.2 drop"]);
    let evidence = with_names(
        &[
            ("dc1.contoso.test", &["127.99.0.1"]),
            ("dc2.contoso.test", &["127.98.0.2"]),
            ("dc3.contoso.test", &["127.0.0.1"]),
        ],
        None,
    )
    .await;
    let found: Vec<_> = faults(&evidence)
        .into_iter()
        // The certificate is made out to dc1: that is no part of this question.
        .filter(|(id, ..)| *id != "PHS305")
        .collect();
    assert_eq!(
        found,
        [fault("PHS302", "phs302-host-silent", "dc2.contoso.test")]
    );
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn only_ipv6() {
    let six = lab("LAB_ADDRESS6");
    let mut plan = plan();
    // Another name than the lab's, since its hosts file would add the IPv4 address.
    let hosts = Hosts::from([("six.contoso.test", vec![six.parse().unwrap()])]);
    plan.dns_servers = vec![name_server(hosts, None).await];
    let evidence = seen(&plan).await;
    let dc = &evidence.controllers[0];
    assert!(dc.addresses.iter().all(IpAddr::is_ipv6));
    assert_eq!(
        outcome(dc, Transport::Tcp, Service::Drs),
        ProbeOutcome::Open
    );
    let found: Vec<_> = faults(&evidence)
        .into_iter()
        .filter(|(id, ..)| *id != "PHS305")
        .collect();
    assert_eq!(found, []);
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn name_error_server_failure_and_no_data_are_told_apart() {
    for (code, key) in [
        (ResponseCode::NXDomain, "phs301-name-error"),
        (ResponseCode::ServFail, "phs301-server-failure"),
        (ResponseCode::Refused, "phs301-refused"),
    ] {
        let evidence = with_names(&[], Some(code)).await;
        assert_eq!(faults(&evidence), [fault("PHS301", key, DOMAIN)]);
    }
    let none = with_names(&[], None).await;
    assert_eq!(faults(&none), [fault("PHS301", "phs301-no-data", DOMAIN)]);
}
