//! Which bytes of a file a request asks for (RFC 9110 section 14).
//!
//! Decides: the whole, a part, or nothing. Several ranges at once are answered with the whole, as
//! the standard allows. Never: a file.

/// What a `Range` header comes down to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByteRange {
    /// The whole file: no range, or one that is to be ignored.
    Whole,
    /// From `first` to `last`, both included and both in the file.
    Part {
        /// The first byte.
        first: u64,
        /// The last byte.
        last: u64,
    },
    /// Nothing that the file has: 416.
    Outside,
}

impl ByteRange {
    /// What `header` means for a file of `size` bytes.
    pub(super) fn parse(header: Option<&str>, size: u64) -> Self {
        let set = header.and_then(|header| header.split_once('='));
        match set {
            Some((unit, ranges)) if unit.trim().eq_ignore_ascii_case("bytes") => {
                Self::of_one(ranges.trim(), size).unwrap_or(Self::Whole)
            }
            _ => Self::Whole,
        }
    }

    /// `None` for what is not one range by the grammar.
    fn of_one(range: &str, size: u64) -> Option<Self> {
        let (first, last) = range.split_once('-')?;
        let (first, last) = (number(first)?, number(last)?);
        let end = size.checked_sub(1);
        Some(match (first, last) {
            (None, None) => return None,
            (Some(first), Some(last)) if first > last => return None,
            (None, Some(0)) => Self::Outside,
            (None, Some(length)) => end.map_or(Self::Outside, |end| Self::Part {
                first: size.saturating_sub(length),
                last: end,
            }),
            (Some(first), last) => match end.filter(|end| first <= *end) {
                Some(end) => Self::Part { first, last: last.unwrap_or(end).min(end) },
                None => Self::Outside,
            },
        })
    }
}

/// Digits, or nothing at all. A number too large for a file is the largest there is.
fn number(text: &str) -> Option<Option<u64>> {
    if text.is_empty() {
        return Some(None);
    }
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| Some(text.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let part = |first, last| ByteRange::Part { first, last };
        for (header, size, range) in [
            ("bytes=0-499", 10_000, part(0, 499)),
            ("bytes=500-999", 10_000, part(500, 999)),
            ("bytes=9500-", 10_000, part(9500, 9999)),
            ("bytes=-500", 10_000, part(9500, 9999)),
            ("bytes=-20000", 10_000, part(0, 9999)),
            ("bytes=0-99999", 10_000, part(0, 9999)),
            ("bytes=0-99999999999999999999999", 10_000, part(0, 9999)),
            ("Bytes=0-0", 1, part(0, 0)),
            ("bytes=10000-", 10_000, ByteRange::Outside),
            ("bytes=99999999999999999999999-", 10_000, ByteRange::Outside),
            ("bytes=-0", 10_000, ByteRange::Outside),
            ("bytes=0-", 0, ByteRange::Outside),
            ("bytes=-5", 0, ByteRange::Outside),
            ("bytes=0-1,5-6", 10_000, ByteRange::Whole),
            ("bytes=9-3", 10_000, ByteRange::Whole),
            ("bytes=-", 10_000, ByteRange::Whole),
            ("bytes=a-b", 10_000, ByteRange::Whole),
            ("bytes=+1-2", 10_000, ByteRange::Whole),
            ("bytes", 10_000, ByteRange::Whole),
            ("items=0-5", 10_000, ByteRange::Whole),
        ] {
            assert_eq!(ByteRange::parse(Some(header), size), range, "{header} of {size}");
        }
        assert_eq!(ByteRange::parse(None, 5), ByteRange::Whole);
    }
}
