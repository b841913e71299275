//! Any input in any order at any time: no panic, no nonsense, always an answer.

use proptest::prelude::*;
use quicksync_abr::decision_log::{RecordedSession, replay};
use quicksync_abr::playback::{
    BufferLimits, DevicePressure, Failure, Input, Limits, Output, Preferences, Prior, SegmentKey,
    SegmentLadder, TrackId,
};
use quicksync_abr::{HostLoad, Preload};
use quicksync_model::{Mode, NetworkKind, Quality, Throughput, Timestamp};

use crate::harness::{config, ladder};

fn quality() -> impl Strategy<Value = Quality> {
    prop::sample::select(Quality::ALL.to_vec())
}

fn key() -> impl Strategy<Value = SegmentKey> {
    let index = prop_oneof![8 => 0..14_u32, 1 => any::<u32>()];
    (0..4_u32, index).prop_map(|(track, index)| SegmentKey { track: TrackId(track), index })
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        0.0..200.0_f64,
        any::<f64>(),
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY)
    ]
}

fn bytes() -> impl Strategy<Value = u64> {
    prop_oneof![0..200_000_u64, any::<u64>()]
}

fn limits() -> impl Strategy<Value = Limits> {
    let mode = prop_oneof![Just(Mode::Auto), quality().prop_map(Mode::Manual)];
    let network = prop::sample::select(NetworkKind::ALL.to_vec());
    let buffer = (0.01..20.0_f64, 0.0..20.0_f64, 0.0..20.0_f64, 0.0..300.0_f64);
    (mode, any::<(bool, bool)>(), network, prop::option::of(bytes()), buffer).prop_map(
        |(mode, (prefer_quality, adapt_to_system), network, data_budget_bytes, (a, b, c, d))| {
            Limits {
                preferences: Preferences { mode, prefer_quality, adapt_to_system },
                network,
                data_budget_bytes,
                buffer: BufferLimits::new(a + b, a + b + c, a, a + b + c + d).unwrap(),
            }
        },
    )
}

fn track() -> impl Strategy<Value = SegmentLadder> {
    (1..12_u32, prop::collection::vec((quality(), 1..400_000_u32), 1..4), 1..20_u64).prop_map(
        |(segments, sizes, length)| {
            let segment_us = length * 500_000;
            let duration_us = segment_us * u64::from(segments) - length;
            SegmentLadder::new(segment_us, duration_us, sizes).unwrap()
        },
    )
}

fn prior() -> impl Strategy<Value = Prior> {
    (number(), 0.0..=1.0_f64)
        .prop_map(|(bps, confidence)| Prior::new(Throughput::from_bps(bps), confidence).unwrap())
}

fn of_transfer() -> impl Strategy<Value = Input> {
    let failure = prop::sample::select(vec![Failure::Transient, Failure::Missing]);
    (key(), quality(), bytes(), any::<bool>(), failure, 0..6).prop_map(
        |(segment, quality, bytes, cached, failure, which)| match which {
            0 => Input::SegmentRequested { segment, quality },
            1 => Input::BytesReceived { segment, quality, bytes },
            2 => Input::SegmentCompleted { segment, quality, bytes, cached },
            3 => Input::SegmentHeld { segment, quality },
            4 => Input::SegmentEvicted { segment },
            _ => Input::SegmentFailed { segment, quality, failure },
        },
    )
}

fn input() -> impl Strategy<Value = Input> {
    let place = || (0..4_u32, bytes().prop_map(|n| n.saturating_mul(977)));
    let pressure = prop::sample::select(DevicePressure::ALL.to_vec());
    let network = prop::sample::select(NetworkKind::ALL.to_vec());
    let plain = vec![
        Input::PlayPressed,
        Input::PausePressed,
        Input::StallStarted,
        Input::StallEnded,
        Input::Timeout,
        Input::NextTrack(None),
    ];
    prop_oneof![
        6 => prop::sample::select(plain),
        8 => of_transfer(),
        2 => place().prop_map(|(n, position_us)| Input::PlayheadAt { track: TrackId(n), position_us }),
        1 => place().prop_map(|(n, position_us)| Input::Seeked { track: TrackId(n), position_us }),
        1 => (0..4_u32, track()).prop_map(|(n, ladder)| Input::NextTrack(Some((TrackId(n), ladder)))),
        1 => limits().prop_map(Input::CapChanged),
        1 => (number(), number()).prop_map(|(cpu_percent, memory_percent)| {
            Input::HostLoad(HostLoad { cpu_percent, memory_percent })
        }),
        1 => pressure.prop_map(Input::DevicePressure),
        1 => (network, prior()).prop_map(|(network, prior)| Input::NetworkChanged { network, prior }),
    ]
}

