//! Settings, connectors, run profiles, partitions, and the directory.

use super::*;
use crate::check::Severity;
use crate::evidence::Fact;

fn set(server: &mut ServerConfiguration, name: &str, value: &str) {
    if let Fact::Known(settings) = &mut server.settings {
        settings.insert(name.to_owned(), value.to_owned());
    }
}

#[test]
fn staging_mode() {
    let found = one(|server| set(server, "Microsoft.Synchronize.StagingMode", "true"));
    assert_eq!(found.area, Area::Server);
    assert_eq!(check_id(&found), "PHS401");
    assert_eq!(found.after.as_deref(), Some("true"));
    assert_eq!(
        said(&found),
        "Staging mode is off in the reference and on in the difference."
    );
}

#[test]
fn a_flag_in_another_letter_case_is_the_same() {
    let found = edited(|server| {
        set(server, "Microsoft.Synchronize.StagingMode", "false");
        set(server, "Microsoft.Synchronize.SchedulerSuspended", "0");
        set(server, "Microsoft.Synchronize.NextStartTime", "later");
        set(
            server,
            "Microsoft.Synchronize.SynchronizationPolicy",
            "Initial",
        );
    });
    assert!(found.is_empty(), "{:#?}", words(&found));
}

#[test]
fn the_scheduler() {
    let found = one(|server| set(server, "Microsoft.Synchronize.SchedulerSuspended", "True"));
    assert_eq!(
        (check_id(&found), found.severity),
        ("PHS402", Severity::Error)
    );
    let found = one(|server| {
        set(
            server,
            "Microsoft.Synchronize.SynchronizationSchedule",
            "False",
        );
    });
    assert_eq!(
        (check_id(&found), found.severity),
        ("PHS402", Severity::Error)
    );
}

#[test]
fn the_running_scheduler_goes_before_stored_settings() {
    let found = one(|server| {
        server.scheduler = Fact::Known(crate::evidence::server::Scheduler {
            staging_mode: Fact::Known(true),
            suspended: Fact::Known(false),
            ..Default::default()
        });
    });
    assert_eq!(
        (check_id(&found), found.after.as_deref()),
        ("PHS401", Some("true"))
    );
    let mut before = healthy();
    before.server.as_mut().unwrap().settings =
        Fact::unknown(crate::evidence::UnknownReason::Unreadable);
    let mut after = before.clone();
    for (evidence, on) in [(&mut before, false), (&mut after, true)] {
        evidence.server.as_mut().unwrap().scheduler =
            Fact::Known(crate::evidence::server::Scheduler {
                staging_mode: Fact::Known(on),
                ..Default::default()
            });
    }
    let found = differences(&before, &after);
    let kinds: Vec<_> = found.iter().map(|one| one.kind).collect();
    assert_eq!(
        kinds,
        [Kind::Changed, Kind::NotComparable],
        "{:#?}",
        words(&found)
    );
}

#[test]
fn the_sign_in_method_and_other_settings() {
    let found = one(|server| {
        set(server, "Microsoft.UserSignIn.SignOnMethod", "Federation");
    });
    assert_eq!(check_id(&found), "PHS203");
    assert!(said(&found).contains("PasswordHashSync in the reference and Federation"));
    let found = one(|server| set(server, "Contoso.Own", ""));
    assert_eq!(
        (found.kind, found.severity),
        (Kind::Added, Severity::Information)
    );
    assert!(said(&found).ends_with("Contoso.Own is stated only in the difference: (empty)."));
}

#[test]
fn a_channel_switched_off_and_on() {
    let off = |server: &mut ServerConfiguration| {
        let Fact::Known(channel) = &mut ad(server).password_hash_sync else {
            panic!("no channel")
        };
        channel.enabled = false;
    };
    let found = one(off);
    assert_eq!(
        (check_id(&found), found.severity),
        ("PHS201", Severity::Critical)
    );
    assert_eq!(found.target.display, "fabrikam.com");
    assert!(found.reference_source.starts_with("Connectors/"));
    let (after, mut before) = (healthy(), healthy());
    off(before.server.as_mut().unwrap());
    let on = differences(&before, &after);
    assert_eq!((on.len(), on[0].severity), (1, Severity::Warning));
}

#[test]
fn a_connector_comes_and_goes_with_its_rules() {
    let remove = |server: &mut ServerConfiguration| {
        let gone = ad(server).identifier;
        server
            .connectors
            .retain(|connector| connector.identifier != gone);
        server
            .rules
            .retain(|sourced| sourced.rule.connector != gone);
    };
    let found = one(remove);
    assert_eq!((found.area, found.kind), (Area::Connector, Kind::Removed));
    assert_eq!(found.severity, Severity::Critical);
    let (after, mut before) = (healthy(), healthy());
    remove(before.server.as_mut().unwrap());
    let found = differences(&before, &after);
    assert_eq!((found.len(), found[0].kind), (1, Kind::Added));
}

