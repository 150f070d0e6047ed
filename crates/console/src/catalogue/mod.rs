//! What can be ordered: found by words and category.

mod ordering;
pub(crate) mod prices;
mod showing;

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use form_urlencoded::Serializer;
use mercat_app::{
    AppError,
    catalogue::{Categories, PublicOfferings, filters::offerings_called},
    collection,
    entity::{category, offering},
    list::{Filter, Key},
    orders::OfferingView,
};
use mercat_domain::offering::OfferingState;
use uuid::Uuid;

use crate::{form::Form, frame::Frame, page, session::Viewer, site::Site, text};

pub(crate) use ordering::{order, place, plain, read_limits, typed_limits};
pub(crate) use showing::{limits, show as offering, takes_limit};

/// So many offerings stand on a page.
const SIZE: u64 = 30;
/// Pages behind this one are not shown: a word helps better.
const LAST_PAGE: u64 = 200;
/// More categories are not offered for choice.
const MOST_CATEGORIES: u64 = 200;

/// Where the catalogue is.
pub(crate) const PLACE: &str = "/catalogue/";

/// An offering in a few words.
struct Card {
    path: String,
    name: String,
    provider: String,
    category: String,
    description: Vec<String>,
    price: String,
    is_paused: bool,
}

struct Category {
    id: String,
    title: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "catalogue.html")]
struct Page<'a> {
    frame: Frame<'a>,
    query: String,
    categories: Vec<Category>,
    cards: Vec<Card>,
    count: String,
    newer: Option<String>,
    older: Option<String>,
}

/// The catalogue.
pub(crate) async fn show(State(site): State<Site>, viewer: Viewer, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    match view(&site, &viewer, &Form::of(query.as_bytes())).await {
        Ok(view) => page::answer(StatusCode::OK, &view),
        Err(error) => page::failed_here(&error),
    }
}

async fn view<'a>(site: &'a Site, viewer: &Viewer, form: &Form<'_>) -> Result<Page<'a>, AppError> {
    let (app, actor, base) = (&site.app, &viewer.actor, site.base());
    let query = text::name(form.text("q"));
    let chosen = Uuid::try_parse(form.text("category")).ok();
    let page = form.text("page").parse().unwrap_or(1).clamp(1, LAST_PAGE);
    let mut filters = Vec::new();
    if !query.is_empty() {
        filters
            .push(Filter::either([offerings_called(&query), Filter::contains(offering::Column::Description, &query)]));
    }
    filters.extend(chosen.map(|id| Filter::equals(offering::Column::CategoryId, id)));
    let by_name = [Key::column(offering::Column::Name, false)];
    let window = ((page - 1) * SIZE, SIZE);
    let found = collection::list::<PublicOfferings>(app, actor, &filters, &by_name, window).await?;
    let count = collection::count::<PublicOfferings>(app, actor, &filters).await?;
    let by_title = [Key::column(category::Column::Title, false)];
    let categories = collection::list::<Categories>(app, actor, &[], &by_title, (0, MOST_CATEGORIES)).await?;
    let category = |view: &mercat_app::catalogue::CategoryView| Category {
        id: view.row.id.to_string(),
        title: text::name(&view.row.title),
        is_chosen: Some(view.row.id.0) == chosen,
    };
    let at = |page: u64| address(base, &query, chosen, page);
    Ok(Page {
        frame: Frame::of(site, viewer),
        categories: categories.iter().filter(|view| view.available > 0).map(category).collect(),
        cards: found.iter().map(|view| card(base, view)).collect(),
        count: text::count(count),
        newer: (page > 1).then(|| at(page - 1)),
        older: (page * SIZE < count && page < LAST_PAGE).then(|| at(page + 1)),
        query: query.clone(),
    })
}

fn address(base: &str, query: &str, category: Option<Uuid>, page: u64) -> String {
    let path = format!("{base}{PLACE}?");
    let start = path.len();
    let mut out = Serializer::for_suffix(path, start);
    out.append_pair("q", query);
    if let Some(id) = category {
        out.append_pair("category", &id.simple().to_string());
    }
    out.append_pair("page", &page.to_string()).finish()
}

fn card(base: &str, view: &OfferingView) -> Card {
    let details = &view.details;
    Card {
        path: format!("{base}{PLACE}{}/", details.offering.id),
        name: text::name(&details.offering.name),
        provider: text::name(&details.provider.name),
        category: text::name(&details.category_title),
        description: text::lines(&details.offering.description).into_iter().take(1).collect(),
        price: prices::least(view),
        is_paused: details.offering.state == OfferingState::Paused,
    }
}
