//! Turns round the coupling steps in a Vorbis setup header.
//!
//! Knows: the layout of a setup header (Vorbis I §3.2.1, §4.2.4, §6.2.1, §7.2.2, §8.6.1). Never:
//! an audio packet.
//!
//! Channels are uncoupled from the last step to the first (§4.3.5); our decoder goes from the first
//! to the last. With one step, as in stereo, that is the same; with more it gives other sound. A
//! header whose steps are turned round makes the two mistakes one truth. The surround file of the
//! tests fails as soon as the decoder mends its ways.

/// Bytes of the identification header, which comes before the setup header in the decoder's setup.
const IDENT_BYTES: usize = 30;
/// Packet type and `vorbis`.
const SIGNATURE: &[u8] = b"\x05vorbis";
/// The first bits of every codebook.
const CODEBOOK_SYNC: u32 = 0x56_43_42;

/// A copy of a decoder's setup with the coupling steps of every mapping turned round; `None` where
/// the setup is not one.
pub(crate) fn with_coupling_reversed(setup: &[u8], channels: usize) -> Option<Vec<u8>> {
    let header = setup.get(IDENT_BYTES..)?.strip_prefix(SIGNATURE)?;
    let base = (setup.len() - header.len()) * 8;
    let channels = u32::try_from(channels).ok()?;
    let mut bits = Bits { bytes: header, at: 0 };
    let mut patched = setup.to_vec();
    skip_to_mappings(&mut bits)?;
    for _ in 0..=bits.read(6)? {
        let steps = read_mapping(&mut bits, channels)?;
        let width = ilog(channels - 1) * 2;
        for (place, step) in steps.iter().zip(steps.iter().rev()) {
            write(&mut patched, base + place.at, width, step.value);
        }
    }
    Some(patched)
}

/// One coupling step: the two channel numbers as one number, and where its bits are.
struct Step {
    at: usize,
    value: u32,
}

fn read_mapping(bits: &mut Bits<'_>, channels: u32) -> Option<Vec<Step>> {
    if bits.read(16)? != 0 {
        return None;
    }
    let submaps = if bits.flag()? { bits.read(4)? + 1 } else { 1 };
    let mut steps = Vec::new();
    if bits.flag()? {
        let width = ilog(channels.checked_sub(1)?) * 2;
        for _ in 0..=bits.read(8)? {
            steps.push(Step { at: bits.at, value: bits.read(width)? });
        }
    }
    bits.skip(2)?;
    if submaps > 1 {
        bits.skip(4 * channels)?;
    }
    bits.skip(24 * submaps)?;
    Some(steps)
}

fn skip_to_mappings(bits: &mut Bits<'_>) -> Option<()> {
    for _ in 0..=bits.read(8)? {
        skip_codebook(bits)?;
    }
    let times = bits.read(6)? + 1;
    bits.skip(16 * times)?;
    for _ in 0..=bits.read(6)? {
        skip_floor(bits)?;
    }
    for _ in 0..=bits.read(6)? {
        skip_residue(bits)?;
    }
    Some(())
}

fn skip_codebook(bits: &mut Bits<'_>) -> Option<()> {
    if bits.read(24)? != CODEBOOK_SYNC {
        return None;
    }
    let (dimensions, entries) = (bits.read(16)?, bits.read(24)?);
    if bits.flag()? {
        bits.skip(5)?;
        let mut current = 0;
        while current < entries {
            current += bits.read(ilog(entries - current))?;
        }
    } else if bits.flag()? {
        for _ in 0..entries {
            if bits.flag()? {
                bits.skip(5)?;
            }
        }
    } else {
        bits.skip(entries.checked_mul(5)?)?;
    }
    let values = match bits.read(4)? {
        0 => return Some(()),
        1 => lookup_values(entries, dimensions),
        2 => entries.checked_mul(dimensions)?,
        _ => return None,
    };
    bits.skip(64)?;
    let width = bits.read(4)? + 1;
    bits.skip(1)?;
    bits.skip(values.checked_mul(width)?)
}

/// The greatest number whose power of `dimensions` is at most `entries` (§9.2.3).
fn lookup_values(entries: u32, dimensions: u32) -> u32 {
    let fits = |value: u64| {
        let power = value.checked_pow(dimensions);
        power.is_some_and(|power| power <= u64::from(entries))
    };
    // Entries are 24 bits long, so with more than one dimension the root is below 2^12.
    if dimensions <= 1 {
        return entries;
    }
    (1..=4096_u32).take_while(|value| fits(u64::from(*value))).last().unwrap_or(0)
}

