//! The list of orders: found by a query that stands in the address, as a table and as a file.

mod bulk;
mod columns;
mod export;
pub(crate) mod query;
mod saved;

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use form_urlencoded::Serializer;
use mercat_app::{
    AppError,
    orders::{self, OrderView, Sort, SortKey, Stretch},
    views,
};
use mercat_domain::order::{OrderState, OrderType};

use crate::{form::Form, frame::Frame, page, session::Viewer, site::Site, text};
pub(crate) use bulk::{act as bulk, show as no_bulk};
use columns::{COLUMNS, Cell, Column};
use query::{KEYS, Term};
pub(crate) use saved::Saved;

/// So many orders stand on a page.
const SIZE: u64 = 50;
/// Orders behind so many are not shown, and counted no further: a shorter query or the file helps.
const MOST: u64 = 10_000;

/// Where the list is.
pub(crate) const PLACE: &str = "/orders/";

/// A field of the form that writes the query.
struct Field {
    key: &'static str,
    label: &'static str,
    hint: &'static str,
    value: String,
    /// What can be chosen; nothing is a field for text.
    options: Vec<&'static str>,
}

/// The fields: key, label, hint.
const FIELDS: [(&str, &str, &str); 9] = [
    ("is", "State", ""),
    ("type", "What is ordered", ""),
    ("org", "Organisation", "part of its name"),
    ("project", "Project", "part of its name"),
    ("provider", "Provider", "part of its name"),
    ("offering", "Offering", "part of its name"),
    ("cost", "Cost", ">500, <20 or 100..500"),
    ("older", "Ordered before", "3d is three days ago"),
    ("newer", "Ordered since", "2w is two weeks ago"),
];

fn options(key: &str) -> Vec<&'static str> {
    match key {
        "is" => ["open", "pending", "closed"].into_iter().chain(OrderState::ALL.iter().map(|it| it.as_str())).collect(),
        "type" => OrderType::ALL.iter().map(|it| it.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// What the address asks for.
struct Wish {
    query: String,
    sort: Sort,
    sort_name: String,
    columns: Vec<&'static Column>,
    page: u64,
}

const NEWEST_FIRST: (&str, Sort) = ("-created", Sort { key: SortKey::Created, descending: true });

impl Wish {
    /// What is not understood counts as not said; only the query is worth a word about what is wrong.
    fn of(form: &Form<'_>) -> Self {
        let name = form.text("sort");
        let (descending, plain) = name.strip_prefix('-').map_or((false, name), |plain| (true, plain));
        let known = COLUMNS.iter().filter_map(|column| column.sort).find(|(known, _)| *known == plain);
        let (sort_name, sort) = known.map_or(NEWEST_FIRST, |(_, key)| (name, Sort { key, descending }));
        let wanted = form.all("cols");
        let wanted: Vec<&str> = wanted.iter().flat_map(|names| names.split(',')).collect();
        let mut columns: Vec<&Column> = COLUMNS.iter().filter(|column| wanted.contains(&column.name)).collect();
        if columns.is_empty() {
            columns = COLUMNS.iter().filter(|column| column.usual).collect();
        }
        let page = form.text("page").parse().unwrap_or(1).clamp(1, MOST / SIZE);
        Self { query: query::clean(form.text("q")), sort, sort_name: sort_name.to_owned(), columns, page }
    }

    /// The address of the same list with another order or on another page.
    fn at(&self, base: &str, file: &str, sort: &str, page: u64) -> String {
        let path = format!("{base}{PLACE}{file}?");
        let start = path.len();
        let mut out = Serializer::for_suffix(path, start);
        // Also when it is empty: an address with nothing in it leads to where its reader wants to begin.
        out.append_pair("q", &self.query);
        if sort != NEWEST_FIRST.0 {
            out.append_pair("sort", sort);
        }
        if self.columns.iter().map(|column| column.name).ne(COLUMNS.iter().filter(|it| it.usual).map(|it| it.name)) {
            let names: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
            out.append_pair("cols", &names.join(","));
        }
        if page > 1 {
            out.append_pair("page", &page.to_string());
        }
        out.finish()
    }
}

/// The head of a column.
struct Head {
    title: &'static str,
    /// Where the list is sorted by it.
    sorted: Option<String>,
    /// How it is sorted by it now, as `aria-sort` says it.
    order: &'static str,
}

/// An order of the list.
struct Row {
    id: String,
    path: String,
    slug: String,
    cells: Vec<Cell>,
}

/// A box that chooses a column.
struct Choice {
    name: &'static str,
    title: &'static str,
    is_shown: bool,
}

#[derive(Template)]
#[template(path = "list.html")]
struct Page<'a> {
    frame: Frame<'a>,
    query: String,
    wrong: Vec<String>,
    fields: Vec<Field>,
    /// What the query says besides the fields.
    words: String,
    choices: Vec<Choice>,
    sort: String,
    heads: Vec<Head>,
    rows: Vec<Row>,
    count: String,
    newer: Option<String>,
    older: Option<String>,
    is_cut: bool,
    is_one_page: bool,
    csv: String,
    json_lines: String,
    /// Searches that are kept: name, address, whether it is this one.
    saved: Vec<(String, String, bool)>,
    /// Where this one is kept.
    keep: String,
    keys: &'static [(&'static str, &'static str, &'static str)],
}

