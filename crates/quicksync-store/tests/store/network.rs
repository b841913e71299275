//! Devices and throughput samples: bounded, and each user's own.

use quicksync_model::NetworkKind;
use quicksync_store::{Declaration, NewThroughputSample, PreferencePatch, PreferenceRow};
use uuid::Uuid;

use crate::empty_store;
use crate::samples::user;

const PHONE: Uuid = Uuid::from_u128(1);
const LAPTOP: Uuid = Uuid::from_u128(2);

pub(crate) fn sample(user_id: Uuid, device_id: Uuid, measured_us: i64) -> NewThroughputSample {
    NewThroughputSample {
        user_id,
        device_id,
        source: "playback".into(),
        network_kind: NetworkKind::Wifi,
        network_key: [3; 8],
        measured_us,
        bytes: 125_000,
        duration_us: 1_000_000,
        throughput_bps: 1e6,
    }
}

#[tokio::test]
async fn a_device_is_made_once_and_keeps_its_name() {
    let store = empty_store().await;
    let [ann, bob] = [user(&store, "ann").await, user(&store, "bob").await];
    let seen =
        store.see_device(ann.id, PHONE, "Firefox", Declaration::default(), 10).await.unwrap();
    assert_eq!((seen.network_kind, seen.first_seen_us), (NetworkKind::Unknown, 10));
    let wifi = Declaration { network_kind: Some(NetworkKind::Wifi), ..Declaration::default() };
    let again = store.see_device(ann.id, PHONE, "other", wifi, 20).await.unwrap();
    assert_eq!((again.name.as_str(), again.network_kind), ("Firefox", NetworkKind::Wifi));
    assert_eq!((again.first_seen_us, again.last_seen_us), (10, 20));
    let kept = store.see_device(ann.id, PHONE, "other", Declaration::default(), 15).await.unwrap();
    assert_eq!((kept.network_kind, kept.last_seen_us), (NetworkKind::Wifi, 20));

    store.see_device(ann.id, LAPTOP, "laptop", Declaration::default(), 30).await.unwrap();
    store.see_device(bob.id, PHONE, "bob's", Declaration::default(), 40).await.unwrap();
    let ids = |rows: Vec<quicksync_store::DeviceRow>| rows.iter().map(|row| row.id).collect();
    let devices: Vec<Uuid> = ids(store.devices(ann.id).await.unwrap());
    assert_eq!(devices, [LAPTOP, PHONE], "last seen first");

    let renamed = store.rename_device(ann.id, PHONE, "pocket").await.unwrap().unwrap();
    assert_eq!(renamed.name, "pocket");
    assert_eq!(store.devices(bob.id).await.unwrap()[0].name, "bob's");
    assert_eq!(store.rename_device(bob.id, LAPTOP, "mine").await.unwrap(), None);
}

#[tokio::test]
async fn the_oldest_samples_of_a_device_make_room() {
    let store = empty_store().await;
    let ann = user(&store, "ann").await;
    store.add_samples(&[sample(ann.id, LAPTOP, 1)], 3).await.unwrap();
    let latest_first: Vec<_> = (0..1000).map(|n| sample(ann.id, PHONE, 1000 - n)).collect();
    store.add_samples(&latest_first, 3).await.unwrap();
    let kept = store.samples(ann.id, Some(PHONE), 0, 9999).await.unwrap();
    assert!((3..100).contains(&kept.len()), "{} are kept", kept.len());
    assert_eq!(
        kept[..3].iter().map(|row| row.sample.measured_us).collect::<Vec<_>>(),
        [1000, 999, 998]
    );
    assert_eq!(store.samples(ann.id, Some(LAPTOP), 0, 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn samples_are_each_users_own() {
    let store = empty_store().await;
    let [ann, bob] = [user(&store, "ann").await, user(&store, "bob").await];
    let mixed = [
        sample(ann.id, PHONE, 4),
        sample(ann.id, PHONE, 5),
        sample(ann.id, PHONE, 3),
        sample(ann.id, LAPTOP, 1),
        sample(bob.id, PHONE, 1),
        sample(Uuid::nil(), PHONE, 1),
    ];
    store.add_samples(&mixed, 9).await.unwrap();

    let measured = |device, since, limit| {
        let store = store.clone();
        async move {
            let rows = store.samples(ann.id, device, since, limit).await.unwrap();
            rows.iter().map(|row| row.sample.measured_us).collect::<Vec<_>>()
        }
    };
    assert_eq!(measured(Some(PHONE), 0, 9).await, [5, 4, 3]);
    assert_eq!(measured(None, 0, 9).await, [5, 4, 3, 1]);
    assert_eq!(measured(None, 4, 9).await, [5, 4]);
    assert_eq!(measured(None, 0, 1).await, [5]);
    let kept = store.samples(bob.id, None, 0, 9).await.unwrap();
    assert_eq!(kept[0].sample, sample(bob.id, PHONE, 1));

    assert_eq!(store.delete_samples(ann.id, Some(PHONE)).await.unwrap(), 3);
    assert_eq!(store.delete_samples(ann.id, None).await.unwrap(), 1);
    assert_eq!(store.samples(bob.id, None, 0, 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_rate_that_is_no_number_does_not_lose_the_batch() {
    let store = empty_store().await;
    let ann = user(&store, "ann").await;
    let absurd = NewThroughputSample { throughput_bps: f64::NAN, ..sample(ann.id, PHONE, 1) };
    store.add_samples(&[absurd, sample(ann.id, PHONE, 2)], 9).await.unwrap();
    assert_eq!(store.samples(ann.id, None, 0, 9).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_user_deletes_a_device_or_everything() {
    let store = empty_store().await;
    let [ann, bob] = [user(&store, "ann").await, user(&store, "bob").await];
    for owner in [&ann, &bob] {
        for device in [PHONE, LAPTOP] {
            store.see_device(owner.id, device, "device", Declaration::default(), 1).await.unwrap();
            store.add_samples(&[sample(owner.id, device, 1)], 9).await.unwrap();
        }
        let patch = PreferencePatch { prefer_quality: Some(false), ..PreferencePatch::default() };
        store.update_preferences(owner.id, patch).await.unwrap();
    }
    assert!(store.delete_device(ann.id, PHONE).await.unwrap());
    assert!(!store.delete_device(ann.id, PHONE).await.unwrap());
    assert_eq!(store.samples(ann.id, None, 0, 9).await.unwrap().len(), 1);
    store.delete_user_data(ann.id).await.unwrap();
    assert_eq!(store.devices(ann.id).await.unwrap(), []);
    assert_eq!(store.samples(ann.id, None, 0, 9).await.unwrap(), []);
    assert_eq!(store.preferences(ann.id).await.unwrap(), PreferenceRow::default());
    assert!(store.user(ann.id).await.unwrap().is_some(), "the account stays");
    assert_eq!(store.devices(bob.id).await.unwrap().len(), 2);
    assert_eq!(store.samples(bob.id, None, 0, 9).await.unwrap().len(), 2);
    assert!(!store.preferences(bob.id).await.unwrap().prefer_quality);
}
