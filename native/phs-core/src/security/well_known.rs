//! SIDs with a fixed meaning (MS-DTYP 2.4.2.4, MS-ADTS 6.1.1.2.6), their stable keys and their SDDL aliases.

use super::sid::{Sid, SidRef};

/// Where a well-known SID lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The same SID everywhere.
    Fixed {
        /// The identifier authority.
        authority: u64,
        /// All sub-authorities.
        sub_authorities: &'static [u32],
    },
    /// This RID in every domain.
    Domain(u32),
    /// This RID in the root domain of the forest.
    ForestRoot(u32),
}

/// A SID with a fixed meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WellKnown {
    /// The stable key; the words for it are looked up by this key.
    pub key: &'static str,
    /// The two letters of SDDL (MS-DTYP 2.5.1.1), where there are some.
    pub alias: Option<&'static str>,
    /// Where it lives.
    pub place: Place,
}

impl WellKnown {
    /// The well-known SID with this meaning, if it has one. A RID counts only behind `S-1-5-21-a-b-c`.
    pub fn of(sid: SidRef<'_>) -> Option<&'static Self> {
        let issued = sid.split_domain();
        TABLE.iter().find(|entry| match entry.place {
            Place::Fixed {
                authority,
                sub_authorities,
            } => {
                sid.authority() == authority
                    && sid.sub_authorities().eq(sub_authorities.iter().copied())
            }
            Place::Domain(rid) | Place::ForestRoot(rid) => {
                issued.is_some_and(|(_, found)| found == rid)
            }
        })
    }

    /// The entry with this SDDL alias, whatever its case.
    pub fn by_alias(alias: &str) -> Option<&'static Self> {
        TABLE.iter().find(|entry| {
            entry
                .alias
                .is_some_and(|known| known.eq_ignore_ascii_case(alias))
        })
    }

    /// The entry with this key.
    pub fn by_key(key: &str) -> Option<&'static Self> {
        TABLE.iter().find(|entry| entry.key == key)
    }

    /// Every entry.
    pub fn all() -> &'static [Self] {
        TABLE
    }

    /// The SID, given the domain and the forest's root domain; `None` if the one it lives in is not given.
    pub fn sid(&self, domain: Option<Sid>, forest_root: Option<Sid>) -> Option<Sid> {
        match self.place {
            Place::Fixed {
                authority,
                sub_authorities,
            } => Sid::new(authority, sub_authorities).ok(),
            Place::Domain(rid) => domain?.with_rid(rid).ok(),
            Place::ForestRoot(rid) => forest_root?.with_rid(rid).ok(),
        }
    }
}

/// `S-1-5-10`, which stands for the SID of the object itself.
pub(super) fn is_principal_self(sid: SidRef<'_>) -> bool {
    sid.as_bytes() == [1, 1, 0, 0, 0, 0, 0, 5, 10, 0, 0, 0]
}

/// `S-1-3-4`, which stands for whoever owns the object.
pub(super) fn is_owner_rights(sid: SidRef<'_>) -> bool {
    sid.as_bytes() == [1, 1, 0, 0, 0, 0, 0, 3, 4, 0, 0, 0]
}

const fn fixed(
    key: &'static str,
    alias: Option<&'static str>,
    authority: u64,
    sub_authorities: &'static [u32],
) -> WellKnown {
    WellKnown {
        key,
        alias,
        place: Place::Fixed {
            authority,
            sub_authorities,
        },
    }
}

const fn domain(key: &'static str, alias: Option<&'static str>, rid: u32) -> WellKnown {
    WellKnown {
        key,
        alias,
        place: Place::Domain(rid),
    }
}

const fn forest_root(key: &'static str, alias: Option<&'static str>, rid: u32) -> WellKnown {
    WellKnown {
        key,
        alias,
        place: Place::ForestRoot(rid),
    }
}

