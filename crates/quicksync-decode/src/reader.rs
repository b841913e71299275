//! One open source file: packets placed on the presentation timeline, and their decoder.
//!
//! Knows: the demuxers and decoders, and how each codec places what it decodes. Never: a range, a
//! hash, more than one packet at a time.

use std::io;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use symphonia::core::audio::{Channels, GenericAudioBufferRef};
use symphonia::core::codecs::audio::{
    AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions, well_known as id,
};
use symphonia::core::codecs::registry::CodecRegistry;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::{Hint, Probe as Prober, ProbeOptions};
use symphonia::core::formats::well_known::{FORMAT_ID_MP3, FORMAT_ID_OGG};
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, Track, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::{Packet, PacketRef};
use symphonia::core::units::Timestamp;

use crate::aac;
use crate::downmix::Downmix;
use crate::file_key::FileKey;
use crate::mpeg_index::MpegIndex;
use crate::opus::output_gain;
use crate::remembered::Remembered;
use crate::source::{Codec, DecodeError, SourceFormat};
use crate::timing::{FirstPage, Pages, Timing};
use crate::vorbis::VorbisDecoder;
use crate::window::Window;

/// Rates decoded.
const SAMPLE_RATES: std::ops::RangeInclusive<u32> = 8_000..=192_000;
/// Junk before an MPEG stream that is searched for its first frame. More than this is not a stream
/// with junk before it, but something else with a frame's pattern in it.
const MAX_JUNK_BYTES: u32 = 64 * 1024;

/// The frames of MPEG streams that were searched.
static MPEG_INDEXES: Remembered<Mutex<Option<MpegIndex>>> = Remembered::new();
/// The first and last pages of Ogg streams, by where their link begins in the file.
static PAGES: Remembered<Pages, (FileKey, u64)> = Remembered::new();

/// One coded packet on the presentation timeline.
#[derive(Debug)]
pub(crate) struct Coded {
    packet: Packet,
    /// First sample, negative within the priming.
    pub(crate) start: i64,
    /// One past the last sample that the packet decodes to.
    pub(crate) block_end: i64,
    /// One past the last sample to be presented, by the container's own trimming.
    pub(crate) end: i64,
}

impl Coded {
    /// The coded bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.packet.data
    }
}

/// An open source.
pub(crate) struct Reader {
    path: PathBuf,
    demuxer: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    downmix: Downmix,
    pending: Option<Packet>,
    track: u32,
    format: SourceFormat,
    timing: Timing,
    /// Ticks from where the demuxer was started to where the stream begins.
    shift: i64,
    first_page: Option<FirstPage>,
    extra: Box<[u8]>,
    codec_id: AudioCodecId,
    claimed_ticks: Option<i64>,
    gain: f32,
    interleaved: Vec<f32>,
}

impl Reader {
    /// Opens the file at `path`, or the link of it that lies at `part`, and reads its headers.
    pub(crate) fn open(path: &Path, part: Option<&Range<u64>>) -> Result<Self, DecodeError> {
        let open = || match part {
            Some(part) => Window::open(path)?.part(part),
            None => Window::open(path),
        };
        let mut source = open().map_err(unreadable)?;
        if source.len() == 0 {
            return Err(DecodeError::Malformed("the file holds no audio".into()));
        }
        let mut demuxer = demux(open().map_err(unreadable)?)?;
        let (track, params) = audio_track(demuxer.as_ref())?;
        let codec = codec_of(&params)?;
        let options = AudioDecoderOptions::default().gapless(false);
        let decoder = decoder(codec, &params, &options).map_err(|error| match codec {
            Codec::Aac => aac::refusal(params.extra_data.as_deref().unwrap_or_default())
                .map_or_else(|| opening(&error), |kind| unsupported(&no_decoder(&kind))),
            _ => opening(&error),
        })?;
        let format = shape(codec, &params, decoder.codec_params())?;
        let downmix = decoder.codec_params().channels.as_ref().and_then(Downmix::new);
        let channels = || unsupported(&format!("{} channels", format.channels));
        let downmix = downmix.ok_or_else(channels)?;
        let pending = next_packet(demuxer.as_mut(), track.id)?;
        let pages = match demuxer.format_info().format {
            FORMAT_ID_OGG => {
                let start = part.map_or(0, |part| part.start);
                let fresh = || demux(open().map_err(unreadable)?);
                pages(&mut source, (start, track.id), (codec == Codec::Vorbis).then_some(fresh))?
            }
            _ => Pages::default(),
        };
        let timing = Timing::read(
            demuxer.as_mut(),
            &track,
            pending.as_ref(),
            codec,
            format.sample_rate,
            (&mut source, pages),
        );
        let gain = match codec {
            Codec::Opus => output_gain(params.extra_data.as_deref()),
            _ => 1.0,
        };
        Ok(Self {
            path: path.to_owned(),
            demuxer,
            decoder,
            downmix,
            pending,
            track: track.id,
            format,
            timing,
            shift: 0,
            first_page: pages.first,
            claimed_ticks: claimed_ticks(&track, &timing),
            codec_id: params.codec,
            extra: params.extra_data.unwrap_or_default(),
            gain,
            interleaved: Vec::new(),
        })
    }

