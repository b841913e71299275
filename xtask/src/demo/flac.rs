//! 16-bit stereo samples into a FLAC file (RFC 9639), with tags and a cover.
//!
//! Fixed predictors and Rice-coded residuals only: a third larger than the best encoders make it,
//! and short enough to read.

use super::bits::BitWriter;

/// Samples per channel in every frame but the last.
const BLOCK: usize = 4096;
/// Residual partitions of a whole block: 2^4.
const PARTITION_ORDER: u32 = 4;
/// Rice parameters are four bits wide, and all ones means something else.
const MAX_RICE: u32 = 14;

/// One stereo sample frame.
pub(super) type Frame = [i16; 2];

/// The whole file.
pub(super) fn encode(
    frames: &[Frame],
    rate: u32,
    tags: &[(&str, String)],
    picture_png: &[u8],
) -> Vec<u8> {
    let mut file = b"fLaC".to_vec();
    push_block(&mut file, 0, false, &stream_info(frames.len(), rate));
    push_block(&mut file, 4, false, &vorbis_comment(tags));
    push_block(&mut file, 6, true, &picture(picture_png));
    for (number, block) in (0_u64..).zip(frames.chunks(BLOCK)) {
        file.extend(audio_frame(number, block, rate));
    }
    file
}

fn push_block(file: &mut Vec<u8>, kind: u8, last: bool, body: &[u8]) {
    file.push(kind | if last { 0x80 } else { 0 });
    file.extend(&len32(body).to_be_bytes()[1..]);
    file.extend(body);
}

fn len32(body: &[u8]) -> u32 {
    u32::try_from(body.len()).unwrap_or(u32::MAX)
}

/// RFC 9639 section 8.2; frame sizes and the checksum are left unknown.
fn stream_info(samples: usize, rate: u32) -> Vec<u8> {
    let mut bits = BitWriter::default();
    bits.push(BLOCK as u64, 16);
    bits.push(BLOCK as u64, 16);
    bits.push(0, 24);
    bits.push(0, 24);
    bits.push(u64::from(rate), 20);
    bits.push(2 - 1, 3);
    bits.push(16 - 1, 5);
    bits.push(samples as u64 >> 32, 4);
    bits.push(samples as u64, 32);
    (0..4).for_each(|_| bits.push(0, 32));
    bits.bytes().to_vec()
}

/// RFC 9639 section 8.6: little endian, unlike the rest.
fn vorbis_comment(tags: &[(&str, String)]) -> Vec<u8> {
    let vendor = b"Quick Sync demo";
    let mut body = len32(vendor).to_le_bytes().to_vec();
    body.extend(vendor);
    body.extend(u32::try_from(tags.len()).unwrap_or(0).to_le_bytes());
    for (name, value) in tags {
        let line = format!("{name}={value}");
        body.extend(len32(line.as_bytes()).to_le_bytes());
        body.extend(line.as_bytes());
    }
    body
}

/// RFC 9639 section 8.8: a front cover.
fn picture(png: &[u8]) -> Vec<u8> {
    let media_type = b"image/png";
    let mut body = 3_u32.to_be_bytes().to_vec();
    body.extend(len32(media_type).to_be_bytes());
    body.extend(media_type);
    body.extend(0_u32.to_be_bytes());
    for number in [super::cover::SIDE, super::cover::SIDE, 8, 256, len32(png)] {
        body.extend(number.to_be_bytes());
    }
    body.extend(png);
    body
}

/// RFC 9639 section 9.
fn audio_frame(number: u64, block: &[Frame], rate: u32) -> Vec<u8> {
    let mut bits = BitWriter::default();
    let whole = block.len() == BLOCK;
    bits.push(0xfff8, 16);
    bits.push(if whole { 0b1100 } else { 0b0111 }, 4);
    bits.push(if rate == 48_000 { 0b1010 } else { 0b1001 }, 4);
    bits.push(0b0001_1000, 8);
    push_coded_number(&mut bits, number);
    if !whole {
        bits.push(block.len() as u64 - 1, 16);
    }
    let header_check = crc(bits.bytes(), 8, 0x07);
    bits.push(header_check, 8);
    for channel in 0..2 {
        let samples: Vec<i64> = block.iter().map(|frame| i64::from(frame[channel])).collect();
        push_subframe(&mut bits, &samples);
    }
    bits.align();
    let check = crc(bits.bytes(), 16, 0x8005);
    bits.push(check, 16);
    bits.bytes().to_vec()
}

