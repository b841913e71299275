//! Which track a file is after it was renamed, moved, retagged or copied.

use crate::fakes::House;

async fn house_with_one() -> (House, uuid::Uuid) {
    let house = House::new().await;
    house.write("x/a.flac", "Song|Ann|Best", "audio of a");
    house.scan_and_analyse().await;
    let id = house.only().await.id;
    (house, id)
}

#[tokio::test]
async fn rename_move_and_retag_keep_the_track() {
    for (to, tags) in [
        ("x/b.flac", "Song|Ann|Best"),
        ("y/z/a.flac", "Song|Ann|Best"),
        ("x/a.flac", "Tune|Bob|Live"),
        ("y/b.flac", "Tune|Bob|Live"),
    ] {
        let (house, id) = house_with_one().await;
        house.remove("x/a.flac");
        house.write(to, tags, "audio of a");
        house.scan_and_analyse().await;
        let track = house.only().await;
        assert_eq!((track.id, track.path), (id, house.path(to)), "{to} {tags}");
        assert_eq!(track.title, tags.split('|').next().unwrap());
    }
}

#[tokio::test]
async fn a_copy_is_a_second_track_and_a_later_deletion_leaves_it() {
    let (house, id) = house_with_one().await;
    house.write("x/copy.flac", "Copy|Ann|Best", "audio of a");
    house.scan_and_analyse().await;
    let tracks = house.tracks().await;
    assert_eq!(tracks.len(), 2);
    assert_eq!(tracks[0].analysis, tracks[1].analysis);
    let copy = tracks.iter().find(|track| track.id != id).unwrap().id;
    house.remove("x/a.flac");
    house.scan_and_analyse().await;
    assert_eq!(house.only().await.id, copy);
}

#[tokio::test]
async fn a_move_is_known_even_if_the_new_place_is_seen_first() {
    let (house, id) = house_with_one().await;
    house.rename("x/a.flac", "y/b.flac");
    // Only the new place is looked at.
    house.library.scan_changed(&[house.path("y")]).await.unwrap();
    assert_eq!(house.tracks().await.len(), 2);
    house.library.analyse_pending(&|_| {}).await.unwrap();
    let track = house.only().await;
    assert_eq!((track.id, track.path), (id, house.path("y/b.flac")));
}

#[tokio::test]
async fn other_audio_in_the_old_place_is_the_old_track_changed() {
    let (house, id) = house_with_one().await;
    house.write("x/a.flac", "Song|Ann|Best", "encoded again, longer");
    house.scan_and_analyse().await;
    assert_eq!(house.only().await.id, id);
}

#[tokio::test]
async fn a_whole_album_moves() {
    let house = House::new().await;
    for n in 0..20 {
        house.write(&format!("old/{n}.flac"), &format!("t{n:02}|ann|best"), &format!("audio {n}"));
    }
    house.scan_and_analyse().await;
    let before: Vec<_> = house.tracks().await.iter().map(|track| track.id).collect();
    house.rename("old", "new/place");
    let report = house.scan_and_analyse().await;
    assert_eq!((report.read, report.vanished), (20, 20));
    let after: Vec<_> = house.tracks().await.iter().map(|track| track.id).collect();
    assert_eq!(after, before);
}
