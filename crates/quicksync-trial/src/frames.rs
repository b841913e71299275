//! The rows of numbers that JavaScript passes: anything in them is an input or is refused.

use quicksync_wasm::{Desk, TRAY};

use crate::Source;
use crate::draw::Draw;

/// A beginning that is accepted: a minute of music at four qualities.
const BEGINNING: [f64; 22] = [
    0.0, 1.0, 1.0, 3.0, -1.0, 3.0, 15.0, 30.0, 4.5, 30.0, 1.0, 2.0, 0.0, 0.0, 0.0, 0.0, 3.84e6,
    60e6, 30_720.0, 61_440.0, 122_880.0, 153_600.0,
];

/// How many numbers an input has, in the order of their kinds; a track that is announced has more.
const LENGTHS: [usize; 18] = [4, 5, 6, 4, 3, 5, 3, 3, 1, 11, 3, 2, 4, 1, 1, 1, 1, 1];

/// Tells desks up to `most` rows of numbers; how many were inputs.
pub fn run(source: &mut impl Source, most: u64) -> u64 {
    let mut desk = Desk::new();
    desk.tray[..BEGINNING.len()].copy_from_slice(&BEGINNING);
    desk.begin(BEGINNING.len());
    let mut draw = Draw(source);
    let mut accepted = 0;
    for _ in 0..most {
        if draw.0.is_spent() {
            break;
        }
        let length = fill(&mut draw, &mut desk.tray);
        let session = draw.small(3) as usize;
        if draw.once_in(24) {
            desk.begin(length);
        } else if draw.once_in(48) {
            desk.end(session);
        } else {
            let now_us = if draw.once_in(8) { draw.odd() } else { draw.share(4e8).trunc() };
            if desk.handle(session, now_us, length) {
                accepted += 1;
                while desk.poll(session) > 0 && desk.tray[0] < 5.0 {
                    desk.sentence(session);
                }
            }
        }
    }
    accepted
}

/// A row of small counts, with at most one number that is none; or nearly a beginning.
fn fill<S: Source>(draw: &mut Draw<'_, S>, tray: &mut [f64; TRAY]) -> usize {
    let length = if draw.once_in(12) {
        tray[..BEGINNING.len()].copy_from_slice(&BEGINNING);
        BEGINNING.len()
    } else {
        let kind = draw.small(20);
        let right = LENGTHS.get(kind as usize).filter(|_| !draw.once_in(8));
        let length = right.copied().unwrap_or_else(|| draw.small(24) as usize);
        let rest = std::iter::repeat_with(|| f64::from(draw.small(5)));
        let row = [f64::from(kind)].into_iter().chain(rest);
        tray.iter_mut().zip(row.take(length)).for_each(|(slot, number)| *slot = number);
        length
    };
    if draw.once_in(6) {
        let odd = draw.odd();
        let place = draw.0.below(TRAY as u64);
        tray.iter_mut()
            .skip(usize::try_from(place).unwrap_or(0))
            .take(1)
            .for_each(|slot| *slot = odd);
    }
    length
}
