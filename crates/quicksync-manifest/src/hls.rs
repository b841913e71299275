//! HLS playlists (RFC 8216): one list of variants, and one list of segments for each.

use std::fmt::Write as _;

use quicksync_model::{MediaTime, SAMPLE_RATE, SEGMENT_SAMPLES, Timeline};

use crate::escape::{quoted, uri};
use crate::{Bandwidth, OPUS};

/// fMP4 with `EXT-X-MAP` outside I-frame playlists needs version 6, its common reading 7.
const VERSION: u32 = 7;

/// The longest `EXTINF`, rounded to the nearest second (RFC 8216 §4.3.3.1).
pub(crate) const TARGET_DURATION_S: u32 = (SEGMENT_SAMPLES + SAMPLE_RATE / 2) / SAMPLE_RATE;

/// One rung as a multivariant playlist lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// What it costs.
    pub bandwidth: Bandwidth,
    /// What it is called.
    pub name: String,
    /// Where its media playlist is, relative to this one or absolute.
    pub uri: String,
}

/// The playlist of variants, lowest bandwidth first whatever their order: players start with the
/// first, and a first rung that is too high stalls.
#[must_use]
pub fn multivariant_playlist(variants: impl IntoIterator<Item = Variant>) -> String {
    let mut variants: Vec<_> = variants.into_iter().collect();
    variants.sort_by_key(|variant| variant.bandwidth.peak_bps);
    let mut text = header();
    for Variant { bandwidth, name, uri: playlist } in variants {
        let Bandwidth { peak_bps, average_bps } = bandwidth;
        let _ = write!(
            text,
            "#EXT-X-STREAM-INF:BANDWIDTH={peak_bps},AVERAGE-BANDWIDTH={average_bps},\
             CODECS=\"{OPUS}\",NAME=\"{}\"\n{}\n",
            quoted(&name),
            uri(&playlist),
        );
    }
    text
}

/// The playlist of one rung's segments, complete from the first to the last.
///
/// Durations are exact to the sample: six decimals are closer than half a sample, and only the
/// last segment needs them, so nothing adds up.
#[must_use]
pub fn media_playlist(
    timeline: Timeline,
    init_uri: &str,
    segment_uri: impl Fn(u64) -> String,
) -> String {
    let mut text = header();
    let _ = write!(
        text,
        "#EXT-X-TARGETDURATION:{TARGET_DURATION_S}\n\
         #EXT-X-MEDIA-SEQUENCE:0\n\
         #EXT-X-PLAYLIST-TYPE:VOD\n\
         #EXT-X-MAP:URI=\"{}\"\n",
        uri(init_uri),
    );
    for index in 0..timeline.segments() {
        let samples = timeline.segment_samples(index).map_or(0, u64::from);
        let seconds = MediaTime::from_samples(samples).seconds();
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
        Variant { bandwidth, name: name.into(), uri: uri.into() }
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
        .assert_eq(&media_playlist(Timeline::new(2 * 184_320 + 1), "init.mp4", |n| {
            format!("{n}.m4s")
        }));
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
            let text = media_playlist(Timeline::new(total), "i", |n| n.to_string());
            assert_eq!(samples(&text).iter().sum::<u64>(), total);
        }
    }

    #[test]
    fn no_text_becomes_a_line_of_its_own() {
        let hostile = "x\"\r\n#EXT-X-ENDLIST\r\n";
        let lines = |text: String| text.lines().count();
        let timeline = Timeline::new(10);
        let tame = lines(media_playlist(timeline, "i", |_| "s".into()));
        assert_eq!(lines(media_playlist(timeline, hostile, |_| hostile.into())), tame);
        let tame = lines(multivariant_playlist([variant(200, "a", "b")]));
        let text = multivariant_playlist([variant(200, hostile, hostile)]);
        assert_eq!(text.matches('"').count(), 4);
        assert_eq!(lines(text), tame);
    }

    #[test]
    fn an_empty_track_is_an_empty_list() {
        let text = media_playlist(Timeline::new(0), "i", |n| n.to_string());
        assert!(!text.contains("EXTINF") && text.ends_with("#EXT-X-ENDLIST\n"));
    }
}
