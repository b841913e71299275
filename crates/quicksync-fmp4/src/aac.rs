//! AAC-LC in MP4 (ISO/IEC 14496-14): the init segment. Media segments list their packets' sizes.

use bytes::Bytes;
use mp4_atom::{Audio, Codec, Esds, Mp4a, esds};
use quicksync_model::SAMPLE_RATE;

use crate::Fmp4Error;
use crate::init::write_init;

/// Samples in one packet.
const PACKET_SAMPLES: u32 = 1024;

/// The init segment of every AAC rendition: low complexity, stereo, 48 kHz, whatever the rate.
///
/// # Errors
/// [`Fmp4Error::Box`] if a box refuses its contents; the contents are constant, so it never does.
pub fn aac_init_segment() -> Result<Bytes, Fmp4Error> {
    let zero = mp4_atom::u24::try_from(0).map_err(|_| Fmp4Error::Box("zero".into()))?;
    let config = esds::DecoderConfig {
        // MPEG-4 audio, an audio stream; rates vary from rung to rung and are not stated.
        object_type_indication: 0x40,
        stream_type: 5,
        up_stream: 0,
        buffer_size_db: zero,
        max_bitrate: 0,
        avg_bitrate: 0,
        // Object type 2, rate index 3, two channels: the configuration 0x1190.
        dec_specific: Some(esds::DecoderSpecific {
            profile: 2,
            freq_index: 3,
            chan_conf: 2,
            raw: vec![0x11, 0x90],
        }),
    };
    let es_desc = esds::EsDescriptor {
        es_id: 1,
        depends_on_es_id: None,
        url: None,
        ocr_es_id: None,
        stream_priority: 0,
        dec_config: config,
        sl_config: esds::SLConfig {},
    };
    let entry = Mp4a {
        audio: Audio {
            data_reference_index: 1,
            channel_count: 2,
            sample_size: 16,
            sample_rate: u16::try_from(SAMPLE_RATE).map_or_else(|_| 0.into(), Into::into),
        },
        esds: Esds { es_desc },
        btrt: None,
        taic: None,
    };
    write_init(&Codec::Mp4a(entry), SAMPLE_RATE, PACKET_SAMPLES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mp4_atom::{Decode as _, Ftyp, Moov};

    #[test]
    fn reads_back_as_low_complexity_stereo() {
        let bytes = aac_init_segment().unwrap();
        let mut rest = bytes.as_ref();
        Ftyp::decode(&mut rest).unwrap();
        let moov = Moov::decode(&mut rest).unwrap();
        let Codec::Mp4a(entry) = &moov.trak[0].mdia.minf.stbl.stsd.codecs[0] else {
            panic!("no AAC")
        };
        let config = entry.esds.es_desc.dec_config.dec_specific.as_ref().unwrap();
        assert_eq!((config.profile, config.freq_index, config.chan_conf), (2, 3, 2));
    }
}
