//! Stored answers of requests with an idempotency key.

use mercat_domain::{id::UserId, time::Timestamp};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbBackend, EntityTrait as _, QueryFilter as _, Statement};

use crate::{
    entity::idempotency_key::{Column, Entity, Model},
    error::StoreError,
};

/// The stored answer for a user's key.
///
/// # Errors
/// The database failed.
pub async fn find(conn: &impl ConnectionTrait, user: UserId, key: &str) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id((user, key.to_owned())).one(conn).await?)
}

/// Reserves a key between processes until the transaction ends. `false`: a request with it is running.
///
/// Within one process, and so on SQLite, the caller keeps the list of running keys.
///
/// # Errors
/// The database failed.
pub async fn reserve(conn: &impl ConnectionTrait, user: UserId, key: &str) -> Result<bool, StoreError> {
    if conn.get_database_backend() != DbBackend::Postgres {
        return Ok(true);
    }
    let sql = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS free";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [format!("{user} {key}").into()]);
    match conn.query_one_raw(statement).await? {
        Some(row) => Ok(row.try_get("", "free")?),
        None => Ok(false),
    }
}

/// Forgets answers from before `time`.
///
/// # Errors
/// The database failed.
pub async fn forget_before(conn: &impl ConnectionTrait, time: Timestamp) -> Result<u64, StoreError> {
    Ok(Entity::delete_many().filter(Column::Created.lt(time)).exec(conn).await?.rows_affected)
}
