//! Counts the bytes of a session: what arrived, and what of it was thrown away.

/// Bytes so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ledger {
    received: u64,
    wasted: u64,
}

impl Ledger {
    /// Bytes arrived.
    pub(super) const fn receive(&mut self, bytes: u64) {
        self.received = self.received.saturating_add(bytes);
    }

    /// Bytes that had arrived were thrown away.
    pub(super) const fn waste(&mut self, bytes: u64) {
        self.wasted = self.wasted.saturating_add(bytes);
    }

    /// What arrived, and how much of it was thrown away.
    pub(super) const fn totals(&self) -> (u64, u64) {
        (self.received, self.wasted)
    }

    /// The same for reckoning with shares: wasted, received.
    #[expect(clippy::cast_precision_loss, reason = "a byte in 9 petabytes decides nothing")]
    pub(super) const fn shares(&self) -> (f64, f64) {
        (self.wasted as f64, self.received as f64)
    }
}