    /// The shape of the audio.
    pub(crate) const fn format(&self) -> SourceFormat {
        self.format
    }

    /// Where samples lie.
    pub(crate) const fn timing(&self) -> &Timing {
        &self.timing
    }

    /// What a decoder needs besides the packets and the format.
    pub(crate) fn decoder_setup(&self) -> (&AudioCodecId, &[u8]) {
        (&self.codec_id, &self.extra)
    }

    /// Sample frames that the headers claim.
    pub(crate) fn claimed_samples(&self) -> Option<u64> {
        let read_to = u64::try_from(self.timing.sample_at(self.claimed_ticks?)).ok()?;
        Some(self.timing.samples(read_to))
    }

    /// Goes to the last packet that starts at or before presentation sample `sample`, or, where
    /// the container cannot say which that is, to one before it. Packets before it may follow.
    ///
    /// # Errors
    /// When the container refuses: the position is then undefined and the file must be reopened.
    pub(crate) fn seek(&mut self, sample: u64) -> Result<(), DecodeError> {
        if self.demuxer.format_info().format == FORMAT_ID_OGG && self.demuxer.tracks().len() > 1 {
            // The demuxer would wait for a packet of this stream among those of the others forever.
            return Err(unsupported("seeking among several streams"));
        }
        if self.enter(sample)? {
            return Ok(());
        }
        let sample = self.timing.last_seek.map_or(sample, |last| sample.min(last));
        let ts = Timestamp::new(self.timing.tick_at(sample));
        if self.first_page.is_some_and(|page| ts.get() < page.end) {
            return Err(unsupported("seeking into a page that is not as long as it says"));
        }
        let to = SeekTo::Timestamp { ts, track_id: self.track };
        self.pending = None;
        self.demuxer.seek(SeekMode::Accurate, to).map_err(|error| opening(&error))?;
        Ok(())
    }

    /// Goes to a frame of an MPEG stream by what is known of where its frames lie. Whether it could.
    fn enter(&mut self, sample: u64) -> Result<bool, DecodeError> {
        let Some(first) = &self.pending else { return Ok(false) };
        if self.format.codec != Codec::Mp3 || self.demuxer.format_info().format != FORMAT_ID_MP3 {
            return Ok(false);
        }
        let first_tick = first.pts.get();
        let mut window = Window::open(&self.path).map_err(unreadable)?;
        let key = window.key().map_err(unreadable)?;
        let index = MPEG_INDEXES
            .get_or(key, || MpegIndex::new(&mut window, &first.data).map(Mutex::new))
            .map_err(unreadable)?;
        let mut index = index.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(index) = index.as_mut() else { return Ok(false) };
        let frame_ticks = i64::from(index.samples_of_frame());
        let wanted = self.timing.tick_at(sample).saturating_sub(first_tick) / frame_ticks;
        let wanted = u64::try_from(wanted).unwrap_or(0);
        let (at, frame) = index.find(&mut window, wanted).map_err(unreadable)?;
        if !index.has(wanted) {
            return Ok(false);
        }
        let rest = at..window.len();
        let mut demuxer = demux(window.part(&rest).map_err(unreadable)?)?;
        let pending = next_packet(demuxer.as_mut(), self.track)?;
        let tick =
            first_tick.saturating_add_unsigned(frame.saturating_mul(frame_ticks.unsigned_abs()));
        self.shift = pending.as_ref().map_or(0, |packet| tick - packet.pts.get());
        (self.demuxer, self.pending) = (demuxer, pending);
        Ok(true)
    }

