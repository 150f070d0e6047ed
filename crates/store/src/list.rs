//! Lists of one table's rows: filters joined by AND, pages, single rows and their locks; the same for every table.
//!
//! Related rows are read for one page at a time, with one statement for each table, never one for each row.

use std::{collections::HashMap, fmt, hash::Hash, marker::PhantomData};

use mercat_domain::time::Timestamp;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Value,
    sea_query::{
        Expr, ExprTrait as _, Func, IntoCondition, LockType, NullOrdering, Order as Direction, Query, SelectStatement,
        SimpleExpr,
    },
};
use uuid::Uuid;

use crate::{error::StoreError, insert::Row};

/// A column that knows its table, so that a condition on it does.
pub trait InTable: ColumnTrait {
    /// The table.
    type Table: EntityTrait<Column = Self>;
}

/// A table whose rows have an id.
pub trait Keyed: EntityTrait<Column: InTable<Table = Self>> {
    /// The column of the id.
    const ID: Self::Column;

    /// A row's id.
    fn id(row: &Self::Model) -> Uuid;
}

/// One condition on the rows of `E`.
pub struct Filter<E>(Condition, PhantomData<E>);

impl<E> Clone for Filter<E> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<E> fmt::Debug for Filter<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<E: EntityTrait> Filter<E> {
    /// Any condition.
    pub(crate) fn new(condition: impl IntoCondition) -> Self {
        Self(condition.into_condition(), PhantomData)
    }

    /// The condition, for queries that are not lists.
    pub(crate) fn condition(&self) -> Condition {
        self.0.clone()
    }

    /// Exactly this value.
    pub fn equals(column: impl InTable<Table = E>, value: impl Into<Value>) -> Self {
        Self::new(column.eq(value))
    }

    /// Anything but this value.
    pub fn differs(column: impl InTable<Table = E>, value: impl Into<Value>) -> Self {
        Self::new(column.ne(value))
    }

    /// One of these values.
    pub fn any_of<V: Into<Value>>(column: impl InTable<Table = E>, values: impl IntoIterator<Item = V>) -> Self {
        Self::new(column.is_in(values))
    }

    /// The text somewhere within, in any case.
    pub fn contains(column: impl InTable<Table = E>, text: &str) -> Self {
        Self::new(contains((E::default(), column), text))
    }

    /// This value or a greater one.
    pub fn from(column: impl InTable<Table = E>, value: impl Into<Value>) -> Self {
        Self::new(column.gte(value))
    }

    /// This value or a smaller one.
    pub fn to(column: impl InTable<Table = E>, value: impl Into<Value>) -> Self {
        Self::new(column.lte(value))
    }

    /// There, or not there.
    pub fn is_set(column: impl InTable<Table = E>, wanted: bool) -> Self {
        Self::new(if wanted { column.is_not_null() } else { column.is_null() })
    }

    /// A value that the other query finds.
    pub(crate) fn among(column: impl InTable<Table = E>, query: SelectStatement) -> Self {
        Self::new(column.in_subquery(query))
    }

    /// At least one of these.
    pub fn either(filters: impl IntoIterator<Item = Self>) -> Self {
        Self(filters.into_iter().fold(Condition::any(), |any, filter| any.add(filter.0)), PhantomData)
    }

    /// All of these.
    pub fn both(filters: impl IntoIterator<Item = Self>) -> Self {
        Self(filters.into_iter().fold(Condition::all(), |all, filter| all.add(filter.0)), PhantomData)
    }

    /// Not this.
    #[must_use]
    pub fn negated(self) -> Self {
        Self(self.0.not(), PhantomData)
    }

    /// No row at all.
    #[must_use]
    pub fn nothing() -> Self {
        Self::new(Expr::cust("1 = 0"))
    }
}

