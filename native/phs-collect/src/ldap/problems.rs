//! Every way in which LDAP fails, as an error with a stable id.

use std::io;

use phs_core::text;
use phs_core::text::Text;

use crate::problem::{Category, Problem};
use crate::wire::ldap::sub_code;

use super::Endpoint;
use super::tls::{Refusal, RefusalKind};

/// Id of the error for an object that is not there.
pub(super) const NOT_FOUND: &str = "Phs.Ldap.NoSuchObject";

/// Id of the error for a connection that broke off.
pub(crate) const CONNECTION_LOST: &str = "Phs.Ldap.ConnectionLost";

pub(super) fn server_name(text: &str) -> Problem {
    Problem::new(
        "Phs.Ldap.ServerName",
        Category::InvalidArgument,
        text,
        text!("error-ldap-server-name", server = text),
    )
}

pub(super) fn trust_store(detail: &str) -> Problem {
    Problem::new(
        "Phs.Ldap.TrustStore",
        Category::ResourceUnavailable,
        "trust store",
        text!("error-ldap-trust-store", detail = detail),
    )
}

pub(super) fn ca_certificate(path: &str, detail: &str) -> Problem {
    Problem::new(
        "Phs.Ldap.CaCertificate",
        Category::InvalidData,
        path,
        text!("error-ldap-ca-certificate", file = path, detail = detail),
    )
}

pub(super) fn clear_text(endpoint: &Endpoint) -> Problem {
    about(
        "Phs.Ldap.ClearText",
        Category::SecurityError,
        endpoint,
        text!("error-ldap-clear-text", server = endpoint.host()),
    )
}

/// Signing and sealing, on a system that has no SSPI.
pub(super) fn seal_elsewhere(endpoint: &Endpoint) -> Problem {
    about(
        "Phs.Ldap.SignAndSealElsewhere",
        Category::NotImplemented,
        endpoint,
        text!("error-ldap-seal-elsewhere"),
    )
}

/// Signing and sealing with a server that is named by its address: Kerberos has tickets for names.
pub(super) fn seal_address(endpoint: &Endpoint) -> Problem {
    about(
        "Phs.Ldap.SignAndSealAddress",
        Category::InvalidArgument,
        endpoint,
        text!("error-ldap-seal-address", server = endpoint.host()),
    )
}

/// Signing and sealing for a search of a whole domain, which our own reader does over TLS.
pub(super) fn seal_stream(endpoint: &Endpoint) -> Problem {
    about(
        "Phs.Ldap.SignAndSealStream",
        Category::NotImplemented,
        endpoint,
        text!("error-ldap-seal-stream", server = endpoint.host()),
    )
}

/// Kerberos gave no ticket, or did not agree with the server.
#[cfg(windows)]
pub(super) fn seal_refused(endpoint: &Endpoint, detail: &str) -> Problem {
    about(
        "Phs.Ldap.SignAndSeal",
        Category::AuthenticationError,
        endpoint,
        text!(
            "error-ldap-seal-refused",
            server = endpoint.host(),
            detail = detail
        ),
    )
}

pub(super) fn no_tls(endpoint: &Endpoint, detail: &str) -> Problem {
    about(
        "Phs.Ldap.NoTls",
        Category::ConnectionError,
        endpoint,
        text!(
            "error-ldap-no-tls",
            server = endpoint.host(),
            detail = detail
        ),
    )
}

pub(super) fn tls_failed(endpoint: &Endpoint, detail: &str) -> Problem {
    about(
        "Phs.Ldap.TlsFailed",
        Category::ConnectionError,
        endpoint,
        text!(
            "error-ldap-tls-failed",
            server = endpoint.host(),
            detail = detail
        ),
    )
}