fn skip_floor(bits: &mut Bits<'_>) -> Option<()> {
    match bits.read(16)? {
        0 => {
            bits.skip(8 + 16 + 16 + 6 + 8)?;
            let books = bits.read(4)? + 1;
            bits.skip(8 * books)
        }
        1 => skip_floor_curve(bits),
        _ => None,
    }
}

fn skip_floor_curve(bits: &mut Bits<'_>) -> Option<()> {
    let partitions = bits.read(5)?;
    let classes: Vec<u32> = (0..partitions).map(|_| bits.read(4)).collect::<Option<_>>()?;
    let mut dimensions = [0; 16];
    let used = classes.iter().max().map_or(0, |greatest| greatest + 1);
    for class in dimensions.iter_mut().take(usize::try_from(used).ok()?) {
        *class = bits.read(3)? + 1;
        let subclasses = bits.read(2)?;
        if subclasses > 0 {
            bits.skip(8)?;
        }
        bits.skip(8 << subclasses)?;
    }
    bits.skip(2)?;
    let width = bits.read(4)?;
    for class in classes {
        bits.skip(width * dimensions.get(usize::try_from(class).ok()?)?)?;
    }
    Some(())
}

fn skip_residue(bits: &mut Bits<'_>) -> Option<()> {
    bits.skip(16 + 3 * 24)?;
    let classifications = bits.read(6)? + 1;
    bits.skip(8)?;
    let mut books = 0;
    for _ in 0..classifications {
        let low = bits.read(3)?;
        let high = if bits.flag()? { bits.read(5)? } else { 0 };
        books += low.count_ones() + high.count_ones();
    }
    bits.skip(8 * books)
}

/// Bits needed to write `value` (§9.2.1).
const fn ilog(value: u32) -> u32 {
    u32::BITS - value.leading_zeros()
}

/// Reads bits from the least significant of each byte on (§2.1.4).
struct Bits<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Bits<'_> {
    fn read(&mut self, width: u32) -> Option<u32> {
        let mut value = 0;
        for n in 0..width {
            let bit = (self.bytes.get(self.at / 8)? >> (self.at % 8)) & 1;
            value |= u32::from(bit) << n;
            self.at += 1;
        }
        Some(value)
    }

    fn flag(&mut self) -> Option<bool> {
        Some(self.read(1)? == 1)
    }

    fn skip(&mut self, width: u32) -> Option<()> {
        self.at = self.at.checked_add(usize::try_from(width).ok()?)?;
        (self.at <= self.bytes.len() * 8).then_some(())
    }
}

/// Writes the low `width` bits of `value` at bit `at`.
fn write(bytes: &mut [u8], at: usize, width: u32, value: u32) {
    for n in 0..width {
        let place = at + n as usize;
        if let Some(byte) = bytes.get_mut(place / 8) {
            let mask = 1 << (place % 8);
            *byte = if (value >> n) & 1 == 1 { *byte | mask } else { *byte & !mask };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_rounded_down() {
        for (entries, dimensions, root) in
            [(81, 4, 3), (80, 4, 2), (0, 3, 0), (7, 1, 7), (1 << 24, 2, 4096), (5, 60_000, 1)]
        {
            assert_eq!(lookup_values(entries, dimensions), root, "{entries}^(1/{dimensions})");
        }
    }

    #[test]
    fn bits_come_and_go_from_the_low_end() {
        let mut bytes = [0b1010_0110, 0xff];
        assert_eq!(Bits { bytes: &bytes, at: 1 }.read(4), Some(0b0011));
        assert_eq!(Bits { bytes: &bytes, at: 12 }.read(5), None);
        write(&mut bytes, 6, 4, 0b0101);
        assert_eq!(bytes, [0b0110_0110, 0b1111_1101]);
    }

    #[test]
    fn what_is_no_setup_is_refused() {
        for setup in [&b""[..], &[0; 200], &[&[0; 30], SIGNATURE, &[0xff; 9]].concat()] {
            assert_eq!(with_coupling_reversed(setup, 6), None);
        }
    }
}
