//! How busy this host is for the purposes of quality: the kernel's counters, its pressure stall
//! information, and the encoders' queue.
//!
//! Decides: what each kind of load counts for on the documented scale (CPU and memory percent), and
//! which of them is the worst. Never: what follows for a quality; the core does that.

use std::fmt;

use quicksync_abr::HostLoad;
use quicksync_sense::HostReading;

use crate::ServerState;
use crate::segment_source::Pressure;

/// The documented bounds of high load.
const HIGH_CPU: f64 = 80.0;
const HIGH_MEMORY: f64 = 85.0;
/// Share of time in which some task waited for a processor that counts as high load, percent.
const HIGH_CPU_STALL: f64 = 75.0;
/// Share of time in which some task waited for memory that counts as high load, percent.
const HIGH_MEMORY_STALL: f64 = 10.0;
/// Segments waiting for each encoder that count as high load: a third of a second of encoding.
const HIGH_QUEUE: f64 = 10.0;

/// Which load is the worst, once one is high.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    Cpu,
    Memory,
    CpuPressure,
    MemoryPressure,
    EncodeQueue,
}

impl Cause {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::CpuPressure => "cpu_pressure",
            Self::MemoryPressure => "memory_pressure",
            Self::EncodeQueue => "encode_queue",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cpu => "its processors",
            Self::Memory => "its memory",
            Self::CpuPressure => "tasks wait for its processors",
            Self::MemoryPressure => "tasks wait for its memory",
            Self::EncodeQueue => "segments wait to be encoded",
        })
    }
}

/// How busy the host is, all things considered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    /// As the kernel counts.
    pub(crate) reading: HostReading,
    /// The encoders' queue.
    pub(crate) queue: Pressure,
    /// On the documented scale, everything counted in.
    pub(crate) effective: HostLoad,
    /// The worst of it, if it is high.
    pub(crate) cause: Option<Cause>,
}

/// The load now.
pub(crate) fn of(state: &ServerState) -> Load {
    Load::new(state.sensing().host(), state.segments().pressure())
}

impl Load {
    pub(crate) fn new(reading: HostReading, queue: Pressure) -> Self {
        let workers = f64::from(queue.workers.max(1));
        let depth = f64::from(queue.waiting) / workers / HIGH_QUEUE;
        let stalls = reading.stalls.unwrap_or_default();
        // Each as a multiple of what counts as high.
        let cpu = [
            (Cause::Cpu, reading.load.cpu_percent / HIGH_CPU),
            (Cause::CpuPressure, stalls.cpu_percent / HIGH_CPU_STALL),
            (Cause::EncodeQueue, depth),
        ];
        let memory = [
            (Cause::Memory, reading.load.memory_percent / HIGH_MEMORY),
            (Cause::MemoryPressure, stalls.memory_percent / HIGH_MEMORY_STALL),
        ];
        let worst = |loads: &[(Cause, f64)]| {
            loads.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((Cause::Cpu, 0.0))
        };
        let (cpu, memory) = (worst(&cpu), worst(&memory));
        let percent = |multiple: f64, high: f64| (multiple * high).clamp(0.0, 100.0);
        let effective = HostLoad {
            cpu_percent: percent(cpu.1, HIGH_CPU),
            memory_percent: percent(memory.1, HIGH_MEMORY),
        };
        let cause = worst(&[cpu, memory]);
        Self { reading, queue, effective, cause: (cause.1 > 1.0).then_some(cause.0) }
    }
}

#[cfg(test)]
mod tests {
    use quicksync_sense::Stalls;

    use super::*;

    fn load(cpu: f64, memory: f64, stalls: Option<(f64, f64)>, waiting: u32) -> Load {
        let stalls =
            stalls.map(|(cpu_percent, memory_percent)| Stalls { cpu_percent, memory_percent });
        let load = HostLoad { cpu_percent: cpu, memory_percent: memory };
        let reading = HostReading { load, stalls, ..HostReading::default() };
        Load::new(reading, Pressure { waiting, running: 2, workers: 2 })
    }

    #[test]
    fn the_worst_load_is_named_and_counts() {
        for (load, cause, high) in [
            (load(25.0, 60.0, None, 0), None, false),
            (load(81.0, 60.0, None, 0), Some(Cause::Cpu), true),
            (load(81.0, 90.0, None, 0), Some(Cause::Memory), true),
            (load(25.0, 60.0, Some((76.0, 0.0)), 0), Some(Cause::CpuPressure), true),
            (load(25.0, 60.0, Some((0.0, 11.0)), 0), Some(Cause::MemoryPressure), true),
            (load(25.0, 60.0, Some((74.0, 9.0)), 20), None, false),
            (load(25.0, 60.0, None, 21), Some(Cause::EncodeQueue), true),
            (load(85.0, 60.0, Some((10.0, 0.0)), 200), Some(Cause::EncodeQueue), true),
        ] {
            assert_eq!(load.cause, cause, "{load:?}");
            let effective = load.effective;
            let is_high = effective.cpu_percent > 80.0 || effective.memory_percent > 85.0;
            assert_eq!(is_high, high, "{load:?}");
        }
    }

    #[test]
    fn without_anything_else_it_is_what_the_kernel_counts() {
        let load = load(25.0, 60.0, None, 0);
        assert!((load.effective.cpu_percent - 25.0).abs() < 1e-9);
        assert!((load.effective.memory_percent - 60.0).abs() < 1e-9);
    }
}