static TABLE: &[WellKnown] = &[
    fixed("nobody", None, 0, &[0]),
    fixed("everyone", Some("WD"), 1, &[0]),
    fixed("local", None, 2, &[0]),
    fixed("creator-owner", Some("CO"), 3, &[0]),
    fixed("creator-group", Some("CG"), 3, &[1]),
    fixed("owner-rights", Some("OW"), 3, &[4]),
    fixed("dialup", None, 5, &[1]),
    fixed("network", Some("NU"), 5, &[2]),
    fixed("batch", None, 5, &[3]),
    fixed("interactive", Some("IU"), 5, &[4]),
    fixed("service", Some("SU"), 5, &[6]),
    fixed("anonymous", Some("AN"), 5, &[7]),
    fixed("proxy", None, 5, &[8]),
    fixed("enterprise-domain-controllers", Some("ED"), 5, &[9]),
    fixed("principal-self", Some("PS"), 5, &[10]),
    fixed("authenticated-users", Some("AU"), 5, &[11]),
    fixed("restricted-code", Some("RC"), 5, &[12]),
    fixed("terminal-server-user", None, 5, &[13]),
    fixed("remote-interactive-logon", None, 5, &[14]),
    fixed("this-organization", None, 5, &[15]),
    fixed("iusr", None, 5, &[17]),
    fixed("local-system", Some("SY"), 5, &[18]),
    fixed("local-service", Some("LS"), 5, &[19]),
    fixed("network-service", Some("NS"), 5, &[20]),
    fixed("write-restricted-code", Some("WR"), 5, &[33]),
    fixed("other-organization", None, 5, &[1000]),
    fixed("builtin-administrators", Some("BA"), 5, &[32, 544]),
    fixed("builtin-users", Some("BU"), 5, &[32, 545]),
    fixed("builtin-guests", Some("BG"), 5, &[32, 546]),
    fixed("builtin-power-users", Some("PU"), 5, &[32, 547]),
    fixed("builtin-account-operators", Some("AO"), 5, &[32, 548]),
    fixed("builtin-server-operators", Some("SO"), 5, &[32, 549]),
    fixed("builtin-print-operators", Some("PO"), 5, &[32, 550]),
    fixed("builtin-backup-operators", Some("BO"), 5, &[32, 551]),
    fixed("builtin-replicator", Some("RE"), 5, &[32, 552]),
    fixed("builtin-pre-windows-2000-access", Some("RU"), 5, &[32, 554]),
    fixed("builtin-remote-desktop-users", Some("RD"), 5, &[32, 555]),
    fixed(
        "builtin-network-configuration-operators",
        Some("NO"),
        5,
        &[32, 556],
    ),
    fixed(
        "builtin-incoming-forest-trust-builders",
        None,
        5,
        &[32, 557],
    ),
    fixed(
        "builtin-performance-monitor-users",
        Some("MU"),
        5,
        &[32, 558],
    ),
    fixed("builtin-performance-log-users", Some("LU"), 5, &[32, 559]),
    fixed("builtin-windows-authorization-access", None, 5, &[32, 560]),
    fixed(
        "builtin-terminal-server-license-servers",
        None,
        5,
        &[32, 561],
    ),
    fixed("builtin-distributed-com-users", None, 5, &[32, 562]),
    fixed("builtin-iis-users", Some("IS"), 5, &[32, 568]),
    fixed("builtin-cryptographic-operators", Some("CY"), 5, &[32, 569]),
    fixed("builtin-event-log-readers", Some("ER"), 5, &[32, 573]),
    fixed(
        "builtin-certificate-service-dcom-access",
        Some("CD"),
        5,
        &[32, 574],
    ),
    fixed(
        "builtin-rds-remote-access-servers",
        Some("RA"),
        5,
        &[32, 575],
    ),
    fixed("builtin-rds-endpoint-servers", Some("ES"), 5, &[32, 576]),
    fixed("builtin-rds-management-servers", Some("MS"), 5, &[32, 577]),
    fixed("builtin-hyper-v-administrators", Some("HA"), 5, &[32, 578]),
    fixed(
        "builtin-access-control-assistance-operators",
        Some("AA"),
        5,
        &[32, 579],
    ),
    fixed("builtin-remote-management-users", Some("RM"), 5, &[32, 580]),
    fixed("all-application-packages", Some("AC"), 15, &[2, 1]),
    fixed("low-integrity", Some("LW"), 16, &[4096]),
    fixed("medium-integrity", Some("ME"), 16, &[8192]),
    fixed("medium-plus-integrity", Some("MP"), 16, &[8448]),
    fixed("high-integrity", Some("HI"), 16, &[12288]),
    fixed("system-integrity", Some("SI"), 16, &[16384]),
    fixed(
        "authentication-authority-asserted-identity",
        Some("AS"),
        18,
        &[1],
    ),
    fixed("service-asserted-identity", Some("SS"), 18, &[2]),
    forest_root("enterprise-read-only-domain-controllers", Some("RO"), 498),
    domain("administrator", Some("LA"), 500),
    domain("guest", Some("LG"), 501),
    domain("krbtgt", None, 502),
    domain("domain-admins", Some("DA"), 512),
    domain("domain-users", Some("DU"), 513),
    domain("domain-guests", Some("DG"), 514),
    domain("domain-computers", Some("DC"), 515),
    domain("domain-controllers", Some("DD"), 516),
    domain("cert-publishers", Some("CA"), 517),
    forest_root("schema-admins", Some("SA"), 518),
    forest_root("enterprise-admins", Some("EA"), 519),
    domain("group-policy-creator-owners", Some("PA"), 520),
    domain("read-only-domain-controllers", None, 521),
    domain("cloneable-domain-controllers", Some("CN"), 522),
    domain("protected-users", Some("AP"), 525),
    domain("key-admins", Some("KA"), 526),
    forest_root("enterprise-key-admins", Some("EK"), 527),
    domain("ras-and-ias-servers", Some("RS"), 553),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn key(text: &str) -> Option<&'static str> {
        WellKnown::of(text.parse::<Sid>().unwrap().as_view()).map(|entry| entry.key)
    }

    #[test]
    fn keys_aliases_and_places_are_distinct() {
        let keys: HashSet<_> = WellKnown::all().iter().map(|entry| entry.key).collect();
        assert_eq!(keys.len(), WellKnown::all().len());
        let aliases: Vec<_> = WellKnown::all()
            .iter()
            .filter_map(|entry| entry.alias)
            .collect();
        assert_eq!(aliases.iter().collect::<HashSet<_>>().len(), aliases.len());
        let domain = Sid::new(5, &[21, 1, 2, 3]).ok();
        let sids: HashSet<_> = WellKnown::all()
            .iter()
            .map(|entry| entry.sid(domain, domain))
            .collect();
        assert_eq!(sids.len(), WellKnown::all().len());
        for entry in WellKnown::all() {
            let sid = entry.sid(domain, domain).unwrap();
            assert_eq!(WellKnown::of(sid.as_view()), Some(entry));
        }
    }

    #[test]
    fn the_place_counts_not_the_last_number() {
        assert_eq!(key("S-1-1-0"), Some("everyone"));
        assert_eq!(key("S-1-5-11"), Some("authenticated-users"));
        assert_eq!(key("S-1-5-32-544"), Some("builtin-administrators"));
        assert_eq!(key("S-1-5-21-1-2-3-512"), Some("domain-admins"));
        assert_eq!(key("S-1-5-21-1-2-3-519"), Some("enterprise-admins"));
        for other in [
            "S-1-5-32-512",
            "S-1-5-21-1-2-512",
            "S-1-5-80-1-2-3-512",
            "S-1-1-0-0",
            "S-1-5-21-1-2-3-1104",
        ] {
            assert_eq!(key(other), None, "{other}");
        }
    }

    #[test]
    fn a_domain_sid_needs_its_domain() {
        let admins = WellKnown::by_alias("da").unwrap();
        let domain = Sid::new(5, &[21, 1, 2, 3]).unwrap();
        assert_eq!(admins.sid(None, Some(domain)), None);
        assert_eq!(
            admins.sid(Some(domain), None).unwrap().to_string(),
            "S-1-5-21-1-2-3-512"
        );
        let enterprise = WellKnown::by_key("enterprise-admins").unwrap();
        assert_eq!(enterprise.sid(Some(domain), None), None);
    }

    #[test]
    fn the_two_stand_ins() {
        let view = |text: &str| text.parse::<Sid>().unwrap();
        assert!(is_principal_self(view("S-1-5-10").as_view()));
        assert!(is_owner_rights(view("S-1-3-4").as_view()));
        assert!(!is_owner_rights(view("S-1-5-10").as_view()));
    }
}
