//! Figures about many orders: the database counts, adds up and ranks; no order is read.

use mercat_domain::{money::Money, order::OrderState};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbBackend, EntityTrait as _, FromQueryResult, QueryFilter as _,
    QuerySelect as _, QueryTrait as _,
    prelude::Decimal,
    sea_query::{Expr, ExprTrait as _, Order as Direction, Query, SelectStatement, SimpleExpr},
};
use uuid::Uuid;

use super::filter::{self, Columns, OrderFilter};
use crate::{
    entity::order::{Column, Entity},
    error::StoreError,
};

/// A stretch of time that figures are given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// From midnight to midnight, in UTC.
    Day,
    /// From Monday.
    Week,
    /// From the first of the month.
    Month,
}

impl Bucket {
    /// The first day of the stretch in which the order was placed: `2026-01-31`.
    fn expression(self, backend: DbBackend) -> SimpleExpr {
        Expr::cust(match (backend, self) {
            (DbBackend::Sqlite, Self::Day) => "substr(created, 1, 10)",
            (DbBackend::Sqlite, Self::Week) => "date(created, '-6 days', 'weekday 1')",
            (DbBackend::Sqlite, Self::Month) => "substr(created, 1, 7) || '-01'",
            (_, Self::Day) => "to_char(created AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
            (_, Self::Week) => "to_char(date_trunc('week', created AT TIME ZONE 'UTC'), 'YYYY-MM-DD')",
            (_, Self::Month) => "to_char(date_trunc('month', created AT TIME ZONE 'UTC'), 'YYYY-MM-DD')",
        })
    }
}

/// How many orders of a bucket are in a state.
#[derive(Debug, Clone, FromQueryResult)]
pub struct InState {
    /// The first day of the bucket, as `2026-01-31`.
    pub bucket: String,
    /// The state.
    pub state: OrderState,
    /// How many.
    pub orders: i64,
}

/// Orders by the time at which they were placed and by how they stand.
///
/// # Errors
/// The database failed.
pub async fn by_state(
    conn: &impl ConnectionTrait,
    filters: &[OrderFilter],
    bucket: Bucket,
) -> Result<Vec<InState>, StoreError> {
    let backend = conn.get_database_backend();
    let query = Entity::find()
        .select_only()
        .expr_as(bucket.expression(backend), "bucket")
        .column(Column::State)
        .expr_as(Expr::cust("COUNT(*)"), "orders")
        .filter(filter::all(filters, Columns::of(backend)));
    let query = query.group_by(Expr::cust("1")).group_by(Column::State);
    grouped(query.into_query(), conn).await
}

/// PostgreSQL wants the expression that is selected, by its place: a parameter in it would make two of it.
async fn grouped<T: FromQueryResult>(
    mut query: SelectStatement,
    conn: &impl ConnectionTrait,
) -> Result<Vec<T>, StoreError> {
    query.order_by_expr(Expr::cust("1"), Direction::Asc);
    Ok(T::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?)
}

/// How long something took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Took {
    /// Until both sides had agreed.
    Approval,
    /// Until it was done.
    Completion,
}

impl Took {
    /// The seconds that it took.
    fn seconds(self, backend: DbBackend) -> SimpleExpr {
        let reviewed = |side: &str| format!("COALESCE({side}_reviewed_at, created)");
        let (consumer, provider) = (reviewed("consumer"), reviewed("provider"));
        Expr::cust(match (backend, self) {
            (DbBackend::Sqlite, Self::Approval) => {
                format!("CAST(ROUND((julianday(MAX({consumer}, {provider})) - julianday(created)) * 86400) AS INTEGER)")
            }
            (DbBackend::Sqlite, Self::Completion) => {
                "CAST(ROUND((julianday(completed_at) - julianday(created)) * 86400) AS INTEGER)".to_owned()
            }
            (_, Self::Approval) => {
                format!("ROUND(EXTRACT(EPOCH FROM GREATEST({consumer}, {provider}) - created))::BIGINT")
            }
            (_, Self::Completion) => "ROUND(EXTRACT(EPOCH FROM completed_at - created))::BIGINT".to_owned(),
        })
    }

    /// The orders that came so far.
    fn reached(self) -> SimpleExpr {
        match self {
            Self::Approval => Column::State.is_in([OrderState::Executing, OrderState::Done, OrderState::Erred]),
            Self::Completion => Column::State.eq(OrderState::Done).and(Column::CompletedAt.is_not_null()),
        }
    }
}

/// How long it took for half of the orders of a bucket, and for nine of ten: the nearest rank.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Times {
    /// The first day of the bucket, as `2026-01-31`; empty for all of them.
    pub bucket: String,
    /// How many orders came so far.
    pub orders: i64,
    /// Seconds that half of them took at most.
    pub median: i64,
    /// Seconds that nine of ten took at most.
    pub ninth: i64,
}

