//! What to recommend to one caller now: their preferences, their network, this host, the core.
//!
//! Decides nothing: gathers what the core asks for. Never waits for a measurement.

use quicksync_abr::{
    BufferSettings, HostLoad, Recommendation, Request, buffer_settings, recommend,
};
use quicksync_model::{Mode, Timestamp};
use quicksync_sense::{Estimate, HostReading};
use quicksync_store::PreferenceRow;

use crate::auth::Caller;
use crate::{ApiError, ServerState};

/// A recommendation and everything it was made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Advice {
    pub(crate) preferences: PreferenceRow,
    pub(crate) estimate: Estimate,
    pub(crate) host: HostReading,
    pub(crate) recommendation: Recommendation,
    pub(crate) buffer: BufferSettings,
    pub(crate) now: Timestamp,
}

impl Advice {
    /// The core's answer to these figures.
    pub(crate) fn from_figures(
        preferences: PreferenceRow,
        estimate: Estimate,
        host: HostReading,
        now: Timestamp,
    ) -> Self {
        let recommendation = recommend(Request {
            mode: preferences.mode,
            prefer_quality: preferences.prefer_quality,
            adapt_to_system: preferences.adapt_to_system,
            throughput: estimate.throughput,
            load: host.load,
        });
        let buffer = buffer_settings(recommendation.quality, estimate.throughput);
        Self { preferences, estimate, host, recommendation, buffer, now }
    }

    /// How busy the host is.
    pub(crate) const fn load(&self) -> HostLoad {
        self.host.load
    }
}

/// What to recommend to `caller` now. Starts a probe in the background where nothing fresh is known
/// and the mode is auto; answers from what is known either way.
pub(crate) async fn advise(state: &ServerState, caller: &Caller) -> Result<Advice, ApiError> {
    let now = state.now();
    let preferences = state.store().preferences(caller.user_id).await?;
    let device = (caller.user_id, caller.device_id);
    let estimate = state.sensing().estimate(state.store(), device, now).await?;
    if preferences.mode == Mode::Auto {
        state.sensing().refresh_in_background(device, now, state.clock());
    }
    Ok(Advice::from_figures(preferences, estimate, state.sensing().host(), now))
}