/// What the player of the property test does next.
#[derive(Clone, Debug)]
enum Deed {
    /// Tell it anything.
    Tell(Input),
    /// End the transfer it asked for, as far as `bytes`.
    Complete(u64),
    /// Report progress of the transfer it asked for.
    Progress(u64),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        3 => input().prop_map(Deed::Tell),
        2 => bytes().prop_map(Deed::Complete),
        1 => bytes().prop_map(Deed::Progress),
    ]
}

fn time() -> impl Strategy<Value = i64> {
    prop_oneof![9 => -100_000..3_000_000_i64, 1 => any::<i64>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn every_sequence_has_an_answer(
        limits in limits(),
        preload in prop::sample::select(vec![Preload::Metadata, Preload::Auto]),
        prior in prior(),
        first in track(),
        deeds in prop::collection::vec((time(), deed()), 1..250),
    ) {
        let config = quicksync_abr::playback::SessionConfig { limits, preload, prior, ..config() };
        let mut now = 0_i64;
        let mut session = RecordedSession::new(config, TrackId(0), first, Timestamp::from_micros(0));
        let mut ladders = vec![(TrackId(0), first)];
        let mut asked = None;
        for (step, deed) in deeds {
            now = now.saturating_add(step);
            let told = match (deed, asked) {
                (Deed::Tell(input), _) => input,
                (Deed::Complete(bytes), Some((segment, quality))) => {
                    Input::SegmentCompleted { segment, quality, bytes, cached: false }
                }
                (Deed::Progress(bytes), Some((segment, quality))) => {
                    Input::BytesReceived { segment, quality, bytes }
                }
                _ => Input::Timeout,
            };
            if let Input::NextTrack(Some(next)) = told {
                ladders.push(next);
            }
            session.handle_input(Timestamp::from_micros(now), told);
            let mut outputs = 0;
            loop {
                outputs += 1;
                prop_assert!(outputs < 20, "never at rest:\n{}", session.log());
                let output = session.poll_output();
                match output {
                    Output::Fetch { segment, quality, .. }
                    | Output::Replace { segment, quality, .. }
                    | Output::Prefetch { segment, quality, .. } => {
                        let fits = |(id, ladder): &(TrackId, SegmentLadder)| {
                            *id == segment.track
                                && ladder.offers(quality)
                                && segment.index < ladder.segments()
                        };
                        prop_assert!(ladders.iter().any(fits), "{output:?}\n{}", session.log());
                        asked = Some((segment, quality));
                    }
                    Output::Abandon { .. } => asked = None,
                    Output::Play { .. } => {}
                    Output::Idle { wake_at, .. } => {
                        prop_assert!(wake_at.is_none_or(|at| at.as_micros() > now || now == i64::MAX
                            || at.as_micros() > i64::MIN));
                        break;
                    }
                }
            }
            prop_assert!(session.session().buffer_s().is_finite());
        }
        prop_assert!(replay(session.log()).is_ok(), "{:?}", replay(session.log()));
    }
}

#[test]
fn nothing_under_way_is_no_cause_for_alarm() {
    let mut session =
        RecordedSession::new(config(), TrackId(0), ladder(3, 3_840_000), Timestamp::from_micros(0));
    for at in [i64::MAX, i64::MIN, 0] {
        session.handle_input(Timestamp::from_micros(at), Input::StallEnded);
        while !matches!(session.poll_output(), Output::Idle { .. }) {}
    }
}
