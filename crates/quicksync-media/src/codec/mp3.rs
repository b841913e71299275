//! LAME behind a safe wrapper: joint stereo at 48 kHz, constant frames, no bit reservoir.
//!
//! Without the reservoir every frame holds its own bits, so a frame depends on its neighbours only
//! through the overlap of the filters, and all frames of a rung have one size. What the wrapper
//! never does: resample, write a tag frame, flush.
#![expect(unsafe_code, reason = "LAME is C; every call is in this module and argued for")]

use std::ffi::c_int;
use std::ptr::NonNull;

use mp3lame_sys as sys;
use quicksync_model::{Bitrate, Codec, SAMPLE_RATE};

use super::{CHANNELS, Shape, append, expect, to_c_int};
use crate::MediaError;

const PACKET_SAMPLES: u32 = Codec::Mp3.packet_samples();

/// Samples by which a decoder's output lags the input: 576 in LAME, 528 + 1 in every decoder.
/// Input is fed this far ahead, so frames carry presentation time.
const DELAY: u32 = 576 + 529;

/// LAME gives out its first frame when it holds 1,904 samples, 528 of which are its own silence;
/// from then on one for every 1,152.
const PEEK: u32 = 1_904 - 528 - PACKET_SAMPLES;

/// Measured: 4 leave no more error after a boundary than elsewhere; fewer make windows that do not
/// follow each other.
const PREROLL: u32 = 4;

/// What a cut must know of this codec.
pub(crate) const SHAPE: Shape =
    Shape { packet: PACKET_SAMPLES, ahead: DELAY, peek: PEEK, preroll: PREROLL, lead: 0 };

/// LAME's `-q`: 3 is its noise shaping with the best search that is worth its time.
const EFFORT: c_int = 3;

/// One encoder, started afresh for every segment.
#[derive(Debug)]
pub(crate) struct Encoder {
    state: NonNull<sys::lame_global_flags>,
    frame_bytes: usize,
    begun: bool,
}

// SAFETY: LAME keeps all of an encoder's state behind this pointer, which nobody else has; its
// global tables are constant or rebuilt with equal values by each encoder.
unsafe impl Send for Encoder {}

impl Encoder {
    /// A fresh encoder at `bitrate`.
    ///
    /// # Errors
    /// [`MediaError::Internal`] if LAME refuses a setting.
    pub(crate) fn new(bitrate: Bitrate) -> Result<Self, MediaError> {
        let frame_bytes = Codec::Mp3.packet_bytes(bitrate).unwrap_or(0) as usize;
        // SAFETY: takes nothing, gives a pointer or null.
        let state = NonNull::new(unsafe { sys::lame_init() }).ok_or_else(|| failure("begin", 0))?;
        // Owned from here on: an early return below closes the state.
        let encoder = Self { state, frame_bytes, begun: false };
        let rate = to_c_int(SAMPLE_RATE);
        type Setting = unsafe extern "C" fn(*mut sys::lame_global_flags, c_int) -> c_int;
        let settings: [(Setting, c_int); 9] = [
            (sys::lame_set_in_samplerate, rate),
            (sys::lame_set_out_samplerate, rate),
            (sys::lame_set_num_channels, to_c_int(CHANNELS)),
            (sys::lame_set_mode, sys::MPEG_mode::JOINT_STEREO),
            (sys::lame_set_VBR, sys::vbr_mode::vbr_off),
            (sys::lame_set_brate, to_c_int(bitrate.kbps())),
            (sys::lame_set_quality, EFFORT),
            (sys::lame_set_disable_reservoir, 1),
            (sys::lame_set_bWriteVbrTag, 0),
        ];
        for (set, value) in settings {
            // SAFETY: the state is live and ours alone; each setter takes one integer.
            match unsafe { set(encoder.state.as_ptr(), value) } {
                0.. => {}
                code => return Err(failure("set", code)),
            }
        }
        // SAFETY: the state is live and ours alone.
        match unsafe { sys::lame_init_params(encoder.state.as_ptr()) } {
            0.. => Ok(encoder),
            code => Err(failure("start", code)),
        }
    }

    /// Appends one frame, of exactly the rung's size, to `packets`.
    ///
    /// # Errors
    /// [`MediaError::Internal`] if `pcm` is not one frame's worth, or LAME fails.
    pub(crate) fn encode(&mut self, pcm: &[f32], packets: &mut Vec<u8>) -> Result<(), MediaError> {
        let expected = PACKET_SAMPLES + if self.begun { 0 } else { PEEK };
        expect(pcm, expected)?;
        self.begun = true;
        // Twice a frame: LAME refuses a buffer that could be too small, and writes what it has.
        append(packets, 2 * self.frame_bytes, |room| {
            // SAFETY: the state is live and borrowed for us alone; `pcm` holds `expected` frames of
            // CHANNELS values (checked above); `room` is as long as the length given.
            let written = unsafe {
                sys::lame_encode_buffer_interleaved_ieee_float(
                    self.state.as_ptr(),
                    pcm.as_ptr(),
                    to_c_int(expected),
                    room.as_mut_ptr(),
                    to_c_int(room.len()),
                )
            };
            let whole = usize::try_from(written).ok().filter(|bytes| *bytes == self.frame_bytes);
            whole.ok_or_else(|| failure("encode", written))
        })
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        // SAFETY: the state came from `lame_init` and nobody uses it after this.
        unsafe { sys::lame_close(self.state.as_ptr()) };
    }
}

fn failure(what: &str, code: c_int) -> MediaError {
    MediaError::Internal(format!("LAME refused to {what}: code {code}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use quicksync_model::Quality;

    fn input(frame: usize, signal: fn(usize) -> f32) -> Vec<f32> {
        let (first, each) = ((PACKET_SAMPLES + PEEK) as usize, PACKET_SAMPLES as usize);
        let (start, len) = if frame == 0 { (0, first) } else { (first + (frame - 1) * each, each) };
        (start * CHANNELS..(start + len) * CHANNELS).map(signal).collect()
    }

    #[test]
    fn every_frame_of_every_rung_has_the_size_of_the_rung_and_no_reservoir() {
        let signals: [fn(usize) -> f32; 4] = [
            |_| 0.0,
            |n| if n.is_multiple_of(2) { 1.0 } else { -1.0 },
            |n| f32::from(u16::try_from((n * 2_654_435_761) % 65_536).unwrap()) / 32_768.0 - 1.0,
            |n| if n % 3_000 == 0 { 8.0 } else { 0.0 },
        ];
        for quality in Quality::ALL {
            for signal in signals {
                let mut encoder = Encoder::new(quality.bitrate()).unwrap();
                let mut frames = Vec::new();
                for frame in 0..20 {
                    encoder.encode(&input(frame, signal), &mut frames).unwrap();
                }
                let size = quality.bitrate().kbps() as usize * 3;
                assert_eq!(frames.len(), 20 * size);
                for frame in frames.chunks_exact(size) {
                    // MPEG-1 layer III without checksum, and main data that begins right here.
                    assert_eq!((frame[0], frame[1]), (0xff, 0xfb));
                    assert_eq!((frame[2] & 0b10, frame[4], frame[5] >> 7), (0, 0, 0));
                }
            }
        }
    }

    #[test]
    fn a_wrong_amount_of_input_is_refused() {
        let mut encoder = Encoder::new(Quality::Low.bitrate()).unwrap();
        for values in [0, 1, 2 * 1152, 2 * (1152 + 224) + 1] {
            let refused = encoder.encode(&vec![0.0; values], &mut Vec::new());
            assert!(matches!(refused, Err(MediaError::Internal(_))), "{values}");
        }
    }
}
