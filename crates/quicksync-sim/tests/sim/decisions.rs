//! Peers against decisions worked out by hand from their sources. Segments last 4 s.

use quicksync_sim::Setup;
use quicksync_sim::peers::{
    Arriving, BolaE, Dynamic, Finished, HlsJs, LinearBba, Media3, Peer, RobustMpc, Scene, Shaka,
    Thresholds, ThroughputRule,
};
use quicksync_sim::player::Sound;

use crate::traces::{link, setup};

fn scene(setup: &Setup, segment: u32, buffer_s: f64, last: Option<usize>, now_s: f64) -> Scene<'_> {
    Scene {
        setup,
        now_s,
        buffer_s,
        cap_s: 30.0,
        segment_s: 4.0,
        segment,
        last,
        sound: Sound::Running,
    }
}

/// A transfer of a rung at so many kbps after 0.1 s.
fn transfer(setup: &Setup, rung: usize, kbps: f64) -> Finished {
    let bytes = setup.bytes(rung) as f64;
    let elapsed_s = 0.1 + bytes * 8.0 / kbps / 1e3;
    Finished { rung, bytes, elapsed_s, latency_s: 0.1, cancelled: false }
}

/// What a peer chooses first, and after transfers at the given kbps, with a buffer and a last rung.
fn check(mut peer: impl Peer, first: usize, cases: &[(&[f64], f64, usize, usize)]) {
    let setup = setup(60, Some(30));
    assert_eq!(peer.choose(&scene(&setup, 0, 0.0, None, 0.0)), first, "{peer:?}");
    for (n, (kbps, buffer_s, last, rung)) in cases.iter().enumerate() {
        let segment = u32::try_from(n).unwrap() + 1;
        let now_s = 20.0 * f64::from(segment);
        for kbps in *kbps {
            let after = scene(&setup, segment, *buffer_s, Some(*last), now_s);
            peer.learn(&transfer(&setup, *last, *kbps), &after);
        }
        let chosen = peer.choose(&scene(&setup, segment, *buffer_s, Some(*last), now_s));
        assert_eq!(chosen, *rung, "{n}: {kbps:?} {buffer_s} {last} {peer:?}");
    }
}

#[test]
fn throughput_takes_four_fifths_of_the_harmonic_mean() {
    // 128 kbps at 170 kbps and 0.1 s: 512 kbit in 3.11 s are 164.6, of which 0.8 are 131.6.
    check(
        ThroughputRule::default(),
        0,
        &[
            (&[170.0; 5], 10.0, 1, 1),
            (&[150.0; 5], 10.0, 1, 0),
            (&[5000.0; 5], 0.0, 3, 3),
            (&[70.0], 30.0, 3, 2),
        ],
    );
}

#[test]
fn bba_maps_the_buffer_alone() {
    // Reservoir 3 s, cushion 24 s: 128 kbps from 8.25 s, 256 from 18.75 s, 320 from 24 s.
    check(
        LinearBba,
        0,
        &[
            (&[], 3.0, 0, 0),
            (&[], 8.2, 0, 0),
            (&[], 8.3, 0, 1),
            (&[], 18.7, 0, 1),
            (&[], 18.8, 3, 2),
            (&[], 23.9, 3, 2),
            (&[], 24.0, 0, 3),
        ],
    );
}

#[test]
fn hls_js_wants_more_to_go_up_than_to_stay() {
    // It begins by 500 kbps: 320 kbps take 0.1 + 2.56 s, less than 4.
    check(
        HlsJs::default(),
        3,
        &[
            // 300 kbps: 0.95 of it keeps 256, 0.7 of it raises to 128 and no further.
            (&[300.0; 20], 20.0, 2, 2),
            (&[], 20.0, 0, 1),
            // A short buffer: 256 at 285 kbps take 3.7 s; only with 4 s more.
            (&[], 3.5, 2, 1),
            (&[], 0.0, 2, 2),
            // Nothing fits into the buffer, nor into 4 s more: the lowest.
            (&[50.0; 20], 20.0, 2, 0),
        ],
    );
}

#[test]
fn hls_js_gives_up_what_outlasts_the_buffer() {
    let setup = setup(60, Some(30));
    let mut peer = HlsJs::default();
    for (elapsed_s, received, buffer_s, to) in [
        // Not before half a segment.
        (1.9, 20e3, 1.0, None),
        // 80 kbps: 160 kB less 20 kB take 14 s; 64 kbps 3.3 s, more than the buffer, but the least.
        (2.1, 20e3, 1.0, Some(0)),
        // The same with a buffer that lasts.
        (2.1, 20e3, 15.0, None),
        // 800 kbps: the rest comes in time.
        (2.1, 150e3, 1.0, None),
    ] {
        let arriving =
            Arriving { rung: 3, bytes: 160e3, received, elapsed_s, latency_s: Some(0.1) };
        let found = peer.give_up(&arriving, &scene(&setup, 5, buffer_s, Some(3), 50.0));
        assert_eq!(found, to, "{elapsed_s} {received} {buffer_s}");
    }
}

