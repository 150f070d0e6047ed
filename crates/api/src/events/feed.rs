//! `/api/event-feed/`: everything that the caller sees, to follow without a gap: as JSON that waits for news, and as
//! server-sent events that go on after `Last-Event-ID`.

use std::{
    collections::VecDeque,
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, stream};
use mercat_app::{
    App,
    auth::AuthError,
    events::{Batch, EventBody, EventFilter, EventView, Follower, page, poll_other_processes},
    standing::Standing,
};
use mercat_domain::{
    event::is_event_type,
    invalid::{FieldErrors, Invalid},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    answer, credentials,
    error::ApiError,
    guard::{act_as, unknown},
    query::Query,
    rest::{Asked, Gives, Op, ParamKind, QueryParam, invalid},
    state::Api,
};

const TAG: &str = "event-feed";
/// The header in which a browser says where it was.
const LAST_EVENT: &str = "Last-Event-ID";

/// Where server-sent events come from; it is no JSON, so nobody is asked whether they take that.
pub(crate) const STREAM: &str = "/api/event-feed/stream/";

/// The most events in one answer.
const MOST: u64 = 500;
/// The longest that an answer waits for news, in seconds.
const LONGEST_WAIT: u64 = 60;
/// A stream that has nothing to say says so this often.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Tells proxies that gather answers to hand on what they have.
const UNBUFFERED: [(HeaderName, HeaderValue); 1] =
    [(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"))];

/// What the query asks for.
struct Wish {
    filter: EventFilter,
    after: i64,
    wait: u64,
    limit: u64,
}

impl Wish {
    fn of(query: &Query) -> Result<Self, ApiError> {
        let mut errors = FieldErrors::new();
        let mut id = |name: &'static str| {
            let text = query.last(name).filter(|text| !text.is_empty())?;
            Uuid::try_parse(text).map_err(|_| errors.push(name, "Enter a valid UUID.")).ok()
        };
        let (order, project) = (id("order_uuid"), id("project_uuid"));
        let (customer, provider) = (id("customer_uuid"), id("provider_uuid"));
        let mut number = |name: &'static str, usual: i64| match query.last(name).filter(|text| !text.is_empty()) {
            None => usual,
            Some(text) => text.parse().ok().filter(|number| *number >= 0).unwrap_or_else(|| {
                errors.push(name, "A valid integer is required.");
                usual
            }),
        };
        let (after, wait, limit) = (number("after", 0), number("wait", 0), number("limit", 100));
        let kinds: Vec<String> = query.all("type").map(str::to_owned).collect();
        for name in kinds.iter().filter(|name| !is_event_type(name)) {
            errors.push("type", format!("\"{name}\" is not a valid choice."));
        }
        if !errors.is_empty() {
            return Err(invalid(errors));
        }
        Ok(Self {
            filter: EventFilter { order, project, customer, provider, kinds },
            after,
            wait: wait.unsigned_abs().min(LONGEST_WAIT),
            limit: limit.unsigned_abs().clamp(1, MOST),
        })
    }
}

/// Events after a number; without any it waits for some, for as long as the caller likes.
async fn list(headers: HeaderMap, asked: Asked) -> Result<Response, ApiError> {
    let wish = Wish::of(&asked.query)?;
    let app = &asked.api.app;
    let standing = standing(app, &headers, &asked)?;
    known(app, "after", wish.after).await?;
    let mut follower = Follower::of(app);
    let end = Instant::now() + Duration::from_secs(wish.wait);
    let mut after = wish.after;
    loop {
        // Whoever lost the right to listen while waiting hears no more.
        let actor = standing.actor(app).await.map_err(unknown)?;
        let batch = page(app, &actor, &wish.filter, after, wish.limit).await?;
        let left = end.saturating_duration_since(Instant::now());
        if !batch.events.is_empty() || left.is_zero() || follower.is_over() {
            let events: Vec<EventBody> = batch.events.iter().map(|view| EventBody::from(view.as_ref())).collect();
            return answer::read(&json!({ "events": events, "cursor": batch.cursor }));
        }
        after = batch.cursor;
        follower.wait(after, left).await;
    }
}

/// A reader of the stream.
struct Reader {
    app: App,
    standing: Arc<Standing>,
    filter: EventFilter,
    cursor: i64,
    follower: Follower,
    ready: VecDeque<Arc<EventView>>,
}

