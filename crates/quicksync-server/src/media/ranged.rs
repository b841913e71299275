//! Bytes of a known length, whole or by range (RFC 9110 sections 13 and 14).
//!
//! Decides: 200, 206, 304 or 416, and every header but the bytes' own. Several ranges at once are
//! answered with the whole, as section 14.2 allows: no player asks for them, and a body of many parts
//! would be a way to make one request cost as much as a thousand. Never: where the bytes come from.

use std::ops::Range;

use axum::body::Body;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE,
    ETAG, IF_RANGE, LAST_MODIFIED, RANGE,
};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::range::ByteRange;
use crate::ApiError;
use crate::caching::{REVALIDATE, is_known};

/// What is known of the bytes before one of them is read or made.
#[derive(Debug)]
pub(super) struct RangedBytes {
    pub(super) size: u64,
    /// Strong: other bytes have another one.
    pub(super) etag: String,
    /// When they were last changed, where that is known.
    pub(super) modified: Option<String>,
    pub(super) media_type: &'static str,
    pub(super) disposition: String,
}

/// What a request comes down to.
#[derive(Debug)]
pub(super) enum Asked {
    /// No bytes are needed: this is the answer.
    Answered(Box<Response>),
    /// These bytes.
    Bytes(Span),
}

/// The bytes of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) range: Range<u64>,
    /// Whether they answer a range, be it one of everything: 206.
    is_part: bool,
}

impl RangedBytes {
    /// What a request asks for.
    pub(super) fn asked(&self, method: &Method, headers: &HeaderMap) -> Asked {
        if is_known(headers, &self.etag) {
            let known = (StatusCode::NOT_MODIFIED, self.validators()).into_response();
            return Asked::Answered(Box::new(known));
        }
        let span = match self.range(headers) {
            ByteRange::Whole => Span { range: 0..self.size, is_part: false },
            ByteRange::Part { first, last } => {
                Span { range: first..last.saturating_add(1), is_part: true }
            }
            ByteRange::Outside => return Asked::Answered(Box::new(self.outside())),
        };
        if method == Method::HEAD {
            // A HEAD says what GET would, and no byte is made for it.
            let head = self.answer(&span, Body::empty());
            return Asked::Answered(Box::new(head.into_response()));
        }
        Asked::Bytes(span)
    }

    fn range(&self, headers: &HeaderMap) -> ByteRange {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let is_same =
            |condition: &str| condition == self.etag || self.modified.as_deref() == Some(condition);
        match text(IF_RANGE) {
            Some(condition) if !is_same(condition) => ByteRange::Whole,
            _ => ByteRange::parse(text(RANGE), self.size),
        }
    }

    /// The answer with `body`, which is the bytes of `span`.
    pub(super) fn answer(&self, span: &Span, body: Body) -> Result<Response, ApiError> {
        let (size, Span { range, is_part }) = (self.size, span);
        let length = range.end - range.start;
        let about = [
            (ACCEPT_RANGES, "bytes".to_owned()),
            (CONTENT_TYPE, self.media_type.to_owned()),
            (CONTENT_LENGTH, length.to_string()),
            (CONTENT_DISPOSITION, self.disposition.clone()),
        ];
        let mut response = (self.validators(), about, body).into_response();
        if *is_part {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let part = format!("bytes {}-{}/{size}", range.start, range.end - 1);
            let part = part.parse().map_err(ApiError::internal)?;
            response.headers_mut().insert(CONTENT_RANGE, part);
        }
        Ok(response)
    }

    fn validators(&self) -> HeaderMap {
        let fields = [
            (ETAG, Some(self.etag.as_str())),
            (LAST_MODIFIED, self.modified.as_deref()),
            (CACHE_CONTROL, Some(REVALIDATE)),
        ];
        let value = |text: Option<&str>| text?.parse().ok();
        fields.into_iter().filter_map(|(name, text)| Some((name, value(text)?))).collect()
    }

    fn outside(&self) -> Response {
        let size = self.size;
        let detail = format!("There are {size} bytes.");
        let status = StatusCode::RANGE_NOT_SATISFIABLE;
        let error = ApiError::new(status, "range_not_satisfiable", detail).field("range");
        ([(CONTENT_RANGE, format!("bytes */{size}"))], error).into_response()
    }
}
