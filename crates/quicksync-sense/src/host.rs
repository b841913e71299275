//! Samples how busy this host is, from Linux' `/proc` and the file system of the data folder.
//!
//! Knows: the kernel's counters, and which of it is our own work in the background. Never: what a
//! load means for a quality. Where the kernel does not have a figure, that figure is zero: an unknown
//! load lowers nobody's quality.

mod background;
#[cfg(test)]
mod testing;

use std::path::{Path, PathBuf};

use quicksync_abr::HostLoad;

use background::{Background, Taken};

/// One sample of the host.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct HostReading {
    /// CPU and memory, 0 to 100; the first without our own background work, which gives way.
    pub load: HostLoad,
    /// Share of the processors that our own background work took, 0 to 100.
    pub background_cpu_percent: f64,
    /// Memory that programs can still get, in MiB.
    pub memory_available_mb: u64,
    /// Share of the data folder's file system in use, 0 to 100.
    pub disk_percent: f64,
    /// What waited for what, where the kernel keeps account of it.
    pub stalls: Option<Stalls>,
}

/// Pressure stall information: the share of time in which some task waited.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Stalls {
    /// For a processor, since the sample before, 0 to 100; less what our own background work waited.
    pub cpu_percent: f64,
    /// For memory, of the last ten seconds, 0 to 100.
    pub memory_percent: f64,
}

/// Turns successive kernel counters into readings. CPU use and waiting are those between two samples.
#[derive(Debug)]
pub struct HostSampler {
    proc: PathBuf,
    data: PathBuf,
    background: Background,
    ticks: Option<CpuTicks>,
    stalled: Option<Stalled>,
    shares: CpuShares,
    cpu_stall_percent: f64,
}

impl HostSampler {
    /// A sampler that reads the kernel's counters under `proc` (`/proc`) and watches the file
    /// system that holds `data`.
    #[must_use]
    pub fn new(proc: PathBuf, data: PathBuf) -> Self {
        Self {
            proc,
            data,
            background: Background::default(),
            ticks: None,
            stalled: None,
            shares: CpuShares::default(),
            cpu_stall_percent: 0.0,
        }
    }

    /// Reads the counters now. The first reading has no figure of the processors yet: sample again
    /// soon.
    pub fn sample(&mut self) -> HostReading {
        let taken = self.background.since_last(&self.proc);
        let ticks = self.read("stat").as_deref().and_then(parse_cpu);
        if let (Some(previous), Some(ticks)) = (self.ticks, ticks) {
            // Two samples within one tick say nothing new.
            self.shares = ticks.shares_since(previous, taken).unwrap_or(self.shares);
        }
        self.ticks = ticks.or(self.ticks);
        let memory = self.read("meminfo").as_deref().and_then(parse_memory).unwrap_or_default();
        HostReading {
            load: HostLoad {
                cpu_percent: self.shares.others,
                memory_percent: memory.percent_in_use(),
            },
            background_cpu_percent: self.shares.background,
            memory_available_mb: memory.available_kib / 1024,
            disk_percent: disk_percent(&self.data).unwrap_or(0.0),
            stalls: self.stalls(taken),
        }
    }

    fn stalls(&mut self, taken: Taken) -> Option<Stalls> {
        let now = Stalled {
            total_us: parse_stall(&self.read("pressure/cpu")?)?.total_us,
            uptime_us: parse_uptime(&self.read("uptime")?)?,
        };
        if let Some(previous) = self.stalled.replace(now) {
            let share = now.percent_since(previous, taken);
            self.cpu_stall_percent = share.unwrap_or(self.cpu_stall_percent);
        }
        let memory_percent = parse_stall(&self.read("pressure/memory")?)?.average;
        Some(Stalls { cpu_percent: self.cpu_stall_percent, memory_percent })
    }

    fn read(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.proc.join(name)).ok()
    }
}

/// Who had the processors, percent of them all.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
struct CpuShares {
    others: f64,
    background: f64,
}

/// For how long some task waited for a processor, and since when that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stalled {
    total_us: u64,
    uptime_us: u64,
}