pub(super) fn certificate(endpoint: &Endpoint, refusal: &Refusal) -> Problem {
    let server = endpoint.host();
    let detail = refusal.detail.as_str();
    let (id, text) = match refusal.kind {
        RefusalKind::Untrusted => (
            "Phs.Ldap.CertificateUntrusted",
            text!(
                "error-ldap-certificate-untrusted",
                server = server,
                detail = detail
            ),
        ),
        RefusalKind::Expired => (
            "Phs.Ldap.CertificateExpired",
            text!(
                "error-ldap-certificate-expired",
                server = server,
                detail = detail
            ),
        ),
        RefusalKind::NotYetValid => (
            "Phs.Ldap.CertificateNotYetValid",
            text!(
                "error-ldap-certificate-not-yet-valid",
                server = server,
                detail = detail
            ),
        ),
        RefusalKind::WrongName => (
            "Phs.Ldap.CertificateWrongName",
            text!(
                "error-ldap-certificate-wrong-name",
                server = server,
                detail = detail
            ),
        ),
    };
    about(id, Category::SecurityError, endpoint, text)
}

pub(super) fn name_not_found(endpoint: &Endpoint, detail: &str) -> Problem {
    about(
        "Phs.Ldap.NameNotFound",
        Category::ObjectNotFound,
        endpoint,
        text!(
            "error-ldap-name-not-found",
            server = endpoint.host(),
            detail = detail
        ),
    )
}

pub(super) fn not_connected(endpoint: &Endpoint, port: u16, error: &io::Error) -> Problem {
    let server = endpoint.host();
    let port = u32::from(port);
    let (id, text) = match error.kind() {
        io::ErrorKind::ConnectionRefused => (
            "Phs.Ldap.Refused",
            text!("error-ldap-refused", server = server, port = port),
        ),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => (
            "Phs.Ldap.NoRoute",
            text!(
                "error-ldap-no-route",
                server = server,
                detail = error.to_string()
            ),
        ),
        io::ErrorKind::TimedOut => return timeout(endpoint, u16::try_from(port).unwrap_or(0)),
        _ => (
            "Phs.Ldap.NotConnected",
            text!(
                "error-ldap-not-connected",
                server = server,
                port = port,
                detail = error.to_string()
            ),
        ),
    };
    about(id, Category::ConnectionError, endpoint, text)
}

/// No answer to the attempt to connect.
pub(super) fn timeout(endpoint: &Endpoint, port: u16) -> Problem {
    about(
        "Phs.Ldap.Timeout",
        Category::OperationTimeout,
        endpoint,
        text!(
            "error-ldap-timeout",
            server = endpoint.host(),
            port = u32::from(port)
        ),
    )
}

/// Connected, then no answer.
pub(super) fn silent(endpoint: &Endpoint, port: u16) -> Problem {
    about(
        "Phs.Ldap.Stalled",
        Category::OperationTimeout,
        endpoint,
        text!(
            "error-ldap-stalled",
            server = endpoint.host(),
            port = u32::from(port)
        ),
    )
}

pub(super) fn connection_lost(endpoint: &Endpoint, detail: &str) -> Problem {
    about(
        CONNECTION_LOST,
        Category::ConnectionError,
        endpoint,
        text!(
            "error-ldap-connection-lost",
            server = endpoint.host(),
            detail = detail
        ),
    )
}

pub(super) fn malformed(endpoint: &Endpoint, detail: &str) -> Problem {
    about(
        "Phs.Ldap.Malformed",
        Category::InvalidData,
        endpoint,
        text!(
            "error-ldap-malformed",
            server = endpoint.host(),
            detail = detail
        ),
    )
}

pub(super) fn empty_user(endpoint: &Endpoint) -> Problem {
    about(
        "Phs.Ldap.EmptyUser",
        Category::InvalidArgument,
        endpoint,
        text!("error-ldap-empty-user"),
    )
}

pub(super) fn empty_password(user: &str) -> Problem {
    Problem::new(
        "Phs.Ldap.EmptyPassword",
        Category::InvalidArgument,
        user,
        text!("error-ldap-empty-password", user = user),
    )
}

pub(super) fn password_not_text(user: &str) -> Problem {
    Problem::new(
        "Phs.Ldap.PasswordNotText",
        Category::InvalidArgument,
        user,
        text!("error-ldap-password-not-text", user = user),
    )
}

/// A filter that is none (RFC 4515).
pub(super) fn filter(text: &str) -> Problem {
    Problem::new(
        "Phs.Ldap.Filter",
        Category::InvalidArgument,
        text,
        text!("error-ldap-filter", filter = text),
    )
}

