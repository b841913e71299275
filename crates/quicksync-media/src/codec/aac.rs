//! Fraunhofer's FDK behind a safe wrapper: AAC-LC, stereo at 48 kHz, constant bitrate.
//!
//! The rate is constant over some frames, by a bit reservoir, so frames differ in size. What the
//! wrapper never does: resample, write ADTS headers, flush.
#![expect(unsafe_code, reason = "the FDK is C; every call is in this module and argued for")]

use std::ffi::{c_int, c_void};
use std::ptr::NonNull;

use fdk_aac_sys as sys;
use quicksync_model::{Bitrate, Codec, SAMPLE_RATE};

use super::{Shape, append, expect, to_c_int};
use crate::MediaError;

const PACKET_SAMPLES: u32 = Codec::Aac.packet_samples();

/// Samples by which a decoder's output lags the input, as the FDK says itself: asked of every
/// encoder made, and refused if it differs.
const DELAY: u32 = 2048;

/// The delay is two frames, so fewer than three leave a click; eight leave the reservoir as it is
/// in a running encoder.
const PREROLL: u32 = 8;

/// What a cut must know of this codec.
pub(crate) const SHAPE: Shape =
    Shape { packet: PACKET_SAMPLES, ahead: DELAY, peek: 0, preroll: PREROLL, lead: 0 };

/// 6,144 bits a channel at most (ISO/IEC 14496-3).
const LARGEST_PACKET: usize = 2 * 6144 / 8;

/// One encoder, started afresh for every segment.
#[derive(Debug)]
pub(crate) struct Encoder {
    state: NonNull<sys::AACENCODER>,
}

// SAFETY: the FDK keeps all of an encoder's state behind this pointer, which nobody else has.
unsafe impl Send for Encoder {}

impl Encoder {
    /// A fresh encoder at `bitrate`.
    ///
    /// # Errors
    /// [`MediaError::Internal`] if the FDK refuses a setting or is not the one we know.
    pub(crate) fn new(bitrate: Bitrate) -> Result<Self, MediaError> {
        let mut state: sys::HANDLE_AACENCODER = std::ptr::null_mut();
        // SAFETY: `state` outlives the call; 0 modules means all.
        let code = unsafe { sys::aacEncOpen(&raw mut state, 0, 2) };
        // Owned from here on: an early return below closes the state.
        let state = NonNull::new(state).ok_or_else(|| failure("open", code))?;
        let encoder = Self { state };
        for (parameter, value) in [
            (sys::AACENC_PARAM_AACENC_AOT, 2),
            (sys::AACENC_PARAM_AACENC_SAMPLERATE, SAMPLE_RATE),
            (sys::AACENC_PARAM_AACENC_CHANNELMODE, 2),
            (sys::AACENC_PARAM_AACENC_CHANNELORDER, 1),
            (sys::AACENC_PARAM_AACENC_BITRATEMODE, 0),
            (sys::AACENC_PARAM_AACENC_BITRATE, bitrate.bps()),
            (sys::AACENC_PARAM_AACENC_TRANSMUX, 0),
            (sys::AACENC_PARAM_AACENC_AFTERBURNER, 1),
        ] {
            // SAFETY: the state is live and ours alone; the rest are plain numbers.
            match unsafe { sys::aacEncoder_SetParam(encoder.state.as_ptr(), parameter, value) } {
                sys::AACENC_ERROR_AACENC_OK => {}
                code => return Err(failure("set", code)),
            }
        }
        encoder.start()?;
        Ok(encoder)
    }

    fn start(&self) -> Result<(), MediaError> {
        let null = std::ptr::null();
        // SAFETY: the state is live; without buffers the call applies the settings and no more.
        let code = unsafe {
            sys::aacEncEncode(
                self.state.as_ptr(),
                null,
                null,
                std::ptr::null(),
                std::ptr::null_mut(),
            )
        };
        if code != sys::AACENC_ERROR_AACENC_OK {
            return Err(failure("start", code));
        }
        let mut info = std::mem::MaybeUninit::<sys::AACENC_InfoStruct>::zeroed();
        // SAFETY: the state is live and `info` is large enough; all zeros is a value of that type.
        let (code, info) = unsafe {
            (sys::aacEncInfo(self.state.as_ptr(), info.as_mut_ptr()), info.assume_init())
        };
        if code == sys::AACENC_ERROR_AACENC_OK && info.nDelay == DELAY {
            Ok(())
        } else {
            Err(MediaError::Internal(format!("the FDK is {} samples late", info.nDelay)))
        }
    }

