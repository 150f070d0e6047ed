//! The page of an order: how it stands, whom it waits for, and what its reader may do about it.

mod attachment;
mod changed;
mod choices;
mod commands;
mod deliveries;

use askama::Template;
use axum::{
    body::Bytes,
    extract::{Path, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use futures_util::try_join;
use mercat_app::{
    AppError, Begun,
    events::history,
    explain::{self, Explanation, Scheduled},
    orders::{self, Seen},
};
use mercat_domain::{id::OrderId, order::Action};

use crate::{
    form::{self, Form},
    frame::Frame,
    order::{
        Body,
        notice::{Notice, Tone},
    },
    page,
    session::Viewer,
    site::Site,
    text,
};
pub(crate) use attachment::download as attachment;
use choices::{Choice, Wish};
use commands::Commands;
use deliveries::Delivery;

/// The longest reason that a person gives, in characters.
const LONGEST_REASON: usize = 4000;

#[derive(Template)]
#[template(path = "order.html")]
struct Page<'a> {
    frame: Frame<'a>,
    title: String,
    id: OrderId,
    version: i64,
    notice: Option<Notice>,
    differences: Vec<changed::Difference>,
    body: Body,
    waits: Waits,
    choices: Vec<Choice>,
    deliveries: Vec<Delivery>,
    seen: String,
    /// What was typed, when nothing came of it.
    reason: String,
    commands: [Commands; 3],
    /// As the API answers it.
    json: String,
}

/// Whom the order waits for.
struct Waits {
    headline: String,
    people: Vec<String>,
    scheduled: Vec<Coming>,
}

/// Something that happens by itself.
struct Coming {
    what: String,
    when: String,
    iso: String,
}

impl Coming {
    fn of(scheduled: &Scheduled) -> Self {
        let when = scheduled.due.parse().map_or_else(|_| scheduled.due.clone(), text::moment);
        Self { what: scheduled.what.clone(), when, iso: scheduled.due.clone() }
    }
}

impl Waits {
    fn of(explanation: &Explanation) -> Self {
        let people = explanation.waits_for.people.iter().flatten().map(|name| text::name(name));
        Self {
            headline: text::name(&explanation.headline),
            people: people.collect(),
            scheduled: explanation.scheduled.iter().map(Coming::of).collect(),
        }
    }
}

type AskedFor = Result<Path<String>, axum::extract::rejection::PathRejection>;

fn id_of(path: AskedFor) -> Result<OrderId, AppError> {
    path.ok().and_then(|Path(id)| id.parse().ok()).ok_or(AppError::NotFound)
}

/// Shows an order.
pub(crate) async fn show(State(site): State<Site>, viewer: Viewer, path: AskedFor) -> Response {
    let shown = async {
        let id = id_of(path)?;
        match view(&site, &viewer, id, None, String::new()).await {
            Err(AppError::NotFound) if orders::is_own(&site.app, &viewer.actor, id).await? => Ok(None),
            shown => shown.map(Some),
        }
    };
    match shown.await {
        Ok(Some(view)) => page::answer(StatusCode::OK, &view),
        Ok(None) => page::PLACED.answer(),
        Err(error) => page::failed_here(&error),
    }
}

/// What is said before the order.
struct Said {
    notice: Notice,
    differences: Vec<changed::Difference>,
}

async fn view<'a>(
    site: &'a Site,
    viewer: &Viewer,
    id: OrderId,
    said: Option<(Notice, Option<Seen>)>,
    reason: String,
) -> Result<Page<'a>, AppError> {
    let (app, actor) = (&site.app, &viewer.actor);
    let order = orders::retrieve(app, actor, &id.into()).await?;
    let (explanation, history, deliveries) =
        try_join!(explain::explain(app, actor, &order), history(app, &order), deliveries::of(app, actor, id),)?;
    let body = Body::of(app, actor, &order, &history).await?;
    let seen = Seen::of(&order);
    let said = said.map(|(notice, before)| Said {
        notice,
        differences: before.map(|before| changed::differences(&before, &seen)).unwrap_or_default(),
    });
    let (notice, differences) = said.map_or((None, Vec::new()), |said| (Some(said.notice), said.differences));
    Ok(Page {
        frame: Frame::of(site, viewer),
        title: format!("{} {}", body.headline.what, body.headline.resource),
        notice,
        differences,
        id,
        version: order.row.version,
        waits: Waits::of(&explanation),
        choices: choices::of(&explanation),
        deliveries,
        seen: seen.to_text(),
        reason,
        commands: commands::of(&app.settings.public_url, id, &explanation),
        json: (site.write_order)(&order, actor.sees_all()),
        body,
    })
}

