//! Requests into values, or a problem that names the field at fault.
//!
//! Decides: what a malformed body, query or path answers. Never: what a value means.

use std::borrow::Cow;

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ApiError;

/// The longest body of any JSON request.
pub(crate) const JSON_LIMIT_BYTES: usize = 256 * 1024;

/// A JSON body: taken in whole, unknown fields refused where the type says so; or given out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            let detail = "The body must be JSON, with Content-Type: application/json.";
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(ApiError::new(status, "unsupported_media_type", detail));
        }
        let body = to_bytes(request.into_body(), JSON_LIMIT_BYTES).await.map_err(body_error)?;
        let mut json = serde_json::Deserializer::from_slice(&body);
        let value =
            serde_path_to_error::deserialize(&mut json).map_err(|error| json_error(&error))?;
        json.end().map_err(|error| not_json(&error))?;
        Ok(Self(value))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// The query, unknown parameters ignored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        serde_path_to_error::deserialize(serde_urlencoded::Deserializer::new(pairs))
            .map(Self)
            .map_err(|error| field_error(error.path(), error.inner()))
    }
}

/// The first value of one parameter, whose name is plain; the others are not even decoded.
pub(crate) fn query_value<'a>(uri: &'a Uri, name: &str) -> Option<Cow<'a, str>> {
    let mut pairs = uri.query()?.split('&');
    let is_named = |pair: &&str| {
        let rest = pair.strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    };
    let pair = pairs.find(is_named)?;
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value)
}

/// What the path names. What cannot be a name of ours names nothing: 404.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(rejection) if rejection.status().is_server_error() => {
                Err(ApiError::internal(rejection))
            }
            Err(_) => Err(ApiError::not_found("resource")),
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/json")
}

fn body_error(error: axum::Error) -> ApiError {
    let source = error.into_inner();
    if source.is::<http_body_util::LengthLimitError>() {
        let detail = format!("The body is longer than {JSON_LIMIT_BYTES} bytes.");
        return ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail);
    }
    let detail = "The body ended before it was complete.";
    ApiError::new(StatusCode::BAD_REQUEST, "incomplete_body", detail).cause(source)
}

fn json_error(error: &serde_path_to_error::Error<serde_json::Error>) -> ApiError {
    if error.inner().is_data() {
        field_error(error.path(), error.inner())
    } else {
        not_json(error.inner())
    }
}

fn not_json(error: &serde_json::Error) -> ApiError {
    let detail = format!("The body is not valid JSON: {error}.");
    ApiError::new(StatusCode::BAD_REQUEST, "invalid_json", detail)
}

/// Names the field at fault: by its path, or by what the message quotes where the path ends at the
/// object (a missing or an unknown field).
fn field_error(path: &serde_path_to_error::Path, error: &impl std::fmt::Display) -> ApiError {
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    let path = path.to_string();
    let field = quoted_field(message).map_or_else(
        || path.clone(),
        |name| match path.as_str() {
            "." => name.to_owned(),
            path if path.rsplit('.').next() == Some(name) => path.to_owned(),
            path => format!("{path}.{name}"),
        },
    );
    let field = if field == "." { "body".to_owned() } else { field };
    ApiError::invalid(field.clone(), format!("{field}: {message}."))
}

fn quoted_field(message: &str) -> Option<&str> {
    ["unknown field `", "missing field `", "duplicate field `"]
        .into_iter()
        .find_map(|prefix| message.strip_prefix(prefix)?.split('`').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_parameter_is_found_by_its_whole_name() {
        for (query, value) in [
            ("ticket=a", Some("a")),
            ("x=1&ticket=a%20b+c&y", Some("a b c")),
            ("ticket=a&ticket=b", Some("a")),
            ("ticket", Some("")),
            ("ticket=a=b", Some("a=b")),
            ("ticket2=a&xticket=b", None),
            ("", None),
        ] {
            let uri: Uri = format!("/path?{query}").parse().unwrap();
            assert_eq!(query_value(&uri, "ticket").as_deref(), value, "{query}");
        }
    }
}
