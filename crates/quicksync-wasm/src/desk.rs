//! The sessions of one page, and the tray over which numbers are passed.

use std::fmt::Write as _;

use quicksync_abr::playback::{Output, PlaybackSession};

use crate::frame;

/// Numbers in the tray: more than the longest frame has.
pub const TRAY: usize = 32;

/// A session and what it answered last.
#[derive(Debug)]
struct Seat {
    session: PlaybackSession,
    last: Option<Output>,
}

/// Sessions and a tray. A number that names no session is no session: nothing happens.
#[derive(Debug)]
pub struct Desk {
    seats: Vec<Option<Seat>>,
    /// Where frames are read from and written to.
    pub tray: [f64; TRAY],
    /// Where sentences are written to.
    pub text: String,
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

impl Desk {
    /// A desk without sessions.
    #[must_use]
    pub const fn new() -> Self {
        Self { seats: Vec::new(), tray: [0.0; TRAY], text: String::new() }
    }

    /// Begins a session from the first `length` numbers of the tray; its number, or 0 if they say
    /// what no session can honour.
    pub fn begin(&mut self, length: usize) -> usize {
        let beginning = self.tray.get(..length).and_then(frame::beginning);
        let Some((config, track, ladder, now)) = beginning else { return 0 };
        let session = PlaybackSession::new(config, track, ladder, now);
        let seat = Some(Seat { session, last: None });
        match self.seats.iter().position(Option::is_none) {
            Some(free) => {
                self.seats[free] = seat;
                free + 1
            }
            None => {
                self.seats.push(seat);
                self.seats.len()
            }
        }
    }

    /// Tells a session the input in the first `length` numbers of the tray; false if there is no
    /// such session or they are no input.
    pub fn handle(&mut self, session: usize, now_us: f64, length: usize) -> bool {
        let input = self.tray.get(..length).and_then(frame::input);
        let now = frame::instant(now_us);
        match (self.seat(session), input, now) {
            (Some(seat), Some(input), Some(now)) => {
                seat.session.handle_input(now, input);
                true
            }
            _ => false,
        }
    }

    /// Puts the next output of a session in the tray; how many numbers it has.
    pub fn poll(&mut self, session: usize) -> usize {
        let Some(seat) = self.seat(session) else { return 0 };
        let output = seat.session.poll_output();
        seat.last = Some(output);
        frame::output(&output, &mut self.tray)
    }

    /// Writes the reason of a session's last output as a sentence; how many bytes it has.
    pub fn sentence(&mut self, session: usize) -> usize {
        let last = self.seat(session).and_then(|seat| seat.last);
        self.text.clear();
        if let Some(output) = last {
            // Writing to a string cannot fail.
            let _ = write!(self.text, "{}", output.reason());
        }
        self.text.len()
    }

    /// Puts what a session believes of the network in the tray; how many numbers it has, none if it
    /// believes nothing. Changes nothing in the session.
    pub fn believe(&mut self, session: usize) -> usize {
        let Some(seat) = self.seat(session) else { return 0 };
        let belief = seat.session.belief();
        frame::belief(&belief, &mut self.tray)
    }

    /// Ends a session; its number may be given to another.
    pub fn end(&mut self, session: usize) {
        let slot = session.checked_sub(1).and_then(|index| self.seats.get_mut(index));
        if let Some(slot) = slot {
            *slot = None;
        }
    }

