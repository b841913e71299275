//! Bits into bytes, most significant first.

/// A growing string of bits.
#[derive(Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    held: u64,
    count: u32,
}

impl BitWriter {
    /// Appends the lowest `width` bits of `value`; at most 32.
    pub(super) fn push(&mut self, value: u64, width: u32) {
        let mask = (1_u64 << width) - 1;
        self.held = (self.held << width) | (value & mask);
        self.count += width;
        while self.count >= 8 {
            self.count -= 8;
            self.bytes.push((self.held >> self.count).to_le_bytes()[0]);
        }
    }

    /// Appends `zeros` zero bits and a one.
    pub(super) fn push_unary(&mut self, mut zeros: u64) {
        while zeros >= 32 {
            self.push(0, 32);
            zeros -= 32;
        }
        (0..zeros).for_each(|_| self.push(0, 1));
        self.push(1, 1);
    }

    /// Fills the last byte with zeros.
    pub(super) fn align(&mut self) {
        if self.count > 0 {
            self.push(0, 8 - self.count);
        }
    }

    /// The whole bytes so far.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
