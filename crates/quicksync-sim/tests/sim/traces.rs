//! Traces of the tests' own making.

use quicksync_sim::{NamedTrace, NetworkTrace, Setup};

/// kbps and seconds, as `NetworkTrace::from_plan` has it.
pub fn link(plan: &str, latency_ms: u32) -> NetworkTrace {
    NetworkTrace::from_plan(plan, latency_ms).unwrap()
}

/// Four-second segments, so that times are round.
pub fn setup(segments: u32, cap_s: Option<u64>) -> Setup {
    Setup::new(4_000_000, segments, cap_s.map(|s| s * 1_000_000)).unwrap()
}

/// A number from another one, the same on every machine.
pub fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A rough link: rates of a few octaves around a mean, some outages.
pub fn rough(seed: u64, mean_kbps: u64) -> NetworkTrace {
    let row = |index: u64| {
        let draw = mix(seed * 1000 + index);
        let kbps = match draw % 10 {
            0 => 0,
            n => mean_kbps * n * n / 20,
        };
        format!("{},{kbps},{}", 400 + draw / 16 % 4000, 20 + draw / 64 % 100)
    };
    let rows: Vec<String> = (0..60).map(row).collect();
    NetworkTrace::from_csv(&rows.join("\n")).unwrap()
}

pub fn named(family: &str, name: &str, trace: NetworkTrace) -> NamedTrace {
    NamedTrace { family: family.to_owned(), name: name.to_owned(), trace }
}
