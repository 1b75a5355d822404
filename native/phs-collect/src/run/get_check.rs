//! `phs_get_check`: rows of the catalogue of checks, for `Get-PhsCheck`.

use serde::Deserialize;

use phs_core::check::{self, Check, Status, Step};
use phs_core::report::CheckRecord;
use phs_core::text;

use super::{Diagnostic, Options, RunContext};
use crate::problem::{Category, Problem};

/// Request of `phs_get_check`. Without ids and steps: every check.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct GetCheck {
    /// What every request may say.
    pub options: Options,
    /// Ids such as `PHS201`, in any letter case.
    pub ids: Vec<String>,
    /// Steps such as `A2`, in any letter case. With ids as well, a check must match both.
    pub steps: Vec<String>,
}

impl Diagnostic for GetCheck {
    fn options(&self) -> &Options {
        &self.options
    }

    async fn run(self, context: RunContext) -> Result<(), Problem> {
        let (rows, problems) = self.select();
        for problem in &problems {
            context.error(problem).await;
        }
        let rows = rows
            .into_iter()
            .map(|check| CheckRecord::render(check, context.catalog()))
            .collect();
        context.checks(rows).await;
        Ok(())
    }
}

impl GetCheck {
    /// The checks asked for, in guide order, and a problem for each name that is none.
    fn select(&self) -> (Vec<&'static Check>, Vec<Problem>) {
        let mut problems = Vec::new();
        let ids: Vec<_> = self
            .ids
            .iter()
            .filter_map(|id| {
                let found = check::find(id.trim());
                if found.is_none() {
                    problems.push(unknown_check(id.trim()));
                }
                found
            })
            .collect();
        let steps: Vec<_> = self
            .steps
            .iter()
            .filter_map(|name| {
                let found = Step::parse(name.trim());
                if found.is_none() {
                    problems.push(unknown_step(name.trim()));
                }
                found
            })
            .collect();
        let rows = check::ALL
            .iter()
            .copied()
            .filter(|check| check.status != Status::Removed)
            .filter(|check| self.ids.is_empty() || ids.contains(check))
            .filter(|check| self.steps.is_empty() || steps.contains(&check.step))
            .collect();
        (rows, problems)
    }
}

fn unknown_check(id: &str) -> Problem {
    Problem::new(
        "Phs.Check.Unknown",
        Category::ObjectNotFound,
        id,
        text!("error-check-unknown", id = id, nearest = nearest(id)),
    )
}

pub(super) fn unknown_step(name: &str) -> Problem {
    let steps: Vec<_> = Step::ALL
        .iter()
        .map(|step| step.name().to_owned())
        .collect();
    Problem::new(
        "Phs.Step.Unknown",
        Category::ObjectNotFound,
        name,
        text!("error-step-unknown", name = name, steps = steps),
    )
}

/// The id that takes the fewest edits from what was typed; a check's name counts too. The first in guide order wins a tie.
fn nearest(typed: &str) -> &'static str {
    let typed = typed.to_ascii_uppercase();
    check::ALL
        .iter()
        .filter(|check| check.status != Status::Removed)
        .min_by_key(|check| {
            edits(&typed, check.id).min(edits(&typed, &check.name.to_ascii_uppercase()))
        })
        .map_or("", |check| check.id)
}

/// Levenshtein distance. What is typed is cut: past some length nothing is near, and the work stays small.
fn edits(from: &str, to: &str) -> usize {
    const LONGEST: usize = 64;
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, left) in from.chars().take(LONGEST).enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, right) in to.iter().enumerate() {
            let changed = diagonal + usize::from(left != *right);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(ids: &[&str], steps: &[&str]) -> GetCheck {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        GetCheck {
            ids: owned(ids),
            steps: owned(steps),
            ..GetCheck::default()
        }
    }

    fn ids(request: &GetCheck) -> Vec<&'static str> {
        request.select().0.iter().map(|check| check.id).collect()
    }

    #[test]
    fn nothing_named_is_everything() {
        let (rows, problems) = request(&[], &[]).select();
        assert_eq!(rows.len(), check::ALL.len());
        assert!(problems.is_empty());
    }

    #[test]
    fn names_match_in_any_case_and_come_in_guide_order() {
        assert_eq!(
            ids(&request(&["phs401", " PHS201 "], &[])),
            ["PHS201", "PHS401"]
        );
        assert_eq!(ids(&request(&[], &["a4"])), ["PHS401", "PHS402"]);
        assert_eq!(ids(&request(&["PHS201", "PHS401"], &["A4"])), ["PHS401"]);
    }

    #[test]
    fn an_unknown_name_is_told_and_the_rest_still_comes() {
        let (rows, problems) = request(&["PHS20", "PHS204"], &[]).select();
        assert_eq!(
            rows.iter().map(|check| check.id).collect::<Vec<_>>(),
            ["PHS204"]
        );
        assert_eq!(problems.len(), 1);
        assert_eq!(
            (problems[0].id, problems[0].target.as_str()),
            ("Phs.Check.Unknown", "PHS20")
        );
        // Only unknown names are not the same as no names: nothing comes.
        let (rows, problems) = request(&["nonsense"], &["C9"]).select();
        assert!(rows.is_empty());
        assert_eq!(
            problems
                .iter()
                .map(|problem| problem.id)
                .collect::<Vec<_>>(),
            ["Phs.Check.Unknown", "Phs.Step.Unknown"]
        );
    }

    #[test]
    fn nearest_is_meant_one() {
        assert_eq!(nearest("PSH401"), "PHS401");
        assert_eq!(nearest("phs80"), "PHS801");
        assert_eq!(nearest("staging-mod"), "PHS401");
        assert_eq!(nearest(&"x".repeat(100_000)).len(), 6);
    }
}
