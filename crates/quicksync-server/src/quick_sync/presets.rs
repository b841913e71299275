//! `GET presets/`: the documented numbers, from the core that decides by them.

use std::collections::BTreeMap;

use quicksync_abr::{PRESETS, THRESHOLDS_MBPS};
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::Json;

/// Presets and thresholds by quality.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PresetsAnswer {
    /// Settings of each quality.
    presets: BTreeMap<&'static str, PresetBody>,
    /// From how many Mbps each quality is recommended.
    thresholds: BTreeMap<&'static str, f64>,
}

/// Settings of one quality.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PresetBody {
    /// Kilobits per second.
    #[schema(example = 256)]
    bitrate: u32,
    /// Seconds.
    #[schema(example = 15)]
    buffer_size: u32,
    /// `metadata` or `auto`.
    #[schema(example = "auto")]
    preload: &'static str,
}

/// Quality presets and thresholds.
#[utoipa::path(get, path = "/api/audio/quick-sync/presets/", tag = "quick-sync", operation_id = "quick_sync_presets",
    responses(
        (status = 200, description = "Done", body = PresetsAnswer)))]
pub(super) async fn list() -> Json<PresetsAnswer> {
    let preset = |preset: quicksync_abr::Preset| {
        let body = PresetBody {
            bitrate: preset.quality.bitrate().kbps(),
            buffer_size: preset.buffer_s,
            preload: preset.preload.as_str(),
        };
        (preset.quality.as_str(), body)
    };
    Json(PresetsAnswer {
        presets: PRESETS.into_iter().map(preset).collect(),
        thresholds: THRESHOLDS_MBPS.into_iter().map(|(q, mbps)| (q.as_str(), mbps)).collect(),
    })
}
