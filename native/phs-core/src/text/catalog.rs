//! The catalogue: Fluent resources by culture, embedded in the library.

use std::sync::{Arc, LazyLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::{Argument, Text, printable};

/// The culture that is always complete.
pub const DEFAULT_CULTURE: &str = "en-US";

/// How many remedies one text may hold: `.remedy`, `.remedy2` ... `.remedy9`.
pub const MAX_REMEDIES: usize = 9;

const REMEDY_KEYS: [&str; MAX_REMEDIES] = [
    "remedy", "remedy2", "remedy3", "remedy4", "remedy5", "remedy6", "remedy7", "remedy8",
    "remedy9",
];

/// Resources of one culture, in the order of the guide.
const EN_US: &[(&str, &str)] = &[
    ("checks.ftl", include_str!("en-US/checks.ftl")),
    ("cloud.ftl", include_str!("en-US/cloud.ftl")),
    ("common.ftl", include_str!("en-US/common.ftl")),
    ("errors.ftl", include_str!("en-US/errors.ftl")),
    (
        "a1_permissions.ftl",
        include_str!("en-US/a1_permissions.ftl"),
    ),
    (
        "a2_sign_in_method.ftl",
        include_str!("en-US/a2_sign_in_method.ftl"),
    ),
    (
        "a3_connectivity.ftl",
        include_str!("en-US/a3_connectivity.ftl"),
    ),
    (
        "a4_staging_mode.ftl",
        include_str!("en-US/a4_staging_mode.ftl"),
    ),
    ("user.ftl", include_str!("en-US/user.ftl")),
    ("b1_user.ftl", include_str!("en-US/b1_user.ftl")),
    (
        "b2_temporary_password.ftl",
        include_str!("en-US/b2_temporary_password.ftl"),
    ),
    (
        "b3_object_setup.ftl",
        include_str!("en-US/b3_object_setup.ftl"),
    ),
    ("service.ftl", include_str!("en-US/service.ftl")),
    ("tool.ftl", include_str!("en-US/tool.ftl")),
    ("export.ftl", include_str!("en-US/export.ftl")),
    ("events.ftl", include_str!("en-US/events.ftl")),
    ("evidence_file.ftl", include_str!("en-US/evidence_file.ftl")),
    ("compare.ftl", include_str!("en-US/compare.ftl")),
    ("run.ftl", include_str!("en-US/run.ftl")),
];

/// The texts of one culture, with en-US behind them.
pub struct Catalog {
    bundles: Vec<FluentBundle<FluentResource>>,
}

impl std::fmt::Debug for Catalog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalog")
            .field("cultures", &self.bundles.len())
            .finish()
    }
}

impl Catalog {
    /// The catalogue for a culture, read once and shared. A culture without texts of its own gets en-US.
    pub fn for_culture(_culture: &str) -> Arc<Self> {
        static ENGLISH: LazyLock<Arc<Catalog>> = LazyLock::new(|| {
            Arc::new(Catalog {
                bundles: vec![bundle(DEFAULT_CULTURE, EN_US)],
            })
        });
        Arc::clone(&ENGLISH)
    }

    /// The text in words. A key that is missing in every culture gives the key itself in brackets.
    pub fn render(&self, text: &Text) -> String {
        self.lookup(text.key, None, text)
            .unwrap_or_else(|| format!("[{}]", text.key))
    }

    /// Why it matters, where the text says so.
    pub fn why(&self, text: &Text) -> Option<String> {
        self.lookup(text.key, Some("why"), text)
    }

    /// What to do, in order, as far as the text says so.
    pub fn remedies(&self, text: &Text) -> Vec<String> {
        REMEDY_KEYS
            .iter()
            .map_while(|key| self.lookup(text.key, Some(key), text))
            .collect()
    }

    /// What the reader of an error should do.
    pub fn action(&self, text: &Text) -> Option<String> {
        self.lookup(text.key, Some("action"), text)
    }

    /// The value of a key that is put together at run time (`phs101`), without arguments.
    pub fn value(&self, key: &str) -> Option<String> {
        self.lookup(key, None, &Text::new(""))
    }

