//! Rules on the wire: caps by network, qualities of files to keep, a month's data.
//!
//! Decides: what a rule may say. `null` takes a rule back; what is left out stays. Never: what a
//! rule does.

use quicksync_model::{Mode, Quality};
use quicksync_store::{BudgetCounts, BudgetRow, RuleRow};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::ApiError;

/// The most a month may have: 100 TB.
const MAX_BYTES: u64 = 100_000_000_000_000;

/// Three states: left out, taken back, said.
type Change<T> = Option<Option<T>>;

/// The highest quality by network; null for no bound.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct CapsBody {
    wifi: Option<&'static str>,
    cellular: Option<&'static str>,
    ethernet: Option<&'static str>,
    /// Where the client did not say.
    unknown: Option<&'static str>,
    /// Wherever data costs money, beside the kind's own: on cellular, and where the client says so.
    metered: Option<&'static str>,
}

/// Caps to change; null takes one back, what is left out stays.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CapsChange {
    #[serde(default, deserialize_with = "quality")]
    #[schema(value_type = Option<String>, example = "ultra")]
    wifi: Change<Quality>,
    #[serde(default, deserialize_with = "quality")]
    #[schema(value_type = Option<String>, example = "medium")]
    cellular: Change<Quality>,
    #[serde(default, deserialize_with = "quality")]
    #[schema(value_type = Option<String>)]
    ethernet: Change<Quality>,
    #[serde(default, deserialize_with = "quality")]
    #[schema(value_type = Option<String>)]
    unknown: Change<Quality>,
    #[serde(default, deserialize_with = "quality")]
    #[schema(value_type = Option<String>, example = "medium")]
    metered: Change<Quality>,
}

impl CapsChange {
    pub(super) fn apply(self, row: RuleRow) -> RuleRow {
        RuleRow {
            cap_wifi: self.wifi.unwrap_or(row.cap_wifi),
            cap_cellular: self.cellular.unwrap_or(row.cap_cellular),
            cap_ethernet: self.ethernet.unwrap_or(row.cap_ethernet),
            cap_unknown: self.unknown.unwrap_or(row.cap_unknown),
            cap_metered: self.metered.unwrap_or(row.cap_metered),
            ..row
        }
    }
}

/// Preferences of one device that stand over its user's; null where the user's hold.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct OverridesBody {
    mode: Option<&'static str>,
    prefer_quality: Option<bool>,
    adapt_to_system: Option<bool>,
    auto_download_quality: Option<bool>,
}

/// Overrides to change; null lets the user's preference hold again.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OverridesChange {
    #[serde(default, deserialize_with = "mode")]
    #[schema(value_type = Option<String>, example = "low")]
    mode: Change<Mode>,
    #[serde(default, deserialize_with = "flag")]
    #[schema(value_type = Option<bool>)]
    prefer_quality: Change<bool>,
    #[serde(default, deserialize_with = "flag")]
    #[schema(value_type = Option<bool>)]
    adapt_to_system: Change<bool>,
    #[serde(default, deserialize_with = "flag")]
    #[schema(value_type = Option<bool>)]
    auto_download_quality: Change<bool>,
}

impl OverridesChange {
    pub(super) fn apply(self, row: RuleRow) -> RuleRow {
        RuleRow {
            mode: self.mode.unwrap_or(row.mode),
            prefer_quality: self.prefer_quality.unwrap_or(row.prefer_quality),
            adapt_to_system: self.adapt_to_system.unwrap_or(row.adapt_to_system),
            auto_download_quality: self.auto_download_quality.unwrap_or(row.auto_download_quality),
            ..row
        }
    }
}

/// Data for a month.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct BudgetRule {
    /// Bytes of media.
    #[schema(example = 2_000_000_000)]
    monthly_bytes: u64,
    /// The day on which a month begins, 1 to 28.
    #[schema(example = 1)]
    starts_on_day: u8,
    /// `metered`: what came over cellular or metered networks; `all`: everything.
    #[schema(example = "metered")]
    counts: &'static str,
}

/// Data for a month, to be set.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BudgetChange {
    /// Bytes of media, up to 100 TB.
    #[schema(example = 2_000_000_000)]
    monthly_bytes: u64,
    /// 1 to 28; 1 if left out.
    starts_on_day: Option<u8>,
    /// `metered` (if left out) or `all`.
    #[serde(default, deserialize_with = "counts")]
    #[schema(value_type = Option<String>, example = "metered")]
    counts: Option<BudgetCounts>,
}

impl BudgetChange {
    pub(super) fn check(self) -> Result<BudgetRow, ApiError> {
        let field = "budget.monthly_bytes";
        if !(1..=MAX_BYTES).contains(&self.monthly_bytes) {
            return Err(ApiError::invalid(field, format!("{field} must be 1 to {MAX_BYTES}.")));
        }
        let day = self.starts_on_day.unwrap_or(1);
        let field = "budget.starts_on_day";
        if !(1..=28).contains(&day) {
            return Err(ApiError::invalid(field, format!("{field} must be 1 to 28.")));
        }
        Ok(BudgetRow { bytes: self.monthly_bytes, day, counts: self.counts.unwrap_or_default() })
    }
}

impl From<BudgetRow> for BudgetRule {
    fn from(row: BudgetRow) -> Self {
        Self { monthly_bytes: row.bytes, starts_on_day: row.day, counts: row.counts.as_str() }
    }
}

impl From<&RuleRow> for CapsBody {
    fn from(row: &RuleRow) -> Self {
        let word = |quality: Option<Quality>| quality.map(Quality::as_str);
        Self {
            wifi: word(row.cap_wifi),
            cellular: word(row.cap_cellular),
            ethernet: word(row.cap_ethernet),
            unknown: word(row.cap_unknown),
            metered: word(row.cap_metered),
        }
    }
}

impl From<&RuleRow> for OverridesBody {
    fn from(row: &RuleRow) -> Self {
        Self {
            mode: row.mode.map(Mode::as_str),
            prefer_quality: row.prefer_quality,
            adapt_to_system: row.adapt_to_system,
            auto_download_quality: row.auto_download_quality,
        }
    }
}

/// A quality, or null.
pub(super) fn quality<'de, D: Deserializer<'de>>(from: D) -> Result<Change<Quality>, D::Error> {
    parsed(from)
}

fn mode<'de, D: Deserializer<'de>>(from: D) -> Result<Change<Mode>, D::Error> {
    parsed(from)
}

fn parsed<'de, T, D>(from: D) -> Result<Change<T>, D::Error>
where
    T: std::str::FromStr<Err: std::fmt::Display>,
    D: Deserializer<'de>,
{
    let word = Option::<String>::deserialize(from)?;
    word.map(|word| word.parse().map_err(serde::de::Error::custom)).transpose().map(Some)
}

fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<Change<bool>, D::Error> {
    Option::deserialize(from).map(Some)
}

fn counts<'de, D: Deserializer<'de>>(from: D) -> Result<Option<BudgetCounts>, D::Error> {
    let word = String::deserialize(from)?;
    let refused = |()| serde::de::Error::custom("counts is one of metered, all");
    word.parse().map(Some).map_err(refused)
}

/// A budget, or null.
pub(super) fn budget<'de, D: Deserializer<'de>>(from: D) -> Result<Change<BudgetChange>, D::Error> {
    Option::deserialize(from).map(Some)
}
