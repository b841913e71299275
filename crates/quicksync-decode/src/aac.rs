//! What kind of AAC an MP4 announces: the part of its AudioSpecificConfig that says what no decoder of
//! ours plays (ISO/IEC 14496-3 §1.6.2.1).
//!
//! Never: a decoder. What is not refused here may still be refused by it.

/// The kind of AAC that is not played, in words that a listener can look up; `None` of AAC-LC in one
/// or two channels, and of a config that cannot be read.
pub(crate) fn refusal(config: &[u8]) -> Option<String> {
    let mut bits = Bits { bytes: config, at: 0 };
    let object = object_type(&mut bits)?;
    match object {
        5 => return Some("HE-AAC (AAC with spectral band replication)".to_owned()),
        29 => return Some("HE-AAC v2 (AAC with parametric stereo)".to_owned()),
        _ => {}
    }
    let rate = bits.take(4)?;
    if rate == 15 {
        bits.take(24)?;
    }
    let channels = bits.take(4)?;
    match (object, channels) {
        (2, 3..=7) => Some(format!("AAC of {} channels", if channels == 7 { 8 } else { channels })),
        (2, _) => None,
        (1, _) => Some("AAC Main".to_owned()),
        (3, _) => Some("AAC with scalable sampling rate".to_owned()),
        (4, _) => Some("AAC with long term prediction".to_owned()),
        (23 | 39, _) => Some("AAC with low delay".to_owned()),
        (42, _) => Some("xHE-AAC (USAC)".to_owned()),
        (other, _) => Some(format!("MPEG-4 audio object type {other}")),
    }
}

fn object_type(bits: &mut Bits<'_>) -> Option<u32> {
    match bits.take(5)? {
        31 => Some(32 + bits.take(6)?),
        object => Some(object),
    }
}

/// Bits, the most significant first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.bytes.get(self.at / 8)?;
            value = (value << 1) | u32::from((byte >> (7 - self.at % 8)) & 1);
            self.at += 1;
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_named_as_people_know_them() {
        for (config, expected) in [
            (&[0x12, 0x10][..], None),
            (&[0x11, 0x88, 0x56, 0xe5, 0x00], None),
            (&[0x11, 0xb0], Some("AAC of 6 channels")),
            (&[0x11, 0xb8], Some("AAC of 8 channels")),
            (&[0x2b, 0x8a, 0x08, 0x00], Some("HE-AAC (AAC with spectral band replication)")),
            (&[0xeb, 0x8a, 0x08, 0x00], Some("HE-AAC v2 (AAC with parametric stereo)")),
            (&[0xf9, 0x46, 0x40], Some("xHE-AAC (USAC)")),
            (&[0x0a, 0x10], Some("AAC Main")),
            (&[], None),
            (&[0xff], None),
        ] {
            assert_eq!(refusal(config).as_deref(), expected, "{config:02x?}");
        }
    }
}
