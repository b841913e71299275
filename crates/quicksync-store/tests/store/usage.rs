//! The ledger adds up by day and kind of network, and is each user's own.

use quicksync_model::NetworkKind::{self, Cellular, Wifi};
use quicksync_store::{Retention, UsageRow};
use uuid::Uuid;

use crate::empty_store;
use crate::samples::user;

const PHONE: Uuid = Uuid::from_u128(1);
const LAPTOP: Uuid = Uuid::from_u128(2);

#[tokio::test]
async fn a_day_adds_up_by_kind_of_network() {
    let store = empty_store().await;
    let [ann, bob] = [user(&store, "ann").await.id, user(&store, "bob").await.id];
    let row = |user_id: Uuid, device_id: Uuid, day: i64, network_kind: NetworkKind| UsageRow {
        user_id,
        device_id,
        day,
        network_kind,
        is_metered: network_kind == Cellular,
        bytes: 100,
        audio_ms: 3840,
    };
    let rows = [
        row(ann, PHONE, 5, Cellular),
        row(ann, PHONE, 5, Cellular),
        row(ann, PHONE, 5, Wifi),
        row(ann, PHONE, 6, Cellular),
        row(ann, LAPTOP, 6, Wifi),
        row(bob, PHONE, 5, Cellular),
        row(Uuid::from_u128(99), PHONE, 5, Cellular),
    ];
    store.add_usage(&rows).await.unwrap();
    let twice = UsageRow { bytes: 200, audio_ms: 7680, ..rows[0] };
    let seen = store.usage(ann, Some(PHONE), 5).await.unwrap();
    assert_eq!(seen, [twice, rows[2], rows[3]]);
    assert_eq!(store.usage(ann, None, 6).await.unwrap(), [rows[3], rows[4]]);
    assert_eq!(store.usage(bob, None, 0).await.unwrap(), [rows[5]]);
    let retention = Retention { history_before_us: 0, usage_before_day: 6 };
    store.forget_older(retention).await.unwrap();
    assert_eq!(store.usage(ann, None, 0).await.unwrap(), [rows[3], rows[4]]);
    assert_eq!(store.usage(bob, None, 0).await.unwrap(), []);
    store.delete_user_data(ann).await.unwrap();
    assert_eq!(store.usage(ann, None, 0).await.unwrap(), []);
}
