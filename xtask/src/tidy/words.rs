//! The glossary's words, kept in public names: one concept, one word.
//!
//! Reads declarations only (`pub fn`, `pub struct`, fields, ...), by line; it is no parser. The
//! documented wire fields keep the words they were given.

use super::TextFile;

/// Fields of the documented interface, which keeps its own words.
const WIRE_FIELDS: &[&str] = &["speed_mbps", "network_speed_mbps"];

/// Parts of a name that the glossary replaces, and its word for each.
const FORBIDDEN: &[(&str, &str)] = &[
    ("chunk", "segment"),
    ("hiccup", "stall"),
    ("song", "track"),
    ("speed", "throughput"),
    ("manager", "a word for what it decides"),
    ("helper", "a word for what it does"),
    ("util", "a word for what it does"),
    ("utils", "a word for what it does"),
];

const KEYWORDS: &[&str] = &[
    "async", "const", "unsafe", "extern", "fn", "struct", "enum", "trait", "type", "static", "mod",
    "mut",
];

/// Every public name that uses a forbidden word.
pub(super) fn check(files: &[TextFile]) -> Vec<String> {
    files.iter().filter(|file| file.path.ends_with(".rs")).flat_map(check_file).collect()
}

fn check_file(file: &TextFile) -> Vec<String> {
    file.text
        .lines()
        .enumerate()
        .filter_map(|(index, line)| {
            let name = declared(line)?;
            let advice = objection(name)?;
            Some(format!("{}:{}: `{name}`: {advice}", file.path, index + 1))
        })
        .collect()
}

/// The name that a line makes public, if it does.
fn declared(line: &str) -> Option<&str> {
    let mut rest = line.trim_start().strip_prefix("pub ")?;
    loop {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if word == "use" || word.is_empty() {
            return None;
        }
        if !KEYWORDS.contains(&word) {
            return Some(word);
        }
        rest = after.trim_start();
    }
}

fn objection(name: &str) -> Option<String> {
    if WIRE_FIELDS.contains(&name) {
        return None;
    }
    if name == "Session" {
        return Some("say which: PlaybackSession or LoginSession".to_owned());
    }
    if name.starts_with("get_") {
        return Some("name what it gives, without get_".to_owned());
    }
    let parts = parts(name);
    FORBIDDEN
        .iter()
        .find(|(word, _)| parts.iter().any(|part| part == word))
        .map(|(word, better)| format!("the glossary says {better}, not {word}"))
}

/// The lower-case parts of a name in either case style.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let shouting = !name.chars().any(char::is_lowercase);
    for letter in name.chars() {
        if letter == '_' || (letter.is_uppercase() && !shouting) {
            parts.push(String::new());
        }
        if letter != '_' {
            parts.last_mut().into_iter().for_each(|part| part.extend(letter.to_lowercase()));
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_words() {
        for (line, refused) in [
            ("pub struct Session;", true),
            ("pub struct LoginSession;", false),
            ("    pub fn get_track(&self) {}", true),
            ("pub async fn next_chunk() {}", true),
            ("pub const CHUNK_BYTES: u32 = 1;", true),
            ("pub struct ChunkReader;", true),
            ("    pub speed_mbps: f64,", false),
            ("    pub speed: f64,", true),
            ("pub trait CacheManager {}", true),
            ("pub use other::Session;", false),
            ("pub(crate) struct Session;", false),
            ("// pub struct Session;", false),
            ("pub fn songbird() {}", false),
        ] {
            let file = TextFile { path: "a.rs".into(), text: line.into() };
            assert_eq!(check(&[file]).len(), usize::from(refused), "{line}");
        }
    }
}
