//! A media segment: `styp`, `moof` and `mdat`, with every size known beforehand.
//!
//! Packet size and duration stand once in `tfhd`. Only a segment whose last packet is short (the
//! end of a track) lists durations packet by packet, so that they sum to exactly its samples.

use bytes::Bytes;
use mp4_atom::{Encode as _, Mfhd, Moof, Styp, Tfdt, Tfhd, Traf, Trun, TrunEntry, TrunSamples};
use quicksync_model::{MediaTime, PACKET_SAMPLES};

use crate::{Fmp4Error, SYNC_SAMPLE, TRACK_ID};

/// Bytes of `styp` with its three brands.
const STYP_BYTES: u64 = 8 + 4 + 4 + 3 * 4;
/// Bytes of `moof` when every packet is whole: `mfhd` 16, `tfhd` 28, `tfdt` 20, `trun` 20 and two
/// container headers of 8.
const MOOF_BYTES: u64 = 8 + 16 + 8 + 28 + 20 + 20;
/// Bytes of the header of `mdat`.
pub(crate) const MDAT_HEADER_BYTES: u64 = 8;
/// What one listed duration adds to `trun`.
const DURATION_BYTES: u64 = 4;

/// One media segment before it is bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// Number of the segment, from 0.
    pub index: u64,
    /// Where its first sample is presented.
    pub start: MediaTime,
    /// Samples presented; a last packet that carries more is cut short by its duration.
    pub samples: u32,
    /// Bytes in each packet.
    pub packet_bytes: u32,
    /// The packets, one after another.
    pub packets: &'a [u8],
}

impl Segment<'_> {
    /// The segment as bytes, exactly [`segment_bytes`] long.
    ///
    /// # Errors
    /// [`Fmp4Error::PayloadSize`] if the packets do not fill the samples.
    pub fn to_bytes(&self) -> Result<Bytes, Fmp4Error> {
        let payload = payload_bytes(self.samples, self.packet_bytes);
        let (Ok(size), true) = (usize::try_from(payload), payload == self.packets.len() as u64)
        else {
            return Err(Fmp4Error::PayloadSize {
                samples: self.samples,
                expected: payload,
                got: self.packets.len() as u64,
            });
        };
        let mut bytes = Vec::with_capacity(size + 512 + 4 * 192);
        styp().encode(&mut bytes)?;
        self.moof().encode(&mut bytes)?;
        write_mdat(self.packets, &mut bytes)?;
        Ok(bytes.into())
    }

    fn moof(&self) -> Moof {
        // Sequence numbers count from 1 (ISO/IEC 14496-12 §8.8.5) and repeat on a seek back, so
        // they follow the segment and not the order of requests.
        let sequence_number = u32::try_from(self.index.saturating_add(1)).unwrap_or(u32::MAX);
        Moof { mfhd: Mfhd { sequence_number }, traf: vec![self.traf()] }
    }

    fn traf(&self) -> Traf {
        let data_offset = moof_bytes(self.samples) + MDAT_HEADER_BYTES;
        Traf {
            tfhd: Tfhd {
                track_id: TRACK_ID,
                default_sample_duration: Some(PACKET_SAMPLES),
                default_sample_size: Some(self.packet_bytes),
                default_sample_flags: Some(SYNC_SAMPLE),
                default_base_is_moof: true,
                ..Tfhd::default()
            },
            tfdt: Some(Tfdt { base_media_decode_time: self.start.samples() }),
            trun: vec![Trun {
                data_offset: i32::try_from(data_offset).ok(),
                samples: run(self.samples),
            }],
            ..Traf::default()
        }
    }
}

fn run(samples: u32) -> TrunSamples {
    let count = samples.div_ceil(PACKET_SAMPLES);
    if samples.is_multiple_of(PACKET_SAMPLES) {
        return TrunSamples::Inherited { count, first_flags: None };
    }
    let last = samples % PACKET_SAMPLES;
    (0..count)
        .map(|n| if n + 1 == count { last } else { PACKET_SAMPLES })
        .map(|duration| TrunEntry { duration: Some(duration), ..TrunEntry::default() })
        .collect::<Vec<_>>()
        .into()
}

/// The length of a segment of `samples` presented samples in packets of `packet_bytes`.
///
/// Arithmetic only: manifests and `Content-Length` state it before anything is encoded.
#[must_use]
pub fn segment_bytes(samples: u32, packet_bytes: u32) -> u64 {
    STYP_BYTES + moof_bytes(samples) + MDAT_HEADER_BYTES + payload_bytes(samples, packet_bytes)
}

