use super::*;
use phs_core::evidence::server::ConnectorKind;
use phs_core::evidence::user::ObservedAttribute::{Absent, Binary};

fn given(json: &str) -> Read {
    read(&serde_json::from_str(json).unwrap())
}

const CONNECTOR: &str = r#"{"Name": "contoso.com", "Identifier": "ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d", "ConnectorTypeName": "AD",
    "ConnectivityParameters": {"forest-name": "contoso.com", "forest-login-user": "MSOL_1", "ssl-bind": "0"},
    "Partitions": [{"Identifier": "11111111-2222-3333-4444-555555555555", "DN": "DC=contoso,DC=com", "Selected": "True", "IsDomain": "True",
        "Parameters": {"dc-failover": "1", "Domain.FQDN": "contoso.com", "cookie": "PLANTED"},
        "ConnectorPartitionScope": {"ObjectClasses": ["user"], "ContainerInclusionList": "DC=contoso,DC=com"}, "PreferredDCs": []}],
    "RunProfiles": [{"Name": "Delta Import", "RunSteps": [{"PartitionIdentifier": "11111111-2222-3333-4444-555555555555"}]}],
    "PasswordSync": {"value": {"Enabled": "False", "TargetConnector": "contoso.onmicrosoft.com - AAD"}}}"#;

#[test]
fn a_connector_becomes_what_an_export_would_give() {
    let read = given(&format!(
        r#"{{"server": "SYNC01", "collectedAt": "2026-10-01T12:00:00Z", "connectors": {{"value": [{CONNECTOR}]}}}}"#
    ));
    let connector = &read.configuration.connectors[0];
    assert_eq!(connector.kind, ConnectorKind::ActiveDirectory);
    assert_eq!(connector.login_user, Fact::Known("MSOL_1".to_owned()));
    let channel = connector.password_hash_sync.known().unwrap();
    assert!(!channel.enabled);
    // The name leads to no connector of this server.
    assert_eq!(channel.target, Some(Uuid::nil()));
    let partition = &connector.partitions[0];
    assert_eq!(partition.dc_failover, Fact::Known(true));
    assert_eq!(partition.inclusions, ["DC=contoso,DC=com"]);
    let step = &connector.run_profiles[0].steps[0];
    assert_eq!(step.kind, "Delta Import");
    assert_eq!(step.partition, Some(partition.identifier));
    assert!(!format!("{read:?}").contains("PLANTED"));
}

