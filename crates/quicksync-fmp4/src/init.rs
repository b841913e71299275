//! The init segment: `ftyp` and `moov`; for Opus one for every rung of every track.
//!
//! It names no duration, no bitrate and no edit list: packets carry presentation time as they are
//! (`pre_skip` 0), so a player sees no configuration change when the rung changes.
//!
//! The container boxes are written child by child because ISO/IEC 14496-12 §6.3.4 recommends an
//! order (`smhd` before `stbl`, `trak` before `mvex`) that mp4-atom's own structs do not keep.

use bytes::Bytes;
use mp4_atom::{
    Atom as _, Audio, BufMut, Codec, Dinf, Dops, Dref, DrefEntry, Encode as _, Ftyp, Hdlr, Mdhd,
    Mdia, Minf, Moov, Mvex, Mvhd, Opus, Smhd, Stbl, Stco, Stsd, Tkhd, Trak, Trex, Url,
};
use quicksync_model::{PACKET_SAMPLES, SAMPLE_RATE};

use crate::{Fmp4Error, SYNC_SAMPLE, TRACK_ID};

/// Stereo, always: a mono source is doubled so that one init segment serves every track.
const CHANNELS: u8 = 2;

/// The init segment of every Opus rendition.
///
/// # Errors
/// [`Fmp4Error::Box`] if a box refuses its contents; the contents are constant, so it never does.
pub fn init_segment() -> Result<Bytes, Fmp4Error> {
    write_init(&Codec::Opus(sample_entry()), SAMPLE_RATE, PACKET_SAMPLES)
}

/// An init segment around one sample entry, with a clock of `timescale` ticks a second and packets
/// of `duration` ticks.
pub(crate) fn write_init(entry: &Codec, timescale: u32, duration: u32) -> Result<Bytes, Fmp4Error> {
    let mut bytes = Vec::with_capacity(768);
    ftyp().encode(&mut bytes)?;
    bytes.encode_atom(Moov::KIND, |buf| write_moov(buf, entry, timescale, duration))?;
    Ok(bytes.into())
}

fn ftyp() -> Ftyp {
    Ftyp {
        major_brand: b"iso6".into(),
        minor_version: 0,
        compatible_brands: [b"iso6", b"cmfc", b"mp41"].map(Into::into).into(),
    }
}

fn write_moov(
    buf: &mut Vec<u8>,
    entry: &Codec,
    timescale: u32,
    duration: u32,
) -> mp4_atom::Result<()> {
    mvhd(timescale).encode(buf)?;
    buf.encode_atom(Trak::KIND, |buf| {
        tkhd().encode(buf)?;
        buf.encode_atom(Mdia::KIND, |buf| {
            mdhd(timescale).encode(buf)?;
            hdlr().encode(buf)?;
            buf.encode_atom(Minf::KIND, |buf| {
                Smhd::default().encode(buf)?;
                dinf().encode(buf)?;
                stbl(entry).encode(buf)
            })
        })
    })?;
    mvex(duration).encode(buf)
}

fn mvhd(timescale: u32) -> Mvhd {
    Mvhd {
        timescale,
        next_track_id: TRACK_ID + 1,
        rate: 1.into(),
        volume: 1.into(),
        ..Mvhd::default()
    }
}

fn tkhd() -> Tkhd {
    Tkhd { track_id: TRACK_ID, enabled: true, in_movie: true, volume: 1.into(), ..Tkhd::default() }
}

fn mdhd(timescale: u32) -> Mdhd {
    Mdhd { timescale, language: "und".into(), ..Mdhd::default() }
}

fn hdlr() -> Hdlr {
    Hdlr { handler: b"soun".into(), name: "SoundHandler".into() }
}

fn dinf() -> Dinf {
    // An empty location means: the media is in this file.
    Dinf { dref: Dref { entries: vec![DrefEntry::Url(Url { location: String::new() })] } }
}

