//! What was asked of a file and what came of it, as a table or as JSON.

use serde::Serialize;

/// What came of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verdict {
    /// It holds.
    Pass,
    /// It does not hold.
    Fail,
    /// Something it needs is not there, or it makes no sense for this file.
    NotRun,
    /// A figure, and no claim.
    Info,
}

impl Verdict {
    const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "FAIL",
            Self::NotRun => "NOT RUN",
            Self::Info => "",
        }
    }
}

/// One row of the table.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Claim {
    name: String,
    verdict: Verdict,
    detail: String,
    /// The figure that was held against a limit, in the unit that the detail names.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
}

impl Claim {
    pub(super) fn holds(name: impl Into<String>, holds: bool, detail: impl Into<String>) -> Self {
        let verdict = if holds { Verdict::Pass } else { Verdict::Fail };
        Self { name: name.into(), verdict, detail: detail.into(), value: None }
    }

    pub(super) fn fail(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::holds(name, false, detail)
    }

    pub(super) fn not_run(name: impl Into<String>, why: impl Into<String>) -> Self {
        Self { verdict: Verdict::NotRun, ..Self::holds(name, false, why) }
    }

    /// The claim with the figure that it is about.
    pub(super) fn with_value(self, value: f64) -> Self {
        Self { value: Some(value), ..self }
    }

    pub(super) fn info(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { verdict: Verdict::Info, ..Self::holds(name, true, detail) }
    }
}

/// Everything about one file.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) file: String,
    pub(super) claims: Vec<Claim>,
}

impl Report {
    /// Whether any claim does not hold.
    pub(super) fn failed(&self) -> bool {
        self.claims.iter().any(|claim| claim.verdict == Verdict::Fail)
    }

    /// The table.
    pub(super) fn lines(&self) -> Vec<String> {
        let width = self.claims.iter().map(|claim| claim.name.len()).max().unwrap_or(0);
        let row = |claim: &Claim| {
            let verdict = claim.verdict.word();
            format!("  {:width$}  {verdict:7}  {}", claim.name, claim.detail)
        };
        [self.file.clone()].into_iter().chain(self.claims.iter().map(row)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_does_not_hold_fails_a_file() {
        let report = |claims: Vec<Claim>| Report { file: "a.flac".into(), claims };
        let quiet = vec![
            Claim::holds("length", true, "7"),
            Claim::not_run("reference", "there is none"),
            Claim::info("format", "flac"),
        ];
        assert!(!report(quiet.clone()).failed());
        assert!(report([quiet.clone(), vec![Claim::fail("x", "y")]].concat()).failed());
        let lines = report(quiet).lines();
        assert_eq!(lines[1], "  length     pass     7");
        assert_eq!(lines[2], "  reference  NOT RUN  there is none");
    }
}