#[test]
fn a_connector_that_was_cut_off_is_unreadable_and_not_without_partitions() {
    for cut in [
        CONNECTOR.replace(r#""Partitions": ["#, r#""Partitions": ["System.Object", "#),
        CONNECTOR.replace(r#""ConnectorPartitionScope": {"#, r#""Other": {"#),
        CONNECTOR.replace("ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d", "x"),
    ] {
        let read = given(&format!(r#"{{"connectors": {{"value": [{cut}]}}}}"#));
        assert!(read.configuration.connectors.is_empty(), "{cut}");
        assert_eq!(read.configuration.unreadable(Part::Connector).count(), 1);
        assert!(
            read.problems
                .iter()
                .any(|problem| problem.id == "Phs.AdSync.Failed"),
            "{cut}"
        );
    }
}

#[test]
fn only_the_partition_of_a_directory_needs_a_scope() {
    let other = CONNECTOR.replace(r#""AD""#, r#""Extensible2""#);
    let without = r#""ConnectorPartitionScope": null, "Was": {"#;
    let scope = r#""ConnectorPartitionScope": {"#;
    for (text, count) in [
        (other.replace(scope, without), 1),
        (
            other.replace(scope, r#""ConnectorPartitionScope": "Scope", "Was": {"#),
            0,
        ),
        (CONNECTOR.replace(scope, without), 0),
    ] {
        let read = given(&format!(r#"{{"connectors": {{"value": [{text}]}}}}"#));
        assert_eq!(read.configuration.connectors.len(), count, "{text}");
    }
}

#[test]
fn a_refusal_is_told_once_with_the_group_and_leaves_every_part_unknown() {
    let refused = r#"{"error": {"reason": "NotPermitted", "detail": "access is denied"}}"#;
    let read = given(&format!(
        r#"{{"server": "SYNC01", "connectors": {refused}, "rules": {refused}, "settings": {refused}, "scheduler": {refused}}}"#
    ));
    let ids: Vec<_> = read.problems.iter().map(|problem| problem.id).collect();
    assert_eq!(ids, ["Phs.AdSync.NotPermitted"]);
    let words = format!("{:?}", read.problems[0].text);
    assert!(words.contains(GROUP), "{words}");
    let configuration = &read.configuration;
    for part in [Part::Connector, Part::Rule, Part::GlobalSettings] {
        let unreadable: Vec<_> = configuration.unreadable(part).collect();
        assert_eq!(unreadable.len(), 1);
        assert_eq!(unreadable[0].reason, UnknownReason::NotPermitted);
    }
    assert_eq!(
        configuration.staging_mode().reason(),
        Some(UnknownReason::NotPermitted)
    );
}

#[test]
fn what_nobody_asked_is_not_collected_and_never_empty() {
    let read = given(r#"{"server": "SYNC01"}"#);
    assert_eq!(read.configuration.unreadable.len(), 3);
    assert_eq!(read.configuration.scheduler, Fact::default());
    assert!(read.problems.is_empty());
}

#[test]
fn a_rule_without_its_filters_is_no_rule_for_everyone() {
    let rule = r#"{"Name": "In", "Identifier": "11111111-2222-3333-4444-555555555555", "Direction": "Inbound", "Disabled": "False",
        "Connector": "ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d", "LinkType": "Join", "Precedence": "100",
        "EnablePasswordSync": "True", "ScopeFilter": [{"ScopeConditionList": [{"Attribute": "a", "ComparisonOperator": "EQUAL", "ComparisonValue": " x"}]}],
        "AttributeFlowMappings": [{"Destination": "d", "FlowType": "Constant", "Source": ["True"]}]}"#;
    let read = given(&format!(r#"{{"rules": {{"value": [{rule}]}}}}"#));
    let sync = &read.configuration.rules[0].rule;
    assert_eq!(sync.enable_password_sync, Some(true));
    assert_eq!(sync.scope_filter[0].clauses[0].value, " x");
    assert_eq!(sync.attribute_flows[0].constant.as_deref(), Some("True"));
    let cut = rule.replace(
        r#"[{"ScopeConditionList""#,
        r#"["Cut", {"ScopeConditionList""#,
    );
    let read = given(&format!(r#"{{"rules": {{"value": [{cut}]}}}}"#));
    assert!(read.configuration.rules.is_empty());
    assert_eq!(read.configuration.unreadable(Part::Rule).count(), 1);
}

#[test]
fn a_user_is_read_through_all_spaces() {
    let user = r#"{"Identity": "kari", "DistinguishedName": "CN=Kari,DC=contoso,DC=com",
        "ConnectorSpace": {"value": {"DistinguishedName": "CN=Kari,DC=contoso,DC=com", "IsTransient": "False", "IsPlaceHolder": "False",
            "ConnectedMVObjectId": "11111111-2222-3333-4444-555555555555", "HasSyncError": "False", "ObjectType": "user",
            "AttributeInclusionList": ["mail", "pwdLastSet"], "Lineage": [{"SyncRuleName": "In", "SyncRuleInternalId": "99999999-2222-3333-4444-555555555555"}],
            "Attributes": [{"Name": "pwdLastSet", "Type": "Number", "Values": ["133000000000000000"]}, {"Name": "objectGUID", "Type": "Binary", "Values": ["AAE="]}]}},
        "Metaverse": {"value": {"Attributes": [{"Name": "cloudFiltered", "Values": ["True"]}]}},
        "EntraConnectorSpace": {"value": {"AnchorValue": null, "HasExportError": "True", "ExportError": {"ErrorType": "AttributeValueMustBeUnique"}}},
        "Log": {"value": [{"TimeStamp": "2026-10-01T12:00:00", "Status": "Success"}]}}"#;
    let read = given(&format!(r#"{{"users": [{user}]}}"#));
    let user = &read.users[0];
    let space = user.connector_space.known().unwrap().as_ref().unwrap();
    assert_eq!(space.joined, Fact::Known(true));
    assert_eq!(space.placeholder, Fact::Known(false));
    assert_eq!(space.synchronization_error, Fact::Known(None));
    // The rule of the lineage is none of today's rules: whether it carried the password is not known.
    assert!(
        space.lineage.known().unwrap()[0]
            .password_sync
            .known()
            .is_none()
    );
    let metaverse = user.metaverse.known().unwrap().as_ref().unwrap();
    assert_eq!(metaverse.cloud_filtered, Fact::Known(Some(true)));
    let entra = user
        .entra_connector_space
        .known()
        .unwrap()
        .as_ref()
        .unwrap();
    assert_eq!(entra.exported, Fact::Known(false));
    assert_eq!(
        entra
            .export_error
            .known()
            .unwrap()
            .as_ref()
            .unwrap()
            .error_type,
        "AttributeValueMustBeUnique"
    );
    assert_eq!(user.attempts.known().unwrap()[0].status, "Success");
    assert_eq!(user.attribute("mail"), Some(&Absent));
    assert_eq!(
        user.attribute("objectGUID"),
        Some(&Binary(vec![vec![0, 1]]))
    );
    let missing = given(r#"{"users": [{"ConnectorSpace": {"value": null}}]}"#);
    assert_eq!(missing.users[0].connector_space, Fact::Known(None));
    assert_eq!(missing.users[0].metaverse, Fact::default());
}

#[test]
fn later_users_are_read_by_the_configuration_of_before() {
    let rule = "55555555-0000-4000-8000-000000000001";
    let user = format!(
        r#"{{"Identity": "kari", "ConnectorSpace": {{"value": {{"ConnectedMVObjectId": "{rule}",
            "Lineage": [{{"SyncRuleInternalId": "{rule}", "SyncRuleName": "In from AD"}}]}}}}}}"#
    );
    let more: AdSync = serde_json::from_str(&format!(r#"{{"users": [{user}, "cut"]}}"#)).unwrap();
    let (users, problems) = read_users(&more, &ServerConfiguration::default());
    assert_eq!(users.len(), 1);
    assert_eq!(users[0].identity, "kari");
    let ids: Vec<&str> = problems.iter().map(|problem| problem.id).collect();
    assert_eq!(ids, ["Phs.AdSync.Failed"]);
    // Nothing of it depends on where the user was read: once with the configuration, once after it.
    let whole = given(&format!(r#"{{"users": [{user}]}}"#));
    assert_eq!(users, whole.users);
    let refused = r#"{"connectors": {"error": {"reason": "NotPermitted"}}, "users": []}"#;
    let refused: AdSync = serde_json::from_str(refused).unwrap();
    let (users, problems) = read_users(&refused, &ServerConfiguration::default());
    assert!(users.is_empty());
    assert_eq!(problems[0].id, "Phs.AdSync.NotPermitted");
}