/// How long it took, for each bucket, or without one for all orders together.
///
/// # Errors
/// The database failed.
pub async fn times(
    conn: &impl ConnectionTrait,
    filters: &[OrderFilter],
    took: Took,
    bucket: Option<Bucket>,
) -> Result<Vec<Times>, StoreError> {
    let backend = conn.get_database_backend();
    let bucket = bucket.map_or_else(|| Expr::cust("''"), |bucket| bucket.expression(backend));
    let taken = Entity::find()
        .select_only()
        .expr_as(bucket, "bucket")
        .expr_as(took.seconds(backend), "seconds")
        .filter(filter::all(filters, Columns::of(backend)))
        .filter(took.reached())
        .into_query();
    let mut ranked = Query::select();
    ranked
        .expr(Expr::cust("bucket"))
        .expr(Expr::cust("seconds"))
        .expr_as(Expr::cust("ROW_NUMBER() OVER (PARTITION BY bucket ORDER BY seconds)"), "rank")
        .expr_as(Expr::cust("COUNT(*) OVER (PARTITION BY bucket)"), "orders")
        .from_subquery(taken, "taken");
    let mut query = Query::select();
    query
        .expr(Expr::cust("bucket"))
        .expr_as(Expr::cust("MAX(orders)"), "orders")
        .expr_as(Expr::cust("MAX(CASE WHEN rank = (orders + 1) / 2 THEN seconds END)"), "median")
        .expr_as(Expr::cust("MAX(CASE WHEN rank = (orders * 9 + 9) / 10 THEN seconds END)"), "ninth")
        .from_subquery(ranked, "ranked")
        .add_group_by([Expr::cust("bucket")]);
    grouped(query, conn).await
}

/// Whose share of the cost is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostOf {
    /// The organisations that ordered.
    Customer,
    /// The offerings that were ordered.
    Offering,
}

/// What orders came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// How many orders.
    pub orders: u64,
    /// What they cost in all; `None` when it is out of range.
    pub cost: Option<Money>,
}

#[derive(FromQueryResult)]
struct CostRow {
    orders: i64,
    whole: i64,
    parts: i64,
}

#[derive(FromQueryResult)]
struct ShareRow {
    of: Uuid,
    #[sea_orm(nested)]
    cost: CostRow,
}

/// So many parts are one.
const SCALE: u32 = 10;

impl From<CostRow> for Cost {
    fn from(row: CostRow) -> Self {
        let parts = Decimal::try_from_i128_with_scale(row.parts.into(), SCALE).ok();
        let cost = parts.and_then(|parts| Decimal::from(row.whole).checked_add(parts)).and_then(Money::new);
        Self { orders: row.orders.unsigned_abs(), cost }
    }
}

/// The dearest organisations or offerings, at most `most`, and what their orders came to.
///
/// # Errors
/// The database failed.
pub async fn shares(
    conn: &impl ConnectionTrait,
    filters: &[OrderFilter],
    of: CostOf,
    most: u64,
) -> Result<Vec<(Uuid, Cost)>, StoreError> {
    let column = match of {
        CostOf::Customer => Column::CustomerId,
        CostOf::Offering => Column::OfferingId,
    };
    let mut query = added_up(conn, filters);
    query.expr_as(Expr::col(column), "of").add_group_by([Expr::col(column)]).limit(most);
    for by in ["whole", "parts", "orders"] {
        query.order_by_expr(Expr::cust(by), Direction::Desc);
    }
    query.order_by(column, Direction::Asc);
    let rows = ShareRow::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.of, row.cost.into())).collect())
}

/// What all orders came to.
///
/// # Errors
/// The database failed.
pub async fn cost(conn: &impl ConnectionTrait, filters: &[OrderFilter]) -> Result<Cost, StoreError> {
    let query = added_up(conn, filters);
    let row = CostRow::find_by_statement(conn.get_database_backend().build(&query)).one(conn).await?;
    Ok(row.map_or(Cost { orders: 0, cost: Some(Money::ZERO) }, Cost::from))
}

/// Sums without a rounding error: the digits before and behind the point each for themselves, because SQLite keeps money
/// as text and adds up whole numbers or floats only.
fn added_up(conn: &impl ConnectionTrait, filters: &[OrderFilter]) -> SelectStatement {
    let backend = conn.get_database_backend();
    let (whole, parts) = match backend {
        DbBackend::Sqlite => (
            "CAST(cost AS INTEGER)",
            "CASE WHEN cost LIKE '-%' THEN -1 ELSE 1 END * \
             CASE instr(cost, '.') WHEN 0 THEN 0 ELSE CAST(substr(cost || '0000000000', instr(cost, '.') + 1, 10) AS INTEGER) END",
        ),
        _ => ("TRUNC(cost)", "(cost - TRUNC(cost)) * 10000000000"),
    };
    let sum = |what: &str| Expr::cust(format!("CAST(COALESCE(SUM({what}), 0) AS BIGINT)"));
    Entity::find()
        .select_only()
        .expr_as(Expr::cust("COUNT(*)"), "orders")
        .expr_as(sum(whole), "whole")
        .expr_as(sum(parts), "parts")
        .filter(filter::all(filters, Columns::of(backend)))
        .into_query()
}
