//! The Info frame: an MP3 frame of silence that says how long the music is, to the sample.
//!
//! Layout: Xing's header with LAME's extension, as LAME writes it and every decoder that trims reads
//! it.

use quicksync_model::Bitrate;

use super::{FRAME_SAMPLES, frame_bytes};

/// Bytes of header and side information of an MPEG-1 stereo frame, before the tag.
const TAG_AT: usize = 4 + 32;
/// What a decoder leaves out by itself: 528 samples of its filters and one.
const DECODER_DELAY: u64 = 529;
/// What the tag makes it leave out beside that: together the warm-up frame.
const DELAY: u64 = FRAME_SAMPLES as u64 - DECODER_DELAY;
/// Frames, bytes, table of contents and quality follow.
const FLAGS: u32 = 0b1111;
/// The quality of LAME's `-q 3`, as it is written: 100 less ten times that.
const QUALITY: u32 = 57;
/// Revision 0 of the tag, constant bitrate.
const METHOD: u8 = 0x01;

/// The frame for a track of `samples` at `bitrate`.
pub(super) fn frame(samples: u64, bitrate: Bitrate) -> Vec<u8> {
    let music = samples.div_ceil(u64::from(FRAME_SAMPLES));
    let frames = music + 1;
    let bytes = (frames + 1) * u64::from(frame_bytes(bitrate));
    let mut frame = header(bitrate).to_vec();
    frame.resize(TAG_AT, 0);
    frame.extend_from_slice(b"Info");
    for number in [FLAGS, clip(frames), clip(bytes)] {
        frame.extend_from_slice(&number.to_be_bytes());
    }
    // Constant bitrate: a hundredth of the time is a hundredth of the bytes.
    frame.extend((0..100_u32).map(|n| u8::try_from(n * 256 / 100).unwrap_or(u8::MAX)));
    frame.extend_from_slice(&QUALITY.to_be_bytes());
    frame.extend_from_slice(b"LAME3.100");
    frame.push(METHOD);
    // Lowpass, peak and two gains: not known before the music is encoded.
    frame.extend_from_slice(&[0; 1 + 4 + 2 + 2 + 1]);
    frame.push(u8::try_from(bitrate.kbps()).unwrap_or(u8::MAX));
    frame.extend_from_slice(&trims(samples, frames));
    // Source, gain and preset unknown; then the length, and the checksum of music not made yet.
    frame.extend_from_slice(&[0; 1 + 1 + 2]);
    frame.extend_from_slice(&clip(bytes).to_be_bytes());
    frame.extend_from_slice(&[0; 2]);
    let crc = crc16(&frame);
    frame.extend_from_slice(&crc.to_be_bytes());
    frame.resize(frame_bytes(bitrate) as usize, 0);
    frame
}

/// Twelve bits of what to leave out at the start, twelve of what at the end.
fn trims(samples: u64, frames: u64) -> [u8; 3] {
    let padding = frames * u64::from(FRAME_SAMPLES) - DELAY - samples;
    let [_, a, b, c] = clip((DELAY << 12) | (padding & 0xfff)).to_be_bytes();
    [a, b, c]
}

/// MPEG-1 layer III without checksum, 48 kHz, joint stereo.
fn header(bitrate: Bitrate) -> [u8; 4] {
    const KBPS: [u32; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    let index = KBPS.iter().position(|kbps| *kbps == bitrate.kbps());
    let index = index.and_then(|index| u8::try_from(index).ok()).unwrap_or_default();
    [0xff, 0xfb, (index << 4) | 0b0100, 0x40]
}

/// CRC-16 as LAME's tag has it: polynomial 0x8005, least significant bit first, from zero.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc: u16, _| {
            if crc & 1 == 0 { crc >> 1 } else { (crc >> 1) ^ 0xa001 }
        })
    })
}

/// Fields of 32 bits end after 28 hours at the highest rate; decoders take them as a hint.
fn clip(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quicksync_model::Quality;

    #[test]
    fn a_frame_is_as_long_as_every_other_frame() {
        for quality in Quality::ALL {
            for samples in [0, 1, 1151, 1152, 1153, 11_520_001, u64::from(u32::MAX) * 1152] {
                let frame = frame(samples, quality.bitrate());
                assert_eq!(frame.len(), frame_bytes(quality.bitrate()) as usize);
                assert_eq!(&frame[TAG_AT..TAG_AT + 4], b"Info");
            }
        }
    }

    #[test]
    fn the_trims_leave_exactly_the_samples() {
        for samples in (1_u64..4000).chain([11_520_001]) {
            let frames = samples.div_ceil(1152) + 1;
            let [a, b, c] = trims(samples, frames);
            let delay = u64::from(a) << 4 | u64::from(b) >> 4;
            let padding = (u64::from(b) & 15) << 8 | u64::from(c);
            assert_eq!((delay, frames * 1152 - delay - padding), (623, samples));
            assert!(padding >= DECODER_DELAY, "{samples} samples: the decoder's tail is cut off");
        }
    }

    #[test]
    fn the_tag_fits_the_smallest_frame() {
        let tag = frame(5, Quality::Low.bitrate());
        assert_eq!(tag.len(), 192);
        // A checksum over what it checksums and itself, low byte first, is zero.
        let (body, crc) = tag.split_at(tag.len() - 2);
        assert_eq!(crc16(body).to_be_bytes(), crc);
    }
}
