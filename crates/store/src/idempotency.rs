//! Stored answers of requests with an idempotency key.

use mercat_domain::{id::UserId, time::Timestamp};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbBackend, EntityTrait as _, QueryFilter as _, Statement};

use crate::{
    entity::idempotency_key::{Column, Entity, Model},
    error::StoreError,
};

/// How often a key is asked for: one whose request was refused is free when that transaction is rolled back, which happens
/// a moment after the refusal was answered.
const TRIES: usize = 5;
/// What lies between.
const PAUSE: &str = "SELECT pg_sleep(0.02)";

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
    for _ in 1..TRIES {
        if is_free(conn, statement.clone()).await? {
            return Ok(true);
        }
        conn.execute_unprepared(PAUSE).await?;
    }
    is_free(conn, statement).await
}

async fn is_free(conn: &impl ConnectionTrait, statement: Statement) -> Result<bool, StoreError> {
    let row = conn.query_one_raw(statement).await?;
    Ok(row.map(|row| row.try_get("", "free")).transpose()?.unwrap_or(false))
}

/// Forgets answers from before `time`.
///
/// # Errors
/// The database failed.
pub async fn forget_before(conn: &impl ConnectionTrait, time: Timestamp) -> Result<u64, StoreError> {
    Ok(Entity::delete_many().filter(Column::Created.lt(time)).exec(conn).await?.rows_affected)
}
