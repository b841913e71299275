//! The algorithms by name, ours first.
//!
//! Decides only how a name becomes a player.

use quicksync_abr::playback::{ConfigError, Prior};

use crate::ours::QuickSync;
use crate::peers::{
    BolaE, Conduct, Dynamic, Fixed, HlsJs, LinearBba, Media3, Peer, ResumeRule, RobustMpc, Shaka,
    Thresholds, ThroughputRule,
};
use crate::player::Agent;
use crate::setup::Setup;
use crate::trace::NetworkTrace;

/// Our own algorithm's name.
pub const OURS: &str = "quicksync";

/// One algorithm.
#[derive(Clone, Copy, Debug)]
pub struct Algorithm {
    /// The stable word of the command line.
    pub name: &'static str,
    /// What it is, and where it is from.
    pub about: &'static str,
    make: Make,
}

#[derive(Clone, Copy, Debug)]
enum Make {
    Ours,
    Peer(fn(&NetworkTrace) -> Box<dyn Peer>),
}

/// What an algorithm is built from besides what is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// Whose resume rule peers use.
    pub resume: ResumeRule,
    /// What is believed of the network; peers have no use for it.
    pub prior: Prior,
    /// Whether to remember what it thinks.
    pub remember: bool,
}

impl Default for Conditions {
    /// Peers with their own resume rule; nothing is believed, nothing remembered.
    fn default() -> Self {
        Self { resume: ResumeRule::Own, prior: Prior::NONE, remember: false }
    }
}

/// Every algorithm.
pub const ALGORITHMS: &[Algorithm] = &[
    Algorithm { name: OURS, about: "the decision core", make: Make::Ours },
    peer("hlsjs", "hls.js", |_| Box::new(HlsJs::default())),
    peer("shaka", "Shaka Player", |_| Box::new(Shaka::default())),
    peer("dynamic", "dash.js", |_| Box::new(Dynamic::default())),
    peer("media3", "Media3 (ExoPlayer)", |_| Box::new(Media3::default())),
    peer("bola-e", "BOLA-E, MMSys 2018", |_| Box::new(BolaE::default())),
    peer("robustmpc", "RobustMPC, SIGCOMM 2015", |_| Box::new(RobustMpc::default())),
    peer("bba", "linear buffer rule, SIGCOMM 2014", |_| Box::new(LinearBba)),
    peer("throughput", "0.8 x harmonic mean of five segments", |_| {
        Box::new(ThroughputRule::default())
    }),
    peer("thresholds", "the documented thresholds alone", |link| {
        Box::new(Thresholds::new(link.clone()))
    }),
    peer("fixed-64", "low throughout", |_| Box::new(Fixed(0))),
    peer("fixed-128", "medium throughout", |_| Box::new(Fixed(1))),
    peer("fixed-256", "high throughout", |_| Box::new(Fixed(2))),
    peer("fixed-320", "ultra throughout", |_| Box::new(Fixed(3))),
];

const fn peer(
    name: &'static str,
    about: &'static str,
    make: fn(&NetworkTrace) -> Box<dyn Peer>,
) -> Algorithm {
    Algorithm { name, about, make: Make::Peer(make) }
}

impl Algorithm {
    /// The algorithm of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        ALGORITHMS.iter().copied().find(|algorithm| algorithm.name == name)
    }

    /// Whether it is ours.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        matches!(self.make, Make::Ours)
    }

    /// A player with this algorithm, for a listener on `link`.
    ///
    /// # Errors
    /// When the decision core refuses the buffer.
    pub fn build(
        &self,
        setup: &Setup,
        link: &NetworkTrace,
        conditions: &Conditions,
    ) -> Result<Box<dyn Agent>, ConfigError> {
        Ok(match self.make {
            Make::Ours => {
                let ours = QuickSync::new(setup, conditions.prior)?;
                Box::new(if conditions.remember { ours.remembering() } else { ours })
            }
            Make::Peer(make) => {
                let peer = Conduct::new(make(link), conditions.resume);
                Box::new(if conditions.remember { peer.remembering() } else { peer })
            }
        })
    }
}
