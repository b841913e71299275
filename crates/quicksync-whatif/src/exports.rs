//! What JavaScript calls: plain functions of plain numbers.
//!
//! Decides nothing: the booth does it all. Addresses are those of the booth's own memory, which
//! JavaScript may read and write between two calls.
#![expect(unsafe_code, reason = "names survive for JavaScript; nothing here follows a pointer")]

use std::cell::RefCell;

use crate::{Booth, POLICIES};

thread_local! {
    static BOOTH: RefCell<Booth> = const { RefCell::new(Booth::new()) };
    static TEXT: RefCell<String> = const { RefCell::new(String::new()) };
}

fn booth<T>(work: impl FnOnce(&mut Booth) -> T) -> T {
    BOOTH.with_borrow_mut(work)
}

/// Where answers are.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn tray() -> *const f64 {
    booth(|booth| booth.tray.as_ptr())
}

/// Makes room for transfers; where to write them, 0 if they are too many.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn transfers(count: usize) -> *const f64 {
    booth(|booth| if booth.make_room(count) { booth.transfers.as_ptr() } else { std::ptr::null() })
}

/// Writes a line for each policy, its group and its name; how many bytes.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn policies_text() -> usize {
    let lines = POLICIES.iter().map(|policy| format!("{} {}\n", policy.group, policy.name));
    TEXT.with_borrow_mut(|text| {
        *text = lines.collect();
        text.len()
    })
}

/// Where the text is that was written last.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn text() -> *const u8 {
    TEXT.with_borrow(|text| text.as_ptr())
}

/// See [`Booth::prepare`]; 0, or the number of the refusal.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn prepare(segment_ms: f64, segments: f64, cap_ms: f64) -> u32 {
    booth(|booth| booth.prepare(segment_ms, segments, cap_ms).map_or_else(|why| why as u32, |()| 0))
}

/// See [`Booth::play`].
#[unsafe(no_mangle)]
pub(crate) extern "C" fn play(policy: usize) -> bool {
    booth(|booth| booth.play(policy))
}

/// See [`Booth::optimum`].
#[unsafe(no_mangle)]
pub(crate) extern "C" fn optimum() -> bool {
    booth(Booth::optimum)
}
