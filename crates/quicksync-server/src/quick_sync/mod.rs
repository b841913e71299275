//! The documented interface, `/api/audio/quick-sync/`, and what stands beside it.
//!
//! Knows: what is measured of each device, and the words of the wire. Decides nothing itself: the
//! decision core does.
//!
//! # Reading order
//! [`Sensing`] holds the figures; `tap` and the routes feed it; `standing` is what the user's rules
//! make of them; `status` puts it all into the documented shape.

mod advice;
mod again;
mod analytics;
mod beats;
mod bounds;
mod budget;
mod cmcd;
mod devices;
mod forecast;
mod happened;
mod hindsight;
mod history;
mod limits;
mod link;
mod load;
mod looking_back;
mod pending;
mod player;
mod preferences;
mod presets;
mod probe;
mod reports;
mod rules;
mod said;
mod samples;
mod sensing;
mod sessions;
mod speed_test;
mod standing;
mod status;
mod surroundings;
mod tap;
mod user_rules;

pub(crate) use advice::{Advice, advise};
pub(crate) use again::Again;
pub(crate) use bounds::{Bounds, BoundsBody};
pub(crate) use budget::UsageBody;
pub(crate) use devices::{DeviceBody, bodies as device_bodies};
pub(crate) use history::{HourBody, SampleBody};
pub(crate) use limits::Limits;
pub(crate) use link::{Link, LinkKey};
pub(crate) use load::of as load_of;
pub use looking_back::compare_session;
pub(crate) use preferences::PreferencesBody;
pub use sensing::Sensing;
pub(crate) use sessions::SessionDetail;
pub(crate) use standing::Cap;
pub(crate) use tap::{CMSD_DYNAMIC, Heard, tap};
pub(crate) use user_rules::UserRulesBody;

use quicksync_model::Quality;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{ApiError, Caller, ServerState};

/// The routes of this resource. Every one needs a user.
pub(crate) fn routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new()
        .routes(routes!(status::status))
        .routes(routes!(preferences::read, preferences::change, preferences::update))
        .routes(routes!(speed_test::run))
        .routes(routes!(presets::list))
        .routes(routes!(probe::download))
        .routes(routes!(samples::post))
        .routes(routes!(cmcd::post))
        .routes(routes!(history::list, history::clear))
        .routes(routes!(forecast::list))
        .routes(routes!(budget::list))
        .routes(routes!(user_rules::read, user_rules::update))
        .routes(routes!(sessions::start, sessions::list))
        .routes(routes!(sessions::one))
        .routes(routes!(sessions::report))
        .routes(routes!(analytics::summary))
        .routes(routes!(analytics::series))
        .routes(routes!(analytics::export))
        .routes(routes!(devices::list))
        .routes(routes!(devices::one, devices::update, devices::delete))
}

/// The quality to start a track with for this caller.
pub(crate) async fn start_quality(
    state: &ServerState,
    caller: &Caller,
) -> Result<Quality, ApiError> {
    Ok(advise(state, caller).await?.quality)
}

/// Mbps with three decimals: a rate of the wire, to the nearest kbps.
fn round_mbps(throughput: quicksync_model::Throughput) -> f64 {
    (throughput.mbps() * 1e3).round() / 1e3
}
