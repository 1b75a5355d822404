//! Signing and sealing for the user who is signed in: Kerberos through SSPI, the way that Connect itself binds.
//!
//! Windows only, and so in a module of its own: elsewhere the LDAP library would link a Kerberos library that the machine
//! need not have. The bind is a part of opening the connection, so that none exists in clear text.

use tokio::net::TcpStream;

use super::connect::Failure;
use super::connection::Connection;
use super::{Endpoint, Settings};

/// Whether this system can do it.
pub(crate) const AVAILABLE: bool = cfg!(windows);

/// Binds as the user who is signed in, and seals everything after that.
///
/// # Errors
/// `Phs.Ldap.SignAndSeal` with what Kerberos says; those of a bind that the server refuses.
#[cfg(windows)]
pub(super) async fn open(
    endpoint: &Endpoint,
    port: u16,
    settings: &Settings,
    stream: TcpStream,
) -> Result<Connection, Failure> {
    use ldap3::{LdapConnAsync, LdapConnSettings, StdStream};

    use super::problems;

    let lost = |detail: String| Failure::Final(problems::connection_lost(endpoint, &detail));
    let stream = stream.into_std().map_err(|error| lost(error.to_string()))?;
    let given = LdapConnSettings::new().set_std_stream(StdStream::Tcp(stream));
    // The stream is connected; the library reads nothing but the scheme of the URL.
    let (driver, ldap) = LdapConnAsync::with_settings(given, "ldap://connected.invalid")
        .await
        .map_err(|error| lost(error.to_string()))?;
    let connection = Connection::new(endpoint.clone(), port, settings.timeout, ldap, driver);
    connection.seal().await.map_err(Failure::Final)?;
    Ok(connection)
}

/// As on Windows; here it is an error.
#[cfg(not(windows))]
pub(super) fn open(
    endpoint: &Endpoint,
    _port: u16,
    _settings: &Settings,
    _stream: TcpStream,
) -> impl Future<Output = Result<Connection, Failure>> {
    let elsewhere = Failure::Final(super::problems::seal_elsewhere(endpoint));
    std::future::ready(Err(elsewhere))
}
