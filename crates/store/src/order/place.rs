//! Where a page begins that is far behind the first: the day of its first order, or the mark before it, by counts that the
//! database keeps. What is passed over then is a part of one day, or what lies between two marks, however many pages come
//! before.

use chrono::NaiveDate;
use mercat_domain::{
    order::OrderState,
    time::{Timestamp, start_of_day},
};
use sea_orm::{ConnectionTrait, FromQueryResult};

use super::{
    filter::OrderFilter,
    known::{only_states, simple},
    marks::{Begin, Marked},
    page::{SortKey, Stretch, deciding, in_sql},
    text::Text,
};
use crate::{counts::count, error::StoreError};

/// Pages that begin later are looked for; what comes before the others is passed over as quickly.
/// Tests are built with assertions, and have few orders.
const FAR: u64 = if cfg!(debug_assertions) { 3 } else { 1_000 };

/// The begin of a page.
#[derive(Debug)]
pub(super) enum Place {
    /// Within a day.
    Day {
        /// What to look for instead.
        filters: Vec<OrderFilter>,
        /// How many of these come before.
        offset: u64,
    },
    /// Between two marks.
    Mark(Begin),
}

#[derive(FromQueryResult)]
struct Day {
    span: String,
    /// Orders before it.
    passed: i64,
}

#[derive(FromQueryResult)]
struct OfState {
    state: OrderState,
    total: i64,
}

/// Whether so much comes before that the begin is worth finding first.
pub(super) const fn is_far(stretch: Stretch<'_>) -> bool {
    stretch.offset >= FAR
}

/// Finds the begin of a page of a list that is counted: of all orders, or those in some states by creation or by state;
/// `None` for other lists, and near pages.
pub(super) async fn find(conn: &impl ConnectionTrait, stretch: Stretch<'_>) -> Result<Option<Place>, StoreError> {
    let [first, ..] = stretch.sorting else { return Ok(None) };
    let same_way = stretch.sorting.iter().all(|sort| sort.descending == first.descending);
    if !is_far(stretch) || !same_way {
        return Ok(None);
    }
    let states = match simple(stretch.filters).as_slice() {
        [] => OrderState::ALL.to_vec(),
        [only] => match only_states(only) {
            Some(states) => states,
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    if states.is_empty() {
        return Ok(None);
    }
    let search = Search { descending: first.descending, limit: stretch.limit };
    let keys: Vec<SortKey> = deciding(stretch.sorting).iter().map(|sort| sort.key).collect();
    match keys.as_slice() {
        [SortKey::State, SortKey::Created] => search.by_state(conn, &states, stretch.offset).await,
        [SortKey::Created, ..] => search.by_day(conn, states, stretch.offset).await,
        [key, SortKey::Created] if is_every(&states) => search.by_mark(conn, *key, stretch.offset).await,
        _ => Ok(None),
    }
}

#[derive(Clone, Copy)]
struct Search {
    descending: bool,
    limit: u64,
}

impl Search {
    /// The state in which the page begins, and the day there; `None` when the page goes on in another state.
    async fn by_state(
        self,
        conn: &impl ConnectionTrait,
        states: &[OrderState],
        offset: u64,
    ) -> Result<Option<Place>, StoreError> {
        let mut text = Text::new(conn.get_database_backend());
        text.write("SELECT state, CAST(SUM(total) AS BIGINT) AS total FROM order_days WHERE unit = 1");
        write_states(&mut text, states);
        text.write(" GROUP BY state ORDER BY state").write(self.way());
        let mut left = offset;
        for found in OfState::find_by_statement(text.statement()).all(conn).await? {
            let total = count(found.total);
            if left >= total {
                left -= total;
            } else if total - left >= self.limit {
                return self.by_day(conn, vec![found.state], left).await;
            } else {
                break;
            }
        }
        Ok(None)
    }

    /// The mark at which the page begins.
    async fn by_mark(
        self,
        conn: &impl ConnectionTrait,
        key: SortKey,
        offset: u64,
    ) -> Result<Option<Place>, StoreError> {
        let Some(marked) = Marked::by(key, conn.get_database_backend()) else { return Ok(None) };
        Ok(marked.find(conn, self.descending, offset).await?.map(Place::Mark))
    }

    /// The day on which an order stands that has so many before it, found within its month.
    async fn by_day(
        self,
        conn: &impl ConnectionTrait,
        states: Vec<OrderState>,
        offset: u64,
    ) -> Result<Option<Place>, StoreError> {
        let (passed_over, way) = (in_sql(offset), self.way());
        let mut text = Text::new(conn.get_database_backend());
        text.write("WITH months AS (SELECT span, SUM(total) AS total FROM order_days WHERE unit = 1");
        write_states(&mut text, &states);
        text.write(" GROUP BY span), month AS (SELECT span, upto - total AS passed FROM (SELECT span, total, ");
        text.write("SUM(total) OVER (ORDER BY span").write(way).write(") AS upto FROM months) AS m WHERE upto > ");
        text.value(passed_over).write(" ORDER BY span").write(way).write(" LIMIT 1), ");
        text.write("days AS (SELECT d.span, passed, SUM(total) AS total FROM month m, order_days d WHERE unit = 2");
        write_states(&mut text, &states);
        // After every day of the month: '~' is behind all digits.
        text.write(" AND d.span >= m.span AND d.span < m.span || '~' GROUP BY d.span, passed) ");
        text.write("SELECT span, CAST(passed + upto - total AS BIGINT) AS passed FROM (SELECT span, total, passed, ");
        text.write("SUM(total) OVER (ORDER BY span")
            .write(way)
            .write(") AS upto FROM days) AS d WHERE passed + upto > ");
        text.value(passed_over).write(" ORDER BY span").write(way).write(" LIMIT 1");
        let Some(found) = Day::find_by_statement(text.statement()).one(conn).await? else { return Ok(None) };
        let Some(begin) = found.span.parse().ok().and_then(|day| self.begin(day)) else { return Ok(None) };
        let mut filters = vec![begin];
        // Each state is a range of its own, and what is passed over is passed over in each.
        if !is_every(&states) {
            filters.push(OrderFilter::State(states));
        }
        Ok(Some(Place::Day { filters, offset: offset.saturating_sub(count(found.passed)) }))
    }

    /// Everything from this day on, in the direction of the list.
    fn begin(self, day: NaiveDate) -> Option<OrderFilter> {
        if !self.descending {
            return Some(OrderFilter::CreatedFrom(start_of_day(day)));
        }
        let next: Timestamp = start_of_day(day.succ_opt()?);
        // Times are of whole microseconds.
        Some(OrderFilter::CreatedTo(next - chrono::TimeDelta::microseconds(1)))
    }

    const fn way(self) -> &'static str {
        if self.descending { " DESC" } else { "" }
    }
}

fn is_every(states: &[OrderState]) -> bool {
    OrderState::ALL.iter().all(|state| states.contains(state))
}

/// Nothing for every state.
fn write_states(text: &mut Text, states: &[OrderState]) {
    if is_every(states) {
        return;
    }
    for (at, state) in states.iter().enumerate() {
        text.write(if at > 0 { ", " } else { " AND state IN (" }).value(*state);
    }
    text.write(")");
}