/// Does what a button says, about the order as it was shown.
pub(crate) async fn act(
    State(site): State<Site>,
    viewer: Viewer,
    path: AskedFor,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let form = match form::read(&headers, &body) {
        Ok(form) => form,
        Err(message) => return message.answer(),
    };
    if !form.text("redeliver").is_empty() {
        return sent_again(&site, &viewer, path, form.text("redeliver")).await;
    }
    let (Some(wish), Some(seen)) = (Wish::named(form.text("action")), Seen::from_text(form.text("seen"))) else {
        return page::BAD_BUTTON.answer();
    };
    let Ok(id) = id_of(path) else { return page::failed_here(&AppError::NotFound) };
    match done(&site, &viewer, id, wish, &seen, &form).await {
        Ok(()) => {
            let inbox = form.text("from") == "inbox";
            let place = if inbox { format!("/?done={id}") } else { format!("/orders/{id}/") };
            (StatusCode::SEE_OTHER, [(header::LOCATION, site.to(&place))]).into_response()
        }
        Err(error) => match not_done(&site, &viewer, id, wish, seen, form.text("reason"), error).await {
            Ok((status, view)) => page::answer(status, &view),
            Err(error) => page::failed_here(&error),
        },
    }
}

async fn sent_again(site: &Site, viewer: &Viewer, path: AskedFor, delivery: &str) -> Response {
    let sent = async {
        let id = id_of(path)?;
        deliveries::again(&site.app, &viewer.actor, id, delivery).await?;
        Ok(id)
    };
    match sent.await {
        Ok(id) => (StatusCode::SEE_OTHER, [(header::LOCATION, site.to(&format!("/orders/{id}/")))]).into_response(),
        Err(AppError::Forbidden) => page::NOT_SENT.answer(),
        Err(error) => page::failed_here(&error),
    }
}

async fn done(
    site: &Site,
    viewer: &Viewer,
    id: OrderId,
    wish: Wish,
    seen: &Seen,
    form: &Form<'_>,
) -> Result<(), AppError> {
    let Begun::Fresh(mut tx) = site.app.begin(viewer.actor.clone(), None).await? else {
        return Err(AppError::Conflict);
    };
    let target = id.into();
    orders::confirm(&tx, &target, seen).await?;
    match wish.action {
        Action::SetStateErred => {
            let reason: String = form.text("reason").trim().chars().take(LONGEST_REASON).collect();
            orders::set_erred(&mut tx, &target, Ok((reason, String::new()))).await?;
        }
        action => {
            orders::act(&mut tx, &target, action).await?;
        }
    }
    tx.commit().await
}

/// The order as it is now, and why nothing was done.
async fn not_done<'a>(
    site: &'a Site,
    viewer: &Viewer,
    id: OrderId,
    wish: Wish,
    seen: Seen,
    reason: &str,
    error: AppError,
) -> Result<(StatusCode, Page<'a>), AppError> {
    let (status, notice, before) = match error {
        AppError::Conflict if already(site, viewer, id, wish).await? => {
            let paragraph = "Nothing was done twice. The order is shown as it is now.".to_owned();
            (StatusCode::OK, Notice::new("You did this a moment ago", Tone::Done, vec![paragraph]), None)
        }
        AppError::Conflict => {
            let paragraph = "It is shown as it is now. Nothing was done; decide again if you still want to.".to_owned();
            let title = "This order has changed since you saw it";
            (StatusCode::CONFLICT, Notice::new(title, Tone::Warning, vec![paragraph]), Some(seen))
        }
        AppError::Refused { refusal, advice } => {
            let notice = Notice::refused(wish.not_done, &refusal.to_string(), Some(&advice));
            (page::status_of(&refusal), notice, None)
        }
        AppError::Forbidden => (StatusCode::FORBIDDEN, Notice::refused(wish.not_done, &error.to_string(), None), None),
        AppError::Invalid(invalid) => {
            (StatusCode::BAD_REQUEST, Notice::refused(wish.not_done, &page::in_words(&invalid), None), None)
        }
        other => return Err(other),
    };
    Ok((status, view(site, viewer, id, Some((notice, before)), reason.to_owned()).await?))
}

/// Whether the last thing that anybody did is what the reader wishes, by the reader: a second click.
async fn already(site: &Site, viewer: &Viewer, id: OrderId, wish: Wish) -> Result<bool, AppError> {
    let order = orders::retrieve(&site.app, &viewer.actor, &id.into()).await?;
    let history = history(&site.app, &order).await?;
    let last = history.iter().rev().find(|event| event.row.actor_id.is_some()).map(|event| &event.row);
    Ok(last.is_some_and(|last| last.actor_id == Some(viewer.actor.id) && last.action == wish.action.as_str()))
}
