//! Folds any channel layout of up to eight channels down to stereo.
//!
//! Knows: speaker positions and their gains. Never: a decoder, time, state.
//!
//! # Model
//! ITU-R BS.775-3 table 2 (downward mix to 2/0): centre and surrounds enter at -3 dB, the rear
//! centre at -6 dB on both sides, the low-frequency channel is left out. Every gain is then divided
//! by the largest sum of one side, so that full scale in every channel is full scale in the mix.
//! Mono goes to both sides and stereo passes through, bit for bit.

use std::f32::consts::FRAC_1_SQRT_2;

use symphonia::core::audio::{Channels, Position};

/// More channels than this are refused.
pub(crate) const MAX_CHANNELS: usize = 8;

/// How loud one source channel is on each side.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Gain {
    left: f32,
    right: f32,
}

/// How the channels of a source become two.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Downmix {
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Mono,
    Stereo,
    Matrix(Vec<Gain>),
}

impl Downmix {
    /// The mix for a layout; `None` for no channels or more than [`MAX_CHANNELS`].
    pub(crate) fn new(channels: &Channels) -> Option<Self> {
        let kind = match channels.count() {
            1 => Kind::Mono,
            2 => Kind::Stereo,
            count @ 3..=MAX_CHANNELS => Kind::Matrix(normalised(gains(channels, count))),
            _ => return None,
        };
        Some(Self { kind })
    }

    /// Channels it takes.
    pub(crate) fn channels(&self) -> usize {
        match &self.kind {
            Kind::Mono => 1,
            Kind::Stereo => 2,
            Kind::Matrix(gains) => gains.len(),
        }
    }

    /// Writes the mix of whole interleaved `source` frames over interleaved stereo `target` frames,
    /// as many as both hold.
    pub(crate) fn mix(&self, source: &[f32], target: &mut [f32]) {
        match &self.kind {
            Kind::Mono => {
                for (pair, sample) in target.chunks_exact_mut(2).zip(source) {
                    pair.fill(*sample);
                }
            }
            Kind::Stereo => {
                let length = source.len().min(target.len());
                target[..length].copy_from_slice(&source[..length]);
            }
            Kind::Matrix(gains) => {
                let frames = source.chunks_exact(gains.len());
                for (pair, frame) in target.chunks_exact_mut(2).zip(frames) {
                    pair[0] = gains.iter().zip(frame).map(|(gain, s)| gain.left * s).sum();
                    pair[1] = gains.iter().zip(frame).map(|(gain, s)| gain.right * s).sum();
                }
            }
        }
    }
}

/// Interleaved frames as interleaved stereo, by the mix that decoding uses, where the channels are
/// in the usual order for so many. `None` for no channels or more than eight. For comparing with
/// other decoders.
#[must_use]
pub fn mix_to_stereo(frames: &[f32], channels: u16) -> Option<Vec<f32>> {
    let downmix = Downmix::new(&Channels::Discrete(channels))?;
    let mut stereo = vec![0.0; frames.len() / downmix.channels() * 2];
    downmix.mix(frames, &mut stereo);
    Some(stereo)
}

/// Gains before normalisation, in the order of the channels in a frame.
fn gains(channels: &Channels, count: usize) -> Vec<Gain> {
    match channels {
        Channels::Positioned(positions) => positions.iter().map(gain).collect(),
        // Without positions the order of the usual layout of that many channels is assumed.
        _ => usual_layout(count).iter().copied().map(gain).collect(),
    }
}

fn usual_layout(count: usize) -> &'static [Position] {
    type P = Position;
    match count {
        3 => &[P::FRONT_LEFT, P::FRONT_RIGHT, P::FRONT_CENTER],
        4 => &[P::FRONT_LEFT, P::FRONT_RIGHT, P::REAR_LEFT, P::REAR_RIGHT],
        5 => &[P::FRONT_LEFT, P::FRONT_RIGHT, P::FRONT_CENTER, P::REAR_LEFT, P::REAR_RIGHT],
        6 => {
            &[P::FRONT_LEFT, P::FRONT_RIGHT, P::FRONT_CENTER, P::LFE1, P::REAR_LEFT, P::REAR_RIGHT]
        }
        7 => &[
            P::FRONT_LEFT,
            P::FRONT_RIGHT,
            P::FRONT_CENTER,
            P::LFE1,
            P::REAR_CENTER,
            P::SIDE_LEFT,
            P::SIDE_RIGHT,
        ],
        _ => &[
            P::FRONT_LEFT,
            P::FRONT_RIGHT,
            P::FRONT_CENTER,
            P::LFE1,
            P::REAR_LEFT,
            P::REAR_RIGHT,
            P::SIDE_LEFT,
            P::SIDE_RIGHT,
        ],
    }
}

