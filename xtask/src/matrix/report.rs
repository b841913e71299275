//! What `quicksync check` said of many files: how often each claim held and where it came nearest to
//! its limit, and the same as a table of formats and claims.
//!
//! Never: a file, a process.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde_json::Value;

/// What came of one claim over all files.
#[derive(Clone, Debug, Default)]
struct Row {
    passed: u32,
    failed: u32,
    /// Why it was not asked, and how often.
    not_run: BTreeMap<String, u32>,
    told: u32,
    /// The greatest figure that was held against a limit, what was said of it, and of which file.
    nearest: Option<(f64, String)>,
}

/// What came of one claim over the files of one format.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    passed: u32,
    failed: u32,
    not_run: u32,
    told: u32,
}

impl Cell {
    /// Whether anything was decided.
    const fn is_asked(self) -> bool {
        self.passed + self.failed + self.not_run > 0
    }

    /// "12", and behind it what failed and what was not run: "9, 1 FAIL, 2 not run".
    fn text(self) -> String {
        let Self { passed, failed, not_run, told } = self;
        let parts = [(passed, ""), (failed, " FAIL"), (not_run, " not run"), (told, " told")];
        let said = parts.iter().filter(|(count, _)| *count > 0);
        said.map(|(count, word)| format!("{count}{word}")).collect::<Vec<_>>().join(", ")
    }
}

/// Everything that was said.
#[derive(Debug, Default)]
pub(super) struct Report {
    files: u32,
    /// In the order in which they were first made.
    names: Vec<String>,
    rows: BTreeMap<String, Row>,
    /// In the order in which they were first looked at.
    formats: Vec<String>,
    /// By format and claim.
    cells: BTreeMap<(String, String), Cell>,
    failures: Vec<String>,
}

impl Report {
    /// Takes in the array that `quicksync check --json` printed of `file`, which is of `format`.
    pub(super) fn add(&mut self, format: &str, file: &str, printed: &str) -> Result<()> {
        if !self.formats.iter().any(|known| known == format) {
            self.formats.push(format.into());
        }
        let reports: Vec<Value> =
            serde_json::from_str(printed).with_context(|| format!("not reports: {printed}"))?;
        for claim in reports.iter().flat_map(|report| report["claims"].as_array()).flatten() {
            self.claim(format, file, claim).with_context(|| format!("not a claim: {claim}"))?;
        }
        self.files += u32::try_from(reports.len())?;
        Ok(())
    }

    fn claim(&mut self, format: &str, file: &str, claim: &Value) -> Option<()> {
        let (name, detail) = (claim["name"].as_str()?, claim["detail"].as_str()?);
        if !self.rows.contains_key(name) {
            self.names.push(name.into());
        }
        let row = self.rows.entry(name.into()).or_default();
        let cell = self.cells.entry((format.into(), name.into())).or_default();
        match claim["verdict"].as_str()? {
            "pass" => {
                row.passed += 1;
                cell.passed += 1;
            }
            "info" => {
                row.told += 1;
                cell.told += 1;
            }
            "not_run" => {
                *row.not_run.entry(detail.into()).or_default() += 1;
                cell.not_run += 1;
            }
            _ => {
                row.failed += 1;
                cell.failed += 1;
                self.failures.push(format!("{file}: {name}: {detail}"));
            }
        }
        if let Some(value) = claim["value"].as_f64()
            && row.nearest.as_ref().is_none_or(|(nearest, _)| value > *nearest)
        {
            row.nearest = Some((value, format!("{detail} ({file})")));
        }
        Some(())
    }

    /// How many claims did not hold.
    pub(super) const fn failed(&self) -> usize {
        self.failures.len()
    }

    /// What came of each claim, the table of formats and claims, and what did not hold.
    pub(super) fn lines(&self) -> Vec<String> {
        let failures = self.failures.iter().map(|failure| format!("  FAIL {failure}"));
        [self.claims(), self.table(), failures.collect()].concat()
    }

    /// A line for each format and a column for each claim that anything came of, in Markdown.
    fn table(&self) -> Vec<String> {
        let columns: Vec<&String> =
            self.names.iter().filter(|name| self.cells_of(name).any(Cell::is_asked)).collect();
        let row = |first: &str, rest: Vec<String>| format!("| {first} | {} |", rest.join(" | "));
        let head = row("format", columns.iter().map(|name| (*name).clone()).collect());
        let rule = row("---", columns.iter().map(|_| "---".into()).collect());
        let body = self.formats.iter().map(|format| {
            let cell = |name: &&String| self.cell(format, name).text();
            row(format, columns.iter().map(cell).collect())
        });
        [head, rule].into_iter().chain(body).collect()
    }

    fn cells_of(&self, name: &str) -> impl Iterator<Item = Cell> {
        self.formats.iter().map(move |format| self.cell(format, name))
    }

    fn cell(&self, format: &str, name: &str) -> Cell {
        self.cells.get(&(format.into(), name.into())).copied().unwrap_or_default()
    }

    fn claims(&self) -> Vec<String> {
        let mut lines = vec![format!("{} files", self.files)];
        for name in &self.names {
            let Some(row) = self.rows.get(name) else { continue };
            let not_run: u32 = row.not_run.values().sum();
            lines.push(format!(
                "  {name:18} {:5} pass {:3} FAIL {not_run:4} not run {:4} told",
                row.passed, row.failed, row.told
            ));
            lines.extend(row.nearest.iter().map(|(_, said)| format!("      nearest: {said}")));
            let whys = row.not_run.iter();
            lines.extend(whys.map(|(why, count)| format!("      not run, {count}: {why}")));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_of_many_files_become_one_table() {
        let mut report = Report::default();
        let said = |value: &str, verdict: &str| {
            format!(
                r#"[{{"file": "f", "claims": [
                    {{"name": "length", "verdict": "info", "detail": "7"}},
                    {{"name": "switches", "verdict": "{verdict}", "detail": "{value} dB", "value": {value}}},
                    {{"name": "aac", "verdict": "not_run", "detail": "not made"}}
                ]}}]"#
            )
        };
        report.add("WAV", "a.wav", &said("-2.5", "pass")).unwrap_or_default();
        assert_eq!(report.failed(), 0);
        report.add("WAV", "b.wav", &said("1.5", "fail")).unwrap_or_default();
        report.add("RF64", "c.wav", &said("0.5", "pass")).unwrap_or_default();
        assert_eq!(report.failed(), 1);
        let lines = report.lines();
        assert_eq!(lines[0], "3 files");
        for wanted in [
            "nearest: 1.5 dB (b.wav)",
            "2 pass   1 FAIL",
            "not run, 3: not made",
            "FAIL b.wav: switches: 1.5 dB",
            "| format | switches | aac |",
            "| WAV | 1, 1 FAIL | 2 not run |",
            "| RF64 | 1 | 1 not run |",
        ] {
            assert!(lines.iter().any(|line| line.contains(wanted)), "{wanted}: {lines:#?}");
        }
        assert!(report.add("WAV", "d.wav", "no table").is_err());
    }
}
