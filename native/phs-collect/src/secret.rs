//! Secrets on their way from the caller to a bind: wiped when dropped, never shown.

use std::fmt;

use serde::Deserialize;
use zeroize::Zeroizing;

/// A password as UTF-16 units, as PowerShell holds it. Neither `Debug` nor any other output shows it.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u16>>);

impl Secret {
    /// Takes the units over; the caller wipes its own copy.
    pub fn new(units: Zeroizing<Vec<u16>>) -> Self {
        Self(units)
    }

    /// The password as UTF-8 for a simple bind, or `None` where the units are no valid UTF-16.
    pub fn to_utf8(&self) -> Option<Zeroizing<String>> {
        // Room for the longest form (three bytes a unit), so that no copy is left behind by growing.
        let mut text = Zeroizing::new(String::with_capacity(self.0.len() * 3));
        for unit in char::decode_utf16(self.0.iter().copied()) {
            text.push(unit.ok()?);
        }
        Some(text)
    }

    /// Whether it is empty. An empty password makes a simple bind anonymous (RFC 4513, 5.1.2) and is refused by us.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// The name of a user in a simple bind, which takes no bare one (MS-ADTS 5.1.1.1.1): a bare name becomes `name@domain`. Without
/// a domain it stays as it is.
pub(crate) fn bind_name(user: &str, domain: &str) -> String {
    if user.contains(['\\', '@', '=']) || domain.is_empty() {
        user.to_owned()
    } else {
        format!("{user}@{domain}")
    }
}

/// Finds the secret that a request names by its handle.
pub trait SecretSource: Send + Sync + fmt::Debug {
    /// The secret behind a handle in decimal; `None` where the handle is stale, foreign or no number.
    fn get(&self, handle: &str) -> Option<Secret>;
}

/// A source without secrets.
#[derive(Debug)]
pub struct NoSecrets;

impl SecretSource for NoSecrets {
    fn get(&self, _handle: &str) -> Option<Secret> {
        None
    }
}

/// A credential as a request names it: `{"user": "...", "secret": "<handle in decimal>"}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CredentialRequest {
    /// User name: `DOMAIN\name`, UPN or DN.
    pub user: String,
    /// Handle of the secret.
    pub secret: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_name_is_made_whole() {
        for (user, whole) in [
            ("admin", "admin@contoso.test"),
            ("CONTOSO\\admin", "CONTOSO\\admin"),
            ("admin@corp", "admin@corp"),
            ("CN=admin,DC=contoso,DC=test", "CN=admin,DC=contoso,DC=test"),
        ] {
            assert_eq!(bind_name(user, "contoso.test"), whole);
            assert_eq!(bind_name(user, ""), user);
        }
    }
}
