//! More requests than can be worked on: a bounded number waits, and whoever comes after that is told to come again at
//! once, instead of everybody waiting for longer and longer. Changes do not wait behind reads, nor behind bodies that are
//! still on their way: whoever sends one slowly takes no place among them.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, HttpBody as _},
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http_body_util::BodyExt as _;
use tokio::{sync::Semaphore, time::timeout};

use crate::error::{self, ApiError};

/// In bytes: a body up to this size is kept until it is whole, before its request takes a place. It is about what a connection
/// takes anyway, so that the limit of open files bounds both; most bodies are smaller.
const SMALL: u64 = 16 * 1024;
/// In seconds: what waits now is done by then.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");
/// Where everybody may send something: nothing that comes here is a file.
const SIGNING_IN: &str = "/api-auth/";
/// What waits for news by itself, or has to be answered when nothing else is.
const ALWAYS: [&str; 3] = ["/api/event-feed/", "/health/", "/metrics"];

/// How many requests may be inside.
#[derive(Debug)]
pub struct Gate {
    reads: Semaphore,
    changes: Semaphore,
    /// Of the reads, those that are worked on. More at once would only take turns on the processors, and changes with them.
    working: Semaphore,
    /// Changes with large bodies.
    large: Semaphore,
    /// Files on their way in, which take as long as their sender's line.
    files: Semaphore,
    /// The longest that a small body takes to arrive, and the longest that a request takes then, its turn included.
    patience: Duration,
    /// The longest that a small body may pause.
    pause: Duration,
}

impl Gate {
    /// A gate for so many of each kind at once, each for no longer than `patience`, and bodies that pause for no longer than
    /// `pause`.
    #[must_use]
    pub fn new(most: usize, patience: Duration, pause: Duration) -> Arc<Self> {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let most = most.clamp(1, Semaphore::MAX_PERMITS);
        Arc::new(Self {
            reads: Semaphore::new(most),
            changes: Semaphore::new(most),
            working: Semaphore::new(4 * processors),
            large: Semaphore::new(most),
            files: Semaphore::new(most),
            patience,
            pause,
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
    let arrives = if is_read { Arrives::Whole } else { Arrives::of(&request) };
    let request = match arrives {
        Arrives::Soon => match timeout(gate.patience, arrived(request, gate.pause)).await {
            Ok(Some(request)) => request,
            _ => return unsent(),
        },
        _ => request,
    };
    let places = match arrives {
        _ if is_read => &gate.reads,
        Arrives::Whole | Arrives::Soon => &gate.changes,
        Arrives::Slowly => &gate.large,
        Arrives::AsFile => &gate.files,
    };
    let Ok(_place) = places.try_acquire() else { return full() };
    if arrives == Arrives::AsFile {
        return next.run(request).await;
    }
    let answer = async {
        let _turn = if is_read { gate.working.acquire().await.ok() } else { None };
        next.run(request).await
    };
    timeout(gate.patience, answer).await.unwrap_or_else(|_| late())
}

/// How the body of a request comes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arrives {
    /// There is none.
    Whole,
    /// It is small.
    Soon,
    /// It may be large, or its sender asks first.
    Slowly,
    /// It takes as long as its sender's line; only its pauses are bounded.
    AsFile,
}

impl Arrives {
    fn of(request: &Request) -> Self {
        let asks_first = request.headers().contains_key(header::EXPECT);
        match request.body().size_hint().upper() {
            Some(0) => Self::Whole,
            Some(..=SMALL) if !asks_first => Self::Soon,
            _ if is_file(request) => Self::AsFile,
            _ => Self::Slowly,
        }
    }
}

/// Whether the body is a form with files, of somebody who says who they are: that is looked at before the body is.
fn is_file(request: &Request) -> bool {
    let headers = request.headers();
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_form = media.trim_start().get(..10).is_some_and(|start| start.eq_ignore_ascii_case("multipart/"));
    let is_known = headers.contains_key(header::AUTHORIZATION) || headers.contains_key(header::COOKIE);
    is_form && is_known && !request.uri().path().starts_with(SIGNING_IN)
}

/// The same request with its body in memory; `None` if that does not come.
async fn arrived(request: Request, pause: Duration) -> Option<Request> {
    let (parts, mut body) = request.into_parts();
    let mut whole = Vec::new();
    while let Some(frame) = timeout(pause, body.frame()).await.ok()? {
        // Copied: a frame of one byte may hold all that it was read into.
        if let Ok(data) = frame.ok()?.into_data() {
            whole.extend_from_slice(&data);
        }
    }
    Some(Request::from_parts(parts, Body::from(whole)))
}

fn unsent() -> Response {
    metrics::counter!("mercat_requests_refused_total").increment(1);
    tracing::debug!("a body was not sent to its end");
    ApiError::unsent().into_response()
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
    use axum::{
        Router,
        body::{Body, Bytes},
        middleware::from_fn_with_state,
        routing::{get, post},
    };
    use futures_util::stream;
    use http_body_util::Limited;
    use tokio::sync::Notify;
    use tower::ServiceExt as _;

    use super::*;

    const PAUSE: Duration = Duration::from_secs(30);

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
            .route("/api-auth/", post(std::future::pending::<()>))
            .layer(from_fn_with_state(Gate::new(4, Duration::from_millis(50), PAUSE), admit));
        let large = || Body::from(vec![0; 100_000]);
        let form = |path: &str| Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
        let upload = form("/never/").header(header::AUTHORIZATION, "Token x").body(large()).expect("a request");
        let upload = tokio::spawn(router.clone().oneshot(upload));
        for stranger in [form("/never/"), form("/api-auth/").header(header::AUTHORIZATION, "Token x")] {
            let answer = router.clone().oneshot(stranger.body(large()).expect("a request")).await.expect("an answer");
            assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "nobody's form is a file");
        }
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
    async fn who_sends_a_body_slowly_takes_no_place_of_a_change() {
        let router = Router::new()
            .route("/", post(async |_: String| {}))
            .layer(from_fn_with_state(Gate::new(1, Duration::from_millis(200), PAUSE), admit));
        let send = |body: Body| {
            let request = Request::post("/").body(body).expect("a request");
            let router = router.clone();
            async move { router.oneshot(request).await.expect("an answer").status() }
        };
        let never = || Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        let small = tokio::spawn(send(Body::new(Limited::new(never(), 10))));
        let large = tokio::spawn(send(never()));
        tokio::task::yield_now().await;
        assert_eq!(send(Body::from("quick")).await, StatusCode::OK);
        assert_eq!(send(never()).await, StatusCode::SERVICE_UNAVAILABLE, "large ones have places of their own");
        assert_eq!(small.await.expect("it ran"), StatusCode::REQUEST_TIMEOUT);
        assert_eq!(large.await.expect("it ran"), StatusCode::SERVICE_UNAVAILABLE);
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
            .layer(from_fn_with_state(Gate::new(2, Duration::from_secs(60), PAUSE), admit));
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