fn stbl(entry: &Codec) -> Stbl {
    Stbl {
        stsd: Stsd { codecs: vec![entry.clone()] },
        stco: Some(Stco { entries: Vec::new() }),
        ..Stbl::default()
    }
}

fn sample_entry() -> Opus {
    let sample_rate = u16::try_from(SAMPLE_RATE).map_or_else(|_| 0.into(), Into::into);
    Opus {
        audio: Audio {
            data_reference_index: 1,
            channel_count: CHANNELS.into(),
            sample_size: 16,
            sample_rate,
        },
        dops: Dops {
            output_channel_count: CHANNELS,
            pre_skip: 0,
            input_sample_rate: SAMPLE_RATE,
            output_gain: 0,
            channel_mapping: None,
        },
        btrt: None,
    }
}

fn mvex(duration: u32) -> Mvex {
    Mvex {
        mehd: None,
        trex: vec![Trex {
            track_id: TRACK_ID,
            default_sample_description_index: 1,
            default_sample_duration: duration,
            default_sample_size: 0,
            default_sample_flags: SYNC_SAMPLE,
        }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use mp4_atom::Decode as _;

    #[test]
    fn reads_back_as_it_was_written() {
        let bytes = init_segment().unwrap();
        let mut rest = bytes.as_ref();
        assert_eq!(Ftyp::decode(&mut rest).unwrap(), ftyp());
        let moov = Moov::decode(&mut rest).unwrap();
        assert_eq!(rest, b"");
        assert_eq!((moov.mvhd, moov.mvex), (mvhd(SAMPLE_RATE), Some(mvex(PACKET_SAMPLES))));
        let [trak] = &moov.trak[..] else { panic!("one trak, not {}", moov.trak.len()) };
        assert_eq!((&trak.tkhd, &trak.edts), (&tkhd(), &None));
        assert_eq!((&trak.mdia.mdhd, &trak.mdia.hdlr), (&mdhd(SAMPLE_RATE), &hdlr()));
        assert_eq!(trak.mdia.minf.smhd, Some(Smhd::default()));
        assert_eq!(
            (&trak.mdia.minf.dinf, &trak.mdia.minf.stbl),
            (&dinf(), &stbl(&Codec::Opus(sample_entry())))
        );
    }

    /// A player may hold an init segment for months: every byte that changes is a new format.
    #[test]
    fn bytes_never_change() {
        let bytes = init_segment().unwrap();
        let hex: String = bytes.chunks(16).fold(String::new(), |mut text, row| {
            text.extend(row.iter().map(|byte| format!("{byte:02x}")));
            text + "\n"
        });
        expect![[r#"
            0000001c6674797069736f3600000000
            69736f36636d66636d70343100000248
            6d6f6f76000000786d76686401000000
            00000000000000000000000000000000
            0000bb80000000000000000000010000
            01000000000000000000000000010000
            00000000000000000000000000010000
            00000000000000000000000040000000
            00000000000000000000000000000000
            000000000000000000000002000001a0
            7472616b00000068746b686401000007
            00000000000000000000000000000000
            00000001000000000000000000000000
            00000000000000000000000001000000
            00010000000000000000000000000000
            00010000000000000000000000000000
            40000000000000000000000000000130
            6d6469610000002c6d64686401000000
            00000000000000000000000000000000
            0000bb80000000000000000055c40000
            0000002d68646c720000000000000000
            736f756e000000000000000000000000
            536f756e6448616e646c657200000000
            cf6d696e6600000010736d6864000000
            00000000000000002464696e66000000
            1c647265660000000000000001000000
            0c75726c200000000100000093737462
            6c000000477374736400000000000000
            01000000374f70757300000000000000
            01000000000000000000020010000000
            00bb80000000000013644f7073000200
            000000bb800000000000001073747473
            00000000000000000000001073747363
            0000000000000000000000147374737a
            00000000000000000000000000000010
            7374636f000000000000000000000028
            6d766578000000207472657800000000
            0000000100000001000003c000000000
            02000000
        "#]]
        .assert_eq(&hex);
    }
}
