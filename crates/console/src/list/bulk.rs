//! One decision about many orders: first what it would come to, then what it came to, order by order.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use mercat_app::{
    App, AppError, Begun,
    explain::{self, Possible},
    orders::{self, OrderFilter, OrderView, Seen, Stretch, confirm_digest},
};
use mercat_domain::{
    id::OrderId,
    money::Money,
    order::{Action, OrderState},
    permission::Actor,
};

use super::{NEWEST_FIRST, PLACE, Wish as Asked, query};
use crate::{
    form::{self, Form},
    frame::Frame,
    order::{Headline, words},
    page,
    session::Viewer,
    site::Site,
    text,
};

/// So many orders are decided about at once: people should have read what they decide about.
const MOST: usize = 200;

/// What can be done with many orders.
#[derive(Clone, Copy)]
struct Wish {
    name: &'static str,
    /// `Approve`.
    verb: &'static str,
    /// `approved`.
    done: &'static str,
    class: &'static str,
    by_consumer: Action,
    by_provider: Action,
}

const WISHES: [Wish; 3] = [
    Wish {
        name: "approve",
        verb: "Approve",
        done: "approved",
        class: "approve",
        by_consumer: Action::ApproveByConsumer,
        by_provider: Action::ApproveByProvider,
    },
    Wish {
        name: "reject",
        verb: "Reject",
        done: "rejected",
        class: "reject",
        by_consumer: Action::RejectByConsumer,
        by_provider: Action::RejectByProvider,
    },
    Wish {
        name: "cancel",
        verb: "Cancel",
        done: "cancelled",
        class: "reject",
        by_consumer: Action::Cancel,
        by_provider: Action::Cancel,
    },
];

impl Wish {
    fn action(self, state: OrderState) -> Action {
        if state == OrderState::PendingConsumer { self.by_consumer } else { self.by_provider }
    }
}

/// An order, and what came or would come of it.
struct Line {
    /// Which order, and what was seen of it.
    key: String,
    path: String,
    slug: String,
    headline: Headline,
    cost: String,
    each: String,
    /// Why not, or what came of it.
    note: String,
    /// Who could do it.
    who: String,
}

/// What an order costs together with others that are paid as often.
struct Sum {
    cost: String,
    each: String,
}

#[derive(Template)]
#[template(path = "bulk.html")]
struct Page<'a> {
    frame: Frame<'a>,
    title: String,
    wish: Wish,
    /// Whether it was done; otherwise it is to be confirmed.
    is_done: bool,
    /// Whether it stopped before the last of them.
    is_broken: bool,
    passes: Vec<Line>,
    refused: Vec<Line>,
    sums: Vec<Sum>,
    /// Whether there are more than are decided about at once.
    is_cut: bool,
    most: usize,
    back: String,
    query: String,
}

/// Nobody decides by an address.
pub(crate) async fn show(State(site): State<Site>) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, site.to(PLACE))]).into_response()
}

/// Shows what a decision would come to; makes it when that was seen.
pub(crate) async fn act(
    State(site): State<Site>,
    viewer: Viewer,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let form = match form::read(&headers, &body) {
        Ok(form) => form,
        Err(message) => return message.answer(),
    };
    let Some(wish) = WISHES.into_iter().find(|wish| wish.name == form.text("action")) else {
        return page::BAD_BUTTON.answer();
    };
    let page = if form.text("confirmed").is_empty() {
        preview(&site, &viewer, wish, &form).await
    } else {
        decided(&site, &viewer, wish, &form).await
    };
    match page {
        Ok(page) if page.passes.is_empty() && page.refused.is_empty() => page::NONE_CHOSEN.answer(),
        Ok(page) => page::answer(StatusCode::OK, &page),
        Err(error) => page::failed_here(&error),
    }
}

fn empty<'a>(site: &'a Site, viewer: &Viewer, wish: Wish, form: &Form<'_>) -> Page<'a> {
    let asked = Asked::of(form);
    Page {
        frame: Frame::of(site, viewer),
        title: String::new(),
        wish,
        is_done: false,
        is_broken: false,
        passes: Vec::new(),
        refused: Vec::new(),
        sums: Vec::new(),
        is_cut: false,
        most: MOST,
        back: asked.at(site.base(), "", NEWEST_FIRST.0, 1),
        query: asked.query,
    }
}

/// The orders that are meant, oldest first, and whether there are more.
async fn meant(app: &App, actor: &Actor, form: &Form<'_>) -> Result<(Vec<OrderView>, bool), AppError> {
    let filters = if form.text("all").is_empty() {
        let ids: Vec<OrderId> = form.all("order").iter().filter_map(|id| id.parse().ok()).take(MOST + 1).collect();
        vec![OrderFilter::Ids(ids)]
    } else {
        let terms = query::terms(&Asked::of(form).query);
        query::filters(&terms, actor, app.now()).unwrap_or_else(|_| vec![OrderFilter::Nothing])
    };
    let most = MOST as u64;
    let mut found = orders::list(app, actor, Stretch::new(&filters, &[], 0, most + 1)).await?;
    let is_cut = found.len() > MOST;
    found.truncate(MOST);
    Ok((found, is_cut))
}

