//! Samples rolled up by the hour: exact sums, bounded by age and number, each user's own.

use quicksync_model::NetworkKind;
use quicksync_store::{NewThroughputSample, Retention, TargetRow};
use uuid::Uuid;

use crate::network::sample;
use crate::samples::user;
use crate::{SharedStore, empty_store};

const PHONE: Uuid = Uuid::from_u128(1);
const LAPTOP: Uuid = Uuid::from_u128(2);
const HOUR_US: i64 = 3_600_000_000;

fn at(user: Uuid, device: Uuid, hour: i64, bps: f64) -> NewThroughputSample {
    NewThroughputSample { throughput_bps: bps, ..sample(user, device, hour * HOUR_US + 5) }
}

async fn hours(store: &SharedStore, user: Uuid, device: Option<Uuid>) -> Vec<(i64, u32)> {
    let rows = store.network_hours(user, device, i64::MIN, 10_000).await.unwrap();
    rows.iter().map(|row| (row.hour, row.samples)).collect()
}

#[tokio::test]
async fn an_hour_holds_the_sums_of_its_samples() {
    let store = empty_store().await;
    let ann = user(&store, "ann").await;
    let other_network = NewThroughputSample { network_key: [9; 8], ..at(ann.id, PHONE, 7, 8.0) };
    let probe = NewThroughputSample { source: "server_probe".into(), ..at(ann.id, PHONE, 7, 8.0) };
    let samples = [
        at(ann.id, PHONE, 7, 1024.0),
        at(ann.id, PHONE, 7, 4096.0),
        at(ann.id, PHONE, 8, 2.0),
        other_network,
        probe,
    ];
    store.add_samples(&samples, 99).await.unwrap();
    let rows = store.network_hours(ann.id, None, 7, 99).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.hour).collect::<Vec<_>>(), [8, 7, 7], "newest first");
    let seven = rows.iter().find(|row| row.hour == 7 && row.network_key == [3; 8]).unwrap();
    assert_eq!((seven.samples, seven.bytes), (2, 250_000));
    assert_eq!(seven.network_kind, NetworkKind::Wifi);
    assert!((seven.sum_log2 - 22.0).abs() < 1e-9 && (seven.sum_squares - 244.0).abs() < 1e-9);
    assert_eq!(hours(&store, ann.id, Some(LAPTOP)).await, []);
    assert_eq!(store.network_hours(ann.id, None, 8, 99).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_oldest_hours_make_room_and_age_out() {
    let store = empty_store().await;
    let [ann, bob] = [user(&store, "ann").await, user(&store, "bob").await];
    let many: Vec<_> = (0..1600).map(|hour| at(ann.id, PHONE, hour, 9.0)).collect();
    store.add_samples(&many, 10).await.unwrap();
    store.add_samples(&[at(bob.id, PHONE, 3, 9.0)], 10).await.unwrap();
    let kept = hours(&store, ann.id, None).await;
    assert_eq!((kept.len(), kept[0].0), (1501, 1599));
    assert_eq!(hours(&store, bob.id, None).await, [(3, 1)], "one device's bound is its own");

    let old = Retention { history_before_us: 1590 * HOUR_US, usage_before_day: 0 };
    assert!(store.forget_older(old).await.unwrap() > 1400);
    assert_eq!(hours(&store, ann.id, None).await.len(), 10);
    assert_eq!(store.samples(ann.id, None, i64::MIN, 99).await.unwrap().len(), 10);
    assert_eq!(hours(&store, bob.id, None).await, []);
}

#[tokio::test]
async fn deleted_with_the_samples_the_device_and_the_user() {
    let store = empty_store().await;
    let [ann, bob] = [user(&store, "ann").await, user(&store, "bob").await];
    for device in [PHONE, LAPTOP] {
        for owner in [ann.id, bob.id] {
            store
                .see_device(owner, device, "d", quicksync_store::Declaration::default(), 1)
                .await
                .unwrap();
            store.add_samples(&[at(owner, device, 4, 9.0)], 10).await.unwrap();
        }
    }
    assert_eq!(store.delete_samples(ann.id, Some(PHONE)).await.unwrap(), 1);
    assert_eq!(hours(&store, ann.id, Some(PHONE)).await, []);
    assert!(store.delete_device(ann.id, LAPTOP).await.unwrap());
    assert_eq!(hours(&store, ann.id, None).await, []);
    assert_eq!(hours(&store, bob.id, None).await.len(), 2);
    store.delete_user(bob.id).await.unwrap();
    assert_eq!(hours(&store, bob.id, None).await, []);
    store.add_samples(&[at(bob.id, PHONE, 4, 9.0)], 10).await.unwrap();
    assert_eq!(hours(&store, bob.id, None).await, [], "a deleted user gets no new ones");
}

#[tokio::test]
async fn each_target_has_a_history_of_its_own() {
    let store = empty_store().await;
    let row = |url: &str, at: i64, error: Option<&str>| TargetRow {
        url: url.into(),
        measured_us: at,
        bytes: 10,
        duration_us: 20,
        error: error.map(Into::into),
    };
    for at in 0..5 {
        let rows = [row("https://a", at, None), row("https://b", at, Some("no connection"))];
        store.add_targets(&rows, 3).await.unwrap();
    }
    let kept = store.targets(99).await.unwrap();
    assert_eq!(kept.len(), 6);
    assert_eq!(kept[0], row("https://b", 4, Some("no connection")));
    assert!(kept.iter().all(|row| row.measured_us >= 2));
}
