//! Decodes Opus packets of one to eight channels with libopus.
//!
//! All `unsafe` code of the crate is here. Knows: the identification header (RFC 7845 §5.1) and in
//! which order its channels come. Never: the pre-skip and the output gain, which are the reader's.
#![expect(unsafe_code, reason = "libopus is C; every call is in this module and argued for")]

use std::ffi::c_int;
use std::fmt;
use std::ptr::NonNull;

use opusic_sys as sys;
use symphonia::core::audio::{AsGenericAudioBufferRef as _, AudioBuffer, AudioMut as _};
use symphonia::core::audio::{AudioSpec, Channels, GenericAudioBufferRef};
use symphonia::core::codecs::CodecInfo;
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{
    AudioCodecParameters, AudioDecoder, AudioDecoderOptions, FinalizeResult,
};
use symphonia::core::codecs::registry::{RegisterableAudioDecoder, SupportedAudioCodec};
use symphonia::core::errors::{Error, Result, decode_error, unsupported_error};
use symphonia::core::packet::PacketRef;

/// Hz; libopus decodes to no other rate without loss.
const RATE: u32 = 48_000;
/// Samples of the longest packet, 120 ms (RFC 6716 §2.1.4).
const LONGEST_PACKET: usize = 5_760;
/// Magic, version, channels, pre-skip, input rate, gain, family.
const FIXED_BYTES: usize = 19;

/// Where each channel is in the order of Vorbis (RFC 7845 §5.1.1.2), for the order that frames have
/// here: front left, front right, centre, low frequencies, rear, rear centre, sides.
pub(crate) const VORBIS_ORDERS: [&[u8]; 8] = [
    &[0],
    &[0, 1],
    &[0, 2, 1],
    &[0, 1, 2, 3],
    &[0, 2, 1, 3, 4],
    &[0, 2, 1, 5, 3, 4],
    &[0, 2, 1, 6, 5, 3, 4],
    &[0, 2, 1, 7, 5, 6, 3, 4],
];

/// How a stream's channels are coded: so many streams, the first `coupled` of them stereo, and for
/// each channel of a frame which of the coded ones it is.
#[derive(Debug, PartialEq, Eq)]
struct Layout {
    streams: u8,
    coupled: u8,
    mapping: Vec<u8>,
}

impl Layout {
    /// Reads an identification header; `None` where it is not one, or its channels have no places.
    fn read(head: &[u8]) -> Option<Self> {
        let (channels, family) = (*head.get(9)?, *head.get(18)?);
        let order = *VORBIS_ORDERS.get(usize::from(channels).checked_sub(1)?)?;
        match (family, channels) {
            (0, 1 | 2) => Some(Self { streams: 1, coupled: channels - 1, mapping: order.to_vec() }),
            (1, _) | (255, 1 | 2) => {
                let [streams, coupled, table @ ..] = head.get(FIXED_BYTES..)? else { return None };
                let place = |from: &u8| table.get(usize::from(*from)).copied();
                let mapping = order.iter().map(place).collect::<Option<_>>()?;
                Some(Self { streams: *streams, coupled: *coupled, mapping })
            }
            _ => None,
        }
    }
}

/// The decoder as the demuxers' library calls it.
pub(crate) struct OpusDecoder {
    state: State,
    params: AudioCodecParameters,
    buffer: AudioBuffer<f32>,
    pcm: Vec<f32>,
}

impl OpusDecoder {
    fn new(params: &AudioCodecParameters) -> Result<Self> {
        let layout = params.extra_data.as_deref().and_then(Layout::read);
        let Some(layout) = layout else {
            return unsupported_error("opus: channels that have no places");
        };
        let Some(channels) = params.channels.clone() else {
            return unsupported_error("opus: no channels");
        };
        if channels.count() != layout.mapping.len() || matches!(channels, Channels::Ambisonic(_)) {
            return unsupported_error("opus: channels that contradict each other");
        }
        let mut params = params.clone();
        params.sample_rate = Some(RATE);
        Ok(Self {
            state: State::new(&layout)?,
            params,
            pcm: vec![0.0; LONGEST_PACKET * layout.mapping.len()],
            buffer: AudioBuffer::new(AudioSpec::new(RATE, channels), LONGEST_PACKET),
        })
    }
}

