//! What the administrator decided about the server's place in the network.
//!
//! Knows: the public address, the proxies in front, the foreign origins allowed. Refuses bad values
//! here, so that nothing later has to. Never: files, environment variables, flags.

use ipnet::IpNet;
use url::Url;

/// How the server is reached. Built once; checked when built.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// The address listeners use.
    pub public_url: PublicUrl,
    /// Nobody configured that address: URLs in answers name the host that each request named.
    pub follows_host: bool,
    /// Networks of reverse proxies whose `X-Forwarded-For` is believed. Default: none.
    pub trusted_proxies: Vec<IpNet>,
    /// Origins of other sites whose scripts may call the interface with a token. Default: none.
    pub allowed_origins: Vec<AllowedOrigin>,
    /// How many days measurements are kept. Default: [`HISTORY_DAYS`].
    pub history_days: u32,
}

/// How many days measurements are kept if nobody says otherwise: half a year, which is as far back
/// as a forecast looks.
pub const HISTORY_DAYS: u32 = 182;

/// A configuration value that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The text is not an absolute `http` or `https` URL without query and fragment.
    #[error("public_url must be like https://music.example.org/prefix, not {0:?}")]
    PublicUrl(String),
    /// The text is not an origin.
    #[error("an allowed origin must be like https://app.example.org, not {0:?}")]
    Origin(String),
}

/// The scheme, host and path prefix listeners use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    prefix: String,
    is_secure: bool,
}

impl PublicUrl {
    /// Reads `scheme://host[:port][/prefix]`; a trailing slash is dropped.
    ///
    /// # Errors
    /// [`ConfigError::PublicUrl`].
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let refused = || ConfigError::PublicUrl(text.to_owned());
        let url = http_url(text).ok_or_else(refused)?;
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            prefix: url.path().trim_end_matches('/').to_owned(),
            is_secure: url.scheme() == "https",
        })
    }

    /// `scheme://host[:port]`, as a browser sends it in `Origin`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The path before every route: empty, or `/` and a name, without a slash at the end.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Whether listeners reach us over TLS.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// The absolute URL of a path of ours, which starts with a slash.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.prefix)
    }

    /// Where cookies are sent back to.
    #[must_use]
    pub fn cookie_path(&self) -> &str {
        if self.prefix.is_empty() { "/" } else { &self.prefix }
    }
}

/// The origin of another site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedOrigin(String);

impl AllowedOrigin {
    /// Reads `scheme://host[:port]`.
    ///
    /// # Errors
    /// [`ConfigError::Origin`].
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        match http_url(text) {
            Some(url) if url.path() == "/" => Ok(Self(url.origin().ascii_serialization())),
            _ => Err(ConfigError::Origin(text.to_owned())),
        }
    }

    /// As a browser sends it in `Origin`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn http_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    (matches!(url.scheme(), "http" | "https") && plain).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_urls() {
        for (text, origin, prefix, absolute) in [
            ("http://127.0.0.1:4040", "http://127.0.0.1:4040", "", "http://127.0.0.1:4040/api/"),
            ("https://a.example/", "https://a.example", "", "https://a.example/api/"),
            ("https://a.example:443/qs/", "https://a.example", "/qs", "https://a.example/qs/api/"),
        ] {
            let url = PublicUrl::parse(text).unwrap();
            assert_eq!((url.origin(), url.prefix()), (origin, prefix));
            assert_eq!(url.absolute("/api/"), absolute);
        }
        for text in
            ["", "a.example", "ftp://a.example", "http://a/?q", "http://a/#f", "http://u:p@a/"]
        {
            assert!(PublicUrl::parse(text).is_err(), "{text:?}");
        }
        assert!(AllowedOrigin::parse("https://a.example/path").is_err());
        assert_eq!(
            AllowedOrigin::parse("https://A.example").unwrap().as_str(),
            "https://a.example"
        );
    }
}
