//! Making foreign text harmless where it stands.

use std::fmt::Write as _;

/// A URI on a line or in quotes: what could end either, or is no part of a URI (RFC 3986 §2), is
/// percent-encoded. A `#` at the start would make the line a tag, so that one goes too.
pub(crate) fn uri(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (position, byte) in text.bytes().enumerate() {
        let is_harmless = byte.is_ascii_graphic()
            && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
            && !(byte == b'#' && position == 0);
        if is_harmless {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// Text in an HLS quoted-string: no quotes and no line ends (RFC 8216 §4.2); they become spaces,
/// as do other control characters, which some parsers take for line ends.
pub(crate) fn quoted(text: &str) -> String {
    let is_harmful = |c: char| c == '"' || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.chars().map(|c| if is_harmful(c) { ' ' } else { c }).collect()
}

/// Text in an XML attribute or element (XML 1.0 §2.4); characters XML cannot hold are left out.
pub(crate) fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_where_it_stands() {
        for (text, expected) in [
            ("/media/7/high/0.m4s?ticket=a.b_c-d~%20", "/media/7/high/0.m4s?ticket=a.b_c-d~%20"),
            ("a\r\n#EXT-X-KEY:METHOD=NONE", "a%0D%0A#EXT-X-KEY:METHOD=NONE"),
            ("#EXTM3U", "%23EXTM3U"),
            ("a\",URI=\"b", "a%22,URI=%22b"),
            ("naïve song\u{2028}", "na%C3%AFve%20song%E2%80%A8"),
        ] {
            assert_eq!(uri(text), expected);
        }
        assert_eq!(quoted("a\"\n\u{2028}b\tc"), "a   b c");
        assert_eq!(xml("<a b='c'>&\"\u{0}\n"), "&lt;a b=&apos;c&apos;&gt;&amp;&quot;");
    }
}
