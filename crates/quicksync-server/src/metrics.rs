//! `/metrics`: the server's own figures, for Prometheus.
//!
//! Decides: their names. Never: a user's name or a track's; a label says nothing about anybody.
//! Format: Prometheus text exposition format 0.0.4.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use quicksync_store::SessionTotals;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{ApiError, ServerState};

pub(crate) fn routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new().routes(routes!(metrics))
}

/// The server's own figures, for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "server", operation_id = "metrics",
    responses((status = 200, description = "Gauges in the text exposition format, version 0.0.4",
        content_type = "text/plain", body = String)))]
async fn metrics(State(state): State<ServerState>) -> Result<impl IntoResponse, ApiError> {
    let counts = state.store().counts().await?;
    let (host, pressure) = (state.sensing().host(), state.segments().pressure());
    let is_faulty = state.segments().disk_fault().is_some();
    let gauges = [
        ("library_tracks", "Tracks that can be listed.", gauge(counts.tracks)),
        ("library_albums", "Albums with such a track.", gauge(counts.albums)),
        ("library_problems", "Files that could not be read.", gauge(counts.problems)),
        ("library_unanalysed", "Tracks not read whole yet.", gauge(counts.unanalysed)),
        ("encode_waiting", "Segments asked for and not begun.", pressure.waiting.into()),
        ("encode_running", "Segments being made.", pressure.running.into()),
        ("encode_workers", "Segments that can be made at once.", pressure.workers.into()),
        ("segment_disk_fault", "1 while segments cannot be kept on disk.", is_faulty.into()),
        (
            "host_cpu_percent",
            "Share of the processors in use, but for background work.",
            host.load.cpu_percent,
        ),
        (
            "host_background_cpu_percent",
            "Share of the processors that the server's own background work takes.",
            host.background_cpu_percent,
        ),
        ("host_memory_percent", "Share of the memory in use.", host.load.memory_percent),
        ("host_disk_percent", "Share of the data folder's disk in use.", host.disk_percent),
    ];
    let playback = playback_gauges(&state.store().session_totals().await?);
    let stalls = host.stalls.unwrap_or_default();
    let pressures = [
        (
            "host_cpu_pressure_percent",
            "Share of time a task waited for a processor.",
            stalls.cpu_percent,
        ),
        (
            "host_memory_pressure_percent",
            "Share of time a task waited for memory.",
            stalls.memory_percent,
        ),
    ];
    let headers =
        [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"), (CACHE_CONTROL, "no-store")];
    let text = [&gauges[..], &pressures, &playback].map(exposition).concat();
    Ok((headers, text))
}

/// What the playback sessions kept add up to. They age out: gauges, no counters.
fn playback_gauges(totals: &SessionTotals) -> [(&'static str, &'static str, f64); 10] {
    let [low, medium, high, ultra] = totals.heard_ms.map(|ms| gauge(ms) / 1e3);
    [
        ("playback_sessions", "Playback sessions kept.", gauge(totals.sessions)),
        ("playback_stalls", "Stalls in them.", gauge(totals.stalls)),
        ("playback_stalled_seconds", "How long those took.", gauge(totals.stalled_ms) / 1e3),
        ("playback_switches", "Rung changes in them.", gauge(totals.switches)),
        ("playback_low_seconds", "Heard at low.", low),
        ("playback_medium_seconds", "Heard at medium.", medium),
        ("playback_high_seconds", "Heard at high.", high),
        ("playback_ultra_seconds", "Heard at ultra.", ultra),
        ("playback_bytes", "Of media fetched.", gauge(totals.bytes)),
        ("playback_wasted_bytes", "Of media never heard.", gauge(totals.wasted_bytes)),
    ]
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 tracks")]
fn gauge(count: u64) -> f64 {
    count as f64
}

fn exposition(gauges: &[(&str, &str, f64)]) -> String {
    gauges.iter().fold(String::new(), |mut text, (name, help, value)| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "# HELP quicksync_{name} {help}");
        let _ = writeln!(text, "# TYPE quicksync_{name} gauge\nquicksync_{name} {value}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::exposition;

    #[test]
    fn each_gauge_is_explained_typed_and_told() {
        let text = exposition(&[("a", "All.", 3.0), ("b", "Half.", 0.5)]);
        let expected = "# HELP quicksync_a All.\n# TYPE quicksync_a gauge\nquicksync_a 3\n\
            # HELP quicksync_b Half.\n# TYPE quicksync_b gauge\nquicksync_b 0.5\n";
        assert_eq!(text, expected);
    }
}
