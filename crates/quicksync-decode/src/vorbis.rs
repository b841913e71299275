//! Decodes Vorbis packets of three to eight channels.
//!
//! Knows: the decoder that gets them right, and in which order their channels come. Never: where
//! packets lie.
//!
//! The decoder of the demuxers' library goes wrong on more than two channels, in two ways: it uncouples
//! channels from the first step to the last (Vorbis I §4.3.5 says from the last to the first); and
//! where channels share a residue whose partitions are no whole number of classwords, the last
//! classword of one channel overwrites the first classes of the next (§8.6.2).
//!
//! A packet gives samples up to the middle of its window (§4.3.8). The decoder here gives all that the
//! next window does not touch, which is more before a short one; they are kept for the next packet.

use std::fmt;

use lewton::audio::{PreviousWindowRight, read_audio_packet_generic};
use lewton::header::{IdentHeader, SetupHeader, read_header_ident, read_header_setup};
use symphonia::core::audio::{AsGenericAudioBufferRef as _, AudioBuffer, AudioMut as _};
use symphonia::core::audio::{AudioSpec, GenericAudioBufferRef};
use symphonia::core::codecs::CodecInfo;
use symphonia::core::codecs::audio::well_known::CODEC_ID_VORBIS;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, FinalizeResult};
use symphonia::core::codecs::registry::SupportedAudioCodec;
use symphonia::core::errors::{Error, Result, decode_error, unsupported_error};
use symphonia::core::packet::PacketRef;

use crate::opus::VORBIS_ORDERS;

/// Bytes of the identification header (§4.2.2), after which the setup header follows in a track's
/// parameters.
const IDENT_BYTES: usize = 30;
/// Half of the longest block (§4.2.2: 8,192): the most samples that a packet adds.
const LONGEST_PACKET: usize = 4_096;

const SUPPORTED: SupportedAudioCodec = SupportedAudioCodec {
    id: CODEC_ID_VORBIS,
    info: CodecInfo { short_name: "vorbis", long_name: "Vorbis", profiles: &[] },
};

/// The decoder as the demuxers' library calls it.
pub(crate) struct VorbisDecoder {
    ident: IdentHeader,
    setup: SetupHeader,
    /// The right half of the last window, which the next packet overlaps.
    previous: PreviousWindowRight,
    /// Where each channel of a frame is in a packet.
    order: &'static [u8],
    params: AudioCodecParameters,
    buffer: AudioBuffer<f32>,
    /// Interleaved samples of the next packet that are known already.
    ahead: Vec<f32>,
    has_begun: bool,
}

impl VorbisDecoder {
    pub(crate) fn new(params: &AudioCodecParameters) -> Result<Self> {
        let head = params.extra_data.as_deref().unwrap_or_default();
        let damaged = |_| Error::DecodeError("vorbis: a header that is not one");
        let (ident, setup) = head.split_at(IDENT_BYTES.min(head.len()));
        let ident = read_header_ident(ident).map_err(damaged)?;
        let blocks = (ident.blocksize_0, ident.blocksize_1);
        let setup = read_header_setup(setup, ident.audio_channels, blocks).map_err(damaged)?;
        let count = usize::from(ident.audio_channels);
        let order = count.checked_sub(1).and_then(|place| VORBIS_ORDERS.get(place).copied());
        let (Some(order), Some(channels)) = (order, params.channels.clone()) else {
            return unsupported_error("vorbis: channels that have no places");
        };
        if channels.count() != count {
            return decode_error("vorbis: channels that contradict each other");
        }
        let spec = AudioSpec::new(ident.audio_sample_rate, channels);
        let mut params = params.clone();
        params.sample_rate = Some(ident.audio_sample_rate);
        let buffer = AudioBuffer::new(spec, LONGEST_PACKET);
        let previous = PreviousWindowRight::new();
        Ok(Self {
            ident,
            setup,
            previous,
            order,
            params,
            buffer,
            ahead: Vec::new(),
            has_begun: false,
        })
    }

    /// Interleaved frames of a packet, as far as they are known, behind those that were kept.
    fn read(&mut self, packet: &[u8]) -> Option<()> {
        let (ident, setup) = (&self.ident, &self.setup);
        let read = read_audio_packet_generic(ident, setup, packet, &mut self.previous);
        let planes: Vec<Vec<f32>> =
            read.ok().filter(|planes: &Vec<_>| planes.len() == self.order.len())?;
        for frame in 0..planes.first().map_or(0, Vec::len) {
            let sample = |from: &u8| planes.get(usize::from(*from))?.get(frame).copied();
            self.ahead.extend(self.order.iter().map(|from| sample(from).unwrap_or(0.0)));
        }
        Some(())
    }
}

impl AudioDecoder for VorbisDecoder {
    fn codec_info(&self) -> &CodecInfo {
        &SUPPORTED.info
    }

    fn codec_params(&self) -> &AudioCodecParameters {
        &self.params
    }

    fn reset(&mut self) {
        self.previous = PreviousWindowRight::new();
        self.ahead.clear();
        self.has_begun = false;
    }

    fn decode_ref(&mut self, packet: &PacketRef<'_>) -> Result<GenericAudioBufferRef<'_>> {
        self.buffer.clear();
        // Packets that say they are shorter than they are would pile up.
        let most = 2 * LONGEST_PACKET * self.order.len();
        if self.read(packet.data).is_none() || self.ahead.len() > most {
            self.reset();
            return decode_error("vorbis: a damaged packet");
        }
        // The first packet only prepares the second.
        let frames = if self.has_begun { packet.dur.get() } else { 0 };
        self.has_begun = true;
        let frames = usize::try_from(frames).unwrap_or(usize::MAX).min(LONGEST_PACKET);
        let values = frames * self.order.len();
        // What the first packet had beyond the middle of its window was not given out.
        let missing = values.saturating_sub(self.ahead.len());
        self.ahead.splice(0..0, std::iter::repeat_n(0.0, missing));
        self.buffer.render_uninit(Some(frames));
        self.buffer.copy_from_slice_interleaved(&&self.ahead[..values]);
        self.ahead.drain(..values);
        Ok(self.buffer.as_generic_audio_buffer_ref())
    }

    fn finalize(&mut self) -> FinalizeResult {
        FinalizeResult::default()
    }

    fn last_decoded(&self) -> GenericAudioBufferRef<'_> {
        self.buffer.as_generic_audio_buffer_ref()
    }
}

impl fmt::Debug for VorbisDecoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VorbisDecoder").field("order", &self.order).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_header_is_refused() {
        for head in [&b""[..], &[0; 200], b"\x01vorbis", &[0xff; 40]] {
            let mut params = AudioCodecParameters::new();
            params.extra_data = Some(head.into());
            assert!(VorbisDecoder::new(&params).is_err(), "{head:?}");
        }
    }
}
