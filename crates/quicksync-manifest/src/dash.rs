//! A DASH MPD (ISO/IEC 23009-1): one period, and for each codec a set of rungs a player may switch
//! between.

use std::fmt::Write as _;

use quicksync_model::{Codec, MediaTime, SEGMENT_SAMPLES, Timeline};

use crate::codecs;
use crate::escape::{uri, xml};

/// What stands for the segment's number in [`Representation::segment_uri`].
const PLACEHOLDER: &str = "{n}";

/// A whole presentation: what its sets hold in common is the music. The first set is what a player
/// takes that has no reason to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mpd {
    /// The sets, one for each codec. MP3 has no place here: its segments are no MP4.
    pub sets: Vec<AdaptationSet>,
}

/// The rungs of one codec; a player switches between them, and not to another set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdaptationSet {
    /// What they are encoded in.
    pub codec: Codec,
    /// Channels of every rung.
    pub channels: u32,
    /// Where the segments lie.
    pub timeline: Timeline,
    /// Where the init segment of every rung is.
    pub init_uri: String,
    /// The rungs, lowest first.
    pub representations: Vec<Representation>,
}

/// One rung.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Representation {
    /// Its name, unique among the rungs.
    pub id: String,
    /// The rate that never stalls it.
    pub bandwidth_bps: u64,
    /// Where its segments are: a URI with `{n}` for the number, counted from 0.
    pub segment_uri: String,
}

/// The MPD as text.
///
/// `tfdt` counts from 0, so there is no presentation offset, and segment `n` starts at `n` whole
/// segments. A timeline states how many segments there are and how long the last is;
/// a bare `duration` would leave both to a division, which ffmpeg gets wrong by one request.
#[must_use]
pub fn mpd(mpd: &Mpd) -> String {
    let seconds = mpd.sets.first().map_or(0.0, |set| set.timeline.seconds(set.timeline.samples()));
    let mut text = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" type="static" mediaPresentationDuration="PT{seconds:.6}S" minBufferTime="PT{:.2}S">
  <Period id="0" start="PT0S" duration="PT{seconds:.6}S">
"#,
        MediaTime::from_samples(SEGMENT_SAMPLES.into()).seconds(),
    );
    for (id, set) in mpd.sets.iter().enumerate() {
        write_set(&mut text, id, set);
    }
    text.push_str("  </Period>\n</MPD>\n");
    text
}

fn write_set(text: &mut String, id: usize, set: &AdaptationSet) {
    let rate = set.timeline.rate();
    let _ = write!(
        text,
        r#"    <AdaptationSet id="{id}" contentType="audio" mimeType="audio/mp4" codecs="{}" audioSamplingRate="{rate}" segmentAlignment="true" startWithSAP="1">
      <AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="{}"/>
"#,
        codecs(set.codec),
        set.channels,
    );
    let segments = segment_timeline(set.timeline);
    for representation in &set.representations {
        let _ = write!(
            text,
            r#"      <Representation id="{}" bandwidth="{}">
        <SegmentTemplate timescale="{rate}" startNumber="0" initialization="{}" media="{}">
          <SegmentTimeline>{segments}</SegmentTimeline>
        </SegmentTemplate>
      </Representation>
"#,
            xml(&representation.id),
            representation.bandwidth_bps,
            template(&set.init_uri),
            media_template(&representation.segment_uri),
        );
    }
    text.push_str("    </AdaptationSet>\n");
}

