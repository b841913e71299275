//! HLS playlists (RFC 8216): one list of variants, and one list of segments for each.

use std::fmt::Write as _;

use quicksync_model::{Codec, SAMPLE_RATE, SEGMENT_SAMPLES, Timeline};

use crate::escape::{quoted, uri};
use crate::{Bandwidth, codecs};

/// fMP4 with `EXT-X-MAP` outside I-frame playlists needs version 6, its common reading 7.
const VERSION: u32 = 7;

/// The longest `EXTINF`, rounded to the nearest second (RFC 8216 §4.3.3.1).
pub(crate) const TARGET_DURATION_S: u32 = (SEGMENT_SAMPLES + SAMPLE_RATE / 2) / SAMPLE_RATE;

/// One rung as a multivariant playlist lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// What it is encoded in.
    pub codec: Codec,
    /// What it costs.
    pub bandwidth: Bandwidth,
    /// What it is called.
    pub name: String,
    /// Where its media playlist is, relative to this one or absolute.
    pub uri: String,
}

/// The playlist of variants, lowest bandwidth first whatever their order: players start with the
/// first, and a first rung that is too high stalls.
///
/// A player may switch to any variant it can play, and between codecs that is heard. Give one
/// playlist the rungs of one codec; a second codec belongs into a second playlist.
#[must_use]
pub fn multivariant_playlist(variants: impl IntoIterator<Item = Variant>) -> String {
    let mut variants: Vec<_> = variants.into_iter().collect();
    variants.sort_by_key(|variant| variant.bandwidth.peak_bps);
    let mut text = header();
    for Variant { codec, bandwidth, name, uri: playlist } in variants {
        let Bandwidth { peak_bps, average_bps } = bandwidth;
        let _ = write!(
            text,
            "#EXT-X-STREAM-INF:BANDWIDTH={peak_bps},AVERAGE-BANDWIDTH={average_bps},\
             CODECS=\"{}\",NAME=\"{}\"\n{}\n",
            codecs(codec),
            quoted(&name),
            uri(&playlist),
        );
    }
    text
}

/// The playlist of one rung's segments, complete from the first to the last. MP4 segments have an
/// init segment; MP3 segments are packed audio (§3.4), which has none and says itself where on the
/// timeline it begins.
///
/// Durations are exact to the sample: six decimals are closer than half a sample, and only the
/// last segment needs them, so nothing adds up.
#[must_use]
pub fn media_playlist(
    timeline: Timeline,
    init_uri: Option<&str>,
    segment_uri: impl Fn(u64) -> String,
) -> String {
    let mut text = header();
    let _ = write!(
        text,
        "#EXT-X-TARGETDURATION:{TARGET_DURATION_S}\n\
         #EXT-X-MEDIA-SEQUENCE:0\n\
         #EXT-X-PLAYLIST-TYPE:VOD\n",
    );
    if let Some(init) = init_uri {
        let _ = writeln!(text, "#EXT-X-MAP:URI=\"{}\"", uri(init));
    }
    for index in 0..timeline.segments() {
        let samples = timeline.segment_samples(index).map_or(0, u64::from);
        let seconds = timeline.seconds(samples);
        let _ = write!(text, "#EXTINF:{seconds:.6},\n{}\n", uri(&segment_uri(index)));
    }
    text.push_str("#EXT-X-ENDLIST\n");
    text
}

