//! What lies around all routes.

use std::{any::Any, time::Duration};

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use mercat_app::{App, ids};
use tower::{Layer as _, ServiceExt as _};
use tower_http::{
    cors::{Any as Everybody, CorsLayer},
    request_id::{MakeRequestId, RequestId},
};
use tracing::Span;
use uuid::Uuid;

use crate::error;

/// The header that a request and its answer are found by in the logs.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How long browsers may remember the answer to a preflight.
const PREFLIGHT_AGE: std::time::Duration = std::time::Duration::from_secs(3600);

/// New request ids.
#[derive(Clone)]
pub(crate) struct RequestIds(pub App);

impl MakeRequestId for RequestIds {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        let id: Uuid = ids::new(self.0.now());
        HeaderValue::try_from(id.simple().to_string()).ok().map(RequestId::new)
    }
}

/// The span of a request: neither token nor query, which may hold one.
pub(crate) fn span(request: &Request) -> Span {
    let path = request.uri().path();
    if path.starts_with("/health/") || path == "/metrics" {
        return tracing::debug_span!("request", path);
    }
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok());
    tracing::info_span!(
        "request",
        method = %request.method(),
        path,
        route,
        request_id = id,
        user = tracing::field::Empty,
    )
}

/// Notes an answer. That all is well is asked every second by whoever watches: it is not worth a line.
pub(crate) fn answered<B>(response: &axum::http::Response<B>, latency: Duration, span: &Span) {
    if span.is_disabled() && response.status().is_success() {
        return;
    }
    tracing::info!(latency = %format_args!("{} ms", latency.as_millis()), status = response.status().as_u16(), "finished processing request");
}

/// The answer in place of a handler that panicked.
pub(crate) fn panicked(reason: Box<dyn Any + Send + 'static>) -> Response {
    let text = reason.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| reason.downcast_ref::<String>().cloned()).unwrap_or_default();
    error::fault(&format!("panic: {text}"))
}

/// Rules for browsers. Credentials are in a header that no browser sends by itself, so every origin may ask.
pub(crate) fn cors() -> CorsLayer {
    const ALLOWED: [HeaderName; 6] = [
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        HeaderName::from_static("x-impersonated-user-uuid"),
        header::ACCEPT_LANGUAGE,
        HeaderName::from_static("idempotency-key"),
        header::IF_NONE_MATCH,
    ];
    const EXPOSED: [HeaderName; 10] = [
        header::ETAG,
        header::LINK,
        header::LOCATION,
        HeaderName::from_static("x-result-count"),
        HeaderName::from_static("x-impersonated-user-uuid"),
        HeaderName::from_static("x-impersonator-uuid"),
        HeaderName::from_static("idempotent-replay"),
        error::WHO,
        error::UNBLOCKS,
        REQUEST_ID,
    ];
    CorsLayer::new()
        .allow_origin(Everybody)
        .allow_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::OPTIONS,
        ])
        .allow_headers(ALLOWED)
        .expose_headers(EXPOSED)
        .max_age(PREFLIGHT_AGE)
        .vary([])
}

/// Answers preflights and adds the headers for browsers. A plain `OPTIONS` asks for a route's metadata and goes on:
/// the layer by itself would take every `OPTIONS` for a preflight.
pub(crate) async fn share(State(cors): State<CorsLayer>, request: Request, next: Next) -> Response {
    let is_preflight = request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if request.method() == Method::OPTIONS && !is_preflight {
        return next.run(request).await;
    }
    match cors.layer(next).oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// The path with the slash that was left out; only the path, so that no proxy's address gets into it.
pub(crate) async fn add_slash(request: Request) -> Response {
    let uri = request.uri();
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    match HeaderValue::try_from(format!("{}/{query}", uri.path())) {
        Ok(location) => (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, location)], Body::empty()).into_response(),
        Err(_) => no_route().await,
    }
}

/// Whether an answer is worth compressing: files are packed already, and a stream has to arrive as it is written.
pub(crate) fn is_text(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    const TEXTS: [&str; 5] =
        ["application/json", "application/javascript", "application/x-ndjson", "image/svg+xml", "text/"];
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    TEXTS.iter().any(|text| kind.starts_with(text)) && !kind.starts_with("text/event-stream")
}

/// Every path that no route has.
pub(crate) async fn no_route() -> Response {
    error::ApiError::no_route().into_response()
}
