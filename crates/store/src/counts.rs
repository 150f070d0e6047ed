//! How many orders and resources there are, as triggers of the database keep count (migrations `m0007_counts`,
//! `m0010_days` and `m0013_marks`).

use std::collections::HashMap;

use mercat_domain::{
    id::{OfferingId, PlanId},
    order::ResourceState,
};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, Statement,
    sea_query::{Expr, ExprTrait as _, Query, UnionType},
};

use uuid::Uuid;

use crate::{db::hold_changes, error::StoreError, order::marks};

/// Resources of a plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resources {
    /// All of them.
    pub all: u64,
    /// Those that are not terminated.
    pub live: u64,
}

/// What there is of offerings and plans; of those that are not in it, nothing.
#[derive(Debug, Default)]
pub struct Counts {
    /// Orders.
    pub orders: HashMap<OfferingId, u64>,
    /// Resources.
    pub resources: HashMap<PlanId, Resources>,
}

#[derive(FromQueryResult)]
struct Cell {
    id: Uuid,
    /// Of resources; orders are counted in all states.
    state: Option<ResourceState>,
    total: i64,
}

/// How many orders there are for these offerings, and how many resources of these plans, by one statement.
///
/// # Errors
/// The database failed.
pub async fn of(conn: &impl ConnectionTrait, offerings: &[OfferingId], plans: &[PlanId]) -> Result<Counts, StoreError> {
    let mut query = Query::select();
    query.expr_as(Expr::col("scope"), "id").expr_as(Expr::cust("CAST(NULL AS TEXT)"), "state").column("total");
    // Kind 4 is by offering.
    query.from("order_counts").and_where(Expr::cust("kind = 4"));
    query.and_where(Expr::col("scope").is_in(offerings.iter().copied()));
    let mut resources = Query::select();
    resources.expr_as(Expr::col("plan_id"), "id").columns(["state", "total"]).from("resource_counts");
    resources.and_where(Expr::col("plan_id").is_in(plans.iter().copied()));
    query.union(UnionType::All, resources);
    let mut counts = Counts::default();
    for Cell { id, state, total } in
        Cell::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?
    {
        let Some(state) = state else {
            *counts.orders.entry(id.into()).or_default() += count(total);
            continue;
        };
        let counted = counts.resources.entry(id.into()).or_default();
        counted.all += count(total);
        if state != ResourceState::Terminated {
            counted.live += count(total);
        }
    }
    Ok(counts)
}

/// Whoever writes around the triggers can bring a count below zero; `mercat doctor` tells.
pub(crate) fn count(total: i64) -> u64 {
    total.try_into().unwrap_or_default()
}

/// The tables with counts, and what they have to be.
fn truths(backend: DbBackend) -> [(&'static str, String); 3] {
    let (month, day) = match backend {
        DbBackend::Sqlite => ("substr(created, 1, 7)", "substr(created, 1, 10)"),
        _ => ("to_char(created AT TIME ZONE 'UTC', 'YYYY-MM')", "to_char(created AT TIME ZONE 'UTC', 'YYYY-MM-DD')"),
    };
    [
        (
            "order_counts",
            "SELECT 1, provider_id, provider_id, provider_id, state, COUNT(*) FROM orders GROUP BY provider_id, state
             UNION ALL SELECT 2, customer_id, customer_id, provider_id, state, COUNT(*) FROM orders
             GROUP BY customer_id, provider_id, state
             UNION ALL SELECT 3, project_id, customer_id, provider_id, state, COUNT(*) FROM orders
             GROUP BY project_id, customer_id, provider_id, state
             UNION ALL SELECT 4, offering_id, provider_id, provider_id, state, COUNT(*) FROM orders
             GROUP BY offering_id, provider_id, state"
                .to_owned(),
        ),
        (
            "resource_counts",
            "SELECT plan_id, state, COUNT(*) FROM resources WHERE plan_id IS NOT NULL GROUP BY plan_id, state"
                .to_owned(),
        ),
        (
            "order_days",
            format!(
                "SELECT 1, {month}, state, COUNT(*) FROM orders GROUP BY {month}, state
                 UNION ALL SELECT 2, {day}, state, COUNT(*) FROM orders GROUP BY {day}, state"
            ),
        ),
    ]
}

/// Counts everything anew, in a transaction for which all changes of orders and resources wait.
///
/// # Errors
/// The database failed.
pub async fn rebuild(conn: &DatabaseTransaction) -> Result<(), StoreError> {
    hold_changes(conn).await?;
    let backend = conn.get_database_backend();
    for (table, truth) in truths(backend).into_iter().chain([("order_marks", marks::first(backend))]) {
        conn.execute_unprepared(&format!("DELETE FROM {table}")).await?;
        conn.execute_unprepared(&format!("INSERT INTO {table} {truth}")).await?;
    }
    while marks::divide(conn).await? {}
    Ok(())
}

/// How many counts are wrong; reads every order and resource.
///
/// # Errors
/// The database failed.
pub async fn wrong(conn: &impl ConnectionTrait) -> Result<u64, StoreError> {
    let mut wrong = 0;
    let backend = conn.get_database_backend();
    for (table, truth) in truths(backend).into_iter().chain([("order_marks", marks::truth(backend))]) {
        let kept = format!("SELECT * FROM {table} WHERE total <> 0");
        let sql = format!(
            "SELECT COUNT(*) FROM (SELECT * FROM (SELECT * FROM ({truth}) AS a EXCEPT {kept}) AS b
             UNION ALL SELECT * FROM ({kept} EXCEPT {truth}) AS c) AS d",
            truth = format!("SELECT * FROM ({truth}) AS t"),
        );
        let row = conn.query_one_raw(Statement::from_string(backend, sql)).await?;
        wrong += row.map(|row| row.try_get_by_index::<i64>(0)).transpose()?.map_or(0, count);
    }
    Ok(wrong)
}
