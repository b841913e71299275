//! What remembered hours are worth to a listener: two weeks of rides are played in the simulator, the
//! last four days with what the days before let expect as the core's prior.

use quicksync_abr::playback::Prior;
use quicksync_model::{Throughput, Timestamp};
use quicksync_sense::{Estimate, HourSummary, forecast, prior};
use quicksync_sim::algorithm::{ALGORITHMS, Conditions};
use quicksync_sim::experiment::{Job, run};
use quicksync_sim::player::Listener;
use quicksync_sim::{CAP_US, Metric, NamedTrace, NetworkTrace, SEGMENT_US, SEGMENTS, Setup};

use crate::fortnight::{DAY_SPREAD, Noise, is_held_out, planned};

/// Made fortnights, none of them among those that `CAUTION` was chosen on.
const FORTNIGHTS: std::ops::Range<u64> = 1000..1020;
/// How far a second is from its ride, octaves (standard deviation); and how much of that distance the
/// next one keeps.
const SECOND_SPREAD: f64 = 0.7;
const KEPT: f64 = 0.95;
const RIDE_S: usize = 300;

struct Ride {
    hour: i64,
    trace: NamedTrace,
    seen: HourSummary,
}

impl Ride {
    fn new(noise: &mut Noise, hour: i64, mbps: f64) -> Self {
        let of_day = mbps * (DAY_SPREAD * noise.normal()).exp2();
        let mut away = noise.normal();
        let mut next = || {
            away = KEPT * away + (1.0 - KEPT * KEPT).sqrt() * noise.normal();
            of_day * (SECOND_SPREAD * away).exp2()
        };
        let rates: Vec<f64> = (0..RIDE_S).map(|_| next()).collect();
        let plan: Vec<_> = rates.iter().map(|mbps| format!("{:.0}:1", mbps * 1e3)).collect();
        let trace = NetworkTrace::from_plan(&plan.join(","), 60).unwrap();
        // A transfer every four seconds or so is what a player shows of it.
        let seen: Vec<_> =
            rates.iter().step_by(4).map(|mbps| Throughput::from_mbps(*mbps)).collect();
        let named = NamedTrace { family: "rides".into(), name: hour.to_string(), trace };
        Self { hour, trace: named, seen: HourSummary::of(hour, &seen) }
    }
}

fn fortnight(seed: u64) -> Vec<Ride> {
    let mut noise = Noise(seed);
    planned().map(|(hour, mbps)| Ride::new(&mut noise, hour, mbps)).collect()
}

/// Sums over rides.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    stalls: u32,
    stalled_s: f64,
    startup_s: f64,
    value: f64,
    rides: f64,
}

impl Sum {
    fn add(&mut self, setup: &Setup, ride: &Ride, prior: Prior) {
        let algorithm = *ALGORITHMS.iter().find(|algorithm| algorithm.is_ours()).unwrap();
        let conditions = Conditions { prior, ..Conditions::default() };
        let job = Job { trace: &ride.trace, algorithm, conditions, listener: &Listener::PATIENT };
        let heard = run(setup, &[job], 1).unwrap()[0].listening();
        self.stalls += heard.stalls;
        self.stalled_s += heard.stalled_s;
        self.startup_s += heard.startup_s;
        self.value += Metric::m1().value(&heard);
        self.rides += 1.0;
    }

    fn startup_s(&self) -> f64 {
        self.startup_s / self.rides
    }

    fn value(&self) -> f64 {
        self.value / self.rides
    }
}

/// Held-out rides without a prior, with the forecast as one, with the last ride's rate, and with the
/// very rate of the ride: no forecast can be worth more than that.
#[test]
fn a_forecast_is_worth_more_to_the_core_than_nothing_and_than_the_last_value() {
    let setup = Setup::new(SEGMENT_US, SEGMENTS, Some(CAP_US)).unwrap();
    let [mut nothing, mut expected, mut last, mut truth] = [Sum::default(); 4];
    for seed in FORTNIGHTS {
        let rides = fortnight(seed * 7919 + 1);
        for (index, ride) in rides.iter().enumerate() {
            if !is_held_out(ride.hour) {
                continue;
            }
            let past: Vec<_> = rides[..index].iter().map(|ride| ride.seen).collect();
            let now = Timestamp::from_micros(ride.hour * 3_600_000_000);
            let (rate, confidence) = prior(&Estimate::NOTHING, forecast(&past, ride.hour), now);
            let before = past.last().unwrap();
            let before = (before.sum_log2 / f64::from(before.samples)).exp2();
            let with = |rate| Prior::new(rate, confidence).unwrap();
            nothing.add(&setup, ride, Prior::NONE);
            expected.add(&setup, ride, with(rate));
            last.add(&setup, ride, with(Throughput::from_bps(before)));
            truth.add(&setup, ride, with(Throughput::from_bps(ride.trace.trace.mean_bps())));
        }
    }
    let all = [("nothing", nothing), ("forecast", expected), ("last ride", last), ("truth", truth)];
    for (name, sum) in all {
        let Sum { stalls, stalled_s, rides, .. } = sum;
        let (startup_s, value) = (sum.startup_s(), sum.value());
        eprintln!(
            "{name}: {stalls} stalls of {stalled_s:.0} s, start {startup_s:.2} s, {value:.4} in {rides} rides"
        );
    }
    assert!(expected.startup_s() < 0.85 * nothing.startup_s(), "it starts sooner");
    assert!(expected.stalled_s <= nothing.stalled_s, "and stalls no longer");
    assert!(expected.value() > last.value() && expected.stalls < last.stalls);
    // What varies within a ride is most of what stalls it: equal within a thousandth.
    assert!(expected.value() >= nothing.value() - 1e-3 && truth.value() >= nothing.value() - 1e-3);
}
