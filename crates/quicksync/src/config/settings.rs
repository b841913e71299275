//! The configuration keys as flags and environment variables.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;
use ipnet::IpNet;
use url::Url;

use super::file::FileSettings;

/// Keys that every command with a database needs.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct StoreSettings {
    /// TOML file with any of the configuration keys.
    #[arg(long, value_name = "FILE", env = "QUICKSYNC_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Folder for accounts, preferences and encoded segments [default: the user's data folder].
    #[arg(long, value_name = "DIR", env = "QUICKSYNC_DATA")]
    pub(crate) data: Option<PathBuf>,
    /// The database, as sqlite:PATH [default: in the data folder].
    #[arg(long, value_name = "URL", env = "QUICKSYNC_DATABASE_URL")]
    pub(crate) database_url: Option<String>,
}

/// Every key.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Settings {
    #[command(flatten)]
    pub(crate) store: StoreSettings,
    /// Folders of music [env: QUICKSYNC_MUSIC, separated by colons].
    #[arg(long, value_name = "DIR", num_args = 1..)]
    pub(crate) music: Vec<PathBuf>,
    /// Address to accept connections on; port 0 picks a free one [default: 127.0.0.1:4040].
    #[arg(long, value_name = "ADDR", env = "QUICKSYNC_LISTEN")]
    pub(crate) listen: Option<SocketAddr>,
    /// Address listeners use: scheme, host and path prefix [default: http:// and the address].
    #[arg(long, value_name = "URL", env = "QUICKSYNC_PUBLIC_URL")]
    pub(crate) public_url: Option<String>,
    /// Networks of reverse proxies whose X-Forwarded-For is believed, separated by commas.
    #[arg(long, value_name = "NETS", env = "QUICKSYNC_TRUSTED_PROXIES", value_delimiter = ',',
        value_parser = network)]
    pub(crate) trusted_proxies: Option<Vec<IpNet>>,
    /// Origins of other sites that may call the interface with a token, separated by commas.
    #[arg(long, value_name = "ORIGINS", env = "QUICKSYNC_ALLOWED_ORIGINS", value_delimiter = ',')]
    pub(crate) allowed_origins: Option<Vec<String>>,
    /// Where encoded segments are kept, as file:PATH [default: in the data folder].
    #[arg(long, value_name = "URL", env = "QUICKSYNC_SEGMENTS_URL")]
    pub(crate) segments_url: Option<String>,
    /// Whether the server may test its own connection by a download [default: true].
    #[arg(long, value_name = "BOOL", env = "QUICKSYNC_PROBE_ENABLED")]
    pub(crate) probe_enabled: Option<bool>,
    /// What that test downloads, separated by commas [default: speed.cloudflare.com, 1 MB].
    #[arg(long, value_name = "URLS", env = "QUICKSYNC_PROBE_TARGETS", value_delimiter = ',')]
    pub(crate) probe_targets: Option<Vec<Url>>,
    /// Deadline of that test, in seconds [default: 5].
    #[arg(long, value_name = "SECONDS", env = "QUICKSYNC_PROBE_TIMEOUT_S")]
    pub(crate) probe_timeout_s: Option<f64>,
    /// Bytes of encoded segments kept in memory [default: 512 MiB].
    #[arg(long, value_name = "BYTES", env = "QUICKSYNC_CACHE_MEMORY_BYTES")]
    pub(crate) cache_memory_bytes: Option<u64>,
    /// Bytes of encoded segments kept on disk [default: 32 GiB].
    #[arg(long, value_name = "BYTES", env = "QUICKSYNC_CACHE_DISK_BYTES")]
    pub(crate) cache_disk_bytes: Option<u64>,
    /// Segments encoded at once [default: one per processor].
    #[arg(long, value_name = "COUNT", env = "QUICKSYNC_ENCODE_WORKERS")]
    pub(crate) encode_workers: Option<NonZeroUsize>,
    /// Days that measurements of listeners' networks are kept [default: 182].
    #[arg(long, value_name = "DAYS", env = "QUICKSYNC_HISTORY_DAYS")]
    pub(crate) history_days: Option<u32>,
}

impl Settings {
    /// These, and where they say nothing, the file's.
    pub(super) fn or(self, file: FileSettings) -> Self {
        Self {
            store: self.store,
            music: self.music,
            listen: self.listen.or(file.listen),
            public_url: self.public_url.or(file.public_url),
            trusted_proxies: self.trusted_proxies.or(file.trusted_proxies),
            allowed_origins: self.allowed_origins.or(file.allowed_origins),
            segments_url: self.segments_url.or(file.segments_url),
            probe_enabled: self.probe_enabled.or(file.probe.enabled),
            probe_targets: self.probe_targets.or(file.probe.targets),
            probe_timeout_s: self.probe_timeout_s.or(file.probe.timeout_s),
            cache_memory_bytes: self.cache_memory_bytes.or(file.cache.memory_bytes),
            cache_disk_bytes: self.cache_disk_bytes.or(file.cache.disk_bytes),
            encode_workers: self.encode_workers.or(file.encode.workers),
            history_days: self.history_days.or(file.history.days),
        }
    }
}

/// A network in CIDR notation, or one address.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| format!("{text:?} is neither an address nor a network such as 10.0.0.0/8"))
}