    /// An attribute of a key that is put together at run time, without arguments.
    pub fn attribute(&self, key: &str, attribute: &str) -> Option<String> {
        self.lookup(key, Some(attribute), &Text::new(""))
    }

    fn lookup(&self, key: &str, attribute: Option<&str>, text: &Text) -> Option<String> {
        for bundle in &self.bundles {
            let Some(message) = bundle.get_message(key) else {
                continue;
            };
            let pattern = match attribute {
                None => message.value(),
                Some(name) => message.get_attribute(name).map(|found| found.value()),
            };
            let Some(pattern) = pattern else { continue };
            let arguments = self.arguments(text);
            let mut errors = Vec::new();
            return Some(
                bundle
                    .format_pattern(pattern, Some(&arguments), &mut errors)
                    .into_owned(),
            );
        }
        None
    }

    fn arguments<'a>(&self, text: &'a Text) -> FluentArgs<'a> {
        let mut arguments = FluentArgs::with_capacity(text.arguments.len());
        for (name, value) in &text.arguments {
            let value = match value {
                Argument::Word(word) => FluentValue::from(printable(word)),
                Argument::Number(number) => FluentValue::from(*number),
                Argument::List(items) => {
                    FluentValue::from(printable(&items.join(", ")).into_owned())
                }
                Argument::Text(inner) => FluentValue::from(self.render(inner)),
                Argument::Texts(inner) => FluentValue::from(
                    inner
                        .iter()
                        .map(|text| self.render(text))
                        .collect::<Vec<_>>()
                        .join("; "),
                ),
            };
            arguments.set(*name, value);
        }
        arguments
    }
}

fn bundle(culture: &str, resources: &[(&str, &str)]) -> FluentBundle<FluentResource> {
    let language: LanguageIdentifier = culture.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Isolation marks would stand in the way of commands that a reader copies.
    bundle.set_use_isolating(false);
    for (_, source) in resources {
        // A broken or repeated message is refused by the catalogue's test; at run time the good rest is used.
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        let _ = bundle.add_resource(resource);
    }
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use super::*;
    use crate::check;

    fn messages() -> BTreeMap<String, &'static str> {
        let mut found = BTreeMap::new();
        for (file, source) in EN_US {
            FluentResource::try_new((*source).to_owned())
                .unwrap_or_else(|(_, errors)| panic!("{file}: {errors:?}"));
            for line in source.lines() {
                let Some((key, _)) = line.split_once('=') else {
                    continue;
                };
                if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                    let previous = found.insert(key.trim().to_owned(), *file);
                    assert!(previous.is_none(), "{key} stands twice");
                }
            }
        }
        found
    }

    fn sources(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                found.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }

    fn keys_in_code() -> BTreeSet<String> {
        let native = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut code = Vec::new();
        for krate in ["phs-core/src", "phs-collect/src", "phs-ffi/src"] {
            sources(&native.join(krate), &mut code);
        }
        let mut keys = BTreeSet::new();
        for text in &code {
            for part in text.split("text!(").skip(1) {
                let part = part.trim_start();
                if let Some(rest) = part.strip_prefix('"')
                    && let Some((key, _)) = rest.split_once('"')
                    && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                {
                    keys.insert(key.to_owned());
                }
            }
        }
        keys
    }

    #[test]
    fn every_key_in_code_has_a_text() {
        let messages = messages();
        let missing: Vec<_> = keys_in_code()
            .into_iter()
            .filter(|key| !messages.contains_key(key))
            .collect();
        assert!(missing.is_empty(), "no text for {missing:?}");
    }

    #[test]
    fn every_text_is_used() {
        let used = keys_in_code();
        let unused: Vec<_> = messages()
            .into_iter()
            .filter(|(key, file)| *file != "checks.ftl" && !used.contains(key))
            .collect();
        assert!(unused.is_empty(), "unused: {unused:?}");
    }

    #[test]
    fn every_check_is_explained() {
        let catalog = Catalog::for_culture(DEFAULT_CULTURE);
        for check in check::ALL {
            let key = check.text_key();
            assert!(catalog.value(&key).is_some(), "{} has no title", check.id);
            assert!(
                catalog.attribute(&key, "explain").is_some(),
                "{} has no explanation",
                check.id
            );
        }
    }
}
