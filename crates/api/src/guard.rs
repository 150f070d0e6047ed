//! What happens before and after every handler, in Waldur's order: content negotiation, who calls, `OPTIONS`, the
//! method (spec 3.1); then the headers that every answer has.

use std::{collections::HashMap, sync::Arc, time::Duration};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use mercat_app::auth::{AuthError, Identity, authenticate};

use crate::{
    accept::negotiate,
    body::Caller,
    credentials,
    error::ApiError,
    events::STREAM,
    options,
    query::Query,
    routes::{self, Access, MEDIA, Route},
    state::Api,
};

const ACT_AS: &str = "x-impersonated-user-uuid";
const IMPERSONATOR: HeaderName = HeaderName::from_static("x-impersonator-uuid");
/// Of a body that nobody wants, in bytes.
const MOST_DISCARDED: usize = 64 * 1024;
/// Nobody is waited for longer who sends one.
const DISCARDING: Duration = Duration::from_secs(2);
const FRAMES: HeaderValue = HeaderValue::from_static("DENY");
const VARY: HeaderValue = HeaderValue::from_static("Accept-Language, Cookie");
const LANGUAGE: HeaderValue = HeaderValue::from_static("en");

/// The guard's tables.
#[derive(Clone)]
pub(crate) struct Guard {
    api: Api,
    routes: Arc<HashMap<&'static str, &'static Route>>,
}

impl Guard {
    /// A guard of all routes.
    pub fn new(api: Api) -> Self {
        let routes = routes::all().iter().chain([&MEDIA]).map(|route| (route.path, route)).collect();
        Self { api, routes: Arc::new(routes) }
    }
}

/// Lets a request through to its handler, or answers in its place.
pub(crate) async fn guard(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let route = path.and_then(|path| guard.routes.get(path).copied());
    let mut response = match route {
        None => next.run(request).await,
        Some(route) => match admit(&guard.api, route, &mut request).await {
            Ok(identity) => {
                let response = proceed(route, request, next).await;
                told_impersonator(response, identity.as_deref())
            }
            Err(error) => {
                discard(request).await;
                error.into_response()
            }
        },
    };
    finish(response.headers_mut(), route);
    response
}

/// Negotiates and finds out who calls.
async fn admit(api: &Api, route: &Route, request: &mut Request) -> Result<Option<Arc<Identity>>, ApiError> {
    let query = Query::parse(request.uri().query().unwrap_or_default());
    if ![MEDIA.path, STREAM].contains(&route.path) {
        negotiate(request.headers(), &query)?;
    }
    let identity = match (identify(api, request.headers(), &query).await, route.access) {
        (Ok(identity), _) => Arc::new(identity),
        (Err(ApiError::Unauthorized(_)), Access::Anybody) => return Ok(None),
        (Err(error), _) => return Err(error),
    };
    tracing::Span::current().record("user", tracing::field::display(identity.actor.id));
    request.extensions_mut().insert(Caller(Arc::clone(&identity)));
    Ok(Some(identity))
}

async fn identify(api: &Api, headers: &HeaderMap, query: &Query) -> Result<Identity, ApiError> {
    let token = credentials::token(headers, query).map_err(|text| ApiError::Unauthorized(text.into()))?;
    authenticate(&api.app, &token, act_as(headers)).await.map_err(unknown)
}

/// Why a token is not accepted.
pub(crate) fn unknown(error: AuthError) -> ApiError {
    match error {
        AuthError::App(error) => error.into(),
        other => ApiError::Unauthorized(other.to_string().into()),
    }
}

/// Reads a small body that nobody wants: a connection that is closed with something unread breaks before the client
/// has seen the answer. Clients with large ones ask first, or read the answer while they send.
async fn discard(request: Request) {
    let asks_first = request.headers().contains_key(header::EXPECT);
    let told = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if !asks_first && told.unwrap_or(0) <= MOST_DISCARDED {
        tokio::time::timeout(DISCARDING, axum::body::to_bytes(request.into_body(), MOST_DISCARDED)).await.ok();
    }
}

async fn proceed(route: &'static Route, request: Request, next: Next) -> Response {
    match request.method() {
        &Method::OPTIONS => options::metadata(route).unwrap_or_else(ApiError::into_response),
        method if route.works.contains(method) => next.run(request).await,
        method => ApiError::method(method).into_response(),
    }
}

/// The user that the caller wants to be; only staff are heard.
pub(crate) fn act_as(headers: &HeaderMap) -> Option<&str> {
    headers.get(ACT_AS).and_then(|value| value.to_str().ok())
}

fn told_impersonator(mut response: Response, identity: Option<&Identity>) -> Response {
    let staff = identity.and_then(|identity| identity.impersonator);
    if let Some(value) = staff.and_then(|staff| HeaderValue::try_from(staff.to_string()).ok()) {
        response.headers_mut().insert(IMPERSONATOR, value);
    }
    response
}

fn finish(headers: &mut HeaderMap, route: Option<&Route>) {
    if let Some(route) = route {
        headers.insert(header::ALLOW, HeaderValue::from_static(route.allow));
    }
    headers.insert(header::X_FRAME_OPTIONS, FRAMES);
    headers.insert(header::VARY, VARY);
    headers.insert(header::CONTENT_LANGUAGE, LANGUAGE);
}
