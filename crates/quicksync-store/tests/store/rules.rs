//! Rules: for all devices of a user and for one; partial changes meet and both take effect.

use quicksync_model::{Mode, NetworkKind, Quality};
use quicksync_store::{BudgetCounts, BudgetRow, Declaration, RuleRow};
use uuid::Uuid;

use crate::empty_store;
use crate::samples::user;

const PHONE: Uuid = Uuid::from_u128(1);

#[tokio::test]
async fn rules_are_kept_by_user_and_device() {
    let store = empty_store().await;
    let [ann, bob] = [user(&store, "ann").await, user(&store, "bob").await];
    assert_eq!(store.rules(ann.id, None).await.unwrap(), RuleRow::default());
    let whole = RuleRow {
        mode: Some(Mode::Auto),
        prefer_quality: Some(false),
        adapt_to_system: Some(true),
        auto_download_quality: Some(true),
        cap_wifi: Some(Quality::Ultra),
        cap_cellular: Some(Quality::Low),
        cap_ethernet: Some(Quality::High),
        cap_unknown: Some(Quality::Medium),
        cap_metered: Some(Quality::Low),
        download_quality: Some(Quality::High),
        offline_quality: Some(Quality::Medium),
        budget: Some(BudgetRow { bytes: 1 << 33, day: 28, counts: BudgetCounts::All }),
    };
    let kept = store.change_rules(ann.id, Some(PHONE), &|_| whole).await.unwrap();
    assert_eq!(kept, whole);
    assert_eq!(store.rules(ann.id, Some(PHONE)).await.unwrap(), whole);
    let caps = NetworkKind::ALL.map(|kind| whole.cap(kind));
    let expected = [Quality::Ultra, Quality::Low, Quality::High, Quality::Medium].map(Some);
    assert_eq!(caps, expected);
    let changed = store
        .change_rules(ann.id, None, &|row| RuleRow { cap_wifi: Some(Quality::Low), ..row })
        .await
        .unwrap();
    assert_eq!(changed, RuleRow { cap_wifi: Some(Quality::Low), ..RuleRow::default() });
    assert_eq!(store.rules(bob.id, Some(PHONE)).await.unwrap(), RuleRow::default());
    let all = store.all_rules(ann.id).await.unwrap();
    assert_eq!(all, [(None, changed), (Some(PHONE), whole)]);
}

#[tokio::test]
async fn changes_at_once_both_take_effect() {
    let store = empty_store().await;
    let ann = user(&store, "ann").await.id;
    let cap = |row: RuleRow| RuleRow { cap_cellular: Some(Quality::Low), ..row };
    let mode = |row: RuleRow| RuleRow { mode: Some(Mode::Auto), ..row };
    let (a, b) = tokio::join!(
        store.change_rules(ann, Some(PHONE), &cap),
        store.change_rules(ann, Some(PHONE), &mode)
    );
    a.unwrap();
    b.unwrap();
    let row = store.rules(ann, Some(PHONE)).await.unwrap();
    assert_eq!((row.mode, row.cap_cellular), (Some(Mode::Auto), Some(Quality::Low)));
}

#[tokio::test]
async fn a_forgotten_device_has_no_rules() {
    let store = empty_store().await;
    let ann = user(&store, "ann").await.id;
    store.see_device(ann, PHONE, "phone", Declaration::default(), 1).await.unwrap();
    let mode = |row: RuleRow| RuleRow { mode: Some(Mode::Auto), ..row };
    store.change_rules(ann, Some(PHONE), &mode).await.unwrap();
    store.change_rules(ann, None, &mode).await.unwrap();
    store.delete_device(ann, PHONE).await.unwrap();
    assert_eq!(store.rules(ann, Some(PHONE)).await.unwrap(), RuleRow::default());
    assert_eq!(store.all_rules(ann).await.unwrap().len(), 1);
    store.delete_user_data(ann).await.unwrap();
    assert_eq!(store.all_rules(ann).await.unwrap(), []);
}
