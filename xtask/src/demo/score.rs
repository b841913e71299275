//! The arranger: turns a piece's chords into notes, bar by bar, and plays them.

use super::flac::Frame;
use super::pieces::{Drums, Lead, Piece};
use super::synth::{Mix, Note};
use super::wave::Noise;

const BEATS_IN_BAR: u32 = 4;
/// What rings on after the last bar, in seconds.
const TAIL: f64 = 3.0;

/// Plays the whole piece.
pub(super) fn perform(piece: &Piece) -> Vec<Frame> {
    let beat = 60.0 / piece.beats_per_minute;
    let length = f64::from(piece.bars * BEATS_IN_BAR) * beat + TAIL;
    let mut stage = Stage {
        piece,
        beat,
        noise: Noise::new(piece.seed),
        tune: tune(piece.seed),
        mix: Mix::new(piece.rate, length),
    };
    (0..piece.bars).for_each(|bar| stage.play_bar(bar));
    stage.mix.reverberate(0.35);
    stage.mix.finish(TAIL)
}

/// Two bars of eighths: which tone of the chord, if any, and how many octaves up.
fn tune(seed: u64) -> [Option<(usize, i32)>; 16] {
    let mut noise = Noise::new(seed ^ 0x7475_6e65);
    std::array::from_fn(|_| {
        let rest = noise.pick(&[false, false, true]);
        (!rest).then(|| (noise.pick(&[0, 1, 2, 3]), noise.pick(&[1, 1, 2])))
    })
}

struct Stage<'a> {
    piece: &'a Piece,
    beat: f64,
    noise: Noise,
    tune: [Option<(usize, i32)>; 16],
    mix: Mix,
}

impl Stage<'_> {
    /// Instruments enter one by one, leave for a while in the middle, and end as they began.
    fn play_bar(&mut self, bar: u32) {
        let eighth_of_piece = bar * 8 / self.piece.bars;
        let start = f64::from(bar * BEATS_IN_BAR) * self.beat;
        let chord = self.chord(bar);
        self.play_pads(start, chord);
        if eighth_of_piece >= 1 {
            self.play_arpeggio(start, chord);
        }
        if !matches!(eighth_of_piece, 0 | 4) {
            self.play_bass(start, chord[0]);
            self.play_drums(start);
        }
        if matches!(eighth_of_piece, 2 | 3 | 5 | 6) {
            self.play_tune(bar, start, chord);
        }
    }

    fn chord(&self, bar: u32) -> [i32; 4] {
        let count = u32::try_from(self.piece.chords.len()).unwrap_or(1);
        let index = usize::try_from(bar % count).unwrap_or(0);
        self.piece.chords[index].map(|step| self.piece.tonic + step)
    }

    fn play_pads(&mut self, at: f64, chord: [i32; 4]) {
        let length = self.beat * 5.0;
        for (key, pan) in chord.into_iter().zip([-0.5, 0.4, -0.2, 0.6]) {
            self.mix.pad(Note { at, length, key, gain: 0.16, pan });
        }
    }

    fn play_arpeggio(&mut self, start: f64, chord: [i32; 4]) {
        let order = [0, 2, 1, 3, 2, 1, 3, 2];
        for (eighth, tone) in (0_u32..).zip(order) {
            let note = Note {
                at: start + f64::from(eighth) * self.beat * 0.5,
                length: self.beat * 2.0,
                key: chord[tone] + 12,
                gain: if eighth % 4 == 0 { 0.3 } else { 0.22 },
                pan: if eighth % 2 == 0 { -0.35 } else { 0.35 },
            };
            self.mix.pluck(note, &mut self.noise);
        }
    }

    fn play_bass(&mut self, start: f64, root: i32) {
        for beats in [0.0, 1.5, 2.5] {
            let at = start + beats * self.beat;
            let note = Note { at, length: self.beat * 1.4, key: root - 24, gain: 0.5, pan: 0.0 };
            self.mix.bass(note);
        }
    }

    fn play_tune(&mut self, bar: u32, start: f64, chord: [i32; 4]) {
        let half = if bar.is_multiple_of(2) { 0..8 } else { 8..16 };
        for (eighth, slot) in (0_u32..).zip(self.tune[half].to_vec()) {
            let Some((tone, octaves)) = slot else { continue };
            let note = Note {
                at: start + f64::from(eighth) * self.beat * 0.5,
                length: self.beat * 3.0,
                key: chord[tone] + 12 * octaves,
                gain: 0.3,
                pan: 0.15,
            };
            match self.piece.lead {
                Lead::Bell => self.mix.bell(note),
                Lead::Pluck => self.mix.pluck(note, &mut self.noise),
            }
        }
    }

    fn play_drums(&mut self, start: f64) {
        let hit = |beats: f64, length: f64, gain: f64, pan: f64| Note {
            at: start + beats * self.beat,
            length,
            key: 0,
            gain,
            pan,
        };
        let (kicks, snares, hats): (&[f64], &[f64], f64) = match self.piece.drums {
            Drums::None => return,
            Drums::Soft => (&[0.0, 2.5], &[2.0], 0.1),
            Drums::Driving => (&[0.0, 1.0, 2.0, 3.0], &[1.0, 3.0], 0.16),
        };
        kicks.iter().for_each(|at| self.mix.kick(hit(*at, 0.4, 0.7, 0.0)));
        for at in snares {
            self.mix.burst(hit(*at, 0.3, 0.28, 0.1), 0.05, false, &mut self.noise);
        }
        for eighth in 0..8 {
            let note = hit(f64::from(eighth) * 0.5, 0.12, hats, -0.3);
            self.mix.burst(note, 0.015, true, &mut self.noise);
        }
    }
}