/// The list. The form leads to the address with the query that it writes.
pub(crate) async fn show(State(site): State<Site>, viewer: Viewer, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let form = Form::of(query.as_bytes());
    // With nothing in its address the list begins as its reader wants.
    if query.is_empty() {
        match views::start_of(&site.app, &viewer.actor).await {
            Ok(Some(start)) if !start.is_empty() => return page::see(&site, &format!("{PLACE}?{start}")),
            Ok(_) => {}
            Err(error) => return page::failed_here(&error),
        }
    }
    let mut wish = Wish::of(&form);
    if !form.text("form").is_empty() {
        wish.query = written(&form);
        let place = wish.at("", "", &wish.sort_name, 1);
        return page::see(&site, &place);
    }
    match view(&site, &viewer, &wish).await {
        Ok(view) if view.wrong.is_empty() => page::answer(StatusCode::OK, &view),
        Ok(view) => page::answer(StatusCode::BAD_REQUEST, &view),
        Err(error) => page::failed_here(&error),
    }
}

/// The query that a form writes.
fn written(form: &Form<'_>) -> String {
    let mut parts = vec![form.text("words").trim().to_owned()];
    for (key, ..) in FIELDS {
        let value = form.text(key).trim().replace('"', "");
        if !value.is_empty() {
            parts.push(Term { negated: false, key: key.to_owned(), value }.to_string());
        }
    }
    parts.retain(|part| !part.is_empty());
    query::clean(&parts.join(" "))
}

