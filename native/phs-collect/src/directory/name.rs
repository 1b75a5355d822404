//! The forms in which an account is named.

use phs_core::dn::Dn;
use phs_core::security::Sid;

/// A name as the user or the server configuration writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AccountName {
    /// `S-1-5-21-...`.
    Sid(Sid),
    /// A distinguished name.
    Dn(Dn),
    /// `DOMAIN\name`, with a `NetBIOS` or DNS name of the domain.
    Qualified { domain: String, name: String },
    /// `name@suffix`.
    Upn { name: String, suffix: String },
    /// `sAMAccountName`.
    Bare(String),
}

impl AccountName {
    /// Reads a name; anything that has none of the other forms is a `sAMAccountName`.
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.trim();
        if let Ok(sid) = text.parse() {
            return Self::Sid(sid);
        }
        if text.contains('=')
            && let Ok(dn) = Dn::parse(text)
            && !dn.is_empty()
        {
            return Self::Dn(dn);
        }
        if let Some((domain, name)) = text.split_once('\\') {
            return Self::Qualified {
                domain: domain.to_owned(),
                name: name.to_owned(),
            };
        }
        // A user principal name may hold several; the suffix is after the last.
        if let Some((name, suffix)) = text.rsplit_once('@') {
            return Self::Upn {
                name: name.to_owned(),
                suffix: suffix.to_owned(),
            };
        }
        Self::Bare(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_told_apart() {
        assert!(matches!(
            AccountName::parse("S-1-5-21-1-2-3-1104"),
            AccountName::Sid(_)
        ));
        assert!(matches!(
            AccountName::parse("CN=MSOL_1,CN=Users,DC=contoso,DC=test"),
            AccountName::Dn(_)
        ));
        assert_eq!(
            AccountName::parse(" CONTOSO\\MSOL_1 "),
            AccountName::Qualified {
                domain: "CONTOSO".into(),
                name: "MSOL_1".into()
            }
        );
        assert_eq!(
            AccountName::parse("a@b@contoso.test"),
            AccountName::Upn {
                name: "a@b".into(),
                suffix: "contoso.test".into()
            }
        );
        for bare in ["MSOL_1", "provAgentgMSA$", "S-1-5-x"] {
            assert_eq!(AccountName::parse(bare), AccountName::Bare(bare.into()));
        }
    }
}
