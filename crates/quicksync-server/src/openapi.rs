//! The OpenAPI document, made from the routes themselves.
//!
//! Decides: what every operation of a group has in common: who may use it, and which problems it may
//! answer. Never: an operation of its own except the one that serves the document.

use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    Components, Content, ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, Ref,
    RefOr, ResponseBuilder, SecurityRequirement,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ServerState;
use crate::router::{Groups, groups};

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Anyone.
    Public,
    /// Any user.
    User,
    /// Any administrator.
    Admin,
    /// Any user, and whoever holds a ticket for the track.
    Media,
}

impl Access {
    const fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::User => "user",
            Self::Admin => "admin",
            Self::Media => "media",
        }
    }

    const fn schemes(self) -> &'static [&'static str] {
        match self {
            Self::Public => &[],
            Self::User | Self::Admin => &["cookie", "token"],
            Self::Media => &["ticket", "cookie", "token"],
        }
    }

    const fn problems(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Public => &[("500", "The server failed"), ("503", "Overloaded: try again")],
            Self::User | Self::Media => &[
                ("401", "No user is known for this request"),
                ("403", "A cookie came with a request caused by another site"),
                ("500", "The server failed"),
                ("503", "Overloaded: try again"),
            ],
            Self::Admin => &[
                ("401", "No user is known for this request"),
                ("403", "The user is no administrator"),
                ("500", "The server failed"),
                ("503", "Overloaded: try again"),
            ],
        }
    }
}

static DOCUMENT: LazyLock<String> =
    LazyLock::new(|| openapi().to_pretty_json().unwrap_or_default());

/// The document of the whole interface.
#[must_use]
pub fn openapi() -> OpenApi {
    let Groups { public, user, admin, media } = groups();
    let mut document = OpenApiBuilder::new().info(info()).build();
    for (group, access) in [
        (public, Access::Public),
        (user, Access::User),
        (admin, Access::Admin),
        (media, Access::Media),
    ] {
        let mut part = group.into_openapi();
        part.paths.paths.values_mut().for_each(|path| describe(path, access));
        document.merge(part);
    }
    let components = document.components.get_or_insert_with(Components::new);
    add_schemes(components);
    document
}

fn info() -> utoipa::openapi::Info {
    let about = "A music server whose streams adapt. Paths answer with and without a trailing \
        slash. Every refusal is a problem document (RFC 9457) with a stable code.";
    InfoBuilder::new()
        .title("Quick Sync")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(about))
        .license(Some(utoipa::openapi::License::new("MIT OR Apache-2.0")))
        .build()
}

fn add_schemes(components: &mut Components) {
    let key = |in_place: fn(ApiKeyValue) -> ApiKey, name: &str, about: &str| {
        SecurityScheme::ApiKey(in_place(ApiKeyValue::with_description(name, about)))
    };
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("An API token. `Authorization: Token ...` is understood too."))
        .build();
    for (name, scheme) in [
        ("cookie", key(ApiKey::Cookie, "quicksync_login", "A login session, made by log_in.")),
        ("token", SecurityScheme::Http(bearer)),
        ("ticket", key(ApiKey::Query, "ticket", "The right to one track, from its manifest.")),
    ] {
        components.add_security_scheme(name, scheme);
    }
}

fn describe(path: &mut PathItem, access: Access) {
    let methods = [&mut path.get, &mut path.head, &mut path.post, &mut path.put, &mut path.patch];
    let operations = methods.into_iter().chain([&mut path.delete]);
    for operation in operations.flatten() {
        describe_operation(operation, access);
    }
}

fn describe_operation(operation: &mut Operation, access: Access) {
    let requirements = access.schemes().iter();
    operation.security = Some(
        requirements.map(|name| SecurityRequirement::new(*name, Vec::<String>::new())).collect(),
    );
    for (status, about) in access.problems() {
        let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new()
            .description(*about)
            .content("application/problem+json", problem)
            .build();
        let responses = &mut operation.responses.responses;
        responses.entry((*status).to_owned()).or_insert_with(|| response.into());
    }
    mark_problems(operation);
    let summary = operation.summary.take().unwrap_or_default();
    operation.summary = Some(summary.trim_end_matches('.').to_owned());
    let extensions = operation.extensions.get_or_insert_default();
    extensions.insert("x-access".to_owned(), access.word().into());
}

/// A problem has a media type of its own, wherever an operation documents one.
fn mark_problems(operation: &mut Operation) {
    let problem = RefOr::Ref(Ref::from_schema_name("Problem"));
    for response in operation.responses.responses.values_mut() {
        let RefOr::T(response) = response else { continue };
        let is_problem = |content: &RefOr<Content>| matches!(content, RefOr::T(content) if content.schema.as_ref() == Some(&problem));
        if response.content.get("application/json").is_some_and(is_problem)
            && let Some(content) = response.content.swap_remove("application/json")
        {
            response.content.insert("application/problem+json".to_owned(), content);
        }
    }
}

pub(crate) fn routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new().routes(routes!(document))
}

/// This document.
#[utoipa::path(get, path = "/api/openapi.json", tag = "server", operation_id = "openapi",
    responses((status = 200, description = "The OpenAPI document",
        body = serde_json::Value, content_type = "application/json")))]
async fn document() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT.as_str())
}
