//! How many orders there are: from the counts that the database keeps, where they tell.

use mercat_domain::permission::GrantedScopes;
use sea_orm::{
    ConnectionTrait, DbBackend, FromQueryResult,
    sea_query::{
        Alias, CaseStatement, Condition, Expr, ExprTrait as _, Func, Query, SelectStatement, SimpleExpr,
        SubQueryStatement,
    },
};
use uuid::Uuid;

use super::{
    filter::{OrderFilter, any_of},
    known::{groups, simple, take},
    page::{ranges, together},
};
use crate::error::StoreError;

const TABLE: &str = "order_counts";
const KIND: &str = "kind";
const SCOPE: &str = "scope";
const OWNER: &str = "owner";
const PROVIDER: &str = "provider_id";
const STATE: &str = "state";
const TOTAL: &str = "total";

/// More sums cost more than what they save, and databases do not take any number of them.
const MOST: usize = 100;
/// Each doubles what has to be summed.
const MOST_NEGATIONS: usize = 4;

/// What a count is of.
#[derive(Clone, Copy)]
enum Kind {
    Provider = 1,
    Customer = 2,
    Project = 3,
    Offering = 4,
}

#[derive(FromQueryResult)]
struct CountRow {
    total: i64,
}

/// How many orders the filters leave.
///
/// # Errors
/// The database failed.
pub async fn count(conn: &impl ConnectionTrait, filters: &[OrderFilter]) -> Result<u64, StoreError> {
    total(conn, &query(filters, conn.get_database_backend())).await
}

/// The same as a query for one number.
pub(super) fn query(filters: &[OrderFilter], backend: DbBackend) -> SelectStatement {
    kept(filters).unwrap_or_else(|| owned(filters, backend).unwrap_or_else(|| counted(filters, backend)))
}

/// Counts one by one.
fn counted(filters: &[OrderFilter], backend: DbBackend) -> SelectStatement {
    let mut query = Query::select();
    let ranges = together(ranges(filters, &[], backend));
    query.expr_as(Expr::cust("COUNT(*)"), "total").from_subquery(ranges, "found");
    query
}

/// Of an offering and what somebody's organisations see: all of the offering's orders, when these organisations provide
/// them all. `None` where the filters ask for anything else.
fn owned(filters: &[OrderFilter], backend: DbBackend) -> Option<SelectStatement> {
    let groups = groups(filters)?;
    let [group] = groups.as_slice() else { return None };
    let (mut owners, mut offering, mut rest) = (None, None, Vec::new());
    for filter in simple(group) {
        match filter {
            OrderFilter::Within(scopes) | OrderFilter::ProvidedWithin(scopes) if owners.is_none() => {
                owners = Some(customers(&scopes));
            }
            OrderFilter::Offering(id) if offering.is_none() => offering = Some(id),
            OrderFilter::State(states) => rest.push(OrderFilter::State(states)),
            _ => return None,
        }
    }
    let (owners, offering) = owners.filter(|owners| !owners.is_empty()).zip(offering)?;
    let of_others = of_kind(Kind::Offering).add(column(SCOPE).eq(offering)).add(column(OWNER).is_not_in(owners));
    let of_others = of_others.add(column(TOTAL).ne(0));
    let of_others = Query::select().expr(Expr::cust("1")).from(TABLE).cond_where(of_others).take();
    rest.push(OrderFilter::Offering(offering));
    let number = |query| Expr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(query)));
    let one_by_one = number(counted(filters, backend));
    let total = CaseStatement::new().case(Expr::exists(of_others), one_by_one).finally(number(kept(&rest)?));
    Some(Query::select().expr_as(total, "total").take())
}

/// How many orders the filters leave, counted up to `most`: what that costs has an end.
///
/// # Errors
/// The database failed.
pub async fn count_up_to(conn: &impl ConnectionTrait, filters: &[OrderFilter], most: u64) -> Result<u64, StoreError> {
    if let Some(query) = kept(filters) {
        return Ok(Ord::min(total(conn, &query).await?, most));
    }
    let mut ranges = together(ranges(filters, &[], conn.get_database_backend()));
    let mut query = Query::select();
    query.expr_as(Expr::cust("COUNT(*)"), "total").from_subquery(ranges.limit(most).take(), "found");
    total(conn, &query).await
}

async fn total(conn: &impl ConnectionTrait, query: &SelectStatement) -> Result<u64, StoreError> {
    let row = CountRow::find_by_statement(conn.get_database_backend().build(query)).one(conn).await?;
    Ok(row.map_or(0, |row| row.total.try_into().unwrap_or_default()))
}

