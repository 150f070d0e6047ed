//! Pages of the order list: found in an index first; rows are read for one page only.

use futures_util::future::join;
use mercat_domain::id::{OrderId, UserId};
use sea_orm::{
    ConnectionTrait, DbBackend, FromQueryResult,
    sea_query::{Expr, Query, SelectStatement, SimpleExpr, UnionType},
};

use super::{
    count,
    filter::OrderFilter,
    lane,
    marks::Begin,
    place::{self, Place},
    progress::Progress,
    row::{Details, OrderRow, Read, complete},
    text::Text,
};
use crate::{
    Db,
    entity::order::{Column, Entity},
    error::StoreError,
    migration::COST_ORDER,
    reference::Reads,
};

/// What the order list can be sorted by (spec 11.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKey {
    /// Time of creation.
    Created,
    /// Time of the consumer's review.
    ConsumerReviewedAt,
    /// Cost, by value.
    Cost,
    /// State, by its code.
    State,
}

/// One sort key and its direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// What to sort by.
    pub key: SortKey,
    /// Largest first.
    pub descending: bool,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: OrderId,
}

/// A stretch of a list.
#[derive(Debug, Clone, Copy)]
pub struct Stretch<'a> {
    /// Which orders.
    pub filters: &'a [OrderFilter],
    /// In which order; ties are broken by creation and id in the direction of the last key, so that no order stands on two
    /// pages.
    pub sorting: &'a [Sort],
    /// How many come before.
    pub offset: u64,
    /// How many are wanted.
    pub limit: u64,
    /// What is wanted of each.
    pub details: Details,
}

impl<'a> Stretch<'a> {
    /// Whole orders.
    #[must_use]
    pub const fn new(filters: &'a [OrderFilter], sorting: &'a [Sort], offset: u64, limit: u64) -> Self {
        Self { filters, sorting, offset, limit, details: Details::ALL }
    }
}

/// What is read by one statement.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    stretch: Stretch<'a>,
    /// Where it was found that this stretch of all orders begins.
    begin: Option<&'a Begin>,
    /// Each order also says how many orders these filters leave.
    counted: Option<&'a [OrderFilter]>,
}

impl<'a> Wanted<'a> {
    pub(super) const fn new(stretch: Stretch<'a>) -> Self {
        Self { stretch, begin: None, counted: None }
    }

    /// The same from where it was found to begin.
    fn at(stretch: Stretch<'a>, place: Option<&'a Place>) -> Self {
        match place {
            Some(Place::Day { filters, offset }) => Self::new(Stretch { filters, offset: *offset, ..stretch }),
            Some(Place::Mark(begin)) => Self { begin: Some(begin), ..Self::new(stretch) },
            None => Self::new(stretch),
        }
    }
}

/// A page of a list.
#[derive(Debug)]
pub struct Page {
    /// Its orders.
    pub rows: Vec<OrderRow>,
    /// How many orders are on all pages.
    pub total: u64,
}

