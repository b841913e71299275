//! The instruments: each adds one note to a stereo mix.

use super::flac::Frame;
use super::wave::{Noise, decay, hertz, sine};

/// A piece while it is made.
pub(super) struct Mix {
    rate: f64,
    frames: Vec<[f64; 2]>,
}

/// One note: when, how long, how loud and where from.
#[derive(Clone, Copy)]
pub(super) struct Note {
    /// Seconds from the start of the piece.
    pub(super) at: f64,
    /// Seconds it sounds.
    pub(super) length: f64,
    /// Key, 69 being the A at 440 Hz.
    pub(super) key: i32,
    /// Peak, about.
    pub(super) gain: f64,
    /// -1 left, 1 right.
    pub(super) pan: f64,
}

impl Mix {
    /// Silence.
    pub(super) fn new(rate: u32, seconds: f64) -> Self {
        let rate = f64::from(rate);
        Self { rate, frames: vec![[0.0; 2]; whole(seconds * rate)] }
    }

    fn add(&mut self, note: Note, mut next: impl FnMut(usize) -> f64) {
        let start = whole(note.at * self.rate).min(self.frames.len());
        let end = whole((note.at + note.length) * self.rate).min(self.frames.len());
        let sides = [(1.0 - note.pan) * 0.5, (1.0 + note.pan) * 0.5].map(f64::sqrt);
        for (index, frame) in self.frames[start..end].iter_mut().enumerate() {
            let level = next(index) * note.gain;
            frame[0] += level * sides[0];
            frame[1] += level * sides[1];
        }
    }

    /// A plucked string: noise in a loop that loses its high tones (Karplus and Strong, 1983).
    pub(super) fn pluck(&mut self, note: Note, noise: &mut Noise) {
        let length = whole(self.rate / hertz(note.key)).max(2);
        let mut string: Vec<f64> = (0..length).map(|_| noise.level()).collect();
        let mut at = 0;
        self.add(note, |_| {
            let next = (at + 1) % length;
            let sounding = string[at];
            string[at] = (string[at] + string[next]) * 0.498;
            at = next;
            sounding
        });
    }

    /// A soft chord tone: three detuned voices of four partials that swell and fade.
    pub(super) fn pad(&mut self, note: Note) {
        let pitch = hertz(note.key);
        let rate = self.rate;
        let samples = note.length * rate;
        self.add(note, |index| {
            let at = float(index);
            let swell =
                (at / (0.3 * samples)).min((samples - at) / (0.4 * samples)).clamp(0.0, 1.0);
            let tone: f64 = [0.9975, 1.0, 1.003]
                .iter()
                .map(|detune| {
                    let turns = at * pitch * detune / rate;
                    sine(turns) + 0.4 * sine(turns * 2.0) + 0.15 * sine(turns * 3.0)
                })
                .sum();
            tone * swell / 3.0
        });
    }

    /// A low tone with one overtone.
    pub(super) fn bass(&mut self, note: Note) {
        let step = hertz(note.key) / self.rate;
        let fall = decay(0.35, self.rate);
        let mut level = 1.0;
        self.add(note, |index| {
            level *= fall;
            let turns = float(index) * step;
            let attack = (float(index) / 200.0).min(1.0);
            (sine(turns) + 0.3 * sine(turns * 2.0)) * level * attack
        });
    }

    /// A struck bar: two partials that no string has.
    pub(super) fn bell(&mut self, note: Note) {
        let step = hertz(note.key) / self.rate;
        let falls = [decay(0.5, self.rate), decay(0.12, self.rate)];
        let mut levels = [1.0, 0.6];
        self.add(note, |index| {
            levels = [levels[0] * falls[0], levels[1] * falls[1]];
            let turns = float(index) * step;
            sine(turns) * levels[0] + sine(turns * 3.93) * levels[1]
        });
    }

    /// A drum whose pitch falls.
    pub(super) fn kick(&mut self, note: Note) {
        let falls = [decay(0.07, self.rate), decay(0.025, self.rate)];
        let (mut level, mut pitch, mut turns) = (1.0, 130.0, 0.0);
        let rate = self.rate;
        self.add(note, |_| {
            level *= falls[0];
            pitch *= falls[1];
            turns += (45.0 + pitch) / rate;
            sine(turns) * level
        });
    }

    /// A burst of noise; `high` leaves only its high tones, as of a cymbal.
    pub(super) fn burst(&mut self, note: Note, half_life: f64, high: bool, noise: &mut Noise) {
        let fall = decay(half_life, self.rate);
        let (mut level, mut before) = (1.0, 0.0);
        self.add(note, |_| {
            level *= fall;
            let now = noise.level();
            let tone = if high { (now - before) * 0.5 } else { (now + before) * 0.5 };
            before = now;
            tone * level
        });
    }

    /// Adds the echoes of a room: four delays that feed themselves, different on each side.
    pub(super) fn reverberate(&mut self, wetness: f64) {
        for side in 0..2 {
            let dry: Vec<f64> = self.frames.iter().map(|frame| frame[side]).collect();
            for seconds in [0.0297, 0.0371, 0.0411, 0.0437] {
                let length = whole((seconds + float(side) * 0.0013) * self.rate);
                let mut line = vec![0.0; length];
                for (index, (frame, sound)) in self.frames.iter_mut().zip(&dry).enumerate() {
                    let echo = line[index % length];
                    line[index % length] = sound + echo * 0.78;
                    frame[side] += echo * wetness * 0.25;
                }
            }
        }
    }

    /// Sixteen-bit samples, with the loudest at -1.4 dB of full scale and the end faded.
    pub(super) fn finish(self, fade_seconds: f64) -> Vec<Frame> {
        let peak = self.frames.iter().flatten().fold(1e-9_f64, |peak, level| peak.max(level.abs()));
        let fade = fade_seconds * self.rate;
        let count = self.frames.len();
        let frames = self.frames.into_iter().enumerate();
        frames
            .map(|(index, frame)| {
                let gain = 0.85 / peak * (float(count - index) / fade).min(1.0);
                frame.map(|level| sixteen_bits(level * gain))
            })
            .collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "a piece has far fewer than 2^53 samples")]
fn float(index: usize) -> f64 {
    index as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sample counts are positive and small"
)]
fn whole(samples: f64) -> usize {
    samples.max(0.0) as usize
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to what 16 bits hold")]
fn sixteen_bits(level: f64) -> i16 {
    (level * 32_767.0).clamp(-32_768.0, 32_767.0).round() as i16
}
