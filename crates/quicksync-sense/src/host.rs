//! Samples how busy this host is, from Linux' `/proc` and the file system of the data folder.
//!
//! Knows: the kernel's counters. Never: what a load means for a quality. Where the kernel does not
//! have a figure, that figure is zero: an unknown load lowers nobody's quality.

use std::path::{Path, PathBuf};

use quicksync_abr::HostLoad;

/// One sample of the host.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct HostReading {
    /// CPU and memory, 0 to 100.
    pub load: HostLoad,
    /// Memory that programs can still get, in MiB.
    pub memory_available_mb: u64,
    /// Share of the data folder's file system in use, 0 to 100.
    pub disk_percent: f64,
    /// What waited for what, where the kernel keeps account of it.
    pub stalls: Option<Stalls>,
}

/// Pressure stall information: the share of the last ten seconds in which some task waited.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Stalls {
    /// For a processor, 0 to 100.
    pub cpu_percent: f64,
    /// For memory, 0 to 100.
    pub memory_percent: f64,
}

/// Turns successive kernel counters into readings. CPU use is that between two samples.
#[derive(Debug)]
pub struct HostSampler {
    proc: PathBuf,
    data: PathBuf,
    previous: Option<CpuTicks>,
    cpu_percent: f64,
}

impl HostSampler {
    /// A sampler that reads the kernel's counters under `proc` (`/proc`) and watches the file
    /// system that holds `data`.
    #[must_use]
    pub fn new(proc: PathBuf, data: PathBuf) -> Self {
        Self { proc, data, previous: None, cpu_percent: 0.0 }
    }

    /// Reads the counters now. The first reading has no CPU figure yet: sample again soon.
    pub fn sample(&mut self) -> HostReading {
        let ticks = self.read("stat").as_deref().and_then(parse_cpu);
        if let (Some(previous), Some(ticks)) = (self.previous, ticks) {
            // Two samples within one tick say nothing new.
            self.cpu_percent = ticks.percent_since(previous).unwrap_or(self.cpu_percent);
        }
        self.previous = ticks.or(self.previous);
        let memory = self.read("meminfo").as_deref().and_then(parse_memory).unwrap_or_default();
        HostReading {
            load: HostLoad {
                cpu_percent: self.cpu_percent,
                memory_percent: memory.percent_in_use(),
            },
            memory_available_mb: memory.available_kib / 1024,
            disk_percent: disk_percent(&self.data).unwrap_or(0.0),
            stalls: self.stalls(),
        }
    }

    fn stalls(&self) -> Option<Stalls> {
        let some = |name: &str| parse_stall(&self.read(name)?);
        let (cpu_percent, memory_percent) = (some("pressure/cpu")?, some("pressure/memory")?);
        Some(Stalls { cpu_percent, memory_percent })
    }

    fn read(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.proc.join(name)).ok()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CpuTicks {
    idle: u64,
    total: u64,
}

impl CpuTicks {
    fn percent_since(self, earlier: Self) -> Option<f64> {
        let total = self.total.checked_sub(earlier.total).filter(|total| *total > 0)?;
        // The kernel's idle counter may step back when a processor goes offline.
        let idle = self.idle.saturating_sub(earlier.idle).min(total);
        Some(percent(total - idle, total))
    }
}

/// The first line of `/proc/stat` (proc(5)): user nice system idle iowait irq softirq steal.
/// Guest time is part of user time already.
fn parse_cpu(stat: &str) -> Option<CpuTicks> {
    let line = stat.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let ticks: Vec<u64> =
        line.split_whitespace().take(8).map_while(|field| field.parse().ok()).collect();
    let [_, _, _, idle, iowait, ..] = ticks[..] else {
        return None;
    };
    Some(CpuTicks {
        idle: idle.saturating_add(iowait),
        total: ticks.iter().fold(0, |sum, ticks| sum.saturating_add(*ticks)),
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
struct Memory {
    total_kib: u64,
    available_kib: u64,
}

impl Memory {
    fn percent_in_use(self) -> f64 {
        percent(self.total_kib.saturating_sub(self.available_kib), self.total_kib)
    }
}

fn parse_memory(meminfo: &str) -> Option<Memory> {
    let field = |name: &str| {
        let line = meminfo.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim_start_matches(':').split_whitespace().next()?.parse::<u64>().ok()
    };
    Some(Memory { total_kib: field("MemTotal")?, available_kib: field("MemAvailable")? })
}

/// The ten seconds' average of the line `some avg10=1.53 avg60=...` (Documentation/accounting/psi).
fn parse_stall(pressure: &str) -> Option<f64> {
    let some = pressure.lines().find_map(|line| line.strip_prefix("some "))?;
    let average = some.split(' ').find_map(|field| field.strip_prefix("avg10="))?;
    average.parse().ok().filter(|percent| (0.0..=100.0).contains(percent))
}

fn disk_percent(path: &Path) -> Option<f64> {
    let disk = rustix::fs::statvfs(path).ok()?;
    let used = disk.f_blocks.checked_sub(disk.f_bfree)?;
    // As df(1) counts: blocks kept back for root are neither used nor available.
    Some(percent(used, used.checked_add(disk.f_bavail)?))
}

#[expect(clippy::cast_precision_loss, reason = "a percentage needs no 53 bits")]
fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { (part as f64 / whole as f64 * 1000.0).round() / 10.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_use_is_that_between_two_samples() {
        for (before, after, expected) in [
            ("cpu  100 0 100 800 0 0 0 0 50 0", "cpu  175 0 100 825 0 0 0 0 99 0", Some(75.0)),
            ("cpu  1 1 1 10 10 1 1 1", "cpu  1 1 1 30 40 1 1 1", Some(0.0)),
            ("cpu  5 5 5 5 5 5 5 5", "cpu  5 5 5 5 5 5 5 5", None),
            ("cpu  5 5 5 50 5 5 5 5", "cpu  9 5 5 49 5 5 5 5", Some(100.0)),
        ] {
            let (before, after) = (parse_cpu(before).unwrap(), parse_cpu(after).unwrap());
            assert_eq!(after.percent_since(before), expected, "{before:?} {after:?}");
        }
        for bad in ["", "cpu", "cpu  1 2 3", "cpu0 1 2 3 4 5 6 7 8", "cpu  x y z a b"] {
            assert_eq!(parse_cpu(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn memory_in_use_is_what_programs_cannot_get() {
        let meminfo = "MemTotal:       1000 kB\nMemFree:  10 kB\nMemAvailable:    250 kB\n";
        let memory = parse_memory(meminfo).unwrap();
        assert!((memory.percent_in_use() - 75.0).abs() < 1e-9);
        assert_eq!(parse_memory("MemTotal: 5 kB"), None);
    }

    #[test]
    fn stalls_are_the_last_ten_seconds() {
        let some =
            "some avg10=1.53 avg60=0.87 avg300=0.22 total=2\nfull avg10=9.00 avg60=0 total=0";
        assert_eq!(parse_stall(some), Some(1.53));
        for bad in ["", "full avg10=1.00", "some avg60=1.00", "some avg10=x", "some avg10=-1"] {
            assert_eq!(parse_stall(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_kernel_without_counters_reads_as_idle() {
        let mut sampler = HostSampler::new("/nonexistent".into(), "/nonexistent".into());
        assert_eq!(sampler.sample(), HostReading::default());
    }
}
