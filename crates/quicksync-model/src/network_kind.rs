//! What a client says of the network it is on. The server never infers it.

use core::fmt;
use core::str::FromStr;

/// The kind of network a client declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum NetworkKind {
    /// Wireless LAN.
    Wifi,
    /// A mobile network.
    Cellular,
    /// A cable.
    Ethernet,
    /// The client did not say, or cannot know.
    #[default]
    Unknown,
}

impl NetworkKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Wifi, Self::Cellular, Self::Ethernet, Self::Unknown];

    /// The lower-case word used in every interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wifi => "wifi",
            Self::Cellular => "cellular",
            Self::Ethernet => "ethernet",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for NetworkKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text is not one of wifi, cellular, ethernet, unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseNetworkKindError;

impl fmt::Display for ParseNetworkKindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a network kind is one of wifi, cellular, ethernet, unknown")
    }
}

impl core::error::Error for ParseNetworkKindError {}

impl FromStr for NetworkKind {
    type Err = ParseNetworkKindError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(ParseNetworkKindError)
    }
}
