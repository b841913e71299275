//! What is SQLite's own: the file, its mode, what survives a reopening, and what a broken one says.

use std::sync::Arc;

use quicksync_store::{SqliteStore, Store, StoreError, StoreOptions};

use crate::samples::{file, new_user};

async fn open(path: &std::path::Path) -> Result<SqliteStore, StoreError> {
    SqliteStore::open(path, StoreOptions::default()).await
}

#[tokio::test]
async fn rows_survive_a_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quicksync.db");
    let store = open(&path).await.unwrap();
    let secret = store.secret("ticket", &|| [7; 32]).await.unwrap();
    use quicksync_store::{AccountStore, LibraryStore};
    store.create_user(new_user("ann", true)).await.unwrap();
    store.put_files(&[file("a", "Ann/Best/Song")]).await.unwrap();
    store.close().await;
    assert!(store.user_count().await.is_err(), "closed");

    let store = open(&path).await.unwrap();
    assert_eq!(store.user_count().await.unwrap(), 1);
    assert_eq!(store.counts().await.unwrap().tracks, 1);
    assert_eq!(store.secret("ticket", &|| [8; 32]).await.unwrap(), secret);
    assert_eq!(store.secret("other", &|| [8; 32]).await.unwrap(), [8; 32]);
    store.check().await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quicksync.db");
    std::fs::write(&path, "").unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    let store = open(&path).await.unwrap();
    store.check().await.unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
    }
}

#[tokio::test]
async fn what_is_no_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quicksync.db");
    let text = "this is not a database, it only sits where one should be\n".repeat(100);
    std::fs::write(&path, &text).unwrap();
    assert!(matches!(open(&path).await, Err(StoreError::Failed(_))));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    let nowhere = folder.path().join("no/such/folder/quicksync.db");
    assert!(matches!(open(&nowhere).await, Err(StoreError::Failed(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn callers_at_once_get_one_secret() {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open_in_memory().await.unwrap());
    let tasks: Vec<_> = (0..8_u8)
        .map(|n| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.secret("key", &|| [n; 32]).await.unwrap() })
        })
        .collect();
    let mut secrets = std::collections::HashSet::new();
    for task in tasks {
        secrets.insert(task.await.unwrap());
    }
    assert_eq!(secrets.len(), 1);
}

#[tokio::test]
async fn another_process_that_writes_for_long_is_busy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quicksync.db");
    let busy_timeout = std::time::Duration::from_millis(1);
    let options = StoreOptions { busy_timeout, ..StoreOptions::default() };
    let ours = open(&path).await.unwrap();
    drop(ours);
    let other =
        sqlx::SqlitePool::connect_with(sqlx::sqlite::SqliteConnectOptions::new().filename(&path))
            .await
            .unwrap();
    let held = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let opened = SqliteStore::open(&path, options).await;
    let answer = match opened {
        Ok(store) => store.check().await,
        Err(error) => Err(error),
    };
    assert!(matches!(answer, Err(StoreError::Busy)), "{answer:?}");
    drop(held);
}

#[tokio::test]
async fn a_full_disk_is_said_to_be_one_and_reads_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quicksync.db");
    // SQLite's own limit fails as a full disk does.
    let options = StoreOptions { max_bytes: Some(1 << 20), ..StoreOptions::default() };
    let store = SqliteStore::open(&path, options).await.unwrap();
    use quicksync_store::LibraryStore;
    store.put_files(&[file("a", "Ann/Best/Song")]).await.unwrap();
    let mut large = file("b", "Ann/Best/Tune");
    large.cover = Some(([1; 32], "image/png".into(), vec![0; 1 << 20]));
    assert!(matches!(store.put_files(&[large]).await, Err(StoreError::DiskFull)));
    assert_eq!(store.counts().await.unwrap().tracks, 1, "nothing half-written");
    store.put_files(&[file("c", "Ann/Best/Small")]).await.unwrap();
    store.check().await.unwrap();
    assert_eq!(store.counts().await.unwrap().tracks, 2, "what fits is taken again");
}