impl Reader {
    /// The next event; `None` when the caller may read no more, or the process was told to stop.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            if let Some(view) = self.ready.pop_front() {
                let body = EventBody::from(view.as_ref());
                // Neither can fail: there are no line breaks in JSON, and the body is plain.
                let event = Event::default().id(body.seq.to_string()).event(&body.kind);
                return Some((Ok(event.json_data(&body).unwrap_or_default()), self));
            }
            match self.more().await {
                Ok(batch) => {
                    self.cursor = batch.cursor;
                    self.ready = batch.events.into();
                }
                Err(AuthError::App(error)) => {
                    tracing::error!(%error, "the event feed could not be read");
                    return None;
                }
                // Whoever lost the right to listen hears no more.
                Err(_) => return None,
            }
            if self.follower.is_over() {
                return None;
            }
            if self.ready.is_empty() {
                self.follower.wait(self.cursor, KEEP_ALIVE).await;
            }
        }
    }

    async fn more(&self) -> Result<Batch, AuthError> {
        let actor = self.standing.actor(&self.app).await?;
        Ok(page(&self.app, &actor, &self.filter, self.cursor, MOST).await?)
    }
}

/// The caller's rights, to be asked again while the caller listens.
fn standing(app: &App, headers: &HeaderMap, asked: &Asked) -> Result<Arc<Standing>, ApiError> {
    let token = credentials::token(headers, &asked.query).map_err(|text| ApiError::Unauthorized(text.into()))?;
    Ok(Standing::of(app, &token, act_as(headers), asked.actor.clone()))
}

/// The number that a browser says it had last. What is none must not count as nothing: events would be missed.
fn last_event(headers: &HeaderMap) -> Result<Option<i64>, ApiError> {
    let Some(value) = headers.get("last-event-id").filter(|value| !value.is_empty()) else { return Ok(None) };
    let number = value.to_str().ok().and_then(|text| text.parse().ok()).filter(|number| *number >= 0);
    number.map(Some).ok_or_else(|| Invalid::field(LAST_EVENT, "A valid integer is required.")).map_err(Into::into)
}

/// A place that the log has not reached is from another log, such as before a restored backup: whoever waited there would
/// miss everything until then.
async fn known(app: &App, name: &str, seq: i64) -> Result<(), ApiError> {
    if seq > app.newest_seq() {
        poll_other_processes(app).await?;
    }
    let head = app.newest_seq();
    if seq <= head {
        return Ok(());
    }
    Err(Invalid::field(name, format!("The event log ends at {head}: this number is from another one. Begin anew."))
        .into())
}

async fn follow(State(api): State<Api>, headers: HeaderMap, asked: Asked) -> Result<Response, ApiError> {
    let wish = Wish::of(&asked.query)?;
    let standing = standing(&api.app, &headers, &asked)?;
    let after = asked.query.last("after").is_some().then_some(("after", wish.after));
    // Whoever names no place begins with what happens from now on.
    let named = last_event(&headers)?.map(|last| (LAST_EVENT, last)).or(after);
    poll_other_processes(&api.app).await?;
    if let Some((name, seq)) = named {
        known(&api.app, name, seq).await?;
    }
    let reader = Reader {
        cursor: named.map_or_else(|| api.app.newest_seq(), |(_, seq)| seq),
        follower: Follower::of(&api.app),
        standing,
        app: api.app.clone(),
        filter: wish.filter,
        ready: VecDeque::new(),
    };
    let stream = Sse::new(events(reader)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok((UNBUFFERED, stream).into_response())
}

fn events(reader: Reader) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    stream::unfold(reader, Reader::next)
}

pub(super) fn operations() -> Vec<Op> {
    let text = |name, kind| QueryParam { name, kind };
    let filters = vec![
        text("after", ParamKind::Number),
        text("customer_uuid", ParamKind::Uuid),
        text("order_uuid", ParamKind::Uuid),
        text("project_uuid", ParamKind::Uuid),
        text("provider_uuid", ParamKind::Uuid),
        text("type", ParamKind::Texts),
    ];
    let mut poll = filters.clone();
    poll.extend([text("limit", ParamKind::Number), text("wait", ParamKind::Number)]);
    vec![
        Op::get(TAG, "", list)
            .asks(poll)
            .gives(200, Gives::Json)
            .says("Events after a number that the caller sees; `wait` is how many seconds to wait for news"),
        Op::get(TAG, "stream/", follow)
            .asks(filters)
            .gives(200, Gives::Stream)
            .says("The same as server-sent events, going on after `Last-Event-ID` or `after`"),
    ]
}
