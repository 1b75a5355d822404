//! The server as the user names it: `host`, `host:port`, `[address]:port`.

use std::fmt;
use std::net::IpAddr;

use rustls::pki_types::{DnsName, ServerName};

use crate::problem::Problem;

use super::problems;

/// A server to connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    host: String,
    port: Option<u16>,
    name: ServerName<'static>,
}

impl Endpoint {
    /// Reads `host`, `host:port`, an address, or `[IPv6 address]:port`.
    ///
    /// # Errors
    /// `Phs.Ldap.ServerName` for anything else.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        let (host, port) = split(text).ok_or_else(|| problems::server_name(text))?;
        // A final dot says that a DNS name is complete; certificates never carry it.
        let host = host.strip_suffix('.').unwrap_or(host);
        let name = match host.parse::<IpAddr>() {
            Ok(address) => ServerName::IpAddress(address.into()),
            Err(_) => ServerName::DnsName(
                DnsName::try_from(host.to_owned()).map_err(|_| problems::server_name(text))?,
            ),
        };
        Ok(Self {
            host: host.to_owned(),
            port,
            name,
        })
    }

    /// Host name or address.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Port, if the user gave one.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The name that the certificate must carry.
    pub(super) fn server_name(&self) -> ServerName<'static> {
        self.name.clone()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            None => f.write_str(&self.host),
            Some(port) if self.host.contains(':') => write!(f, "[{}]:{port}", self.host),
            Some(port) => write!(f, "{}:{port}", self.host),
        }
    }
}

fn split(text: &str) -> Option<(&str, Option<u16>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        return match rest.strip_prefix(':') {
            Some(port) => Some((host, Some(port_number(port)?))),
            None if rest.is_empty() => Some((host, None)),
            None => None,
        };
    }
    if text.parse::<IpAddr>().is_ok() {
        return Some((text, None));
    }
    match text.split_once(':') {
        Some((host, port)) => Some((host, Some(port_number(port)?))),
        None => Some((text, None)),
    }
}

fn port_number(text: &str) -> Option<u16> {
    text.parse().ok().filter(|port| *port != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_an_administrator_writes() {
        for (text, host, port, shown) in [
            (
                "dc1.contoso.test",
                "dc1.contoso.test",
                None,
                "dc1.contoso.test",
            ),
            (
                " dc1.contoso.test. ",
                "dc1.contoso.test",
                None,
                "dc1.contoso.test",
            ),
            ("dc1:3636", "dc1", Some(3636), "dc1:3636"),
            ("192.0.2.1:636", "192.0.2.1", Some(636), "192.0.2.1:636"),
            ("2001:db8::1", "2001:db8::1", None, "2001:db8::1"),
            (
                "[2001:db8::1]:636",
                "2001:db8::1",
                Some(636),
                "[2001:db8::1]:636",
            ),
            ("[2001:db8::1]", "2001:db8::1", None, "2001:db8::1"),
        ] {
            let endpoint = Endpoint::parse(text).unwrap();
            assert_eq!((endpoint.host(), endpoint.port()), (host, port), "{text}");
            assert_eq!(endpoint.to_string(), shown);
        }
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            ":636",
            "dc1:",
            "dc1:0",
            "dc1:70000",
            "dc1:636:1",
            "ldaps://dc1",
            "dc 1",
            "[2001:db8::1",
            "[::1]636",
            "dc1/636",
        ] {
            let problem = Endpoint::parse(text).unwrap_err();
            assert_eq!(problem.id, "Phs.Ldap.ServerName", "{text}");
        }
    }
}
