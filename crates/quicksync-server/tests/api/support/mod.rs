//! What every test stands on: a server without a socket, and a client that checks what every answer
//! must have.

mod client;
mod fakes;
mod library;

use std::sync::Arc;

use quicksync_library::Library;
use quicksync_sense::{CdnProbe, HostReading, ProbeConfig};
use quicksync_server::{
    AllowedOrigin, App, PublicUrl, Sensing, ServerConfig, ServerParts, ServerState, WebFiles,
    hash_password, random_secret,
};
use quicksync_store::{
    AccountStore, CredentialKind, NewCredential, NewUser, SqliteStore, Store, UserRow,
};
use tokio::sync::watch;

pub(crate) use client::{Answer, Call, rest};
pub(crate) use fakes::{FakeSegments, NoDecoder, SeededEntropy, TestClock};
pub(crate) use library::{Track, put_files, put_track};

/// The password of every user of these tests.
pub(crate) const PASSWORD: &str = "correct horse";
/// The public address of the server under test.
pub(crate) const ORIGIN: &str = "https://music.example";

/// A server under test and what it was made of.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) state: ServerState,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) segments: Arc<FakeSegments>,
    pub(crate) host: watch::Sender<HostReading>,
    pub(crate) entropy: Arc<SeededEntropy>,
    app: App,
}

/// What a test may choose of its world.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) config: ServerConfig,
    pub(crate) probe: ProbeConfig,
    pub(crate) host: HostReading,
    pub(crate) web: Option<Arc<dyn WebFiles>>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            config: ServerConfig {
                public_url: PublicUrl::parse(ORIGIN).unwrap(),
                follows_host: false,
                trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
                allowed_origins: vec![AllowedOrigin::parse("https://app.example").unwrap()],
                history_days: quicksync_server::HISTORY_DAYS,
            },
            probe: ProbeConfig {
                enabled: false,
                targets: Vec::new(),
                timeout: std::time::Duration::from_secs(5),
            },
            host: HostReading::default(),
            web: None,
        }
    }
}

impl World {
    /// A server nobody has set up, with an empty library and probes off.
    pub(crate) async fn empty() -> Self {
        Self::of(Plan::default()).await
    }

    /// A server as planned.
    pub(crate) async fn of(plan: Plan) -> Self {
        let store = Arc::new(SqliteStore::open_in_memory().await.unwrap());
        Self::over(store, plan).await
    }

    /// A server whose database is this file.
    pub(crate) async fn in_file(path: &std::path::Path) -> Self {
        let options = quicksync_store::StoreOptions::default();
        let store = SqliteStore::open(path, options).await.unwrap();
        Self::over(Arc::new(store), Plan::default()).await
    }

    /// The same database under a new server, with a plan of defaults.
    pub(crate) async fn restarted(&self) -> Self {
        Self::over(Arc::clone(&self.store), Plan::default()).await
    }

    async fn over(store: Arc<SqliteStore>, plan: Plan) -> Self {
        let clock = Arc::new(TestClock::default());
        let segments = Arc::new(FakeSegments::default());
        let entropy = Arc::new(SeededEntropy::default());
        let (host, reading) = watch::channel(plan.host);
        let shared: Arc<dyn Store> = store.clone();
        let parts = ServerParts {
            config: plan.config,
            store: shared.clone(),
            library: Library::new(shared, Arc::new(NoDecoder), Vec::new()),
            segments: segments.clone(),
            sensing: Arc::new(Sensing::new(CdnProbe::new(plan.probe).unwrap(), reading)),
            web: plan.web,
            clock: clock.clone(),
            entropy: entropy.clone(),
        };
        let state = ServerState::new(parts).await.unwrap();
        let app = App::new(&state);
        Self { state, store, clock, segments, host, entropy, app }
    }

    /// Makes a user without going through HTTP.
    pub(crate) async fn user(&self, name: &str, is_admin: bool) -> UserRow {
        self.put_user(name, is_admin, hash_password(PASSWORD, &*self.entropy).unwrap()).await
    }

    /// Makes a user whom no password lets in, which is quicker.
    pub(crate) async fn user_without_password(&self, name: &str, is_admin: bool) -> UserRow {
        self.put_user(name, is_admin, String::new()).await
    }

    async fn put_user(&self, name: &str, is_admin: bool, password_hash: String) -> UserRow {
        let created_us = self.clock.now_us();
        let user = NewUser { name: name.to_owned(), password_hash, is_admin, created_us };
        self.store.create_user(user).await.unwrap()
    }

    /// Makes an API token of a user's, without going through HTTP.
    pub(crate) async fn token(&self, user: &UserRow) -> String {
        self.credential(user, CredentialKind::Token, None).await
    }

    /// Makes a login session or API token.
    pub(crate) async fn credential(
        &self,
        user: &UserRow,
        kind: CredentialKind,
        expires_us: Option<i64>,
    ) -> String {
        let (secret, secret_hash) = random_secret("", &*self.entropy);
        let created_us = self.clock.now_us();
        let name = "test".to_owned();
        let user_id = user.id;
        let new = NewCredential { user_id, kind, name, secret_hash, created_us, expires_us };
        self.store.create_credential(new).await.unwrap();
        secret
    }

    /// A user, and a token of theirs.
    pub(crate) async fn user_with_token(&self, name: &str, is_admin: bool) -> (UserRow, String) {
        let user = self.user_without_password(name, is_admin).await;
        let token = self.token(&user).await;
        (user, token)
    }

    /// What answers.
    pub(crate) fn app(&self) -> App {
        self.app.clone()
    }

    /// A request to be sent.
    pub(crate) fn call(&self, method: &str, path: &str) -> Call {
        Call::new(self.app.clone(), method, path)
    }

    /// A GET to be sent.
    pub(crate) fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }

    /// A POST to be sent.
    pub(crate) fn post(&self, path: &str) -> Call {
        self.call("POST", path)
    }
}