async fn preview<'a>(site: &'a Site, viewer: &Viewer, wish: Wish, form: &Form<'_>) -> Result<Page<'a>, AppError> {
    let (app, actor) = (&site.app, &viewer.actor);
    let (found, is_cut) = meant(app, actor, form).await?;
    let mut page = Page { is_cut, ..empty(site, viewer, wish, form) };
    let mut costs: BTreeMap<String, Option<Money>> = BTreeMap::new();
    for order in &found {
        let explanation = match explain::explain(app, actor, order).await {
            Ok(explanation) => explanation,
            // It was removed this very moment.
            Err(AppError::NotFound) => continue,
            Err(error) => return Err(error),
        };
        let action = wish.action(explanation.state);
        let line = line(site.base(), order);
        match explanation.actions.into_iter().find(|possible| possible.action == action) {
            Some(Possible { allowed: true, .. }) => {
                if let Some(cost) = order.row.cost {
                    let sum = costs.entry(line.each.clone()).or_insert(Some(Money::ZERO));
                    *sum = sum.and_then(|sum| sum.plus(cost));
                }
                page.passes.push(line);
            }
            refused => {
                let (why, who) = refused.map(|it| (it.why_not, it.who_could)).unwrap_or_default();
                let word = |text: Option<String>| text.map(|text| text::name(&text)).unwrap_or_default();
                page.refused.push(Line { note: word(why), who: word(who), ..line });
            }
        }
    }
    page.sums = costs
        .into_iter()
        .map(|(each, sum)| Sum { cost: sum.map_or("very much".to_owned(), text::money), each })
        .collect();
    page.title = format!("{} {}?", wish.verb, orders_in_words(page.passes.len()));
    Ok(page)
}

async fn decided<'a>(site: &'a Site, viewer: &Viewer, wish: Wish, form: &Form<'_>) -> Result<Page<'a>, AppError> {
    let (app, actor) = (&site.app, &viewer.actor);
    let mut page = Page { is_done: true, ..empty(site, viewer, wish, form) };
    for key in form.all("order").into_iter().take(MOST) {
        let Some((id, digest)) = key.split_once('.') else { continue };
        let Ok(id) = id.parse::<OrderId>() else { continue };
        let came = decide(app, actor, wish, id, digest).await;
        let order = match orders::retrieve(app, actor, &id.into()).await {
            Ok(order) => order,
            Err(AppError::NotFound) => continue,
            Err(error) => {
                page::log(&error);
                page.is_broken = true;
                break;
            }
        };
        let line = line(site.base(), &order);
        match came {
            Ok(state) => page.passes.push(Line { note: words::short(state).to_owned(), ..line }),
            Err(error) => {
                let (note, who) = why(error);
                page.refused.push(Line { note, who, ..line });
            }
        }
    }
    page.title = format!("{} {}", orders_in_words(page.passes.len()), wish.done);
    Ok(page)
}

/// Decides about one order in a transaction of its own: what happens to the others is no matter.
async fn decide(app: &App, actor: &Actor, wish: Wish, id: OrderId, digest: &str) -> Result<OrderState, AppError> {
    let Begun::Fresh(mut tx) = app.begin(actor.clone(), None).await? else { return Err(AppError::Conflict) };
    let target = id.into();
    confirm_digest(&tx, &target, digest).await?;
    let state = tx.order(id).await?.row.state;
    let came = orders::act(&mut tx, &target, wish.action(state)).await?;
    tx.commit().await?;
    Ok(came.state)
}

/// Why nothing was done, and who could do it.
fn why(error: AppError) -> (String, String) {
    match error {
        AppError::Conflict | AppError::NotFound => {
            ("It has changed since you saw it. Nothing was done.".to_owned(), String::new())
        }
        AppError::Refused { refusal, advice } => (text::name(&refusal.to_string()), text::name(&advice.who)),
        AppError::Forbidden => (AppError::Forbidden.to_string(), String::new()),
        AppError::Invalid(invalid) => (text::name(&page::in_words(&invalid)), String::new()),
        fault => {
            page::log(&fault);
            ("Something went wrong here. Nothing was done; try again.".to_owned(), String::new())
        }
    }
}

fn line(base: &str, order: &OrderView) -> Line {
    let row = &order.row;
    Line {
        key: format!("{}.{}", row.id, Seen::of(order).digest()),
        path: format!("{base}{PLACE}{}/", row.id),
        slug: text::name(&row.slug),
        headline: Headline::of(order),
        cost: row.cost.map(text::money).unwrap_or_default(),
        each: words::order_paid(order),
        note: String::new(),
        who: String::new(),
    }
}

fn orders_in_words(count: usize) -> String {
    match count {
        0 => "no orders".to_owned(),
        1 => "1 order".to_owned(),
        many => format!("{many} orders"),
    }
}
