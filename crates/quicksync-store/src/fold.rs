//! Folds text: what makes two names one, what they are sorted by, and what a search compares.
//!
//! Knows: Unicode case and compatibility decomposition. Never: a language's own sorting rules.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Between two folded fields: no search word contains it and it sorts before every letter.
pub(crate) const SEPARATOR: char = '\n';

/// Lower case, composed, single spaces: `The  BEATLES ` and `the beatles` are one artist.
pub(crate) fn key(text: &str) -> String {
    one_spaced(&text.nfc().flat_map(char::to_lowercase).collect::<String>())
}

/// Lower case without diacritics: `Sigur Rós` is found by `ros`.
pub(crate) fn fold(text: &str) -> String {
    let bare = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    one_spaced(&bare.flat_map(spelt_out).collect::<String>())
}

/// The folded words of a search, all of which must be found.
pub(crate) fn words(text: &str) -> Vec<String> {
    fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Letters that Unicode does not take apart but every keyboard without them does.
fn spelt_out(letter: char) -> impl Iterator<Item = char> {
    let (first, second) = match letter {
        'ß' => ('s', Some('s')),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'ø' => ('o', None),
        'đ' | 'ð' => ('d', None),
        'ł' => ('l', None),
        'ı' => ('i', None),
        'þ' => ('t', Some('h')),
        '’' | '‘' => ('\'', None),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}

fn one_spaced(text: &str) -> String {
    let is_gap = |c: char| c.is_whitespace() || c.is_control();
    text.split(is_gap).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_table() {
        for (text, key_expected, folded) in [
            ("Sigur Rós", "sigur rós", "sigur ros"),
            ("Sigur Ro\u{301}s", "sigur rós", "sigur ros"),
            ("  The\tBEATLES\n", "the beatles", "the beatles"),
            ("Motörhead", "motörhead", "motorhead"),
            ("STRASSE Straße", "strasse straße", "strasse strasse"),
            ("Mø", "mø", "mo"),
            ("100%_\\", "100%_\\", "100%_\\"),
            ("ガ", "ガ", "カ"),
            ("a\u{0}b", "a b", "a b"),
            ("", "", ""),
        ] {
            assert_eq!(
                (key(text).as_str(), fold(text).as_str()),
                (key_expected, folded),
                "{text:?}"
            );
        }
        assert_eq!(words("  Rós \u{3000} SIGUR "), ["ros", "sigur"]);
    }
}
