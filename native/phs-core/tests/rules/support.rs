//! Rule sets and users for the tests.

use std::path::{Path, PathBuf};

use phs_core::rules::{Attribute, AttributeFlow, ENTRA_CONNECTOR, ValueMergeType};
use phs_core::rules::{
    AttributeSource, CompileOptions, CompiledRules, Context, Direction, Extent, JoinCondition,
    JoinGroup, Link, PasswordRule, Read, RuleState, ScopeClause, ScopeGroup, SyncRule, Truth,
    UserEvaluation, Values,
};

pub(crate) fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/rules")
        .join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The rules of our own fixture.
pub(crate) fn fixture_rules() -> Vec<SyncRule> {
    serde_json::from_str(&fixture("default-rules.json")).unwrap()
}

/// The real export, where it is at hand: `PHS_SHARED`, or `shared` beside the project.
pub(crate) fn contoso_rules() -> Option<Vec<SyncRule>> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("PHS_SHARED").map_or_else(beside, PathBuf::from);
    let folder = shared.join("data/aadconnect-contoso/Contoso/Production/SynchronizationRules");
    let entries = std::fs::read_dir(folder).ok()?;
    let mut rules: Vec<SyncRule> = entries
        .map(|entry| rule_from_xml(&std::fs::read_to_string(entry.unwrap().path()).unwrap()))
        .collect();
    rules.sort_by_key(|rule| rule.precedence);
    Some(rules)
}

/// Every rule set at hand, with its name.
pub(crate) fn rule_sets() -> Vec<(&'static str, Vec<SyncRule>)> {
    let mut sets = vec![("fixture", fixture_rules())];
    sets.extend(contoso_rules().map(|rules| ("export", rules)));
    sets
}

pub(crate) fn connector(rules: &[SyncRule]) -> uuid::Uuid {
    rules
        .iter()
        .find(|rule| rule.connector != ENTRA_CONNECTOR)
        .map(|rule| rule.connector)
        .unwrap()
}

pub(crate) fn compile(rules: &[SyncRule]) -> CompiledRules {
    CompiledRules::new(rules, &CompileOptions::users_of(connector(rules)))
}

pub(crate) fn compile_full(rules: &[SyncRule]) -> CompiledRules {
    let options = CompileOptions {
        extent: Extent::Full,
        object_types: Vec::new(),
        ..CompileOptions::users_of(connector(rules))
    };
    CompiledRules::new(rules, &options)
}

#[derive(Default)]
struct Element {
    name: String,
    text: String,
    attributes: Vec<(String, String)>,
    children: Vec<Element>,
}

impl Element {
    fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    fn text_of(&self, name: &str) -> String {
        self.child(name)
            .map(|child| child.text.trim().to_owned())
            .unwrap_or_default()
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

fn parse_xml(text: &str) -> Element {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(text);
    let mut stack = vec![Element::default()];
    let open = |start: &quick_xml::events::BytesStart<'_>| Element {
        name: start.name().as_ref().to_owned(),
        attributes: start
            .attributes()
            .map(|a| a.unwrap())
            .map(|a| (a.key.as_ref().to_owned(), a.value.clone().into_owned()))
            .collect(),
        ..Element::default()
    };
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => stack.push(open(&start)),
            Event::Empty(start) => {
                let element = open(&start);
                stack.last_mut().unwrap().children.push(element);
            }
            Event::End(_) => {
                let element = stack.pop().unwrap();
                stack.last_mut().unwrap().children.push(element);
            }
            Event::Text(piece) => stack.last_mut().unwrap().text.push_str(&piece),
            Event::GeneralRef(name) => {
                let resolved = match &*name {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "apos" => '\'',
                    other => panic!("entity {other}"),
                };
                stack.last_mut().unwrap().text.push(resolved);
            }
            Event::Eof => return stack.pop().unwrap().children.pop().unwrap(),
            _ => {}
        }
    }
}

