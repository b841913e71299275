//! The player against cases worked out by hand. Segments last 4 s: low has 32,000 bytes, medium
//! 64,000; 64 kbps carry 8,000 bytes a second.

use quicksync_sim::Metric;
use quicksync_sim::player::{Event, Fate, Listener, Move, Order, Playback, Stall, play};

use crate::script::Script;
use crate::traces::{link, setup};

const fn fetch(segment: u32, rung: usize) -> Order {
    Order::Fetch { segment, rung }
}

fn run(plan: &str, latency_ms: u32, segments: u32, orders: &[(f64, Order)]) -> Playback {
    let setup = setup(segments, Some(30));
    let mut script = Script::new(orders);
    play(&setup, &link(plan, latency_ms), &Listener::PATIENT, &mut script).unwrap()
}

fn s(us: u64) -> f64 {
    us as f64 / 1e6
}

#[test]
fn requests_wait_for_latency_and_bytes_for_capacity() {
    // 128 kbps: 2 s for each low segment, after half a second of latency.
    let playback =
        run("128:100", 500, 2, &[(0.0, fetch(0, 0)), (2.5, fetch(1, 0)), (2.5, Order::Play)]);
    let times: Vec<_> =
        playback.downloads.iter().map(|d| (s(d.requested_us), s(d.finished_us))).collect();
    assert_eq!(times, [(0.0, 2.5), (2.5, 5.0)]);
    assert_eq!((s(playback.startup_us), s(playback.ended_us)), (2.5, 10.5));
    assert_eq!((playback.stalls.len(), playback.refused), (0, 0));
}

#[test]
fn a_segment_that_comes_in_the_last_moment_is_no_stall_and_later_is_one() {
    // The second segment is requested at 2 s and comes at 6 s, when the first one ends.
    let orders = [(0.0, fetch(0, 0)), (2.0, Order::Play), (2.0, fetch(1, 1))];
    assert_eq!(run("128:100", 0, 2, &orders).stalls, []);
    let late = [(0.0, fetch(0, 0)), (2.0, Order::Play), (2.1, fetch(1, 1)), (7.0, Order::Play)];
    let playback = run("128:100", 0, 2, &late);
    assert_eq!(playback.stalls, [Stall { at_us: 6_000_000, length_us: 1_000_000 }]);
    assert_eq!(s(playback.ended_us), 11.0);
    let m1 = Metric::m1().value(&playback.listening());
    let by_hand = (0.60 + 0.86 - 0.5 * 0.26 - 4.0 - 0.3 - 0.2) / 2.0;
    assert!((m1 - by_hand).abs() < 1e-12, "{m1}");
}

#[test]
fn nothing_sounds_before_it_is_complete() {
    let orders = [(0.0, fetch(0, 0)), (1.9, Order::Play), (3.0, Order::Play), (3.0, fetch(1, 0))];
    let playback = run("128:100", 0, 2, &orders);
    assert_eq!((playback.refused, s(playback.startup_us)), (1, 3.0));
}

#[test]
fn a_request_needs_room_and_an_idle_link() {
    // Cap 30 s: seven segments fit, the eighth has to wait until 2 s of 28 have been heard.
    let mut orders: Vec<_> = (0..7).map(|i| (f64::from(i) * 0.5, fetch(i as u32, 0))).collect();
    orders.insert(1, (0.2, fetch(1, 0)));
    orders.push((4.0, fetch(7, 0)));
    orders.push((5.0, Order::Play));
    orders.push((6.9, fetch(7, 0)));
    orders.push((7.0, fetch(7, 0)));
    let playback = run("512:100", 0, 8, &orders);
    assert_eq!((playback.refused, playback.downloads.len()), (3, 8));
    assert_eq!(s(playback.downloads[7].requested_us), 7.0);
}

