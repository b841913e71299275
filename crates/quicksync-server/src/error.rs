//! Every refusal as an RFC 9457 problem document: status, stable code, a sentence for people.
//!
//! Decides: which words reach the client. The cause of a failure goes to the log only. Never: a
//! status without a document.

use std::borrow::Cow;
use std::error::Error;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use quicksync_library::EnsureError;
use quicksync_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

/// A problem document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// The status in words.
    #[schema(example = "Not Found")]
    title: String,
    /// The HTTP status.
    #[schema(example = 404)]
    status: u16,
    /// What went wrong, as a word programs may rely on.
    #[schema(example = "not_found")]
    code: String,
    /// What went wrong, as a sentence.
    #[schema(example = "There is no such track.")]
    detail: String,
    /// The part of the request at fault, where one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

/// A refusal or failure on its way to the client.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    detail: Cow<'static, str>,
    field: Option<Cow<'static, str>>,
    retry_after_s: Option<u32>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl ApiError {
    /// A refusal with a stable `code` in snake case and a sentence.
    #[must_use]
    pub fn new(
        status: StatusCode,
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        let detail = detail.into();
        Self { status, code, detail, field: None, retry_after_s: None, cause: None }
    }

    /// 400: `field` of the request is not as it must be.
    #[must_use]
    pub fn invalid(
        field: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        let error = Self::new(StatusCode::BAD_REQUEST, "invalid_field", detail);
        Self { field: Some(field.into()), ..error }
    }

    /// 401: no user is known for this request.
    #[must_use]
    pub fn unauthenticated() -> Self {
        let detail = "Log in, or send an API token in the Authorization header.";
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", detail)
    }

    /// 403: the user is known and may not.
    #[must_use]
    pub fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// 404: there is no such `what`.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("There is no such {what}."))
    }

    /// 409: it contradicts what is there.
    #[must_use]
    pub fn conflict(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", detail)
    }

    /// 429: too many, for now.
    #[must_use]
    pub fn rate_limited(retry_after_s: u32) -> Self {
        let detail = format!("Too many attempts. Try again in {retry_after_s} s.");
        Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail).retry_after(retry_after_s)
    }

    /// 503: no room for this work just now.
    #[must_use]
    pub fn overloaded() -> Self {
        let detail = "The server has more work than it can do. Try again shortly.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", detail).retry_after(2)
    }

    /// 500: our fault; `cause` goes to the log.
    #[must_use]
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let detail = "The server failed. Its log says why.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail).cause(cause)
    }

    /// The same, naming the part of the request at fault.
    #[must_use]
    pub fn field(mut self, field: impl Into<Cow<'static, str>>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The same, saying when to try again.
    #[must_use]
    pub const fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// The same, with a cause for the log.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The status this will be answered with.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    fn document(self) -> Problem {
        Problem {
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.detail.into_owned(),
            field: self.field.map(Cow::into_owned),
        }
    }

    fn log(&self) {
        let Some(cause) = &self.cause else { return };
        if self.status.is_server_error() {
            tracing::error!(code = self.code, %cause, "request failed");
        } else {
            tracing::debug!(code = self.code, %cause, "request refused");
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.log();
        let (status, retry_after_s) = (self.status, self.retry_after_s);
        let body = serde_json::to_vec(&self.document()).unwrap_or_default();
        let json = HeaderValue::from_static("application/problem+json");
        let mut response = (status, [(CONTENT_TYPE, json)], body).into_response();
        if let Some(seconds) = retry_after_s {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"quicksync\"");
            response.headers_mut().insert(axum::http::header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(what) => Self::conflict(format!("{what} exists already.")),
            StoreError::Gap(what) => Self::conflict(format!("{what} is not there yet.")),
            StoreError::DiskFull => {
                let detail = "The disk that holds the database is full: nothing was saved.";
                Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk_full", detail).cause(error)
            }
            StoreError::Busy => {
                let detail = "The database is busy: nothing was saved. Try again.";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail)
                    .retry_after(1)
                    .cause(error)
            }
            StoreError::Failed(_) => Self::internal(error),
        }
    }
}

impl From<EnsureError> for ApiError {
    fn from(error: EnsureError) -> Self {
        match error {
            EnsureError::NotFound => Self::not_found("track"),
            EnsureError::Unavailable => unavailable(),
            EnsureError::Unplayable(reason) => unplayable(&reason),
            EnsureError::Store(error) => error.into(),
        }
    }
}

/// 503: the track's file, or its whole folder, is missing for now.
pub(crate) fn unavailable() -> ApiError {
    let detail = "The track's file is not there at the moment.";
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "track_unavailable", detail).retry_after(30)
}

/// 422: the track's file cannot be played.
pub(crate) fn unplayable(reason: &str) -> ApiError {
    let detail = format!("The track cannot be played: {reason}.");
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "unplayable", detail)
}
