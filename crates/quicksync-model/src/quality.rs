//! The four listener-facing qualities and the mode that picks one of them or lets us pick.

use core::fmt;
use core::str::FromStr;

use crate::Bitrate;

/// The listener-facing name of a rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quality {
    /// 64 kbps.
    Low,
    /// 128 kbps.
    Medium,
    /// 256 kbps.
    High,
    /// 320 kbps.
    Ultra,
}

impl Quality {
    /// Every quality, lowest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Ultra];

    /// The lower-case word used in every interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Ultra => "ultra",
        }
    }

    /// The nominal encoded rate.
    #[must_use]
    pub const fn bitrate(self) -> Bitrate {
        match self {
            Self::Low => Bitrate::from_kbps(64),
            Self::Medium => Bitrate::from_kbps(128),
            Self::High => Bitrate::from_kbps(256),
            Self::Ultra => Bitrate::from_kbps(320),
        }
    }

    /// One quality down; low stays low.
    #[must_use]
    pub const fn lower(self) -> Self {
        match self {
            Self::Low | Self::Medium => Self::Low,
            Self::High => Self::Medium,
            Self::Ultra => Self::High,
        }
    }

    /// One quality up; ultra stays ultra.
    #[must_use]
    pub const fn higher(self) -> Self {
        match self {
            Self::Low => Self::Medium,
            Self::Medium => Self::High,
            Self::High | Self::Ultra => Self::Ultra,
        }
    }
}

impl fmt::Display for Quality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text is not one of low, medium, high, ultra.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseQualityError;

impl fmt::Display for ParseQualityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a quality is one of low, medium, high, ultra")
    }
}

impl core::error::Error for ParseQualityError {}

impl FromStr for Quality {
    type Err = ParseQualityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|quality| quality.as_str() == text).ok_or(ParseQualityError)
    }
}

/// A listener's choice: let the server and player decide, or hold one quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// The decision core picks.
    #[default]
    Auto,
    /// The listener picked.
    Manual(Quality),
}

impl Mode {
    /// The lower-case word used in every interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Manual(quality) => quality.as_str(),
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text is not one of auto, low, medium, high, ultra.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseModeError;

impl fmt::Display for ParseModeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mode is one of auto, low, medium, high, ultra")
    }
}

impl core::error::Error for ParseModeError {}

impl FromStr for Mode {
    type Err = ParseModeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "auto" => Ok(Self::Auto),
            other => other.parse().map(Self::Manual).map_err(|_| ParseModeError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_round_trip() {
        for quality in Quality::ALL {
            assert_eq!(quality.as_str().parse(), Ok(quality));
            assert_eq!(quality.as_str().parse(), Ok(Mode::Manual(quality)));
        }
        assert_eq!("auto".parse(), Ok(Mode::Auto));
        for bad in ["", "AUTO", "Low", "best", "low "] {
            assert_eq!(bad.parse::<Mode>(), Err(ParseModeError), "{bad:?}");
        }
    }

    #[test]
    fn steps_stop_at_the_ends() {
        assert_eq!(Quality::ALL.map(Quality::lower), {
            use Quality::{High, Low, Medium};
            [Low, Low, Medium, High]
        });
        assert_eq!(Quality::ALL.map(Quality::higher), {
            use Quality::{High, Medium, Ultra};
            [Medium, High, Ultra, Ultra]
        });
    }
}