fn rule_from_xml(text: &str) -> SyncRule {
    let root = parse_xml(text);
    assert_eq!(root.name, "synchronizationRule");
    let flag = |name: &str| root.text_of(name).eq_ignore_ascii_case("true");
    let scopes = root
        .child("synchronizationCriteria")
        .into_iter()
        .flat_map(|c| c.all("conditions"));
    let joins = root
        .child("relationshipCriteria")
        .into_iter()
        .flat_map(|c| c.all("conditions"));
    let mappings = root
        .child("attribute-mappings")
        .into_iter()
        .flat_map(|c| c.all("mapping"));
    SyncRule {
        identifier: root.text_of("id").parse().unwrap(),
        internal_id: root.text_of("internal-id").parse().ok(),
        name: root.text_of("name"),
        description: root.text_of("description"),
        immutable_tag: root.text_of("immutable-tag"),
        version: root.text_of("version").parse().ok(),
        direction: Direction::from(root.text_of("direction")),
        disabled: flag("disabled"),
        connector: root.text_of("connector").parse().unwrap(),
        source_object_type: root.text_of("sourceObjectType"),
        target_object_type: root.text_of("targetObjectType"),
        link_type: root.text_of("linkType").into(),
        precedence: root.text_of("precedence").parse().unwrap(),
        precedence_after: root.text_of("precedence-after").parse().ok(),
        precedence_before: root.text_of("precedence-before").parse().ok(),
        enable_password_sync: Some(flag("EnablePasswordSync")),
        soft_delete_expiry_interval: Some(root.text_of("softDeleteExpiryInterval")),
        scope_filter: scopes
            .map(|group| ScopeGroup {
                clauses: group
                    .all("scope")
                    .map(|clause| ScopeClause {
                        attribute: clause.text_of("csAttribute"),
                        operator: clause.text_of("csOperator").into(),
                        value: clause.text_of("csValue"),
                    })
                    .collect(),
            })
            .collect(),
        join_filter: joins
            .map(|group| JoinGroup {
                conditions: group
                    .all("condition")
                    .map(|condition| JoinCondition {
                        connector_space_attribute: condition.text_of("csAttribute"),
                        metaverse_attribute: condition.text_of("ilmAttribute"),
                        case_sensitive: condition
                            .text_of("caseSensitive")
                            .eq_ignore_ascii_case("true"),
                    })
                    .collect(),
            })
            .collect(),
        attribute_flows: mappings.map(flow_from_xml).collect(),
    }
}

fn flow_from_xml(mapping: &Element) -> AttributeFlow {
    let source = mapping.child("src");
    AttributeFlow {
        destination: mapping.text_of("dest"),
        sources: source
            .into_iter()
            .flat_map(|s| s.all("attr"))
            .map(|a| a.text.trim().to_owned())
            .collect(),
        expression: mapping
            .child("expression")
            .map(|e| e.text.trim().to_owned()),
        constant: source
            .map(|s| s.text.trim().to_owned())
            .filter(|text| !text.is_empty()),
        value_merge_type: ValueMergeType::from(mapping.text_of("valueMergeType")),
        execute_once: mapping
            .attributes
            .iter()
            .any(|(key, value)| key == "execute-once" && value == "true"),
    }
}

/// A user as a directory would send it. Attributes that are not set are absent; [`Self::unread`] ones were not read.
#[derive(Clone)]
pub(crate) struct User {
    dn: String,
    object_type: Option<String>,
    attributes: Vec<(String, Option<Vec<Vec<u8>>>)>,
}

/// An ordinary enabled user.
pub(crate) fn user() -> User {
    let user = User {
        dn: "CN=Kari Nordmann,OU=Sales,DC=contoso,DC=example".to_owned(),
        object_type: Some("user".to_owned()),
        attributes: Vec::new(),
    };
    user.set("sAMAccountName", "kari")
        .set("cn", "Kari Nordmann")
        .set("userPrincipalName", "kari@contoso.example")
        .set("userAccountControl", "512")
        .set("pwdLastSet", "133500000000000000")
        .octets(
            "objectGUID",
            &[
                0x40, 0x5e, 0x47, 0x30, 0xae, 0xe7, 0xf3, 0x4a, 0xaf, 0x75, 0x8b, 0x14, 0x3c, 0x81,
                0xda, 0xf5,
            ],
        )
        .octets("objectSid", &[1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0])
}

impl User {
    fn put(mut self, name: &str, values: Option<Vec<Vec<u8>>>) -> Self {
        self.attributes
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.attributes.push((name.to_owned(), values));
        self
    }

    pub(crate) fn set(self, name: &str, value: &str) -> Self {
        self.put(name, Some(vec![value.as_bytes().to_vec()]))
    }

    pub(crate) fn many(self, name: &str, values: &[&str]) -> Self {
        self.put(
            name,
            Some(
                values
                    .iter()
                    .map(|value| value.as_bytes().to_vec())
                    .collect(),
            ),
        )
    }

    pub(crate) fn octets(self, name: &str, value: &[u8]) -> Self {
        self.put(name, Some(vec![value.to_vec()]))
    }

    pub(crate) fn absent(self, name: &str) -> Self {
        self.put(name, Some(Vec::new()))
    }

    pub(crate) fn unread(self, name: &str) -> Self {
        self.put(name, None)
    }

    pub(crate) fn dn(mut self, dn: &str) -> Self {
        dn.clone_into(&mut self.dn);
        self
    }

