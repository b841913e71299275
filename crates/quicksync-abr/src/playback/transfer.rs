//! The one transfer under way, as far as it has come.

use quicksync_model::{Quality, Timestamp};

use super::ladder::seconds;
use super::track::SegmentKey;

/// A transfer that was asked for and has not ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transfer {
    pub(crate) key: SegmentKey,
    pub(crate) quality: Quality,
    /// What it should weigh, bytes.
    pub(crate) size: f64,
    pub(crate) requested: Timestamp,
    first_byte: Option<Timestamp>,
    received: u64,
}

impl Transfer {
    pub(crate) const fn new(
        key: SegmentKey,
        quality: Quality,
        size: f64,
        requested: Timestamp,
    ) -> Self {
        Self { key, quality, size, requested, first_byte: None, received: 0 }
    }

    pub(crate) fn is(&self, key: SegmentKey, quality: Quality) -> bool {
        self.key == key && self.quality == quality
    }

    /// The request left only now.
    pub(crate) fn requested(&mut self, now: Timestamp) {
        if self.first_byte.is_none() {
            self.requested = now;
        }
    }

    /// `bytes` have arrived so far; fewer than before is no news.
    pub(crate) fn received(&mut self, now: Timestamp, bytes: u64) {
        if bytes > self.received {
            self.received = bytes;
            self.first_byte.get_or_insert(now);
        }
    }

    /// Seconds since the request.
    pub(crate) fn elapsed_s(&self, now: Timestamp) -> f64 {
        seconds(now.micros_since(self.requested))
    }

    /// Seconds from the request to the first byte.
    pub(crate) fn latency_s(&self) -> Option<f64> {
        Some(seconds(self.first_byte?.micros_since(self.requested)))
    }

    /// Bytes that arrived.
    pub(crate) const fn bytes(&self) -> u64 {
        self.received
    }

    /// Bytes that arrived, as a number.
    #[expect(clippy::cast_precision_loss, reason = "segments are below 2^28 bytes")]
    pub(crate) fn received_f64(&self) -> f64 {
        self.received.min(1 << 40) as f64
    }

    /// Bytes still to come.
    pub(crate) fn rest(&self) -> f64 {
        (self.size - self.received_f64()).max(0.0)
    }
}
