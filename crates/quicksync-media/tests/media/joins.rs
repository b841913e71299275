//! Where one track follows another nothing is lost, added or heard.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::TryStreamExt as _;
use quicksync_decode::{
    Analysis, AudioHash, Codec as SourceCodec, DecodeError, Decoder, Measurement, Probe,
    SourceFormat,
};
use quicksync_fmp4::Segment;
use quicksync_media::{Engine, Programme, Source};
use quicksync_model::{Codec, MediaTime, Quality, Rendition, SEGMENT_SAMPLES};

use crate::harness::{Synth, config, reference_decode, table};

/// Pieces of one music under the names of files.
#[derive(Debug)]
struct Pieces {
    rate: u32,
    files: HashMap<PathBuf, Vec<f32>>,
}

impl Pieces {
    /// `pcm` cut before each of the frames `cuts`.
    fn cut(rate: u32, pcm: &[f32], cuts: &[usize]) -> (Arc<Self>, Vec<Source>) {
        let ends = cuts.iter().copied().chain([pcm.len() / 2]);
        let (mut start, mut files, mut sources) = (0, HashMap::new(), Vec::new());
        for (n, end) in (0_u8..).zip(ends) {
            let path = PathBuf::from(format!("/music/{n}"));
            sources.push(source(&path, rate, end - start, n));
            files.insert(path, pcm[2 * start..2 * end].to_vec());
            start = end;
        }
        (Arc::new(Self { rate, files }), sources)
    }
}

fn source(path: &Path, rate: u32, frames: usize, name: u8) -> Source {
    let format = SourceFormat {
        codec: SourceCodec::Flac,
        sample_rate: rate,
        channels: 2,
        bits_per_sample: Some(16),
    };
    let analysis = Analysis {
        format,
        samples: frames as u64,
        mean_kbps: 900,
        audio_hash: AudioHash([name; 32]),
    };
    Source { path: path.to_owned(), analysis, stamp: None }
}

#[async_trait]
impl Decoder for Pieces {
    async fn probe(&self, _: &Path) -> Result<Probe, DecodeError> {
        Err(DecodeError::Unsupported("not here".into()))
    }

    async fn analyse(&self, path: &Path) -> Result<Analysis, DecodeError> {
        Ok(source(path, self.rate, self.files[path].len() / 2, 0).analysis)
    }

    async fn measure(&self, _: &Path, _: u64) -> Result<Measurement, DecodeError> {
        Err(DecodeError::Unsupported("not here".into()))
    }

    async fn decode(&self, path: &Path, start: u64, frames: u32) -> Result<Vec<f32>, DecodeError> {
        let start = 2 * usize::try_from(start).unwrap();
        Ok(self.files[path][start..start + 2 * frames as usize].to_vec())
    }
}

async fn engine(pieces: &Arc<Pieces>) -> Engine {
    Engine::open(config(), Arc::clone(pieces) as _).await.unwrap()
}

#[tokio::test]
async fn an_album_is_the_same_bytes_wherever_its_music_was_cut() {
    for rate in [44_100, 48_000] {
        let frames = 2 * SEGMENT_SAMPLES as usize + 54_321;
        let music = Synth::music(rate, frames);
        let (whole, tracks) = Pieces::cut(rate, music.pcm(), &[]);
        let whole_engine = engine(&whole).await;
        let whole = Programme::track(tracks[0].clone()).unwrap();
        // In the middle, one frame after a boundary, and a track of a single frame.
        let cuts = [70_001, 70_002, SEGMENT_SAMPLES as usize + 1, frames - 5];
        let (pieces, tracks) = Pieces::cut(rate, music.pcm(), &cuts);
        let (engine, album) = (engine(&pieces).await, Programme::album(&tracks).unwrap());
        assert_eq!(album.timeline(), whole.timeline(), "{rate} Hz");
        let starts = |cut: &usize| (*cut as u64 * 48_000).div_ceil(u64::from(rate));
        let expected: Vec<_> = [0].iter().chain(&cuts).map(starts).collect();
        assert_eq!(album.starts(), expected, "{rate} Hz");
        for codec in [Codec::Opus, Codec::Mp3] {
            let rendition = Rendition::new(codec, Quality::Medium);
            for index in 0..album.timeline().segments() {
                let joined = engine.segment(&album, rendition, index).await.unwrap();
                let alone = whole_engine.segment(&whole, rendition, index).await.unwrap();
                assert!(joined == alone, "{rate} Hz, {codec}, segment {index}");
            }
        }
    }
}

