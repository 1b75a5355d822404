//! What is the same for all users of a run, made ready once.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::dn::Dn;
use crate::evidence::Fact;
use crate::evidence::server::{Connector, Part, Partition, ServerConfiguration};
use crate::evidence::user::TenantFacts;
use crate::guide::service::{Build, VERSION};
use crate::rules::{
    AttributeSource, CompileOptions, CompiledRules, Context, ENTRA_CONNECTOR, Read, Selection,
    SyncRule, selective_password_sync,
};

/// How much is told of each user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// What blocks, what is unknown, and hints; no evidence rows, few attributes.
    Verdict,
    /// Every check with its evidence.
    #[default]
    Full,
}

/// What a judgement may know beside the rules.
#[derive(Debug, Clone, Default)]
pub struct JudgeOptions {
    /// How much is told.
    pub detail: Detail,
    /// The clock, for accounts that expire.
    pub now: Timestamp,
    /// Tenant-wide facts.
    pub tenant: TenantFacts,
}

/// Rules, containers and tenant facts of one run.
#[derive(Debug)]
pub struct UserJudge {
    pub(super) options: JudgeOptions,
    pub(super) connectors: Vec<ConnectorJudge>,
    pub(super) has_server: bool,
    /// Where the configuration was read.
    source: String,
    /// Files of rules that could not be read: a rule in them may change any answer.
    unreadable_rules: Vec<String>,
    /// Files of connectors that could not be read: a partition in them may hold any user.
    unreadable_connectors: Vec<String>,
    build: Option<(Build, String)>,
    names: Vec<String>,
}

/// One Active Directory connector.
#[derive(Debug)]
pub(in crate::guide) struct ConnectorJudge {
    pub(in crate::guide) name: String,
    pub(in crate::guide) source: String,
    pub(super) rules: CompiledRules,
    pub(in crate::guide) partitions: Vec<PartitionJudge>,
    /// Group whose direct members alone are synchronised, where group filtering is on.
    pub(in crate::guide) group: Option<String>,
    pub(in crate::guide) selective: Vec<Selective>,
    /// For each rule slot the place in [`UserJudge::attributes`].
    slots: Vec<usize>,
}

/// A pair of rules that make password hash sync selective.
#[derive(Debug)]
pub(in crate::guide) struct Selective {
    pub(in crate::guide) on: Uuid,
    pub(in crate::guide) off: Uuid,
    pub(in crate::guide) attribute: String,
    pub(in crate::guide) value: String,
    pub(in crate::guide) selection: Selection,
}

/// One partition with its containers parsed.
#[derive(Debug)]
pub(in crate::guide) struct PartitionJudge {
    pub(in crate::guide) name: String,
    pub(in crate::guide) dn: Dn,
    pub(in crate::guide) selected: Fact<bool>,
    pub(in crate::guide) object_classes: Vec<String>,
    /// Containers, whether each is included, as written.
    pub(in crate::guide) containers: Vec<(Dn, bool, String)>,
    /// Containers whose names cannot be read.
    pub(in crate::guide) unreadable_containers: Vec<String>,
    parameters: Vec<(String, String)>,
}

/// Where a user belongs.
#[derive(Debug)]
pub(in crate::guide) struct Place<'a> {
    pub(in crate::guide) dn: Option<Dn>,
    pub(in crate::guide) connector: Option<&'a ConnectorJudge>,
    pub(in crate::guide) partition: Option<&'a PartitionJudge>,
}

impl UserJudge {
    /// Makes everything ready. Without a server configuration the product's default rules stand in, as far as single
    /// facts go.
    pub fn new(server: Option<&ServerConfiguration>, mut options: JudgeOptions) -> Self {
        let mut names = Vec::new();
        let temporary = &mut options.tenant.force_password_change_on_log_on;
        if temporary.known().is_none()
            && let Some(Fact::Known(features)) = server.map(|server| &server.tenant_features)
        {
            temporary.clone_from(&features.force_password_change_on_log_on);
        }
        let connectors = server.map_or_else(Vec::new, |server| {
            server
                .ad_connectors()
                .map(|connector| ConnectorJudge::new(server, connector, &mut names))
                .collect()
        });
        let group = connectors.iter().any(|connector| connector.group.is_some());
        for name in extra_attributes(options.detail, server.is_some(), group) {
            intern(&mut names, name);
        }
        let unreadable = |part| {
            server.map_or_else(Vec::new, |server| {
                server
                    .unreadable(part)
                    .map(|part| part.source.clone())
                    .collect()
            })
        };
        let build = server.and_then(|server| {
            let text = *server.setting(VERSION).known()?;
            Some((Build::parse(text)?, text.to_owned()))
        });
        Self {
            unreadable_rules: unreadable(Part::Rule),
            unreadable_connectors: unreadable(Part::Connector),
            has_server: server.is_some(),
            source: server.map_or_else(String::new, |server| server.source.clone()),
            build,
            options,
            connectors,
            names,
        }
    }