impl Stalled {
    /// The share of the time between in which a task of others waited, at least: while one of ours
    /// does, the kernel does not tell whether others do too. Where they do, the processors are taken
    /// by others, which is load enough.
    fn percent_since(self, earlier: Self, taken: Taken) -> Option<f64> {
        let lasted = self.uptime_us.checked_sub(earlier.uptime_us).filter(|us| *us > 0)?;
        let some = self.total_us.checked_sub(earlier.total_us)?;
        Some(percent(some.saturating_sub(taken.waited_us).min(lasted), lasted))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CpuTicks {
    idle: u64,
    total: u64,
}

impl CpuTicks {
    fn shares_since(self, earlier: Self, taken: Taken) -> Option<CpuShares> {
        let total = self.total.checked_sub(earlier.total).filter(|total| *total > 0)?;
        // The kernel's idle counter may step back when a processor goes offline.
        let idle = self.idle.saturating_sub(earlier.idle).min(total);
        let busy = total - idle;
        let background = taken.ticks.min(busy);
        Some(CpuShares {
            others: percent(busy - background, total),
            background: percent(background, total),
        })
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

/// One file of pressure stall information.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stall {
    /// Of the last ten seconds, percent.
    average: f64,
    total_us: u64,
}

/// The line `some avg10=1.53 avg60=... total=...` (Documentation/accounting/psi).
fn parse_stall(pressure: &str) -> Option<Stall> {
    let some = pressure.lines().find_map(|line| line.strip_prefix("some "))?;
    let field = |name: &str| some.split(' ').find_map(|field| field.strip_prefix(name));
    let average = field("avg10=")?.parse().ok().filter(|share| (0.0..=100.0).contains(share))?;
    Some(Stall { average, total_us: field("total=")?.parse().ok()? })
}

/// Seconds since the start with two decimals (proc(5)), as microseconds.
fn parse_uptime(uptime: &str) -> Option<u64> {
    let (seconds, hundredths) = uptime.split_whitespace().next()?.split_once('.')?;
    let hundredths = (hundredths.len() == 2).then(|| hundredths.parse::<u64>().ok())??;
    seconds.parse::<u64>().ok()?.checked_mul(1_000_000)?.checked_add(hundredths * 10_000)
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
    use super::testing::Proc;
    use super::*;

    #[test]
    fn cpu_use_is_that_between_two_samples_but_for_our_own_background() {
        let shares = |others, background| Some(CpuShares { others, background });
        for (before, after, taken, expected) in [
            (
                "cpu  100 0 100 800 0 0 0 0 50 0",
                "cpu  175 0 100 825 0 0 0 0 99 0",
                0,
                shares(75.0, 0.0),
            ),
            (
                "cpu  100 0 100 800 0 0 0 0 50 0",
                "cpu  175 0 100 825 0 0 0 0 99 0",
                50,
                shares(25.0, 50.0),
            ),
            // Ticks of different counters may be one apart.
            ("cpu  5 5 5 5 5 5 5 5", "cpu  9 5 5 11 5 5 5 5", 7, shares(0.0, 40.0)),
            ("cpu  1 1 1 10 10 1 1 1", "cpu  1 1 1 30 40 1 1 1", 0, shares(0.0, 0.0)),
            ("cpu  5 5 5 5 5 5 5 5", "cpu  5 5 5 5 5 5 5 5", 0, None),
            ("cpu  5 5 5 50 5 5 5 5", "cpu  9 5 5 49 5 5 5 5", 0, shares(100.0, 0.0)),
        ] {
            let (before, after) = (parse_cpu(before).unwrap(), parse_cpu(after).unwrap());
            let taken = Taken { ticks: taken, waited_us: 0 };
            assert_eq!(after.shares_since(before, taken), expected, "{before:?} {after:?}");
        }
        for bad in ["", "cpu", "cpu  1 2 3", "cpu0 1 2 3 4 5 6 7 8", "cpu  x y z a b"] {
            assert_eq!(parse_cpu(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn waiting_is_that_between_two_samples_but_for_our_own_background() {
        let stalled = |total_us, uptime_us| Stalled { total_us, uptime_us };
        for (before, after, waited_us, expected) in [
            (stalled(100, 0), stalled(600, 1_000), 0, Some(50.0)),
            (stalled(100, 0), stalled(600, 1_000), 400, Some(10.0)),
            (stalled(100, 0), stalled(600, 1_000), 700, Some(0.0)),
            (stalled(0, 0), stalled(5_000, 1_000), 0, Some(100.0)),
            (stalled(0, 7), stalled(5_000, 7), 0, None),
            (stalled(9, 7), stalled(5, 8), 0, None),
        ] {
            let taken = Taken { ticks: 0, waited_us };
            assert_eq!(after.percent_since(before, taken), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn a_scan_of_our_own_is_no_load_and_anothers_is() {
        let proc = Proc::new();
        let pressure = |total: u64| format!("some avg10=9.00 avg60=0.00 avg300=0.00 total={total}");
        let host = |busy: u64, idle: u64, stalled_us: u64, uptime: &str| {
            proc.put("stat", &format!("cpu  {busy} 0 0 {idle} 0 0 0 0 0 0\n"))
                .put("meminfo", "MemTotal: 4096 kB\nMemAvailable: 1024 kB\n")
                .put("pressure/cpu", &pressure(stalled_us))
                .put("pressure/memory", &pressure(0))
                .put("uptime", uptime);
        };
        let mut sampler = HostSampler::new(proc.path().into(), "/nonexistent".into());
        proc.process(50, 1, 0).thread(50, (0, 0), 0).child(71, (0, 0), 19);
        host(0, 0, 0, "100.00 0.00");
        sampler.sample();
        // Two processors for five seconds: the scan has one of them, others a tenth of the other,
        // for which the scan waits.
        host(550, 450, 500_000, "105.00 0.00");
        proc.child(71, (500, 500_000), 19);
        let reading = sampler.sample();
        let figures = (reading.load.cpu_percent, reading.background_cpu_percent, reading.stalls);
        let stalls = |cpu_percent| Some(Stalls { cpu_percent, memory_percent: 9.0 });
        assert_eq!(figures, (5.0, 50.0, stalls(0.0)));
        // Then others take both, and the scan gets next to nothing.
        host(1_550, 450, 5_500_000, "110.00 0.00");
        proc.child(71, (510, 5_300_000), 19);
        let reading = sampler.sample();
        let figures = (reading.load.cpu_percent, reading.background_cpu_percent, reading.stalls);
        assert_eq!(figures, (99.0, 1.0, stalls(4.0)));
        assert!((reading.load.memory_percent - 75.0).abs() < 1e-9);
    }

    #[test]
    fn memory_in_use_is_what_programs_cannot_get() {
        let meminfo = "MemTotal:       1000 kB\nMemFree:  10 kB\nMemAvailable:    250 kB\n";
        let memory = parse_memory(meminfo).unwrap();
        assert!((memory.percent_in_use() - 75.0).abs() < 1e-9);
        assert_eq!(parse_memory("MemTotal: 5 kB"), None);
    }

    #[test]
    fn stalls_are_what_some_task_waited() {
        let some =
            "some avg10=1.53 avg60=0.87 avg300=0.22 total=2\nfull avg10=9.00 avg60=0 total=0";
        assert_eq!(parse_stall(some), Some(Stall { average: 1.53, total_us: 2 }));
        for bad in [
            "",
            "full avg10=1.00 total=1",
            "some avg60=1.00 total=1",
            "some avg10=x total=1",
            "some avg10=-1 total=1",
            "some avg10=1.00",
            "some avg10=1.00 total=-1",
        ] {
            assert_eq!(parse_stall(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn uptime_is_read_to_the_hundredth() {
        assert_eq!(parse_uptime("24150.62 7223.46\n"), Some(24_150_620_000));
        assert_eq!(parse_uptime("0.07 0.00"), Some(70_000));
        for bad in ["", "x.10", "5", "5.1", "5.xx", "99999999999999999999.00"] {
            assert_eq!(parse_uptime(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_kernel_without_counters_reads_as_idle() {
        let mut sampler = HostSampler::new("/nonexistent".into(), "/nonexistent".into());
        assert_eq!(sampler.sample(), HostReading::default());
    }
}
