//! What the administrator chose: flags before environment before file before defaults.
//!
//! Every bad value is refused here, with its key named; what comes out needs no more checking.

mod file;
mod settings;
#[cfg(test)]
mod tests;

use std::env;
use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use ipnet::IpNet;
use url::Url;

use crate::failure::Refusal;
pub(crate) use settings::{Settings, StoreSettings};

/// Where a listener of the same machine looks first.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 4040);
/// The documented test file of one megabyte.
const PROBE_TARGET: &str = "https://speed.cloudflare.com/__down?bytes=1000000";
/// The documented deadline of a probe.
const PROBE_TIMEOUT_S: f64 = 5.0;
/// Two hours of all four rungs.
const MEMORY_BYTES: u64 = 512 * 1024 * 1024;
/// About 140 hours of all four rungs.
const DISK_BYTES: u64 = 32 * 1024 * 1024 * 1024;

/// Everything the server needs to know before it starts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Config {
    /// Where to accept connections.
    pub(crate) listen: SocketAddr,
    /// The address listeners use, if it is not the one we listen on.
    pub(crate) public_url: Option<String>,
    /// Networks of reverse proxies whose word on the client's address is taken.
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// Origins of other sites whose scripts may call the interface.
    pub(crate) allowed_origins: Vec<String>,
    /// Where everything of ours is kept.
    pub(crate) data: PathBuf,
    /// The music folders.
    pub(crate) music: Vec<PathBuf>,
    /// The SQLite database.
    pub(crate) database: PathBuf,
    /// The folder of encoded segments.
    pub(crate) segments: PathBuf,
    /// The server's own test of its network.
    pub(crate) probe: ProbeSettings,
    /// Bytes of segments kept in memory.
    pub(crate) cache_memory_bytes: u64,
    /// Bytes of segments kept on disk.
    pub(crate) cache_disk_bytes: u64,
    /// Segments encoded at once.
    pub(crate) encode_workers: NonZeroUsize,
    /// How many days measurements of listeners' networks are kept.
    pub(crate) history_days: u32,
}

/// The server's own test of its network.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ProbeSettings {
    /// Off: no connection is ever made for it.
    pub(crate) enabled: bool,
    /// What to download.
    pub(crate) targets: Vec<Url>,
    /// Deadline of one test.
    pub(crate) timeout: Duration,
}

/// Where commands that only touch accounts find them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StoreConfig {
    /// Where everything of ours is kept.
    pub(crate) data: PathBuf,
    /// The SQLite database.
    pub(crate) database: PathBuf,
}

/// The environment, as far as clap does not read it for us.
#[derive(Debug)]
pub(crate) struct Surroundings {
    /// `QUICKSYNC_MUSIC`, separated like PATH.
    pub(crate) music: Option<OsString>,
    /// `XDG_DATA_HOME`.
    pub(crate) data_home: Option<PathBuf>,
    /// `HOME`.
    pub(crate) home: Option<PathBuf>,
}

impl Surroundings {
    /// This process's.
    pub(crate) fn real() -> Self {
        let path = |name| env::var_os(name).filter(|text| !text.is_empty());
        Self {
            music: path("QUICKSYNC_MUSIC"),
            data_home: path("XDG_DATA_HOME").map(PathBuf::from),
            home: path("HOME").map(PathBuf::from),
        }
    }
}

impl Config {
    /// Puts the layers together.
    pub(crate) fn load(flags: Settings, around: &Surroundings) -> Result<Self> {
        let file = file::read(flags.store.config.as_deref())?;
        let music = music(&flags, around).or_else(|| file.music.clone()).unwrap_or_default();
        let store = store_config(flags.store.clone(), &file, around)?;
        let settings = flags.or(file);
        Ok(Self {
            listen: settings.listen.unwrap_or(LISTEN),
            public_url: settings.public_url,
            trusted_proxies: settings.trusted_proxies.unwrap_or_default(),
            allowed_origins: settings.allowed_origins.unwrap_or_default(),
            segments: segments(settings.segments_url.as_deref(), &store.data)?,
            data: store.data,
            database: store.database,
            music,
            probe: probe(settings.probe_enabled, settings.probe_targets, settings.probe_timeout_s)?,
            cache_memory_bytes: settings.cache_memory_bytes.unwrap_or(MEMORY_BYTES),
            cache_disk_bytes: settings.cache_disk_bytes.unwrap_or(DISK_BYTES),
            encode_workers: settings.encode_workers.unwrap_or_else(processors),
            history_days: settings.history_days.unwrap_or(quicksync_server::HISTORY_DAYS),
        })
    }
}

