//! Certificates with one fault each, and a clock that is wrong.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use phs_collect::probe::Server;

use super::*;

const LAB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/lab");

/// One of the lab's fake servers; ends when dropped.
struct Fake {
    child: Child,
    port: u16,
}

impl Fake {
    fn new(arguments: &[&str]) -> Self {
        let mut child = Command::new("/usr/bin/python3")
            .arg(format!("{LAB}/fakes.py"))
            .args(arguments)
            .args(["--address", &lab("LAB_ADDRESS")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let port = line
            .split(|c: char| !c.is_ascii_digit())
            .rfind(|digits| !digits.is_empty())
            .unwrap()
            .parse()
            .unwrap();
        Self { child, port }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The domain controller of the lab, with one service of a fake in place of its own.
async fn with_ports(change: impl Fn(&mut Ports)) -> NetworkEvidence {
    let mut plan = plan();
    plan.servers = vec![Server {
        host: "dc1.contoso.test".to_owned(),
        ldap_port: None,
    }];
    change(&mut plan.ports);
    seen(&plan).await
}

fn variants() -> PathBuf {
    let place = Path::new(&lab("LAB_DIR")).join("variants");
    if !place.join("tls/variants/sha1.pem").exists() {
        std::fs::create_dir_all(&place).unwrap();
        for file in ["ca.pem", "ca.key"] {
            let from = Path::new(&lab("LAB_DIR")).join(file);
            if from.exists() {
                std::fs::copy(from, place.join(file)).unwrap();
            }
        }
        let made = Command::new("/usr/bin/python3")
            .arg(format!("{LAB}/certs.py"))
            .arg(&place)
            .args(["--name", "dc1.contoso.test", "--variants"])
            .status()
            .unwrap();
        assert!(made.success());
    }
    place.join("tls/variants")
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn each_fault_of_a_certificate_is_told_apart() {
    for (variant, key) in [
        ("expired", "phs305-expired"),
        ("not-yet-valid", "phs305-not-yet-valid"),
        ("wrong-name", "phs305-wrong-name"),
        ("self-signed", "phs305-self-signed"),
        ("untrusted", "phs305-untrusted"),
        ("sha1", "phs305-weak-signature"),
        ("weak-key", "phs305-weak-key"),
    ] {
        let certificate = variants().join(format!("{variant}.pem"));
        let private = variants().join(format!("{variant}.key"));
        let fake = Fake::new(&[
            "ldap",
            "--certificate",
            &certificate.to_string_lossy(),
            "--key",
            &private.to_string_lossy(),
        ]);
        let evidence = with_ports(|ports| ports.ldaps = fake.port).await;
        let found: Vec<_> = faults(&evidence)
            .into_iter()
            .filter(|(id, ..)| *id == "PHS305")
            .map(|(_, key, _)| key)
            .collect();
        assert_eq!(found, [key], "{variant}");
    }
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn a_clock_six_minutes_off_is_seen() {
    let fake = Fake::new(&["ldap", "--clock-offset", "360"]);
    let evidence = with_ports(|ports| ports.ldap = fake.port).await;
    let clock: Vec<_> = faults(&evidence)
        .into_iter()
        .filter(|(id, ..)| *id == "PHS306")
        .map(|(_, key, _)| key)
        .collect();
    assert_eq!(clock, ["phs306-skewed"]);
    let skew = evidence.controllers[0].root_dse.value().unwrap().skew_ms;
    assert!((359_000..361_000).contains(&skew.unwrap()));
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn a_server_that_stalls_drips_or_lies_does_not_hold_the_run() {
    for behaviour in ["stall", "drip", "garbage", "close", "oversized"] {
        let fake = Fake::new(&[behaviour]);
        let evidence = with_ports(|ports| {
            ports.ldap = fake.port;
            ports.endpoint_mapper = fake.port;
            ports.ldaps = fake.port;
        })
        .await;
        let dc = &evidence.controllers[0];
        assert!(dc.root_dse.value().is_none(), "{behaviour}");
        assert!(dc.endpoint_mapper.value().is_none(), "{behaviour}");
        assert!(
            faults(&evidence)
                .iter()
                .any(|(_, key, _)| *key == "phs303-mapper-mute"),
            "{behaviour}"
        );
    }
}