    /// The next packet of the audio track; `None` where the file ends or can be read no further.
    ///
    /// # Errors
    /// Only when the system refuses to read the file.
    pub(crate) fn next(&mut self) -> Result<Option<Coded>, DecodeError> {
        let packet = match self.pending.take() {
            Some(packet) => Some(packet),
            None => next_packet(self.demuxer.as_mut(), self.track)?,
        };
        Ok(packet.map(|packet| self.place(packet)))
    }

    fn place(&self, packet: Packet) -> Coded {
        let mut tick = packet.pts.get().saturating_add(self.shift);
        let mut trim_end = packet.trim_end.get();
        if let Some(FirstPage { end, excess }) = self.first_page
            && tick < end
        {
            tick = tick.saturating_sub_unsigned(excess);
            trim_end = 0;
        }
        let block = match pcm_sample_bytes(self.codec_id) {
            // The length of the last packet of a file that was cut short is in its bytes alone.
            Some(bytes) => packet.data.len() / (bytes * usize::from(self.format.channels)),
            None => usize::try_from(block_ticks(&packet, &self.timing)).unwrap_or(usize::MAX),
        };
        let block_end_tick = tick.saturating_add_unsigned(block as u64);
        let end_tick = if self.timing.trims_packets {
            block_end_tick.saturating_sub_unsigned(trim_end)
        } else {
            block_end_tick
        };
        let start = self.timing.sample_at(tick);
        let block_end = self.timing.sample_at(block_end_tick);
        let end = self.timing.sample_at(end_tick);
        Coded { packet, start, block_end, end }
    }

    /// Decodes `coded` and hands out where it starts and its interleaved stereo samples. `None` for
    /// a damaged packet, or one that only prepares the next.
    pub(crate) fn decode(&mut self, coded: &Coded) -> Option<(i64, Vec<f32>)> {
        let whole = PacketRef::new(
            self.track,
            coded.packet.pts,
            coded.packet.block_dur(),
            &coded.packet.data,
        );
        let decoded = self.decoder.decode_ref(&whole).ok()?;
        let frames = interleave(&decoded, &self.downmix, &mut self.interleaved)?;
        let mut stereo = vec![0.0; frames * 2];
        self.downmix.mix(&self.interleaved, &mut stereo);
        if !self.format.is_lossless() {
            for sample in &mut stereo {
                *sample = audible(*sample * self.gain);
            }
        }
        Some((coded.start, stereo))
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("format", &self.format)
            .field("timing", &self.timing)
            .finish_non_exhaustive()
    }
}

/// Runs `work` over untrusted bytes: a demuxer or decoder that panics has met a damaged file.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, DecodeError>) -> Result<T, DecodeError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(DecodeError::Malformed("its parser gave up".into())))
}

fn demux(source: Window) -> Result<Box<dyn FormatReader>, DecodeError> {
    let stream = MediaSourceStream::new(Box::new(source), MediaSourceStreamOptions::default());
    // No hint: a file's name says nothing about its bytes.
    prober()
        .probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(|error| opening(&error))
}

fn prober() -> &'static Prober {
    static PROBER: OnceLock<Prober> = OnceLock::new();
    PROBER.get_or_init(|| {
        let options = ProbeOptions { max_probe_depth: MAX_JUNK_BYTES, ..ProbeOptions::default() };
        let mut prober = Prober::new_with_options(&options);
        symphonia::default::register_enabled_formats(&mut prober);
        prober
    })
}

fn codecs() -> &'static CodecRegistry {
    static CODECS: OnceLock<CodecRegistry> = OnceLock::new();
    CODECS.get_or_init(|| {
        let mut codecs = CodecRegistry::new();
        symphonia::default::register_enabled_codecs(&mut codecs);
        codecs.register_audio_decoder::<crate::opus::OpusDecoder>();
        codecs
    })
}

