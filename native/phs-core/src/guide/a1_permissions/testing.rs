//! Recorded evidence for the tests of this step: small forests with descriptors written in SDDL.

use jiff::Timestamp;

use crate::evidence::directory::{
    AccountKind, AccountState, Bytes, ConnectorAccount, DirectoryEvidence, Domain,
    DomainController, Identification, Membership, Memberships, Trouble,
};
use crate::evidence::{Evidence, Fact};
use crate::finding::Finding;
use crate::guide::{Context, Policy};
use crate::security::Sid;
use crate::security::sddl::{self, SddlContext};
use crate::text::{Catalog, DEFAULT_CULTURE};

pub(super) const NOW: &str = "2026-11-24T18:00:00Z";
pub(super) const CONTOSO: &str = "S-1-5-21-1-2-3";
pub(super) const EU: &str = "S-1-5-21-4-5-6";
pub(super) const FABRIKAM: &str = "S-1-5-21-7-8-9";

/// Both rights for the account with RID 1104 of the root domain.
pub(super) const BOTH: &str = "(OA;;CR;1131f6aa-9c07-11d1-f79f-00c04fc2dcd2;;S-1-5-21-1-2-3-1104)(OA;;CR;1131f6ad-9c07-11d1-f79f-00c04fc2dcd2;;S-1-5-21-1-2-3-1104)";
pub(super) const CHANGES: &str = "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2";
pub(super) const ALL: &str = "1131f6ad-9c07-11d1-f79f-00c04fc2dcd2";
pub(super) const FILTERED: &str = "89e95b76-444d-4c62-991a-0facbeda640c";

pub(super) fn sid(text: &str) -> Sid {
    text.parse().unwrap()
}

/// Both rights for a trustee, by ACEs of this type with these flags.
pub(super) fn both(ace: &str, flags: &str, trustee: &str) -> String {
    format!("({ace};{flags};CR;{CHANGES};;{trustee})({ace};{flags};CR;{ALL};;{trustee})")
}

pub(super) fn descriptor(text: &str, domain: &str) -> Fact<Bytes> {
    let context = SddlContext {
        domain: Some(sid(domain)),
        forest_root: Some(sid(CONTOSO)),
    };
    let descriptor = sddl::parse(text, &context).unwrap();
    Fact::Known(Bytes(descriptor.to_bytes().unwrap()))
}

/// A domain whose head has a DACL of these ACEs.
pub(super) fn domain(dns_name: &str, domain_sid: &str, aces: &str) -> Domain {
    let head = format!("DC={}", dns_name.replace('.', ",DC="));
    let label = dns_name.split('.').next().unwrap().to_uppercase();
    Domain {
        distinguished_name: head,
        dns_name: dns_name.to_owned(),
        netbios_name: Fact::Known(label),
        is_forest_root: domain_sid == CONTOSO,
        sid: Fact::Known(sid(domain_sid)),
        guid: Fact::Known(uuid::Uuid::from_u128(u128::from(dns_name.len() as u64))),
        controller: Some(DomainController {
            host: format!("dc1.{dns_name}"),
            dns_host_name: Fact::Known(format!("dc1.{dns_name}")),
            read_only: Fact::Known(false),
        }),
        descriptor: descriptor(&format!("O:DAG:DAD:{aces}"), domain_sid),
        ..Domain::default()
    }
}

pub(super) fn group(group_sid: &str, path: &[&str]) -> Membership {
    Membership {
        sid: sid(group_sid),
        name: path.last().map(|name| (*name).to_owned()),
        sid_history: Vec::new(),
        path: path.iter().map(|name| (*name).to_owned()).collect(),
    }
}

/// An account of the root domain in good state, RID 1104, without groups but Domain Users in each domain.
pub(super) fn account(domains: &[Domain]) -> ConnectorAccount {
    ConnectorAccount {
        sid: sid("S-1-5-21-1-2-3-1104"),
        guid: Fact::Known(uuid::Uuid::from_u128(1104)),
        distinguished_name: "CN=MSOL_good,CN=Users,DC=contoso,DC=test".into(),
        sam_account_name: Fact::Known("MSOL_good".into()),
        user_principal_name: Fact::unknown(crate::evidence::UnknownReason::Absent),
        description: Fact::unknown(crate::evidence::UnknownReason::Absent),
        domain: "DC=contoso,DC=test".into(),
        kind: AccountKind::User,
        identified: vec![Identification::Given],
        state: AccountState {
            user_account_control: Fact::Known(0x1_0200),
            computed: Fact::Known(0),
            account_expires: Fact::Known(i64::MAX),
            password_last_set: Fact::Known(133_000_000_000_000_000),
            password_expires: Fact::Known(i64::MAX),
            lockout_time: Fact::Known(0),
        },
        sid_history: Vec::new(),
        memberships: domains
            .iter()
            .map(|domain| Memberships {
                domain: domain.distinguished_name.clone(),
                groups: vec![group("S-1-5-21-1-2-3-513", &["Domain Users"])],
                trouble: None,
            })
            .collect(),
    }
}

/// A forest of these domains with the account of [`account`].
pub(super) fn forest(domains: Vec<Domain>) -> DirectoryEvidence {
    DirectoryEvidence {
        source: "dc1.contoso.test".into(),
        observed_at: Some(NOW.parse().unwrap()),
        forest: Fact::Known("contoso.test".into()),
        asked_account: Some("MSOL_good".into()),
        accounts: vec![account(&domains)],
        domains,
        not_found: Vec::new(),
        namesakes: Vec::new(),
    }
}

/// A forest of one domain whose head has these ACEs.
pub(super) fn one(aces: &str) -> DirectoryEvidence {
    forest(vec![domain("contoso.test", CONTOSO, aces)])
}

/// The memberships of the only account in the domain with this index.
pub(super) fn memberships(evidence: &mut DirectoryEvidence, domain: usize) -> &mut Memberships {
    &mut evidence.accounts[0].memberships[domain]
}

pub(super) fn unreachable() -> Trouble {
    Trouble {
        error_id: "Phs.Ldap.Timeout".into(),
        detail: "dc1 did not answer.".into(),
    }
}

/// Findings of the step.
pub(super) fn judge(directory: DirectoryEvidence) -> Vec<Finding> {
    let evidence = Evidence {
        directory: Some(directory),
        ..Evidence::default()
    };
    let context = Context {
        today: NOW.parse::<Timestamp>().unwrap(),
        users_named: false,
        policy: Policy::default(),
    };
    let mut findings = Vec::new();
    super::judge(&evidence, &context, &mut |finding| findings.push(finding));
    findings
}

/// Findings of one check.
pub(super) fn of(id: &str, directory: DirectoryEvidence) -> Vec<Finding> {
    let mut findings = judge(directory);
    findings.retain(|finding| finding.check.id == id);
    findings
}

/// The only finding of one check.
pub(super) fn only(id: &str, directory: DirectoryEvidence) -> Finding {
    let mut findings = of(id, directory);
    assert_eq!(findings.len(), 1, "{id}: {findings:#?}");
    findings.remove(0)
}

/// Message, why and remedies in words.
pub(super) fn words(finding: &Finding) -> String {
    let catalog = Catalog::for_culture(DEFAULT_CULTURE);
    let record = crate::report::FindingRecord::render(finding, &catalog, false);
    let mut lines = vec![record.message];
    lines.extend(record.why);
    lines.extend(record.remediation);
    let text = lines.join("\n");
    assert!(!text.contains("{$"), "an argument is missing: {text}");
    text
}
