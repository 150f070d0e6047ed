//! Pages of the order list: narrow and indexed first; the wide rows are joined for one page only.

use mercat_domain::id::OrderId;
use sea_orm::{
    ConnectionTrait, DbBackend, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
    sea_query::{Expr, NullOrdering, Order as Direction, Query, SimpleExpr},
};

use super::filter::{self, OrderFilter};
use crate::{
    entity::order::{Column, Entity},
    error::StoreError,
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

#[derive(FromQueryResult)]
struct CountRow {
    total: i64,
}

/// Ids of one page, in order. Ties are broken by id, so that no order stands on two pages.
///
/// # Errors
/// The database failed.
pub async fn page(
    conn: &impl ConnectionTrait,
    filters: &[OrderFilter],
    sorting: &[Sort],
    offset: u64,
    limit: u64,
) -> Result<Vec<OrderId>, StoreError> {
    let mut query =
        Entity::find().select_only().column(Column::Id).filter(filter::all(filters, conn.get_database_backend()));
    for sort in sorting {
        let direction = if sort.descending { Direction::Desc } else { Direction::Asc };
        let (key, nullable) = sort.key.expression(conn.get_database_backend());
        query = if nullable {
            // Where PostgreSQL puts NULLs by default: last ascending, first descending.
            let nulls = if sort.descending { NullOrdering::First } else { NullOrdering::Last };
            query.order_by_with_nulls(key, direction, nulls)
        } else {
            query.order_by(key, direction)
        };
    }
    let last = if sorting.last().is_some_and(|s| s.descending) { Direction::Desc } else { Direction::Asc };
    let rows = query.order_by(Column::Id, last).offset(offset).limit(limit).into_model::<IdRow>().all(conn).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// How many orders the filters leave.
///
/// # Errors
/// The database failed.
pub async fn count(conn: &impl ConnectionTrait, filters: &[OrderFilter]) -> Result<u64, StoreError> {
    let query = Entity::find()
        .select_only()
        .expr_as(Expr::cust("COUNT(*)"), "total")
        .filter(filter::all(filters, conn.get_database_backend()));
    let row = query.into_model::<CountRow>().one(conn).await?;
    Ok(row.map_or(0, |row| row.total.unsigned_abs()))
}

/// How many orders the filters leave, counted up to `most`: what that costs has an end.
///
/// # Errors
/// The database failed.
pub async fn count_up_to(conn: &impl ConnectionTrait, filters: &[OrderFilter], most: u64) -> Result<u64, StoreError> {
    let some =
        Entity::find().select_only().column(Column::Id).filter(filter::all(filters, conn.get_database_backend()));
    let mut query = Query::select();
    query.expr_as(Expr::cust("COUNT(*)"), "total").from_subquery(some.limit(most).into_query(), "some");
    let row = CountRow::find_by_statement(conn.get_database_backend().build(&query)).one(conn).await?;
    Ok(row.map_or(0, |row| row.total.unsigned_abs()))
}

impl SortKey {
    /// The expression to sort by, and whether it can be null.
    fn expression(self, backend: DbBackend) -> (SimpleExpr, bool) {
        match self {
            Self::Created => (Expr::col(Column::Created), false),
            Self::ConsumerReviewedAt => (Expr::col(Column::ConsumerReviewedAt), true),
            Self::State => (Expr::col(Column::State), false),
            Self::Cost => (filter::cost(backend), true),
        }
    }
}
