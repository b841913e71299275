//! What a file is called when it is saved (RFC 6266).
//!
//! Decides: names that every file system takes. Never: a path.

/// Bytes of a name at most: what common file systems take, less room for a copy's number.
const MAX_BYTES: usize = 200;

/// The header: `name` twice, plainly for old clients, and with every byte beyond the plainest
/// encoded (RFC 8187) for all others.
pub(super) fn disposition(name: &str, is_download: bool) -> String {
    let kind = if is_download { "attachment" } else { "inline" };
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let mut text = format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// What a quoted string carries without escapes, and no client takes for one.
const fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~') && !matches!(c, '"' | '\\' | '%')
}

/// A name for a track: `Artist - Title.opus`, or what there is of it.
pub(super) fn file_name(artist: &str, title: &str, extension: &str) -> String {
    let both = [artist, title].map(harmless);
    let given: Vec<_> = both.iter().filter(|text| !text.is_empty()).map(String::as_str).collect();
    let stem = if given.is_empty() { "track".to_owned() } else { given.join(" - ") };
    let end = stem.floor_char_boundary(MAX_BYTES);
    format!("{}.{extension}", stem[..end].trim_end_matches([' ', '.']))
}

/// Without what some file system does not take, and without a leading dot, which hides.
fn harmless(text: &str) -> String {
    let is_refused = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let clean: String = text.chars().map(|c| if is_refused(c) { '_' } else { c }).collect();
    clean.trim_matches([' ', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_harmless() {
        for (artist, title, name) in [
            ("Ann", "Dawn", "Ann - Dawn.opus"),
            ("", "Dawn", "Dawn.opus"),
            ("AC/DC", "What? \"No\"", "AC_DC - What_ _No_.opus"),
            ("..", "../../etc/passwd", "_.._etc_passwd.opus"),
            ("\r\nX: y", "\u{0}", "__X_ y - _.opus"),
            ("", " . ", "track.opus"),
        ] {
            assert_eq!(file_name(artist, title, "opus"), name);
        }
        let long = file_name("é".repeat(300).as_str(), "x", "mp3");
        assert_eq!(long.len(), 204);
    }

    #[test]
    fn headers_say_the_name_twice() {
        assert_eq!(
            disposition("Día \"1\" 100%.mp3", true),
            "attachment; filename=\"D_a _1_ 100_.mp3\"; \
             filename*=UTF-8''D%C3%ADa%20%221%22%20100%25.mp3"
        );
    }
}
