//! libopus behind a safe wrapper: stereo music at 48 kHz, hard constant bitrate.
//!
//! What the wrapper never does: change rate or channel count, resample, or hand out a packet of
//! another size than the rung's.
#![expect(unsafe_code, reason = "libopus is C; every call is in this module and argued for")]

use std::ffi::c_int;
use std::ptr::NonNull;

use opusic_sys as sys;
use quicksync_model::{Bitrate, PACKET_SAMPLES, SAMPLE_RATE};

use super::{CHANNELS, Shape, append, expect, to_c_int};
use crate::MediaError;

/// Samples by which the encoder's output lags its input (RFC 6716 §4.5.3 overlap plus the
/// encoder's own delay compensation). Input is fed this far ahead, so packets carry presentation
/// time and `pre_skip` is 0. Asked of every encoder made, and refused if it differs.
const LOOKAHEAD: u32 = 312;

/// Packets encoded and thrown away before the first one kept. Measured: 4 are enough for the mean,
/// 8 leave the worst boundary within 4 dB of the worse of its two rungs.
const PREROLL: u32 = 8;

/// A packet that stands alone has no pitch filter, and the next one begins by fading that of its
/// forerunner out. After a warm-up there is none to fade out, so the encoder must have had none
/// either. Measured on two tones each side, 256 kbps: a join is 25 dB above the noise without this.
const LEAD: u32 = 1;

/// What a cut must know of this codec.
pub(crate) const SHAPE: Shape =
    Shape { packet: PACKET_SAMPLES, ahead: LOOKAHEAD, peek: 0, preroll: PREROLL, lead: LEAD };

/// libopus's best search. Measured: half as much again as complexity 5, 35 ms a segment at most.
const COMPLEXITY: c_int = 10;

/// One encoder, started afresh for every segment.
#[derive(Debug)]
pub(crate) struct Encoder {
    state: NonNull<sys::OpusEncoder>,
    packet_bytes: usize,
}

impl Encoder {
    /// A fresh encoder at `bitrate`.
    ///
    /// # Errors
    /// [`MediaError::Internal`] if libopus refuses a setting or is not the one we know.
    pub(crate) fn new(bitrate: Bitrate) -> Result<Self, MediaError> {
        let mut error = sys::OPUS_OK;
        // SAFETY: `error` outlives the call, and the rest are plain numbers.
        let state = unsafe {
            sys::opus_encoder_create(
                to_c_int(SAMPLE_RATE),
                to_c_int(CHANNELS),
                sys::OPUS_APPLICATION_AUDIO,
                &raw mut error,
            )
        };
        let state = NonNull::new(state).ok_or_else(|| failure("create", error))?;
        let packet_bytes = usize::try_from(bitrate.packet_bytes()).unwrap_or(usize::MAX);
        // Owned from here on: an early return below destroys the state.
        let mut encoder = Self { state, packet_bytes };
        for (request, value) in [
            (sys::OPUS_SET_SIGNAL_REQUEST, sys::OPUS_SIGNAL_MUSIC),
            (sys::OPUS_SET_VBR_REQUEST, 0),
            (sys::OPUS_SET_BITRATE_REQUEST, to_c_int(bitrate.bps())),
            (sys::OPUS_SET_COMPLEXITY_REQUEST, COMPLEXITY),
        ] {
            encoder.set(request, value)?;
        }
        let lookahead = encoder.lookahead()?;
        if lookahead == to_c_int(LOOKAHEAD) {
            Ok(encoder)
        } else {
            Err(MediaError::Internal(format!("libopus looks {lookahead} samples ahead")))
        }
    }

    /// Makes the next packets decodable without what came before them, or no longer.
    ///
    /// # Errors
    /// [`MediaError::Internal`] if libopus refuses.
    pub(crate) fn disable_prediction(&mut self, disabled: bool) -> Result<(), MediaError> {
        self.set(sys::OPUS_SET_PREDICTION_DISABLED_REQUEST, disabled.into())
    }