/// The sum of the counts that the filters are about; `None` where they ask for something that is not counted.
fn kept(filters: &[OrderFilter]) -> Option<SelectStatement> {
    let cells = groups(filters)?.iter().map(|group| cells(group)).collect::<Option<Vec<_>>>()?.concat();
    if cells.is_empty() || cells.len() > MOST {
        return None;
    }
    let part = |(sign, cells): (i32, Condition)| {
        let total = if sign < 0 { Expr::cust("-total") } else { column(TOTAL) };
        Query::select().expr_as(total, TOTAL).from(TABLE).cond_where(cells).take()
    };
    // A sum of whole numbers is a decimal on PostgreSQL.
    let sum = Func::cast_as(Func::coalesce([Func::sum(column(TOTAL)).into(), Expr::cust("0")]), Alias::new("BIGINT"));
    let mut query = Query::select();
    query.expr_as(sum, "total").from_subquery(together(cells.into_iter().map(part).collect()), "cells");
    Some(query)
}

/// The cells that a group of filters is about, and whether they are added or taken off.
fn cells(group: &[OrderFilter]) -> Option<Vec<(i32, Condition)>> {
    let negations = group.iter().filter(|filter| matches!(filter, OrderFilter::Not(_)));
    if negations.count() > MOST_NEGATIONS {
        return None;
    }
    let negated = take(group, |filter| match filter {
        OrderFilter::Not(filters) => Some(filters),
        _ => None,
    });
    if let Some((filters, rest)) = negated {
        let without = cells(&[rest.as_slice(), filters.as_slice()].concat())?;
        let without = without.into_iter().map(|(sign, cells)| (-sign, cells));
        return Some(cells(&rest)?.into_iter().chain(without).collect());
    }
    let mut within = None;
    let mut also = Condition::all();
    for filter in simple(group) {
        match filter {
            OrderFilter::State(states) => also = also.add(any_of(column(STATE), states)),
            filter if within.is_none() => within = Some(filter),
            _ => return None,
        }
    }
    let cells = match within {
        None => vec![of_kind(Kind::Provider)],
        Some(OrderFilter::Within(scopes)) => [of_provider(&scopes), of_consumer(&scopes, true)].concat(),
        Some(OrderFilter::ConsumedWithin(scopes)) => of_consumer(&scopes, false),
        Some(OrderFilter::ProvidedWithin(scopes)) => of_provider(&scopes),
        Some(OrderFilter::Project(id)) => vec![of_kind(Kind::Project).add(column(SCOPE).eq(id))],
        Some(OrderFilter::Customer(id)) => vec![of_kind(Kind::Customer).add(column(SCOPE).eq(id))],
        Some(OrderFilter::Provider(id)) => vec![of_kind(Kind::Provider).add(column(SCOPE).eq(id))],
        Some(OrderFilter::Offering(id)) => vec![of_kind(Kind::Offering).add(column(SCOPE).eq(id))],
        Some(_) => return None,
    };
    Some(cells.into_iter().map(|cells| (1, cells.add(also.clone()))).collect())
}

fn customers(scopes: &GrantedScopes) -> Vec<Uuid> {
    scopes.customers.iter().copied().map(Uuid::from).collect()
}

/// Cells of what the organisations provide.
fn of_provider(scopes: &GrantedScopes) -> Vec<Condition> {
    of_scopes(Kind::Provider, customers(scopes)).into_iter().collect()
}

/// Cells of what is consumed, each order in one of them: by the organisations, and in the projects of others; without
/// what the organisations provide themselves if that is counted elsewhere.
fn of_consumer(scopes: &GrantedScopes, from_others: bool) -> Vec<Condition> {
    let not_owned = |cells: Condition, owner: &'static str| match customers(scopes) {
        owners if owners.is_empty() => cells,
        owners => cells.add(column(owner).is_not_in(owners)),
    };
    let also = |cells| if from_others { not_owned(cells, PROVIDER) } else { cells };
    let projects = scopes.projects.iter().copied().map(Uuid::from).collect();
    let of_projects = of_scopes(Kind::Project, projects).map(|cells| not_owned(cells, OWNER));
    of_scopes(Kind::Customer, customers(scopes)).into_iter().chain(of_projects).map(also).collect()
}

/// Cells of some scopes; of none there are none.
fn of_scopes(kind: Kind, scopes: Vec<Uuid>) -> Option<Condition> {
    (!scopes.is_empty()).then(|| of_kind(kind).add(column(SCOPE).is_in(scopes)))
}

fn of_kind(kind: Kind) -> Condition {
    Condition::all().add(Expr::cust(format!("{KIND} = {}", kind as i16)))
}

fn column(name: &'static str) -> SimpleExpr {
    Expr::col(name)
}