/// A refused bind (MS-ADTS 5.1.1; the sub-code is a Win32 error).
pub(super) fn bind(endpoint: &Endpoint, user: &str, code: u32, message: &str) -> Problem {
    const INVALID_CREDENTIALS: u32 = 49;
    if code != INVALID_CREDENTIALS {
        return result(endpoint, user, code, message, &[]);
    }
    let (id, text): (_, Text) = match sub_code(message) {
        Some(0x525) => (
            "Phs.Ldap.UserNotFound",
            text!("error-ldap-user-not-found", user = user),
        ),
        Some(0x52e) => (
            "Phs.Ldap.WrongPassword",
            text!("error-ldap-wrong-password", user = user),
        ),
        Some(0x530) => (
            "Phs.Ldap.LogonHours",
            text!("error-ldap-logon-hours", user = user),
        ),
        Some(0x531) => (
            "Phs.Ldap.LogonWorkstation",
            text!("error-ldap-logon-workstation", user = user),
        ),
        Some(0x532) => (
            "Phs.Ldap.PasswordExpired",
            text!("error-ldap-password-expired", user = user),
        ),
        Some(0x533) => (
            "Phs.Ldap.AccountDisabled",
            text!("error-ldap-account-disabled", user = user),
        ),
        Some(0x701) => (
            "Phs.Ldap.AccountExpired",
            text!("error-ldap-account-expired", user = user),
        ),
        Some(0x773) => (
            "Phs.Ldap.MustChangePassword",
            text!("error-ldap-must-change-password", user = user),
        ),
        Some(0x775) => (
            "Phs.Ldap.AccountLocked",
            text!("error-ldap-account-locked", user = user),
        ),
        _ => (
            "Phs.Ldap.InvalidCredentials",
            text!(
                "error-ldap-invalid-credentials",
                user = user,
                detail = clean(message)
            ),
        ),
    };
    about(id, Category::AuthenticationError, endpoint, text)
}

pub(super) fn not_found(endpoint: &Endpoint, object: &str) -> Problem {
    Problem::new(
        NOT_FOUND,
        Category::ObjectNotFound,
        object,
        text!(
            "error-ldap-no-such-object",
            server = endpoint.host(),
            object = object
        ),
    )
}

/// A result code other than success (RFC 4511 4.1.9).
pub(super) fn result(
    endpoint: &Endpoint,
    object: &str,
    code: u32,
    message: &str,
    referrals: &[String],
) -> Problem {
    let server = endpoint.host();
    let detail = clean(message);
    let (id, category, text) = match code {
        8 => (
            "Phs.Ldap.StrongerAuthRequired",
            Category::AuthenticationError,
            text!("error-ldap-stronger-auth", server = server, detail = detail),
        ),
        9 | 10 => (
            "Phs.Ldap.Referral",
            Category::ObjectNotFound,
            text!(
                "error-ldap-referral",
                server = server,
                object = object,
                elsewhere = referrals.join(", ")
            ),
        ),
        13 => (
            "Phs.Ldap.ConfidentialityRequired",
            Category::SecurityError,
            text!(
                "error-ldap-confidentiality-required",
                server = server,
                detail = detail
            ),
        ),
        50 => (
            "Phs.Ldap.InsufficientAccess",
            Category::PermissionDenied,
            text!(
                "error-ldap-insufficient-access",
                server = server,
                object = object,
                detail = detail
            ),
        ),
        3 | 4 | 11 => (
            "Phs.Ldap.LimitExceeded",
            Category::LimitsExceeded,
            text!(
                "error-ldap-limit-exceeded",
                server = server,
                object = object,
                code = code
            ),
        ),
        51 | 52 => (
            "Phs.Ldap.Busy",
            Category::ResourceUnavailable,
            text!("error-ldap-busy", server = server, detail = detail),
        ),
        _ => (
            "Phs.Ldap.Failed",
            Category::InvalidData,
            text!(
                "error-ldap-failed",
                server = server,
                object = object,
                code = code,
                detail = detail
            ),
        ),
    };
    about(id, category, endpoint, text)
}

fn about(id: &'static str, category: Category, endpoint: &Endpoint, text: Text) -> Problem {
    Problem::new(id, category, endpoint.to_string(), text)
}

/// A server's message on one line.
fn clean(message: &str) -> String {
    let message: String = message
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    message.trim().to_owned()
}
