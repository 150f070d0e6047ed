//! The first page: what waits for its reader, what waits for others, and what is in trouble.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use chrono::TimeDelta;
use futures_util::future::try_join_all;
use mercat_app::{
    App, AppError,
    orders::{self, OrderFilter, OrderView, Seen, Sort, SortKey},
};
use mercat_domain::{
    id::OrderId,
    order::OrderState,
    permission::{Actor, Permission},
    time::{self, Timestamp},
};

use crate::{
    form::Form,
    frame::Frame,
    order::{Headline, words},
    page,
    session::Viewer,
    site::Site,
    text,
};

/// More orders of a part are counted only.
const SHOWN: u64 = 20;
/// More are not even counted.
const COUNTED: u64 = 100;
/// Orders that failed longer ago are no trouble any more.
const RECENT: TimeDelta = TimeDelta::days(30);
/// Orders that are carried out for longer are in trouble.
const LONG: TimeDelta = TimeDelta::days(1);
/// The states in which an order goes on some day.
pub(crate) const OPEN: [OrderState; 5] = [
    OrderState::PendingConsumer,
    OrderState::PendingProvider,
    OrderState::PendingProject,
    OrderState::PendingStartDate,
    OrderState::Executing,
];
const OLDEST_FIRST: [Sort; 1] = [Sort { key: SortKey::Created, descending: false }];

#[derive(Template)]
#[template(path = "inbox.html")]
struct Page<'a> {
    frame: Frame<'a>,
    done: Option<Done>,
    mine: Part,
    others: Part,
    trouble: Part,
}

/// What was decided a moment ago.
struct Done {
    path: String,
    slug: String,
    resource: String,
    state: &'static str,
}

/// Some orders, and how many there are.
struct Part {
    rows: Vec<Row>,
    count: String,
    /// How many are not shown.
    more: Option<String>,
}

/// An order in a few words.
struct Row {
    id: String,
    headline: Headline,
    slug: String,
    project: String,
    customer: String,
    cost: String,
    each: String,
    since: String,
    since_iso: String,
    /// What a decision in place is about.
    seen: String,
    is_consumer: bool,
    reason: String,
}

/// The page.
pub(crate) async fn show(State(site): State<Site>, viewer: Viewer, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    match view(&site, &viewer, Form::of(query.as_bytes()).text("done")).await {
        Ok(view) => page::answer(StatusCode::OK, &view),
        Err(error) => page::failed(&error),
    }
}

async fn view<'a>(site: &'a Site, viewer: &Viewer, done: &str) -> Result<Page<'a>, AppError> {
    let (app, actor) = (&site.app, &viewer.actor);
    let now = app.now();
    let failed = vec![OrderFilter::State(vec![OrderState::Erred]), OrderFilter::ModifiedFrom(now - RECENT)];
    let slow = vec![OrderFilter::State(vec![OrderState::Executing]), OrderFilter::ModifiedTo(now - LONG)];
    let filters = [mine(actor), others(actor), OrderFilter::Either(vec![failed, slow])];
    let lists = filters.each_ref().map(std::slice::from_ref);
    let found = orders::first_of_each(app, actor, lists, &OLDEST_FIRST, SHOWN).await?;
    let parts =
        try_join_all(lists.into_iter().zip(&found).map(|(filters, found)| part(app, actor, filters, found))).await?;
    let [mine, others, trouble] = <[Part; 3]>::try_from(parts).map_err(|_| AppError::Internal("three parts".into()))?;
    Ok(Page { frame: Frame::of(site, viewer), done: decided(site, actor, done).await?, mine, others, trouble })
}

/// What somebody may approve by a role. Staff may approve everything, but not all of it waits for them.
pub(crate) fn mine(actor: &Actor) -> OrderFilter {
    let scopes = actor.scopes_with(Permission::OrderApprove);
    let waits = |state, within| vec![OrderFilter::State(vec![state]), within];
    OrderFilter::Either(vec![
        waits(OrderState::PendingConsumer, OrderFilter::ConsumedWithin(scopes.clone())),
        waits(OrderState::PendingProvider, OrderFilter::ProvidedWithin(scopes)),
    ])
}

/// What else goes on some day.
fn others(actor: &Actor) -> OrderFilter {
    let scopes = actor.scopes_with(Permission::OrderApprove);
    let waits = |state, within| vec![OrderFilter::State(vec![state]), OrderFilter::Not(vec![within])];
    let [consumer, provider, others @ ..] = OPEN;
    OrderFilter::Either(vec![
        waits(consumer, OrderFilter::ConsumedWithin(scopes.clone())),
        waits(provider, OrderFilter::ProvidedWithin(scopes)),
        vec![OrderFilter::State(others.to_vec())],
    ])
}

async fn part(app: &App, actor: &Actor, filters: &[OrderFilter], found: &[OrderView]) -> Result<Part, AppError> {
    let shown = found.len() as u64;
    let count = if shown < SHOWN { shown } else { orders::count_up_to(app, actor, filters, COUNTED + 1).await? };
    Ok(Part {
        rows: found.iter().map(|order| row(app.now(), order)).collect(),
        count: text::count_up_to(count, COUNTED),
        more: (count > shown).then(|| text::count_up_to(count - shown, COUNTED - shown)),
    })
}

fn row(now: Timestamp, order: &OrderView) -> Row {
    let row = &order.row;
    let since = since(order);
    Row {
        id: row.id.to_string(),
        headline: Headline::of(order),
        slug: text::name(&row.slug),
        project: text::name(&row.project.name),
        customer: text::name(&row.customer.name),
        cost: row.cost.map(text::money).unwrap_or_default(),
        each: words::order_paid(order),
        since: text::span(now - since),
        since_iso: time::format(since),
        seen: Seen::of(order).to_text(),
        is_consumer: row.state == OrderState::PendingConsumer,
        reason: text::name(&row.error_message),
    }
}

/// Since when it is in its state, as far as its row tells.
fn since(order: &OrderView) -> Timestamp {
    let row = &order.row;
    let last_review = row.provider_reviewed_at.or(row.consumer_reviewed_at).unwrap_or(row.created);
    match row.state {
        OrderState::PendingConsumer => row.created,
        OrderState::PendingProvider => row.consumer_reviewed_at.unwrap_or(row.created),
        OrderState::PendingProject | OrderState::PendingStartDate | OrderState::Executing => last_review,
        OrderState::Done | OrderState::Erred | OrderState::Canceled | OrderState::Rejected => row.modified,
    }
}

/// An order that was decided in place, as it is now.
async fn decided(site: &Site, actor: &Actor, id: &str) -> Result<Option<Done>, AppError> {
    let Ok(id) = id.parse::<OrderId>() else { return Ok(None) };
    match orders::retrieve(&site.app, actor, &id.into()).await {
        Ok(order) => Ok(Some(Done {
            path: format!("{}/orders/{id}/", site.base()),
            slug: text::name(&order.row.slug),
            resource: text::name(&order.row.resource_name),
            state: words::short(order.row.state),
        })),
        // Whoever cannot see it has nothing to be told.
        Err(AppError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