    /// The attributes that a source must answer for, in slot order. The object's own name is not among them;
    /// `objectClass` is, for [`AttributeSource::object_type`].
    pub fn attributes(&self) -> &[String] {
        &self.names
    }

    /// Tenant-wide facts.
    pub(in crate::guide) fn tenant(&self) -> &TenantFacts {
        &self.options.tenant
    }

    /// The build of the server, where it was read, and as it was written.
    pub(in crate::guide) fn build(&self) -> Option<(Build, &str)> {
        self.build
            .as_ref()
            .map(|(build, text)| (*build, text.as_str()))
    }

    /// Where the configuration was read.
    pub(in crate::guide) fn source(&self) -> &str {
        &self.source
    }

    pub(in crate::guide) fn unreadable_rules(&self) -> &[String] {
        &self.unreadable_rules
    }

    pub(in crate::guide) fn unreadable_connectors(&self) -> &[String] {
        &self.unreadable_connectors
    }

    /// Finds the connector and partition of a user: the partition nearest above it.
    pub(super) fn place(&self, dn: &str) -> Place<'_> {
        let dn = Dn::parse(dn).ok().filter(|dn| !dn.is_empty());
        let mut best: Option<(&ConnectorJudge, &PartitionJudge)> = None;
        if let Some(dn) = &dn {
            for connector in &self.connectors {
                for partition in &connector.partitions {
                    if dn.is_at_or_below(&partition.dn)
                        && best.is_none_or(|(_, other)| other.dn.depth() < partition.dn.depth())
                    {
                        best = Some((connector, partition));
                    }
                }
            }
        }
        Place {
            dn,
            connector: best.map(|(connector, _)| connector),
            partition: best.map(|(_, partition)| partition),
        }
    }

    /// The source as the rules of the place ask it.
    pub(super) fn slotted<'a>(source: &'a dyn AttributeSource, place: &Place<'a>) -> Slotted<'a> {
        Slotted {
            source,
            slots: place.connector.map_or(&[], |connector| &connector.slots),
        }
    }

    pub(super) fn rule_context<'a>(&self, place: &Place<'a>) -> Context<'a> {
        Context {
            parameters: place
                .partition
                .map_or(&[], |partition| &partition.parameters),
            now: Some(self.options.now.to_zoned(TimeZone::UTC).datetime()),
            ..Context::default()
        }
    }

    /// The place of an attribute in [`Self::attributes`].
    pub(super) fn slot(&self, name: &str) -> Option<usize> {
        self.names
            .iter()
            .position(|known| known.eq_ignore_ascii_case(name))
    }
}

/// A source asked by the slots of one connector's rules.
pub(super) struct Slotted<'a> {
    source: &'a dyn AttributeSource,
    slots: &'a [usize],
}

impl AttributeSource for Slotted<'_> {
    fn dn(&self) -> &str {
        self.source.dn()
    }

    fn object_type(&self) -> Option<&str> {
        self.source.object_type()
    }

    fn read(&self, slot: usize, name: &str) -> Read<'_> {
        match self.slots.get(slot) {
            Some(slot) => self.source.read(*slot, name),
            None => Read::NotRead,
        }
    }
}

