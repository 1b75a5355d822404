//! What is known of users beside the directory: the service's own record, read on the Connect server.

use phs_core::dn::Dn;
use phs_core::evidence::Fact;
use phs_core::evidence::user::UserEvidence;

/// The user that is meant: by the name under which it was asked for, or by its distinguished name.
pub(super) fn find<'a>(known: &'a [UserEvidence], identity: &str) -> Option<&'a UserEvidence> {
    let identity = identity.trim();
    let named = |user: &&UserEvidence| user.identity.eq_ignore_ascii_case(identity);
    known
        .iter()
        .find(named)
        .or_else(|| of_name(known, identity))
}

fn of_name<'a>(known: &'a [UserEvidence], name: &str) -> Option<&'a UserEvidence> {
    let name = Dn::parse(name).ok()?;
    known
        .iter()
        .find(|user| Dn::parse(&user.distinguished_name).is_ok_and(|known| known == name))
}

/// Gives a user of the directory what the service knows of it. What the directory says of the user stands.
pub(super) fn complete(user: &mut UserEvidence, known: &[UserEvidence]) {
    let Some(facts) = of_name(known, &user.distinguished_name) else {
        return;
    };
    fill(&mut user.connector_space, &facts.connector_space);
    fill(&mut user.metaverse, &facts.metaverse);
    fill(
        &mut user.entra_connector_space,
        &facts.entra_connector_space,
    );
    fill(&mut user.attempts, &facts.attempts);
}

fn fill<T: Clone>(fact: &mut Fact<T>, known: &Fact<T>) {
    if fact.known().is_none() {
        fact.clone_from(known);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(identity: &str, name: &str) -> UserEvidence {
        UserEvidence {
            identity: identity.to_owned(),
            distinguished_name: name.to_owned(),
            attempts: Fact::Known(Vec::new()),
            ..UserEvidence::default()
        }
    }

    #[test]
    fn a_user_is_found_by_its_parsed_name_and_never_by_a_part_of_it() {
        let known = [
            user("kari", r"CN=Kari\2C Ansatt,OU=Presales,DC=contoso,DC=com"),
            user("ola", "CN=Ola,OU=Sales,DC=contoso,DC=com"),
        ];
        for (identity, found) in [
            ("KARI", Some("kari")),
            (
                "cn=kari\\, ansatt, ou=presales,dc=contoso,dc=com",
                Some("kari"),
            ),
            ("CN=Ola,OU=Sales,DC=contoso,DC=com", Some("ola")),
            ("OU=Sales,DC=contoso,DC=com", None),
            ("CN=Ola", None),
        ] {
            let user = find(&known, identity).map(|user| user.identity.as_str());
            assert_eq!(user, found, "{identity}");
        }
    }

    #[test]
    fn what_the_service_knows_is_added_and_replaces_nothing() {
        let known = [user("", "CN=Ola,DC=contoso,DC=com")];
        let mut same = UserEvidence {
            distinguished_name: "cn=ola,dc=contoso,dc=com".to_owned(),
            ..UserEvidence::default()
        };
        complete(&mut same, &known);
        assert_eq!(same.attempts, Fact::Known(Vec::new()));
        let mut other = UserEvidence {
            distinguished_name: "CN=Other,DC=contoso,DC=com".to_owned(),
            ..UserEvidence::default()
        };
        complete(&mut other, &known);
        assert_eq!(other.attempts, Fact::default());
    }
}
