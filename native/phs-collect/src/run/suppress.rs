//! Suppressions: findings that the user has seen and accepted.

/// Shortest part of a fingerprint that still names one finding.
const SHORTEST_FINGERPRINT: usize = 12;

#[derive(Debug, Default)]
pub(super) struct Suppressions {
    entries: Vec<(String, bool)>,
}

impl Suppressions {
    pub(super) fn new(entries: &[String]) -> Self {
        Self {
            entries: entries
                .iter()
                .map(|entry| (entry.trim().to_owned(), false))
                .filter(|(entry, _)| !entry.is_empty())
                .collect(),
        }
    }

    /// Whether an entry covers the finding; every entry that does counts as used.
    pub(super) fn covers(&mut self, check: &str, target: &str, fingerprint: &str) -> bool {
        if self.entries.is_empty() {
            return false;
        }
        let mut covered = false;
        for (entry, used) in &mut self.entries {
            let matches = match entry.split_once(':') {
                Some((id, named)) => {
                    check.eq_ignore_ascii_case(id) && target.to_lowercase() == named.to_lowercase()
                }
                None => {
                    check.eq_ignore_ascii_case(entry)
                        || entry.len() >= SHORTEST_FINGERPRINT
                            && fingerprint.starts_with(&entry.to_ascii_lowercase())
                }
            };
            *used |= matches;
            covered |= matches;
        }
        covered
    }

    /// Entries that covered nothing.
    pub(super) fn unused(&self) -> Vec<String> {
        self.entries
            .iter()
            .filter(|(_, used)| !used)
            .map(|(entry, _)| entry.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use phs_core::check;
    use phs_core::finding::{Finding, Target};
    use phs_core::text;

    use super::*;

    fn finding() -> Finding {
        Finding::failed(
            &check::PHS201,
            Target::identified("contoso.com", "ae4db4cc-b16b-4eb2-acf5-837ca84e4d7d"),
            text!("no-user"),
        )
    }

    fn covers(suppressions: &mut Suppressions) -> bool {
        let finding = finding();
        let fingerprint = finding.fingerprint();
        suppressions.covers(finding.check.id, &finding.target.display, &fingerprint)
    }

    #[test]
    fn covers_by_id_target_and_fingerprint() {
        let fingerprint = finding().fingerprint()[..SHORTEST_FINGERPRINT].to_uppercase();
        for entry in ["phs201", "PHS201:Contoso.COM", &fingerprint] {
            assert!(
                covers(&mut Suppressions::new(&[entry.to_owned()])),
                "{entry}"
            );
        }
        for entry in ["PHS204", "PHS201:contoso", "ae4d", "PHS20", ""] {
            assert!(
                !covers(&mut Suppressions::new(&[entry.to_owned()])),
                "{entry}"
            );
        }
    }

    #[test]
    fn names_what_matched_nothing() {
        let mut suppressions = Suppressions::new(&["PHS201".into(), "PHS402".into()]);
        covers(&mut suppressions);
        assert_eq!(suppressions.unused(), ["PHS402"]);
    }
}
