//! Users and credentials: who may be, and what dies with whom.

use quicksync_model::Mode;
use quicksync_store::{
    CredentialKind, CredentialRow, Declaration, NewCredential, PreferencePatch, PreferenceRow,
    StoreError,
};
use uuid::Uuid;

use crate::samples::{new_user, user};
use crate::{SharedStore, empty_store};

async fn credential(store: &SharedStore, user_id: Uuid, byte: u8, token: bool) -> CredentialRow {
    let kind = if token { CredentialKind::Token } else { CredentialKind::Login };
    let new = NewCredential {
        user_id,
        kind,
        name: format!("credential {byte}"),
        secret_hash: [byte; 32],
        created_us: i64::from(byte),
        expires_us: token.then_some(99),
    };
    store.create_credential(new).await.unwrap()
}

#[tokio::test]
async fn names_are_unique_without_case() {
    let store = empty_store().await;
    let made = user(&store, "Ann").await;
    assert!(matches!(store.create_user(new_user("aNN", true)).await, Err(StoreError::Conflict(_))));
    user(&store, "bob").await;
    assert_eq!(store.user_by_name("ANN").await.unwrap(), Some(made.clone()));
    assert_eq!(store.user(made.id).await.unwrap(), Some(made.clone()));
    assert_eq!(store.user_by_name("nobody").await.unwrap(), None);
    assert_eq!(store.user(Uuid::nil()).await.unwrap(), None);
    let names: Vec<String> = store.users().await.unwrap().into_iter().map(|u| u.name).collect();
    assert_eq!(names, ["Ann", "bob"]);
    assert_eq!(store.user_count().await.unwrap(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_first_users_one_is_made() {
    let store = empty_store().await;
    let tasks: Vec<_> = (0..16)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move {
                store.create_first_user(new_user(&format!("user {n}"), true)).await.unwrap()
            })
        })
        .collect();
    let mut made = Vec::new();
    for task in tasks {
        made.extend(task.await.unwrap());
    }
    assert_eq!(made.len(), 1);
    assert_eq!(store.users().await.unwrap(), made);
}

#[tokio::test]
async fn a_password_change_ends_other_logins_only() {
    let store = empty_store().await;
    let [ann, bob] = [user(&store, "ann").await, user(&store, "bob").await];
    let kept = credential(&store, ann.id, 1, false).await;
    let ended = credential(&store, ann.id, 2, false).await;
    let token = credential(&store, ann.id, 3, true).await;
    let others = credential(&store, bob.id, 4, false).await;
    assert!(store.set_password(ann.id, "new", Some(kept.id)).await.unwrap());
    assert_eq!(store.user(ann.id).await.unwrap().unwrap().password_hash, "new");
    for (row, lives) in [(&kept, true), (&ended, false), (&token, true), (&others, true)] {
        assert_eq!(store.credential(row.id).await.unwrap().is_some(), lives, "{}", row.name);
    }
    assert!(store.set_password(ann.id, "newer", None).await.unwrap());
    assert!(store.credential(kept.id).await.unwrap().is_none());
    assert!(!store.set_password(Uuid::nil(), "new", None).await.unwrap());
}

#[tokio::test]
async fn credentials_are_found_by_kind_and_secret() {
    let store = empty_store().await;
    let [ann, bob] = [user(&store, "ann").await, user(&store, "bob").await];
    let login = credential(&store, ann.id, 1, false).await;
    let token = credential(&store, ann.id, 2, true).await;
    let newer = credential(&store, ann.id, 3, true).await;
    assert_eq!((token.expires_us, login.expires_us), (Some(99), None));
    let by_hash = |kind, byte| {
        let store = store.clone();
        async move { store.credential_by_hash(kind, &[byte; 32]).await.unwrap() }
    };
    assert_eq!(by_hash(CredentialKind::Token, 2).await, Some((token.clone(), ann.clone())));
    assert_eq!(by_hash(CredentialKind::Login, 2).await, None, "a token is no login");
    assert_eq!(by_hash(CredentialKind::Token, 9).await, None);
    let tokens = store.credentials(ann.id, CredentialKind::Token).await.unwrap();
    assert_eq!(tokens, [newer, token.clone()], "newest first");
    assert_eq!(store.credentials(bob.id, CredentialKind::Token).await.unwrap(), []);

    store.touch_credential(token.id, 500).await.unwrap();
    store.touch_credential(token.id, 400).await.unwrap();
    assert_eq!(store.credential(token.id).await.unwrap().unwrap().0.last_used_us, 500);

    assert!(!store.delete_credential(bob.id, token.id).await.unwrap(), "not theirs");
    assert!(store.delete_credential(ann.id, token.id).await.unwrap());
    assert!(!store.delete_credential(ann.id, token.id).await.unwrap());
    assert_eq!(by_hash(CredentialKind::Token, 2).await, None);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let store = empty_store().await;
    let root = store.create_first_user(new_user("root", true)).await.unwrap().unwrap();
    let ann = user(&store, "ann").await;
    assert!(matches!(store.delete_user(root.id).await, Err(StoreError::Conflict(_))));
    assert!(store.delete_user(ann.id).await.unwrap(), "not an administrator");
    let second = store.create_user(new_user("second", true)).await.unwrap();
    assert!(store.delete_user(root.id).await.unwrap());
    assert!(!store.delete_user(root.id).await.unwrap(), "gone already");
    assert!(matches!(store.delete_user(second.id).await, Err(StoreError::Conflict(_))));
}

#[tokio::test]
async fn everything_of_a_deleted_user_goes() {
    let store = empty_store().await;
    let [ann, bob] = [user(&store, "ann").await, user(&store, "bob").await];
    let device = Uuid::from_u128(1);
    let manual = PreferencePatch {
        mode: Some(Mode::Manual(quicksync_model::Quality::Low)),
        ..PreferencePatch::default()
    };
    let mut logins = Vec::new();
    for (byte, owner) in [(1, &ann), (2, &bob)] {
        logins.push(credential(&store, owner.id, byte, false).await);
        store.see_device(owner.id, device, "phone", Declaration::default(), 5).await.unwrap();
        store.update_preferences(owner.id, manual).await.unwrap();
        let sample = crate::network::sample(owner.id, device, 5);
        store.add_samples(&[sample], 10).await.unwrap();
    }
    assert!(store.delete_user(ann.id).await.unwrap());
    for (owner, login, rows) in [(&ann, &logins[0], 0), (&bob, &logins[1], 1)] {
        let name = &owner.name;
        assert_eq!(store.devices(owner.id).await.unwrap().len(), rows, "{name}");
        assert_eq!(store.samples(owner.id, None, 0, 9).await.unwrap().len(), rows, "{name}");
        assert_eq!(store.credential(login.id).await.unwrap().is_some(), rows == 1, "{name}");
        let is_default = store.preferences(owner.id).await.unwrap() == PreferenceRow::default();
        assert_eq!(is_default, rows == 0, "{name}");
    }
}