impl AudioDecoder for OpusDecoder {
    fn codec_info(&self) -> &CodecInfo {
        &Self::supported_codecs()[0].info
    }

    fn codec_params(&self) -> &AudioCodecParameters {
        &self.params
    }

    fn reset(&mut self) {
        self.state.reset();
    }

    fn decode_ref(&mut self, packet: &PacketRef<'_>) -> Result<GenericAudioBufferRef<'_>> {
        self.buffer.clear();
        let frames = self.state.decode(packet.data, &mut self.pcm)?;
        self.buffer.render_uninit(Some(frames));
        let values = frames * self.state.channels;
        self.buffer.copy_from_slice_interleaved(&&self.pcm[..values]);
        Ok(self.buffer.as_generic_audio_buffer_ref())
    }

    fn finalize(&mut self) -> FinalizeResult {
        FinalizeResult::default()
    }

    fn last_decoded(&self) -> GenericAudioBufferRef<'_> {
        self.buffer.as_generic_audio_buffer_ref()
    }
}

impl RegisterableAudioDecoder for OpusDecoder {
    fn try_registry_new(
        params: &AudioCodecParameters,
        _: &AudioDecoderOptions,
    ) -> Result<Box<dyn AudioDecoder>> {
        Ok(Box::new(Self::new(params)?))
    }

    fn supported_codecs() -> &'static [SupportedAudioCodec] {
        &[SupportedAudioCodec {
            id: CODEC_ID_OPUS,
            info: CodecInfo { short_name: "opus", long_name: "Opus", profiles: &[] },
        }]
    }
}

impl fmt::Debug for OpusDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpusDecoder").field("state", &self.state).finish_non_exhaustive()
    }
}

/// libopus' decoder, owned.
#[derive(Debug)]
struct State {
    pointer: NonNull<sys::OpusMSDecoder>,
    channels: usize,
}

// SAFETY: the state is a block of memory without ties to a thread, and only this owner has it.
unsafe impl Send for State {}
// SAFETY: nothing is done to the state through a shared reference.
unsafe impl Sync for State {}

impl State {
    fn new(layout: &Layout) -> Result<Self> {
        let channels = layout.mapping.len();
        let mut status: c_int = 0;
        // SAFETY: `mapping` holds one entry for each of `channels`, which libopus copies; it checks
        // every figure and answers with null what it does not like.
        let pointer = unsafe {
            sys::opus_multistream_decoder_create(
                RATE.cast_signed(),
                c_int::try_from(channels).unwrap_or(0),
                layout.streams.into(),
                layout.coupled.into(),
                layout.mapping.as_ptr(),
                &raw mut status,
            )
        };
        match NonNull::new(pointer) {
            Some(pointer) if status == sys::OPUS_OK => Ok(Self { pointer, channels }),
            _ => decode_error("opus: the header's streams make no sense"),
        }
    }

    /// Decodes a packet over interleaved `pcm`, [`LONGEST_PACKET`] frames; the frames there were.
    fn decode(&mut self, packet: &[u8], pcm: &mut [f32]) -> Result<usize> {
        // No bytes would have libopus invent sound.
        if packet.is_empty() || pcm.len() < LONGEST_PACKET * self.channels {
            return decode_error("opus: an empty packet");
        }
        let length =
            i32::try_from(packet.len()).map_err(|_| Error::DecodeError("opus: too long"))?;
        // SAFETY: `pointer` is a live decoder; `packet` has `length` bytes, and `pcm` room for so
        // many frames of its channels, as was just checked.
        let frames = unsafe {
            sys::opus_multistream_decode_float(
                self.pointer.as_ptr(),
                packet.as_ptr(),
                length,
                pcm.as_mut_ptr(),
                c_int::try_from(LONGEST_PACKET).unwrap_or(0),
                0,
            )
        };
        usize::try_from(frames)
            .ok()
            .filter(|frames| *frames <= LONGEST_PACKET)
            .ok_or(Error::DecodeError("opus: a damaged packet"))
    }

