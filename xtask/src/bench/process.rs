//! What a process and its children have used: processor time and memory, from proc(5).

use std::fs;

use anyhow::{Context as _, Result};

/// Processor time and memory at one instant.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Usage {
    /// Milliseconds of processor time since the beginning, ended children included.
    pub(crate) cpu_ms: f64,
    /// Megabytes of memory that are its own or shared.
    pub(crate) resident_mb: f64,
}

/// Kernels count process times in hundredths of a second (`USER_HZ`).
const TICK_MS: f64 = 10.0;
const PAGE_MB: f64 = 4096.0 / 1e6;

/// What the process `id` and everything under it have used.
pub(crate) fn usage(id: u32) -> Result<Usage> {
    let text = fs::read_to_string(format!("/proc/{id}/stat"));
    let text = text.with_context(|| format!("process {id} is gone"))?;
    let mut sum =
        parse(&text).with_context(|| format!("process {id} has another /proc/ID/stat"))?;
    for child in children(id) {
        // A child may end meanwhile: its parent then has its time.
        if let Ok(of_child) = usage(child) {
            sum.cpu_ms += of_child.cpu_ms;
            sum.resident_mb += of_child.resident_mb;
        }
    }
    Ok(sum)
}

fn children(id: u32) -> Vec<u32> {
    let Ok(threads) = fs::read_dir(format!("/proc/{id}/task")) else { return Vec::new() };
    let lists = threads.flatten().map(|thread| fs::read_to_string(thread.path().join("children")));
    let lists: String = lists.flatten().collect();
    lists.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

/// `utime`, `stime`, `cutime`, `cstime` and `rss` of `/proc/ID/stat`.
fn parse(stat: &str) -> Option<Usage> {
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let number = |index: usize| fields.get(index)?.parse::<f64>().ok();
    let ticks = (11..15).map(number).sum::<Option<f64>>()?;
    Some(Usage { cpu_ms: ticks * TICK_MS, resident_mb: number(21)? * PAGE_MB })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_with_a_strange_name_is_read() {
        let stat = "7 (a) b (c)) S 1 7 7 0 -1 4 1 2 3 4 150 50 20 30 20 0 3 0 99 1000 2500 184";
        let found = parse(stat).unwrap_or_default();
        assert!((found.cpu_ms - 2500.0).abs() < 1e-9 && (found.resident_mb - 10.24).abs() < 1e-9);
        assert_eq!(parse("7 (a) S 1"), None);
    }

    /// How much memory it has is not asked: the kernel rounds that of small processes to nothing.
    #[test]
    fn a_child_is_found_while_it_runs() {
        let child = std::process::Command::new("sleep").arg("60").spawn();
        let mut child = child.unwrap_or_else(|_| unreachable!("sleep is everywhere"));
        assert!(children(std::process::id()).contains(&child.id()));
        assert!(usage(child.id()).is_ok());
        child.kill().and_then(|()| child.wait()).ok();
        assert!(!children(std::process::id()).contains(&child.id()));
    }
}
