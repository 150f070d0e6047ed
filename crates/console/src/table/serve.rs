//! Shows tables and takes what the buttons of their rows send.

use askama::Template;
use axum::{
    Router,
    body::Bytes,
    extract::{RawQuery, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::get,
};
use form_urlencoded::Serializer;
use mercat_app::ids;
use uuid::Uuid;

use super::{Asked, Cell, Found, LAST_PAGE, Listing, SIZE, Table};
use crate::{
    fields::Wrong,
    form::{self, Form},
    frame::Frame,
    layers, once, page,
    session::Viewer,
    site::Site,
    text,
};

#[derive(Template)]
#[template(path = "table.html")]
struct Page<'a> {
    frame: Frame<'a>,
    table: Table,
    place: &'static str,
    query: &'a str,
    chosen: &'a str,
    rows: Vec<Vec<Cell>>,
    count: String,
    newer: Option<String>,
    older: Option<String>,
    /// Makes a second click the same as the first.
    key: String,
    is_done: bool,
    wrong: Vec<String>,
}

/// The routes of a table.
pub(crate) fn routes<L: Listing>() -> Router<Site> {
    Router::new()
        .route(L::PLACE, get(show::<L>).post(act::<L>).fallback(page::no_method))
        .route(L::PLACE.trim_end_matches('/'), get(layers::add_slash).fallback(page::no_method))
}

async fn show<L: Listing>(State(site): State<Site>, viewer: Viewer, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    answer::<L>(&site, &viewer, &Form::of(query.as_bytes()), StatusCode::OK, Wrong::default()).await
}

async fn act<L: Listing>(
    State(site): State<Site>,
    viewer: Viewer,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let form = match form::read(&headers, &body) {
        Ok(form) => form,
        Err(message) => return message.answer(),
    };
    let made = once::made(&site, &viewer, &form, async |tx| {
        // An id that is none is that of nothing.
        L::act(tx, form.text("do"), Uuid::try_parse(form.text("id")).unwrap_or_default()).await?;
        Ok(format!("{}?done=1", L::PLACE))
    });
    let error = match made.await {
        Ok(response) => return response,
        Err(error) => error,
    };
    match once::told(error) {
        Ok((status, wrong)) => {
            let query = query.unwrap_or_default();
            answer::<L>(&site, &viewer, &Form::of(query.as_bytes()), status, wrong).await
        }
        Err(error) => page::failed_here(&error),
    }
}

async fn answer<L: Listing>(
    site: &Site,
    viewer: &Viewer,
    asked: &Form<'_>,
    status: StatusCode,
    wrong: Wrong,
) -> Response {
    let (table, is_done) = (L::table(), !asked.text("done").is_empty());
    let asked = Asked::of(asked, table.choice.as_ref());
    let Found { rows, count } = match L::found(site, viewer, &asked).await {
        Ok(found) => found,
        Err(error) => return page::failed_here(&error),
    };
    let at = |page: u64| address::<L>(site.base(), &table, &asked, page);
    let view = Page {
        frame: Frame::of(site, viewer),
        place: L::PLACE,
        query: &asked.query,
        chosen: &asked.chosen,
        count: text::count(count),
        newer: (asked.page > 1).then(|| at(asked.page - 1)),
        older: (asked.page * SIZE < count && asked.page < LAST_PAGE).then(|| at(asked.page + 1)),
        rows,
        key: ids::new::<Uuid>(site.app.now()).simple().to_string(),
        is_done,
        wrong: wrong.rest(),
        table,
    };
    page::answer(status, &view)
}

fn address<L: Listing>(base: &str, table: &Table, asked: &Asked, page: u64) -> String {
    let path = format!("{base}{}?", L::PLACE);
    let start = path.len();
    let mut out = Serializer::for_suffix(path, start);
    out.append_pair("q", &asked.query);
    if let Some(choice) = &table.choice {
        out.append_pair(choice.name, &asked.chosen);
    }
    out.append_pair("page", &page.to_string()).finish()
}
