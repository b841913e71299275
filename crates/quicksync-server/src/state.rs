//! What every request may reach, gathered once.
//!
//! Decides: nothing. Never: a clock, a file or a secret it was not given.

use std::sync::Arc;

use quicksync_library::Library;
use quicksync_model::Timestamp;
use quicksync_store::{Store, StoreError};

use tokio::sync::Semaphore;

use crate::auth::{Auth, random_secret};
use crate::environment::random_key;
use crate::media::Playables;
use crate::quick_sync::Limits;
use crate::tickets::TicketKey;
use crate::{Clock, Entropy, SegmentSource, Sensing, ServerConfig, WebFiles};

/// Images scaled at once.
const IMAGES_AT_ONCE: usize = 2;

/// What a server is made of.
#[derive(Debug)]
pub struct ServerParts {
    /// Its place in the network.
    pub config: ServerConfig,
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// The running library.
    pub library: Library,
    /// Where segments come from.
    pub segments: Arc<dyn SegmentSource>,
    /// What is known of every listener's network, and of this host.
    pub sensing: Arc<Sensing>,
    /// The files of the web app, where the binary carries it.
    pub web: Option<Arc<dyn WebFiles>>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness fit for secrets.
    pub entropy: Arc<dyn Entropy>,
}

/// A server's state. Clones share it.
#[derive(Clone, Debug)]
pub struct ServerState(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    parts: ServerParts,
    auth: Auth,
    ticket_key: TicketKey,
    network_salt: [u8; 32],
    limits: Limits,
    scaling: Semaphore,
    playables: Playables,
}

impl ServerState {
    /// Puts a server together. Where there is no user yet, a one-time setup secret is made: see
    /// [`setup_link`](Self::setup_link).
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn new(parts: ServerParts) -> Result<Self, StoreError> {
        let entropy = Arc::clone(&parts.entropy);
        let create = move || random_key(&*entropy);
        let ticket_key = TicketKey::new(&parts.store.secret("media_ticket", &create).await?);
        let network_salt = parts.store.secret("network_salt", &create).await?;
        let setup = match parts.store.user_count().await? {
            0 => Some(random_secret("", &*parts.entropy).0),
            _ => None,
        };
        let auth = Auth::new(setup, &*parts.entropy);
        let limits = Limits::default();
        let scaling = Semaphore::new(IMAGES_AT_ONCE);
        let playables = Playables::default();
        let inner = Inner { parts, auth, ticket_key, network_salt, limits, scaling, playables };
        Ok(Self(Arc::new(inner)))
    }

    /// The link that makes the first administrator, once; `None` where there is a user already.
    #[must_use]
    pub fn setup_link(&self) -> Option<String> {
        let secret = self.auth().setup.secret()?;
        Some(self.config().public_url.absolute(&format!("/setup#{secret}")))
    }

    /// The server's place in the network.
    #[must_use]
    pub fn config(&self) -> &ServerConfig {
        &self.0.parts.config
    }

    /// Where everything is kept.
    #[must_use]
    pub fn store(&self) -> &dyn Store {
        &*self.0.parts.store
    }

    /// The running library.
    #[must_use]
    pub fn library(&self) -> &Library {
        &self.0.parts.library
    }

    /// Where segments come from.
    #[must_use]
    pub fn segments(&self) -> &dyn SegmentSource {
        &*self.0.parts.segments
    }

    /// What is known of every listener's network, and of this host.
    #[must_use]
    pub fn sensing(&self) -> &Arc<Sensing> {
        &self.0.parts.sensing
    }

    pub(crate) fn web(&self) -> Option<&dyn WebFiles> {
        self.0.parts.web.as_deref()
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.0.parts.clock)
    }

    /// What keys the hashes of networks: without it they cannot be tried out.
    pub(crate) fn network_salt(&self) -> &[u8; 32] {
        &self.0.network_salt
    }

    /// What was asked for lately.
    pub(crate) fn playables(&self) -> &Playables {
        &self.0.playables
    }

    /// Who may scale an image now.
    pub(crate) fn scaling(&self) -> &Semaphore {
        &self.0.scaling
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// The present instant, in Unix time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    /// Randomness fit for secrets.
    #[must_use]
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.0.parts.entropy
    }

    pub(crate) fn auth(&self) -> &Auth {
        &self.0.auth
    }

    pub(crate) fn ticket_key(&self) -> &TicketKey {
        &self.0.ticket_key
    }
}