    fn reset(&mut self) {
        // SAFETY: `pointer` is a live decoder, and the request takes no argument.
        unsafe {
            sys::opus_multistream_decoder_ctl(self.pointer.as_ptr(), sys::OPUS_RESET_STATE);
        }
    }
}

impl Drop for State {
    fn drop(&mut self) {
        // SAFETY: `pointer` came from `create`, is destroyed once, and not used after.
        unsafe { sys::opus_multistream_decoder_destroy(self.pointer.as_ptr()) }
    }
}

/// The output gain that every decoder of a stream must apply, as a factor (RFC 7845 §5.1: dB in
/// Q7.8). An MP4 file has the header's numbers the other way round, and its version is 0.
pub(crate) fn output_gain(head: Option<&[u8]>) -> f32 {
    let bytes = head.and_then(|head| head.get(16..)?.first_chunk().copied()).unwrap_or_default();
    let is_mp4 = head.and_then(|head| head.get(8)).is_some_and(|version| *version == 0);
    let gain = if is_mp4 { i16::from_be_bytes(bytes) } else { i16::from_le_bytes(bytes) };
    10_f32.powf(f32::from(gain) / 256.0 / 20.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(channels: u8, family: u8, table: &[u8]) -> Vec<u8> {
        let fixed = [1, channels, 0, 0, 0, 0, 0, 0, 0, 0, family];
        [b"OpusHead", &fixed[..], table].concat()
    }

    #[test]
    fn headers_say_which_channel_is_where() {
        let layout = |streams, coupled, mapping: &[u8]| {
            Some(Layout { streams, coupled, mapping: mapping.to_vec() })
        };
        for (name, head, expected) in [
            ("mono", head(1, 0, &[]), layout(1, 0, &[0])),
            ("stereo", head(2, 0, &[]), layout(1, 1, &[0, 1])),
            // RFC 7845 §5.1.1.2: 5.1 as libopus writes it.
            ("5.1", head(6, 1, &[4, 2, 0, 4, 1, 2, 3, 5]), layout(4, 2, &[0, 1, 4, 5, 2, 3])),
            ("three without a table", head(3, 0, &[]), None),
            ("a short table", head(6, 1, &[4, 2, 0, 4, 1, 2, 3]), None),
            ("nine", head(9, 1, &[9; 20]), None),
            ("none", head(0, 0, &[]), None),
            ("ambisonics", head(4, 2, &[4, 0, 0, 1, 2, 3]), None),
            ("without places", head(4, 255, &[4, 0, 0, 1, 2, 3]), None),
            ("nothing", vec![], None),
        ] {
            assert_eq!(Layout::read(&head), expected, "{name}");
        }
    }

    #[test]
    fn streams_that_make_no_sense_are_refused() {
        for (streams, coupled, mapping) in
            [(0, 0, vec![0]), (1, 2, vec![0, 1]), (255, 255, vec![0]), (1, 0, vec![9])]
        {
            assert!(State::new(&Layout { streams, coupled, mapping }).is_err());
        }
    }

    #[test]
    fn gains_are_read_in_both_orders() {
        let mut ogg = head(2, 0, &[]);
        ogg[16..18].copy_from_slice(&(-6 * 256_i16).to_le_bytes());
        let mut mp4 = ogg.clone();
        mp4[8] = 0;
        mp4[16..18].copy_from_slice(&(-6 * 256_i16).to_be_bytes());
        for head in [&ogg, &mp4] {
            assert!((output_gain(Some(head)) - 0.501_187).abs() < 1e-5);
        }
        assert!((output_gain(None) - 1.0).abs() < 1e-9);
    }
}