impl Config {
    /// Refuses to go on without a folder of music.
    pub(crate) fn require_music(&self) -> Result<()> {
        if self.music.is_empty() {
            return Err(refuse("music", "name at least one folder of music, with --music DIR"));
        }
        Ok(())
    }

    /// The part that commands about accounts need too.
    pub(crate) fn store(&self) -> StoreConfig {
        StoreConfig { data: self.data.clone(), database: self.database.clone() }
    }
}

impl StoreConfig {
    /// Puts the layers together.
    pub(crate) fn load(flags: StoreSettings, around: &Surroundings) -> Result<Self> {
        let file = file::read(flags.config.as_deref())?;
        store_config(flags, &file, around)
    }
}

/// A refusal of one key's value.
fn refuse(key: &str, sentence: &str) -> anyhow::Error {
    Refusal::Usage(format!("{key}: {sentence}")).into()
}

fn processors() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

fn music(flags: &Settings, around: &Surroundings) -> Option<Vec<PathBuf>> {
    let given = (!flags.music.is_empty()).then(|| flags.music.clone());
    given.or_else(|| around.music.as_ref().map(|list| env::split_paths(list).collect()))
}

fn store_config(
    flags: StoreSettings,
    file: &file::FileSettings,
    around: &Surroundings,
) -> Result<StoreConfig> {
    let data = match flags.data.or_else(|| file.data.clone()) {
        Some(folder) => folder,
        None => default_data(around)?,
    };
    let url = flags.database_url.or_else(|| file.database_url.clone());
    let database = match url.as_deref() {
        None => data.join("quicksync.db"),
        Some(url) => local_path(url, "sqlite").ok_or_else(|| {
            refuse(
                "database_url",
                &format!("only sqlite:PATH is supported for now, and {url:?} is not that"),
            )
        })?,
    };
    Ok(StoreConfig { data, database })
}

fn default_data(around: &Surroundings) -> Result<PathBuf> {
    let home = || around.home.as_ref().map(|home| home.join(".local/share"));
    around
        .data_home
        .clone()
        .or_else(home)
        .map(|folder| folder.join("quicksync"))
        .ok_or_else(|| refuse("data", "say where to keep accounts and segments, with --data DIR"))
}

fn segments(url: Option<&str>, data: &Path) -> Result<PathBuf> {
    let Some(url) = url else { return Ok(data.join("segments")) };
    local_path(url, "file").ok_or_else(|| {
        refuse(
            "segments_url",
            &format!("only file:PATH is supported for now, and {url:?} is not that"),
        )
    })
}

/// The path of `scheme:PATH` or `scheme://PATH`.
fn local_path(url: &str, scheme: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix(scheme)?.strip_prefix(':')?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    (!path.is_empty()).then(|| PathBuf::from(path))
}

fn probe(
    enabled: Option<bool>,
    targets: Option<Vec<Url>>,
    timeout_s: Option<f64>,
) -> Result<ProbeSettings> {
    let targets = match targets {
        Some(targets) => targets,
        None => vec![Url::parse(PROBE_TARGET)?],
    };
    if let Some(bad) = targets.iter().find(|url| !matches!(url.scheme(), "http" | "https")) {
        return Err(refuse("probe.targets", &format!("{bad} is not an http or https address")));
    }
    let timeout_s = timeout_s.unwrap_or(PROBE_TIMEOUT_S);
    if !(0.1..=60.0).contains(&timeout_s) {
        return Err(refuse("probe.timeout_s", "must be between 0.1 and 60 seconds"));
    }
    Ok(ProbeSettings {
        enabled: enabled.unwrap_or(true),
        targets,
        timeout: Duration::from_secs_f64(timeout_s),
    })
}