#[tokio::test]
async fn rates_may_change_within_an_album() {
    let music = Synth::music(48_000, 40_000);
    let (pieces, mut tracks) = Pieces::cut(48_000, music.pcm(), &[10_001]);
    tracks[1].analysis.format.sample_rate = 44_100;
    let (engine, album) = (engine(&pieces).await, Programme::album(&tracks).unwrap());
    let second = (29_999_u64 * 48_000).div_ceil(44_100);
    assert_eq!((album.starts(), album.timeline().samples()), (&[0, 10_001][..], 10_001 + second));
    assert!(engine.segment(&album, Rendition::Opus(Quality::Low), 0).await.is_ok());
}

#[tokio::test]
async fn neighbours_change_the_edges_and_nothing_else() {
    let music = Synth::music(44_100, 44_100 * 20);
    let (pieces, tracks) = Pieces::cut(44_100, music.pcm(), &[30_000, 44_100 * 17]);
    let engine = engine(&pieces).await;
    let (before, middle, after) = (&tracks[0], &tracks[1], &tracks[2]);
    let alone = Programme::track(middle.clone()).unwrap();
    let between =
        Programme::between(Some(before.clone()), middle.clone(), Some(after.clone())).unwrap();
    assert_eq!(between.timeline(), alone.timeline());
    assert_ne!(between.hash(), alone.hash());
    let last = alone.timeline().segments() - 1;
    let rendition = Rendition::Opus(Quality::High);
    for index in 0..=last {
        let a = engine.segment(&alone, rendition, index).await.unwrap();
        let shared = engine.cached(&between, Codec::Opus, index) == [Quality::High];
        let b = engine.segment(&between, rendition, index).await.unwrap();
        let inside = index != 0 && index != last;
        assert_eq!((a == b, shared), (inside, inside), "segment {index}");
    }
}

#[tokio::test]
async fn a_segment_is_named_by_the_neighbours_it_was_made_of() {
    let music = Synth::music(44_100, 44_100 * 20);
    let (pieces, tracks) = Pieces::cut(44_100, music.pcm(), &[30_000, 44_100 * 17]);
    let engine = engine(&pieces).await;
    let (before, middle, after) = (&tracks[0], &tracks[1], &tracks[2]);
    let between = |before: Option<&Source>, after: Option<&Source>| {
        Programme::between(before.cloned(), middle.clone(), after.cloned()).unwrap()
    };
    let both = between(Some(before), Some(after));
    let last = both.timeline().segments() - 1;
    let rendition = Rendition::Opus(Quality::Low);
    for index in 0..=last {
        engine.segment(&both, rendition, index).await.unwrap();
    }
    let is_there =
        |programme: &Programme, index| !engine.cached(programme, Codec::Opus, index).is_empty();
    for (programme, first, end) in [
        (between(Some(before), None), true, false),
        (between(None, Some(after)), false, true),
        (between(Some(after), Some(after)), false, true),
    ] {
        assert_eq!((is_there(&programme, 0), is_there(&programme, last)), (first, end));
        assert!(is_there(&programme, 1));
    }
    let mut foreign = before.clone();
    foreign.analysis.format.sample_rate = 48_000;
    let alone = between(None, None);
    assert_eq!(between(Some(&foreign), None).hash(), alone.hash(), "it lends no samples");
}

/// Frames in 10 ms.
const WINDOW: usize = 480;
const SECONDS: usize = 6;

#[tokio::test]
async fn a_join_of_tracks_is_no_louder_than_the_noise_elsewhere() {
    let music = Synth::music(48_000, 48_000 * SECONDS);
    // Where the music is loudest within half a second: there a join is heard most.
    let cuts = [100_000, 190_001, 231_111].map(|from| peak(music.pcm(), from));
    let mut rows = Vec::new();
    for codec in [Codec::Opus, Codec::Mp3] {
        for quality in [Quality::Low, Quality::High] {
            let rendition = Rendition::new(codec, quality);
            let mut excess = Vec::new();
            for cut in cuts {
                excess.push(excess_at_join(music.pcm(), cut, rendition).await);
            }
            let mean = excess.iter().sum::<f64>() / 3.0;
            rows.push(format!("{rendition}: {excess:.1?} dB, mean {mean:+.2}"));
            assert!(mean <= 1.5, "{rendition}: {mean:+.2} dB");
        }
    }
    table("error in the 40 ms around a join, over the same music without one", rows);
}

fn peak(pcm: &[f32], from: usize) -> usize {
    let loudness = |frame: &usize| pcm[2 * frame].abs() + pcm[2 * frame + 1].abs();
    (from..from + 24_000).max_by(|a, b| loudness(a).total_cmp(&loudness(b))).unwrap()
}

