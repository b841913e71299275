//! A first name for a device or login session, from what its software calls itself.
//!
//! Decides: which words of a `User-Agent` a person would know. Never: anything that follows from it.

use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;

/// The longest name that is made, in characters.
const LONGEST: usize = 80;

/// Browsers by a mark of theirs. Each of the later ones is claimed by the earlier ones too.
const BROWSERS: [(&str, &str); 9] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Systems by a mark of theirs, in the same order of claims.
const SYSTEMS: [(&str, &str); 8] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
    ("X11", "Unix"),
];

/// What the caller's software calls itself, made short.
pub(crate) fn device_name(headers: &HeaderMap) -> String {
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
    short(agent.unwrap_or("unknown"))
}

/// `Firefox on Linux` of a browser, the beginning of anything else.
fn short(agent: &str) -> String {
    let find = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    // Only browsers begin with it.
    if agent.starts_with("Mozilla/") {
        match (find(&BROWSERS), find(&SYSTEMS)) {
            (Some(browser), Some(system)) => return format!("{browser} on {system}"),
            (Some(name), None) | (None, Some(name)) => return name.to_owned(),
            (None, None) => {}
        }
    }
    agent.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_called_by_what_people_know() {
        const KHTML: &str = "AppleWebKit/537.36 (KHTML, like Gecko)";
        for (agent, name) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Linux",
            ),
            (
                &format!(
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) {KHTML} Chrome/150.0 Safari/537.36"
                ),
                "Chrome on Windows",
            ),
            (
                &format!(
                    "Mozilla/5.0 (Windows NT 10.0) {KHTML} Chrome/150.0 Safari/537.36 Edg/150.0"
                ),
                "Edge on Windows",
            ),
            (
                &format!(
                    "Mozilla/5.0 (Linux; Android 16; K) {KHTML} Chrome/150.0 Mobile Safari/537.36"
                ),
                "Chrome on Android",
            ),
            (
                &format!(
                    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) {KHTML} Version/19 Safari/604.1"
                ),
                "Safari on iPhone",
            ),
            (
                &format!(
                    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {KHTML} Version/19 Safari/605.1"
                ),
                "Safari on macOS",
            ),
            ("Mozilla/5.0 (compatible)", "Mozilla/5.0 (compatible)"),
            ("mpv 0.38.0", "mpv 0.38.0"),
            ("curl/8.5.0", "curl/8.5.0"),
            ("", ""),
        ] {
            assert_eq!(short(agent), name, "{agent}");
        }
    }

    #[test]
    fn a_name_is_short_and_of_printable_characters() {
        assert_eq!(short(&"x".repeat(500)).chars().count(), LONGEST);
        assert_eq!(short("a\tb\u{7f}"), "ab");
    }
}