    /// Appends one packet to `packets`.
    ///
    /// # Errors
    /// [`MediaError::Internal`] if `pcm` is not one packet's worth, or the FDK fails.
    pub(crate) fn encode(&mut self, pcm: &[f32], packets: &mut Vec<u8>) -> Result<(), MediaError> {
        expect(pcm, PACKET_SAMPLES)?;
        let mut samples: Vec<i16> = pcm.iter().copied().map(to_16_bits).collect();
        append(packets, LARGEST_PACKET, |room| {
            let mut input = Buffer::new(
                samples.as_mut_ptr().cast(),
                size_of_val(samples.as_slice()),
                sys::AACENC_BufferIdentifier_IN_AUDIO_DATA,
                2,
            );
            let identifier = sys::AACENC_BufferIdentifier_OUT_BITSTREAM_DATA;
            let mut output = Buffer::new(room.as_mut_ptr().cast(), room.len(), identifier, 1);
            let given = sys::AACENC_InArgs { numInSamples: to_c_int(pcm.len()), numAncBytes: 0 };
            let mut taken = sys::AACENC_OutArgs {
                numOutBytes: 0,
                numInSamples: 0,
                numAncBytes: 0,
                bitResState: 0,
            };
            // SAFETY: the state is live and borrowed for us alone; both descriptors point at buffers
            // of the sizes they state, which outlive the call, as do the arguments.
            let code = unsafe {
                sys::aacEncEncode(
                    self.state.as_ptr(),
                    &raw const *input.describe(),
                    &raw const *output.describe(),
                    &raw const given,
                    &raw mut taken,
                )
            };
            let is_whole =
                code == sys::AACENC_ERROR_AACENC_OK && taken.numInSamples == given.numInSamples;
            let written = usize::try_from(taken.numOutBytes).ok();
            let written = written.filter(|bytes| is_whole && (1..=room.len()).contains(bytes));
            written.ok_or_else(|| failure("encode", code))
        })
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        let mut state = self.state.as_ptr();
        // SAFETY: the state came from `aacEncOpen` and nobody uses it after this.
        unsafe { sys::aacEncClose(&raw mut state) };
    }
}

/// One buffer as the FDK wants it described: every field a list of one.
struct Buffer {
    address: *mut c_void,
    size: c_int,
    identifier: c_int,
    element: c_int,
    description: sys::AACENC_BufDesc,
}

impl Buffer {
    fn new(address: *mut c_void, bytes: usize, identifier: u32, element: c_int) -> Self {
        let description = sys::AACENC_BufDesc {
            numBufs: 1,
            bufs: std::ptr::null_mut(),
            bufferIdentifiers: std::ptr::null_mut(),
            bufSizes: std::ptr::null_mut(),
            bufElSizes: std::ptr::null_mut(),
        };
        let identifier = to_c_int(identifier);
        Self { address, size: to_c_int(bytes), identifier, element, description }
    }

    /// The description; it points into this buffer, which must stay where it is while it is used.
    fn describe(&mut self) -> &sys::AACENC_BufDesc {
        self.description.bufs = &raw mut self.address;
        self.description.bufferIdentifiers = &raw mut self.identifier;
        self.description.bufSizes = &raw mut self.size;
        self.description.bufElSizes = &raw mut self.element;
        &self.description
    }
}

/// The FDK takes 16 bits: their noise is 20 dB and more below that of any rung.
fn to_16_bits(value: f32) -> i16 {
    #[expect(clippy::cast_possible_truncation, reason = "saturates, and NaN becomes 0")]
    let sample = (value * 32_768.0).round() as i16;
    sample
}

fn failure(what: &str, code: u32) -> MediaError {
    MediaError::Internal(format!("the FDK refused to {what}: code {code:#x}"))
}