    fn seat(&mut self, session: usize) -> Option<&mut Seat> {
        self.seats.get_mut(session.checked_sub(1)?)?.as_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Auto, quality preferred, on an unknown network without a budget; 60 s of four qualities.
    const BEGINNING: [f64; 22] = [
        0.0, 1.0, 1.0, 3.0, -1.0, 3.0, 15.0, 30.0, 4.5, 30.0, 1.0, 2.0, 0.0, 0.0, 7.0, 1000.0,
        3.84e6, 60e6, 30_720.0, 61_440.0, 122_880.0, 153_600.0,
    ];
    const PLAY: f64 = 14.0;

    fn begin(desk: &mut Desk, numbers: &[f64]) -> usize {
        desk.tray[..numbers.len()].copy_from_slice(numbers);
        desk.begin(numbers.len())
    }

    #[test]
    fn a_session_answers_in_numbers_and_says_why() {
        let mut desk = Desk::new();
        let session = begin(&mut desk, &BEGINNING);
        assert_eq!(session, 1);
        desk.tray[0] = PLAY;
        assert!(desk.handle(session, 2000.0, 1));
        assert_eq!(desk.poll(session), 8);
        assert_eq!(format!("{:?}", &desk.tray[..4]), "[0.0, 0.0, 7.0, 0.0]");
        let length = desk.sentence(session);
        assert!(desk.text.starts_with("Starting at ") && desk.text.len() == length);
        desk.poll(session);
        assert_eq!(format!("{:?}", [desk.tray[0], desk.tray[2]]), "[5.0, 502000.0]");
    }

    #[test]
    fn nonsense_is_refused_and_changes_nothing() {
        let mut desk = Desk::new();
        for (place, number) in [
            (0, 9.0),
            (2, 0.5),
            (5, 4.0),
            (6, 31.0),
            (10, -1.0),
            (12, f64::NAN),
            (13, 1.1),
            (16, 0.0),
        ] {
            let mut numbers = BEGINNING;
            numbers[place] = number;
            let refused = begin(&mut desk, &numbers) == 0;
            assert!(refused || place == 12, "{place}: {number}");
        }
        assert_eq!(begin(&mut desk, &BEGINNING[..21]), 0);
        assert_eq!(desk.begin(TRAY + 1), 0);
        let session = begin(&mut desk, &BEGINNING);
        for (frame, now) in [(&[PLAY][..], f64::NAN), (&[PLAY, 0.0], 0.0), (&[99.0], 0.0)] {
            desk.tray[..frame.len()].copy_from_slice(frame);
            assert!(!desk.handle(session, now, frame.len()), "{frame:?} at {now}");
        }
        assert!(!desk.handle(session, 0.0, usize::MAX));
    }

    #[test]
    fn what_is_believed_is_read_without_a_trace() {
        let mut desk = Desk::new();
        let session = begin(&mut desk, &BEGINNING);
        assert_eq!((desk.believe(session), desk.believe(session + 1)), (0, 0), "nothing seen yet");
        desk.tray[0] = PLAY;
        assert!(desk.handle(session, 0.0, 1));
        desk.poll(session);
        let quality = desk.tray[4];
        let bytes = BEGINNING[17..].iter().zip(0_u8..).find(|(_, at)| f64::from(*at) >= quality);
        let bytes = *bytes.unwrap().0;
        for (now, frame) in [
            (0.0, &[0.0, 7.0, 0.0, quality][..]),
            (1e5, &[1.0, 7.0, 0.0, quality, 1.0]),
            (1.1e6, &[2.0, 7.0, 0.0, quality, bytes, 0.0]),
        ] {
            desk.tray[..frame.len()].copy_from_slice(frame);
            assert!(desk.handle(session, now, frame.len()), "{frame:?}");
        }
        assert_eq!(desk.believe(session), 5);
        let believed: [f64; 5] = std::array::from_fn(|at| desk.tray[at]);
        let [expected, low, high, latency_s, outage] = believed;
        assert!((expected / (8.0 * bytes) - 1.0).abs() < 0.05, "{believed:?} {bytes}");
        assert!(low < expected && expected < high && latency_s > 0.0 && outage < 1.0);
        assert_eq!(desk.believe(session), 5);
        assert_eq!(format!("{:?}", &desk.tray[..5]), format!("{believed:?}"));
    }

    #[test]
    fn a_session_that_ended_is_none_and_its_place_is_free() {
        let mut desk = Desk::new();
        let (first, second) = (begin(&mut desk, &BEGINNING), begin(&mut desk, &BEGINNING));
        assert_eq!((first, second), (1, 2));
        desk.end(first);
        desk.tray[0] = PLAY;
        assert!(!desk.handle(first, 0.0, 1));
        assert_eq!((desk.poll(first), desk.sentence(first), desk.poll(0)), (0, 0, 0));
        assert_eq!(begin(&mut desk, &BEGINNING), first);
        desk.end(usize::MAX);
    }
}
