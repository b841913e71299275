//! The optimum of every trace of a campaign, and a text form to keep it: it takes minutes to find and
//! changes only with the traces, the track and the metric.
//!
//! Knows: which optimum belongs to what. Never: files.
//!
//! # Format
//! A line each: `key lower upper rungs requests resumes`; the key is a hash of trace, track and metric
//! in hexadecimal, rungs are digits, times microseconds with commas between them, a resume is
//! `segment@time`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::experiment::in_parallel;
use crate::folder::NamedTrace;
use crate::metric::Metric;
use crate::optimum::{Bounds, Holding, Plan, Resume, Scenario, capped, unlimited};
use crate::setup::{CAP_US, RUNGS, Setup};

/// An optimum, by what it may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// With 30 s of buffer; the sound starts and goes on with the first segment there is, as most
    /// players' does.
    Prompt,
    /// With 30 s of buffer; may hold before it starts and after a stall as long as it likes.
    Free,
    /// With any buffer, and replacing what is held.
    Unlimited,
}

impl Reference {
    /// Every optimum there is.
    pub const ALL: [Self; 3] = [Self::Prompt, Self::Free, Self::Unlimited];

    /// The stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prompt => "prompt",
            Self::Free => "free",
            Self::Unlimited => "unlimited",
        }
    }

    /// The reference of a word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reference| reference.as_str() == word)
    }

    /// Its buffer, whatever the players have.
    #[must_use]
    pub fn cap_us(self, setup: &Setup) -> Option<u64> {
        let capped = !matches!(self, Self::Unlimited);
        capped.then(|| CAP_US.max(setup.segment_us()))
    }

    fn find(self, setup: &Setup, metric: &Metric, named: &NamedTrace) -> Option<Bounds> {
        let holding = if self == Self::Prompt { Holding::None } else { Holding::Free };
        let scenario = Scenario { holding, ..Scenario::of(setup, metric) };
        match self.cap_us(setup) {
            Some(cap_us) => capped(&named.trace, &scenario, cap_us),
            None => unlimited(&named.trace, &scenario),
        }
    }
}

/// Optima by what they belong to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Optima {
    known: BTreeMap<u64, Bounds>,
}

impl Optima {
    /// Those of a text. A line that cannot be read counts as not there.
    #[must_use]
    pub fn read(text: &str) -> Self {
        Self { known: text.lines().filter_map(read_line).collect() }
    }

    /// All of them as text.
    #[must_use]
    pub fn write(&self) -> String {
        self.known.iter().fold(String::new(), |mut text, (key, bounds)| {
            write_line(&mut text, *key, bounds);
            text
        })
    }

    /// Finds those that are not known yet, on `threads` threads; how many that were.
    pub fn find(
        &mut self,
        setup: &Setup,
        metric: &Metric,
        reference: Reference,
        traces: &[NamedTrace],
        threads: usize,
    ) -> usize {
        let missing: Vec<(u64, &NamedTrace)> = traces
            .iter()
            .map(|named| (key(setup, metric, reference, named), named))
            .filter(|(key, _)| !self.known.contains_key(key))
            .collect();
        let found = in_parallel(&missing, threads, |(key, named)| {
            Some((*key, reference.find(setup, metric, named)?))
        });
        let before = self.known.len();
        self.known.extend(found.into_iter().flatten());
        self.known.len() - before
    }

    /// The optimum of a trace, if it is known.
    #[must_use]
    pub fn of(
        &self,
        setup: &Setup,
        metric: &Metric,
        reference: Reference,
        named: &NamedTrace,
    ) -> Option<&Bounds> {
        self.known.get(&key(setup, metric, reference, named))
    }
}

/// FNV-1a over everything that the optimum depends on.
fn key(setup: &Setup, metric: &Metric, reference: Reference, named: &NamedTrace) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |number: u64| {
        for byte in number.to_le_bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    add(setup.segment_us());
    add(u64::from(setup.segments()));
    metric.utility.iter().for_each(|utility| add(utility.to_bits()));
    let prices = [metric.switch, metric.stall_s, metric.stall_event, metric.startup_s];
    prices.iter().for_each(|price| add(price.to_bits()));
    match reference {
        Reference::Free => {}
        Reference::Prompt => add(1),
        Reference::Unlimited => add(2),
    }
    if setup.rungs() < RUNGS {
        add(u64::try_from(setup.rungs()).unwrap_or(u64::MAX));
    }
    for (duration_us, rate_bps, latency_us) in named.trace.rows() {
        [duration_us, rate_bps, latency_us].into_iter().for_each(&mut add);
    }
    hash
}

fn write_line(text: &mut String, key: u64, bounds: &Bounds) {
    let plan = &bounds.plan;
    let rungs: String = plan.rungs.iter().map(ToString::to_string).collect();
    let requests: Vec<String> = plan.requests_us.iter().map(ToString::to_string).collect();
    let resume = |resume: &Resume| format!("{}@{}", resume.segment, resume.at_us);
    let resumes: Vec<String> = plan.resumes.iter().map(resume).collect();
    let _infallible = writeln!(
        text,
        "{key:016x} {:?} {:?} {rungs} {} {}",
        bounds.lower,
        bounds.upper,
        requests.join(","),
        resumes.join(",")
    );
}

fn read_line(line: &str) -> Option<(u64, Bounds)> {
    let fields: Vec<&str> = line.split(' ').collect();
    let [key, lower, upper, rungs, requests, resumes] = fields[..] else { return None };
    let rung = |digit: char| usize::try_from(digit.to_digit(10)?).ok();
    let resume = |resume: &str| {
        let (segment, at_us) = resume.split_once('@')?;
        Some(Resume { segment: segment.parse().ok()?, at_us: at_us.parse().ok()? })
    };
    let plan = Plan {
        rungs: rungs.chars().map(rung).collect::<Option<_>>()?,
        requests_us: requests.split(',').map(|at| at.parse().ok()).collect::<Option<_>>()?,
        resumes: resumes.split(',').map(resume).collect::<Option<_>>()?,
    };
    let (lower, upper) = (lower.parse().ok()?, upper.parse().ok()?);
    Some((u64::from_str_radix(key, 16).ok()?, Bounds { lower, upper, plan }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn optima_are_read_as_written() {
        let plan = Plan {
            rungs: vec![0, 3],
            requests_us: vec![0, 4_000],
            resumes: vec![Resume { segment: 0, at_us: 900 }],
        };
        let bounds = Bounds { lower: 0.1 + 0.2, upper: 0.31, plan };
        let optima = Optima { known: [(7, bounds)].into() };
        assert_eq!(Optima::read(&optima.write()), optima);
        assert_eq!(Optima::read("nonsense\n\n1 2 3 4 5 6"), Optima::default());
    }
}
