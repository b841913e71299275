//! The least that a segment can cost: decode its samples, resample them, encode them with libopus,
//! each once, in a loop that does nothing else.
//!
//! Never: a pre-roll, a container, a cache, a check: what a segment takes beyond this is overhead.
#![expect(unsafe_code, reason = "libopus is C; its calls are all in this file")]

use std::error::Error;
use std::ffi::c_int;
use std::fs::File;
use std::path::Path;

use opusic_sys as sys;
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler as _};
use symphonia::core::codecs::audio::AudioDecoder;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatReader, SeekMode, SeekTo, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::units::Timestamp;

/// Hz of what is encoded.
const RATE: usize = 48_000;
const CHANNELS: usize = 2;
/// Samples of a segment.
const SEGMENT: usize = 184_320;
/// Samples of a packet.
const PACKET: usize = 960;
/// A packet of 320 kbps.
const MAX_PACKET_BYTES: c_int = 800;
/// Source and output samples of a block from 44.1 kHz, as our resampler has them.
const BLOCK: (usize, usize) = (1176, 1280);

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The samples of segment `index` of a stereo FLAC file at 44.1 kHz, at 48 kHz, interleaved.
pub(crate) fn samples(path: &Path, index: usize) -> Outcome<Vec<f32>> {
    let (source_block, block) = BLOCK;
    // As many blocks as a segment fills, from the one it begins in.
    let first = index * SEGMENT / block;
    let blocks = SEGMENT.div_ceil(block);
    let source = decode(path, first * source_block, blocks * source_block)?;
    let mut fft = Fft::<f32>::new_custom(
        44_100,
        RATE,
        source_block,
        1,
        CHANNELS,
        rubato::WindowFunction::BlackmanHarris2,
        FixedSync::Both,
    )?;
    let mut made = vec![0.0; blocks * block * CHANNELS];
    let read = source.chunks_exact(source_block * CHANNELS);
    for (source, made) in read.zip(made.chunks_exact_mut(block * CHANNELS)) {
        let read = InterleavedSlice::new(source, CHANNELS, source_block)?;
        let mut write = InterleavedSlice::new_mut(made, CHANNELS, block)?;
        fft.process_into_buffer(&read, &mut write, None)?;
    }
    made.truncate(SEGMENT * CHANNELS);
    Ok(made)
}

/// So many source frames from `start` on.
fn decode(path: &Path, start: usize, frames: usize) -> Outcome<Vec<f32>> {
    let stream = MediaSourceStream::new(Box::new(File::open(path)?), Default::default());
    let probe = symphonia::default::get_probe();
    let mut reader = probe.probe(&Hint::new(), stream, Default::default(), Default::default())?;
    let (id, mut decoder) = open(reader.as_ref())?;
    let ts = Timestamp::new(i64::try_from(start)?);
    let sought = reader.seek(SeekMode::Accurate, SeekTo::Timestamp { ts, track_id: id })?;
    let before = usize::try_from(ts.get() - sought.actual_ts.get())? * CHANNELS;
    let wanted = before + frames * CHANNELS;
    let (mut samples, mut packet_samples) = (Vec::with_capacity(wanted + 16_384), Vec::new());
    while samples.len() < wanted {
        let Some(packet) = reader.next_packet()? else { break };
        let decoded = decoder.decode(&packet)?;
        decoded.copy_to_vec_interleaved::<f32>(&mut packet_samples);
        samples.extend_from_slice(&packet_samples);
    }
    samples.resize(wanted, 0.0);
    samples.drain(..before);
    Ok(samples)
}

fn open(reader: &dyn FormatReader) -> Outcome<(u32, Box<dyn AudioDecoder>)> {
    let track = reader.default_track(TrackType::Audio).ok_or("no audio")?;
    let parameters = track.codec_params.as_ref().and_then(|known| known.audio());
    let codecs = symphonia::default::get_codecs();
    let decoder = codecs.make_audio_decoder(parameters.ok_or("no codec")?, &Default::default())?;
    Ok((track.id, decoder))
}

/// Encodes a segment's samples as hard constant bitrate at the best complexity; the bytes made.
pub(crate) fn encode(samples: &[f32], kbps: c_int) -> Outcome<usize> {
    let frames = c_int::try_from(PACKET)?;
    let mut error = sys::OPUS_OK;
    // SAFETY: `error` outlives the call; the state is destroyed below, on every way out.
    let state =
        unsafe { sys::opus_encoder_create(48_000, 2, sys::OPUS_APPLICATION_AUDIO, &raw mut error) };
    if state.is_null() {
        return Err("libopus makes no encoder".into());
    }
    for (request, value) in [
        (sys::OPUS_SET_SIGNAL_REQUEST, sys::OPUS_SIGNAL_MUSIC),
        (sys::OPUS_SET_VBR_REQUEST, 0),
        (sys::OPUS_SET_BITRATE_REQUEST, kbps * 1000),
        (sys::OPUS_SET_COMPLEXITY_REQUEST, 10),
    ] {
        // SAFETY: the state is live; each of these requests takes one integer.
        unsafe { sys::opus_encoder_ctl(state, request, value) };
    }
    let (mut packet, mut bytes) = ([0; MAX_PACKET_BYTES as usize], 0);
    for pcm in samples.chunks_exact(PACKET * CHANNELS) {
        // SAFETY: the state is live, `pcm` has a packet's samples, `packet` the bytes stated.
        let made = unsafe {
            sys::opus_encode_float(
                state,
                pcm.as_ptr(),
                frames,
                packet.as_mut_ptr(),
                MAX_PACKET_BYTES,
            )
        };
        bytes += usize::try_from(made).unwrap_or(0);
    }
    // SAFETY: nobody uses the state after this.
    unsafe { sys::opus_encoder_destroy(state) };
    let expected = SEGMENT / PACKET * usize::try_from(kbps)? * 20 / 8;
    if bytes == expected { Ok(bytes) } else { Err(format!("{bytes} bytes, not {expected}").into()) }
}
