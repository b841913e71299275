//! `serve`: puts the rooms together, says where it listens, and ends when it is asked to.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use quicksync_media::{DiskConfig, Engine, EngineConfig, Place};
use quicksync_sense::{HostReading, HostSampler};
use quicksync_server::serve::{ServeLimits, serve};
use quicksync_server::{
    AllowedOrigin, App, PublicUrl, Sensing, ServerConfig, ServerParts, ServerState, WebFiles,
    keep_house, write_telemetry,
};
use quicksync_store::SqliteStore;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::speedtest;
use crate::cli::ServeArgs;
use crate::config::{Config, Surroundings};
use crate::failure::Refusal;
use crate::output::say;
use crate::rooms::Pools;
use crate::segment_source::EngineSource;
use crate::system::{SystemClock, SystemEntropy, allow_open_files};
use crate::web_files::Embedded;
use crate::{data_dir, rooms};

/// How often the host's load is sampled.
const SAMPLE_EVERY: Duration = Duration::from_secs(5);
/// How long the first sample takes: as documented. Less would take the start itself for a load.
const FIRST_SAMPLE_AFTER: Duration = Duration::from_secs(1);
/// Requests that may wait for one encoder: about a second of encoding.
const WAITING_PER_ENCODER: usize = 32;

/// `quicksync serve`.
pub(crate) async fn run(args: ServeArgs) -> Result<()> {
    let config = Config::load(args.settings, &Surroundings::real())?;
    config.require_music()?;
    allow_open_files();
    data_dir::create(&config.data)?;
    let _lock = data_dir::lock(&config.data)?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener.local_addr().context("cannot learn the address")?;
    let house = House::open(&config, server_config(&config, address)?).await?;
    house.introduce(&config);
    if let Some(path) = &args.ready_file {
        announce(path, address)?;
    }
    let ending = ending()?;
    serve(listener, App::new(&house.state), ServeLimits::default(), ending).await;
    house.close().await;
    Ok(())
}

/// The rooms of a running server.
struct House {
    store: SqliteStore,
    engine: Engine,
    state: ServerState,
    sampling: JoinHandle<()>,
    reading: JoinHandle<()>,
    housekeeping: JoinHandle<()>,
}

impl House {
    async fn open(config: &Config, server: ServerConfig) -> Result<Self> {
        let store = rooms::open_store(&config.store()).await?;
        let pools = Pools::new(config.encode_workers)?;
        pools.start_for_listeners();
        let engine = open_engine(config, &pools).await?;
        let library = rooms::open_library(&store, &pools, config.music.clone());
        let reading = library.start();
        let (host, readings) = watch::channel(HostReading::default());
        let sampler = HostSampler::new("/proc".into(), config.data.clone());
        let sampling = tokio::spawn(sample(sampler, host));
        let probe = speedtest::probe(&config.probe)?;
        let parts = ServerParts {
            config: server,
            store: Arc::new(store.clone()),
            library,
            segments: Arc::new(EngineSource(engine.clone())),
            sensing: Arc::new(Sensing::new(probe, readings)),
            web: Embedded::find_app().map(|files| Arc::new(files) as Arc<dyn WebFiles>),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
        };
        let state = ServerState::new(parts).await.context("cannot put the server together")?;
        let housekeeping = tokio::spawn(keep_house(state.clone()));
        Ok(Self { store, engine, state, sampling, reading, housekeeping })
    }

    /// What a person who just started the server wants to know.
    fn introduce(&self, config: &Config) {
        say(&format!("Quick Sync listens on {}", self.state.config().public_url.absolute("/")));
        if let Some(link) = self.state.setup_link() {
            say(&format!("Make the first user here (this link works once): {link}"));
        }
        if config.probe.enabled {
            let hosts: Vec<_> =
                config.probe.targets.iter().filter_map(|url| url.host_str()).collect();
            say(&format!(
                "The server's own speed test contacts {}; turn it off with --probe-enabled false.",
                hosts.join(", ")
            ));
        }
    }

    async fn close(self) {
        self.reading.abort();
        self.sampling.abort();
        self.housekeeping.abort();
        if let Err(error) = write_telemetry(&self.state).await {
            tracing::warn!(%error, "could not write the last telemetry");
        }
        self.engine.flush().await;
        self.store.close().await;
    }
}

fn server_config(config: &Config, address: SocketAddr) -> Result<ServerConfig> {
    let usage = |error: quicksync_server::ConfigError| Refusal::Usage(error.to_string());
    let public_url =
        config.public_url.clone().unwrap_or_else(|| format!("http://{}", near(address)));
    let origins = config.allowed_origins.iter().map(|origin| AllowedOrigin::parse(origin));
    Ok(ServerConfig {
        public_url: PublicUrl::parse(&public_url).map_err(usage)?,
        follows_host: config.public_url.is_none(),
        trusted_proxies: config.trusted_proxies.clone(),
        allowed_origins: origins.collect::<Result<_, _>>().map_err(usage)?,
        history_days: config.history_days,
    })
}

/// The address as this machine reaches it: "every interface" is no address to connect to.
fn near(address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => ([127, 0, 0, 1], v4.port()).into(),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => {
            ([0, 0, 0, 0, 0, 0, 0, 1], v6.port()).into()
        }
        other => other,
    }
}

async fn open_engine(config: &Config, pools: &Pools) -> Result<Engine> {
    let encoders = config.encode_workers;
    let engine = EngineConfig {
        memory_bytes: config.cache_memory_bytes,
        disk: Some(DiskConfig {
            place: Place::Folder(config.segments.clone()),
            bytes: config.cache_disk_bytes,
        }),
        workers: encoders,
        max_waiting: encoders.get().saturating_mul(WAITING_PER_ENCODER),
        encode_ahead: true,
    };
    Engine::open(engine, Arc::new(pools.decoder())).await.context("cannot start the segment engine")
}

/// Keeps the newest reading of the host's load in `host`, until nobody reads it.
async fn sample(mut sampler: HostSampler, host: watch::Sender<HostReading>) {
    // CPU use is that between two samples: the first is a short one, so that there soon is a figure.
    sampler.sample();
    let mut pause = FIRST_SAMPLE_AFTER;
    while !host.is_closed() {
        tokio::time::sleep(pause).await;
        pause = SAMPLE_EVERY;
        let sampled = tokio::task::spawn_blocking(move || {
            let reading = sampler.sample();
            (sampler, reading)
        });
        let Ok((returned, reading)) = sampled.await else { return };
        sampler = returned;
        host.send_replace(reading);
    }
}

/// Written beside its place and renamed: who reads the file reads all of it.
fn announce(path: &Path, address: SocketAddr) -> Result<()> {
    let unfinished = path.with_extension("unfinished");
    fs::write(&unfinished, format!("{address}\n"))
        .and_then(|()| fs::rename(&unfinished, path))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Done when the system or a person asks the process to end.
fn ending() -> Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot wait for signals")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot wait for signals")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("asked to end: finishing the answers under way");
    })
}