/// What the first and last pages of stream `serial`, which begins at `start`, say. `fresh` opens it once
/// more, where that is worth it.
fn pages(
    source: &mut Window,
    (start, serial): (u64, u32),
    fresh: Option<impl FnOnce() -> Result<Box<dyn FormatReader>, DecodeError>>,
) -> Result<Pages, DecodeError> {
    let key = (source.key().map_err(unreadable)?, start);
    let found = PAGES.get_or(key, || {
        let fresh = fresh.map(|open| open()).transpose()?;
        Ok::<_, DecodeError>(Pages::read(source, serial, fresh))
    });
    found.map(|pages| *pages)
}

/// The track to play: the first audio track with a codec that we decode.
fn audio_track(demuxer: &dyn FormatReader) -> Result<(Track, AudioCodecParameters), DecodeError> {
    let audio = |track: &Track| {
        let params = track.codec_params.as_ref()?.audio()?;
        Some((track.clone(), params.clone()))
    };
    let playable = demuxer
        .tracks()
        .iter()
        .filter_map(audio)
        .find(|(_, params)| codecs().get_audio_decoder(params.codec).is_some());
    let default = || demuxer.default_track(TrackType::Audio).and_then(audio);
    playable.or_else(default).ok_or_else(|| unsupported("there is no audio track in it"))
}

fn codec_of(params: &AudioCodecParameters) -> Result<Codec, DecodeError> {
    let codec = match params.codec {
        id::CODEC_ID_AAC => Codec::Aac,
        id::CODEC_ID_ALAC => Codec::Alac,
        id::CODEC_ID_FLAC => Codec::Flac,
        id::CODEC_ID_MP3 => Codec::Mp3,
        id::CODEC_ID_OPUS => Codec::Opus,
        id::CODEC_ID_VORBIS => Codec::Vorbis,
        other if pcm_sample_bytes(other).is_some() => Codec::Pcm,
        other => return Err(unsupported(&format!("codec {other}"))),
    };
    Ok(codec)
}

/// The decoder of a track.
fn decoder(
    codec: Codec,
    params: &AudioCodecParameters,
    options: &AudioDecoderOptions,
) -> Result<Box<dyn AudioDecoder>, Error> {
    let channels = params.channels.as_ref().map_or(0, Channels::count);
    if codec == Codec::Vorbis && channels > 2 {
        return Ok(Box::new(VorbisDecoder::new(params)?));
    }
    codecs().make_audio_decoder(params, options)
}

fn shape(
    codec: Codec,
    params: &AudioCodecParameters,
    decoder: &AudioCodecParameters,
) -> Result<SourceFormat, DecodeError> {
    let sample_rate = decoder.sample_rate.or(params.sample_rate).unwrap_or(0);
    if !SAMPLE_RATES.contains(&sample_rate) {
        return Err(unsupported(&format!("a sample rate of {sample_rate} Hz")));
    }
    let channels = decoder.channels.as_ref().map_or(0, Channels::count);
    let channels = u16::try_from(channels).unwrap_or(u16::MAX);
    let bits_per_sample = match codec {
        Codec::Alac => alac_bits(params.extra_data.as_deref()),
        Codec::Flac => params.bits_per_sample,
        // A byte that stands for a sample of 13 or 14 bits (ITU-T G.711).
        Codec::Pcm if matches!(params.codec, id::CODEC_ID_PCM_ALAW | id::CODEC_ID_PCM_MULAW) => {
            Some(16)
        }
        Codec::Pcm => params
            .bits_per_sample
            .or_else(|| pcm_sample_bytes(params.codec).and_then(|n| u32::try_from(n * 8).ok())),
        _ => None,
    };
    Ok(SourceFormat { codec, sample_rate, channels, bits_per_sample })
}

/// The next packet of `track`. Damage ends the stream: what can be read of it is what there is.
fn next_packet(demuxer: &mut dyn FormatReader, track: u32) -> Result<Option<Packet>, DecodeError> {
    loop {
        match demuxer.next_packet() {
            Ok(Some(packet)) if packet.track_id == track => return Ok(Some(packet)),
            Ok(Some(_)) => {}
            Err(Error::IoError(error)) if is_the_systems(&error) => {
                return Err(unreadable(error));
            }
            // Damage, or a further link with the same serial number, which no chain may have.
            Ok(None) | Err(_) => return Ok(None),
        }
    }
}