fn gain(position: Position) -> Gain {
    type P = Position;
    let (left, right) = match position {
        P::FRONT_LEFT | P::FRONT_LEFT_WIDE => (1.0, 0.0),
        P::FRONT_RIGHT | P::FRONT_RIGHT_WIDE => (0.0, 1.0),
        P::FRONT_CENTER => (FRAC_1_SQRT_2, FRAC_1_SQRT_2),
        P::LFE1 | P::LFE2 => (0.0, 0.0),
        P::REAR_LEFT
        | P::SIDE_LEFT
        | P::FRONT_LEFT_CENTER
        | P::TOP_FRONT_LEFT
        | P::TOP_REAR_LEFT
        | P::TOP_SIDE_LEFT
        | P::BOTTOM_FRONT_LEFT => (FRAC_1_SQRT_2, 0.0),
        P::REAR_RIGHT
        | P::SIDE_RIGHT
        | P::FRONT_RIGHT_CENTER
        | P::TOP_FRONT_RIGHT
        | P::TOP_REAR_RIGHT
        | P::TOP_SIDE_RIGHT
        | P::BOTTOM_FRONT_RIGHT => (0.0, FRAC_1_SQRT_2),
        // The rear centre, and whatever else has no side.
        _ => (0.5, 0.5),
    };
    Gain { left, right }
}

fn normalised(gains: Vec<Gain>) -> Vec<Gain> {
    let left: f32 = gains.iter().map(|gain| gain.left).sum();
    let right: f32 = gains.iter().map(|gain| gain.right).sum();
    let scale = left.max(right).max(1.0);
    gains
        .into_iter()
        .map(|gain| Gain { left: gain.left / scale, right: gain.right / scale })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use symphonia::core::audio::layouts;

    fn mix(channels: &Channels, frame: &[f32]) -> [f32; 2] {
        let mut pair = [9.0; 2];
        Downmix::new(channels).unwrap().mix(frame, &mut pair);
        pair
    }

    #[test]
    fn mono_and_stereo_pass_bit_for_bit() {
        let odd = f32::from_bits(0x3eaa_aaab);
        for (channels, frame, expected) in [
            (layouts::CHANNEL_LAYOUT_MONO, &[odd][..], [odd, odd]),
            (layouts::CHANNEL_LAYOUT_STEREO, &[odd, -odd], [odd, -odd]),
            (Channels::Discrete(2), &[odd, -0.0], [odd, -0.0]),
        ] {
            assert_eq!(mix(&channels, frame).map(f32::to_bits), expected.map(f32::to_bits));
        }
    }

    #[test]
    fn surround_follows_the_standard() {
        let scale = 1.0 + 2.0 * FRAC_1_SQRT_2;
        for (name, frame, left, right) in [
            ("left", [1.0, 0.0, 0.0, 0.0, 0.0, 0.0], 1.0, 0.0),
            ("right", [0.0, 1.0, 0.0, 0.0, 0.0, 0.0], 0.0, 1.0),
            ("centre", [0.0, 0.0, 1.0, 0.0, 0.0, 0.0], FRAC_1_SQRT_2, FRAC_1_SQRT_2),
            ("low frequencies", [0.0, 0.0, 0.0, 1.0, 0.0, 0.0], 0.0, 0.0),
            ("left surround", [0.0, 0.0, 0.0, 0.0, 1.0, 0.0], FRAC_1_SQRT_2, 0.0),
            ("right surround", [0.0, 0.0, 0.0, 0.0, 0.0, 1.0], 0.0, FRAC_1_SQRT_2),
        ] {
            for channels in [layouts::CHANNEL_LAYOUT_5P1, Channels::Discrete(6)] {
                let pair = mix(&channels, &frame);
                assert!((pair[0] * scale - left).abs() < 1e-6, "{name}: {pair:?}");
                assert!((pair[1] * scale - right).abs() < 1e-6, "{name}: {pair:?}");
            }
        }
    }

    #[test]
    fn full_scale_never_clips() {
        for count in 1..=8 {
            let pair = mix(&Channels::Discrete(count), &vec![1.0; usize::from(count)]);
            assert!(pair.iter().all(|sample| *sample <= 1.000_001), "{count}: {pair:?}");
        }
    }

    #[test]
    fn too_many_channels_are_refused() {
        assert_eq!(Downmix::new(&Channels::Discrete(9)), None);
        assert_eq!(Downmix::new(&Channels::None), None);
    }
}