#[test]
fn the_account_of_a_connector() {
    let found = one(|server| {
        ad(server).login_user = Fact::Known("MSOL_other".to_owned());
    });
    assert_eq!(check_id(&found), "PHS101");
    assert!(
        said(&found).contains("FABRIKAM\\MSOL_other"),
        "{}",
        said(&found)
    );
}

#[test]
fn partitions() {
    let found = one(|server| ad(server).partitions[1].selected = Fact::Known(false));
    assert_eq!(
        (check_id(&found), found.severity),
        ("PHS501", Severity::Critical)
    );
    assert_eq!(
        said(&found),
        "Partition DC=emea,DC=fabrikam,DC=com is selected in the reference and not in the difference."
    );
    let found = one(|server| ad(server).partitions[1].is_domain = Fact::Known(false));
    assert_eq!(check_id(&found), "PHS205");
    let found = one(|server| ad(server).partitions[0].dc_failover = Fact::Known(false));
    assert!(said(&found).ends_with("only preferred ones in the difference."));
    let found = one(|server| {
        ad(server).partitions[0].preferred_dcs = vec!["dc1.fabrikam.com".to_owned()];
    });
    assert_eq!(
        (check_id(&found), found.before.as_deref()),
        ("PHS301", Some(""))
    );
}

#[test]
fn a_removed_partition_weighs_as_much_as_it_was_used() {
    // The steps of its run profiles go with it.
    let found = edited(|server| {
        ad(server).partitions.remove(2);
    });
    assert_eq!(found.len(), 1, "{:#?}", words(&found));
    assert_eq!(found[0].severity, Severity::Information);
    assert!(said(&found[0]).ends_with("is only in the reference, where it is not selected."));
}

#[test]
fn containers_are_compared_as_parsed_names() {
    let found = edited(|server| {
        let partition = &mut ad(server).partitions[0];
        partition
            .exclusions
            .push("OU=Presales,DC=fabrikam,DC=com".to_owned());
        partition.inclusions = vec![];
    });
    let kinds: Vec<_> = found
        .iter()
        .map(|one| (one.kind, one.property.as_str()))
        .collect();
    assert_eq!(
        kinds,
        [(Kind::Added, "exclusions"), (Kind::Removed, "inclusions")]
    );

    let mut before = healthy();
    let list = |names: &[&str]| {
        names
            .iter()
            .map(|&name| name.to_owned())
            .collect::<Vec<_>>()
    };
    let server = before.server.as_mut().unwrap();
    ad(server).partitions[0].exclusions = list(&["OU=Sales,DC=fabrikam,DC=com", "OU=a\\,b,DC=x"]);
    let mut after = before.clone();
    let server = after.server.as_mut().unwrap();
    ad(server).partitions[0].exclusions =
        list(&["ou=A\\2CB, dc=X", "OU=sales, DC=Fabrikam,DC=com"]);
    assert!(differences(&before, &after).is_empty());
}

#[test]
fn run_profiles() {
    let found = one(|server| {
        ad(server)
            .run_profiles
            .retain(|profile| profile.name != "Delta Import");
    });
    assert_eq!((found.kind, check_id(&found)), (Kind::Removed, "PHS205"));
    let found = one(|server| {
        ad(server).run_profiles[0].steps.pop();
    });
    assert_eq!(
        (found.area, found.severity),
        (Area::RunProfile, Severity::Error)
    );
    assert!(
        said(&found).contains("DC=emea,DC=fabrikam,DC=com"),
        "{}",
        said(&found)
    );
}

#[test]
fn a_right_that_is_lost() {
    let (before, after) = (fixture("PHS101/passed"), fixture("PHS101/failed"));
    let found = differences(&before, &after);
    let lost: Vec<_> = found
        .iter()
        .filter(|one| one.area == Area::Directory)
        .collect();
    assert!(!lost.is_empty());
    for one in lost {
        assert_eq!(
            (one.kind, one.severity),
            (Kind::Removed, Severity::Critical)
        );
        assert_eq!(check_id(one), "PHS101");
        assert!(one.property.starts_with("DS-Replication-Get-Changes"));
        assert_eq!(one.after.as_deref(), Some("not held"));
    }
    let back = differences(&after, &before);
    assert!(
        back.iter()
            .any(|one| one.kind == Kind::Added && one.area == Area::Directory)
    );
}

#[test]
fn answers_of_checks_whose_evidence_is_compared_as_a_whole() {
    let found = differences(&fixture("PHS802/passed"), &fixture("PHS802/failed"));
    let one = found.iter().find(|one| check_id(one) == "PHS802").unwrap();
    assert_eq!(one.area, Area::Outcome);
    assert!(said(one).starts_with("PHS802 for "), "{}", said(one));
}
