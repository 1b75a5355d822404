//! The LDAP connection against servers that fail in every known way: each has an error of its own, none hangs or panics.

#![allow(clippy::panic, clippy::unwrap_used)]

mod fake;

use std::sync::Arc;
use std::time::Duration;

use phs_collect::ldap::{Connection, Encryption, Endpoint, Search, Settings, TrustAnchors};
use phs_collect::problem::Problem;
use phs_collect::secret::Secret;
use phs_core::text::{Catalog, DEFAULT_CULTURE};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use zeroize::Zeroizing;

use fake::{Certificate, Fake, GOOD, Inside, Plain, fake, request};

fn settings(fake: &Fake, encryption: Encryption) -> Settings {
    Settings {
        encryption,
        anchors: Arc::new(TrustAnchors::from_file(&fake.root).unwrap()),
        timeout: Duration::from_millis(1500),
    }
}

async fn open(fake: &Fake, encryption: Encryption) -> Result<Connection, Problem> {
    let endpoint = Endpoint::parse(&format!("localhost:{}", fake.address.port())).unwrap();
    Connection::open(&endpoint, &settings(fake, encryption)).await
}

fn password(text: &str) -> Secret {
    Secret::new(Zeroizing::new(text.encode_utf16().collect()))
}

/// The error's id, once its words and its advice are known to be whole.
fn id(problem: &Problem) -> &'static str {
    let catalog = Catalog::for_culture(DEFAULT_CULTURE);
    let record = problem.render(&catalog);
    assert!(
        !record.message.contains("{ $") && !record.message.starts_with('['),
        "{record:?}"
    );
    assert!(record.recommended_action.is_some(), "{record:?}");
    problem.id
}

#[tokio::test]
async fn a_good_server_is_good_by_every_way() {
    for (plain, encryption) in [
        (Plain::Tls, Encryption::Ldaps),
        (Plain::Tls, Encryption::Auto),
        (Plain::StartTls(0), Encryption::StartTls),
    ] {
        let fake = fake(plain, GOOD, Certificate::Good).await;
        let connection = open(&fake, encryption).await.unwrap();
        connection.bind("CONTOSO\\a", &password("x")).await.unwrap();
        let found = connection
            .search(&Search::below("DC=a", "(cn=a)".into(), &["cn"]))
            .await;
        assert_eq!(found.unwrap(), []);
    }
}

async fn refused(plain: Plain, encryption: Encryption, certificate: Certificate) -> &'static str {
    let fake = fake(plain, GOOD, certificate).await;
    id(&open(&fake, encryption).await.unwrap_err())
}

#[tokio::test]
async fn each_failure_to_connect_has_its_own_error() {
    use Encryption::{Auto, Ldaps, StartTls};
    for (plain, encryption, expected) in [
        (Plain::Silent, Ldaps, "Phs.Ldap.Stalled"),
        (Plain::Silent, StartTls, "Phs.Ldap.Stalled"),
        (Plain::Silent, Auto, "Phs.Ldap.Stalled"),
        (Plain::Garbage, Ldaps, "Phs.Ldap.NoTls"),
        (Plain::Garbage, StartTls, "Phs.Ldap.Malformed"),
        (Plain::Closes, Ldaps, "Phs.Ldap.NoTls"),
        (Plain::Closes, StartTls, "Phs.Ldap.ConnectionLost"),
        (Plain::StartTls(52), StartTls, "Phs.Ldap.NoTls"),
        (Plain::StartTls(2), StartTls, "Phs.Ldap.NoTls"),
        (Plain::Injects, StartTls, "Phs.Ldap.Malformed"),
        (Plain::Tls, Encryption::None, "Phs.Ldap.ClearText"),
    ] {
        let id = refused(plain, encryption, Certificate::Good).await;
        assert_eq!(id, expected, "{plain:?} {encryption:?}");
    }
}

#[tokio::test]
async fn each_fault_of_a_certificate_has_its_own_error() {
    for (certificate, expected) in [
        (Certificate::OtherRoot, "Phs.Ldap.CertificateUntrusted"),
        (Certificate::Expired, "Phs.Ldap.CertificateExpired"),
        (Certificate::NotYetValid, "Phs.Ldap.CertificateNotYetValid"),
        (Certificate::OtherName, "Phs.Ldap.CertificateWrongName"),
    ] {
        for (plain, encryption) in [
            (Plain::Tls, Encryption::Ldaps),
            (Plain::Tls, Encryption::Auto),
            (Plain::StartTls(0), Encryption::StartTls),
        ] {
            let id = refused(plain, encryption, certificate).await;
            assert_eq!(id, expected, "{plain:?} {encryption:?}");
        }
    }
}

#[tokio::test]
async fn an_address_must_stand_in_the_certificate() {
    let fake = fake(Plain::Tls, GOOD, Certificate::Good).await;
    let endpoint = Endpoint::parse(&fake.address.to_string()).unwrap();
    let problem = Connection::open(&endpoint, &settings(&fake, Encryption::Ldaps))
        .await
        .unwrap_err();
    assert_eq!(id(&problem), "Phs.Ldap.CertificateWrongName");
    let words = problem
        .render(&Catalog::for_culture(DEFAULT_CULTURE))
        .message;
    assert!(words.contains("localhost"), "{words}");
}

