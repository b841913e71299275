//! What the listener, the server and the device allow, whatever the network could carry.
//!
//! Never: what the network can carry.

use quicksync_model::{Mode, NetworkKind, Quality};

use super::config::Limits;
use super::input::DevicePressure;
use super::ladder::SegmentLadder;
use super::reason::Reason;
use crate::{HostLoad, SystemStatus, system_status};

/// The limits of a session and what else bounds it now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    limits: Limits,
    load: HostLoad,
    pressure: DevicePressure,
    used_bytes: u64,
}

/// What took a quality away.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bound {
    /// The listener's rules do.
    Rules,
    /// The server is busy.
    Host(HostLoad),
    /// The device is.
    Device(DevicePressure),
    /// This many bytes are left.
    Budget(u64),
}

impl Bound {
    /// Why it is `quality` and not a better one.
    pub(super) const fn reason(self, quality: Quality) -> Reason {
        match self {
            Self::Rules => Reason::Capped(quality),
            Self::Host(load) => Reason::HostBusy(quality, load),
            Self::Device(pressure) => Reason::DeviceBusy(quality, pressure),
            Self::Budget(left_bytes) => Reason::Budget { quality, left_bytes },
        }
    }
}

impl Bounds {
    /// Nobody is busy and no byte is used.
    pub(super) fn new(limits: Limits) -> Self {
        let (load, pressure) = (HostLoad::default(), DevicePressure::default());
        Self { limits, load, pressure, used_bytes: 0 }
    }

    /// The limits in force.
    pub(super) const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// New limits, with a new budget.
    pub(super) const fn change(&mut self, limits: Limits) {
        self.limits = limits;
        self.used_bytes = 0;
    }

    /// The device is on another kind of network.
    pub(super) const fn change_network(&mut self, network: NetworkKind) {
        self.limits.network = network;
    }

    /// How busy the server is.
    pub(super) const fn host_load(&mut self, load: HostLoad) {
        self.load = load;
    }

    /// How hard the device works.
    pub(super) const fn device_pressure(&mut self, pressure: DevicePressure) {
        self.pressure = pressure;
    }

    /// Takes bytes from the budget.
    pub(super) const fn account(&mut self, bytes: u64) {
        self.used_bytes = self.used_bytes.saturating_add(bytes);
    }

    /// The quality that the listener holds.
    pub(super) const fn chosen(&self) -> Option<Quality> {
        match self.limits.preferences.mode {
            Mode::Auto => None,
            Mode::Manual(quality) => Some(quality),
        }
    }

    /// What the rules leave of a quality that the listener holds.
    pub(super) fn held(&self, chosen: Quality) -> Quality {
        chosen.min(self.limits.cap)
    }

    /// What is left of `ladder` for segment `index` and those after it where the network decides, and
    /// what took the rest.
    pub(super) fn leave(
        &self,
        ladder: SegmentLadder,
        index: u32,
    ) -> (SegmentLadder, Option<Bound>) {
        let ruled = Some((self.limits.cap, Bound::Rules));
        let bounds = [ruled, self.host(ladder), self.device(), self.budget(ladder, index)];
        let tightest = bounds.into_iter().flatten().min_by_key(|(quality, _)| *quality);
        let Some((top, bound)) = tightest else { return (ladder, None) };
        let left = ladder.up_to(top);
        (left, (left != ladder).then_some(bound))
    }

    /// A busy server takes the best quality off. Not one off whatever the network allows: the next
    /// decision starts from what was fetched, and would take another one off.
    fn host(&self, ladder: SegmentLadder) -> Option<(Quality, Bound)> {
        let busy = system_status(self.load) == SystemStatus::HighLoad;
        (self.limits.preferences.adapt_to_system && busy)
            .then(|| (ladder.top().lower(), Bound::Host(self.load)))
    }

    /// A device near its limits is spared the most demanding qualities.
    fn device(&self) -> Option<(Quality, Bound)> {
        let allowed = match self.pressure {
            DevicePressure::Nominal | DevicePressure::Fair => Quality::Ultra,
            DevicePressure::Serious => Quality::High,
            DevicePressure::Critical => Quality::Medium,
        };
        let adapts = self.limits.preferences.adapt_to_system;
        adapts.then_some((allowed, Bound::Device(self.pressure)))
    }

    /// The highest quality at which the rest of the track fits in the budget; low if none does.
    fn budget(&self, ladder: SegmentLadder, index: u32) -> Option<(Quality, Bound)> {
        let left = self.limits.data_budget_bytes?.saturating_sub(self.used_bytes);
        let segments = f64::from(ladder.segments().saturating_sub(index));
        let fits = |quality: &Quality| segments * ladder.bytes(0, *quality) <= as_f64(left);
        let quality = ladder.qualities().rfind(fits).unwrap_or(Quality::Low);
        Some((quality, Bound::Budget(left)))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a byte in 9 petabytes decides nothing")]
const fn as_f64(bytes: u64) -> f64 {
    bytes as f64
}
