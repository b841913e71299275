//! Every route, in the group whose gate it stands behind.
//!
//! Decides: which gate. A route is private unless it is registered in the public group. Never: what a
//! route does, what happens to every request.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::uri::{PathAndQuery, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;
use utoipa_axum::router::OpenApiRouter;

use crate::auth::{self, gate};
use crate::openapi::Access;
use crate::{ApiError, ServerState};
use crate::{account, health, library, media, metrics, openapi, pages, quick_sync, users};

/// The routes by who may use them.
pub(crate) struct Groups {
    pub(crate) public: OpenApiRouter<ServerState>,
    pub(crate) user: OpenApiRouter<ServerState>,
    pub(crate) admin: OpenApiRouter<ServerState>,
    pub(crate) media: OpenApiRouter<ServerState>,
}

pub(crate) fn groups() -> Groups {
    Groups {
        public: OpenApiRouter::new().merge(auth::public_routes()).merge(health::routes()),
        user: OpenApiRouter::new()
            .merge(auth::user_routes())
            .merge(account::routes())
            .merge(library::user_routes())
            .merge(media::user_routes())
            .merge(openapi::routes())
            .merge(quick_sync::routes()),
        admin: OpenApiRouter::new()
            .merge(library::admin_routes())
            .merge(metrics::routes())
            .merge(users::routes()),
        media: OpenApiRouter::new().merge(media::media_routes()),
    }
}

/// Every route under its path, with and without a slash at its end.
pub(crate) fn router(state: &ServerState) -> Router {
    let Groups { public, user, admin, media } = groups();
    let gated = |routes: OpenApiRouter<ServerState>, access: Access| {
        let routes = routes.split_for_parts().0;
        match access {
            Access::Public => routes,
            Access::User => routes.route_layer(from_fn_with_state(state.clone(), gate::user)),
            Access::Admin => routes.route_layer(from_fn_with_state(state.clone(), gate::admin)),
            Access::Media => routes
                .route_layer(from_fn_with_state(state.clone(), quick_sync::tap))
                .route_layer(from_fn_with_state(state.clone(), gate::media)),
        }
    };
    let routes = Router::new()
        .merge(gated(public, Access::Public))
        .merge(gated(user, Access::User))
        .merge(gated(admin, Access::Admin))
        .merge(gated(media, Access::Media))
        .merge(pages::routes())
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(pages::answer)
        .with_state(state.clone());
    routes.clone().fallback_service(axum::routing::any(other_slash).with_state(routes))
}

/// Tries the path with a trailing slash if it had none, and without if it had one.
async fn other_slash(State(routes): State<Router>, mut request: Request) -> Response {
    let path = request.uri().path();
    let path = path.strip_suffix('/').map_or_else(|| format!("{path}/"), str::to_owned);
    if path.ends_with('/') && request.uri().path().ends_with('/') {
        return no_route().into_response();
    }
    match with_path(request.uri(), &path) {
        Some(uri) => *request.uri_mut() = uri,
        None => return no_route().into_response(),
    }
    forward(routes, request).await
}

/// What the routes answer.
pub(crate) async fn forward(routes: Router, request: Request) -> Response {
    match routes.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// The address with another path, if that can be one.
pub(crate) fn with_path(uri: &Uri, path: &str) -> Option<Uri> {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(format!("{path}{query}")).ok()?);
    Uri::from_parts(parts).ok()
}

/// There is nothing at the address.
pub(crate) fn no_route() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "no_such_route", "There is nothing at this address.")
}

async fn method_not_allowed() -> ApiError {
    let detail = "This address does not answer that method.";
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}
