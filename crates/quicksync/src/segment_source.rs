//! The segment engine as the server asks for it: words translated, nothing decided.

use std::future::ready;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::once;
use quicksync_decode::{Analysis, AudioHash, Codec, DecodeError, SourceFormat};
use quicksync_media::{
    Engine, FORMAT_VERSION, FileStamp, MediaError, Programme, Source, lossless_format,
};
use quicksync_model::{Codec as Encoding, Quality, Rendition, Timeline};
use quicksync_progressive::Container;
use quicksync_server::{
    Audio, Joined, Listener, Lossless, PacketRequest, PacketStream, Pressure, SegmentError,
    SegmentRequest, SegmentSource, SourceAudio,
};
use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use serde::de::value::{Error as ValueError, StrDeserializer};

/// The engine behind the server's trait.
#[derive(Clone, Debug)]
pub(crate) struct EngineSource(pub(crate) Engine);

impl EngineSource {
    /// The engine, asked by this listener.
    fn of(&self, listener: Listener) -> Engine {
        self.0.on_behalf_of(quicksync_media::Listener(listener.0))
    }
}

#[async_trait]
impl SegmentSource for EngineSource {
    async fn segment(&self, request: SegmentRequest) -> Result<Bytes, SegmentError> {
        let SegmentRequest { audio, rendition, index, listener } = request;
        let programme = programme_of(&audio)?;
        self.of(listener).segment(&programme, rendition, index).await.map_err(error_of)
    }

    fn at_hand(
        &self,
        audio_hash: &[u8; 32],
        rendition: Rendition,
        index: u64,
        is_last: bool,
    ) -> Option<Bytes> {
        self.0.at_hand(AudioHash(*audio_hash), rendition, index, is_last)
    }

    async fn warm_up(
        &self,
        audio: Audio,
        quality: Quality,
        listener: Listener,
    ) -> Result<Bytes, SegmentError> {
        let programme = programme_of(&audio)?;
        let warm_up = self.of(listener).warm_up(&programme, Rendition::Opus(quality)).await;
        warm_up.map_err(error_of)
    }

    fn prepare(&self, request: SegmentRequest) {
        let SegmentRequest { audio, rendition, index, listener } = request;
        // What cannot be played says so when it is asked for.
        if let Ok(programme) = programme_of(&audio) {
            self.of(listener).prepare(&programme, rendition, index);
        }
    }

    fn lossless(&self, source: &SourceAudio) -> Result<Lossless, String> {
        let source = source_of(source).map_err(|error| error.to_string())?;
        let format = lossless_format(&source.analysis).map_err(|why| why.to_string())?;
        Ok(Lossless {
            timeline: Timeline::lossless(format.samples, format.sample_rate),
            channels: format.channels.into(),
            bits_per_sample: format.bits_per_sample.into(),
        })
    }

    fn lossless_init_segment(&self, source: &SourceAudio) -> Result<Bytes, SegmentError> {
        let programme = Programme::track(source_of(source)?).map_err(error_of)?;
        self.0.lossless_init_segment(&programme).map_err(error_of)
    }

    fn packets(&self, request: PacketRequest) -> PacketStream {
        let rendition = Rendition::new(encoding(request.container), request.quality);
        match programme_of(&request.audio) {
            Ok(programme) => {
                let packets =
                    self.of(request.listener).packets(&programme, rendition, request.segment);
                packets.map(|run| run.map_err(error_of)).boxed()
            }
            Err(error) => once(ready(Err(error))).boxed(),
        }
    }

    fn join(&self, sources: &[SourceAudio]) -> Result<Joined, SegmentError> {
        let album = album_of(sources)?;
        let starts = album.starts().to_vec();
        Ok(Joined { timeline: album.timeline(), starts, hash: album.hash().0 })
    }

    fn makes(&self, container: Container) -> bool {
        self.0.makes(encoding(container))
    }

    fn init_segment(&self) -> Bytes {
        self.0.init_segment()
    }

    async fn cached(&self, request: &SegmentRequest) -> Vec<Quality> {
        // Of a codec without qualities there is nothing that could stand in.
        match (programme_of(&request.audio), request.rendition.quality()) {
            (Ok(programme), Some(_)) => {
                self.0.cached(&programme, request.rendition.codec(), request.index)
            }
            _ => Vec::new(),
        }
    }

    fn pressure(&self) -> Pressure {
        let found = self.0.pressure();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Pressure {
            waiting: count(found.waiting),
            running: count(found.running),
            workers: count(found.workers),
        }
    }

    fn format_version(&self) -> u32 {
        FORMAT_VERSION
    }

    fn segment_bytes(&self, timeline: Timeline, rendition: Rendition, index: u64) -> Option<u64> {
        quicksync_media::segment_bytes(timeline, rendition, index)
    }

