//! What only an account can see: the bind itself and the replication switches.

use phs_collect::probe::Credential;
use phs_collect::secret::Secret;
use phs_core::evidence::network::Answer;

use super::*;

const DC: &str = "dc1.contoso.test";

fn signed_in(password: &str) -> Plan {
    Plan {
        credential: Some(Credential {
            account: lab("LAB_ADMIN"),
            domain: None,
            secret: Secret::new(password.encode_utf16().collect::<Vec<u16>>().into()),
        }),
        whole_forest: true,
        ..plan()
    }
}

fn password() -> String {
    std::fs::read_to_string(lab("LAB_ADMIN_PASSWORD_FILE")).unwrap()
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn a_good_credential_binds_and_reads_the_options() {
    let evidence = seen(&signed_in(password().trim_end())).await;
    let dc = &evidence.controllers[0];
    assert_eq!(dc.bind.value().unwrap().result_code, 0);
    assert!(!dc.ntds_settings.value().unwrap().outbound_disabled());
    let forest = evidence.forest_domains.as_ref().unwrap();
    assert_eq!(forest.value().unwrap(), &[lab("LAB_DOMAIN")]);
    assert_eq!(faults(&evidence), []);
    for id in ["PHS304", "PHS307"] {
        assert!(
            judged(&evidence)
                .iter()
                .any(|finding| finding.check.id == id && finding.outcome == Outcome::Passed)
        );
    }
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn a_wrong_password_is_named_as_such() {
    let evidence = seen(&signed_in("not the password")).await;
    assert_eq!(
        evidence.controllers[0].bind.value().unwrap().sub_code,
        Some(0x52e)
    );
    assert_eq!(faults(&evidence), [fault("PHS304", "phs304-52e", DC)]);
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn no_password_goes_to_a_server_that_is_not_trusted() {
    let mut plan = signed_in(password().trim_end());
    let other = rcgen::generate_simple_self_signed(vec!["ca.test".to_owned()]).unwrap();
    plan.judge = TrustJudge::given(other.cert.pem().as_bytes()).unwrap();
    let evidence = seen(&plan).await;
    assert!(matches!(evidence.controllers[0].bind, Answer::Declined(_)));
}

/// Replication switched off, and on again when dropped.
struct Outbound;

impl Outbound {
    fn switch(to: &str) {
        let lab_py = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/lab/lab.py");
        let done = Command::new("/usr/bin/python3")
            .args([lab_py, "replication", &lab("LAB_DIR"), "outbound", to])
            .status()
            .unwrap();
        assert!(done.success());
    }
}

impl Drop for Outbound {
    fn drop(&mut self) {
        Self::switch("on");
    }
}

#[tokio::test]
#[ignore = "needs the Samba lab: tests/connectivity/run.sh"]
async fn outbound_replication_switched_off_is_seen() {
    Outbound::switch("off");
    let _restored = Outbound;
    let evidence = seen(&signed_in(password().trim_end())).await;
    assert_eq!(faults(&evidence), [fault("PHS307", "phs307-outbound", DC)]);
}