/// The frame number in the style of UTF-8; two bytes are enough for 2,048 frames, three for 65,536.
fn push_coded_number(bits: &mut BitWriter, number: u64) {
    match number {
        0..0x80 => bits.push(number, 8),
        0x80..0x800 => {
            bits.push(0b1100_0000 | (number >> 6), 8);
            bits.push(0b1000_0000 | (number & 0x3f), 8);
        }
        _ => {
            bits.push(0b1110_0000 | (number >> 12), 8);
            bits.push(0b1000_0000 | ((number >> 6) & 0x3f), 8);
            bits.push(0b1000_0000 | (number & 0x3f), 8);
        }
    }
}

fn push_subframe(bits: &mut BitWriter, samples: &[i64]) {
    let (order, residual) = best_prediction(samples);
    bits.push(0b0000_1000 | order as u64, 7);
    bits.push(0, 1);
    samples.iter().take(order).for_each(|sample| bits.push(sample.cast_unsigned(), 16));
    push_residual(bits, order, &residual, samples.len());
}

/// The order of differences, 0 to 4, whose sum is least, and those differences.
fn best_prediction(samples: &[i64]) -> (usize, Vec<i64>) {
    let mut order = 0;
    let mut best = samples.to_vec();
    let mut differences = samples.to_vec();
    for candidate in 1..=4.min(samples.len().saturating_sub(1)) {
        differences = differences.windows(2).map(|pair| pair[1] - pair[0]).collect();
        if cost(&differences) < cost(&best) {
            order = candidate;
            best.clone_from(&differences);
        }
    }
    (order, best)
}

fn cost(residual: &[i64]) -> u64 {
    residual.iter().map(|value| value.unsigned_abs()).sum()
}

/// RFC 9639 section 9.2.7; the first partition is short by the order.
fn push_residual(bits: &mut BitWriter, order: usize, residual: &[i64], samples: usize) {
    let partition_order = if samples == BLOCK { PARTITION_ORDER } else { 0 };
    let size = samples >> partition_order;
    bits.push(0, 2);
    bits.push(u64::from(partition_order), 4);
    let (first, rest) = residual.split_at(size - order);
    push_partition(bits, first);
    rest.chunks(size).for_each(|partition| push_partition(bits, partition));
}

fn push_partition(bits: &mut BitWriter, partition: &[i64]) {
    let mean = cost(partition) * 2 / (partition.len() as u64).max(1);
    let parameter = (u64::BITS - mean.leading_zeros()).saturating_sub(1).min(MAX_RICE);
    bits.push(u64::from(parameter), 4);
    for value in partition {
        let folded = ((value << 1) ^ (value >> 63)).cast_unsigned();
        bits.push_unary(folded >> parameter);
        bits.push(folded, parameter);
    }
}

/// A cyclic redundancy check of `width` bits that starts at zero.
fn crc(bytes: &[u8], width: u32, polynomial: u64) -> u64 {
    let top = 1 << (width - 1);
    let mask = (1 << width) - 1;
    bytes.iter().fold(0, |check, byte| {
        (0..8).fold(check ^ (u64::from(*byte) << (width - 8)), |check, _| {
            let shifted = check << 1;
            (if check & top == 0 { shifted } else { shifted ^ polynomial }) & mask
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_match_their_published_values() {
        // The "check" values of CRC-8/SMBUS and CRC-16/UMTS for the text 123456789.
        assert_eq!(crc(b"123456789", 8, 0x07), 0xf4);
        assert_eq!(crc(b"123456789", 16, 0x8005), 0xfee8);
    }

    #[test]
    fn straight_lines_cost_nothing() {
        let line: Vec<i64> = (0..100).map(|n| n * 7).collect();
        let (order, residual) = best_prediction(&line);
        assert_eq!((order, cost(&residual)), (2, 0));
    }
}
