//! What lies around all pages.

use std::{any::Any, sync::LazyLock};

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use mercat_app::{App, ids};
use sha2::{Digest as _, Sha256};
use tower_http::request_id::{MakeRequestId, RequestId};
use tracing::{Span, field::Empty};
use uuid::Uuid;

use crate::page;

/// The header that a request and its answer are found by in the logs.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What browsers are told about every answer. The token is in the URL: no other site may learn it, and nothing keeps
/// the page.
const HEADERS: [(HeaderName, HeaderValue); 7] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// What a page may load and where it may send to: its own style sheet, known by its hash, and the script of this site.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(page::STYLE));
    let rest = "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    let policy =
        format!("default-src 'none'; style-src 'sha256-{hash}'; script-src 'self'; connect-src 'self'; {rest}");
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

/// Adds the headers that every answer has.
pub(crate) async fn secure(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        // The script may be kept.
        headers.entry(name).or_insert(value);
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| POLICY.clone());
    response
}

/// New request ids.
#[derive(Clone)]
pub(crate) struct RequestIds(pub App);

impl MakeRequestId for RequestIds {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        let id: Uuid = ids::new(self.0.now());
        HeaderValue::try_from(id.simple().to_string()).ok().map(RequestId::new)
    }
}

/// The span of a request. The route stands in it and not the path, which holds the token.
pub(crate) fn span(request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok());
    tracing::info_span!("request", method = %request.method(), route, request_id = id, user = Empty)
}

/// The page in place of a handler that panicked.
pub(crate) fn panicked(reason: Box<dyn Any + Send + 'static>) -> Response {
    let text = reason.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| reason.downcast_ref::<String>().cloned()).unwrap_or_default();
    page::fault(&format!("panic: {text}"))
}

/// Leads to the path with its slash, relative to this one: a proxy may have put something before it.
pub(crate) async fn add_slash(request: Request) -> Response {
    let last = request.uri().path().rsplit('/').next().unwrap_or_default();
    match HeaderValue::try_from(format!("./{last}/")) {
        Ok(location) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response(),
        Err(_) => page::UNKNOWN.answer(),
    }
}