/// The fields with what the query says of each, and the rest of it.
fn fields(terms: &[Term]) -> (Vec<Field>, String) {
    let mut rest: Vec<&Term> = terms.iter().collect();
    let mut field = |(key, label, hint): (&'static str, _, _)| {
        let options = options(key);
        let fits = |term: &&Term| {
            let known = options.iter().any(|option| option.eq_ignore_ascii_case(&term.value));
            !term.negated && term.key == key && (options.is_empty() || known)
        };
        let value = rest.iter().position(fits).map(|at| rest.remove(at).value.clone());
        let value = value.unwrap_or_default();
        // Written as it is in the list of choices.
        let value =
            options.iter().find(|option| option.eq_ignore_ascii_case(&value)).map_or(value, |it| (*it).to_owned());
        Field { key, label, hint, value, options }
    };
    let fields = FIELDS.into_iter().map(&mut field).collect();
    (fields, rest.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
}

async fn view<'a>(site: &'a Site, viewer: &Viewer, wish: &Wish) -> Result<Page<'a>, AppError> {
    let (app, actor, base) = (&site.app, &viewer.actor, site.base());
    let terms = query::terms(&wish.query);
    let (fields, words) = fields(&terms);
    let (wrong, found, count) = match query::filters(&terms, actor, app.now()) {
        Err(wrong) => (wrong, Vec::new(), 0),
        Ok(filters) => {
            let offset = (wish.page - 1) * SIZE;
            let found = orders::list(app, actor, Stretch::new(&filters, &[wish.sort], offset, SIZE)).await?;
            (Vec::new(), found, orders::count_up_to(app, actor, &filters, MOST + 1).await?)
        }
    };
    let last = count.min(MOST).div_ceil(SIZE);
    let here = wish.at(base, "", &wish.sort_name, 1);
    let saved = saved::all(site, viewer).await?;
    let saved = saved.iter().map(|view| (text::name(&view.row.name), saved::address(base, view)));
    Ok(Page {
        frame: Frame::of(site, viewer),
        query: wish.query.clone(),
        wrong,
        fields,
        words,
        choices: COLUMNS.iter().map(|column| choice(wish, column)).collect(),
        sort: wish.sort_name.clone(),
        heads: wish.columns.iter().map(|column| head(wish, base, column)).collect(),
        rows: found.iter().map(|order| row(wish, base, order)).collect(),
        count: text::count_up_to(count, MOST),
        newer: (wish.page > 1).then(|| wish.at(base, "", &wish.sort_name, (wish.page - 1).min(last.max(1)))),
        older: (wish.page < last).then(|| wish.at(base, "", &wish.sort_name, wish.page + 1)),
        is_cut: count > MOST && wish.page == last,
        is_one_page: count <= SIZE && wish.page == 1,
        csv: wish.at(base, "export.csv", NEWEST_FIRST.0, 1),
        json_lines: wish.at(base, "export.jsonl", NEWEST_FIRST.0, 1),
        saved: saved.map(|(name, place)| (name, place.clone(), place == here)).collect(),
        keep: keep(base, &here),
        keys: &KEYS,
    })
}

/// Where the search of an address is kept.
fn keep(base: &str, here: &str) -> String {
    let query = here.split_once('?').map_or("", |(_, query)| query);
    let place = format!("{base}{}?", <Saved as crate::board::Subject>::PLACE);
    let start = place.len();
    Serializer::for_suffix(place, start).append_pair("query", query).finish()
}

fn choice(wish: &Wish, column: &Column) -> Choice {
    let is_shown = wish.columns.iter().any(|shown| shown.name == column.name);
    Choice { name: column.name, title: column.title, is_shown }
}

fn head(wish: &Wish, base: &str, column: &Column) -> Head {
    let Some((name, key)) = column.sort else { return Head { title: column.title, sorted: None, order: "" } };
    let order = match (key == wish.sort.key, wish.sort.descending) {
        (false, _) => "none",
        (true, false) => "ascending",
        (true, true) => "descending",
    };
    // The other way round; what is new or dear is of more interest.
    let next = if order == "descending" { name.to_owned() } else { format!("-{name}") };
    Head { title: column.title, sorted: Some(wish.at(base, "", &next, 1)), order }
}

fn row(wish: &Wish, base: &str, order: &OrderView) -> Row {
    Row {
        id: order.row.id.to_string(),
        path: format!("{base}{PLACE}{}/", order.row.id),
        slug: text::name(&order.row.slug),
        cells: wish.columns.iter().map(|column| column.cell(order)).collect(),
    }
}

/// The whole list as a table for spreadsheets.
pub(crate) async fn csv(site: State<Site>, viewer: Viewer, query: RawQuery) -> Response {
    file(site, viewer, query, export::Form::Csv)
}

/// The whole list, an object a line.
pub(crate) async fn json_lines(site: State<Site>, viewer: Viewer, query: RawQuery) -> Response {
    file(site, viewer, query, export::Form::JsonLines)
}

fn file(State(site): State<Site>, viewer: Viewer, RawQuery(query): RawQuery, form: export::Form) -> Response {
    let query = query.unwrap_or_default();
    let wish = Wish::of(&Form::of(query.as_bytes()));
    match query::filters(&query::terms(&wish.query), &viewer.actor, site.app.now()) {
        Ok(filters) => export::file(&site.app, &viewer.actor, filters, form),
        // The list says what is wrong.
        Err(_) => page::see(&site, &wish.at("", "", NEWEST_FIRST.0, 1)),
    }
}
