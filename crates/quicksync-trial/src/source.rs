//! Where the choices of a trial come from: a seed, or the bytes of a fuzzer.

/// Choices, one after another.
pub trait Source {
    /// A number below `limit`; 0 if `limit` is 0.
    fn below(&mut self, limit: u64) -> u64;

    /// Whether there is nothing more to draw from: what follows is all zeros.
    fn is_spent(&self) -> bool;
}

/// Choices from a seed, without end. The generator is SplitMix64.
#[derive(Clone, Debug)]
pub struct Seeded(u64);

impl Seeded {
    /// The choices of `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }
}

impl Source for Seeded {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        bits.checked_rem(limit).unwrap_or(0)
    }

    fn is_spent(&self) -> bool {
        false
    }
}

/// Choices from bytes: as few for each as it needs.
#[derive(Clone, Debug)]
pub struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    /// The choices that `bytes` hold.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }
}

impl Source for Bytes<'_> {
    fn below(&mut self, limit: u64) -> u64 {
        let mut bits = 0_u64;
        let mut most = limit.saturating_sub(1);
        while most > 0 {
            let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
            self.0 = rest;
            bits = bits << 8 | u64::from(*first);
            most >>= 8;
        }
        bits.checked_rem(limit).unwrap_or(0)
    }

    fn is_spent(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_used_sparingly_and_end_in_zeros() {
        let mut bytes = Bytes::new(&[7, 1, 2]);
        assert_eq!((bytes.below(1), bytes.below(0)), (0, 0));
        assert_eq!((bytes.below(5), bytes.below(1 << 16)), (2, 258));
        assert!(bytes.is_spent());
        assert_eq!(bytes.below(u64::MAX), 0);
    }

    #[test]
    fn seeds_differ() {
        let draw = |seed| {
            let mut seeded = Seeded::new(seed);
            [(); 4].map(|()| seeded.below(1 << 40))
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