/// Whether a text is somewhere in a column, without regard to case: taking it out changes the column. `LIKE` differs
/// between the databases. Both sides are lowered by the database itself: SQLite knows only ASCII letters.
pub(crate) fn contains(column: impl sea_orm::sea_query::IntoColumnRef, text: &str) -> SimpleExpr {
    let lowered = SimpleExpr::from(Func::lower(Expr::col(column)));
    let without = Func::cust("REPLACE").args([lowered.clone(), Func::lower(Expr::val(text)).into(), Expr::val("")]);
    lowered.ne(without)
}

/// What to sort by.
#[derive(Debug, Clone)]
pub struct Key {
    by: SimpleExpr,
    descending: bool,
}

impl Key {
    /// A column.
    pub fn column<C: ColumnTrait>(column: C, descending: bool) -> Self {
        Self { by: Expr::col((C::EntityName::default(), column)), descending }
    }

    /// A column of the row of another table that this one's `link` leads to.
    pub fn of_other<O: InTable, L: InTable>(column: O, id: O, link: L, descending: bool) -> Self {
        let of = |column: O| Expr::col((<O::Table as Default>::default(), column));
        let mut query = Query::select();
        query
            .expr(of(column))
            .from(<O::Table as Default>::default())
            .and_where(of(id).equals((<L::Table as Default>::default(), link)));
        Self { by: SimpleExpr::SubQuery(None, Box::new(query.into())), descending }
    }
}

fn narrowed<E: EntityTrait>(filters: &[Filter<E>]) -> sea_orm::Select<E> {
    filters.iter().fold(E::find(), |query, filter| query.filter(filter.0.clone()))
}

/// One page, in order. Ties are broken by id, so that no row stands on two pages.
///
/// # Errors
/// The database failed.
pub async fn page<E: Keyed>(
    conn: &impl ConnectionTrait,
    filters: &[Filter<E>],
    keys: &[Key],
    offset: u64,
    limit: u64,
) -> Result<Vec<E::Model>, StoreError> {
    let mut query = narrowed(filters);
    for key in keys {
        // Where PostgreSQL puts NULLs by default: last ascending, first descending.
        let (direction, nulls) = match key.descending {
            true => (Direction::Desc, NullOrdering::First),
            false => (Direction::Asc, NullOrdering::Last),
        };
        query = query.order_by_with_nulls(key.by.clone(), direction, nulls);
    }
    Ok(query.order_by_asc(E::ID).offset(offset).limit(limit).all(conn).await?)
}

/// Every row that the filters leave, in order.
///
/// # Errors
/// The database failed.
pub async fn all<E: Keyed>(
    conn: &impl ConnectionTrait,
    filters: &[Filter<E>],
    keys: &[Key],
) -> Result<Vec<E::Model>, StoreError> {
    page(conn, filters, keys, 0, i64::MAX.unsigned_abs()).await
}

/// The first row that the filters leave.
///
/// # Errors
/// The database failed.
pub async fn first<E: Keyed>(
    conn: &impl ConnectionTrait,
    filters: &[Filter<E>],
) -> Result<Option<E::Model>, StoreError> {
    Ok(page(conn, filters, &[], 0, 1).await?.pop())
}

#[derive(FromQueryResult)]
struct CountRow {
    total: i64,
}

/// How many rows the filters leave.
///
/// # Errors
/// The database failed.
pub async fn count<E: EntityTrait>(conn: &impl ConnectionTrait, filters: &[Filter<E>]) -> Result<u64, StoreError> {
    let query = narrowed(filters).select_only().expr_as(Expr::cust("COUNT(*)"), "total");
    let row = query.into_model::<CountRow>().one(conn).await?;
    Ok(row.map_or(0, |row| row.total.unsigned_abs()))
}

/// A row by its id.
///
/// # Errors
/// The database failed.
pub async fn find<E: Keyed>(conn: &impl ConnectionTrait, id: impl Into<Uuid>) -> Result<Option<E::Model>, StoreError> {
    Ok(E::find().filter(E::ID.eq(id.into())).one(conn).await?)
}