    /// Appends one packet, of exactly the rung's size, to `packets`.
    ///
    /// # Errors
    /// [`MediaError::Internal`] if `pcm` is not one packet's worth, or libopus fails.
    pub(crate) fn encode(&mut self, pcm: &[f32], packets: &mut Vec<u8>) -> Result<(), MediaError> {
        expect(pcm, PACKET_SAMPLES)?;
        append(packets, self.packet_bytes, |packet| {
            // SAFETY: the state is live and borrowed for us alone; `pcm` holds PACKET_SAMPLES frames
            // of CHANNELS values (checked above); `packet` is as long as the length given.
            let written = unsafe {
                sys::opus_encode_float(
                    self.state.as_ptr(),
                    pcm.as_ptr(),
                    to_c_int(PACKET_SAMPLES),
                    packet.as_mut_ptr(),
                    to_c_int(packet.len()),
                )
            };
            let whole = usize::try_from(written).ok().filter(|bytes| *bytes == packet.len());
            whole.ok_or_else(|| failure("encode", written))
        })
    }

    fn set(&mut self, request: c_int, value: c_int) -> Result<(), MediaError> {
        // SAFETY: the state is live and borrowed for us alone; every request passed in this module
        // takes one integer.
        let answer = unsafe { sys::opus_encoder_ctl(self.state.as_ptr(), request, value) };
        if answer == sys::OPUS_OK { Ok(()) } else { Err(failure("set", answer)) }
    }

    fn lookahead(&mut self) -> Result<c_int, MediaError> {
        let mut samples: c_int = 0;
        // SAFETY: as in `set`; this request takes one pointer to an integer, which outlives the call.
        let answer = unsafe {
            sys::opus_encoder_ctl(
                self.state.as_ptr(),
                sys::OPUS_GET_LOOKAHEAD_REQUEST,
                &raw mut samples,
            )
        };
        if answer == sys::OPUS_OK { Ok(samples) } else { Err(failure("ask", answer)) }
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        // SAFETY: the state came from `opus_encoder_create` and nobody uses it after this.
        unsafe { sys::opus_encoder_destroy(self.state.as_ptr()) }
    }
}

fn failure(what: &str, code: c_int) -> MediaError {
    MediaError::Internal(format!("libopus refused to {what}: code {code}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use quicksync_model::Quality;

    /// Interleaved values in one packet.
    const PACKET_VALUES: usize = PACKET_SAMPLES as usize * CHANNELS;

    #[test]
    fn every_packet_of_every_rung_has_the_size_of_the_rung() {
        let signals: [fn(usize) -> f32; 4] = [
            |_| 0.0,
            |n| if n.is_multiple_of(2) { 1.0 } else { -1.0 },
            |n| f32::from(u16::try_from((n * 2_654_435_761) % 65_536).unwrap()) / 32_768.0 - 1.0,
            |n| if n % 3_000 == 0 { 8.0 } else { 0.0 },
        ];
        for quality in Quality::ALL {
            for signal in signals {
                let mut encoder = Encoder::new(quality.bitrate()).unwrap();
                let mut packets = Vec::new();
                for packet in 0..20 {
                    encoder.disable_prediction(packet == 8).unwrap();
                    let pcm: Vec<f32> =
                        (0..PACKET_VALUES).map(|n| signal(packet * PACKET_VALUES + n)).collect();
                    encoder.encode(&pcm, &mut packets).unwrap();
                }
                assert_eq!(packets.len(), 20 * quality.bitrate().packet_bytes() as usize);
            }
        }
    }

    #[test]
    fn a_wrong_amount_of_input_is_refused() {
        let mut encoder = Encoder::new(Quality::Low.bitrate()).unwrap();
        for values in [0, 1, PACKET_VALUES - 1, PACKET_VALUES + 1] {
            let refused = encoder.encode(&vec![0.0; values], &mut Vec::new());
            assert!(matches!(refused, Err(MediaError::Internal(_))), "{values}");
        }
    }

    #[test]
    fn a_bitrate_libopus_cannot_make_is_refused() {
        assert!(Encoder::new(Bitrate::from_kbps(0)).is_err());
    }
}
