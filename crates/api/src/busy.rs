//! More requests than can be worked on: a bounded number waits, and whoever comes after that is told to come again at
//! once, instead of everybody waiting for longer and longer. Changes do not wait behind reads.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tokio::sync::Semaphore;

use crate::error;

/// In seconds: what waits now is done by then.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");
/// What waits for news by itself, or has to be answered when nothing else is.
const ALWAYS: [&str; 3] = ["/api/event-feed/", "/health/", "/metrics"];

/// How many requests may be inside.
#[derive(Debug)]
pub struct Gate {
    reads: Semaphore,
    changes: Semaphore,
    /// Of the reads, those that are worked on. More at once would only take turns on the processors, and changes with them.
    working: Semaphore,
}

impl Gate {
    /// A gate for so many reads and as many changes at once.
    #[must_use]
    pub fn new(most: usize) -> Arc<Self> {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let most = most.clamp(1, Semaphore::MAX_PERMITS);
        Arc::new(Self {
            reads: Semaphore::new(most),
            changes: Semaphore::new(most),
            working: Semaphore::new(4 * processors),
        })
    }
}

/// Lets a request in, now or in its turn, or sends it away.
pub async fn admit(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if ALWAYS.iter().any(|always| path.starts_with(always)) {
        return next.run(request).await;
    }
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let places = if is_read { &gate.reads } else { &gate.changes };
    let Ok(_place) = places.try_acquire() else { return full() };
    // A change may wait for its body: it must not keep others from working.
    let _turn = if is_read { gate.working.acquire().await.ok() } else { None };
    next.run(request).await
}

fn full() -> Response {
    metrics::counter!("mercat_requests_refused_total").increment(1);
    let text = "Too many requests are being answered. Try again in a moment.";
    ([(header::RETRY_AFTER, RETRY_AFTER)], error::detail(StatusCode::SERVICE_UNAVAILABLE, text)).into_response()
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, middleware::from_fn_with_state, routing::get};
    use tokio::sync::Notify;
    use tower::ServiceExt as _;

    use super::*;

    async fn status(router: &Router, method: Method, path: &str) -> (StatusCode, bool) {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).expect("a request");
        let response = router.clone().oneshot(request).await.expect("an answer");
        (response.status(), response.headers().contains_key(header::RETRY_AFTER))
    }

    #[tokio::test]
    async fn whoever_is_too_many_is_sent_away_and_changes_go_on() {
        let (inside, go) = (Arc::new(Semaphore::new(0)), Arc::new(Notify::new()));
        let slow = {
            let (inside, go) = (Arc::clone(&inside), Arc::clone(&go));
            move || async move {
                inside.add_permits(1);
                go.notified().await;
            }
        };
        let router = Router::new()
            .route("/slow/", get(slow))
            .route("/quick/", get(async || {}).post(async || {}))
            .route("/health/live", get(async || {}))
            .layer(from_fn_with_state(Gate::new(2), admit));
        let slow: Vec<_> = (0..2)
            .map(|_| {
                let router = router.clone();
                tokio::spawn(async move { status(&router, Method::GET, "/slow/").await })
            })
            .collect();
        inside.acquire_many(2).await.expect("both are inside").forget();
        assert_eq!(status(&router, Method::GET, "/quick/").await, (StatusCode::SERVICE_UNAVAILABLE, true));
        assert_eq!(status(&router, Method::POST, "/quick/").await, (StatusCode::OK, false));
        assert_eq!(status(&router, Method::GET, "/health/live").await, (StatusCode::OK, false));
        go.notify_waiters();
        for one in slow {
            assert_eq!(one.await.expect("it ran"), (StatusCode::OK, false));
        }
        assert_eq!(status(&router, Method::GET, "/quick/").await, (StatusCode::OK, false));
    }
}
