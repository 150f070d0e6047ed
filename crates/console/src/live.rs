//! What happens while a page is open: server-sent events that name the orders that changed, and the script that asks
//! for them.

use std::{collections::VecDeque, convert::Infallible, fmt::Write as _, sync::Arc, sync::LazyLock, time::Duration};

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use mercat_app::{
    App,
    auth::{AuthError, authenticate},
    events::{EventFilter, EventView, Follower, page, poll_other_processes},
    standing::Standing,
};
use sha2::{Digest as _, Sha256};

use crate::{form::Form, page::fault, session, site::Site};

const SCRIPT: &str = include_str!("../templates/script.js");

/// The path of the script: another one for another script, so that browsers may keep it.
pub(crate) static SCRIPT_PATH: LazyLock<String> = LazyLock::new(|| {
    let hash = Sha256::digest(SCRIPT);
    let mut path = "/console-".to_owned();
    for byte in hash.iter().take(8) {
        // Writing to a string cannot fail.
        let _ = write!(path, "{byte:02x}");
    }
    path + ".js"
});

/// Where the events come from.
pub(crate) const PLACE: &str = "/live/";
/// A stream that has nothing to say says so this often.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Tells proxies that gather answers to hand on what they have.
const UNBUFFERED: [(HeaderName, HeaderValue); 1] =
    [(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"))];
/// Whoever is further behind than this loads the page again rather than hear of each change.
const FARTHEST_BEHIND: i64 = 1000;
/// So many events are read at once.
const MOST: u64 = 500;

/// The script.
pub(crate) async fn script() -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    (headers, SCRIPT).into_response()
}

/// Names each order that changes, to whoever sees it. A page that says where in the log it was made misses nothing. Who
/// has not signed in gets 401, and the browser does not try again.
pub(crate) async fn follow(State(site): State<Site>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let app = &site.app;
    let Some(secret) = session::secret(&headers) else { return StatusCode::UNAUTHORIZED.into_response() };
    let actor = match authenticate(app, secret, None).await {
        Ok(identity) => identity.actor,
        Err(AuthError::App(error)) => return fault(&error),
        Err(_) => return StatusCode::UNAUTHORIZED.into_response(),
    };
    if let Err(error) = poll_other_processes(app).await {
        return fault(&error);
    }
    let query = query.unwrap_or_default();
    let form = Form::of(query.as_bytes());
    let last = headers.get("last-event-id").and_then(|last| last.to_str().ok()).unwrap_or_else(|| form.text("after"));
    let newest = app.newest_seq();
    let nearest = (newest - FARTHEST_BEHIND).max(0);
    let after = last.parse().ok().filter(|after| (nearest..=newest).contains(after));
    let order = form.text("order").parse().ok();
    let reader = Reader {
        cursor: after.unwrap_or(newest),
        is_lost: after.is_none(),
        filter: EventFilter { order, kinds: vec!["order.*".to_owned()], ..EventFilter::default() },
        follower: Follower::of(app),
        standing: Standing::of(app, secret, None, actor),
        app: app.clone(),
        ready: VecDeque::new(),
    };
    let events = stream::unfold(reader, Reader::next);
    (UNBUFFERED, Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))).into_response()
}

/// Somebody with an open page.
struct Reader {
    app: App,
    standing: Arc<Standing>,
    filter: EventFilter,
    cursor: i64,
    /// The page knows no place in this log: it is told at once that something changed.
    is_lost: bool,
    follower: Follower,
    ready: VecDeque<Arc<EventView>>,
}

impl Reader {
    /// The next event; `None` when the reader is signed out, or the process was told to stop.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if std::mem::take(&mut self.is_lost) {
            let event = named("any", self.cursor);
            return Some((Ok(event), self));
        }
        loop {
            if let Some(view) = self.ready.pop_front() {
                let order = view.row.order_id.map(|id| id.to_string()).unwrap_or_default();
                let event = named(&order, view.row.seq);
                return Some((Ok(event), self));
            }
            let actor = match self.standing.actor(&self.app).await {
                Ok(actor) => actor,
                Err(AuthError::App(error)) => return ended(&error),
                Err(_) => return None,
            };
            match page(&self.app, &actor, &self.filter, self.cursor, MOST).await {
                Ok(batch) => {
                    self.cursor = batch.cursor;
                    self.ready = batch.events.into();
                }
                Err(error) => return ended(&error),
            }
            if self.follower.is_over() {
                return None;
            }
            if self.ready.is_empty() {
                self.follower.wait(self.cursor, KEEP_ALIVE).await;
            }
        }
    }
}

fn named(order: &str, seq: i64) -> Event {
    Event::default().event("order").id(seq.to_string()).data(order)
}

fn ended<T>(error: &mercat_app::AppError) -> Option<T> {
    tracing::error!(%error, "a page could not follow what happens");
    None
}
