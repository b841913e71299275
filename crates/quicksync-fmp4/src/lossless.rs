//! FLAC in MP4 ("Encapsulation of FLAC in ISO Base Media File Format"): init segments that name
//! rate, channels and depth, and media segments whose frames differ in size.

use bytes::Bytes;
use mp4_atom::{
    Audio, Codec, Dfla, Encode as _, Flac, FlacMetadataBlock, Mfhd, Moof, Tfdt, Tfhd, Traf, Trun,
    TrunEntry,
};

use crate::init::write_init;
use crate::segment::{MDAT_HEADER_BYTES, styp, write_mdat};
use crate::{Fmp4Error, SYNC_SAMPLE, TRACK_ID};

/// What a decoder of FLAC must know before the first frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlacFormat {
    /// Hz: the source's own.
    pub sample_rate: u32,
    /// 1 to 8.
    pub channels: u8,
    /// 4 to 24.
    pub bits_per_sample: u8,
    /// Samples in each frame but the last.
    pub frame_samples: u16,
    /// Samples in all.
    pub samples: u64,
}

/// The init segment of a FLAC rendition. Its clock ticks once a sample.
///
/// # Errors
/// [`Fmp4Error::Box`] if a box refuses its contents.
pub fn lossless_init_segment(format: FlacFormat) -> Result<Bytes, Fmp4Error> {
    // The field holds 16 bits: a greater rate is halved until it fits (§3.3.1 of that document);
    // decoders read the true one in the stream information.
    let mut stated = format.sample_rate;
    while stated > u32::from(u16::MAX) {
        stated /= 2;
    }
    let entry = Flac {
        audio: Audio {
            data_reference_index: 1,
            channel_count: format.channels.into(),
            sample_size: format.bits_per_sample.into(),
            sample_rate: u16::try_from(stated).map_or_else(|_| 0.into(), Into::into),
        },
        dfla: Dfla { blocks: vec![stream_info(format)?] },
    };
    write_init(&Codec::Flac(entry), format.sample_rate, format.frame_samples.into())
}

fn stream_info(format: FlacFormat) -> Result<FlacMetadataBlock, Fmp4Error> {
    let unknown = || mp4_atom::u24::try_from(0).map_err(|_| Fmp4Error::Box("zero".into()));
    Ok(FlacMetadataBlock::StreamInfo {
        minimum_block_size: format.frame_samples,
        maximum_block_size: format.frame_samples,
        minimum_frame_size: unknown()?,
        maximum_frame_size: unknown()?,
        sample_rate: format.sample_rate,
        num_channels_minus_one: format.channels.saturating_sub(1),
        bits_per_sample_minus_one: format.bits_per_sample.saturating_sub(1),
        // 36 bits; beyond that, unknown.
        number_of_interchannel_samples: if format.samples >> 36 == 0 { format.samples } else { 0 },
        md5_checksum: vec![0; 16],
    })
}

/// One media segment whose packets each have a size of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedSegment<'a> {
    /// Number of the segment, from 0.
    pub index: u64,
    /// Where its first sample is presented, in ticks of the rendition's clock.
    pub start: u64,
    /// Samples presented; the last packet may be short.
    pub samples: u32,
    /// Samples in each packet but the last.
    pub packet_samples: u32,
    /// Bytes in each packet.
    pub sizes: &'a [u32],
    /// The packets, one after another.
    pub packets: &'a [u8],
}