/// All full segments as one repeated entry, and the last if it is short.
fn segment_timeline(timeline: Timeline) -> String {
    let segment = u64::from(timeline.full_segment());
    let full = timeline.samples() / segment;
    let short = timeline.samples() % segment;
    let mut text = String::new();
    if let Some(repeats) = full.checked_sub(1) {
        let _ = write!(text, r#"<S t="0" d="{segment}" r="{repeats}"/>"#);
    }
    if short > 0 {
        let start = full * segment;
        let _ = write!(text, r#"<S t="{start}" d="{short}"/>"#);
    }
    text
}

/// A URI as DASH reads it: `$` begins an identifier, so a plain one is doubled (§5.3.9.4.4).
fn template(text: &str) -> String {
    xml(&uri(text).replace('$', "$$"))
}

fn media_template(text: &str) -> String {
    let parts: Vec<_> = text.split(PLACEHOLDER).map(template).collect();
    parts.join("$Number$")
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    fn one(init_uri: &str, segment_uri: &str) -> Mpd {
        Mpd { sets: vec![set(init_uri, segment_uri)] }
    }

    fn set(init_uri: &str, segment_uri: &str) -> AdaptationSet {
        AdaptationSet {
            codec: Codec::Opus,
            channels: 2,
            timeline: Timeline::new(200_000),
            init_uri: init_uri.into(),
            representations: vec![Representation {
                id: "high".into(),
                bandwidth_bps: 256_283,
                segment_uri: segment_uri.into(),
            }],
        }
    }

    #[test]
    fn says_what_a_player_needs() {
        expect![[r#"
            <?xml version="1.0" encoding="UTF-8"?>
            <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011" type="static" mediaPresentationDuration="PT4.166667S" minBufferTime="PT3.84S">
              <Period id="0" start="PT0S" duration="PT4.166667S">
                <AdaptationSet id="0" contentType="audio" mimeType="audio/mp4" codecs="Opus" audioSamplingRate="48000" segmentAlignment="true" startWithSAP="1">
                  <AudioChannelConfiguration schemeIdUri="urn:mpeg:dash:23003:3:audio_channel_configuration:2011" value="2"/>
                  <Representation id="high" bandwidth="256283">
                    <SegmentTemplate timescale="48000" startNumber="0" initialization="init.mp4?t=1&amp;u=2" media="high/$Number$.m4s?t=1&amp;u=2">
                      <SegmentTimeline><S t="0" d="184320" r="0"/><S t="184320" d="15680"/></SegmentTimeline>
                    </SegmentTemplate>
                  </Representation>
                </AdaptationSet>
              </Period>
            </MPD>
        "#]]
        .assert_eq(&mpd(&one("init.mp4?t=1&u=2", "high/{n}.m4s?t=1&u=2")));
    }

    #[test]
    fn a_lossless_set_stands_beside_with_its_own_clock() {
        let lossless = AdaptationSet {
            codec: Codec::Flac,
            channels: 1,
            timeline: Timeline::lossless(400_000, 96_000),
            ..set("f.mp4", "f/{n}.m4s")
        };
        let text = mpd(&Mpd { sets: vec![set("i", "s"), lossless] });
        for part in [
            r#"<AdaptationSet id="1" contentType="audio" mimeType="audio/mp4" codecs="fLaC" audioSamplingRate="96000""#,
            r#"audio_channel_configuration:2011" value="1""#,
            r#"<SegmentTemplate timescale="96000""#,
            r#"<S t="0" d="368640" r="0"/><S t="368640" d="31360"/>"#,
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert_eq!(text.matches("<AdaptationSet").count(), 2);
    }

    #[test]
    fn the_timeline_ends_where_the_track_does() {
        for (samples, expected) in [
            (0, ""),
            (5, r#"<S t="0" d="5"/>"#),
            (184_320, r#"<S t="0" d="184320" r="0"/>"#),
            (553_000, r#"<S t="0" d="184320" r="2"/><S t="552960" d="40"/>"#),
        ] {
            assert_eq!(segment_timeline(Timeline::new(samples)), expected);
        }
    }

    #[test]
    fn hostile_text_adds_neither_elements_nor_identifiers() {
        let tame = mpd(&one("i", "s"));
        let mut hostile = one("\"/><Evil a='$Time$'>", "$RepresentationID$\"><x>");
        hostile.sets[0].representations[0].id = "\"><y z='".into();
        let text = mpd(&hostile);
        for mark in ["<", ">", "\""] {
            assert_eq!(text.matches(mark).count(), tame.matches(mark).count(), "{mark}");
        }
        assert!(text.contains("$$Time$$") && text.contains("$$RepresentationID$$"));
    }
}