    fn disk_fault(&self) -> Option<String> {
        self.0.disk_fault()
    }
}

/// What a container carries.
const fn encoding(container: Container) -> Encoding {
    match container {
        Container::OggOpus => Encoding::Opus,
        Container::Mp3 => Encoding::Mp3,
    }
}

fn programme_of(audio: &Audio) -> Result<Programme, SegmentError> {
    match audio {
        Audio::Track(track) => {
            let neighbour =
                |source: &Option<SourceAudio>| source.as_ref().map(source_of).transpose();
            let (previous, next) = (neighbour(&track.previous)?, neighbour(&track.next)?);
            Programme::between(previous, source_of(&track.source)?, next).map_err(error_of)
        }
        Audio::Album(sources) => album_of(sources),
    }
}

fn album_of(sources: &[SourceAudio]) -> Result<Programme, SegmentError> {
    let sources = sources.iter().map(source_of).collect::<Result<Vec<_>, _>>()?;
    Programme::album(&sources).map_err(error_of)
}

fn source_of(audio: &SourceAudio) -> Result<Source, SegmentError> {
    let word: StrDeserializer<'_, ValueError> = audio.codec.as_str().into_deserializer();
    let codec = Codec::deserialize(word)
        .map_err(|error| SegmentError::Internal(format!("codec of a track: {error}")))?;
    let channels = u16::try_from(audio.channels)
        .map_err(|_| SegmentError::Internal(format!("{} channels", audio.channels)))?;
    let format = SourceFormat {
        codec,
        sample_rate: audio.sample_rate,
        channels,
        bits_per_sample: audio.bits_per_sample,
    };
    let analysis = Analysis {
        format,
        samples: audio.analysis.samples,
        mean_kbps: audio.analysis.mean_kbps,
        audio_hash: AudioHash(audio.analysis.audio_hash),
    };
    let stamp = FileStamp { size_bytes: audio.size_bytes, modified_us: audio.modified_us };
    Ok(Source { path: audio.path.clone(), analysis, stamp: Some(stamp) })
}

fn error_of(error: MediaError) -> SegmentError {
    match error {
        MediaError::NotFound { .. } => SegmentError::NotFound,
        MediaError::Overloaded { .. } => SegmentError::Overloaded,
        MediaError::Internal(text) => SegmentError::Internal(text),
        // Whoever asks again is served; the server calls that overloaded.
        MediaError::Abandoned => SegmentError::Overloaded,
        MediaError::Unsupported(_) | MediaError::NotLossless(_) => {
            SegmentError::Internal(error.to_string())
        }
        MediaError::Source(cause) => match &*cause {
            DecodeError::Unreadable(_) => SegmentError::Unavailable,
            DecodeError::Died(text) => SegmentError::Internal(text.clone()),
            DecodeError::Unsupported(_) | DecodeError::Malformed(_) | DecodeError::Exhausted(_) => {
                SegmentError::Unplayable(cause.to_string())
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quicksync_store::AnalysisRow;

    fn audio(codec: &str, channels: u32) -> SourceAudio {
        SourceAudio {
            path: "/music/a".into(),
            size_bytes: 77,
            modified_us: 88,
            codec: codec.to_owned(),
            sample_rate: 44_100,
            channels,
            bits_per_sample: Some(16),
            analysis: AnalysisRow { audio_hash: [7; 32], samples: 5, mean_kbps: 900 },
        }
    }

    #[test]
    fn sources_keep_every_figure() {
        let source = source_of(&audio("flac", 2)).unwrap();
        let format = source.analysis.format;
        assert_eq!((format.codec, format.sample_rate, format.channels), (Codec::Flac, 44_100, 2));
        assert_eq!(source.analysis.audio_hash, AudioHash([7; 32]));
        let stamp = FileStamp { size_bytes: 77, modified_us: 88 };
        assert_eq!(source.stamp, Some(stamp));
        assert_eq!((source.analysis.samples, source.analysis.mean_kbps), (5, 900));
        assert!(source_of(&audio("wma", 2)).is_err());
        assert!(source_of(&audio("flac", 70_000)).is_err());
    }

    #[test]
    fn errors_keep_their_consequence() {
        let source = |error: DecodeError| error_of(error.into());
        for (error, consequence) in [
            (source(DecodeError::Unreadable("x".into())), "not there"),
            (source(DecodeError::Malformed("x".into())), "cannot be played"),
            (source(DecodeError::Exhausted("x".into())), "cannot be played"),
            (error_of(MediaError::NotFound { index: 1, segments: 1 }), "no such segment"),
            (error_of(MediaError::Overloaded { waiting: 1, workers: 1 }), "too much work"),
        ] {
            assert!(error.to_string().contains(consequence), "{error}");
        }
    }
}
