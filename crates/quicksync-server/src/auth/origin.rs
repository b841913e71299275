//! Whether a page of another site made the browser send this request.
//!
//! Decides: foreign or not, from `Sec-Fetch-Site` and `Origin`. Never: who the user is.
//!
//! # Model
//! A browser adds `Sec-Fetch-Site` on trustworthy origins and `Origin` on every request that may
//! change something. A request that says it comes from elsewhere is foreign. One that says nothing
//! is foreign if it changes something and carries a cookie (any browser would have said), and ours
//! if it only reads: that is curl, or a browser over plain HTTP, and `SameSite=Lax` guards it.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method};

use crate::config::PublicUrl;

/// Whether the request was caused by another site. `must_say` where silence is suspect.
pub(crate) fn is_foreign(
    method: &Method,
    headers: &HeaderMap,
    url: &PublicUrl,
    must_say: bool,
) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        let is_followed_link = method.is_safe() && text("sec-fetch-mode") == Some("navigate");
        let is_ours = matches!(site, "same-origin" | "none") || is_followed_link;
        return !is_ours;
    }
    match text(ORIGIN.as_str()) {
        Some(origin) => !is_our_origin(origin, text(HOST.as_str()), url),
        None => must_say && !method.is_safe(),
    }
}

/// Ours is the public origin, and the origin of the host the browser asked: a page of another site
/// cannot make a browser name another host than the one it sends the cookie to.
fn is_our_origin(origin: &str, host: Option<&str>, url: &PublicUrl) -> bool {
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    origin == url.origin() || (authority.is_some() && authority == host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_site_sends() {
        let url = PublicUrl::parse("https://music.example").unwrap();
        let (get, post) = (Method::GET, Method::POST);
        for (method, headers, foreign) in [
            (&post, &[][..], true),
            (&get, &[], false),
            (&post, &[("origin", "https://music.example")], false),
            (&post, &[("origin", "http://music.example")], true),
            (&post, &[("origin", "https://evil.example")], true),
            (&get, &[("origin", "https://evil.example")], true),
            (&post, &[("origin", "null")], true),
            (&post, &[("origin", "http://10.0.0.2:4040"), ("host", "10.0.0.2:4040")], false),
            (&post, &[("origin", "http://10.0.0.2:4041"), ("host", "10.0.0.2:4040")], true),
            (&post, &[("sec-fetch-site", "same-origin")], false),
            (&post, &[("sec-fetch-site", "same-site")], true),
            (&post, &[("sec-fetch-site", "cross-site"), ("origin", "https://music.example")], true),
            (&get, &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")], true),
            (&get, &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")], false),
            (&post, &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")], true),
            (&get, &[("sec-fetch-site", "none")], false),
        ] {
            let headers: HeaderMap =
                headers.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect();
            assert_eq!(is_foreign(method, &headers, &url, true), foreign, "{method} {headers:?}");
        }
        assert!(!is_foreign(&post, &HeaderMap::new(), &url, false));
    }
}
