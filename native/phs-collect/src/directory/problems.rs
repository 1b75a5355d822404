//! Errors of collecting from a forest, beside those of LDAP itself.

use phs_core::text;

use crate::problem::{Category, Problem};

pub(super) fn no_server() -> Problem {
    Problem::new(
        "Phs.Directory.NoServer",
        Category::InvalidArgument,
        "Server",
        text!("error-directory-no-server"),
    )
}

pub(super) fn no_credential() -> Problem {
    Problem::new(
        "Phs.Directory.NoCredential",
        Category::InvalidArgument,
        "Credential",
        text!("error-directory-no-credential"),
    )
}

pub(super) fn sealed_credential() -> Problem {
    Problem::new(
        "Phs.Directory.SealedCredential",
        Category::InvalidArgument,
        "Credential",
        text!("error-directory-sealed-credential"),
    )
}

pub(super) fn no_controller(domain: &str) -> Problem {
    Problem::new(
        "Phs.Directory.NoController",
        Category::ObjectNotFound,
        domain,
        text!("error-directory-no-controller", domain = domain),
    )
}

pub(super) fn not_active_directory(server: &str, attribute: &str) -> Problem {
    Problem::new(
        "Phs.Directory.NotActiveDirectory",
        Category::InvalidData,
        server,
        text!(
            "error-directory-not-active-directory",
            server = server,
            attribute = attribute
        ),
    )
}

pub(super) fn unknown_domain(domain: &str, known: Vec<String>) -> Problem {
    Problem::new(
        "Phs.Directory.UnknownDomain",
        Category::InvalidArgument,
        domain,
        text!(
            "error-directory-unknown-domain",
            domain = domain,
            known = known
        ),
    )
}

pub(super) fn wrong_controller(server: &str, asked: &str, holds: &str) -> Problem {
    Problem::new(
        "Phs.Directory.WrongController",
        Category::InvalidData,
        server,
        text!(
            "error-directory-wrong-controller",
            server = server,
            asked = asked,
            holds = holds
        ),
    )
}

pub(super) fn timeout_range(seconds: u32) -> Problem {
    Problem::new(
        "Phs.Directory.Timeout",
        Category::InvalidArgument,
        "TimeoutSec",
        text!("error-directory-timeout", seconds = seconds),
    )
}

/// A list of groups that the directory did not give.
pub(super) fn unreadable(object: &str, attribute: &str) -> Problem {
    Problem::new(
        "Phs.Directory.Unreadable",
        Category::PermissionDenied,
        object,
        text!(
            "error-directory-unreadable",
            object = object,
            attribute = attribute
        ),
    )
}
