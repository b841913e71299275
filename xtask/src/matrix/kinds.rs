//! What there is to decode: every codec and container at its rates, depths and channel layouts.
//!
//! Decides the table only. Never: how a file is made, or what is asked of it.

/// A rate in Hz and a layout by ffmpeg's name.
pub(super) type Shape = (u32, &'static str);

/// One way of storing sound.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) extension: &'static str,
    /// Options of ffmpeg.
    pub(super) options: &'static [&'static str],
    pub(super) shapes: &'static [&'static [Shape]],
}

/// What everything without loss is tried at.
const CORE: &[Shape] = &[
    (8_000, "mono"),
    (8_000, "stereo"),
    (8_000, "5.1"),
    (44_100, "mono"),
    (44_100, "stereo"),
    (44_100, "5.1"),
    (96_000, "mono"),
    (96_000, "stereo"),
    (96_000, "5.1"),
    (192_000, "mono"),
    (192_000, "stereo"),
    (192_000, "5.1"),
];
/// The rates between, for one kind of each codec.
const MORE_RATES: &[Shape] = &[
    (11_025, "stereo"),
    (16_000, "stereo"),
    (22_050, "stereo"),
    (32_000, "stereo"),
    (48_000, "stereo"),
    (88_200, "stereo"),
    (176_400, "stereo"),
];
const MORE_LAYOUTS: &[Shape] =
    &[(48_000, "3.0"), (48_000, "quad"), (48_000, "5.0"), (48_000, "6.1"), (48_000, "7.1")];
/// MPEG-1, 2 and 2.5.
const MP3: &[Shape] = &[
    (8_000, "mono"),
    (8_000, "stereo"),
    (11_025, "stereo"),
    (12_000, "mono"),
    (16_000, "stereo"),
    (22_050, "mono"),
    (24_000, "stereo"),
    (32_000, "stereo"),
    (44_100, "mono"),
    (44_100, "stereo"),
    (48_000, "stereo"),
];
const VORBIS: &[Shape] = &[
    (8_000, "mono"),
    (8_000, "stereo"),
    (16_000, "stereo"),
    (22_050, "mono"),
    (32_000, "stereo"),
    (44_100, "mono"),
    (44_100, "stereo"),
    (48_000, "5.1"),
    (96_000, "stereo"),
    (96_000, "5.1"),
    (192_000, "stereo"),
];
const OPUS: &[Shape] = &[(48_000, "mono"), (48_000, "stereo"), (48_000, "5.1")];
const AAC: &[Shape] = &[
    (8_000, "mono"),
    (16_000, "stereo"),
    (22_050, "stereo"),
    (44_100, "mono"),
    (44_100, "stereo"),
    (48_000, "stereo"),
    (96_000, "mono"),
    (96_000, "stereo"),
];

const fn kind(
    name: &'static str,
    extension: &'static str,
    options: &'static [&'static str],
    shapes: &'static [&'static [Shape]],
) -> Kind {
    Kind { name, extension, options, shapes }
}

/// Every kind.
pub(super) const KINDS: &[Kind] = &[
    kind("WAV, 8 bits", "wav", &["-c:a", "pcm_u8"], &[CORE]),
    kind("WAV, 16 bits", "wav", &["-c:a", "pcm_s16le"], &[CORE, MORE_RATES, MORE_LAYOUTS]),
    kind("WAV, 24 bits", "wav", &["-c:a", "pcm_s24le"], &[CORE]),
    kind("WAV, 32 bits", "wav", &["-c:a", "pcm_s32le"], &[CORE]),
    kind("WAV, floats", "wav", &["-c:a", "pcm_f32le"], &[CORE]),
    kind("WAV, doubles", "wav", &["-c:a", "pcm_f64le"], &[CORE]),
    kind("WAV, A-law", "wav", &["-c:a", "pcm_alaw"], &[&[(8_000, "mono"), (44_100, "stereo")]]),
    kind("WAV, mu-law", "wav", &["-c:a", "pcm_mulaw"], &[&[(8_000, "mono"), (44_100, "stereo")]]),
    kind("RF64, 24 bits", "wav", &["-c:a", "pcm_s24le", "-rf64", "always"], &[CORE]),
    kind("AIFF, 8 bits", "aiff", &["-c:a", "pcm_s8"], &[CORE]),
    kind("AIFF, 16 bits", "aiff", &["-c:a", "pcm_s16be"], &[CORE]),
    kind("AIFF, 24 bits", "aiff", &["-c:a", "pcm_s24be"], &[CORE]),
    kind("AIFF, 32 bits", "aiff", &["-c:a", "pcm_s32be"], &[CORE]),
    kind("AIFC, floats", "aiff", &["-c:a", "pcm_f32be"], &[CORE]),
    kind("AIFC, little-endian", "aiff", &["-c:a", "pcm_s16le"], &[CORE]),
    kind("FLAC, 16 bits", "flac", &["-sample_fmt", "s16"], &[CORE]),
    kind(
        "FLAC, 24 bits",
        "flac",
        &["-sample_fmt", "s32", "-bits_per_raw_sample", "24"],
        &[CORE, MORE_RATES, MORE_LAYOUTS],
    ),
    kind("FLAC in Ogg", "oga", &["-c:a", "flac", "-sample_fmt", "s16"], &[CORE]),
    kind("ALAC, 16 bits", "m4a", &["-c:a", "alac", "-sample_fmt", "s16p"], &[CORE, MORE_RATES]),
    kind("ALAC, 24 bits", "m4a", &["-c:a", "alac", "-sample_fmt", "s32p"], &[CORE]),
    kind("MP3, CBR", "mp3", &["-c:a", "libmp3lame", "-b:a", "64k"], &[MP3]),
    kind("MP3, VBR", "mp3", &["-c:a", "libmp3lame", "-q:a", "3"], &[MP3]),
    kind(
        "MP3, VBR, no header",
        "mp3",
        &["-c:a", "libmp3lame", "-q:a", "3", "-write_xing", "0"],
        &[MP3],
    ),
    kind(
        "MP3, CBR, no header",
        "mp3",
        &["-c:a", "libmp3lame", "-b:a", "64k", "-write_xing", "0", "-id3v2_version", "0"],
        &[MP3],
    ),
    kind("Vorbis", "ogg", &["-c:a", "libvorbis", "-q:a", "4"], &[VORBIS, MORE_LAYOUTS]),
    kind("Opus", "opus", &["-c:a", "libopus"], &[OPUS, MORE_LAYOUTS]),
    kind(
        "Opus, frames of 2.5 ms",
        "opus",
        &["-c:a", "libopus", "-frame_duration", "2.5", "-application", "lowdelay"],
        &[OPUS],
    ),
    kind("Opus, frames of 60 ms", "opus", &["-c:a", "libopus", "-frame_duration", "60"], &[OPUS]),
    kind("Opus in MP4", "mp4", &["-c:a", "libopus"], &[OPUS]),
    kind("AAC in M4A", "m4a", &["-c:a", "aac", "-aac_pns", "0"], &[AAC]),
    kind(
        "AAC in fragments",
        "m4a",
        &["-c:a", "aac", "-aac_pns", "0", "-movflags", "+frag_keyframe+empty_moov"],
        &[AAC],
    ),
    kind("AAC in ADTS", "aac", &["-c:a", "aac", "-aac_pns", "0"], &[AAC]),
];
