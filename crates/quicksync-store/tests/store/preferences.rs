//! Preferences: partial updates, together and apart.

use quicksync_model::{Mode, Quality};
use quicksync_store::{PreferencePatch, PreferenceRow};

use crate::empty_store;
use crate::samples::user;

const NONE: PreferencePatch = PreferencePatch {
    mode: None,
    prefer_quality: None,
    adapt_to_system: None,
    auto_download_quality: None,
};

#[tokio::test]
async fn only_the_given_fields_change() {
    let store = empty_store().await;
    let [ann, bob] = [user(&store, "ann").await, user(&store, "bob").await];
    let mut expected = PreferenceRow::default();
    assert_eq!(store.preferences(ann.id).await.unwrap(), expected);
    type Step = (PreferencePatch, fn(&mut PreferenceRow));
    let steps: [Step; 6] = [
        (NONE, |_| {}),
        (PreferencePatch { mode: Some(Mode::Manual(Quality::High)), ..NONE }, |row| {
            row.mode = Mode::Manual(Quality::High);
        }),
        (PreferencePatch { prefer_quality: Some(false), ..NONE }, |row| row.prefer_quality = false),
        (PreferencePatch { adapt_to_system: Some(false), ..NONE }, |row| {
            row.adapt_to_system = false;
        }),
        (PreferencePatch { auto_download_quality: Some(true), ..NONE }, |row| {
            row.auto_download_quality = true;
        }),
        (PreferencePatch { mode: Some(Mode::Auto), ..NONE }, |row| row.mode = Mode::Auto),
    ];
    for (patch, change) in steps {
        change(&mut expected);
        assert_eq!(store.update_preferences(ann.id, patch).await.unwrap(), expected, "{patch:?}");
        assert_eq!(store.preferences(ann.id).await.unwrap(), expected, "{patch:?}");
    }
    assert_eq!(store.preferences(bob.id).await.unwrap(), PreferenceRow::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn updates_at_once_all_take_effect() {
    let store = empty_store().await;
    for round in 0..20 {
        let ann = user(&store, &format!("ann {round}")).await;
        let patches = [
            PreferencePatch { mode: Some(Mode::Manual(Quality::Low)), ..NONE },
            PreferencePatch { prefer_quality: Some(false), ..NONE },
            PreferencePatch { adapt_to_system: Some(false), ..NONE },
            PreferencePatch { auto_download_quality: Some(true), ..NONE },
        ];
        let tasks = patches.map(|patch| {
            let store = store.clone();
            tokio::spawn(async move { store.update_preferences(ann.id, patch).await.unwrap() })
        });
        for task in tasks {
            task.await.unwrap();
        }
        let expected = PreferenceRow {
            mode: Mode::Manual(Quality::Low),
            prefer_quality: false,
            adapt_to_system: false,
            auto_download_quality: true,
        };
        assert_eq!(store.preferences(ann.id).await.unwrap(), expected, "round {round}");
    }
}
