//! What damaging files and making them have in common.

/// Numbers that look random and are the same in every run.
#[derive(Clone, Debug)]
pub(crate) struct Lcg(pub(crate) u64);

impl Lcg {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }
}

/// Puts right the checksum of every page of an Ogg file (RFC 3533 §6).
pub(crate) fn fix_ogg_checksums(file: &mut [u8]) {
    let mut at = 0;
    while let Some(laces) = file.get(at + 26) {
        let Some(table) = file.get(at + 27..at + 27 + usize::from(*laces)) else { return };
        let length = 27 + table.len() + table.iter().map(|lace| usize::from(*lace)).sum::<usize>();
        let Some(page) = file.get_mut(at..at + length) else { return };
        page[22..26].fill(0);
        let checksum = page.iter().fold(0_u32, |mut sum, byte| {
            sum ^= u32::from(*byte) << 24;
            for _ in 0..8 {
                sum = (sum << 1) ^ if sum >> 31 == 1 { 0x04c1_1db7 } else { 0 };
            }
            sum
        });
        page[22..26].copy_from_slice(&checksum.to_le_bytes());
        at += length;
    }
}