/// Error around the join of two tracks, as a player plays them, over that of the uncut music, dB.
async fn excess_at_join(pcm: &[f32], cut: usize, rendition: Rendition) -> f64 {
    let (whole, tracks) = Pieces::cut(48_000, pcm, &[]);
    let programme = Programme::track(tracks[0].clone()).unwrap();
    let whole = played(&engine(&whole).await, &[programme], rendition).await;
    let (pieces, tracks) = Pieces::cut(48_000, pcm, &[cut]);
    let (first, second) = (&tracks[0], &tracks[1]);
    let first_programme = Programme::between(None, first.clone(), Some(second.clone())).unwrap();
    let second_programme = Programme::between(Some(first.clone()), second.clone(), None).unwrap();
    let joined_engine = engine(&pieces).await;
    let joined = played(&joined_engine, &[first_programme, second_programme], rendition).await;
    assert_eq!(joined.len(), pcm.len(), "{rendition}: a sample lost or added");
    let energy = |decoded: &[f32]| {
        let range = 2 * (cut - 2 * WINDOW)..2 * (cut + 2 * WINDOW);
        let pairs = decoded[range.clone()].iter().zip(&pcm[range]);
        pairs.map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>()
    };
    10.0 * (energy(&joined) / energy(&whole)).log10()
}

/// What a player gives out that decodes each track to its end, then takes in the next one's warm-up
/// packet and leaves it out.
async fn played(engine: &Engine, programmes: &[Programme], rendition: Rendition) -> Vec<f32> {
    let packet = rendition.codec().packet_samples() as usize;
    let mut packets: Vec<u8> = Vec::new();
    let mut kept = Vec::new();
    for (n, programme) in programmes.iter().enumerate() {
        if n > 0 {
            packets.extend(run(engine, programme, rendition, None).await);
        }
        let size = rendition.packet_bytes().unwrap() as usize;
        let start = packets.len() / size * packet;
        for index in 0..programme.timeline().segments() {
            packets.extend(run(engine, programme, rendition, Some(index)).await);
        }
        kept.push(start..start + usize::try_from(programme.timeline().samples()).unwrap());
    }
    let decoded = reference_decode(&file(rendition, &packets));
    kept.into_iter().flat_map(|r| decoded[2 * r.start..2 * r.end].to_vec()).collect()
}

async fn run(
    engine: &Engine,
    programme: &Programme,
    rendition: Rendition,
    index: Option<u64>,
) -> Vec<u8> {
    let runs: Vec<_> = engine.packets(programme, rendition, index).try_collect().await.unwrap();
    runs.concat()
}

/// Packets as something a decoder reads without trimming anything.
fn file(rendition: Rendition, packets: &[u8]) -> Vec<u8> {
    if rendition.codec() == Codec::Mp3 {
        return packets.to_vec();
    }
    let packet_bytes = rendition.packet_bytes().unwrap();
    let samples = u32::try_from(packets.len()).unwrap() / packet_bytes * 960;
    let start = MediaTime::default();
    let segment = Segment { index: 0, start, samples, packet_bytes, packets };
    [quicksync_fmp4::init_segment().unwrap(), segment.to_bytes().unwrap()].concat()
}

/// Tones leave no noise to hide in: what a decoder brings along from before the join is heard.
#[tokio::test]
async fn a_join_under_tones_is_no_louder_either() {
    let music = tones(48_000 * SECONDS);
    let mut rows = Vec::new();
    for quality in [Quality::Low, Quality::High] {
        let rendition = Rendition::Opus(quality);
        let mut excess = Vec::new();
        for cut in [100_013, 170_500, 230_007] {
            excess.push(excess_at_join(&music, cut, rendition).await);
        }
        let mean = excess.iter().sum::<f64>() / 3.0;
        rows.push(format!("{rendition}: {excess:.1?} dB, mean {mean:+.2}"));
        assert!(mean <= 1.5, "{rendition}: {excess:.1?} dB");
    }
    table("the same under tones 40 dB above a hiss", rows);
}

/// Two tones on each side, one of them gliding, and a faint hiss.
#[expect(clippy::cast_possible_truncation, reason = "a test signal needs no more than f32 has")]
fn tones(frames: usize) -> Vec<f32> {
    let mut state = 0x1234_5678_u32;
    let mut hiss = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        0.02 * (f64::from(state) / f64::from(u32::MAX) - 0.5)
    };
    let wave = |hertz: f64, at: f64| (std::f64::consts::TAU * hertz * at).sin();
    let frame = |n: usize| {
        let at = f64::from(u32::try_from(n).unwrap()) / 48_000.0;
        let left = 0.3 * wave(200.0 + 20.0 * at, at) + 0.1 * wave(1_500.0 + 70.0 * at, at);
        [left + hiss(), 0.3 * wave(330.0, at) + 0.1 * wave(2_500.0, at) + hiss()]
    };
    (0..frames).flat_map(frame).map(|value| value as f32).collect()
}
