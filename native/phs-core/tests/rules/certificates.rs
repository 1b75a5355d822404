//! Functions on certificates, against a certificate made here.

use phs_core::rules::expression::{Context, Environment, Program, Resolver, Stop};
use phs_core::rules::{Value, Why};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, KeyPair, SanType, SerialNumber, date_time_ymd,
};

struct Slots;

impl Resolver for Slots {
    fn slot(&mut self, _: &str) -> usize {
        0
    }
}

struct Certificate(Vec<u8>);

impl<'a> Environment<'a> for Certificate {
    fn attribute(&self, _: usize, _: &'a str) -> Result<Value<'a>, Why<'a>> {
        Ok(Value::Binary(self.0.clone().into()))
    }
}

fn certificate() -> Certificate {
    let mut params = CertificateParams::default();
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, "Contoso");
    name.push(DnType::CommonName, "Kari Nordmann");
    params.distinguished_name = name;
    params.serial_number = Some(SerialNumber::from(vec![0x12, 0x34, 0xab]));
    params.not_before = date_time_ymd(2025, 1, 2);
    params.not_after = date_time_ymd(2027, 3, 4);
    params.subject_alt_names = vec![
        SanType::DnsName("kari.contoso.example".try_into().unwrap()),
        SanType::Rfc822Name("kari@contoso.example".try_into().unwrap()),
    ];
    params.key_usages = vec![rcgen::KeyUsagePurpose::DigitalSignature];
    let key = KeyPair::generate().unwrap();
    Certificate(params.self_signed(&key).unwrap().der().to_vec())
}

fn shown(certificate: &Certificate, text: &str) -> String {
    let program = Program::new(text, &mut Slots).unwrap();
    let context = Context {
        now: Some("2026-01-01T00:00".parse().unwrap()),
        ..Context::default()
    };
    match program.run(certificate, &context) {
        Ok(value) => value.to_string(),
        Err(Stop::Unknown(why)) => format!("unknown: {why}"),
        Err(Stop::Error(error)) => format!("error: {error}"),
    }
}

#[test]
fn every_function_answers() {
    let certificate = certificate();
    for (text, expected) in [
        ("CertFormat([c])", "X509"),
        ("CertFriendlyName([c])", ""),
        ("CertIssuer([c])", "CN=Kari Nordmann, O=Contoso"),
        ("CertIssuerDN([c])", "CN=Kari Nordmann, O=Contoso"),
        ("CertSubject([c])", "CN=Kari Nordmann, O=Contoso"),
        ("CertSubjectNameDN([c])", "CN=Kari Nordmann, O=Contoso"),
        (
            "CertIssuerOid([c])",
            "unknown: the object identifier of a certificate name is not documented",
        ),
        (
            "CertSubjectNameOid([c])",
            "unknown: the object identifier of a certificate name is not documented",
        ),
        ("CertKeyAlgorithm([c])", "1.2.840.10045.2.1"),
        ("CertPublicKeyOid([c])", "1.2.840.10045.2.1"),
        ("CertPublicKeyParametersOid([c])", "1.2.840.10045.2.1"),
        ("CertKeyAlgorithmParams([c])", "06082A8648CE3D030107"),
        ("CertSignatureAlgorithmOid([c])", "1.2.840.10045.4.3.2"),
        ("CertSerialNumber([c])", "1234AB"),
        ("CertVersion([c])", "3"),
        (
            "FormatDateTime(CertNotBefore([c]), \"yyyy-MM-dd\")",
            "2025-01-02",
        ),
        (
            "FormatDateTime(CertNotAfter([c]), \"yyyy-MM-dd\")",
            "2027-03-04",
        ),
        ("CertExtensionOids([c])", "2.5.29.15"),
        ("CertNameInfo([c], SimpleName, False)", "Kari Nordmann"),
        (
            "CertNameInfo([c], EmailName, False)",
            "kari@contoso.example",
        ),
        ("CertNameInfo([c], DnsName, False)", "kari.contoso.example"),
        (
            "CertNameInfo([c], DnsFromAlternativeName, False)",
            "kari.contoso.example",
        ),
        ("CertNameInfo([c], UrlName, False)", ""),
        (
            "CertNameInfo([c], UpnName, False)",
            "unknown: the user principal name of a certificate is not documented",
        ),
        (
            "CertNameInfo([c], NoName, False)",
            "error: constant NoName is not known",
        ),
        ("IsCert([c])", "True"),
        ("IsCert(ConvertToBase64([c]))", "True"),
        (
            "CertSubject(ConvertToBase64([c]))",
            "CN=Kari Nordmann, O=Contoso",
        ),
        ("IsCert(\"x\")", "False"),
        (
            "CertSubject(\"x\")",
            "error: text cannot be read as certificate",
        ),
        ("Count(Where($c, [c], CertNotAfter($c) > Now()))", "1"),
        ("Count(Where($c, [c], CertNotBefore($c) > Now()))", "0"),
        ("Len(CertThumbprint([c]))", "40"),
        ("CertThumbprint([c]) = CertHashString([c])", "True"),
    ] {
        assert_eq!(shown(&certificate, text), expected, "{text}");
    }
}

#[test]
fn the_thumbprint_is_sha1_of_the_octets() {
    // SHA-1 of the empty text is a constant of RFC 3174's successors; the function itself refuses what is no certificate.
    let certificate = certificate();
    let cut = Certificate(certificate.0[..certificate.0.len() - 1].to_vec());
    assert_eq!(
        shown(&cut, "CertThumbprint([c])"),
        "error: text cannot be read as certificate"
    );
    let mut longer = certificate.0.clone();
    longer.extend_from_slice(b"after the certificate");
    assert_eq!(
        shown(&Certificate(longer), "CertThumbprint([c])"),
        shown(&certificate, "CertThumbprint([c])")
    );
}