fn moof_bytes(samples: u32) -> u64 {
    let listed = if samples.is_multiple_of(PACKET_SAMPLES) { 0 } else { packets(samples) };
    MOOF_BYTES + listed * DURATION_BYTES
}

fn payload_bytes(samples: u32, packet_bytes: u32) -> u64 {
    packets(samples) * u64::from(packet_bytes)
}

fn packets(samples: u32) -> u64 {
    u64::from(samples.div_ceil(PACKET_SAMPLES))
}

pub(crate) fn styp() -> Styp {
    Styp {
        major_brand: b"msdh".into(),
        minor_version: 0,
        compatible_brands: [b"msdh", b"msix", b"cmfs"].map(Into::into).into(),
    }
}

/// Writes `mdat` without the copy that [`mp4_atom::Mdat`] would own.
pub(crate) fn write_mdat(packets: &[u8], bytes: &mut Vec<u8>) -> Result<(), Fmp4Error> {
    let size = u32::try_from(packets.len() as u64 + MDAT_HEADER_BYTES)
        .map_err(|_| Fmp4Error::Box("a segment of 4 GiB".into()))?;
    bytes.extend_from_slice(&size.to_be_bytes());
    bytes.extend_from_slice(b"mdat");
    bytes.extend_from_slice(packets);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use mp4_atom::{Decode as _, Mdat};
    use quicksync_model::{Quality, SEGMENT_SAMPLES};

    const LENGTHS: [u32; 7] = [1, 959, 960, 961, 1920, SEGMENT_SAMPLES - 1, SEGMENT_SAMPLES];

    fn for_each_shape(mut check: impl FnMut(Segment<'_>)) {
        for quality in Quality::ALL {
            for samples in LENGTHS {
                let packet_bytes = quality.bitrate().packet_bytes();
                let size = usize::try_from(payload_bytes(samples, packet_bytes)).unwrap();
                let packets: Vec<u8> = (0..=255).cycle().take(size).collect();
                let start = MediaTime::from_samples(7 * u64::from(SEGMENT_SAMPLES));
                check(Segment { index: 7, start, samples, packet_bytes, packets: &packets });
            }
        }
    }

    #[test]
    fn reads_back_as_it_was_written() {
        for_each_shape(|segment| {
            let bytes = segment.to_bytes().unwrap();
            let mut rest = bytes.as_ref();
            assert_eq!(Styp::decode(&mut rest).unwrap(), styp());
            assert_eq!(Moof::decode(&mut rest).unwrap(), segment.moof());
            assert_eq!(Mdat::decode(&mut rest).unwrap().data, segment.packets);
            assert_eq!(rest, b"");
        });
    }

    #[test]
    fn the_run_points_at_the_first_packet() {
        for_each_shape(|segment| {
            let bytes = segment.to_bytes().unwrap();
            let styp = usize::try_from(STYP_BYTES).unwrap();
            let moof = Moof::decode(&mut &bytes[styp..]).unwrap();
            let offset = moof.traf[0].trun[0].data_offset.unwrap();
            assert_eq!(&bytes[styp + usize::try_from(offset).unwrap()..], segment.packets);
        });
    }

    #[test]
    fn durations_sum_to_the_samples_presented() {
        for_each_shape(|segment| {
            let run = segment.traf().trun.remove(0);
            let sum: u32 =
                run.samples.iter().map(|entry| entry.duration.unwrap_or(PACKET_SAMPLES)).sum();
            assert_eq!(sum, segment.samples);
        });
    }

    #[test]
    fn size_is_known_before_the_bytes() {
        for_each_shape(|segment| {
            let real = segment.to_bytes().unwrap().len() as u64;
            assert_eq!(real, segment_bytes(segment.samples, segment.packet_bytes), "{segment:?}");
        });
        assert_eq!(
            Quality::ALL.map(|q| segment_bytes(SEGMENT_SAMPLES, q.bitrate().packet_bytes())),
            [30_856, 61_576, 123_016, 153_736]
        );
    }

    #[test]
    fn packets_that_do_not_fill_the_samples_are_refused() {
        for (samples, got) in [(960, 159), (960, 161), (961, 160), (0, 1), (u32::MAX, 0)] {
            let packets = vec![0; got];
            let segment = Segment {
                index: 0,
                start: MediaTime::default(),
                samples,
                packet_bytes: 160,
                packets: &packets,
            };
            assert!(matches!(segment.to_bytes(), Err(Fmp4Error::PayloadSize { .. })), "{samples}");
        }
    }
}
