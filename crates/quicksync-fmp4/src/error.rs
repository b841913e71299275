//! Why bytes could not be made. None of these happens to a caller that keeps to the grid.

/// A segment that cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fmp4Error {
    /// The payload is not what the duration asks for: the encoder and the caller disagree.
    #[error("{samples} samples need {expected} bytes of packets, not {got}")]
    PayloadSize {
        /// Presentation samples of the segment.
        samples: u32,
        /// Bytes those samples need.
        expected: u64,
        /// Bytes given.
        got: u64,
    },
    /// The packets are not as many as the duration asks for.
    #[error("{samples} samples are {expected} packets, not {got}")]
    PacketCount {
        /// Presentation samples of the segment.
        samples: u32,
        /// Packets those samples are.
        expected: u64,
        /// Packets given.
        got: u64,
    },
    /// A box refused its own contents.
    #[error("cannot write a box: {0}")]
    Box(String),
}

impl From<mp4_atom::Error> for Fmp4Error {
    fn from(error: mp4_atom::Error) -> Self {
        Self::Box(error.to_string())
    }
}