impl ListedSegment<'_> {
    /// The segment as bytes.
    ///
    /// # Errors
    /// [`Fmp4Error::PacketCount`] if the packets are not as many as they must be,
    /// [`Fmp4Error::PayloadSize`] if they are not as large as is said of them.
    pub fn to_bytes(&self) -> Result<Bytes, Fmp4Error> {
        let (samples, got) = (self.samples, self.sizes.len() as u64);
        let expected = u64::from(samples.div_ceil(self.packet_samples.max(1)));
        if expected != got {
            return Err(Fmp4Error::PacketCount { samples, expected, got });
        }
        let (expected, got) =
            (self.sizes.iter().copied().map(u64::from).sum(), self.packets.len() as u64);
        if expected != got {
            return Err(Fmp4Error::PayloadSize { samples, expected, got });
        }
        let mut moof = Vec::new();
        self.moof(0).encode(&mut moof)?;
        let data_offset = i32::try_from(moof.len() as u64 + MDAT_HEADER_BYTES)
            .map_err(|_| Fmp4Error::Box("a segment of 2 GiB".into()))?;
        let mut bytes = Vec::with_capacity(moof.len() + self.packets.len() + 64);
        styp().encode(&mut bytes)?;
        self.moof(data_offset).encode(&mut bytes)?;
        write_mdat(self.packets, &mut bytes)?;
        Ok(bytes.into())
    }

    fn moof(&self, data_offset: i32) -> Moof {
        let sequence_number = u32::try_from(self.index.saturating_add(1)).unwrap_or(u32::MAX);
        let short = self.samples % self.packet_samples.max(1);
        let last = self.sizes.len().saturating_sub(1);
        // Durations are listed only where the last one differs; then all of them are.
        let duration = |n: usize| match short {
            0 => None,
            short => Some(if n == last { short } else { self.packet_samples }),
        };
        let entries = self.sizes.iter().enumerate().map(|(n, size)| TrunEntry {
            duration: duration(n),
            size: Some(*size),
            ..TrunEntry::default()
        });
        let traf = Traf {
            tfhd: Tfhd {
                track_id: TRACK_ID,
                default_sample_duration: Some(self.packet_samples),
                default_sample_flags: Some(SYNC_SAMPLE),
                default_base_is_moof: true,
                ..Tfhd::default()
            },
            tfdt: Some(Tfdt { base_media_decode_time: self.start }),
            trun: vec![Trun {
                data_offset: Some(data_offset),
                samples: entries.collect::<Vec<_>>().into(),
            }],
            ..Traf::default()
        };
        Moof { mfhd: Mfhd { sequence_number }, traf: vec![traf] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mp4_atom::{Atom as _, Decode as _, Ftyp, Mdat, Moov, Styp};

    #[test]
    fn the_init_segment_says_what_the_source_is() {
        for (sample_rate, stated) in [(44_100, 44_100), (96_000, 48_000), (192_000, 48_000)] {
            let format = FlacFormat {
                sample_rate,
                channels: 2,
                bits_per_sample: 24,
                frame_samples: 4096,
                samples: 12_345_678,
            };
            let bytes = lossless_init_segment(format).unwrap();
            let mut rest = bytes.as_ref();
            Ftyp::decode(&mut rest).unwrap();
            let moov = Moov::decode(&mut rest).unwrap();
            let mdia = &moov.trak[0].mdia;
            assert_eq!((moov.mvhd.timescale, mdia.mdhd.timescale), (sample_rate, sample_rate));
            let Codec::Flac(entry) = &mdia.minf.stbl.stsd.codecs[0] else { panic!("no FLAC") };
            assert_eq!(entry.audio.sample_rate, u16::try_from(stated).unwrap().into());
            assert_eq!(entry.dfla.blocks, [stream_info(format).unwrap()]);
        }
    }

    #[test]
    fn sizes_and_durations_are_those_given() {
        for (samples, sizes) in [(8192, &[5, 9][..]), (4097, &[5, 9]), (1, &[3])] {
            let packets = vec![7; sizes.iter().sum::<u32>() as usize];
            let segment = ListedSegment {
                index: 3,
                start: 1_000_000,
                samples,
                packet_samples: 4096,
                sizes,
                packets: &packets,
            };
            let bytes = segment.to_bytes().unwrap();
            let mut rest = bytes.as_ref();
            Styp::decode(&mut rest).unwrap();
            let before = rest.len();
            let moof = Moof::decode(&mut rest).unwrap();
            let offset = before - rest.len() + 8;
            let run = &moof.traf[0].trun[0];
            assert_eq!(run.data_offset, Some(i32::try_from(offset).unwrap()));
            let found: Vec<_> = run.samples.iter().map(|entry| entry.size.unwrap()).collect();
            assert_eq!(found, sizes);
            let durations = run.samples.iter().map(|entry| entry.duration.unwrap_or(4096));
            assert_eq!(durations.sum::<u32>(), samples);
            assert_eq!(Mdat::decode(&mut rest).unwrap().data, packets);
            assert_eq!(Mdat::KIND, b"mdat".into());
            let wrong = ListedSegment { packets: &packets[1..], ..segment };
            assert!(matches!(wrong.to_bytes(), Err(Fmp4Error::PayloadSize { .. })));
            let wrong = ListedSegment { samples: samples + 4096, ..segment };
            let (expected, got) = (sizes.len() as u64 + 1, sizes.len() as u64);
            let said = Fmp4Error::PacketCount { samples: samples + 4096, expected, got };
            assert_eq!(wrong.to_bytes(), Err(said));
        }
    }
}