#[tokio::test]
async fn a_closed_port_and_an_unknown_name_are_told_apart() {
    let fake = fake(Plain::Tls, GOOD, Certificate::Good).await;
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    for (server, expected) in [
        (format!("127.0.0.1:{port}"), "Phs.Ldap.Refused"),
        ("no-such-host.invalid".to_owned(), "Phs.Ldap.NameNotFound"),
    ] {
        let endpoint = Endpoint::parse(&server).unwrap();
        let mut settings = settings(&fake, Encryption::Auto);
        settings.timeout = Duration::from_secs(20);
        let problem = Connection::open(&endpoint, &settings).await.unwrap_err();
        assert_eq!(id(&problem), expected);
    }
}

#[tokio::test]
async fn nothing_is_sent_without_a_name_or_a_password() {
    let fake = fake(Plain::Tls, Inside::Closes, Certificate::Good).await;
    let connection = open(&fake, Encryption::Ldaps).await.unwrap();
    for (user, secret, expected) in [
        ("a", password(""), "Phs.Ldap.EmptyPassword"),
        (" ", password("x"), "Phs.Ldap.EmptyUser"),
        (
            "a",
            Secret::new(Zeroizing::new(vec![0xd800])),
            "Phs.Ldap.PasswordNotText",
        ),
    ] {
        let problem = connection.bind(user, &secret).await.unwrap_err();
        assert_eq!(id(&problem), expected);
    }
}

#[tokio::test]
async fn a_refused_bind_is_decoded() {
    for (code, text, expected) in [
        (49, "data 525,", "Phs.Ldap.UserNotFound"),
        (49, "data 52e,", "Phs.Ldap.WrongPassword"),
        (49, "data 530,", "Phs.Ldap.LogonHours"),
        (49, "data 531,", "Phs.Ldap.LogonWorkstation"),
        (49, "data 532,", "Phs.Ldap.PasswordExpired"),
        (49, "data 533,", "Phs.Ldap.AccountDisabled"),
        (49, "data 701,", "Phs.Ldap.AccountExpired"),
        (49, "data 773,", "Phs.Ldap.MustChangePassword"),
        (49, "data 775,", "Phs.Ldap.AccountLocked"),
        (49, "data 1,", "Phs.Ldap.InvalidCredentials"),
        (49, "", "Phs.Ldap.InvalidCredentials"),
        (8, "", "Phs.Ldap.StrongerAuthRequired"),
        (13, "", "Phs.Ldap.ConfidentialityRequired"),
        (51, "", "Phs.Ldap.Busy"),
        (80, "", "Phs.Ldap.Failed"),
    ] {
        let text: &'static str = if text.is_empty() {
            ""
        } else {
            Box::leak(format!("80090308: LdapErr: DSID-0C09, comment: AcceptSecurityContext error, {text} v1\0").into_boxed_str())
        };
        let fake = fake(
            Plain::Tls,
            Inside::Answers(code, text, 0),
            Certificate::Good,
        )
        .await;
        let connection = open(&fake, Encryption::Ldaps).await.unwrap();
        let problem = connection
            .bind("CONTOSO\\a", &password("hunter2"))
            .await
            .unwrap_err();
        assert_eq!(id(&problem), expected, "{code} {text}");
        let record = problem.render(&Catalog::for_culture(DEFAULT_CULTURE));
        assert!(!format!("{record:?} {problem:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn each_failure_of_a_search_has_its_own_error() {
    for (inside, expected) in [
        (Inside::Answers(0, "", 10), "Phs.Ldap.Referral"),
        (Inside::Answers(0, "", 32), "Phs.Ldap.NoSuchObject"),
        (Inside::Answers(0, "", 50), "Phs.Ldap.InsufficientAccess"),
        (Inside::Answers(0, "", 4), "Phs.Ldap.LimitExceeded"),
        (Inside::Answers(0, "", 52), "Phs.Ldap.Busy"),
        (Inside::Answers(0, "", 53), "Phs.Ldap.Failed"),
        (Inside::Silent, "Phs.Ldap.Stalled"),
        (Inside::Garbage, "Phs.Ldap.Malformed"),
        (Inside::Truncated, "Phs.Ldap.Stalled"),
        (Inside::Nonsense, "Phs.Ldap.Malformed"),
        (Inside::Closes, "Phs.Ldap.ConnectionLost"),
    ] {
        let fake = fake(Plain::Tls, inside, Certificate::Good).await;
        let connection = open(&fake, Encryption::Ldaps).await.unwrap();
        let problem = connection
            .search(&Search::below("DC=a", "(cn=a)".into(), &["cn"]))
            .await
            .unwrap_err();
        assert_eq!(id(&problem), expected, "{inside:?}");
        // The connection may be gone; the next call is an error as well, never a hang or a panic.
        if !matches!(inside, Inside::Answers(..)) {
            assert!(connection.read(&Search::object("", &["cn"])).await.is_err());
        }
    }
}

/// What the tests write with must be what they think it is.
#[tokio::test]
async fn the_fake_speaks_ldap() {
    let (mut client, mut server) = tokio::io::duplex(1024);
    client
        .write_all(&phs_collect::wire::ldap::start_tls(7))
        .await
        .unwrap();
    assert_eq!(request(&mut server).await, Some((7, 0x77)));
}