#[test]
fn shaka_flies_blind_for_128_kb_and_then_switches_every_8_s() {
    let setup = setup(60, Some(30));
    let mut peer = Shaka::default();
    let at = |segment, now_s| scene(&setup, segment, 9.0, Some(3), now_s);
    assert_eq!(peer.choose(&at(0, 0.0)), 3);
    // 15 kB do not count; 127 kB are not enough.
    let of = |bytes: f64, bps: f64| Finished {
        rung: 3,
        bytes,
        elapsed_s: bytes * 8.0 / bps,
        latency_s: 0.0,
        cancelled: false,
    };
    peer.learn(&of(15e3, 1e5), &at(1, 1.0));
    peer.learn(&of(127e3, 1.5e5), &at(1, 2.0));
    assert_eq!(peer.choose(&at(1, 2.0)), 3);
    // Enough: 150 kbps by 0.95 carry 128.
    peer.learn(&of(16e3, 1.5e5), &at(2, 3.0));
    assert_eq!(peer.choose(&at(2, 3.0)), 1);
    // 8 s must pass.
    peer.learn(&of(900e3, 9e5), &at(3, 10.9));
    assert_eq!(peer.choose(&at(3, 10.9)), 1);
    peer.learn(&of(900e3, 9e5), &at(4, 11.0));
    assert_eq!(peer.choose(&at(4, 11.0)), 3);
}

#[test]
fn media3_takes_seven_tenths_of_the_median() {
    check(
        Media3::default(),
        3,
        &[
            // One fast transfer of 160 kB is neither 2 s nor 512 kB: still 1 Mbps.
            (&[800.0], 5.0, 3, 3),
            // The median of many at 200 is 200: 140 carry 128.
            (&[200.0; 9], 5.0, 3, 1),
            // No drop from 25 s on, no raise below 10 s.
            (&[100.0; 9], 25.0, 1, 1),
            (&[], 24.9, 1, 0),
            (&[900.0; 9], 9.9, 0, 0),
            (&[], 10.0, 0, 3),
        ],
    );
    let pace = Media3::default().pace();
    assert!((pace.start_s - 1.0).abs() < 1e-9 && (pace.resume_s - 2.0).abs() < 1e-9);
}

#[test]
fn dash_js_begins_by_throughput_and_goes_by_buffer_from_18_s() {
    check(
        Dynamic::default(),
        0,
        &[
            // 0.9 of about 390 carries 320; 0.7 * 390 * 10 / 4 does too.
            (&[400.0; 6], 10.0, 3, 3),
            // A short buffer: 0.7 * 390 * 1.5 / 4 is 102.
            (&[], 1.5, 3, 0),
            (&[], 0.0, 3, 0),
        ],
    );
    check(
        Dynamic::default(),
        0,
        &[
            (&[400.0; 6], 18.0, 3, 3),
            // BOLA from now on: at 18 s all but the top are worth nothing.
            (&[150.0; 6], 19.0, 3, 3),
        ],
    );
}

#[test]
fn dash_js_gives_up_after_six_reports_of_a_slow_link() {
    let setup = setup(60, Some(30));
    let mut peer = Dynamic::default();
    let mut found = Vec::new();
    for report in 1..=12_u8 {
        // 80 kbps of 1280: 16 s where 7.2 are allowed.
        let body_s = 0.1 * f64::from(report);
        let arriving = Arriving {
            rung: 3,
            bytes: 160e3,
            received: 10e3 * body_s,
            elapsed_s: 0.1 + body_s,
            latency_s: Some(0.1),
        };
        found.push(peer.give_up(&arriving, &scene(&setup, 5, 6.0, Some(3), 50.0)));
    }
    assert_eq!(found[..5], [None; 5]);
    assert_eq!(found[5], Some(0));
}

#[test]
fn bola_e_begins_by_throughput_and_is_bounded_by_it() {
    check(
        BolaE::default(),
        0,
        &[
            // 300 kbps carry 256; the virtual buffer makes BOLA agree.
            (&[300.0; 6], 8.0, 0, 2),
            // No more than one above what throughput carries, nor than fits into the buffer.
            (&[300.0; 6], 29.0, 2, 3),
            (&[300.0; 6], 1.0, 3, 0),
        ],
    );
}

#[test]
fn robust_mpc_plans_five_segments() {
    check(
        RobustMpc::default(),
        1,
        &[
            // Plenty: the top, from wherever.
            (&[5000.0; 5], 10.0, 3, 3),
            // 330 kbps with nothing held: anything above 64 stalls for longer than it is worth.
            (&[], 0.0, 0, 3),
        ],
    );
    // A wrong prediction makes it careful: after 400 came 100, an error of 3.
    let setup = setup(60, Some(30));
    let mut peer = RobustMpc::default();
    peer.learn(&transfer(&setup, 1, 400.0), &scene(&setup, 1, 4.0, Some(1), 4.0));
    let calm = peer.expected_kbps();
    peer.choose(&scene(&setup, 1, 4.0, Some(1), 4.0));
    peer.learn(&transfer(&setup, 1, 100.0), &scene(&setup, 2, 4.0, Some(1), 9.0));
    assert!(calm > 350.0 && peer.expected_kbps() < 50.0, "{calm} {}", peer.expected_kbps());
}

#[test]
fn thresholds_measure_once_in_five_minutes() {
    let setup = setup(60, Some(30));
    for (kbps, rung) in [("6000", 3), ("3000", 2), ("1700", 1), ("1500", 2), ("64", 2)] {
        // Below 1.6 Mbps a megabyte takes longer than 5 s, and 2 Mbps are assumed.
        let mut peer = Thresholds::new(link(&format!("{kbps}:60,64:600"), 0));
        for now_s in [0.0, 100.0, 299.0] {
            assert_eq!(peer.choose(&scene(&setup, 1, 4.0, None, now_s)), rung, "{kbps} {now_s}");
        }
        assert_eq!(peer.choose(&scene(&setup, 1, 4.0, None, 300.0)), 2, "{kbps}");
    }
}
