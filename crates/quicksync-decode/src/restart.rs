//! Where an Ogg stream begins anew under its own serial number, as in a file that was appended to
//! itself.
//!
//! Decides: whether it is worth reading every page header, and where the next link begins. Never: a
//! link whose serial number is another, which halving finds.
//!
//! Pages are numbered from 0 in each link. A few are looked at; where the numbers grow by far fewer
//! than there can be pages between, a link has begun in between, and the headers are read one by one. A
//! link may be missed where pages are of very unlike sizes; it is then not played.

use std::io;
use std::ops::Range;

use crate::ogg_page::{Page, page_at, page_from};
use crate::window::Window;

/// Pages are looked at in places that lie this many times as far from the start of the link.
const STEP: u64 = 8;
/// The nearest of them, bytes.
const NEAREST_BYTES: u64 = 64 * 1024;
/// Pages whose sizes are averaged in one place.
const AVERAGED: u64 = 8;
/// Of the pages that there should be by their sizes, so many hundredths must have been numbered.
const NUMBERED_PERCENT: u64 = 70;

/// Where the first link after the one at `range.start` begins before `range.end`, if one does.
pub(crate) fn restart(window: &mut Window, range: Range<u64>) -> io::Result<Option<u64>> {
    // Too near for the numbers to tell, and quickly read.
    let near = range.end.min(range.start + NEAREST_BYTES);
    if let Some(found) = walk(window, range.start..near)? {
        return Ok(Some(found));
    }
    let far = near.max(range.end.saturating_sub(NEAREST_BYTES));
    let is_one = is_numbered_through(window, &range)? && walk(window, far..range.end)?.is_none();
    if is_one { Ok(None) } else { walk(window, range) }
}

/// A place: a page in it and the mean size of those that follow.
#[derive(Clone, Copy, Debug)]
struct Place {
    page: Page,
    page_bytes: u64,
}

/// Whether the numbers of pages grow as they should over the whole range.
fn is_numbered_through(window: &mut Window, range: &Range<u64>) -> io::Result<bool> {
    let length = range.end - range.start;
    let mut offsets = vec![length.saturating_sub(NEAREST_BYTES)];
    while let Some(last) = offsets.last().filter(|last| **last > NEAREST_BYTES) {
        offsets.push((last / STEP).max(NEAREST_BYTES));
    }
    let Some(mut before) = place(window, range.start, range.end)? else { return Ok(true) };
    for offset in offsets.into_iter().rev() {
        let Some(here) = place(window, range.start + offset, range.end)? else { continue };
        let bytes = here.page.start.saturating_sub(before.page.start);
        // The larger pages, which are fewer.
        let expected = bytes / before.page_bytes.max(here.page_bytes).max(1);
        let numbered = u64::from(here.page.sequence.saturating_sub(before.page.sequence));
        if numbered * 100 < expected * NUMBERED_PERCENT {
            return Ok(false);
        }
        before = here;
    }
    Ok(true)
}

fn place(window: &mut Window, from: u64, until: u64) -> io::Result<Option<Place>> {
    let Some(page) = page_from(window, from, until)? else { return Ok(None) };
    let (mut end, mut count) = (page.end, 1);
    while count < AVERAGED
        && end < until
        && let Some(next) = page_at(window, end)?
    {
        (end, count) = (next.end, count + 1);
    }
    Ok(Some(Place { page, page_bytes: (end - page.start) / count }))
}

/// Page by page; what is no page is skipped.
fn walk(window: &mut Window, range: Range<u64>) -> io::Result<Option<u64>> {
    let mut at = range.start;
    let mut is_head = true;
    while at < range.end {
        let page = match page_at(window, at)? {
            Some(page) => page,
            None => match page_from(window, at, range.end)? {
                Some(page) => page,
                None => break,
            },
        };
        if page.is_first && !is_head {
            return Ok(Some(page.start));
        }
        is_head &= page.is_first;
        at = page.end;
    }
    Ok(None)
}
