//! Pages of the order list: narrow and indexed first; the wide rows are joined for one page only.

use mercat_domain::id::OrderId;
use sea_orm::{
    ConnectionTrait, DbBackend, FromQueryResult,
    sea_query::{Expr, NullOrdering, Order as Direction, Query, SelectStatement, SimpleExpr, UnionType},
};

use super::{
    filter::{self, OrderFilter},
    lane,
};
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

/// Ids of one page, in order. Ties are broken by id in the direction of the last key, so that no order stands on two pages.
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
    let backend = conn.get_database_backend();
    let ties_descend = sorting.last().is_some_and(|sort| sort.descending);
    let sorting = deciding(sorting);
    let mut ranges = ranges(filters, &sorting, backend);
    if ranges.len() > 1 {
        // Neither database stops reading a range by itself when the page is full.
        for range in &mut ranges {
            sort(range, &sorting, ties_descend).limit(offset.saturating_add(limit));
            *range = Query::select().expr(Expr::cust("*")).from_subquery(range.take(), "range").take();
        }
    }
    let mut query = together(ranges);
    sort(&mut query, &sorting, ties_descend).offset(offset).limit(limit);
    let rows = IdRow::find_by_statement(backend.build(&query)).all(conn).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The keys without those that stood before: they decide nothing any more, and a name may stand once.
fn deciding(sorting: &[Sort]) -> Vec<Sort> {
    let repeated = |at: usize, key| sorting.iter().take(at).any(|before| before.key == key);
    sorting.iter().enumerate().filter(|(at, sort)| !repeated(*at, sort.key)).map(|(_, sort)| *sort).collect()
}

fn sort<'a>(query: &'a mut SelectStatement, sorting: &[Sort], ties_descend: bool) -> &'a mut SelectStatement {
    let direction = |descending: bool| if descending { Direction::Desc } else { Direction::Asc };
    for sort in sorting {
        let key = Expr::col(sort.key.name());
        if sort.key.is_nullable() {
            // Where PostgreSQL puts NULLs by default: last ascending, first descending.
            let nulls = if sort.descending { NullOrdering::First } else { NullOrdering::Last };
            query.order_by_expr_with_nulls(key, direction(sort.descending), nulls);
        } else {
            query.order_by_expr(key, direction(sort.descending));
        }
    }
    query.order_by(Column::Id, direction(ties_descend))
}

/// The orders that the filters leave, with what they are sorted by: a statement for each range.
pub(super) fn ranges(filters: &[OrderFilter], sorting: &[Sort], backend: DbBackend) -> Vec<SelectStatement> {
    let ranges = lane::conditions(filters, backend).into_iter().map(|condition| {
        let mut range = Query::select();
        range.column(Column::Id).from(Entity).cond_where(condition);
        for sort in sorting {
            range.expr_as(sort.key.expression(backend), sort.key.name());
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
    /// The expression to sort by.
    fn expression(self, backend: DbBackend) -> SimpleExpr {
        match self {
            Self::Created => Expr::col(Column::Created),
            Self::ConsumerReviewedAt => Expr::col(Column::ConsumerReviewedAt),
            Self::State => Expr::col(Column::State),
            Self::Cost => filter::cost(backend),
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
