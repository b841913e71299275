//! Pictures beside the music.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat};
use quicksync_store::{CoverRow, LibraryStore};

use crate::fakes::House;

fn picture(format: ImageFormat, side: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(side, side).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

async fn cover_of(house: &House, title: &str) -> Option<CoverRow> {
    let tracks = house.tracks().await;
    let track = tracks.into_iter().find(|track| track.title == title).unwrap();
    match track.cover_id {
        Some(id) => house.store.cover(id).await.unwrap(),
        None => None,
    }
}

#[tokio::test]
async fn a_folders_picture_is_every_tracks_cover_once() {
    let house = House::new().await;
    let jpeg = picture(ImageFormat::Jpeg, 8);
    house.write_bytes("x/Folder.JPG", &jpeg);
    house.write_bytes("x/front.png", &picture(ImageFormat::Png, 8));
    house.write("x/a.flac", "a||", "x");
    house.write("x/b.flac", "b||", "y");
    house.write("c.flac", "c||", "z");
    house.scan().await;
    let cover = cover_of(&house, "a").await.unwrap();
    assert_eq!((cover.media_type.as_str(), cover.bytes.as_slice()), ("image/jpeg", &jpeg[..]));
    assert_eq!(cover_of(&house, "b").await.unwrap().id, cover.id);
    assert_eq!(cover_of(&house, "c").await, None);
}

#[tokio::test]
async fn what_only_claims_to_be_a_picture_is_refused() {
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let mut huge = picture(ImageFormat::Png, 8);
    huge.resize(10 * 1024 * 1024 + 1, 0);
    let webp = picture(ImageFormat::WebP, 8);
    for (what, name, bytes, expected) in [
        ("an SVG", "cover.svg", &svg[..], None),
        ("an SVG that says JPEG", "cover.jpg", &svg[..], None),
        ("HTML", "cover.png", b"<html>", None),
        ("too many bytes", "cover.png", &huge, None),
        ("too many pixels", "cover.png", &picture(ImageFormat::Png, 6001), None),
        ("nothing", "cover.jpg", b"", None),
        ("a WebP that says PNG", "cover.png", &webp, Some("image/webp")),
    ] {
        let house = House::new().await;
        house.write_bytes(name, bytes);
        house.write("a.flac", "a||", "x");
        house.scan().await;
        let media_type = cover_of(&house, "a").await.map(|cover| cover.media_type);
        assert_eq!(media_type.as_deref(), expected, "{what}");
    }
}

#[tokio::test]
async fn a_picture_that_comes_changes_or_goes_is_seen_by_the_next_scan() {
    let house = House::new().await;
    house.write("x/a.flac", "a||", "x");
    house.write("y/b.flac", "b||", "y");
    house.scan().await;
    assert_eq!(cover_of(&house, "a").await, None);
    let (first, second) = (picture(ImageFormat::Png, 8), picture(ImageFormat::Jpeg, 8));
    house.write_bytes("x/cover.png", &first);
    assert_eq!(house.scan().await.read, 1, "the other folder is left alone");
    assert_eq!(cover_of(&house, "a").await.unwrap().bytes, first);
    assert_eq!(cover_of(&house, "b").await, None);
    assert_eq!(house.scan().await.read, 0);
    house.write_bytes("x/cover.jpg", &second);
    let changed = [house.path("x/cover.jpg")];
    assert_eq!(house.library.scan_changed(&changed).await.unwrap().read, 1);
    assert_eq!(cover_of(&house, "a").await.unwrap().bytes, second);
    house.remove("x/cover.jpg");
    house.remove("x/cover.png");
    assert_eq!(house.scan().await.read, 1);
    assert_eq!(cover_of(&house, "a").await, None);
}

#[tokio::test]
async fn a_compilation_is_one_album() {
    let house = House::new().await;
    for (name, tags) in [("1", "1|Ann|Hits"), ("2", "2|Bob|Hits"), ("CD2/3", "3|Cy|Hits")] {
        house.write(&format!("x/{name}.flac"), tags, name);
    }
    house.scan().await;
    let albums: Vec<_> = house.tracks().await.into_iter().map(|track| track.album_id).collect();
    assert!(albums.iter().all(|album| *album == albums[0]), "{albums:?}");
    let album = house.store.album(albums[0].unwrap()).await.unwrap().unwrap();
    assert_eq!((album.artist.as_str(), album.track_count), ("Various Artists", 3));
}
