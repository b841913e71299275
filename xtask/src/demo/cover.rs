//! A square cover as an uncompressed PNG of 256 colours.

use super::wave::sine;

/// Pixels on a side.
pub(super) const SIDE: u32 = 320;
/// What fits into one stored block of a deflate stream (RFC 1951 section 3.2.4).
const STORED: usize = 65_535;

/// Rings of colour that differ by `seed`.
pub(super) fn png(seed: u64) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = [SIDE.to_be_bytes(), SIDE.to_be_bytes()].concat();
    header.extend([8, 3, 0, 0, 0]);
    push_piece(&mut file, *b"IHDR", &header);
    push_piece(&mut file, *b"PLTE", &palette(seed));
    push_piece(&mut file, *b"IDAT", &stored(&pixels(seed)));
    push_piece(&mut file, *b"IEND", &[]);
    file
}

fn palette(seed: u64) -> Vec<u8> {
    let turn = fraction(seed);
    (0..256_u32)
        .flat_map(|index| {
            let at = f64::from(index) / 256.0;
            [0.0, 0.11, 0.23].map(|shift| byte(0.5 + 0.42 * sine(at * 0.6 + turn + shift)))
        })
        .collect()
}

fn pixels(seed: u64) -> Vec<u8> {
    let (x0, y0) = (fraction(seed * 7), fraction(seed * 13));
    let side = f64::from(SIDE);
    (0..SIDE)
        .flat_map(|y| {
            let row = (0..SIDE).map(move |x| {
                let (dx, dy) = (f64::from(x) / side - x0, f64::from(y) / side - y0);
                byte(0.5 + 0.5 * sine((dx * dx + dy * dy).sqrt() * 3.0 + dx * dy))
            });
            std::iter::once(0).chain(row)
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "the remainder is below 97")]
fn fraction(seed: u64) -> f64 {
    (seed % 97) as f64 / 97.0
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to what a byte holds"
)]
fn byte(level: f64) -> u8 {
    (level * 255.0).clamp(0.0, 255.0) as u8
}

/// A zlib stream (RFC 1950) of stored blocks.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks = data.len().div_ceil(STORED);
    for (index, block) in data.chunks(STORED).enumerate() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        stream.push(u8::from(index + 1 == blocks));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    stream.extend(adler32(data).to_be_bytes());
    stream
}

fn adler32(data: &[u8]) -> u32 {
    let (a, b) = data.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    (b << 16) | a
}

fn push_piece(file: &mut Vec<u8>, name: [u8; 4], body: &[u8]) {
    file.extend(u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes());
    let checked = [&name[..], body].concat();
    file.extend(&checked);
    file.extend(crc32(&checked).to_be_bytes());
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |check, byte| {
        (0..8).fold(check ^ u32::from(*byte), |check, _| {
            if check & 1 == 1 { (check >> 1) ^ 0xedb8_8320 } else { check >> 1 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_match_their_published_values() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }
}
