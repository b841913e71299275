//! What a walk reads, what it leaves alone, and what it says of the rest.

use std::sync::Mutex;
use std::time::Duration;

use quicksync_decode::DecodeError;
use quicksync_library::ScanPhase;

use crate::fakes::{House, NOW_US, set_time};

#[tokio::test]
async fn the_first_scan_lists_everything_and_the_second_reads_nothing() {
    let house = House::new().await;
    for n in 0..250 {
        house.write(&format!("album {}/{n}.flac", n / 10), &format!("t{n:03}|ann|best"), "x");
    }
    house.write("notes.txt", "", "");
    house.write("album 1/.hidden.flac", "hidden||", "x");
    house.write(".trash/gone.flac", "gone||", "x");
    let seen = Mutex::new(Vec::new());
    let report =
        house.library.scan_once(&|status| seen.lock().unwrap().push(status)).await.unwrap();
    assert_eq!((report.found, report.read, report.broken), (250, 250, 0));
    assert_eq!((house.probes(), house.analyses()), (250, 0), "headers only");
    assert_eq!(house.tracks().await.len(), 250);
    let seen = seen.into_inner().unwrap();
    assert!(seen.iter().all(|status| status.phase == ScanPhase::Walking));
    assert_eq!(seen.last().map(|status| (status.done, status.total)), Some((250, 250)));
    assert_eq!(house.library.status().phase, ScanPhase::Idle);

    let again = house.scan().await;
    assert_eq!((again.found, again.unchanged, again.read, again.vanished), (250, 250, 0, 0));
    assert_eq!(house.probes(), 0);
}

#[tokio::test]
async fn absent_tags_fall_back_to_names() {
    let house = House::new().await;
    house.write("Some Album/01 Song.mp3", "", "x");
    house.scan().await;
    let track = house.only().await;
    assert_eq!((track.title.as_str(), track.artist.as_str()), ("01 Song", "Unknown artist"));
    assert_eq!((track.album.as_str(), track.codec.as_str()), ("Some Album", "flac"));
}

#[tokio::test]
async fn only_changed_files_are_read_again() {
    let house = House::new().await;
    house.write("a.flac", "a||", "x");
    house.write("b.flac", "b||", "x");
    house.scan_and_analyse().await;
    let before = house.tracks().await;
    house.write("a.flac", "changed||", "x");
    house.probes();
    let report = house.scan().await;
    assert_eq!((report.read, report.unchanged, house.probes()), (1, 1, 1));
    let after = house.tracks().await;
    assert_eq!((after[0].title.as_str(), after[1].title.as_str()), ("b", "changed"));
    assert_eq!(after[1].id, before[0].id);
    assert_eq!((after[0].analysis.is_some(), after[1].analysis.is_some()), (true, false));
    // Equal size, another time.
    set_time(&house.path("b.flac"), NOW_US - 1_000_000);
    assert_eq!(house.scan().await.read, 1);
}

#[tokio::test]
async fn a_file_being_written_waits() {
    let house = House::with(|config| config.settle = Duration::from_secs(2)).await;
    for (name, age_us, waits) in [
        ("just", 500_000, true),
        ("now", 0, true),
        ("skew", -1_000_000, true),
        ("long ago", 2_000_001, false),
        ("future", -3_600_000_000, false),
    ] {
        let name = format!("{name}.flac");
        house.write(&name, "x||", "x");
        set_time(&house.path(&name), NOW_US - age_us);
        let report = house.scan().await;
        assert_eq!(report.unsettled.contains(&house.path(&name)), waits, "{name}");
    }
    let waiting = house.scan().await.unsettled;
    waiting.iter().for_each(|path| set_time(path, NOW_US - 9_000_000));
    let report = house.library.scan_changed(&waiting).await.unwrap();
    assert_eq!((report.read, report.unsettled.len()), (3, 0));
}

#[tokio::test]
async fn a_file_that_changes_or_goes_while_it_is_read_is_no_track() {
    let house = House::new().await;
    house.write("a.flac", "a||", "x");
    *house.decoder.while_probing.lock().unwrap() =
        Some(|path| std::fs::write(path, "longer\nthan before").unwrap());
    let report = house.scan().await;
    assert_eq!((report.read, report.unsettled.len()), (0, 1));
    *house.decoder.while_probing.lock().unwrap() = Some(|path| std::fs::remove_file(path).unwrap());
    let report = house.scan().await;
    assert_eq!((report.read, report.broken, report.unsettled.len()), (0, 0, 0));
    assert_eq!((house.tracks().await.len(), house.problems().await.len()), (0, 0));
}

#[tokio::test]
async fn a_broken_file_is_named_and_left_alone_until_it_changes() {
    let house = House::new().await;
    house.write("good.flac", "good||", "x");
    house.write_bytes("bad.flac", b"no line");
    let report = house.scan_and_analyse().await;
    assert_eq!((report.read, report.broken), (1, 1));
    let problems = house.problems().await;
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].path, house.path("bad.flac"));
    assert_eq!(problems[0].reason, "the file is damaged: there is no sound in it");
    assert_eq!(problems[0].since_us, NOW_US);
    house.probes();
    assert_eq!(house.scan().await.broken, 0);
    assert_eq!(house.probes(), 0, "not tried again");

    // Older than before: a time that differs is a change, whichever way.
    house.write_bytes("bad.flac", b"mended||\n");
    set_time(&house.path("bad.flac"), 1_000_000);
    assert_eq!(house.scan().await.read, 1);
    assert_eq!(house.titles().await, ["good", "mended"]);
    assert_eq!(house.problems().await, []);

    house.write_bytes("worse.flac", b"no line");
    house.scan().await;
    house.remove("worse.flac");
    house.scan().await;
    assert_eq!(house.problems().await, [], "gone with its file");
}

#[tokio::test]
async fn a_dead_decoder_condemns_no_file_for_long() {
    let house = House::new().await;
    house.write("a.flac", "a||", "x");
    house.scan().await;
    house.write("b.flac", "b||", "x");
    *house.decoder.fails.lock().unwrap() = Some(|| DecodeError::Died("no room to start it".into()));
    house.scan_and_analyse().await;
    assert_eq!(house.problems().await.len(), 2, "one in the headers, one in the whole");
    *house.decoder.fails.lock().unwrap() = None;
    house.scan_and_analyse().await;
    assert_eq!(house.problems().await, []);
    assert_eq!(house.titles().await, ["a", "b"]);
    assert!(house.tracks().await.iter().all(|track| track.analysis.is_some()));
}
