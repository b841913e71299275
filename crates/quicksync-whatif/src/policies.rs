//! Whose rules a network is replayed under, and what that comes to.
//!
//! Decides which policies there are, ours first. Never: how one of them decides.

use quicksync_abr::playback::{Preferences, Prior};
use quicksync_model::{Mode, Quality};
use quicksync_sim::algorithm::{Algorithm, Conditions};
use quicksync_sim::ours::QuickSync;
use quicksync_sim::player::{Agent, Listener, Playback, play};
use quicksync_sim::{Metric, NetworkTrace, Setup};

/// One policy.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// A stable word.
    pub name: &'static str,
    /// `ours`: the decision core as it decides by itself; `fixed`: the core with a chosen quality;
    /// `peer`: another player's rules.
    pub group: &'static str,
    rules: Rules,
}

#[derive(Clone, Copy, Debug)]
enum Rules {
    Ours(Mode, bool),
    Peer,
}

const fn auto(name: &'static str, prefer_quality: bool) -> Policy {
    Policy { name, group: "ours", rules: Rules::Ours(Mode::Auto, prefer_quality) }
}

const fn fixed(name: &'static str, quality: Quality) -> Policy {
    Policy { name, group: "fixed", rules: Rules::Ours(Mode::Manual(quality), true) }
}

const fn peer(name: &'static str) -> Policy {
    Policy { name, group: "peer", rules: Rules::Peer }
}

/// Every policy. Peers have the names of the simulator.
pub const POLICIES: &[Policy] = &[
    auto("quicksync", true),
    auto("quicksync-steady", false),
    fixed("low", Quality::Low),
    fixed("medium", Quality::Medium),
    fixed("high", Quality::High),
    fixed("ultra", Quality::Ultra),
    peer("hlsjs"),
    peer("shaka"),
    peer("dynamic"),
    peer("media3"),
    peer("bola-e"),
    peer("robustmpc"),
    peer("bba"),
    peer("throughput"),
    peer("thresholds"),
];

/// What a policy comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// The value of the core's own metric; 1 is a perfect track.
    pub qoe: f64,
    /// Mean bitrate heard, kbps.
    pub mean_kbps: f64,
    /// How often the sound stopped.
    pub stalls: u32,
    /// For how long in all, seconds.
    pub stalled_s: f64,
    /// From play pressed to the first sound, seconds.
    pub startup_s: f64,
    /// Bytes not heard by all bytes.
    pub wasted_share: f64,
}

impl Policy {
    /// Plays a whole track over a network; `None` if it comes to no end.
    #[must_use]
    pub fn play(&self, setup: &Setup, network: &NetworkTrace) -> Option<Outcome> {
        let mut agent = self.agent(setup, network)?;
        let playback = play(setup, network, &Listener::PATIENT, agent.as_mut()).ok()?;
        (playback.refused == 0).then(|| outcome(&playback))
    }

    fn agent(&self, setup: &Setup, network: &NetworkTrace) -> Option<Box<dyn Agent>> {
        match self.rules {
            Rules::Ours(mode, prefer_quality) => {
                let preferences = Preferences { mode, prefer_quality, adapt_to_system: true };
                Some(Box::new(QuickSync::preferring(setup, Prior::NONE, preferences).ok()?))
            }
            Rules::Peer => {
                Algorithm::named(self.name)?.build(setup, network, &Conditions::default()).ok()
            }
        }
    }
}

fn outcome(playback: &Playback) -> Outcome {
    let listening = playback.listening();
    let (all, wasted) = playback.bytes();
    Outcome {
        qoe: Metric::m1().value(&listening),
        mean_kbps: playback.mean_kbps(),
        stalls: listening.stalls,
        stalled_s: listening.stalled_s,
        startup_s: listening.startup_s,
        wasted_share: share(wasted, all),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share is not read to 53 bits")]
fn share(part: u64, all: u64) -> f64 {
    part as f64 / all.max(1) as f64
}
