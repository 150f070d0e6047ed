//! Figures that one looks at: pictures, and the same as tables.

mod chart;

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use chrono::{Datelike as _, Months, NaiveDate};
use form_urlencoded::Serializer;
use mercat_app::{
    AppError,
    numbers::{self, Bucket, Durations, Numbers, Period, Shares},
};
use mercat_domain::{money::Money, order::OrderState, time::parse_date};

use crate::{fields::Wrong, form::Form, frame::Frame, list::query, page, session::Viewer, site::Site, text};
use chart::{Bars, Lines};

/// Where the figures are.
pub(crate) const PLACE: &str = "/numbers/";

/// How orders stand, in the groups of the picture: title, class and states.
const GROUPS: [(&str, &str, &[OrderState]); 4] = [
    ("done", "series-1", &[OrderState::Done]),
    (
        "under way",
        "series-2",
        &[
            OrderState::PendingConsumer,
            OrderState::PendingProvider,
            OrderState::PendingProject,
            OrderState::PendingStartDate,
            OrderState::Executing,
        ],
    ),
    ("refused or cancelled", "series-3", &[OrderState::Rejected, OrderState::Canceled]),
    ("failed", "series-4", &[OrderState::Erred]),
];

/// A stretch of time in the tables.
struct Stretch {
    title: String,
    counts: Vec<String>,
    approval: [String; 2],
    completion: [String; 2],
}

/// A share of the cost: name, orders, cost and how long its bar is, of 100.
struct Share {
    name: String,
    orders: String,
    cost: String,
    length: u32,
}

#[derive(Template)]
#[template(path = "numbers.html")]
struct Page<'a> {
    frame: Frame<'a>,
    query: String,
    from: String,
    to: String,
    wrong: Vec<String>,
    /// Usual periods: words and address.
    periods: Vec<(&'static str, String)>,
    shown: Option<Shown>,
}

