//! The other domains of the forest, as the first domain controller that lets the account in lists them.

use phs_core::dn::Dn;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

use super::ldap;
use super::talk::Talk;
use crate::wire::ldap::{Attribute, Filter};

/// `FLAG_CR_NTDS_NC | FLAG_CR_NTDS_DOMAIN` (MS-ADTS 2.2.12): a naming context of this forest that is a domain.
const DOMAIN_FLAGS: i64 = 3;

/// Reads the DNS names of the forest's domains on a stream that is bound (MS-ADTS 6.1.1.2.1.1).
pub(super) async fn domains<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut S,
    configuration: &str,
) -> Talk<Vec<String>> {
    let references = ldap::children(
        stream,
        &format!("CN=Partitions,{configuration}"),
        &Filter::Equals("objectClass", b"crossRef"),
        &["nCName", "dnsRoot", "systemFlags"],
    )
    .await?;
    let mut domains: Vec<String> = references
        .iter()
        .filter_map(|reference| domain_of(reference))
        .collect();
    domains.sort_unstable();
    domains.dedup();
    Ok(domains)
}

fn domain_of(reference: &[Attribute]) -> Option<String> {
    let flags: i64 = ldap::text(reference, "systemFlags")?.parse().ok()?;
    if flags & DOMAIN_FLAGS != DOMAIN_FLAGS {
        return None;
    }
    ldap::text(reference, "dnsRoot")
        .filter(|name| !name.is_empty())
        .or_else(|| domain_name(&ldap::text(reference, "nCName")?))
        .map(|name| name.trim_end_matches('.').to_ascii_lowercase())
}

/// DNS name of a naming context, where it has one.
pub(super) fn domain_name(naming_context: &str) -> Option<String> {
    Dn::parse(naming_context).ok()?.domain_name()
}

/// Hands the list from whoever reads it first to whoever waits for it.
#[derive(Debug)]
pub(super) struct Hearing(watch::Sender<Heard>);

#[derive(Debug)]
enum Heard {
    NotYet,
    Domains(Vec<String>),
    Nothing,
}

impl Hearing {
    /// Waits for a list, if one is `wanted` at all.
    pub(super) fn new(wanted: bool) -> Self {
        Self(watch::Sender::new(if wanted {
            Heard::NotYet
        } else {
            Heard::Nothing
        }))
    }

    /// Whether a list is still waited for.
    pub(super) fn waits(&self) -> bool {
        matches!(*self.0.borrow(), Heard::NotYet)
    }

    /// Gives the list; only the first counts.
    pub(super) fn tell(&self, domains: &[String]) {
        self.end(|| Heard::Domains(domains.to_vec()));
    }

    /// Says that there will be none.
    pub(super) fn give_up(&self) {
        self.end(|| Heard::Nothing);
    }

    fn end(&self, with: impl FnOnce() -> Heard) {
        self.0.send_if_modified(|heard| {
            let waits = matches!(heard, Heard::NotYet);
            if waits {
                *heard = with();
            }
            waits
        });
    }

    /// The list, or nothing where there will be none.
    pub(super) async fn heard(&self) -> Option<Vec<String>> {
        let mut receiver = self.0.subscribe();
        let heard = receiver
            .wait_for(|heard| !matches!(heard, Heard::NotYet))
            .await
            .ok()?;
        match &*heard {
            Heard::Domains(domains) => Some(domains.clone()),
            Heard::NotYet | Heard::Nothing => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(flags: &str, dns_root: Option<&str>, name: &str) -> Vec<Attribute> {
        [
            ("systemFlags", Some(flags)),
            ("dnsRoot", dns_root),
            ("nCName", Some(name)),
        ]
        .into_iter()
        .filter_map(|(name, value)| {
            Some(Attribute {
                name: name.to_owned(),
                values: vec![value?.as_bytes().to_vec()],
            })
        })
        .collect()
    }

    #[test]
    fn only_domains_of_this_forest_count() {
        let domain = "DC=eu,DC=contoso,DC=test";
        let of = |flags, dns_root| domain_of(&reference(flags, dns_root, domain));
        assert_eq!(
            of("3", Some("EU.contoso.test.")).as_deref(),
            Some("eu.contoso.test")
        );
        assert_eq!(of("3", None).as_deref(), Some("eu.contoso.test"));
        // The configuration naming context, an application partition, a reference to another directory.
        for flags in ["1", "5", "0", "-2147483648", "three"] {
            assert_eq!(of(flags, Some("eu.contoso.test")), None, "{flags}");
        }
    }

    #[tokio::test]
    async fn the_first_list_counts_and_giving_up_ends_the_wait() {
        let hearing = Hearing::new(true);
        assert!(hearing.waits());
        hearing.tell(&["a.test".to_owned()]);
        hearing.tell(&["b.test".to_owned()]);
        hearing.give_up();
        assert_eq!(hearing.heard().await, Some(vec!["a.test".to_owned()]));
        let none = Hearing::new(true);
        none.give_up();
        assert_eq!(none.heard().await, None);
        assert_eq!(Hearing::new(false).heard().await, None);
    }
}
