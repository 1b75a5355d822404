//! The proxy that the synchronisation service would use.
//!
//! On Windows that is `machine.config` of .NET Framework, whatever the user's or `WinHTTP`'s settings say; elsewhere
//! the environment's `HTTPS_PROXY`. Credentials in a setting are never kept.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Where a proxy setting was found and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// `machine.config` or the variable's name.
    pub source: String,
    /// Host names that go directly: a name, or `.suffix` for all below it.
    pub bypass: Vec<String>,
}

impl Proxy {
    /// Whether connections to `host` go around the proxy.
    pub fn bypasses(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        self.bypass.iter().any(|entry| {
            entry == "*"
                || host == entry.trim_start_matches('.')
                || host
                    .strip_suffix(entry.trim_start_matches('.'))
                    .is_some_and(|head| head.ends_with('.'))
        })
    }
}

/// The proxy by this machine's settings, if there is one.
pub fn of_this_machine() -> Option<Proxy> {
    if cfg!(windows) {
        let root = std::env::var_os("windir")?;
        let path = std::path::Path::new(&root)
            .join(r"Microsoft.NET\Framework64\v4.0.30319\Config\machine.config");
        return of_machine_config(&std::fs::read_to_string(path).ok()?);
    }
    of_environment(|name| std::env::var(name).ok())
}

/// The proxy of `HTTPS_PROXY` or `https_proxy`, with the exceptions of `NO_PROXY`.
pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Option<Proxy> {
    let (name, value) = ["HTTPS_PROXY", "https_proxy"]
        .into_iter()
        .find_map(|name| variable(name).map(|value| (name, value)))?;
    let (host, port) = authority(&value)?;
    let bypass = ["NO_PROXY", "no_proxy"]
        .into_iter()
        .find_map(&variable)
        .unwrap_or_default()
        .split(',')
        .map(|entry| entry.trim().to_ascii_lowercase())
        .filter(|entry| !entry.is_empty())
        .collect();
    Some(Proxy {
        host,
        port,
        source: name.to_owned(),
        bypass,
    })
}

/// The proxy of `system.net/defaultProxy/proxy` in a `machine.config`.
pub fn of_machine_config(xml: &str) -> Option<Proxy> {
    let mut reader = Reader::from_str(xml);
    let mut path: Vec<String> = Vec::new();
    let mut address = None;
    let mut bypass = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                path.push(tag.local_name().as_ref().to_owned());
                note(&path, &tag, &mut address, &mut bypass);
            }
            Ok(Event::Empty(tag)) => {
                path.push(tag.local_name().as_ref().to_owned());
                note(&path, &tag, &mut address, &mut bypass);
                path.pop();
            }
            Ok(Event::End(_)) => {
                path.pop();
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    let (host, port) = authority(&address?)?;
    Some(Proxy {
        host,
        port,
        source: "machine.config".to_owned(),
        bypass,
    })
}

fn note(
    path: &[String],
    tag: &BytesStart<'_>,
    address: &mut Option<String>,
    bypass: &mut Vec<String>,
) {
    let under = |tail: &[&str]| {
        path.len() >= tail.len()
            && path[path.len() - tail.len()..]
                .iter()
                .zip(tail)
                .all(|(have, want)| have.eq_ignore_ascii_case(want))
    };
    let attribute = |name: &str| {
        tag.attributes().flatten().find_map(|attribute| {
            attribute
                .key
                .as_ref()
                .eq_ignore_ascii_case(name)
                .then(|| attribute.value.into_owned())
        })
    };
    if under(&["system.net", "defaultProxy", "proxy"]) {
        *address = attribute("proxyaddress");
    } else if under(&["defaultProxy", "bypasslist", "add"])
        && let Some(pattern) = attribute("address")
    {
        // The list holds regular expressions; the forms in use come down to a suffix.
        let plain = pattern.replace(['\\', '^', '$'], "").to_ascii_lowercase();
        let suffix = plain
            .trim_start_matches("https?://")
            .trim_start_matches("[a-z]+")
            .trim_start_matches(".*")
            .trim_start_matches('*');
        bypass.push(suffix.to_owned());
    }
}

/// Host and port of a proxy setting, `[scheme://][user[:password]@]host[:port][/]`.
fn authority(setting: &str) -> Option<(String, u16)> {
    let setting = setting.trim();
    let rest = setting
        .split_once("://")
        .map_or(setting, |(_scheme, rest)| rest);
    let rest = rest.split(['/', '?']).next()?;
    let rest = rest
        .rsplit_once('@')
        .map_or(rest, |(_credentials, rest)| rest);
    let (host, port) = match rest.strip_prefix('[') {
        Some(v6) => {
            let (host, after) = v6.split_once(']')?;
            (host, after.strip_prefix(':'))
        }
        None => match rest.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (rest, None),
        },
    };
    if host.is_empty() {
        return None;
    }
    let port = match port {
        Some(text) => text.parse().ok()?,
        None => 80,
    };
    Some((host.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_in_a_setting_are_not_kept() {
        let proxy = of_environment(|name| match name {
            "https_proxy" => Some("http://svc:hunter2@proxy.contoso.test:8080/".to_owned()),
            "NO_PROXY" => Some("contoso.test, .local".to_owned()),
            _ => None,
        })
        .unwrap();
        assert_eq!(
            (proxy.host.as_str(), proxy.port),
            ("proxy.contoso.test", 8080)
        );
        assert!(!format!("{proxy:?}").contains("hunter2"));
        assert!(proxy.bypasses("dc1.contoso.test") && proxy.bypasses("x.local"));
        assert!(!proxy.bypasses("notcontoso.test"));
    }

    #[test]
    fn machine_config_is_read_where_the_setting_stands() {
        let xml = r#"<?xml version="1.0"?><configuration><system.net>
            <defaultProxy enabled="true" useDefaultCredentials="true">
              <proxy usesystemdefault="true" proxyaddress="http://10.0.0.5:3128" bypassonlocal="true"/>
              <bypasslist><add address="[a-z]+\.contoso\.test$"/></bypasslist>
            </defaultProxy></system.net></configuration>"#;
        let proxy = of_machine_config(xml).unwrap();
        assert_eq!((proxy.host.as_str(), proxy.port), ("10.0.0.5", 3128));
        assert!(proxy.bypasses("dc1.contoso.test"));
        assert_eq!(of_machine_config("<configuration/>"), None);
    }

    #[test]
    fn addresses_of_both_families_are_read() {
        assert_eq!(authority("[::1]:3128"), Some(("::1".to_owned(), 3128)));
        assert_eq!(authority("proxy"), Some(("proxy".to_owned(), 80)));
        assert_eq!(authority("http://:80"), None);
        assert_eq!(authority("proxy:http"), None);
    }
}
