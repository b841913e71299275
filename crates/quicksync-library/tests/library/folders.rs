//! Folders that go and come back, odd names, and links.

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::fakes::House;

#[tokio::test]
async fn a_deleted_file_is_hidden_and_comes_back_as_it_was() {
    let house = House::new().await;
    house.write("a.flac", "a||", "x");
    house.scan_and_analyse().await;
    let before = house.only().await;
    house.rename("a.flac", "../kept.flac");
    assert_eq!(house.scan().await.vanished, 1);
    assert_eq!(house.scan().await.vanished, 0, "told once");
    assert_eq!(house.tracks().await, []);
    house.rename("../kept.flac", "a.flac");
    house.probes();
    let report = house.scan().await;
    assert_eq!((report.returned, report.unchanged, house.probes()), (1, 1, 0));
    assert_eq!(house.only().await, before);
}

#[tokio::test]
async fn a_missing_root_deletes_nothing() {
    let house = House::new().await;
    house.write("x/a.flac", "a||", "x");
    house.write("b.flac", "b||", "y");
    house.scan_and_analyse().await;
    let before = house.tracks().await;
    let away = house.folder.path().join("away");
    std::fs::rename(house.root(), &away).unwrap();
    let report = house.scan().await;
    assert_eq!((report.missing_roots, report.vanished), (vec![house.root()], 0));
    assert_eq!(house.tracks().await, []);
    // An empty mount point is a folder without its files.
    std::fs::create_dir(house.root()).unwrap();
    assert_eq!(house.scan().await.found, 0);
    assert_eq!(house.tracks().await, []);
    std::fs::remove_dir(house.root()).unwrap();
    std::fs::rename(&away, house.root()).unwrap();
    house.probes();
    assert_eq!(house.scan().await.returned, 2);
    assert_eq!((house.tracks().await, house.probes()), (before, 0));
}

#[tokio::test]
async fn a_root_that_goes_during_the_walk_deletes_nothing() {
    let house = House::new().await;
    house.write("a.flac", "a||", "x");
    house.scan().await;
    house.write("b.flac", "b||", "y");
    *house.decoder.while_probing.lock().unwrap() = Some(|path| {
        std::fs::rename(path.parent().unwrap(), path.ancestors().nth(2).unwrap().join("away"))
            .unwrap();
    });
    let report = house.scan().await;
    assert_eq!((report.missing_roots, report.vanished), (vec![house.root()], 0));
    *house.decoder.while_probing.lock().unwrap() = None;
    std::fs::rename(house.folder.path().join("away"), house.root()).unwrap();
    house.scan().await;
    assert_eq!(house.titles().await, ["a", "b"]);
}

#[tokio::test]
async fn a_folder_that_goes_takes_its_tracks_along() {
    let house = House::new().await;
    house.write("x/y/a.flac", "a||", "x");
    house.write("xy/b.flac", "b||", "y");
    house.scan().await;
    std::fs::remove_dir_all(house.path("x")).unwrap();
    let report = house.library.scan_changed(&[house.path("x")]).await.unwrap();
    assert_eq!(report.vanished, 1);
    assert_eq!(house.titles().await, ["b"]);
}

#[tokio::test]
async fn names_need_not_be_text() {
    let house = House::new().await;
    let odd = house.root().join(std::ffi::OsStr::from_bytes(b"caf\xe9.flac"));
    std::fs::write(&odd, "\nx").unwrap();
    house.scan_and_analyse().await;
    let track = house.only().await;
    assert_eq!((track.path.as_path(), track.title.as_str()), (odd.as_path(), "caf\u{fffd}"));
    assert!(track.analysis.is_some());
    assert_eq!(house.scan().await.unchanged, 1);
}

#[tokio::test]
async fn links_make_no_loops_and_no_second_tracks() {
    let house = House::new().await;
    house.write("real/a.flac", "a||", "x");
    let outside = house.folder.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("b.flac"), "b||\ny").unwrap();
    let link = |target: &Path, name: &str| symlink(target, house.path(name)).unwrap();
    link(&house.root(), "loop");
    link(&house.root(), "real/up");
    link(&house.path("real"), "0 before the real one");
    link(&house.path("real/a.flac"), "0 a link.flac");
    link(&outside, "out");
    link(&outside, "out again");
    link(&outside.join("b.flac"), "zzz.flac");
    link(Path::new("/nowhere"), "dangling.flac");
    let report = house.scan().await;
    assert_eq!(report.found, 2);
    let paths: Vec<_> = house.tracks().await.into_iter().map(|track| track.path).collect();
    assert_eq!(paths[0], house.path("real/a.flac"));
    assert!(paths[1].ends_with("b.flac") || paths[1].ends_with("zzz.flac"), "{paths:?}");
    let through_link = house.path("0 before the real one/a.flac");
    house.library.scan_changed(&[through_link]).await.unwrap();
    assert_eq!(house.titles().await, ["a", "b"], "not by the back door either");
}

#[tokio::test]
async fn what_is_not_a_file_is_not_opened() {
    let house = House::new().await;
    std::fs::create_dir(house.path("folder.flac")).unwrap();
    let pipe = house.path("pipe.flac");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let report = house.scan().await;
    assert_eq!((report.found, report.broken), (0, 0));
}
