//! What JavaScript calls: plain functions of plain numbers.
//!
//! Decides nothing: the desk does it all. Addresses are those of the desk's own memory, which
//! JavaScript may read and write between two calls.
#![expect(unsafe_code, reason = "names survive for JavaScript; nothing here follows a pointer")]

use std::cell::RefCell;

use crate::{Desk, words};

thread_local! {
    static DESK: RefCell<Desk> = const { RefCell::new(Desk::new()) };
}

fn desk<T>(work: impl FnOnce(&mut Desk) -> T) -> T {
    DESK.with_borrow_mut(work)
}

/// Where the tray is: `TRAY` numbers.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn tray() -> *const f64 {
    desk(|desk| desk.tray.as_ptr())
}

/// Where the text is that was written last.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn text() -> *const u8 {
    desk(|desk| desk.text.as_ptr())
}

/// Writes the words of all numbers; how many bytes they have.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn words_text() -> usize {
    desk(|desk| {
        desk.text = words();
        desk.text.len()
    })
}

/// See [`Desk::begin`].
#[unsafe(no_mangle)]
pub(crate) extern "C" fn begin(length: usize) -> usize {
    desk(|desk| desk.begin(length))
}

/// See [`Desk::handle`].
#[unsafe(no_mangle)]
pub(crate) extern "C" fn handle(session: usize, now_us: f64, length: usize) -> bool {
    desk(|desk| desk.handle(session, now_us, length))
}

/// See [`Desk::poll`].
#[unsafe(no_mangle)]
pub(crate) extern "C" fn poll(session: usize) -> usize {
    desk(|desk| desk.poll(session))
}

/// See [`Desk::sentence`].
#[unsafe(no_mangle)]
pub(crate) extern "C" fn sentence(session: usize) -> usize {
    desk(|desk| desk.sentence(session))
}

/// See [`Desk::believe`].
#[unsafe(no_mangle)]
pub(crate) extern "C" fn believe(session: usize) -> usize {
    desk(|desk| desk.believe(session))
}

/// See [`Desk::end`].
#[unsafe(no_mangle)]
pub(crate) extern "C" fn end(session: usize) {
    desk(|desk| desk.end(session));
}