fn header() -> String {
    format!("#EXTM3U\n#EXT-X-VERSION:{VERSION}\n#EXT-X-INDEPENDENT-SEGMENTS\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    fn variant(peak_bps: u64, name: &str, uri: &str) -> Variant {
        let bandwidth = Bandwidth { peak_bps, average_bps: peak_bps - 100 };
        Variant { codec: Codec::Opus, bandwidth, name: name.into(), uri: uri.into() }
    }

    #[test]
    fn variants_ascend() {
        expect![[r#"
            #EXTM3U
            #EXT-X-VERSION:7
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-STREAM-INF:BANDWIDTH=64300,AVERAGE-BANDWIDTH=64200,CODECS="Opus",NAME="low"
            low/index.m3u8?ticket=t
            #EXT-X-STREAM-INF:BANDWIDTH=128300,AVERAGE-BANDWIDTH=128200,CODECS="Opus",NAME="medium"
            medium/index.m3u8?ticket=t
        "#]]
        .assert_eq(&multivariant_playlist([
            variant(128_300, "medium", "medium/index.m3u8?ticket=t"),
            variant(64_300, "low", "low/index.m3u8?ticket=t"),
        ]));
    }

    #[test]
    fn segments_have_their_real_durations() {
        expect![[r#"
            #EXTM3U
            #EXT-X-VERSION:7
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-TARGETDURATION:4
            #EXT-X-MEDIA-SEQUENCE:0
            #EXT-X-PLAYLIST-TYPE:VOD
            #EXT-X-MAP:URI="init.mp4"
            #EXTINF:3.840000,
            0.m4s
            #EXTINF:3.840000,
            1.m4s
            #EXTINF:0.000021,
            2.m4s
            #EXT-X-ENDLIST
        "#]]
        .assert_eq(&media_playlist(Timeline::new(2 * 184_320 + 1), Some("init.mp4"), |n| {
            format!("{n}.m4s")
        }));
    }

    #[test]
    fn each_codec_is_named_and_packed_audio_has_no_init_segment() {
        for (codec, spelled) in [
            (Codec::Opus, "Opus"),
            (Codec::Mp3, "mp4a.40.34"),
            (Codec::Aac, "mp4a.40.2"),
            (Codec::Flac, "fLaC"),
        ] {
            let text = multivariant_playlist([Variant { codec, ..variant(200, "a", "b") }]);
            assert!(text.contains(&format!("CODECS=\"{spelled}\"")), "{text}");
        }
        let text = media_playlist(Timeline::new(10), None, |n| format!("{n}.mp3"));
        assert!(!text.contains("EXT-X-MAP") && text.contains("\n0.mp3\n"), "{text}");
    }

    #[test]
    fn lossless_segments_keep_their_own_clock() {
        let text =
            media_playlist(Timeline::lossless(200_000, 44_100), Some("i"), |n| n.to_string());
        assert!(text.contains("#EXTINF:3.808073,\n0\n#EXTINF:0.727075,\n1\n"), "{text}");
    }

    /// Reads the durations back as a player would.
    fn samples(playlist: &str) -> Vec<u64> {
        playlist
            .lines()
            .filter_map(|line| line.strip_prefix("#EXTINF:")?.strip_suffix(','))
            .map(|seconds| seconds.replace('.', "").parse::<u64>().unwrap())
            .map(|micros| (micros * u64::from(SAMPLE_RATE) + 500_000) / 1_000_000)
            .collect()
    }

    #[test]
    fn durations_name_every_sample() {
        for last in (1..=SEGMENT_SAMPLES).step_by(37) {
            let total = 3 * u64::from(SEGMENT_SAMPLES) + u64::from(last);
            let text = media_playlist(Timeline::new(total), Some("i"), |n| n.to_string());
            assert_eq!(samples(&text).iter().sum::<u64>(), total);
        }
    }

    #[test]
    fn no_text_becomes_a_line_of_its_own() {
        let hostile = "x\"\r\n#EXT-X-ENDLIST\r\n";
        let lines = |text: String| text.lines().count();
        let timeline = Timeline::new(10);
        let tame = lines(media_playlist(timeline, Some("i"), |_| "s".into()));
        assert_eq!(lines(media_playlist(timeline, Some(hostile), |_| hostile.into())), tame);
        let tame = lines(multivariant_playlist([variant(200, "a", "b")]));
        let text = multivariant_playlist([variant(200, hostile, hostile)]);
        assert_eq!(text.matches('"').count(), 4);
        assert_eq!(lines(text), tame);
    }

    #[test]
    fn an_empty_track_is_an_empty_list() {
        let text = media_playlist(Timeline::new(0), Some("i"), |n| n.to_string());
        assert!(!text.contains("EXTINF") && text.ends_with("#EXT-X-ENDLIST\n"));
    }
}