    pub(crate) fn kind(mut self, object_type: Option<&str>) -> Self {
        self.object_type = object_type.map(str::to_owned);
        self
    }
}

impl AttributeSource for User {
    fn dn(&self) -> &str {
        &self.dn
    }

    fn object_type(&self) -> Option<&str> {
        self.object_type.as_deref()
    }

    fn read(&self, _slot: usize, name: &str) -> Read<'_> {
        match self
            .attributes
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
        {
            None => Read::Absent,
            Some((_, None)) => Read::NotRead,
            Some((_, Some(values))) => Read::Values(Values::Owned(values)),
        }
    }
}

pub(crate) fn parameters() -> Vec<(String, String)> {
    [
        ("Domain.FQDN", "contoso.example"),
        ("Domain.Netbios", "CONTOSO"),
        ("Forest.FQDN", "contoso.example"),
        ("Forest.Netbios", "CONTOSO"),
        ("Connector.ID", "{5f0d1c1e-0000-4000-8000-00000000ad01}"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

/// The answer for a user in one line: `syncs`, or the first thing in its way with the words of the rules.
pub(crate) fn answer(rules: &CompiledRules, user: &User) -> String {
    let parameters = parameters();
    let context = Context {
        parameters: &parameters,
        ..Context::default()
    };
    let evaluation = rules.evaluate(user, &context);
    say(&evaluation)
}

fn say(evaluation: &UserEvaluation<'_>) -> String {
    if !evaluation.has_rules_for_type() {
        return "no rules for the type".to_owned();
    }
    match evaluation.metaverse_link() {
        Link::Unknown(why) => return format!("unknown: {why}"),
        Link::None => {
            return format!(
                "not in the metaverse: {}",
                excluded(evaluation, &Direction::Inbound, |_| true)
            );
        }
        Link::Provisioned(_) => {}
    }
    if let Some(error) = evaluation.errors().first() {
        return format!("error in {}: {}", error.destination, error.error);
    }
    if let Some(Attribute::Unknown(why)) = evaluation.metaverse("cloudFiltered") {
        return format!("unknown: {why}");
    }
    if evaluation
        .metaverse("cloudFiltered")
        .map(Attribute::is_true)
        == Some(Truth::True)
    {
        let because = evaluation.explain_attribute("cloudFiltered").unwrap();
        let part = because
            .decisive
            .map_or(because.flow, |decisive| decisive.text);
        return format!("cloudFiltered: {}", compact(part));
    }
    let password = |rule: &SyncRule| rule.enable_password_sync != Some(false);
    match evaluation.password_inbound() {
        PasswordRule::Unknown(why) => return format!("unknown: {why}"),
        PasswordRule::None => {
            return format!(
                "no password rule: {}",
                excluded(evaluation, &Direction::Inbound, password)
            );
        }
        PasswordRule::Applies(_) => {}
    }
    match evaluation.password_outbound() {
        PasswordRule::Unknown(why) => format!("unknown: {why}"),
        PasswordRule::None => format!(
            "not to the cloud: {}",
            excluded(evaluation, &Direction::Outbound, password)
        ),
        PasswordRule::Applies(_) => "syncs".to_owned(),
    }
}

/// Text without white space, to compare expressions that differ in it.
pub(crate) fn compact(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The clauses that kept the object out of the rules of interest.
fn excluded(
    evaluation: &UserEvaluation<'_>,
    direction: &Direction,
    of: impl Fn(&SyncRule) -> bool,
) -> String {
    let rules: Vec<(&SyncRule, RuleState<'_>)> = if *direction == Direction::Inbound {
        evaluation.inbound().collect()
    } else {
        evaluation.outbound().collect()
    };
    let provisions = |rule: &SyncRule| {
        rule.link_type == phs_core::rules::LinkType::Provision || *direction != Direction::Inbound
    };
    let linked = matches!(evaluation.metaverse_link(), Link::Provisioned(_));
    let mut words = Vec::new();
    for (rule, state) in rules
        .into_iter()
        .filter(|(rule, _)| of(rule) && (linked || provisions(rule)))
    {
        let explanation = evaluation.explain_rule(rule).unwrap();
        match state {
            RuleState::Disabled => words.push("rule disabled".to_owned()),
            RuleState::NotLinked => words.push("not linked".to_owned()),
            _ => {}
        }
        for clause in explanation.clauses {
            let text = &rule.scope_filter[clause.group - 1].clauses[clause.clause - 1];
            let found = match clause.found {
                Ok(value) => value.to_string(),
                Err(why) => why.to_string(),
            };
            words.push(format!("{text} (is {found})"));
        }
    }
    words.join(", ")
}