/// The first row that the filters leave, held until the end of the transaction.
///
/// # Errors
/// The database failed.
pub async fn lock<E: Keyed>(
    conn: &impl ConnectionTrait,
    filters: &[Filter<E>],
) -> Result<Option<E::Model>, StoreError> {
    Ok(narrowed(filters).lock_exclusive().one(conn).await?)
}

/// The same, but rows that refer to it can be added meanwhile: for a row whose id stays.
///
/// # Errors
/// The database failed.
pub async fn lock_content<E: Keyed>(
    conn: &impl ConnectionTrait,
    filters: &[Filter<E>],
) -> Result<Option<E::Model>, StoreError> {
    Ok(narrowed(filters).lock(LockType::NoKeyUpdate).one(conn).await?)
}

/// The rows with these ids, by id.
///
/// # Errors
/// The database failed.
pub async fn by_ids<E: Keyed, I: Copy + Eq + Hash + Into<Uuid> + From<Uuid>>(
    conn: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = I>,
) -> Result<HashMap<I, E::Model>, StoreError> {
    let mut wanted: Vec<Uuid> = ids.into_iter().map(Into::into).collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = E::find().filter(E::ID.is_in(wanted)).all(conn).await?;
    Ok(rows.into_iter().map(|row| (I::from(E::id(&row)), row)).collect())
}

#[derive(FromQueryResult)]
pub(crate) struct GroupRow {
    pub key: Uuid,
    pub total: i64,
}

/// How many rows there are for each of these values of a column that holds ids; values without rows are left out.
///
/// # Errors
/// The database failed.
pub async fn counts<E: EntityTrait, I: Copy + Eq + Hash + Into<Uuid> + From<Uuid>>(
    conn: &impl ConnectionTrait,
    column: impl InTable<Table = E>,
    values: impl IntoIterator<Item = I>,
    filters: &[Filter<E>],
) -> Result<HashMap<I, u64>, StoreError> {
    let values: Vec<Uuid> = values.into_iter().map(Into::into).collect();
    if values.is_empty() {
        return Ok(HashMap::new());
    }
    let query = narrowed(filters).filter(column.is_in(values)).select_only();
    let query = query.expr_as(column.into_expr(), "key").expr_as(Expr::cust("COUNT(*)"), "total").group_by(column);
    let rows = query.into_model::<GroupRow>().all(conn).await?;
    Ok(rows.into_iter().map(|row| (I::from(row.key), row.total.unsigned_abs())).collect())
}

/// Writes every column of a row that is there.
///
/// # Errors
/// [`StoreError::Duplicate`] when a unique constraint refuses it, or the database failed.
pub async fn replace<M: Row>(conn: &impl ConnectionTrait, row: M) -> Result<(), StoreError>
where
    M::Entity: Keyed<Model = M>,
{
    let id = <M::Entity as Keyed>::id(&row);
    let query = M::Entity::update_many().set(row.into_active_model().reset_all());
    query.filter(<M::Entity as Keyed>::ID.eq(id)).exec(conn).await?;
    Ok(())
}

/// Deletes the rows that the filters leave; returns how many there were. Without filters nothing is deleted.
///
/// # Errors
/// A row is in use, or the database failed.
pub async fn delete<E: EntityTrait>(conn: &impl ConnectionTrait, filters: &[Filter<E>]) -> Result<u64, StoreError> {
    if filters.is_empty() {
        return Ok(0);
    }
    let query = filters.iter().fold(E::delete_many(), |query, filter| query.filter(filter.0.clone()));
    Ok(query.exec(conn).await?.rows_affected)
}

/// Moments as filters take them.
pub type Moment = Timestamp;

/// The row of an entity.
pub type ModelOf<E> = <E as EntityTrait>::Model;

/// A statement for the values of one column, for [`Filter::among`].
pub(crate) fn values_of<C: InTable>(column: C, filters: &[Filter<C::Table>]) -> SelectStatement {
    use sea_orm::QueryTrait as _;
    narrowed(filters).select_only().column(column).into_query()
}