/// Ticks that the packet decodes to. The demuxers that do not trim packets to the container's own
/// word put the whole length in the duration, and may put a trim of their guess beside it.
fn block_ticks(packet: &Packet, timing: &Timing) -> u64 {
    if timing.trims_packets { packet.block_dur().get() } else { packet.dur.get() }
}

fn claimed_ticks(track: &Track, timing: &Timing) -> Option<i64> {
    let ticks = i64::try_from(track.duration?.get()).ok()?;
    match timing.end {
        // The padding is not part of what is claimed, but of what will be read.
        crate::timing::End::Padded { padding, .. } => Some(ticks.saturating_add_unsigned(padding)),
        _ => Some(ticks),
    }
}

/// The sample, or silence for what is too faint to be anything but the last digits of a filter that
/// dies away: these depend on how long it has been doing so.
fn audible(sample: f32) -> f32 {
    /// -480 dB.
    const FAINTEST: f32 = 1e-24;
    if sample.abs() < FAINTEST { 0.0 } else { sample }
}

/// Interleaves what was decoded; `None` if it does not have the shape that the headers promised.
fn interleave(
    decoded: &GenericAudioBufferRef<'_>,
    downmix: &Downmix,
    interleaved: &mut Vec<f32>,
) -> Option<usize> {
    let frames = decoded.frames();
    if frames == 0 || decoded.num_planes() != downmix.channels() {
        return None;
    }
    decoded.copy_to_vec_interleaved(interleaved);
    Some(frames)
}

/// The sample size, which the container may leave out (ALACSpecificConfig: frame length, version,
/// bit depth).
fn alac_bits(config: Option<&[u8]>) -> Option<u32> {
    config?.get(5).copied().map(u32::from)
}

/// Bytes of one sample of one channel; `None` for what is not PCM.
pub(crate) fn pcm_sample_bytes(codec: AudioCodecId) -> Option<usize> {
    let bytes = match codec {
        id::CODEC_ID_PCM_S8
        | id::CODEC_ID_PCM_U8
        | id::CODEC_ID_PCM_ALAW
        | id::CODEC_ID_PCM_MULAW => 1,
        id::CODEC_ID_PCM_S16LE
        | id::CODEC_ID_PCM_S16BE
        | id::CODEC_ID_PCM_U16LE
        | id::CODEC_ID_PCM_U16BE => 2,
        id::CODEC_ID_PCM_S24LE
        | id::CODEC_ID_PCM_S24BE
        | id::CODEC_ID_PCM_U24LE
        | id::CODEC_ID_PCM_U24BE => 3,
        id::CODEC_ID_PCM_S32LE
        | id::CODEC_ID_PCM_S32BE
        | id::CODEC_ID_PCM_U32LE
        | id::CODEC_ID_PCM_U32BE
        | id::CODEC_ID_PCM_F32LE
        | id::CODEC_ID_PCM_F32BE => 4,
        id::CODEC_ID_PCM_F64LE | id::CODEC_ID_PCM_F64BE => 8,
        _ => return None,
    };
    Some(bytes)
}

/// The system refuses.
pub(crate) fn unreadable(error: io::Error) -> DecodeError {
    DecodeError::Unreadable(error.to_string())
}

/// Whether the system refused, rather than the file sent the demuxer out of its bounds.
fn is_the_systems(error: &io::Error) -> bool {
    error.raw_os_error().is_some() && error.kind() != io::ErrorKind::InvalidInput
}

fn unsupported(what: &str) -> DecodeError {
    DecodeError::Unsupported(what.into())
}

fn no_decoder(kind: &str) -> String {
    format!("there is no decoder for {kind}")
}

/// What an error of the demuxer or decoder means while a file is opened.
fn opening(error: &Error) -> DecodeError {
    match error {
        Error::IoError(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            DecodeError::Malformed("it ends too early".into())
        }
        Error::IoError(error) if is_the_systems(error) => {
            DecodeError::Unreadable(error.to_string())
        }
        Error::Unsupported(what) => unsupported(what),
        Error::LimitError(what) => DecodeError::Exhausted((*what).into()),
        other => DecodeError::Malformed(other.to_string()),
    }
}