/// What there is to see of a period.
struct Shown {
    orders: String,
    each: &'static str,
    groups: [(&'static str, &'static str, &'static [OrderState]); 4],
    states: Bars,
    approval: Lines,
    completion: Lines,
    took: Vec<(&'static str, String, String, String)>,
    stretches: Vec<Stretch>,
    shares: Vec<(&'static str, Vec<Share>)>,
}

/// The page.
pub(crate) async fn show(State(site): State<Site>, viewer: Viewer, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    match view(&site, &viewer, &Form::of(query.as_bytes())).await {
        Ok(view) if view.wrong.is_empty() => page::answer(StatusCode::OK, &view),
        Ok(view) => page::answer(StatusCode::BAD_REQUEST, &view),
        Err(error) => page::failed_here(&error),
    }
}

async fn view<'a>(site: &'a Site, viewer: &Viewer, form: &Form<'_>) -> Result<Page<'a>, AppError> {
    let today = site.app.now().date_naive();
    let ago = |months: u32| today.checked_sub_months(Months::new(months)).unwrap_or(today);
    let (from, to) = (form.text("from").trim(), form.text("to").trim());
    let typed = text::name(form.text("q"));
    let day = |text: &str, usual: NaiveDate| if text.is_empty() { Some(usual) } else { parse_date(text) };
    let period = match (day(from, ago(12)), day(to, today)) {
        (Some(from), Some(to)) => Period::checked(from, to).map_err(|wrong| Wrong::of(&wrong).texts()),
        _ => Err(vec!["A day is written like 2026-01-31.".to_owned()]),
    };
    let filters = query::filters(&query::terms(&typed), &viewer.actor, site.app.now());
    let (wrong, shown) = match (period, filters) {
        (Ok(period), Ok(filters)) => {
            let found = numbers::numbers(&site.app, &viewer.actor, &filters, period).await?;
            (Vec::new(), Some(shown(&found)))
        }
        (period, filters) => ([period.err(), filters.err()].into_iter().flatten().flatten().collect(), None),
    };
    let at = |months: u32| address(site.base(), &typed, ago(months), today);
    Ok(Page {
        frame: Frame::of(site, viewer),
        from: if from.is_empty() { ago(12).to_string() } else { text::name(from) },
        to: if to.is_empty() { today.to_string() } else { text::name(to) },
        wrong,
        periods: vec![("a month", at(1)), ("three months", at(3)), ("a year", at(12)), ("four years", at(48))],
        shown,
        query: typed,
    })
}

fn address(base: &str, query: &str, from: NaiveDate, to: NaiveDate) -> String {
    let path = format!("{base}{PLACE}?");
    let start = path.len();
    let mut out = Serializer::for_suffix(path, start);
    out.append_pair("q", query).append_pair("from", &from.to_string()).append_pair("to", &to.to_string()).finish()
}

fn shown(found: &Numbers) -> Shown {
    let bucket = found.period.bucket();
    let count = |day: &NaiveDate, states: &[OrderState]| -> u64 {
        let of = found.states.get(day);
        states.iter().filter_map(|state| of?.get(state)).sum()
    };
    let titles: Vec<String> = found.stretches.iter().map(|day| title(bucket, *day)).collect();
    let counts: Vec<Vec<u64>> =
        found.stretches.iter().map(|day| GROUPS.iter().map(|(.., states)| count(day, states)).collect()).collect();
    let orders: u64 = counts.iter().flatten().sum();
    let line = |durations: &Durations| {
        let hours = |day: &NaiveDate| durations.by_stretch.get(day).map(|it| (it.median, it.ninth));
        Lines::of(&titles, &found.stretches.iter().map(hours).collect::<Vec<_>>())
    };
    Shown {
        orders: text::count(orders),
        each: match bucket {
            Bucket::Day => "day",
            Bucket::Week => "week that begins on",
            Bucket::Month => "month",
        },
        groups: GROUPS,
        states: Bars::of(&titles, &counts, &GROUPS.map(|(_, class, _)| class)),
        approval: line(&found.approval),
        completion: line(&found.completion),
        took: vec![took("until both sides had agreed", &found.approval), took("until it was done", &found.completion)],
        stretches: stretches(found, &titles, &counts),
        shares: vec![("By organisation", shares(&found.by_customer)), ("By offering", shares(&found.by_offering))],
    }
}

fn title(bucket: Bucket, day: NaiveDate) -> String {
    match bucket {
        Bucket::Month => day.format("%b %Y").to_string(),
        Bucket::Day | Bucket::Week => format!("{} {}", day.day(), day.format("%b %Y")),
    }
}

fn took(what: &'static str, durations: &Durations) -> (&'static str, String, String, String) {
    match durations.whole {
        None => (what, "0".to_owned(), String::new(), String::new()),
        Some(whole) => (what, text::count(whole.orders), text::span(whole.median), text::span(whole.ninth)),
    }
}

fn stretches(found: &Numbers, titles: &[String], counts: &[Vec<u64>]) -> Vec<Stretch> {
    let spans = |durations: &Durations, day: &NaiveDate| {
        let of = durations.by_stretch.get(day);
        let words = of.map(|of| [text::span(of.median), text::span(of.ninth)]);
        words.unwrap_or_default()
    };
    let rows = found.stretches.iter().zip(titles).zip(counts);
    let stretch = |((day, title), counts): ((&NaiveDate, &String), &Vec<u64>)| Stretch {
        title: title.clone(),
        counts: counts.iter().map(|count| text::count(*count)).collect(),
        approval: spans(&found.approval, day),
        completion: spans(&found.completion, day),
    };
    rows.map(stretch).collect()
}

fn shares(shares: &Shares) -> Vec<Share> {
    let whole = shares.whole.cost.map_or(0.0, |cost| cost.to_f64());
    let share = |name: String, cost: &numbers::Cost| Share {
        name,
        orders: text::count(cost.orders),
        cost: cost.cost.map_or_else(|| "more than can be told".to_owned(), text::money),
        length: chart::of_hundred(cost.cost.map_or(0.0, |cost| cost.to_f64()), whole),
    };
    let mut all: Vec<Share> = shares.named.iter().map(|(name, cost)| share(text::name(name), cost)).collect();
    let named: u64 = shares.named.iter().map(|(_, cost)| cost.orders).sum();
    if named < shares.whole.orders {
        let rest = rest(shares);
        all.push(share("all others".to_owned(), &numbers::Cost { orders: shares.whole.orders - named, cost: rest }));
    }
    all
}

/// What those cost that are not told by name.
fn rest(shares: &Shares) -> Option<Money> {
    let whole = shares.whole.cost?.decimal();
    let left = shares.named.iter().try_fold(whole, |left, (_, cost)| Some(left - cost.cost?.decimal()))?;
    Money::new(left)
}
