//! More requests than can be worked on: a bounded number waits, and whoever comes after that is told to come again at
//! once, instead of everybody waiting for longer and longer. Changes do not wait behind reads.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tokio::{sync::Semaphore, time::timeout};

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
    /// Files on their way in, which take as long as their sender's line.
    uploads: Semaphore,
    /// The longest that a request takes, its turn included.
    patience: Duration,
}

impl Gate {
    /// A gate for so many reads and as many changes at once, each for no longer than `patience`.
    #[must_use]
    pub fn new(most: usize, patience: Duration) -> Arc<Self> {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let most = most.clamp(1, Semaphore::MAX_PERMITS);
        Arc::new(Self {
            reads: Semaphore::new(most),
            changes: Semaphore::new(most),
            working: Semaphore::new(4 * processors),
            uploads: Semaphore::new(most),
            patience,
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
    let is_upload = !is_read && is_upload(&request);
    let places = match (is_read, is_upload) {
        (true, _) => &gate.reads,
        (false, true) => &gate.uploads,
        (false, false) => &gate.changes,
    };
    let Ok(_place) = places.try_acquire() else { return full() };
    if is_upload {
        return next.run(request).await;
    }
    let answer = async {
        // A change may wait for its body: it must not keep others from working.
        let _turn = if is_read { gate.working.acquire().await.ok() } else { None };
        next.run(request).await
    };
    timeout(gate.patience, answer).await.unwrap_or_else(|_| late())
}

/// A file takes as long as its sender's line; only its pauses are bounded.
fn is_upload(request: &Request) -> bool {
    let media = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media.trim_start().get(..10).is_some_and(|start| start.eq_ignore_ascii_case("multipart/"))
}

fn full() -> Response {
    metrics::counter!("mercat_requests_refused_total").increment(1);
    away("Too many requests are being answered. Try again in a moment.")
}

fn late() -> Response {
    tracing::error!("a request took too long: does the database answer?");
    away("This took too long and was given up. If it was a change, look whether it has happened before you try again.")
}

fn away(text: &str) -> Response {
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
    async fn what_never_ends_is_given_up_but_an_upload_is_not() {
        let go = Arc::new(Notify::new());
        let arrived = Arc::clone(&go);
        let router = Router::new()
            .route("/never/", get(std::future::pending::<()>).post(async move || arrived.notified().await))
            .layer(from_fn_with_state(Gate::new(4, Duration::from_millis(50)), admit));
        let upload = Request::post("/never/").header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        let upload = tokio::spawn(router.clone().oneshot(upload.body(Body::empty()).expect("a request")));
        for method in [Method::GET, Method::POST] {
            assert_eq!(status(&router, method, "/never/").await, (StatusCode::SERVICE_UNAVAILABLE, true));
        }
        let read = Request::get("/never/").header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        let read = router.clone().oneshot(read.body(Body::empty()).expect("a request")).await.expect("an answer");
        assert_eq!(read.status(), StatusCode::SERVICE_UNAVAILABLE, "what is called an upload is not one");
        go.notify_one();
        let response = upload.await.expect("it ran").expect("an answer");
        assert_eq!(response.status(), StatusCode::OK);
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
            .layer(from_fn_with_state(Gate::new(2, Duration::from_secs(60)), admit));
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