impl ConnectorJudge {
    fn new(server: &ServerConfiguration, connector: &Connector, names: &mut Vec<String>) -> Self {
        let all: Vec<SyncRule> = server
            .rules
            .iter()
            .map(|sourced| sourced.rule.clone())
            .collect();
        let options = CompileOptions {
            entra_connector: server
                .entra_connectors()
                .next()
                .map_or(ENTRA_CONNECTOR, |entra| entra.identifier),
            ..CompileOptions::users_of(connector.identifier)
        };
        let rules = CompiledRules::new(&all, &options);
        let slots = rules
            .needed_attributes()
            .iter()
            .map(|name| intern(names, name))
            .collect();
        let group_filtering = server
            .setting("Microsoft.OptionalFeature.GroupFiltering")
            .known()
            .and_then(|text| crate::evidence::server::parse_flag(text));
        let group = parameter(connector, "Connector.GroupFilteringGroupDn")
            .map(str::trim)
            .filter(|group| !group.is_empty() && group_filtering != Some(false))
            .map(str::to_owned);
        let selective = selective_password_sync(&all)
            .into_iter()
            .filter(|pair| pair.on.connector == connector.identifier)
            .map(|pair| Selective {
                on: pair.on.identifier,
                off: pair.off.identifier,
                attribute: pair.attribute.to_owned(),
                value: pair.value.to_owned(),
                selection: pair.selection,
            })
            .collect();
        Self {
            name: connector.name.clone(),
            source: connector.source.clone(),
            rules,
            partitions: connector
                .partitions
                .iter()
                .filter_map(|partition| PartitionJudge::new(connector, partition))
                .collect(),
            group,
            selective,
            slots,
        }
    }
}

impl PartitionJudge {
    fn new(connector: &Connector, partition: &Partition) -> Option<Self> {
        let dn = Dn::parse(&partition.distinguished_name)
            .ok()
            .filter(|dn| !dn.is_empty())?;
        let mut containers = Vec::new();
        let mut unreadable_containers = Vec::new();
        let lists = [
            (&partition.inclusions, true),
            (&partition.exclusions, false),
        ];
        for (list, included) in lists {
            for text in list.iter().filter(|text| !text.trim().is_empty()) {
                match Dn::parse(text) {
                    Ok(dn) => containers.push((dn, included, text.clone())),
                    Err(_) => unreadable_containers.push(text.clone()),
                }
            }
        }
        // Nearest first, so that the first container above a user decides.
        containers.sort_by_key(|(dn, ..)| std::cmp::Reverse(dn.depth()));
        Some(Self {
            name: partition.distinguished_name.clone(),
            parameters: parameters(connector, partition, &dn),
            dn,
            selected: partition.selected.clone(),
            object_classes: partition.object_classes.clone(),
            containers,
            unreadable_containers,
        })
    }
}

fn parameter<'a>(connector: &'a Connector, name: &str) -> Option<&'a str> {
    connector
        .parameters
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

/// Values of the `%Parameters%` for users of a partition.
fn parameters(connector: &Connector, partition: &Partition, dn: &Dn) -> Vec<(String, String)> {
    let mut parameters: Vec<(String, String)> = connector
        .parameters
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            parameters.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            parameters.push((name.to_owned(), value));
        }
    };
    let fqdn = partition.dns_name.known().cloned();
    let fqdn = fqdn.or_else(|| dn.domain_name());
    let netbios = partition.netbios_name.known().cloned().or_else(|| {
        fqdn.as_deref()
            .and_then(|fqdn| connector.netbios_name(fqdn))
            .map(str::to_owned)
    });
    add("Domain.FQDN", fqdn);
    add("Domain.Netbios", netbios);
    add("Domain.LDAP", Some(partition.distinguished_name.clone()));
    add(
        "Connector.ID",
        Some(format!("{{{}}}", connector.identifier)),
    );
    parameters
}

fn intern(names: &mut Vec<String>, name: &str) -> usize {
    names
        .iter()
        .position(|known| known.eq_ignore_ascii_case(name))
        .unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        })
}

/// Attributes that the checks read beside those of the rules.
fn extra_attributes(
    detail: Detail,
    has_rules: bool,
    group_filter: bool,
) -> impl Iterator<Item = &'static str> {
    let always = [
        "objectClass",
        "userAccountControl",
        "pwdLastSet",
        "userPrincipalName",
        "sAMAccountName",
        "isCriticalSystemObject",
    ];
    let without_rules: &[&str] = if has_rules { &[] } else { &["mailNickname"] };
    let group: &[&str] = if group_filter { &["memberOf"] } else { &[] };
    let full: &[&str] = if detail == Detail::Full {
        &[
            "objectGUID",
            "objectSid",
            "mS-DS-ConsistencyGuid",
            "accountExpires",
            "lockoutTime",
            "msDS-User-Account-Control-Computed",
            "msExchRecipientTypeDetails",
            "memberOf",
        ]
    } else {
        &[]
    };
    always
        .into_iter()
        .chain(without_rules.iter().copied())
        .chain(group.iter().copied())
        .chain(full.iter().copied())
}
