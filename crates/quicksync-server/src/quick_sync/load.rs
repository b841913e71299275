//! How busy this host is for the purposes of quality: the kernel's counters, its pressure stall
//! information, and the encoders' queue.
//!
//! Decides: what each kind of load counts for on the documented scale (CPU and memory percent), which
//! of them is the worst, and for how long it counts. Never: what follows for a quality; the core does
//! that.

use std::fmt;

use quicksync_abr::HostLoad;
use quicksync_model::Timestamp;
use quicksync_sense::HostReading;

use crate::ServerState;
use crate::segment_source::Pressure;

/// Where a load begins to be high, and where it is clearly not any more: between the two it stays
/// what it was.
#[derive(Clone, Copy, Debug)]
struct Threshold {
    high: f64,
    calm: f64,
}

/// Documented; calm is lower by what one busy encoder is of eight processors, so that one more or one
/// less changes nothing.
const CPU: Threshold = Threshold { high: 80.0, calm: 68.0 };
/// Documented; memory in use moves little, so a narrow band is enough.
const MEMORY: Threshold = Threshold { high: 85.0, calm: 82.0 };
/// Share of time in which some task waited for a processor, percent.
const CPU_STALL: Threshold = Threshold { high: 75.0, calm: 55.0 };
/// Share of time in which some task waited for memory, percent.
const MEMORY_STALL: Threshold = Threshold { high: 10.0, calm: 5.0 };
/// Segments waiting for each encoder: ten are a third of a second of encoding.
const QUEUE: Threshold = Threshold { high: 10.0, calm: 3.0 };
/// A load is over once everything was calm for so long: three samples of the host. Each change of
/// quality is one more that listeners hear, so it is better late than twice.
const CALM_US: u64 = 15 * 1_000_000;
/// What a load that is not over yet counts for, as a multiple of what is high.
const HELD: f64 = 1.01;

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

    const fn threshold(self) -> Threshold {
        match self {
            Self::Cpu => CPU,
            Self::Memory => MEMORY,
            Self::CpuPressure => CPU_STALL,
            Self::MemoryPressure => MEMORY_STALL,
            Self::EncodeQueue => QUEUE,
        }
    }

    /// Which of the two documented figures it is told as.
    const fn is_memory(self) -> bool {
        matches!(self, Self::Memory | Self::MemoryPressure)
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

/// The load at this time, which is now.
pub(crate) fn of(state: &ServerState, now: Timestamp) -> Load {
    state.sensing().load(state.segments().pressure(), now)
}

impl Load {
    /// What this reading and this queue make of the load there was.
    pub(super) fn now(
        reading: HostReading,
        queue: Pressure,
        held: &mut Held,
        now: Timestamp,
    ) -> Self {
        let figures = figures(&reading, queue);
        let cause = held.heed(&figures, now);
        let percent = |is_memory: bool, high: f64| {
            let figures = figures.iter().filter(|figure| figure.cause.is_memory() == is_memory);
            let worst = figures.map(Figure::multiple).fold(0.0, f64::max);
            let is_held = cause.is_some_and(|cause| cause.is_memory() == is_memory);
            let multiple = if is_held { worst.max(HELD) } else { worst };
            (multiple * high).clamp(0.0, 100.0)
        };
        let effective = HostLoad {
            cpu_percent: percent(false, CPU.high),
            memory_percent: percent(true, MEMORY.high),
        };
        Self { reading, queue, effective, cause }
    }
}

/// One kind of load as it is now.
#[derive(Clone, Copy, Debug)]
struct Figure {
    cause: Cause,
    value: f64,
}

impl Figure {
    /// As a multiple of what counts as high.
    fn multiple(&self) -> f64 {
        self.value / self.cause.threshold().high
    }

    fn is_calm(&self) -> bool {
        self.value < self.cause.threshold().calm
    }
}

fn figures(reading: &HostReading, queue: Pressure) -> [Figure; 5] {
    let stalls = reading.stalls.unwrap_or_default();
    let depth = f64::from(queue.waiting) / f64::from(queue.workers.max(1));
    [
        (Cause::Cpu, reading.load.cpu_percent),
        (Cause::CpuPressure, stalls.cpu_percent),
        (Cause::EncodeQueue, depth),
        (Cause::Memory, reading.load.memory_percent),
        (Cause::MemoryPressure, stalls.memory_percent),
    ]
    .map(|(cause, value)| Figure { cause, value })
}

/// Which load is high, until it clearly is not any more.
#[derive(Debug, Default)]
pub(super) struct Held {
    cause: Option<Cause>,
    calm_since: Option<Timestamp>,
}

impl Held {
    fn heed(&mut self, figures: &[Figure], now: Timestamp) -> Option<Cause> {
        let worst = figures.iter().max_by(|a, b| a.multiple().total_cmp(&b.multiple()));
        let high = worst.filter(|figure| figure.multiple() > 1.0).map(|figure| figure.cause);
        let is_calm = figures.iter().all(Figure::is_calm);
        // A clock that was set back begins anew.
        let since = self.calm_since.filter(|since| *since <= now).unwrap_or(now);
        self.calm_since = is_calm.then_some(since);
        let is_over = is_calm && now.micros_since(since) >= CALM_US;
        self.cause = high.or_else(|| self.cause.filter(|_| !is_over));
        self.cause
    }
}

#[cfg(test)]
mod tests {
    use quicksync_sense::Stalls;

    use super::*;

    const IDLE: Pressure = Pressure { waiting: 0, running: 2, workers: 2 };

    fn reading(cpu: f64, memory: f64, stalls: Option<(f64, f64)>) -> HostReading {
        let stalls =
            stalls.map(|(cpu_percent, memory_percent)| Stalls { cpu_percent, memory_percent });
        let load = HostLoad { cpu_percent: cpu, memory_percent: memory };
        HostReading { load, stalls, ..HostReading::default() }
    }

    fn load(cpu: f64, memory: f64, stalls: Option<(f64, f64)>, waiting: u32) -> Load {
        let queue = Pressure { waiting, ..IDLE };
        let reading = reading(cpu, memory, stalls);
        Load::now(reading, queue, &mut Held::default(), Timestamp::default())
    }

    fn is_high(load: &Load) -> bool {
        load.effective.cpu_percent > 80.0 || load.effective.memory_percent > 85.0
    }

    #[test]
    fn the_worst_load_is_named_and_counts() {
        for (load, cause) in [
            (load(25.0, 60.0, None, 0), None),
            (load(80.0, 85.0, None, 0), None),
            (load(81.0, 60.0, None, 0), Some(Cause::Cpu)),
            (load(81.0, 90.0, None, 0), Some(Cause::Memory)),
            (load(25.0, 60.0, Some((76.0, 0.0)), 0), Some(Cause::CpuPressure)),
            (load(25.0, 60.0, Some((0.0, 11.0)), 0), Some(Cause::MemoryPressure)),
            (load(25.0, 60.0, Some((74.0, 9.0)), 20), None),
            (load(25.0, 60.0, None, 21), Some(Cause::EncodeQueue)),
            (load(85.0, 60.0, Some((10.0, 0.0)), 200), Some(Cause::EncodeQueue)),
        ] {
            assert_eq!(load.cause, cause, "{load:?}");
            assert_eq!(is_high(&load), cause.is_some(), "{load:?}");
        }
    }

    #[test]
    fn without_anything_else_it_is_what_the_kernel_counts() {
        let load = load(25.0, 60.0, None, 0);
        assert!((load.effective.cpu_percent - 25.0).abs() < 1e-9);
        assert!((load.effective.memory_percent - 60.0).abs() < 1e-9);
    }

    /// After so many seconds the host reads like this; what the load counts as.
    type Step = (i64, f64, f64, u32, Option<Cause>);

    fn play(steps: &[Step]) {
        let mut held = Held::default();
        for (at_s, cpu, memory, waiting, expected) in steps.iter().copied() {
            let queue = Pressure { waiting, ..IDLE };
            let at = Timestamp::from_micros(at_s * 1_000_000);
            let load = Load::now(reading(cpu, memory, None), queue, &mut held, at);
            assert_eq!(load.cause, expected, "at {at_s} s of {steps:?}");
            assert_eq!(is_high(&load), expected.is_some(), "at {at_s} s of {steps:?}");
        }
    }

    #[test]
    fn a_load_is_over_once_it_was_clearly_lower_for_some_time() {
        let (cpu, memory, queue) =
            (Some(Cause::Cpu), Some(Cause::Memory), Some(Cause::EncodeQueue));
        // Around the bound nothing flaps.
        play(&[(0, 79.0, 40.0, 0, None), (5, 81.0, 40.0, 0, cpu), (10, 79.0, 40.0, 0, cpu)]);
        play(&[(0, 90.0, 40.0, 0, cpu), (60, 70.0, 40.0, 0, cpu), (600, 70.0, 40.0, 0, cpu)]);
        // Calm for 15 s, all in one stretch.
        play(&[
            (0, 95.0, 40.0, 0, cpu),
            (5, 20.0, 40.0, 0, cpu),
            (10, 75.0, 40.0, 0, cpu),
            (15, 20.0, 40.0, 0, cpu),
            (29, 20.0, 40.0, 0, cpu),
            (30, 20.0, 40.0, 0, None),
            (35, 79.0, 40.0, 0, None),
        ]);
        // What is high last has the name; every kind has to be calm.
        play(&[
            (0, 95.0, 40.0, 0, cpu),
            (5, 50.0, 40.0, 30, queue),
            (10, 50.0, 84.0, 0, queue),
            (40, 50.0, 84.0, 0, queue),
            (45, 50.0, 86.0, 0, memory),
            (50, 50.0, 81.0, 0, memory),
            (65, 50.0, 81.0, 0, None),
        ]);
    }

    #[test]
    fn a_clock_that_is_set_does_not_hold_a_load_for_hours() {
        let cpu = Some(Cause::Cpu);
        play(&[
            (90_000, 95.0, 40.0, 0, cpu),
            (90_005, 20.0, 40.0, 0, cpu),
            (10, 20.0, 40.0, 0, cpu),
            (25, 20.0, 40.0, 0, None),
        ]);
    }
}
