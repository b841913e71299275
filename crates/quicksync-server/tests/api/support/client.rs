//! A client that checks what every answer must have, and refusals above all.

use std::net::SocketAddr;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use futures_util::StreamExt as _;
use quicksync_server::App;
use quicksync_server::serve::ConnectionInfo;
use serde_json::Value;
use tower::ServiceExt;

/// A request being put together.
#[derive(Debug)]
pub(crate) struct Call {
    app: App,
    request: Request<Body>,
    peer: SocketAddr,
}

impl Call {
    pub(crate) fn new(app: App, method: &str, path: &str) -> Self {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        Self { app, request, peer: "192.0.2.1:4711".parse().unwrap() }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).unwrap();
        self.request.headers_mut().append(name, HeaderValue::from_str(value).unwrap());
        self
    }

    /// With an API token.
    pub(crate) fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// With a login cookie, sent by a page of ours.
    pub(crate) fn cookie(self, secret: &str) -> Self {
        self.bare_cookie(secret).header("sec-fetch-site", "same-origin")
    }

    /// With a login cookie, and not a word of where it was sent from.
    pub(crate) fn bare_cookie(self, secret: &str) -> Self {
        self.header(COOKIE.as_str(), &format!("other=1; quicksync_login={secret}"))
    }

    /// From another address.
    pub(crate) fn from(mut self, address: &str) -> Self {
        self.peer = SocketAddr::new(address.parse().unwrap(), 4711);
        self
    }

    pub(crate) fn json(self, body: Value) -> Self {
        self.body(body.to_string()).header(CONTENT_TYPE.as_str(), "application/json")
    }

    pub(crate) fn body(mut self, body: impl Into<Body>) -> Self {
        *self.request.body_mut() = body.into();
        self
    }

    /// Sends it and takes in the head of the answer alone; what follows comes as it is asked for.
    pub(crate) async fn begin(mut self) -> (Answer, Body) {
        let peer = ConnectionInfo::detached(self.peer);
        self.request.extensions_mut().insert(peer);
        let what = format!("{} {}", self.request.method(), self.request.uri());
        let (parts, body) = self.app.oneshot(self.request).await.unwrap().into_parts();
        let (status, headers) = (parts.status, parts.headers);
        (Answer { what, status, headers, body: Bytes::new() }, body)
    }

    /// Sends it.
    pub(crate) async fn send(self) -> Answer {
        let is_head = self.request.method() == "HEAD";
        let (mut answer, body) = self.begin().await;
        answer.body = to_bytes(body, 64 << 20).await.unwrap();
        answer.check(is_head);
        answer
    }

    /// Sends it and expects a status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> impl Future<Output = Answer> {
        let caller = std::panic::Location::caller();
        async move {
            let answer = self.send().await;
            assert_eq!(
                answer.status.as_u16(),
                status,
                "{caller}: {} answered {:?}",
                answer.what,
                answer.body
            );
            answer
        }
    }
}

/// An answer, taken in whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) what: String,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    fn check(&self, is_head: bool) {
        let kind = self.headers.get("content-type").and_then(|kind| kind.to_str().ok());
        let is_page = usize::from(!kind.is_some_and(|kind| kind.starts_with("audio/")));
        for (name, times) in [
            ("x-content-type-options", 1),
            ("content-security-policy", is_page),
            ("referrer-policy", is_page),
            ("x-frame-options", is_page),
        ] {
            assert_eq!(self.headers.get_all(name).iter().count(), times, "{}: {name}", self.what);
        }
        if self.status.is_client_error() || self.status.is_server_error() {
            self.check_problem(is_head);
        }
    }

    /// Every refusal is a problem document; readiness alone has a shape of its own.
    fn check_problem(&self, is_head: bool) {
        if self.what.ends_with("/readyz") {
            return;
        }
        assert_eq!(self.text("content-type"), "application/problem+json", "{}", self.what);
        if is_head {
            return;
        }
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16(), "{}: {problem}", self.what);
        let code = problem["code"].as_str().unwrap();
        let is_code = |c: char| c.is_ascii_lowercase() || c == '_';
        assert!(!code.is_empty() && code.chars().all(is_code), "{code:?}");
        for name in ["title", "detail"] {
            assert!(problem[name].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
        }
        if matches!(self.status.as_u16(), 429) {
            assert!(self.text("retry-after").parse::<u32>().unwrap() >= 1);
        }
    }

    pub(crate) fn json(&self) -> Value {
        let parsed = serde_json::from_slice(&self.body);
        parsed.unwrap_or_else(|error| panic!("{}: {error}: {:?}", self.what, self.body))
    }

    /// The stable code of a problem.
    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The field a problem names.
    pub(crate) fn field(&self) -> String {
        self.json()["field"].as_str().unwrap_or_default().to_owned()
    }

    /// A header, or nothing.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The login secret that the answer sets.
    pub(crate) fn login(&self) -> String {
        let cookie = self.text(SET_COOKIE.as_str());
        let value = cookie.strip_prefix("quicksync_login=").unwrap();
        value.split(';').next().unwrap().to_owned()
    }
}

/// What is left of a body, and whether it breaks off.
pub(crate) async fn rest(body: Body) -> (Vec<u8>, bool) {
    let (mut bytes, mut pieces) = (Vec::new(), body.into_data_stream());
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(piece) => bytes.extend_from_slice(&piece),
            Err(_) => return (bytes, true),
        }
    }
    (bytes, false)
}
