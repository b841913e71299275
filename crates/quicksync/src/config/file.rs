//! The configuration keys as a TOML file. A key it does not know is an error, not a silence.

use std::fs;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::Result;
use ipnet::IpNet;
use serde::{Deserialize, Deserializer};
use url::Url;

use super::settings::network;
use crate::failure::Refusal;

/// What a file may say.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileSettings {
    pub(super) listen: Option<SocketAddr>,
    pub(super) public_url: Option<String>,
    #[serde(deserialize_with = "networks")]
    pub(super) trusted_proxies: Option<Vec<IpNet>>,
    pub(super) allowed_origins: Option<Vec<String>>,
    pub(super) data: Option<PathBuf>,
    pub(super) music: Option<Vec<PathBuf>>,
    pub(super) database_url: Option<String>,
    pub(super) segments_url: Option<String>,
    pub(super) probe: ProbeTable,
    pub(super) cache: CacheTable,
    pub(super) encode: EncodeTable,
    pub(super) history: HistoryTable,
}

/// `[probe]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ProbeTable {
    pub(super) enabled: Option<bool>,
    #[serde(deserialize_with = "addresses")]
    pub(super) targets: Option<Vec<Url>>,
    pub(super) timeout_s: Option<f64>,
}

/// `[cache]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct CacheTable {
    pub(super) memory_bytes: Option<u64>,
    pub(super) disk_bytes: Option<u64>,
}

/// `[encode]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct EncodeTable {
    pub(super) workers: Option<NonZeroUsize>,
}

/// `[history]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct HistoryTable {
    pub(super) days: Option<u32>,
}

/// Reads the file; without one, nothing is said. Relative paths in it count from its own folder.
pub(super) fn read(path: Option<&Path>) -> Result<FileSettings> {
    let Some(path) = path else { return Ok(FileSettings::default()) };
    let refuse = |what: &str| Refusal::Usage(format!("configuration {}: {what}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| refuse(&error.to_string()))?;
    let mut settings: FileSettings =
        toml::from_str(&text).map_err(|error| refuse(&sentence(&error, &text)))?;
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    settings.data = settings.data.map(|data| folder.join(data));
    settings.music =
        settings.music.map(|roots| roots.iter().map(|root| folder.join(root)).collect());
    Ok(settings)
}

/// The error on one line: where, and what.
fn sentence(error: &toml::de::Error, text: &str) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map_or(1, |before| before.matches('\n').count() + 1);
    format!("line {line}: {}", error.message().replace('\n', ", "))
}

fn networks<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Vec<IpNet>>, D::Error> {
    parsed(source, network)
}

fn addresses<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Vec<Url>>, D::Error> {
    parsed(source, |text| Url::parse(text).map_err(|error| format!("{text:?}: {error}")))
}

fn parsed<'de, T, D: Deserializer<'de>>(
    source: D,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<Vec<T>>, D::Error> {
    let texts = Vec::<String>::deserialize(source)?;
    let values: Result<Vec<T>, String> = texts.iter().map(|text| parse(text)).collect();
    values.map(Some).map_err(serde::de::Error::custom)
}