#[test]
fn a_better_copy_counts_until_its_segment_begins() {
    // Play at 2 s: the second segment begins to sound at 6 s.
    let orders = |replace_s: f64| {
        [(0.0, fetch(0, 0)), (1.0, fetch(1, 0)), (2.0, Order::Play), (replace_s, fetch(1, 1))]
    };
    for (replace_s, heard, fates) in [
        (4.0, [(0, 0), (1, 1)], [Fate::Kept, Fate::Replaced, Fate::Kept]),
        (4.1, [(0, 0), (1, 0)], [Fate::Kept, Fate::Kept, Fate::Late]),
    ] {
        let playback = run("256:100", 0, 2, &orders(replace_s));
        assert_eq!(playback.heard, heard, "{replace_s}");
        let found: Vec<_> = playback.downloads.iter().map(|d| d.fate).collect();
        assert_eq!(found, fates, "{replace_s}");
        let wasted = if replace_s < 4.05 { 32_000 } else { 64_000 };
        assert_eq!(playback.bytes(), (128_000, wasted));
    }
}

#[test]
fn what_sounds_already_is_not_replaced() {
    let orders = [(0.0, fetch(0, 0)), (1.0, Order::Play), (1.0, fetch(1, 0)), (2.0, fetch(0, 1))];
    let playback = run("256:100", 0, 2, &orders);
    assert_eq!((playback.refused, playback.downloads.len()), (1, 2));
}

#[test]
fn a_cancelled_transfer_frees_the_link_and_is_wasted() {
    let orders =
        [(0.0, fetch(0, 3)), (1.5, Order::Abandon), (1.5, fetch(0, 0)), (4.0, Order::Play)];
    let playback = run("128:100", 500, 1, &orders);
    assert_eq!(playback.downloads[0].fate, Fate::Abandoned);
    // One second of body at 128 kbps had come.
    assert_eq!(playback.downloads[0].bytes, 16_000);
    assert_eq!(s(playback.downloads[1].finished_us), 4.0);
    assert_eq!(playback.bytes(), (48_000, 16_000));
}

#[test]
fn reports_come_as_a_browser_gives_them() {
    let setup = setup(1, Some(30));
    let mut script = Script::new(&[(0.0, fetch(0, 0)), (4.0, Order::Play)]);
    play(&setup, &link("128:100", 500), &Listener::PATIENT, &mut script).unwrap();
    let progress: Vec<f64> =
        script.seen.iter().filter(|(_, e)| *e == Event::Progress).map(|(at, _)| *at).collect();
    // The first packet, then every 0.1 s until the end at 2.5 s.
    assert!((progress[0] - 0.5905).abs() < 1e-9, "{progress:?}");
    assert!((progress[1] - 0.6905).abs() < 1e-9 && progress.len() == 20, "{progress:?}");
    let ticks = script.seen.iter().filter(|(_, e)| *e == Event::PlayheadAt).count();
    assert_eq!(ticks, 3);
}

#[test]
fn traces_start_over() {
    // 10 s of which 5 carry 64 kbps: a low segment needs 4 s of them.
    let orders = [
        (0.0, fetch(0, 0)),
        (4.0, fetch(1, 0)),
        (13.0, fetch(2, 0)),
        (13.0, Order::Play),
        (22.5, Order::Play),
    ];
    let playback = run("64:5,0:5", 0, 3, &orders);
    let ends: Vec<f64> = playback.downloads.iter().map(|d| s(d.finished_us)).collect();
    assert_eq!(ends, [4.0, 13.0, 22.0]);
    assert_eq!(playback.stalls, [Stall { at_us: 21_000_000, length_us: 1_500_000 }]);
}

#[test]
fn listeners_seek_and_skip() {
    let setup = setup(4, Some(30));
    let orders: Vec<_> = (0..4).map(|i| (f64::from(i), fetch(i as u32, 0))).collect();
    let mut orders = [&orders[..], &[(4.0, Order::Play), (6.0, Order::Play)]].concat();
    orders.sort_by(|a, b| a.0.total_cmp(&b.0));
    let listener =
        Listener { moves: vec![(5_000_000, Move::Seek(9_000_000)), (8_000_000, Move::Skip)] };
    let mut script = Script::new(&orders);
    let playback = play(&setup, &link("256:100", 0), &listener, &mut script).unwrap();
    assert_eq!(playback.heard, [(0, 0), (2, 0)]);
    assert_eq!((s(playback.seek_wait_us), s(playback.ended_us)), (1.0, 8.0));
    // Segments 1 and 3 were never heard.
    assert_eq!(playback.bytes(), (128_000, 64_000));
}