/// Ids of a stretch, in order.
///
/// # Errors
/// The database failed.
pub async fn ids(conn: &impl ConnectionTrait, stretch: Stretch<'_>) -> Result<Vec<OrderId>, StoreError> {
    let mut text = Text::new(conn.get_database_backend());
    write_ids(&mut text, stretch);
    let rows = IdRow::find_by_statement(text.statement()).all(conn).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Orders of a stretch, for somebody whose own changes have to be in it.
///
/// # Errors
/// The database failed.
pub async fn list(db: &Db, reader: UserId, stretch: Stretch<'_>) -> Result<Vec<OrderRow>, StoreError> {
    let place = place::find(db.read(), stretch).await?;
    complete(&db.kept(), read(db, reader, Wanted::at(stretch, place.as_ref())).await?).await
}

/// The same, and how many orders there are in all.
///
/// # Errors
/// The database failed.
pub async fn page(db: &Db, reader: UserId, stretch: Stretch<'_>) -> Result<Page, StoreError> {
    let place = place::find(db.read(), stretch).await?;
    if place.is_none() && place::is_far(stretch) {
        // To find nothing costs as much as to pass over everything.
        let total = count::count(db.read(), stretch.filters).await?;
        let read = if stretch.offset < total { read(db, reader, Wanted::new(stretch)).await? } else { Vec::new() };
        return Ok(Page { rows: complete(&db.kept(), read).await?, total });
    }
    let wanted = Wanted { counted: Some(stretch.filters), ..Wanted::at(stretch, place.as_ref()) };
    let read = read(db, reader, wanted).await?;
    let total = match read.first() {
        Some(first) => first.total(),
        // Nothing says how many there are: the page is beyond the end.
        None => count::count(db.read(), stretch.filters).await?,
    };
    Ok(Page { rows: complete(&db.kept(), read).await?, total })
}

/// Reads from the replica, unless that is behind what the reader knows: then, as without one, from the database itself.
pub(super) async fn read(db: &Db, reader: UserId, wanted: Wanted<'_>) -> Result<Vec<Read>, StoreError> {
    if let Some(replica) = db.replica() {
        let read = read_from(replica, wanted);
        let (read, known) = join(read, Progress::known_to(db.read(), reader)).await;
        // A replica that fails is one that is far behind.
        if let (Ok(read), Ok(known)) = (read, known)
            && read.first().is_some_and(|first| first.progress().has_reached(known))
        {
            return Ok(read);
        }
    }
    read_from(db.read(), wanted).await
}

async fn read_from(conn: &impl Reads, wanted: Wanted<'_>) -> Result<Vec<Read>, StoreError> {
    let Wanted { stretch, begin, counted } = wanted;
    let details = stretch.details;
    let mut text = Text::new(conn.get_database_backend());
    text.write("SELECT ");
    if let Some(filters) = counted {
        let counting = count::query(filters, text.backend());
        text.write("(").query(&counting).write(")");
    } else {
        text.write("CAST(NULL AS BIGINT)");
    }
    text.write(" AS total, ").write(&details.columns()).write(" FROM (");
    match (begin, stretch.sorting) {
        (Some(begin), [sort, ..]) => {
            begin.write_ids(&mut text, sort.key.name(), &order_by("", stretch.sorting), stretch.limit);
        }
        _ => write_ids(&mut text, stretch),
    }
    text.write(") AS page JOIN orders o ON o.id = page.id").write(&details.joined());
    text.write(&order_by("page.", stretch.sorting));
    details.read(conn, text.statement()).await
}

/// The ids of a stretch, found in an index, with what they are sorted by.
fn write_ids(text: &mut Text, stretch: Stretch<'_>) {
    let Stretch { filters, sorting, offset, limit, .. } = stretch;
    let order = order_by("", sorting);
    let ranges = ranges(filters, &deciding(sorting), text.backend());
    match ranges.as_slice() {
        [range] => drop(text.query(range)),
        ranges => {
            for (at, range) in ranges.iter().enumerate() {
                // Neither database stops reading a range by itself when the page is full.
                text.write(if at == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
                text.query(range).write(&order);
                write_limit(text, offset.saturating_add(limit), offset > 0);
                text.write(") AS range");
            }
        }
    }
    text.write(&order);
    write_limit(text, limit, false);
    if offset > 0 {
        text.write(" OFFSET ").value(in_sql(offset));
    }
}

/// A limit as text, unless every page has one of its own: then each would be planned, and kept, by itself.
fn write_limit(text: &mut Text, limit: u64, varies: bool) {
    if varies {
        text.write(" LIMIT ").value(in_sql(limit));
    } else {
        text.write(&format!(" LIMIT {}", in_sql(limit)));
    }
}

/// More than that, no database takes.
pub(super) fn in_sql(number: u64) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// How the orders are sorted that `table` has, with the names of [`SortKey::name`].
fn order_by(table: &str, sorting: &[Sort]) -> String {
    let direction = |descending: bool| if descending { "DESC" } else { "ASC" };
    let key = |sort: &Sort| {
        // Where PostgreSQL puts NULLs by default: last ascending, first descending.
        let nulls = match (sort.key.is_nullable(), sort.descending) {
            (false, _) => "",
            (true, false) => " NULLS LAST",
            (true, true) => " NULLS FIRST",
        };
        format!("{table}{} {}{nulls}, ", sort.key.name(), direction(sort.descending))
    };
    let keys: String = deciding(sorting).iter().map(key).collect();
    format!(" ORDER BY {keys}{table}id {}", direction(ties_descend(sorting)))
}

/// The keys without those that stood before, which decide nothing any more, and the creation, which indexes have behind
/// what they are for.
pub(super) fn deciding(sorting: &[Sort]) -> Vec<Sort> {
    let creation = Sort { key: SortKey::Created, descending: ties_descend(sorting) };
    let mut deciding: Vec<Sort> = Vec::new();
    for sort in sorting.iter().copied().chain([creation]) {
        if deciding.iter().all(|before| before.key != sort.key) {
            deciding.push(sort);
        }
    }
    deciding
}

fn ties_descend(sorting: &[Sort]) -> bool {
    sorting.last().is_some_and(|sort| sort.descending)
}

/// The orders that the filters leave, with what they are sorted by: a statement for each range.
pub(super) fn ranges(filters: &[OrderFilter], sorting: &[Sort], backend: DbBackend) -> Vec<SelectStatement> {
    let ranges = lane::conditions(filters, backend).into_iter().map(|found| {
        let mut range = Query::select();
        range.column(Column::Id).from(Entity).cond_where(found.condition);
        for sort in sorting {
            range.expr_as(sort.key.expression(backend, found.is_in_order), sort.key.name());
        }
        range
    });
    ranges.collect()
}

/// All rows of some statements.
pub(super) fn together(parts: Vec<SelectStatement>) -> SelectStatement {
    let mut parts = parts.into_iter();
    let mut all = parts.next().unwrap_or_default();
    for part in parts {
        all.union(UnionType::All, part);
    }
    all
}

impl SortKey {
    /// The expression to sort by; no index has it unless the index of the range does.
    fn expression(self, backend: DbBackend, by_index: bool) -> SimpleExpr {
        match self {
            Self::Created if by_index => Expr::col(Column::Created),
            Self::Created if backend == DbBackend::Sqlite => Expr::cust("+created"),
            Self::Created => Expr::cust("created + INTERVAL '0'"),
            Self::ConsumerReviewedAt => Expr::col(Column::ConsumerReviewedAt),
            Self::State => Expr::col(Column::State),
            Self::Cost if backend == DbBackend::Sqlite => Expr::cust(COST_ORDER),
            Self::Cost => Expr::col(Column::Cost),
        }
    }

    /// What the expression is called in a statement.
    const fn name(self) -> &'static str {
        match self {
            Self::Created => "by_created",
            Self::ConsumerReviewedAt => "by_reviewed",
            Self::State => "by_state",
            Self::Cost => "by_cost",
        }
    }

    const fn is_nullable(self) -> bool {
        matches!(self, Self::ConsumerReviewedAt | Self::Cost)
    }
}
