//! What to recommend to one caller now: their preferences, their network, this host, the core.
//!
//! Decides nothing but that a cap holds: gathers what the core asks for. Never waits for a
//! measurement.

use quicksync_abr::{
    BufferSettings, HostLoad, Recommendation, Request, buffer_settings, recommend,
};
use quicksync_model::{Mode, Quality, Throughput, Timestamp};
use quicksync_sense::HostReading;
use quicksync_store::PreferenceRow;

use super::bounds::{Bounds, BoundsBody};
use super::load::{self, Load};
use super::sensing::Belief;
use super::standing::{Cap, CapReason, Standing, standing};
use super::surroundings::DeviceKey;
use crate::auth::Caller;
use crate::{ApiError, ServerState};

/// A recommendation and everything it was made from.
#[derive(Clone, Debug)]
pub(crate) struct Advice {
    pub(crate) standing: Standing,
    pub(crate) belief: Belief,
    pub(crate) load: Load,
    /// What a busy host leaves.
    pub(crate) host_cap: Option<Cap>,
    pub(crate) quality: Quality,
    pub(crate) auto_selected: bool,
    /// One sentence, or two where a cap holds.
    pub(crate) reason: String,
    pub(crate) buffer: BufferSettings,
    pub(crate) now: Timestamp,
}

impl Advice {
    /// The core's answer to these figures, under the caps.
    pub(crate) fn from_figures(
        standing: Standing,
        belief: Belief,
        load: Load,
        now: Timestamp,
    ) -> Self {
        let throughput = belief.estimate.throughput;
        let (recommendation, host_cap) = weigh(standing.preferences, throughput, &load);
        let capped_by = standing.cap().filter(|cap| cap.quality < recommendation.quality);
        let quality = capped_by.map_or(recommendation.quality, |cap| cap.quality);
        Self {
            reason: sentence(recommendation, capped_by),
            auto_selected: recommendation.auto_selected,
            buffer: buffer_settings(quality, throughput),
            standing,
            belief,
            load,
            host_cap,
            quality,
            now,
        }
    }

    /// The qualities that a player may be told of.
    pub(crate) fn bounds(&self) -> Bounds {
        Bounds::new(self.standing.preferences.mode, self.standing.cap(), self.host_cap)
    }

    /// The same for the wire.
    pub(crate) fn bounds_body(&self) -> BoundsBody {
        BoundsBody::new(&self.standing, self.host_cap.as_ref())
    }

    /// What the kernel counts of the host.
    pub(crate) const fn host(&self) -> HostReading {
        self.load.reading
    }

    /// How busy the host is, all things considered.
    pub(crate) const fn effective_load(&self) -> HostLoad {
        self.load.effective
    }
}

/// The core's answer, and what a busy host leaves.
pub(super) fn weigh(
    preferences: PreferenceRow,
    throughput: Throughput,
    load: &Load,
) -> (Recommendation, Option<Cap>) {
    let recommendation = recommend(Request {
        mode: preferences.mode,
        prefer_quality: preferences.prefer_quality,
        adapt_to_system: preferences.adapt_to_system,
        throughput,
        load: load.effective,
    });
    let adapts = recommendation.auto_selected && preferences.adapt_to_system;
    let cap = |cause| Cap { quality: recommendation.quality, reason: CapReason::Host(cause) };
    (recommendation, load.cause.filter(|_| adapts).map(cap))
}

fn sentence(recommendation: Recommendation, capped_by: Option<Cap>) -> String {
    let reason = recommendation.reason.to_string();
    match capped_by {
        Some(cap) => format!("{reason}. At most {}: {}", cap.quality, cap.reason),
        None => reason,
    }
}

/// What to recommend to `caller` now. Starts a probe in the background where nothing fresh is known
/// and the mode is auto; answers from what is known either way.
pub(crate) async fn advise(state: &ServerState, caller: &Caller) -> Result<Advice, ApiError> {
    let device = (caller.user_id, caller.device_id);
    let advice = advise_quietly(state, device).await?;
    if advice.standing.preferences.mode == Mode::Auto {
        state.sensing().refresh_in_background(device, advice.now, state.clock());
    }
    Ok(advice)
}

/// The same, and no probe is started for it.
pub(super) async fn advise_quietly(
    state: &ServerState,
    device: DeviceKey,
) -> Result<Advice, ApiError> {
    let now = state.now();
    let belief = state.sensing().belief(state.store(), device, now).await?;
    let standing = standing(state, device, belief.surroundings).await?;
    Ok(Advice::from_figures(standing, belief, load::of(state, now), now))
}
