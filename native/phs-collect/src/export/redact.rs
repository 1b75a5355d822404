//! Secrets are left out where they are read, by the name of their key or by the type that the export gives them.

/// What stands for a secret.
pub(crate) const REDACTED: &str = "[redacted]";

/// Parts of key names, in lower case, whose values are secrets or say what nobody needs (domain 12.55).
const SECRET_KEYS: [&str; 9] = [
    "password",
    "passwd",
    "pwd",
    "secret",
    "cookie",
    "encrypted",
    "credential",
    "private-configuration",
    "water-mark",
];

/// Parameters whose name says "password" and whose value is a switch, not a secret.
const SWITCHES: [&str; 2] = [
    "microsoft.optionalfeature.passwordhashsync",
    "microsoft.optionalfeature.passwordwriteback",
];

/// The value, or the mark that stands for a secret.
pub(crate) fn value(key: &str, encrypted: bool, value: String) -> String {
    let key = key.to_ascii_lowercase();
    let secret = encrypted || SECRET_KEYS.iter().any(|part| key.contains(part));
    if !secret || SWITCHES.contains(&key.as_str()) && is_flag(&value) {
        value
    } else {
        REDACTED.to_owned()
    }
}

fn is_flag(value: &str) -> bool {
    phs_core::evidence::server::parse_flag(value).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_by_key_or_type() {
        for (key, encrypted) in [
            ("password", false),
            ("Password", false),
            ("forest-login-password", false),
            ("cookie", false),
            ("encrypted_configuration", false),
            ("client-secret", false),
            ("anything", true),
        ] {
            assert_eq!(value(key, encrypted, "x".into()), REDACTED, "{key}");
        }
        for key in ["forest-login-user", "Forest.Netbios", "UserName"] {
            assert_eq!(value(key, false, "x".into()), "x", "{key}");
        }
    }

    #[test]
    fn a_switch_is_kept_only_while_it_is_one() {
        let key = "Microsoft.OptionalFeature.PasswordHashSync";
        assert_eq!(value(key, false, "False".into()), "False");
        assert_eq!(value(key, false, "hunter2".into()), REDACTED);
    }
}
