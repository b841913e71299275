//! A session's transfers, replayed: under its own rules it comes to what it was, and the figures of
//! every policy are those written down, here and in WebAssembly.
//!
//! After a change that is meant to decide differently, `cargo xtask golden decisions` writes them
//! anew.

#![expect(clippy::unwrap_used, reason = "a test fails where its own helpers do")]

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use quicksync_abr::playback::Prior;
use quicksync_sim::ours::QuickSync;
use quicksync_sim::player::{Listener, Playback, play};
use quicksync_sim::{CAP_US, NetworkTrace, SEGMENT_US, Setup};
use quicksync_whatif::{Booth, MeasuredTransfer, POLICIES};

const SEGMENTS: u32 = 40;
/// Good, a slump, an outage, a slow rise: kbps and seconds.
const PLAN: &str = "1500:20,140:45,0:32,300:40,900:60";
const LATENCY_MS: u32 = 70;

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/whatif").join(name)
}

fn setup() -> Setup {
    Setup::new(SEGMENT_US, SEGMENTS, Some(CAP_US)).unwrap()
}

/// A session of the decision core over the plan, and the transfers that a player would have seen.
fn session() -> (Playback, Vec<MeasuredTransfer>) {
    let trace = NetworkTrace::from_plan(PLAN, LATENCY_MS).unwrap();
    let mut core = QuickSync::new(&setup(), Prior::NONE).unwrap();
    let playback = play(&setup(), &trace, &Listener::PATIENT, &mut core).unwrap();
    let seen = playback.downloads.iter().map(|download| {
        let sent_us = download.requested_us + u64::from(LATENCY_MS) * 1000;
        let first_byte_us = trace.finish_us(sent_us, 1).unwrap();
        MeasuredTransfer {
            start_us: download.requested_us,
            first_byte_us: (download.bytes > 0).then_some(first_byte_us),
            end_us: download.finished_us,
            bytes: download.bytes,
        }
    });
    let transfers = seen.collect();
    (playback, transfers)
}

/// Milliseconds, as browsers give them: to a tenth.
fn row(transfer: &MeasuredTransfer) -> [f64; 4] {
    let ms = |us: u64| f64::from(u32::try_from((us + 50) / 100).unwrap()) / 10.0;
    let first_ms = transfer.first_byte_us.map_or(f64::NAN, ms);
    let bytes = f64::from(u32::try_from(transfer.bytes).unwrap());
    [ms(transfer.start_us), first_ms, ms(transfer.end_us), bytes]
}

fn booth(rows: &[[f64; 4]], cap_ms: f64) -> Booth {
    let mut booth = Booth::new();
    assert!(booth.make_room(rows.len()));
    booth.transfers.copy_from_slice(rows.as_flattened());
    booth.prepare(3840.0, f64::from(SEGMENTS), cap_ms).unwrap();
    booth
}

#[test]
fn under_its_own_rules_a_session_comes_to_what_it_was() {
    let (playback, transfers) = session();
    let rows: Vec<[f64; 4]> = transfers.iter().map(row).collect();
    let mut booth = booth(&rows, 30_000.0);
    let ours = POLICIES.iter().position(|policy| policy.name == "quicksync").unwrap();
    assert!(booth.play(ours));
    let [_, kbps, stalls, stalled_s, startup_s, _] = booth.tray;
    let was = playback.listening();
    let near = |now: f64, then: f64, within: f64| (now - then).abs() <= within;
    assert!(near(kbps, playback.mean_kbps(), 0.05 * kbps), "{kbps} {}", playback.mean_kbps());
    assert!(near(stalls, f64::from(was.stalls), 0.0), "{stalls} {}", was.stalls);
    assert!(near(stalled_s, was.stalled_s, 0.5), "{stalled_s} {}", was.stalled_s);
    assert!(near(startup_s, was.startup_s, 0.05), "{startup_s} {}", was.startup_s);
}

#[test]
fn figures_are_those_written_down() {
    let (_, transfers) = session();
    let mut session = "start_ms,first_byte_ms,end_ms,bytes\n".to_owned();
    let mut figures =
        "cap_ms,policy,qoe,mean_kbps,stalls,stalled_s,startup_s,wasted_share\n".to_owned();
    let rows: Vec<[f64; 4]> = transfers.iter().map(row).collect();
    for [start_ms, first_ms, end_ms, bytes] in &rows {
        writeln!(session, "{start_ms},{first_ms},{end_ms},{bytes}").unwrap();
    }
    for cap_ms in [30_000.0, -1.0] {
        let mut booth = booth(&rows, cap_ms);
        for (index, policy) in POLICIES.iter().enumerate() {
            assert!(booth.play(index), "{}", policy.name);
            let numbers: Vec<String> = booth.tray.iter().map(ToString::to_string).collect();
            writeln!(figures, "{cap_ms},{},{}", policy.name, numbers.join(",")).unwrap();
        }
        assert!(booth.optimum());
        writeln!(figures, "{cap_ms},optimum,{},{},,,,", booth.tray[0], booth.tray[1]).unwrap();
    }
    for (name, text) in [("session.csv", session), ("figures.csv", figures)] {
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(path(name), &text).unwrap();
        }
        let written = fs::read_to_string(path(name)).unwrap();
        assert!(
            written == text,
            "{name} differs; if that is meant: cargo xtask golden decisions\n{text}"
        );
    }
}
